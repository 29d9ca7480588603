package e2e

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Every list, filtered and sorted in every way, is what the records themselves
// say it should be: the same records in the same order, with the exact total.
func TestLists(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			c := serve(t, db).as(db.key)
			facts := map[string]map[string][]string{} // the values of enumerations, by operation and parameter
			for _, o := range operations(t) {
				facts[o.Path] = map[string][]string{}
				for _, p := range o.Parameters {
					facts[o.Path][p.Name] = p.Enum
				}
			}
			people := everything(t, c, "/public/personnel")
			if len(people) != demoPeople {
				t.Fatalf("%d people, want %d", len(people), demoPeople)
			}
			personnel := lister{t, c, "/public/personnel", people, personnelSort}
			personnel.sorts(facts["/public/personnel"]["sort"])
			filters := personnelFilters(t, db, facts["/public/personnel"])
			personnel.filters(filters)
			personnel.combinations(filters, facts["/public/personnel"]["sort"])
			partitions(t, people, filters)

			for _, kind := range []string{"infrastructure", "version-control"} {
				path := "/public/user-identities/" + kind
				accounts := lister{t, c, path, everything(t, c, path), accountSort}
				accounts.sorts(facts[path]["sort"])
				filters := accountFilters(accounts.records, facts[path])
				accounts.filters(filters)
				accounts.combinations(filters, facts[path]["sort"])
			}
		})
	}
}

// filter is a query and which records it selects.
type filter struct {
	query string
	keeps func(r record) bool
}

// lister compares one list with what it should be.
type lister struct {
	t       *testing.T
	c       client
	path    string
	records []record // all of them
	sort    func(string) sortKeys
}

// compare asks for some pages of a query and compares them.
func (l lister) compare(query string, want []int64, limit int, pages ...int) {
	l.t.Helper()
	for _, page := range pages {
		a := l.c.get(l.t, fmt.Sprintf("%s?%s&page=%d&limit=%d", l.path, query, page, limit))
		from := min((page-1)*limit, len(want))
		to := min(page*limit, len(want))
		if got := a.ids(l.t); !slices.Equal(got, want[from:to]) {
			l.t.Errorf("%s:\n got %v\nwant %v", a.call, got, want[from:to])
		}
		if p := a.page(l.t); p.Total != int64(len(want)) || p.Page != int64(page) || p.Limit != int64(limit) {
			l.t.Errorf("%s: page %d, limit %d, total %d; want %d, %d, %d", a.call, p.Page, p.Limit, p.Total, page, limit, len(want))
		}
	}
}

// sorts compares the first, the last and the one-too-many page of each sort.
func (l lister) sorts(names []string) {
	l.t.Helper()
	if len(names) == 0 {
		l.t.Fatalf("%s: the reference names no sorts", l.path)
	}
	const limit = 25
	last := (len(l.records) + limit - 1) / limit
	for _, name := range names {
		for _, dir := range []string{"ASC", "DESC"} {
			want := sorted(l.records, l.sort(name), dir == "DESC")
			l.compare("sort="+name+"&sortDir="+dir, want, limit, 1, last, last+1)
		}
	}
}

func (l lister) keep(filters ...filter) []record {
	var out []record
	for _, r := range l.records {
		if !slices.ContainsFunc(filters, func(f filter) bool { return !f.keeps(r) }) {
			out = append(out, r)
		}
	}
	return out
}

func (l lister) defaultSort() string {
	if strings.Contains(l.path, "identities") {
		return "USERNAME"
	}
	return "NAME"
}

// filters compares the first page of each filter alone.
func (l lister) filters(filters []filter) {
	l.t.Helper()
	for _, f := range filters {
		l.compare(f.query, sorted(l.keep(f), l.sort(l.defaultSort()), false), 12, 1)
	}
}

