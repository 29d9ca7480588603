package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/workforce"
)

// assessor decides the checks of a person: see [check.Decide].
type assessor func(*check.Facts, time.Time) check.Verdict

// unassessed is of whom a transaction changed a fact, so that their checks have
// to be decided again before it commits.
type unassessed struct {
	personnel map[workforce.PersonnelID]bool
	users     map[workforce.UserID]bool // whose records are these people's
	holders   map[workforce.UserID]bool // who was linked to an account or is now
}

func newUnassessed() unassessed {
	return unassessed{map[workforce.PersonnelID]bool{}, map[workforce.UserID]bool{}, map[workforce.UserID]bool{}}
}

func (u unassessed) empty() bool { return len(u.personnel)+len(u.users)+len(u.holders) == 0 }

// note takes down whose checks a change of a subject may touch. What concerns
// many at once (policies, groups' exclusions, rules, connections) is not here:
// see [Tx.markTouched].
func (u unassessed) note(key subjectKey, people []workforce.UserID) {
	into := u.users
	switch key.subject {
	case SubjectPersonnel:
		u.personnel[workforce.PersonnelID(key.id)] = true
		return
	case SubjectUser:
		into[workforce.UserID(key.id)] = true
		return
	case SubjectDevice, SubjectExclusion:
	case SubjectInfrastructure, SubjectVersionControl:
		into = u.holders
	default:
		return
	}
	for _, id := range people {
		into[id] = true
	}
}

// forget takes down that a person was just created, and assessed with that.
func (u unassessed) forget(p *workforce.NewPerson) {
	delete(u.users, p.User.ID)
	delete(u.personnel, p.Personnel.ID)
}

// Reassess has people's checks decided again in this transaction, although no
// fact of theirs changes in it.
func (tx *Tx) Reassess(ids ...workforce.PersonnelID) {
	for _, id := range ids {
		tx.unassessed.personnel[id] = true
	}
}

// AssessAt has checks decided as of an instant that is not the transaction's. It
// is for made-up companies, which are the same whenever on a day they are made.
func (tx *Tx) AssessAt(at time.Time) { tx.asOf = &at }

func (tx *Tx) assessAt() time.Time {
	if tx.asOf != nil {
		return *tx.asOf
	}
	return tx.at
}

// assessSpan is how many people are assessed at a time.
const assessSpan = 256

// Assess decides the checks of everyone of whom the transaction has changed a
// fact so far. That is done before it commits in any case; it is for those who
// read back what they wrote.
func (tx *Tx) Assess(ctx context.Context) error {
	if tx.db.assessor == nil {
		return nil
	}
	if tx.assessed == nil {
		tx.assessed = map[workforce.PersonnelID]*PersonFacts{}
	}
	if err := tx.markTouched(ctx); err != nil {
		return fmt.Errorf("marking whom the change touches: %w", err)
	}
	if tx.unassessed.empty() {
		return nil
	}
	ids, err := tx.toAssess(ctx)
	if err != nil {
		return fmt.Errorf("finding whom to assess: %w", err)
	}
	tx.assessing, tx.packsAgree = true, len(tx.changes) == 0
	defer func() { tx.assessing, tx.packsAgree = false, false }()
	for span := range slices.Chunk(ids, assessSpan) {
		if err := tx.assessSpan(ctx, span); err != nil {
			return fmt.Errorf("assessing %d people: %w", len(span), err)
		}
	}
	tx.unassessed = newUnassessed()
	return nil
}

