package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// readDevices reads the list of devices with every part of them, and the first
// of them by every way to it.
func (w *walk) readDevices(ctx context.Context) error {
	devices, err := pages(
		func(d *wire.DeviceRecord) int64 { return d.ID },
		func(number int64) ([]wire.DeviceRecord, int64, error) {
			list, err := as[wire.DeviceRecordListHeaders](w.client.ListDevices(ctx, wire.ListDevicesParams{
				Page: wire.NewOptInt64(number), Limit: wire.NewOptInt64(limit), Expand: wire.ListDevicesExpandItem("").AllValues(),
			}))
			if err != nil {
				return nil, 0, err
			}
			return list.Response.Data, list.Response.Total, nil
		})
	if err != nil {
		return fmt.Errorf("list devices: %w", err)
	}
	for i := range devices[:limit] {
		if err := w.readDevice(ctx, &devices[i]); err != nil {
			return fmt.Errorf("device %d: %w", devices[i].ID, err)
		}
	}
	workspaces, err := as[wire.WorkspaceListHeaders](w.client.ListWorkspaces(ctx, wire.ListWorkspacesParams{Limit: wire.NewOptInt64(limit)}))
	if err != nil {
		return fmt.Errorf("list workspaces: %w", err)
	}
	return expect(int64(len(workspaces.Response.Data)) == workspaces.Response.Total,
		"%d workspaces on one page, and total is %d", len(workspaces.Response.Data), workspaces.Response.Total)
}

// readDevice reads a device, what is on it, its documents, and the devices of
// whoever has it.
func (w *walk) readDevice(ctx context.Context, d *wire.DeviceRecord) error {
	whole, err := as[wire.DeviceRecordHeaders](w.client.GetDevice(ctx, wire.GetDeviceParams{
		DeviceId: d.ID, Expand: wire.GetDeviceExpandItem("").AllValues(),
	}))
	if err != nil {
		return fmt.Errorf("by id: %w", err)
	}
	bare, err := as[wire.DeviceRecordHeaders](w.client.GetDevice(ctx, wire.GetDeviceParams{DeviceId: d.ID}))
	if err != nil {
		return fmt.Errorf("by id, without its parts: %w", err)
	}
	apps, err := as[wire.DeviceAppListHeaders](w.client.ListDeviceApps(ctx, wire.ListDeviceAppsParams{DeviceId: d.ID, Limit: wire.NewOptInt64(limit)}))
	if err != nil {
		return fmt.Errorf("apps: %w", err)
	}
	documents, err := as[wire.DeviceDocumentsHeaders](w.client.ListDeviceDocuments(ctx, wire.ListDeviceDocumentsParams{DeviceId: d.ID}))
	if err != nil {
		return fmt.Errorf("documents: %w", err)
	}
	own, err := as[wire.DeviceRecordListHeaders](w.client.ListPersonnelDevices(ctx, wire.ListPersonnelDevicesParams{PersonnelId: d.PersonnelId, Limit: wire.NewOptInt64(limit)}))
	if err != nil {
		return fmt.Errorf("devices of personnel %d: %w", d.PersonnelId, err)
	}
	found := false
	for _, other := range own.Response.Data {
		found = found || other.ID == d.ID
	}
	p := whole.Response
	checks := 0 // of a device that is no longer in use
	if p.DeletedAt.Null {
		checks = 6
	}
	return expect(
		found && p.ID == d.ID && len(p.ComplianceChecks) == checks && len(p.Identifiers) == len(d.Identifiers) &&
			bare.Response.ComplianceChecks == nil && bare.Response.Apps == nil && p.Apps != nil &&
			int64(len(p.Apps)) == apps.Response.Total && len(documents.Response.Documents) == len(p.Documents),
		"the ways to this device lead to different ones")
}

// changeDevices adds evidence to a device, in both forms, and removes it.
func (w *walk) changeDevices(ctx context.Context) error {
	const screenshot = "%PDF-1.7 a screenshot"
	asForm := &wire.AddDeviceDocumentFormMultipart{Type: wire.AddDeviceDocumentFormMultipartTypeHARDDRIVEENCRYPTIONEVIDENCE}
	asForm.File.Name, asForm.File.File = "Disk.pdf", strings.NewReader(screenshot)
	asJSON := &wire.AddDeviceDocumentRequest{
		Type: wire.AddDeviceDocumentRequestTypeANTIVIRUSEVIDENCE, Base64File: `{"base64String": "JVBERi0xLjcgYSBzY3JlZW5zaG90", "filename": "Scanner.pdf"}`,
	}
	for _, request := range []wire.AddDeviceDocumentReq{asForm, asJSON} {
		added, err := as[wire.DeviceDocumentHeaders](w.client.AddDeviceDocument(ctx, request, wire.AddDeviceDocumentParams{DeviceId: record}))
		if err != nil {
			return fmt.Errorf("add a document: %w", err)
		}
		id := added.Response.ID
		link, err := as[wire.SignedURLHeaders](w.client.GetDeviceDocumentLink(ctx, wire.GetDeviceDocumentLinkParams{DocumentId: id}))
		if err != nil {
			return fmt.Errorf("link document %d: %w", id, err)
		}
		if err := fetched(ctx, link.Response.SignedUrl, screenshot); err != nil {
			return fmt.Errorf("the file of document %d: %w", id, err)
		}
		if _, err := as[wire.DeleteDeviceDocumentOK](w.client.DeleteDeviceDocument(ctx, wire.DeleteDeviceDocumentParams{DocumentId: id})); err != nil {
			return fmt.Errorf("delete document %d: %w", id, err)
		}
	}
	return nil
}
