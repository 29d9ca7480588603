package v2

import (
	"slices"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Expand names a part of a user that is served on demand.
type Expand string

// The parts.
const (
	ExpandBackgroundChecks Expand = "backgroundChecks"
	ExpandDocuments        Expand = "documents"
	ExpandPersonnel        Expand = "personnel"
	ExpandIdentities       Expand = "identities"
	ExpandRoles            Expand = "roles"
)

// AllExpands is every part.
var AllExpands = []Expand{
	ExpandBackgroundChecks, ExpandDocuments, ExpandPersonnel, ExpandIdentities, ExpandRoles,
}

// expansion is the parts that one request asked for.
type expansion []Expand

func (x expansion) has(e Expand) bool { return slices.Contains(x, e) }

func bindExpand(b *rest.Binder) expansion { return rest.Enums(b, "expand[]", AllExpands) }

// userListParams is the parameters of the user list; an empty text or
// enumeration was not given.
type userListParams struct {
	cursor    string
	size      int64
	sort      workforce.UserSort
	dir       workforce.SortDir
	expand    expansion
	firstName string
	lastName  string
	withTotal *bool
}

// bindUserList gives the bind function of the list with a greatest page size.
func bindUserList(maxSize int64) func(*rest.Binder) userListParams {
	return func(b *rest.Binder) userListParams {
		return userListParams{
			cursor:    b.Text("cursor", rest.Undefined(), rest.MaxLength(cursorMost)),
			size:      b.Int("size", rest.Min(1), rest.Max(maxSize), rest.Default(defaultSize)),
			sort:      rest.Enum(b, "sort", workforce.AllUserSorts),
			dir:       rest.Enum(b, "sortDir", workforce.AllSortDirs, rest.CaseFold()),
			expand:    bindExpand(b),
			firstName: b.Text("firstName"),
			lastName:  b.Text("lastName"),
			withTotal: b.Bool("includeTotalCount", rest.Extra()),
		}
	}
}

// query is the first page in the terms of the domain.
func (p userListParams) query() workforce.UserQuery {
	q := workforce.UserQuery{
		FirstName: workforce.Fold(p.firstName),
		LastName:  workforce.Fold(p.lastName),
		Sort:      p.sort,
		Dir:       p.dir,
		Limit:     int(p.size),
		WithTotal: p.withTotal != nil && *p.withTotal,
	}
	if q.Sort == "" {
		q.Sort = workforce.SortCreatedAt
	}
	if q.Dir == "" {
		q.Dir = workforce.Ascending
	}
	return q
}

type userParams struct {
	ref    string // the segment of the path
	expand expansion
}

func bindUser(b *rest.Binder) userParams {
	return userParams{
		ref:    b.PathText("userId", rest.As(rest.TypeNumberOrString)),
		expand: bindExpand(b),
	}
}

// emailPrefix marks an e-mail address in the place of a number.
const emailPrefix = "email:"

// userRef is which user is meant: an address if it is not empty, else an id.
type userRef struct {
	id    workforce.UserID
	email string
}

// parseUserRef reads the segment of the path. Numbers are read as parameters
// of the query are: 1 and 1.0 are the same.
func parseUserRef(segment string) (userRef, error) {
	wrong := workforce.RefuseField("userId", "userId must be an integer, or email: and an e-mail address, like email:jane%%40example.com")
	if email, ok := strings.CutPrefix(segment, emailPrefix); ok {
		local, domain, ok := strings.Cut(email, "@")
		if !ok || local == "" || domain == "" {
			return userRef{}, wrong
		}
		return userRef{email: email}, nil
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(segment, ".0"), 10, 64)
	if err != nil {
		return userRef{}, wrong
	}
	return userRef{id: workforce.UserID(n)}, nil
}
