package importer

import (
	"cmp"
	"context"
	"slices"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// sourceImport is who says so, of evidence that came in by a file.
const sourceImport = "import"

const nobodyHere = "nobody here has this e-mail address; import the people first"

// claim is what one row says of one user.
type claim[T any] struct {
	row  *Row[T]
	user workforce.UserID
}

// claims finds of whom rows speak, and orders them by user: one order of
// locking, so that two writers cannot wait for each other. A row about nobody
// is a problem.
func claims[T any](ctx context.Context, j *job, rows []Row[T], email func(*T) string) ([]claim[T], error) {
	out := make([]claim[T], 0, len(rows))
	for i := range rows {
		row := &rows[i]
		user, err := j.userBy(ctx, email(&row.Value))
		if err != nil {
			return nil, err
		}
		if user == nil {
			j.problem(row.Line, fieldEmail, email(&row.Value), nobodyHere)
			continue
		}
		out = append(out, claim[T]{row, *user})
	}
	slices.SortStableFunc(out, func(a, b claim[T]) int { return cmp.Compare(a.user, b.user) })
	j.total = len(out)
	return out, nil
}

// usersOf is the users of claims, each once and in order.
func usersOf[T any](claims []claim[T]) []workforce.UserID {
	out := make([]workforce.UserID, len(claims))
	for i, c := range claims {
		out[i] = c.user
	}
	return slices.Compact(out)
}

// evidence is one kind of what belongs to users: how what rows say becomes
// records.
type evidence[T, R any] struct {
	read func(context.Context, []workforce.UserID) (map[workforce.UserID][]R, error)
	save func(context.Context, []store.Replacement[R]) error
	// next gives the record that the row is about, nil if there is none, and
	// the record as it shall be, nil if nothing changes. It changes nothing.
	next func(known []R, c claim[T]) (before, after *R)
}

// save applies claims, some hundreds with one set of queries. Users of whom
// nothing changes are not locked.
func (e evidence[T, R]) apply(ctx context.Context, j *job, all []claim[T]) error {
	for chunk := range slices.Chunk(all, chunkSize) {
		changing, _, err := e.plan(ctx, chunk)
		if err != nil {
			return err
		}
		j.report.Unchanged += len(chunk) - len(changing)
		if len(changing) > 0 {
			if err := e.change(ctx, j, changing); err != nil {
				return err
			}
		}
		j.progress(len(chunk))
	}
	return nil
}

// change applies claims that change something, after reading what they are
// about again under lock.
func (e evidence[T, R]) change(ctx context.Context, j *job, claims []claim[T]) error {
	if err := j.tx.LockUsers(ctx, usersOf(claims)); err != nil {
		return err
	}
	changing, changes, err := e.plan(ctx, claims)
	if err != nil {
		return err
	}
	j.report.Unchanged += len(claims) - len(changing)
	for _, c := range changes {
		if c.Before == nil {
			j.report.Created++
		} else {
			j.report.Updated++
		}
	}
	return e.save(ctx, changes)
}

// plan finds the claims that change something, and what.
func (e evidence[T, R]) plan(ctx context.Context, claims []claim[T]) ([]claim[T], []store.Replacement[R], error) {
	known, err := e.read(ctx, usersOf(claims))
	if err != nil {
		return nil, nil, err
	}
	var changing []claim[T]
	var changes []store.Replacement[R]
	for _, c := range claims {
		if before, after := e.next(known[c.user], c); after != nil {
			changing, changes = append(changing, c), append(changes, store.Replacement[R]{Before: before, After: after})
		}
	}
	return changing, changes, nil
}
