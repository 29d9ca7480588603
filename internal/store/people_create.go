package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// CreatePeople adds people with everything that belongs to them, and fills in
// the numbers that it gives. It is meant for some hundreds at a time.
func (tx *Tx) CreatePeople(ctx context.Context, people []workforce.NewPerson) error {
	if len(people) == 0 {
		return nil
	}
	if err := tx.numberPeople(ctx, people); err != nil {
		return err
	}
	assessments, err := tx.assessNew(ctx, people)
	if err != nil {
		return fmt.Errorf("assessing new people: %w", err)
	}
	b := newBatch(tx)
	for _, row := range assessments {
		b.row("assessments", row)
	}
	for i := range people {
		if err := b.add(&people[i]); err != nil {
			return err
		}
	}
	if err := b.write(ctx); err != nil {
		return err
	}
	for i := range people {
		tx.stale.forget(&people[i])
		tx.unassessed.forget(&people[i])
	}
	return nil
}

// numberPeople gives every record inside the people its number and its owner.
func (tx *Tx) numberPeople(ctx context.Context, people []workforce.NewPerson) error {
	counts := map[string]int{}
	each := func(count func(name string, n int) int64) {
		for i := range people {
			p := &people[i]
			p.User.ID = workforce.UserID(count("users", 1))
			p.Personnel.ID = workforce.PersonnelID(count("personnel", 1))
			p.Personnel.UserID = p.User.ID
			first := count("background_checks", len(p.BackgroundChecks))
			for j := range p.BackgroundChecks {
				p.BackgroundChecks[j].ID, p.BackgroundChecks[j].UserID = first+int64(j), p.User.ID
			}
			first = count("documents", len(p.Documents))
			for j := range p.Documents {
				p.Documents[j].ID, p.Documents[j].UserID = first+int64(j), p.User.ID
			}
			first = count("identities", len(p.Identities))
			for j := range p.Identities {
				p.Identities[j].ID, p.Identities[j].UserID = first+int64(j), p.User.ID
			}
			for j := range p.Sources {
				p.Sources[j].UserID = p.User.ID
			}
			first = count("acknowledgements", len(p.Acknowledgements))
			for j := range p.Acknowledgements {
				p.Acknowledgements[j].ID, p.Acknowledgements[j].UserID = first+int64(j), p.User.ID
			}
			first = count("trainings", len(p.Trainings))
			for j := range p.Trainings {
				p.Trainings[j].ID, p.Trainings[j].UserID = first+int64(j), p.User.ID
			}
			for j := range p.Devices {
				numberDevice(&p.Devices[j], p.Personnel.ID, count)
			}
		}
	}
	each(func(name string, n int) int64 { counts[name] += n; return 0 })
	next := map[string]int64{}
	// One fixed order, so that two writers cannot wait for each other.
	for _, name := range []string{
		"users", "personnel", "background_checks", "documents", "identities",
		"acknowledgements", "trainings", "devices", "device_identifiers", "device_documents",
	} {
		if counts[name] > 0 {
			first, err := tx.nextIDs(ctx, name, counts[name])
			if err != nil {
				return err
			}
			next[name] = first
		}
	}
	each(func(name string, n int) int64 { first := next[name]; next[name] += int64(n); return first })
	for i := range people {
		if people[i].User.EntryID == "" {
			people[i].User.EntryID = newUUID()
		}
	}
	return nil
}

func numberDevice(d *workforce.Device, owner workforce.PersonnelID, count func(string, int) int64) {
	d.ID, d.PersonnelID = workforce.DeviceID(count("devices", 1)), owner
	for j := range d.Checks {
		d.Checks[j].ID = workforce.DeviceCheckID(d.ID, d.Checks[j].Type)
	}
	first := count("device_identifiers", len(d.Identifiers))
	for j := range d.Identifiers {
		d.Identifiers[j].ID = first + int64(j)
	}
	first = count("device_documents", len(d.Documents))
	for j := range d.Documents {
		d.Documents[j].ID = first + int64(j)
	}
}

// newUUID is a random (version 4) UUID.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // it never fails: the program is stopped instead
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// batch gathers rows per table, in an order that keeps foreign keys whole.
type batch struct {
	tx     *Tx
	tables []string
	rows   map[string][][]any
}

func newBatch(tx *Tx) *batch { return &batch{tx: tx, rows: map[string][][]any{}} }

func (b *batch) row(table string, values []any) {
	if _, ok := b.rows[table]; !ok {
		b.tables = append(b.tables, table)
	}
	b.rows[table] = append(b.rows[table], values)
}

