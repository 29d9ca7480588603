package e2e

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Our own lists, below /native/v1, hold what the compatible ones hold.
func TestNative(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			n := native{t, serve(t, db).as(db.key), db}
			people, accounts := n.pages("/native/v1/people?limit=1000"), n.pages("/native/v1/accounts?limit=1000")
			if len(people) != demoPeople {
				t.Fatalf("%d people, want %d", len(people), demoPeople)
			}
			n.sameRecords(people, accounts)
			n.sameOrder()
			n.sameFilters()
			n.created(people)
			n.facets(people, accounts)
			n.lines(people, accounts)
			n.selections(people)
			n.cursors()
			n.permissions()
			n.follow(people) // the first that changes something
			n.formulas()
			db.verify(t)
		})
	}
}

type native struct {
	t  *testing.T
	c  client
	db database
}

// pages follows the cursors of a list to its end. All pages have the total and
// the position of the first.
func (n native) pages(path string) []record {
	n.t.Helper()
	var out []record
	var first *answer
	for next := ""; ; {
		a := n.c.get(n.t, path+"&cursor="+url.QueryEscape(next))
		if first == nil {
			first = a
		}
		for _, v := range a.list(n.t, "data") {
			out = append(out, v.(map[string]any))
		}
		a.same(n.t, "pagination.total", first.at(n.t, "pagination.total"))
		a.same(n.t, "position", first.at(n.t, "position"))
		cursor, more := a.at(n.t, "pagination.cursor").(string)
		if !more {
			first.same(n.t, "pagination.total", len(out))
			return out
		}
		if next = cursor; len(out) > 10_000 {
			n.t.Fatalf("%s: the cursors do not end", path)
		}
	}
}

// position is the position of a list now.
func (n native) position(list string) int64 {
	n.t.Helper()
	return n.c.get(n.t, "/native/v1/"+list+"?limit=1").int(n.t, "position")
}

func ids(records []record) []int64 {
	out := []int64{}
	for _, r := range records {
		out = append(out, r.id())
	}
	return out
}

