package v1

import (
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// User is a user with their background checks, identities and documents.
//
// Users nest: an identity has a user, whose identities have users. The nesting
// is cut after one level by a stub: a user with its own fields and roles, an
// empty identities (required by the published schema), and without
// backgroundChecks and documents (optional there). An empty list would claim
// that there are none; a missing one says nothing.
type User struct {
	ID                 int64             `json:"id"`
	EntryID            string            `json:"entryId"`
	Email              string            `json:"email"`
	FirstName          *string           `json:"firstName"`
	LastName           *string           `json:"lastName"`
	JobTitle           *string           `json:"jobTitle"`
	AvatarURL          *string           `json:"avatarUrl"`
	DrataTermsAgreedAt *Time             `json:"drataTermsAgreedAt"`
	CreatedAt          Time              `json:"createdAt"`
	UpdatedAt          Time              `json:"updatedAt"`
	Roles              []workforce.Role  `json:"roles"`
	BackgroundChecks   []BackgroundCheck `json:"backgroundChecks,omitzero"` // nil in a stub
	Identities         []Identity        `json:"identities"`
	Documents          []Documents       `json:"documents,omitzero"` // nil in a stub, else one element
}

// AppendJSON implements [rest.Response].
func (u User) AppendJSON(b []byte) []byte {
	if kind, ok := markedKind(u.FirstName); ok {
		return document.AppendHole(b, kind, u.ID)
	}
	o := rest.NewObject(b)
	o.Int("id", u.ID)
	o.String("entryId", u.EntryID)
	o.String("email", u.Email)
	o.StringOrNull("firstName", u.FirstName)
	o.StringOrNull("lastName", u.LastName)
	o.StringOrNull("jobTitle", u.JobTitle)
	o.StringOrNull("avatarUrl", u.AvatarURL)
	putTimeOrNull(&o, "drataTermsAgreedAt", u.DrataTermsAgreedAt)
	putTime(&o, "createdAt", u.CreatedAt)
	putTime(&o, "updatedAt", u.UpdatedAt)
	rest.Texts(&o, "roles", u.Roles)
	if u.BackgroundChecks != nil {
		putList(&o, "backgroundChecks", u.BackgroundChecks)
	}
	putList(&o, "identities", u.Identities)
	if u.Documents != nil {
		putList(&o, "documents", u.Documents)
	}
	return o.End()
}

// toWireUser maps a user; nil stays nil, a stub stays a stub.
func toWireUser(r *workforce.UserRecord) *User {
	if r == nil {
		return nil
	}
	stub := toWireStub(r.User)
	if r.Stub {
		return stub
	}
	u := *stub
	u.BackgroundChecks = each(r.BackgroundChecks, func(c workforce.BackgroundCheck) BackgroundCheck {
		return toWireBackgroundCheck(c, stub)
	})
	u.Identities = each(r.Identities, func(i workforce.IdentityRecord) Identity {
		return toWireIdentity(i, stub)
	})
	u.Documents = []Documents{toWireDocuments(r.Documents)}
	return &u
}

// toWireStub maps a user where the nesting ends.
func toWireStub(u workforce.User) *User {
	return &User{
		ID:                 int64(u.ID),
		EntryID:            u.EntryID,
		Email:              u.Email,
		FirstName:          u.FirstName,
		LastName:           u.LastName,
		JobTitle:           u.JobTitle,
		AvatarURL:          u.AvatarURL,
		DrataTermsAgreedAt: timeOf(u.TermsAgreedAt),
		CreatedAt:          Time(u.CreatedAt),
		UpdatedAt:          Time(u.UpdatedAt),
		Roles:              append([]workforce.Role{}, u.Roles...),
		Identities:         []Identity{},
	}
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
	User             *User                            `json:"user"` // a stub
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
	putObject(&o, "user", c.User)
	o.StringOrNull("outOfScopeReason", c.OutOfScopeReason)
	putTimeOrNull(&o, "outOfScopeAt", c.OutOfScopeAt)
	o.StringOrNull("invitationEmail", c.InvitationEmail)
	putTimeOrNull(&o, "linkedAt", c.LinkedAt)
	putTime(&o, "createdAt", c.CreatedAt)
	putTime(&o, "updatedAt", c.UpdatedAt)
	return o.End()
}

func toWireBackgroundCheck(c workforce.BackgroundCheck, user *User) BackgroundCheck {
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
		User:             user,
		OutOfScopeReason: c.OutOfScopeReason,
		OutOfScopeAt:     timeOf(c.OutOfScopeAt),
		InvitationEmail:  c.InvitationEmail,
		LinkedAt:         timeOf(c.LinkedAt),
		CreatedAt:        Time(c.CreatedAt),
		UpdatedAt:        Time(c.UpdatedAt),
	}
}

// Documents is the documents of a user in the form of a page. It is always the
// first page and always holds every document, so that nobody has to ask for
// the rest of something that has no operation of its own here.
type Documents struct {
	Data  []Document `json:"data"`
	Page  int64      `json:"page"`  // 1
	Limit int64      `json:"limit"` // 10, or more if there are more
	Total int64      `json:"total"`
}

const leastDocuments = 10

// AppendJSON implements [rest.Response].
func (d Documents) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	putList(&o, "data", d.Data)
	o.Int("page", d.Page)
	o.Int("limit", d.Limit)
	o.Int("total", d.Total)
	return o.End()
}

func toWireDocuments(docs []workforce.Document) Documents {
	count := int64(len(docs))
	return Documents{
		Data:  each(docs, toWireDocument),
		Page:  1,
		Limit: max(leastDocuments, count),
		Total: count,
	}
}

// Document is a piece of evidence that a user handed in.
type Document struct {
	ID          int64                  `json:"id"`
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
		Name:        d.Name,
		Type:        d.Type,
		FileURL:     d.FileLink(),
		RenewalDate: dateOf(d.RenewalDate),
		CreatedAt:   Time(d.CreatedAt),
		UpdatedAt:   Time(d.UpdatedAt),
	}
}
