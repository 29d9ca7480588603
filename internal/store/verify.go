package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// Verification is the outcome of [DB.Verify].
type Verification struct {
	Changes  int64    `json:"changes"`  // rows of the change log
	Erased   int64    `json:"erased"`   // of which the payload was erased on request
	People   int64    `json:"people"`   // personnel records
	Accounts int64    `json:"accounts"` // accounts of both kinds
	Head     string   `json:"head"`     // the newest row's hash, in hex: keep it elsewhere to notice a cut tail
	Problems []string `json:"problems"` // empty: all is well
}

// maxProblems bounds what a verification lists.
const maxProblems = 100

func (v *Verification) problem(format string, args ...any) {
	if len(v.Problems) < maxProblems {
		v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
	}
}

// Verify reads the whole change log in one snapshot and recomputes it: numbers
// without gaps, the chain of hashes, the digest of every payload that is still
// there; then compares the newest state that the log has of each fact with the
// record itself, checks the invariants, and compares the packs with the tables. It calls progress, if given, with
// how much of the work is done.
func (db *DB) Verify(ctx context.Context, progress func(done, total int64)) (Verification, error) {
	var v Verification
	err := db.Read(ctx, func(r *Reader) error {
		var err error
		v, err = r.verify(ctx, progress)
		return err
	})
	return v, err
}

func (r *Reader) verify(ctx context.Context, progress func(done, total int64)) (Verification, error) {
	v := Verification{Problems: []string{}}
	var head int64
	if err := r.row(ctx, `SELECT seq FROM log_head WHERE id = 1`).Scan(&head); err != nil {
		return v, fmt.Errorf("reading the log's head: %w", err)
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	// Every row is read twice: in its order, and by its subject.
	if err := r.verifyChain(ctx, &v, func(seq int64) { progress(seq, 2*head) }); err != nil {
		return v, err
	}
	if err := r.verifyFacts(ctx, &v, func(rows int64) { progress(head+rows, 2*head) }); err != nil {
		return v, err
	}
	if err := r.verifyInvariants(ctx, &v); err != nil {
		return v, err
	}
	return v, r.verifyPacks(ctx, &v)
}

// err is an error if there are problems: the first of them, and how many.
func (v *Verification) err() error {
	switch n := len(v.Problems); n {
	case 0:
		return nil
	case 1:
		return errors.New(v.Problems[0])
	default:
		return fmt.Errorf("%s (and %d more problems)", v.Problems[0], n-1)
	}
}

// verifyChain walks the log from its start to its head.
func (r *Reader) verifyChain(ctx context.Context, v *Verification, progress func(seq int64)) error {
	var headSeq int64
	var head []byte
	if err := r.row(ctx, `SELECT seq, hash FROM log_head WHERE id = 1`).Scan(&headSeq, &head); err != nil {
		return fmt.Errorf("reading the log's head: %w", err)
	}
	prev := make([]byte, 32)
	var seq int64
	for {
		rows, err := r.logRows(ctx, seq, 2000)
		if err != nil {
			return err
		}
		for i := range rows {
			row := &rows[i]
			if row.Seq != seq+1 {
				v.problem("change %d is missing: change %d follows %d", seq+1, row.Seq, seq)
			}
			seq = row.Seq
			row.check(v, prev)
			prev = row.hash
		}
		progress(seq)
		if len(rows) == 0 {
			break
		}
	}
	switch {
	case seq != headSeq:
		v.problem("the log ends at change %d, its head says %d: the tail was cut or added to", seq, headSeq)
	case !bytes.Equal(prev, head):
		v.problem("change %d, the newest, has another hash than the log's head: the row or the head was altered", seq)
	}
	v.Head = fmt.Sprintf("%x", head)
	return nil
}

// logRow is a row of the log with what its verification needs.
type logRow struct {
	Change
	digest, hash, salt []byte
	before, after      []byte
}

// check recomputes the row's hash and the digest of its payload.
func (row *logRow) check(v *Verification, prev []byte) {
	v.Changes++
	want := chain(prev, row.Seq, row.At, Cause{row.Actor, row.Cause}, row.Kind, subjectKey{row.Subject, row.SubjectID}, row.digest)
	if !bytes.Equal(want, row.hash) {
		v.problem("change %d does not match its hash: the row or one before it was altered", row.Seq)
	}
	switch {
	case row.Erased:
		v.Erased++
	case !bytes.Equal(digest(row.salt, row.before, row.after), row.digest):
		v.problem("change %d does not match the digest of its payload: the payload was altered", row.Seq)
	}
}
