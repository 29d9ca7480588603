package fuzz

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
)

// story is several requests of which each makes sense after the one before. The
// records are at random, and other stories go on at the same time: only what is
// certain all the same is expected.
func (g *Generator) story(rng *rand.Rand) []Request {
	id := func() string { return strconv.FormatInt(1+rng.Int64N(g.world.Highest), 10) }
	stories := []func(record, user string) []Request{g.account, g.account, g.leaving, g.dates, g.reading, g.bulk, g.gone, g.ruling, g.attesting, g.grouping, g.unruled, g.proving, g.unproved}
	if rng.IntN(20) == 0 { // dear, with everybody in it
		return []Request{g.put("everybody back", "/public/personnel/all/reset-sync", "", http.StatusOK)}
	}
	return stories[rng.IntN(len(stories))](id(), id())
}

func (g *Generator) get(what, target string, want ...int) Request {
	return Request{What: what, Method: http.MethodGet, Target: target, Key: g.world.Good, Want: want}
}

func (g *Generator) put(what, target, body string, want ...int) Request {
	return Request{
		What: what, Method: http.MethodPut, Target: target, Key: g.world.Good, Want: want,
		Header: []Field{{"Content-Type", "application/json"}}, Body: []byte(body),
	}
}

// account: an account changes hands, gains and loses access, becomes a robot's
// and a person's again.
func (g *Generator) account(record, user string) []Request {
	kind, access := "infrastructure", "INFRASTRUCTURE_DB_ACCESS"
	if len(record)%2 == 0 {
		kind, access = "version-control", "VERSION_CONTROL_PUSH_PROD_CODE_ACCESS"
	}
	list := "/public/user-identities/" + kind
	one := list + "/" + record
	toggle := func(on bool) string { return fmt.Sprintf(`{"toggle":%t,"toggleField":%q}`, on, access) }
	service := func(on bool) string {
		return fmt.Sprintf(`{"serviceAccount":%t,"serviceAccountReason":"it deploys"}`, on)
	}
	return []Request{
		g.put("back to a person", one+"/service-account", service(false), http.StatusOK),
		g.put("nobody's", one+"/connect", `{"userId":null}`, http.StatusOK),
		g.put("somebody's", one+"/connect", `{"userId":`+user+`}`, http.StatusOK, http.StatusBadRequest),
		g.get("in the list", list+"?sort=USER&sortDir=DESC&q="+user, http.StatusOK),
		g.put("with access", one+"/toggle", toggle(true), http.StatusOK),
		g.put("without access", one+"/toggle", toggle(false), http.StatusOK),
		g.put("a robot's", one+"/service-account", service(true), http.StatusOK),
		g.put("a robot's, and somebody's", one+"/connect", `{"userId":`+user+`}`, http.StatusOK, http.StatusBadRequest),
		g.put("back to a person", one+"/service-account", service(false), http.StatusOK),
		g.get("its user", "/public/users/"+user, http.StatusOK),
	}
}

// leaving: a person leaves, in the right order and in the wrong one, and what
// the sources say comes back.
func (g *Generator) leaving(record, _ string) []Request {
	one := "/public/personnel/" + record
	return []Request{
		g.put("began", one+"/contract-dates", `{"startDate":"2020-07-06","separationDate":null}`, http.StatusOK),
		g.put("left in the future", one+"/status", `{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"2999-01-01"}`, http.StatusConflict),
		g.put("left", one+"/status", `{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"2024-12-31"}`, http.StatusOK, http.StatusConflict),
		g.get("is listed", "/public/personnel?employmentStatuses[]=ALL_FORMER_PERSONNEL&sort=SEPARATION_DATE&sortDir=DESC", http.StatusOK),
		g.put("is nobody", one+"/status", `{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"a mailbox"}`, http.StatusOK),
		g.put("back", "/public/personnel/reset-sync/"+record, "", http.StatusOK, http.StatusConflict),
		g.get("is there", one, http.StatusOK),
	}
}

