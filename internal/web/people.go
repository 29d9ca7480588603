package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/workforce"
)

// people is the page of everybody.
func (s *site) people(ctx context.Context, r *http.Request, _ workforce.Company) (view, error) {
	p, err := parseListParams(r.URL.Query())
	if err != nil {
		return view{}, err
	}
	found, err := s.Directory.ListPersonnel(ctx, p.query())
	if err != nil {
		return view{}, err
	}
	return view{template: "people", title: "People", body: toListView(p, found)}, nil
}

// listView is the page of everybody.
type listView struct {
	Text     string
	Statuses []option
	Checks   []option
	Mets     []option
	Sorts    []option

	Heads  []listHead // of the columns, the fifteen checks included
	People []listRow
	Legend []legendLine

	Total    int64
	First    int64 // the place of the first person shown, from 1
	Last     int64
	Previous string // addresses; "" where there is none
	Next     string
	End      string // the last page, if this one is past it
	Filtered bool   // somebody may be left out
}

// option is a choice of a form.
type option struct {
	Value, Label string
	Chosen       bool
}

// listHead is the head of a column; it is a link if the list can be sorted by
// it.
type listHead struct {
	Label  string
	Narrow bool   // the column of a check
	Link   string // sorts by it, or the other way round
	Sorted string // "ascending", "descending", or "": as screen readers are told
}

// listRow is a person in the list.
type listRow struct {
	Link    string
	Name    value
	Mailbox string // the e-mail before its @, and from there on: a line may break between
	Domain  string
	Title   value
	Status  string
	Checks  []mark
}

func toListView(p listParams, found directory.PersonnelPage) listView {
	v := listView{
		Text:     p.Text,
		Statuses: statusOptions(p.Status),
		Checks:   checkOptions(p.Check),
		Mets:     []option{{"no", "not met, or unknown", !p.Met}, {"yes", "met, or excluded", p.Met}},
		Sorts:    sortOptions(p.Sort),
		Heads:    listHeads(p),
		Legend:   legend,
		Total:    found.Total,
		Filtered: p.filtered(),
	}
	for _, r := range found.Records {
		v.People = append(v.People, toListRow(r))
	}
	shown := int64(len(v.People))
	before := workforce.Page{Number: p.Page, Limit: pageSize}.Offset()
	pages := (found.Total + pageSize - 1) / pageSize
	if shown > 0 {
		v.First, v.Last = before+1, before+shown
	}
	switch {
	case found.Total > 0 && p.Page > pages:
		v.End = p.onPage(pages).url()
	case shown > 0 && p.Page > 1:
		v.Previous = p.onPage(p.Page - 1).url()
	}
	if p.Page < pages {
		v.Next = p.onPage(p.Page + 1).url()
	}
	return v
}

func toListRow(r workforce.PersonnelRecord) listRow {
	row := listRow{
		Link:   pathPeople + "/" + strconv.FormatInt(int64(r.ID), 10),
		Name:   value{Absent: "name " + unknown},
		Title:  value{Absent: unknown},
		Status: words(r.EmploymentStatus),
	}
	if r.User != nil {
		at := max(strings.LastIndexByte(r.User.Email, '@'), 0)
		row.Mailbox, row.Domain = r.User.Email[:at], r.User.Email[at:]
		row.Title = textOr(r.User.JobTitle, unknown)
		if name := workforce.FullName(r.User.FirstName, r.User.LastName); name != "" {
			row.Name = text(name)
		}
	}
	statuses := statusesOf(r.Checks)
	for _, t := range workforce.AllCheckTypes {
		row.Checks = append(row.Checks, markOf(statuses, t))
	}
	return row
}

func statusesOf(checks []workforce.Check) map[workforce.CheckType]workforce.CheckStatus {
	out := make(map[workforce.CheckType]workforce.CheckStatus, len(checks))
	for _, c := range checks {
		out[c.Type] = c.Status
	}
	return out
}

// listHeads is the heads of the columns; three of them sort.
func listHeads(p listParams) []listHead {
	heads := []listHead{
		p.sortHead("Name", "name"),
		{Label: "E-mail"},
		{Label: "Title"},
		p.sortHead("Status", "status"),
	}
	for _, t := range workforce.AllCheckTypes {
		h := listHead{Label: checkLabels[t]}
		if t == workforce.CheckFullCompliance {
			h = p.sortHead(h.Label, "compliance")
		}
		h.Narrow = true
		heads = append(heads, h)
	}
	return heads
}

// sortHead is a head whose link sorts by the choice, and by its reverse if the
// list is sorted by it already.
func (p listParams) sortHead(label, name string) listHead {
	h := listHead{Label: label, Link: p.sortedBy(name).url()}
	switch p.Sort {
	case name:
		h.Sorted, h.Link = "ascending", p.sortedBy("-"+name).url()
	case "-" + name:
		h.Sorted = "descending"
	}
	return h
}

func statusOptions(chosen workforce.EmploymentStatusFilter) []option {
	out := []option{{"", "Any status", chosen == ""}}
	for _, f := range workforce.AllEmploymentStatusFilters {
		if f != workforce.AllPersonnel || f == chosen { // it says the same as none
			out = append(out, option{string(f), words(f), f == chosen})
		}
	}
	return out
}

func checkOptions(chosen workforce.CheckType) []option {
	out := []option{{"", "Any check", chosen == ""}}
	for _, t := range workforce.AllCheckTypes {
		out = append(out, option{string(t), checkLabels[t], t == chosen})
	}
	return out
}

func sortOptions(chosen string) []option {
	var out []option
	for _, c := range sortChoices {
		out = append(out, option{c.name, c.label, c.name == chosen})
	}
	return out
}
