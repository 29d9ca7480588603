package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// walker makes random changes of evidence, several in one transaction.
type walker struct {
	rng *rand.Rand
	ctx context.Context
	tx  *store.Tx
	n   int // how many changes it has made: it makes texts that differ
}

func (w *walker) user() workforce.UserID           { return workforce.UserID(1 + w.rng.IntN(20)) }
func (w *walker) personnel() workforce.PersonnelID { return workforce.PersonnelID(1 + w.rng.IntN(20)) }
func (w *walker) group() workforce.GroupID         { return workforce.GroupID(1 + w.rng.IntN(4)) }
func (w *walker) coin() bool                       { return w.rng.IntN(2) == 0 }
func (w *walker) text() *string                    { return workforce.Ptr(fmt.Sprintf("text %d", w.rng.IntN(3))) }

// oneOf gives one of the values, and now and then none.
func oneOf[T any](w *walker, all []T) *T {
	if len(all) == 0 || w.rng.IntN(3) == 0 {
		return nil
	}
	return &all[w.rng.IntN(len(all))]
}

// steps are the random changes. Each reads what it changes first.
var steps = map[string]func(w *walker) error{
	"training": func(w *walker) error {
		users := []workforce.UserID{w.user(), w.user()}
		all, err := w.tx.Trainings(w.ctx, users)
		if err != nil {
			return err
		}
		was := oneOf(w, all[users[0]])
		is := newTraining(users[0], fmt.Sprintf("course %d", w.n))
		if was != nil {
			if w.rng.IntN(4) == 0 {
				return w.tx.DeleteTraining(w.ctx, *was)
			}
			*is = *was
			is.UserID, is.CompletedAt, is.Source = users[w.rng.IntN(2)], workforce.Ptr(later), *w.text()
			if is.UserID != was.UserID {
				is.Course = fmt.Sprintf("moved %d", w.n)
			}
		}
		return w.tx.SaveTraining(w.ctx, was, is)
	},
	"acknowledgement": func(w *walker) error {
		return second(w.tx.SaveAcknowledgement(w.ctx, &workforce.Acknowledgement{
			UserID: w.user(), PolicyID: workforce.PolicyID(1 + w.rng.IntN(3)), Version: 1,
			AcknowledgedAt: later.Add(time.Duration(w.rng.IntN(100)) * time.Hour), Source: *w.text(),
		}))
	},
	"document": func(w *walker) error {
		user := w.user()
		all, _, err := w.tx.DocumentsOf(w.ctx, workforce.DocumentQuery{UserID: user})
		if err != nil {
			return err
		}
		was, is := oneOf(w, all), &workforce.Document{UserID: user, Name: "n", Type: "MFA_EVIDENCE"}
		if was != nil {
			if w.coin() {
				return w.tx.DeleteDocument(w.ctx, *was)
			}
			*is = *was
			is.Name, is.File = *w.text(), &workforce.File{Hash: *w.text(), Name: "a", MediaType: "b", Size: 1}
		}
		return w.tx.SaveDocument(w.ctx, was, is)
	},
	"background check": func(w *walker) error {
		user := w.user()
		all, err := w.tx.BackgroundChecks(w.ctx, []workforce.UserID{user})
		if err != nil {
			return err
		}
		was, is := oneOf(w, all[user]), &workforce.BackgroundCheck{UserID: user, Status: "PENDING", Type: "MANUAL"}
		if was != nil {
			*is = *was
			is.Status = workforce.AllBackgroundCheckStatuses[w.rng.IntN(len(workforce.AllBackgroundCheckStatuses))]
		}
		return w.tx.SaveBackgroundCheck(w.ctx, was, is)
	},
	"identity": func(w *walker) error {
		return w.tx.SaveIdentity(w.ctx, nil, &workforce.Identity{
			UserID: w.user(), ConnectionID: 3, IdentityID: fmt.Sprintf("walk %d", w.n), CreatedAt: later, UpdatedAt: later,
		})
	},
	"title": func(w *walker) error {
		u, _, err := w.tx.LockUser(w.ctx, w.user())
		after := u
		after.JobTitle = w.text()
		return orElse(err, func() error { return w.tx.UpdateUser(w.ctx, u, after, "user.renamed") })
	},
	"policy": func(w *walker) error {
		p, _, err := w.tx.LockPolicy(w.ctx, workforce.PolicyID(1+w.rng.IntN(3)))
		after := p
		after.Description, after.GroupIDs = w.text(), slices.DeleteFunc([]workforce.GroupID{1, 2, 3}, func(workforce.GroupID) bool { return w.coin() })
		after.Versions = slices.DeleteFunc(slices.Clone(p.Versions), func(v workforce.PolicyVersion) bool { return v.PublishedAt == nil && w.coin() })
		if w.coin() {
			after.Versions = append(after.Versions, workforce.PolicyVersion{Text: w.text()})
		}
		return orElse(err, func() error { return w.tx.SavePolicy(w.ctx, &p, &after) })
	},
	"exclusion": func(w *walker) error {
		e, _, err := w.tx.LockExclusion(w.ctx, int64(1+w.rng.IntN(3)))
		after := e
		after.Reason, after.EndsAt, after.PersonnelID, after.GroupID = *w.text(), workforce.Ptr(later), workforce.Ptr(w.personnel()), nil
		if w.coin() {
			after.PersonnelID, after.GroupID = nil, workforce.Ptr(w.group())
		}
		return orElse(err, func() error { return w.tx.SaveExclusion(w.ctx, &e, &after) })
	},
	"rules": func(w *walker) error {
		before, err := w.tx.LockRules(w.ctx)
		after := before
		after.ReportingDays = 1 + w.rng.IntN(4)
		return orElse(err, func() error { return w.tx.SaveRules(w.ctx, before, after) })
	},
	"members": func(w *walker) error {
		return w.tx.SetMembers(w.ctx, w.group(), []workforce.PersonnelID{w.personnel(), w.personnel()}, []workforce.PersonnelID{w.personnel()})
	},
	"status": func(w *walker) error {
		p, _, err := w.tx.LockPersonnel(w.ctx, w.personnel())
		after := p
		after.NotHumanReason = w.text()
		return orElse(err, func() error { return w.tx.UpdatePersonnel(w.ctx, p, after, "personnel.status_set") })
	},
	"a group comes and goes": func(w *walker) error {
		g := workforce.Group{Name: fmt.Sprintf("walk %d", w.n)}
		err := w.tx.SaveGroup(w.ctx, nil, &g)
		err = orElse(err, func() error {
			return w.tx.SetMembers(w.ctx, g.ID, []workforce.PersonnelID{w.personnel(), w.personnel()}, nil)
		})
		if w.coin() {
			return orElse(err, func() error { return w.tx.DeleteGroup(w.ctx, g) })
		}
		return err
	},
	"a group goes": func(w *walker) error {
		groups, err := w.tx.Groups(w.ctx)
		if g := oneOf(w, groups); err == nil && g != nil && g.ID > 4 {
			return w.tx.DeleteGroup(w.ctx, *g)
		}
		return err
	},
	"device": func(w *walker) error {
		all, _, err := w.tx.Devices(w.ctx, workforce.DeviceQuery{})
		if err != nil {
			return err
		}
		was, is := oneOf(w, all), &workforce.Device{PersonnelID: w.personnel(), SourceType: "AGENT", Model: w.text()}
		if was != nil {
			*is = *was
			if w.coin() {
				is.PersonnelID = w.personnel()
			}
			is.OSVersion = w.text()
			is.Identifiers = append(slices.Clone(is.Identifiers), workforce.DeviceIdentifier{Type: "UUID", Identifier: *w.text()})
			is.Identifiers = is.Identifiers[w.rng.IntN(len(is.Identifiers)):]
			is.Documents = slices.DeleteFunc(slices.Clone(is.Documents), func(workforce.DeviceDocument) bool { return w.coin() })
			is.Checks = slices.DeleteFunc(slices.Clone(is.Checks), func(workforce.DeviceCheck) bool { return w.coin() })
		}
		return w.tx.SaveDevice(w.ctx, was, is)
	},
	"apps": func(w *walker) error {
		apps := []workforce.App{{Name: "a"}, {Name: "b"}, {Name: "c", Version: w.text()}}
		return w.tx.SaveApps(w.ctx, workforce.DeviceID(1+w.rng.IntN(5)), slices.DeleteFunc(apps, func(workforce.App) bool { return w.coin() }))
	},
}

