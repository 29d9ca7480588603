package v1

import (
	"strings"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The bounds of every list that is paged by number.
const (
	limitMost    = 50
	limitDefault = 20
)

func bindPage(b *rest.Binder) workforce.Page {
	return workforce.Page{
		Number: b.Int("page", rest.Min(1), rest.Default(1)),
		Limit:  b.Int("limit", rest.Min(1), rest.Max(limitMost), rest.Default(limitDefault)),
	}
}

// trainingChecks are the checks that multiTrainingComplianceType may name.
var trainingChecks = []workforce.CheckType{
	workforce.CheckSecurityTraining, workforce.CheckHIPAATraining, workforce.CheckNISTAITraining,
}

// personnelListParams is the parameters of the personnel list.
type personnelListParams struct {
	page           workforce.Page
	text           string
	status         workforce.EmploymentStatus // "": not given
	statuses       []workforce.EmploymentStatusFilter
	checks         []workforce.CheckFilter
	device         *bool
	training       *bool
	trainingCheck  workforce.CheckType
	groups         []workforce.GroupID
	sort           workforce.PersonnelSort
	dir            workforce.SortDir
	source         workforce.DeviceSource // "": not given
	inverseSources []workforce.DeviceSource
	email          string
}

func bindPersonnelList(b *rest.Binder) personnelListParams {
	var p personnelListParams
	p.page = bindPage(b)
	p.text = b.Text("q")
	p.status = rest.Enum(b, "employmentStatus", workforce.AllEmploymentStatuses)
	p.statuses = rest.Enums(b, "employmentStatuses[]", workforce.AllEmploymentStatusFilters)
	p.check(workforce.CheckFullCompliance, b.Bool("fullCompliance"))
	p.check(workforce.CheckAcceptedPolicies, b.Bool("acceptedPoliciesCompliance"))
	p.check(workforce.CheckIdentityMFA, b.Bool("identityMfaCompliance"))
	p.check(workforce.CheckBackground, b.Bool("bgCheckCompliance"))
	p.check(workforce.CheckAgentInstalled, b.Bool("agentInstalledCompliance"))
	p.check(workforce.CheckPasswordManager, b.Bool("passwordManagerCompliance"))
	p.check(workforce.CheckAutoUpdates, b.Bool("autoUpdatesCompliance"))
	p.check(workforce.CheckLocationServices, b.Bool("locationServicesCompliance"))
	p.check(workforce.CheckHDDEncryption, b.Bool("hdEncryptionCompliance"))
	p.check(workforce.CheckAntivirus, b.Bool("antivirusCompliance"))
	p.check(workforce.CheckLockScreen, b.Bool("lockScreenCompliance"))
	p.check(workforce.CheckSecurityTraining, b.Bool("securityTrainingCompliance"))
	p.check(workforce.CheckHIPAATraining, b.Bool("hipaaTrainingCompliance"))
	p.check(workforce.CheckNISTAITraining, b.Bool("nistaiTrainingCompliance"))
	p.device = b.Bool("deviceCompliance")
	p.training = b.Bool("multiSecurityTrainingCompliance")
	p.trainingCheck = rest.Enum(b, "multiTrainingComplianceType", trainingChecks, rest.DefaultText(workforce.CheckSecurityTraining))
	p.check(workforce.CheckOffboarding, b.Bool("offboardingEvidence"))
	p.groups = rest.Ints[workforce.GroupID](b, "groupIds")
	p.sort = rest.Enum(b, "sort", workforce.AllPersonnelSorts, rest.DefaultText(workforce.PersonnelSort("NAME")))
	p.dir = rest.Enum(b, "sortDir", workforce.AllSortDirs, rest.DefaultText(workforce.Ascending), rest.CaseFold())
	p.source = rest.Enum(b, "mdmSourceType", workforce.AllPersonnelDeviceSources)
	p.inverseSources = rest.Enums(b, "inverseMdmSourceTypes[]", workforce.AllPersonnelDeviceSources)
	p.email = b.Text("email", rest.Extra())
	return p
}

// check adds the filter if the parameter was given.
func (p *personnelListParams) check(t workforce.CheckType, compliant *bool) {
	if compliant != nil {
		p.checks = append(p.checks, workforce.CheckFilter{Type: t, Compliant: *compliant})
	}
}

// query is the parameters in the terms of the domain.
func (p personnelListParams) query() workforce.PersonnelQuery {
	q := workforce.PersonnelQuery{
		Text:             workforce.Fold(p.text),
		Email:            workforce.Fold(p.email),
		StatusFiltered:   p.status != "" || len(p.statuses) > 0,
		Checks:           p.checks,
		DeviceCompliance: p.device,
		GroupIDs:         p.groups,
		NotDeviceSources: p.inverseSources,
		Sort:             p.sort,
		Dir:              p.dir,
		Page:             p.page,
	}
	if q.StatusFiltered {
		q.EmploymentStatus = p.employmentStatuses()
	}
	if p.training != nil {
		q.Checks = append(q.Checks, workforce.CheckFilter{Type: p.trainingCheck, Compliant: *p.training})
	}
	if p.source != "" {
		q.DeviceSource = &p.source
	}
	return q
}

// employmentStatuses is the statuses that both parameters select; one that was
// not given selects all.
func (p personnelListParams) employmentStatuses() []workforce.EmploymentStatus {
	named := map[workforce.EmploymentStatus]bool{}
	for _, f := range p.statuses {
		for _, s := range f.Statuses() {
			named[s] = true
		}
	}
	var out []workforce.EmploymentStatus
	for _, s := range workforce.AllEmploymentStatuses {
		if (p.status == "" || p.status == s) && (len(p.statuses) == 0 || named[s]) {
			out = append(out, s)
		}
	}
	return out
}

func bindPersonnel(b *rest.Binder) workforce.PersonnelID {
	return workforce.PersonnelID(b.PathInt("id"))
}

func bindPersonnelEmail(b *rest.Binder) string { return b.PathText("email") }

// emailPrefix marks an e-mail address in a path. The second version of the API
// needs it; clients of the first send it too.
const emailPrefix = "email:"

// pathEmail reads the address in a path. What cannot be an address at all is
// refused rather than looked up, so that a wrong id is not taken for a leaver.
func pathEmail(segment string) (string, error) {
	email := strings.TrimPrefix(segment, emailPrefix)
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" || domain == "" {
		return "", workforce.RefuseField("email",
			"email must be an e-mail address like jane%%40example.com; to ask by number, leave out the last segment of the path")
	}
	return email, nil
}

