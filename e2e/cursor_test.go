package e2e

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// walkUsers follows the cursors of a query to the end.
func walkUsers(t *testing.T, c client, query string) []record {
	t.Helper()
	var out []record
	cursor := ""
	for pages := 0; ; pages++ {
		if pages > demoPeople {
			t.Fatalf("%s: the cursors do not end", query)
		}
		path := "/public/v2/users?" + query
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		a := c.get(t, path)
		for _, v := range a.list(t, "data") {
			if r, ok := v.(map[string]any); ok {
				out = append(out, r)
			}
		}
		next := a.at(t, "pagination.cursor")
		if next == nil {
			return out
		}
		cursor = fmt.Sprint(next)
	}
}

// The cursors of the second version lead through everybody once, in order.
func TestCursors(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			c := serve(t, db).as(db.key)
			all := walkUsers(t, c, "size=50")
			if len(all) != demoPeople {
				t.Fatalf("%d users, want %d", len(all), demoPeople)
			}
			for _, sort := range []string{"createdAt", "updatedAt"} {
				for _, dir := range []string{"ASC", "DESC"} {
					want := sorted(all, func(r record) []any { return []any{r[sort]} }, dir == "DESC")
					for _, size := range []int{7, 50} {
						got := walkUsers(t, c, fmt.Sprintf("sort=%s&sortDir=%s&size=%d", sort, dir, size))
						compareUsers(t, fmt.Sprintf("%s %s by %d", sort, dir, size), got, want)
					}
				}
			}
			for _, name := range []string{"firstName", "lastName"} {
				for _, prefix := range []string{"s", "SA", "o'", "é", "%", "_"} {
					keep := slices.DeleteFunc(slices.Clone(all), func(r record) bool {
						return !strings.HasPrefix(fold(r.text(name)), fold(prefix))
					})
					want := sorted(keep, func(r record) []any { return []any{r["createdAt"]} }, false)
					got := walkUsers(t, c, "size=5&"+name+"="+url.QueryEscape(prefix))
					compareUsers(t, name+" "+prefix, got, want)
				}
			}
			expansions(t, c)
			questions(t, c)
			foreignCursors(t, c, d)
		})
	}
}

func compareUsers(t *testing.T, what string, got []record, want []int64) {
	t.Helper()
	ids := []int64{}
	for _, r := range got {
		ids = append(ids, r.id())
	}
	if !slices.Equal(ids, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, ids, want)
	}
}

// expansions: the parts are there only when they were asked for, and which and
// how many may change from page to page.
func expansions(t *testing.T, c client) {
	t.Helper()
	parts := []string{"backgroundChecks", "documents", "personnel", "identities", "roles"}
	has := func(a *answer, part string) bool {
		m, ok := a.at(t, "data.0").(map[string]any)
		_, there := m[part]
		return ok && there
	}
	a := c.get(t, "/public/v2/users?size=3")
	for _, part := range parts {
		if has(a, part) {
			t.Errorf("%s is there although it was not asked for", part)
		}
		cursor := a.text(t, "pagination.cursor")
		a = c.get(t, "/public/v2/users?size=2&expand[]="+part+"&cursor="+cursor)
		if !has(a, part) {
			t.Errorf("%s is not there although it was asked for", part)
		}
		for _, other := range parts {
			if other != part && has(a, other) {
				t.Errorf("%s is there although only %s was asked for", other, part)
			}
		}
		a = c.get(t, "/public/v2/users?size=1&cursor="+a.text(t, "pagination.cursor"))
	}
}

// questions: a cursor goes on with its own question; to contradict it is an
// error, to repeat it is not. The total is told on the first page, if asked for.
func questions(t *testing.T, c client) {
	t.Helper()
	const query = "firstName=s&sort=updatedAt&sortDir=DESC"
	whole := walkUsers(t, c, "size=50&"+query)
	first := c.get(t, "/public/v2/users?size=1&includeTotalCount=true&"+query)
	first.same(t, "pagination.totalCount", len(whole))
	cursor := url.QueryEscape(first.text(t, "pagination.cursor"))
	for _, again := range []string{"", "&" + query, "&sortDir=desc", "&firstName=S", "&includeTotalCount=true"} {
		a := c.get(t, "/public/v2/users?size=1&cursor="+cursor+again)
		if got, want := a.int(t, "data.0.id"), whole[1].id(); got != want {
			t.Errorf("cursor%s goes on with user %d, want %d", again, got, want)
		}
		if m, ok := a.at(t, "pagination").(map[string]any); ok {
			if _, there := m["totalCount"]; there {
				t.Errorf("cursor%s: a total on the second page", again)
			}
		}
	}
	for _, other := range []string{"firstName=t", "lastName=s", "sort=createdAt", "sortDir=ASC"} {
		name, _, _ := strings.Cut(other, "=")
		a := c.refused(t, get("/public/v2/users?cursor="+cursor+"&"+other), http.StatusBadRequest)
		if !strings.Contains(a.text(t, "message"), name) {
			t.Errorf("%s contradicts the cursor, but the message is %q", other, a.text(t, "message"))
		}
	}
	without := c.get(t, "/public/v2/users?size=1")
	if m, ok := without.at(t, "pagination").(map[string]any); !ok || len(m) != 1 {
		t.Errorf("pagination is %v, want the cursor alone", without.at(t, "pagination"))
	}
}

// foreignCursors: what this server did not give out, whole and as it was, is
// refused.
func foreignCursors(t *testing.T, c client, d dialect) {
	t.Helper()
	own := c.get(t, "/public/v2/users?size=1").text(t, "pagination.cursor")
	other := d.empty(t)
	other.command(t, "demo", "--people", "20")
	foreign := serve(t, other).as(other.newKey(t, "--scope", "all")).get(t, "/public/v2/users?size=1").text(t, "pagination.cursor")
	cursors := []string{foreign, own + "x", own[1:], strings.ToLower(own), "undefined1", "null", "MQ==", "1", strings.Repeat("A", 9000)}
	for i := 0; i < len(own); i += max(1, len(own)/12) {
		changed := []byte(own)
		changed[i] = cmp.Or(map[byte]byte{'A': 'B'}[changed[i]], 'A')
		cursors = append(cursors, string(changed))
	}
	for _, cursor := range cursors {
		a := c.refused(t, get("/public/v2/users?cursor="+url.QueryEscape(cursor)), http.StatusBadRequest)
		if !strings.Contains(a.text(t, "message"), "cursor") {
			t.Errorf("the message about a foreign cursor is %q", a.text(t, "message"))
		}
	}
}
