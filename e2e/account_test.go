package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// accountKinds are the two kinds of accounts, with their toggles and the
// members that show them.
var accountKinds = []struct {
	path    string
	toggles map[string]string
}{
	{"infrastructure", map[string]string{
		"INFRASTRUCTURE_ADMIN_ACCESS": "adminAccess", "INFRASTRUCTURE_DB_ACCESS": "dbAccess",
	}},
	{"version-control", map[string]string{
		"VERSION_CONTROL_WRITE_ACCESS": "writeAccess", "VERSION_CONTROL_PUSH_PROD_CODE_ACCESS": "pushProductionCodeAccess",
	}},
}

// find gives the first account of the kind that is like this.
func (s scene) find(kind, what string, is func(record) bool) record {
	s.t.Helper()
	for _, r := range everything(s.t, s.c, "/public/user-identities/"+kind) {
		if is(r) {
			return r
		}
	}
	s.t.Fatalf("the demo has no %s account that is %s", kind, what)
	return nil
}

// read gives an account as the list shows it.
func (s scene) read(kind string, account record) record {
	s.t.Helper()
	return s.find(kind, "this one", func(r record) bool { return r.id() == account.id() })
}

// Whose an account is: it is linked, moved, unlinked, and belongs to nobody
// while it is a service account.
func TestAccounts(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		for _, kind := range accountKinds {
			t.Run(string(d)+" "+kind.path, func(t *testing.T) {
				t.Parallel()
				s := demoScene(t, d)
				orphan := s.find(kind.path, "an orphan", func(r record) bool { return r["user"] == nil && r["serviceAccount"] == nil })
				base := fmt.Sprintf("/public/user-identities/%s/%d", kind.path, orphan.id())

				a := s.change(1, base+"/connect", `{"userId":5}`)
				a.same(t, "user.id", 5)
				linked := s.now(a, "connectedAt")
				a.same(t, "disconnectedAt", "<nil>")
				s.again(a)
				if shown := s.read(kind.path, orphan); fmt.Sprint(shown) != fmt.Sprint(a.json(t)) {
					t.Errorf("what was answered is not what is listed:\n%v\n%v", a.json(t), shown)
				}

				a = s.change(1, base+"/connect", `{"userId":6.0}`) // moved
				a.same(t, "user.id", 6)
				if moved := s.now(a, "connectedAt"); moved < linked {
					t.Errorf("moved at %s, linked at %s", moved, linked)
				}

				a = s.change(1, base+"/connect", `{"userId":null}`)
				a.same(t, "user", "<nil>")
				s.now(a, "disconnectedAt")
				s.again(a)

				s.change(1, base+"/connect", `{"userId":7}`)
				s.serviceAccount(base)
				s.toggles(base, kind.toggles)
				s.db.verify(t)
			})
		}
	}
}

// serviceAccount marks a linked account and puts it back.
func (s scene) serviceAccount(base string) {
	t := s.t
	t.Helper()
	a := s.change(1, base+"/service-account", `{"serviceAccount":true,"serviceAccountReason":"Deploys"}`)
	marked := s.now(a, "serviceAccount")
	a.same(t, "serviceAccountReason", "Deploys")
	a.same(t, "serviceAccountDesignator.id", 1) // whoever answers for the key
	a.same(t, "user", "<nil>")
	s.now(a, "disconnectedAt")
	s.again(a)

	a = s.change(1, base+"/service-account", `{"serviceAccount":true,"serviceAccountReason":"Deploys at night"}`)
	a.same(t, "serviceAccount", marked) // since when is not why
	refused := s.c.refused(t, put(base+"/connect", `{"userId":5}`), http.StatusBadRequest)
	if !strings.Contains(refused.text(t, "message"), "Put it back first") {
		t.Errorf("linking a service account: %s", refused.body)
	}
	s.change(0, base+"/connect", `{"userId":null}`) // it belongs to nobody already

	a = s.change(1, base+"/service-account", `{"serviceAccount":false,"serviceAccountReason":"It is a person's"}`)
	for _, path := range []string{"serviceAccount", "serviceAccountReason", "serviceAccountDesignator"} {
		a.same(t, path, "<nil>")
	}
	s.again(a)
	s.change(1, base+"/connect", `{"userId":5}`).same(t, "user.id", 5)
}

// toggles turns each access on and off; the other one stays as it is.
func (s scene) toggles(base string, toggles map[string]string) {
	t := s.t
	t.Helper()
	set := func(rows int64, field string, on bool) *answer {
		t.Helper()
		return s.change(rows, base+"/toggle", fmt.Sprintf(`{"toggle":%v,"toggleField":%q}`, on, field))
	}
	for field := range toggles {
		s.c.put(t, base+"/toggle", fmt.Sprintf(`{"toggle":false,"toggleField":%q}`, field)) // the demo may have it on
	}
	for field, member := range toggles {
		a := set(1, field, true)
		since := s.now(a, member)
		s.again(a)
		set(0, field, true).same(t, member, since) // since when stays
		for other, m := range toggles {
			if other != field {
				a.same(t, m, "<nil>")
			}
		}
		a = set(1, field, false)
		a.same(t, member, "<nil>")
		s.again(a)
	}
}
