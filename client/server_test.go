package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/api/contract"
	"github.com/passmuster/passmuster/internal/app"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// demoPeople fills a little more than two of the largest pages.
const demoPeople = 105

// company is a running server on a database with the demo company.
type company struct {
	url, key string
	db       *store.DB
	app      *app.App
	server   *httptest.Server
	seen     seen
}

// seen counts the operations that were answered with 200, 201 or 204.
type seen struct {
	mu    sync.Mutex
	lines []string // "GET /public/personnel/1"
}

func (s *seen) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		if rec.Code == http.StatusOK || rec.Code == http.StatusCreated || rec.Code == http.StatusNoContent {
			s.mu.Lock()
			s.lines = append(s.lines, r.Method+" "+r.URL.Path)
			s.mu.Unlock()
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes()) //nolint:errcheck // the client sees what arrives
	})
}

// operator is the context of the person at the command line.
func operator() context.Context { return auth.With(context.Background(), auth.CommandLine()) }

// start makes a company in the folder; stop ends it.
func start(dir string, set func(*config.Config)) (c *company, stop func(), err error) {
	db, err := store.Open(operator(), "sqlite:"+filepath.Join(dir, "demo.db"), store.Options{})
	if err != nil {
		return nil, nil, err
	}
	c = &company{db: db}
	if err := demo.Load(operator(), db, demo.New(1, demoPeople, db.Now()), nil); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	if c.key, err = c.newKey(workforce.ScopeAll); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	cfg := config.Default()
	cfg.Files = filepath.Join(dir, "files")
	if set != nil {
		set(&cfg)
	}
	if c.app, err = app.New(cfg, db, slog.New(slog.DiscardHandler)); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	c.server = httptest.NewServer(c.seen.around(c.app.Handler()))
	c.url = c.server.URL
	return c, func() {
		c.server.Close()
		c.app.Close()
		db.Close()
	}, nil
}

func (c *company) newKey(scopes ...workforce.Scope) (string, error) {
	key, _, err := auth.NewKeys(c.db).Create(operator(), auth.NewKey{Name: "test", Scopes: scopes})
	return key, err
}

// newCompany is start for a test.
func newCompany(t *testing.T, set func(*config.Config)) *company {
	t.Helper()
	c, stop, err := start(t.TempDir(), set)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return c
}

