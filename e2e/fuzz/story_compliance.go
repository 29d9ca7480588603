package fuzz

import (
	"net/http"
	"strconv"
)

const native = "/native/v1"

func (g *Generator) send(method, what, target, body string, want ...int) Request {
	r := g.put(what, native+target, body, want...)
	r.Method = method
	if body == "" {
		r.Header, r.Body = nil, nil
	}
	return r
}

// ruling: rules change and go back, and policies come about. Others change them
// too, so that what has a name of its own may be taken.
func (g *Generator) ruling(record, user string) []Request {
	const rules = "/compliance/rules"
	locked := `{"screenLockSeconds":` + record + `,"checks":{"BG_CHECK":{"renewalMonths":12,"missingRecord":"FAIL"}}}`
	return []Request{
		g.get("the rules", native+rules, http.StatusOK),
		g.send(http.MethodPost, "what would change", rules+"/preview?limit=3", locked, http.StatusOK),
		g.send(http.MethodPatch, "some rules", rules, locked, http.StatusOK),
		g.get("why it is so now", native+"/people/"+record+"/compliance", http.StatusOK),
		g.send(http.MethodDelete, "the rules of a new company", rules, "", http.StatusOK),
		g.send(http.MethodPost, "a policy", "/policies", `{"name":"Policy `+record+` of `+user+`","ownerId":`+user+`}`, http.StatusCreated, http.StatusConflict),
		g.send(http.MethodPost, "a policy of a name that is taken", "/policies", `{"name":"INFORMATION SECURITY POLICY"}`, http.StatusCreated, http.StatusConflict),
		g.send(http.MethodPatch, "a name that is taken", "/policies/2", `{"name":"Information security policy"}`, http.StatusOK, http.StatusConflict),
		g.send(http.MethodPost, "a draft", "/policies/1/versions", `{"text":"by `+user+`"}`, http.StatusCreated),
		g.send(http.MethodPatch, "what is published", "/policies/1/versions/1", `{"text":"by `+user+`"}`, http.StatusConflict),
		g.send(http.MethodPost, "published again", "/policies/1/versions/1/publish", "", http.StatusOK),
		g.get("the policy", native+"/policies/1", http.StatusOK),
	}
}

// attesting: somebody accepts a policy, learns something, and is freed from a
// check.
func (g *Generator) attesting(record, user string) []Request {
	of := "/users/" + user
	return []Request{
		g.send(http.MethodPost, "accepted", of+"/acknowledgements", `{"policyId":1,"version":1,"acknowledgedAt":"2024-02-29"}`, http.StatusCreated),
		g.send(http.MethodPost, "accepted what is a draft", of+"/acknowledgements", `{"policyId":4}`, http.StatusCreated, http.StatusConflict),
		g.get("what is accepted", native+of+"/acknowledgements", http.StatusOK),
		g.send(http.MethodPost, "to learn", of+"/trainings", `{"type":"NIST_AI_TRAINING","state":"ASSIGNED"}`, http.StatusCreated),
		g.send(http.MethodPost, "learned", of+"/trainings", `{"type":"NIST_AI_TRAINING","state":"COMPLETED","completedAt":"2024-02-29T12:00:00+01:00"}`, http.StatusCreated),
		g.send(http.MethodDelete, "forgotten", "/users/"+strconv.FormatInt(g.world.Trained, 10)+"/trainings/"+strconv.FormatInt(g.world.Training, 10), "",
			http.StatusNoContent, http.StatusNotFound),
		g.send(http.MethodPost, "freed", "/exclusions", `{"personnelId":`+record+`,"checks":["BG_CHECK"],"reason":"of a story","endsAt":"2999-01-01"}`, http.StatusCreated),
		g.send(http.MethodPost, "no longer freed", "/exclusions/1/end", `{}`, http.StatusOK),
		g.get("from what", native+"/exclusions?personnelId="+record, http.StatusOK),
		g.get("why it is so now", native+"/people/"+record+"/compliance", http.StatusOK),
	}
}

