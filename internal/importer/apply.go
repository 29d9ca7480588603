package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// DefaultSource is the alias of the connection that people files belong to
// when nobody says.
const DefaultSource = "import"

// ApplyOptions says how what was read is applied.
type ApplyOptions struct {
	// Source is the alias of the connection of type FILE that a people file
	// belongs to; "" is [DefaultSource]. Two files with one source speak about
	// the same people by the same ids. Accounts do not use it: each row names
	// its own connection.
	Source string
	// SkipBad applies the rows that are right when others are not. Without it
	// one bad row keeps the whole file out.
	SkipBad bool
	// DryRun finds out what would happen and then undoes it.
	DryRun bool
	// Complete says that a devices file lists every device of the sources in
	// it: those in use that it does not list are marked as no longer in use. A
	// file with bad rows is refused then, because what they meant would be taken
	// for missing. Other imports do not use it.
	Complete bool
	// Progress, if given, is told how many rows are done.
	Progress func(done, total int)
}

// Report is what an import did, or would do.
type Report struct {
	DryRun    bool   `json:"dryRun"`
	Source    string `json:"source,omitempty"` // the people file's connection
	Created   int    `json:"created"`
	Updated   int    `json:"updated"`
	Unchanged int    `json:"unchanged"`
	Removed   int    `json:"removed"` // devices that are no longer in use, see [ApplyOptions].Complete
	Skipped   int    `json:"skipped"` // rows with a problem

	Problems []Problem `json:"problems"` // of parsing and of applying, by line
	Notes    []Note    `json:"notes"`    // what is right but may surprise, by line
}

// Note says something about a row that was applied.
type Note struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

func (r *Report) note(line int, reason string) {
	r.Notes = append(r.Notes, Note{Line: line, Reason: reason})
}

// errUndo ends a transaction that must leave nothing behind.
var errUndo = errors.New("the import is undone")

// job is one run of an import inside its transaction.
type job struct {
	tx      *store.Tx
	who     auth.Principal
	today   workforce.Date
	report  *Report
	skipped map[int]bool                 // lines with a problem
	users   map[string]*workforce.UserID // by folded e-mail; nil: nobody
	done    int
	total   int
	tell    func(done, total int)
}

// apply runs f in one transaction: a file is applied as a whole or not at all.
// Unless SkipBad is set, a problem of any row, found by parsing or by f, ends
// in a refusal; the report then has the problems of all rows.
func apply[T any](ctx context.Context, db *store.DB, parsed *Parsed[T], opts ApplyOptions, what string, f func(*job) error) (Report, error) {
	var report Report
	who, err := auth.Require(ctx, workforce.ScopeAll, workforce.Writes)
	if err != nil {
		return report, err
	}
	err = db.Write(ctx, store.Cause{Actor: who.Actor, Cause: "import " + what}, func(tx *store.Tx) error {
		// The transaction may be run again: nothing of an earlier run may stay.
		report = Report{DryRun: opts.DryRun, Problems: slices.Clone(parsed.Problems)}
		// Imports wait for each other here, so that two of them cannot make
		// one connection, group or person twice.
		company, err := tx.LockCompany(ctx)
		if err != nil {
			return err
		}
		j := &job{
			tx: tx, who: who, today: company.Today(tx.Now()), report: &report,
			skipped: map[int]bool{}, users: map[string]*workforce.UserID{}, total: len(parsed.Rows), tell: opts.Progress,
		}
		if err := f(j); err != nil {
			return err
		}
		report.Skipped = parsed.Bad() + len(j.skipped)
		if opts.DryRun || report.Skipped > 0 && !opts.SkipBad {
			return errUndo
		}
		return nil
	})
	report.finish()
	switch {
	case err != nil && !errors.Is(err, errUndo):
		return Report{}, fmt.Errorf("importing %s: %w", what, err)
	case report.Skipped > 0 && !opts.SkipBad:
		return report, workforce.Refuse(workforce.ReasonBadRequest,
			"%d of %d rows have problems, and nothing was applied; correct them, or apply the others with --skip-bad", report.Skipped, parsed.Total)
	}
	return report, nil
}

func (r *Report) finish() {
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return a.Line - b.Line })
	slices.SortStableFunc(r.Notes, func(a, b Note) int { return a.Line - b.Line })
	if r.Problems == nil {
		r.Problems = []Problem{} // lists are lists in JSON, also when empty
	}
	if r.Notes == nil {
		r.Notes = []Note{}
	}
}

// problem reports a row that cannot be applied.
func (j *job) problem(line int, field, value, reason string) {
	j.skipped[line] = true
	j.report.Problems = append(j.report.Problems, Problem{Line: line, Field: field, Value: clip(value), Reason: reason})
}

// progress counts rows as done.
func (j *job) progress(rows int) {
	j.done += rows
	if j.tell != nil {
		j.tell(j.done, j.total)
	}
}

// userBy finds who has an e-mail address; nil: nobody.
func (j *job) userBy(ctx context.Context, email string) (*workforce.UserID, error) {
	key := workforce.Fold(email)
	if user, ok := j.users[key]; ok {
		return user, nil
	}
	id, found, err := j.tx.UserIDByEmail(ctx, email)
	if err != nil {
		return nil, err
	}
	var user *workforce.UserID
	if found {
		user = &id
	}
	j.users[key] = user
	return user, nil
}

// connectionNamed finds the connection of the type by its alias, which
// compares folded, or makes it. It reports whether it is new.
func (j *job) connectionNamed(ctx context.Context, all []workforce.Connection, t workforce.ClientType, alias string) (workforce.Connection, bool, error) {
	for _, c := range all {
		if c.ClientType == t && c.DeletedAt == nil && c.ClientAlias != nil && workforce.Fold(*c.ClientAlias) == workforce.Fold(alias) {
			return c, false, nil
		}
	}
	now := j.tx.Now()
	made := []workforce.Connection{{
		ClientType: t, State: workforce.ConnectionActive, ConnectedAt: &now, UserID: j.who.OwnerID,
		ClientAlias: &alias, AliasUpdatedAt: &now, CreatedAt: now, UpdatedAt: now,
	}}
	if err := j.tx.CreateConnections(ctx, made); err != nil {
		return workforce.Connection{}, false, err
	}
	return made[0], true, nil
}

// sourceAlias is the alias as it is kept.
func sourceAlias(s string) (string, error) {
	s = trim(s)
	if s == "" {
		return DefaultSource, nil
	}
	if len([]rune(s)) > nameMost || strings.ContainsFunc(s, isControl) {
		return "", workforce.RefuseField("source", "the name of a source has at most %d characters, all of them printable", nameMost)
	}
	return s, nil
}

// chunkSize is how many people are read or added with one set of queries.
const chunkSize = 500
