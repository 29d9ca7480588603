package check

import "github.com/passmuster/passmuster/internal/workforce"

// trainings is what is on record of a training.
type trainings struct {
	best     *workforce.Training // of those that count, the one that does so longest
	span     span                // of best
	undated  *workforce.Training // one that was completed, nobody says when
	expired  *workforce.Training // the one that counted last, if none does
	ended    span                // of expired
	assigned *workforce.Training // one that is to be done
	future   *workforce.Training // one whose completion does not count yet
}

// training decides SECURITY_TRAINING, HIPAA_TRAINING and NIST_AI_TRAINING: one
// of the type is completed, not longer ago than the renewal, or a document shows
// that.
func training(f *finding) {
	ts := f.trainings()
	docs := f.documents(f.rule.RenewalMonths)
	switch {
	case docs.best != nil && (ts.best == nil || docs.span.outlasts(ts.span)):
		f.passOn(docs, EvidenceOnFile)
	case ts.best != nil:
		f.pass(ts.span)
		f.because(TrainingDone, func() (string, string) {
			message := "The training " + quoted(ts.best.Course) + " is completed"
			if !ts.span.completed.IsZero() {
				message += " since " + f.day(ts.span.completed)
			}
			if !ts.span.expires.IsZero() {
				message += " and counts" + f.until(ts.span.expires)
			}
			return message + ".", ""
		})
		f.showTraining(ts.best)
	case ts.expired != nil || docs.past != nil || ts.assigned != nil:
		f.status = workforce.CheckFail
		f.trainingMissed(&ts, &docs)
	case ts.undated != nil:
		f.status = workforce.CheckMisconfigured
		f.because(CompletionDateUnknown, func() (string, string) {
			return "The training " + quoted(ts.undated.Course) + " is completed, but it is not known when.", "Enter when it was completed."
		})
		f.showTraining(ts.undated)
	default:
		f.status = f.withoutRecord()
		f.trainingUnrecorded(&ts, &docs)
	}
}

// trainings reads the person's trainings of the check's type.
func (f *finding) trainings() trainings {
	var out trainings
	for i := range f.Trainings {
		t := &f.Trainings[i]
		switch {
		case t.Type != f.rule.Type:
			continue
		case t.State == workforce.TrainingAssigned:
			out.assigned = t
			continue
		case t.State != workforce.TrainingCompleted:
			continue // says nothing that is known here
		case t.CompletedAt == nil && f.rule.RenewalMonths > 0:
			out.undated = t
			continue
		}
		s := f.trainingSpan(t)
		switch f.standing(s) {
		case notYet:
			out.future = t
		case over:
			if out.expired == nil || s.outlasts(out.ended) {
				out.expired, out.ended = t, s
			}
		case current:
			if out.best == nil || s.outlasts(out.span) {
				out.best, out.span = t, s
			}
		}
	}
	return out
}

// trainingSpan is for when a completed training counts; one without a date only
// where it counts for good.
func (f *finding) trainingSpan(t *workforce.Training) span {
	if t.CompletedAt == nil {
		return span{}
	}
	s := span{completed: workforce.Millis(*t.CompletedAt)}
	s.expires = f.renewed(s.completed, f.rule.RenewalMonths)
	return s
}

// trainingMissed gives the reasons of a failure.
func (f *finding) trainingMissed(ts *trainings, docs *documents) {
	if t := ts.expired; t != nil {
		f.because(TrainingExpired, func() (string, string) {
			return "The training " + quoted(t.Course) + " counted until " + f.day(ts.ended.expires) + ".", "Have the person do the training again."
		})
		f.showTraining(t)
	}
	if d := docs.past; d != nil {
		f.because(TrainingExpired, func() (string, string) {
			return "The document " + quoted(d.Name) + " counted until " + f.day(docs.ended) + ".", "Have the person do the training again, and hand in what shows it."
		})
		f.showDocument(d, f.documentSpan(d, f.rule.RenewalMonths), docCounted)
	}
	if t := ts.assigned; t != nil {
		f.because(TrainingToDo, func() (string, string) {
			return "The training " + quoted(t.Course) + " is assigned and not completed.", "Have the person do the training."
		})
		f.showTraining(t)
	}
}

// trainingUnrecorded gives the reason where nothing that counts is on record.
func (f *finding) trainingUnrecorded(ts *trainings, docs *documents) {
	const remedy = "Correct the date, or wait."
	switch {
	case ts.future != nil:
		f.because(TrainingNotYet, func() (string, string) {
			return "The completion of the training " + quoted(ts.future.Course) + " is dated " + f.day(*ts.future.CompletedAt) + ", which is still to come.", remedy
		})
		f.showTraining(ts.future)
	case docs.future != nil:
		s := f.documentSpan(docs.future, f.rule.RenewalMonths)
		f.because(TrainingNotYet, func() (string, string) {
			return "The document " + quoted(docs.future.Name) + " shows a completion on " + f.day(s.completed) + ", which is still to come.", remedy
		})
		f.showDocument(docs.future, s, docNotYet)
	default:
		f.because(NoTraining, func() (string, string) {
			return "Nothing is on record of this training.", "Enter the training that the person has done, or assign one."
		})
	}
}

func (f *finding) showTraining(t *workforce.Training) {
	f.show(func() Evidence {
		return Evidence{Kind: EvidenceTraining, ID: t.ID, Label: t.Course, At: whenKnown(t.CompletedAt), Detail: string(t.State)}
	})
}
