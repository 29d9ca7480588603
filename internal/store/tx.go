package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The actors that are not API keys. A key's actor is "key:ID".
const (
	ActorSystem = "system" // the program itself, for example when a hire's first day comes
	ActorCLI    = "cli"
	ActorDemo   = "demo"
)

// Cause says who makes a change and on what occasion, for the change log.
// Neither may hold personal data: they outlive an erasure.
type Cause struct {
	Actor string
	Cause string
}

// Reader reads in one snapshot. It is valid inside the function that
// [DB.Read] or [DB.Write] runs, for one goroutine.
type Reader struct {
	db       *DB
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
	writes   bool     // it belongs to a transaction that writes
	unkept   []string // texts to be kept prepared from now on

	packsAgree bool // writes, and has not changed what is in the packs that it reads
}

// Tx is a [Reader] that also writes.
type Tx struct {
	Reader
	cause   Cause
	at      time.Time
	changes []*change
	byKey   map[subjectKey]*change
	stale   stale

	unassessed unassessed
	asOf       *time.Time                             // when checks are decided; nil: at
	assessing  bool                                   // what changes is the answers, not the facts
	marked     bool                                   // people were marked for a later assessment
	assessed   map[workforce.PersonnelID]*PersonFacts // as the transaction leaves them
}

// Read runs f in one read snapshot.
func (db *DB) Read(ctx context.Context, f func(*Reader) error) error {
	r := &Reader{db: db}
	if err := r.read(ctx, f); err != nil {
		return err
	}
	db.keepAll(ctx, r.unkept)
	return nil
}

// keepAll prepares texts for the next who run them. Where it fails, they will
// try again.
func (db *DB) keepAll(ctx context.Context, texts []string) {
	for _, text := range texts {
		if _, err := db.keep(ctx, text); err != nil { //nolint:sqlclosecheck // it is kept
			return
		}
	}
}

