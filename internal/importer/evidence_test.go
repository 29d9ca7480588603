package importer

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// parsedBy parses a CSV file, or JSON where it begins with a bracket.
func parsedBy[T any](t *testing.T, parse func(io.Reader, Format, Options) (Parsed[T], error), file string) Parsed[T] {
	t.Helper()
	format := CSV
	if strings.HasPrefix(file, "[") || strings.HasPrefix(file, "{") {
		format = JSON
	}
	got, err := parse(strings.NewReader(file), format, Options{Today: today})
	if err != nil {
		t.Fatalf("%q: %v", file, err)
	}
	return got
}

// faulty is a row and what must be said of it.
type faulty struct{ row, field, want string }

func checkFaulty[T any](t *testing.T, parse func(io.Reader, Format, Options) (Parsed[T], error), head string, rows []faulty) {
	t.Helper()
	for _, tt := range rows {
		got := parsedBy(t, parse, head+tt.row+"\n")
		if len(got.Rows) != 0 || len(got.Problems) == 0 {
			t.Errorf("%s: %+v", tt.row, got)
			continue
		}
		if p := got.Problems[0]; p.Field != tt.field || !strings.Contains(p.Reason, tt.want) {
			t.Errorf("%s: %+v, want %s: %s", tt.row, p, tt.field, tt.want)
		}
	}
}

func TestDeviceFields(t *testing.T) {
	t.Parallel()
	got := parsedBy(t, ParseDevices, `MDM,Device ID,Serial,UDID,User Email,Model,OS Version,MAC,Encrypted,Firewall,Antivirus,Auto Updates,Password Manager,Location Services,screenLockTime,Agent,Apps,Last Seen
jamf,7,C02 X,AB-1,ann@example.com,MacBook,macOS 15.5,02:00:00:00:00:01,yes,no,,1,0,true,300,4.0,Mail|Slack; mail,2026-05-30T08:15:00Z
,,S-2,,,,,,,,,,,,0,,,
`)
	if len(got.Problems) > 0 || len(got.Rows) != 2 {
		t.Fatalf("problems %v", got.Problems)
	}
	a, b := got.Rows[0].Value, got.Rows[1].Value
	if a.SourceType != "JAMF" || workforce.Text(a.ExternalID) != "7" || workforce.Text(a.SerialNumber) != "C02 X" || workforce.Text(a.HardwareUUID) != "AB-1" ||
		workforce.Text(a.OwnerEmail) != "ann@example.com" || workforce.Text(a.OSVersion) != "macOS 15.5" || workforce.Text(a.AgentVersion) != "4.0" ||
		!*a.EncryptionEnabled || *a.FirewallEnabled || a.AntivirusEnabled != nil || !*a.AutoUpdateEnabled || *a.PasswordManagerEnabled || !*a.LocationServicesEnabled ||
		*a.ScreenLockTime != 300 || *a.AppsCount != 2 || strings.Join(a.Apps, ",") != "Mail,Slack" || a.LastCheckedAt.Hour() != 8 {
		t.Errorf("got %+v", a)
	}
	if b.SourceType != DefaultDeviceSource || b.ExternalID != nil || b.OwnerEmail != nil || b.EncryptionEnabled != nil || *b.ScreenLockTime != 0 || b.AppsCount != nil {
		t.Errorf("got %+v", b)
	}
	one := parsedBy(t, ParseDevices, `{"devices":[{"id":7,"apps":["A; B","C"],"encrypted":null,"screenLockTime":60}]}`)
	if d := one.Rows[0].Value; workforce.Text(d.ExternalID) != "7" || len(d.Apps) != 2 || d.EncryptionEnabled != nil || *d.ScreenLockTime != 60 {
		t.Errorf("got %+v", d)
	}
}

func TestDeviceProblems(t *testing.T) {
	t.Parallel()
	checkFaulty(t, ParseDevices, "sourceType,externalId,serialNumber,ownerEmail,encryption,screenLockTime,appsCount,apps,lastSeen\n", []faulty{
		{"palm,1,,,,,,,", fieldSourceType, "no such source; allowed are AGENT, JAMF"},
		{"JAMF,,,a@example.com,,,,,", fieldSerialNumber, "externalId"},
		{"JAMF,1,,Ann,,,,,", fieldOwnerEmail, "not an e-mail"},
		{"JAMF,1,,,FileVault,,,,", fieldEncryptionEnabled, "leave the cell empty where it is not known"},
		{"JAMF,1,,,,5 min,,,", fieldScreenLockTime, "a whole number from 0"},
		{"JAMF,1,,,,-1,,,", fieldScreenLockTime, "a whole number from 0"},
		{"JAMF,1,,,,,1,A;B,", fieldAppsCount, "2 apps are listed"},
		{"JAMF,1,,,,,,,2026-05-30 08:00", fieldLastCheckedAt, "time zone"},
		{"JAMF," + strings.Repeat("x", 192) + ",,,,,,,", fieldExternalID, "at most 191"},
	})
	got := parsedBy(t, ParseDevices, "source,id,serial\nJAMF,1,A\nINTUNE,1,A\njamf,1,B\nJAMF,3,b\nJAMF,4,C\n")
	if len(got.Rows) != 2 || got.Rows[0].Line != 3 || got.Rows[1].Line != 6 || len(got.Problems) != 2 {
		t.Errorf("rows %v, problems %v", got.Rows, got.Problems)
	}
	for _, c := range parsedBy(t, ParseDevices, "id,Screen Lock\n1,5\n").Mapping {
		if c.Name == "Screen Lock" && (c.Field != "" || !strings.Contains(c.Note, "seconds")) {
			t.Errorf("got %+v", c)
		}
	}
}

