package client

import (
	"context"
	"errors"
	"io"
	"iter"
)

// The paths of the operations.
const (
	nativePeople   = "/native/v1/people"
	nativeAccounts = "/native/v1/accounts"
)

// nativeLargestPage is what walks ask for where the caller does not say: the most
// that the API gives, for the fewest requests.
const nativeLargestPage = 1000

// NativeService reads people and accounts by the thousand, from /native/v1. Only
// a Passmuster server has it. Its errors are those of the package comment, with
// [Error.Reason] and [Error.Field] set.
//
// People and Accounts walk through pages and may take as long as they like
// between records. StreamPeople and StreamAccounts get everything in one request,
// of which a server answers a few at a time.
//
// People need the permission personnel:list. Accounts need that of their kind,
// infrastructure-identities:manage or version-control-identities:manage: where
// Kind is "", a key with one of the two gets that kind alone. All are open to
// all:read.
type NativeService struct{ wire *wire }

// Native is our own API, beside the compatible one.
func (c *Client) Native() *NativeService { return &NativeService{c.wire} }

// PeopleQuery selects and sorts people. What is zero is not sent. Different
// fields must all hold; the values of a list are alternatives, but each of Checks
// must hold.
type PeopleQuery struct {
	Q     string // part of the first name, the last name, both, or the e-mail; of any case
	Email string // the whole e-mail, of any case

	EmploymentStatuses []EmploymentStatusFilter // also any EmploymentStatus
	// Checks selects by outcome: true is CheckPass or CheckExcluded, false is
	// CheckFail or CheckMisconfigured.
	Checks           map[CheckType]bool
	DeviceCompliance *bool          // true: no device in use fails a check
	GroupIDs         []GroupID      // in any of these; one that does not exist is a 404
	DeviceSource     DeviceSource   // has a device in use from there
	NotDeviceSources []DeviceSource // has none from any of these
	ChangedSince     int64          // changed after the position of an earlier answer

	Sort    PersonnelSort // "": in the order in which people were added
	SortDir SortDir
	Fields  []string // the members to fill, by their JSON names; nil: all

	NativePaging
}

// AccountsQuery selects and sorts accounts of both kinds, infrastructure first,
// or of one. What is zero is not sent; all that is sent must hold.
type AccountsQuery struct {
	Kind         AccountKind // "": of each kind that the key may read
	Q            string      // part of the identity id, the username or the e-mail; of any case
	ClientType   System
	ConnectionID ConnectionID
	UserID       UserID // the owner
	ChangedSince int64  // changed after the position of an earlier answer

	Sort    AccountSort // "": in the order in which accounts were added
	SortDir SortDir
	Fields  []string // the members to fill, by their JSON names; nil: all

	NativePaging
}

// NativePaging says which page of a list to get. Streams do not look at it.
type NativePaging struct {
	Limit  int64  // 1 to 1,000; one page: 100 unless told, walks: 1,000
	Cursor string // of the page before, with the same query; "": the first page
	Facets bool   // count over all pages too
}

func (p NativePaging) add(q query) {
	q.number("limit", p.Limit)
	put(q, "cursor", p.Cursor)
	if p.Facets {
		q.values.Set("facets", "true")
	}
}

func (p PeopleQuery) query() query {
	q := newQuery()
	put(q, "q", p.Q)
	put(q, "email", p.Email)
	putAll(q, "employmentStatus[]", p.EmploymentStatuses)
	for check, met := range p.Checks {
		outcome := ":false"
		if met {
			outcome = ":true"
		}
		q.values.Add("check[]", string(check)+outcome)
	}
	q.yes("deviceCompliance", p.DeviceCompliance)
	putNumbers(q, "groupIds[]", p.GroupIDs)
	put(q, "deviceSource", p.DeviceSource)
	putAll(q, "notDeviceSource[]", p.NotDeviceSources)
	q.number("changedSince", p.ChangedSince)
	put(q, "sort", p.Sort)
	put(q, "sortDir", p.SortDir)
	putAll(q, "fields", p.Fields)
	p.add(q)
	return q
}

func (p AccountsQuery) query() query {
	q := newQuery()
	put(q, "kind", p.Kind)
	put(q, "q", p.Q)
	put(q, "clientType", p.ClientType)
	q.number("connectionId", int64(p.ConnectionID))
	q.number("userId", int64(p.UserID))
	q.number("changedSince", p.ChangedSince)
	put(q, "sort", p.Sort)
	put(q, "sortDir", p.SortDir)
	putAll(q, "fields", p.Fields)
	p.add(q)
	return q
}

// PeoplePage gives one page.
func (s *NativeService) PeoplePage(ctx context.Context, q PeopleQuery) (PeoplePage, error) {
	return nativePage[PeoplePage](ctx, s.wire, nativePeople, q.query())
}

