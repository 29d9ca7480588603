package v1

import (
	"reflect"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestAccountQuery(t *testing.T) {
	t.Parallel()
	aws := workforce.ClientType("AWS")
	for query, change := range map[string]func(*workforce.AccountQuery){
		"":                        func(*workforce.AccountQuery) {},
		"page=3&limit=1":          func(q *workforce.AccountQuery) { q.Page = workforce.Page{Number: 3, Limit: 1} },
		"q=ROOT":                  func(q *workforce.AccountQuery) { q.Text = "root" },
		"clientType=AWS":          func(q *workforce.AccountQuery) { q.ClientType = &aws },
		"connectionId=0":          func(q *workforce.AccountQuery) { q.ConnectionID = workforce.Ptr(workforce.ConnectionID(0)) },
		"connectionId=":           func(*workforce.AccountQuery) {},
		"sort=CLIENT_ALIAS":       func(q *workforce.AccountQuery) { q.Sort = "CLIENT_ALIAS" },
		"sort=EMAIL&sortDir=Desc": func(q *workforce.AccountQuery) { q.Sort, q.Dir = "EMAIL", workforce.Descending },
	} {
		want := workforce.AccountQuery{
			Kind: workforce.Infrastructure, Sort: "USERNAME", Dir: workforce.Ascending, Page: workforce.Page{Number: 1, Limit: 20},
		}
		change(&want)
		got, refusal := apitest.Bound(t, bindAccountList(workforce.Infrastructure), "/a", "GET", "/a?"+query, "")
		if refusal != "" || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s\n got %+v\nwant %+v", query, refusal, got, want)
		}
	}
}

// The two lists have different systems, sorts and accesses; what belongs to
// one is refused by the other.
func TestKindsDoNotMix(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"clientType=AWS": "clientType", "sort=CLIENT_ALIAS": "sort", "sort=DB_ACCESS": "sort", "limit=51": "limit", "page=0": "page",
	} {
		_, refusal := apitest.Bound(t, bindAccountList(workforce.VersionControl), "/a", "GET", "/a?"+query, "")
		if !strings.HasPrefix(refusal, want+" ") {
			t.Errorf("%s is refused with %q", query, refusal)
		}
	}
	for _, kind := range workforce.AllAccountKinds {
		for _, flag := range workforce.AllAccessFlags {
			ours := strings.HasPrefix(string(flag), string(kind))
			p, refusal := apitest.Bound(t, bindToggle(kind), "/a/{id}", "PUT", "/a/7", `{"toggle":true,"toggleField":"`+string(flag)+`"}`)
			if ours && (refusal != "" || p.flag != flag || !p.on || p.id != 7) || !ours && !strings.HasPrefix(refusal, "toggleField must be one of "+string(kind)) {
				t.Errorf("%s %s: %+v, %q", kind, flag, p, refusal)
			}
		}
	}
}

func TestAccountBodies(t *testing.T) {
	t.Parallel()
	link := func(body string) string {
		p, refusal := apitest.Bound(t, bindLink, "/a/{id}", "PUT", "/a/7", body)
		if refusal == "" && p.user != nil {
			return "user"
		}
		return refusal
	}
	toggle := func(body string) string {
		_, refusal := apitest.Bound(t, bindToggle(workforce.VersionControl), "/a/{id}", "PUT", "/a/7", body)
		return refusal
	}
	service := func(body string) string {
		_, refusal := apitest.Bound(t, bindServiceAccount, "/a/{id}", "PUT", "/a/7", body)
		return refusal
	}
	for _, tt := range []struct {
		name string
		run  func(string) string
		body string
		want string // what the outcome must say
	}{
		{"link", link, `{"userId":3}`, "user"},
		{"link", link, `{"userId":null}`, ""},
		{"link", link, `{}`, "userId is required"},
		{"link", link, `{"userId":"3"}`, "userId must be an integer or null"},
		{"link", link, `{"userId":1.5}`, "userId must be an integer"},
		{"link", link, `{"userId":1e99}`, "userId is out of range"},
		{"toggle", toggle, `{"toggle":false,"toggleField":"VERSION_CONTROL_WRITE_ACCESS"}`, ""},
		{"toggle", toggle, `{"toggle":true}`, "VERSION_CONTROL_WRITE_ACCESS, VERSION_CONTROL_PUSH_PROD_CODE_ACCESS"},
		{"toggle", toggle, `{"toggleField":"VERSION_CONTROL_WRITE_ACCESS"}`, "toggle is required"},
		{"toggle", toggle, `{"toggle":"true","toggleField":null}`, "toggle must be true or false; toggleField must be one of"},
		{"service account", service, `{"serviceAccount":true,"serviceAccountReason":"deploys"}`, ""},
		{"service account", service, `{"serviceAccount":false}`, "serviceAccountReason is required"},
		{"service account", service, `{"serviceAccount":false,"serviceAccountReason":""}`, "serviceAccountReason must not be empty"},
		{"service account", service, `{"serviceAccountReason":"x"}`, "serviceAccount is required"},
		{"service account", service, `{"serviceAccount":true,"serviceAccountReason":"` + strings.Repeat("x", 30001) + `"}`, "at most 30000 characters"},
	} {
		got := tt.run(tt.body)
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s %.70s: got %q, want %q", tt.name, tt.body, got, tt.want)
		}
	}
}
