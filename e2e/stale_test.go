package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"sync"
	"testing"
)

// staleRounds is how many writes are looked for on the other server: a slice
// of the real thing unless somebody has the time.
func staleRounds() int {
	if os.Getenv("PASSMUSTER_SOAK") != "" {
		return 10_000
	}
	return 240
}

// What one server has acknowledged, every other server of the same database
// serves from the next request on: by number, in lists and their totals, nested
// in other records, and by both versions.
func TestNoServerIsStale(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			key := db.newKey(t, "--scope", "all", "--name", "stale")
			servers := []client{serve(t, db).as(key), serve(t, db).as(key)}
			const workers = 4
			var all sync.WaitGroup
			for w := range workers {
				all.Go(func() {
					r := rand.New(rand.NewPCG(1, uint64(w)))
					for i := range staleRounds() / workers {
						writer := r.IntN(2)
						g := staleGame{
							writer: servers[writer], reader: servers[1-writer], dice: r,
							// Each worker has records of its own.
							id: int64(1 + w + workers*r.IntN(20)),
						}
						if err := g.play(); err != nil {
							t.Errorf("worker %d, round %d: %v", w, i, err)
							return
						}
					}
				})
			}
			all.Wait()
		})
	}
}

// staleGame is one write on one server and what the other says after it.
type staleGame struct {
	writer, reader client
	dice           *rand.Rand
	id             int64 // of a personnel record, and of an account
}

func (g staleGame) play() error {
	switch g.dice.IntN(3) {
	case 0:
		return g.status()
	case 1:
		return g.access()
	default:
		return g.link()
	}
}

// write makes a change and gives the record as it was acknowledged.
func (g staleGame) write(path, body string) (any, error) {
	a, err := g.writer.try(put(path, body))
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusOK {
		return nil, fmt.Errorf("PUT %s %s: %d %s", path, body, a.status, a.body)
	}
	return a.parse()
}

// same reads from the other server and compares what stands at the path.
func (g staleGame) same(path, at string, want any) error {
	a, err := g.reader.try(get(path))
	if err != nil {
		return err
	}
	v, err := a.parse()
	if err != nil {
		return err
	}
	got, err := dig(v, at)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Errorf("GET %s: %s is %v (%v) after %v was acknowledged elsewhere", path, at, got, err, want)
	}
	return nil
}

var staleStatuses = []string{"CURRENT_EMPLOYEE", "CURRENT_CONTRACTOR", "OUT_OF_SCOPE"}

func (g staleGame) status() error {
	status := staleStatuses[g.dice.IntN(len(staleStatuses))]
	rec, err := g.write(fmt.Sprintf("/public/personnel/%d/status", g.id),
		fmt.Sprintf(`{"employmentStatus": %q, "notHumanReason": "a robot"}`, status))
	if err != nil {
		return err
	}
	email, err := dig(rec, "user.email")
	if err != nil {
		return err
	}
	user, err := dig(rec, "user.id")
	if err != nil {
		return err
	}
	list := "/public/personnel?limit=1&email=" + url.QueryEscape(fmt.Sprint(email))
	for _, s := range staleStatuses {
		total := 0
		if s == status {
			total = 1
		}
		if err := g.same(list+"&employmentStatus="+s, "total", total); err != nil {
			return err
		}
	}
	if err := g.same(list, "data.0.employmentStatus", status); err != nil {
		return err
	}
	if err := g.same(fmt.Sprintf("/public/personnel/%d", g.id), "employmentStatus", status); err != nil {
		return err
	}
	return g.same(fmt.Sprintf("/public/v2/users/%v?expand[]=personnel", user), "personnel.employmentStatus", status)
}

// account finds the account in its list.
func (g staleGame) account(rec any) (string, error) {
	identity, err := dig(rec, "identityId")
	return "/public/user-identities/infrastructure?limit=1&q=" + url.QueryEscape(fmt.Sprint(identity)), err
}

func (g staleGame) access() error {
	on := g.dice.IntN(2) == 0
	rec, err := g.write(fmt.Sprintf("/public/user-identities/infrastructure/%d/toggle", g.id),
		fmt.Sprintf(`{"toggle": %t, "toggleField": "INFRASTRUCTURE_ADMIN_ACCESS"}`, on))
	if err != nil {
		return err
	}
	since, err := dig(rec, "adminAccess")
	if err != nil {
		return err
	}
	list, err := g.account(rec)
	if err != nil {
		return err
	}
	return g.same(list, "data.0.adminAccess", since)
}

func (g staleGame) link() error {
	user := 1 + g.dice.IntN(40)
	// A service account belongs to nobody, until it is put back.
	if _, err := g.write(fmt.Sprintf("/public/user-identities/infrastructure/%d/service-account", g.id),
		`{"serviceAccount": false, "serviceAccountReason": "it is a person's"}`); err != nil {
		return err
	}
	rec, err := g.write(fmt.Sprintf("/public/user-identities/infrastructure/%d/connect", g.id), fmt.Sprintf(`{"userId": %d}`, user))
	if err != nil {
		return err
	}
	list, err := g.account(rec)
	if err != nil {
		return err
	}
	return g.same(list, "data.0.user.id", user)
}
