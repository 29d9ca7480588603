package web

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// addFull adds person 1, who left, with one of everything.
func addFull(b *bundle) {
	now := b.db.Now()
	p := b.person("Nguyễn", "<b>Bình</b>", "binh@example.com", workforce.CheckPass)
	p.Personnel.EmploymentStatus = workforce.FormerEmployee
	p.Personnel.StartDate = workforce.Ptr(workforce.Date("2020-02-29"))
	p.Personnel.SeparationDate = workforce.Ptr(workforce.Date("2026-05-01"))
	done := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p.Trainings = []workforce.Training{{
		Type: workforce.CheckSecurityTraining, Course: "Basics <2026>", State: workforce.TrainingCompleted, CompletedAt: &done, Source: "import", CreatedAt: now, UpdatedAt: now,
	}}
	p.Identities = []workforce.Identity{
		{ConnectionID: 1, IdentityID: "g-1", Username: workforce.Ptr("binh"), HasMFA: workforce.Ptr(true), CreatedAt: now, UpdatedAt: now},
		{ConnectionID: 1, IdentityID: "g-2", HasMFA: workforce.Ptr(false), CreatedAt: now, UpdatedAt: now},
		{ConnectionID: 1, IdentityID: "g-3", CreatedAt: now, UpdatedAt: now},
	}
	p.Devices = []workforce.Device{
		{
			Model: workforce.Ptr("Book 14"), SourceType: "HEXNODE_UEM", SerialNumber: workforce.Ptr("SN-77"), LastCheckedAt: &now, CreatedAt: now, UpdatedAt: now,
			EncryptionEnabled: workforce.Ptr(false), PasswordManagerEnabled: workforce.Ptr(false),
		},
		{SourceType: "AGENT", DeletedAt: &now, CreatedAt: now, UpdatedAt: now},
	}
	p.BackgroundChecks = []workforce.BackgroundCheck{
		{Status: "OK", Type: "CHECKR", URL: workforce.Ptr("https://reports.example.com/1"), CreatedAt: now, UpdatedAt: now},
		{Status: "OUT_OF_SCOPE", Type: "MANUAL", URL: workforce.Ptr("javascript:alert(1)"), OutOfScopeReason: workforce.Ptr("left before"), CreatedAt: now, UpdatedAt: now},
	}
	p.Documents = []workforce.Document{{Name: "Proof", Type: "HARD_DRIVE_ENCRYPTION_EVIDENCE", RenewalDate: workforce.Ptr(workforce.Date("2027-03-01")), CreatedAt: now, UpdatedAt: now}}
	p.GroupIDs = []workforce.GroupID{2}
	b.write(func(tx *store.Tx) error {
		err := tx.CreateGroups(b.cli, []workforce.Group{{Name: "Others", CreatedAt: now, UpdatedAt: now}, {Name: "Ops & more", CreatedAt: now, UpdatedAt: now}})
		if err != nil {
			return err
		}
		return tx.CreateConnections(b.cli, []workforce.Connection{
			{ClientType: "GOOGLE", State: workforce.ConnectionActive, ClientAlias: workforce.Ptr("Head office"), CreatedAt: now, UpdatedAt: now},
			{ClientType: "GITHUB_ENTERPRISE", State: workforce.ConnectionActive, CreatedAt: now, UpdatedAt: now},
			{ClientType: "AWS", State: workforce.ConnectionActive, CreatedAt: now, UpdatedAt: now},
		})
	})
	b.ask(workforce.AllCheckTypes...)
	b.add(p)
	user, method := workforce.Ptr(workforce.UserID(1)), workforce.Ptr(workforce.LinkVerifiedEmail)
	b.write(func(tx *store.Tx) error {
		return tx.CreateAccounts(b.cli, []workforce.Account{
			{Kind: workforce.Infrastructure, ConnectionID: 3, IdentityID: "arn-1", UserID: user, LinkMethod: method, ConnectedAt: &now, AdminAccessAt: &now, CreatedAt: now, UpdatedAt: now},
			{Kind: workforce.VersionControl, ConnectionID: 2, IdentityID: "gh-1", Username: workforce.Ptr("binh-gh"), UserID: user, ConnectedAt: &now, DisconnectedAt: &now, HasMFA: workforce.Ptr(false), CreatedAt: now, UpdatedAt: now},
			{Kind: workforce.VersionControl, ConnectionID: 2, IdentityID: "gh-2", CreatedAt: now, UpdatedAt: now},
		})
	})
}

// part is the section of a page with the id.
func part(t *testing.T, w response, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(w.Body.String(), `<section aria-labelledby="`+id+`">`)
	text, _, closed := strings.Cut(rest, "</section>")
	if !ok || !closed {
		t.Fatalf("the page has no section %q", id)
	}
	return text
}

