package storetest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// A page of devices is what plain Go finds among all of them.
func TestDevicesAreFound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, company := loadedCompany(t, open)
		var all []workforce.Device
		for _, p := range company.People {
			all = append(all, p.Devices...)
		}
		var queries []workforce.DeviceQuery
		for _, text := range []string{"STRASSE", "Ångström", "a", "no such text"} {
			queries = append(
				queries, workforce.DeviceQuery{ExternalID: &text}, workforce.DeviceQuery{MACAddress: &text}, workforce.DeviceQuery{SerialNumber: &text},
				workforce.DeviceQuery{SerialNumber: &text, Active: workforce.Ptr(true)},
			)
		}
		for _, source := range workforce.AllDeviceSources[:4] {
			queries = append(queries, workforce.DeviceQuery{SourceType: &source, Active: workforce.Ptr(false)}, workforce.DeviceQuery{SourceType: &source})
		}
		for id := range workforce.PersonnelID(22) {
			queries = append(queries, workforce.DeviceQuery{PersonnelID: &id})
		}
		queries = append(queries, workforce.DeviceQuery{}, workforce.DeviceQuery{Offset: 3, Limit: 4}, workforce.DeviceQuery{Offset: 999, Limit: 4})
		matched := 0
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			for i, q := range queries {
				want := findDevices(all, q)
				total := int64(len(want))
				want = want[min(q.Offset, total):]
				if q.Limit > 0 {
					want = want[:min(q.Limit, int64(len(want)))]
				}
				got, n, err := r.Devices(ctx, q)
				if err != nil || n != total {
					t.Errorf("query %d: %d devices, want %d, error %v", i, n, total, err)
				}
				same(t, fmt.Sprintf("query %d", i), append([]workforce.Device{}, got...), append([]workforce.Device{}, want...))
				matched += len(got)
			}
			for _, want := range all {
				d, ok, err := r.Device(ctx, want.ID)
				if err != nil || !ok {
					t.Errorf("device %d: %v, error %v", want.ID, ok, err)
				}
				same(t, "a device", d, want)
				for _, doc := range want.Documents {
					got, of, ok, err := r.DeviceDocument(ctx, doc.ID)
					if err != nil || !ok || of != want.ID {
						t.Errorf("document %d of device %d: of %d, %v, error %v", doc.ID, want.ID, of, ok, err)
					}
					same(t, "a device's document", got, doc)
				}
			}
			return nil
		})
		if matched < 100 {
			t.Errorf("all queries together found %d devices: they test little", matched)
		}
	})
}

func findDevices(all []workforce.Device, q workforce.DeviceQuery) (out []workforce.Device) {
	fold := func(is, want *string) bool {
		return want == nil || is != nil && workforce.Fold(*is) == workforce.Fold(*want)
	}
	for _, d := range all {
		if (q.ExternalID == nil || workforce.Same(d.ExternalID, q.ExternalID)) && fold(d.MACAddress, q.MACAddress) &&
			fold(d.SerialNumber, q.SerialNumber) && (q.SourceType == nil || d.SourceType == *q.SourceType) &&
			(q.PersonnelID == nil || d.PersonnelID == *q.PersonnelID) && (q.Active == nil || d.Active() == *q.Active) {
			out = append(out, d)
		}
	}
	return out
}

