package importer

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ApplyDevices brings the devices of a file in. A device is known by its source
// and the id there, else by its source and serial number; every other one is
// new and needs an owner. The file is the word of the sources that it names: a
// cell that is empty makes unknown what the source said before, a column that
// is not there changes nothing. A device that is not in the file is left alone,
// unless the file is complete: see [ApplyOptions]. The same file again changes
// nothing.
//
// The principal of the context must hold the scope all. A refusal
// ([workforce.Fault]) comes with the report that says why.
func ApplyDevices(ctx context.Context, db *store.DB, devices *Devices, opts ApplyOptions) (Report, error) {
	if opts.Complete && opts.SkipBad {
		return Report{}, workforce.RefuseField("complete", "--complete and --skip-bad do not go together: a device whose row is bad would be taken for missing; correct the file")
	}
	return apply(ctx, db, devices, opts, "devices", func(j *job) error {
		return (&devicesJob{job: j, devices: devices, complete: opts.Complete}).run(ctx)
	})
}

type devicesJob struct {
	*job
	devices  *Devices
	complete bool

	has      map[string]bool // the fields that the file has a column for
	known    []workforce.Device
	byID     map[string][]*workforce.Device // of the known ones, by deviceKey
	bySerial map[string][]*workforce.Device // by serialKey
	lineOf   map[workforce.DeviceID]int     // which row spoke of a device
	holders  map[workforce.UserID]*workforce.PersonnelID
	adding   []deviceRow
	changing []deviceRow // by number
}

// deviceRow is a row with the device that it is about and whose it is.
type deviceRow struct {
	row    *Row[Device]
	before *workforce.Device      // nil: a new one
	holder *workforce.PersonnelID // nil: not said
}

func (j *devicesJob) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{j.readKnown, j.match, j.addNew, j.changeKnown, j.removeMissing} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// readKnown reads the devices of the sources that the file names.
func (j *devicesJob) readKnown(ctx context.Context) error {
	j.has = map[string]bool{}
	for _, c := range j.devices.Mapping {
		j.has[c.Field] = true
	}
	var sources []workforce.DeviceSource
	for i := range j.devices.Rows {
		if s := j.devices.Rows[i].Value.SourceType; !slices.Contains(sources, s) {
			sources = append(sources, s)
		}
	}
	for _, s := range sources {
		found, _, err := j.tx.Devices(ctx, workforce.DeviceQuery{SourceType: &s})
		if err != nil {
			return err
		}
		j.known = append(j.known, found...)
	}
	j.byID, j.bySerial = map[string][]*workforce.Device{}, map[string][]*workforce.Device{}
	for i := range j.known {
		d := &j.known[i]
		if key := deviceKey(d.SourceType, d.ExternalID); key != "" {
			j.byID[key] = append(j.byID[key], d)
		}
		if key := serialKey(d.SourceType, d.SerialNumber); key != "" {
			j.bySerial[key] = append(j.bySerial[key], d)
		}
	}
	return nil
}

// match finds of which device each row speaks, and whose it is.
func (j *devicesJob) match(ctx context.Context) error {
	j.lineOf, j.holders = map[workforce.DeviceID]int{}, map[workforce.UserID]*workforce.PersonnelID{}
	for i := range j.devices.Rows {
		row := &j.devices.Rows[i]
		r := deviceRow{row: row}
		var field, reason string
		if r.before, field, reason = j.find(&row.Value); reason != "" {
			j.problem(row.Line, field, "", reason)
			continue
		}
		if r.before != nil {
			if first, twice := j.lineOf[r.before.ID]; twice {
				j.problem(row.Line, fieldSerialNumber, workforce.Text(row.Value.SerialNumber), fmt.Sprintf("line %d speaks of the same device; keep one of them", first))
				continue
			}
			j.lineOf[r.before.ID] = row.Line
		}
		ok, err := j.findHolder(ctx, &r)
		if err != nil {
			return err
		}
		switch {
		case !ok:
		case r.before == nil:
			j.adding = append(j.adding, r)
		default:
			j.changing = append(j.changing, r)
		}
	}
	slices.SortFunc(j.changing, func(a, b deviceRow) int { return cmp.Compare(a.before.ID, b.before.ID) })
	j.total = len(j.adding) + len(j.changing)
	return nil
}

// find gives the device of which a row speaks; nil: a new one. The reason is
// why that cannot be told, and else empty.
func (j *devicesJob) find(d *Device) (found *workforce.Device, field, reason string) {
	byID, several := oneDevice(j.byID[deviceKey(d.SourceType, d.ExternalID)])
	if several {
		return nil, fieldExternalID, "several devices in use have this id at the source; which one is meant cannot be told"
	}
	bySerial, several := oneDevice(j.bySerial[serialKey(d.SourceType, d.SerialNumber)])
	switch {
	case byID == nil && several:
		return nil, fieldSerialNumber, "several devices in use have this serial number; give the id that the source gives them (externalId)"
	case byID == nil:
		return bySerial, "", ""
	case bySerial != nil && bySerial.ID != byID.ID && bySerial.Active():
		return nil, fieldSerialNumber, "the id is that of one device and the serial number that of another; correct one of them"
	}
	return byID, "", ""
}

// oneDevice is the only device in use, else the latest of the others. There
// may be several in use: then it is none.
func oneDevice(devices []*workforce.Device) (one *workforce.Device, several bool) {
	for _, d := range devices {
		switch {
		case one != nil && one.Active() && d.Active():
			return nil, true
		case one == nil || !one.Active():
			one = d
		}
	}
	return one, false
}

