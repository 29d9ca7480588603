package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// State is what a database holds, as far as the demo is concerned.
type State string

// The states of a database.
const (
	StateEmpty      State = "empty"      // nobody and nothing: the demo can be loaded
	StateComplete   State = "complete"   // the whole demo company
	StateUnfinished State = "unfinished" // a demo whose loading was cut short, or goes on right now
	StateReal       State = "real"       // something else
)

// The causes in the change log. The one of the last transaction is how a
// complete demo is told from one whose loading was cut short.
const (
	causeBegin    = "demo.begin"
	causeLoad     = "demo.load"
	causeComplete = "demo.complete"
)

// chunk is how many people one transaction adds.
const chunk = 500

// Inspect tells what the database holds.
func Inspect(ctx context.Context, db *store.DB) (State, error) {
	var state State
	err := db.Read(ctx, func(r *store.Reader) (err error) {
		state, err = inspect(ctx, r)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("looking for a demo company: %w", err)
	}
	return state, nil
}

func inspect(ctx context.Context, r *store.Reader) (State, error) {
	company, err := r.Company(ctx)
	if err != nil {
		return "", err
	}
	if company.Demo {
		return inspectDemo(ctx, r)
	}
	users, _, err := r.ListUsers(ctx, workforce.UserQuery{Sort: workforce.SortCreatedAt, Dir: workforce.Ascending, Limit: 1})
	if err != nil {
		return "", err
	}
	connections, err := r.Connections(ctx)
	if err != nil {
		return "", err
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return "", err
	}
	workspaces, err := r.Workspaces(ctx)
	if err != nil {
		return "", err
	}
	policies, err := r.Policies(ctx)
	if err != nil {
		return "", err
	}
	rules, err := r.Rules(ctx)
	if err != nil {
		return "", err
	}
	if len(users)+len(connections)+len(groups)+len(workspaces)+len(policies) > 0 || rules.UpdatedAt != nil {
		return StateReal, nil
	}
	return StateEmpty, nil
}

func inspectDemo(ctx context.Context, r *store.Reader) (State, error) {
	changes, err := r.SubjectChanges(ctx, store.SubjectCompany, 1)
	if err != nil {
		return "", err
	}
	for _, change := range changes {
		if change.Cause == causeComplete {
			return StateComplete, nil
		}
	}
	return StateUnfinished, nil
}

// Load fills an empty database with the company, some hundred people in each
// transaction, and calls progress, if given, with how many of them it has
// written. A database that is not empty is refused with a
// [workforce.ReasonNotEmpty] fault that says what to do, also one whose loading
// was cut short: such a demo is never taken for a whole one.
func Load(ctx context.Context, db *store.DB, c *Company, progress func(done, total int)) error {
	if err := begin(ctx, db, c); err != nil {
		return err
	}
	// The next people are made while these are written.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for p := range c.parts(ctx) {
		err := db.Write(ctx, store.Cause{Actor: store.ActorDemo, Cause: causeLoad}, func(tx *store.Tx) error {
			tx.AssessAt(c.day)
			return c.loadPart(ctx, tx, p)
		})
		if err != nil {
			return fmt.Errorf("loading the demo's people from %d on: %w", p.first, err)
		}
		if progress != nil {
			progress(p.first+len(p.people)-1, c.people)
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("loading the demo: %w", err)
	}
	err := db.Write(ctx, store.Cause{Actor: store.ActorDemo, Cause: causeComplete}, func(tx *store.Tx) error {
		tx.AssessAt(c.day)
		return tx.SaveCompany(ctx, c.Company())
	})
	if err != nil {
		return fmt.Errorf("marking the demo as complete: %w", err)
	}
	return nil
}

// begin claims the database for the demo and writes all but the people. It
// looks again what the database holds under the company's lock, so that two
// loads cannot both begin.
func begin(ctx context.Context, db *store.DB, c *Company) error {
	err := db.Write(ctx, store.Cause{Actor: store.ActorDemo, Cause: causeBegin}, func(tx *store.Tx) error {
		tx.AssessAt(c.day)
		if _, err := tx.LockCompany(ctx); err != nil {
			return err
		}
		state, err := inspect(ctx, &tx.Reader)
		if err != nil {
			return err
		}
		if err := refuse(state); err != nil {
			return err
		}
		unfinished := c.Company()
		unfinished.UpdatedAt = unfinished.CreatedAt
		if err := tx.SaveCompany(ctx, unfinished); err != nil {
			return err
		}
		return c.loadSurroundings(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("beginning to load the demo: %w", err)
	}
	return nil
}

// refuse is why a database in the state cannot be filled; nil if it can.
func refuse(state State) error {
	switch state {
	case StateEmpty:
		return nil
	case StateComplete:
		return workforce.Refuse(workforce.ReasonNotEmpty, "this database holds a demo company already: "+
			"use it as it is, or name another database with --database to make a second one")
	case StateUnfinished:
		return workforce.Refuse(workforce.ReasonNotEmpty, "the demo in this database is not finished: "+
			"if no other process is loading it, delete the database (sqlite: the file and those that end in -wal and -shm) and load it again")
	default:
		return workforce.Refuse(workforce.ReasonNotEmpty, "this database holds real data, to which the demo is not added: "+
			"name another database with --database")
	}
}

// loadSurroundings writes what has to be there before people: workspaces,
// groups, connections, and what is asked of people. Connections are without the
// users who set them up, policies without their owners: there are none yet.
func (c *Company) loadSurroundings(ctx context.Context, tx *store.Tx) error {
	workspaces := c.Workspaces()
	if err := tx.CreateWorkspaces(ctx, workspaces); err != nil {
		return err
	}
	groups := c.Groups()
	if err := tx.CreateGroups(ctx, groups); err != nil {
		return err
	}
	connections := c.Connections()
	for i := range connections {
		connections[i].UserID = nil
	}
	if err := tx.CreateConnections(ctx, connections); err != nil {
		return err
	}
	if int(workspaces[0].ID) != 1 || int(groups[0].ID) != 1 || int(connections[0].ID) != 1 {
		return usedNumbers()
	}
	return c.loadRequirements(ctx, tx)
}

// loadRequirements writes policies, rules and the exclusions of groups.
func (c *Company) loadRequirements(ctx context.Context, tx *store.Tx) error {
	for _, p := range c.policies {
		want := p.ID
		p.ID, p.OwnerID, p.Versions = 0, nil, slices.Clone(p.Versions)
		for i := range p.Versions {
			p.Versions[i].ID = 0
		}
		if err := tx.SavePolicy(ctx, nil, &p); err != nil {
			return err
		}
		if p.ID != want {
			return usedNumbers()
		}
	}
	rules, err := tx.LockRules(ctx)
	if err != nil {
		return err
	}
	if err := tx.SaveRules(ctx, rules, c.Rules()); err != nil {
		return err
	}
	return saveExclusions(ctx, tx, c.groupExclusions())
}

func saveExclusions(ctx context.Context, tx *store.Tx, exclusions []workforce.Exclusion) error {
	for i := range exclusions {
		if err := tx.SaveExclusion(ctx, nil, &exclusions[i]); err != nil {
			return err
		}
	}
	return nil
}

// part is some people, of whom the first has the number, with what is recorded
// beside them.
type part struct {
	first      int
	people     []workforce.NewPerson
	accounts   []workforce.Account
	exclusions []workforce.Exclusion
}

// parts makes all people, [chunk] at a time, at most one part ahead of whoever
// takes them. It stops when ctx ends.
func (c *Company) parts(ctx context.Context) <-chan part {
	out := make(chan part, 1)
	go func() {
		defer close(out)
		for first := 1; first <= c.people; first += chunk {
			p := part{first: first}
			for n := first; n < first+chunk && n <= c.people; n++ {
				who := c.profile(n)
				p.people = append(p.people, c.person(who))
				p.accounts = append(p.accounts, c.accountsAt(n)...)
				p.exclusions = append(p.exclusions, c.exclusionsAt(who)...)
			}
			select {
			case out <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// loadPart writes some people with what is recorded beside them.
func (c *Company) loadPart(ctx context.Context, tx *store.Tx, p part) error {
	if err := tx.CreatePeople(ctx, p.people); err != nil {
		return err
	}
	if int(p.people[0].User.ID) != p.first || int(p.people[0].Personnel.ID) != p.first {
		return usedNumbers()
	}
	if p.first == 1 {
		if err := c.loadOwners(ctx, tx); err != nil {
			return err
		}
	}
	if err := saveExclusions(ctx, tx, p.exclusions); err != nil {
		return err
	}
	if _, err := tx.SaveAppsOf(ctx, c.appsOf(p)); err != nil {
		return err
	}
	return tx.CreateAccounts(ctx, p.accounts)
}

// appsOf are the apps on the devices of people who were just written.
func (c *Company) appsOf(p part) map[workforce.DeviceID][]workforce.App {
	out := map[workforce.DeviceID][]workforce.App{}
	for i := range p.people {
		devices := p.people[i].Devices
		for j := range devices {
			if apps := c.apps(p.first+i, j, &devices[j]); apps != nil {
				out[devices[j].ID] = apps
			}
		}
	}
	return out
}

// loadOwners names the users who set the connections up and who own the
// policies.
func (c *Company) loadOwners(ctx context.Context, tx *store.Tx) error {
	for _, after := range c.Connections() {
		before := after
		before.UserID = nil
		if err := tx.UpdateConnection(ctx, before, after); err != nil {
			return err
		}
	}
	for _, after := range c.Policies() {
		before := after
		before.OwnerID = nil
		if err := tx.SavePolicy(ctx, &before, &after); err != nil {
			return err
		}
	}
	return nil
}

// usedNumbers is the refusal of a database that has given numbers before: the
// demo's records refer to each other by numbers that begin at 1.
func usedNumbers() error {
	return workforce.Refuse(workforce.ReasonNotEmpty, "this database has held other records, so that the demo's would not be numbered from 1: "+
		"name a new database with --database")
}
