package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// PeopleParts is what is read of some people at once.
type PeopleParts struct {
	// Position is the number of the newest change in the snapshot that all of
	// it was read from.
	Position  int64
	Personnel []workforce.PersonnelRecord // as [Reader.PersonnelParts] gives them
	Users     []workforce.UserRecord      // of the same people, as [Reader.UserParts] gives them
}

// PeopleParts reads the personnel records with the numbers and the users whose
// they are, without what belongs to other records. It is one snapshot, and for
// up to 1,024 people one statement: the cheapest way to read a person. Numbers
// that are nobody's are left out, and the order is not said.
func (db *DB) PeopleParts(ctx context.Context, ids []workforce.PersonnelID) (PeopleParts, error) {
	out, ok, err := peoplePacks(ctx, db.packs.byPersonnel, ids)
	if ok || err != nil {
		return out, err
	}
	err = db.Read(ctx, func(r *Reader) error {
		if out.Position, err = r.Position(ctx); err != nil {
			return err
		}
		if out.Personnel, err = r.PersonnelParts(ctx, ids); err != nil {
			return err
		}
		users := make([]workforce.UserID, len(out.Personnel))
		for i, rec := range out.Personnel {
			users[i] = rec.UserID
		}
		out.Users, err = r.UserParts(ctx, users)
		return err
	})
	return out, err
}

// PeoplePartsOf is [DB.PeopleParts] by the numbers of the users.
func (db *DB) PeoplePartsOf(ctx context.Context, users []workforce.UserID) (PeopleParts, error) {
	out, ok, err := peoplePacks(ctx, db.packs.byUser, users)
	if ok || err != nil {
		return out, err
	}
	err = db.Read(ctx, func(r *Reader) error {
		if out.Position, err = r.Position(ctx); err != nil {
			return err
		}
		if out.Users, err = r.UserParts(ctx, users); err != nil {
			return err
		}
		of, err := r.PersonnelIDsOf(ctx, users)
		if err != nil {
			return err
		}
		out.Personnel, err = r.PersonnelParts(ctx, slices.Collect(maps.Values(of)))
		return err
	})
	return out, err
}

// peoplePacks reads people from their packs; false: not all of them have one.
func peoplePacks[T ~int64](ctx context.Context, packs *packReader, ids []T) (PeopleParts, bool, error) {
	var out PeopleParts
	if len(ids) == 0 || len(ids) > inChunk {
		return out, false, nil
	}
	ids = distinct(ids)
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		numbers[i] = int64(id)
	}
	read, err := packs.get(ctx, numbers)
	if err != nil {
		return out, false, fmt.Errorf("reading people: %w", err)
	}
	out.Position = read.position
	out.Personnel, out.Users = make([]workforce.PersonnelRecord, len(numbers)), make([]workforce.UserRecord, len(numbers))
	for i, id := range numbers {
		pack, ok := read.packs[id]
		if ok {
			ok, err = unpackPersonnel(pack.personnel, &out.Personnel[i])
		}
		if err == nil && ok {
			ok, err = unpackUser(pack.user, &out.Users[i])
		}
		if err != nil {
			return PeopleParts{}, false, fmt.Errorf("reading people: number %d: %w", id, err)
		}
		if !ok {
			return PeopleParts{}, false, nil
		}
	}
	return out, true, nil
}

// distinct gives the numbers without repeats; the argument stays as it is.
func distinct[T ~int64](ids []T) []T {
	if len(ids) < 2 {
		return ids
	}
	return sorted(ids)
}
