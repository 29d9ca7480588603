package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/workforce"
)

// person is the page of one person.
func (s *site) person(ctx context.Context, r *http.Request, c workforce.Company) (view, error) {
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return view{}, workforce.Refuse(workforce.ReasonPersonnelNotFound, "People have numbers, as in /people/1; this address names none")
	}
	record, err := s.Directory.Personnel(ctx, id)
	if err != nil {
		return view{}, err
	}
	f := personFacts{record: record, zone: c.Location(), now: s.Now()}
	if f.groups, err = s.Directory.GroupsOf(ctx, id); err != nil {
		return view{}, err
	}
	if err := s.explain(ctx, &f); err != nil {
		return view{}, err
	}
	if f.hidden = hiddenAccounts(ctx, c); len(f.hidden) < len(workforce.AllAccountKinds) {
		if f.accounts, err = s.Directory.AccountsOf(ctx, record.UserID); err != nil {
			return view{}, err
		}
	}
	v := toPersonView(f)
	return view{template: "person", title: v.Name, body: v}, nil
}

// explain adds why the checks came out as they did, or why this visitor may not
// know it: the rest of the page is theirs all the same.
func (s *site) explain(ctx context.Context, f *personFacts) error {
	if _, err := auth.Require(ctx, workforce.ScopeComplianceGet, workforce.Reads); err != nil {
		f.whyHidden = faultMessage(err)
		return nil
	}
	why, err := s.Compliance.Explain(ctx, f.record.ID)
	if err != nil {
		return err
	}
	f.why = &why
	all, err := s.Compliance.Exclusions(ctx, compliance.ExclusionFilter{PersonnelID: &f.record.ID})
	for _, e := range all {
		if e.EndsAt == nil || e.EndsAt.After(f.now) {
			f.exclusions = append(f.exclusions, e)
		}
	}
	return err
}

// hiddenAccounts says of each kind of accounts that this visitor may not see
// why, as the API would; the rest of the page is theirs all the same.
func hiddenAccounts(ctx context.Context, c workforce.Company) []hiddenKind {
	var out []hiddenKind
	for _, kind := range workforce.AllAccountKinds {
		err := auth.Admits(c, workforce.FeatureUserIdentities)
		if err == nil {
			_, err = auth.Require(ctx, kind.ManageScope(), workforce.Reads)
		}
		if err != nil {
			out = append(out, hiddenKind{kind, faultMessage(err)})
		}
	}
	return out
}

type hiddenKind struct {
	kind workforce.AccountKind
	why  string
}

// personFacts is what the page of a person is made from.
type personFacts struct {
	record   workforce.PersonnelRecord
	accounts []workforce.AccountRecord
	hidden   []hiddenKind // kinds of accounts that are not among accounts
	groups   []workforce.Group
	zone     *time.Location // where the company is
	now      time.Time

	why        *compliance.Explanation // nil: the visitor may not know why
	whyHidden  string                  // why they may not
	exclusions []workforce.Exclusion   // those that are not over
}

// results is how the checks came out: as explained, or else as recorded.
func (f personFacts) results() []check.Result {
	if f.why != nil {
		return f.why.Results
	}
	have := map[workforce.CheckType]workforce.Check{}
	for _, c := range f.record.Checks {
		have[c.Type] = c
	}
	all := make([]check.Result, len(workforce.AllCheckTypes))
	for i, t := range workforce.AllCheckTypes {
		all[i].Check = have[t]
		all[i].Type = t
	}
	return all
}

// personView is the page of one person.
type personView struct {
	Name     string // the e-mail where no name is known
	Email    string
	Status   string
	Overall  mark // full compliance
	Facts    []labelled
	Checks   checksView
	Sections []section
	Legend   []legendLine
	Zone     string
}

// labelled is a fact with its name.
type labelled struct {
	Label string
	Value value
}

// section is a part of the page with a table in it.
type section struct {
	ID    string // in the page's address
	Title string
	Notes []string // what to know before reading it
	Table table
	Empty string // what to say where the table has no rows
}

