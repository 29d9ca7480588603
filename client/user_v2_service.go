package client

import (
	"context"
	"iter"
)

// UserV2Page is one page of users by cursor.
type UserV2Page struct {
	Data       []UserV2   `json:"data"`
	Pagination Pagination `json:"pagination"`
}

func (p UserV2Page) missing() string { return dataIsMissing(p.Data) }

// Pagination says how to go on.
type Pagination struct {
	Cursor     *string `json:"cursor"`              // nil on the last page
	TotalCount *int64  `json:"totalCount,omitzero"` // on the first page, if it was asked for
}

// UserV2ListParams selects, sorts and pages users. What is zero is not sent.
type UserV2ListParams struct {
	Cursor            string // of the page before; "": the first page
	Size              int64  // 1 to 50, unless the server allows more; List: 20 unless told, All: 50
	FirstName         string // how the first name begins, of any case
	LastName          string // how the last name begins, of any case
	Sort              UserSort
	SortDir           SortDir
	Expand            []Expand // the parts to show
	IncludeTotalCount *bool
}

func (p UserV2ListParams) query() query {
	q := newQuery()
	put(q, "cursor", p.Cursor)
	q.number("size", p.Size)
	put(q, "sort", p.Sort)
	put(q, "sortDir", p.SortDir)
	putAll(q, "expand[]", p.Expand)
	put(q, "firstName", p.FirstName)
	put(q, "lastName", p.LastName)
	q.yes("includeTotalCount", p.IncludeTotalCount)
	return q
}

// UserV2Service is the operations on users of the second version. Its errors are
// those of the package comment. It needs the permissions users:list and
// users:get.
type UserV2Service struct{ wire *wire }

// List gives one page. A cursor belongs to the filters and the sort of the list
// that it came from: repeat them, or leave them out.
func (s *UserV2Service) List(ctx context.Context, p UserV2ListParams) (UserV2Page, error) {
	page, _, err := call[UserV2Page](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/v2/users", query: p.query().values,
	})
	return page, err
}

// All gives every user that the parameters select, from their Cursor on. It ends
// with the first error.
func (s *UserV2Service) All(ctx context.Context, p UserV2ListParams) iter.Seq2[UserV2, error] {
	if p.Size == 0 {
		p.Size = largestPage
	}
	return eachByCursor("GET /public/v2/users", p.Cursor, func(cursor string) ([]UserV2, *string, error) {
		p := p
		p.Cursor = cursor
		page, err := s.List(ctx, p)
		return page.Data, page.Pagination.Cursor, err
	})
}

// Get gives a user by number, with the parts that are named; see [IsNotFound].
func (s *UserV2Service) Get(ctx context.Context, id UserID, expand ...Expand) (UserV2, error) {
	return s.one(ctx, number(id), expand)
}

// GetByEmail gives the user with the e-mail, of any case, with the parts that are
// named; see [IsNotFound].
func (s *UserV2Service) GetByEmail(ctx context.Context, email string, expand ...Expand) (UserV2, error) {
	if err := checkEmail(email); err != nil {
		return UserV2{}, err
	}
	return s.one(ctx, "email:"+email, expand)
}

func (s *UserV2Service) one(ctx context.Context, which string, expand []Expand) (UserV2, error) {
	q := newQuery()
	putAll(q, "expand[]", expand)
	u, _, err := call[UserV2](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/v2/users/{userId}", args: []string{which}, query: q.values,
	})
	return u, err
}
