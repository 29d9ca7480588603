package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Subject names what a change is about.
type Subject string

// The subjects of changes.
const (
	SubjectCompany        Subject = "company"
	SubjectUser           Subject = "user" // with what belongs to it: roles, identities, background checks, documents, trainings, acknowledgements, source records
	SubjectPersonnel      Subject = "personnel"
	SubjectDevice         Subject = "device"
	SubjectGroup          Subject = "group"
	SubjectWorkspace      Subject = "workspace"
	SubjectConnection     Subject = "connection"
	SubjectInfrastructure Subject = "infrastructure_account"
	SubjectVersionControl Subject = "version_control_account"
	SubjectKey            Subject = "api_key"
	SubjectPolicy         Subject = "policy"
	SubjectExclusion      Subject = "exclusion"
	SubjectRules          Subject = "rules"       // number 1
	SubjectDeviceApps     Subject = "device_apps" // numbered as the device
)

// AllSubjects is every subject.
var AllSubjects = []Subject{
	SubjectCompany, SubjectUser, SubjectPersonnel, SubjectDevice, SubjectGroup, SubjectWorkspace,
	SubjectConnection, SubjectInfrastructure, SubjectVersionControl, SubjectKey,
	SubjectPolicy, SubjectExclusion, SubjectRules, SubjectDeviceApps,
}

// accountSubject is the subject of an account's changes.
func accountSubject(k workforce.AccountKind) Subject {
	if k == workforce.Infrastructure {
		return SubjectInfrastructure
	}
	return SubjectVersionControl
}

// Change is a row of the change log.
type Change struct {
	Seq       int64
	At        time.Time
	Actor     string
	Cause     string
	Kind      string // what happened, for example "personnel.status_set"
	Subject   Subject
	SubjectID int64
	Before    json.RawMessage // nil: there was nothing before, or erased
	After     json.RawMessage // nil: there is nothing after, or erased
	Erased    bool            // the payload was erased on request
}

// change is a change that a transaction has made and not yet logged.
type change struct {
	kind   string
	key    subjectKey
	before any
	after  any
	people []workforce.UserID // whose personal data before and after hold
	sealed *logEntry          // before and after encoded; nil: not yet, or not any more

	touched bool // whom it touches beside its people was marked
}

type subjectKey struct {
	subject Subject
	id      int64
}

// record notes a change for the log. A second change of the same subject in
// the transaction joins the first: its before stays, its after is replaced.
func (tx *Tx) record(kind string, subject Subject, id int64, before, after any, people ...workforce.UserID) {
	key := subjectKey{subject, id}
	tx.stale.note(key, people)
	if !tx.assessing {
		tx.unassessed.note(key, people)
	}
	if c, ok := tx.byKey[key]; ok {
		c.after, c.sealed, c.touched = after, nil, false
		c.people = append(c.people, people...)
		return
	}
	c := &change{kind: kind, key: key, before: before, after: after, people: people}
	tx.byKey[key] = c
	tx.changes = append(tx.changes, c)
}

