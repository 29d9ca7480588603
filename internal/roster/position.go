package roster

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// UserPosition gives the place of a user in a list with the sort; false if
// there is no such user, as there is none who is known by an account only.
func (r *Roster) UserPosition(id workforce.UserID, sort workforce.UserSort) (workforce.UserPosition, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	row, ok := r.s.people.byUser.row(int64(id))
	if !ok || r.s.people.rows[row].flags&personStub != 0 {
		return workforce.UserPosition{}, false
	}
	at := r.s.people.createdAt(&r.s.people.rows[row])
	if sort == workforce.SortUpdatedAt {
		at = r.s.people.updatedAt(&r.s.people.rows[row])
	}
	return workforce.UserPosition{At: time.UnixMilli(at).UTC(), ID: id}, true
}
