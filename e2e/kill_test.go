package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	killSeed    = 20250701
	killWriters = 16
)

// kills is how often the server is killed on each database: a slice of the
// real thing unless somebody has the time.
func kills() int {
	if os.Getenv("PASSMUSTER_SOAK") != "" {
		return 50
	}
	return 3
}

// A write that was acknowledged survives the death of the program, whatever it
// was doing; one that was not acknowledged is there whole or not at all; and
// the change log has a row for each that is there.
func TestKillLosesNoAcknowledgedWrite(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			began := db.verify(t).Changes
			rng := rand.New(rand.NewPCG(killSeed, uint64(len(d))))
			writers := newWriters(t, db)
			var acknowledged, pending int64
			for range kills() {
				s := serve(t, db)
				lost := readBack(t, s.as(db.key), writers)
				if lost > 0 {
					t.Fatalf("%d acknowledged writes are lost", lost)
				}
				a, p := writeUntilKilled(t, s, db.key, writers, 40+rng.Int64N(300), time.Duration(rng.IntN(3000))*time.Microsecond)
				acknowledged, pending = acknowledged+a, pending+p
				changes := db.verify(t).Changes
				if least := began + acknowledged; changes < least || changes > least+pending {
					t.Fatalf("the log has %d changes after %d acknowledged and %d unanswered writes; it began with %d",
						changes, acknowledged, pending, began)
				}
			}
			lost := readBack(t, serve(t, db).as(db.key), writers)
			t.Logf("%s: seed %d, %d kills, %d acknowledged writes, %d unanswered, %d lost",
				d, killSeed, kills(), acknowledged, pending, lost)
			if lost > 0 {
				t.Errorf("%d acknowledged writes are lost", lost)
			}
		})
	}
}

// writer writes to three records of its own, so that the order of their writes
// is known.
type writer struct {
	number  int
	turn    int // counts up over all kills, so that every value is new
	records []*tracked
}

// tracked is a record with what is known of it.
type tracked struct {
	read    string // the path of a list or record that shows it
	nested  string // where in that answer it stands
	write   func(w *writer, now map[string]any) intent
	now     map[string]any // as last acknowledged
	pending *intent        // a write that was never answered
}

// intent is a write and how to tell that it was done.
type intent struct {
	call   call
	member string // a path in the record
	want   string // as Go prints it; "" is anything but null
}

func (i intent) done(record map[string]any) bool {
	v, err := dig(record, i.member)
	if err != nil {
		return false // of an account that belongs to nobody
	}
	return fmt.Sprint(v) == i.want || i.want == "" && v != nil
}

// newWriters gives each writer a person and an account of each kind.
func newWriters(t *testing.T, db database) []*writer {
	t.Helper()
	c := serve(t, db).as(db.key)
	var out []*writer
	people := c.get(t, "/public/personnel?employmentStatuses[]=ALL_CURRENT_PERSONNEL&limit=50").ids(t)
	accounts := map[string][]any{}
	for _, kind := range []string{"infrastructure", "version-control"} {
		accounts[kind] = c.get(t, "/public/user-identities/"+kind+"?limit=50&sort=CONNECTED_AT").list(t, "data")
	}
	for n := range killWriters {
		w := &writer{number: n, records: []*tracked{{
			read: fmt.Sprintf("/public/personnel/%d", people[n]), write: (*writer).status,
		}}}
		for _, kind := range []string{"infrastructure", "version-control"} {
			write := (*writer).service
			if kind == "version-control" {
				write = (*writer).link
			}
			identity := fmt.Sprint(member(t, accounts[kind][n], "identityId"))
			w.records = append(w.records, &tracked{
				read: "/public/user-identities/" + kind + "?q=" + identity, nested: "data.0", write: write,
			})
		}
		out = append(out, w)
	}
	return out
}

// status changes the reason for which a person is out of scope, or the start
// date, to one never given before.
func (w *writer) status(now map[string]any) intent {
	path := fmt.Sprintf("/public/personnel/%v", now["id"])
	if w.turn%2 == 0 {
		day := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, w.turn).Format(time.DateOnly)
		return intent{put(path+"/contract-dates", `{"startDate":"`+day+`"}`), "startDate", day}
	}
	reason := fmt.Sprintf("writer %d turn %d", w.number, w.turn)
	return intent{put(path+"/status", `{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"`+reason+`"}`), "notHumanReason", reason}
}

