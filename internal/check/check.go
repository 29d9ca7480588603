package check

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// judges is how each check is decided, in the order of workforce.AllCheckTypes.
var judges = []struct {
	check workforce.CheckType
	judge func(*finding)
}{
	{workforce.CheckFullCompliance, fullCompliance},
	{workforce.CheckAcceptedPolicies, acceptedPolicies},
	{workforce.CheckIdentityMFA, identityMFA},
	{workforce.CheckBackground, backgroundCheck},
	{workforce.CheckAgentInstalled, agentInstalled},
	{workforce.CheckPasswordManager, deviceCheck},
	{workforce.CheckHDDEncryption, deviceCheck},
	{workforce.CheckAntivirus, deviceCheck},
	{workforce.CheckAutoUpdates, deviceCheck},
	{workforce.CheckLockScreen, deviceCheck},
	{workforce.CheckSecurityTraining, training},
	{workforce.CheckLocationServices, deviceCheck},
	{workforce.CheckHIPAATraining, training},
	{workforce.CheckOffboarding, offboarding},
	{workforce.CheckNISTAITraining, training},
}

// Eval decides all fifteen checks of a person at an instant, which counts in
// whole milliseconds, and explains them. Facts are not changed.
func Eval(f *Facts, now time.Time) Verdict { return evaluate(f, now, true) }

// Decide is [Eval] without reasons and evidence, for whoever stores outcomes
// only: it makes no sentences.
func Decide(f *Facts, now time.Time) Verdict { return evaluate(f, now, false) }

func evaluate(facts *Facts, now time.Time, explain bool) Verdict {
	e := newExam(facts, now, explain)
	e.results = make([]Result, len(judges))
	v := Verdict{Results: e.results}
	f := &finding{exam: e}
	for i := 1; i < len(judges); i++ {
		f.decide(i)
	}
	f.decide(0) // FULL_COMPLIANCE rests on the others
	for i := range v.Results {
		if due := v.Results[i].NextDue; due != nil && (v.NextDue == nil || due.Before(*v.NextDue)) {
			v.NextDue = due
		}
	}
	v.Devices = e.deviceVerdicts()
	return v
}

// decide finds the outcome of the check at a place of AllCheckTypes.
func (f *finding) decide(i int) {
	*f = finding{exam: f.exam, rule: f.exam.rule(i)}
	if !f.excluded() {
		judges[i].judge(f)
	}
	f.sortEvidence()
	f.results[i] = Result{
		Check:    f.record(f.rule, f.status, f.span, f.previous(i)),
		Reasons:  f.reasons,
		Evidence: f.evidence,
		NextDue:  f.keep(f.due),
	}
}
