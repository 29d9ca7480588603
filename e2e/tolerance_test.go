package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// spellings are the ways in which clients write the same request: each must be
// answered like the first, to the byte.
var spellings = map[string][]string{
	"numbers": {
		"/public/personnel?page=2&limit=5",
		"/public/personnel?page=2.0&limit=5.0", "/public/personnel?limit=5&page=2", "/public/personnel?page=%32&limit=5.000",
		"/public/personnel?page=2e0&limit=5", "/public/personnel?page=2&page=2&limit=5",
	},
	"empty values are absent": {
		"/public/personnel",
		"/public/personnel?", "/public/personnel?q=", "/public/personnel?page=&limit=&sort=&sortDir=&employmentStatus=",
		"/public/personnel?employmentStatuses[]=&groupIds=&fullCompliance=&mdmSourceType=&inverseMdmSourceTypes[]=&email=",
		"/public/personnel?multiTrainingComplianceType=&q", "/public/personnel?&&",
	},
	"defaults": {
		"/public/personnel",
		"/public/personnel?page=1&limit=20&sort=NAME&sortDir=ASC", "/public/personnel?multiTrainingComplianceType=SECURITY_TRAINING",
	},
	"unknown parameters are ignored": {
		"/public/personnel?limit=3",
		"/public/personnel?limit=3&workspaceId=1", "/public/personnel?limit=3&expand[]=everything", "/public/personnel?Limit=9&limit=3",
	},
	"the case of sortDir": {
		"/public/personnel?sortDir=DESC", "/public/personnel?sortDir=desc", "/public/personnel?sortDir=Desc",
	},
	"lists of texts": {
		"/public/personnel?employmentStatuses[]=FUTURE_HIRE&employmentStatuses[]=UNKNOWN",
		"/public/personnel?employmentStatuses=FUTURE_HIRE&employmentStatuses=UNKNOWN",
		"/public/personnel?employmentStatuses[0]=FUTURE_HIRE&employmentStatuses[1]=UNKNOWN",
		"/public/personnel?employmentStatuses[]=FUTURE_HIRE,UNKNOWN", "/public/personnel?employmentStatuses=FUTURE_HIRE,UNKNOWN",
		"/public/personnel?employmentStatuses=FUTURE_HIRE%2CUNKNOWN",
		"/public/personnel?employmentStatuses%5B%5D=FUTURE_HIRE&employmentStatuses%5b%5d=UNKNOWN",
		"/public/personnel?employmentStatuses%5B0%5D=FUTURE_HIRE&employmentStatuses%5B1%5D=UNKNOWN",
		"/public/personnel?employmentStatuses[]=UNKNOWN&employmentStatuses[]=FUTURE_HIRE&employmentStatuses[]=UNKNOWN",
		"/public/personnel?employmentStatuses[]=FUTURE_HIRE,&employmentStatuses[]=&employmentStatuses=UNKNOWN",
	},
	"lists of numbers": {
		"/public/personnel?groupIds=2&groupIds=3",
		"/public/personnel?groupIds[]=2&groupIds[]=3", "/public/personnel?groupIds=2,3", "/public/personnel?groupIds[0]=2&groupIds[1]=3",
		"/public/personnel?groupIds%5B%5D=2.0,3.0", "/public/personnel?groupIds=3,2",
	},
	"an e-mail as a filter": {
		"/public/personnel?email=sally.smith@example.com",
		"/public/personnel?email=sally.smith%40example.com", "/public/personnel?email=SALLY.SMITH@EXAMPLE.COM",
	},
	"text in any case": {
		"/public/personnel?q=smith", "/public/personnel?q=SMITH", "/public/personnel?q=SmItH",
	},
	"account lists": {
		"/public/user-identities/infrastructure?clientType=AWS&connectionId=1",
		"/public/user-identities/infrastructure?clientType=AWS&connectionId=1.0&q=&sort=&sortDir=asc",
	},
	"the first page of users": {
		"/public/v2/users",
		"/public/v2/users?cursor=", "/public/v2/users?cursor=undefined", "/public/v2/users?size=20.0&sort=createdAt&sortDir=asc",
		"/public/v2/users?expand[]=&firstName=&lastName=&includeTotalCount=false",
	},
	"expands": {
		"/public/v2/users?size=3&expand[]=roles&expand[]=identities",
		"/public/v2/users?size=3&expand=roles&expand=identities", "/public/v2/users?size=3&expand[]=identities,roles",
		"/public/v2/users?size=3&expand%5B%5D=roles&expand%5B%5D=identities", "/public/v2/users?size=3&expand[0]=roles&expand[1]=identities",
	},
	"names in any case": {
		"/public/v2/users?firstName=sal&lastName=smi", "/public/v2/users?firstName=SAL&lastName=Smi",
	},
	"an e-mail in a path": {
		"/public/personnel/1",
		"/public/personnel/1.0", "/public/personnel/sally.smith%40example.com/email", "/public/personnel/sally.smith@example.com/email",
		"/public/personnel/Sally.SMITH%40EXAMPLE.com/email", "/public/personnel/email%3Asally.smith%40example.com/email",
		"/public/personnel/email:sally.smith@example.com/email", "/public/personnel/1?page=nonsense",
	},
	"a user of the second version": {
		"/public/v2/users/1",
		"/public/v2/users/1.0", "/public/v2/users/email%3Asally.smith%40example.com", "/public/v2/users/email:sally.smith@example.com",
		"/public/v2/users/email%3ASALLY.smith%40example.com", "/public/v2/users/1?expand=",
	},
}