func (n native) same(what string, got, want any) {
	n.t.Helper()
	if !reflect.DeepEqual(got, want) {
		n.t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// sameRecords compares every member with the answers of the compatible lists.
func (n native) sameRecords(people, accounts []record) {
	n.t.Helper()
	groups := groupMembers(n.t, n.db)
	compatible := map[int64]record{}
	for _, r := range everything(n.t, n.c, "/public/personnel") {
		compatible[r.id()] = r
	}
	for _, p := range people {
		r := compatible[p.id()]
		for ours, theirs := range map[string]string{
			"userId": "user.id", "entryId": "user.entryId", "email": "user.email", "firstName": "user.firstName", "lastName": "user.lastName",
			"jobTitle": "user.jobTitle", "roles": "user.roles", "employmentStatus": "employmentStatus", "notHumanReason": "notHumanReason",
			"startDate": "startDate", "separationDate": "separationDate", "statusUpdatedAt": "statusUpdatedAt", "createdAt": "createdAt",
			"updatedAt": "updatedAt", "devices.active": "devicesCount", "devices.failing": "devicesFailingComplianceCount",
		} {
			n.same(fmt.Sprintf("person %d %s", p.id(), ours), p.at(ours), r.at(theirs))
		}
		for _, c := range r.list("complianceChecks") {
			outcome := map[string]any{"status": c["status"], "completionDate": c["completionDate"], "expiresAt": c["expiresAt"]}
			n.same(fmt.Sprintf("person %d %s", p.id(), c["type"]), p.at("checks."+c.text("type")), outcome)
		}
		for group, members := range groups {
			in := slices.ContainsFunc(p.list("groups"), func(g record) bool { return g.id() == group })
			n.same(fmt.Sprintf("person %d in group %d", p.id(), group), in, members[p.id()])
		}
	}
	for _, kind := range []string{"infrastructure", "version-control"} {
		byID := map[int64]record{}
		for _, a := range accounts {
			if a["kind"] == kind {
				byID[a.id()] = a
			}
		}
		theirs := everything(n.t, n.c, "/public/user-identities/"+kind)
		n.same(kind+" accounts", len(byID), len(theirs))
		for _, r := range theirs {
			n.sameAccount(byID[r.id()], r)
		}
	}
}

func (n native) sameAccount(ours, theirs record) {
	n.t.Helper()
	for member, path := range map[string]string{
		"connectionId": "connection.id", "clientType": "connection.clientType", "connectionAlias": "connection.clientAlias",
		"identityId": "identityId", "username": "username", "email": "email", "user.id": "user.id", "user.email": "user.email",
		"hasMfa": "hasMfa", "connectedAt": "connectedAt", "disconnectedAt": "disconnectedAt", "serviceAccount.since": "serviceAccount",
		"serviceAccount.reason": "serviceAccountReason", "adminAccess": "adminAccess", "dbAccess": "dbAccess",
		"writeAccess": "writeAccess", "pushProductionCodeAccess": "pushProductionCodeAccess",
	} {
		if want := theirs.at(path); want != nil || theirs.has(path) {
			n.same(fmt.Sprintf("%s account %d %s", ours["kind"], ours.id(), member), ours.at(member), want)
		}
	}
	name := strings.TrimSpace(theirs.text("user.firstName") + " " + theirs.text("user.lastName"))
	n.same("name", ours.text("user.name"), name)
}

// has tells a member that is null from one that is not there.
func (r record) has(member string) bool {
	_, there := r[member]
	return there
}

// sameOrder walks by each sort and compares with the compatible list.
func (n native) sameOrder() {
	n.t.Helper()
	for _, o := range operations(n.t) {
		list := map[string]string{
			"/public/personnel":                       "/native/v1/people?",
			"/public/user-identities/infrastructure":  "/native/v1/accounts?kind=infrastructure&",
			"/public/user-identities/version-control": "/native/v1/accounts?kind=version-control&",
		}[o.Path]
		if list == "" {
			continue
		}
		for _, p := range o.Parameters {
			if p.Name != "sort" {
				continue
			}
			for i, sort := range p.Enum {
				query := "sort=" + sort + "&sortDir=" + []string{"ASC", "DESC"}[i%2]
				want := n.compatible(o.Path + "?" + query)
				n.same(list+query, ids(n.pages(list+query+"&limit=87&fields=id")), want)
			}
		}
	}
}

// compatible is the ids of a compatible list. Other tests look at what is in
// its records.
func (n native) compatible(path string) []int64 {
	n.t.Helper()
	c := n.c
	c.http = &http.Client{Timeout: patience}
	out := []int64{}
	for page := 1; ; page++ {
		more := c.get(n.t, fmt.Sprintf("%s&limit=50&page=%d", path, page)).ids(n.t)
		out = append(out, more...)
		if len(more) < 50 {
			return out
		}
	}
}

// sameFilters compares each filter with that of the compatible list.
func (n native) sameFilters() {
	n.t.Helper()
	for ours, theirs := range map[string]string{
		"people?q=SM":                                             "personnel?q=SM",
		"people?email=SALLY.smith%40example.com":                  "personnel?email=sally.smith%40example.com",
		"people?employmentStatus[]=UNKNOWN,FUTURE_HIRE":           "personnel?employmentStatuses[]=UNKNOWN,FUTURE_HIRE",
		"people?employmentStatus[]=ALL_FORMER_PERSONNEL":          "personnel?employmentStatuses[]=ALL_FORMER_PERSONNEL",
		"people?employmentStatus[]=SPECIAL_FORMER_EMPLOYEE":       "personnel?employmentStatus=SPECIAL_FORMER_EMPLOYEE",
		"people?check[]=IDENTITY_MFA:false&check[]=BG_CHECK:true": "personnel?identityMfaCompliance=false&bgCheckCompliance=true",
		"people?check[]=LOCATION_SERVICES:false":                  "personnel?locationServicesCompliance=false",
		"people?deviceCompliance=false":                           "personnel?deviceCompliance=false",
		"people?groupIds[]=2,3":                                   "personnel?groupIds=2,3",
		"people?deviceSource=JAMF":                                "personnel?mdmSourceType=JAMF",
		"people?notDeviceSource[]=JAMF&notDeviceSource[]=AGENT":   "personnel?inverseMdmSourceTypes[]=JAMF&inverseMdmSourceTypes[]=AGENT",
		"accounts?kind=infrastructure&clientType=AWS":             "user-identities/infrastructure?clientType=AWS",
		"accounts?kind=version-control&q=sally":                   "user-identities/version-control?q=sally",
		"accounts?kind=infrastructure&connectionId=4":             "user-identities/infrastructure?connectionId=4",
	} {
		got, want := ids(n.pages("/native/v1/"+ours+"&limit=31")), n.compatible("/public/"+theirs)
		slices.Sort(got)
		slices.Sort(want)
		n.same(ours, got, want)
		if len(want) == 0 {
			n.t.Errorf("%s selects nobody: the demo does not show it", theirs)
		}
	}
}

// created: the default sort is by when the record was made.
func (n native) created(people []record) {
	n.t.Helper()
	byCreation := func(r record) []any { return []any{r["createdAt"]} }
	n.same("the default order", ids(people), sorted(people, byCreation, false))
	n.same("the default order, backwards", ids(n.pages("/native/v1/people?sortDir=DESC&limit=99")), sorted(people, byCreation, true))
}

// facets are what one counts oneself.
func (n native) facets(people, accounts []record) {
	n.t.Helper()
	statuses, checks := map[string]int{}, map[string]map[string]int{}
	for _, p := range people {
		statuses[p.text("employmentStatus")]++
		for check, outcome := range p["checks"].(map[string]any) {
			if checks[check] == nil {
				checks[check] = map[string]int{}
			}
			checks[check][record(outcome.(map[string]any)).text("status")]++
		}
	}
	products, connections, mfa, owners := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{"person": 0, "service": 0, "nobody": 0}
	users := map[string]map[int64]bool{}
	for _, a := range accounts {
		products[a.text("clientType")]++
		connections[fmt.Sprint(a["connectionId"])]++
		mfa[map[any]string{true: "true", false: "false", nil: "unknown"}[a["hasMfa"]]]++
		switch {
		case a["serviceAccount"] != nil:
			owners["service"]++
		case a["user"] != nil:
			owners["person"]++
		default:
			owners["nobody"]++
		}
		if a["user"] != nil && a["connectedAt"] != nil && a["disconnectedAt"] == nil {
			if users[a.text("clientType")] == nil {
				users[a.text("clientType")] = map[int64]bool{}
			}
			users[a.text("clientType")][record(a["user"].(map[string]any)).id()] = true
		}
	}
	systems := map[string]int{}
	for product, who := range users {
		systems[product] = len(who)
	}
	n.sameJSON("facets of people", n.c.get(n.t, "/native/v1/people?limit=1&facets=true").at(n.t, "facets"),
		map[string]any{"employmentStatuses": statuses, "checks": checks, "systems": systems})
	got, _ := n.c.get(n.t, "/native/v1/accounts?limit=1&facets=true").at(n.t, "facets").(map[string]any)
	for _, v := range record(got).list("connections") {
		connections[fmt.Sprint(v["connectionId"])] -= int(asInt(n.t, v["count"]))
	}
	for id, left := range connections {
		n.same("accounts of connection "+id+" that are not counted", left, 0)
	}
	delete(got, "connections")
	n.sameJSON("facets of accounts", got, map[string]any{"systems": products, "hasMfa": mfa, "owners": owners})
}

// sameJSON compares what would be the same as JSON.
func (n native) sameJSON(what string, got, want any) {
	n.t.Helper()
	text := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			n.t.Fatal(err)
		}
		return string(b)
	}
	n.same(what, text(got), text(want))
}

