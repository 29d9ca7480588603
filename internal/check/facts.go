package check

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Company is what is the same for everyone.
type Company struct {
	Location *time.Location // where a day begins and ends
	Rules    *workforce.Rules
	// AgentEnabled: the company has its own agent installed on devices.
	AgentEnabled bool
	// Sources are the connections that are not deleted, by number.
	Sources map[workforce.ConnectionID]Source
	// Policies are those that are not archived, with their versions.
	Policies []workforce.Policy
}

// Source is what a check has to know of a connection.
type Source struct {
	ClientType workforce.ClientType
	Working    bool // connected and not misconfigured: what it does not list is not there
}

// Facts is everything that is known of one person. The order of the lists says
// nothing.
type Facts struct {
	Company          *Company
	Personnel        workforce.Personnel
	GroupIDs         []workforce.GroupID
	Identities       []workforce.Identity
	Accounts         []workforce.Account // those that are linked to the person
	BackgroundChecks []workforce.BackgroundCheck
	Documents        []workforce.Document
	Devices          []workforce.Device // also those that are no longer active
	Acknowledgements []workforce.Acknowledgement
	Trainings        []workforce.Training
	Exclusions       []workforce.Exclusion // of the person or of one of their groups, also past and future ones
	// Previous is what was found last, by check; it says since when something
	// holds of which no evidence has a date. Empty: nothing was found yet.
	Previous []workforce.Check
}

// Reason says why an outcome is what it is. Codes are stable; sentences may be
// improved.
type Reason struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`          // one sentence, in the present tense
	Remedy  string `json:"remedy,omitempty"` // what to do about it; empty if nothing is to be done
}

// Evidence names a record that an outcome rests on.
type Evidence struct {
	Kind EvidenceKind `json:"kind"`
	ID   int64        `json:"id"` // its number among those of its kind
	// AccountKind parts the accounts, of which the two kinds are numbered
	// separately; empty for other evidence.
	AccountKind workforce.AccountKind `json:"accountKind,omitempty"`
	Label       string                `json:"label,omitempty"`  // what a person calls it
	At          *time.Time            `json:"at,omitempty"`     // when it was observed or done; nil: not known
	Detail      string                `json:"detail,omitempty"` // what it says, for example "no MFA"
}

// EvidenceKind is a kind of record.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidencePolicy          EvidenceKind = "policy"
	EvidenceAcknowledgement EvidenceKind = "acknowledgement"
	EvidenceIdentity        EvidenceKind = "identity"
	EvidenceAccount         EvidenceKind = "account"
	EvidenceBackgroundCheck EvidenceKind = "background_check"
	EvidenceDocument        EvidenceKind = "document"
	EvidenceDevice          EvidenceKind = "device"
	EvidenceTraining        EvidenceKind = "training"
	EvidenceExclusion       EvidenceKind = "exclusion"
	EvidenceCheck           EvidenceKind = "check" // of FULL_COMPLIANCE
)

// AllEvidenceKinds is every kind.
var AllEvidenceKinds = []EvidenceKind{
	EvidencePolicy, EvidenceAcknowledgement, EvidenceIdentity, EvidenceAccount, EvidenceBackgroundCheck,
	EvidenceDocument, EvidenceDevice, EvidenceTraining, EvidenceExclusion, EvidenceCheck,
}

// Result is the outcome of one check with its explanation.
type Result struct {
	workforce.Check
	Reasons  []Reason   // at least one; none after [Decide]
	Evidence []Evidence // by kind, number; none after [Decide]
	// NextDue is the first instant after now at which the outcome, or why it is
	// so, can change without any fact changing; nil: never.
	NextDue *time.Time
}

// Verdict is what [Eval] and [Decide] find of one person.
type Verdict struct {
	Results []Result // all fifteen, in the order of workforce.AllCheckTypes
	// Devices are the six checks of each active device, in the order of
	// workforce.AllDeviceCheckTypes; an inactive one keeps what it had.
	Devices map[workforce.DeviceID][]workforce.Check
	// NextDue is the earliest of the results'; nil: never.
	NextDue *time.Time
}

// Checks gives the results as they are stored.
func (v *Verdict) Checks() []workforce.Check {
	out := make([]workforce.Check, len(v.Results))
	for i := range v.Results {
		out[i] = v.Results[i].Check
	}
	return out
}