// What real clients send is understood, in all its spellings.
func TestSpellings(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			s := serve(t, db)
			c := s.as(db.key)
			for name, paths := range spellings {
				want := c.get(t, paths[0])
				for _, path := range paths[1:] {
					if got := c.get(t, path); !bytes.Equal(got.body, want.body) {
						t.Errorf("%s: %s differs from %s:\n%.200s\n%.200s", name, path, paths[0], got.body, want.body)
					}
				}
			}
			if n := metric(t, s, `passmuster_http_unknown_query_parameters_total{operation="listPersonnel"}`); n < 3 {
				t.Errorf("unknown parameters are counted %v times, want at least 3", n)
			}
			addresses(t, c)
			bodies(t, c)
			lengths(t, c)
		})
	}
}

// addresses: a plus in a path is a plus, encoded or not; the case of an address
// does not matter.
func addresses(t *testing.T, c client) {
	t.Helper()
	for _, q := range []string{"%2Bext", "employmentStatuses[]=ALL_FORMER_PERSONNEL&limit=50&"} {
		path := "/public/personnel?" + q
		if strings.HasPrefix(q, "%") {
			path = "/public/personnel?q=" + q
		}
		people := c.get(t, path).list(t, "data")
		found := false
		for _, v := range people {
			p := record(nil)
			if m, ok := v.(map[string]any); ok {
				p = m
			}
			email := p.text("user.email")
			if !strings.Contains(email, "+") && email == strings.ToLower(email) {
				continue
			}
			found = true
			want := c.get(t, fmt.Sprintf("/public/personnel/%d", p.id()))
			for _, spelled := range []string{email, url.PathEscape(email), url.QueryEscape(email), "email%3A" + url.QueryEscape(email), strings.ToUpper(email)} {
				if got := c.get(t, "/public/personnel/"+spelled+"/email"); !bytes.Equal(got.body, want.body) {
					t.Errorf("%s finds %.100s, want %.100s", spelled, got.body, want.body)
				}
			}
			user := c.get(t, "/public/v2/users/email:"+url.QueryEscape(email))
			user.same(t, "email", email)
		}
		if !found {
			t.Errorf("%s: the demo has no address with a plus or capitals there", q)
		}
	}
}

// bodies: the operations without a body take a request without one, whatever
// its Content-Type says, and ignore a JSON value that was sent all the same.
func bodies(t *testing.T, c client) {
	t.Helper()
	for _, path := range []string{"/public/personnel/reset-sync/1", "/public/personnel/all/reset-sync"} {
		a := c.put(t, path, "")
		if a.header.Get("X-Personnel-Affected") == "" {
			t.Errorf("%s: no X-Personnel-Affected", path)
		}
		c.with("Content-Type", "application/json").put(t, path, "")
		c.with("Content-Type", "text/plain").put(t, path, "")
		c.put(t, path, "{}")
		c.put(t, path, "null")
		c.put(t, path, `{"personnelIds":[2]}`)
	}
	const dates = `{"startDate":"2020-07-06"}`
	for _, kind := range []string{"application/json", "application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded"} {
		c.with("Content-Type", kind).put(t, "/public/personnel/1/contract-dates", dates)
	}
	c.put(t, "/public/personnel/1/contract-dates", " \n"+`{"startDate":"2020-07-06","unknown":{"a":[1]},"separationDate":null}`+"\n")
	tooLarge := `{"startDate":"2020-07-06","x":"` + strings.Repeat("x", 1<<20) + `"}`
	c.refused(t, put("/public/personnel/1/contract-dates", tooLarge), http.StatusBadRequest)
	c.refused(t, put("/public/personnel/1/contract-dates", strings.Repeat(`{"a":`, 100)+"1"+strings.Repeat("}", 100)), http.StatusBadRequest)
	c.refused(t, put("/public/personnel/1/contract-dates", "{\"startDate\":\"\xff\"}"), http.StatusBadRequest)
}

// lengths: limit and size are honoured exactly, and a page past the end is an
// empty list with the same total.
func lengths(t *testing.T, c client) {
	t.Helper()
	for _, limit := range []int{1, 19, 50} {
		if n := len(c.get(t, fmt.Sprintf("/public/personnel?limit=%d", limit)).ids(t)); n != limit {
			t.Errorf("limit %d gives %d", limit, n)
		}
		if n := len(c.get(t, fmt.Sprintf("/public/v2/users?size=%d", limit)).list(t, "data")); n != limit {
			t.Errorf("size %d gives %d", limit, n)
		}
	}
	for _, page := range []string{"7", "1000", "9007199254740991"} {
		a := c.get(t, "/public/personnel?limit=50&page="+page)
		if p := a.page(t); len(p.Data) != 0 || p.Total != demoPeople {
			t.Errorf("page %s has %d records of %d", page, len(p.Data), p.Total)
		}
	}
	c.refused(t, get("/public/personnel?page=9007199254740992"), http.StatusBadRequest)
}
