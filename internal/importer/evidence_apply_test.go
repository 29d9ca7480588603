package importer

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// tryBy parses and applies a file.
func tryBy[T any](
	b *bundle, parse func(io.Reader, Format, Options) (Parsed[T], error),
	apply func(context.Context, *store.DB, *Parsed[T], ApplyOptions) (Report, error), file string, change ...func(*ApplyOptions),
) (Report, error) {
	b.Helper()
	parsed := parsedBy(b.T, parse, file)
	var opts ApplyOptions
	for _, f := range change {
		f(&opts)
	}
	return apply(b.ctx, b.db, &parsed, opts)
}

// must is for a file that must be right.
func (b *bundle) must(r Report, err error) Report {
	b.Helper()
	if err != nil {
		b.Fatalf("%v: %v", err, r.Problems)
	}
	return r
}

func (b *bundle) importTrainings(file string) Report {
	b.Helper()
	return b.must(tryBy(b, ParseTrainings, ApplyTrainings, file))
}

func (b *bundle) importBackgroundChecks(file string) Report {
	b.Helper()
	return b.must(tryBy(b, ParseBackgroundChecks, ApplyBackgroundChecks, file))
}

func (b *bundle) importAcknowledgements(file string) Report {
	b.Helper()
	return b.must(tryBy(b, ParseAcknowledgements, ApplyAcknowledgements, file))
}

// checks gives the outcomes of some checks of somebody.
func (b *bundle) checks(email string, types ...workforce.CheckType) string {
	b.Helper()
	rec := b.person(email)
	var out []string
	for _, t := range types {
		for _, c := range rec.Checks {
			if c.Type == t {
				out = append(out, string(c.Status))
			}
		}
	}
	return strings.Join(out, " ")
}

const crew = "email,start date\nann@example.com,2020-01-01\nbo@example.com,2020-01-01\ncy@example.com,2020-01-01\n"

func (b *bundle) trainingsOf(email string) []workforce.Training {
	b.Helper()
	user := b.person(email).UserID
	var out []workforce.Training
	b.read(func(r *store.Reader) error {
		all, err := r.Trainings(b.Context(), []workforce.UserID{user})
		out = all[user]
		return err
	})
	return out
}

func TestImportTrainings(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(crew)
		const file = `email,type,course,status,assigned on,completed on
ann@example.com,security,Basics,done,2026-01-05,2026-01-12
ANN@example.com,hipaa,Health,,2026-01-05,
bo@example.com,security,Basics,in progress,2026-01-05,
cy@example.com,security,Basics,done,,
`
		b.want(b.importTrainings(file), "created 4 updated 0 unchanged 0 skipped 0")
		for email, want := range map[string]string{"ann@example.com": "PASS", "bo@example.com": "FAIL", "cy@example.com": "MISCONFIGURED"} {
			if got := b.checks(email, workforce.CheckSecurityTraining); got != want {
				b.Errorf("the training of %s is %s, want %s", email, got, want)
			}
		}
		if got := b.trainingsOf("ann@example.com"); len(got) != 2 || got[0].Course != "Basics" || got[0].Source != sourceImport || !got[0].CreatedAt.Equal(noon) {
			b.Errorf("got %+v", got)
		}
		b.same("the same file again", func() {
			b.want(b.importTrainings(file), "created 0 updated 0 unchanged 4 skipped 0")
		})
		// Bo is through, Cy's date has come, and what Ann has to do again does
		// not take away that she did it.
		b.want(b.importTrainings(`email,type,course,status,assigned on,completed on
ann@example.com,security,BASICS,assigned,2026-05-05,
bo@example.com,security,Basics,done,,2026-05-20
cy@example.com,security,Basics,done,,2024-05-20
`), "created 0 updated 3 unchanged 0 skipped 0")
		ann := b.trainingsOf("ann@example.com")[0]
		if ann.State != workforce.TrainingCompleted || ann.CompletedAt.Day() != 12 || ann.AssignedAt.Month() != time.May || ann.Course != "Basics" {
			b.Errorf("got %+v", ann)
		}
		for email, want := range map[string]string{"ann@example.com": "PASS", "bo@example.com": "PASS", "cy@example.com": "FAIL"} {
			if got := b.checks(email, workforce.CheckSecurityTraining); got != want {
				b.Errorf("the training of %s is %s, want %s", email, got, want)
			}
		}
	})
}

