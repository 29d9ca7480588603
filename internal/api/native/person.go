package native

import (
	"strings"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// PersonSummary is a person: the personnel record with what is shown of the
// user, in one object.
type PersonSummary struct {
	ID               int64                      `json:"id"` // of the personnel record
	UserID           int64                      `json:"userId"`
	EntryID          string                     `json:"entryId"`
	Email            string                     `json:"email"`
	FirstName        *string                    `json:"firstName"`
	LastName         *string                    `json:"lastName"`
	JobTitle         *string                    `json:"jobTitle"`
	Roles            []workforce.Role           `json:"roles"`
	EmploymentStatus workforce.EmploymentStatus `json:"employmentStatus"`
	NotHumanReason   *string                    `json:"notHumanReason"`
	StartDate        *Date                      `json:"startDate"`
	SeparationDate   *Date                      `json:"separationDate"`
	StatusUpdatedAt  *Time                      `json:"statusUpdatedAt"`
	Pins             []workforce.PinField       `json:"pins"`
	Checks           Checks                     `json:"checks"`
	Groups           []GroupName                `json:"groups"`
	Devices          DeviceCounts               `json:"devices"`
	CreatedAt        Time                       `json:"createdAt"`
	UpdatedAt        Time                       `json:"updatedAt"`

	shown selection
}

// AlwaysThere names the members that are written whatever fields says.
func (PersonSummary) AlwaysThere() []string { return alwaysThere(personMembers) }

// AppendJSON implements [rest.Response].
func (p *PersonSummary) AppendJSON(b []byte) []byte {
	return appendRecord(b, personMembers, p.shown, p)
}

// GroupName is a group that a person is a member of.
type GroupName struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// AppendJSON implements [rest.Response].
func (g GroupName) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", g.ID)
	o.String("name", g.Name)
	return o.End()
}

// DeviceCounts counts the devices in use, and those of them of which a check
// fails.
type DeviceCounts struct {
	Active  int64 `json:"active"`
	Failing int64 `json:"failing"`
}

// AppendJSON implements [rest.Response].
func (d DeviceCounts) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("active", d.Active)
	o.Int("failing", d.Failing)
	return o.End()
}

// personMembers is the members of a person, in the order in which they are
// written.
var personMembers = []member[PersonSummary]{
	always(intMember("id", func(p *PersonSummary) int64 { return p.ID })),
	intMember("userId", func(p *PersonSummary) int64 { return p.UserID }),
	textMember("entryId", func(p *PersonSummary) string { return p.EntryID }),
	textMember("email", func(p *PersonSummary) string { return p.Email }),
	optionalMember("firstName", func(p *PersonSummary) *string { return p.FirstName }),
	optionalMember("lastName", func(p *PersonSummary) *string { return p.LastName }),
	optionalMember("jobTitle", func(p *PersonSummary) *string { return p.JobTitle }),
	listMember("roles", func(p *PersonSummary) []workforce.Role { return p.Roles }),
	textMember("employmentStatus", func(p *PersonSummary) workforce.EmploymentStatus { return p.EmploymentStatus }),
	optionalMember("notHumanReason", func(p *PersonSummary) *string { return p.NotHumanReason }),
	optionalMember("startDate", func(p *PersonSummary) *Date { return p.StartDate }),
	optionalMember("separationDate", func(p *PersonSummary) *Date { return p.SeparationDate }),
	timeMember("statusUpdatedAt", func(p *PersonSummary) *Time { return p.StatusUpdatedAt }),
	listMember("pins", func(p *PersonSummary) []workforce.PinField { return p.Pins }),
	{
		name:    "checks",
		json:    func(o *rest.Object, p *PersonSummary) { o.Value("checks", p.Checks) },
		columns: checkColumns(),
	},
	{
		name:    "groups",
		json:    func(o *rest.Object, p *PersonSummary) { putList(o, "groups", p.Groups) },
		columns: groupColumns(),
	},
	{
		name: "devices",
		json: func(o *rest.Object, p *PersonSummary) { o.Value("devices", p.Devices) },
		columns: []column[PersonSummary]{
			{"devices.active", func(p *PersonSummary) string { return number(p.Devices.Active) }},
			{"devices.failing", func(p *PersonSummary) string { return number(p.Devices.Failing) }},
		},
	},
	timeMember("createdAt", func(p *PersonSummary) *Time { return &p.CreatedAt }),
	timeMember("updatedAt", func(p *PersonSummary) *Time { return &p.UpdatedAt }),
}

// checkColumns is three columns for each check.
func checkColumns() []column[PersonSummary] {
	var out []column[PersonSummary]
	for _, t := range workforce.AllCheckTypes {
		add := func(name string, cell func(*CheckOutcome) string) {
			out = append(out, column[PersonSummary]{"checks." + string(t) + "." + name, func(p *PersonSummary) string {
				if c := p.Checks.of(t); c != nil {
					return cell(c)
				}
				return ""
			}})
		}
		add("status", func(c *CheckOutcome) string { return string(c.Status) })
		add("completionDate", func(c *CheckOutcome) string { return timeCell(c.CompletionDate) })
		add("expiresAt", func(c *CheckOutcome) string { return timeCell(c.ExpiresAt) })
	}
	return out
}

func groupColumns() []column[PersonSummary] {
	joined := func(of func(GroupName) string) func(*PersonSummary) string {
		return func(p *PersonSummary) string { return strings.Join(each(p.Groups, of), listSeparator) }
	}
	return []column[PersonSummary]{
		{"groups.id", joined(func(g GroupName) string { return number(g.ID) })},
		{"groups.name", joined(func(g GroupName) string { return g.Name })},
	}
}

func toWirePerson(s directory.PersonSummary, shown selection) PersonSummary {
	return PersonSummary{
		ID: int64(s.ID), UserID: int64(s.UserID), EntryID: s.User.EntryID, Email: s.User.Email,
		FirstName: s.User.FirstName, LastName: s.User.LastName, JobTitle: s.User.JobTitle,
		Roles:            each(s.User.Roles, func(r workforce.Role) workforce.Role { return r }),
		EmploymentStatus: s.EmploymentStatus, NotHumanReason: s.NotHumanReason,
		StartDate: dateOf(s.StartDate), SeparationDate: dateOf(s.SeparationDate), StatusUpdatedAt: timeOf(s.StatusUpdatedAt),
		Pins:      each(s.Pins, func(p workforce.Pin) workforce.PinField { return p.Field }),
		Checks:    each(s.Checks, toWireCheck),
		Groups:    each(s.Groups, func(g directory.GroupName) GroupName { return GroupName{int64(g.ID), g.Name} }),
		Devices:   DeviceCounts{s.Devices.Active, s.Devices.Failing},
		CreatedAt: Time(s.CreatedAt), UpdatedAt: Time(s.UpdatedAt),
		shown: shown,
	}
}

func toWireCheck(c workforce.Check) CheckOutcome {
	return CheckOutcome{c.Type, c.Status, timeOf(c.CompletionDate), timeOf(c.ExpiresAt)}
}