// jsonLines reads a stream of JSON lines, which must be complete.
func (n native) jsonLines(path string) (records []record, position int64) {
	n.t.Helper()
	a := n.c.get(n.t, path+"&format=ndjson")
	var end record
	for line := range bytes.Lines(a.body) {
		if end != nil {
			n.t.Fatalf("%s: something comes after the end: %s", a.call, line)
		}
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		var r record
		if err := d.Decode(&r); err != nil {
			n.t.Fatalf("%s: %v: %s", a.call, err, line)
		}
		if last, ok := r["end"].(map[string]any); ok {
			end = last
			continue
		}
		records = append(records, r)
	}
	if end == nil || asInt(n.t, end["records"]) != int64(len(records)) || a.header.Get("X-Records-Total") != fmt.Sprint(len(records)) ||
		a.header.Get("X-Log-Position") != fmt.Sprint(end["position"]) {
		n.t.Fatalf("%s: %d records, the end is %v, the headers are %v", a.call, len(records), end, a.header)
	}
	return records, asInt(n.t, end["position"])
}

// table reads a stream of CSV into a map for each row.
func (n native) table(path string) []map[string]string {
	n.t.Helper()
	a := n.c.with("Accept", "text/csv").get(n.t, path)
	rows, err := csv.NewReader(bytes.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) == 0 || a.header.Get("X-Records-Total") != fmt.Sprint(len(rows)-1) || !bytes.HasSuffix(a.body, []byte("\r\n")) {
		n.t.Fatalf("%s: %d rows, %v", a.call, len(rows), err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, name := range rows[0] {
			cells[name] = row[i]
		}
		out = append(out, cells)
	}
	return out
}

// lines: as JSON lines and as CSV come the records of the pages.
func (n native) lines(people, accounts []record) {
	n.t.Helper()
	for path, want := range map[string][]record{"/native/v1/people?": people, "/native/v1/accounts?": accounts} {
		got, _ := n.jsonLines(path)
		n.same(path+" as lines", got, want)
		rows := n.table(path)
		n.same(path+" as CSV", len(rows), len(want))
		for i, row := range rows {
			for column, cell := range row {
				if shown := cellOf(want[i], column); cell != shown {
					n.t.Errorf("%s row %d: %s is %q, want %q", path, i, column, cell, shown)
				}
			}
		}
		head := n.c.ok(n.t, call{http.MethodHead, path + "format=csv", ""})
		n.same(path+" HEAD", head.header.Get("X-Records-Total")+head.header.Get("Content-Type")+string(head.body), fmt.Sprint(len(want))+"text/csv; charset=utf-8; header=present")
	}
}

// cellOf is what a column shows of a record.
func cellOf(r record, column string) string {
	v := r.at(column)
	if name, ok := strings.CutPrefix(column, "groups."); ok {
		v = []any{}
		for _, g := range r.list("groups") {
			v = append(v.([]any), g[name])
		}
	}
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		var texts []string
		for _, element := range v {
			texts = append(texts, fmt.Sprint(element))
		}
		return defused(strings.Join(texts, ";"))
	case string:
		return defused(v)
	default:
		return fmt.Sprint(v)
	}
}