// AccountsPage gives one page.
func (s *NativeService) AccountsPage(ctx context.Context, q AccountsQuery) (AccountsPage, error) {
	return nativePage[AccountsPage](ctx, s.wire, nativeAccounts, q.query())
}

// People gives every person that the query selects, from its Cursor on, page by
// page. It ends with the first error. In the order in which they were added, who
// was there from the beginning comes exactly once; in another order, who moves
// meanwhile may come twice or not at all.
func (s *NativeService) People(ctx context.Context, q PeopleQuery) iter.Seq2[PersonSummary, error] {
	q.Limit, q.Facets = nativeLimit(q.Limit), false
	return eachByCursor(methodGet+" "+nativePeople, q.Cursor, func(cursor string) ([]PersonSummary, *string, error) {
		q := q
		q.Cursor = cursor
		page, err := s.PeoplePage(ctx, q)
		return page.Data, page.Pagination.Cursor, err
	})
}

// Accounts gives every account that the query selects, as [NativeService.People]
// does for people.
func (s *NativeService) Accounts(ctx context.Context, q AccountsQuery) iter.Seq2[AccountSummary, error] {
	q.Limit, q.Facets = nativeLimit(q.Limit), false
	return eachByCursor(methodGet+" "+nativeAccounts, q.Cursor, func(cursor string) ([]AccountSummary, *string, error) {
		q := q
		q.Cursor = cursor
		page, err := s.AccountsPage(ctx, q)
		return page.Data, page.Pagination.Cursor, err
	})
}

// PeopleFacets counts the people that the query selects.
func (s *NativeService) PeopleFacets(ctx context.Context, q PeopleQuery) (PeopleFacets, error) {
	q.Fields, q.NativePaging = []string{"id"}, NativePaging{Limit: 1, Facets: true}
	page, err := s.PeoplePage(ctx, q)
	if err == nil && page.Facets == nil {
		err = errNoFacets
	}
	if err != nil {
		return PeopleFacets{}, err
	}
	return *page.Facets, nil
}

// AccountFacets counts the accounts that the query selects.
func (s *NativeService) AccountFacets(ctx context.Context, q AccountsQuery) (AccountFacets, error) {
	q.Fields, q.NativePaging = []string{"id"}, NativePaging{Limit: 1, Facets: true}
	page, err := s.AccountsPage(ctx, q)
	if err == nil && page.Facets == nil {
		err = errNoFacets
	}
	if err != nil {
		return AccountFacets{}, err
	}
	return *page.Facets, nil
}

var errNoFacets = errors.New("the answer has no facets, although they were asked for")

// StreamPeople gives every person that the query selects, in one request. It ends
// with the first error. A stream that ends without one is complete: which people
// it has was decided at its start, and end, if it is not nil, is then filled in.
//
// The request is tried again until the first record, and not after it. Between
// records, take your time, as long as you take something every minute.
func (s *NativeService) StreamPeople(ctx context.Context, q PeopleQuery, end *StreamEnd) iter.Seq2[PersonSummary, error] {
	q.NativePaging = NativePaging{}
	return records[PersonSummary](ctx, s.wire, streamOf(nativePeople, q.query(), formatNDJSON), end)
}

// StreamAccounts is [NativeService.StreamPeople] for accounts.
func (s *NativeService) StreamAccounts(ctx context.Context, q AccountsQuery, end *StreamEnd) iter.Seq2[AccountSummary, error] {
	q.NativePaging = NativePaging{}
	return records[AccountSummary](ctx, s.wire, streamOf(nativeAccounts, q.query(), formatNDJSON), end)
}

// PeopleCSV writes every person that the query selects as a table for
// spreadsheets: RFC 4180, UTF-8, a row of names first, cells that would be
// formulas behind an apostrophe. What to is given is the whole table only if the
// error is nil. The request is tried again until the first byte, and not after
// it.
func (s *NativeService) PeopleCSV(ctx context.Context, q PeopleQuery, to io.Writer) (StreamEnd, error) {
	q.NativePaging = NativePaging{}
	return copyTable(ctx, s.wire, streamOf(nativePeople, q.query(), formatCSV), to)
}

// AccountsCSV is [NativeService.PeopleCSV] for accounts.
func (s *NativeService) AccountsCSV(ctx context.Context, q AccountsQuery, to io.Writer) (StreamEnd, error) {
	q.NativePaging = NativePaging{}
	return copyTable(ctx, s.wire, streamOf(nativeAccounts, q.query(), formatCSV), to)
}

func nativePage[P checked](ctx context.Context, w *wire, path string, q query) (P, error) {
	page, _, err := call[P](ctx, w, operation{method: methodGet, pattern: path, query: q.values})
	return page, err
}

func nativeLimit(asked int64) int64 {
	if asked == 0 {
		return nativeLargestPage
	}
	return asked
}
