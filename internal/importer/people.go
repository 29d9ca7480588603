package importer

import (
	"io"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Person is one row of a people file. Nil is not said.
type Person struct {
	ExternalID       string // the source's own id; the folded e-mail where the file has none
	Email            string // as written, not empty
	SecondaryEmail   *string
	FirstName        *string
	LastName         *string
	JobTitle         *string
	EmploymentStatus workforce.EmploymentStatus // given, or derived as the package says
	NotHumanReason   *string                    // why OUT_OF_SCOPE; not nil for that status
	StartDate        *workforce.Date
	SeparationDate   *workforce.Date
	IsContractor     *bool
	ManagerEmail     *string
	Groups           []string // names, without repeats after folding
	HasMFA           *bool
	Roles            []workforce.Role // sorted, without repeats

	status string // what the file says of the status, in a form of our own
}

// The names of the fields of a person, as the file's columns may be called.
const (
	fieldExternalID       = "externalId"
	fieldEmail            = "email"
	fieldSecondaryEmail   = "secondaryEmail"
	fieldFirstName        = "firstName"
	fieldLastName         = "lastName"
	fieldJobTitle         = "jobTitle"
	fieldEmploymentStatus = "employmentStatus"
	fieldNotHumanReason   = "notHumanReason"
	fieldStartDate        = "startDate"
	fieldSeparationDate   = "separationDate"
	fieldIsContractor     = "isContractor"
	fieldManagerEmail     = "managerEmail"
	fieldGroups           = "groups"
	fieldHasMFA           = "hasMfa"
	fieldRoles            = "roles"
)

// People is a people file that was read.
type People = Parsed[Person]

// ParsePeople reads a file of people. The error is for a file that cannot be
// read as a whole (a [workforce.Fault] that says why, or the reader's own);
// what is wrong with single rows is in the result.
func ParsePeople(r io.Reader, format Format, opts Options) (People, error) {
	return parse(r, format, opts, &peopleSchema)
}

var mfaAliases = []string{
	"mfa", "mfaenabled", "mfastatus", "multifactorauthentication", "2fa", "2faenabled", "twofactor",
	"twofactorenabled", "twostepverification", "2svenrolled", "2svenrolledreadonly",
}

const fullNameNote = "a full name is not split, because where to split it is a guess; give firstName and lastName"

var peopleSchema = schema[Person]{
	noun: "people",
	fields: []field[Person]{
		{
			name:    fieldExternalID,
			aliases: []string{"id", "employeeid", "employeenumber", "employeeno", "personid", "workerid", "staffid", "personnelnumber", "eeid"},
			set:     func(c *cell, p *Person) { p.ExternalID = workforce.Text(c.text(idMost)) },
		},
		{
			name: fieldEmail, need: true,
			aliases: []string{"emailaddress", "workemail", "workemailaddress", "companyemail", "businessemail", "primaryemail", "mail"},
			set:     func(c *cell, p *Person) { p.Email = workforce.Text(c.email()) },
		},
		{
			name:    fieldSecondaryEmail,
			aliases: []string{"personalemail", "personalemailaddress", "alternateemail", "otheremail", "homeemail", "recoveryemail"},
			set:     func(c *cell, p *Person) { p.SecondaryEmail = c.email() },
		},
		{
			name:    fieldFirstName,
			aliases: []string{"givenname", "forename", "first", "fname"},
			set:     func(c *cell, p *Person) { p.FirstName = c.text(nameMost) },
		},
		{
			name:    fieldLastName,
			aliases: []string{"surname", "familyname", "last", "lname"},
			set:     func(c *cell, p *Person) { p.LastName = c.text(nameMost) },
		},
		{
			name:    fieldJobTitle,
			aliases: []string{"title", "position", "designation", "employeetitle"},
			set:     func(c *cell, p *Person) { p.JobTitle = c.text(nameMost) },
		},
		{
			name:    fieldEmploymentStatus,
			aliases: []string{"status", "employeestatus", "workerstatus"},
			set:     func(c *cell, p *Person) { p.status = c.employmentStatus() },
		},
		{
			name:    fieldNotHumanReason,
			aliases: []string{"outofscopereason"},
			set:     func(c *cell, p *Person) { p.NotHumanReason = c.text(reasonMost) },
		},
		{
			name:    fieldStartDate,
			aliases: []string{"hiredate", "datehired", "dateofhire", "hiredon", "joindate", "joiningdate", "dateofjoining", "employmentstartdate", "startedat"},
			set:     func(c *cell, p *Person) { p.StartDate = c.date() },
		},
		{
			name:    fieldSeparationDate,
			aliases: []string{"terminationdate", "terminatedon", "enddate", "lastday", "lastworkingday", "leavedate", "leavingdate", "dateofleaving", "employmentenddate", "separatedat"},
			set:     func(c *cell, p *Person) { p.SeparationDate = c.date() },
		},
		{
			name:    fieldIsContractor,
			aliases: []string{"contractor"},
			set:     func(c *cell, p *Person) { p.IsContractor = c.boolean() },
		},
		{
			name:    fieldManagerEmail,
			aliases: []string{"manager", "manageremailaddress", "managersemail", "linemanager", "linemanageremail", "supervisor", "supervisoremail", "reportsto"},
			set:     func(c *cell, p *Person) { p.ManagerEmail = c.email() },
		},
		{
			name:    fieldGroups,
			aliases: []string{"group", "groupnames", "memberof", "teams", "team"},
			set:     func(c *cell, p *Person) { p.Groups = c.list() },
		},
		{name: fieldHasMFA, aliases: mfaAliases, set: func(c *cell, p *Person) { p.HasMFA = c.boolean() }},
		{name: fieldRoles, set: func(c *cell, p *Person) { p.Roles = c.roles() }},
	},
	notes: map[string]string{
		"name": fullNameNote, "fullname": fullNameNote, "displayname": fullNameNote, "employeename": fullNameNote,
	},
	finish: finishPerson,
	unique: []uniqueness[Person]{
		{field: fieldEmail, what: "e-mail address", key: func(p *Person) string { return workforce.Fold(p.Email) }},
		{field: fieldExternalID, what: fieldExternalID, key: func(p *Person) string { return p.ExternalID }},
	},
}

// finishPerson checks what only the whole row can tell, and derives the
// status and the id.
func finishPerson(p *Person, opts Options, problem func(field, value, reason string)) {
	if p.Email == "" {
		problem(fieldEmail, "", "every person needs an e-mail address")
		return
	}
	if p.ExternalID == "" {
		p.ExternalID = workforce.Fold(p.Email)
	}
	if p.StartDate != nil && p.SeparationDate != nil && p.SeparationDate.Before(*p.StartDate) {
		problem(fieldSeparationDate, string(*p.SeparationDate), "the separation date is before the start date, "+string(*p.StartDate))
		return
	}
	status, reason := employmentStatus(p, opts.Today)
	if reason != "" {
		problem(fieldEmploymentStatus, string(status), reason)
		return
	}
	if status == workforce.OutOfScope && p.NotHumanReason == nil {
		problem(fieldNotHumanReason, "", "who is OUT_OF_SCOPE needs the reason why, in the column notHumanReason")
		return
	}
	p.EmploymentStatus = status
}

// Words for a status of which the contractor column decides the rest. A word
// is only here if it means the same in every system: "inactive" may be a leave
// or a leaver, and is refused.
const (
	saidCurrent = "current"
	saidFormer  = "former"
)

var statusWords = map[string]string{
	"active": saidCurrent, "current": saidCurrent, "employed": saidCurrent,
	"onleave": saidCurrent, "leaveofabsence": saidCurrent,
	"terminated": saidFormer, "former": saidFormer, "resigned": saidFormer, "separated": saidFormer, "left": saidFormer,
	"employee": string(workforce.CurrentEmployee), "activeemployee": string(workforce.CurrentEmployee),
	"contractor": string(workforce.CurrentContractor), "activecontractor": string(workforce.CurrentContractor),
	"terminatedemployee": string(workforce.FormerEmployee), "terminatedcontractor": string(workforce.FormerContractor),
	"prehire": string(workforce.FutureHire), "notstarted": string(workforce.FutureHire),
}

// employmentStatus is the cell as one of the ten statuses, or as saidCurrent
// or saidFormer; "" where it says nothing.
func (c *cell) employmentStatus() string {
	s := c.text(idMost)
	if s == nil {
		return ""
	}
	if v, ok := enum(*s, workforce.AllEmploymentStatuses); ok {
		return string(v)
	}
	if v, ok := statusWords[headerKey(*s)]; ok {
		return v
	}
	c.fail(*s, "no such status; allowed are "+names(workforce.AllEmploymentStatuses)+", and the words active, on leave, terminated, contractor, prehire")
	return ""
}

// employmentStatus is the status that a row gives or that follows from it, or
// why it gives none that can hold.
func employmentStatus(p *Person, today workforce.Date) (workforce.EmploymentStatus, string) {
	left := p.SeparationDate != nil && !p.SeparationDate.After(today)
	status := givenStatus(p, today, left)
	switch {
	case status.Former() && p.SeparationDate != nil && !left:
		return status, "the status says that the person has left, the separation date is in the future; correct one of them"
	case status.Current() && left:
		return status, "the status says that the person works here, the separation date has passed; correct one of them"
	case strings.Contains(string(status), "EMPLOYEE") && p.IsContractor != nil && *p.IsContractor:
		return status, "the status says employee, isContractor says contractor; correct one of them"
	case strings.Contains(string(status), "CONTRACTOR") && p.IsContractor != nil && !*p.IsContractor:
		return status, "the status says contractor, isContractor says employee; correct one of them"
	}
	return status, ""
}

func givenStatus(p *Person, today workforce.Date, left bool) workforce.EmploymentStatus {
	contractor := p.IsContractor != nil && *p.IsContractor
	current, former := workforce.CurrentEmployee, workforce.FormerEmployee
	if contractor {
		current, former = workforce.CurrentContractor, workforce.FormerContractor
	}
	started := p.StartDate != nil && !p.StartDate.After(today)
	switch p.status {
	case saidCurrent:
		return current
	case saidFormer:
		return former
	case string(workforce.FutureHire):
		if started { // the first day has come since the source wrote this
			return current
		}
		return workforce.FutureHire
	case "":
	default:
		return workforce.EmploymentStatus(p.status)
	}
	switch {
	case left:
		return former
	case p.StartDate != nil && !started:
		return workforce.FutureHire
	case p.StartDate != nil || p.SeparationDate != nil:
		return current
	}
	return workforce.UnknownStatus
}
