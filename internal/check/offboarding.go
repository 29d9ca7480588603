package check

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// offboarding decides OFFBOARDING: a document shows the offboarding, and no
// account or identity of the person is still connected. Where a connection does
// not work, an account that was open may have been closed since.
func offboarding(f *finding) {
	var seen closing
	for i := range f.Identities {
		id := &f.Identities[i]
		f.observe(&seen, id.ConnectionID, id.ConnectedAt, id.DisconnectedAt, nil)
	}
	for i := range f.Accounts {
		a := &f.Accounts[i]
		f.observe(&seen, a.ConnectionID, a.ConnectedAt, a.DisconnectedAt, a.RemovedAt)
	}
	docs := f.documents(0)
	if !docs.span.expires.IsZero() {
		f.wake(docs.span.expires) // whatever else: that is a failure then
	}
	switch {
	case seen.live > 0 || docs.best == nil:
		f.status = workforce.CheckFail
		f.eachOpen(true)
		if docs.best == nil {
			f.noOffboardingEvidence(&docs)
		}
	case seen.untold > 0:
		f.status = workforce.CheckMisconfigured
		f.eachOpen(false)
	default:
		s := span{completed: docs.latest, expires: docs.span.expires}
		if seen.last.After(s.completed) {
			s.completed = seen.last
		}
		f.pass(s)
		f.because(Offboarded, func() (string, string) {
			n := len(f.Identities) + len(f.Accounts)
			message := "The document " + quoted(docs.best.Name) + " shows the offboarding, and "
			if n == 0 {
				return message + "the person has no accounts on record.", ""
			}
			return message + "none of " + count(n, "account", "accounts") + " is connected.", ""
		})
	}
	if docs.best != nil {
		f.showDocument(docs.best, docs.span, docCounts)
	}
}

// closing is how far the accounts of a person are disconnected.
type closing struct {
	live   int       // open where the connection works
	untold int       // open when the system was last heard of
	last   time.Time // the last disconnection
}

// observe counts an account or identity. One that was never connected, or that
// its system no longer lists, is not open.
func (f *finding) observe(seen *closing, at workforce.ConnectionID, connected, disconnected, removed *time.Time) {
	if isOpen(connected, disconnected, removed) {
		if f.Company.Sources[at].Working {
			seen.live++
		} else {
			seen.untold++
		}
		return
	}
	closed := disconnected
	if closed == nil {
		closed = removed
	}
	if connected != nil && closed != nil && f.reached(*closed) && closed.After(seen.last) {
		seen.last = workforce.Millis(*closed)
	}
}

func isOpen(connected, disconnected, removed *time.Time) bool {
	return connected != nil && disconnected == nil && removed == nil
}

// eachOpen adds a reason and the evidence for each account that is open where
// the connection works, or where it does not.
func (f *finding) eachOpen(working bool) {
	if !f.explain {
		return
	}
	for i := range f.Identities {
		id := &f.Identities[i]
		if isOpen(id.ConnectedAt, id.DisconnectedAt, nil) && f.Company.Sources[id.ConnectionID].Working == working {
			f.open(id.ConnectionID, *id.ConnectedAt, Evidence{Kind: EvidenceIdentity, ID: id.ID, Label: identityName(id)})
		}
	}
	for i := range f.Accounts {
		a := &f.Accounts[i]
		if isOpen(a.ConnectedAt, a.DisconnectedAt, a.RemovedAt) && f.Company.Sources[a.ConnectionID].Working == working {
			name := accountName(a.Username, a.Email, a.IdentityID)
			f.open(a.ConnectionID, *a.ConnectedAt, Evidence{Kind: EvidenceAccount, ID: int64(a.ID), AccountKind: a.Kind, Label: name})
		}
	}
}

// open adds the reason for one open account.
func (f *finding) open(at workforce.ConnectionID, since time.Time, ev Evidence) {
	system := f.system(at)
	ev.At, ev.Detail = when(since), "open at "+system
	f.show(func() Evidence { return ev })
	if f.Company.Sources[at].Working {
		f.because(AccountOpen, func() (string, string) {
			return "The account " + ev.Label + " at " + system + " is still connected.", "Disable or delete it there."
		})
		return
	}
	f.because(AccountStateUnknown, func() (string, string) {
		return "The account " + ev.Label + " at " + system + " was connected when that was last heard of; the connection does not work now.",
			"Repair the connection, or check the account there by hand and enter that it is disconnected."
	})
}

// noOffboardingEvidence gives the reason that no document counts.
func (f *finding) noOffboardingEvidence(docs *documents) {
	const remedy = "Hand in the document that shows the offboarding."
	f.because(NoOffboardingEvidence, func() (string, string) {
		switch {
		case docs.past != nil:
			return "The document " + quoted(docs.past.Name) + " counted until " + f.day(docs.ended) + ".", remedy
		case docs.future != nil:
			return "The document " + quoted(docs.future.Name) + " shows an offboarding that is still to come.", remedy
		default:
			return "No document shows the offboarding.", remedy
		}
	})
}
