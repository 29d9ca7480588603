package client

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"
)

// DeviceRecord is a device on its own, with whose it is. The parts that a call
// can ask for are nil where it did not, and empty where there are none.
type DeviceRecord struct {
	ID                         DeviceID           `json:"id"`
	OSVersion                  *string            `json:"osVersion"`
	SerialNumber               *string            `json:"serialNumber"`
	Model                      *string            `json:"model"`
	MACAddress                 *string            `json:"macAddress"`
	EncryptionEnabled          *bool              `json:"encryptionEnabled"`
	EncryptionExplanation      json.RawMessage    `json:"encryptionExplanation"`
	FirewallEnabled            *bool              `json:"firewallEnabled"`
	FirewallExplanation        json.RawMessage    `json:"firewallExplanation"`
	LastCheckedAt              *time.Time         `json:"lastCheckedAt"`
	SourceType                 DeviceSource       `json:"sourceType"`
	CreatedAt                  time.Time          `json:"createdAt"`
	UpdatedAt                  time.Time          `json:"updatedAt"`
	DeletedAt                  *time.Time         `json:"deletedAt"` // set: no longer in use
	AppsCount                  *int64             `json:"appsCount"`
	ComplianceChecks           []DeviceCheck      `json:"complianceChecks,omitzero"`
	Identifiers                []DeviceIdentifier `json:"identifiers,omitzero"`
	Documents                  []DeviceDocument   `json:"documents,omitzero"`
	IsDeviceCompliant          bool               `json:"isDeviceCompliant"` // no check of it fails
	ScreenLockTime             *int64             `json:"screenLockTime"`    // seconds
	ScreenLockExplanation      json.RawMessage    `json:"screenLockExplanation"`
	AntivirusEnabled           *bool              `json:"antivirusEnabled"`
	AntivirusExplanation       json.RawMessage    `json:"antivirusExplanation"`
	AutoUpdateEnabled          *bool              `json:"autoUpdateEnabled"`
	AutoUpdateExplanation      json.RawMessage    `json:"autoUpdateExplanation"`
	PasswordManagerEnabled     *bool              `json:"passwordManagerEnabled"`
	PasswordManagerExplanation json.RawMessage    `json:"passwordManagerExplanation"`
	UserID                     *UserID            `json:"userId"`
	PersonnelID                PersonnelID        `json:"personnelId"`
	ExternalID                 *string            `json:"externalId"`
	Apps                       []DeviceApp        `json:"apps,omitzero"`
}

func (d DeviceRecord) missing() string {
	if d.ID == 0 {
		return "id"
	}
	return ""
}

// DeviceApp is an application on a device. InstalledApp is its name, with the
// version where that is known.
type DeviceApp struct {
	ID           int64  `json:"id"`
	InstalledApp string `json:"installedApp"`
}

// DeviceDocuments is all documents of a device.
type DeviceDocuments struct {
	Documents []DeviceDocument `json:"documents"`
}

func (d DeviceDocuments) missing() string {
	if d.Documents == nil {
		return "documents"
	}
	return ""
}

func (d DeviceDocument) missing() string {
	if d.ID == 0 {
		return "id"
	}
	return ""
}

// DeviceListParams selects and pages devices. What is zero is not sent.
// Different fields must all hold.
type DeviceListParams struct {
	Page         int64  // from 1
	Limit        int64  // 1 to 50; List: 20 unless told, All: 50
	ExternalID   string // exactly
	MACAddress   string // the whole text, of any case
	SerialNumber string // the whole text, of any case
	SourceType   DeviceSource
	PersonnelID  PersonnelID // one that is nobody's gives an empty list
	Expand       []DevicePart
}

func (p DeviceListParams) query() query {
	q := newQuery()
	q.number("page", p.Page)
	q.number("limit", p.Limit)
	put(q, "externalId", p.ExternalID)
	putAll(q, "expand[]", p.Expand)
	put(q, "macAddress", p.MACAddress)
	put(q, "serialNumber", p.SerialNumber)
	put(q, "sourceType", p.SourceType)
	q.number("personnelId", int64(p.PersonnelID))
	return q
}

// DeviceService is the operations on devices. Its errors are those of the
// package comment. Reading devices needs the permission devices:list; whatever
// has to do with their documents needs device-documents:manage.
type DeviceService struct{ wire *wire }

// List gives one page, with devices that are no longer in use among the others.
func (s *DeviceService) List(ctx context.Context, p DeviceListParams) (Page[DeviceRecord], error) {
	return listByNumber[DeviceRecord](ctx, s.wire, "/public/devices", p.query())
}

