package v2

import (
	"net/http"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Base is the path below which the operations of this version live.
const Base = "/public/v2"

// The bounds of size in the published reference.
const (
	DefaultMaxSize = 50
	defaultSize    = 20
)

// Options are the settings of this version.
type Options struct {
	// MaxSize is the greatest page size that a request may ask for; 0 is
	// DefaultMaxSize. It is not less than the default size, 20.
	MaxSize int
}

// Routes is the operations of this version, served by the directory, in the
// order of the published reference.
func Routes(d *directory.Service, o Options) []rest.Route {
	h := handlers{directory: d}
	const (
		list = string(workforce.ScopeUsersList)
		get  = string(workforce.ScopeUsersGet)
	)
	return rest.Mount(Base, rest.V2, []rest.Route{
		rest.Op(http.MethodGet, "/users", "listUsersV2", list, bindUserList(o.maxSize()), h.userList).Answers(documented()...).Returns(UserList{}),
		rest.Op(http.MethodGet, "/users/{userId}", "getUserV2", get, bindUser, h.user).Answers(documented(404)...).
			Returns(User{}).Refuses(workforce.ReasonUserNotFound),
	})
}

func (o Options) maxSize() int64 {
	if o.MaxSize == 0 {
		return DefaultMaxSize
	}
	return int64(max(o.MaxSize, defaultSize))
}

// handlers are the functions behind the routes. They translate and nothing
// else: the directory authorizes and finds.
type handlers struct {
	directory *directory.Service
}

// documented is the statuses that every operation has, and those that one has
// beyond them.
func documented(more ...int) []int {
	return append([]int{
		http.StatusOK,
		http.StatusBadRequest,
		http.StatusUnauthorized,
		http.StatusPaymentRequired,
		http.StatusForbidden,
		http.StatusPreconditionFailed,
		http.StatusInternalServerError,
	}, more...)
}
