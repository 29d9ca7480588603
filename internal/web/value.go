package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The words for what is absent. Unknown stands for a fact that somebody has
// and nobody told us, notRecorded for an event that may never have happened.
const (
	unknown     = "unknown"
	notRecorded = "none recorded"
)

// value is one text of a page, or the word that stands for its absence.
type value struct {
	Text   string // may be in any script
	ISO    string // of a date or an instant: its machine-readable form
	Link   string // an http or https address elsewhere
	Note   string // small print behind it
	Absent string // the word for its absence; then only Note may be set
}

func text(s string) value { return value{Text: s} }

func textOr(s *string, absent string) value {
	if s == nil || strings.TrimSpace(*s) == "" {
		return value{Absent: absent}
	}
	return value{Text: *s}
}

// answer is a three-valued fact.
func answer(b *bool) value {
	if b == nil {
		return value{Absent: unknown}
	}
	return value{Text: yesNo(*b)}
}

func number(n int64) value { return value{Text: strconv.FormatInt(n, 10)} }

func dateOr(d *workforce.Date, absent string) value {
	if d == nil {
		return value{Absent: absent}
	}
	return value{Text: string(*d), ISO: string(*d)}
}

// instant shows a time to the minute where the company is.
func instant(t time.Time, zone *time.Location) value {
	return value{Text: t.In(zone).Format("2006-01-02 15:04"), ISO: t.UTC().Format(time.RFC3339)}
}

func instantOr(t *time.Time, zone *time.Location, absent string) value {
	if t == nil {
		return value{Absent: absent}
	}
	return instant(*t, zone)
}

// link shows the text as a link if the address leads somewhere on the web or to
// a file that is kept here, and as plain text otherwise: an address comes from
// other systems.
func link(label string, address *string) value {
	v := value{Text: label}
	if a := workforce.Text(address); isWebAddress(a) || strings.HasPrefix(a, "/download/") {
		v.Link = a
	}
	return v
}

// mark is the outcome of a check: a sign, a colour and a word, so that none of
// them is needed to read the others.
type mark struct {
	Class string // of the style sheet
	Sign  string
	Word  string
	About string // the check
}

// marks gives the outcomes their signs and words.
var marks = map[workforce.CheckStatus]mark{
	workforce.CheckPass:          {Class: "pass", Sign: "✓", Word: "passes"},
	workforce.CheckFail:          {Class: "fail", Sign: "✗", Word: "fails"},
	workforce.CheckMisconfigured: {Class: "unknown", Sign: "?", Word: "unknown"},
	workforce.CheckExcluded:      {Class: "excluded", Sign: "–", Word: "excluded"},
}

// noResult stands where a check was not made.
var noResult = mark{Class: "none", Sign: "·", Word: "no result"}

// legend explains the marks, in the order in which lists sort by them.
var legend = []legendLine{
	{marks[workforce.CheckFail], workforce.CheckFail, "the requirement is not met"},
	{marks[workforce.CheckMisconfigured], workforce.CheckMisconfigured, "cannot be told: no source, or a fact is missing"},
	{marks[workforce.CheckExcluded], workforce.CheckExcluded, "does not apply to this person"},
	{marks[workforce.CheckPass], workforce.CheckPass, "the requirement is met"},
}

type legendLine struct {
	Mark   mark
	Status workforce.CheckStatus // the word of the API
	Text   string
}

// markOf shows the outcome of the check of the type; not having one is shown
// as that.
func markOf(checks map[workforce.CheckType]workforce.CheckStatus, t workforce.CheckType) mark {
	m, ok := marks[checks[t]]
	if !ok {
		m = noResult
	}
	m.About = checkLabels[t]
	return m
}

// cell is one place in a table: a mark, texts below each other, or both.
type cell struct {
	Label  string // the head of the column
	Mark   *mark
	Values []value
}

func cellOf(values ...value) cell { return cell{Values: values} }

func markCell(m mark) cell { return cell{Mark: &m} }

// column is a column of a table of T: its head, and how its cells are made.
type column[T any] struct {
	label string
	cell  func(T, *time.Location) cell
}

// table is a table whose first column heads its rows.
type table struct {
	Heads []string
	Rows  [][]cell
}

// tableOf lays records out in columns, one row each.
func tableOf[T any](columns []column[T], records []T, zone *time.Location) table {
	var t table
	for _, c := range columns {
		t.Heads = append(t.Heads, c.label)
	}
	for _, r := range records {
		row := make([]cell, len(columns))
		for i, c := range columns {
			row[i] = c.cell(r, zone)
			row[i].Label = c.label
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
