package v2

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
)

// list is an answer of the user list.
type list struct {
	Data []struct {
		ID        int64
		Personnel map[string]any
	}
	Pagination map[string]any
	Message    string
	Name       string
}

func TestUserList(t *testing.T) {
	t.Parallel()
	d, ctx := apitest.Company(t, Encoders())
	routes := Routes(d, Options{})
	get := func(query string) (int, list) {
		status, answer := apitest.Call(ctx, t, routes, "GET", Base+"/users?"+query, "")
		var l list
		if err := json.Unmarshal(answer, &l); err != nil {
			t.Fatal(err)
		}
		return status, l
	}
	for query, want := range map[string][]int64{
		"":                          {1, 2, 3},
		"cursor=undefined":          {1, 2, 3},
		"sortDir=DESC":              {3, 2, 1},
		"sort=updatedAt&size=50":    {1, 2, 3},
		"firstName=ZO":              {1},
		"firstName=o":               nil,
		"lastName=smi&firstName=SA": {3},
	} {
		status, l := get(query)
		var got []int64
		for _, u := range l.Data {
			got = append(got, u.ID)
		}
		cursor, present := l.Pagination["cursor"]
		if status != 200 || !slices.Equal(got, want) || !present || cursor != nil || len(l.Pagination) != 1 {
			t.Errorf("%s: %d %v, pagination %v", query, status, got, l.Pagination)
		}
	}

	// The cursor alone goes on, also backwards through equal times; size and
	// expand may change, the sort may not.
	_, first := get("size=1&sortDir=DESC&includeTotalCount=true")
	cursor, _ := first.Pagination["cursor"].(string)
	if first.Pagination["totalCount"] != 3.0 || cursor == "" {
		t.Fatalf("pagination %v", first.Pagination)
	}
	status, second := get("includeTotalCount=true&size=2&expand[]=personnel&cursor=" + url.QueryEscape(cursor))
	if status != 200 || len(second.Data) != 2 || second.Data[0].ID != 2 || second.Data[1].Personnel["employmentStatus"] != "CURRENT_EMPLOYEE" ||
		second.Pagination["cursor"] != nil || len(second.Pagination) != 1 {
		t.Errorf("second page: %d %+v", status, second)
	}
	for query, want := range map[string]string{
		"sortDir=ASC&cursor=" + cursor: "sortDir", "cursor=" + cursor + "x": "cursor", "cursor=x": "cursor", "size=51": "size",
	} {
		status, l := get(query)
		if status != 400 || !strings.HasPrefix(l.Message, want+" ") || l.Name == "" {
			t.Errorf("%s: %d %s", query, status, l.Message)
		}
	}
}

func TestUser(t *testing.T) {
	t.Parallel()
	d, ctx := apitest.Company(t, Encoders())
	routes := Routes(d, Options{})
	for path, want := range map[string]struct {
		status int
		email  string
		parts  int // members beyond the nine that are always there
	}{
		"1":                {200, "zoe@example.com", 0},
		"1?expand[]=roles": {200, "zoe@example.com", 1},
		"email:A+B@example.com?expand=personnel,documents": {200, "a+b@example.com", 2},
		"email%3Aa%2Bb%40example.com":                      {200, "a+b@example.com", 0},
		"9":                                                {status: 404},
		"email:nobody@example.com":                         {status: 404},
		"me":                                               {status: 400},
		"1?expand[]=everything":                            {status: 400},
	} {
		status, answer := apitest.Call(ctx, t, routes, "GET", Base+"/users/"+path, "")
		var doc map[string]any
		if err := json.Unmarshal(answer, &doc); err != nil {
			t.Fatal(err)
		}
		switch {
		case status != want.status:
			t.Errorf("%s answers %d %s", path, status, answer)
		case status == 200 && (doc["email"] != want.email || len(doc) != 9+want.parts):
			t.Errorf("%s answers %s", path, answer)
		case status != 200 && doc["name"] == nil:
			t.Errorf("%s: the error has no name: %s", path, answer)
		}
	}
}