// combinations compares several filters at once, with any sort and page.
func (l lister) combinations(filters []filter, sorts []string) {
	l.t.Helper()
	const rounds = 60
	filters = slices.Clone(filters) // made in the order of maps, which is a new one each time
	slices.SortFunc(filters, func(a, b filter) int { return strings.Compare(a.query, b.query) })
	rng := rand.New(rand.NewPCG(7, 11))
	for range rounds {
		var chosen []filter
		names := map[string]bool{}
		for range 1 + rng.IntN(3) {
			f := filters[rng.IntN(len(filters))]
			name, _, _ := strings.Cut(f.query, "=")
			if !names[name] {
				names[name] = true
				chosen = append(chosen, f)
			}
		}
		name, dir := sorts[rng.IntN(len(sorts))], []string{"ASC", "DESC"}[rng.IntN(2)]
		queries := []string{"sort=" + name, "sortDir=" + dir}
		for _, f := range chosen {
			queries = append(queries, f.query)
		}
		want := sorted(l.keep(chosen...), l.sort(name), dir == "DESC")
		limit := 1 + rng.IntN(50)
		l.compare(strings.Join(queries, "&"), want, limit, 1+rng.IntN(len(want)/limit+1))
	}
}

// complianceParameters are the parameters that read one check each.
var complianceParameters = map[string]string{
	"fullCompliance": "FULL_COMPLIANCE", "acceptedPoliciesCompliance": "ACCEPTED_POLICIES", "identityMfaCompliance": "IDENTITY_MFA",
	"bgCheckCompliance": "BG_CHECK", "agentInstalledCompliance": "AGENT_INSTALLED", "passwordManagerCompliance": "PASSWORD_MANAGER",
	"autoUpdatesCompliance": "AUTO_UPDATES", "locationServicesCompliance": "LOCATION_SERVICES", "hdEncryptionCompliance": "HDD_ENCRYPTION",
	"antivirusCompliance": "ANTIVIRUS", "lockScreenCompliance": "LOCK_SCREEN", "securityTrainingCompliance": "SECURITY_TRAINING",
	"hipaaTrainingCompliance": "HIPAA_TRAINING", "nistaiTrainingCompliance": "NIST_AI_TRAINING", "offboardingEvidence": "OFFBOARDING",
	"multiSecurityTrainingCompliance":                                            "SECURITY_TRAINING",
	"multiTrainingComplianceType=HIPAA_TRAINING&multiSecurityTrainingCompliance": "HIPAA_TRAINING",
}

// personnelFilters is every filter of the personnel list.
func personnelFilters(t *testing.T, db database, enums map[string][]string) []filter {
	t.Helper()
	var out []filter
	add := func(query string, keeps func(record) bool) { out = append(out, filter{query, keeps}) }
	for parameter, check := range complianceParameters {
		add(parameter+"=true", func(r record) bool { return compliant(r.check(check)) })
		add(parameter+"=false", func(r record) bool { return !compliant(r.check(check)) })
	}
	failing := func(r record) bool {
		return slices.ContainsFunc(r.active(), func(d record) bool {
			return slices.ContainsFunc(d.list("complianceChecks"), func(c record) bool { return c["status"] == "FAIL" })
		})
	}
	add("deviceCompliance=true", func(r record) bool { return !failing(r) })
	add("deviceCompliance=false", failing)
	add("multiTrainingComplianceType=NIST_AI_TRAINING", func(record) bool { return true }) // alone it selects nothing
	for _, status := range enums["employmentStatus"] {
		add("employmentStatus="+status, func(r record) bool { return r["employmentStatus"] == status })
	}
	for _, value := range enums["employmentStatuses[]"] {
		add("employmentStatuses[]="+value, func(r record) bool { return inStatuses(r, value) })
	}
	add("employmentStatuses[]=UNKNOWN&employmentStatuses[]=FUTURE_HIRE", func(r record) bool {
		return r["employmentStatus"] == "UNKNOWN" || r["employmentStatus"] == "FUTURE_HIRE"
	})
	add("employmentStatus=UNKNOWN&employmentStatuses[]=ALL_CURRENT_PERSONNEL", func(record) bool { return false })
	add("employmentStatus=CURRENT_CONTRACTOR&employmentStatuses[]=ALL_CURRENT_PERSONNEL",
		func(r record) bool { return r["employmentStatus"] == "CURRENT_CONTRACTOR" })
	for _, source := range enums["mdmSourceType"] {
		from := func(r record) bool {
			return slices.ContainsFunc(r.active(), func(d record) bool { return d["sourceType"] == source })
		}
		add("mdmSourceType="+source, from)
		add("inverseMdmSourceTypes[]="+source, func(r record) bool { return !from(r) })
	}
	add("inverseMdmSourceTypes[]=JAMF&inverseMdmSourceTypes[]=AGENT", func(r record) bool {
		return !slices.ContainsFunc(r.active(), func(d record) bool { return d["sourceType"] == "JAMF" || d["sourceType"] == "AGENT" })
	})
	members := groupMembers(t, db)
	for group := range members {
		add(fmt.Sprintf("groupIds=%d", group), func(r record) bool { return members[group][r.id()] })
	}
	add("groupIds=2,3", func(r record) bool { return members[2][r.id()] || members[3][r.id()] })
	for _, q := range []string{"sm", "SMITH", "sally smith", "@example.net", "é", "ß", "O'", "%25", "_", "\\", "zzzzzz", "李", "+ext", "y s"} {
		text := fold(strings.ReplaceAll(q, "%25", "%"))
		add("q="+strings.NewReplacer(" ", "%20", "+", "%2B", "é", "%C3%A9", "\\", "%5C", "ß", "%C3%9F", "李", "%E6%9D%8E").Replace(q), func(r record) bool {
			return slices.ContainsFunc([]string{
				r.text("user.firstName"), r.text("user.lastName"), r.text("user.email"),
				r.text("user.firstName") + " " + r.text("user.lastName"),
			}, func(s string) bool { return strings.Contains(fold(s), text) })
		})
	}
	for _, email := range []string{"sally.smith@example.com", "SALLY.Smith@Example.COM", "nobody@example.com"} {
		add("email="+email, func(r record) bool { return fold(r.text("user.email")) == fold(email) })
	}
	return out
}

