package scenario

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/bench/load"
)

func TestEveryScenarioHasATitleAndAFloor(t *testing.T) {
	t.Parallel()
	for _, n := range All {
		if Titles[n] == "" {
			t.Errorf("%s has no title", n)
		}
		if !slices.Contains(All, n.Floor()) || n.Floor() == GetCold {
			t.Errorf("%s is compared with the floor of %q", n, n.Floor())
		}
	}
	if len(Titles) != len(All) {
		t.Errorf("%d titles for %d scenarios", len(Titles), len(All))
	}
}

func TestColdNamesEverybodyOnce(t *testing.T) {
	t.Parallel()
	warmUp, cold := Cold(1000, 1)
	seen := map[string]bool{}
	for _, r := range slices.Concat(warmUp.Requests, cold.Requests) {
		seen[r.Target] = true
	}
	if len(seen) != 1000 || !seen["/public/personnel/1"] || !seen["/public/personnel/1000"] || len(warmUp.Requests) == 0 {
		t.Errorf("%d people, %d of them to warm up", len(seen), len(warmUp.Requests))
	}
	if _, again := Cold(1000, 1); !reflect.DeepEqual(cold, again) {
		t.Error("one seed gave two orders")
	}
	if _, other := Cold(1000, 2); reflect.DeepEqual(cold, other) {
		t.Error("two seeds gave one order")
	}
}

func TestDeepPagesAreInTheSecondHalf(t *testing.T) {
	t.Parallel()
	for people, want := range map[int]struct {
		n           int
		first, last string
	}{
		10:     {1, "page=1&", "page=1&"},
		300:    {7, "page=9&", "page=15&"},
		100000: {deepPages, "page=2501&", "page=5000&"},
	} {
		got := deep(people, 1)
		if len(got) != want.n {
			t.Errorf("%d people: %d pages, want %d", people, len(got), want.n)
		}
		for _, r := range got {
			page := r.Target[strings.Index(r.Target, "page="):]
			if len(page) < len(want.first) || len(page) == len(want.first) && page < want.first {
				t.Errorf("%d people: %s lies before %s", people, r.Target, want.first)
			}
		}
	}
}

func TestSearchesArePiecesOfNames(t *testing.T) {
	t.Parallel()
	words := []string{"lee", "garcia", "o"}[:2]
	for _, q := range searches(words, 3) {
		piece := strings.TrimPrefix(q, "q=")
		if len(piece) < 3 || len(piece) > 5 || !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, piece) }) {
			t.Errorf("%q is no piece of 3 to 5 letters", q)
		}
	}
	if got := searches(nil, 3); got != nil {
		t.Errorf("%q out of no names", got)
	}
}

func TestWordsAreInPlainLetters(t *testing.T) {
	t.Parallel()
	s := &Set{Answers: map[string][]byte{}}
	var gets []load.Request
	for i, body := range []string{
		`{"user": {"lastName": "García"}}`, `{"user": {"lastName": "Li"}}`, `{"user": {"lastName": null}}`, `{"user": null}`,
		`{"user": {"lastName": "Smith"}}`, `{"user": {"lastName": "O'Hara"}}`,
	} {
		r := load.Get(strings.Repeat("x", i))
		s.Answers[r.ID()] = []byte(body)
		gets = append(gets, r)
	}
	if got, err := s.words(gets); err != nil || !slices.Equal(got, []string{"smith"}) {
		t.Errorf("%q, %v", got, err)
	}
}
