package importer

import (
	"io"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// BackgroundCheck is one row of a background-checks file. Nil is not said.
type BackgroundCheck struct {
	Email            string // of the person, as written
	Status           workforce.BackgroundCheckStatus
	Type             workforce.BackgroundCheckType // who made it; MANUAL where the file does not say
	CaseID           *string                       // the maker's own id of it
	URL              *string
	ManualCheckDate  *workforce.Date // when it was made
	OutOfScopeReason *string         // not nil where Status is OUT_OF_SCOPE, nil otherwise
	OutOfScopeAt     *time.Time
}

// BackgroundChecks is a background-checks file that was read.
type BackgroundChecks = Parsed[BackgroundCheck]

const (
	backgroundOutOfScope workforce.BackgroundCheckStatus = "OUT_OF_SCOPE"
	backgroundManual     workforce.BackgroundCheckType   = "MANUAL"
)

// The names of the fields of a background check that rules speak of.
const (
	fieldStatus           = "status"
	fieldCaseID           = "caseId"
	fieldURL              = "url"
	fieldManualCheckDate  = "manualCheckDate"
	fieldOutOfScopeReason = "outOfScopeReason"
	fieldOutOfScopeAt     = "outOfScopeAt"
)

// ParseBackgroundChecks reads a file of background checks. Errors are those of
// [ParsePeople].
func ParseBackgroundChecks(r io.Reader, format Format, opts Options) (BackgroundChecks, error) {
	return parse(r, format, opts, &backgroundSchema)
}

// backgroundWords is what else the cell may say. "Completed" is not in it: it
// does not tell the outcome.
var backgroundWords = map[string]workforce.BackgroundCheckStatus{
	"clear": "OK", "cleared": "OK", "passed": "OK",
	"consider": "ISSUE", "failed": "ISSUE",
	"inprogress": "PENDING", "invited": "PENDING", "processing": "PENDING",
	"cancelled": "CANCELED",
	"notneeded": backgroundOutOfScope, "waived": backgroundOutOfScope,
}

var backgroundSchema = schema[BackgroundCheck]{
	noun: "backgroundChecks",
	fields: []field[BackgroundCheck]{
		{
			name: fieldEmail, need: true, aliases: append([]string{"candidateemail"}, personAliases...),
			set: func(c *cell, b *BackgroundCheck) { b.Email = workforce.Text(c.email()) },
		},
		{
			name: fieldStatus, need: true, aliases: []string{"result", "outcome", "reportstatus", "checkstatus"},
			set: func(c *cell, b *BackgroundCheck) {
				b.Status = member(c, "status", workforce.AllBackgroundCheckStatuses, backgroundWords)
			},
		},
		{
			name: fieldType, aliases: []string{"provider", "vendor"},
			set: func(c *cell, b *BackgroundCheck) {
				b.Type = member(c, "type", workforce.AllBackgroundCheckTypes, nil)
			},
		},
		{
			name: fieldCaseID, aliases: []string{"id", "case", "reportid", "orderid", "checkid"},
			set: func(c *cell, b *BackgroundCheck) { b.CaseID = c.text(idMost) },
		},
		{
			name: fieldURL, aliases: []string{"reporturl", "link"},
			set: func(c *cell, b *BackgroundCheck) { b.URL = c.url() },
		},
		{
			name:    fieldManualCheckDate,
			aliases: []string{"date", "checkdate", "checkedon", "completedon", "completedat", "completeddate", "completiondate", "datecompleted", "reportdate", "filedat"},
			set:     func(c *cell, b *BackgroundCheck) { b.ManualCheckDate = c.date() },
		},
		{
			name: fieldOutOfScopeReason, aliases: []string{"reason"},
			set: func(c *cell, b *BackgroundCheck) { b.OutOfScopeReason = c.text(reasonMost) },
		},
		{
			name: fieldOutOfScopeAt, aliases: []string{"outofscopesince"},
			set: func(c *cell, b *BackgroundCheck) { b.OutOfScopeAt = c.time() },
		},
	},
	finish: finishBackgroundCheck,
	unique: []uniqueness[BackgroundCheck]{{
		field: fieldCaseID, what: "email, type and caseId",
		key: func(b *BackgroundCheck) string {
			if b.Email == "" {
				return ""
			}
			return workforce.Fold(b.Email) + " " + backgroundKey(b.Type, b.CaseID)
		},
	}},
}

// backgroundKey makes a background check of one person the same one. Those
// without a case id are one for each maker.
func backgroundKey(t workforce.BackgroundCheckType, caseID *string) string {
	return string(t) + " " + workforce.Text(caseID)
}

// finishBackgroundCheck checks what only the whole row can tell.
func finishBackgroundCheck(b *BackgroundCheck, opts Options, problem func(field, value, reason string)) {
	switch {
	case b.Email == "":
		problem(fieldEmail, "", "every background check needs the e-mail address of the person")
	case b.Status == "":
		problem(fieldStatus, "", "every background check needs a status; allowed are "+names(workforce.AllBackgroundCheckStatuses))
	case b.Status == backgroundOutOfScope && b.OutOfScopeReason == nil:
		problem(fieldOutOfScopeReason, "", "a background check that is OUT_OF_SCOPE needs the reason why, in the column outOfScopeReason")
	case b.Status != backgroundOutOfScope && b.OutOfScopeReason != nil:
		problem(fieldOutOfScopeReason, *b.OutOfScopeReason, "a reason stands here, but the status is not OUT_OF_SCOPE")
	case b.Status != backgroundOutOfScope && b.OutOfScopeAt != nil:
		problem(fieldOutOfScopeAt, b.OutOfScopeAt.Format(time.RFC3339), "a time stands here, but the status is not OUT_OF_SCOPE")
	case b.ManualCheckDate != nil && tooLate(workforce.Ptr(b.ManualCheckDate.In(time.UTC)), opts) != "":
		problem(fieldManualCheckDate, string(*b.ManualCheckDate), "the date is still to come; what has not happened yet cannot be imported")
	}
	if b.Type == "" {
		b.Type = backgroundManual
	}
}
