package v2

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// cursorMost is the greatest length of a cursor that a request may send, in
// characters. Cursors carry the filters, so they can be longer than a text.
const cursorMost = 8 << 10

// cursor is the content of pagination.cursor: the question, so that a request
// with the cursor alone goes on with the same list, and the place in it. It is
// sealed, not secret: it holds nothing but what the holder asked and one time
// and id of what they were shown. The size and the parts to expand are not in
// it; they may change from page to page.
type cursor struct {
	Version   int                `json:"v"`
	FirstName string             `json:"f,omitempty"` // folded
	LastName  string             `json:"l,omitempty"` // folded
	Sort      workforce.UserSort `json:"s"`
	Dir       workforce.SortDir  `json:"d"`
	At        int64              `json:"t"` // Unix milliseconds of the sort key
	ID        int64              `json:"i"`
}

// cursorVersion changes when the meaning of the fields does, so that a cursor
// of an older program is refused instead of misread.
const cursorVersion = 1

// encodeCursor makes the cursor of the page after the position.
func encodeCursor(secret []byte, q workforce.UserQuery, next workforce.UserPosition) (string, error) {
	payload, err := json.Marshal(cursor{
		Version:   cursorVersion,
		FirstName: q.FirstName,
		LastName:  q.LastName,
		Sort:      q.Sort,
		Dir:       q.Dir,
		At:        next.At.UnixMilli(),
		ID:        int64(next.ID),
	})
	if err != nil {
		return "", fmt.Errorf("encoding a cursor: %w", err)
	}
	return rest.EncodeCursor(secret, payload), nil
}

// decodeCursor reads a cursor that encodeCursor made with the same secret;
// anything else is a fault on "cursor".
func decodeCursor(secret []byte, s string) (cursor, error) {
	payload, err := rest.DecodeCursor(secret, s)
	if err != nil {
		return cursor{}, err
	}
	var c cursor
	if err := json.Unmarshal(payload, &c); err != nil || c.Version != cursorVersion {
		return cursor{}, workforce.RefuseField("cursor",
			"cursor was given out by another version of this server; leave it out to start at the first page")
	}
	return c, nil
}

// resume is the query that the cursor carries on with. What the request says
// again must say the same: a client that changed its mind would otherwise get
// a mixture of two lists without noticing.
func (c cursor) resume(p userListParams) (workforce.UserQuery, error) {
	q := p.query()
	for _, again := range []struct {
		name         string
		given        bool
		asked, found string
	}{
		{"sort", p.sort != "", string(q.Sort), string(c.Sort)},
		{"sortDir", p.dir != "", string(q.Dir), string(c.Dir)},
		{"firstName", p.firstName != "", q.FirstName, c.FirstName},
		{"lastName", p.lastName != "", q.LastName, c.LastName},
	} {
		if again.given && again.asked != again.found {
			return q, workforce.RefuseField(again.name,
				"%s differs from the request that cursor came from: repeat it unchanged, leave it out, or leave out cursor to start a new list", again.name)
		}
	}
	q.FirstName, q.LastName, q.Sort, q.Dir = c.FirstName, c.LastName, c.Sort, c.Dir
	q.After = &workforce.UserPosition{At: time.UnixMilli(c.At).UTC(), ID: workforce.UserID(c.ID)}
	q.WithTotal = false
	return q, nil
}
