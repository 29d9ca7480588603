package storetest_test

import (
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// evidenceChanges are the changes of what people's checks are decided from.
// Each leaves behind what the ones after it need.
var evidenceChanges = []change{
	{"SaveGroup", "group.updated", store.SubjectGroup, 3, func(s scene) error {
		g, _, err := s.tx.LockGroup(s.ctx, 3)
		after := g
		after.Name = "Renamed"
		return orElse(err, func() error { return s.tx.SaveGroup(s.ctx, &g, &after) })
	}},
	{"SetMembers", "personnel.groups_set", store.SubjectPersonnel, 6, func(s scene) error {
		return s.tx.SetMembers(s.ctx, 4, []workforce.PersonnelID{6, 6}, nil)
	}},
	{"SavePolicy", "policy.updated", store.SubjectPolicy, 1, func(s scene) error {
		p, _, err := s.tx.LockPolicy(s.ctx, 1)
		after := p
		after.Versions = slices.Clone(p.Versions)
		after.Versions[2].PublishedAt, after.Versions[2].UpdatedAt = workforce.Ptr(later), time.Time{}
		after.Versions = append(after.Versions, workforce.PolicyVersion{URL: workforce.Ptr("https://example.com/next")})
		after.GroupIDs = []workforce.GroupID{2, 1, 2}
		return orElse(err, func() error { return s.tx.SavePolicy(s.ctx, &p, &after) })
	}},
	{"SaveAcknowledgement", "user.policy_acknowledged", store.SubjectUser, 7, func(s scene) error {
		return second(s.tx.SaveAcknowledgement(s.ctx, &workforce.Acknowledgement{UserID: 7, PolicyID: 3, Version: 1, AcknowledgedAt: later, Source: "api"}))
	}},
	{"SaveAcknowledgements", "user.policy_acknowledged", store.SubjectUser, 8, func(s scene) error {
		a := workforce.Acknowledgement{UserID: 8, PolicyID: 3, Version: 1, AcknowledgedAt: later, Source: "import"}
		return second(s.tx.SaveAcknowledgements(s.ctx, []workforce.Acknowledgement{a, a}))
	}},
	{"SaveTraining", "user.training_updated", store.SubjectUser, 9, func(s scene) error {
		return s.tx.SaveTraining(s.ctx, nil, newTraining(9, "One"))
	}},
	{"SaveTrainings", "user.training_updated", store.SubjectUser, 9, func(s scene) error {
		all, err := s.tx.Trainings(s.ctx, []workforce.UserID{9})
		return orElse(err, func() error {
			was := all[9][len(all[9])-1]
			is := was
			is.State, is.CompletedAt = workforce.TrainingCompleted, workforce.Ptr(later)
			return s.tx.SaveTrainings(s.ctx, []store.TrainingChange{{Before: &was, After: &is}, {After: newTraining(9, "Two")}})
		})
	}},
	{"DeleteTraining", "user.training_deleted", store.SubjectUser, 9, func(s scene) error {
		all, err := s.tx.Trainings(s.ctx, []workforce.UserID{9})
		return orElse(err, func() error { return s.tx.DeleteTraining(s.ctx, all[9][0]) })
	}},
	{"SaveExclusion", "exclusion.created", store.SubjectExclusion, 4, func(s scene) error {
		return s.tx.SaveExclusion(s.ctx, nil, &workforce.Exclusion{
			PersonnelID: workforce.Ptr(workforce.PersonnelID(5)), Checks: []workforce.CheckType{"BG_CHECK", "ANTIVIRUS", "BG_CHECK"},
			Reason: "on leave", StartsAt: later, Actor: "key:1",
		})
	}},
	{"SaveRules", "rules.updated", store.SubjectRules, 1, func(s scene) error {
		before, err := s.tx.LockRules(s.ctx)
		after := before
		after.Checks = slices.Clone(before.Checks)
		after.Checks[2].GroupIDs, after.ScreenLockSeconds = []workforce.GroupID{1}, 77
		return orElse(err, func() error { return s.tx.SaveRules(s.ctx, before, after) })
	}},
	{"SaveDocument", "user.document_updated", store.SubjectUser, 11, func(s scene) error {
		return s.tx.SaveDocument(s.ctx, nil, &workforce.Document{
			UserID: 11, Name: "Report", Type: "SEC_TRAINING", CompletedOn: workforce.Ptr(workforce.Date("2026-01-02")),
			File: &workforce.File{Hash: "aa11", Name: "report.pdf", MediaType: "application/pdf", Size: 12},
		})
	}},
	{"DeleteDocument", "user.document_deleted", store.SubjectUser, 11, func(s scene) error {
		all, _, err := s.tx.DocumentsOf(s.ctx, workforce.DocumentQuery{UserID: 11})
		return orElse(err, func() error { return s.tx.DeleteDocument(s.ctx, all[0]) })
	}},
	{"SaveBackgroundCheck", "user.background_check_updated", store.SubjectUser, 12, func(s scene) error {
		return s.tx.SaveBackgroundCheck(s.ctx, nil, &workforce.BackgroundCheck{UserID: 12, Status: "PENDING", Type: "MANUAL"})
	}},
	{"SaveBackgroundChecks", "user.background_check_updated", store.SubjectUser, 12, func(s scene) error {
		all, err := s.tx.BackgroundChecks(s.ctx, []workforce.UserID{12})
		return orElse(err, func() error {
			was := all[12][len(all[12])-1]
			is := was
			is.Status = "OK"
			return s.tx.SaveBackgroundChecks(s.ctx, []store.BackgroundCheckChange{
				{Before: &was, After: &is}, {After: &workforce.BackgroundCheck{UserID: 12, Status: "CANCELED", Type: "MANUAL"}},
			})
		})
	}},
	{"SaveDevice", "device.updated", store.SubjectDevice, 1, func(s scene) error {
		d, _, err := s.tx.LockDevice(s.ctx, 1)
		after := d
		after.MACAddress, after.LocationServicesEnabled, after.UpdatedAt = workforce.Ptr("AA:BB"), workforce.Ptr(d.LocationServicesEnabled == nil), time.Time{}
		after.Identifiers = append(slices.Clone(d.Identifiers), workforce.DeviceIdentifier{Type: "UUID", Identifier: "x"})
		return orElse(err, func() error { return s.tx.SaveDevice(s.ctx, &d, &after) })
	}},
	{"SaveDevices", "device.updated", store.SubjectDevice, 2, func(s scene) error {
		d, _, err := s.tx.LockDevice(s.ctx, 2)
		after := d
		after.Checks, after.Identifiers, after.PersonnelID = nil, nil, d.PersonnelID%20+1
		after.Documents = append(slices.Clone(d.Documents), workforce.DeviceDocument{
			Type: "LOCK_SCREEN_EVIDENCE", Name: "x", File: &workforce.File{Hash: "bb22", Name: "a.png", MediaType: "image/png", Size: 3},
		})
		return orElse(err, func() error { return s.tx.SaveDevices(s.ctx, []store.DeviceChange{{Before: &d, After: &after}}) })
	}},
	{"SaveApps", "device.apps_updated", store.SubjectDeviceApps, 1, func(s scene) error {
		return s.tx.SaveApps(s.ctx, 1, []workforce.App{{Name: "Editor"}, {Name: "Editor", Version: workforce.Ptr("")}, {Name: "Editor"}})
	}},
	{"SaveAppsOf", "device.apps_updated", store.SubjectDeviceApps, 1, func(s scene) error {
		return second(s.tx.SaveAppsOf(s.ctx, map[workforce.DeviceID][]workforce.App{1: {{Name: "Shell"}, {Name: "Editor"}}}))
	}},
	{"DeleteGroup", "group.deleted", store.SubjectGroup, 5, func(s scene) error {
		return s.tx.DeleteGroup(s.ctx, workforce.Group{ID: 5})
	}},
}

func newTraining(user workforce.UserID, course string) *workforce.Training {
	return &workforce.Training{
		UserID: user, Type: workforce.CheckSecurityTraining, Course: course, State: workforce.TrainingAssigned, AssignedAt: workforce.Ptr(later), Source: "api",
	}
}
