package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// origin is where the commands that show people and accounts read: the database
// itself, or a running server over its API. What it gives is the same.
type origin interface {
	PeoplePage(ctx context.Context, q client.PeopleQuery) (client.PeoplePage, error)
	AccountsPage(ctx context.Context, q client.AccountsQuery) (client.AccountsPage, error)
	StreamPeople(ctx context.Context, q client.PeopleQuery, end *client.StreamEnd) iter.Seq2[client.PersonSummary, error]
	StreamAccounts(ctx context.Context, q client.AccountsQuery, end *client.StreamEnd) iter.Seq2[client.AccountSummary, error]
	show(ctx context.Context, which personRef) (personDetail, error)
	// unseen says, for each kind of accounts that a list of every kind leaves
	// out, why.
	unseen(ctx context.Context) ([]string, error)
}

// local reads the database.
type local struct {
	directory  *directory.Service
	compliance *compliance.Service
}

func onDatabase(db *store.DB) local {
	return local{directory.New(db, directory.Options{}), compliance.New(db, nil)}
}

func (l local) unseen(context.Context) ([]string, error) { return nil, nil }

// PeoplePage gives a page as a server gives it. Fields are not looked at.
func (l local) PeoplePage(ctx context.Context, q client.PeopleQuery) (client.PeoplePage, error) {
	var after *workforce.ListPosition
	c, begun, err := parseLocalCursor(q.Cursor)
	if err != nil {
		return client.PeoplePage{}, err
	}
	if begun {
		after = &c.at
	}
	found, err := l.directory.People(ctx, toPersonnelQuery(q), after, int(q.Limit), q.Facets)
	if err != nil {
		return client.PeoplePage{}, err
	}
	page := client.PeoplePage{
		Data: mapped(found.Records, fromPersonSummary), Pagination: client.NativePagination{Total: found.Total},
		Position: found.Position, Facets: fromPersonnelFacets(found.Facets),
	}
	if begun {
		page.Position = c.position
	}
	if found.Next != nil {
		page.Pagination.Cursor = localCursor{page.Position, "", *found.Next}.text()
	}
	return page, nil
}

// AccountsPage gives a page as a server gives it. Fields are not looked at.
func (l local) AccountsPage(ctx context.Context, q client.AccountsQuery) (client.AccountsPage, error) {
	var after *directory.AccountPosition
	c, begun, err := parseLocalCursor(q.Cursor)
	if err != nil {
		return client.AccountsPage{}, err
	}
	if begun {
		after = &directory.AccountPosition{Kind: c.kind, ListPosition: c.at}
	}
	found, err := l.directory.Accounts(ctx, toAccountQuery(q), after, int(q.Limit), q.Facets)
	if err != nil {
		return client.AccountsPage{}, err
	}
	page := client.AccountsPage{
		Data: mapped(found.Records, fromAccountSummary), Pagination: client.NativePagination{Total: found.Total},
		Position: found.Position, Facets: fromAccountFacets(found.Facets),
	}
	if begun {
		page.Position = c.position
	}
	if found.Next != nil {
		page.Pagination.Cursor = localCursor{page.Position, found.Next.Kind, found.Next.ListPosition}.text()
	}
	return page, nil
}

// localCursor is the place behind a page. It stays within the process.
type localCursor struct {
	position int64 // of the first page
	kind     workforce.AccountKind
	at       workforce.ListPosition
}

func (c localCursor) text() *string {
	return new(fmt.Sprintf("%d %d %d %d %s", c.position, c.at.ID, c.at.Offset, c.at.Key, c.kind))
}

func parseLocalCursor(text string) (c localCursor, begun bool, err error) {
	if text == "" {
		return c, false, nil
	}
	n, err := fmt.Sscanf(text, "%d %d %d %d %s", &c.position, &c.at.ID, &c.at.Offset, &c.at.Key, &c.kind)
	if n < 4 {
		return c, false, fmt.Errorf("reading the place in the list: %w", err)
	}
	return c, true, nil // people have no kind
}

// StreamPeople gives everyone whom the query selects.
func (l local) StreamPeople(ctx context.Context, q client.PeopleQuery, end *client.StreamEnd) iter.Seq2[client.PersonSummary, error] {
	return func(yield func(client.PersonSummary, error) bool) {
		s, err := l.directory.StreamPeople(ctx, toPersonnelQuery(q))
		streamed(ctx, s, err, fromPersonSummary, end, yield)
	}
}