// All gives every device that the parameters select, from their Page on. It ends
// with the first error.
func (s *DeviceService) All(ctx context.Context, p DeviceListParams) iter.Seq2[DeviceRecord, error] {
	if p.Limit == 0 {
		p.Limit = largestPage
	}
	return eachByNumber(p.Page, func(number int64) (Page[DeviceRecord], error) {
		p := p
		p.Page = number
		return s.List(ctx, p)
	})
}

// ListOf gives one page of the devices of a person, who has to exist; see
// [IsNotFound]. The parameters' own PersonnelID is not used.
func (s *DeviceService) ListOf(ctx context.Context, id PersonnelID, p DeviceListParams) (Page[DeviceRecord], error) {
	p.PersonnelID = 0
	page, _, err := call[Page[DeviceRecord]](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/personnel/{personnelId}/devices", args: []string{number(id)}, query: p.query().values,
	})
	return page, err
}

// Get gives a device by its number, with the parts that are named; see
// [IsNotFound].
func (s *DeviceService) Get(ctx context.Context, id DeviceID, expand ...DevicePart) (DeviceRecord, error) {
	q := newQuery()
	putAll(q, "expand[]", slices.Clone(expand))
	d, _, err := call[DeviceRecord](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/devices/{deviceId}", args: []string{number(id)}, query: q.values,
	})
	return d, err
}

// Apps gives one page of the applications on a device. A page or limit of 0 is
// left to the server.
func (s *DeviceService) Apps(ctx context.Context, id DeviceID, page, limit int64) (Page[DeviceApp], error) {
	apps, _, err := call[Page[DeviceApp]](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/devices/{deviceId}/apps", args: []string{number(id)}, query: appsQuery(page, limit).values,
	})
	return apps, err
}

func appsQuery(page, limit int64) query {
	q := newQuery()
	q.number("page", page)
	q.number("limit", limit)
	return q
}

// Documents gives the documents of a device; with a type that is not "", those
// of that type.
func (s *DeviceService) Documents(ctx context.Context, id DeviceID, of DocumentType) ([]DeviceDocument, error) {
	d, _, err := call[DeviceDocuments](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/devices/{deviceId}/documents", args: []string{number(id)}, query: documentsQuery(of).values,
	})
	return d.Documents, err
}

func documentsQuery(of DocumentType) query {
	q := newQuery()
	put(q, "type", of)
	return q
}

// AddDocument adds a file to a device as a document of the type.
func (s *DeviceService) AddDocument(ctx context.Context, id DeviceID, of DocumentType, u Upload) (DeviceDocument, error) {
	file, err := u.encoded()
	if err != nil {
		return DeviceDocument{}, err
	}
	d, _, err := call[DeviceDocument](ctx, s.wire, operation{
		method: methodPost, pattern: "/public/devices/{deviceId}/documents", args: []string{number(id)},
		body: map[string]any{"type": of, "base64File": file},
	})
	return d, err
}

// DocumentLink gives the address of the file of a device document; see
// [IsNotFound].
func (s *DeviceService) DocumentLink(ctx context.Context, document int64) (SignedURL, error) {
	link, _, err := call[SignedURL](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/devices/documents/{documentId}/download", args: []string{number(document)},
	})
	return link, err
}

// DeleteDocument removes a document from its device; see [IsNotFound].
func (s *DeviceService) DeleteDocument(ctx context.Context, document int64) error {
	return tell(ctx, s.wire, operation{
		method: methodDelete, pattern: "/public/devices/documents/{documentId}", args: []string{number(document)},
	})
}

// WorkspaceListParams selects and pages workspaces. What is zero is not sent.
type WorkspaceListParams struct {
	Page  int64  // from 1
	Limit int64  // 1 to 50; 20 unless told
	Q     string // part of the name, of any case
}

func (p WorkspaceListParams) query() query {
	q := newQuery()
	q.number("page", p.Page)
	q.number("limit", p.Limit)
	put(q, "q", p.Q)
	return q
}

// WorkspaceService is the operations on workspaces. It needs the permission
// workspaces:list.
type WorkspaceService struct{ wire *wire }

// List gives one page.
func (s *WorkspaceService) List(ctx context.Context, p WorkspaceListParams) (Page[Workspace], error) {
	return listByNumber[Workspace](ctx, s.wire, "/public/workspaces", p.query())
}
