package importer

import (
	"io"
	"strconv"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Acknowledgement is one row of an acknowledgements file. Nil is not said.
type Acknowledgement struct {
	Email          string // of the person, as written
	Policy         string // its name
	Version        *int64 // nil: the one that was in force at that time
	AcknowledgedAt time.Time
}

// Acknowledgements is an acknowledgements file that was read.
type Acknowledgements = Parsed[Acknowledgement]

// The names of the fields of an acknowledgement that rules speak of.
const (
	fieldPolicy         = "policy"
	fieldVersion        = "version"
	fieldAcknowledgedAt = "acknowledgedAt"
)

// versionMost is more than any policy has.
const versionMost = 1_000_000

// ParseAcknowledgements reads a file of acknowledgements of policies. Errors
// are those of [ParsePeople].
func ParseAcknowledgements(r io.Reader, format Format, opts Options) (Acknowledgements, error) {
	return parse(r, format, opts, &acknowledgementSchema)
}

var acknowledgementSchema = schema[Acknowledgement]{
	noun: "acknowledgements",
	fields: []field[Acknowledgement]{
		{
			name: fieldEmail, need: true, aliases: personAliases,
			set: func(c *cell, a *Acknowledgement) { a.Email = workforce.Text(c.email()) },
		},
		{
			name: fieldPolicy, need: true, aliases: []string{"policyname", "document", "documentname"},
			set: func(c *cell, a *Acknowledgement) { a.Policy = workforce.Text(c.text(nameMost)) },
		},
		{
			name: fieldVersion, aliases: []string{"policyversion", "versionnumber"},
			set: func(c *cell, a *Acknowledgement) { a.Version = c.number(versionMost) },
		},
		{
			name: fieldAcknowledgedAt, need: true,
			aliases: []string{"acknowledged", "acknowledgedon", "acknowledgeddate", "acknowledgementdate", "acceptedat", "acceptedon", "accepteddate", "signedat", "signedon", "signeddate", "date"},
			set: func(c *cell, a *Acknowledgement) {
				if t := c.time(); t != nil {
					a.AcknowledgedAt = *t
				}
			},
		},
	},
	finish: finishAcknowledgement,
	unique: []uniqueness[Acknowledgement]{{
		field: fieldPolicy, what: "email, policy and version",
		key: func(a *Acknowledgement) string {
			if a.Email == "" || a.Policy == "" || a.Version == nil {
				return "" // without its number the version is found out later
			}
			return workforce.Fold(a.Email) + " " + strconv.FormatInt(*a.Version, 10) + " " + workforce.Fold(a.Policy)
		},
	}},
}

// finishAcknowledgement checks what only the whole row can tell.
func finishAcknowledgement(a *Acknowledgement, opts Options, problem func(field, value, reason string)) {
	switch {
	case a.Email == "":
		problem(fieldEmail, "", "every acknowledgement needs the e-mail address of the person")
	case a.Policy == "":
		problem(fieldPolicy, "", "every acknowledgement needs the name of a policy")
	case a.AcknowledgedAt.IsZero():
		problem(fieldAcknowledgedAt, "", "every acknowledgement needs the time when it was given")
	default:
		if reason := tooLate(&a.AcknowledgedAt, opts); reason != "" {
			problem(fieldAcknowledgedAt, a.AcknowledgedAt.Format(time.RFC3339), reason)
		}
	}
}