func (r *Reader) read(ctx context.Context, f func(*Reader) error) error {
	tx, err := r.db.reader.BeginTx(ctx, r.db.dialect.readOnly)
	if err != nil {
		return fmt.Errorf("beginning to read: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	r.tx = tx
	return f(r)
}

// maxTries bounds how often a write that lost against another is run again.
const maxTries = 10

// Write runs f in one transaction and commits it with the log rows of its
// changes; if f fails, nothing has happened. f may be run more than once and
// must therefore not keep what it saw in an earlier run.
func (db *DB) Write(ctx context.Context, cause Cause, f func(*Tx) error) error {
	for try := 1; ; try++ {
		err := db.writeOnce(ctx, cause, f)
		if err == nil || try == maxTries || !db.dialect.retryable(err) {
			return err
		}
	}
}

func (db *DB) writeOnce(ctx context.Context, cause Cause, f func(*Tx) error) error {
	sqlTx, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer sqlTx.Rollback() //nolint:errcheck // after a commit it does nothing
	tx := &Tx{
		Reader: Reader{db: db, tx: sqlTx, writes: true},
		cause:  cause,
		at:     db.Now(),
		byKey:  map[subjectKey]*change{},
		stale:  newStale(),

		unassessed: newUnassessed(),
	}
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Assess(ctx); err != nil {
		return err
	}
	if err := tx.renewPacks(ctx); err != nil {
		return err
	}
	if err := tx.appendLog(ctx); err != nil {
		return fmt.Errorf("writing the change log: %w", err)
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	if tx.marked {
		db.tellDue()
	}
	return nil
}

// begin begins to write.
func (db *DB) begin(ctx context.Context) (*sql.Tx, error) {
	var tx *sql.Tx
	err := db.patiently(ctx, func() (err error) {
		tx, err = db.writer.BeginTx(ctx, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("beginning to write: %w", err)
	}
	return tx, nil
}

// Now is the instant of the transaction: one for all of its changes.
func (tx *Tx) Now() time.Time { return tx.at }

// Actor is who makes the changes of the transaction, as in the change log.
func (tx *Tx) Actor() string { return tx.cause.Actor }

// stmt gives the prepared statement of a text, where keeping it pays.
func (r *Reader) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := r.prepared[text]; ok {
		return s, nil
	}
	s, err := r.tx.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if r.prepared == nil {
		r.prepared = map[string]*sql.Stmt{}
	}
	r.prepared[text] = s
	return s, nil
}

func (r *Reader) exec(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if !r.db.dialect.onePrepare {
		return r.tx.ExecContext(ctx, text, args...)
	}
	s, err := r.stmt(ctx, text) //nolint:sqlclosecheck // it is kept for the next of its kind, and closed with the transaction
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (r *Reader) row(ctx context.Context, text string, args ...any) *sql.Row {
	return r.tx.QueryRowContext(ctx, text, args...)
}

// each runs a query and calls scan for every row.
func (r *Reader) each(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	rows, err := r.tx.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	return scanAll(rows, scan)
}

// eachKept is each for one of a few texts that are run often: SQLite keeps them
// prepared. (PostgreSQL's driver does so by itself.)
func (r *Reader) eachKept(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	if r.writes || !r.db.dialect.onePrepare {
		return r.each(ctx, scan, text, args...)
	}
	s, ok := r.db.kept.Load(text)
	if !ok {
		r.unkept = append(r.unkept, text)
		return r.each(ctx, scan, text, args...)
	}
	stmt := r.tx.StmtContext(ctx, s.(*sql.Stmt)) //nolint:forcetypeassert,sqlclosecheck // nothing else is kept; it is closed with the transaction
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return scanAll(rows, scan)
}

// eachKept is [Reader.eachKept] where one statement is the whole snapshot.
func (db *DB) eachKept(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	var rows *sql.Rows
	var err error
	if db.dialect.onePrepare {
		var s *sql.Stmt
		if s, err = db.keep(ctx, text); err == nil { //nolint:sqlclosecheck // it is kept
			rows, err = s.QueryContext(ctx, args...)
		}
	} else {
		rows, err = db.reader.QueryContext(ctx, text, args...)
	}
	if err != nil {
		return err
	}
	return scanAll(rows, scan)
}

// keep gives a text prepared for the readers. Each connection prepares it when
// it first needs it, and keeps it. It takes a connection: whoever holds one
// must not call it, or all of them may wait for another.
func (db *DB) keep(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := db.kept.Load(text); ok {
		return s.(*sql.Stmt), nil //nolint:forcetypeassert // nothing else is kept
	}
	s, err := db.reader.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if first, ok := db.kept.LoadOrStore(text, s); ok {
		s.Close()                     //nolint:sqlclosecheck // somebody else was faster
		return first.(*sql.Stmt), nil //nolint:forcetypeassert // nothing else is kept
	}
	return s, nil
}

func scanAll(rows *sql.Rows, scan func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// insert adds rows to a table, many with one statement. Each row has one value
// per column. How many rows a statement takes is a power of two, so that few
// texts are prepared.
func (tx *Tx) insert(ctx context.Context, table string, columns []string, rows [][]any) error {
	return tx.insertThen(ctx, table, columns, rows, "")
}

// insertThen is insert with what follows the values, such as ON CONFLICT.
func (tx *Tx) insertThen(ctx context.Context, table string, columns []string, rows [][]any, then string) error {
	most := tx.db.dialect.maxRows
	for most*len(columns) > tx.db.dialect.maxParams {
		most /= 2
	}
	for len(rows) > 0 {
		n := most
		for n > len(rows) {
			n /= 2
		}
		args := make([]any, 0, n*len(columns))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := tx.exec(ctx, tx.db.dialect.insertText(table, columns, n)+then, args...); err != nil {
			return fmt.Errorf("inserting into %s: %w", table, tx.duplicateFault(table, err))
		}
		rows = rows[n:]
	}
	return nil
}

// insertText is the statement that inserts so many rows.
func (d dialect) insertText(table string, columns []string, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	n := 0
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for j := range columns {
			if j > 0 {
				b.WriteString(", ")
			}
			n++
			if d.anonymous {
				b.WriteByte('?')
				continue
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// duplicateFault turns the refusal of a unique index into a fault.
func (tx *Tx) duplicateFault(table string, err error) error {
	if !tx.db.dialect.duplicate(err) {
		return err
	}
	return &workforce.Fault{
		Reason:  workforce.ReasonDuplicate,
		Message: "a record with the same key exists already in " + table,
		Err:     err,
	}
}

// nextIDs takes n numbers of a kind of record and gives the first.
func (tx *Tx) nextIDs(ctx context.Context, name string, n int) (int64, error) {
	var next int64
	err := tx.row(ctx, `INSERT INTO counters (name, next) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET next = counters.next + excluded.next - 1
		RETURNING next`, name, int64(n)+1).Scan(&next)
	if err != nil {
		return 0, fmt.Errorf("taking numbers of %s: %w", name, err)
	}
	return next - int64(n), nil
}

// inList gives "$from, $from+1, …" for the ids, filled up to a power of two
// with the last one so that few texts are prepared, and the arguments.
func inList[T ~int64](from int, ids []T) (string, []any) {
	size := 1
	for size < len(ids) {
		size *= 2
	}
	args := make([]any, size)
	var b strings.Builder
	for i := range size {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
		args[i] = int64(ids[min(i, len(ids)-1)])
	}
	return b.String(), args
}

// inChunk is how many ids one statement takes.
const inChunk = 1024

// inChunks calls f with the ids in pieces that fit one statement.
func inChunks[T any](ids []T, f func([]T) error) error {
	for len(ids) > 0 {
		n := min(len(ids), inChunk)
		if err := f(ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// none reports whether a row was looked for and not found.
func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }
