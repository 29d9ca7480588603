package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

func accounts(t *testing.T, file string) Accounts {
	t.Helper()
	format := CSV
	if strings.HasPrefix(file, "[") {
		format = JSON
	}
	got, err := ParseAccounts(strings.NewReader(file), format, Options{Today: today})
	if err != nil {
		t.Fatalf("%q: %v", file, err)
	}
	return got
}

func TestAccountFields(t *testing.T) {
	t.Parallel()
	got := accounts(t, `provider,connection,account id,login,e-mail,mfa,owner,service account,reason,admin,db access,write access,pushProductionCodeAccess,created,lastCheckedAt
aws,Prod,AIDA1,ann,ann@example.com,yes,ann.owner@example.com,,,2024-01-02,no,,no,2023-05-06T07:08:09Z,2026-05-31
GitHub,,42,bot,,,,true,deploys,,,yes,,,
`)
	if len(got.Problems) > 0 || len(got.Rows) != 2 {
		t.Fatalf("problems %v", got.Problems)
	}
	a, b := got.Rows[0].Value, got.Rows[1].Value
	since := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
	if a.Kind != workforce.Infrastructure || a.ClientType != "AWS" || a.Connection != "Prod" || a.IdentityID != "AIDA1" ||
		workforce.Text(a.OwnerEmail) != "ann.owner@example.com" || a.ServiceAccount != nil || !workforce.Same(a.AdminAccess.Since, &since) ||
		a.AdminAccess.On == nil || !*a.AdminAccess.On || a.DBAccess.On == nil || *a.DBAccess.On || a.WriteAccess.On != nil {
		t.Errorf("got %+v", a)
	}
	if a.ConnectedAt == nil || a.ConnectedAt.Hour() != 7 || a.LastCheckedAt == nil || a.HasMFA == nil || !*a.HasMFA {
		t.Errorf("got %+v", a)
	}
	if b.Kind != workforce.VersionControl || b.ClientType != "GITHUB" || b.Connection != "GITHUB" || b.ServiceAccount == nil || !*b.ServiceAccount ||
		workforce.Text(b.ServiceAccountReason) != "deploys" || b.HasMFA != nil || b.WriteAccess.On == nil || b.WriteAccess.Since != nil {
		t.Errorf("got %+v", b)
	}
}

func TestEveryAccountClientType(t *testing.T) {
	t.Parallel()
	if len(accountClientTypes) != 17 {
		t.Fatalf("%d client types, want 17", len(accountClientTypes))
	}
	for _, c := range accountClientTypes {
		for _, text := range []string{string(c), strings.ToLower(string(c)), strings.ReplaceAll(string(c), "_", " ")} {
			got := accounts(t, "clientType,identityId\n"+text+",1\n")
			if len(got.Rows) != 1 || got.Rows[0].Value.ClientType != c {
				t.Errorf("%q: %+v", text, got)
			}
		}
	}
}

func TestAccountProblems(t *testing.T) {
	t.Parallel()
	const head = "clientType,identityId,ownerEmail,serviceAccount,serviceAccountReason,adminAccess,writeAccess\n"
	for _, tt := range []struct{ row, field, want string }{
		{",1,,,,,", fieldClientType, "GITLAB_ON_PREM"},
		{"okta,1,,,,,", fieldClientType, "no such client type"},
		{"AWS,,,,,,", fieldIdentityID, "the id that its system gives it"},
		{"AWS,1,,yes,,,", fieldServiceAccountReason, "needs the reason"},
		{"AWS,1,a@example.com,yes,robot,,", fieldOwnerEmail, "belongs to nobody"},
		{"AWS,1,,no,robot,,", fieldServiceAccountReason, "does not say true"},
		{"AWS,1,,,robot,,", fieldServiceAccountReason, "does not say true"},
		{"AWS,1,,,,,yes", "writeAccess", "no such access"},
		{"GITHUB,1,,,,2024-01-01,", "adminAccess", "no such access"},
		{"AWS,1,,,,often,", "adminAccess", "neither yes or no"},
		{"AWS,1,Ann,,,,", fieldOwnerEmail, "not an e-mail"},
	} {
		got := accounts(t, head+tt.row+"\n")
		if len(got.Rows) != 0 || len(got.Problems) == 0 {
			t.Errorf("%s: %+v", tt.row, got)
			continue
		}
		if p := got.Problems[0]; p.Field != tt.field || !strings.Contains(p.Reason, tt.want) {
			t.Errorf("%s: %+v, want %s: %s", tt.row, p, tt.field, tt.want)
		}
	}
	if got := accounts(t, head+"AWS,1,,no,,,no\nGITHUB,2,,,,no,yes\n"); len(got.Problems) > 0 {
		t.Errorf("a plain no where the access does not exist: %v", got.Problems)
	}
}

func TestAccountDuplicates(t *testing.T) {
	t.Parallel()
	got := accounts(t, "clientType,connection,identityId\nAWS,Prod,1\nAWS,Test,1\nAWS,PROD,1\nGCP,Prod,1\nAWS,,1\nAWS,aws,1\n")
	var lines []string
	for _, r := range got.Rows {
		lines = append(lines, fmt.Sprint(r.Line))
	}
	if s := strings.Join(lines, " "); s != "3 5" || len(got.Problems) != 2 {
		t.Errorf("lines %s, problems %v", s, got.Problems)
	}
}

func TestAccountsFromJSON(t *testing.T) {
	t.Parallel()
	got := accounts(t, `[{"clientType":"GITHUB","identityId":42,"writeAccess":true,"pushProductionCodeAccess":"2024-01-02T03:04:05Z","hasMfa":false}]`)
	if len(got.Rows) != 1 {
		t.Fatalf("problems %v", got.Problems)
	}
	a := got.Rows[0].Value
	if a.IdentityID != "42" || a.HasMFA == nil || *a.HasMFA || a.WriteAccess.On == nil || !*a.WriteAccess.On || a.PushProdAccess.Since == nil {
		t.Errorf("got %+v", a)
	}
}

func FuzzAccounts(f *testing.F) {
	f.Add("clientType,identityId,serviceAccount,reason\naws,1,yes,robot\n")
	f.Add("clientType,identityId,adminAccess\nGITHUB,1,2024-01-01\n")
	f.Fuzz(func(t *testing.T, file string) {
		got, err := ParseAccounts(strings.NewReader(file), CSV, Options{Today: today})
		if err != nil {
			if !workforce.IsReason(err, workforce.ReasonBadRequest) {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		for _, r := range got.Rows {
			a := r.Value
			service := a.ServiceAccount != nil && *a.ServiceAccount
			if a.Kind == "" || a.IdentityID == "" || a.Connection == "" || service != (a.ServiceAccountReason != nil) {
				t.Fatalf("row %+v is taken for a good one", r)
			}
		}
	})
}
