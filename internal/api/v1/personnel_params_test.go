package v1

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestPersonnelQuery(t *testing.T) {
	t.Parallel()
	one := func(c workforce.CheckType, compliant bool) func(*workforce.PersonnelQuery) {
		return func(q *workforce.PersonnelQuery) { q.Checks = []workforce.CheckFilter{{Type: c, Compliant: compliant}} }
	}
	statuses := func(s ...workforce.EmploymentStatus) func(*workforce.PersonnelQuery) {
		return func(q *workforce.PersonnelQuery) { q.StatusFiltered, q.EmploymentStatus = true, s }
	}
	jamf := workforce.DeviceSource("JAMF")
	for query, change := range map[string]func(*workforce.PersonnelQuery){
		"":                        func(*workforce.PersonnelQuery) {},
		"page=2.0&limit=50":       func(q *workforce.PersonnelQuery) { q.Page = workforce.Page{Number: 2, Limit: 50} },
		"q=%20STRASSE%C3%9F+":     func(q *workforce.PersonnelQuery) { q.Text = " strassess " },
		"email=Zo%C3%8B@X.org":    func(q *workforce.PersonnelQuery) { q.Email = "zoë@x.org" },
		"sort=OS_VERSION":         func(q *workforce.PersonnelQuery) { q.Sort = "OS_VERSION" },
		"sortDir=desc":            func(q *workforce.PersonnelQuery) { q.Dir = workforce.Descending },
		"mdmSourceType=JAMF":      func(q *workforce.PersonnelQuery) { q.DeviceSource = &jamf },
		"deviceCompliance=false":  func(q *workforce.PersonnelQuery) { q.DeviceCompliance = workforce.Ptr(false) },
		"groupIds=3&groupIds=1,3": func(q *workforce.PersonnelQuery) { q.GroupIDs = []workforce.GroupID{3, 1} },
		"inverseMdmSourceTypes[]=JAMF&inverseMdmSourceTypes%5B%5D=CUSTOM": func(q *workforce.PersonnelQuery) {
			q.NotDeviceSources = []workforce.DeviceSource{"JAMF", "CUSTOM"}
		},

		"employmentStatus=FUTURE_HIRE":                                                statuses("FUTURE_HIRE"),
		"employmentStatuses[]=UNKNOWN,CURRENT_EMPLOYEE":                               statuses("CURRENT_EMPLOYEE", "UNKNOWN"),
		"employmentStatuses[]=ALL_CURRENT_PERSONNEL":                                  statuses("CURRENT_EMPLOYEE", "CURRENT_CONTRACTOR"),
		"employmentStatuses[0]=ALL_PERSONNEL":                                         statuses(workforce.AllEmploymentStatuses...),
		"employmentStatuses=ALL_FORMER_PERSONNEL":                                     statuses("FORMER_EMPLOYEE", "FORMER_CONTRACTOR", "SPECIAL_FORMER_EMPLOYEE", "SPECIAL_FORMER_CONTRACTOR"),
		"employmentStatus=FORMER_EMPLOYEE&employmentStatuses[]=ALL_FORMER_PERSONNEL":  statuses("FORMER_EMPLOYEE"),
		"employmentStatus=CURRENT_EMPLOYEE&employmentStatuses[]=ALL_FORMER_PERSONNEL": statuses(), // nobody, not everybody

		"fullCompliance=true":              one(workforce.CheckFullCompliance, true),
		"acceptedPoliciesCompliance=false": one(workforce.CheckAcceptedPolicies, false),
		"identityMfaCompliance=true":       one(workforce.CheckIdentityMFA, true),
		"bgCheckCompliance=true":           one(workforce.CheckBackground, true),
		"agentInstalledCompliance=true":    one(workforce.CheckAgentInstalled, true),
		"passwordManagerCompliance=true":   one(workforce.CheckPasswordManager, true),
		"autoUpdatesCompliance=true":       one(workforce.CheckAutoUpdates, true),
		"locationServicesCompliance=true":  one(workforce.CheckLocationServices, true),
		"hdEncryptionCompliance=true":      one(workforce.CheckHDDEncryption, true),
		"antivirusCompliance=true":         one(workforce.CheckAntivirus, true),
		"lockScreenCompliance=true":        one(workforce.CheckLockScreen, true),
		"securityTrainingCompliance=true":  one(workforce.CheckSecurityTraining, true),
		"hipaaTrainingCompliance=true":     one(workforce.CheckHIPAATraining, true),
		"nistaiTrainingCompliance=true":    one(workforce.CheckNISTAITraining, true),
		"offboardingEvidence=false":        one(workforce.CheckOffboarding, false),

		"multiSecurityTrainingCompliance=true":                                             one(workforce.CheckSecurityTraining, true),
		"multiSecurityTrainingCompliance=false&multiTrainingComplianceType=HIPAA_TRAINING": one(workforce.CheckHIPAATraining, false),
		"multiTrainingComplianceType=HIPAA_TRAINING":                                       func(*workforce.PersonnelQuery) {}, // alone it filters nothing

		"hipaaTrainingCompliance=true&bgCheckCompliance=false": func(q *workforce.PersonnelQuery) {
			q.Checks = []workforce.CheckFilter{{Type: workforce.CheckBackground}, {Type: workforce.CheckHIPAATraining, Compliant: true}}
		},
	} {
		want := workforce.PersonnelQuery{Sort: "NAME", Dir: workforce.Ascending, Page: workforce.Page{Number: 1, Limit: 20}}
		change(&want)
		p, refusal := apitest.Bound(t, bindPersonnelList, "/personnel", "GET", "/personnel?"+query, "")
		if got := p.query(); refusal != "" || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s\n got %+v\nwant %+v", query, refusal, got, want)
		}
	}
}