// dates: dates that cannot be, and people whom no source knows.
func (g *Generator) dates(record, _ string) []Request {
	alone, sourced := strconv.FormatInt(g.world.Alone, 10), strconv.FormatInt(g.world.Sourced, 10)
	return []Request{
		g.put("the end before the beginning", "/public/personnel/"+record+"/contract-dates", `{"startDate":"2020-07-06","separationDate":"2020-07-05"}`, http.StatusConflict),
		g.put("known to nobody", "/public/personnel/reset-sync/"+alone, "", http.StatusConflict),
		g.put("some known to nobody", "/public/personnel/some/reset-sync", `{"personnelIds":[`+alone+`]}`, http.StatusConflict),
		g.put("some known", "/public/personnel/some/reset-sync", `{"personnelIds":[`+alone+`,`+sourced+`]}`, http.StatusOK),
		g.put("some who are not there", "/public/personnel/some/reset-sync", `{"personnelIds":[`+sourced+`,999999999]}`, http.StatusNotFound),
	}
}

// reading: the same person in every way, and the pages of a list.
func (g *Generator) reading(record, user string) []Request {
	return []Request{
		g.get("page after page", "/public/v2/users?size=50&expand[]=personnel&expand[]=identities", http.StatusOK),
		g.get("page after page", "/public/v2/users?size=7&cursor="+url.QueryEscape(g.world.Cursor), http.StatusOK),
		g.get("far behind the end", "/public/personnel?limit=50&page=9007199254740991", http.StatusOK),
		g.get("a group that is not there", "/public/personnel?groupIds=999999999", http.StatusNotFound),
		g.get("in the second version", "/public/v2/users/"+user+"?expand[]=documents&expand[]=roles", http.StatusOK),
		g.get("a person", "/public/personnel/"+record, http.StatusOK),
	}
}

// bulk: everybody at once, what changed, and how many there are of each.
func (g *Generator) bulk(_, user string) []Request {
	return []Request{
		g.get("with counts", "/native/v1/people?facets=true&limit=2&sort=NAME", http.StatusOK),
		g.get("in lines", "/native/v1/people?format=ndjson&employmentStatus[]=CURRENT_CONTRACTOR", http.StatusOK, http.StatusTooManyRequests),
		g.get("as a table", "/native/v1/accounts?format=csv&userId="+user, http.StatusOK, http.StatusTooManyRequests),
		g.get("what changed", "/native/v1/accounts?kind=infrastructure&changedSince=1&limit=2", http.StatusOK),
		g.get("a group that is not there", "/native/v1/people?groupIds[]=999999999", http.StatusNotFound),
		g.get("changes to come", "/native/v1/people?changedSince=9007199254740991", http.StatusNotFound),
		g.get("changes to come", "/native/v1/accounts?changedSince=9007199254740991", http.StatusNotFound),
	}
}

// gone: records that were never there.
func (g *Generator) gone(record, _ string) []Request {
	id := "9" + record + "0000000"
	return []Request{
		g.get("no user", "/public/users/"+id, http.StatusNotFound),
		g.get("no user", "/public/v2/users/"+id, http.StatusNotFound),
		g.get("no person", "/public/personnel/"+id, http.StatusNotFound),
		g.get("no address", "/public/personnel/nobody.at.all%40example.com/email", http.StatusNotFound),
		g.put("no person", "/public/personnel/"+id+"/contract-dates", `{"startDate":"2020-07-06"}`, http.StatusNotFound),
		g.put("no person", "/public/personnel/"+id+"/status", `{"employmentStatus":"UNKNOWN"}`, http.StatusNotFound),
		g.put("no person", "/public/personnel/reset-sync/"+id, "", http.StatusNotFound),
		g.put("no user", "/public/user-identities/infrastructure/1/connect", `{"userId":`+id+`}`, http.StatusNotFound, http.StatusBadRequest),
		g.put("no account", "/public/user-identities/infrastructure/"+id+"/connect", `{"userId":1}`, http.StatusNotFound),
		g.put("no account", "/public/user-identities/version-control/"+id+"/toggle", `{"toggle":true,"toggleField":"VERSION_CONTROL_WRITE_ACCESS"}`, http.StatusNotFound),
		g.put("no account", "/public/user-identities/version-control/"+id+"/service-account", `{"serviceAccount":true,"serviceAccountReason":"x"}`, http.StatusNotFound),
		g.put("no account", "/public/user-identities/infrastructure/"+id+"/toggle", `{"toggle":true,"toggleField":"INFRASTRUCTURE_DB_ACCESS"}`, http.StatusNotFound),
		g.put("no account", "/public/user-identities/infrastructure/"+id+"/service-account", `{"serviceAccount":true,"serviceAccountReason":"x"}`, http.StatusNotFound),
		g.put("no account", "/public/user-identities/version-control/"+id+"/connect", `{"userId":1}`, http.StatusNotFound),
	}
}
