package v2

import (
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestUserListParams(t *testing.T) {
	t.Parallel()
	bind := func(query string) (userListParams, string) {
		return apitest.Bound(t, bindUserList(DefaultMaxSize), "/users", "GET", "/users?"+query, "")
	}
	p, refusal := bind("")
	if q := p.query(); refusal != "" || q.Limit != 20 || q.Sort != workforce.SortCreatedAt || q.Dir != workforce.Ascending || q.WithTotal {
		t.Errorf("nothing given: %+v %s", q, refusal)
	}
	p, refusal = bind("cursor=undefined&size=50.0&sort=updatedAt&sortDir=desc&firstName=ZO%C3%8B&lastName=O%27Neil&includeTotalCount=true" +
		"&expand%5B%5D=roles&expand[]=documents,roles&limit=3")
	q := p.query()
	want := workforce.UserQuery{FirstName: "zoë", LastName: "o'neil", Sort: workforce.SortUpdatedAt, Dir: workforce.Descending, Limit: 50, WithTotal: true}
	if refusal != "" || p.cursor != "" || q != want || !slices.Equal(p.expand, expansion{ExpandRoles, ExpandDocuments}) {
		t.Errorf("all given: %+v %+v %s", p, q, refusal)
	}
	for query, want := range map[string]string{
		"size=51": "size", "size=0": "size", "size=ten": "size", "sort=CREATEDAT": "sort", "sortDir=UP": "sortDir",
		"expand[]=everything": "expand[]", "includeTotalCount=1": "includeTotalCount", "firstName=%00": "firstName",
		"lastName=" + strings.Repeat("x", 1001): "lastName", "cursor=" + strings.Repeat("x", cursorMost+1): "cursor",
	} {
		if _, refusal := bind(query); !strings.HasPrefix(refusal, want+" ") {
			t.Errorf("%.40s is refused with %q", query, refusal)
		}
	}
}

func TestTheGreatestSizeIsASetting(t *testing.T) {
	t.Parallel()
	for set, want := range map[int]int64{0: 50, 500: 500, 1: 20} {
		if got := (Options{MaxSize: set}).maxSize(); got != want {
			t.Errorf("set to %d it is %d, want %d", set, got, want)
		}
	}
	if p, refusal := apitest.Bound(t, bindUserList(500), "/users", "GET", "/users?size=500", ""); refusal != "" || p.size != 500 {
		t.Errorf("size=500: %d %s", p.size, refusal)
	}
}

func TestUserRef(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]userRef{
		"7": {id: 7}, "7.0": {id: 7}, "0": {}, "-1": {id: -1},
		"email:a+b@example.com": {email: "a+b@example.com"}, "email%3Aa%2Bb%40example.com": {email: "a+b@example.com"},
	} {
		p, refusal := apitest.Bound(t, bindUser, "/users/{userId}", "GET", "/users/"+path+"?expand=personnel", "")
		got, err := parseUserRef(p.ref)
		if refusal != "" || err != nil || got != want || !p.expand.has(ExpandPersonnel) {
			t.Errorf("%s: got %+v %v %s", path, got, err, refusal)
		}
	}
	for _, segment := range []string{"x", "1.5", "1e", "9223372036854775808", "email:", "email:x", "email:@example.com", "EMAIL:a@example.com", "a@example.com", ".0"} {
		if _, err := parseUserRef(segment); !workforce.IsReason(err, workforce.ReasonBadRequest) {
			t.Errorf("%s: got %v", segment, err)
		}
	}
}
