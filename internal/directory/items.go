package directory

import (
	"context"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Items is a page of answers about records, encoded.
type Items struct {
	Document *document.Document // the items, parted by commas
	Total    int64              // records on all pages
}

// consistently makes a page: f lists the records of the page on a roster, and
// their documents are added. If something changed between the two, both are
// made again, a few times; a page that is then still not of one moment has
// documents that are newer than the list.
func (s *Service) consistently(
	ctx context.Context, since int64, sections uint32, f func(*listsAt) ([]document.Key, error),
) (*document.Document, error) {
	at, err := s.lists.changedSince(ctx, since)
	for try := 1; ; try++ {
		if err != nil {
			return nil, err
		}
		keys, err := f(at)
		if err != nil {
			return nil, err
		}
		d, _, err := s.documents.all(ctx, keys, sections)
		if err != nil || s.db.Followed() <= at.pos || try == maxTries {
			return d, err
		}
		d.Free()
		at, err = s.lists.holding(ctx, s.db.Followed())
		if err != nil {
			return nil, err
		}
	}
}

// PersonnelItems gives a page of personnel. A group that does not exist is a
// fault, not an empty list.
func (s *Service) PersonnelItems(ctx context.Context, q workforce.PersonnelQuery, sections uint32) (Items, error) {
	var out Items
	if _, err := auth.Require(ctx, workforce.ScopePersonnelList, workforce.Reads); err != nil {
		return out, err
	}
	var err error
	out.Document, err = s.consistently(ctx, q.ChangedSince, sections, func(at *listsAt) ([]document.Key, error) {
		ids, total, err := listPersonnel(ctx, at, q)
		out.Total = total
		return keysOf(document.V1Personnel, ids), err
	})
	return out, err
}

// AccountItems gives a page of the accounts of one kind.
func (s *Service) AccountItems(ctx context.Context, q workforce.AccountQuery) (Items, error) {
	var out Items
	if _, err := auth.Require(ctx, q.Kind.ManageScope(), workforce.Reads); err != nil {
		return out, err
	}
	kind := document.V1Infrastructure
	if q.Kind == workforce.VersionControl {
		kind = document.V1VersionControl
	}
	var err error
	out.Document, err = s.consistently(ctx, q.ChangedSince, document.AllSections, func(at *listsAt) ([]document.Key, error) {
		ids, total, err := at.roster.Accounts(ctx, q)
		out.Total = total
		return keysOf(kind, ids), err
	})
	return out, err
}

// UserItems is a page of answers about users, encoded.
type UserItems struct {
	Document *document.Document      // the items, parted by commas
	Total    *int64                  // users on all pages; nil unless asked for
	Next     *workforce.UserPosition // where the next page starts; nil on the last
}

// UserItems gives up to q.Limit users after a position.
func (s *Service) UserItems(ctx context.Context, q workforce.UserQuery, sections uint32) (UserItems, error) {
	var out UserItems
	if _, err := auth.Require(ctx, workforce.ScopeUsersList, workforce.Reads); err != nil {
		return out, err
	}
	var err error
	out.Document, err = s.consistently(ctx, 0, sections, func(at *listsAt) ([]document.Key, error) {
		ids, total, next, err := listUsers(ctx, at, q)
		out.Total, out.Next = nil, next
		if q.WithTotal {
			out.Total = &total
		}
		return keysOf(document.V2User, ids), err
	})
	return out, err
}

// PersonnelDocument gives the answer about one personnel record.
func (s *Service) PersonnelDocument(ctx context.Context, id workforce.PersonnelID, sections uint32) (*document.Document, error) {
	if _, err := auth.Require(ctx, workforce.ScopePersonnelGet, workforce.Reads); err != nil {
		return nil, err
	}
	if _, err := s.db.CatchUpOnce(ctx); err != nil {
		return nil, err
	}
	return s.personnelDocument(ctx, id, sections)
}

func (s *Service) personnelDocument(ctx context.Context, id workforce.PersonnelID, sections uint32) (*document.Document, error) {
	d, found, err := s.documents.one(ctx, document.Key{Kind: document.V1Personnel, ID: int64(id)}, sections)
	if err == nil && !found {
		err = personnelNotFound(id)
	}
	return d, err
}

// PersonnelDocumentByEmail gives the answer about the personnel record of the
// user with the e-mail, whatever its case.
func (s *Service) PersonnelDocumentByEmail(ctx context.Context, email string, sections uint32) (*document.Document, error) {
	if _, err := auth.Require(ctx, workforce.ScopePersonnelGet, workforce.Reads); err != nil {
		return nil, err
	}
	at, err := s.lists.at(ctx)
	if err != nil {
		return nil, err
	}
	if user, ok := at.roster.UserByEmail(workforce.Fold(email)); ok {
		if id, ok := at.roster.PersonnelOfUser(user); ok {
			return s.personnelDocument(ctx, id, sections)
		}
	}
	return nil, personnelNotFoundByEmail()
}

// UserDocument gives the answer about one user; kind says of which version.
func (s *Service) UserDocument(ctx context.Context, kind document.Kind, id workforce.UserID, sections uint32) (*document.Document, error) {
	if _, err := auth.Require(ctx, workforce.ScopeUsersGet, workforce.Reads); err != nil {
		return nil, err
	}
	if _, err := s.db.CatchUpOnce(ctx); err != nil {
		return nil, err
	}
	return s.userDocument(ctx, kind, id, sections)
}

func (s *Service) userDocument(ctx context.Context, kind document.Kind, id workforce.UserID, sections uint32) (*document.Document, error) {
	d, found, err := s.documents.one(ctx, document.Key{Kind: kind, ID: int64(id)}, sections)
	if err == nil && !found {
		err = userNotFound(id)
	}
	return d, err
}

// UserDocumentByEmail gives the answer about the user with the e-mail, whatever
// its case.
func (s *Service) UserDocumentByEmail(ctx context.Context, kind document.Kind, email string, sections uint32) (*document.Document, error) {
	if _, err := auth.Require(ctx, workforce.ScopeUsersGet, workforce.Reads); err != nil {
		return nil, err
	}
	at, err := s.lists.at(ctx)
	if err != nil {
		return nil, err
	}
	id, ok := at.roster.UserByEmail(workforce.Fold(email))
	if !ok {
		return nil, workforce.Refuse(workforce.ReasonUserNotFound, "There is no user with this email")
	}
	return s.userDocument(ctx, kind, id, sections)
}

// listPersonnel lists on a roster; an unknown group is a fault.
func listPersonnel(ctx context.Context, at *listsAt, q workforce.PersonnelQuery) ([]workforce.PersonnelID, int64, error) {
	if err := knownGroups(at, q.GroupIDs); err != nil {
		return nil, 0, err
	}
	return at.roster.Personnel(ctx, q)
}

func knownGroups(at *listsAt, ids []workforce.GroupID) error {
	unknown := at.roster.UnknownGroups(ids)
	if len(unknown) == 0 {
		return nil
	}
	return &workforce.Fault{
		Reason: workforce.ReasonEntityNotFound, Field: "groupIds",
		Message: workforce.Refuse(workforce.ReasonEntityNotFound, "groupIds: there is no group with the id %d", unknown[0]).Message,
	}
}

// listUsers lists on a roster, with where the next page starts.
func listUsers(ctx context.Context, at *listsAt, q workforce.UserQuery) ([]workforce.UserID, int64, *workforce.UserPosition, error) {
	ahead := q
	ahead.Limit++ // one more tells whether there is a next page
	ids, total, err := at.roster.Users(ctx, ahead)
	if err != nil || len(ids) <= q.Limit {
		return ids, total, nil, err
	}
	ids = ids[:q.Limit]
	next, ok := at.roster.UserPosition(ids[len(ids)-1], q.Sort)
	if !ok {
		return ids, total, nil, nil
	}
	return ids, total, &next, nil
}

func keysOf[T ~int64](kind document.Kind, ids []T) []document.Key {
	out := make([]document.Key, len(ids))
	for i, id := range ids {
		out[i] = document.Key{Kind: kind, ID: int64(id)}
	}
	return out
}

// Warm builds what lists are answered from, so that the first request does not
// wait for it.
func (s *Service) Warm(ctx context.Context) error {
	_, err := s.lists.at(ctx)
	return err
}
