package fuzz

import "net/http"

// picture is the smallest there is, as an upload takes it.
const picture = `"base64File":{"base64String":"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7","filename":"evidence.gif"}`

func (g *Generator) post(what, target, body string, want ...int) Request {
	r := g.put(what, target, body, want...)
	r.Method = http.MethodPost
	return r
}

// proving: evidence comes in, and is looked at.
func (g *Generator) proving(record, user string) []Request {
	of := "/public/users/" + user
	return []Request{
		g.post("a certificate", of+"/documents", `{"type":"SEC_TRAINING","completionDate":"2024-02-29",`+picture+`}`, http.StatusCreated),
		g.get("the certificates", of+"/documents?type=SEC_TRAINING&limit=2", http.StatusOK),
		g.post("a check of the background", "/public/background-check/"+user+"/manual", `{"url":"https://example.com/`+record+`","filedAt":"2024-02-29"}`,
			http.StatusCreated, http.StatusConflict),
		g.post("one that is still to come", "/public/background-check/"+user+"/manual", `{"url":"https://example.com/x","filedAt":"2999-01-01"}`, http.StatusConflict),
		g.get("the policies", of+"/policies", http.StatusOK),
		g.get("the devices", "/public/personnel/"+record+"/devices?expand[]=complianceChecks&expand[]=documents", http.StatusOK),
		g.get("why it is so now", native+"/people/"+record+"/compliance", http.StatusOK),
	}
}

// unproved: evidence of what was never there.
func (g *Generator) unproved(record, _ string) []Request {
	id := "9" + record + "0000000"
	return []Request{
		g.get("no address", "/public/users/nobody.at.all%40example.com/email", http.StatusNotFound),
		g.get("of nobody", "/public/users/"+id+"/documents", http.StatusNotFound),
		g.post("of nobody", "/public/users/"+id+"/documents", `{"type":"MFA_EVIDENCE",`+picture+`}`, http.StatusNotFound),
		g.post("of nobody", "/public/background-check/"+id+"/manual", `{"url":"https://example.com/x","filedAt":"2024-02-29"}`, http.StatusNotFound),
		g.get("of nobody", "/public/personnel/"+id+"/devices", http.StatusNotFound),
		g.get("no device", "/public/devices/"+id, http.StatusNotFound),
		g.get("of no device", "/public/devices/"+id+"/apps", http.StatusNotFound),
		g.get("of no device", "/public/devices/"+id+"/documents", http.StatusNotFound),
		g.post("of no device", "/public/devices/"+id+"/documents", `{"type":"ANTIVIRUS_EVIDENCE",`+picture+`}`, http.StatusNotFound),
	}
}
