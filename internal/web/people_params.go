package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/workforce"
)

const (
	pageSize = 25  // people on one page of the list
	textMost = 200 // characters of a search
)

// The names of the list's parameters.
const (
	paramText   = "q"
	paramStatus = "status"
	paramCheck  = "check"
	paramMet    = "met"
	paramSort   = "sort"
	paramPage   = "page"
)

// listParams is what the address of the list asks for.
type listParams struct {
	Text   string                           // trimmed; "" does not filter
	Status workforce.EmploymentStatusFilter // "" does not filter
	Check  workforce.CheckType              // "" does not filter
	Met    bool                             // with Check: people who meet it, or who do not
	Sort   string                           // a name in sortChoices
	Page   int64                            // from 1
}

// sortChoice is an order of the list.
type sortChoice struct {
	name  string // in the address
	label string
	sort  workforce.PersonnelSort
	dir   workforce.SortDir
}

// sortChoices is every order of the list, the usual one first. A name with "-"
// is the same backwards.
var sortChoices = []sortChoice{
	{"name", "Name, A to Z", "NAME", workforce.Ascending},
	{"-name", "Name, Z to A", "NAME", workforce.Descending},
	{"status", "Status", "EMPLOYMENT_STATUS", workforce.Ascending},
	{"-status", "Status, backwards", "EMPLOYMENT_STATUS", workforce.Descending},
	{"compliance", "Full compliance, failing first", "FULL_COMPLIANCE", workforce.Ascending},
	{"-compliance", "Full compliance, passing first", "FULL_COMPLIANCE", workforce.Descending},
}

// badParams is every parameter of an address that cannot be read. It unwraps
// to their faults, each of which names its parameter.
type badParams []*workforce.Fault

// Error implements error.
func (b badParams) Error() string {
	texts := make([]string, len(b))
	for i, f := range b {
		texts[i] = f.Message
	}
	return strings.Join(texts, "; ")
}

// Unwrap gives the faults.
func (b badParams) Unwrap() []error {
	errs := make([]error, len(b))
	for i, f := range b {
		errs[i] = f
	}
	return errs
}

// parseListParams reads the query of an address. An empty value is an absent
// one, of several values of a parameter the first counts, and parameters that
// are not ours are ignored. The error is a badParams.
func parseListParams(query url.Values) (listParams, error) {
	p := listParams{Sort: sortChoices[0].name, Page: 1}
	var bad badParams
	refuse := func(field, format string, args ...any) {
		bad = append(bad, workforce.RefuseField(field, field+": "+format, args...))
	}
	p.Text = strings.TrimSpace(query.Get(paramText))
	switch {
	case !utf8.ValidString(p.Text) || strings.ContainsFunc(p.Text, unicode.IsControl):
		refuse(paramText, "the search holds something that is not text")
	case utf8.RuneCountInString(p.Text) > textMost:
		refuse(paramText, "the search is longer than %d characters", textMost)
	}
	p.Status = workforce.EmploymentStatusFilter(query.Get(paramStatus))
	if p.Status != "" && !slices.Contains(workforce.AllEmploymentStatusFilters, p.Status) {
		refuse(paramStatus, "there is no such status; use one of %s", list(workforce.AllEmploymentStatusFilters))
	}
	p.Check = workforce.CheckType(query.Get(paramCheck))
	if p.Check != "" && !slices.Contains(workforce.AllCheckTypes, p.Check) {
		refuse(paramCheck, "there is no such check; use one of %s", list(workforce.AllCheckTypes))
	}
	switch met := query.Get(paramMet); met {
	case "", "no":
	case "yes":
		p.Met = p.Check != ""
	default:
		refuse(paramMet, "use yes for people who meet the check, or no for those who do not")
	}
	if name := query.Get(paramSort); name != "" {
		p.Sort = name
		if _, ok := sortNamed(name); !ok {
			refuse(paramSort, "there is no such order; use one of %s", sortNames())
		}
	}
	if text := query.Get(paramPage); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			refuse(paramPage, "use a whole number from 1 on")
		}
		p.Page = n
	}
	if len(bad) > 0 {
		return listParams{}, bad
	}
	return p, nil
}

func sortNamed(name string) (sortChoice, bool) {
	i := slices.IndexFunc(sortChoices, func(c sortChoice) bool { return c.name == name })
	if i < 0 {
		return sortChoice{}, false
	}
	return sortChoices[i], true
}

func sortNames() string {
	names := make([]string, len(sortChoices))
	for i, c := range sortChoices {
		names[i] = c.name
	}
	return list(names)
}

func list[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}

// filtered reports whether the list is to leave anybody out.
func (p listParams) filtered() bool { return p.Text != "" || p.Status != "" || p.Check != "" }

// url is the address that asks for p, without what goes without saying.
func (p listParams) url() string {
	v := url.Values{}
	set := func(name, value, usual string) {
		if value != usual {
			v.Set(name, value)
		}
	}
	set(paramText, p.Text, "")
	set(paramStatus, string(p.Status), "")
	set(paramCheck, string(p.Check), "")
	if p.Check != "" {
		v.Set(paramMet, yesNo(p.Met))
	}
	set(paramSort, p.Sort, sortChoices[0].name)
	set(paramPage, strconv.FormatInt(p.Page, 10), "1")
	if len(v) == 0 {
		return pathPeople
	}
	return pathPeople + "?" + v.Encode()
}

// onPage is p for another page of the same list.
func (p listParams) onPage(n int64) listParams {
	p.Page = n
	return p
}

// sortedBy is p in another order, from the first page on.
func (p listParams) sortedBy(name string) listParams {
	p.Sort, p.Page = name, 1
	return p
}

// query is what the directory is asked.
func (p listParams) query() workforce.PersonnelQuery {
	choice, _ := sortNamed(p.Sort)
	q := workforce.PersonnelQuery{
		Text: workforce.Fold(p.Text),
		Sort: choice.sort, Dir: choice.dir,
		Page: workforce.Page{Number: p.Page, Limit: pageSize},
	}
	if p.Status != "" {
		q.EmploymentStatus, q.StatusFiltered = p.Status.Statuses(), true
	}
	if p.Check != "" {
		q.Checks = []workforce.CheckFilter{{Type: p.Check, Compliant: p.Met}}
	}
	return q
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