// A device that moves is in the log once, is the data of both, and in the packs
// of who has it.
func TestADeviceMoves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		partsOf(t, db)
		device := workforce.Device{
			PersonnelID: 4, SourceType: "AGENT", Model: workforce.Ptr("Moving"), EncryptionExplanation: []byte("null"),
			Checks:      []workforce.DeviceCheck{{Check: workforce.Check{Type: "LOCK_SCREEN", Status: "PASS", CheckFrequency: "DAILY"}}, {Check: workforce.Check{Type: "ANTIVIRUS", Status: "FAIL", CheckFrequency: "DAILY"}}},
			Identifiers: []workforce.DeviceIdentifier{{Type: "UUID", Identifier: "u"}, {Type: "SERIAL_NUMBER", Identifier: "s"}},
			Documents:   []workforce.DeviceDocument{{Type: "ANTIVIRUS_EVIDENCE", Name: "scan"}},
		}
		for i := range device.Checks {
			device.Checks[i].CreatedAt, device.Checks[i].UpdatedAt = later, later
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDevice(ctx, nil, &device) })
		if device.ID == 0 || device.CreatedAt.IsZero() || device.Checks[0].Type != "ANTIVIRUS" || device.Identifiers[0].ID == 0 || device.Documents[0].CreatedAt.IsZero() {
			t.Errorf("it was kept as %+v", device)
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveApps(ctx, device.ID, []workforce.App{{Name: "Editor"}})
		})
		moved := device
		moved.PersonnelID, moved.UpdatedAt = 17, time.Time{}
		moved.Identifiers = []workforce.DeviceIdentifier{device.Identifiers[1], {Type: "UUID", Identifier: "v"}}
		moved.Documents = slices.Clone(device.Documents)
		moved.Documents[0].Name, moved.Documents[0].UpdatedAt = "another scan", time.Time{}
		seq := head(t, db)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			now, _, err := tx.LockDevice(ctx, device.ID)
			same(t, "under lock", now, device)
			return orElse(err, func() error { return tx.SaveDevice(ctx, &now, &moved) })
		})
		if rows := rowsAfter(t, db, seq); len(rows) != 1 || rows[0].Kind != "device.updated" {
			t.Errorf("the move was logged as %+v", rows)
		}
		if moved.Identifiers[1].ID != device.Identifiers[1].ID+1 || !moved.CreatedAt.Equal(device.CreatedAt) || moved.UpdatedAt.IsZero() {
			t.Errorf("it moved as %+v", moved)
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			got, _, err := r.Device(ctx, device.ID)
			same(t, "moved", got, moved)
			return err
		})
		for _, rec := range partsOf(t, db).personnel {
			has := slices.ContainsFunc(rec.Devices, func(d workforce.Device) bool { return d.ID == device.ID })
			if has != (rec.ID == 17) {
				t.Errorf("personnel %d has the device: %v", rec.ID, has)
			}
		}
		verified(t, db)
		// Whoever had it is in the move; whoever had it first also in the apps.
		for _, id := range []workforce.UserID{17, 4} {
			if _, err := db.ErasePayloads(t.Context(), storetest.Cause, id); err != nil {
				t.Fatal(err)
			}
		}
		for _, subject := range []store.Subject{store.SubjectDevice, store.SubjectDeviceApps} {
			for _, row := range subjectChanges(t, db, subject, int64(device.ID)) {
				if !row.Erased {
					t.Errorf("%s: %s is still in the log", subject, row.Kind)
				}
			}
		}
		verified(t, db)
	})
}

// An app that stays keeps its number, and no number is given twice.
func TestAppsKeepTheirNumbers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		given := map[string]int64{}
		used := map[int64]string{}
		var version *string
		for _, names := range []string{"a b c", "c b", "", "b a", "b a", "d a"} {
			var apps []workforce.App
			for name := range strings.FieldsSeq(names) {
				apps = append(apps, workforce.App{Name: name, Version: version, ID: 77})
			}
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.SaveApps(ctx, 2, apps) })
			now := map[string]int64{}
			read(t, db, func(ctx context.Context, r *store.Reader) error {
				all, total, err := r.Apps(ctx, 2, 0, 100)
				if int(total) != len(apps) || len(all) != len(apps) {
					t.Errorf("%q: the device has %+v", names, all)
				}
				for _, a := range all {
					now[a.Name] = a.ID
					if was, ok := given[a.Name]; ok && was != a.ID {
						t.Errorf("%q: %s was number %d and is %d", names, a.Name, was, a.ID)
					}
					if other, ok := used[a.ID]; ok && given[a.Name] == 0 {
						t.Errorf("%q: %s has number %d, which %s had", names, a.Name, a.ID, other)
					}
					used[a.ID] = a.Name
				}
				return err
			})
			given = now
		}
		verified(t, db)
	})
}

