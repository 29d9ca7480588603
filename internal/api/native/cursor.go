package native

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// cursorMost is the greatest length of a cursor that a request may send, in
// characters; ours have less than 200.
const cursorMost = 8 << 10

// cursorVersion changes when the meaning of the bytes does, so that a cursor of
// an older program is refused instead of misread.
const cursorVersion = 1

// cursor is the content of pagination.cursor: what was asked, as a digest of
// each parameter, and the place in the list. It is sealed, not secret: it holds
// nothing but ids, and digests of what the holder asked and was shown.
type cursor struct {
	position int64 // of the first page
	kind     Kind  // of accounts; "" for people
	at       workforce.ListPosition
	question digests
}

// question is what was asked, by parameter, in a fixed order. Lists are in an
// order of their own, because theirs does not matter.
type question []asked

type asked struct{ name, value string }

// digestSize is bytes of a digest. Two questions with the same one are not told
// apart, which happens once in four billion times.
const digestSize = 4

type digests []byte

func (q question) digests() digests {
	out := make(digests, 0, digestSize*len(q))
	for _, a := range q {
		sum := sha256.Sum256([]byte(a.name + "\x00" + a.value))
		out = append(out, sum[:digestSize]...)
	}
	return out
}

// seal makes the text of the cursor.
func (c cursor) seal(secret []byte) string {
	b := append(make([]byte, 0, 128), cursorVersion)
	b = binary.AppendVarint(b, c.position)
	b = binary.AppendVarint(b, int64(slices.Index(AllKinds, c.kind)))
	b = binary.AppendVarint(b, c.at.ID)
	b = binary.AppendVarint(b, c.at.Offset)
	b = binary.BigEndian.AppendUint64(b, c.at.Key)
	return rest.EncodeCursor(secret, append(b, c.question...))
}

// unseal reads a cursor that seal made with the same secret; anything else is a
// fault on "cursor".
func unseal(secret []byte, s string) (cursor, error) {
	payload, err := rest.DecodeCursor(secret, s)
	if err != nil {
		return cursor{}, err
	}
	c, ok := readCursor(payload)
	if !ok {
		return cursor{}, workforce.RefuseField("cursor",
			"cursor is of another list, or was given out by another version of this server; leave it out to start at the first page")
	}
	return c, nil
}

// readCursor reads what seal sealed. Other parts of the program seal cursors
// with the same secret, so it may be anything.
func readCursor(b []byte) (cursor, bool) {
	if len(b) == 0 || b[0] != cursorVersion {
		return cursor{}, false
	}
	b = b[1:]
	var numbers [4]int64
	for i := range numbers {
		n, size := binary.Varint(b)
		if size <= 0 {
			return cursor{}, false
		}
		numbers[i], b = n, b[size:]
	}
	if len(b) < 8 || numbers[1] < -1 || numbers[1] >= int64(len(AllKinds)) {
		return cursor{}, false
	}
	c := cursor{
		position: numbers[0],
		at:       workforce.ListPosition{ID: numbers[2], Offset: numbers[3], Key: binary.BigEndian.Uint64(b)},
		question: b[8:],
	}
	if numbers[1] >= 0 {
		c.kind = AllKinds[numbers[1]]
	}
	return c, true
}

// resume checks that the request asks what the one before it asked. A client
// that changed its mind would otherwise get a mixture of two lists without
// noticing.
func (c cursor) resume(q question) error {
	now := q.digests()
	if len(c.question) != len(now) {
		return workforce.RefuseField("cursor", "cursor is of another list; leave it out to start at the first page")
	}
	for i, a := range q {
		if at := digestSize * i; string(c.question[at:at+digestSize]) != string(now[at:at+digestSize]) {
			return workforce.RefuseField(a.name,
				"%s differs from the request that cursor came from: send the same filters and sort with every page, or leave out cursor to start a new list", a.name)
		}
	}
	return nil
}
