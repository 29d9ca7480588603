//go:build unix

package roster_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/roster"
	"github.com/passmuster/passmuster/internal/workforce"
)

// benchPeople is the size of the company that benchmarks ask:
// go test ./internal/roster -run - -bench Roster -people 1000000.
var benchPeople = flag.Int("people", 10_000, "how many people the benchmarks are about")

// names puts together as many names as there are syllables to.
func names(d *rand.Rand, syllables int) string {
	parts := strings.Fields("an be cor da el fin gra ho ira jo kel lu mar ne os pra qui ro sam tor ul vi wen xa yo zim")
	var b strings.Builder
	for range syllables {
		b.WriteString(parts[d.IntN(len(parts))])
	}
	return b.String()
}

// bigCompany is a made-up company, the same for the same size.
func bigCompany(people int) workforce.Listed {
	d := rand.New(rand.NewPCG(1, uint64(people)))
	var all workforce.Listed
	for id := range 12 {
		kind := []workforce.ClientType{"AWS", "GCP", "AZURE", "GITHUB", "GITLAB", "BITBUCKET"}[id%6]
		all.Connections = append(all.Connections, workforce.ListedConnection{
			ID: workforce.ConnectionID(id + 1), ClientType: kind, State: workforce.AllConnectionStates[id%2],
			ClientIDKey: fmt.Sprintf("client-%02d", id), ClientAliasKey: names(d, 3),
		})
	}
	for id := range 20 {
		all.GroupIDs = append(all.GroupIDs, workforce.GroupID(id+1))
	}
	all.People = make([]workforce.ListedPerson, 0, people)
	for i := range people {
		all.People = append(all.People, bigPerson(d, i+1))
	}
	for i, kind := range workforce.AllAccountKinds {
		n := people * []int{14, 10}[i] / 10
		for id := range n {
			all.Accounts = append(all.Accounts, bigAccount(d, kind, id+1, &all.People[d.IntN(people)]))
		}
	}
	return all
}

func bigPerson(d *rand.Rand, id int) workforce.ListedPerson {
	first, last := names(d, 2), names(d, 3)
	created := int64(1_600_000_000_000) + int64(d.IntN(1<<37))
	p := workforce.ListedPerson{
		UserID: workforce.UserID(id), PersonnelID: workforce.PersonnelID(id),
		FirstKey: first, LastKey: last, NameKey: first + " " + last, EmailKey: fmt.Sprintf("%s.%s%d@example.com", first, last, id),
		CreatedAt: created, UpdatedAt: created + int64(d.IntN(1<<34)), HiredAt: created,
		Status:    workforce.AllEmploymentStatuses[min(d.IntN(30), 9)],
		StartDate: workforce.Date(fmt.Sprintf("20%02d-%02d-%02d", 10+d.IntN(16), 1+d.IntN(12), 1+d.IntN(28))),
		GroupIDs:  []workforce.GroupID{workforce.GroupID(1 + d.IntN(10)), workforce.GroupID(11 + d.IntN(10))},
		Devices: workforce.ListedDevices{
			Active: 1, Failing: int32(d.IntN(3) / 2), OSVersionKey: fmt.Sprintf("macos %d.%d", 12+d.IntN(4), d.IntN(8)),
			SerialNumberKey: fmt.Sprintf("c02%08x", d.Uint32()), AppsCount: int64(d.IntN(200)),
		},
	}
	p.Devices.Sources = p.Devices.Sources.With(workforce.AllDeviceSources[d.IntN(5)])
	for _, check := range workforce.AllCheckTypes {
		p.Checks = p.Checks.With(check, workforce.AllCheckStatuses[[]int{1, 1, 1, 1, 2, 2, 0, 3}[d.IntN(8)]])
	}
	return p
}