func TestEvidenceOfNobody(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(crew)
		b.same("rows about nobody", func() {
			r, err := tryBy(b, ParseTrainings, ApplyTrainings, "email,type,status\nann@example.com,security,done\nzoe@example.com,security,done\n")
			if err == nil || len(r.Problems) != 1 || r.Problems[0].Line != 3 || r.Problems[0].Reason != nobodyHere {
				b.Errorf("%+v, %v", r, err)
			}
		})
		skip := func(o *ApplyOptions) { o.SkipBad = true }
		dry := func(o *ApplyOptions) { o.SkipBad, o.DryRun = true, true }
		const file = "email,status\nann@example.com,OK\nzoe@example.com,OK\n"
		b.same("a dry run", func() {
			b.want(b.must(tryBy(b, ParseBackgroundChecks, ApplyBackgroundChecks, file, dry)), "created 1 updated 0 unchanged 0 skipped 1")
		})
		b.want(b.must(tryBy(b, ParseBackgroundChecks, ApplyBackgroundChecks, file, skip)), "created 1 updated 0 unchanged 0 skipped 1")
	})
}

func TestImportBackgroundChecks(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(crew)
		const file = `email,status,provider,case,check date,url,reason
ann@example.com,clear,checkr,R-1,2026-05-01,https://checks.example.com/1,
bo@example.com,pending,checkr,R-2,,,
cy@example.com,waived,,,,,came with one
`
		b.want(b.importBackgroundChecks(file), "created 3 updated 0 unchanged 0 skipped 0")
		for email, want := range map[string]string{"ann@example.com": "PASS", "bo@example.com": "FAIL", "cy@example.com": "PASS"} {
			if got := b.checks(email, workforce.CheckBackground); got != want {
				b.Errorf("the check of %s is %s, want %s", email, got, want)
			}
		}
		if cy := b.person("cy@example.com").User.BackgroundChecks[0]; cy.Type != backgroundManual || !cy.OutOfScopeAt.Equal(noon) || workforce.Text(cy.OutOfScopeReason) != "came with one" {
			b.Errorf("got %+v", cy)
		}
		b.same("the same file again", func() {
			b.want(b.importBackgroundChecks(file), "created 0 updated 0 unchanged 3 skipped 0")
		})
		b.want(b.importBackgroundChecks(`email,status,provider,case,check date
ann@example.com,expired,checkr,R-1,
bo@example.com,clear,checkr,R-2,2026-05-30
bo@example.com,clear,certn,R-2,2026-05-30
cy@example.com,OK,,,2026-05-29
`), "created 1 updated 3 unchanged 0 skipped 0")
		ann, cy := b.person("ann@example.com").User.BackgroundChecks[0], b.person("cy@example.com").User.BackgroundChecks[0]
		if ann.Status != "EXPIRED" || ann.URL == nil || ann.ManualCheckDate == nil { // empty cells say nothing
			b.Errorf("got %+v", ann)
		}
		if cy.Status != "OK" || cy.OutOfScopeReason != nil || cy.OutOfScopeAt != nil {
			b.Errorf("got %+v", cy)
		}
	})
}

// policy makes a policy with two published versions and a draft.
func (b *bundle) policy(name string) {
	b.Helper()
	b.write(func(tx *store.Tx) error {
		p := workforce.Policy{Name: name, AssignedTo: workforce.AssignedToAll, Versions: []workforce.PolicyVersion{
			{Version: 1, PublishedAt: workforce.Ptr(noon.AddDate(0, -2, 0))}, {Version: 2, PublishedAt: workforce.Ptr(noon.AddDate(0, -1, 0))}, {Version: 3},
		}}
		return tx.SavePolicy(b.Context(), nil, &p)
	})
}