// appendLog writes the rows of the transaction's changes. It locks the head
// last of all rows, so that writers wait for each other only here, and takes
// the numbers from the table, because other processes write too.
func (tx *Tx) appendLog(ctx context.Context) error {
	if len(tx.changes) == 0 {
		return nil
	}
	entries, err := tx.sealAll()
	if err != nil || len(entries) == 0 {
		return err
	}
	var seq int64
	var head []byte
	if err := tx.row(ctx, `SELECT seq, hash FROM log_head WHERE id = 1`+tx.db.dialect.forUpdate).Scan(&seq, &head); err != nil {
		return fmt.Errorf("reading the head: %w", err)
	}
	changes := make([][]any, len(entries))
	payloads := make([][]any, len(entries))
	var people [][]any
	for i := range entries {
		e, c := entries[i], entries[i].change
		seq++
		head = chain(head, seq, tx.at, tx.cause, c.kind, c.key, e.digest)
		changes[i] = []any{seq, ms(tx.at), tx.cause.Actor, tx.cause.Cause, c.kind, string(c.key.subject), c.key.id, e.digest, head}
		payloads[i] = []any{seq, e.salt, e.text(e.before), e.text(e.after)}
		seen := map[workforce.UserID]bool{}
		for _, id := range c.people {
			if id != 0 && !seen[id] {
				seen[id] = true
				people = append(people, []any{int64(id), seq})
			}
		}
	}
	if err := tx.insert(ctx, "changes", changeColumns, changes); err != nil {
		return err
	}
	if err := tx.insert(ctx, "change_payloads", []string{"seq", "salt", "before", "after"}, payloads); err != nil {
		return err
	}
	if err := tx.insert(ctx, "change_people", []string{"user_id", "seq"}, people); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE log_head SET seq = $1, hash = $2 WHERE id = 1`, seq, head)
	return err
}

var changeColumns = []string{"seq", "at", "actor", "cause", "kind", "subject", "subject_id", "digest", "hash"}

// logEntry is the payload of a change, salted and digested.
type logEntry struct {
	change        *change
	salt          []byte
	before, after []byte // JSON; nil: nothing
	digest        []byte
	err           error // it cannot be encoded
}

// sealAhead encodes the changes so far while the database is busy with their
// rows: of a large write that is most of the work which is ours. The function
// that it gives waits for the end, and must be called before the transaction
// notes another change.
func (tx *Tx) sealAhead() (wait func()) {
	changes := slices.Clone(tx.changes)
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, c := range changes {
			if c.sealed == nil {
				c.sealed = seal(c)
			}
		}
	})
	return wg.Wait
}

// sealAll gives the entries of the transaction's changes. What was put back
// within the transaction has not changed.
func (tx *Tx) sealAll() ([]*logEntry, error) {
	entries := make([]*logEntry, 0, len(tx.changes))
	for _, c := range tx.changes {
		if c.sealed == nil {
			c.sealed = seal(c)
		}
		if c.sealed.err != nil {
			return nil, fmt.Errorf("%s %d: %w", c.key.subject, c.key.id, c.sealed.err)
		}
		if c.sealed.before == nil || !bytes.Equal(c.sealed.before, c.sealed.after) {
			entries = append(entries, c.sealed)
		}
	}
	return entries, nil
}

// seal encodes, salts and digests a change.
func seal(c *change) *logEntry {
	e := &logEntry{change: c, salt: make([]byte, 16)}
	if c.before != nil {
		e.before, e.err = json.Marshal(c.before)
	}
	if c.after != nil && e.err == nil {
		e.after, e.err = json.Marshal(c.after)
	}
	rand.Read(e.salt) // it never fails: the program is stopped instead
	e.digest = digest(e.salt, e.before, e.after)
	return e
}

func (e *logEntry) text(b []byte) any {
	if b == nil {
		return nil
	}
	return string(b)
}

// digest is the salted digest of a payload: HMAC-SHA256 under the salt over
// both parts, each with a length (absent is not empty).
func digest(salt, before, after []byte) []byte {
	h := hmac.New(sha256.New, salt)
	for _, part := range [][]byte{before, after} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		if part == nil {
			binary.BigEndian.PutUint64(n[:], 1<<63)
		}
		h.Write(n[:])
		h.Write(part)
	}
	return h.Sum(nil)
}

// chain is the hash of a row: SHA-256 over the previous row's hash and every
// column of this one, each with its length.
func chain(prev []byte, seq int64, at time.Time, cause Cause, kind string, key subjectKey, digest []byte) []byte {
	h := sha256.New()
	var n [8]byte
	number := func(v int64) {
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	text := func(s string) {
		number(int64(len(s)))
		h.Write([]byte(s))
	}
	h.Write(prev)
	number(seq)
	number(at.UnixMilli())
	text(cause.Actor)
	text(cause.Cause)
	text(kind)
	text(string(key.subject))
	number(key.id)
	h.Write(digest)
	return h.Sum(nil)
}

// Changes gives up to limit changes after a seq, oldest first.
func (r *Reader) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	return r.changes(ctx, `WHERE c.seq > $1 ORDER BY c.seq LIMIT $2`, after, limit)
}

// SubjectChanges gives every change of one subject, oldest first.
func (r *Reader) SubjectChanges(ctx context.Context, subject Subject, id int64) ([]Change, error) {
	return r.changes(ctx, `WHERE c.subject = $1 AND c.subject_id = $2 ORDER BY c.seq`, string(subject), id)
}