func bigAccount(d *rand.Rand, kind workforce.AccountKind, id int, owner *workforce.ListedPerson) workforce.ListedAccount {
	created := owner.CreatedAt + int64(d.IntN(1<<34))
	connection := 1 + d.IntN(3) + 6*d.IntN(2)
	if kind == workforce.VersionControl {
		connection += 3
	}
	a := workforce.ListedAccount{
		Kind: kind, ID: workforce.AccountID(id), ConnectionID: workforce.ConnectionID(connection), UserID: owner.UserID,
		IdentityKey: fmt.Sprintf("%s-%08d", names(d, 1), d.IntN(1e8)),
		UsernameKey: owner.FirstKey + "." + owner.LastKey, EmailKey: owner.EmailKey,
		ConnectedAt: created + 1000, CreatedAt: created,
		DisconnectedAt: workforce.NoTime, ServiceAccountAt: workforce.NoTime, AdminAccessAt: workforce.NoTime,
		DBAccessAt: workforce.NoTime, WriteAccessAt: workforce.NoTime, PushProdAccessAt: workforce.NoTime,
	}
	if d.IntN(4) > 0 {
		a.HasMFA = workforce.Ptr(d.IntN(3) > 0)
	}
	if d.IntN(10) == 0 {
		a.UserID, a.ServiceAccountAt = 0, created
	}
	if d.IntN(5) == 0 {
		a.AdminAccessAt, a.DisconnectedAt = created, created+5000
	}
	return a
}

// big is the company of the benchmarks and its roster, made once.
var big = sync.OnceValues(func() (workforce.Listed, *roster.Roster) {
	all := bigCompany(*benchPeople)
	r := roster.New()
	r.Replace(all)
	return all, r
})

// meter reports the processor time of what is between its calls, of the whole
// program: on a busy machine the clock says little.
type meter struct{ sum, from time.Duration }

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (m *meter) start() { m.from = cpuTime() }
func (m *meter) stop()  { m.sum += cpuTime() - m.from }