// grouping: people come into groups and leave them, and a group goes.
func (g *Generator) grouping(record, user string) []Request {
	gone := []int{http.StatusNotFound, http.StatusNoContent}
	return []Request{
		g.send(http.MethodPost, "a group", "/groups", `{"name":"Group `+record+` of `+user+`"}`, http.StatusCreated, http.StatusConflict),
		g.send(http.MethodPost, "a name that is taken", "/groups", `{"name":"everyone"}`, http.StatusCreated, http.StatusConflict),
		g.send(http.MethodPatch, "a name that is taken", "/groups/2", `{"name":"EVERYONE"}`, http.StatusOK, http.StatusConflict, http.StatusNotFound),
		g.send(http.MethodPatch, "a name of its own", "/groups/3", `{"name":"Renamed `+record+` of `+user+`"}`, http.StatusOK, http.StatusConflict, http.StatusNotFound),
		g.send(http.MethodPost, "members", "/groups/3/members", `{"add":[`+record+`]}`, gone...),
		g.send(http.MethodPost, "members no longer", "/groups/3/members", `{"remove":[`+record+`]}`, gone...),
		g.get("the members", native+"/groups/3/members?limit=2", http.StatusOK, http.StatusNotFound),
		g.send(http.MethodDelete, "one that is needed", "/groups/4", "", append(gone, http.StatusConflict)...),
		g.send(http.MethodDelete, "one that is not", "/groups/7", "", append(gone, http.StatusConflict)...),
	}
}

// unruled: what was never there.
func (g *Generator) unruled(record, _ string) []Request {
	id := "9" + record + "0000000"
	var out []Request
	for _, r := range []struct{ method, target, body string }{
		{http.MethodGet, "/people/" + id + "/compliance", ""},
		{http.MethodGet, "/people/email/nobody.at.all%40example.com/compliance", ""},
		{http.MethodGet, "/policies/" + id, ""},
		{http.MethodPost, "/policies", `{"name":"Of nobody ` + record + `","ownerId":` + id + `}`},
		{http.MethodPatch, "/policies/" + id, `{}`},
		{http.MethodPost, "/policies/" + id + "/versions", `{"text":"x"}`},
		{http.MethodPatch, "/policies/1/versions/" + id, `{"text":"x"}`},
		{http.MethodPost, "/policies/1/versions/" + id + "/publish", ""},
		{http.MethodGet, "/users/" + id + "/acknowledgements", ""},
		{http.MethodPost, "/users/" + record + "/acknowledgements", `{"policyId":` + id + `}`},
		{http.MethodGet, "/users/" + id + "/trainings", ""},
		{http.MethodPost, "/users/" + id + "/trainings", `{"type":"HIPAA_TRAINING","state":"ASSIGNED"}`},
		{http.MethodDelete, "/users/" + record + "/trainings/" + id, ""},
		{http.MethodGet, "/exclusions?personnelId=" + id, ""},
		{http.MethodPost, "/exclusions", `{"personnelId":` + id + `,"checks":["BG_CHECK"],"reason":"x"}`},
		{http.MethodPost, "/exclusions/" + id + "/end", `{}`},
		{http.MethodPatch, "/groups/" + id, `{"name":"x"}`},
		{http.MethodDelete, "/groups/" + id, ""},
		{http.MethodGet, "/groups/" + id + "/members", ""},
		{http.MethodPost, "/groups/" + id + "/members", `{"add":[` + record + `]}`},
	} {
		out = append(out, g.send(r.method, "what was never there", r.target, r.body, http.StatusNotFound))
	}
	for _, target := range []string{"/compliance/rules", "/policies", "/groups"} { // they have no parameters that could be wrong
		out = append(out, g.send(http.MethodGet, "a query that cannot be read", target+"?%zz", "", http.StatusBadRequest))
	}
	return out
}
