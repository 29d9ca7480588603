package check

import (
	"cmp"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// exam is the evaluation of one person under way. It is used once.
type exam struct {
	Facts    // with its lists in the order of numbers, so that ties are decided alike
	policies []workforce.Policy
	now      time.Time
	zone     *time.Location
	explain  bool // reasons and evidence are wanted
	results  []Result
	sources  sources
	// machines gives for each device the place of the first device that is the
	// same machine; -1 for one that is no longer active.
	machines []int
	times    []time.Time // what optional times of the verdict point to
}

// sources is which kinds of sources the company has.
type sources struct {
	counted                       bool // the rest is filled in
	idp, device, devicesOnWorking bool
}

func newExam(facts *Facts, now time.Time, explain bool) *exam {
	e := &exam{Facts: *facts, now: workforce.Millis(now), zone: facts.Company.Location, explain: explain}
	if e.zone == nil {
		e.zone = time.UTC
	}
	e.policies = ordered(facts.Company.Policies, func(p *workforce.Policy) int64 { return int64(p.ID) })
	e.Identities = ordered(e.Identities, func(i *workforce.Identity) int64 { return i.ID })
	e.Accounts = ordered(e.Accounts, accountOrder)
	e.BackgroundChecks = ordered(e.BackgroundChecks, func(b *workforce.BackgroundCheck) int64 { return b.ID })
	e.Documents = ordered(e.Documents, func(d *workforce.Document) int64 { return d.ID })
	e.Devices = ordered(e.Devices, func(d *workforce.Device) int64 { return int64(d.ID) })
	e.Acknowledgements = ordered(e.Acknowledgements, func(a *workforce.Acknowledgement) int64 { return a.ID })
	e.Trainings = ordered(e.Trainings, func(t *workforce.Training) int64 { return t.ID })
	e.Exclusions = ordered(e.Exclusions, func(x *workforce.Exclusion) int64 { return x.ID })
	e.machines = sameMachines(e.Devices)
	e.times = make([]time.Time, 0, len(judges)*timesPerResult+len(e.Devices)*len(workforce.AllDeviceCheckTypes)*timesPerCheck)
	return e
}

// The optional times of a check, and of a result.
const (
	timesPerCheck  = 3
	timesPerResult = timesPerCheck + 1
)

// accountOrder parts the two kinds of accounts, which are numbered separately.
func accountOrder(a *workforce.Account) int64 {
	return int64(a.ID)<<1 | int64(min(1, max(0, slices.Index(workforce.AllAccountKinds, a.Kind))))
}

// ordered gives a list in the order of a key; itself, if it is so already.
func ordered[T any](list []T, key func(*T) int64) []T {
	sorted := true
	for i := 1; i < len(list) && sorted; i++ {
		sorted = key(&list[i-1]) <= key(&list[i])
	}
	if sorted {
		return list
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(&a), key(&b)) })
	return list
}

// place is where a check stands among all.
func place(t *workforce.CheckType) int64 { return int64(slices.Index(workforce.AllCheckTypes, *t)) }

// keep gives a pointer to a time of the verdict; nil for the zero time.
func (e *exam) keep(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	e.times = append(e.times, t)
	return &e.times[len(e.times)-1]
}

// rule is what the company asks for with the check at a place of AllCheckTypes.
func (e *exam) rule(i int) *workforce.CheckRule {
	t := workforce.AllCheckTypes[i]
	if checks := e.Company.Rules.Checks; i < len(checks) && checks[i].Type == t {
		return &checks[i]
	}
	if r := e.Company.Rules.Of(t); r != nil {
		return r
	}
	return &workforce.CheckRule{Type: t} // not required
}

// previous is what was found last of the check at a place of AllCheckTypes.
func (e *exam) previous(i int) *workforce.Check {
	t := workforce.AllCheckTypes[i]
	if i < len(e.Previous) && e.Previous[i].Type == t {
		return &e.Previous[i]
	}
	for j := range e.Previous {
		if e.Previous[j].Type == t {
			return &e.Previous[j]
		}
	}
	return nil
}

// record is a check as it is stored. An outcome that is as before keeps its
// times, so that deciding again changes nothing.
func (e *exam) record(rule *workforce.CheckRule, status workforce.CheckStatus, s span, previous *workforce.Check) workforce.Check {
	c := workforce.Check{Type: rule.Type, Status: status, CheckFrequency: rule.Frequency, CreatedAt: e.now, UpdatedAt: e.now}
	if previous != nil {
		c.CreatedAt = workforce.Millis(previous.CreatedAt)
	}
	if status == workforce.CheckPass {
		if s.completed.IsZero() {
			s.completed = e.since(previous)
		}
		c.CompletionDate, c.ExpiresAt = e.keep(s.completed), e.keep(s.expires)
	}
	checked := e.now
	if previous != nil && previous.LastCheckedAt != nil && alike(&c, previous) {
		checked, c.UpdatedAt = workforce.Millis(*previous.LastCheckedAt), workforce.Millis(previous.UpdatedAt)
	}
	c.LastCheckedAt = e.keep(checked)
	return c
}

// since is from when on something passes of which no evidence has a date.
func (e *exam) since(previous *workforce.Check) time.Time {
	if previous == nil || previous.Status != workforce.CheckPass || previous.CompletionDate == nil {
		return e.now
	}
	return workforce.Millis(*previous.CompletionDate)
}

// alike reports whether two outcomes are the same but for when they were found.
func alike(a, b *workforce.Check) bool {
	return a.Status == b.Status && a.CheckFrequency == b.CheckFrequency &&
		sameTime(a.CompletionDate, b.CompletionDate) && sameTime(a.ExpiresAt, b.ExpiresAt)
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(workforce.Millis(*b))
}

// countedSources says which kinds of sources the company has.
func (e *exam) countedSources() sources {
	if e.sources.counted {
		return e.sources
	}
	e.sources.counted = true
	for _, s := range e.Company.Sources {
		if s.ClientType.Provides(workforce.ProviderIdentity) {
			e.sources.idp = true
		}
		if s.ClientType.Provides(workforce.ProviderMDM) {
			e.sources.device = true
			e.sources.devicesOnWorking = e.sources.devicesOnWorking || s.Working
		}
	}
	return e.sources
}

// system names the system behind a connection.
func (e *exam) system(id workforce.ConnectionID) string {
	if s, ok := e.Company.Sources[id]; ok {
		return string(s.ClientType)
	}
	return "a system that is no longer connected"
}

// day writes the date of an instant where the company is.
func (e *exam) day(t time.Time) string { return string(workforce.DateOf(t.In(e.zone))) }
