package e2e

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// record is a record as the API shows it. What the lists do is recomputed here
// from what the records say, by the rules and not by the program.
type record map[string]any

func (r record) id() int64 {
	var n int64
	fmt.Sscan(fmt.Sprint(r["id"]), &n) //nolint:errcheck // 0 is nobody's
	return n
}

// at is what stands at a path; nil also where something on the way is null.
func (r record) at(path string) any {
	var v any = map[string]any(r)
	for step := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[step]
	}
	return v
}

func (r record) text(path string) string {
	s, _ := r.at(path).(string)
	return s
}

func (r record) list(path string) []record {
	l, _ := r.at(path).([]any)
	var out []record
	for _, v := range l {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// everything reads a list to its end, page by page as clients do it: until a
// page is not full.
func everything(t *testing.T, c client, path string) []record {
	t.Helper()
	const limit = 50
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	var out []record
	seen := map[int64]bool{}
	for page := 1; ; page++ {
		a := c.get(t, fmt.Sprintf("%s%spage=%d&limit=%d", path, separator, page, limit))
		data := a.list(t, "data")
		for _, v := range data {
			r, ok := v.(map[string]any)
			if !ok || seen[record(r).id()] {
				t.Fatalf("%s: %v is not a record, or there twice", a.call, v)
			}
			seen[record(r).id()] = true
			out = append(out, r)
		}
		if len(data) < limit {
			if total := a.int(t, "total"); total != int64(len(out)) {
				t.Errorf("%s: total is %d, but %d records came", path, total, len(out))
			}
			return out
		}
	}
}

func fold(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(s))) }

// folded is the folded text at a path, nil for null.
func (r record) folded(path string) any {
	if s, ok := r.at(path).(string); ok {
		return fold(s)
	}
	return nil
}

// name is the folded first and last name of the user at a path, nil if neither
// is known.
func (r record) name(user string) any {
	full := strings.TrimSpace(r.text(user+".firstName") + " " + r.text(user+".lastName"))
	if full == "" {
		return nil
	}
	return fold(full)
}

// check is the status of one of the person's checks.
func (r record) check(kind string) string {
	for _, c := range r.list("complianceChecks") {
		if c.text("type") == kind {
			return c.text("status")
		}
	}
	return ""
}

func compliant(status string) bool { return status == "PASS" || status == "EXCLUDED" }

// active is the devices that are in use.
func (r record) active() []record {
	return slices.DeleteFunc(r.list("devices"), func(d record) bool { return d["deletedAt"] != nil })
}

// position is the place of the value in a list, nil for null.
func position(v any, in ...string) any {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	return slices.Index(in, s)
}

// sortKeys gives what a sort compares, first to last; nil is absent.
type sortKeys func(r record) []any

// sorted is the ids in the order of the sort: absent keys last and ties by id,
// in both directions.
func sorted(records []record, keys sortKeys, descending bool) []int64 {
	records = slices.Clone(records)
	slices.SortFunc(records, func(a, b record) int {
		ka, kb := keys(a), keys(b)
		for i := range ka {
			if order := compareKeys(ka[i], kb[i], descending); order != 0 {
				return order
			}
		}
		return cmp.Compare(a.id(), b.id())
	})
	ids := []int64{}
	for _, r := range records {
		ids = append(ids, r.id())
	}
	return ids
}

func compareKeys(a, b any, descending bool) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	order := 0
	switch a := a.(type) {
	case string:
		order = strings.Compare(a, fmt.Sprint(b))
	case int:
		n, _ := b.(int)
		order = cmp.Compare(a, n)
	}
	if descending {
		order = -order
	}
	return order
}

var checkOrder = []string{"FAIL", "MISCONFIGURED", "EXCLUDED", "PASS"}

var employmentOrder = []string{
	"CURRENT_EMPLOYEE", "FORMER_EMPLOYEE", "CURRENT_CONTRACTOR", "FORMER_CONTRACTOR", "OUT_OF_SCOPE", "UNKNOWN",
	"SPECIAL_FORMER_EMPLOYEE", "SPECIAL_FORMER_CONTRACTOR", "FUTURE_HIRE", "SERVICE_ACCOUNT",
}

// personnelSort gives the keys of a sort of the personnel list.
func personnelSort(sort string) sortKeys {
	one := func(key func(record) any) sortKeys { return func(r record) []any { return []any{key(r)} } }
	switch sort {
	case "NAME":
		return one(func(r record) any { return r.name("user") })
	case "EMPLOYMENT_STATUS":
		return one(func(r record) any { return position(r["employmentStatus"], employmentOrder...) })
	case "OS_VERSION":
		return one(func(r record) any { return r.folded("osVersion") })
	case "SERIAL_NUM":
		return one(func(r record) any { return r.folded("serialNumber") })
	case "APPS_COUNT":
		return one(appsCount)
	case "START_DATE":
		return one(func(r record) any { return r["startDate"] })
	case "SEPARATION_DATE":
		return one(func(r record) any { return r["separationDate"] })
	}
	return func(r record) []any { return []any{position(r.check(sort), checkOrder...), r.name("user")} }
}

// appsCount is the apps over the active devices, nil where none says.
func appsCount(r record) any {
	var sum any
	for _, d := range r.active() {
		if d["appsCount"] == nil {
			continue
		}
		var n int
		fmt.Sscan(fmt.Sprint(d["appsCount"]), &n) //nolint:errcheck // types_test checks the type
		before, _ := sum.(int)
		sum = before + n
	}
	return sum
}

// accountSort gives the key of a sort of an account list.
func accountSort(sort string) sortKeys {
	times := map[string]string{
		"CONNECTED_AT": "connectedAt", "DISCONNECTED_AT": "disconnectedAt", "SERVICE_ACCOUNT": "serviceAccount",
		"ADMIN_ACCESS": "adminAccess", "DB_ACCESS": "dbAccess", "WRITE_ACCESS": "writeAccess",
		"PUSH_PROD_CODE_ACCESS": "pushProductionCodeAccess",
	}
	texts := map[string]string{
		"IDENTITY_ID": "identityId", "USERNAME": "username", "EMAIL": "email",
		"CLIENT_ID": "connection.clientId", "CLIENT_ALIAS": "connection.clientAlias",
	}
	return func(r record) []any {
		switch {
		case times[sort] != "":
			return []any{r[times[sort]]} // of one length, so that texts compare as times
		case texts[sort] != "":
			return []any{r.folded(texts[sort])}
		case sort == "HAS_MFA":
			if r["hasMfa"] == nil {
				return []any{nil}
			}
			return []any{position(fmt.Sprint(r["hasMfa"]), "false", "true")}
		case sort == "USER":
			return []any{r.name("user")}
		}
		return []any{position(r.at("connection.state"), "ACTIVE", "MISCONFIGURED")}
	}
}
