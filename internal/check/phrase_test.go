package check

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// world is a person, a company and an instant that a table's phrases describe.
type world struct {
	check workforce.CheckType
	now   time.Time
	facts Facts
	rules workforce.Rules
}

func newWorld(check workforce.CheckType, now time.Time, zone *time.Location) *world {
	w := &world{check: check, now: now, rules: workforce.DefaultRules()}
	w.facts.Company = &Company{Location: zone, Rules: &w.rules, Sources: map[workforce.ConnectionID]Source{}}
	w.facts.Personnel = workforce.Personnel{ID: 5, UserID: 6, EmploymentStatus: workforce.CurrentEmployee}
	return w
}

// rule is the rule of the table's check.
func (w *world) rule() *workforce.CheckRule { return w.rules.Of(w.check) }

// What stands for an instant, a date, and a word in the patterns below.
const (
	anInstant = `(now|\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d(?:\.\d+)?)?)?)`
	aDate     = `(\d{4}-\d\d-\d\d)`
	aName     = `([A-Z_0-9]+)`
)

// phrases is everything that a table can say, each with an example where the
// pattern is hard to read.
var phrases = []struct {
	pattern string
	apply   func(w *world, m []string)
}{
	{`nothing`, func(*world, []string) {}},
	{`status ([a-z ]+)`, func(w *world, m []string) {
		w.facts.Personnel.EmploymentStatus = workforce.EmploymentStatus(strings.ToUpper(strings.ReplaceAll(m[1], " ", "_")))
	}},
	{`person in group (\d+)`, func(w *world, m []string) {
		w.facts.GroupIDs = append(w.facts.GroupIDs, workforce.GroupID(number(m[1])))
	}},
	{`rule: (not )?required`, func(w *world, m []string) { w.rule().Required = m[1] == "" }},
	{`rule: group (\d+) only`, func(w *world, m []string) { w.rule().GroupIDs = []workforce.GroupID{workforce.GroupID(number(m[1]))} }},
	{`rule: renews after (\d+) months`, func(w *world, m []string) { w.rule().RenewalMonths = int(number(m[1])) }},
	{`rule: never renews`, func(w *world, _ []string) { w.rule().RenewalMonths = 0 }},
	{`rule: no record fails`, func(w *world, _ []string) { w.rule().MissingRecord = workforce.CheckFail }},
	{`rule: locks within (\d+) s`, func(w *world, m []string) { w.rules.ScreenLockSeconds = number(m[1]) }},
	{`rule: reports within (\d+) days`, func(w *world, m []string) { w.rules.ReportingDays = int(number(m[1])) }},
	{`rule: sources ([A-Z_, ]+)`, func(w *world, m []string) {
		for s := range strings.SplitSeq(m[1], ", ") {
			w.rule().Sources = append(w.rule().Sources, workforce.DeviceSource(s))
		}
	}},
	{`rule: asks ([A-Z_, ]+)`, func(w *world, m []string) {
		for i := range w.rules.Checks {
			t := w.rules.Checks[i].Type
			w.rules.Checks[i].Required = t == workforce.CheckFullCompliance || strings.Contains(", "+m[1]+",", ", "+string(t)+",")
		}
	}},
	{`excluded(?: from ` + aName + `)? from ` + anInstant + `(?: until ` + anInstant + `)?`, (*world).exclude},
	{`last ([A-Z]+)(?: since ` + anInstant + `)?`, func(w *world, m []string) {
		w.facts.Previous = append(w.facts.Previous, workforce.Check{
			Type: w.check, Status: workforce.CheckStatus(m[1]), CompletionDate: w.maybe(m[2]), CheckFrequency: w.rule().Frequency,
		})
	}},
	{`source ` + aName + `( broken)?`, func(w *world, m []string) {
		id := workforce.ConnectionID(len(w.facts.Company.Sources) + 1)
		w.facts.Company.Sources[id] = Source{ClientType: workforce.ClientType(m[1]), Working: m[2] == ""}
	}},
	{`no sources`, func(w *world, _ []string) { clear(w.facts.Company.Sources) }},
	{`agent in use`, func(w *world, _ []string) { w.facts.Company.AgentEnabled = true }},
	{`policy (\d+)(?: v(\d+))?( draft| archived| for nobody| for group \d+| with a draft)?`, (*world).policy},
	{`ack (\d+) v(\d+) at ` + anInstant, func(w *world, m []string) {
		w.facts.Acknowledgements = append(w.facts.Acknowledgements, workforce.Acknowledgement{
			ID: int64(len(w.facts.Acknowledgements) + 1), PolicyID: workforce.PolicyID(number(m[1])), Version: number(m[2]), AcknowledgedAt: w.instant(m[3]),
		})
	}},
	{`identity at ` + aName + `: MFA (on|off|unknown)(?:, (never connected|no sign-in|disconnected) ?` + anInstant + `?)?`, (*world).identity},
	{`document(?: of ` + aName + `)? handed in ` + anInstant + `(?:, done ` + aDate + `)?(?:, renews ` + aDate + `)?`, (*world).document},
	{`background ` + aName + `(?:, (no reason))? updated ` + anInstant + `(?:, dated ` + aDate + `)?(?:, decided ` + anInstant + `)?`, (*world).background},
	{`device (\d+) by ` + aName + `(.*)`, (*world).device},
	{`training(?: of ` + aName + `)? ([a-z]+) (assigned|done some day|done ` + anInstant + `)`, (*world).training},
	{`account at ` + aName + `: (open|never connected|closed|gone) ?` + anInstant + `?`, (*world).account},
}

// compiled is the patterns of phrases, in their order.
var compiled = func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(phrases))
	for i, p := range phrases {
		out[i] = regexp.MustCompile(`^` + p.pattern + `$`)
	}
	return out
}()

// say adds what phrases parted by semicolons say.
func (w *world) say(text string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%q: %v", text, r)
		}
	}()
next:
	for phrase := range strings.SplitSeq(text, ";") {
		phrase = strings.TrimSpace(phrase)
		for i, p := range compiled {
			if m := p.FindStringSubmatch(phrase); m != nil {
				phrases[i].apply(w, m)
				continue next
			}
		}
		return fmt.Errorf("%q is no phrase of the tables", phrase)
	}
	return nil
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// instantLayouts is how tables write instants, the shortest first.
var instantLayouts = []string{"2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02 15:04:05.000"}

func (w *world) instant(s string) time.Time {
	if s == "now" {
		return w.now
	}
	for _, layout := range instantLayouts {
		if t, err := time.ParseInLocation(layout, s, w.facts.Company.Location); err == nil {
			return t
		}
	}
	panic("not an instant: " + s)
}

// maybe is an instant that need not be given.
func (w *world) maybe(s string) *time.Time {
	if s == "" {
		return nil
	}
	return workforce.Ptr(w.instant(s))
}

// written is an instant as tables write it.
func (w *world) written(t *time.Time) string {
	switch {
	case t == nil:
		return "-"
	case t.Equal(w.now):
		return "now"
	}
	local := t.In(w.facts.Company.Location)
	for _, layout := range instantLayouts {
		if s := local.Format(layout); w.instant(s).Equal(*t) {
			return s
		}
	}
	return local.String()
}

// connection is the number of the source with a client type; one that is not
// among the company's, if it has none.
func (w *world) connection(client string) workforce.ConnectionID {
	for id, s := range w.facts.Company.Sources {
		if string(s.ClientType) == client {
			return id
		}
	}
	return 99
}

func optionalDate(s string) *workforce.Date {
	if s == "" {
		return nil
	}
	return workforce.Ptr(workforce.Date(s))
}
