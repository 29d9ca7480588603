package peer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/internal/workforce"
)

// What an answer nests, as Passmuster's do.
const (
	personExpand = "checks_via_person,background_checks_via_person,documents_via_person," +
		"devices_via_person.device_checks_via_device,identities_via_person.connection.owner"
	accountExpand = "connection.owner,person.background_checks_via_person,person.identities_via_person.connection.owner"
)

// Scenario is a scenario with PocketBase's requests in place of Passmuster's.
func Scenario(c scenario.Scenario) (scenario.Scenario, error) {
	out := scenario.Scenario{Name: c.Name, Order: c.Order}
	for _, list := range []struct {
		from []load.Request
		into *[]load.Request
	}{{c.Requests, &out.Requests}, {c.Reset, &out.Reset}} {
		for _, r := range list.from {
			asked, err := Request(r)
			if err != nil {
				return out, fmt.Errorf("asking PocketBase the same as %s: %w", r.Target, err)
			}
			*list.into = append(*list.into, asked)
		}
	}
	return out, nil
}

// Request is what asks PocketBase for the same as a request of Passmuster's
// API. It knows what scenarios ask, and refuses the rest.
func Request(r load.Request) (load.Request, error) {
	u, err := url.Parse(r.Target)
	if err != nil {
		return load.Request{}, err
	}
	id, isPerson := strings.CutPrefix(u.Path, "/public/personnel/")
	account, isAccount := strings.CutPrefix(u.Path, "/public/user-identities/infrastructure/")
	switch {
	case r.Method == http.MethodGet && isPerson:
		return load.Get(target("people/records/"+padded("p", id), url.Values{"expand": {personExpand}})), nil
	case r.Method == http.MethodGet && u.Path == "/public/personnel":
		query, err := listQuery(u.Query())
		return load.Get(target("people/records", query)), err
	case r.Method == http.MethodPut && isAccount:
		return toggle(strings.TrimSuffix(account, "/toggle"), r.Body)
	}
	return load.Request{}, errors.New("no scenario asks that")
}

func target(path string, query url.Values) string {
	return "/api/collections/" + path + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
}

func padded(letter, id string) string {
	return letter + strings.Repeat("0", max(0, 14-len(id))) + id
}

func toggle(id, body string) (load.Request, error) {
	var asked struct {
		Toggle bool   `json:"toggle"`
		Field  string `json:"toggleField"`
	}
	if err := json.Unmarshal([]byte(body), &asked); err != nil {
		return load.Request{}, err
	}
	if asked.Field != "INFRASTRUCTURE_ADMIN_ACCESS" {
		return load.Request{}, errors.New("no scenario changes that")
	}
	at := ""
	if asked.Toggle {
		at = "2026-01-01 00:00:00.000Z"
	}
	return load.Request{
		Method: http.MethodPatch, Target: target("infrastructure/records/"+padded("a", id), url.Values{"expand": {accountExpand}}),
		Body: fmt.Sprintf(`{"admin_access_at": %q}`, at),
	}, nil
}

// checkParams are the parameters that filter by a check.
var checkParams = map[string]workforce.CheckType{
	"fullCompliance": workforce.CheckFullCompliance, "acceptedPoliciesCompliance": workforce.CheckAcceptedPolicies,
	"identityMfaCompliance": workforce.CheckIdentityMFA, "bgCheckCompliance": workforce.CheckBackground,
	"agentInstalledCompliance": workforce.CheckAgentInstalled, "passwordManagerCompliance": workforce.CheckPasswordManager,
	"antivirusCompliance": workforce.CheckAntivirus, "securityTrainingCompliance": workforce.CheckSecurityTraining,
	"offboardingEvidence": workforce.CheckOffboarding,
}

