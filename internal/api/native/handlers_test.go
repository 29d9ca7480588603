package native

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
	v1 "github.com/passmuster/passmuster/internal/api/v1"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// api is the routes of this version, as a server has them, on a small company.
type api struct {
	*testing.T
	mux *rest.Mux
}

// actingAs is a gate that lets those in who may do what the route names.
type actingAs struct{ ctx context.Context }

func (g actingAs) Admit(r *http.Request, route *rest.Route) (context.Context, error) {
	who, err := auth.Require(g.ctx, workforce.Scope(route.Scope), workforce.Reads)
	return auth.With(r.Context(), who), err
}

// newAPI acts for the command line, or with scopes for a key that has these. It
// has the lists.
func newAPI(t *testing.T, scopes ...workforce.Scope) *api {
	t.Helper()
	d, ctx := apitest.Company(t, v1.Encoders())
	return serve(ctx, t, d, nil, scopes)
}

// newComplianceAPI is newAPI with everything, where checks are decided.
func newComplianceAPI(t *testing.T, scopes ...workforce.Scope) *api {
	t.Helper()
	d, c, ctx := apitest.CompanyWithFiles(t, v1.Encoders())
	return serve(ctx, t, d, c, scopes)
}

func serve(ctx context.Context, t *testing.T, d *directory.Service, c *compliance.Service, scopes []workforce.Scope) *api {
	t.Helper()
	if len(scopes) > 0 {
		ctx = auth.With(ctx, auth.Principal{Actor: "key:1", Scopes: scopes})
	}
	served, err := Serve(Routes(d, c), rest.MuxConfig{Gate: actingAs{ctx}})
	if err != nil {
		t.Fatal(err)
	}
	mux, err := rest.NewMux(rest.MuxConfig{Routes: served})
	if err != nil {
		t.Fatal(err)
	}
	return &api{t, mux}
}

func (a *api) ask(method, target string) *httptest.ResponseRecorder {
	a.Helper()
	w := httptest.NewRecorder()
	a.mux.ServeHTTP(w, httptest.NewRequestWithContext(a.Context(), method, Base+target, nil))
	return w
}

// page is either page, as far as the tests look.
type page struct {
	Data []struct {
		ID   int64
		Kind Kind
	}
	Pagination Pagination
	Position   int64
	Facets     json.RawMessage
	StatusCode int
	Message    string
	Reason     string
	Field      string
}

func (a *api) get(target string) page {
	a.Helper()
	w := a.ask(http.MethodGet, target)
	var p page
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		a.Fatalf("%s answers %d %s: %v", target, w.Code, w.Body, err)
	}
	p.StatusCode = w.Code
	return p
}

func (p page) ids() string {
	var out []string
	for _, r := range p.Data {
		out = append(out, strings.TrimPrefix(fmt.Sprintf("%.1s%d", r.Kind, r.ID), "%!s"))
	}
	return strings.Join(out, " ")
}

