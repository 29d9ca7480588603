package native

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

var testSecret = []byte("a secret of this test, 32 bytes.")

func TestCursorIsReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		asked := question{{"q", rapid.String().Draw(t, "q")}, {"sort", rapid.String().Draw(t, "sort")}}
		c := cursor{
			position: rapid.Int64().Draw(t, "position"),
			kind:     rapid.SampledFrom([]Kind{"", Infrastructure, VersionControl}).Draw(t, "kind"),
			at: workforce.ListPosition{
				ID: rapid.Int64().Draw(t, "id"), Offset: rapid.Int64().Draw(t, "offset"), Key: rapid.Uint64().Draw(t, "key"),
			},
			question: asked.digests(),
		}
		got, err := unseal(testSecret, c.seal(testSecret))
		if err != nil {
			t.Fatal(err)
		}
		if got.position != c.position || got.kind != c.kind || got.at != c.at {
			t.Fatalf("got %+v, want %+v", got, c)
		}
		if err := got.resume(asked); err != nil {
			t.Fatal(err)
		}
		changed := question{asked[0], {"sort", asked[1].value + "x"}}
		if err := got.resume(changed); !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.HasPrefix(err.Error(), "sort ") {
			t.Fatalf("another sort: %v", err)
		}
	})
}

// What asks the same in other words goes on; whatever asks something else is
// refused, by the name of the parameter.
func TestQuestions(t *testing.T) {
	t.Parallel()
	asked := peopleParams{
		text: "sm", statuses: statusFilters[:2], checks: checkFilters[:2], groups: []workforce.GroupID{1, 2},
		notDeviceSources: workforce.AllDeviceSources[:2], sort: "NAME", dir: workforce.Ascending,
	}
	c := cursor{question: asked.question().digests()}
	for want, change := range map[string]func(p *peopleParams){
		"": func(p *peopleParams) {
			p.groups, p.checks = []workforce.GroupID{2, 1}, []checkFilter{checkFilters[1], checkFilters[0]}
			p.limit, p.fields, p.facets = 7, []string{"email"}, new(true)
		},
		"q":                  func(p *peopleParams) { p.text = "sma" },
		"email":              func(p *peopleParams) { p.email = "a@example.com" },
		"employmentStatus[]": func(p *peopleParams) { p.statuses = nil },
		"check[]":            func(p *peopleParams) { p.checks = checkFilters[1:3] },
		"deviceCompliance":   func(p *peopleParams) { p.deviceCompliance = new(false) },
		"groupIds[]":         func(p *peopleParams) { p.groups = []workforce.GroupID{12} },
		"deviceSource":       func(p *peopleParams) { p.deviceSource = "JAMF" },
		"notDeviceSource[]":  func(p *peopleParams) { p.notDeviceSources = nil },
		"changedSince":       func(p *peopleParams) { p.changedSince = 1 },
		"sort":               func(p *peopleParams) { p.sort = workforce.SortCreated },
		"sortDir":            func(p *peopleParams) { p.dir = workforce.Descending },
	} {
		again := asked
		change(&again)
		err := c.resume(again.question())
		if want == "" {
			if err != nil {
				t.Errorf("the same in other words: %v", err)
			}
			continue
		}
		if !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.HasPrefix(err.Error(), want+" ") {
			t.Errorf("%s: %v", want, err)
		}
	}
	names := map[string]bool{}
	for _, a := range append(peopleParams{}.question(), accountParams{}.question()...) {
		names[a.name] = true
	}
	pages := map[string]bool{"limit": true, "cursor": true, "fields": true, "facets": true, "format": true}
	for _, p := range append(rest.Record(bindPeople), rest.Record(bindAccounts)...) {
		if names[p.Name] == pages[p.Name] {
			t.Errorf("%s: in the question %v, of one page alone %v", p.Name, names[p.Name], pages[p.Name])
		}
	}
	if err := c.resume(accountParams{}.question()); !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.HasPrefix(err.Error(), "cursor ") {
		t.Errorf("a cursor of people for accounts: %v", err)
	}
}

func TestStrangeCursorsAreRefused(t *testing.T) {
	t.Parallel()
	good := cursor{at: workforce.ListPosition{ID: 3, Offset: 2, Key: 1}, question: peopleParams{}.question().digests()}.seal(testSecret)
	for name, s := range map[string]string{
		"not ours":       "eyJpZCI6MX0",
		"altered":        good[:len(good)/2] + "A" + good[len(good)/2+1:],
		"cut":            good[:len(good)-1],
		"another secret": rest.EncodeCursor([]byte("another secret"), []byte{cursorVersion}),
		"of V2":          rest.EncodeCursor(testSecret, []byte(`{"v":1,"s":"createdAt","d":"ASC","t":1,"i":1}`)),
		"empty":          rest.EncodeCursor(testSecret, nil),
		"later version":  rest.EncodeCursor(testSecret, []byte{cursorVersion + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
		"no such kind":   rest.EncodeCursor(testSecret, []byte{cursorVersion, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
		"too short":      rest.EncodeCursor(testSecret, []byte{cursorVersion, 0, 0, 0, 0, 0}),
	} {
		if _, err := unseal(testSecret, s); !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.Contains(err.Error(), "cursor") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Sealed bytes of whatever origin are read or refused, and what is read goes on
// only with the question that it was made for.
func FuzzCursor(f *testing.F) {
	q := peopleParams{}.question()
	f.Add([]byte{})
	f.Add([]byte{cursorVersion, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	good, err := rest.DecodeCursor(testSecret, cursor{question: q.digests()}.seal(testSecret))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, payload []byte) {
		c, err := unseal(testSecret, rest.EncodeCursor(testSecret, payload))
		if len(payload) > 5000 { // longer than any text that is decoded
			return
		}
		if err != nil {
			if !workforce.IsReason(err, workforce.ReasonBadRequest) {
				t.Fatalf("%x: %v", payload, err)
			}
			return
		}
		if again, err := unseal(testSecret, c.seal(testSecret)); err != nil || again.at != c.at || again.kind != c.kind {
			t.Fatalf("%x: sealed again it reads %+v, not %+v: %v", payload, again, c, err)
		}
		if err := c.resume(q); err == nil && string(c.question) != string(q.digests()) || err != nil && !workforce.IsReason(err, workforce.ReasonBadRequest) {
			t.Fatalf("%x: %v", payload, err)
		}
	})
}
