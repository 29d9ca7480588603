package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// answer is what the server itself says.
func (c remoteCompany) answer(t *testing.T, key, target string) string {
	t.Helper()
	rq, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	rq.Header.Set("Authorization", "Bearer "+key)
	resp, err := (&http.Client{Timeout: time.Minute}).Do(rq)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", target, resp.StatusCode, err)
	}
	return string(text)
}

// What the commands export is byte by byte what a server exports.
func TestExportsAreThoseOfTheAPI(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	key := c.key(t, workforce.ScopeAllRead)
	for _, e := range []struct {
		target string
		args   []string
	}{
		{"/people?sort=NAME", []string{"person", "list"}},
		{"/people?fields=checks,groups,email&sortDir=DESC", []string{"person", "list", "--sort", "created", "--desc", "--fields", "email,groups,checks"}},
		{"/people?q=no+such+person", []string{"person", "list", "--q", "no such person"}},
		{"/accounts", []string{"account", "list"}},
		{"/accounts?fields=user,serviceAccount,hasMfa&kind=infrastructure", []string{"account", "list", "--fields", "user,serviceAccount,hasMfa", "--kind", "infrastructure"}},
	} {
		for _, format := range []string{"ndjson", "csv"} {
			separator := "?"
			if strings.Contains(e.target, "?") {
				separator = "&"
			}
			want := c.answer(t, key, "/native/v1"+e.target+separator+"format="+format)
			want, _, _ = strings.Cut(want, `{"end":`)
			got := run(t, nil, append(e.args, "--"+format, "--database", c.dsn)...)
			if got.code != exitDone || got.stdout != want {
				t.Errorf("%v --%s exits %d and prints\n%.1500s\nwant\n%.1500s", e.args, format, got.code, got.stdout, want)
			}
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	var people struct {
		Facets struct {
			EmploymentStatuses map[string]int64
			Checks             map[string]map[string]int64
		}
		Total int64
	}
	got := run(t, nil, "person", "list", "--facets", "--json", "--database", c.dsn)
	if err := json.Unmarshal([]byte(got.stdout), &people); err != nil {
		t.Fatalf("%+v: %v", got, err)
	}
	sum := func(counts map[string]int64) (n int64) {
		for _, count := range counts {
			n += count
		}
		return n
	}
	if people.Total != remotePeopleCount || sum(people.Facets.EmploymentStatuses) != remotePeopleCount || len(people.Facets.Checks) != len(workforce.AllCheckTypes) {
		t.Errorf("counts of %d people are %+v", remotePeopleCount, people)
	}
	for check, counts := range people.Facets.Checks {
		if sum(counts) != remotePeopleCount {
			t.Errorf("%s has %v", check, counts)
		}
	}
	table := run(t, nil, "person", "list", "--facets", "--database", c.dsn)
	if !strings.Contains(table.stdout, "\nchecks.IDENTITY_MFA ") || !strings.Contains(table.stderr, "105 people") {
		t.Errorf("as a table: %+v", table)
	}
}

// A wrong call names the flag and what it takes, and opens nothing.
func TestWrongListFlags(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "no", "such", "folder.db")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"person", "list", "--status", "LEFT"}, `--status "LEFT": want one of CURRENT_EMPLOYEE, `},
		{[]string{"person", "list", "--status", "current,"}, `--status has an empty value`},
		{[]string{"person", "list", "--check", "MFA=true"}, `--check "MFA": want one of FULL_COMPLIANCE, `},
		{[]string{"person", "list", "--check", "IDENTITY_MFA"}, `like IDENTITY_MFA=false`},
		{[]string{"person", "list", "--check", "identity-mfa=no"}, `want IDENTITY_MFA=true or IDENTITY_MFA=false`},
		{[]string{"person", "list", "--check", "IDENTITY_MFA="}, `want IDENTITY_MFA=true or IDENTITY_MFA=false`},
		{[]string{"person", "list", "--check", "BG_CHECK=true,BG_CHECK=false"}, `cannot be both`},
		{[]string{"person", "list", "--device-compliance", "maybe"}, `--device-compliance "maybe": want true or false`},
		{[]string{"person", "list", "--group", "Engineering"}, `--group "Engineering": want the number of a group`},
		{[]string{"person", "list", "--device-source", "PHONE"}, `--device-source "PHONE": want one of `},
		{[]string{"person", "list", "--not-device-source", "PHONE"}, `--not-device-source "PHONE": want one of `},
		{[]string{"person", "list", "--sort", "AGE"}, `--sort "AGE": want one of CREATED, NAME, `},
		{[]string{"person", "list", "--fields", "email,age"}, `--fields "age": want one or more of id, userId, `},
		{[]string{"person", "list", "--changed-since", "-1"}, `--changed-since -1: want the position`},
		{[]string{"person", "list", "--page", "0"}, `--page 0: want 1 or more`},
		{[]string{"person", "list", "--limit", "1001"}, `--limit 1001: want 1 to 1000`},
		{[]string{"person", "list", "--csv", "--json"}, `--json and --csv are two ways`},
		{[]string{"person", "list", "--csv", "--limit", "3"}, `--limit is for the table and for --json; --csv looks at everything`},
		{[]string{"person", "list", "--facets", "--ndjson"}, `it does not go with --ndjson`},
		{[]string{"person", "list", "--facets", "--fields", "id"}, `--fields is for records`},
		{[]string{"person", "list", "--facets", "--page", "2"}, `--page is for the table and for --json; --facets looks at everything`},
		{[]string{"account", "list", "--kind", "hr"}, `--kind "hr": want one of infrastructure, version-control`},
		{[]string{"account", "list", "--client-type", "OKTA"}, `--client-type "OKTA": want one of `},
		{[]string{"account", "list", "--connection", "aws"}, `--connection "aws": want the number of a connection`},
		{[]string{"account", "list", "--user", "sally"}, `--user "sally": want the number of a user (userId), or an e-mail`},
		{[]string{"account", "list", "--sort", "NAME"}, `--sort "NAME": want one of CREATED, IDENTITY_ID, `},
		{[]string{"account", "list", "--fields", "name"}, `--fields "name": want one or more of id, kind, `},
	} {
		got := run(t, nil, append(c.args, "--database", dsn)...)
		if got.code != exitUsage || !strings.Contains(got.stderr, c.want) || got.stdout != "" {
			t.Errorf("%v: %+v, want %q", c.args, got, c.want)
		}
	}
}

