package demo

import "github.com/passmuster/passmuster/internal/workforce"

// Rules are what counts as compliant in the company: the defaults, and the two
// special trainings for the departments that need them.
func (c *Company) Rules() workforce.Rules {
	rules := workforce.DefaultRules()
	for t, of := range specialTrainings {
		rule := rules.Of(t)
		rule.Required, rule.GroupIDs = true, groupsWith(of)
	}
	rules.UpdatedAt = workforce.Ptr(c.monthsAgo(11))
	return rules
}

// specialTrainings are for some departments only.
var specialTrainings = map[workforce.CheckType]func(*department) bool{
	workforce.CheckHIPAATraining:  func(d *department) bool { return d.cares },
	workforce.CheckNISTAITraining: func(d *department) bool { return d.trains },
}

// courses are the names of each training: the one that is done now, and the one
// of former years.
var courses = map[workforce.CheckType][2]string{
	workforce.CheckSecurityTraining: {"Security awareness", "Security basics"},
	workforce.CheckHIPAATraining:    {"Handling health data", "Health data basics"},
	workforce.CheckNISTAITraining:   {"AI risk management", "Introduction to AI risks"},
}

// trainingSources are who tells of trainings: the system that holds them, as a
// rule.
var trainingSources = deckOf(cards[string]{string(connectionPlans[atTraining].client), 6}, cards[string]{"import", 3}, cards[string]{"demo", 1})

// progress is how far a person has come with a training.
type progress int

const (
	finished progress = iota
	outdated          // finished, too long ago
	toDo
	undated   // finished, nobody says when
	untouched // nothing is on record
)

// known reports whether it can be told that the training is missing, or is not.
func (s progress) known() bool { return s != undated && s != untouched }

// headTrainings are outcomes of trainings that are asked of few people: these
// heads of departments have them for certain, and no document against it.
var headTrainings = map[int]struct {
	check    workforce.CheckType
	progress progress
}{
	4:  {workforce.CheckHIPAATraining, undated},
	8:  {workforce.CheckNISTAITraining, untouched},
	9:  {workforce.CheckHIPAATraining, toDo},
	10: {workforce.CheckNISTAITraining, outdated},
}

// trainings are the person's trainings.
func (c *Company) trainings(p *profile) []workforce.Training {
	d := c.dice(topicTraining, p.n)
	if !p.human || p.status == workforce.OutOfScope {
		return nil
	}
	var out []workforce.Training
	for _, t := range workforce.AllTrainingTypes {
		if of, special := specialTrainings[t]; special && (!p.status.Current() || p.team == nil || !of(p.team)) {
			continue
		}
		state, stale := progressOf(p, t, d), c.day.AddDate(0, -staleMonths, 0)
		basics := d.percent(20)
		switch hadTime := p.created.Before(stale); {
		case state == untouched:
			continue
		case state == outdated && !hadTime:
			state = toDo
		case state == finished && hadTime && basics:
			out = append(out, c.training(p, t, outdated, courses[t][1], d))
		}
		out = append(out, c.training(p, t, state, courses[t][0], d))
	}
	return out
}

// progressOf draws how far a person has come. Agencies train their people
// themselves; those who left did so in their time.
func progressOf(p *profile, t workforce.CheckType, d dice) progress {
	chance := d.below(100)
	if certain, ok := headTrainings[p.n]; ok && certain.check == t {
		return certain.progress
	}
	switch {
	case p.agency && t == workforce.CheckSecurityTraining:
		return untouched
	case p.status == workforce.FutureHire:
		return choose(chance < 50, toDo, untouched)
	case p.status.Former():
		return choose(chance < 50, outdated, untouched)
	case p.conduct == sloppy && chance < 28:
		return choose(chance < 14, toDo, outdated)
	case p.conduct == murky && chance < 30:
		return choose(chance < 20, undated, untouched)
	}
	return finished
}

// training is one training. Times are up to the reference day, and for those
// who left up to then.
func (c *Company) training(p *profile, t workforce.CheckType, state progress, course string, d dice) workforce.Training {
	from, until := later(p.created, c.day.AddDate(0, 0, -freshDays)), c.day
	switch {
	case state == toDo:
		from = later(from, c.day.AddDate(0, 0, -90))
	case !p.gone.IsZero():
		from, until = p.created, later(p.created, p.gone)
	case state == outdated:
		until = c.day.AddDate(0, -staleMonths, 0)
		from = later(p.created, until.AddDate(-1, -6, 0))
	}
	at := d.between(from, until) // when it was completed, or assigned
	out := workforce.Training{
		Type: t, Course: course, State: workforce.TrainingCompleted, Source: pick(d, trainingSources),
		AssignedAt: maybe(d, 70, d.between(later(p.created, at.AddDate(0, 0, -40)), at)),
		CreatedAt:  at, UpdatedAt: at,
	}
	switch state {
	case toDo:
		out.State, out.AssignedAt = workforce.TrainingAssigned, workforce.Ptr(at)
	case undated:
	default:
		out.CompletedAt = workforce.Ptr(at)
	}
	if out.AssignedAt != nil {
		out.CreatedAt = *out.AssignedAt
	}
	return out
}