func defused(s string) string {
	if s != "" && strings.Contains("=+-@\t\r\n", s[:1]) {
		return "'" + s
	}
	return s
}

// selections: members that are named, and no others.
func (n native) selections(people []record) {
	n.t.Helper()
	for i, p := range n.pages("/native/v1/people?fields=email&fields[]=checks,devices&limit=500") {
		n.same("the chosen members", p, record{"id": people[i]["id"], "email": people[i]["email"], "checks": people[i]["checks"], "devices": people[i]["devices"]})
	}
	for _, row := range n.table("/native/v1/accounts?fields=user&kind=infrastructure") {
		n.same("the chosen columns", len(row), 5)
	}
	n.refused("/native/v1/people?fields=name", http.StatusBadRequest, "fields", "jobTitle")
}

// refused asks for what must be refused, with a reason and the field.
func (n native) refused(path string, status int, field, says string) {
	n.t.Helper()
	a := n.c.do(n.t, get(path))
	if a.status != status {
		n.t.Errorf("%s: %d, want %d\n%s", a.call, a.status, status, a.body)
		return
	}
	if field != "" {
		a.same(n.t, "field", field)
	}
	if a.text(n.t, "reason") == "" || !strings.Contains(a.text(n.t, "message"), says) {
		n.t.Errorf("%s: %s does not say %q", a.call, a.body, says)
	}
}

// cursors that were tampered with, or belong to another question, are refused.
func (n native) cursors() {
	n.t.Helper()
	own := n.c.get(n.t, "/native/v1/people?limit=3&q=s").text(n.t, "pagination.cursor")
	for i := 0; i < len(own); i += max(1, len(own)/10) {
		changed := []byte(own)
		changed[i] ^= 1
		n.refused("/native/v1/people?limit=3&q=s&cursor="+url.QueryEscape(string(changed)), http.StatusBadRequest, "cursor", "cursor")
	}
	v2 := n.c.get(n.t, "/public/v2/users?size=3").text(n.t, "pagination.cursor")
	n.refused("/native/v1/people?cursor="+v2, http.StatusBadRequest, "cursor", "cursor")
	n.refused("/native/v1/people?cursor="+own, http.StatusBadRequest, "q", "cursor")
	n.refused("/native/v1/people?q=s&sort=NAME&cursor="+own, http.StatusBadRequest, "sort", "cursor")
	n.refused("/native/v1/accounts?q=s&cursor="+own, http.StatusBadRequest, "cursor", "cursor")
	n.refused("/native/v1/people?format=ndjson&q=s&cursor="+own, http.StatusBadRequest, "cursor", "ndjson")
	n.refused("/native/v1/nothing", http.StatusNotFound, "", "Cannot GET")
	n.c.refusedNative(n.t, call{http.MethodPost, "/native/v1/people", ""}, http.StatusMethodNotAllowed)
}

func (c client) refusedNative(t *testing.T, r call, status int) {
	t.Helper()
	if a := c.do(t, r); a.status != status || a.text(t, "reason") == "" {
		t.Errorf("%s: %d %s, want %d", r, a.status, a.body, status)
	}
}

