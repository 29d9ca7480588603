package storetest_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// What changes nothing is not logged: the same values again, and values that
// were put back before the end.
func TestWhatChangesNothingIsNotLogged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(5, 20)
		company.Load(t, db)
		seq := head(t, db)
		for name, f := range unchanging {
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return f(scene{company, ctx, tx}) })
			if now := head(t, db); now != seq {
				t.Errorf("%s: logged %+v", name, rowsAfter(t, db, seq))
				seq = now
			}
		}
		verified(t, db)
	})
}

var unchanging = map[string]func(s scene) error{
	"nothing": func(scene) error { return nil },
	"same policy": func(s scene) error {
		p, _, err := s.tx.LockPolicy(s.ctx, 2)
		after := p
		after.GroupIDs, after.UpdatedAt = slices.Concat(p.GroupIDs, p.GroupIDs), time.Time{}
		after.Versions = slices.Clone(p.Versions)
		after.Versions[0].CreatedAt, after.Versions[0].UpdatedAt = time.Time{}, time.Time{}
		return orElse(err, func() error { return s.tx.SavePolicy(s.ctx, &p, &after) })
	},
	"same exclusion": func(s scene) error {
		e, _, err := s.tx.LockExclusion(s.ctx, 1)
		after := e
		after.Checks, after.CreatedAt = slices.Concat(e.Checks, e.Checks), time.Time{}
		slices.Reverse(after.Checks)
		return orElse(err, func() error { return s.tx.SaveExclusion(s.ctx, &e, &after) })
	},
	"same rules": func(s scene) error {
		rules, err := s.tx.LockRules(s.ctx)
		return orElse(err, func() error { return s.tx.SaveRules(s.ctx, rules, rules) })
	},
	"same parts of a user": func(s scene) error {
		for _, p := range s.company.People {
			for _, v := range p.Trainings {
				after := v
				after.UpdatedAt, after.ID = time.Time{}, 0
				if err := s.tx.SaveTraining(s.ctx, &v, &after); err != nil {
					return err
				}
			}
			for _, v := range p.Documents {
				after := v
				if v.File != nil {
					after.File = workforce.Ptr(*v.File)
				}
				if err := s.tx.SaveDocument(s.ctx, &v, &after); err != nil {
					return err
				}
			}
			for _, v := range p.BackgroundChecks {
				after := v
				if err := s.tx.SaveBackgroundCheck(s.ctx, &v, &after); err != nil {
					return err
				}
			}
			if _, err := s.tx.SaveAcknowledgements(s.ctx, slices.Clone(p.Acknowledgements)); err != nil {
				return err
			}
		}
		return nil
	},
	"a training put back": func(s scene) error {
		one := newTraining(3, "for a moment")
		return orElse(s.tx.SaveTraining(s.ctx, nil, one), func() error { return s.tx.DeleteTraining(s.ctx, *one) })
	},
	"a document taken away and a title put back": func(s scene) error {
		d := workforce.Document{UserID: 3, Name: "for a moment", Type: "MFA_EVIDENCE"}
		u, _, err := s.tx.LockUser(s.ctx, 3)
		other := u
		other.JobTitle = workforce.Ptr("for a moment")
		err = orElse(err, func() error { return s.tx.SaveDocument(s.ctx, nil, &d) })
		err = orElse(err, func() error { return s.tx.UpdateUser(s.ctx, u, other, "user.renamed") })
		err = orElse(err, func() error { return s.tx.DeleteDocument(s.ctx, d) })
		return orElse(err, func() error { return s.tx.UpdateUser(s.ctx, other, u, "user.renamed") })
	},
	"same devices": func(s scene) error {
		for _, p := range s.company.People {
			for _, d := range p.Devices {
				after := d
				after.UpdatedAt, after.Documents = time.Time{}, slices.Clone(d.Documents)
				for i := range after.Documents {
					after.Documents[i].CreatedAt = time.Time{}
				}
				slices.Reverse(after.Documents)
				if err := s.tx.SaveDevice(s.ctx, &d, &after); err != nil {
					return err
				}
			}
		}
		return nil
	},
	"same apps": func(s scene) error {
		for id, apps := range s.company.Apps {
			apps = slices.Concat(apps, apps)
			slices.Reverse(apps)
			if err := s.tx.SaveApps(s.ctx, id, apps); err != nil {
				return err
			}
		}
		return nil
	},
	"same group and members": func(s scene) error {
		g, _, err := s.tx.LockGroup(s.ctx, 1)
		after := g
		after.UpdatedAt = time.Time{}
		err = orElse(err, func() error { return s.tx.SaveGroup(s.ctx, &g, &after) })
		return orElse(err, func() error { return s.tx.DeleteGroup(s.ctx, workforce.Group{ID: 99}) })
	},
	"members put back": func(s scene) error {
		one := []workforce.PersonnelID{7}
		return orElse(s.tx.SetMembers(s.ctx, 4, one, nil), func() error { return s.tx.SetMembers(s.ctx, 4, nil, one) })
	},
	"empty lists": func(s scene) error {
		return orElse(s.tx.CreatePeople(s.ctx, nil), func() error {
			return orElse(s.tx.CreateAccounts(s.ctx, nil), func() error { return s.tx.CreateConnections(s.ctx, nil) })
		})
	},
	"same company": func(s scene) error {
		c, err := s.tx.LockCompany(s.ctx)
		return orElse(err, func() error { return s.tx.SaveCompany(s.ctx, c) })
	},
	"same user": func(s scene) error {
		u, _, err := s.tx.LockUser(s.ctx, 2)
		after := u
		after.Roles = slices.Concat(u.Roles, u.Roles)
		return orElse(err, func() error { return s.tx.UpdateUser(s.ctx, u, after, "user.renamed") })
	},
	"same personnel": func(s scene) error {
		p, _, err := s.tx.LockPersonnel(s.ctx, 3)
		after := p
		after.Pins = slices.Clone(p.Pins)
		slices.Reverse(after.Pins)
		return orElse(err, func() error { return s.tx.UpdatePersonnel(s.ctx, p, after, "personnel.status_set") })
	},
	"personnel put back": func(s scene) error {
		p, _, err := s.tx.LockPersonnel(s.ctx, 3)
		other := p
		other.NotHumanReason = workforce.Ptr("for a moment")
		err = orElse(err, func() error { return s.tx.UpdatePersonnel(s.ctx, p, other, "personnel.status_set") })
		return orElse(err, func() error { return s.tx.UpdatePersonnel(s.ctx, other, p, "personnel.status_set") })
	},
	"same groups": func(s scene) error {
		was, err := s.tx.GroupIDsOf(s.ctx, 4)
		slices.Reverse(was)
		return orElse(err, func() error { return s.tx.SetGroups(s.ctx, 4, 4, was) })
	},
	"groups put back": func(s scene) error {
		was, err := s.tx.GroupIDsOf(s.ctx, 5)
		err = orElse(err, func() error { return s.tx.SetGroups(s.ctx, 5, 5, []workforce.GroupID{4}) })
		return orElse(err, func() error { return s.tx.SetGroups(s.ctx, 5, 5, was) })
	},
	"same source, seen later": func(s scene) error {
		rec := firstSource(s.company)
		after := rec
		after.ObservedAt = later
		return s.tx.SaveSourceRecord(s.ctx, &rec, after)
	},
	"same identity": func(s scene) error {
		id := firstIdentity(s.company)
		after := id
		return s.tx.SaveIdentity(s.ctx, &id, &after)
	},
	"same account": func(s scene) error {
		a, _, err := s.tx.LockAccount(s.ctx, workforce.Infrastructure, 3)
		return orElse(err, func() error { return s.tx.UpdateAccount(s.ctx, a, a, "account.linked") })
	},
	"same connection": func(s scene) error {
		c, _, err := s.tx.LockConnection(s.ctx, 3)
		after := c
		after.WorkspaceIDs = slices.Concat(c.WorkspaceIDs, c.WorkspaceIDs)
		return orElse(err, func() error { return s.tx.UpdateConnection(s.ctx, c, after) })
	},
	"same key": func(s scene) error {
		k, _, err := s.tx.LockKey(s.ctx, 1)
		return orElse(err, func() error { return s.tx.UpdateKey(s.ctx, k, k) })
	},
}

func firstSource(c *storetest.Company) workforce.SourceRecord {
	for _, p := range c.People {
		if len(p.Sources) > 0 {
			return p.Sources[0]
		}
	}
	panic("nobody has a source")
}

func firstIdentity(c *storetest.Company) workforce.Identity {
	for _, p := range c.People {
		if len(p.Identities) > 0 {
			return p.Identities[0]
		}
	}
	panic("nobody has an identity")
}