// However evidence changes, the log says what the record says, the packs say
// what the tables say, and each row begins where the one before it ended.
func TestAnyHistoryVerifies(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		walk(t, db)
	})
}

// The same holds where checks are decided with each change.
func TestAnyHistoryWithDecidedChecksVerifies(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.OpenWith(t, store.Options{})
		storetest.NewCompany(5, 20).Load(t, db)
		walk(t, db)
	})
}

// walk makes random changes and checks what they left behind.
func walk(t *testing.T, db *store.DB) {
	t.Helper()
	transactions := 120
	if testing.Short() {
		transactions = 25
	}
	seed := rand.Uint64()
	w := &walker{rng: rand.New(rand.NewPCG(seed, 0))}
	names := slices.Sorted(maps.Keys(steps))
	var made []string
	for range transactions {
		fails := w.rng.IntN(6) == 0
		made = append(made, "|")
		err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
			w.ctx, w.tx = t.Context(), tx
			for range 1 + w.rng.IntN(5) {
				w.n++
				name := names[w.rng.IntN(len(names))]
				made = append(made, name)
				if err := steps[name](w); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
			if fails {
				return errOnPurpose
			}
			return nil
		})
		if err != nil && (!fails || !errors.Is(err, errOnPurpose)) {
			t.Fatalf("seed %d: %v, after %q", seed, err, made)
		}
	}
	verified(t, db)
	partsOf(t, db)
	rowsFollow(t, db)
	if t.Failed() {
		t.Logf("seed %d: the history was %q", seed, made)
	}
}

// rowsFollow checks that each row about a subject that is logged as a whole
// begins with what the one before it ended with.
func rowsFollow(t *testing.T, db *store.DB) {
	t.Helper()
	wholes := []store.Subject{
		store.SubjectDevice, store.SubjectGroup, store.SubjectPolicy, store.SubjectExclusion, store.SubjectRules, store.SubjectDeviceApps,
	}
	type subject struct {
		of store.Subject
		id int64
	}
	after := map[subject]string{}
	rows := 0
	for seq := int64(0); ; {
		page := rowsAfter(t, db, seq)
		if len(page) == 0 {
			break
		}
		for _, row := range page {
			seq = row.Seq
			key := subject{row.Subject, row.SubjectID}
			if !slices.Contains(wholes, row.Subject) {
				continue
			}
			if was, ok := after[key]; ok {
				rows++
				if was != string(row.Before) {
					t.Errorf("change %d, %s, begins with\n%s\nThe one before it ended with\n%s", row.Seq, row.Kind, row.Before, was)
				}
			}
			after[key] = string(row.After)
		}
	}
	least := 20
	if testing.Short() {
		least = 1
	}
	if rows < least {
		t.Errorf("only %d rows follow another: they test little", rows)
	}
}