// toAssess gives the numbers of the people to assess, in order. An account
// says something of a person only where OFFBOARDING is asked of them.
func (tx *Tx) toAssess(ctx context.Context) ([]workforce.PersonnelID, error) {
	ids := maps.Clone(tx.unassessed.personnel)
	find := func(users map[workforce.UserID]bool, and string, more ...any) error {
		return inChunks(slices.Sorted(maps.Keys(users)), func(users []workforce.UserID) error {
			list, args := inList(1+len(more), users)
			found, err := tx.personnelIDs(ctx, `SELECT id FROM personnel WHERE user_id IN (`+list+`)`+and, append(slices.Clone(more), args...)...)
			for _, id := range found {
				ids[id] = true
			}
			return err
		})
	}
	if err := find(tx.unassessed.users, ""); err != nil {
		return nil, err
	}
	if len(tx.unassessed.holders) > 0 {
		company, err := tx.assessedCompany(ctx)
		if err != nil {
			return nil, err
		}
		statuses := company.Rules.Of(workforce.CheckOffboarding).Statuses
		if len(statuses) == 0 {
			return slices.Sorted(maps.Keys(ids)), nil
		}
		list, args := textList(1, statuses)
		if err := find(tx.unassessed.holders, ` AND employment_status IN (`+list+`)`, args...); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(ids)), nil
}

// textList is inList for texts, as many as there are.
func textList[T ~string](from int, of []T) (string, []any) {
	list := make([]string, len(of))
	args := make([]any, len(of))
	for i, v := range of {
		list[i], args[i] = placeholder(from+i), string(v)
	}
	return strings.Join(list, ", "), args
}

// assessSpan decides the checks of some people, whose numbers are in order. It
// locks their assessments first and reads afterwards: of two writers who change
// facts of the same person at once, the second decides on what the first wrote.
func (tx *Tx) assessSpan(ctx context.Context, ids []workforce.PersonnelID) error {
	if err := tx.lockAssessments(ctx, ids); err != nil {
		return err
	}
	company, err := tx.assessedCompany(ctx)
	if err != nil {
		return err
	}
	facts, err := tx.Facts(ctx, company, ids)
	if err != nil {
		return err
	}
	var out assessed
	for i := range facts {
		v := tx.db.assessor(&facts[i].Facts, tx.assessAt())
		tx.apply(&facts[i], &v, &out)
		tx.assessed[facts[i].Personnel.ID] = &facts[i]
	}
	wait := tx.sealAhead()
	defer wait()
	return tx.saveAssessed(ctx, &out)
}

// lockAssessments makes sure that each of the people has an assessment, and
// keeps other writers from assessing them.
func (tx *Tx) lockAssessments(ctx context.Context, ids []workforce.PersonnelID) error {
	if tx.db.dialect.forUpdate == "" {
		return nil // whoever writes has locked everything; rows are made when they are saved
	}
	for try := 0; ; try++ {
		list, args := inList(1, ids)
		locked, err := tx.personnelIDs(ctx, `SELECT personnel_id FROM assessments WHERE personnel_id IN (`+list+`) ORDER BY personnel_id`+tx.db.dialect.forUpdate, args...)
		if err != nil || len(locked) == len(ids) || try > 0 {
			return err
		}
		list, args = inList(1, ids)
		if _, err := tx.exec(ctx, `INSERT INTO assessments (personnel_id) SELECT id FROM personnel WHERE id IN (`+list+`) ORDER BY id
			ON CONFLICT (personnel_id) DO NOTHING`, args...); err != nil {
			return err
		}
	}
}

// assessed gathers what assessments of some people change.
type assessed struct {
	checks      [][]any
	devices     []workforce.DeviceID // whose checks change
	deviceCheck [][]any
	rows        [][]any // of assessments
}

