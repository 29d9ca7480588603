package native

import (
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// statusFilters is every status, and the compatible API's names for sets of
// them.
var statusFilters = append(
	each(workforce.AllEmploymentStatuses, func(s workforce.EmploymentStatus) workforce.EmploymentStatusFilter {
		return workforce.EmploymentStatusFilter(s)
	}),
	workforce.AllCurrentPersonnel, workforce.AllFormerPersonnel, workforce.AllPersonnel,
)

// checkFilter is a value of check[]: a check and whether it is met. There is
// one parameter for all of them, so that a check that is added later needs no
// parameter of its own, and a script can build the value from what facets and
// records call the check.
type checkFilter string

var checkFilters = slices.Concat(each(workforce.AllCheckTypes, func(t workforce.CheckType) []checkFilter {
	return []checkFilter{checkFilter(t) + ":true", checkFilter(t) + ":false"}
})...)

// filter is the value in the terms of the domain; it is one of checkFilters.
func (f checkFilter) filter() workforce.CheckFilter {
	name, met, _ := strings.Cut(string(f), ":")
	return workforce.CheckFilter{Type: workforce.CheckType(name), Compliant: met == "true"}
}

var peopleSorts = append([]workforce.PersonnelSort{workforce.SortCreated}, workforce.AllPersonnelSorts...)

// peopleParams is the parameters of the list of people; what is empty was not
// given.
type peopleParams struct {
	listParams

	text             string
	email            string
	statuses         []workforce.EmploymentStatusFilter
	checks           []checkFilter
	deviceCompliance *bool
	groups           []workforce.GroupID
	deviceSource     workforce.DeviceSource
	notDeviceSources []workforce.DeviceSource
	changedSince     int64
	sort             workforce.PersonnelSort
	dir              workforce.SortDir
}

func bindPeople(b *rest.Binder) peopleParams {
	return peopleParams{
		text:             workforce.Fold(b.Text("q")),
		email:            workforce.Fold(b.Text("email")),
		statuses:         rest.Enums(b, "employmentStatus[]", statusFilters),
		checks:           rest.Enums(b, "check[]", checkFilters),
		deviceCompliance: b.Bool("deviceCompliance"),
		groups:           rest.Ints[workforce.GroupID](b, "groupIds[]"),
		deviceSource:     rest.Enum(b, "deviceSource", workforce.AllDeviceSources),
		notDeviceSources: rest.Enums(b, "notDeviceSource[]", workforce.AllDeviceSources),
		changedSince:     b.Int("changedSince", rest.Min(0)),
		sort:             rest.Enum(b, "sort", peopleSorts, rest.DefaultText(workforce.PersonnelSort(workforce.SortCreated))),
		dir:              rest.Enum(b, "sortDir", workforce.AllSortDirs, rest.DefaultText(workforce.Ascending), rest.CaseFold()),
		listParams:       bindList(b, namesOf(personMembers)),
	}
}

// query is the parameters in the terms of the domain.
func (p peopleParams) query() workforce.PersonnelQuery {
	q := workforce.PersonnelQuery{
		Text: p.text, Email: p.email,
		StatusFiltered:   len(p.statuses) > 0,
		Checks:           each(p.checks, checkFilter.filter),
		DeviceCompliance: p.deviceCompliance,
		GroupIDs:         p.groups,
		DeviceSource:     given(p.deviceSource),
		NotDeviceSources: p.notDeviceSources,
		ChangedSince:     p.changedSince,
		Sort:             p.sort,
		Dir:              p.dir,
	}
	for _, s := range workforce.AllEmploymentStatuses {
		if slices.ContainsFunc(p.statuses, func(f workforce.EmploymentStatusFilter) bool { return slices.Contains(f.Statuses(), s) }) {
			q.EmploymentStatus = append(q.EmploymentStatus, s)
		}
	}
	return q
}

// question is what the pages of one list have in common.
func (p peopleParams) question() question {
	return question{
		askText("q", p.text),
		askText("email", p.email),
		askTexts("employmentStatus[]", p.statuses),
		askTexts("check[]", p.checks),
		askBool("deviceCompliance", p.deviceCompliance),
		askInts("groupIds[]", p.groups),
		askText("deviceSource", p.deviceSource),
		askTexts("notDeviceSource[]", p.notDeviceSources),
		askInt("changedSince", &p.changedSince),
		askText("sort", p.sort),
		askText("sortDir", p.dir),
	}
}