// Every parameter of the list is refused by name when its value is wrong, and
// all of them at once.
func TestPersonnelListRefusals(t *testing.T) {
	t.Parallel()
	all := url.Values{}
	for _, p := range rest.Record(bindPersonnelList) {
		var wrong string
		switch {
		case p.Type == rest.TypeNumber:
			wrong = "1.5"
		case p.Type == rest.TypeNumbers:
			wrong = "1,x"
		case p.Type == rest.TypeBoolean:
			wrong = "yes"
		case len(p.Enum) > 0:
			wrong = "nonsense"
		default:
			wrong = "\x00"
		}
		all.Set(p.Name, wrong)
		_, refusal := apitest.Bound(t, bindPersonnelList, "/personnel", "GET", "/personnel?"+url.Values{p.Name: {wrong}}.Encode(), "")
		if !strings.HasPrefix(refusal, p.Name+" ") {
			t.Errorf("%s=%q is refused with %q", p.Name, wrong, refusal)
		}
		for _, v := range p.Enum {
			if !strings.Contains(refusal, v) {
				t.Errorf("%s: the refusal does not name %s", p.Name, v)
			}
		}
	}
	_, refusal := apitest.Bound(t, bindPersonnelList, "/personnel", "GET", "/personnel?"+all.Encode(), "")
	for name := range all {
		if !strings.Contains("; "+refusal, "; "+name+" ") {
			t.Errorf("with all of them wrong, %s is not named", name)
		}
	}
}

func TestPathEmail(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/personnel/a%2Bb%40example.com/email":         "a+b@example.com",
		"/personnel/a+b@example.com/email":             "a+b@example.com",
		"/personnel/email%3Aa%2Bb%40example.com/email": "a+b@example.com",
		"/personnel/x%2Fy@example.com/email":           "x/y@example.com",
		"/personnel/7/email":                           "",
		"/personnel/@example.com/email":                "",
		"/personnel/email:/email":                      "",
		"/personnel/a@/email":                          "",
	} {
		segment, refusal := apitest.Bound(t, bindPersonnelEmail, "/personnel/{email}/email", "GET", path, "")
		got, err := pathEmail(segment)
		if refusal != "" || got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v %s", path, got, err, refusal)
		}
		if err != nil && !workforce.IsReason(err, workforce.ReasonBadRequest) {
			t.Errorf("%s: %v is no bad request", path, err)
		}
	}
}

func TestContractDates(t *testing.T) {
	t.Parallel()
	bind := func(body string) (contractDatesParams, string) {
		return apitest.Bound(t, bindContractDates, "/p/{id}", "PUT", "/p/7", body)
	}
	for body, want := range map[string]struct {
		start, separation string // "": cleared
		keep              bool
	}{
		`{"startDate":"2020-07-06"}`:                                               {"2020-07-06", "", true},
		`{"startDate":"2020-07-06","separationDate":null}`:                         {"2020-07-06", "", false},
		`{"startDate":"2020-07-06T23:30:00-05:00","separationDate":"2021-01-01"}`:  {"2020-07-06", "2021-01-01", false},
		`{"startDate":"2020-07-06","separationDate":"2021-01-01T00:00:00.000Z"}`:   {"2020-07-06", "2021-01-01", false},
		`{"startDate":"x","startDate":"2020-07-06","unknown":[1,{"startDate":2}]}`: {"2020-07-06", "", true},
	} {
		p, refusal := bind(body)
		d := p.dates()
		separation := ""
		if d.Separation != nil {
			separation = string(*d.Separation)
		}
		if refusal != "" || p.id != 7 || string(d.Start) != want.start || separation != want.separation || d.KeepSeparation != want.keep {
			t.Errorf("%s: %s %+v", body, refusal, d)
		}
	}
	for body, names := range map[string][]string{
		``: {"body"}, `[]`: {"body"}, `{`: {"JSON"}, `{} {}`: {"JSON"},
		`{}`:                           {"startDate is required"},
		`{"startDate":null}`:           {"startDate must be a date"},
		`{"startDate":20200706}`:       {"startDate must be a date"},
		`{"startDate":"06/07/2020"}`:   {"startDate must be a date"},
		`{"startDate":"2020-02-30"}`:   {"startDate must be a date"},
		`{"separationDate":"someday"}`: {"startDate is required", "separationDate must be a date"},
	} {
		_, refusal := bind(body)
		for _, name := range names {
			if !strings.Contains(refusal, name) {
				t.Errorf("%s is refused with %q, which does not say %q", body, refusal, name)
			}
		}
	}
}

