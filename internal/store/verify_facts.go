package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/passmuster/passmuster/internal/workforce"
)

// logRows reads rows of the log after a seq, oldest first.
func (r *Reader) logRows(ctx context.Context, after int64, limit int) ([]logRow, error) {
	return r.logRowsWhere(ctx, `c.seq > $1 ORDER BY c.seq LIMIT $2`, after, limit)
}

func (r *Reader) logRowsWhere(ctx context.Context, where string, args ...any) ([]logRow, error) {
	var out []logRow
	err := r.each(ctx, func(rows *sql.Rows) error {
		var row logRow
		var payload *int64
		var before, after *string
		err := rows.Scan(&row.Seq, scanTime{&row.At}, &row.Actor, &row.Cause, &row.Kind, &row.Subject, &row.SubjectID,
			&row.digest, &row.hash, &payload, &row.salt, &before, &after)
		row.Erased = payload == nil
		if before != nil {
			row.before = []byte(*before)
		}
		if after != nil {
			row.after = []byte(*after)
		}
		out = append(out, row)
		return err
	}, `SELECT c.seq, c.at, c.actor, c.cause, c.kind, c.subject, c.subject_id, c.digest, c.hash, p.seq, p.salt, p.before, p.after
		FROM changes c LEFT JOIN change_payloads p ON p.seq = c.seq WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the change log: %w", err)
	}
	return out, nil
}

// factKey names a fact: a subject's own (part is empty) or a part of it.
type factKey struct {
	id   int64
	part string
}

// ledger is what the log says last of some subjects of one kind.
type ledger struct {
	said   map[factKey][]byte // JSON forms
	silent map[int64]bool     // subjects of which a payload was erased: what it said is not known
}

// say notes a fact.
func (l *ledger) say(key factKey, v any) error {
	b, err := json.Marshal(v)
	l.said[key] = b
	return err
}

// agrees tells whether the record says the same as the log. As a rule the two
// are equal byte by byte. A payload that an older version has written may be
// not, and say the same when it is read and written again.
func (l *ledger) agrees(kind *factKind, said, is []byte) bool {
	if bytes.Equal(said, is) {
		return true
	}
	again := &ledger{said: map[factKey][]byte{}}
	err := kind.payload(said, func(part string, v any) error { return again.say(factKey{0, part}, v) })
	return err == nil && kind.isWhole && bytes.Equal(again.said[factKey{}], is)
}

// read notes what a row of the log says. Parts that were there before and are
// not given after are gone.
func (l *ledger) read(kind *factKind, row *logRow) error {
	if row.Erased {
		l.silent[row.SubjectID] = true
		for key := range l.said {
			if key.id == row.SubjectID {
				delete(l.said, key)
			}
		}
		return nil
	}
	if kind.isWhole {
		if row.after != nil {
			l.said[factKey{row.SubjectID, ""}] = row.after
		} else {
			delete(l.said, factKey{row.SubjectID, ""})
		}
		return nil
	}
	if row.before != nil {
		err := kind.payload(row.before, func(part string, _ any) error {
			if part != "" {
				delete(l.said, factKey{row.SubjectID, part})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if row.after == nil {
		return nil
	}
	return kind.payload(row.after, func(part string, v any) error { return l.say(factKey{row.SubjectID, part}, v) })
}

// span is how many subjects are compared at a time: what is held in memory
// does not grow with the company.
const span = 500

// verifyFacts compares every fact with what the log says of it last.
func (r *Reader) verifyFacts(ctx context.Context, v *Verification, progress func(rows int64)) error {
	var read int64
	for i := range factKinds {
		kind := &factKinds[i]
		last := int64(math.MinInt64)
		for {
			first, ok, err := r.nextSubject(ctx, kind, last)
			if err != nil {
				return fmt.Errorf("verifying: looking for the next %s: %w", kind.subject, err)
			}
			if !ok {
				break
			}
			last = first + span - 1
			n, err := r.verifySpan(ctx, v, kind, first, last)
			if err != nil {
				return fmt.Errorf("verifying each %s: %w", kind.subject, err)
			}
			read += n
			progress(read)
		}
	}
	return nil
}

// nextSubject is the lowest number after last that a record or the log has.
func (r *Reader) nextSubject(ctx context.Context, kind *factKind, last int64) (int64, bool, error) {
	var inLog, inRecord *int64
	if err := r.row(ctx, `SELECT MIN(subject_id) FROM changes WHERE subject = $1 AND subject_id > $2`,
		string(kind.subject), last).Scan(&inLog); err != nil {
		return 0, false, err
	}
	if err := r.row(ctx, kind.next, last).Scan(&inRecord); err != nil {
		return 0, false, err
	}
	switch {
	case inLog == nil && inRecord == nil:
		return 0, false, nil
	case inLog == nil || inRecord != nil && *inRecord < *inLog:
		return *inRecord, true, nil
	}
	return *inLog, true, nil
}

// verifySpan compares the subjects of one kind from a number to another and
// gives how many rows of the log there are of them.
func (r *Reader) verifySpan(ctx context.Context, v *Verification, kind *factKind, first, last int64) (int64, error) {
	rows, err := r.logRowsWhere(ctx, `c.subject = $1 AND c.subject_id BETWEEN $2 AND $3 ORDER BY c.seq`, string(kind.subject), first, last)
	if err != nil {
		return 0, err
	}
	l := &ledger{said: map[factKey][]byte{}, silent: map[int64]bool{}}
	unreadable := make([]error, len(rows))
	var reading sync.WaitGroup
	// What the log says is decoded while the record is read.
	reading.Go(func() {
		for i := range rows {
			unreadable[i] = l.read(kind, &rows[i])
		}
	})
	var facts []fact
	err = kind.record(ctx, r, first, last, func(id int64, part string, v any) error {
		b, err := json.Marshal(v)
		facts = append(facts, fact{factKey{id, part}, b})
		return err
	})
	reading.Wait()
	if err != nil {
		return 0, err
	}
	for i, err := range unreadable {
		if err != nil {
			v.problem("change %d: its payload cannot be read: %v", rows[i].Seq, err)
		}
	}
	for _, f := range facts {
		v.count(kind.subject, f.key)
		said, ok := l.said[f.key]
		delete(l.said, f.key)
		switch {
		case ok && !l.agrees(kind, said, f.is):
			v.problem("%s differs from what the change log says of it last", kind.name(f.key))
		case !ok && !l.silent[f.key.id]:
			v.problem("%s is not in the change log", kind.name(f.key))
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(l.said), compareFacts) {
		v.problem("%s is in the change log and not in the record", kind.name(key))
	}
	return int64(len(rows)), nil
}

// fact is a fact of the record, in its JSON form.
type fact struct {
	key factKey
	is  []byte
}

func compareFacts(a, b factKey) int {
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.part, b.part))
}

// count counts a record for the report.
func (v *Verification) count(s Subject, key factKey) {
	if key.part != "" {
		return
	}
	switch s {
	case SubjectPersonnel:
		v.People++
	case SubjectInfrastructure, SubjectVersionControl:
		v.Accounts++
	default:
	}
}

// invariants are what must hold of the record at any time. Each query counts
// the records that break the sentence.
var invariants = []struct{ sentence, query string }{
	{"every user has a personnel record", `SELECT COUNT(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM personnel p WHERE p.user_id = u.id)`},
	{"every person has all fifteen checks", `SELECT COUNT(*) FROM personnel p WHERE (SELECT COUNT(*) FROM checks c WHERE c.personnel_id = p.id) <> ` +
		strconv.Itoa(len(workforce.AllCheckTypes))},
	{"a service account belongs to nobody", `SELECT COUNT(*) FROM accounts WHERE service_account_at IS NOT NULL AND user_id IS NOT NULL`},
	{"a service account has a reason", `SELECT COUNT(*) FROM accounts WHERE service_account_at IS NOT NULL AND service_account_reason IS NULL`},
	{"who is out of scope has a reason", `SELECT COUNT(*) FROM personnel WHERE employment_status = 'OUT_OF_SCOPE' AND not_human_reason IS NULL`},
	{"an exclusion is of a person or of a group", `SELECT COUNT(*) FROM exclusions WHERE (personnel_id IS NULL) = (group_id IS NULL)`},
	{"what is acknowledged is a version of its policy", `SELECT COUNT(*) FROM acknowledgements a
		WHERE NOT EXISTS (SELECT 1 FROM policy_versions v WHERE v.policy_id = a.policy_id AND v.version = a.version)`},
	{"a document's file has a name, a type and a size", `SELECT COUNT(*) FROM documents WHERE (file_hash IS NULL) <> (file_name IS NULL)
		OR (file_hash IS NULL) <> (media_type IS NULL) OR (file_hash IS NULL) <> (file_size IS NULL)`},
	{"the file of a device's document has a name, a type and a size", `SELECT COUNT(*) FROM device_documents
		WHERE (file_hash IS NULL) <> (file_name IS NULL) OR (file_hash IS NULL) <> (media_type IS NULL) OR (file_hash IS NULL) <> (file_size IS NULL)`},
	{"nobody leaves before they start", `SELECT COUNT(*) FROM personnel WHERE separation_date < start_date`},
	{"a status set by hand is pinned", `SELECT COUNT(*) FROM personnel p WHERE p.status_updated_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM pins x WHERE x.personnel_id = p.id AND x.field = 'EMPLOYMENT_STATUS')`},
}

func (r *Reader) verifyInvariants(ctx context.Context, v *Verification) error {
	for _, inv := range invariants {
		var n int64
		if err := r.row(ctx, inv.query).Scan(&n); err != nil {
			return fmt.Errorf("verifying that %s: %w", inv.sentence, err)
		}
		if n > 0 {
			v.problem("%d records break the rule that %s", n, inv.sentence)
		}
	}
	return nil
}
