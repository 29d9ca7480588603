package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	bad     = http.StatusBadRequest
	missing = http.StatusNotFound
)

// The rows of personnel: what is wrong with a request (400) and what is not
// there (404).
func personnelRows() []row {
	const (
		list   = "GET /public/personnel"
		one    = "GET /public/personnel/{id}"
		email  = "GET /public/personnel/{email}/email"
		dates  = "PUT /public/personnel/{id}/contract-dates"
		status = "PUT /public/personnel/{id}/status"
		reset  = "PUT /public/personnel/reset-sync/{personnelId}"
		all    = "PUT /public/personnel/all/reset-sync"
		some   = "PUT /public/personnel/some/reset-sync"
	)
	rows := []row{
		{one, bad, get("/public/personnel/abc"), 10020, "id"},
		{one, bad, get("/public/personnel/1.5"), 10020, "id"},
		{one, bad, get("/public/personnel/99999999999999999999"), 10020, "id"},
		{one, missing, get("/public/personnel/999999"), 10310, "999999"},
		{one, missing, get("/public/personnel/0"), 10310, "0"},
		{one, missing, get("/public/personnel/-1"), 10310, "-1"},

		{email, bad, get("/public/personnel/sally.smith/email"), 10020, "email"},
		{email, bad, get("/public/personnel/%00%40example.com/email"), 10020, "NUL"},
		{email, bad, get("/public/personnel/%FF%40example.com/email"), 10020, "UTF-8"},
		{email, missing, get("/public/personnel/nobody%40example.com/email"), 10310, "email"},

		{dates, bad, put("/public/personnel/abc/contract-dates", `{"startDate":"2020-07-06"}`), 10020, "id"},
		{dates, missing, put("/public/personnel/999999/contract-dates", `{"startDate":"2020-07-06"}`), 10310, "999999"},

		{status, bad, put("/public/personnel/abc/status", `{"employmentStatus":"UNKNOWN"}`), 10020, "id"},
		{status, missing, put("/public/personnel/999999/status", `{"employmentStatus":"UNKNOWN"}`), 10310, "999999"},

		{reset, bad, put("/public/personnel/reset-sync/abc", ""), 10020, "personnelId"},
		{reset, bad, put("/public/personnel/reset-sync/1", `{"a":`), 10020, "JSON"},
		{reset, missing, put("/public/personnel/reset-sync/999999", ""), 10310, "999999"},
		{all, bad, put("/public/personnel/all/reset-sync", `nonsense`), 10020, "JSON"},
		{some, missing, put("/public/personnel/some/reset-sync", `{"personnelIds":[1,999999]}`), 10310, "999999"},
	}
	for query, says := range map[string]string{
		"page=0": "page", "page=abc": "page", "page=1.5": "page", "limit=0": "limit", "limit=51": "50", "limit=-1": "limit",
		"employmentStatus=RETIRED":                     "CURRENT_EMPLOYEE",
		"employmentStatus=current_employee":            "CURRENT_EMPLOYEE",
		"employmentStatuses[]=ALL_PERSONNEL,RETIRED":   "ALL_CURRENT_PERSONNEL",
		"employmentStatuses[]=SPECIAL_FORMER_EMPLOYEE": "ALL_FORMER_PERSONNEL",
		"fullCompliance=yes":                           "fullCompliance must be true or false",
		"bgCheckCompliance=1":                          "bgCheckCompliance",
		"deviceCompliance=TRUE":                        "deviceCompliance",
		"multiSecurityTrainingCompliance=x":            "multiSecurityTrainingCompliance",
		"multiTrainingComplianceType=BG_CHECK":         "HIPAA_TRAINING",
		"offboardingEvidence=null":                     "offboardingEvidence",
		"groupIds=everyone":                            "groupIds",
		"sort=name":                                    "SEPARATION_DATE",
		"sortDir=up":                                   "ASC, DESC",
		"mdmSourceType=jamf":                           "JAMF",
		"inverseMdmSourceTypes[]=JAMF,nonsense":        "KANDJI",
		"page=1&page=2":                                "page",
		"q=%zz":                                        "q",
		"q=%00":                                        "NUL",
		"q=%FF":                                        "UTF-8",
		"q=" + strings.Repeat("x", 1001):               "1000",
		"limit=51&sort=nonsense&fullCompliance=perhaps&page": "fullCompliance", // all faults at once
	} {
		rows = append(rows, row{list, bad, get("/public/personnel?" + query), 10020, says})
	}
	rows = append(rows, row{list, missing, get("/public/personnel?groupIds=1,999999"), 10170, "999999"})
	for body, says := range map[string]string{
		`{}`:                          "startDate",
		``:                            "body",
		`[]`:                          "object",
		`null`:                        "object",
		`{"startDate":`:               "JSON",
		`{"startDate":"2020-07-06"}}`: "JSON",
		`{"startDate":20200706}`:      "startDate",
		`{"startDate":null}`:          "startDate",
		`{"startDate":"6 July 2020"}`: "2020-07-06",
		`{"startDate":"2020-02-30"}`:  "startDate",
		`{"startDate":"2020-07-06","separationDate":false}`: "separationDate",
		`{"startDate":"2020-07-06","separationDate":""}`:    "separationDate",
	} {
		rows = append(rows, row{dates, bad, put("/public/personnel/1/contract-dates", body), 10020, says})
	}
	for body, says := range map[string]string{
		`{}`:                                       "CURRENT_CONTRACTOR",
		`"UNKNOWN"`:                                "object",
		`{"employmentStatus":"RETIRED"}`:           "CURRENT_CONTRACTOR",
		`{"employmentStatus":"unknown"}`:           "UNKNOWN",
		`{"employmentStatus":5}`:                   "employmentStatus",
		`{"employmentStatus":null}`:                "employmentStatus",
		`{"employmentStatus":"OUT_OF_SCOPE"}`:      "notHumanReason",
		`{"employmentStatus":"FORMER_EMPLOYEE"}`:   "separationDate",
		`{"employmentStatus":"FORMER_CONTRACTOR"}`: "separationDate",
		`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":" "}`:                                         "notHumanReason",
		`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":7}`:                                           "notHumanReason",
		`{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"soon"}`:                                   "separationDate",
		fmt.Sprintf(`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":%q}`, strings.Repeat("x", 30001)): "30000",
	} {
		rows = append(rows, row{status, bad, put("/public/personnel/1/status", body), 10020, says})
	}
	for body, says := range map[string]string{
		``: "body", `{}`: "personnelIds", `{"personnelIds":[]}`: "personnelIds", `{"personnelIds":null}`: "personnelIds",
		`{"personnelIds":1}`: "personnelIds", `{"personnelIds":["1"]}`: "personnelIds", `{"personnelIds":[1.5]}`: "personnelIds",
		`{"personnelIds":[null]}`: "personnelIds", `[1,2,3]`: "object", `{"personnelIds":[1`: "JSON",
	} {
		rows = append(rows, row{some, bad, put("/public/personnel/some/reset-sync", body), 10020, says})
	}
	return rows
}