func listQuery(asked url.Values) (url.Values, error) {
	var conditions []string
	sort, descending := "name_key", false
	out := url.Values{"expand": {personExpand}}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		v := asked.Get(name)
		check, isCheck := checkParams[name]
		switch {
		case name == "page":
			out.Set("page", v)
		case name == "limit":
			out.Set("perPage", v)
		case name == "q":
			conditions = append(conditions, fmt.Sprintf("(name_key ~ %q || email_key ~ %q)", v, v))
		case name == "employmentStatus", name == "employmentStatuses[]":
			conditions = append(conditions, anyOf("status", workforce.EmploymentStatusFilter(v).Statuses()))
		case name == "deviceCompliance":
			conditions = append(conditions, "device_fails = "+map[string]string{"true": "0", "false": "1"}[v])
		case isCheck:
			conditions = append(conditions, anyOf(checkColumn(check), statuses(v == "true")))
		case name == "sort":
			var err error
			if sort, err = sortOf(v); err != nil {
				return nil, err
			}
		case name == "sortDir":
			descending = v == "DESC"
		default:
			return nil, fmt.Errorf("no scenario filters by %q", name)
		}
	}
	if descending {
		sort = "-" + strings.ReplaceAll(sort, ",", ",-")
	}
	out.Set("sort", sort)
	if len(conditions) > 0 {
		out.Set("filter", strings.Join(conditions, " && "))
	}
	return out, nil
}

func sortOf(name string) (string, error) {
	if t := workforce.CheckType(name); slices.Contains(workforce.AllCheckTypes, t) {
		return checkColumn(t) + ",name_key", nil
	}
	column, ok := map[string]string{"NAME": "name_key", "START_DATE": "start_date", "SEPARATION_DATE": "separation_date", "APPS_COUNT": "apps_count"}[name]
	if !ok {
		return "", fmt.Errorf("no scenario sorts by %q", name)
	}
	return column, nil
}

func statuses(compliant bool) []workforce.CheckStatus {
	var out []workforce.CheckStatus
	for _, s := range workforce.AllCheckStatuses {
		if s.Compliant() == compliant {
			out = append(out, s)
		}
	}
	return out
}

func anyOf[T ~string](column string, values []T) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprintf("%s = %q", column, v)
	}
	return "(" + strings.Join(parts, " || ") + ")"
}

// Agree asks PocketBase for the answers of a scenario, each once, and refuses
// those that are not about the same records as Passmuster's: other totals, or
// another person. It notes how long each answer is.
func Agree(ctx context.Context, t load.Target, theirs, ours scenario.Scenario, answers map[string][]byte) error {
	i := 0
	return load.Fetch(ctx, t, theirs.Requests, func(r load.Request, body []byte) error {
		theirs.Requests[i].Want = len(body)
		err := same(body, answers[ours.Requests[i].ID()])
		i++
		if err != nil {
			return fmt.Errorf("%s answers %s otherwise: %w", r.Target, ours.Requests[i-1].Target, err)
		}
		return nil
	})
}

// same compares what both kinds of answer tell.
func same(theirs, ours []byte) error {
	var their struct {
		Total  *int64 `json:"totalItems"`
		Email  string `json:"email"`
		Admin  string `json:"admin_access_at"`
		Expand struct {
			Checks []struct{} `json:"checks_via_person"`
			Owner  struct {
				Email string `json:"email"`
			} `json:"person"`
		} `json:"expand"`
	}
	var our struct {
		Total *int64 `json:"total"`
		Email string `json:"email"`
		User  *struct {
			Email string `json:"email"`
		} `json:"user"`
		Checks []struct{} `json:"complianceChecks"`
		Admin  *string    `json:"adminAccess"`
	}
	if err := errors.Join(json.Unmarshal(theirs, &their), json.Unmarshal(ours, &our)); err != nil {
		return err
	}
	switch {
	case our.Total != nil:
		if their.Total == nil || *their.Total != *our.Total {
			return fmt.Errorf("total %s, not %d", shown(their.Total), *our.Total)
		}
	case our.Checks != nil: // a person
		if our.User == nil || their.Email != our.User.Email || len(their.Expand.Checks) != len(our.Checks) {
			return errors.New("it is about somebody else")
		}
	case their.Email != our.Email || our.User != nil && their.Expand.Owner.Email != our.User.Email:
		return errors.New("it is about another account")
	}
	return nil
}

func shown(n *int64) string {
	if n == nil {
		return "unknown"
	}
	return fmt.Sprint(*n)
}
