package directory

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// What to do again, as a failure of TestRosterIsWhatPlainSQLSays says it:
//
//	go test ./internal/directory -run 'TestRosterIsWhatPlainSQLSays$/sqlite' -count 1 -oracle.seed 7 -oracle.count 10000
var (
	oracleSeed  = flag.Uint64("oracle.seed", 1, "the seed of the first walk of TestRosterIsWhatPlainSQLSays")
	oracleCount = flag.Int("oracle.count", 0,
		"how many answers TestRosterIsWhatPlainSQLSays compares on each database (0: 4,000, 1,800 with -short, or 500,000 with PASSMUSTER_SOAK)")
)

const (
	oracleSlice = 4_000
	oracleShort = 1_800
	oracleSoak  = 500_000

	// walkLength is how many answers one walk compares. A walk begins with a
	// company of its own, so that the company stays small and a difference is
	// found again in seconds.
	walkLength = 10_000
	// walkPeople is how many people a walk begins with, and walkMost how many
	// its company may have.
	walkPeople, walkMost = 60, 180
)

func oracleAnswers() int {
	switch {
	case *oracleCount > 0:
		return *oracleCount
	case os.Getenv("PASSMUSTER_SOAK") != "":
		return oracleSoak
	case testing.Short():
		return oracleShort
	}
	return oracleSlice
}

// Whatever was written, through whichever handle: what the roster answers is
// what the plain SQL of the lists answers in one snapshot at the roster's
// position. Each walk asks for every filter with every sort, and for much else
// at random.
func TestRosterIsWhatPlainSQLSays(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			var compared, writes atomic.Int64
			t.Cleanup(func() {
				t.Logf("%s: %d answers compared, between %d transactions that wrote, from seed %d",
					dialect, compared.Load(), writes.Load(), *oracleSeed)
			})
			answers := oracleAnswers()
			walks := (answers + walkLength - 1) / walkLength
			for i := range walks {
				seed := *oracleSeed + uint64(i)
				t.Run(fmt.Sprint(seed), func(t *testing.T) {
					t.Parallel()
					w := newWalk(t, storetest.New(t, dialect), seed)
					w.run((answers + walks - 1) / walks)
					compared.Add(int64(w.compared))
					writes.Add(int64(w.writes))
				})
			}
		})
	}
}

// walk is a random walk over one database: changes, and questions between them.
type walk struct {
	*testing.T

	ctx     context.Context
	rng     *rand.Rand
	seed    uint64
	dialect string
	handles [2]*handle

	known  known
	donors *storetest.Company // whose facts others take on
	queue  []question         // what has to be asked once, shuffled
	recent []question         // what was asked lately, to be asked again after changes
	bites  map[string]int     // how often a filter alone selected some and not all

	compared, writes int
}

// handle is a database opened once, with its own memory of it.
type handle struct {
	db *store.DB
	*Service
}

// question is one thing to ask in a snapshot.
type question func(w *walk, s *session)

// session is one snapshot, and a roster that holds what the snapshot does.
type session struct {
	r    *store.Reader
	h    *handle
	at   *listsAt
	rows *rows // nil: not read yet
}

func newWalk(t *testing.T, d storetest.Database, seed uint64) *walk {
	t.Helper()
	w := &walk{
		T: t, ctx: t.Context(), seed: seed, dialect: d.Dialect,
		rng:    rand.New(rand.NewPCG(seed, 3)),
		donors: storetest.NewCompany(seed+1_000_000, 40),
		bites:  map[string]int{},
	}
	for i := range w.handles {
		// Half of the companies have the checks that they are given, which are as
		// different as can be; in the others they follow from the facts.
		w.handles[i] = w.handle(d.OpenWith(t, store.Options{ChecksAsGiven: seed%2 == 0}))
	}
	company := storetest.NewCompany(seed, walkPeople)
	company.Load(t, w.handles[0].db)
	w.known = knownOf(company)
	w.queue = systematic()
	w.rng.Shuffle(len(w.queue), func(i, j int) { w.queue[i], w.queue[j] = w.queue[j], w.queue[i] })
	return w
}

func (w *walk) handle(db *store.DB) *handle {
	return &handle{db, New(db, Options{Encoders: plainEncoders()})}
}

