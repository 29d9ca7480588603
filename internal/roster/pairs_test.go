package roster_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/roster"
	"github.com/passmuster/passmuster/internal/workforce"
)

// crowd is a company that is large enough for lists of several chunks and for
// sorts that do not compare, with many equal and absent keys.
func crowd(d *rand.Rand, people int) workforce.Listed {
	all := bigCompany(people)
	for i := range all.People {
		blur(d, &all.People[i])
	}
	for i := range all.Accounts {
		blurAccount(d, &all.Accounts[i])
	}
	d.Shuffle(len(all.People), func(i, j int) { all.People[i], all.People[j] = all.People[j], all.People[i] })
	return all
}

// blur makes keys of a person equal to those of others, or absent.
func blur(d *rand.Rand, p *workforce.ListedPerson) {
	pick := func() string { return words[d.IntN(len(words))] }
	if d.IntN(2) == 0 {
		p.FirstKey, p.LastKey = pick(), pick()
		p.NameKey = p.FirstKey + p.LastKey
	}
	if d.IntN(2) == 0 {
		p.StartDate, p.Devices.OSVersionKey, p.Devices.SerialNumberKey, p.Devices.AppsCount = "", "", pick(), -1
	} else {
		p.SeparationDate, p.Devices.AppsCount = "2026-02-03", int64(d.IntN(3))
	}
	if d.IntN(3) == 0 {
		p.Checks = 0
	}
	p.CreatedAt, p.UpdatedAt = int64(d.IntN(9)), int64(d.IntN(9))
	p.HiredAt = int64(p.UserID) % 100
	p.PersonnelID = 100_000 - p.PersonnelID
	p.ChangedAt = int64(d.IntN(9))
}

func blurAccount(d *rand.Rand, a *workforce.ListedAccount) {
	if d.IntN(2) == 0 {
		a.IdentityKey, a.UsernameKey, a.EmailKey = words[1+d.IntN(len(words)-1)], words[d.IntN(len(words))], ""
	}
	if d.IntN(2) == 0 {
		a.ConnectedAt, a.DBAccessAt = workforce.NoTime, int64(d.IntN(3))
	} else {
		a.WriteAccessAt, a.PushProdAccessAt = int64(d.IntN(3)), a.CreatedAt
	}
	a.ChangedAt = int64(d.IntN(9))
}

// personnelFilters has each filter by itself, and some of all.
func personnelFilters() []workforce.PersonnelQuery {
	yes, no, jamf := workforce.Ptr(true), workforce.Ptr(false), workforce.Ptr(workforce.DeviceSource("JAMF"))
	mfa := workforce.CheckFilter{Type: workforce.CheckIdentityMFA, Compliant: true}
	return []workforce.PersonnelQuery{
		{},
		{Text: "an"},
		{Text: "ann"},
		{Text: "bella"},
		{Email: "anbecor7@example.com"},
		{StatusFiltered: true},
		{EmploymentStatus: workforce.AllEmploymentStatuses[:1]},
		{StatusFiltered: true, EmploymentStatus: workforce.AllEmploymentStatuses[:2]},
		{Checks: []workforce.CheckFilter{mfa}},
		{Checks: []workforce.CheckFilter{{Type: workforce.CheckOffboarding}, mfa, mfa}},
		{DeviceCompliance: yes},
		{DeviceCompliance: no},
		{GroupIDs: []workforce.GroupID{12, 3, 99}},
		{DeviceSource: jamf},
		{NotDeviceSources: []workforce.DeviceSource{"AGENT", "JAMF"}},
		{ChangedSince: 4},
		{
			Text: "a", StatusFiltered: true, EmploymentStatus: workforce.AllEmploymentStatuses, Checks: []workforce.CheckFilter{mfa},
			DeviceCompliance: yes, GroupIDs: []workforce.GroupID{1, 2, 3, 4, 5}, DeviceSource: jamf,
			NotDeviceSources: []workforce.DeviceSource{"AGENT"}, ChangedSince: 2,
		},
	}
}