func TestPersonShowsEverything(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addFull(b)
	b.setCompany(func(c *workforce.Company) { c.TimeZone = "Asia/Tokyo" })
	b.signIn()
	w := b.get("/people/1").want(200, `<h1 dir="auto">Nguyễn &lt;b&gt;Bình&lt;/b&gt;</h1>`, "Times are those of Asia/Tokyo").lacks("<b>", "javascript:")
	for id, texts := range map[string][]string{
		"who":  {"binh@example.com", `datetime="2020-02-29"`, "2026-05-01", "Former employee", `<span class="absent">unknown</span>`},
		"pins": {"No field was set by hand"},
		"checks": {
			`title="Identity MFA: unknown"`, "NIST AI training", "Last assessed", "Next due",
			`<details class="check" open>
<summary><span class="what">Password manager</span>`, "The Book 14 (serial number SN-77) has no password manager.", "<strong>What to do:</strong>",
			`<details class="check">
<summary><span class="what">Security training</span>`, "2027-01-02 12:04", `datetime="2027-01-02T03:04:05Z"`, "Basics &lt;2026&gt;", "2026-01-02 12:04",
			"Password manager fails.", "does not expire", `<span dir="auto">Proof</span>`,
		},
		"exclusions": {"This person is excluded from no check."},
		"identities": {
			"Head office", `<span class="note" dir="auto">Google</span>`, "g-1",
			`data-label="MFA"><span class="line"><span dir="auto">yes</span>`,
			`data-label="MFA"><span class="line"><span dir="auto">no</span>`,
			`data-label="MFA"><span class="line"><span class="absent">unknown</span>`,
		},
		"accounts": {
			"AWS", "GitHub Enterprise", "arn-1", "username unknown", "binh-gh", "since 2026-06-01", "Verified e-mail",
			"1 account is still connected although this person has left.", "none declared",
		},
		"devices":           {"Book 14", "SN-77", "Hexnode UEM", "model unknown", `title="Disk encryption: fails"`, `title="Antivirus: no result"`, "since 2026-06-01"},
		"background-checks": {`href="https://reports.example.com/1" rel="noopener noreferrer"`, "Out of scope", "left before"},
		"documents":         {"Proof", "Hard drive encryption", "2027-03-01"},
		"groups":            {"Ops &amp; more"},
	} {
		text := part(t, w, id)
		for _, want := range texts {
			if !strings.Contains(text, want) {
				t.Errorf("section %s lacks %q:\n%s", id, want, text)
			}
		}
	}
	if text := part(t, w, "groups"); strings.Contains(text, "Others") {
		t.Error("shows a group that the person is not in")
	}
	if text := part(t, w, "accounts"); strings.Contains(text, "gh-2") {
		t.Error("shows an account of nobody")
	}
}

func TestPersonOfWhomNothingIsKnown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(b.person("", "", "x@example.com", workforce.CheckExcluded))
	b.signIn()
	b.get("/people/1").want(200, `<h1 dir="auto">x@example.com</h1>`, "No identity is recorded.", "No account is linked to this person.",
		"No device is recorded.", "No background check is recorded.", "No document is recorded.", "No group is recorded.").
		lacks(`<span dir="auto">no</span>`)
}

func TestPersonShowsExclusions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addFull(b)
	now := b.db.Now()
	person, group, later := workforce.PersonnelID(1), workforce.GroupID(2), now.AddDate(0, 1, 0)
	for _, in := range []compliance.ExclusionInput{
		{PersonnelID: &person, Checks: []workforce.CheckType{workforce.CheckAntivirus}, Reason: "a <loaner>", EndsAt: &later},
		{GroupID: &group, Checks: []workforce.CheckType{workforce.CheckBackground, workforce.CheckHIPAATraining}, Reason: "not yet", StartsAt: &later},
		{PersonnelID: &person, Checks: []workforce.CheckType{workforce.CheckLockScreen}, Reason: "over"},
	} {
		if _, err := b.compliance.Exclude(b.cli, in); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.compliance.EndExclusion(b.cli, 3, nil); err != nil {
		t.Fatal(err)
	}
	b.signIn()
	w := b.get("/people/1").want(200)
	text := part(t, w, "exclusions")
	for _, want := range []string{
		"Antivirus", "a &lt;loaner&gt;", "this person", "2026-07-01 12:00", "the command line",
		"Background check", "HIPAA training", "Ops &amp; more", "not in force yet", "somebody ends it",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("exclusions lack %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "over") || strings.Contains(text, "Lock screen") {
		t.Error("shows an exclusion that has ended")
	}
	if checks := part(t, w, "checks"); !strings.Contains(checks, "excluded from this check until 2026-07-01: a &lt;loaner&gt;") {
		t.Errorf("the check does not say why:\n%s", checks)
	}
}

// A key that may not know why sees the rest.
func TestPersonWithoutWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addFull(b)
	b.signIn(workforce.ScopePersonnelGet, workforce.ScopePersonnelList)
	w := b.get("/people/1").want(200, "Why the checks came out so is not shown. ", "Exclusions are not shown. ", string(workforce.ScopeComplianceGet))
	text := part(t, w, "checks")
	if !strings.Contains(text, `title="Password manager: fails"`) || strings.Contains(text, "SN-77") || strings.Contains(text, "What to do") {
		t.Errorf("shows too much or too little:\n%s", text)
	}
	wellFormed(t, w.Body.String())
}

func TestPersonShowsPins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(b.person("Ann", "", "ann@example.com", workforce.CheckPass))
	_, err := b.dir.SetStatus(b.cli, 1, directory.StatusChange{Status: workforce.OutOfScope, NotHumanReason: workforce.Ptr("a <robot>")})
	if err != nil {
		t.Fatal(err)
	}
	b.signIn()
	w := b.get("/people/1").want(200, "Out of scope because", "a &lt;robot&gt;")
	for _, want := range []string{"Employment status", "the command line", "2026-06-01 12:00", "set by hand"} {
		if text := part(t, w, "pins"); !strings.Contains(text, want) {
			t.Errorf("pins lack %q:\n%s", want, text)
		}
	}
}

func TestEveryDemoPersonHasAPage(t *testing.T) {
	t.Parallel()
	const everybody = 60
	b := setupDemo(t, everybody)
	b.signIn()
	for id := range everybody {
		wellFormed(t, b.get("/people/"+strconv.Itoa(id+1)).want(200).Body.String())
	}
}

func TestActorName(t *testing.T) {
	t.Parallel()
	for actor, want := range map[string]string{"key:12": "API key 12", "cli": "the command line", "demo": "demo"} {
		if got := actorName(actor); got != want {
			t.Errorf("%s is %q, want %q", actor, got, want)
		}
	}
}