// StreamAccounts gives every account that the query selects.
func (l local) StreamAccounts(ctx context.Context, q client.AccountsQuery, end *client.StreamEnd) iter.Seq2[client.AccountSummary, error] {
	return func(yield func(client.AccountSummary, error) bool) {
		s, err := l.directory.StreamAccounts(ctx, toAccountQuery(q))
		streamed(ctx, s, err, fromAccountSummary, end, yield)
	}
}

var errStop = errors.New("the loop has ended")

// streamed yields the records of a stream, if it could be opened.
func streamed[S, R any](ctx context.Context, s *directory.Stream[S], err error, from func(S) R, end *client.StreamEnd, yield func(R, error) bool) {
	n := int64(0)
	if err == nil {
		err = s.Each(ctx, func(chunk []S) error {
			for _, r := range chunk {
				if !yield(from(r), nil) {
					return errStop
				}
				n++
			}
			return nil
		})
	}
	switch {
	case errors.Is(err, errStop):
	case err != nil:
		var none R
		yield(none, err)
	default:
		*end = client.StreamEnd{Records: n, Position: s.Position}
	}
}

// mapped maps a list.
func mapped[S, R any](items []S, from func(S) R) []R {
	out := make([]R, len(items))
	for i := range items {
		out[i] = from(items[i])
	}
	return out
}

// The functions below turn a query of the client into one of the domain.

func toPersonnelQuery(q client.PeopleQuery) workforce.PersonnelQuery {
	out := workforce.PersonnelQuery{
		Text: workforce.Fold(q.Q), Email: workforce.Fold(q.Email), StatusFiltered: len(q.EmploymentStatuses) > 0,
		DeviceCompliance: q.DeviceCompliance,
		GroupIDs:         mapped(q.GroupIDs, func(id client.GroupID) workforce.GroupID { return workforce.GroupID(id) }),
		DeviceSource:     given[workforce.DeviceSource](q.DeviceSource),
		NotDeviceSources: mapped(q.NotDeviceSources, func(s client.DeviceSource) workforce.DeviceSource { return workforce.DeviceSource(s) }),
		ChangedSince:     q.ChangedSince, Sort: workforce.SortCreated, Dir: workforce.Ascending,
	}
	if q.Sort != "" {
		out.Sort = workforce.PersonnelSort(q.Sort)
	}
	if q.SortDir != "" {
		out.Dir = workforce.SortDir(q.SortDir)
	}
	for _, s := range workforce.AllEmploymentStatuses {
		if slices.ContainsFunc(q.EmploymentStatuses, func(f client.EmploymentStatusFilter) bool {
			return slices.Contains(workforce.EmploymentStatusFilter(f).Statuses(), s)
		}) {
			out.EmploymentStatus = append(out.EmploymentStatus, s)
		}
	}
	for _, t := range workforce.AllCheckTypes {
		if met, asked := q.Checks[client.CheckType(t)]; asked {
			out.Checks = append(out.Checks, workforce.CheckFilter{Type: t, Compliant: met})
		}
	}
	return out
}

func toAccountQuery(q client.AccountsQuery) workforce.AccountQuery {
	out := workforce.AccountQuery{
		Kind: domainKind(q.Kind), Text: workforce.Fold(q.Q), ClientType: given[workforce.ClientType](q.ClientType),
		ChangedSince: q.ChangedSince, Sort: workforce.SortCreated, Dir: workforce.Ascending,
	}
	if q.ConnectionID != 0 {
		out.ConnectionID = new(workforce.ConnectionID(q.ConnectionID))
	}
	if q.UserID != 0 {
		out.UserID = new(workforce.UserID(q.UserID))
	}
	if q.Sort != "" {
		out.Sort = workforce.AccountSort(q.Sort)
	}
	if q.SortDir != "" {
		out.Dir = workforce.SortDir(q.SortDir)
	}
	return out
}

func domainKind(k client.AccountKind) workforce.AccountKind {
	switch k {
	case client.KindInfrastructure:
		return workforce.Infrastructure
	case client.KindVersionControl:
		return workforce.VersionControl
	default:
		return ""
	}
}

// given is a pointer to s as another type, nil if it is empty.
func given[D, S ~string](s S) *D {
	if s == "" {
		return nil
	}
	return new(D(s))
}

// The functions below turn what the directory gives into what the client gives.

