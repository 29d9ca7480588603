package check

import (
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// identityMFA decides IDENTITY_MFA: every connected identity of the person at
// an identity provider has multi-factor authentication. A document can stand
// for what is not known, never against what is.
func identityMFA(f *finding) {
	known, off, unknown := 0, 0, 0
	for i := range f.Identities {
		id := &f.Identities[i]
		if !id.HasIDP || id.ConnectedAt == nil || id.DisconnectedAt != nil {
			continue
		}
		switch {
		case id.HasMFA == nil:
			unknown++
		case *id.HasMFA:
			known++
		default:
			off++
		}
		f.showIdentity(id)
	}
	switch {
	case off > 0:
		f.status = workforce.CheckFail
		f.becauseOf(MFAOff, func(id *workforce.Identity) bool { return id.HasMFA != nil && !*id.HasMFA }, func(name string) (string, string) {
			return "The identity " + name + " has no multi-factor authentication.", "Have the person set up multi-factor authentication there."
		})
		return
	case unknown == 0 && known > 0:
		f.pass(span{})
		f.because(MFAOn, func() (string, string) {
			if known == 1 {
				return "The connected identity has multi-factor authentication.", ""
			}
			return "All " + strconv.Itoa(known) + " connected identities have multi-factor authentication.", ""
		})
		return
	}
	docs := f.documents(0)
	if docs.best != nil {
		f.passOn(docs, MFAEvidence)
		return
	}
	f.showPast(docs)
	f.status = workforce.CheckMisconfigured
	switch {
	case unknown > 0:
		f.becauseOf(MFAUnknown, func(id *workforce.Identity) bool { return id.HasMFA == nil }, func(name string) (string, string) {
			return "It is not known whether the identity " + name + " has multi-factor authentication.",
				"Let the connection read the state of multi-factor authentication, or hand in a document that shows it."
		})
	case f.countedSources().idp:
		f.because(NoIdentity, func() (string, string) {
			return "No identity provider lists a connected identity of the person.", "Connect the person's account, or hand in a document that shows multi-factor authentication."
		})
	default:
		f.because(NoSource, func() (string, string) {
			return "No identity provider is connected.", "Connect the identity provider that people sign in with, or hand in a document that shows multi-factor authentication."
		})
	}
}

// becauseOf adds a reason for each identity that counts and matches.
func (f *finding) becauseOf(code Code, matches func(*workforce.Identity) bool, tell func(name string) (message, remedy string)) {
	for i := range f.Identities {
		id := &f.Identities[i]
		if id.HasIDP && id.ConnectedAt != nil && id.DisconnectedAt == nil && matches(id) {
			f.because(code, func() (string, string) { return tell(identityName(id) + " at " + f.system(id.ConnectionID)) })
		}
	}
}

func (f *finding) showIdentity(id *workforce.Identity) {
	f.show(func() Evidence {
		detail := "MFA unknown"
		if id.HasMFA != nil && *id.HasMFA {
			detail = "MFA"
		} else if id.HasMFA != nil {
			detail = "no MFA"
		}
		detail += " at " + f.system(id.ConnectionID)
		if !f.Company.Sources[id.ConnectionID].Working {
			detail += " when it was last heard of: the connection does not work now"
		}
		return Evidence{Kind: EvidenceIdentity, ID: id.ID, Label: identityName(id), At: when(id.UpdatedAt), Detail: detail}
	})
}

// identityName is what the source calls an identity.
func identityName(id *workforce.Identity) string {
	return accountName(id.Username, id.Email, id.IdentityID)
}

// accountName is what a system calls an account: by a name for people if it has
// one, otherwise by its number.
func accountName(username, email *string, id string) string {
	switch {
	case workforce.Text(username) != "":
		return *username
	case workforce.Text(email) != "":
		return *email
	default:
		return id
	}
}