// permissions: each kind of accounts needs its own, and a key with one of them
// gets that kind.
func (n native) permissions() {
	n.t.Helper()
	as := func(scope string) native {
		other := n
		other.c.header = http.Header{"Authorization": {"Bearer " + n.db.newKey(n.t, "--scope", scope)}}
		return other
	}
	for kind, other := range map[string]string{"infrastructure": "version-control", "version-control": "infrastructure"} {
		m := as(kind + "-identities:manage")
		n.same("accounts with one permission", ids(m.pages("/native/v1/accounts?limit=900")), ids(n.pages("/native/v1/accounts?limit=900&kind="+kind)))
		m.refused("/native/v1/accounts?kind="+other, http.StatusForbidden, "", other)
		m.refused("/native/v1/people", http.StatusForbidden, "", "personnel:list")
	}
	m := as("personnel:list")
	m.refused("/native/v1/accounts?cursor=x", http.StatusForbidden, "", "identities:manage")
	m.refused("/native/v1/people?groupIds[]=999999", http.StatusNotFound, "groupIds", "999999")
	m.c.header = http.Header{}
	m.refused("/native/v1/people?format=csv", http.StatusUnauthorized, "", "key")
}

// follow: a loop over positions sees exactly what was written between two
// rounds, and a walk by creation does not lose its way over it.
func (n native) follow(people []record) {
	n.t.Helper()
	begun := n.position("people")
	n.same("nothing changed", len(n.pages(fmt.Sprintf("/native/v1/people?changedSince=%d", begun))), 0)
	n.refused(fmt.Sprintf("/native/v1/people?changedSince=%d", begun+1_000_000), http.StatusNotFound, "changedSince", "position")
	n.same("all changed since the beginning", len(n.pages("/native/v1/people?changedSince=1&limit=1000")), len(people))

	first := n.c.get(n.t, "/native/v1/people?limit=100")
	position, accounts := begun, n.position("accounts")
	for _, round := range [][]int64{{3}, {7, 5}, {}, {3, 250, 11}} {
		for _, id := range round {
			n.c.put(n.t, fmt.Sprintf("/public/personnel/%d/status", id), fmt.Sprintf(`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"=round %d"}`, position))
		}
		got, next := n.jsonLines(fmt.Sprintf("/native/v1/people?changedSince=%d", position))
		changed := ids(got)
		slices.Sort(changed)
		slices.Sort(round)
		n.same("changed in this round", changed, append([]int64{}, round...))
		for _, r := range got {
			n.same("the record as it is now", r["notHumanReason"], any(fmt.Sprintf("=round %d", position)))
		}
		position = next
	}
	n.same("accounts that changed", len(n.pages(fmt.Sprintf("/native/v1/accounts?changedSince=%d", accounts))), 0)
	n.c.put(n.t, "/public/user-identities/version-control/3/service-account", `{"serviceAccount": true, "serviceAccountReason": "@merges"}`)
	n.same("accounts that changed", ids(n.pages(fmt.Sprintf("/native/v1/accounts?changedSince=%d", accounts))), []int64{3})

	walked := first.list(n.t, "data")
	for next, more := first.at(n.t, "pagination.cursor").(string); more; {
		a := n.c.get(n.t, "/native/v1/people?limit=100&cursor="+next)
		walked = append(walked, a.list(n.t, "data")...)
		a.same(n.t, "position", begun)
		next, more = a.at(n.t, "pagination.cursor").(string)
	}
	for i, v := range walked {
		n.same("a walk while records change", record(v.(map[string]any)).id(), people[i].id())
	}
	n.same("a walk while records change", len(walked), len(people))
}

// formulas: what follow wrote would be formulas of a spreadsheet.
func (n native) formulas() {
	n.t.Helper()
	for _, row := range n.table("/native/v1/people?employmentStatus=OUT_OF_SCOPE&check=&fields=notHumanReason") {
		if strings.HasPrefix(row["notHumanReason"], "=") {
			n.t.Errorf("a formula: %v", row)
		}
	}
	row := n.table("/native/v1/accounts?kind=version-control&fields=serviceAccount,identityId&sort=SERVICE_ACCOUNT&sortDir=DESC")[0]
	n.same("the newest service account", row["serviceAccount.reason"], "'@merges")
	m := n.table("/native/v1/people?email=" + url.QueryEscape(n.c.get(n.t, "/public/personnel/11").text(n.t, "user.email")))
	if len(m) != 1 || !strings.HasPrefix(m[0]["notHumanReason"], "'=round ") {
		n.t.Errorf("what was written is %v", m)
	}
}