func fromPersonSummary(s directory.PersonSummary) client.PersonSummary {
	out := client.PersonSummary{
		ID: client.PersonnelID(s.ID), UserID: client.UserID(s.UserID), EntryID: s.User.EntryID, Email: s.User.Email,
		FirstName: s.User.FirstName, LastName: s.User.LastName, JobTitle: s.User.JobTitle,
		Roles:            mapped(s.User.Roles, func(r workforce.Role) client.Role { return client.Role(r) }),
		EmploymentStatus: client.EmploymentStatus(s.EmploymentStatus), NotHumanReason: s.NotHumanReason,
		StartDate: (*client.Date)(s.StartDate), SeparationDate: (*client.Date)(s.SeparationDate), StatusUpdatedAt: s.StatusUpdatedAt,
		Pins:   mapped(s.Pins, func(p workforce.Pin) client.PinField { return client.PinField(p.Field) }),
		Checks: make(map[client.CheckType]client.CheckOutcome, len(s.Checks)),
		Groups: mapped(s.Groups, func(g directory.GroupName) client.GroupName {
			return client.GroupName{ID: client.GroupID(g.ID), Name: g.Name}
		}),
		Devices:   client.DeviceCounts{Active: s.Devices.Active, Failing: s.Devices.Failing},
		CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
	for _, c := range s.Checks {
		out.Checks[client.CheckType(c.Type)] = client.CheckOutcome{
			Status: client.CheckStatus(c.Status), CompletionDate: c.CompletionDate, ExpiresAt: c.ExpiresAt,
		}
	}
	return out
}

func fromAccountSummary(s directory.AccountSummary) client.AccountSummary {
	out := client.AccountSummary{
		ID: client.AccountID(s.ID), Kind: fromAccountKind(s.Kind), ConnectionID: client.ConnectionID(s.ConnectionID),
		ClientType: client.System(s.ClientType), ConnectionAlias: s.ConnectionAlias, IdentityID: s.IdentityID,
		Username: s.Username, Email: s.Email, HasMFA: s.HasMFA, ConnectedAt: s.ConnectedAt, DisconnectedAt: s.DisconnectedAt,
		AdminAccess: s.AdminAccessAt, DBAccess: s.DBAccessAt, WriteAccess: s.WriteAccessAt, PushProductionCodeAccess: s.PushProdAccessAt,
		LinkMethod: (*client.LinkMethod)(s.LinkMethod), LinkReason: s.LinkReason, RemovedAt: s.RemovedAt,
		CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
	if s.Owner != nil {
		out.User = &client.AccountOwner{ID: client.UserID(s.Owner.ID), Email: s.Owner.Email}
		if name := workforce.FullName(s.Owner.FirstName, s.Owner.LastName); name != "" {
			out.User.Name = &name
		}
	}
	if s.ServiceAccountAt != nil {
		out.ServiceAccount = &client.ServiceAccount{Since: *s.ServiceAccountAt, Reason: s.ServiceAccountReason}
	}
	return out
}

func fromAccountKind(k workforce.AccountKind) client.AccountKind {
	if k == workforce.Infrastructure {
		return client.KindInfrastructure
	}
	return client.KindVersionControl
}

func fromPersonnelFacets(f *workforce.PersonnelFacets) *client.PeopleFacets {
	if f == nil {
		return nil
	}
	out := &client.PeopleFacets{
		EmploymentStatuses: countsOf[client.EmploymentStatus](f.Statuses),
		Checks:             map[client.CheckType]map[client.CheckStatus]int64{},
		Systems:            countsOf[client.System](f.Systems),
	}
	for t, counts := range f.Checks {
		if c := countsOf[client.CheckStatus](counts); len(c) > 0 {
			out.Checks[client.CheckType(t)] = c
		}
	}
	return out
}

func fromAccountFacets(f *workforce.AccountFacets) *client.AccountFacets {
	if f == nil {
		return nil
	}
	out := &client.AccountFacets{
		Systems: countsOf[client.System](f.Systems), Connections: []client.ConnectionCount{},
		HasMFA: client.MFACounts{True: f.MFA["true"], False: f.MFA["false"], Unknown: f.MFA["unknown"]},
		Owners: client.OwnerCounts{Person: f.Owners["person"], Service: f.Owners["service"], Nobody: f.Owners["nobody"]},
	}
	for _, id := range sortedKeys(f.Connections) {
		out.Connections = append(out.Connections, client.ConnectionCount{ConnectionID: client.ConnectionID(id), Count: f.Connections[id]})
	}
	return out
}

// countsOf is the counts that are not 0, under the client's names.
func countsOf[W, D ~string](counts map[D]int64) map[W]int64 {
	out := map[W]int64{}
	for value, n := range counts {
		if n > 0 {
			out[W(value)] = n
		}
	}
	return out
}