func accountFilters() []workforce.AccountQuery {
	return []workforce.AccountQuery{
		{},
		{Text: "an"},
		{Text: "@example"},
		{ClientType: workforce.Ptr(workforce.ClientType("AWS"))},
		{ClientType: workforce.Ptr(workforce.ClientType("NO_SUCH"))},
		{ConnectionID: workforce.Ptr(workforce.ConnectionID(2))},
		{UserID: workforce.Ptr(workforce.UserID(7))},
		{UserID: workforce.Ptr(workforce.UserID(1 << 50))},
		{ChangedSince: 4},
		{Text: "a", ClientType: workforce.Ptr(workforce.ClientType("AWS")), ConnectionID: workforce.Ptr(workforce.ConnectionID(1)), ChangedSince: 2},
	}
}

// pages are the places of a list that are looked at: its start, its middle
// across two chunks, its end, and beyond.
func pages(total int) []workforce.Page {
	const limit = 40
	return []workforce.Page{
		{Number: 1, Limit: limit},
		{Number: int64(total/2/limit) + 1, Limit: limit},
		{Number: int64(total/limit) + 1, Limit: limit},
		{Number: 1 << 62, Limit: limit},
		everything,
	}
}

func TestEveryFilterWithEverySort(t *testing.T) {
	t.Parallel()
	const people = 1400
	d := rand.New(rand.NewPCG(11, 12))
	all := crowd(d, people)
	c, plain, searching := newCompany(), roster.New(), roster.NewSearching(1, 20)
	c.apply(all)
	plain.Replace(all)
	searching.Apply(all)
	check := func(t *testing.T) {
		t.Helper()
		for i, sort := range personnelSorts {
			for j, q := range personnelFilters() {
				q.Sort, q.Dir = sort, workforce.AllSortDirs[(i+j)%2]
				found := c.personnel(q)
				for _, q.Page = range pages(len(found)) {
					want := cut(found, q.Page, personnelID)
					for _, r := range []*roster.Roster{plain, searching} {
						ids, total, err := r.Personnel(t.Context(), q)
						same(t, "personnel", q, ids, total, want, len(found), err)
					}
				}
			}
		}
		for i, sort := range accountSorts {
			for j, q := range accountFilters() {
				q.Kind, q.Sort, q.Dir = workforce.AllAccountKinds[i%2], sort, workforce.AllSortDirs[(i+j)%2]
				found := c.list(q)
				for _, q.Page = range pages(len(found)) {
					ids, total, err := plain.Accounts(t.Context(), q)
					same(t, "accounts", q, ids, total, cut(found, q.Page, accountID), len(found), err)
				}
			}
		}
	}
	check(t)
	for range 6 { // and again after changes of some rows, and of whole parts of the index
		var some workforce.Listed
		for range 15 {
			p := all.People[d.IntN(people)]
			blur(d, &p)
			p.PersonnelID, p.HiredAt = 100_000-workforce.PersonnelID(p.UserID), int64(p.UserID)%100
			some.People = append(some.People, p)
			a := all.Accounts[d.IntN(len(all.Accounts))]
			blurAccount(d, &a)
			some.Accounts = append(some.Accounts, a)
		}
		c.apply(some)
		plain.Apply(some)
		searching.Apply(some)
	}
	check(t)
}