// run compares at least n answers.
func (w *walk) run(n int) {
	w.Helper()
	for w.compared < n {
		w.change()
		w.ask(24)
	}
	if len(w.queue) > 0 {
		w.Errorf("%d of the filters with sorts were not asked for: %d answers are too few", len(w.queue), n)
	}
	for _, name := range mustBite() {
		if w.bites[name] == 0 {
			w.Errorf("seed %d: the filter %q never selected some and not all", w.seed, name)
		}
	}
	v, err := w.handles[0].db.Verify(w.ctx, nil)
	if err != nil || len(v.Problems) > 0 {
		w.Errorf("seed %d: after the walk: %v %v", w.seed, v.Problems, err)
	}
}

// ask asks so many questions in one snapshot.
func (w *walk) ask(n int) {
	w.Helper()
	h := w.handles[w.rng.IntN(len(w.handles))]
	if w.rng.IntN(60) == 0 { // one that begins with what is there now
		fresh := w.handle(h.db)
		*h = *fresh
	}
	at, err := h.lists.at(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	err = h.db.Read(w.ctx, func(r *store.Reader) error {
		pos, err := r.Position(w.ctx)
		if err != nil {
			return err
		}
		if at.pos != pos {
			w.Fatalf("seed %d, %s: the roster holds position %d, the snapshot %d", w.seed, w.dialect, at.pos, pos)
		}
		if err := w.known.follow(w.ctx, r, pos); err != nil {
			return err
		}
		s := &session{r: r, h: h, at: at}
		for range n {
			w.next()(w, s)
		}
		return nil
	})
	if err != nil {
		w.Fatalf("seed %d, %s: %v", w.seed, w.dialect, err)
	}
}

// next draws the next question.
func (w *walk) next() question {
	switch n := w.rng.IntN(20); {
	case n < 13 && len(w.queue) > 0:
		q := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		return q
	case n >= 18:
		return w.aside()
	case n == 17:
		return standing
	case n >= 8 && len(w.recent) > 0:
		return w.recent[w.rng.IntN(len(w.recent))]
	}
	return w.draw()
}

// again remembers a question. Those that are remembered are fewer than the lists
// that a roster keeps, so that what is asked again is a list that changes have
// been made in.
func (w *walk) again(q question) {
	const most = 40
	if len(w.recent) < most {
		w.recent = append(w.recent, q)
		return
	}
	w.recent[w.rng.IntN(most)] = q
}

// compare counts an answer, and ends the test if it is not what the rows say.
func (w *walk) compare(s *session, same bool, what string, asked, got, want any) {
	w.Helper()
	w.compared++
	if same {
		return
	}
	text, err := json.Marshal(asked)
	if err != nil {
		w.Fatal(err)
	}
	w.Fatalf(`%s, seed %d, answer %d, position %d: the roster does not say what the rows say
asked:  %s %s
roster: %v
rows:   %v
again:  go test ./internal/directory -run 'TestRosterIsWhatPlainSQLSays$/%s' -count 1 -oracle.seed %d -oracle.count %d`,
		w.dialect, w.seed, w.compared, s.at.pos, what, text, got, want, w.dialect, w.seed, walkLength)
}

// listed is a page of a list and how many are on all pages.
type listed[ID ~int64] struct {
	IDs   []ID
	Total int64
}

func (a listed[ID]) equal(b listed[ID]) bool { return a.Total == b.Total && slices.Equal(a.IDs, b.IDs) }

// must gives an answer, or ends the test.
func must[ID ~int64](w *walk, ids []ID, total int64, err error) listed[ID] {
	w.Helper()
	if err != nil {
		w.Fatalf("seed %d, %s: %v", w.seed, w.dialect, err)
	}
	return listed[ID]{ids, total}
}

// everything is a page that everything fits on.
var everything = workforce.Page{Number: 1, Limit: 1 << 40}

// cut gives one page of a list.
func cut[ID ~int64](all []ID, p workforce.Page) listed[ID] {
	total := int64(len(all))
	start := min(p.Offset(), total)
	return listed[ID]{all[start:min(total, start+min(p.Limit, total))], total}
}
