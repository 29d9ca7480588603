package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

const systems = `clientType,connection,identityId,username,email,ownerEmail,mfa,serviceAccount,serviceAccountReason,adminAccess,writeAccess,connectedAt
AWS,Prod,1,ann,,ann@example.com,yes,,,2024-01-02,,2023-01-01
AWS,Prod,2,bo,BO@example.com,,,,,,,
AWS,prod,3,ci,,,,yes,deploys,yes,,
GITHUB,,1,zoe,zoe@example.com,,no,,,,yes,
GITHUB,,2,yan,,yan@example.com,,,,,,
GITHUB,,3,xi,,,,,,,,
`

func TestImportAccounts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople("email\nann@example.com\nbo@example.com\n")
		r := b.importAccounts(systems)
		b.want(r, "created 6 updated 0 unchanged 0 skipped 0")
		var notes []string
		for _, n := range r.Notes {
			notes = append(notes, n.Reason)
		}
		if all := strings.Join(notes, "\n"); len(notes) != 3 || strings.Contains(all, "@") ||
			!strings.Contains(notes[0], "nobody here has") || !strings.Contains(notes[1], "import the people first") || !strings.Contains(notes[2], "no e-mail address") {
			b.Errorf("notes\n%s", all)
		}
		ann, bo, ci, zoe := b.account("AWS", "1"), b.account("AWS", "2"), b.account("AWS", "3"), b.account("GITHUB", "1")
		if ann.UserID == nil || *ann.LinkMethod != workforce.LinkImported || !ann.AdminAccessAt.Equal(time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)) ||
			ann.ConnectedAt.Year() != 2023 || ann.HasMFA == nil || !*ann.HasMFA {
			b.Errorf("ann %+v", ann)
		}
		if bo.UserID == nil || *bo.LinkMethod != workforce.LinkVerifiedEmail || !bo.ConnectedAt.Equal(noon) || bo.HasMFA != nil {
			b.Errorf("bo %+v", bo)
		}
		if ci.UserID != nil || !ci.ServiceAccountAt.Equal(noon) || workforce.Text(ci.ServiceAccountReason) != "deploys" || !ci.AdminAccessAt.Equal(noon) || ci.ConnectionID != ann.ConnectionID {
			b.Errorf("ci %+v", ci)
		}
		if zoe.UserID != nil || zoe.LinkReason == nil || zoe.WriteAccessAt == nil || zoe.ConnectedAt != nil || zoe.HasMFA == nil || *zoe.HasMFA {
			b.Errorf("zoe %+v", zoe)
		}
		b.same("the same file again", func() {
			b.want(b.importAccounts(systems), "created 0 updated 0 unchanged 6 skipped 0")
		})
	})
}

func TestAccountsFindTheirPeopleLater(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importAccounts(systems)
		b.importPeople("email\nann@example.com\nzoe@example.com\nyan@example.com\n")
		b.want(b.importAccounts(systems), "created 0 updated 3 unchanged 3 skipped 0")
		if ann := b.account("AWS", "1"); ann.UserID == nil || ann.ConnectedAt.Year() != 2023 {
			b.Errorf("ann %+v", ann)
		}
		if zoe := b.account("GITHUB", "1"); zoe.UserID == nil || !zoe.ConnectedAt.Equal(noon) {
			b.Errorf("zoe %+v", zoe)
		}
		b.same("the same file again", func() { b.importAccounts(systems) })
	})
}

// change changes an account as a person would.
func (b *bundle) change(a workforce.Account, f func(*workforce.Account)) {
	b.Helper()
	b.write(func(tx *store.Tx) error {
		before, _, err := tx.LockAccount(b.Context(), a.Kind, a.ID)
		if err != nil {
			return err
		}
		after := before
		f(&after)
		return tx.UpdateAccount(b.Context(), before, after, "account.linked")
	})
}

func TestManualDecisionsSurviveAFile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople("email\nann@example.com\nbo@example.com\nzoe@example.com\n")
		b.importAccounts(systems)
		bo := b.person("bo@example.com").UserID
		b.change(b.account("AWS", "1"), func(a *workforce.Account) {
			a.UserID, a.LinkMethod, a.LinkReason = &bo, workforce.Ptr(workforce.LinkManual), nil
			a.AdminAccessAt = nil
		})
		b.change(b.account("AWS", "2"), func(a *workforce.Account) { // unlinked
			a.UserID, a.LinkMethod, a.DisconnectedAt = nil, nil, &noon
		})
		b.change(b.account("AWS", "3"), func(a *workforce.Account) { // no service account after all
			a.ServiceAccountAt, a.ServiceAccountReason = nil, nil
			a.LinkReason = workforce.Ptr("the account has no e-mail address, and the file names no owner")
		})
		b.change(b.account("GITHUB", "1"), func(a *workforce.Account) { // marked as a service account
			a.UserID, a.LinkMethod = nil, nil
			a.ServiceAccountAt, a.ServiceAccountReason = &noon, workforce.Ptr("a bot")
		})
		b.same("the file after manual changes", func() { b.importAccounts(systems) })
	})
}

func TestReimportedAccounts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		const head = "clientType,identityId,username,email,ownerEmail,mfa\n"
		b.importPeople("email\nann@example.com\nbo@example.com\n")
		b.importAccounts(head + "GCP,1,ann,ann@example.com,,no\n")
		// The owner who is named wins over the e-mail; what is said replaces,
		// an empty cell says nothing.
		b.want(b.importAccounts(head+"gcp,1,,ann@example.com,bo@example.com,yes\n"), "created 0 updated 1 unchanged 0 skipped 0")
		a := b.account("GCP", "1")
		if *a.UserID != b.person("bo@example.com").UserID || *a.LinkMethod != workforce.LinkImported || workforce.Text(a.Username) != "ann" || !*a.HasMFA {
			b.Errorf("got %+v", a)
		}
		b.same("a file that no longer names the owner", func() { b.importAccounts(head + "GCP,1,ann,ann@example.com,,\n") })
		b.same("a file that names an owner nobody knows", func() { b.importAccounts(head + "GCP,1,ann,,who@example.com,\n") })
		// The system lists the account again.
		b.change(a, func(a *workforce.Account) { a.RemovedAt, a.DisconnectedAt = &noon, &noon })
		b.importAccounts(head + "GCP,1,ann,,,\n")
		if a := b.account("GCP", "1"); a.RemovedAt != nil || a.DisconnectedAt != nil || a.UserID == nil {
			b.Errorf("listed again: %+v", a)
		}
	})
}
