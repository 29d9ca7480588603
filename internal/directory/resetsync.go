package directory

import (
	"context"
	"slices"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/reconcile"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ResetResult is the outcome of a reset: the first person concerned, in order
// of their numbers, and how many there are.
type ResetResult struct {
	Record   workforce.PersonnelRecord
	Affected int64
}

// resetChunk is how many people one transaction of a reset of all takes.
const resetChunk = 500

// ResetSync clears the pins of the people and at once applies what their
// sources last said. A number that is nobody's refuses everything; people whom
// no source knows are skipped; if that is all of them, it is a fault.
func (s *Service) ResetSync(ctx context.Context, ids []workforce.PersonnelID) (ResetResult, error) {
	var out ResetResult
	who, err := auth.Require(ctx, workforce.ScopePersonnelResetSync, workforce.Writes)
	if err != nil {
		return out, err
	}
	ids = slices.Clone(ids)
	slices.Sort(ids) // one order of locking, so that two resets cannot wait for each other
	ids = slices.Compact(ids)
	err = s.write(ctx, who, func(tx *store.Tx) error {
		reset, err := newResetter(ctx, tx)
		if err != nil {
			return err
		}
		var known []workforce.PersonnelID
		for _, id := range ids {
			ok, err := reset.person(ctx, id)
			if err != nil {
				return err
			}
			if ok {
				known = append(known, id)
			}
		}
		if len(known) == 0 {
			return noSource()
		}
		out.Affected = int64(len(known))
		out.Record, err = readBack(ctx, tx, known[0])
		return err
	})
	return out, err
}

// ResetSyncAll resets everybody whom a source knows. It works in chunks, each
// of which is whole; the same call again finishes what an interrupted one left.
func (s *Service) ResetSyncAll(ctx context.Context) (ResetResult, error) {
	var out ResetResult
	who, err := auth.Require(ctx, workforce.ScopePersonnelResetSync, workforce.Writes)
	if err != nil {
		return out, err
	}
	first, total, err := s.knownToSource(ctx)
	if err != nil {
		return out, err
	}
	if total == 0 {
		return out, noSource()
	}
	// Whoever has no pin has what the sources say already.
	for after := workforce.PersonnelID(0); ; {
		var ids []workforce.PersonnelID
		err := s.write(ctx, who, func(tx *store.Tx) error {
			var err error
			if ids, err = tx.PersonnelWithPins(ctx, after, resetChunk); err != nil {
				return err
			}
			reset, err := newResetter(ctx, tx)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if _, err := reset.person(ctx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return out, err
		}
		if len(ids) < resetChunk {
			break
		}
		after = ids[len(ids)-1]
	}
	out.Affected = total
	err = s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		out.Record, err = personnelRecord(ctx, r, first)
		return err
	})
	return out, err
}

// knownToSource gives the first person whom a source knows, and how many there
// are.
func (s *Service) knownToSource(ctx context.Context) (first workforce.PersonnelID, total int64, err error) {
	err = s.db.Read(ctx, func(r *store.Reader) error {
		first, total, err = r.PersonnelKnownToSource(ctx)
		return err
	})
	return first, total, err
}

func noSource() error {
	return workforce.Refuse(workforce.ReasonNoSource,
		"None of these people is known to a source, so there is nothing to reset to. Connect a source or import a file that has them")
}

// resetter resets people within one transaction.
type resetter struct {
	tx          *store.Tx
	today       workforce.Date
	clientTypes map[workforce.ConnectionID]workforce.ClientType
}

func newResetter(ctx context.Context, tx *store.Tx) (*resetter, error) {
	company, err := tx.Company(ctx)
	if err != nil {
		return nil, err
	}
	types, err := clientTypes(ctx, &tx.Reader)
	return &resetter{tx: tx, today: company.Today(tx.Now()), clientTypes: types}, err
}

func clientTypes(ctx context.Context, r *store.Reader) (map[workforce.ConnectionID]workforce.ClientType, error) {
	connections, err := r.Connections(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[workforce.ConnectionID]workforce.ClientType, len(connections))
	for _, c := range connections {
		out[c.ID] = c.ClientType
	}
	return out, nil
}

// person resets one person; false means that no source knows them.
func (r *resetter) person(ctx context.Context, id workforce.PersonnelID) (bool, error) {
	before, ok, err := r.tx.LockPersonnel(ctx, id)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, personnelNotFound(id)
	}
	records, err := r.tx.SourceRecords(ctx, before.UserID)
	if err != nil || len(records) == 0 {
		return false, err
	}
	after := before
	after.Pins, after.StatusUpdatedAt = nil, nil
	after = reconcile.Apply(after, reconcile.Employment(records, r.clientTypes), r.today)
	return true, r.tx.UpdatePersonnel(ctx, before, touched(before, after, r.tx.Now()), "personnel.sync_reset")
}
