package directory

import (
	"context"
	"slices"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// PersonSummary is a person as lists of thousands show them.
type PersonSummary = store.PersonSummary

// AccountSummary is an account as lists of thousands show it.
type AccountSummary = store.AccountSummary

// AccountOwner is the person whom an account belongs to, by name.
type AccountOwner = store.AccountOwner

// GroupName is a group as a member's record shows it.
type GroupName = store.GroupName

// PeoplePage is a page of people. The log's Position is one that the answer
// holds at least: every change up to there is in it.
type PeoplePage struct {
	Records  []PersonSummary
	Total    int64 // people on all pages
	Position int64
	Next     *workforce.ListPosition    // where the next page starts; nil on the last
	Facets   *workforce.PersonnelFacets // over all pages; nil unless asked for
}

// People gives up to limit people after a position, nil being the start;
// q.Page does not count. A group that does not exist is a fault, and so is a
// q.ChangedSince that the log has not reached. List, facets and records are
// from one moment, unless changes do not stop coming.
func (s *Service) People(ctx context.Context, q workforce.PersonnelQuery, after *workforce.ListPosition, limit int, facets bool) (PeoplePage, error) {
	var out PeoplePage
	if _, err := auth.Require(ctx, workforce.ScopePersonnelList, workforce.Reads); err != nil {
		return out, err
	}
	var ids []workforce.PersonnelID
	list := func(at *listsAt) error {
		if err := knownGroups(at, q.GroupIDs); err != nil {
			return err
		}
		var err error
		out = PeoplePage{Position: at.pos}
		if ids, out.Total, out.Next, err = at.roster.PersonnelAfter(ctx, q, after, limit); err != nil || !facets {
			return err
		}
		counts, err := at.roster.PersonnelFacets(ctx, q)
		out.Facets = &counts
		return err
	}
	err := s.listAndRead(ctx, q.ChangedSince, list, func(r *store.Reader) error {
		var err error
		out.Records, err = inParts(ctx, ids, func(part []workforce.PersonnelID) ([]PersonSummary, error) {
			return r.PersonSummaries(ctx, part)
		})
		return err
	})
	return out, err
}

// partOfPage is how many records of a page are read at a time: some milliseconds
// of work, after which others have their turn.
const partOfPage = 64

// inParts reads a page part after part, and lets others have the processor in
// between. All parts are of the snapshot that read uses.
func inParts[ID, R any](ctx context.Context, ids []ID, read func([]ID) ([]R, error)) ([]R, error) {
	out := make([]R, 0, len(ids))
	for part := range slices.Chunk(ids, partOfPage) {
		records, err := read(part)
		if err != nil {
			return nil, err
		}
		out = append(out, records...)
		lane.Breathe(ctx)
	}
	return out, nil
}

// listAndRead lists on a roster and reads what was listed, and does both again,
// a few times, if something changed between the two.
func (s *Service) listAndRead(ctx context.Context, since int64, list func(*listsAt) error, read func(*store.Reader) error) error {
	pos, err := s.db.CatchUpOnce(ctx)
	for try := 1; err == nil; try++ {
		var oneMoment bool
		oneMoment, err = s.listAndReadOnce(store.WithCaughtUp(ctx, pos), since, list, read)
		if err != nil || oneMoment || try == maxTries {
			return err
		}
		pos, err = s.db.CatchUp(ctx)
	}
	return err
}

// listAndReadOnce reports whether what it listed and what it read were of one
// moment.
func (s *Service) listAndReadOnce(ctx context.Context, since int64, list func(*listsAt) error, read func(*store.Reader) error) (bool, error) {
	at, err := s.listsSince(ctx, since)
	if err != nil {
		return false, err
	}
	if err := list(at); err != nil {
		return false, err
	}
	moment := int64(0)
	err = s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		if moment, err = r.Position(ctx); err != nil {
			return err
		}
		return read(r)
	})
	// The roster may hold more than it says, but then so does the snapshot,
	// which began later.
	return moment <= at.pos, err
}

// listsSince gives a roster that can tell what changed after a position, which
// is a fault if the log has not reached it: it is of another database, or of
// this one before a backup was restored, and whoever goes on from it would miss
// changes.
func (s *Service) listsSince(ctx context.Context, since int64) (*listsAt, error) {
	at, err := s.lists.changedSince(ctx, since)
	if err == nil && since > at.pos {
		return nil, &workforce.Fault{
			Reason: workforce.ReasonEntityNotFound, Field: "changedSince",
			Message: workforce.Refuse(workforce.ReasonEntityNotFound,
				"changedSince: the log has not reached the position %d, so it is not one of this database as it is now; read everything without changedSince and go on from the position of that answer", since).Message,
		}
	}
	return at, err
}

// streamChunk is how many records of a stream are in memory at a time, and are
// of one moment.
const streamChunk = 64

// Stream is records that are read in chunks. Which they are and in which order
// was decided when it was made; each chunk is of a moment of its own, and a
// record that is gone by then is left out.
type Stream[R any] struct {
	Total    int64 // records when it was made
	Position int64 // every change up to there is in it

	chunks []func(ctx context.Context, r *store.Reader) ([]R, error)
	db     *store.DB
}

// Each calls f with the records, chunk after chunk, until there are no more or
// something fails. Nothing is held in the database while f runs.
func (s *Stream[R]) Each(ctx context.Context, f func([]R) error) error {
	for _, read := range s.chunks {
		var records []R
		err := s.db.Read(ctx, func(r *store.Reader) error {
			var err error
			records, err = read(ctx, r)
			return err
		})
		if err != nil {
			return err
		}
		if err := f(records); err != nil {
			return err
		}
	}
	return nil
}

// chunked adds the records of ids to a stream.
func chunked[ID, R any](s *Stream[R], ids []ID, read func(*store.Reader, context.Context, []ID) ([]R, error)) {
	for len(ids) > 0 {
		n := min(len(ids), streamChunk)
		part := ids[:n]
		ids = ids[n:]
		s.chunks = append(s.chunks, func(ctx context.Context, r *store.Reader) ([]R, error) { return read(r, ctx, part) })
	}
}

// everyone is a limit that no list has.
const everyone = 1 << 30

// StreamPeople gives all people that a query selects; q.Page does not count.
// Faults are those of [Service.People].
func (s *Service) StreamPeople(ctx context.Context, q workforce.PersonnelQuery) (*Stream[PersonSummary], error) {
	if _, err := auth.Require(ctx, workforce.ScopePersonnelList, workforce.Reads); err != nil {
		return nil, err
	}
	at, err := s.listsSince(ctx, q.ChangedSince)
	if err != nil {
		return nil, err
	}
	if err := knownGroups(at, q.GroupIDs); err != nil {
		return nil, err
	}
	out := &Stream[PersonSummary]{Position: at.pos, db: s.db}
	ids, total, _, err := at.roster.PersonnelAfter(ctx, q, nil, everyone)
	if err != nil {
		return nil, err
	}
	out.Total = total
	chunked(out, ids, (*store.Reader).PersonSummaries)
	return out, nil
}