func TestTrainings(t *testing.T) {
	t.Parallel()
	got := parsedBy(t, ParseTrainings, `email,type,title,status,assigned on,completed on
a@example.com,security awareness,Basics,Passed,2026-01-05,2026-01-12
b@example.com,HIPAA,,,2026-01-05,
c@example.com,NIST_AI_TRAINING,,,,2026-06-02
d@example.com,security,X,in progress,,
e@example.com,security,X,completed,,
`)
	if len(got.Problems) > 0 {
		t.Fatalf("problems %v", got.Problems)
	}
	var lines []string
	for _, r := range got.Rows {
		lines = append(lines, strings.Join([]string{string(r.Value.Type), r.Value.Course, string(r.Value.State)}, " "))
	}
	want := `SECURITY_TRAINING Basics COMPLETED
HIPAA_TRAINING HIPAA_TRAINING ASSIGNED
NIST_AI_TRAINING NIST_AI_TRAINING COMPLETED
SECURITY_TRAINING X ASSIGNED
SECURITY_TRAINING X COMPLETED`
	if s := strings.Join(lines, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	checkFaulty(t, ParseTrainings, "email,type,course,state,assignedAt,completedAt\n", []faulty{
		{",security,,done,,", fieldEmail, "needs the e-mail address"},
		{"a@example.com,,,done,,", fieldType, "allowed are SECURITY_TRAINING"},
		{"a@example.com,yoga,,done,,", fieldType, "no such type of training; allowed are SECURITY_TRAINING"},
		{"a@example.com,security,,failed,,", fieldState, "no such state; allowed are ASSIGNED, COMPLETED"},
		{"a@example.com,security,,,,", fieldState, "neither that the training was completed nor that it was assigned"},
		{"a@example.com,security,,assigned,,2026-01-01", fieldState, "correct one of them"},
		{"a@example.com,security,,,,2026-06-03", fieldCompletedAt, "still to come"},
		{"a@example.com,security,,,,01/02/2026", fieldCompletedAt, "--date-format"},
	})
	twice := parsedBy(t, ParseTrainings, "email,type,course,state\nA@example.com,security,X,done\na@example.com,security,x,done\na@example.com,hipaa,x,done\n")
	if len(twice.Rows) != 1 || len(twice.Problems) != 1 {
		t.Errorf("rows %v, problems %v", twice.Rows, twice.Problems)
	}
}

func TestBackgroundChecks(t *testing.T) {
	t.Parallel()
	got := parsedBy(t, ParseBackgroundChecks, `candidate email,result,vendor,report id,check date,link,reason,out of scope since
a@example.com,clear,checkr,R-1,2026-05-01,https://checks.example.com/1,,
b@example.com,waived,,,,,came with one,2026-05-02
c@example.com,CANCELED,,,,,,
`)
	if len(got.Problems) > 0 {
		t.Fatalf("problems %v", got.Problems)
	}
	a, b, c := got.Rows[0].Value, got.Rows[1].Value, got.Rows[2].Value
	if a.Status != "OK" || a.Type != "CHECKR" || workforce.Text(a.CaseID) != "R-1" || *a.ManualCheckDate != "2026-05-01" || a.URL == nil {
		t.Errorf("got %+v", a)
	}
	if b.Status != "OUT_OF_SCOPE" || b.Type != "MANUAL" || workforce.Text(b.OutOfScopeReason) != "came with one" || b.OutOfScopeAt == nil {
		t.Errorf("got %+v", b)
	}
	if c.Status != "CANCELED" || c.CaseID != nil || c.ManualCheckDate != nil {
		t.Errorf("got %+v", c)
	}
	checkFaulty(t, ParseBackgroundChecks, "email,status,type,caseId,date,url,reason,outOfScopeAt\n", []faulty{
		{",OK,,,,,,", fieldEmail, "needs the e-mail address"},
		{"a@example.com,,,,,,,", fieldStatus, "allowed are PENDING, OK"},
		{"a@example.com,completed,,,,,,", fieldStatus, "no such status; allowed are PENDING, OK"},
		{"a@example.com,OK,grapevine,,,,,", fieldType, "allowed are KARMACHECK"},
		{"a@example.com,OUT_OF_SCOPE,,,,,,", fieldOutOfScopeReason, "needs the reason why"},
		{"a@example.com,OK,,,,,because,", fieldOutOfScopeReason, "not OUT_OF_SCOPE"},
		{"a@example.com,OK,,,,,,2026-01-01", fieldOutOfScopeAt, "not OUT_OF_SCOPE"},
		{"a@example.com,OK,,,2026-06-03,,,", fieldManualCheckDate, "still to come"},
		{"a@example.com,OK,,,,javascript:alert(1),,", fieldURL, "https://"},
		{"a@example.com,OK,,,,//host/x,,", fieldURL, "https://"},
	})
	twice := parsedBy(t, ParseBackgroundChecks, "email,status,type,case\na@example.com,OK,,\na@example.com,OK,MANUAL,\na@example.com,OK,,1\n")
	if len(twice.Rows) != 1 || len(twice.Problems) != 1 {
		t.Errorf("rows %v, problems %v", twice.Rows, twice.Problems)
	}
}

func TestAcknowledgements(t *testing.T) {
	t.Parallel()
	got := parsedBy(t, ParseAcknowledgements, "Email,Document,Version,Signed On\na@example.com,Rules,2,2026-05-01\nb@example.com,Rules,,2026-05-01T09:00:00Z\nb@example.com,Rules,,2026-05-02\n")
	if len(got.Problems) > 0 || len(got.Rows) != 3 {
		t.Fatalf("problems %v", got.Problems)
	}
	if a := got.Rows[0].Value; a.Policy != "Rules" || *a.Version != 2 || !a.AcknowledgedAt.Equal(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("got %+v", a)
	}
	checkFaulty(t, ParseAcknowledgements, "email,policy,version,acknowledgedAt\n", []faulty{
		{",Rules,1,2026-05-01", fieldEmail, "needs the e-mail address"},
		{"a@example.com,,1,2026-05-01", fieldPolicy, "needs the name of a policy"},
		{"a@example.com,Rules,1,", fieldAcknowledgedAt, "needs the time"},
		{"a@example.com,Rules,v1,2026-05-01", fieldVersion, "a whole number"},
		{"a@example.com,Rules,1,2026-06-03", fieldAcknowledgedAt, "still to come"},
	})
}

// The version that was in force follows from when versions were published.
func TestVersionInForce(t *testing.T) {
	t.Parallel()
	at := func(day, hour int) time.Time { return time.Date(2026, 1, day, hour, 0, 0, 0, time.UTC) }
	p := &workforce.Policy{Versions: []workforce.PolicyVersion{
		{Version: 1, PublishedAt: workforce.Ptr(at(5, 12))}, {Version: 2, PublishedAt: workforce.Ptr(at(10, 12))}, {Version: 3},
	}}
	for _, tt := range []struct {
		named   int64
		at      time.Time
		version int64
		reason  string
	}{
		{0, at(4, 0), 0, "no published version at that time"},
		{0, at(5, 0), 1, ""}, // the day, not its first instant
		{0, at(5, 11), 0, "no published version at that time"},
		{0, at(5, 12), 1, ""},
		{0, at(9, 0), 1, ""},
		{0, at(10, 0), 2, ""},
		{0, at(20, 7), 2, ""},
		{1, at(20, 0), 1, ""},
		{3, at(20, 0), 0, "is a draft"},
		{4, at(20, 0), 0, "has no version 4"},
	} {
		var named *int64
		if tt.named > 0 {
			named = &tt.named
		}
		version, reason := versionOf(p, named, tt.at)
		if version != tt.version || !strings.Contains(reason, tt.reason) || (reason == "") != (tt.reason == "") {
			t.Errorf("version %d at %v: %d, %q; want %d, %q", tt.named, tt.at, version, reason, tt.version, tt.reason)
		}
	}
}

func FuzzEvidence(f *testing.F) {
	f.Add("source,id,serial,email,encrypted,apps\njamf,1,S,a@example.com,yes,A|B\n")
	f.Add("email,type,status,completedAt\na@example.com,security,done,2026-01-01\n")
	f.Add("email,status,reason\na@example.com,waived,x\n")
	f.Add("email,policy,version,date\na@example.com,Rules,1,2026-01-01\n")
	f.Fuzz(func(t *testing.T, file string) {
		opts := Options{Today: today}
		refused := func(err error) bool {
			if err != nil && !workforce.IsReason(err, workforce.ReasonBadRequest) {
				t.Fatalf("%v is no refusal", err)
			}
			return err != nil
		}
		if got, err := ParseDevices(strings.NewReader(file), CSV, opts); !refused(err) {
			for _, r := range got.Rows {
				if d := r.Value; d.SourceType == "" || d.ExternalID == nil && d.SerialNumber == nil || len(d.Apps) > 0 && *d.AppsCount < int64(len(d.Apps)) {
					t.Fatalf("row %+v is taken for a good one", r)
				}
			}
		}
		if got, err := ParseTrainings(strings.NewReader(file), CSV, opts); !refused(err) {
			for _, r := range got.Rows {
				if v := r.Value; v.Email == "" || v.Type == "" || v.Course == "" || v.State == "" || v.State == workforce.TrainingAssigned && v.CompletedAt != nil {
					t.Fatalf("row %+v is taken for a good one", r)
				}
			}
		}
		if got, err := ParseBackgroundChecks(strings.NewReader(file), CSV, opts); !refused(err) {
			for _, r := range got.Rows {
				if v := r.Value; v.Email == "" || v.Type == "" || v.Status == "" || (v.Status == backgroundOutOfScope) != (v.OutOfScopeReason != nil) {
					t.Fatalf("row %+v is taken for a good one", r)
				}
			}
		}
		if got, err := ParseAcknowledgements(strings.NewReader(file), CSV, opts); !refused(err) {
			for _, r := range got.Rows {
				if v := r.Value; v.Email == "" || v.Policy == "" || v.AcknowledgedAt.IsZero() {
					t.Fatalf("row %+v is taken for a good one", r)
				}
			}
		}
	})
}
