package v2

import (
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// User is a user. The fields from Roles on are written only if they were asked
// for: nil is "not asked for", an empty list "there are none".
type User struct {
	ID                 int64             `json:"id"`
	Email              string            `json:"email"`
	FirstName          *string           `json:"firstName"`
	LastName           *string           `json:"lastName"`
	CreatedAt          Time              `json:"createdAt"`
	UpdatedAt          Time              `json:"updatedAt"`
	JobTitle           *string           `json:"jobTitle"`
	AvatarURL          *string           `json:"avatarUrl"`
	DrataTermsAgreedAt *Time             `json:"drataTermsAgreedAt"`
	Roles              []workforce.Role  `json:"roles,omitzero"`
	BackgroundChecks   []BackgroundCheck `json:"backgroundChecks,omitzero"`
	Documents          []Document        `json:"documents,omitzero"`
	Identities         []Identity        `json:"identities,omitzero"`
	Personnel          **Personnel       `json:"personnel,omitzero"` // pointing to nil: asked for, and there is none
}

// AppendJSON implements [rest.Response].
func (u User) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", u.ID)
	o.String("email", u.Email)
	o.StringOrNull("firstName", u.FirstName)
	o.StringOrNull("lastName", u.LastName)
	putTime(&o, "createdAt", u.CreatedAt)
	putTime(&o, "updatedAt", u.UpdatedAt)
	o.StringOrNull("jobTitle", u.JobTitle)
	o.StringOrNull("avatarUrl", u.AvatarURL)
	putTimeOrNull(&o, "drataTermsAgreedAt", u.DrataTermsAgreedAt)
	u.appendParts(&o)
	return o.End()
}

// appendParts writes the parts that were asked for.
func (u User) appendParts(o *rest.Object) {
	if u.Roles != nil {
		rest.Texts(o, "roles", u.Roles)
	}
	if u.BackgroundChecks != nil {
		putList(o, "backgroundChecks", u.BackgroundChecks)
	}
	if u.Documents != nil {
		putList(o, "documents", u.Documents)
	}
	if u.Identities != nil {
		putList(o, "identities", u.Identities)
	}
	if u.Personnel != nil {
		putObject(o, "personnel", *u.Personnel)
	}
}

// toWireUser maps a user with the parts that were asked for.
func toWireUser(r workforce.UserRecord, expand expansion) User {
	u := User{
		ID:                 int64(r.ID),
		Email:              r.Email,
		FirstName:          r.FirstName,
		LastName:           r.LastName,
		CreatedAt:          Time(r.CreatedAt),
		UpdatedAt:          Time(r.UpdatedAt),
		JobTitle:           r.JobTitle,
		AvatarURL:          r.AvatarURL,
		DrataTermsAgreedAt: timeOf(r.TermsAgreedAt),
	}
	if expand.has(ExpandRoles) {
		u.Roles = append([]workforce.Role{}, r.Roles...)
	}
	if expand.has(ExpandBackgroundChecks) {
		u.BackgroundChecks = each(r.BackgroundChecks, toWireBackgroundCheck)
	}
	if expand.has(ExpandDocuments) {
		u.Documents = each(r.Documents, toWireDocument)
	}
	if expand.has(ExpandIdentities) {
		u.Identities = each(r.Identities, toWireIdentity)
	}
	if expand.has(ExpandPersonnel) {
		u.Personnel = workforce.Ptr(toWirePersonnel(r.Personnel))
	}
	return u
}

// UserList is a page of users.
type UserList struct {
	Data       []User     `json:"data"`
	Pagination Pagination `json:"pagination"`
}

// AppendJSON implements [rest.Response].
func (l UserList) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	putList(&o, "data", l.Data)
	o.Value("pagination", l.Pagination)
	return o.End()
}

// Pagination says how to go on.
type Pagination struct {
	Cursor     *string `json:"cursor"`              // null on the last page
	TotalCount *int64  `json:"totalCount,omitzero"` // only on the first page, if asked for
}

// AppendJSON implements [rest.Response].
func (p Pagination) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.StringOrNull("cursor", p.Cursor)
	if p.TotalCount != nil {
		o.Int("totalCount", *p.TotalCount)
	}
	return o.End()
}

