package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// oneSided are the members that may be null and that the demo shows in one way
// only, each with its reason.
var oneSided = map[string]string{
	"v1 ComplianceCheck.lastCheckedAt": "a person is assessed when they are added",
	"v1 DeviceCheck.lastCheckedAt":     "a device is judged when it is added",
	"v1 DeviceCheck.expiresAt":         "a device is judged by what it reports, which has no date of expiry",
}

// incomplete are the enumerations of which the demo shows a part, each with its
// reason.
var incomplete = map[string]string{
	"ClientType": "a company has a few of all the systems that know people",
	"Provider":   "those systems are not what an account or identity is at",
}

// Every answer about everybody in the demo has the members of its type, in
// their order, each of its type; whatever may be null is null somewhere and
// something elsewhere; and every value of every enumeration occurs.
func TestTypes(t *testing.T) {
	t.Parallel()
	db := sqlite.demo(t)
	c := serve(t, db).as(db.key)
	v1, v2 := readTypes(t, "testdata/v1.types"), readTypes(t, "testdata/v2.types")
	for path, kind := range map[string]string{
		"/public/personnel?limit=50":                       "PersonnelList",
		"/public/user-identities/infrastructure?limit=50":  "InfrastructureList",
		"/public/user-identities/version-control?limit=50": "VersionControlList",
	} {
		for page := 1; ; page++ {
			a := c.get(t, fmt.Sprintf("%s&page=%d", path, page))
			v1.check(a.body, kind)
			if len(a.page(t).Data) == 0 {
				break
			}
		}
	}
	const expand = "expand[]=backgroundChecks,documents,personnel,identities,roles"
	for id := 1; id <= demoPeople; id++ {
		v1.check(c.get(t, fmt.Sprintf("/public/users/%d", id)).body, "User")
	}
	for id := 1; id <= demoPeople; id += 10 {
		v1.check(c.get(t, fmt.Sprintf("/public/personnel/%d", id)).body, "Personnel")
		v2.check(c.get(t, fmt.Sprintf("/public/v2/users/%d?%s", id, expand)).body, "User")
	}
	for cursor := ""; ; {
		a := c.get(t, "/public/v2/users?size=50&"+expand+"&cursor="+cursor)
		v2.check(a.body, "UserList")
		next, ok := a.at(t, "pagination.cursor").(string)
		if !ok {
			break
		}
		cursor = next
	}
	for _, o := range operations(t) {
		if o.reads() {
			continue
		}
		if a := c.ok(t, o.sample); len(a.body) > 0 {
			v1.check(a.body, answerKind(o))
		}
	}
	for version, c := range map[string]*types{"v1": v1, "v2": v2} {
		for _, f := range c.faults {
			t.Errorf("%s: %s", version, f)
		}
		c.complete(t, version)
	}
}

// answerKind is the type of what an operation that changes something answers.
func answerKind(o operation) string {
	switch {
	case strings.HasPrefix(o.Path, "/public/devices/"):
		return "DeviceDocument"
	case strings.HasSuffix(o.Path, "/documents"):
		return "Document"
	case strings.Contains(o.Path, "/infrastructure"):
		return "InfrastructureAccount"
	case strings.Contains(o.Path, "/version-control"):
		return "VersionControlAccount"
	}
	return "Personnel"
}

// complete checks that the demo has shown everything that there is to show.
func (c *types) complete(t *testing.T, version string) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(c.seen)) {
		seen, reason := c.seen[path], oneSided[version+" "+path]
		switch both := seen.null > 0 && seen.filled > 0; {
		case both && reason != "":
			t.Errorf("%s: %s is shown in both ways, so that it needs no exception", version, path)
		case !both && reason == "":
			t.Errorf("%s: %s is null %d times and something %d times: the demo shows one side only", version, path, seen.null, seen.filled)
		}
	}
	for name, seen := range c.values {
		for _, value := range c.enums[name] {
			if !seen[value] && incomplete[name] == "" {
				t.Errorf("%s: %s never occurs as %s", version, value, name)
			}
		}
	}
}

// The same company, the same question: the two databases answer the same to
// the byte, and the detail of a record is the item of the list.
func TestDatabasesAgree(t *testing.T) {
	t.Parallel()
	var clients []client
	for _, d := range dialects {
		db := d.demo(t)
		clients = append(clients, serve(t, db).as(db.key))
	}
	var paths []string
	for _, o := range operations(t) {
		for _, p := range o.Parameters {
			for _, value := range p.Enum {
				if o.reads() && p.In == "query" {
					paths = append(paths, o.sample.path+"?limit=5&size=3&"+p.Name+"="+value)
				}
			}
		}
	}
	for id := 1; id <= demoPeople; id += 7 {
		paths = append(paths, fmt.Sprintf("/public/personnel/%d", id), fmt.Sprintf("/public/users/%d", id))
	}
	for page := 1; page <= demoPeople/50; page++ {
		paths = append(paths, fmt.Sprintf("/public/personnel?limit=50&page=%d", page))
	}
	for _, path := range paths {
		one, other := withoutCursor(clients[0].get(t, path).body), withoutCursor(clients[1].get(t, path).body)
		if !bytes.Equal(one, other) {
			at := 0
			for at < len(one) && at < len(other) && one[at] == other[at] {
				at++
			}
			from := max(0, at-100)
			t.Errorf("%s: the databases differ:\n%.200s\n%.200s", path, one[from:], other[from:])
		}
	}
	t.Logf("%d answers are the same", len(paths))
	detailIsItem(t, clients[0])
}

// withoutCursor leaves out the cursor, which each database signs for itself.
func withoutCursor(body []byte) []byte {
	head, _, found := bytes.Cut(body, []byte(`"pagination":{"cursor":"`))
	if !found {
		return body
	}
	return head
}

// detailIsItem: the detail of a person is the item of the list without the
// members that only the list has.
func detailIsItem(t *testing.T, c client) {
	t.Helper()
	var list struct {
		Data []json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(c.get(t, "/public/personnel?limit=50&sort=SEPARATION_DATE").body, &list); err != nil {
		t.Fatal(err)
	}
	for _, item := range list.Data {
		var head struct {
			ID int64 `json:"id"`
		}
		if err := json.Unmarshal(item, &head); err != nil {
			t.Fatal(err)
		}
		detail := bytes.TrimSuffix(bytes.TrimSpace(c.get(t, fmt.Sprintf("/public/personnel/%d", head.ID)).body), []byte("}"))
		if !bytes.HasPrefix(item, detail) {
			t.Errorf("the detail of personnel %d is not the start of its item in the list", head.ID)
		}
	}
}