// accountRows are the rows of both kinds of accounts.
func accountRows(t *testing.T, c client) []row {
	t.Helper()
	var rows []row
	for _, kind := range []struct{ path, field, other, clientType, otherType, sort string }{
		{"infrastructure", "INFRASTRUCTURE_ADMIN_ACCESS", "VERSION_CONTROL_WRITE_ACCESS", "AWS", "GITHUB", "WRITE_ACCESS"},
		{"version-control", "VERSION_CONTROL_WRITE_ACCESS", "INFRASTRUCTURE_DB_ACCESS", "GITHUB", "AWS", "CLIENT_ALIAS"},
	} {
		base := "/public/user-identities/" + kind.path
		list, connect, toggle, service := "GET "+base, "PUT "+base+"/{id}/connect", "PUT "+base+"/{id}/toggle", "PUT "+base+"/{id}/service-account"
		for query, says := range map[string]string{
			"page=0": "page", "limit=51": "50", "limit=x": "limit", "clientType=" + kind.otherType: kind.clientType,
			"connectionId=aws": "connectionId", "sort=" + kind.sort: "USERNAME", "sortDir=down": "DESC",
		} {
			rows = append(rows, row{list, bad, get(base + "?" + query), 10020, says})
		}
		marked := c.get(t, base+"?sort=SERVICE_ACCOUNT&limit=1").int(t, "data.0.id")
		rows = append(rows,
			row{connect, bad, put(base+"/abc/connect", `{"userId":1}`), 10020, "id"},
			row{connect, bad, put(fmt.Sprintf("%s/%d/connect", base, marked), `{"userId":1}`), 10020, "Put it back"},
			row{connect, missing, put(base+"/999999/connect", `{"userId":1}`), 10170, "999999"},
			row{connect, missing, put(base+"/1/connect", `{"userId":999999}`), 10290, "999999"},
			row{toggle, bad, put(base+"/abc/toggle", `{"toggle":true,"toggleField":"`+kind.field+`"}`), 10020, "id"},
			row{toggle, missing, put(base+"/999999/toggle", `{"toggle":true,"toggleField":"`+kind.field+`"}`), 10170, "999999"},
			row{service, bad, put(base+"/abc/service-account", `{"serviceAccount":true,"serviceAccountReason":"x"}`), 10020, "id"},
			row{service, missing, put(base+"/999999/service-account", `{"serviceAccount":true,"serviceAccountReason":"x"}`), 10170, "999999"},
		)
		for body, says := range map[string]string{
			``: "body", `{}`: "userId", `{"userId":"1"}`: "userId", `{"userId":1.5}`: "userId", `{"userId":`: "JSON", `1`: "object",
		} {
			rows = append(rows, row{connect, bad, put(base+"/1/connect", body), 10020, says})
		}
		for body, says := range map[string]string{
			``: "body", `{"toggleField":"` + kind.field + `"}`: "toggle", `{"toggle":true}`: kind.field,
			`{"toggle":true,"toggleField":"` + kind.other + `"}`: kind.field, `{"toggle":1,"toggleField":"` + kind.field + `"}`: "toggle",
			`{"toggle":"true","toggleField":"` + kind.field + `"}`: "toggle", `{"toggle":true,"toggleField":null}`: kind.field,
		} {
			rows = append(rows, row{toggle, bad, put(base+"/1/toggle", body), 10020, says})
		}
		for body, says := range map[string]string{
			``: "body", `{}`: "serviceAccountReason", `{"serviceAccount":true}`: "serviceAccountReason",
			`{"serviceAccount":false}`: "serviceAccountReason", `{"serviceAccountReason":"x"}`: "serviceAccount",
			`{"serviceAccount":true,"serviceAccountReason":""}`:                                          "serviceAccountReason",
			`{"serviceAccount":null,"serviceAccountReason":"x"}`:                                         "serviceAccount",
			fmt.Sprintf(`{"serviceAccount":true,"serviceAccountReason":%q}`, strings.Repeat("é", 30001)): "30000",
		} {
			rows = append(rows, row{service, bad, put(base+"/1/service-account", body), 10020, says})
		}
	}
	return rows
}