type contractDatesParams struct {
	id         workforce.PersonnelID
	start      workforce.Date
	separation rest.Optional[workforce.Date]
}

func bindContractDates(b *rest.Binder) contractDatesParams {
	id := bindPersonnel(b)
	body := b.Body()
	return contractDatesParams{
		id:         id,
		start:      body.Date("startDate", rest.Required()),
		separation: body.OptionalDate("separationDate"),
	}
}

// dates tells the three cases apart: a date is set, null clears, absence keeps.
func (p contractDatesParams) dates() directory.ContractDates {
	d := directory.ContractDates{Start: p.start, KeepSeparation: !p.separation.Present}
	if p.separation.Present && !p.separation.Null {
		d.Separation = &p.separation.Value
	}
	return d
}

// reasonMost is the greatest length of a reason that is given in words, in
// characters.
const reasonMost = 30000

type statusParams struct {
	id             workforce.PersonnelID
	status         workforce.EmploymentStatus
	notHumanReason string
	separationDate string // read only where the status needs it
}

func bindStatus(b *rest.Binder) statusParams {
	id := bindPersonnel(b)
	body := b.Body()
	return statusParams{
		id:             id,
		status:         rest.BodyEnum(body, "employmentStatus", workforce.AllEmploymentStatuses, rest.Required()),
		notHumanReason: body.Text("notHumanReason", rest.MaxLength(reasonMost)),
		separationDate: body.Text("separationDate", rest.AsDate()),
	}
}

// change is what the new status uses of the body; a field that it does not use
// is ignored, whatever it says.
func (p statusParams) change() (directory.StatusChange, error) {
	c := directory.StatusChange{Status: p.status}
	switch p.status {
	case workforce.OutOfScope:
		if strings.TrimSpace(p.notHumanReason) == "" {
			return c, workforce.RefuseField("notHumanReason",
				"notHumanReason is required when employmentStatus is OUT_OF_SCOPE: say why the record is not a person in scope")
		}
		c.NotHumanReason = &p.notHumanReason
	case workforce.FormerEmployee, workforce.FormerContractor:
		if p.separationDate == "" {
			return c, workforce.RefuseField("separationDate",
				"separationDate is required when employmentStatus is %s: give the last day, like 2020-07-06", p.status)
		}
		date, err := workforce.ParseDateOrTime(p.separationDate)
		if err != nil {
			return c, workforce.RefuseField("separationDate", "separationDate: %v", err)
		}
		c.SeparationDate = &date
	case workforce.CurrentEmployee, workforce.CurrentContractor, workforce.UnknownStatus, workforce.SpecialFormerEmployee,
		workforce.SpecialFormerContractor, workforce.FutureHire, workforce.ServiceAccountStatus:
		// These stand on their own.
	}
	return c, nil
}

func bindResetOne(b *rest.Binder) []workforce.PersonnelID {
	id := workforce.PersonnelID(b.PathInt("personnelId"))
	b.NoBody()
	return []workforce.PersonnelID{id}
}

func bindResetAll(b *rest.Binder) struct{} {
	b.NoBody()
	return struct{}{}
}

func bindResetSome(b *rest.Binder) []workforce.PersonnelID {
	return rest.BodyInts[workforce.PersonnelID](b.Body(), "personnelIds", rest.Enforced(), rest.NotEmpty())
}