// timed runs the benchmark's loop; before, if not nil, is not measured.
func timed(b *testing.B, before, do func()) {
	b.Helper()
	var m meter
	if before == nil {
		m.start()
	}
	for b.Loop() {
		if before != nil {
			b.StopTimer()
			before()
			m.start()
			b.StartTimer()
		}
		do()
		if before != nil {
			m.stop()
		}
	}
	if before == nil {
		m.stop()
	}
	b.ReportMetric(float64(m.sum)/float64(b.N), "cpu-ns/op")
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func first(q workforce.PersonnelQuery) workforce.PersonnelQuery {
	q.Page = workforce.Page{Number: 1, Limit: 20}
	if q.Sort == "" {
		q.Sort = "NAME"
	}
	return q
}

// questions are queries of each kind.
func questions() map[string]workforce.PersonnelQuery {
	failing := []workforce.CheckFilter{{Type: workforce.CheckIdentityMFA}, {Type: workforce.CheckBackground}}
	return map[string]workforce.PersonnelQuery{
		"one-filter": first(workforce.PersonnelQuery{DeviceCompliance: workforce.Ptr(true)}),
		"status+checks": first(workforce.PersonnelQuery{
			StatusFiltered: true, EmploymentStatus: workforce.AllEmploymentStatuses[:2], Checks: failing, Sort: "START_DATE",
		}),
		"groups":      first(workforce.PersonnelQuery{GroupIDs: []workforce.GroupID{3, 12}, Sort: "OS_VERSION", Dir: workforce.Descending}),
		"check-sort":  first(workforce.PersonnelQuery{DeviceCompliance: workforce.Ptr(false), Sort: "BG_CHECK"}),
		"two-letters": first(workforce.PersonnelQuery{Text: "xa"}),
		"all-filters": first(workforce.PersonnelQuery{
			Text: "an", StatusFiltered: true, EmploymentStatus: workforce.AllEmploymentStatuses, Checks: failing,
			DeviceCompliance: workforce.Ptr(true), GroupIDs: []workforce.GroupID{1, 2, 3}, DeviceSource: workforce.Ptr(workforce.DeviceSource("JAMF")),
			NotDeviceSources: []workforce.DeviceSource{"AGENT"}, Sort: "SERIAL_NUM",
		}),
	}
}

func BenchmarkRosterRepeated(b *testing.B) {
	_, r := big()
	for name, q := range questions() {
		for _, where := range []string{"first", "deep"} {
			b.Run(name+"/"+where, func(b *testing.B) {
				_, total, err := r.Personnel(b.Context(), q)
				must(b, err)
				if where == "deep" {
					q.Page.Number = total / 40
				}
				b.ReportAllocs()
				timed(b, nil, func() {
					_, _, err := r.Personnel(b.Context(), q)
					must(b, err)
				})
			})
		}
	}
}

// BenchmarkRosterFirst asks what was not asked before: the order is at hand,
// the outcome is not. Log positions make each question a new one.
func BenchmarkRosterFirst(b *testing.B) {
	all, r := big()
	everybody := make(map[workforce.UserID]int64, len(all.People))
	for i := range all.People {
		everybody[all.People[i].UserID] = 1 << 40
	}
	r.SetChanged(everybody, nil) // so that ChangedSince makes a new question and selects everybody
	for name, q := range questions() {
		b.Run(name, func(b *testing.B) {
			_, _, err := r.Personnel(b.Context(), workforce.PersonnelQuery{Sort: q.Sort, Dir: q.Dir})
			must(b, err)
			n := int64(0)
			timed(b, func() { n++ }, func() {
				q.ChangedSince = n
				_, _, err := r.Personnel(b.Context(), q)
				must(b, err)
			})
		})
	}
}

// BenchmarkRosterOrder makes the order of everybody by a sort, which the first
// question of that sort waits for.
func BenchmarkRosterOrder(b *testing.B) {
	all, _ := big()
	for _, sort := range []workforce.PersonnelSort{"NAME", "OS_VERSION", "START_DATE", "FULL_COMPLIANCE", "APPS_COUNT"} {
		b.Run(string(sort), func(b *testing.B) {
			var r *roster.Roster
			timed(b, func() {
				r = roster.New()
				r.Replace(workforce.Listed{People: all.People})
			}, func() {
				_, _, err := r.Personnel(b.Context(), first(workforce.PersonnelQuery{Sort: sort, Dir: workforce.Descending}))
				must(b, err)
			})
		})
	}
}

// BenchmarkRosterSearch looks for texts that were not looked for before.
func BenchmarkRosterSearch(b *testing.B) {
	_, r := big()
	d := rand.New(rand.NewPCG(2, 3))
	for name, term := range map[string]func() string{
		"three":  func() string { return names(d, 2)[:3] },
		"four":   func() string { return names(d, 2)[:4] },
		"name":   func() string { return names(d, 3) },
		"domain": func() string { return "example.com"[d.IntN(3):] },
	} {
		b.Run(name, func(b *testing.B) {
			hits := int64(0)
			var q workforce.PersonnelQuery
			seen := map[string]bool{}
			timed(b, func() {
				for q = first(workforce.PersonnelQuery{Text: term()}); seen[q.Text]; q.Text = term() + "." {
				}
			}, func() {
				_, total, err := r.Personnel(b.Context(), q)
				must(b, err)
				hits += total
			})
			b.ReportMetric(float64(hits)/float64(b.N), "hits/op")
		})
	}
}

func BenchmarkRosterAccounts(b *testing.B) {
	_, r := big()
	d := rand.New(rand.NewPCG(2, 3))
	ask := func(b *testing.B, q workforce.AccountQuery) {
		b.Helper()
		q.Kind, q.Page = workforce.Infrastructure, workforce.Page{Number: 1, Limit: 20}
		_, _, err := r.Accounts(b.Context(), q)
		must(b, err)
	}
	b.Run("repeated", func(b *testing.B) {
		ask(b, workforce.AccountQuery{Sort: "USER", ClientType: workforce.Ptr(workforce.ClientType("AWS"))})
		timed(b, nil, func() {
			ask(b, workforce.AccountQuery{Sort: "USER", ClientType: workforce.Ptr(workforce.ClientType("AWS"))})
		})
	})
	b.Run("search", func(b *testing.B) {
		ask(b, workforce.AccountQuery{Sort: "USERNAME"})
		timed(b, nil, func() { ask(b, workforce.AccountQuery{Sort: "USERNAME", Text: names(d, 3)}) })
	})
	b.Run("of-user", func(b *testing.B) {
		timed(b, nil, func() {
			ask(b, workforce.AccountQuery{Sort: "IDENTITY_ID", UserID: workforce.Ptr(workforce.UserID(d.IntN(*benchPeople) + 1))})
		})
	})
}

// BenchmarkRosterApply changes a person's name and checks while the lists of
// all questions are kept.
func BenchmarkRosterApply(b *testing.B) {
	all, r := big()
	for _, q := range questions() {
		for _, dir := range workforce.AllSortDirs {
			q.Dir = dir
			_, _, err := r.Personnel(b.Context(), q)
			must(b, err)
		}
	}
	d := rand.New(rand.NewPCG(5, 6))
	b.Run("person", func(b *testing.B) {
		timed(b, nil, func() {
			r.Apply(workforce.Listed{People: []workforce.ListedPerson{bigPerson(d, 1+d.IntN(*benchPeople))}})
		})
	})
	b.Run("account", func(b *testing.B) {
		timed(b, nil, func() {
			owner := &all.People[d.IntN(*benchPeople)]
			r.Apply(workforce.Listed{Accounts: []workforce.ListedAccount{bigAccount(d, workforce.Infrastructure, 1+d.IntN(*benchPeople), owner)}})
		})
	})
}

func BenchmarkRosterFacets(b *testing.B) {
	all, r := big()
	q := questions()["one-filter"]
	accounts := workforce.AccountQuery{Kind: workforce.Infrastructure, Sort: "USERNAME"}
	change := workforce.Listed{People: all.People[:1]}
	b.Run("personnel", func(b *testing.B) {
		timed(b, func() { r.Apply(change) }, func() { // so that they are counted again
			_, err := r.PersonnelFacets(b.Context(), q)
			must(b, err)
		})
	})
	b.Run("accounts", func(b *testing.B) {
		timed(b, func() { r.Apply(change) }, func() {
			_, err := r.AccountFacets(b.Context(), accounts)
			must(b, err)
		})
	})
}

// BenchmarkRosterLoad takes all records; MB is what stays on the heap with an
// order for each sort asked for, as far as they are kept.
func BenchmarkRosterLoad(b *testing.B) {
	all, _ := big()
	var before, after runtime.MemStats
	var r *roster.Roster
	timed(b, func() {
		r = nil
		runtime.GC()
		runtime.ReadMemStats(&before)
	}, func() {
		r = roster.New()
		r.Replace(all)
	})
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-loaded")
	fillCaches(b.Context(), b, r)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-full")
	runtime.KeepAlive(r)
}

func fillCaches(ctx context.Context, tb testing.TB, r *roster.Roster) {
	tb.Helper()
	for _, sort := range workforce.AllPersonnelSorts {
		_, _, err := r.Personnel(ctx, first(workforce.PersonnelQuery{Sort: sort}))
		must(tb, err)
	}
	for _, sort := range slices.Concat(workforce.AllInfrastructureSorts, workforce.AllVersionControlSorts) {
		for _, kind := range workforce.AllAccountKinds {
			_, _, err := r.Accounts(ctx, workforce.AccountQuery{Kind: kind, Sort: sort, Page: workforce.Page{Number: 1, Limit: 20}})
			must(tb, err)
		}
	}
}