// findHolder finds whose the device is, or reports why that cannot be.
func (j *devicesJob) findHolder(ctx context.Context, r *deviceRow) (bool, error) {
	email := r.row.Value.OwnerEmail
	if email == nil {
		if r.before == nil {
			j.problem(r.row.Line, fieldOwnerEmail, "", "a device that is not known yet needs the e-mail address of whoever has it")
		}
		return r.before != nil, nil
	}
	user, err := j.userBy(ctx, *email)
	if err != nil {
		return false, err
	}
	if user == nil {
		j.problem(r.row.Line, fieldOwnerEmail, *email, nobodyHere)
		return false, nil
	}
	holder, ok := j.holders[*user]
	if !ok {
		id, found, err := j.tx.PersonnelIDOf(ctx, *user)
		if err != nil || !found {
			return false, cmp.Or(err, fmt.Errorf("user %d has no personnel record", *user))
		}
		holder = &id
		j.holders[*user] = holder
	}
	r.holder = holder
	return true, nil
}

// addNew adds the devices that are new.
func (j *devicesJob) addNew(ctx context.Context) error {
	for chunk := range slices.Chunk(j.adding, chunkSize) {
		changes := make([]store.DeviceChange, len(chunk))
		for i, r := range chunk {
			after := nextDevice(r, workforce.Device{SourceType: r.row.Value.SourceType}, j.has)
			changes[i].After = &after
		}
		if err := j.tx.SaveDevices(ctx, changes); err != nil {
			return err
		}
		for i, r := range chunk {
			if len(r.row.Value.Apps) == 0 {
				continue
			}
			if err := j.tx.SaveApps(ctx, changes[i].After.ID, appsNamed(r.row.Value.Apps)); err != nil {
				return err
			}
		}
		j.report.Created += len(chunk)
		j.progress(len(chunk))
	}
	return nil
}

// changeKnown applies the rows about devices that are known.
func (j *devicesJob) changeKnown(ctx context.Context) error {
	for chunk := range slices.Chunk(j.changing, chunkSize) {
		changed := map[workforce.DeviceID]bool{}
		var locking []workforce.DeviceID
		for _, r := range chunk {
			if !reflect.DeepEqual(*r.before, nextDevice(r, *r.before, j.has)) {
				locking = append(locking, r.before.ID)
			}
		}
		// Under lock a device may turn out to have been changed meanwhile.
		now, err := j.tx.LockDevices(ctx, locking)
		if err != nil {
			return err
		}
		var changes []store.DeviceChange
		for _, r := range chunk {
			before, ok := now[r.before.ID]
			if !ok {
				continue
			}
			if after := nextDevice(r, before, j.has); !reflect.DeepEqual(before, after) {
				after.UpdatedAt = j.tx.Now()
				changes = append(changes, store.DeviceChange{Before: &before, After: &after})
				changed[before.ID] = true
			}
		}
		if err := j.tx.SaveDevices(ctx, changes); err != nil {
			return err
		}
		for _, r := range chunk {
			apps, err := j.saveApps(ctx, r.before.ID, r.row.Value.Apps)
			if err != nil {
				return err
			}
			if apps || changed[r.before.ID] {
				j.report.Updated++
			} else {
				j.report.Unchanged++
			}
		}
		j.progress(len(chunk))
	}
	return nil
}

// saveApps keeps the apps that a row lists, in place of those that were known,
// and tells whether they differ. A row that lists none says nothing of them.
func (j *devicesJob) saveApps(ctx context.Context, id workforce.DeviceID, listed []string) (bool, error) {
	if len(listed) == 0 {
		return false, nil
	}
	const all = 1 << 31
	known, _, err := j.tx.Apps(ctx, id, 0, all)
	if err != nil {
		return false, err
	}
	was := make([]string, len(known))
	for i, a := range known {
		was[i] = a.Name
	}
	slices.Sort(was)
	if slices.Equal(was, slices.Sorted(slices.Values(listed))) {
		return false, nil
	}
	return true, j.tx.SaveApps(ctx, id, appsNamed(listed))
}

func appsNamed(names []string) []workforce.App {
	apps := make([]workforce.App, len(names))
	for i, name := range names {
		apps[i] = workforce.App{Name: name}
	}
	return apps
}

// removeMissing marks the devices that a complete file does not list.
func (j *devicesJob) removeMissing(ctx context.Context) error {
	if !j.complete || len(j.skipped) > 0 {
		return nil
	}
	var missing []workforce.DeviceID
	for _, d := range j.known {
		if _, listed := j.lineOf[d.ID]; !listed && d.Active() {
			missing = append(missing, d.ID)
		}
	}
	slices.Sort(missing)
	now := j.tx.Now()
	for chunk := range slices.Chunk(missing, chunkSize) {
		devices, err := j.tx.LockDevices(ctx, chunk)
		if err != nil {
			return err
		}
		var changes []store.DeviceChange
		for _, id := range chunk {
			before, ok := devices[id]
			if !ok || !before.Active() {
				continue
			}
			after := before
			after.DeletedAt, after.UpdatedAt = &now, now
			changes = append(changes, store.DeviceChange{Before: &before, After: &after})
		}
		if err := j.tx.SaveDevices(ctx, changes); err != nil {
			return err
		}
		j.report.Removed += len(changes)
	}
	return nil
}
