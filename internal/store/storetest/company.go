package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Company is a small made-up company that is meant to be awkward, not
// believable: few different values, so that sort keys tie and filters overlap,
// every optional field absent now and then, and text that is hard to compare.
// It is filled by reflection, so that a field that is added is tested without
// anybody thinking of it.
type Company struct {
	Workspaces  []workforce.Workspace
	Groups      []workforce.Group
	Connections []workforce.Connection
	People      []workforce.NewPerson
	Accounts    []workforce.Account
	Policies    []workforce.Policy
	Exclusions  []workforce.Exclusion
	Apps        map[workforce.DeviceID][]workforce.App
	Keys        []workforce.APIKey
}

// Cause is what tests write under.
var Cause = store.Cause{Actor: store.ActorCLI, Cause: "test"}

// NewCompany makes up a company with as many people as given, the same for the
// same seed.
func NewCompany(seed uint64, people int) *Company {
	g := &filler{rng: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // the same seed must give the same company
	c := &Company{}
	for i := range 4 {
		w := filled[workforce.Workspace](g)
		c.Workspaces = append(c.Workspaces, w)
		grp := filled[workforce.Group](g)
		grp.Name = fmt.Sprintf("Group %d", i)
		c.Groups = append(c.Groups, grp)
	}
	for i := range 6 {
		conn := filled[workforce.Connection](g)
		conn.ClientType = []workforce.ClientType{"AWS", "GITHUB", "GOOGLE", "AWS", "GITLAB", "BAMBOO_HR"}[i]
		conn.WorkspaceIDs = pick(g, workforce.WorkspaceID(1), 2, 3)
		c.Connections = append(c.Connections, conn)
	}
	for i := range people {
		c.People = append(c.People, g.person(i))
	}
	for i := range people * 2 {
		c.Accounts = append(c.Accounts, g.account(i, people))
	}
	for i := range 3 {
		k := filled[workforce.APIKey](g)
		k.Hash = fmt.Appendf(nil, "hash %032d", i)
		k.Scopes = []workforce.Scope{workforce.ScopeAllRead, workforce.ScopePersonnelDates}
		k.LastUsedAt = nil
		if i == 0 {
			k.Allow = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
		}
		c.Keys = append(c.Keys, k)
	}
	evidence, devices := apart(seed), 0
	for i := range c.People {
		c.People[i].Acknowledgements = evidence.acknowledgements()
		devices += len(c.People[i].Devices)
	}
	c.Policies, c.Exclusions, c.Apps = evidence.policies(), evidence.exclusions(people), evidence.apps(devices)
	return c
}

// Load puts the company into an empty database, in one transaction.
func (c *Company) Load(tb testing.TB, db *store.DB) {
	tb.Helper()
	if err := db.Write(tb.Context(), Cause, func(tx *store.Tx) error { return c.load(tb.Context(), tx) }); err != nil {
		tb.Fatalf("loading the company: %v", err)
	}
}

func (c *Company) load(ctx context.Context, tx *store.Tx) error {
	for _, step := range []func() error{
		func() error { return tx.CreateWorkspaces(ctx, c.Workspaces) },
		func() error { return tx.CreateGroups(ctx, c.Groups) },
		func() error { return tx.CreateConnections(ctx, c.Connections) },
		func() error { return c.loadPolicies(ctx, tx) },
		func() error { return tx.CreatePeople(ctx, c.People) },
		func() error { return tx.CreateAccounts(ctx, c.Accounts) },
		func() error { return c.loadEvidence(ctx, tx) },
		func() error {
			// Connections name users, who name connections: they are joined last.
			for i := range c.Connections {
				if i%2 == 0 && len(c.People) > 0 {
					before := c.Connections[i]
					c.Connections[i].UserID = workforce.Ptr(c.People[i%len(c.People)].User.ID)
					if err := tx.UpdateConnection(ctx, before, c.Connections[i]); err != nil {
						return err
					}
				}
			}
			return nil
		},
		func() error {
			for i := range c.Keys {
				if err := tx.CreateKey(ctx, &c.Keys[i]); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// Person gives the data of one person with the number in their e-mail: someone
// for tests that need a person and do not care who.
func Person(n int) workforce.NewPerson {
	return (&filler{rng: rand.New(rand.NewPCG(uint64(n), 2)), lonely: true}).person(n) //nolint:gosec // the same number must give the same person
}

// filler fills values with made-up ones.
type filler struct {
	rng    *rand.Rand
	lonely bool // refer to no group and no connection
}

func (g *filler) person(i int) workforce.NewPerson {
	p := workforce.NewPerson{User: filled[workforce.User](g), Personnel: filled[workforce.Personnel](g)}
	p.User.EntryID = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	p.User.Email = fmt.Sprintf("Person.%d@Example.com", i)
	p.User.Roles = some(g, workforce.AllRoles[:4])
	g.fitPersonnel(&p.Personnel)
	for _, t := range workforce.AllCheckTypes {
		c := filled[workforce.Check](g)
		c.Type = t
		p.Checks = append(p.Checks, c)
	}
	for range g.rng.IntN(2) {
		p.BackgroundChecks = append(p.BackgroundChecks, filled[workforce.BackgroundCheck](g))
	}
	for range g.rng.IntN(3) {
		p.Documents = append(p.Documents, filled[workforce.Document](g))
	}
	for range g.rng.IntN(4) {
		p.Devices = append(p.Devices, g.device())
	}
	p.Trainings = apart(uint64(i)).trainings()
	if g.lonely {
		return p
	}
	for j := range g.rng.IntN(3) {
		id := filled[workforce.Identity](g)
		id.ConnectionID, id.IdentityID = workforce.ConnectionID(3+3*(j%2)), fmt.Sprintf("i-%d-%d", i, j)
		p.Identities = append(p.Identities, id)
	}
	p.GroupIDs = pick(g, workforce.GroupID(3), 1, 2)
	if g.rng.IntN(3) > 0 {
		s := filled[workforce.SourceRecord](g)
		s.ConnectionID, s.ExternalID, s.Facts = 6, fmt.Sprintf("s-%d", i), filled[workforce.SourceFacts](g)
		p.Sources = append(p.Sources, s)
	}
	return p
}

// fitPersonnel keeps a made-up record within the invariants.
func (g *filler) fitPersonnel(p *workforce.Personnel) {
	if p.EmploymentStatus == workforce.OutOfScope && p.NotHumanReason == nil {
		p.NotHumanReason = workforce.Ptr("a printer")
	}
	if p.StartDate != nil && p.SeparationDate != nil && p.SeparationDate.Before(*p.StartDate) {
		p.StartDate, p.SeparationDate = p.SeparationDate, p.StartDate
	}
	p.Pins = nil
	for _, f := range workforce.AllPinFields {
		if g.rng.IntN(4) == 0 || f == workforce.PinEmploymentStatus && p.StatusUpdatedAt != nil {
			pin := filled[workforce.Pin](g)
			pin.Field = f
			p.Pins = append(p.Pins, pin)
		}
	}
}

func (g *filler) device() workforce.Device {
	d := filled[workforce.Device](g)
	for _, t := range some(g, workforce.AllDeviceCheckTypes) {
		c := workforce.DeviceCheck{Check: filled[workforce.Check](g)}
		c.Type = t
		d.Checks = append(d.Checks, c)
	}
	for range g.rng.IntN(2) {
		d.Identifiers = append(d.Identifiers, filled[workforce.DeviceIdentifier](g))
		d.Documents = append(d.Documents, filled[workforce.DeviceDocument](g))
	}
	return d
}

func (g *filler) account(i, people int) workforce.Account {
	a := filled[workforce.Account](g)
	a.Kind = workforce.AllAccountKinds[i%2]
	a.ConnectionID = []workforce.ConnectionID{1, 2, 4, 5}[i%4]
	a.IdentityID = fmt.Sprintf("%s %d", g.text(), i)
	user := func() *workforce.UserID {
		if people == 0 || g.rng.IntN(3) == 0 {
			return nil
		}
		return workforce.Ptr(workforce.UserID(1 + g.rng.IntN(people)))
	}
	a.UserID = user()
	a.ServiceAccountByUserID = nil
	if a.ServiceAccountAt != nil {
		a.UserID, a.ServiceAccountReason, a.ServiceAccountByUserID = nil, workforce.Ptr("runs the backups"), user()
	}
	return a
}

func filled[T any](g *filler) T {
	var v T
	g.fill(reflect.ValueOf(&v).Elem())
	return v
}

// fill sets every field that is a fact. Numbers of records and lists of parts
// are left out: they are set by who knows what exists.
func (g *filler) fill(v reflect.Value) {
	if values := enumOf(v.Type()); values != nil {
		v.SetString(values[g.rng.IntN(len(values))])
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(g.time()))
		return
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage([]string{"", `"off <b>"`, `{"why":["é",1.50]}`, `false`}[g.rng.IntN(4)])))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			g.fill(field)
		}
	case reflect.Pointer:
		if g.rng.IntN(3) > 0 && !isID(v.Type().Elem()) {
			v.Set(reflect.New(v.Type().Elem()))
			g.fill(v.Elem())
		}
	case reflect.String:
		v.SetString(g.text())
	case reflect.Int64:
		if !isID(v.Type()) {
			v.SetInt(g.rng.Int64N(4))
		}
	case reflect.Bool:
		v.SetBool(g.rng.IntN(2) == 0)
	case reflect.Slice:
	default:
		panic("storetest: no idea how to fill a " + v.Type().String())
	}
}

// isID tells the named numbers of records from quantities.
func isID(t reflect.Type) bool {
	return t.Kind() == reflect.Int64 && t.PkgPath() != ""
}

// text is text that is easily compared wrongly: by case, by locale, by width,
// or as a pattern.
func (g *filler) text() string {
	all := []string{
		"Z", "a", "é", "e\u0301", "Ångström", "O'Brien", "Straße", "STRASSE", "İstanbul", "ılık", "山田 太郎", "Ωmega", "ώ",
		"100%", "under_score", `back\slash`, "a b", "aB", "", "zebra", "\u2126", "🙂", "ｗｉｄｅ", "quote\"d",
	}
	return all[g.rng.IntN(len(all))]
}

func (g *filler) time() time.Time {
	return time.Date(2024, time.January, 1+g.rng.IntN(5), g.rng.IntN(2), 0, 0, g.rng.IntN(3)*1e6, time.UTC)
}

// some gives some of the values, in their order.
func some[T any](g *filler, values []T) []T {
	var out []T
	for _, v := range values {
		if g.rng.IntN(2) == 0 {
			out = append(out, v)
		}
	}
	return out
}

func pick[T any](g *filler, values ...T) []T { return some(g, values) }

// enumOf gives the values of an enumeration; nil for other types.
func enumOf(t reflect.Type) []string {
	if t.Kind() != reflect.String || t.PkgPath() == "" {
		return nil
	}
	for _, table := range []any{
		workforce.AllEmploymentStatuses, workforce.AllCheckTypes, workforce.AllCheckStatuses, workforce.AllCheckFrequencies,
		workforce.AllBackgroundCheckStatuses, workforce.AllBackgroundCheckTypes, workforce.AllBackgroundCheckSources,
		workforce.AllDocumentTypes, workforce.AllDeviceSources[:4], workforce.AllConnectionStates, workforce.AllRoles,
		workforce.AllPlans, workforce.AllPinFields, workforce.AllLinkMethods, workforce.AllAccountKinds,
		workforce.AllPolicyAssignments, workforce.AllTrainingStates,
		workforce.AllClientTypes(), workforce.AllScopes,
		[]workforce.Date{"2020-02-29", "2021-01-01", "2021-12-31", "2022-06-15"},
	} {
		values := reflect.ValueOf(table)
		if values.Type().Elem() != t {
			continue
		}
		out := make([]string, values.Len())
		for i := range out {
			out[i] = values.Index(i).String()
		}
		return out
	}
	panic("storetest: no table of the values of " + t.String())
}