// inStatuses tells whether the person is selected by a value of
// employmentStatuses.
func inStatuses(r record, value string) bool {
	status := r.text("employmentStatus")
	switch value {
	case "ALL_PERSONNEL":
		return true
	case "ALL_CURRENT_PERSONNEL":
		return status == "CURRENT_EMPLOYEE" || status == "CURRENT_CONTRACTOR"
	case "ALL_FORMER_PERSONNEL":
		return strings.Contains(status, "FORMER")
	}
	return status == value
}

// groupMembers is who is in which group, which no answer shows.
func groupMembers(t *testing.T, db database) map[int64]map[int64]bool {
	t.Helper()
	conn := db.open(t)
	defer conn.Close()
	rows, err := conn.QueryContext(t.Context(), `SELECT g.id, COALESCE(m.personnel_id, 0) FROM groups g LEFT JOIN group_members m ON m.group_id = g.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[int64]map[int64]bool{}
	for rows.Next() {
		var group, member int64
		if err := rows.Scan(&group, &member); err != nil {
			t.Fatal(err)
		}
		if out[group] == nil {
			out[group] = map[int64]bool{}
		}
		out[group][member] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// partitions: what is true of somebody is false of everybody else.
func partitions(t *testing.T, people []record, filters []filter) {
	t.Helper()
	count := map[string]int{}
	for _, f := range filters {
		name, value := f.query[:strings.LastIndex(f.query, "=")], f.query[strings.LastIndex(f.query, "=")+1:]
		if value != "true" && value != "false" {
			continue
		}
		n := 0
		for _, p := range people {
			if f.keeps(p) {
				n++
			}
		}
		if n == 0 {
			t.Errorf("%s selects nobody: the demo does not show it", f.query)
		}
		count[name] += n
	}
	for name, n := range count {
		if n != len(people) {
			t.Errorf("%s: true and false together are %d of %d people", name, n, len(people))
		}
	}
}

// accountFilters is every filter of an account list.
func accountFilters(accounts []record, enums map[string][]string) []filter {
	var out []filter
	add := func(query string, keeps func(record) bool) { out = append(out, filter{query, keeps}) }
	for _, clientType := range enums["clientType"] {
		add("clientType="+clientType, func(r record) bool { return r.at("connection.clientType") == clientType })
	}
	connections := map[string]bool{"999999": true}
	for _, a := range accounts {
		connections[fmt.Sprint(a.at("connection.id"))] = true
	}
	for id := range connections {
		add("connectionId="+id, func(r record) bool { return fmt.Sprint(r.at("connection.id")) == id })
	}
	for _, q := range []string{"sally", "DEPLOY", "@example.com", "-", "_", "%25", "zzzzzz"} {
		text := fold(strings.ReplaceAll(q, "%25", "%"))
		add("q="+q, func(r record) bool {
			return slices.ContainsFunc([]string{r.text("identityId"), r.text("username"), r.text("email")},
				func(s string) bool { return strings.Contains(fold(s), text) })
		})
	}
	return out
}
