package importer

import (
	"io"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Training is one row of a trainings file. Nil is not said.
type Training struct {
	Email       string              // of the person, as written
	Type        workforce.CheckType // one of workforce.AllTrainingTypes
	Course      string              // its name at the source; the type where the file has none
	State       workforce.TrainingState
	AssignedAt  *time.Time
	CompletedAt *time.Time // nil although COMPLETED: the file does not say when
}

// Trainings is a trainings file that was read.
type Trainings = Parsed[Training]

// The names of the fields of a training that rules speak of.
const (
	fieldType        = "type"
	fieldCourse      = "course"
	fieldState       = "state"
	fieldAssignedAt  = "assignedAt"
	fieldCompletedAt = "completedAt"
)

// personAliases are the other names of the column that says of whom a row
// speaks.
var personAliases = []string{
	"emailaddress", "workemail", "workemailaddress", "useremail", "useremailaddress", "employeeemail", "personemail", "mail",
}

// ParseTrainings reads a file of trainings. Errors are those of [ParsePeople].
func ParseTrainings(r io.Reader, format Format, opts Options) (Trainings, error) {
	return parse(r, format, opts, &trainingSchema)
}

// trainingTypeWords and trainingStateWords are what else the two cells may
// say. "Failed" is in neither list: it may be the last word on a training, or
// the first of two attempts.
var (
	trainingTypeWords = map[string]workforce.CheckType{
		"security": workforce.CheckSecurityTraining, "securityawareness": workforce.CheckSecurityTraining,
		"securityawarenesstraining": workforce.CheckSecurityTraining,
		"hipaa":                     workforce.CheckHIPAATraining, "hipaaawareness": workforce.CheckHIPAATraining,
		"nistai": workforce.CheckNISTAITraining,
	}
	trainingStateWords = map[string]workforce.TrainingState{
		"complete": workforce.TrainingCompleted, "passed": workforce.TrainingCompleted, "done": workforce.TrainingCompleted,
		"finished": workforce.TrainingCompleted,
		"enrolled": workforce.TrainingAssigned, "notstarted": workforce.TrainingAssigned, "inprogress": workforce.TrainingAssigned,
		"started": workforce.TrainingAssigned, "incomplete": workforce.TrainingAssigned, "notcompleted": workforce.TrainingAssigned,
		"overdue": workforce.TrainingAssigned, "pastdue": workforce.TrainingAssigned,
	}
)

var trainingSchema = schema[Training]{
	noun: "trainings",
	fields: []field[Training]{
		{
			name: fieldEmail, need: true, aliases: personAliases,
			set: func(c *cell, t *Training) { t.Email = workforce.Text(c.email()) },
		},
		{
			name: fieldType, need: true, aliases: []string{"trainingtype"},
			set: func(c *cell, t *Training) {
				t.Type = member(c, "type of training", workforce.AllTrainingTypes, trainingTypeWords)
			},
		},
		{
			name:    fieldCourse,
			aliases: []string{"coursename", "training", "trainingname", "campaign", "campaignname", "module", "modulename", "title", "contentname"},
			set:     func(c *cell, t *Training) { t.Course = workforce.Text(c.text(nameMost)) },
		},
		{
			name: fieldState, aliases: []string{"status", "trainingstatus", "completionstatus"},
			set: func(c *cell, t *Training) {
				t.State = member(c, "state", workforce.AllTrainingStates, trainingStateWords)
			},
		},
		{
			name: fieldAssignedAt, aliases: []string{"assignedon", "assigneddate", "dateassigned", "assignmentdate", "enrolledat", "enrolledon", "enrollmentdate"},
			set: func(c *cell, t *Training) { t.AssignedAt = c.time() },
		},
		{
			name: fieldCompletedAt, aliases: []string{"completedon", "completeddate", "datecompleted", "completiondate", "completiontime", "finishedat"},
			set: func(c *cell, t *Training) { t.CompletedAt = c.time() },
		},
	},
	finish: finishTraining,
	unique: []uniqueness[Training]{{
		field: fieldCourse, what: "email, type and course",
		key: func(t *Training) string {
			if t.Email == "" || t.Type == "" {
				return ""
			}
			return workforce.Fold(t.Email) + " " + trainingKey(t.Type, t.Course)
		},
	}},
}

// trainingKey makes a training of one person the same training.
func trainingKey(t workforce.CheckType, course string) string {
	return string(t) + " " + workforce.Fold(course)
}

// finishTraining checks what only the whole row can tell, and derives the
// state from the times where the file does not say it.
func finishTraining(t *Training, opts Options, problem func(field, value, reason string)) {
	switch {
	case t.Email == "":
		problem(fieldEmail, "", "every training needs the e-mail address of the person")
		return
	case t.Type == "":
		problem(fieldType, "", "every training needs a type; allowed are "+names(workforce.AllTrainingTypes))
		return
	case t.State == "" && t.CompletedAt != nil:
		t.State = workforce.TrainingCompleted
	case t.State == "" && t.AssignedAt != nil:
		t.State = workforce.TrainingAssigned
	case t.State == "":
		problem(fieldState, "", "the row says neither that the training was completed nor that it was assigned; give the state, or one of the times")
		return
	case t.State == workforce.TrainingAssigned && t.CompletedAt != nil:
		problem(fieldState, string(t.State), "the state says that the training is still to be done, completedAt says when it was completed; correct one of them")
		return
	}
	if t.Course == "" {
		t.Course = string(t.Type)
	}
	if reason := tooLate(t.CompletedAt, opts); reason != "" {
		problem(fieldCompletedAt, t.CompletedAt.Format(time.RFC3339), reason)
	}
}

// tooLate says why something cannot have been done at an instant: it is still
// to come wherever on earth it was written down; "" if it can.
func tooLate(at *time.Time, opts Options) string {
	if at == nil || opts.Today == "" || at.Before(opts.Today.In(time.UTC).AddDate(0, 0, 2)) {
		return ""
	}
	return "the time is still to come; what has not happened yet cannot be imported"
}
