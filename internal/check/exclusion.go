package check

import (
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// excluded decides that a check is not asked of the person, and reports whether
// that is so. Exclusions come last: they free from what would be asked.
func (f *finding) excluded() bool {
	r := f.rule
	f.status = workforce.CheckExcluded
	switch {
	case !r.Required:
		f.because(NotRequired, func() (string, string) { return "The company does not ask for this check.", "" })
	case !slices.Contains(r.Statuses, f.Personnel.EmploymentStatus):
		f.because(StatusNotCovered, func() (string, string) {
			return "This check is not asked of people with the employment status " + string(f.Personnel.EmploymentStatus) + ".", ""
		})
	case !r.AppliesTo(f.Personnel.EmploymentStatus, f.GroupIDs):
		f.because(NotInGroup, func() (string, string) {
			return "This check is asked of the members of " + count(len(r.GroupIDs), "group", "groups") + ", of which the person is none.", ""
		})
	default:
		return r.Type != workforce.CheckFullCompliance && f.exempt()
	}
	return true
}

// exempt reports whether an exclusion that names the check is in force.
func (f *finding) exempt() bool {
	found := false
	for i := range f.Exclusions {
		x := &f.Exclusions[i]
		if !slices.Contains(x.Checks, f.rule.Type) || !f.reached(x.StartsAt) || x.EndsAt != nil && f.reached(*x.EndsAt) {
			continue
		}
		found = true
		f.because(Excluded, func() (string, string) {
			message := "The person is excluded from this check"
			if x.EndsAt != nil {
				message += " until " + f.day(*x.EndsAt)
			}
			return sentence(message + ": " + x.Reason), ""
		})
		f.show(func() Evidence {
			return Evidence{Kind: EvidenceExclusion, ID: x.ID, Label: x.Reason, At: when(x.StartsAt), Detail: "made by " + x.Actor}
		})
	}
	return found
}