// As long as few records change at a time, lists are kept, and right.
func TestListsOutliveChanges(t *testing.T) {
	t.Parallel()
	d := rand.New(rand.NewPCG(21, 22))
	all := crowd(d, 1400)
	c, r := newCompany(), roster.New()
	c.apply(all)
	r.Replace(all)
	var people []workforce.PersonnelQuery
	for i, q := range personnelFilters() {
		q.Sort, q.Dir, q.Page = personnelSorts[i%len(personnelSorts)], workforce.AllSortDirs[i%2], everything
		people = append(people, q)
		c.checkPersonnel(t, r, q)
	}
	accounts := make([]workforce.AccountQuery, 0, len(accountFilters()))
	for i, q := range accountFilters() {
		q.Kind, q.Sort, q.Dir, q.Page = workforce.Infrastructure, "USER", workforce.AllSortDirs[i%2], everything
		accounts = append(accounts, q)
		c.checkAccounts(t, r, q)
	}
	kept := r.Kept()
	for range 30 {
		p, a := all.People[d.IntN(len(all.People))], all.Accounts[d.IntN(len(all.Accounts))]
		blur(d, &p)
		blurAccount(d, &a)
		p.PersonnelID, p.HiredAt = 100_000-workforce.PersonnelID(p.UserID), int64(p.UserID)%100
		some := workforce.Listed{People: []workforce.ListedPerson{p}, Accounts: []workforce.ListedAccount{a}}
		c.apply(some)
		r.Apply(some)
	}
	for _, q := range people {
		c.checkPersonnel(t, r, q)
	}
	for _, q := range accounts {
		c.checkAccounts(t, r, q)
	}
	now := r.Kept()
	if len(now) != len(kept) {
		t.Errorf("%d lists were kept, and now %d", len(kept), len(now))
	}
	for l := range kept {
		if !now[l] {
			t.Errorf("a list was not kept, but made again: %v", l)
		}
	}
}

// A place in a list is good for going on after the record that it names, as
// long as that has the same key, even if it has left the list.
func TestPlacesInChangingLists(t *testing.T) {
	t.Parallel()
	person := func(id int64, name string, status workforce.EmploymentStatus) workforce.ListedPerson {
		return workforce.ListedPerson{
			UserID: workforce.UserID(id), PersonnelID: workforce.PersonnelID(id), NameKey: name, Status: status, HiredAt: id,
		}
	}
	const in, out = workforce.CurrentEmployee, workforce.FormerEmployee
	for name, tt := range map[string]struct {
		sort   workforce.PersonnelSort
		change []workforce.ListedPerson
		want   []workforce.PersonnelID
	}{
		"nothing":                       {"NAME", nil, []workforce.PersonnelID{3, 4}},
		"somebody before":               {"NAME", []workforce.ListedPerson{person(9, "a0", in)}, []workforce.PersonnelID{3, 4}},
		"somebody after":                {"NAME", []workforce.ListedPerson{person(9, "b0", in)}, []workforce.PersonnelID{9, 3, 4}},
		"it left":                       {"NAME", []workforce.ListedPerson{person(2, "b", out)}, []workforce.PersonnelID{3, 4}},
		"it moved up":                   {"NAME", []workforce.ListedPerson{person(2, "z", in)}, []workforce.PersonnelID{4, 2}},
		"all before it left":            {"NAME", []workforce.ListedPerson{person(1, "a", out), person(2, "b", out)}, []workforce.PersonnelID{3, 4}},
		"renamed, by when it was added": {workforce.SortCreated, []workforce.ListedPerson{person(2, "z", out)}, []workforce.PersonnelID{3, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := roster.New()
			r.Replace(workforce.Listed{People: []workforce.ListedPerson{person(1, "a", in), person(2, "b", in), person(3, "c", in), person(4, "d", in)}})
			q := workforce.PersonnelQuery{Sort: tt.sort, StatusFiltered: true, EmploymentStatus: []workforce.EmploymentStatus{in}}
			ids, total, next, err := r.PersonnelAfter(t.Context(), q, nil, 2)
			if err != nil || !slices.Equal(ids, []workforce.PersonnelID{1, 2}) || total != 4 || next == nil || next.ID != 2 || next.Offset != 2 {
				t.Fatalf("the first page: %v of %d, then %+v, %v", ids, total, next, err)
			}
			r.Apply(workforce.Listed{People: tt.change})
			ids, _, next, err = r.PersonnelAfter(t.Context(), q, next, 9)
			if err != nil || !slices.Equal(ids, tt.want) || next != nil {
				t.Errorf("the second page: %v, then %+v, %v, want %v", ids, next, err, tt.want)
			}
		})
	}
}