func TestImportAcknowledgements(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(crew)
		b.same("there is no policy", func() {
			r, err := tryBy(b, ParseAcknowledgements, ApplyAcknowledgements, "email,policy,date\nann@example.com,Acceptable Use,2026-05-02\n")
			if err == nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Reason, "none has been made yet") {
				b.Errorf("%+v, %v", r, err)
			}
		})
		b.policy("Acceptable Use")
		const file = `email,policy,version,date
ann@example.com,acceptable use,,2026-05-02
bo@example.com,Acceptable Use,1,2026-05-02
cy@example.com,Acceptable Use,,2026-04-15
`
		b.want(b.importAcknowledgements(file), "created 3 updated 0 unchanged 0 skipped 0")
		for email, want := range map[string]string{"ann@example.com": "PASS", "bo@example.com": "FAIL", "cy@example.com": "FAIL"} {
			if got := b.checks(email, workforce.CheckAcceptedPolicies); got != want {
				b.Errorf("the policies of %s are %s, want %s", email, got, want)
			}
		}
		b.same("the same file again", func() {
			b.want(b.importAcknowledgements(file), "created 0 updated 0 unchanged 3 skipped 0")
		})
		r := b.importAcknowledgements("email,policy,version,date\nann@example.com,Acceptable Use,2,2026-05-20\nbo@example.com,Acceptable Use,1,2026-04-20\ncy@example.com,Acceptable Use,,2026-05-20\n")
		b.want(r, "created 1 updated 1 unchanged 1 skipped 0")
		if len(r.Notes) != 1 || r.Notes[0].Line != 3 || !strings.Contains(r.Notes[0].Reason, "2026-05-02") {
			b.Errorf("notes %v", r.Notes)
		}
		b.same("rows that cannot be", func() {
			r, err := tryBy(b, ParseAcknowledgements, ApplyAcknowledgements, `email,policy,version,date
ann@example.com,Bring your own,1,2026-05-02
ann@example.com,Acceptable Use,3,2026-05-02
ann@example.com,Acceptable Use,9,2026-05-02
ann@example.com,Acceptable Use,,2026-01-02
bo@example.com,Acceptable Use,,2026-05-20
bo@example.com,Acceptable Use,,2026-05-21
`)
			var reasons []string
			for _, p := range r.Problems {
				reasons = append(reasons, fmt.Sprintf("%d %s: %s", p.Line, p.Field, p.Reason))
			}
			all := strings.Join(reasons, "\n")
			for _, part := range []string{
				`2 policy: there is no policy of that name; there are "Acceptable Use"`, "3 version: version 3 of the policy is a draft",
				"4 version: the policy has no version 9", "5 version: the policy had no published version at that time", "7 policy: line 6 speaks of the same",
			} {
				if !strings.Contains(all, part) {
					b.Errorf("%v\n%s\nlacks %s", err, all, part)
				}
			}
		})
	})
}

// Many rows cost a few statements for each chunk, and change nothing the second
// time.
func TestEvidenceInChunks(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		var people, trainings strings.Builder
		people.WriteString("email,start date\n")
		trainings.WriteString("email,type,course,completed on\n")
		for i := range chunkSize + 20 {
			fmt.Fprintf(&people, "p%d@example.com,2020-01-01\n", i)
			fmt.Fprintf(&trainings, "p%d@example.com,security,One,2026-05-01\np%d@example.com,security,Two,2026-05-02\n", i, i)
		}
		b.importPeople(people.String())
		b.want(b.importTrainings(trainings.String()), fmt.Sprintf("created %d updated 0 unchanged 0 skipped 0", 2*chunkSize+40))
		b.same("the same file again", func() { b.importTrainings(trainings.String()) })
		if got := b.trainingsOf(fmt.Sprintf("p%d@example.com", chunkSize/2)); len(got) != 2 {
			b.Errorf("got %+v", got)
		}
	})
}
