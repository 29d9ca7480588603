package check

import (
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// acceptedPolicies decides ACCEPTED_POLICIES: every published policy that is
// assigned to the person is acknowledged at its current version, not longer ago
// than the renewal.
func acceptedPolicies(f *finding) {
	existing, assigned, published, met := 0, 0, 0, 0
	var all span // from the latest acknowledgement to the earliest end
	for i := range f.policies {
		p := &f.policies[i]
		if p.ArchivedAt != nil {
			continue
		}
		existing++
		if !p.AppliesTo(f.GroupIDs) {
			continue
		}
		assigned++
		version := p.Current()
		if version == nil {
			continue
		}
		published++
		if s, ok := f.acknowledged(p, version.Version); ok {
			met++
			all = all.with(s)
		}
	}
	switch {
	case existing == 0:
		f.status = workforce.CheckMisconfigured
		f.because(NoPolicy, func() (string, string) {
			return "The company has no policies.", "Enter a policy and publish it, or do not require this check."
		})
	case assigned == 0:
		f.status = workforce.CheckExcluded
		f.because(NoPolicyAssigned, func() (string, string) { return "No policy is assigned to the person.", "" })
	case published == 0:
		f.status = workforce.CheckMisconfigured
		f.because(PolicyNotPublished, func() (string, string) {
			return "No version is published of the " + count(assigned, "policy", "policies") + " assigned to the person.", "Publish a version."
		})
	case met < published:
		f.status = workforce.CheckFail
	default:
		f.pass(all)
		f.because(PoliciesAcknowledged, func() (string, string) {
			if published == 1 {
				return "The published policy is acknowledged.", ""
			}
			return "All " + strconv.Itoa(published) + " published policies are acknowledged.", ""
		})
	}
}

// with is when two things that are both needed count: from the later completion
// until the earlier end.
func (s span) with(o span) span {
	if o.completed.After(s.completed) {
		s.completed = o.completed
	}
	if !o.expires.IsZero() && (s.expires.IsZero() || o.expires.Before(s.expires)) {
		s.expires = o.expires
	}
	return s
}

// acknowledged reports whether the person has acknowledged a version of a
// policy, and for when that counts. If not, it gives the reason.
func (f *finding) acknowledged(p *workforce.Policy, version int64) (span, bool) {
	var newest *workforce.Acknowledgement // of the version
	var older *workforce.Acknowledgement  // of an earlier one
	for i := range f.Acknowledgements {
		a := &f.Acknowledgements[i]
		if a.PolicyID != p.ID || a.Version > version || !f.reached(a.AcknowledgedAt) {
			continue
		}
		if a.Version < version {
			if older == nil || a.Version > older.Version {
				older = a
			}
		} else if newest == nil || a.AcknowledgedAt.After(newest.AcknowledgedAt) {
			newest = a
		}
	}
	if newest == nil {
		f.notAcknowledged(p, version, older)
		return span{}, false
	}
	s := span{completed: workforce.Millis(newest.AcknowledgedAt)}
	s.expires = f.renewed(s.completed, f.rule.RenewalMonths)
	f.showAcknowledgement(p, newest)
	if f.standing(s) == over {
		f.because(AcknowledgementExpired, func() (string, string) {
			return "The acknowledgement of the policy " + quoted(p.Name) + " counted until " + f.day(s.expires) + ".",
				"Have the person acknowledge it again."
		})
		return span{}, false
	}
	if !s.expires.IsZero() {
		f.wake(s.expires) // also if another policy fails: one more reason then
	}
	return s, true
}

func (f *finding) notAcknowledged(p *workforce.Policy, version int64, older *workforce.Acknowledgement) {
	f.show(func() Evidence {
		return Evidence{Kind: EvidencePolicy, ID: int64(p.ID), Label: p.Name, Detail: "version " + strconv.FormatInt(version, 10)}
	})
	if older == nil {
		f.because(PolicyNotAcknowledged, func() (string, string) {
			return "The policy " + quoted(p.Name) + " is not acknowledged.",
				"Have the person read and acknowledge version " + strconv.FormatInt(version, 10) + "."
		})
		return
	}
	f.showAcknowledgement(p, older)
	f.because(PolicyNewVersion, func() (string, string) {
		return "The policy " + quoted(p.Name) + " is acknowledged at version " + strconv.FormatInt(older.Version, 10) + ", not at its current one.",
			"Have the person read and acknowledge version " + strconv.FormatInt(version, 10) + "."
	})
}

func (f *finding) showAcknowledgement(p *workforce.Policy, a *workforce.Acknowledgement) {
	f.show(func() Evidence {
		return Evidence{
			Kind: EvidenceAcknowledgement, ID: a.ID, Label: p.Name, At: when(a.AcknowledgedAt),
			Detail: "version " + strconv.FormatInt(a.Version, 10),
		}
	})
}
