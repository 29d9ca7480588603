package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/workforce"
)

// checksView is the checks of a person with why they are as they are.
type checksView struct {
	Notes []string // what to know before reading it
	When  []value  // when the checks were looked at, and when they will be
	Items []checkItem
}

// checkItem is one check. It is open where it fails.
type checkItem struct {
	Mark     mark
	Short    string // in the closed line
	Open     bool
	Reasons  []reasonItem
	Facts    []labelled
	Evidence []evidenceItem
}

// reasonItem is why, and what to do about it, which may be nothing.
type reasonItem struct{ Text, Remedy string }

// evidenceItem is a record that an outcome rests on.
type evidenceItem struct {
	Kind string
	What value
	At   *value // nil: it is not known when
}

// toChecksView shows all fifteen checks, also one that was never made.
func toChecksView(f personFacts) checksView {
	var v checksView
	if f.why == nil {
		v.Notes = []string{"Why the checks came out so is not shown. " + f.whyHidden}
	} else {
		v.When = looked(f.why.AssessedAt, f.why.NextDue, f.zone)
	}
	for _, r := range f.results() {
		v.Items = append(v.Items, toCheckItem(r, f.zone))
	}
	return v
}

// looked says when checks were decided, and when that happens again.
func looked(assessed, due *time.Time, zone *time.Location) []value {
	out := []value{text("Not assessed yet.")}
	if assessed != nil {
		out = []value{text("Last assessed"), instant(*assessed, zone)}
	}
	if due == nil {
		return append(out, text("· No outcome changes before a fact does."))
	}
	return append(out, text("· Next due"), instant(*due, zone), text("or as soon as a fact changes."))
}

func toCheckItem(r check.Result, zone *time.Location) checkItem {
	item := checkItem{
		Mark: markOfCheck(r.Check),
		Open: r.Status == workforce.CheckFail,
	}
	if r.Status == workforce.CheckPass {
		item.Facts = append(item.Facts,
			labelled{"Completed", instantOr(r.CompletionDate, zone, notRecorded)},
			labelled{"Expires", instantOr(r.ExpiresAt, zone, "does not expire")})
	}
	item.Facts = append(item.Facts, labelled{"Last checked", instantOr(r.LastCheckedAt, zone, notRecorded)})
	if r.NextDue != nil {
		item.Facts = append(item.Facts, labelled{"Next due", instant(*r.NextDue, zone)})
	}
	for _, reason := range r.Reasons {
		one := reasonItem{reason.Message, reason.Remedy}
		if r.Type == workforce.CheckFullCompliance { // what to do stands with the checks that it rests on
			one, item.Open = reasonItem{Text: checkNames.Replace(reason.Message)}, false
		}
		item.Reasons = append(item.Reasons, one)
	}
	if len(item.Reasons) > 0 {
		item.Short = item.Reasons[0].Text
	}
	if n := len(item.Reasons) - 1; n > 0 {
		item.Short += " And " + strconv.Itoa(n) + " more."
	}
	for _, e := range r.Evidence {
		item.Evidence = append(item.Evidence, toEvidenceItem(e, zone))
	}
	return item
}

// checkNames gives checks the names that people read.
var checkNames = func() *strings.Replacer {
	var pairs []string
	for _, t := range workforce.AllCheckTypes {
		pairs = append(pairs, string(t), checkLabels[t])
	}
	return strings.NewReplacer(pairs...)
}()

func toEvidenceItem(e check.Evidence, zone *time.Location) evidenceItem {
	item := evidenceItem{Kind: words(e.Kind), What: text(e.Label)}
	if e.Label == "" {
		item.What = text("number " + strconv.FormatInt(e.ID, 10))
	}
	item.What.Note = e.Detail
	if e.Kind == check.EvidenceCheck {
		item.What.Text = checkNames.Replace(e.Label)
		item.What.Note = marks[workforce.CheckStatus(e.Detail)].Word
	}
	if e.At != nil {
		at := instant(*e.At, zone)
		item.At = &at
	}
	return item
}

func markOfCheck(c workforce.Check) mark {
	return markOf(map[workforce.CheckType]workforce.CheckStatus{c.Type: c.Status}, c.Type)
}

// exclusionSection shows the exclusions that are in force or to come.
func exclusionSection(f personFacts) section {
	groups := map[workforce.GroupID]string{}
	for _, g := range f.groups {
		groups[g.ID] = g.Name
	}
	columns := []column[workforce.Exclusion]{
		{"Checks", func(e workforce.Exclusion, _ *time.Location) cell {
			c := cell{}
			for _, t := range e.Checks {
				c.Values = append(c.Values, text(checkLabels[t]))
			}
			return c
		}},
		{"Reason", func(e workforce.Exclusion, _ *time.Location) cell { return cellOf(text(e.Reason)) }},
		{"Of", func(e workforce.Exclusion, _ *time.Location) cell {
			if e.GroupID == nil {
				return cellOf(text("this person"))
			}
			return cellOf(value{Text: groups[*e.GroupID], Note: "group"})
		}},
		{"From", func(e workforce.Exclusion, zone *time.Location) cell {
			v := instant(e.StartsAt, zone)
			if e.StartsAt.After(f.now) {
				v.Note = "not in force yet"
			}
			return cellOf(v)
		}},
		{"Until", func(e workforce.Exclusion, zone *time.Location) cell {
			return cellOf(instantOr(e.EndsAt, zone, "somebody ends it"))
		}},
		{"Made by", func(e workforce.Exclusion, _ *time.Location) cell { return cellOf(text(actorName(e.Actor))) }},
	}
	s := section{
		ID: "exclusions", Title: "Exclusions", Table: tableOf(columns, f.exclusions, f.zone),
		Empty: "This person is excluded from no check.",
	}
	if f.why == nil {
		s.Notes, s.Empty = []string{"Exclusions are not shown. " + f.whyHidden}, ""
	}
	return s
}
