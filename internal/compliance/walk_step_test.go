package compliance_test

import (
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// step changes something and says what.
func (w *walk) step() string {
	w.Helper()
	w.many++
	steps := []struct {
		name string
		do   func()
	}{
		{"the clock", w.tick},
		{"the clock, to the next moment", w.tickToNext},
		{"a status", w.status},
		{"an account", w.account},
		{"an identity", w.identity},
		{"a background check", w.backgroundCheck},
		{"a document", w.document},
		{"no document", w.noDocument},
		{"a device", w.device},
		{"an acknowledgement", w.acknowledge},
		{"a training", w.training},
		{"an exclusion", w.exclude},
		{"the end of an exclusion", w.endExclusion},
		{"the rules", w.rules},
		{"a policy", w.policy},
		{"a version", w.version},
		{"memberships", w.members},
		{"the company", w.company},
		{"a connection", w.connection},
	}
	s := steps[w.rng.IntN(len(steps))]
	s.do()
	return s.name
}

func (w *walk) tick() {
	w.now = workforce.Millis(w.now.Add(time.Duration(w.rng.Int64N(int64(40 * 24 * time.Hour)))))
}

// tickToNext goes to the very moment at which something changes by itself, or
// to the one before.
func (w *walk) tickToNext() {
	var next *time.Time
	if err := w.db.Read(w.ctx, func(r *store.Reader) error {
		var err error
		next, _, err = r.NextAssessment(w.ctx, w.db.Now())
		return err
	}); err != nil {
		w.Fatal(err)
	}
	if next != nil && next.After(w.now) {
		w.now = next.Add(-time.Duration(w.rng.IntN(2)) * time.Millisecond)
	}
}

func (w *walk) status() {
	id := w.person()
	w.write(func(tx *store.Tx) error {
		before, _, err := tx.LockPersonnel(w.ctx, id)
		if err != nil {
			return err
		}
		after := before
		after.EmploymentStatus = one(w, workforce.AllEmploymentStatuses)
		after.StartDate = workforce.Ptr(workforce.DateOf(w.around()))
		after.SeparationDate = nil
		if after.EmploymentStatus == workforce.OutOfScope && after.NotHumanReason == nil {
			after.NotHumanReason = workforce.Ptr("a robot")
		}
		return tx.UpdatePersonnel(w.ctx, before, after, "personnel.status_set")
	})
}

func (w *walk) account() {
	kind := one(w, workforce.AllAccountKinds)
	id := workforce.AccountID(1 + w.rng.IntN(walkPeople))
	w.write(func(tx *store.Tx) error {
		before, ok, err := tx.LockAccount(w.ctx, kind, id)
		if err != nil || !ok {
			return err
		}
		after := before
		after.ServiceAccountAt, after.ServiceAccountReason, after.ServiceAccountByUserID = nil, nil, nil
		after.UserID, after.DisconnectedAt = workforce.Ptr(w.user()), nil
		after.ConnectedAt = workforce.Ptr(w.earlier())
		if w.chance(40) {
			after.DisconnectedAt = workforce.Ptr(w.now)
		}
		return tx.UpdateAccount(w.ctx, before, after, "account.linked")
	})
}

func (w *walk) identity() {
	id := w.person()
	w.write(func(tx *store.Tx) error {
		records, err := tx.PersonnelRecords(w.ctx, []workforce.PersonnelID{id})
		if err != nil || len(records[0].User.Identities) == 0 {
			return err
		}
		before := one(w, records[0].User.Identities).Identity
		after := before
		after.HasIDP, after.ConnectedAt, after.DisconnectedAt = true, workforce.Ptr(w.earlier()), nil
		after.HasMFA = one(w, []*bool{nil, workforce.Ptr(true), workforce.Ptr(true), workforce.Ptr(false)})
		return tx.SaveIdentity(w.ctx, &before, &after)
	})
}

func (w *walk) backgroundCheck() {
	b := workforce.BackgroundCheck{
		UserID: w.user(), Status: one(w, workforce.AllBackgroundCheckStatuses), Type: "MANUAL",
		CreatedAt: w.now, UpdatedAt: w.earlier(),
	}
	if w.chance(50) {
		b.OutOfScopeReason = workforce.Ptr("a reason")
	}
	w.write(func(tx *store.Tx) error { return tx.SaveBackgroundCheck(w.ctx, nil, &b) })
}

func (w *walk) document() {
	doc := workforce.Document{
		UserID: w.user(), Name: "Evidence", Type: one(w, workforce.AllDocumentTypes), CreatedAt: w.now, UpdatedAt: w.now,
	}
	if w.chance(50) {
		doc.CompletedOn = workforce.Ptr(workforce.DateOf(w.earlier()))
	}
	if w.chance(70) {
		doc.RenewalDate = workforce.Ptr(workforce.DateOf(w.around()))
	}
	w.write(func(tx *store.Tx) error { return tx.SaveDocument(w.ctx, nil, &doc) })
}

func (w *walk) noDocument() {
	id := w.user()
	w.write(func(tx *store.Tx) error {
		all, _, err := tx.DocumentsOf(w.ctx, workforce.DocumentQuery{UserID: id, Limit: 50})
		if err != nil || len(all) == 0 {
			return err
		}
		return tx.DeleteDocument(w.ctx, one(w, all))
	})
}

func (w *walk) device() {
	id := w.person()
	flag := func() *bool {
		return one(w, []*bool{nil, workforce.Ptr(true), workforce.Ptr(true), workforce.Ptr(false)})
	}
	w.write(func(tx *store.Tx) error {
		all, _, err := tx.Devices(w.ctx, workforce.DeviceQuery{PersonnelID: &id, Limit: 50})
		if err != nil {
			return err
		}
		after := workforce.Device{PersonnelID: id, CreatedAt: w.now, SerialNumber: workforce.Ptr("SERIAL" + string(rune('A'+w.rng.IntN(8))))}
		var before *workforce.Device
		if len(all) > 2 || len(all) > 0 && w.chance(70) {
			was := one(w, all)
			before, after = &was, was
		}
		after.SourceType, after.UpdatedAt = one(w, workforce.AllDeviceSources), w.now
		after.EncryptionEnabled, after.AntivirusEnabled, after.AutoUpdateEnabled = flag(), flag(), flag()
		after.PasswordManagerEnabled, after.LocationServicesEnabled = flag(), flag()
		after.ScreenLockTime = one(w, []*int64{nil, workforce.Ptr(int64(0)), workforce.Ptr(int64(300)), workforce.Ptr(int64(3600))})
		after.LastCheckedAt = workforce.Ptr(w.around())
		after.DeletedAt = nil
		if w.chance(20) {
			after.DeletedAt = workforce.Ptr(w.now)
		}
		if w.chance(10) {
			after.PersonnelID = w.person()
		}
		return tx.SaveDevice(w.ctx, before, &after)
	})
}

func (w *walk) acknowledge() {
	policies, err := w.svc.Policies(w.ctx)
	if err != nil || len(policies) == 0 {
		return
	}
	p := one(w, policies)
	in := compliance.AcknowledgementInput{PolicyID: p.ID}
	if w.chance(50) {
		in.AcknowledgedAt = workforce.Ptr(w.earlier())
	}
	_, err = w.svc.Acknowledge(w.ctx, w.user(), in)
	w.may(err)
}

func (w *walk) training() {
	in := compliance.TrainingInput{Type: one(w, workforce.AllTrainingTypes), State: workforce.TrainingAssigned}
	if w.chance(60) {
		in.State = workforce.TrainingCompleted
		if w.chance(80) {
			in.CompletedAt = workforce.Ptr(w.earlier())
		}
	}
	if w.chance(30) {
		in.Course = workforce.Ptr("another course")
	}
	_, err := w.svc.RecordTraining(w.ctx, w.user(), in)
	w.may(err)
}

func (w *walk) exclude() {
	in := compliance.ExclusionInput{Reason: "a reason", Checks: []workforce.CheckType{one(w, workforce.AllCheckTypes[1:]), one(w, workforce.AllCheckTypes[1:])}}
	if w.chance(70) {
		in.PersonnelID = workforce.Ptr(w.person())
	} else {
		in.GroupID = workforce.Ptr(one(w, w.groups))
	}
	if w.chance(60) {
		in.StartsAt = workforce.Ptr(w.around())
	}
	if w.chance(60) {
		in.EndsAt = workforce.Ptr(w.around())
	}
	_, err := w.svc.Exclude(w.ctx, in)
	w.may(err)
}

func (w *walk) endExclusion() {
	all, err := w.svc.Exclusions(w.ctx, compliance.ExclusionFilter{})
	if err != nil || len(all) == 0 {
		return
	}
	_, err = w.svc.EndExclusion(w.ctx, one(w, all).ID, nil)
	w.may(err)
}

func (w *walk) rules() {
	rules, err := w.svc.Rules(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	rule := rules.Of(one(w, workforce.AllCheckTypes))
	switch w.rng.IntN(6) {
	case 0:
		rule.Required = !rule.Required
	case 1:
		if rule.RenewalMonths > 0 || rule.Type == workforce.CheckBackground {
			rule.RenewalMonths = w.rng.IntN(24)
		}
	case 2:
		rule.Statuses = []workforce.EmploymentStatus{one(w, workforce.AllEmploymentStatuses), one(w, workforce.AllEmploymentStatuses)}
	case 3:
		rule.GroupIDs = nil
		if w.chance(50) {
			rule.GroupIDs = []workforce.GroupID{one(w, w.groups)}
		}
	case 4:
		rules.ScreenLockSeconds, rules.ReportingDays = int64(1+w.rng.IntN(4000)), 1+w.rng.IntN(100)
	case 5:
		if rule := rules.Of(one(w, workforce.AllDeviceCheckTypes)); w.chance(50) {
			rule.Sources = slices.Clone(workforce.AllDeviceSources[:1+w.rng.IntN(len(workforce.AllDeviceSources))])
		} else {
			rule.Sources = nil
		}
	}
	preview, err := w.svc.PreviewRules(w.ctx, rules, 1000, nil)
	w.may(err)
	before := w.statuses()
	if _, err := w.svc.SaveRules(w.ctx, rules); err != nil {
		w.may(err)
		return
	}
	w.settle()
	w.previewWas(preview, before, w.statuses())
}

type statusKey struct {
	id    workforce.PersonnelID
	check workforce.CheckType
}

// statuses gives every outcome on record.
func (w *walk) statuses() map[statusKey]workforce.CheckStatus {
	w.Helper()
	out := map[statusKey]workforce.CheckStatus{}
	if err := w.db.Read(w.ctx, func(r *store.Reader) error {
		for id := range workforce.PersonnelID(walkPeople) {
			records, err := r.PersonnelRecords(w.ctx, []workforce.PersonnelID{id + 1})
			if err != nil {
				return err
			}
			for _, c := range records[0].Checks {
				out[statusKey{id + 1, c.Type}] = c.Status
			}
		}
		return nil
	}); err != nil {
		w.Fatal(err)
	}
	return out
}

// previewWas compares what a preview said with what then happened.
func (w *walk) previewWas(p compliance.Preview, before, after map[statusKey]workforce.CheckStatus) {
	w.Helper()
	said := map[statusKey]workforce.CheckStatus{}
	for _, f := range p.Flips {
		said[statusKey{f.PersonnelID, f.Type}] = f.To
		if len(f.Reasons) == 0 {
			w.Errorf("the preview flips %s of %d to %s without a reason", f.Type, f.PersonnelID, f.To)
		}
	}
	for key, status := range after {
		to, flips := said[key]
		if flips != (before[key] != status) || flips && to != status {
			w.Errorf("the preview said %q of %v, which went from %s to %s", to, key, before[key], status)
		}
	}
}

func (w *walk) policy() {
	if len(w.policies) == 0 || w.chance(15) && len(w.policies) < 6 {
		p, err := w.svc.CreatePolicy(w.ctx, compliance.PolicyInput{Name: workforce.Ptr("Policy " + string(rune('A'+len(w.policies))))})
		if err != nil {
			w.Fatal(err)
		}
		w.policies = append(w.policies, p.ID)
		return
	}
	in := compliance.PolicyInput{AssignedTo: workforce.Ptr(one(w, workforce.AllPolicyAssignments))}
	if *in.AssignedTo == workforce.AssignedToGroups {
		in.GroupIDs = &[]workforce.GroupID{one(w, w.groups), one(w, w.groups)}
	}
	if w.chance(20) {
		in.Archived = workforce.Ptr(w.chance(40))
	}
	_, err := w.svc.UpdatePolicy(w.ctx, one(w, w.policies), in)
	w.may(err)
}

func (w *walk) version() {
	if len(w.policies) == 0 {
		return
	}
	p, err := w.svc.AddVersion(w.ctx, one(w, w.policies), compliance.VersionInput{Text: workforce.Ptr("wording")})
	if err != nil {
		w.Fatal(err)
	}
	if w.chance(70) {
		_, err = w.svc.PublishVersion(w.ctx, p.ID, one(w, p.Versions).Version)
		w.may(err)
	}
}

func (w *walk) members() {
	a, b := w.person(), w.person()
	w.may(w.svc.SetMembers(w.ctx, one(w, w.groups), []workforce.PersonnelID{a}, []workforce.PersonnelID{b}))
}

func (w *walk) company() {
	w.write(func(tx *store.Tx) error {
		c, err := tx.LockCompany(w.ctx)
		if err != nil {
			return err
		}
		c.TimeZone = one(w, []string{"UTC", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Kathmandu"})
		c.AgentEnabled = w.chance(50)
		return tx.SaveCompany(w.ctx, c)
	})
}

func (w *walk) connection() {
	w.write(func(tx *store.Tx) error {
		all, err := tx.Connections(w.ctx)
		if err != nil {
			return err
		}
		before := one(w, all)
		after := before
		after.State = one(w, workforce.AllConnectionStates)
		after.ConnectedAt, after.DeletedAt = workforce.Ptr(w.earlier()), nil
		if w.chance(20) {
			after.DeletedAt = workforce.Ptr(w.now)
		}
		return tx.UpdateConnection(w.ctx, before, after)
	})
}