// service changes why an account is a service account.
func (w *writer) service(now map[string]any) intent {
	reason := fmt.Sprintf("writer %d turn %d", w.number, w.turn)
	path := fmt.Sprintf("/public/user-identities/infrastructure/%v/service-account", now["id"])
	return intent{put(path, `{"serviceAccount":true,"serviceAccountReason":"`+reason+`"}`), "serviceAccountReason", reason}
}

// link gives an account to the next user, or turns an access on or off.
func (w *writer) link(now map[string]any) intent {
	path := fmt.Sprintf("/public/user-identities/version-control/%v", now["id"])
	if w.turn%2 == 0 {
		user := 1 + (w.turn*7)%demoPeople
		if v, err := dig(now, "user.id"); err == nil && fmt.Sprint(v) == fmt.Sprint(user) {
			user++ // theirs already, which would change nothing
		}
		return intent{put(path+"/connect", fmt.Sprintf(`{"userId":%d}`, user)), "user.id", fmt.Sprint(user)}
	}
	on, want := true, ""
	if now["writeAccess"] != nil {
		on, want = false, "<nil>"
	}
	return intent{put(path+"/toggle", fmt.Sprintf(`{"toggle":%v,"toggleField":"VERSION_CONTROL_WRITE_ACCESS"}`, on)), "writeAccess", want}
}

// readBack reads every record after a restart, and counts those that are not as
// they were acknowledged, or one unanswered write later.
func readBack(t *testing.T, c client, writers []*writer) (lost int) {
	t.Helper()
	for _, w := range writers {
		for _, r := range w.records {
			a := c.get(t, r.read)
			found := a.json(t)
			if r.nested != "" {
				found = a.at(t, r.nested)
			}
			record, ok := found.(map[string]any)
			if !ok {
				t.Fatalf("%s is not a record: %v", r.read, found)
			}
			switch {
			case r.now == nil, reflect.DeepEqual(record, r.now):
			case r.pending != nil && r.pending.done(record) && fmt.Sprint(record["updatedAt"]) >= fmt.Sprint(r.now["updatedAt"]):
			default:
				lost++
				t.Errorf("%s, updated %v, was acknowledged as of %v; unanswered: %v", r.read, record["updatedAt"], r.now["updatedAt"], r.pending)
			}
			r.now, r.pending = record, nil
		}
	}
	return lost
}

// writeUntilKilled lets all writers write at once and kills the server a moment
// after so many acknowledged writes. It gives how many were acknowledged and
// how many never answered.
func writeUntilKilled(
	t *testing.T, s *server, key string, writers []*writer, after int64, moment time.Duration,
) (acknowledged, pending int64) {
	t.Helper()
	var acks, open atomic.Int64
	due := make(chan struct{})
	var once sync.Once
	var all sync.WaitGroup
	for _, w := range writers {
		all.Go(func() {
			c := s.as(key)
			for w.write(t, c, &open) {
				if acks.Add(1) == after {
					once.Do(func() { close(due) })
				}
			}
		})
	}
	select {
	case <-due:
	case <-time.After(patience):
		t.Errorf("only %d writes in a minute", acks.Load())
	}
	<-time.After(moment)
	s.kill(t)
	all.Wait()
	return acks.Load(), open.Load()
}

// write makes the writer's next write; false means that it was not answered.
func (w *writer) write(t *testing.T, c client, open *atomic.Int64) bool {
	t.Helper()
	r := w.records[w.turn%len(w.records)]
	next := r.write(w, r.now)
	w.turn++
	r.pending = &next
	a, err := c.try(next.call)
	if err != nil {
		open.Add(1)
		return false
	}
	if a.status != http.StatusOK {
		t.Errorf("%s: %d\n%.300s", next.call, a.status, a.body)
		return false
	}
	parsed, err := a.parse() // not a.json: this is not the test's goroutine
	now, ok := parsed.(map[string]any)
	if err != nil || !ok || !next.done(now) {
		t.Errorf("%s: acknowledged, but %s is not %q", next.call, next.member, next.want)
	}
	r.now, r.pending = now, nil
	return true
}
