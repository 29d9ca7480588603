package directory

import (
	"fmt"
	"strings"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// edit is one change, drawn before its transaction begins, because that may run
// more than once.
type edit struct {
	do   func(tx *store.Tx) error
	done func() // after the commit; nil: nothing is new
}

// change makes up to three transactions, through whichever handle.
func (w *walk) change() {
	w.Helper()
	for range w.rng.IntN(4) {
		db := w.handles[w.rng.IntN(len(w.handles))].db
		if w.rng.IntN(200) == 0 {
			if _, err := db.ErasePayloads(w.ctx, storetest.Cause, oneOf(w, w.known.users)); err != nil {
				w.Fatalf("seed %d, %s: %v", w.seed, w.dialect, err)
			}
			w.writes++
			continue
		}
		edits := []edit{w.edit()}
		for w.rng.IntN(3) == 0 {
			edits = append(edits, w.edit())
		}
		err := db.Write(w.ctx, storetest.Cause, func(tx *store.Tx) error {
			for _, e := range edits {
				if err := e.do(tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			w.Fatalf("seed %d, %s, after %d answers: %v", w.seed, w.dialect, w.compared, err)
		}
		w.writes++
		for _, e := range edits {
			if e.done != nil {
				e.done()
			}
		}
		if w.rng.IntN(3) == 0 { // heard of, and not asked about yet
			if _, err := w.handles[w.rng.IntN(len(w.handles))].db.CatchUp(w.ctx); err != nil {
				w.Fatalf("seed %d, %s: %v", w.seed, w.dialect, err)
			}
		}
	}
}

// edit draws a change.
func (w *walk) edit() edit {
	switch n := w.rng.IntN(24); {
	case n == 0 && len(w.known.users) < walkMost:
		return w.newPeople()
	case n == 1 && len(w.known.accounts[workforce.Infrastructure])+len(w.known.accounts[workforce.VersionControl]) < 2*walkMost:
		return w.newAccounts()
	case n == 2 && w.known.groups < 12 && w.rng.IntN(2) == 0:
		return w.newGroup()
	case n == 3 && w.known.connections < 10 && w.rng.IntN(4) == 0:
		return w.newConnection()
	case n == 4:
		return w.renameCompany()
	case n < 7:
		return w.changeConnection()
	case n < 9:
		return w.regroup()
	case n < 14:
		return w.changePersonnel()
	case n < 17:
		return w.changeUser()
	case n < 19:
		return w.changeDevice()
	}
	return w.changeAccount()
}

func (w *walk) fresh() int {
	w.known.serial++
	return w.known.serial
}

func (w *walk) newPeople() edit {
	people := make([]workforce.NewPerson, 1+w.rng.IntN(3))
	for i := range people {
		people[i] = storetest.Person(w.fresh())
		people[i].User.EntryID = "" // the store makes one
		people[i].GroupIDs = w.someGroups()
	}
	return edit{
		func(tx *store.Tx) error { return tx.CreatePeople(w.ctx, people) },
		func() { w.known.addPeople(people) },
	}
}

func (w *walk) newAccounts() edit {
	accounts := make([]workforce.Account, 1+w.rng.IntN(4))
	for i := range accounts {
		w.takeOn(&accounts[i])
		accounts[i].Kind = oneOf(w, workforce.AllAccountKinds)
		accounts[i].ConnectionID = w.someConnection()
		accounts[i].IdentityID = w.identity()
		accounts[i].CreatedAt, accounts[i].UpdatedAt = w.instant(), w.instant()
	}
	return edit{
		func(tx *store.Tx) error { return tx.CreateAccounts(w.ctx, accounts) },
		func() { w.known.addAccounts(accounts) },
	}
}

func (w *walk) newGroup() edit {
	g := workforce.Group{Name: fmt.Sprint("Later group ", w.fresh()), CreatedAt: w.instant(), UpdatedAt: w.instant()}
	return edit{
		func(tx *store.Tx) error { return tx.CreateGroups(w.ctx, []workforce.Group{g}) },
		func() { w.known.groups++ },
	}
}

func (w *walk) newConnection() edit {
	c := oneOf(w, w.donors.Connections)
	c.ID, c.UserID, c.WorkspaceIDs = 0, nil, nil
	return edit{
		func(tx *store.Tx) error { return tx.CreateConnections(w.ctx, []workforce.Connection{c}) },
		func() { w.known.connections++ },
	}
}

func (w *walk) renameCompany() edit {
	name := fmt.Sprint("Company ", w.fresh())
	return edit{do: func(tx *store.Tx) error {
		c, err := tx.LockCompany(w.ctx)
		if err != nil {
			return err
		}
		c.Name = name
		return tx.SaveCompany(w.ctx, c)
	}}
}

func (w *walk) changeConnection() edit {
	id, donor, all := w.someConnection(), oneOf(w, w.donors.Connections), w.rng.IntN(3) == 0
	return edit{do: func(tx *store.Tx) error {
		before, ok, err := tx.LockConnection(w.ctx, id)
		if err != nil || !ok {
			return fmt.Errorf("connection %d: %v, %w", id, ok, err)
		}
		after := before
		after.State, after.ClientAlias = donor.State, donor.ClientAlias
		if all {
			after.ClientID, after.ClientType = donor.ClientID, donor.ClientType
		}
		return tx.UpdateConnection(w.ctx, before, after)
	}}
}

func (w *walk) regroup() edit {
	id, groups := oneOf(w, w.known.personnel), w.someGroups()
	return edit{do: func(tx *store.Tx) error { return tx.SetGroups(w.ctx, id, w.known.userOf[id], groups) }}
}

func (w *walk) changePersonnel() edit {
	id, donor, part := oneOf(w, w.known.personnel), oneOf(w, w.donors.People).Personnel, w.rng.IntN(3)
	return edit{do: func(tx *store.Tx) error {
		before, ok, err := tx.LockPersonnel(w.ctx, id)
		if err != nil || !ok {
			return fmt.Errorf("personnel %d: %v, %w", id, ok, err)
		}
		after := before
		if part != 0 {
			after.EmploymentStatus, after.NotHumanReason = donor.EmploymentStatus, donor.NotHumanReason
			after.StatusUpdatedAt, after.Pins = donor.StatusUpdatedAt, donor.Pins
		}
		if part != 1 {
			after.StartDate, after.SeparationDate = donor.StartDate, donor.SeparationDate
		}
		after.UpdatedAt = donor.UpdatedAt
		return tx.UpdatePersonnel(w.ctx, before, after, "personnel.updated")
	}}
}

func (w *walk) changeUser() edit {
	id, donor, part := oneOf(w, w.known.users), oneOf(w, w.donors.People).User, w.rng.IntN(4)
	email := w.known.emails[id]
	switch w.rng.IntN(8) {
	case 0:
		email = strings.ToUpper(email)
	case 1:
		w.known.freed = append(w.known.freed, email)
		email = fmt.Sprintf("Zebra.%d@Example.com", w.fresh())
	case 2:
		if n := len(w.known.freed); n > 0 { // one that was somebody else's
			w.known.freed[n-1], email = email, w.known.freed[n-1]
		}
	}
	w.known.emails[id] = email
	return edit{do: func(tx *store.Tx) error {
		before, ok, err := tx.LockUser(w.ctx, id)
		if err != nil || !ok {
			return fmt.Errorf("user %d: %v, %w", id, ok, err)
		}
		after := before
		after.Email = email
		if part != 0 {
			after.FirstName = donor.FirstName
		}
		if part != 1 {
			after.LastName = donor.LastName
		}
		if part == 2 {
			after.UpdatedAt, after.Roles = donor.UpdatedAt, donor.Roles
		}
		return tx.UpdateUser(w.ctx, before, after, "user.updated")
	}}
}

// changeDevice: a person gets a device, or one of theirs takes on the facts of
// another, and sometimes another owner.
func (w *walk) changeDevice() edit {
	owner, heir := oneOf(w, w.known.personnel), oneOf(w, w.known.personnel)
	var donors []workforce.Device
	for i := range w.donors.People {
		donors = append(donors, w.donors.People[i].Devices...)
	}
	donor, nth, moves := oneOf(w, donors), w.rng.IntN(3), w.rng.IntN(4) == 0
	return edit{do: func(tx *store.Tx) error {
		has, _, err := tx.Devices(w.ctx, workforce.DeviceQuery{PersonnelID: &owner, Limit: 10})
		if err != nil {
			return err
		}
		after := donor
		after.PersonnelID, after.Identifiers, after.Documents, after.Checks = owner, nil, nil, nil
		if nth >= len(has) {
			after.ID = 0
			return tx.SaveDevice(w.ctx, nil, &after)
		}
		before := has[nth]
		after.ID, after.CreatedAt, after.Checks = before.ID, before.CreatedAt, before.Checks
		after.Identifiers, after.Documents = before.Identifiers, before.Documents
		if moves {
			after.PersonnelID = heir
		}
		return tx.SaveDevice(w.ctx, &before, &after)
	}}
}

func (w *walk) changeAccount() edit {
	kind := oneOf(w, workforce.AllAccountKinds)
	id, donor := oneOf(w, w.known.accounts[kind]), workforce.Account{}
	w.takeOn(&donor)
	identity, connection := "", workforce.ConnectionID(0)
	if w.rng.IntN(5) == 0 {
		identity = w.identity()
	}
	if w.rng.IntN(10) == 0 {
		connection = w.someConnection()
	}
	return edit{do: func(tx *store.Tx) error {
		before, ok, err := tx.LockAccount(w.ctx, kind, id)
		if err != nil || !ok {
			return fmt.Errorf("account %s %d: %v, %w", kind, id, ok, err)
		}
		after := donor
		after.Kind, after.ID, after.CreatedAt = kind, id, before.CreatedAt
		if after.IdentityID = identity; identity == "" {
			after.IdentityID = before.IdentityID
		}
		if after.ConnectionID = connection; connection == 0 {
			after.ConnectionID = before.ConnectionID
		}
		return tx.UpdateAccount(w.ctx, before, after, "account.updated")
	}}
}

// takeOn gives an account the facts of another, and an owner of this company or
// none.
func (w *walk) takeOn(a *workforce.Account) {
	*a = oneOf(w, w.donors.Accounts)
	a.UserID, a.ServiceAccountByUserID = nil, nil
	switch {
	case a.ServiceAccountAt != nil:
		a.ServiceAccountReason, a.ServiceAccountByUserID = workforce.Ptr("runs the backups"), workforce.Ptr(oneOf(w, w.known.users))
	case w.rng.IntN(3) > 0:
		a.UserID = workforce.Ptr(oneOf(w, w.known.users))
	}
}

func (w *walk) identity() string {
	return fmt.Sprintf("%s %d", oneOf(w, []string{"Z", "a", "é", "Straße", "100%", "山田"}), w.fresh())
}

func (w *walk) someConnection() workforce.ConnectionID {
	return workforce.ConnectionID(1 + w.rng.IntN(w.known.connections))
}

func (w *walk) someGroups() []workforce.GroupID {
	var out []workforce.GroupID
	for g := range w.known.groups {
		if w.rng.IntN(3) == 0 {
			out = append(out, workforce.GroupID(g+1))
		}
	}
	return out
}
