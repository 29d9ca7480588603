package roster

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// UserPosition gives the place of a user in a list with the sort; false if
// there is no such user.
func (r *Roster) UserPosition(id workforce.UserID, sort workforce.UserSort) (workforce.UserPosition, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	row, ok := r.s.people.byUser.row(int64(id))
	if !ok {
		return workforce.UserPosition{}, false
	}
	d := r.s.people.detail(&r.s.people.rows[row])
	at := d.created
	if sort == workforce.SortUpdatedAt {
		at = d.updated
	}
	return workforce.UserPosition{At: time.UnixMilli(at).UTC(), ID: id}, true
}