func toPersonView(f personFacts) personView {
	r := f.record
	v := personView{
		Name: "Person " + number(int64(r.ID)).Text, Status: words(r.EmploymentStatus),
		Facts: identityFacts(r, f.zone), Checks: toChecksView(f), Legend: legend, Zone: f.zone.String(),
	}
	v.Overall = v.Checks.Items[0].Mark // of FULL_COMPLIANCE
	user := workforce.UserRecord{}
	if r.User != nil {
		user = *r.User
		v.Name, v.Email = nameOf(user.User), user.Email
	}
	v.Sections = []section{
		exclusionSection(f),
		pinSection(r, f.zone),
		{ID: "identities", Title: "Identities", Table: tableOf(identityColumns, user.Identities, f.zone), Empty: "No identity is recorded."},
		accountSection(f),
		{ID: "devices", Title: "Devices", Table: tableOf(deviceColumns, r.Devices, f.zone), Empty: "No device is recorded."},
		{ID: "background-checks", Title: "Background checks", Table: tableOf(backgroundColumns, user.BackgroundChecks, f.zone), Empty: "No background check is recorded."},
		{ID: "documents", Title: "Documents", Table: tableOf(documentColumns, user.Documents, f.zone), Empty: "No document is recorded."},
		{ID: "groups", Title: "Groups", Table: tableOf(groupColumns, f.groups, f.zone), Empty: "No group is recorded."},
	}
	return v
}

func nameOf(u workforce.User) string {
	if name := workforce.FullName(u.FirstName, u.LastName); name != "" {
		return name
	}
	return u.Email
}

// identityFacts is who the person is.
func identityFacts(r workforce.PersonnelRecord, zone *time.Location) []labelled {
	user := workforce.UserRecord{}
	if r.User != nil {
		user = *r.User
	}
	facts := []labelled{
		{"First name", textOr(user.FirstName, unknown)},
		{"Last name", textOr(user.LastName, unknown)},
		{"E-mail", textOr(&user.Email, unknown)},
		{"Title", textOr(user.JobTitle, unknown)},
		{"Status", text(words(r.EmploymentStatus))},
		{"First day", dateOr(r.StartDate, unknown)},
		{"Last day", dateOr(r.SeparationDate, notRecorded)},
		{"Status set by hand", instantOr(r.StatusUpdatedAt, zone, notRecorded)},
	}
	if r.NotHumanReason != nil {
		reason := text(*r.NotHumanReason)
		if r.ReasonProvider != nil {
			reason.Note = "said by " + nameOf(r.ReasonProvider.User)
		}
		facts = append(facts, labelled{"Out of scope because", reason})
	}
	if len(user.Roles) > 0 {
		names := make([]string, len(user.Roles))
		for i, role := range user.Roles {
			names[i] = words(role)
		}
		facts = append(facts, labelled{"Roles", text(strings.Join(names, ", "))})
	}
	return append(facts,
		labelled{"Personnel number", number(int64(r.ID))},
		labelled{"User number", number(int64(r.UserID))},
		labelled{"Recorded since", instant(r.CreatedAt, zone)},
	)
}

func pinSection(r workforce.PersonnelRecord, zone *time.Location) section {
	s := section{
		ID: "pins", Title: "Pins", Table: tableOf(pinColumns, r.Pins, zone),
		Empty: "No field was set by hand: all follow their sources.",
	}
	if len(r.Pins) > 0 {
		s.Notes = []string{"These fields were set by hand; sources do not change them until the person's sync is reset."}
	}
	return s
}

func accountSection(f personFacts) section {
	s := section{
		ID: "accounts", Title: "Accounts", Table: tableOf(accountColumns, f.accounts, f.zone),
		Empty: "No account is linked to this person.",
	}
	if len(f.hidden) == len(workforce.AllAccountKinds) {
		s.Empty = ""
	}
	for _, h := range f.hidden {
		s.Notes = append(s.Notes, words(h.kind)+" accounts are not shown. "+h.why)
	}
	if n := openAccounts(f); n > 0 {
		noun := "accounts are"
		if n == 1 {
			noun = "account is"
		}
		s.Notes = append(s.Notes, number(int64(n)).Text+" "+noun+" still connected although this person has left.")
	}
	return s
}

// openAccounts counts the accounts that somebody who left can still use.
func openAccounts(f personFacts) int {
	if !f.record.EmploymentStatus.Former() {
		return 0
	}
	n := 0
	for _, a := range f.accounts {
		if a.ConnectedAt != nil && a.DisconnectedAt == nil && a.RemovedAt == nil {
			n++
		}
	}
	return n
}
