package store

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// asListed writes a row as [listedRow] has the database write it.
func asListed(codes []any, texts ...string) string {
	var row strings.Builder
	for _, code := range codes {
		fmt.Fprintf(&row, "%v,", code)
	}
	for i, text := range texts[:len(texts)-1] {
		if text == "" && i%2 == 0 { // as for NULL
			row.WriteString(",")
			continue
		}
		fmt.Fprintf(&row, "%d,", len(text))
	}
	return row.String() + strings.Join(texts, "")
}

func instantOrNothing(t *rapid.T, name string) (at int64, code any) {
	if rapid.Bool().Draw(t, "no "+name) {
		return workforce.NoTime, ""
	}
	at = rapid.Int64Range(-1<<50, 1<<50).Draw(t, name)
	return at, at
}

// Whatever texts hold, a row is read as it was written.
func TestListedRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("a1,=ü\x00 '")), 0, 6, -1)
		want := workforce.ListedAccount{
			Kind: workforce.VersionControl, ID: 7, ConnectionID: 8, UserID: workforce.UserID(rapid.Int64Range(0, 9).Draw(t, "user")),
			IdentityKey: text.Draw(t, "identity"), UsernameKey: text.Draw(t, "username"), EmailKey: text.Draw(t, "e-mail"), CreatedAt: 5,
		}
		user, mfa := any(want.UserID), any("")
		if want.UserID == 0 {
			user = ""
		}
		if known := rapid.IntRange(-1, 1).Draw(t, "mfa"); known >= 0 {
			want.HasMFA, mfa = workforce.Ptr(known == 1), known
		}
		codes := []any{7, 8, user, mfa}
		for i, at := range []*int64{
			&want.ConnectedAt, &want.DisconnectedAt, &want.ServiceAccountAt, &want.AdminAccessAt, &want.DBAccessAt, &want.WriteAccessAt, &want.PushProdAccessAt,
		} {
			var code any
			*at, code = instantOrNothing(t, fmt.Sprintf("instant %d", i))
			codes = append(codes, code)
		}
		row := asListed(append(codes, 5), want.IdentityKey, want.UsernameKey, want.EmailKey)
		if got, err := listedAccount(want.Kind, row); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %+v, %v, want %+v", row, got, err, want)
		}

		person := workforce.ListedPerson{
			UserID: 3, CreatedAt: -4, UpdatedAt: 6, Devices: workforce.ListedDevices{AppsCount: -1},
			FirstKey: text.Draw(t, "first"), LastKey: text.Draw(t, "last"), NameKey: text.Draw(t, "name"), EmailKey: text.Draw(t, "address"),
		}
		codes = []any{3, -4, 6, "", "", "", "", ""}
		if rapid.Bool().Draw(t, "hired") {
			person.PersonnelID, person.Status, person.StartDate, person.HiredAt = 9, workforce.CurrentEmployee, "2026-01-31", 11
			codes = []any{3, -4, 6, 9, person.Status, person.StartDate, "", 11}
		}
		row = asListed(codes, person.FirstKey, person.LastKey, person.NameKey, person.EmailKey)
		if got, err := listedUser(row); err != nil || !reflect.DeepEqual(got, person) {
			t.Errorf("%q is read as %+v, %v, want %+v", row, got, err, person)
		}
	})
}

// A row that is cut off, or has something else where a number is to be, is an
// error and never another person.
func TestListedRowsAreRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []string{
		"", "1,2", "1,2,3,,,,,,1,1", "x,2,3,,,,,,1,1,1,abcd", "1,2,3,,,,,,9,1,1,abc", "1,2,3,,,,,,-1,1,1,abc",
	} {
		if p, err := listedUser(row); err == nil {
			t.Errorf("%q is read as %+v", row, p)
		}
	}
	if a, err := listedAccount(workforce.Infrastructure, "1,2,3,true,,,,,,,,4,1,1,abc"); err == nil {
		t.Errorf("an MFA that is neither 0 nor 1 is read as %+v", a)
	}
	for _, checks := range []string{"", "MFA", "IDENTITY_MFA=PERHAPS", "IDENTITY_MFA=PASS,"} {
		if all, err := listedChecks(checks); err == nil {
			t.Errorf("%q is read as %d", checks, all)
		}
	}
}

func TestListedChecks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var want workforce.CheckStatuses
		var joined []string
		for _, c := range rapid.Permutation(workforce.AllCheckTypes).Draw(t, "checks")[:rapid.IntRange(1, len(workforce.AllCheckTypes)).Draw(t, "some")] {
			s := rapid.SampledFrom(workforce.AllCheckStatuses).Draw(t, "status")
			want = want.With(c, s)
			joined = append(joined, string(c)+"="+string(s))
		}
		if got, err := listedChecks(strings.Join(joined, ",")); err != nil || got != want {
			t.Errorf("%v: %d, %v, want %d", joined, got, err, want)
		}
	})
}