// BackgroundCheck is one background check of a user.
type BackgroundCheck struct {
	ID               int64                            `json:"id"`
	UserID           int64                            `json:"userId"`
	Status           workforce.BackgroundCheckStatus  `json:"status"`
	CaseID           *string                          `json:"caseId"`
	CaseInvitationID *string                          `json:"caseInvitationId"`
	URL              *string                          `json:"url"`
	ManualCheckDate  *Date                            `json:"manualCheckDate"`
	ManuallyCheckURL *string                          `json:"manuallyCheckUrl"`
	Type             workforce.BackgroundCheckType    `json:"type"`
	Source           *workforce.BackgroundCheckSource `json:"source"`
	ReportData       *string                          `json:"reportData"`
	OutOfScopeReason *string                          `json:"outOfScopeReason"`
	OutOfScopeAt     *Time                            `json:"outOfScopeAt"`
	InvitationEmail  *string                          `json:"invitationEmail"`
	LinkedAt         *Time                            `json:"linkedAt"`
	CreatedAt        Time                             `json:"createdAt"`
	UpdatedAt        Time                             `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (c BackgroundCheck) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", c.ID)
	o.Int("userId", c.UserID)
	o.String("status", string(c.Status))
	o.StringOrNull("caseId", c.CaseID)
	o.StringOrNull("caseInvitationId", c.CaseInvitationID)
	o.StringOrNull("url", c.URL)
	rest.TextOrNull(&o, "manualCheckDate", c.ManualCheckDate)
	o.StringOrNull("manuallyCheckUrl", c.ManuallyCheckURL)
	o.String("type", string(c.Type))
	rest.TextOrNull(&o, "source", c.Source)
	o.StringOrNull("reportData", c.ReportData)
	o.StringOrNull("outOfScopeReason", c.OutOfScopeReason)
	putTimeOrNull(&o, "outOfScopeAt", c.OutOfScopeAt)
	o.StringOrNull("invitationEmail", c.InvitationEmail)
	putTimeOrNull(&o, "linkedAt", c.LinkedAt)
	putTime(&o, "createdAt", c.CreatedAt)
	putTime(&o, "updatedAt", c.UpdatedAt)
	return o.End()
}

func toWireBackgroundCheck(c workforce.BackgroundCheck) BackgroundCheck {
	return BackgroundCheck{
		ID:               c.ID,
		UserID:           int64(c.UserID),
		Status:           c.Status,
		CaseID:           c.CaseID,
		CaseInvitationID: c.CaseInvitationID,
		URL:              c.URL,
		ManualCheckDate:  dateOf(c.ManualCheckDate),
		ManuallyCheckURL: c.ManuallyCheckURL,
		Type:             c.Type,
		Source:           c.Source,
		ReportData:       c.ReportData,
		OutOfScopeReason: c.OutOfScopeReason,
		OutOfScopeAt:     timeOf(c.OutOfScopeAt),
		InvitationEmail:  c.InvitationEmail,
		LinkedAt:         timeOf(c.LinkedAt),
		CreatedAt:        Time(c.CreatedAt),
		UpdatedAt:        Time(c.UpdatedAt),
	}
}

// Document is a piece of evidence that a user handed in.
type Document struct {
	ID          int64                  `json:"id"`
	UserID      int64                  `json:"userId"`
	Name        string                 `json:"name"`
	Type        workforce.DocumentType `json:"type"`
	FileURL     *string                `json:"fileUrl"`
	RenewalDate *Date                  `json:"renewalDate"`
	CreatedAt   Time                   `json:"createdAt"`
	UpdatedAt   Time                   `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (d Document) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", d.ID)
	o.Int("userId", d.UserID)
	o.String("name", d.Name)
	o.String("type", string(d.Type))
	o.StringOrNull("fileUrl", d.FileURL)
	rest.TextOrNull(&o, "renewalDate", d.RenewalDate)
	putTime(&o, "createdAt", d.CreatedAt)
	putTime(&o, "updatedAt", d.UpdatedAt)
	return o.End()
}

func toWireDocument(d workforce.Document) Document {
	return Document{
		ID:          d.ID,
		UserID:      int64(d.UserID),
		Name:        d.Name,
		Type:        d.Type,
		FileURL:     d.FileLink(),
		RenewalDate: dateOf(d.RenewalDate),
		CreatedAt:   Time(d.CreatedAt),
		UpdatedAt:   Time(d.UpdatedAt),
	}
}