// apply notes what a verdict changes of a person.
func (tx *Tx) apply(f *PersonFacts, v *check.Verdict, out *assessed) {
	id := f.Personnel.ID
	var due any
	if v.NextDue != nil {
		due = ms(*v.NextDue)
	}
	out.rows = append(out.rows, []any{int64(id), ms(tx.assessAt()), due})
	rec := f.record
	var before, after []workforce.Check
	for i := range v.Results {
		now := v.Results[i].Check
		var was *workforce.Check
		for j := range rec.Checks {
			if rec.Checks[j].Type == now.Type {
				was = &rec.Checks[j]
			}
		}
		if was != nil && equal(*was, now) {
			continue
		}
		if was != nil {
			before = append(before, *was)
		}
		after = append(after, now)
		out.checks = append(out.checks, checkRow(id, now))
	}
	if len(after) > 0 {
		tx.recordChecks(rec.Personnel, before, after)
		rec.Checks = v.Checks()
	}
	for i := range rec.Devices {
		tx.applyDevice(&rec.Devices[i], v.Devices, rec.UserID, out)
	}
}

// applyDevice notes what a verdict changes of a device.
func (tx *Tx) applyDevice(d *workforce.Device, verdict map[workforce.DeviceID][]workforce.Check, owner workforce.UserID, out *assessed) {
	checks, ok := verdict[d.ID]
	if !ok {
		return
	}
	now := deviceChecks(d.ID, checks)
	if equal(d.Checks, now) {
		return
	}
	before := *d
	d.Checks = now
	tx.record("device.assessed", SubjectDevice, int64(d.ID), before, *d, owner)
	out.devices = append(out.devices, d.ID)
	for _, c := range now {
		out.deviceCheck = append(out.deviceCheck, deviceCheckRow(d.ID, c))
	}
}

func deviceChecks(id workforce.DeviceID, checks []workforce.Check) []workforce.DeviceCheck {
	out := make([]workforce.DeviceCheck, len(checks))
	for i, c := range checks {
		out[i] = workforce.DeviceCheck{ID: workforce.DeviceCheckID(id, c.Type), Check: c}
	}
	return orNil(out)
}

// recordChecks notes changed checks in the person's row of the log.
func (tx *Tx) recordChecks(p workforce.Personnel, before, after []workforce.Check) {
	b, a := personnelPayload{Personnel: p, Checks: before}, personnelPayload{Personnel: p, Checks: after}
	if c, ok := tx.byKey[subjectKey{SubjectPersonnel, int64(p.ID)}]; ok {
		was, _ := c.before.(personnelPayload)
		is, _ := c.after.(personnelPayload)
		was.Checks, a.Checks = joinParts(was.Checks, is.Checks, before, after, func(c workforce.Check) workforce.CheckType { return c.Type })
		a.GroupIDs = is.GroupIDs
		if c.before != nil {
			c.before = was
		}
	}
	tx.record("personnel.assessed", SubjectPersonnel, int64(p.ID), b, a, p.UserID)
}

// saveAssessed writes what assessments changed.
func (tx *Tx) saveAssessed(ctx context.Context, a *assessed) error {
	if err := tx.upsert(ctx, "checks", checkColumns, []string{"personnel_id", "type"}, a.checks); err != nil {
		return err
	}
	if len(a.devices) > 0 {
		err := inChunks(sorted(a.devices), func(ids []workforce.DeviceID) error {
			list, args := inList(1, ids)
			_, err := tx.exec(ctx, `DELETE FROM device_checks WHERE device_id IN (`+list+`)`, args...)
			return err
		})
		if err != nil {
			return err
		}
		if err := tx.insert(ctx, "device_checks", deviceCheckColumns, a.deviceCheck); err != nil {
			return err
		}
	}
	return tx.upsert(ctx, "assessments", assessmentColumns, []string{"personnel_id"}, a.rows)
}

var assessmentColumns = []string{"personnel_id", "assessed_at", "due_at"}

// upsert inserts rows, or replaces those that have the same key.
func (tx *Tx) upsert(ctx context.Context, table string, columns, key []string, rows [][]any) error {
	var set, on string
	for _, c := range key {
		on += ", " + c
	}
	for _, c := range columns {
		if !slices.Contains(key, c) {
			set += ", " + c + " = excluded." + c
		}
	}
	return tx.insertThen(ctx, table, columns, rows, ` ON CONFLICT (`+on[2:]+`) DO UPDATE SET `+set[2:])
}

