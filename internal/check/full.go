package check

import "github.com/passmuster/passmuster/internal/workforce"

// fullCompliance decides FULL_COMPLIANCE from the other fourteen, which are
// decided by now.
func fullCompliance(f *finding) {
	passing, failing, untold := 0, 0, 0
	var all span
	for i := 1; i < len(f.results); i++ {
		r := &f.results[i]
		if r.NextDue != nil {
			f.wake(*r.NextDue)
		}
		switch r.Status {
		case workforce.CheckFail:
			failing++
		case workforce.CheckMisconfigured:
			untold++
		case workforce.CheckPass:
			passing++
			s := span{completed: *r.CompletionDate}
			if r.ExpiresAt != nil {
				s.expires = *r.ExpiresAt
			}
			all = all.with(s)
		case workforce.CheckExcluded:
		}
	}
	switch {
	case failing > 0:
		f.status = workforce.CheckFail
		f.eachCheck(workforce.CheckFail, CheckFails, " fails.")
	case untold > 0:
		f.status = workforce.CheckMisconfigured
		f.eachCheck(workforce.CheckMisconfigured, CheckUntold, " cannot be told.")
	case passing == 0:
		f.status = workforce.CheckExcluded
		f.because(NothingRequired, func() (string, string) { return "No check is asked of the person.", "" })
	default:
		f.pass(all)
		f.because(ChecksPass, func() (string, string) {
			return "Every check that is asked of the person passes: " + count(passing, "check", "checks") + ".", ""
		})
	}
}

// eachCheck adds a reason and the evidence for each check with the outcome.
func (f *finding) eachCheck(status workforce.CheckStatus, code Code, says string) {
	for i := 1; i < len(f.results); i++ {
		r := &f.results[i]
		if r.Status != status {
			continue
		}
		f.because(code, func() (string, string) {
			remedy := "See the reasons of " + string(r.Type) + "."
			if len(r.Reasons) > 0 && r.Reasons[0].Remedy != "" {
				remedy = r.Reasons[0].Remedy
			}
			return string(r.Type) + says, remedy
		})
		f.show(func() Evidence {
			return Evidence{
				Kind: EvidenceCheck, ID: workforce.CheckID(f.Personnel.ID, r.Type), Label: string(r.Type),
				At: r.LastCheckedAt, Detail: string(status),
			}
		})
	}
}
