package web

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/workforce"
)

var personLink = regexp.MustCompile(`<a href="/people/(\d+)">`)

// shown is the numbers of the people on a page, in order.
func shown(w response) []string {
	var ids []string
	for _, m := range personLink.FindAllStringSubmatch(w.Body.String(), -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func TestPeoplePagesShowEverybodyOnce(t *testing.T) {
	t.Parallel()
	const everybody = 60
	b := setupDemo(t, everybody)
	b.signIn()
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	for _, query := range []string{"", "?sort=-name", "?sort=status", "?sort=-compliance"} {
		seen := map[string]bool{}
		w := b.get("/people"+query).want(200, fmt.Sprintf("1–25 of %d people", everybody)).lacks(`rel="prev"`)
		for {
			for _, id := range shown(w) {
				if seen[id] {
					t.Fatalf("%s: %s is shown twice", query, id)
				}
				seen[id] = true
			}
			m := next.FindStringSubmatch(w.Body.String())
			if m == nil {
				break
			}
			w = b.get(html.UnescapeString(m[1])).want(200, `rel="prev"`)
		}
		if len(seen) != everybody {
			t.Errorf("%q: %d people were shown", query, len(seen))
		}
		w.want(200, "51–60 of 60 people")
	}
	b.get("/people?sort=status&page=4").want(200, "past the end", `href="/people?page=3&amp;sort=status"`)
	b.get("/people?page=9223372036854775807").want(200, "past the end")
}

// addThree adds 1 Zoë (current, passes), 2 Ærøn (former, fails) and
// 3 (no name, out of scope, unknown), who are asked for a background check alone.
func addThree(b *bundle) {
	b.ask(workforce.CheckBackground)
	zoe := b.person("Zoë", "<script>alert(1)</script>", "zoe@example.com", workforce.CheckPass)
	zoe.User.JobTitle = workforce.Ptr("R&D")
	aeron := b.person("Ærøn", "", "aeron@example.org", workforce.CheckFail)
	aeron.Personnel.EmploymentStatus = workforce.SpecialFormerEmployee
	mailbox := b.person("", "", "O'Box@example.net", workforce.CheckMisconfigured)
	mailbox.Personnel.EmploymentStatus = workforce.OutOfScope
	b.add(zoe, aeron, mailbox)
}

func TestPeopleFiltersAndSorts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addThree(b)
	b.signIn()
	for query, want := range map[string][]string{
		"":                                      {"1", "2", "3"},
		"?q=ZOE%CC%88":                          {"1"}, // in pieces and capitals
		"?q=example.ORG":                        {"2"},
		"?q=%25":                                nil, // not a pattern
		"?status=CURRENT_EMPLOYEE":              {"1"},
		"?status=ALL_FORMER_PERSONNEL":          {"2"},
		"?status=ALL_PERSONNEL":                 {"1", "2", "3"},
		"?check=BG_CHECK&met=yes":               {"1"},
		"?check=BG_CHECK&met=no":                {"2", "3"},
		"?check=FULL_COMPLIANCE":                {"2", "3"},
		"?check=LOCATION_SERVICES":              nil, // nobody is asked
		"?check=BG_CHECK&status=OUT_OF_SCOPE":   {"3"},
		"?q=zo&check=BG_CHECK&met=no":           nil,
		"?sort=-name":                           {"2", "1", "3"},
		"?sort=status":                          {"1", "3", "2"},
		"?sort=-status":                         {"2", "3", "1"},
		"?sort=compliance":                      {"2", "3", "1"},
		"?sort=-compliance":                     {"1", "3", "2"},
		"?sort=compliance&q=example&unheard=of": {"2", "3", "1"},
	} {
		got := shown(b.get("/people" + query).want(200))
		if strings.HasPrefix(query, "?sort") || query == "" {
			// The order counts.
		} else {
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q shows %v, want %v", query, got, want)
		}
	}
}

func TestPeopleShowsWhatIsKnown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addThree(b)
	b.signIn()
	w := b.get("/people").want(200,
		`<span dir="auto">Zoë &lt;script&gt;alert(1)&lt;/script&gt;</span>`, `<span dir="auto">R&amp;D</span>`,
		"name unknown", `O&#39;Box<wbr>@example.net`, "Special former employee",
		`title="Background check: passes"`, `title="Background check: fails"`, `title="Background check: unknown"`,
		"MISCONFIGURED", `aria-sort="ascending"`,
	).lacks("<script")
	for _, about := range checkLabels {
		if n := strings.Count(w.Body.String(), `data-label="`+about+`"`); n != 3 {
			t.Errorf("%s is shown for %d people", about, n)
		}
	}
	b.get("/people?q=%3Cscript%3E&check=BG_CHECK&met=yes&sort=-compliance").want(200,
		`value="&lt;script&gt;"`, `<option value="BG_CHECK" selected>`, `<option value="yes" selected>`,
		`<option value="-compliance" selected>`, `aria-sort="descending"`, "One person matches", "Show everybody",
	).lacks("<script")
}

func TestPeopleWhenNobodyIsShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.signIn()
	for _, path := range []string{"/people", "/people?page=3"} {
		b.get(path).want(200, "nobody here yet", "passmuster import people FILE", "passmuster demo --people 300").lacks("<table", "<select")
	}
	b.get("/people?q=x").want(200, "Nobody matches", `value="x"`)
	b.get("/people?q=x&page=2").want(200, "Nobody matches")
}

func TestPeopleRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.signIn()
	b.get("/people?page=none&check=BG").want(400, "cannot be read", "page: use a whole number", "check: there is no such check", "BG_CHECK", "Back to the list")
}

func TestPersonWithoutChecks(t *testing.T) {
	t.Parallel()
	row := toListRow(workforce.PersonnelRecord{})
	if len(row.Checks) != len(workforce.AllCheckTypes) || row.Checks[3].Word != "no result" || row.Checks[3].About != "Background check" {
		t.Errorf("shows %+v", row.Checks)
	}
}