// batchOrder is the order in which a batch is written: owners first.
var batchOrder = []struct {
	table   string
	columns []string
}{
	{"users", userColumns},
	{"user_roles", []string{"user_id", "role"}},
	{"personnel", personnelColumns},
	{"pins", pinColumns},
	{"checks", checkColumns},
	{"background_checks", backgroundCheckColumns},
	{"documents", documentColumns},
	{"identities", identityColumns},
	{"acknowledgements", acknowledgementColumns},
	{"trainings", trainingColumns},
	{"source_records", []string{"connection_id", "external_id", "user_id", "facts", "observed_at"}},
	{"group_members", []string{"group_id", "personnel_id"}},
	{"devices", deviceColumns},
	{"device_checks", deviceCheckColumns},
	{"device_identifiers", deviceIdentifierColumns},
	{"device_documents", deviceDocumentColumns},
	{"packs", packColumns},
	{"assessments", assessmentColumns},
}

func (b *batch) write(ctx context.Context) error {
	wait := b.tx.sealAhead()
	defer wait()
	for _, t := range batchOrder {
		if err := b.tx.insert(ctx, t.table, t.columns, b.rows[t.table]); err != nil {
			return err
		}
	}
	return nil
}

// tidy puts lists into the order in which they are read again, so that the log
// and the record say the same.
func tidy(p *workforce.NewPerson) {
	p.User.Roles = orNil(sorted(p.User.Roles))
	p.Personnel.Pins = sortedPins(p.Personnel.Pins)
	p.GroupIDs = sorted(p.GroupIDs)
	slices.SortFunc(p.Checks, func(a, b workforce.Check) int {
		return slices.Index(workforce.AllCheckTypes, a.Type) - slices.Index(workforce.AllCheckTypes, b.Type)
	})
	for i := range p.Devices {
		d := &p.Devices[i]
		for _, raw := range []*json.RawMessage{
			&d.EncryptionExplanation, &d.FirewallExplanation, &d.ScreenLockExplanation,
			&d.AntivirusExplanation, &d.AutoUpdateExplanation, &d.PasswordManagerExplanation,
		} {
			if jsonOpt(*raw) == nil {
				*raw = nil
			}
		}
	}
}

// add puts a person's rows into the batch and notes the changes.
func (b *batch) add(p *workforce.NewPerson) error {
	tidy(p)
	b.row("users", userRow(p.User))
	for _, r := range roleRows(p.User) {
		b.row("user_roles", r)
	}
	b.row("personnel", personnelRow(p.Personnel))
	for _, pin := range p.Personnel.Pins {
		b.row("pins", pinRow(p.Personnel.ID, pin))
	}
	for _, c := range p.Checks {
		b.row("checks", checkRow(p.Personnel.ID, c))
	}
	for _, bc := range p.BackgroundChecks {
		b.row("background_checks", backgroundCheckRow(bc))
	}
	for _, d := range p.Documents {
		b.row("documents", documentRow(d))
	}
	for _, id := range p.Identities {
		b.row("identities", identityRow(id))
	}
	for _, a := range p.Acknowledgements {
		b.row("acknowledgements", acknowledgementRow(a))
	}
	for _, t := range p.Trainings {
		b.row("trainings", trainingRow(t))
	}
	for _, rec := range p.Sources {
		facts, err := json.Marshal(rec.Facts)
		if err != nil {
			return err
		}
		b.row("source_records", []any{int64(rec.ConnectionID), rec.ExternalID, int64(rec.UserID), string(facts), ms(rec.ObservedAt)})
	}
	for _, g := range p.GroupIDs {
		b.row("group_members", []any{int64(g), int64(p.Personnel.ID)})
	}
	for i := range p.Devices {
		b.addDevice(&p.Devices[i])
		b.tx.record("device.created", SubjectDevice, int64(p.Devices[i].ID), nil, p.Devices[i], p.User.ID)
	}
	b.row("packs", packRow(p))
	b.tx.record("user.created", SubjectUser, int64(p.User.ID), nil, userPayload{
		User: p.User, BackgroundChecks: p.BackgroundChecks, Identities: p.Identities, Documents: p.Documents, Sources: p.Sources,
		Acknowledgements: p.Acknowledgements, Trainings: p.Trainings,
	}, p.User.ID)
	b.tx.record("personnel.created", SubjectPersonnel, int64(p.Personnel.ID), nil, personnelPayload{
		Personnel: p.Personnel, Checks: p.Checks, GroupIDs: p.GroupIDs,
	}, p.User.ID)
	return nil
}

func (b *batch) addDevice(d *workforce.Device) {
	b.row("devices", deviceRow(*d))
	for _, c := range d.Checks {
		b.row("device_checks", deviceCheckRow(d.ID, c))
	}
	for _, x := range d.Identifiers {
		b.row("device_identifiers", deviceIdentifierRow(d.ID, x))
	}
	for _, x := range d.Documents {
		b.row("device_documents", deviceDocumentRow(d.ID, x))
	}
}