// as gives a client with the key.
func (c *company) as(t *testing.T, key string, opts ...client.Option) *client.Client {
	t.Helper()
	made, err := client.New(c.url, key, append([]client.Option{client.WithRetries(0, 0)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// ok fails the test on an error and gives the value.
func ok[T any](t *testing.T) func(v T, err error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// The calls of this test, in the order of the reference, reach every one of the
// operations of a real server.
func TestClientReachesEveryOperation(t *testing.T) {
	t.Parallel()
	c := newCompany(t, nil)
	api := c.as(t, c.key)
	readPersonnel(t, api)
	changePersonnel(t, api)
	resetPersonnel(t, api)
	infrastructure(t, api)
	versionControl(t, api)
	users(t, api)
	evidence(t, api)
	devices(t, api)
	operations, err := contract.Operations()
	if err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`\{[^}]*\}`)
	for _, op := range operations {
		line := regexp.MustCompile(`(?m)^` + op.Method + " " + parameter.ReplaceAllString(op.Path, "[^/]+") + `$`)
		if !line.MatchString(strings.Join(c.seen.lines, "\n")) {
			t.Errorf("%s was not reached", op.Name())
		}
	}
}

func readPersonnel(t *testing.T, api *client.Client) {
	t.Helper()
	ctx := t.Context()
	page := ok[client.PersonnelPage](t)(api.Personnel.List(ctx, client.PersonnelListParams{Page: 2, Limit: 10, Sort: client.PersonnelByStartDate, SortDir: client.Descending}))
	if len(page.Data) != 10 || page.Number != 2 || page.Limit != 10 || page.Total != demoPeople || string(page.DataAll) != "{}" {
		t.Errorf("page %d of %d has %d records of %d, dataAll %s", page.Number, page.Limit, len(page.Data), page.Total, page.DataAll)
	}
	listed := map[client.PersonnelID]client.Personnel{}
	for p, err := range api.Personnel.All(ctx, client.PersonnelListParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		listed[p.ID] = p.Personnel
	}
	if len(listed) != demoPeople {
		t.Errorf("%d people are listed, want %d", len(listed), demoPeople)
	}
	one := ok[client.Personnel](t)(api.Personnel.Get(ctx, 2))
	if !reflect.DeepEqual(one, listed[2]) {
		t.Errorf("record 2 is\n%+v in the list and\n%+v alone", listed[2], one)
	}
	if check, found := one.Check(client.CheckIdentityMFA); !found || check.Type != client.CheckIdentityMFA {
		t.Errorf("record 2 has %d checks, and no MFA", len(one.ComplianceChecks))
	}
	if _, found := (client.Personnel{}).Check(client.CheckIdentityMFA); found {
		t.Error("an empty record has a check")
	}
	same := ok[client.Personnel](t)(api.Personnel.GetByEmail(ctx, strings.ToUpper(one.User.Email)))
	if same.ID != one.ID {
		t.Errorf("%s is record %d", one.User.Email, same.ID)
	}
	if _, err := api.Personnel.Get(ctx, 1_000_000); !client.IsNotFound(err) {
		t.Errorf("a record that is not there gives %v", err)
	}
	current, left := 0, 0
	for p, err := range api.Personnel.All(ctx, client.PersonnelListParams{
		EmploymentStatuses: []client.EmploymentStatusFilter{client.OnlyAllCurrentPersonnel, client.OnlyAllFormerPersonnel}, FullCompliance: new(false),
	}) {
		if err != nil {
			t.Fatal(err)
		}
		if check, _ := p.Check(client.CheckFullCompliance); check.Status == client.CheckPass || check.Status == client.CheckExcluded {
			t.Errorf("record %d is %s", p.ID, check.Status)
		}
		if p.SeparationDate == nil {
			current++
		} else {
			left++
		}
	}
	if current == 0 || left == 0 {
		t.Errorf("%d people who do not comply are here and %d have left", current, left)
	}
}

func changePersonnel(t *testing.T, api *client.Client) {
	t.Helper()
	ctx, last := t.Context(), client.Date("2024-06-30")
	dates := func(d client.ContractDates) client.Personnel {
		t.Helper()
		return ok[client.Personnel](t)(api.Personnel.SetContractDates(ctx, 3, d))
	}
	if p := dates(client.ContractDates{StartDate: "2020-01-06", SeparationDate: &last}); *p.StartDate != "2020-01-06" || *p.SeparationDate != last {
		t.Errorf("set, the days are %v and %v", *p.StartDate, p.SeparationDate)
	}
	if p := dates(client.ContractDates{StartDate: "2020-01-07"}); *p.StartDate != "2020-01-07" || p.SeparationDate == nil || *p.SeparationDate != last {
		t.Errorf("kept, the last day is %v", p.SeparationDate)
	}
	if p := dates(client.ContractDates{StartDate: "2020-01-07", ClearSeparationDate: true}); p.SeparationDate != nil {
		t.Errorf("cleared, the last day is %v", *p.SeparationDate)
	}
	early := client.Date("2019-01-01")
	if _, err := api.Personnel.SetContractDates(ctx, 3, client.ContractDates{StartDate: "2020-01-07", SeparationDate: &early}); !client.IsConflict(err) {
		t.Errorf("a last day before the first gives %v", err)
	}
	p := ok[client.Personnel](t)(api.Personnel.SetStatus(ctx, 3, client.StatusChange{EmploymentStatus: client.StatusFormerEmployee, SeparationDate: last}))
	if p.EmploymentStatus != client.StatusFormerEmployee || *p.SeparationDate != last || p.StatusUpdatedAt == nil {
		t.Errorf("record 3 is now %s", p.EmploymentStatus)
	}
	p = ok[client.Personnel](t)(api.Personnel.SetStatus(ctx, 3, client.StatusChange{EmploymentStatus: client.StatusOutOfScope, NotHumanReason: "a shared mailbox"}))
	if p.NotHumanReason == nil || *p.NotHumanReason != "a shared mailbox" || p.ReasonProvider == nil {
		t.Errorf("record 3 is out of scope because of %v", p.NotHumanReason)
	}
	if _, err := api.Personnel.SetStatus(ctx, 3, client.StatusChange{EmploymentStatus: client.StatusOutOfScope}); !client.IsBadRequest(err) || !strings.Contains(err.Error(), "notHumanReason") {
		t.Errorf("out of scope without a reason gives %v", err)
	}
}

func resetPersonnel(t *testing.T, api *client.Client) {
	t.Helper()
	ctx, reset := t.Context(), ok[client.ResetResult](t)
	if r := reset(api.Personnel.ResetSync(ctx, 3)); r.Personnel.ID != 3 || r.Personnel.EmploymentStatus == client.StatusOutOfScope || r.Affected == nil || *r.Affected != 1 {
		t.Errorf("reset, record %d is %s", r.Personnel.ID, r.Personnel.EmploymentStatus)
	}
	if r := reset(api.Personnel.ResetSyncSome(ctx, 3, 2)); r.Personnel.ID != 2 || r.Affected == nil || *r.Affected != 2 {
		t.Errorf("of two, the first is %d", r.Personnel.ID)
	}
	if r := reset(api.Personnel.ResetSyncAll(ctx)); r.Personnel.ID != 1 || r.Affected == nil || *r.Affected < demoPeople/2 {
		t.Errorf("of all, the first is %d", r.Personnel.ID)
	}
	if _, err := api.Personnel.ResetSyncSome(ctx); !client.IsBadRequest(err) {
		t.Errorf("a reset of nobody gives %v", err)
	}
	if _, err := api.Personnel.ResetSyncSome(ctx, 2, 1_000_000); !client.IsNotFound(err) {
		t.Errorf("a reset of somebody who is not there gives %v", err)
	}
}

func infrastructure(t *testing.T, api *client.Client) {
	t.Helper()
	ctx, change := t.Context(), ok[client.InfrastructureAccount](t)
	page := ok[client.Page[client.InfrastructureAccount]](t)(api.Infrastructure.List(ctx, client.AccountListParams{ClientType: client.SystemAWS, Sort: client.AccountByAdminAccess}))
	var all []client.InfrastructureAccount
	for a, err := range api.Infrastructure.All(ctx, client.AccountListParams{ClientType: client.SystemAWS}) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Connection.ClientType != client.SystemAWS {
			t.Errorf("account %d is in %s", a.ID, a.Connection.ClientType)
		}
		all = append(all, a)
	}
	if len(all) == 0 || int64(len(all)) != page.Total {
		t.Errorf("%d accounts are listed of %d", len(all), page.Total)
	}
	if a := change(api.Infrastructure.SetServiceAccount(ctx, 1, true, "runs the builds")); a.ServiceAccount == nil || *a.ServiceAccountReason != "runs the builds" || a.User != nil {
		t.Errorf("marked, account 1 is a service account since %v", a.ServiceAccount)
	}
	if _, err := api.Infrastructure.Connect(ctx, 1, 2); !client.IsBadRequest(err) {
		t.Errorf("connecting a service account gives %v", err)
	}
	if a := change(api.Infrastructure.SetServiceAccount(ctx, 1, false, "a person after all")); a.ServiceAccount != nil {
		t.Error("put back, account 1 is a service account")
	}
	if a := change(api.Infrastructure.Connect(ctx, 1, 2)); a.User == nil || a.User.ID != 2 || a.ConnectedAt == nil {
		t.Error("connected, account 1 is not of user 2")
	}
	if a := change(api.Infrastructure.Disconnect(ctx, 1)); a.User != nil || a.DisconnectedAt == nil {
		t.Error("disconnected, account 1 is somebody's")
	}
	if a := change(api.Infrastructure.Toggle(ctx, 1, client.AdminAccess, true)); a.AdminAccess == nil {
		t.Error("declared, account 1 has no admin access")
	}
	if a := change(api.Infrastructure.Toggle(ctx, 1, client.AdminAccess, false)); a.AdminAccess != nil {
		t.Error("taken back, account 1 has admin access")
	}
	if _, err := api.Infrastructure.Toggle(ctx, 1_000_000, client.DBAccess, true); !client.IsNotFound(err) {
		t.Errorf("an account that is not there gives %v", err)
	}
}

func versionControl(t *testing.T, api *client.Client) {
	t.Helper()
	ctx, change := t.Context(), ok[client.VersionControlAccount](t)
	page := ok[client.Page[client.VersionControlAccount]](t)(api.VersionControl.List(ctx, client.AccountListParams{Limit: 1, Q: "a"}))
	count := int64(0)
	for _, err := range api.VersionControl.All(ctx, client.AccountListParams{Q: "A"}) {
		if err != nil {
			t.Fatal(err)
		}
		count++
	}
	if count == 0 || count != page.Total || len(page.Data) != 1 {
		t.Errorf("%d accounts are listed of %d, and %d on a page", count, page.Total, len(page.Data))
	}
	id := page.Data[0].ID
	if a := change(api.VersionControl.SetServiceAccount(ctx, id, true, "runs the builds")); a.ServiceAccount == nil {
		t.Errorf("marked, account %d is no service account", id)
	}
	if a := change(api.VersionControl.SetServiceAccount(ctx, id, false, "a person after all")); a.ServiceAccount != nil {
		t.Errorf("put back, account %d is a service account", id)
	}
	if a := change(api.VersionControl.Connect(ctx, id, 2)); a.User == nil || a.User.ID != 2 {
		t.Errorf("connected, account %d is not of user 2", id)
	}
	if a := change(api.VersionControl.Disconnect(ctx, id)); a.User != nil {
		t.Errorf("disconnected, account %d is somebody's", id)
	}
	if a := change(api.VersionControl.Toggle(ctx, id, client.PushProductionCodeAccess, true)); a.PushProductionCodeAccess == nil {
		t.Errorf("declared, account %d may not push", id)
	}
	if a := change(api.VersionControl.Toggle(ctx, id, client.WriteAccess, false)); a.WriteAccess != nil {
		t.Errorf("taken back, account %d may write", id)
	}
}

func users(t *testing.T, api *client.Client) {
	t.Helper()
	ctx := t.Context()
	u := ok[client.User](t)(api.Users.Get(ctx, 2))
	if u.ID != 2 || u.EntryID == "" || u.Identities == nil || u.Documents == nil {
		t.Errorf("user 2 is %+v", u)
	}
	page := ok[client.UserV2Page](t)(api.UsersV2.List(ctx, client.UserV2ListParams{Size: 7, IncludeTotalCount: new(true)}))
	if len(page.Data) != 7 || page.Pagination.Cursor == nil || *page.Pagination.TotalCount != demoPeople || page.Data[0].Roles != nil || page.Data[0].Personnel.Shown {
		t.Errorf("a page of users is %+v", page)
	}
	ids := map[client.UserID]bool{}
	for u, err := range api.UsersV2.All(ctx, client.UserV2ListParams{Sort: client.UserByUpdatedAt, SortDir: client.Descending}) {
		if err != nil {
			t.Fatal(err)
		}
		ids[u.ID] = true
	}
	if len(ids) != demoPeople {
		t.Errorf("%d users are listed, want %d", len(ids), demoPeople)
	}
	full := ok[client.UserV2](t)(api.UsersV2.Get(ctx, 2, client.ExpandPersonnel, client.ExpandRoles, client.ExpandIdentities, client.ExpandDocuments, client.ExpandBackgroundChecks))
	if full.Personnel.Record == nil || full.Personnel.Record.UserID != 2 || full.Roles == nil || full.Identities == nil || full.Documents == nil || full.BackgroundChecks == nil {
		t.Errorf("user 2 in full is %+v", full)
	}
	same := ok[client.UserV2](t)(api.UsersV2.GetByEmail(ctx, strings.ToUpper(u.Email), client.ExpandRoles))
	if same.ID != 2 || same.Roles == nil || same.Identities != nil {
		t.Errorf("%s is user %d", u.Email, same.ID)
	}
	if _, err := api.UsersV2.Get(ctx, 1_000_000); !client.IsNotFound(err) || !strings.Contains(err.Error(), "code 10290") {
		t.Errorf("a user who is not there gives %v", err)
	}
}

// evidence is what belongs to one user.
func evidence(t *testing.T, api *client.Client) {
	t.Helper()
	ctx := t.Context()
	page := ok[client.Page[client.User]](t)(api.Users.List(ctx, client.UserListParams{Limit: 3, IncludeUserIDs: []client.UserID{1, 2, 3}, ExcludeUserIDs: []client.UserID{1}}))
	if page.Total != 2 || len(page.Data) != 2 || page.Data[0].ID != 2 {
		t.Errorf("a page of users is %+v", page)
	}
	count := 0
	for u, err := range api.Users.All(ctx, client.UserListParams{Roles: []client.Role{client.RoleAdmin}}) {
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(u.Roles, client.RoleAdmin) {
			t.Errorf("user %d is no admin: %v", u.ID, u.Roles)
		}
		count++
	}
	if count == 0 {
		t.Error("nobody is an admin")
	}
	if u := ok[client.User](t)(api.Users.GetByEmail(ctx, strings.ToUpper(page.Data[0].Email))); u.ID != 2 {
		t.Errorf("%s is user %d", page.Data[0].Email, u.ID)
	}
	certificate := client.Upload{Name: "Certificate.pdf", Content: []byte("%PDF-1.7 certificate")}
	d := ok[client.Document](t)(api.Users.AddDocument(ctx, 2, client.DocumentSecTraining, "2026-01-31", certificate))
	if d.Name != "Certificate.pdf" || d.FileURL == nil || d.RenewalDate == nil {
		t.Errorf("the document is %+v", d)
	}
	if all := ok[[]client.Document](t)(api.Users.Documents(ctx, 2, client.UserDocumentListParams{Q: "certificate", Type: client.DocumentSecTraining})); len(all) == 0 || all[len(all)-1].ID != d.ID {
		t.Errorf("the documents are %+v", all)
	}
	if link := ok[client.SignedURL](t)(api.Users.DocumentLink(ctx, d.ID)); !strings.HasPrefix(link.SignedURL, "http") || link.FileBuffer != nil {
		t.Errorf("its file is at %+v", link)
	}
	if err := api.Users.DeleteDocument(ctx, d.ID, 2); err != nil {
		t.Error(err)
	}
	if err := api.Users.DeleteDocument(ctx, d.ID, 2); !client.IsNotFound(err) {
		t.Errorf("a document that is gone gives %v", err)
	}
	if _, err := api.Users.AddDocument(ctx, 2, client.DocumentSecTraining, "", client.Upload{}); err == nil {
		t.Error("nothing is uploaded without an error")
	}
	p := ok[client.Personnel](t)(api.Users.AddBackgroundCheck(ctx, 2, "https://example.com/report", "2026-01-31"))
	if last := p.User.BackgroundChecks[len(p.User.BackgroundChecks)-1]; last.ManualCheckDate == nil || *last.ManualCheckDate != "2026-01-31" {
		t.Errorf("the background check is %+v", last)
	}
	if _, err := api.Users.AddBackgroundCheck(ctx, 2, "https://example.com/report", "9999-01-31"); !client.IsConflict(err) {
		t.Errorf("a day to come gives %v", err)
	}
	if policies, err := api.Users.Policies(ctx, 2); err != nil || policies == nil {
		t.Errorf("the policies are %v, %v", policies, err)
	}
}

func devices(t *testing.T, api *client.Client) {
	t.Helper()
	ctx := t.Context()
	page := ok[client.Page[client.DeviceRecord]](t)(api.Devices.List(ctx, client.DeviceListParams{Limit: 3}))
	count := int64(0)
	for d, err := range api.Devices.All(ctx, client.DeviceListParams{Expand: []client.DevicePart{client.DeviceIdentifiers}}) {
		if err != nil {
			t.Fatal(err)
		}
		if d.Identifiers == nil || d.ComplianceChecks != nil || d.PersonnelID == 0 {
			t.Fatalf("device %d is %+v", d.ID, d)
		}
		count++
	}
	if len(page.Data) != 3 || count == 0 || count != page.Total {
		t.Errorf("%d devices are listed of %d, and %d on a page", count, page.Total, len(page.Data))
	}
	d := ok[client.DeviceRecord](t)(api.Devices.Get(ctx, page.Data[0].ID, client.DeviceComplianceChecks, client.DeviceApps))
	if len(d.ComplianceChecks) != 6 || d.Apps == nil || d.Documents != nil {
		t.Errorf("device %d is %+v", d.ID, d)
	}
	if own := ok[client.Page[client.DeviceRecord]](t)(api.Devices.ListOf(ctx, d.PersonnelID, client.DeviceListParams{PersonnelID: 1_000_000})); own.Total == 0 || own.Data[0].PersonnelID != d.PersonnelID {
		t.Errorf("person %d has %+v", d.PersonnelID, own)
	}
	if apps := ok[client.Page[client.DeviceApp]](t)(api.Devices.Apps(ctx, d.ID, 1, 5)); apps.Limit != 5 || len(apps.Data) > 5 {
		t.Errorf("the apps of device %d are %+v", d.ID, apps)
	}
	picture := client.Upload{Name: "disk.gif", Content: []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;")}
	doc := ok[client.DeviceDocument](t)(api.Devices.AddDocument(ctx, d.ID, client.DocumentHardDriveEncryptionEvidence, picture))
	if doc.Name != "disk.gif" || doc.FileURL == nil {
		t.Errorf("the document is %+v", doc)
	}
	if link := ok[client.SignedURL](t)(api.Devices.DocumentLink(ctx, doc.ID)); !strings.HasPrefix(link.SignedURL, "http") {
		t.Errorf("its file is at %q", link.SignedURL)
	}
	if all := ok[[]client.DeviceDocument](t)(api.Devices.Documents(ctx, d.ID, client.DocumentHardDriveEncryptionEvidence)); len(all) == 0 || all[len(all)-1].ID != doc.ID {
		t.Errorf("the documents are %+v", all)
	}
	if err := api.Devices.DeleteDocument(ctx, doc.ID); err != nil {
		t.Error(err)
	}
	if err := api.Devices.DeleteDocument(ctx, doc.ID); !client.IsNotFound(err) {
		t.Errorf("a document that is gone gives %v", err)
	}
	if _, err := api.Devices.AddDocument(ctx, d.ID, client.DocumentHardDriveEncryptionEvidence, client.Upload{}); err == nil {
		t.Error("nothing is uploaded without an error")
	}
	if all := ok[client.Page[client.Workspace]](t)(api.Workspaces.List(ctx, client.WorkspaceListParams{Limit: 1})); all.Limit != 1 {
		t.Errorf("workspaces are %+v", all)
	}
}

// Everything that the server says of the demo company, which has every value and
// every absence, has its place in the types.
func TestTypesHoldTheDemoCompany(t *testing.T) {
	t.Parallel()
	c := newCompany(t, nil)
	for path, again := range map[string]func([]byte) ([]byte, error){
		"/public/personnel":                       roundTrip[client.PersonnelPage],
		"/public/user-identities/infrastructure":  roundTrip[client.Page[client.InfrastructureAccount]],
		"/public/user-identities/version-control": roundTrip[client.Page[client.VersionControlAccount]],
		"/public/users":                           roundTrip[client.Page[client.User]],
		"/public/devices":                         roundTrip[client.Page[client.DeviceRecord]],
	} {
		for page, last := 1, false; !last; page++ {
			doc := c.get(t, fmt.Sprintf("%s?limit=50&page=%d", path, page))
			last = !bytes.Contains(doc[:20], []byte(`"id"`))
			expectSame(t, path, doc, again)
		}
	}
	for id := 1; id <= demoPeople; id += 7 {
		expectSame(t, "user", c.get(t, fmt.Sprintf("/public/users/%d", id)), roundTrip[client.User])
		expectSame(t, "user V2", c.get(t, fmt.Sprintf("/public/v2/users/%d?expand[]=personnel,identities,documents,backgroundChecks,roles", id)), roundTrip[client.UserV2])
		expectSame(t, "user V2 in short", c.get(t, fmt.Sprintf("/public/v2/users/%d", id)), roundTrip[client.UserV2])
	}
}

func (c *company) get(t *testing.T, path string) []byte {
	t.Helper()
	rq, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	rq.Header.Set("Authorization", "Bearer "+c.key)
	resp, err := c.server.Client().Do(rq)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	doc, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", path, resp.StatusCode, doc, err)
	}
	return doc
}

func expectSame(t *testing.T, what string, want []byte, again func([]byte) ([]byte, error)) {
	t.Helper()
	got, err := again(want)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !sameJSON(t, got, want) {
		t.Errorf("%s: %s\nbecomes\n%s", what, want, got)
	}
}

func TestRefusalsOfARealServer(t *testing.T) {
	t.Parallel()
	c := newCompany(t, func(cfg *config.Config) { cfg.RateLimit = 5 })
	ctx := t.Context()
	reader, err := c.newKey(workforce.ScopePersonnelList)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.as(t, "pmk_nobody").Personnel.Get(ctx, 1); !client.IsUnauthorized(err) {
		t.Errorf("an unknown key gives %v", err)
	}
	if _, err := c.as(t, reader).Personnel.List(ctx, client.PersonnelListParams{Limit: 500, Sort: "AGE"}); !client.IsBadRequest(err) {
		t.Errorf("wrong parameters give %v", err)
	}
	_, err = c.as(t, reader).Personnel.Get(ctx, 1)
	var refused *client.Error
	if !client.IsForbidden(err) || !errors.As(err, &refused) || refused.Code != 12300 || refused.RequestID == "" {
		t.Errorf("a key without the permission gives %v", err)
	}
	for range 5 {
		_, err = c.as(t, c.key).Users.Get(ctx, 1)
	}
	if !client.IsTooManyRequests(err) || !errors.As(err, &refused) || refused.RetryAfter <= 0 || refused.RetryAfter > time.Minute {
		t.Errorf("the sixth request of a minute gives %v", err)
	}
}

// exampleServer is a server for the examples, which have no test to fail.
func exampleServer() (url, key string, stop func()) {
	dir, err := os.MkdirTemp("", "passmuster-example-")
	if err != nil {
		panic(err)
	}
	c, end, err := start(dir, nil)
	if err != nil {
		panic(err)
	}
	return c.url, c.key, func() {
		end()
		if err := os.RemoveAll(dir); err != nil {
			panic(err)
		}
	}
}
