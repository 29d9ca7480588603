package compliance

import (
	"context"
	"slices"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// HeldDevice is a device with whose it is.
type HeldDevice struct {
	workforce.Device
	UserID workforce.UserID
	Apps   []workforce.App // only if they were asked for
}

// maxApps is how many apps are shown with a device; a page of [Service.Apps]
// reaches the others.
const maxApps = 5000

// Devices gives a page of devices, by number, with their checks, identifiers and
// documents, and how many match. Those that are no longer in use are among them.
func (s *Service) Devices(ctx context.Context, q workforce.DeviceQuery) ([]HeldDevice, int64, error) {
	var out []HeldDevice
	var total int64
	err := s.read(ctx, workforce.ScopeDevicesList, func(r *store.Reader) error {
		var err error
		out, total, err = heldDevices(ctx, r, q)
		return err
	})
	return out, total, err
}

// DevicesOf is [Service.Devices] of one person, who has to exist.
func (s *Service) DevicesOf(ctx context.Context, id workforce.PersonnelID, q workforce.DeviceQuery) ([]HeldDevice, int64, error) {
	q.PersonnelID = &id
	var out []HeldDevice
	var total int64
	err := s.read(ctx, workforce.ScopeDevicesList, func(r *store.Reader) error {
		people, err := r.PersonnelParts(ctx, []workforce.PersonnelID{id})
		if err != nil {
			return err
		}
		if len(people) == 0 {
			return personnelNotFound(id)
		}
		out, total, err = heldDevices(ctx, r, q)
		return err
	})
	return out, total, err
}

func heldDevices(ctx context.Context, r *store.Reader, q workforce.DeviceQuery) ([]HeldDevice, int64, error) {
	devices, total, err := r.Devices(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	out, err := withHolders(ctx, r, devices)
	return out, total, err
}

// withHolders finds whose devices are.
func withHolders(ctx context.Context, r *store.Reader, devices []workforce.Device) ([]HeldDevice, error) {
	var ids []workforce.PersonnelID
	for i := range devices {
		if id := devices[i].PersonnelID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	people, err := r.PersonnelParts(ctx, ids)
	if err != nil {
		return nil, err
	}
	users := make(map[workforce.PersonnelID]workforce.UserID, len(people))
	for i := range people {
		users[people[i].ID] = people[i].UserID
	}
	out := make([]HeldDevice, len(devices))
	for i := range devices {
		out[i] = HeldDevice{Device: devices[i], UserID: users[devices[i].PersonnelID]}
	}
	return out, nil
}

// Device gives a device, also one that is no longer in use, with its apps if
// they are asked for.
func (s *Service) Device(ctx context.Context, id workforce.DeviceID, withApps bool) (HeldDevice, error) {
	var out HeldDevice
	err := s.read(ctx, workforce.ScopeDevicesList, func(r *store.Reader) error {
		d, err := mustBeDevice(ctx, r, id)
		if err != nil {
			return err
		}
		held, err := withHolders(ctx, r, []workforce.Device{d})
		if err != nil {
			return err
		}
		out = held[0]
		if withApps {
			out.Apps, _, err = r.Apps(ctx, id, 0, maxApps)
		}
		return err
	})
	return out, err
}

func mustBeDevice(ctx context.Context, r *store.Reader, id workforce.DeviceID) (workforce.Device, error) {
	d, ok, err := r.Device(ctx, id)
	if err == nil && !ok {
		err = notFound("device", int64(id))
	}
	return d, err
}

// Apps gives a page of the apps on a device, by number, and how many there are.
func (s *Service) Apps(ctx context.Context, id workforce.DeviceID, p workforce.Page) ([]workforce.App, int64, error) {
	var out []workforce.App
	var total int64
	err := s.read(ctx, workforce.ScopeDevicesList, func(r *store.Reader) error {
		_, err := mustBeDevice(ctx, r, id)
		if err == nil {
			out, total, err = r.Apps(ctx, id, p.Offset(), p.Limit)
		}
		return err
	})
	return out, total, err
}

// DeviceDocuments gives the documents of a device, by number; of one type, if
// one is given.
func (s *Service) DeviceDocuments(ctx context.Context, id workforce.DeviceID, t *workforce.DocumentType) ([]workforce.DeviceDocument, error) {
	var out []workforce.DeviceDocument
	err := s.read(ctx, workforce.ScopeDeviceDocuments, func(r *store.Reader) error {
		d, err := mustBeDevice(ctx, r, id)
		for _, doc := range d.Documents {
			if t == nil || doc.Type == *t {
				out = append(out, doc)
			}
		}
		return err
	})
	return out, err
}

// NewDeviceDocument is a document to be added to a device.
type NewDeviceDocument struct {
	DeviceID workforce.DeviceID
	Type     workforce.DocumentType // one of workforce.AllDeviceDocumentTypes
	Upload   Upload
}

// AddDeviceDocument keeps a file and adds it to a device as a document.
func (s *Service) AddDeviceDocument(ctx context.Context, n NewDeviceDocument) (workforce.DeviceDocument, error) {
	var out workforce.DeviceDocument
	who, err := auth.Require(ctx, workforce.ScopeDeviceDocuments, workforce.Writes)
	if err != nil {
		return out, err
	}
	f, err := s.keepUpload(ctx, n.Upload)
	if err != nil {
		return out, err
	}
	err = s.write(ctx, who, func(tx *store.Tx) error {
		before, ok, err := tx.LockDevice(ctx, n.DeviceID)
		if err != nil || !ok {
			return orElse(err, notFound("device", int64(n.DeviceID)))
		}
		after := before
		after.UpdatedAt = tx.Now()
		after.Documents = append(slices.Clone(before.Documents), workforce.DeviceDocument{Type: n.Type, Name: f.Name, File: &f})
		if err := tx.SaveDevice(ctx, &before, &after); err != nil {
			return err
		}
		out = after.Documents[len(after.Documents)-1] // by number, and this is the latest
		return nil
	})
	return out, err
}

// DeleteDeviceDocument removes a document from its device. Its content goes
// with a later sweep, unless another document has the same.
func (s *Service) DeleteDeviceDocument(ctx context.Context, id int64) error {
	return s.change(ctx, workforce.ScopeDeviceDocuments, func(tx *store.Tx, _ auth.Principal) error {
		_, of, ok, err := tx.DeviceDocument(ctx, id)
		if err != nil || !ok {
			return orElse(err, notFound("device document", id))
		}
		before, ok, err := tx.LockDevice(ctx, of)
		if err != nil {
			return err
		}
		is := func(d workforce.DeviceDocument) bool { return d.ID == id }
		if !ok || !slices.ContainsFunc(before.Documents, is) { // somebody was faster
			return notFound("device document", id)
		}
		after := before
		after.UpdatedAt = tx.Now()
		after.Documents = slices.DeleteFunc(slices.Clone(before.Documents), is)
		return tx.SaveDevice(ctx, &before, &after)
	})
}