// What only the record can refuse names the flag too.
func TestWhatListsRefuse(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	environ := []string{"PASSMUSTER_SERVER=" + c.url, "PASSMUSTER_KEY=" + c.key(t, workforce.ScopeAllRead)}
	for _, r := range []struct {
		args []string
		want string
	}{
		{[]string{"person", "list", "--group", "999"}, "--group: there is no group"},
		{[]string{"person", "list", "--changed-since", "999999", "--csv"}, "--changed-since: the log has not reached"},
		{[]string{"account", "list", "--changed-since", "999999", "--facets"}, "--changed-since: the log has not reached"},
		{[]string{"account", "list", "--user", "nobody@example.com"}, "--user nobody@example.com: nobody with a personnel record has this e-mail"},
	} {
		for place, got := range map[string]ran{
			"on the database": run(t, nil, append(r.args, "--database", c.dsn)...), "over the API": run(t, environ, r.args...),
		} {
			if got.code != exitFailed || !strings.Contains(got.stderr, r.want) || got.stdout != "" {
				t.Errorf("%v %s: %+v, want %q", r.args, place, got, r.want)
			}
		}
	}
}

func TestRowsOfATable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("=+-@\t\r\n\",'a ;é"))))
		row := rapid.SliceOfN(cell, 2, 4).Draw(t, "row")
		got, err := csv.NewReader(bytes.NewReader(appendRow(nil, row))).Read()
		if err != nil || len(got) != len(row) {
			t.Fatalf("%q becomes %q, %v", row, got, err)
		}
		for i, want := range row {
			if want != "" && strings.Contains(formulaStarts, want[:1]) {
				want = "'" + want
			}
			if want = strings.ReplaceAll(want, "\r\n", "\n"); got[i] != want { // the reader does that
				t.Fatalf("%q comes back as %q", row[i], got[i])
			}
		}
	})
}

// A table fits the terminal if its headers do, and nothing is cut without need.
func TestTablesFitTheTerminal(t *testing.T) {
	t.Parallel()
	header := []string{"ID", "NAME", "EMAIL"}
	rows := [][]string{{"1", "Adrián Etxeberria Goikoetxea", "adrian.etxeberria@example.com"}, {"22", "Ben", "ben@example.com"}}
	if got := fit(header, rows, 63); strings.Join(got[0], "|") != strings.Join(rows[0], "|") {
		t.Errorf("where there is room: %q", got)
	}
	got := fit(header, rows, 44)
	if want := "1|Adrián Etxeberria …|adrian.etxeberria@…"; strings.Join(got[0], "|") != want || strings.Join(got[1], "|") != "22|Ben|ben@example.com" {
		t.Errorf("in 44 columns: %q, want %q", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOfN(rapid.String(), 3, 3).Draw(t, "row")
		width := rapid.IntRange(0, 120).Draw(t, "width")
		line := columnGap * 2
		for i, cell := range fit(header, [][]string{row}, width)[0] {
			n := utf8.RuneCountInString(cell)
			line += max(n, len(header[i]))
			if cell != row[i] && (n < leastShown || !strings.HasSuffix(cell, "…")) {
				t.Fatalf("%q is cut to %q", row[i], cell)
			}
		}
		if least := 3*leastShown + columnGap*2; line > max(width, least) {
			t.Fatalf("%q takes %d of %d", row, line, width)
		}
	})
}