// userRows are the rows of users, of both versions.
func userRows() []row {
	const (
		one    = "GET /public/users/{id}"
		listV2 = "GET /public/v2/users"
		oneV2  = "GET /public/v2/users/{userId}"
	)
	rows := []row{
		{one, bad, get("/public/users/abc"), 10020, "id"},
		{one, bad, get("/public/users/sally.smith%40example.com"), 10020, "id"},
		{one, missing, get("/public/users/999999"), 10290, "999999"},
		{oneV2, bad, get("/public/v2/users/abc"), 10020, "userId"},
		{oneV2, bad, get("/public/v2/users/sally.smith%40example.com"), 10020, "email:"},
		{oneV2, bad, get("/public/v2/users/email%3Asally"), 10020, "userId"},
		{oneV2, bad, get("/public/v2/users/1?expand[]=everything"), 10020, "backgroundChecks"},
		{oneV2, missing, get("/public/v2/users/999999"), 10290, "999999"},
		{oneV2, missing, get("/public/v2/users/email%3Anobody%40example.com"), 10290, "email"},
	}
	for query, says := range map[string]string{
		"size=0": "size", "size=51": "50", "size=x": "size", "sort=name": "createdAt", "sort=CREATEDAT": "createdAt", "sortDir=up": "ASC",
		"expand[]=roles,everything": "identities", "cursor=nonsense": "cursor", "includeTotalCount=yes": "includeTotalCount",
		"firstName=a&firstName=b": "firstName", "lastName=%zz": "lastName",
	} {
		rows = append(rows, row{listV2, bad, get("/public/v2/users?" + query), 10020, says})
	}
	return rows
}

// conflicts are the 409s: each rule of the record, on people who are otherwise
// fine. Nothing changes.
func conflicts(t *testing.T, w *walk, db database, s *server) {
	t.Helper()
	c := s.as(db.key)
	const (
		dates  = "PUT /public/personnel/{id}/contract-dates"
		status = "PUT /public/personnel/{id}/status"
		reset  = "PUT /public/personnel/reset-sync/{personnelId}"
		some   = "PUT /public/personnel/some/reset-sync"

		beforeStart, inFuture, noSource = 10200, 10210, 10220
	)
	tomorrow := time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly) // also where the company is
	started := c.get(t, "/public/personnel/2").text(t, "startDate")
	former := c.get(t, "/public/personnel?employmentStatus=FORMER_EMPLOYEE&limit=1").int(t, "data.0.id")
	unknown := db.number(t, `SELECT MIN(p.id) FROM personnel p WHERE NOT EXISTS (SELECT 1 FROM source_records s WHERE s.user_id = p.user_id)`)
	before := db.head(t)
	for _, r := range []row{
		{dates, http.StatusConflict, put("/public/personnel/2/contract-dates", `{"startDate":"2020-07-06","separationDate":"2020-07-05"}`), beforeStart, "2020-07-05"},
		{
			dates, http.StatusConflict,
			put(fmt.Sprintf("/public/personnel/%d/contract-dates", former), `{"startDate":"2020-07-06","separationDate":"`+tomorrow+`"}`),
			inFuture, tomorrow,
		},
		{status, http.StatusConflict, put("/public/personnel/2/status", `{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"1999-12-31"}`), beforeStart, started},
		{status, http.StatusConflict, put("/public/personnel/2/status", `{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"`+tomorrow+`"}`), inFuture, tomorrow},
		{status, http.StatusConflict, put("/public/personnel/2/status", `{"employmentStatus":"FORMER_CONTRACTOR","separationDate":"`+tomorrow+`"}`), inFuture, tomorrow},
		{reset, http.StatusConflict, put(fmt.Sprintf("/public/personnel/reset-sync/%d", unknown), ""), noSource, "source"},
		{some, http.StatusConflict, put("/public/personnel/some/reset-sync", fmt.Sprintf(`{"personnelIds":[%d]}`, unknown)), noSource, "source"},
	} {
		w.try(t, c, r)
	}
	if after := db.head(t); after != before {
		t.Errorf("refused changes are in the log: head %d, before %d", after, before)
	}
}
