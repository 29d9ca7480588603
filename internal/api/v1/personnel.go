package v1

import (
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Personnel is a personnel record in full, as every operation on one record
// answers it.
type Personnel struct {
	ID               int64                      `json:"id"`
	EmploymentStatus workforce.EmploymentStatus `json:"employmentStatus"`
	NotHumanReason   *string                    `json:"notHumanReason"`
	OSVersion        *string                    `json:"osVersion"`    // of the device seen last
	SerialNumber     *string                    `json:"serialNumber"` // of the device seen last
	User             *User                      `json:"user"`
	ReasonProvider   *User                      `json:"reasonProvider"`
	ComplianceChecks []ComplianceCheck          `json:"complianceChecks"` // all fifteen
	ComplianceTests  []ComplianceTest           `json:"complianceTests"`  // always empty
	StartDate        *Date                      `json:"startDate"`
	SeparationDate   *Date                      `json:"separationDate"`
	StatusUpdatedAt  *Time                      `json:"statusUpdatedAt"` // when the status was set by hand
	Data             *PersonnelData             `json:"data"`            // never nil
	CreatedAt        Time                       `json:"createdAt"`
	UpdatedAt        Time                       `json:"updatedAt"`
	Devices          []Device                   `json:"devices"` // also those no longer in use
}

// AppendJSON implements [rest.Response].
func (p Personnel) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	p.appendMembers(&o)
	return o.End()
}

func (p Personnel) appendMembers(o *rest.Object) {
	o.Int("id", p.ID)
	o.String("employmentStatus", string(p.EmploymentStatus))
	o.StringOrNull("notHumanReason", p.NotHumanReason)
	o.StringOrNull("osVersion", p.OSVersion)
	o.StringOrNull("serialNumber", p.SerialNumber)
	putObject(o, "user", p.User)
	putObject(o, "reasonProvider", p.ReasonProvider)
	putList(o, "complianceChecks", p.ComplianceChecks)
	putList(o, "complianceTests", p.ComplianceTests)
	rest.TextOrNull(o, "startDate", p.StartDate)
	rest.TextOrNull(o, "separationDate", p.SeparationDate)
	putTimeOrNull(o, "statusUpdatedAt", p.StatusUpdatedAt)
	putObject(o, "data", p.Data)
	putTime(o, "createdAt", p.CreatedAt)
	putTime(o, "updatedAt", p.UpdatedAt)
	putList(o, "devices", p.Devices)
}

func toWirePersonnel(r workforce.PersonnelRecord) Personnel {
	data := toWirePersonnelData(r)
	return Personnel{
		ID:               int64(r.ID),
		EmploymentStatus: r.EmploymentStatus,
		NotHumanReason:   r.NotHumanReason,
		OSVersion:        data.OSVersion,
		SerialNumber:     data.SerialNumber,
		User:             toWireUser(r.User),
		ReasonProvider:   toWireUser(r.ReasonProvider),
		ComplianceChecks: each(r.Checks, func(c workforce.Check) ComplianceCheck {
			return toWireComplianceCheck(r.ID, c)
		}),
		ComplianceTests: []ComplianceTest{},
		StartDate:       dateOf(r.StartDate),
		SeparationDate:  dateOf(r.SeparationDate),
		StatusUpdatedAt: timeOf(r.StatusUpdatedAt),
		Data:            data,
		CreatedAt:       Time(r.CreatedAt),
		UpdatedAt:       Time(r.UpdatedAt),
		Devices:         each(r.Devices, toWireDevice),
	}
}

// PersonnelListItem is a personnel record in a list: the full record, two
// settings of the company, and how many devices are in use and fail.
type PersonnelListItem struct {
	Personnel
	AgentEnabled                  bool  `json:"agentEnabled"`
	ManualUploadEnabled           bool  `json:"manualUploadEnabled"`
	DevicesCount                  int64 `json:"devicesCount"`
	DevicesFailingComplianceCount int64 `json:"devicesFailingComplianceCount"`
}

// AppendJSON implements [rest.Response].
func (p PersonnelListItem) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	p.appendMembers(&o)
	p.appendSettings(&o)
	p.appendCounts(&o)
	return o.End()
}

// appendSettings writes the members that are the company's.
func (p PersonnelListItem) appendSettings(o *rest.Object) {
	o.Bool("agentEnabled", p.AgentEnabled)
	o.Bool("manualUploadEnabled", p.ManualUploadEnabled)
}

func (p PersonnelListItem) appendCounts(o *rest.Object) {
	o.Int("devicesCount", p.DevicesCount)
	o.Int("devicesFailingComplianceCount", p.DevicesFailingComplianceCount)
}

