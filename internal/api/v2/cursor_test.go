package v2

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

var testSecret = []byte("a secret of this test, 32 bytes.")

func mustEncode(t interface{ Fatal(...any) }, q workforce.UserQuery, at workforce.UserPosition) string {
	s, err := encodeCursor(testSecret, q, at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A request with the cursor alone goes on with the same list.
func TestCursorCarriesTheQuestion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		asked := userListParams{
			size:      rapid.Int64Range(1, 50).Draw(t, "size"),
			sort:      rapid.SampledFrom(append([]workforce.UserSort{""}, workforce.AllUserSorts...)).Draw(t, "sort"),
			dir:       rapid.SampledFrom(append([]workforce.SortDir{""}, workforce.AllSortDirs...)).Draw(t, "dir"),
			firstName: rapid.String().Draw(t, "first"),
			lastName:  rapid.String().Draw(t, "last"),
			withTotal: workforce.Ptr(true),
		}
		position := workforce.UserPosition{
			At: workforce.Millis(time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, "at"))), ID: workforce.UserID(rapid.Int64Min(1).Draw(t, "id")),
		}
		text := mustEncode(t, asked.query(), position)
		c, err := decodeCursor(testSecret, text)
		if err != nil {
			t.Fatal(err)
		}
		want := asked.query()
		want.After, want.WithTotal = &position, false
		for name, next := range map[string]userListParams{
			"alone":    {size: asked.size},
			"repeated": asked, // saying the same again is not a contradiction
		} {
			got, err := c.resume(next)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got.After == nil || *got.After != position {
				t.Fatalf("%s: position %v, want %v", name, got.After, position)
			}
			got.After = want.After
			if got != want {
				t.Fatalf("%s: got %+v, want %+v", name, got, want)
			}
		}
	})
}

func TestContradictionsAreRefused(t *testing.T) {
	t.Parallel()
	first := userListParams{size: 20, firstName: "Zoë"}
	c, err := decodeCursor(testSecret, mustEncode(t, first.query(), workforce.UserPosition{At: time.UnixMilli(1), ID: 1}))
	if err != nil {
		t.Fatal(err)
	}
	for want, next := range map[string]userListParams{
		"firstName": {firstName: "Zo"},
		"lastName":  {lastName: "Smith"},
		"sort":      {sort: workforce.SortUpdatedAt},
		"sortDir":   {dir: workforce.Descending},
		"":          {size: 5, expand: AllExpands, firstName: "ZOË", sort: workforce.SortCreatedAt, dir: workforce.Ascending},
	} {
		_, err := c.resume(next)
		if want == "" {
			if err != nil {
				t.Errorf("%+v: %v", next, err)
			}
			continue
		}
		if !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.HasPrefix(err.Error(), want+" ") {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

func TestStrangeCursorsAreRefused(t *testing.T) {
	t.Parallel()
	good := mustEncode(t, userListParams{}.query(), workforce.UserPosition{At: time.UnixMilli(1), ID: 1})
	for name, s := range map[string]string{
		"not ours":       "eyJpZCI6MX0",
		"altered":        good[:len(good)/2] + "A" + good[len(good)/2+1:],
		"cut":            good[:len(good)-1],
		"another secret": rest.EncodeCursor([]byte("another secret"), []byte(`{"v":1,"s":"createdAt","d":"ASC","t":1,"i":1}`)),
		"not JSON":       rest.EncodeCursor(testSecret, []byte("later")),
		"later version":  rest.EncodeCursor(testSecret, []byte(`{"v":2}`)),
	} {
		if _, err := decodeCursor(testSecret, s); !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.Contains(err.Error(), "cursor") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add(mustEncode(f, userListParams{}.query(), workforce.UserPosition{At: time.UnixMilli(1), ID: 1}))
	f.Fuzz(func(t *testing.T, s string) {
		c, err := decodeCursor(testSecret, s)
		if err != nil && !workforce.IsReason(err, workforce.ReasonBadRequest) {
			t.Fatalf("%q: %v", s, err)
		}
		if err == nil {
			if _, err := c.resume(userListParams{}); err != nil {
				t.Fatalf("%q: the cursor alone is refused: %v", s, err)
			}
		}
	})
}