func TestUnknownSortsAreErrors(t *testing.T) {
	t.Parallel()
	r := roster.New()
	for name, ask := range map[string]func() error{
		"personnel": func() error {
			_, _, err := r.Personnel(t.Context(), workforce.PersonnelQuery{Sort: "SHOE_SIZE"})
			return err
		},
		"personnel facets": func() error { _, err := r.PersonnelFacets(t.Context(), workforce.PersonnelQuery{}); return err },
		"accounts": func() error {
			_, _, err := r.Accounts(t.Context(), workforce.AccountQuery{Kind: workforce.Infrastructure, Sort: "SHOE_SIZE"})
			return err
		},
		"kind of accounts": func() error { _, _, err := r.Accounts(t.Context(), workforce.AccountQuery{Sort: "EMAIL"}); return err },
		"users":            func() error { _, _, err := r.Users(t.Context(), workforce.UserQuery{}); return err },
	} {
		if ask() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Who waits for their turn leaves when nobody wants the answer any more; what is
// at hand needs no turn.
func TestWaitingEnds(t *testing.T) {
	t.Parallel()
	r := roster.New()
	r.Replace(bigCompany(100))
	kept := workforce.PersonnelQuery{Sort: "NAME", Page: everything}
	release := r.Hold()
	if _, total, err := r.Personnel(t.Context(), kept); err != nil || total != 100 {
		t.Errorf("a kept list while somebody is at work: %d, %v", total, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := r.Personnel(ctx, workforce.PersonnelQuery{Sort: "OS_VERSION"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting ended with %v", err)
	}
	if _, _, err := r.Personnel(ctx, kept); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("asking too late ended with %v", err)
	}
	release()
	if _, total, err := r.Personnel(t.Context(), workforce.PersonnelQuery{Sort: "OS_VERSION"}); err != nil || total != 100 {
		t.Errorf("afterwards: %d, %v", total, err)
	}
}

// Many ask while others change records: whoever reads sees each change as a
// whole, and never loses anybody.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const people = 3000
	all := bigCompany(people)
	r := roster.New()
	r.Replace(all)
	var changes, asks sync.WaitGroup
	done := make(chan struct{})
	for n := range 2 {
		changes.Go(func() {
			d := rand.New(rand.NewPCG(uint64(n), 1))
			for range 100 {
				some := workforce.Listed{Accounts: []workforce.ListedAccount{all.Accounts[d.IntN(len(all.Accounts))]}}
				for range 1 + d.IntN(3) {
					some.People = append(some.People, bigPerson(d, 1+d.IntN(people)))
				}
				r.Apply(some)
			}
			r.Replace(all)
		})
	}
	for n := range 4 {
		asks.Go(func() {
			d := rand.New(rand.NewPCG(uint64(n), 2))
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				sort := personnelSorts[d.IntN(len(personnelSorts))]
				ids, total, err := r.Personnel(t.Context(), workforce.PersonnelQuery{Sort: sort, Page: everything})
				if err != nil || total != people || len(ids) != people {
					t.Errorf("by %s: %d of %d, %v", sort, len(ids), total, err)
					return
				}
				yes, err1 := countOf(r, workforce.PersonnelQuery{Sort: sort, Text: fmt.Sprint(i % 50)})
				facets, err2 := r.PersonnelFacets(t.Context(), workforce.PersonnelQuery{Sort: "NAME"})
				accounts, _, err3 := r.Accounts(t.Context(), workforce.AccountQuery{Kind: workforce.VersionControl, Sort: "USER", Page: everything})
				sum := int64(0)
				for _, n := range facets.Statuses {
					sum += n
				}
				if err := errors.Join(err1, err2, err3); err != nil || sum != people || len(accounts) != people || yes > people {
					t.Errorf("%d in facets, %d accounts, %v", sum, len(accounts), err)
					return
				}
			}
		})
	}
	changes.Wait()
	close(done)
	asks.Wait()
	c := newCompany()
	c.apply(all)
	c.checkPersonnel(t, r, workforce.PersonnelQuery{Sort: "FULL_COMPLIANCE", Page: everything})
	c.checkAccounts(t, r, workforce.AccountQuery{Kind: workforce.VersionControl, Sort: "USER", Page: everything})
}

func countOf(r *roster.Roster, q workforce.PersonnelQuery) (int64, error) {
	_, total, err := r.Personnel(context.Background(), q)
	return total, err
}