func toWirePersonnelListItem(r workforce.PersonnelRecord, c workforce.Company) PersonnelListItem {
	count, failing := r.ActiveDevices()
	return PersonnelListItem{
		Personnel:                     toWirePersonnel(r),
		AgentEnabled:                  c.AgentEnabled,
		ManualUploadEnabled:           c.ManualUploadEnabled,
		DevicesCount:                  int64(count),
		DevicesFailingComplianceCount: int64(failing),
	}
}

// PersonnelList is a page of personnel.
type PersonnelList struct {
	Page[PersonnelListItem]
	DataAll struct{} `json:"dataAll"` // always {}
}

// AppendJSON implements [rest.Response].
func (l PersonnelList) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	l.appendMembers(&o)
	o.Value("dataAll", emptyObject)
	return o.End()
}

// ComplianceCheck is the outcome of one requirement for one person.
type ComplianceCheck struct {
	ID             int64                    `json:"id"`
	Status         workforce.CheckStatus    `json:"status"`
	Type           workforce.CheckType      `json:"type"`
	CompletionDate *Time                    `json:"completionDate"`
	ExpiresAt      *Time                    `json:"expiresAt"`
	CheckFrequency workforce.CheckFrequency `json:"checkFrequency"`
	LastCheckedAt  *Time                    `json:"lastCheckedAt"`
	CreatedAt      Time                     `json:"createdAt"`
	UpdatedAt      Time                     `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (c ComplianceCheck) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", c.ID)
	o.String("status", string(c.Status))
	o.String("type", string(c.Type))
	putTimeOrNull(&o, "completionDate", c.CompletionDate)
	putTimeOrNull(&o, "expiresAt", c.ExpiresAt)
	o.String("checkFrequency", string(c.CheckFrequency))
	putTimeOrNull(&o, "lastCheckedAt", c.LastCheckedAt)
	putTime(&o, "createdAt", c.CreatedAt)
	putTime(&o, "updatedAt", c.UpdatedAt)
	return o.End()
}

func toWireComplianceCheck(id workforce.PersonnelID, c workforce.Check) ComplianceCheck {
	return ComplianceCheck{
		ID:             workforce.CheckID(id, c.Type),
		Status:         c.Status,
		Type:           c.Type,
		CompletionDate: timeOf(c.CompletionDate),
		ExpiresAt:      timeOf(c.ExpiresAt),
		CheckFrequency: c.CheckFrequency,
		LastCheckedAt:  timeOf(c.LastCheckedAt),
		CreatedAt:      Time(c.CreatedAt),
		UpdatedAt:      Time(c.UpdatedAt),
	}
}

// ComplianceTest is a test of the whole company that touches a person. There
// are none here, so that it has no fields; the type keeps the place.
type ComplianceTest struct{}

// AppendJSON implements [rest.Response].
func (ComplianceTest) AppendJSON(b []byte) []byte { return emptyObject.AppendJSON(b) }

// PersonnelData summarises the active device of the person that was seen last;
// every member is null where there is none, but for the times, which are then
// those of the personnel record, because the schema requires them.
type PersonnelData struct {
	OSVersion      *string `json:"osVersion"`
	SerialNumber   *string `json:"serialNumber"`
	ScreenLockTime *int64  `json:"screenLockTime"` // seconds
	AgentVersion   *string `json:"agentVersion"`
	MACAddress     *string `json:"macAddress"`
	LastCheckedAt  *Time   `json:"lastcheckedAt"` // spelled so on the wire
	CreatedAt      Time    `json:"createdAt"`
	UpdatedAt      Time    `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (d PersonnelData) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.StringOrNull("osVersion", d.OSVersion)
	o.StringOrNull("serialNumber", d.SerialNumber)
	o.IntOrNull("screenLockTime", d.ScreenLockTime)
	o.StringOrNull("agentVersion", d.AgentVersion)
	o.StringOrNull("macAddress", d.MACAddress)
	putTimeOrNull(&o, "lastcheckedAt", d.LastCheckedAt)
	putTime(&o, "createdAt", d.CreatedAt)
	putTime(&o, "updatedAt", d.UpdatedAt)
	return o.End()
}

func toWirePersonnelData(r workforce.PersonnelRecord) *PersonnelData {
	d := r.LatestDevice()
	if d == nil {
		return &PersonnelData{CreatedAt: Time(r.CreatedAt), UpdatedAt: Time(r.UpdatedAt)}
	}
	return &PersonnelData{
		OSVersion:      d.OSVersion,
		SerialNumber:   d.SerialNumber,
		ScreenLockTime: d.ScreenLockTime,
		AgentVersion:   d.AgentVersion,
		MACAddress:     d.MACAddress,
		LastCheckedAt:  timeOf(d.LastCheckedAt),
		CreatedAt:      Time(d.CreatedAt),
		UpdatedAt:      Time(d.UpdatedAt),
	}
}
