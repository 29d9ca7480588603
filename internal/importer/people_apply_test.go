package importer

import (
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

const staff = `id,email,first name,last name,title,status,start date,end date,contractor,manager,groups,mfa,roles,personal email
1,boss@example.com,Ada,Løve,CEO,active,2020-01-01,,no,,Board,yes,ADMIN;EMPLOYEE,
2,bo@example.com,Bo,,Engineer,,2024-02-01,,,BOSS@example.com,Dev;Ops,,,bo@example.net
3,cy@example.com,Cy,Doe,,,2022-01-01,2023-01-01,yes,boss@example.com,dev,no,,
4,dee@example.com,Dee,Roe,,,2026-09-01,,,nobody@example.com,,,,
5,eve@example.com,,,,,,,,,,,,
`

func TestImportPeople(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		r := b.importPeople(staff)
		b.want(r, "created 5 updated 0 unchanged 0 skipped 0")
		if r.Source != DefaultSource {
			b.Errorf("the source is %q", r.Source)
		}
		for email, want := range map[string]workforce.EmploymentStatus{
			"boss@example.com": workforce.CurrentEmployee, "bo@example.com": workforce.CurrentEmployee,
			"cy@example.com": workforce.FormerContractor, "dee@example.com": workforce.FutureHire, "eve@example.com": workforce.UnknownStatus,
		} {
			rec := b.person(email)
			if rec.EmploymentStatus != want || len(rec.Checks) != 15 {
				b.Errorf("%s is %s with %d checks, want %s", email, rec.EmploymentStatus, len(rec.Checks), want)
			}
		}
		// The checks are those of the facts, and not of whoever imports.
		for email, want := range map[string]string{
			"boss@example.com": "MISCONFIGURED PASS EXCLUDED", "eve@example.com": "MISCONFIGURED MISCONFIGURED EXCLUDED",
			"cy@example.com": "EXCLUDED EXCLUDED FAIL", "dee@example.com": "EXCLUDED EXCLUDED EXCLUDED",
		} {
			if got := b.checks(email, workforce.CheckBackground, workforce.CheckIdentityMFA, workforce.CheckOffboarding); got != want {
				b.Errorf("%s has %s, want %s", email, got, want)
			}
		}
		bo := b.person("BO@example.com")
		identity := bo.User.Identities[0]
		if identity.IdentityID != "2" || workforce.Text(identity.ManagerID) != "1" || workforce.Text(identity.ManagerName) != "Ada Løve" ||
			workforce.Text(identity.SecondaryEmail) != "bo@example.net" || identity.HasMFA != nil || !identity.HasIDP ||
			identity.Connection.ClientType != workforce.ClientFile || workforce.Text(identity.Connection.ClientAlias) != "import" {
			b.Errorf("identity %+v", identity.Identity)
		}
		if bo.User.LastName != nil || workforce.Text(bo.User.JobTitle) != "Engineer" || bo.StartDate == nil || *bo.StartDate != "2024-02-01" {
			b.Errorf("got %+v", bo)
		}
		if dee := b.person("dee@example.com").User.Identities[0]; dee.ManagerID != nil || dee.ManagerName != nil {
			b.Errorf("a manager whom nobody knows was made up: %+v", dee.Identity)
		}
		b.read(func(r *store.Reader) error {
			admin, err := r.FirstAdmin(b.Context())
			if err != nil || admin == nil || *admin != 1 {
				b.Errorf("the first admin is %v, %v", admin, err)
			}
			groups, err := r.GroupIDsOf(b.Context(), bo.ID)
			if err != nil || len(groups) != 2 {
				b.Errorf("groups %v, %v", groups, err)
			}
			all, err := r.Groups(b.Context())
			if err != nil || len(all) != 3 {
				b.Errorf("all groups %v, %v", all, err)
			}
			return nil
		})
	})
}

func TestTheSameFileAgainChangesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(staff)
		b.same("the same file again", func() {
			b.want(b.importPeople(staff), "created 0 updated 0 unchanged 5 skipped 0")
		})
		// Not either after somebody decided otherwise by hand.
		b.pin("bo@example.com", workforce.PinEmploymentStatus, func(p *workforce.Personnel) { p.EmploymentStatus = workforce.CurrentContractor })
		b.same("the same file after a manual change", func() { b.importPeople(staff) })
		if got := b.person("bo@example.com").EmploymentStatus; got != workforce.CurrentContractor {
			b.Errorf("the manual status became %s", got)
		}
	})
}

func TestReimportChangesWhatTheFileSays(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(staff)
		before := b.head()
		r := b.importPeople(strings.NewReplacer(
			"bo@example.com,Bo,,Engineer,,2024-02-01,,", "bo.new@example.com,Bo,Yu,Lead,,2024-02-01,2026-05-31,",
			"Dev;Ops", "Sec").Replace(staff))
		b.want(r, "created 0 updated 1 unchanged 4 skipped 0")
		bo := b.person("bo.new@example.com")
		if bo.EmploymentStatus != workforce.FormerEmployee || workforce.Text(bo.User.LastName) != "Yu" || workforce.Text(bo.User.JobTitle) != "Lead" || bo.SeparationDate == nil {
			b.Errorf("got %+v", bo)
		}
		if got := b.head() - before; got != 3 { // the new group, the user, the personnel record
			b.Errorf("%d rows were logged, want 3", got)
		}
		b.read(func(r *store.Reader) error {
			groups, err := r.GroupIDsOf(b.Context(), bo.ID)
			if len(groups) != 3 {
				b.Errorf("groups %v: a file adds memberships and takes none", groups)
			}
			return err
		})
	})
}

func TestWhatASourceTakesBackIsUnknownAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople("id,email,title,start date,end date\n1,a@example.com,Lead,2024-01-01,2025-01-01\n")
		if s := b.person("a@example.com").EmploymentStatus; s != workforce.FormerEmployee {
			b.Fatalf("status %s", s)
		}
		// A file without the columns says nothing about them.
		b.same("a file with fewer columns", func() { b.importPeople("id,email\n1,a@example.com\n") })
		b.same("a file with the start date alone", func() { b.importPeople("id,email,start date\n1,a@example.com,2024-01-01\n") })
		// An empty cell takes the date back.
		b.importPeople("id,email,title,start date,end date\n1,a@example.com,,2024-01-01,\n")
		rec := b.person("a@example.com")
		if rec.SeparationDate != nil || rec.User.JobTitle != nil || rec.EmploymentStatus != workforce.CurrentEmployee || rec.StartDate == nil {
			b.Errorf("got %+v", rec)
		}
	})
}

func TestPinsHoldAgainstAFile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		const head = "id,email,start date,end date\n"
		b.importPeople(head + "1,a@example.com,2024-01-01,\n")
		b.pin("a@example.com", workforce.PinStartDate, func(p *workforce.Personnel) { p.StartDate = workforce.Ptr(workforce.Date("2025-06-01")) })
		b.importPeople(head + "1,a@example.com,2024-03-01,2026-01-01\n")
		rec := b.person("a@example.com")
		if *rec.StartDate != "2025-06-01" || rec.SeparationDate == nil || rec.EmploymentStatus != workforce.FormerEmployee {
			b.Errorf("got %v to %v, %s", rec.StartDate, rec.SeparationDate, rec.EmploymentStatus)
		}
		b.read(func(r *store.Reader) error {
			records, err := r.SourceRecords(b.Context(), rec.UserID)
			if err != nil || len(records) != 1 || *records[0].Facts.StartDate != "2024-03-01" {
				b.Errorf("what the source said is not kept beside the pin: %+v, %v", records, err)
			}
			return nil
		})
		b.same("dates that contradict a pin", func() {
			r, err := b.tryPeople(head + "1,a@example.com,2024-03-01,2025-01-01\n")
			if err == nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Reason, "together with what is recorded") {
				b.Errorf("%+v, %v", r, err)
			}
		})
	})
}

func TestSecondSource(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople("id,email,first name,start date\n1,a@example.com,Ann,2024-01-01\n")
		r := b.importPeople("email,mfa,title\nA@example.com,yes,Lead\nb@example.com,,\n", func(o *ApplyOptions) { o.Source = "idp" })
		b.want(r, "created 1 updated 1 unchanged 0 skipped 0")
		rec := b.person("a@example.com")
		if len(rec.User.Identities) != 2 || rec.User.Email != "a@example.com" || workforce.Text(rec.User.FirstName) != "Ann" ||
			workforce.Text(rec.User.JobTitle) != "Lead" || rec.EmploymentStatus != workforce.CurrentEmployee {
			b.Errorf("got %+v", rec)
		}
		b.same("the second source again", func() {
			b.importPeople("email,mfa,title\nA@example.com,yes,Lead\nb@example.com,,\n", func(o *ApplyOptions) { o.Source = " IDP " })
		})
	})
}

func TestRowsThatCannotBeMatched(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople("id,email\n1,a@example.com\n2,b@example.com\n")
		b.importPeople("email\nc@example.com\n")
		for _, tt := range []struct{ rows, want string }{
			{"1,b@example.com\n", "that of another"},
			{"9,a@example.com\n", `by the id "1"`},
			{"7,c@example.com\n", `by the id "c@example.com"`},
			{"1,new@example.com\n9,a@example.com\n", `by the id "1"`},
		} {
			b.same(tt.rows, func() {
				r, err := b.tryPeople("id,email\n" + tt.rows)
				if err == nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Reason, tt.want) {
					b.Errorf("%q: %+v, %v", tt.rows, r, err)
				}
			})
		}
		r := b.importPeople("id,email\n9,a@example.com\n3,d@example.com\n", func(o *ApplyOptions) { o.SkipBad = true })
		b.want(r, "created 1 updated 0 unchanged 0 skipped 1")
	})
}

func TestOutOfScopeKeepsItsReason(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		const file = "email,status,notHumanReason\nscan@example.com,OUT_OF_SCOPE,a scanner\nann@example.com,active,\n"
		b.importPeople(file)
		if rec := b.person("scan@example.com"); rec.EmploymentStatus != workforce.OutOfScope || workforce.Text(rec.NotHumanReason) != "a scanner" {
			b.Errorf("got %+v", rec)
		}
		b.same("the same file again", func() { b.importPeople(file) })
		b.importPeople(strings.Replace(strings.Replace(file, "a scanner", "a printer", 1), "ann@example.com,active,", "ann@example.com,out of scope,a robot", 1))
		for email, want := range map[string]string{"scan@example.com": "a printer", "ann@example.com": "a robot"} {
			if rec := b.person(email); rec.EmploymentStatus != workforce.OutOfScope || workforce.Text(rec.NotHumanReason) != want {
				b.Errorf("%s: %s, %v", email, rec.EmploymentStatus, rec.NotHumanReason)
			}
		}
		b.importPeople(file)
		if rec := b.person("ann@example.com"); rec.EmploymentStatus != workforce.CurrentEmployee || rec.NotHumanReason != nil {
			b.Errorf("back in scope: %+v", rec)
		}
	})
}

// A person who is not in the file is not touched.
func TestAFileIsPartial(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(staff)
		b.same("one person of five", func() {
			lines := strings.SplitAfterN(staff, "\n", 3)
			b.want(b.importPeople(lines[0]+lines[1]), "created 0 updated 0 unchanged 1 skipped 0")
		})
	})
}