func TestLists(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for target, want := range map[string]string{
		"/people":                                                   "1 2 3",
		"/people?sortDir=DESC":                                      "3 2 1",
		"/people?sort=NAME":                                         "3 1 2",
		"/people?sort=NAME&sortDir=desc":                            "1 3 2",
		"/people?q=M%C3%9CLL":                                       "1",
		"/people?email=A%2BB@example.com":                           "2",
		"/people?employmentStatus[]=ALL_CURRENT_PERSONNEL":          "1 2",
		"/people?employmentStatus=FORMER_EMPLOYEE,CURRENT_EMPLOYEE": "1 3",
		"/people?employmentStatus=SPECIAL_FORMER_EMPLOYEE":          "",
		"/people?check[]=IDENTITY_MFA:true":                         "1 2 3",
		"/people?check[]=IDENTITY_MFA:true,IDENTITY_MFA:false":      "",
		"/people?deviceCompliance=true":                             "1 2 3",
		"/people?deviceSource=AGENT":                                "1",
		"/people?notDeviceSource[]=AGENT&notDeviceSource[]=JAMF":    "2 3",
		"/people?groupIds[]=1":                                      "1",
		"/people?unknown=1&limit=1.0":                               "1",
		"/accounts":                                                 "i1 i2 v1",
		"/accounts?sort=USERNAME":                                   "i2 i1 v1",
		"/accounts?sort=ADMIN_ACCESS&sortDir=DESC":                  "i1 i2 v1",
		"/accounts?kind=version-control":                            "v1",
		"/accounts?kind=infrastructure&q=DEPL":                      "i2",
		"/accounts?clientType=GITHUB":                               "v1",
		"/accounts?clientType=GITHUB&kind=infrastructure":           "",
		"/accounts?connectionId=2":                                  "i1 i2",
		"/accounts?userId=1":                                        "i1",
		"/accounts?userId=9":                                        "",
	} {
		p := a.get(target)
		if p.StatusCode != http.StatusOK || p.ids() != want || p.Pagination.Total != int64(len(p.Data)) && !strings.Contains(target, "limit") {
			t.Errorf("%s: %d %q of %d, want %q (%s)", target, p.StatusCode, p.ids(), p.Pagination.Total, want, p.Message)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	cursor := url.QueryEscape(*a.get("/people?limit=1").Pagination.Cursor)
	for target, want := range map[string]struct {
		status int
		field  string
		says   string
	}{
		"/people?limit=0":                                       {400, "limit", "1000"},
		"/people?limit=1001":                                    {400, "limit", "1000"},
		"/people?fields=email,name":                             {400, "fields", "employmentStatus"},
		"/people?check[]=IDENTITY_MFA":                          {400, "check[]", "IDENTITY_MFA:true"},
		"/people?format=xml":                                    {400, "format", "ndjson"},
		"/people?sort=USERNAME":                                 {400, "sort", "CREATED"},
		"/people?sort=NAME&sort=CREATED":                        {400, "sort", "more than once"},
		"/people?changedSince=-1":                               {400, "changedSince", "0"},
		"/people?changedSince=1000000":                          {404, "changedSince", "1000000"},
		"/people?changedSince=1000000&format=csv":               {404, "changedSince", "1000000"},
		"/people?groupIds=1,9":                                  {404, "groupIds", "9"},
		"/people?groupIds=9&format=ndjson":                      {404, "groupIds", "9"},
		"/people?cursor=x":                                      {400, "cursor", "cursor"},
		"/people?format=csv&cursor=" + cursor:                   {400, "cursor", "csv"},
		"/people?sort=NAME&cursor=" + cursor:                    {400, "sort", "cursor"},
		"/people?q=a&cursor=" + cursor:                          {400, "q", "cursor"},
		"/people?employmentStatus=UNKNOWN&cursor=" + cursor:     {400, "employmentStatus[]", "cursor"},
		"/people?changedSince=1&cursor=" + cursor:               {400, "changedSince", "cursor"},
		"/accounts?cursor=" + cursor:                            {400, "cursor", "cursor"},
		"/accounts?kind=INFRASTRUCTURE":                         {400, "kind", "version-control"},
		"/accounts?changedSince=1000000&kind=version-control":   {404, "changedSince", "1000000"},
		"/accounts?fields=userId":                               {400, "fields", "connectionAlias"},
		"/accounts?connectionId=x&userId=1.5&clientType=GOOGLE": {400, "clientType", "userId must"},
	} {
		p := a.get(target)
		if p.StatusCode != want.status || p.Field != want.field || !strings.Contains(p.Message, want.says) || p.Reason == "" {
			t.Errorf("%s: %d %q %q %q, want %+v", target, p.StatusCode, p.Field, p.Message, p.Reason, want)
		}
	}
}

// A walk over both kinds meets each account once, whatever the size of a page,
// and says on all pages what it said on the first.
func TestWalks(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, query := range []string{"/accounts?sort=USERNAME", "/accounts?kind=infrastructure", "/people?sort=NAME", "/people?q=a&sortDir=DESC"} {
		want := a.get(query)
		for limit := 1; limit <= 4; limit++ {
			var got []string
			next := ""
			for range 5 {
				p := a.get(fmt.Sprintf("%s&limit=%d&cursor=%s", query, limit, next))
				got = append(got, strings.Fields(p.ids())...)
				if p.Pagination.Total != int64(len(want.Data)) || p.Position != want.Position {
					t.Errorf("%s by %d: total %d, position %d, want %d and %d", query, limit, p.Pagination.Total, p.Position, len(want.Data), want.Position)
				}
				if p.Pagination.Cursor == nil {
					break
				}
				next = url.QueryEscape(*p.Pagination.Cursor)
			}
			if strings.Join(got, " ") != want.ids() {
				t.Errorf("%s by %d: %v, want %s", query, limit, got, want.ids())
			}
		}
	}
}

// Streams hold what pages hold.
func TestStreamsHoldWhatPagesHold(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, query := range []string{"/people?sort=NAME", "/people?fields=email,checks&q=a", "/accounts?fields=username,user", "/accounts?kind=version-control"} {
		var p struct{ Data []json.RawMessage }
		if err := json.Unmarshal(a.ask(http.MethodGet, query).Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(a.ask(http.MethodGet, query+"&format=ndjson&limit=1").Body.String()), "\n")
		if len(lines) != len(p.Data)+1 || !strings.HasPrefix(lines[len(lines)-1], `{"end":{"records":`) {
			t.Fatalf("%s: %d records as lines %q", query, len(p.Data), lines)
		}
		rows, err := csv.NewReader(a.ask(http.MethodGet, query+"&format=csv").Body).ReadAll()
		if err != nil || len(rows) != len(lines) || rows[0][0] != "id" {
			t.Fatalf("%s: %d rows, %v", query, len(rows), err)
		}
		for i, r := range p.Data {
			if !bytes.Equal(r, []byte(lines[i])) {
				t.Errorf("%s: line %d is %s, the page has %s", query, i, lines[i], r)
			}
			if id := fmt.Sprintf(`{"id":%s,`, rows[i+1][0]); !strings.HasPrefix(lines[i], id) {
				t.Errorf("%s: row %d is of %s, not of %s", query, i, id, lines[i])
			}
		}
	}
}

func TestFacets(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for target, want := range map[string]string{
		"/people?facets=true&limit=1&employmentStatus=ALL_CURRENT_PERSONNEL": `"employmentStatuses":{"CURRENT_EMPLOYEE":1,"CURRENT_CONTRACTOR":1}`,
		"/people?facets=true":  `"systems":{"AWS":1}`,
		"/people?facets=false": ``,
		"/people":              ``,
		"/accounts?facets=true&limit=1": `{"systems":{"AWS":2,"GITHUB":1},"connections":[{"connectionId":2,"count":2},{"connectionId":3,"count":1}],` +
			`"hasMfa":{"true":0,"false":0,"unknown":3},"owners":{"person":1,"service":1,"nobody":1}}`,
	} {
		if got := string(a.get(target).Facets); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}

// A key that may read accounts of one kind gets that kind.
func TestAccountsByPermission(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scope                         workforce.Scope
		all, infrastructure, versions string // ids, or the status
	}{
		{workforce.ScopeInfrastructureManage, "i1 i2", "i1 i2", "403"},
		{workforce.ScopeVersionControlManage, "v1", "403", "v1"},
		{workforce.ScopeAllRead, "i1 i2 v1", "i1 i2", "v1"},
		{workforce.ScopePersonnelList, "403", "403", "403"},
	} {
		a := newAPI(t, c.scope)
		for target, want := range map[string]string{
			"/accounts": c.all, "/accounts?kind=infrastructure": c.infrastructure, "/accounts?kind=version-control": c.versions,
		} {
			p := a.get(target)
			got := p.ids()
			if p.StatusCode != http.StatusOK {
				got = fmt.Sprint(p.StatusCode)
			}
			if got != want {
				t.Errorf("%s with %s: %q, want %q (%s)", target, c.scope, got, want, p.Message)
			}
			stream := a.ask(http.MethodGet, target+"&format=ndjson")
			if strings.Contains(target, "?") && (stream.Code != p.StatusCode || stream.Code == http.StatusOK && strings.Count(stream.Body.String(), "\n") != len(p.Data)+1) {
				t.Errorf("%s with %s as a stream: %d %s", target, c.scope, stream.Code, stream.Body)
			}
		}
		if p := a.get("/people"); (p.StatusCode == http.StatusOK) != slices.Contains([]workforce.Scope{workforce.ScopeAllRead, workforce.ScopePersonnelList}, c.scope) {
			t.Errorf("people with %s: %d", c.scope, p.StatusCode)
		}
	}
}

// A cursor that was given to a key that may read more leads nowhere.
func TestCursorDoesNotOpenAKind(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	p := a.get("/accounts?limit=2")
	w := httptest.NewRecorder()
	d, ctx := apitest.Company(t, v1.Encoders())
	secret, err := d.CursorSecret(ctx)
	if err != nil || p.Pagination.Cursor == nil {
		t.Fatal(err)
	}
	ctx = auth.With(ctx, auth.Principal{Actor: "key:1", Scopes: []workforce.Scope{workforce.ScopeInfrastructureManage}})
	served, err := Serve(Routes(d, nil), rest.MuxConfig{Gate: actingAs{ctx}})
	if err != nil {
		t.Fatal(err)
	}
	mux, err := rest.NewMux(rest.MuxConfig{Routes: served})
	if err != nil {
		t.Fatal(err)
	}
	sealed := cursor{kind: VersionControl, question: accountParams{sort: workforce.SortCreated, dir: workforce.Ascending}.question().digests()}.seal(secret)
	mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, Base+"/accounts?cursor="+sealed, nil))
	if w.Code != http.StatusForbidden {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