// assessNew decides the checks of people who are being created: everything that
// is known of them is at hand.
func (tx *Tx) assessNew(ctx context.Context, people []workforce.NewPerson) ([][]any, error) {
	if tx.db.assessor == nil {
		return nil, nil
	}
	company, err := tx.assessedCompany(ctx)
	if err != nil {
		return nil, err
	}
	exclusions, err := tx.groupExclusions(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([][]any, len(people))
	for i := range people {
		p := &people[i]
		f := check.Facts{
			Company: company, Personnel: p.Personnel, GroupIDs: p.GroupIDs, Identities: p.Identities,
			BackgroundChecks: p.BackgroundChecks, Documents: p.Documents, Devices: p.Devices,
			Acknowledgements: p.Acknowledgements, Trainings: p.Trainings,
		}
		for _, e := range exclusions {
			if slices.Contains(p.GroupIDs, *e.GroupID) {
				f.Exclusions = append(f.Exclusions, e)
			}
		}
		v := tx.db.assessor(&f, tx.assessAt())
		p.Checks = v.Checks()
		for j := range p.Devices {
			p.Devices[j].Checks = deviceChecks(p.Devices[j].ID, v.Devices[p.Devices[j].ID])
		}
		var due any
		if v.NextDue != nil {
			due = ms(*v.NextDue)
		}
		rows[i] = []any{int64(p.Personnel.ID), ms(tx.assessAt()), due}
	}
	return rows, nil
}

func (tx *Tx) groupExclusions(ctx context.Context) ([]workforce.Exclusion, error) {
	all, err := tx.Exclusions(ctx)
	return slices.DeleteFunc(all, func(e workforce.Exclusion) bool { return e.GroupID == nil }), err
}

// AssessDue decides anew the checks of up to limit people whose answer may have
// changed by now, and gives how many those were. Several programs may do it at
// once: they share the work.
func (db *DB) AssessDue(ctx context.Context, limit int) (done int, err error) {
	err = db.Write(ctx, Cause{Actor: ActorSystem, Cause: "assessment"}, func(tx *Tx) error {
		ids, err := tx.personnelIDs(ctx, `SELECT personnel_id FROM assessments WHERE due_at <= $1 ORDER BY due_at, personnel_id LIMIT $2`+
			tx.db.dialect.skipLocked, ms(tx.at), limit)
		done = len(ids)
		tx.Reassess(ids...)
		return err
	})
	return done, err
}

// NextAssessment is the earliest instant at which somebody's checks may change
// by themselves, and how many people are due at an instant; nil: never.
func (r *Reader) NextAssessment(ctx context.Context, now time.Time) (next *time.Time, due int64, err error) {
	if err := r.row(ctx, `SELECT MIN(due_at) FROM assessments`).Scan(scanTimeOpt{&next}); err != nil {
		return nil, 0, fmt.Errorf("finding the next assessment: %w", err)
	}
	if next == nil || next.After(now) {
		return next, 0, nil
	}
	err = r.row(ctx, `SELECT COUNT(*) FROM assessments WHERE due_at <= $1`, ms(now)).Scan(&due)
	return next, due, err
}

// Assessment says when a person was assessed last and when they will be again.
type Assessment struct {
	AssessedAt *time.Time
	DueAt      *time.Time // nil: only when a fact changes
}

// AssessmentOf gives a person's; the second result is false if they have none.
func (r *Reader) AssessmentOf(ctx context.Context, id workforce.PersonnelID) (Assessment, bool, error) {
	var a Assessment
	err := r.row(ctx, `SELECT assessed_at, due_at FROM assessments WHERE personnel_id = $1`, int64(id)).
		Scan(scanTimeOpt{&a.AssessedAt}, scanTimeOpt{&a.DueAt})
	if none(err) {
		return a, false, nil
	}
	return a, err == nil, err
}
