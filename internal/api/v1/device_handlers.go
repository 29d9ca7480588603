package v1

import (
	"context"
	"fmt"
	"net/http"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
)

func deviceRecords(p deviceListParams, devices []compliance.HeldDevice, total int64) Page[DeviceRecord] {
	return Page[DeviceRecord]{
		Data: each(devices, func(d compliance.HeldDevice) DeviceRecord { return toWireDeviceRecord(d, p.expand) }),
		Page: p.page.Number, Limit: p.page.Limit, Total: total,
	}
}

func (h handlers) deviceList(ctx context.Context, _ *rest.Request, p deviceListParams) (rest.Response, error) {
	devices, total, err := h.compliance.Devices(ctx, p.query)
	if err != nil {
		return nil, fmt.Errorf("listing devices: %w", err)
	}
	return deviceRecords(p, devices, total), nil
}

func (h handlers) personnelDevices(ctx context.Context, _ *rest.Request, p deviceListParams) (rest.Response, error) {
	devices, total, err := h.compliance.DevicesOf(ctx, *p.query.PersonnelID, p.query)
	if err != nil {
		return nil, fmt.Errorf("listing the devices of personnel %d: %w", *p.query.PersonnelID, err)
	}
	return deviceRecords(p, devices, total), nil
}

func (h handlers) device(ctx context.Context, _ *rest.Request, p deviceParams) (rest.Response, error) {
	d, err := h.compliance.Device(ctx, p.id, p.expand.has(expandApps))
	if err != nil {
		return nil, fmt.Errorf("getting device %d: %w", p.id, err)
	}
	return toWireDeviceRecord(d, p.expand), nil
}

func (h handlers) deviceApps(ctx context.Context, _ *rest.Request, p deviceAppsParams) (rest.Response, error) {
	apps, total, err := h.compliance.Apps(ctx, p.id, p.page)
	if err != nil {
		return nil, fmt.Errorf("listing the apps of device %d: %w", p.id, err)
	}
	return Page[DeviceApp]{Data: each(apps, toWireDeviceApp), Page: p.page.Number, Limit: p.page.Limit, Total: total}, nil
}

func (h handlers) deviceDocuments(ctx context.Context, _ *rest.Request, p deviceDocumentsParams) (rest.Response, error) {
	docs, err := h.compliance.DeviceDocuments(ctx, p.id, p.kind)
	if err != nil {
		return nil, fmt.Errorf("listing the documents of device %d: %w", p.id, err)
	}
	return DeviceDocuments{Documents: each(docs, toWireDeviceDocument)}, nil
}

func (h handlers) addDeviceDocument(ctx context.Context, rq *rest.Request, n compliance.NewDeviceDocument) (rest.Response, error) {
	d, err := h.compliance.AddDeviceDocument(ctx, n)
	if err != nil {
		return nil, fmt.Errorf("adding a document to device %d: %w", n.DeviceID, err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWireDeviceDocument(d), nil
}

func (h handlers) deviceDocumentLink(ctx context.Context, rq *rest.Request, id int64) (rest.Response, error) {
	l, err := h.compliance.DocumentLink(ctx, compliance.OfDevice, id)
	if err != nil {
		return nil, fmt.Errorf("linking device document %d: %w", id, err)
	}
	return toWireSignedURL(rest.BaseURL(rq.HTTP()), "/download/device-documents/", l), nil
}

func (h handlers) deleteDeviceDocument(ctx context.Context, _ *rest.Request, id int64) (rest.Response, error) {
	if err := h.compliance.DeleteDeviceDocument(ctx, id); err != nil {
		return nil, fmt.Errorf("deleting device document %d: %w", id, err)
	}
	return rest.Empty{}, nil
}

func (h handlers) workspaceList(ctx context.Context, _ *rest.Request, p workspaceListParams) (rest.Response, error) {
	all, total, err := h.compliance.Workspaces(ctx, p.text, p.page)
	if err != nil {
		return nil, fmt.Errorf("listing workspaces: %w", err)
	}
	return Page[Workspace]{Data: each(all, toWireWorkspace), Page: p.page.Number, Limit: p.page.Limit, Total: total}, nil
}
