package v1

import (
	"slices"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// DevicePart names a part of a device that is served only when it is asked for.
type DevicePart string

const (
	expandAsset       DevicePart = "asset" // accepted; there are no assets here, so nothing is added
	expandChecks      DevicePart = "complianceChecks"
	expandDocuments   DevicePart = "documents"
	expandIdentifiers DevicePart = "identifiers"
	expandApps        DevicePart = "deviceApps" // of one device only
)

// AllDeviceParts is every part; lists have all but the last.
var AllDeviceParts = []DevicePart{expandAsset, expandChecks, expandDocuments, expandIdentifiers, expandApps}

var listDeviceParts = AllDeviceParts[:4:4]

// deviceExpansion is the parts that were asked for.
type deviceExpansion []DevicePart

func (e deviceExpansion) has(p DevicePart) bool { return slices.Contains(e, p) }

// externalIDMost is the longest id of a source that may be asked for.
const externalIDMost = 191

type deviceListParams struct {
	query  workforce.DeviceQuery
	page   workforce.Page
	expand deviceExpansion
}

func bindDeviceFilters(b *rest.Binder) deviceListParams {
	p := deviceListParams{page: bindPage(b)}
	p.query.Offset, p.query.Limit = p.page.Offset(), p.page.Limit
	p.query.ExternalID = given(b.Text("externalId", rest.MaxLength(externalIDMost)))
	p.expand = rest.Enums(b, "expand[]", listDeviceParts)
	p.query.MACAddress = given(b.Text("macAddress"))
	p.query.SerialNumber = given(b.Text("serialNumber"))
	p.query.SourceType = given(rest.Enum(b, "sourceType", workforce.AllDeviceSources))
	return p
}

func bindDeviceList(b *rest.Binder) deviceListParams {
	p := bindDeviceFilters(b)
	p.query.PersonnelID = rest.OptionalInt[workforce.PersonnelID](b, "personnelId")
	return p
}

func bindPersonnelDevices(b *rest.Binder) deviceListParams {
	p := bindDeviceFilters(b)
	p.query.PersonnelID = workforce.Ptr(workforce.PersonnelID(b.PathInt("personnelId")))
	return p
}

func bindDeviceID(b *rest.Binder) workforce.DeviceID {
	return workforce.DeviceID(b.PathInt("deviceId"))
}

type deviceParams struct {
	id     workforce.DeviceID
	expand deviceExpansion
}

func bindDevice(b *rest.Binder) deviceParams {
	expand := rest.Enums(b, "expand[]", AllDeviceParts)
	return deviceParams{id: bindDeviceID(b), expand: expand}
}

type deviceAppsParams struct {
	id   workforce.DeviceID
	page workforce.Page
}

func bindDeviceApps(b *rest.Binder) deviceAppsParams {
	page := bindPage(b)
	return deviceAppsParams{id: bindDeviceID(b), page: page}
}

type deviceDocumentsParams struct {
	id   workforce.DeviceID
	kind *workforce.DocumentType
}

func bindDeviceDocuments(b *rest.Binder) deviceDocumentsParams {
	return deviceDocumentsParams{
		id:   bindDeviceID(b),
		kind: given(rest.Enum(b, "type", workforce.AllDeviceDocumentTypes)),
	}
}

func bindNewDeviceDocument(b *rest.Binder) compliance.NewDeviceDocument {
	n := compliance.NewDeviceDocument{DeviceID: bindDeviceID(b)}
	body := uploadBody(b)
	n.Type = rest.BodyEnum(body, "type", workforce.AllDeviceDocumentTypes, rest.Required())
	n.Upload = bindUpload(body)
	return n
}

func bindDeviceDocument(b *rest.Binder) int64 { return b.PathInt("documentId") }

func bindDeleteDeviceDocument(b *rest.Binder) int64 {
	id := bindDeviceDocument(b)
	b.NoBody()
	return id
}

type workspaceListParams struct {
	page workforce.Page
	text string // folded
}

func bindWorkspaceList(b *rest.Binder) workspaceListParams {
	return workspaceListParams{page: bindPage(b), text: workforce.Fold(b.Text("q"))}
}