// A user's documents are found by type and name, a file by its hash.
func TestDocumentsAreFound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, company := loadedCompany(t, open)
		hashes := map[string]bool{}
		for _, p := range company.People {
			for _, d := range p.Documents {
				hashes[fileHash(d.File)] = true
			}
			for _, device := range p.Devices {
				for _, d := range device.Documents {
					hashes[fileHash(d.File)] = true
				}
			}
		}
		delete(hashes, "")
		names := []string{"Security Training 2026", "security training 2025", "Straße", "Other"}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			for i, name := range names {
				d := workforce.Document{
					UserID: 3, Name: name, Type: []workforce.DocumentType{"SEC_TRAINING", "MFA_EVIDENCE"}[i/3],
					File: &workforce.File{Hash: fmt.Sprintf("%064x", i/2), Name: "a.pdf", MediaType: "application/pdf", Size: 1},
				}
				hashes[d.File.Hash] = true
				if err := tx.SaveDocument(ctx, nil, &d); err != nil {
					return err
				}
			}
			return nil
		})
		before := int64(len(company.People[2].Documents))
		training := workforce.DocumentType("SEC_TRAINING")
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			for _, c := range []struct {
				q     workforce.DocumentQuery
				want  string
				total int64
			}{
				{workforce.DocumentQuery{Q: "SECURITY"}, "Security Training 2026|security training 2025", 2},
				{workforce.DocumentQuery{Q: "STRASSE", Type: &training}, "Straße", 1},
				{workforce.DocumentQuery{Q: "training 20", Offset: 1, Limit: 5}, "security training 2025", 2},
				{workforce.DocumentQuery{Q: "training 20", Limit: 1}, "Security Training 2026", 2},
				{workforce.DocumentQuery{Q: "no such name"}, "", 0},
				{workforce.DocumentQuery{Offset: before + 2, Limit: 2}, "Straße|Other", before + 4},
				{workforce.DocumentQuery{Offset: before + 9}, "", before + 4},
			} {
				c.q.UserID = 3
				docs, total, err := r.DocumentsOf(ctx, c.q)
				got := make([]string, len(docs))
				for i, d := range docs {
					got[i] = d.Name
					one, ok, err := r.Document(ctx, d.ID)
					if err != nil || !ok {
						t.Errorf("document %d: %v, error %v", d.ID, ok, err)
					}
					same(t, "a document", one, d)
				}
				if err != nil || total != c.total || strings.Join(got, "|") != c.want {
					t.Errorf("%+v: %q of %d, want %q of %d, error %v", c.q, got, total, c.want, c.total, err)
				}
			}
			var found []string
			for last := ""; ; last = found[len(found)-1] {
				page, err := r.FileHashes(ctx, last, 2)
				if err != nil {
					return err
				}
				if len(page) == 0 {
					break
				}
				found = append(found, page...)
			}
			var want []string
			for hash := range hashes {
				want = append(want, hash)
				if used, err := r.FileInUse(ctx, hash); err != nil || !used {
					t.Errorf("%q is in use: %v, error %v", hash, used, err)
				}
			}
			slices.Sort(want)
			if !slices.Equal(found, want) {
				t.Errorf("files are %q, want %q", found, want)
			}
			return nil
		})
		// The last document of a content gives it up.
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			docs, _, err := tx.DocumentsOf(ctx, workforce.DocumentQuery{UserID: 3, Q: "training 20"})
			for _, d := range docs {
				locked, _, err := tx.LockDocument(ctx, d.ID)
				if err = orElse(err, func() error { return tx.DeleteDocument(ctx, locked) }); err != nil {
					return err
				}
			}
			used, err2 := tx.FileInUse(ctx, fmt.Sprintf("%064x", 0))
			if used {
				t.Error("a content without documents is in use")
			}
			return orElse(err, func() error { return err2 })
		})
		verified(t, db)
	})
}

// fileHash is the hash of a file; empty if there is none.
func fileHash(f *workforce.File) string {
	if f == nil {
		return ""
	}
	return f.Hash
}
