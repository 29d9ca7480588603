package client

import (
	"encoding/json"
	"time"
)

// Personnel is a personnel record: how a user relates to the company, with the
// outcome of every check and their devices.
type Personnel struct {
	ID               PersonnelID       `json:"id"`
	EmploymentStatus EmploymentStatus  `json:"employmentStatus"`
	NotHumanReason   *string           `json:"notHumanReason"` // why it is out of scope
	OSVersion        *string           `json:"osVersion"`      // of the device seen last
	SerialNumber     *string           `json:"serialNumber"`   // of the device seen last
	User             *User             `json:"user"`
	ReasonProvider   *User             `json:"reasonProvider"`   // who gave NotHumanReason
	ComplianceChecks []ComplianceCheck `json:"complianceChecks"` // all fifteen
	ComplianceTests  []json.RawMessage `json:"complianceTests"`  // empty here: tests of the whole company
	StartDate        *Date             `json:"startDate"`
	SeparationDate   *Date             `json:"separationDate"`
	StatusUpdatedAt  *time.Time        `json:"statusUpdatedAt"` // when the status was set by hand
	Data             *PersonnelData    `json:"data"`
	CreatedAt        time.Time         `json:"createdAt"`
	UpdatedAt        time.Time         `json:"updatedAt"`
	Devices          []Device          `json:"devices"` // also those no longer in use
}

func (p Personnel) missing() string { return idIsMissing(p.ID) }

// Check is the outcome of one check; false if the record does not have it.
func (p Personnel) Check(t CheckType) (ComplianceCheck, bool) {
	for _, c := range p.ComplianceChecks {
		if c.Type == t {
			return c, true
		}
	}
	return ComplianceCheck{}, false
}

// PersonnelListItem is a personnel record in a list: the record, two settings of
// the company, and how many devices are in use and fail.
type PersonnelListItem struct {
	Personnel
	AgentEnabled                  bool  `json:"agentEnabled"`
	ManualUploadEnabled           bool  `json:"manualUploadEnabled"`
	DevicesCount                  int64 `json:"devicesCount"`
	DevicesFailingComplianceCount int64 `json:"devicesFailingComplianceCount"`
}

// PersonnelPage is one page of personnel.
type PersonnelPage struct {
	Page[PersonnelListItem]
	DataAll json.RawMessage `json:"dataAll"` // {} here
}

// ComplianceCheck is the outcome of one requirement for one person.
type ComplianceCheck struct {
	ID             int64          `json:"id"`
	Status         CheckStatus    `json:"status"`
	Type           CheckType      `json:"type"`
	CompletionDate *time.Time     `json:"completionDate"`
	ExpiresAt      *time.Time     `json:"expiresAt"`
	CheckFrequency CheckFrequency `json:"checkFrequency"`
	LastCheckedAt  *time.Time     `json:"lastCheckedAt"`
	CreatedAt      time.Time      `json:"createdAt"`
	UpdatedAt      time.Time      `json:"updatedAt"`
}

// PersonnelData summarises the device in use that was seen last. Without one,
// everything is nil but the times, which are then those of the record.
type PersonnelData struct {
	OSVersion      *string    `json:"osVersion"`
	SerialNumber   *string    `json:"serialNumber"`
	ScreenLockTime *int64     `json:"screenLockTime"` // seconds
	AgentVersion   *string    `json:"agentVersion"`
	MACAddress     *string    `json:"macAddress"`
	LastCheckedAt  *time.Time `json:"lastcheckedAt"` // spelled so on the wire
	CreatedAt      time.Time  `json:"createdAt"`
	UpdatedAt      time.Time  `json:"updatedAt"`
}