func TestStatusChange(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ж", 30000)
	for body, want := range map[string]struct {
		reason, separation string
		refused            string // what the refusal must say
	}{
		`{"employmentStatus":"CURRENT_EMPLOYEE"}`:                                                         {},
		`{"employmentStatus":"CURRENT_EMPLOYEE","notHumanReason":"x","separationDate":"2020-07-06"}`:      {},
		`{"employmentStatus":"FUTURE_HIRE","separationDate":"no date at all"}`:                            {},
		`{"employmentStatus":"SPECIAL_FORMER_EMPLOYEE","separationDate":"2020-07-06"}`:                    {},
		`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"a mailbox"}`:                                {reason: "a mailbox"},
		`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"` + long + `"}`:                             {reason: long},
		`{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"2020-07-06"}`:                            {separation: "2020-07-06"},
		`{"employmentStatus":"FORMER_CONTRACTOR","separationDate":"2020-07-06T10:00:00Z"}`:                {separation: "2020-07-06"},
		`{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"2020-07-06","notHumanReason":"ignored"}`: {separation: "2020-07-06"},

		`{"employmentStatus":"OUT_OF_SCOPE"}`:                                  {refused: "notHumanReason is required"},
		`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":" "}`:             {refused: "notHumanReason is required"},
		`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":null}`:            {refused: "notHumanReason is required"},
		`{"employmentStatus":"FORMER_EMPLOYEE"}`:                               {refused: "separationDate is required"},
		`{"employmentStatus":"FORMER_CONTRACTOR","separationDate":null}`:       {refused: "separationDate is required"},
		`{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"7/6/20"}`:     {refused: "separationDate"},
		`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"` + long + `x"}`: {refused: "notHumanReason must have at most 30000 characters"},
		`{"employmentStatus":"current_employee"}`:                              {refused: "employmentStatus must be one of CURRENT_EMPLOYEE"},
		`{"employmentStatus":"ALL_PERSONNEL"}`:                                 {refused: "employmentStatus must be one of"},
		`{"employmentStatus":1,"notHumanReason":2}`:                            {refused: "notHumanReason must be a string"},
		`{}`: {refused: "employmentStatus is required"},
	} {
		p, refusal := apitest.Bound(t, bindStatus, "/p/{id}", "PUT", "/p/7", body)
		c, err := p.change()
		if err != nil && refusal == "" {
			refusal = err.Error()
		}
		if (refusal == "") != (want.refused == "") || !strings.Contains(refusal, want.refused) {
			t.Errorf("%.80s: refused with %q, want %q", body, refusal, want.refused)
			continue
		}
		if want.refused != "" {
			continue
		}
		separation := ""
		if c.SeparationDate != nil {
			separation = string(*c.SeparationDate)
		}
		if workforce.Text(c.NotHumanReason) != want.reason || separation != want.separation {
			t.Errorf("%.80s: got %.40v and %q", body, c.NotHumanReason, separation)
		}
	}
}

func TestResetBodies(t *testing.T) {
	t.Parallel()
	if ids, refusal := apitest.Bound(t, bindResetOne, "/p/{personnelId}", "PUT", "/p/7", ""); refusal != "" || !slices.Equal(ids, []workforce.PersonnelID{7}) {
		t.Errorf("one: %v %s", ids, refusal)
	}
	if _, refusal := apitest.Bound(t, bindResetAll, "/p", "PUT", "/p", "{"); refusal == "" {
		t.Error("all: a malformed body is accepted")
	}
	if _, refusal := apitest.Bound(t, bindResetAll, "/p", "PUT", "/p", "{}"); refusal != "" {
		t.Errorf("all: a body that is not needed is refused: %s", refusal)
	}
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.Write(rest.AppendInt([]byte(","), int64(i+1)))
		}
		return `{"personnelIds":[` + b.String()[1:] + `]}`
	}
	for body, want := range map[string]int{
		`{"personnelIds":[1,2,3]}`: 3, `{"personnelIds":[2,2.0]}`: 1, many(10000): 10000,
		``: -1, `{}`: -1, `{"personnelIds":[]}`: -1, `{"personnelIds":null}`: -1, `{"personnelIds":7}`: -1, `{"personnelIds":"1,2"}`: -1,
		`{"personnelIds":["1"]}`: -1, `{"personnelIds":[1.5]}`: -1, `{"personnelIds":[null]}`: -1, `{"personnelIds":[1,[2]]}`: -1,
		many(10001): -1,
	} {
		ids, refusal := apitest.Bound(t, bindResetSome, "/p", "PUT", "/p", body)
		if want < 0 && refusal == "" || want >= 0 && (refusal != "" || len(ids) != want) {
			t.Errorf("%.60s: %d ids, %s", body, len(ids), refusal)
		}
	}
}
