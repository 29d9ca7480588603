package v1

import (
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// What an answer shows of the fragment of a personnel record; see
// [document.Cache.Resolve]. The other fragments of this version have no
// sections.
const (
	// PersonnelSections is the record, as operations on one record answer it.
	PersonnelSections uint32 = 1 << 0
	// PersonnelListItemSections is an item of a list.
	PersonnelListItemSections uint32 = 1<<0 | 1<<sectionListItem
)

// sectionListItem is what an item of a list has and a record by itself has not.
const sectionListItem = 1

// Encoders gives the encoders of the fragments of this version. They map and
// write records as the answers do, with a hole for each record of another
// entity, so that the documents spliced from them are the answers byte for byte.
func Encoders() document.Encoders {
	return document.Encoders{
		Personnel: map[document.Kind]func([]byte, workforce.PersonnelRecord) []byte{
			document.V1Personnel: appendPersonnelFragment,
		},
		Users: map[document.Kind]func([]byte, workforce.UserRecord, *workforce.PersonnelID) []byte{
			document.V1User: appendUserFragment,
			document.V1Stub: appendStubFragment,
		},
		Connections: map[document.Kind]func([]byte, workforce.ConnectionRecord) []byte{
			document.V1Connection:        connectionFragment(markStub),
			document.V1AccountConnection: connectionFragment(markUser),
		},
		Accounts: map[document.Kind]func([]byte, workforce.AccountRecord) []byte{
			document.V1Infrastructure: appendInfrastructureFragment,
			document.V1VersionControl: appendVersionControlFragment,
		},
		Company: map[document.Kind]func([]byte, workforce.Company) []byte{
			document.V1Company: appendCompanyFragment,
		},
	}
}

// A user or connection that stands for a fragment has an id and one of these
// marks as its first name or alias: the address makes the mark, which no fact
// can have, whatever its text. A field of its own would be a member of the wire.
var (
	markUser              = new(string)
	markStub              = new(string)
	markConnection        = new(string)
	markAccountConnection = new(string)
)

// markedKind tells whether an optional text is a mark, and for fragments of
// which kind.
func markedKind(text *string) (document.Kind, bool) {
	switch text {
	case nil:
		return 0, false
	case markUser:
		return document.V1User, true
	case markStub:
		return document.V1Stub, true
	case markConnection:
		return document.V1Connection, true
	case markAccountConnection:
		return document.V1AccountConnection, true
	}
	return 0, false
}

// userHole stands for the fragment of a user; nil stays nil.
func userHole(id *workforce.UserID, mark *string) *User {
	if id == nil {
		return nil
	}
	return &User{ID: int64(*id), FirstName: mark}
}

func connectionHole(id workforce.ConnectionID, mark *string) *Connection {
	return &Connection{ID: int64(id), ClientAlias: mark}
}

func appendPersonnelFragment(b []byte, r workforce.PersonnelRecord) []byte {
	p := toWirePersonnelListItem(r, workforce.Company{}) // the settings are a hole
	p.User = userHole(&r.UserID, markUser)
	p.ReasonProvider = userHole(r.ReasonProviderID, markUser)
	b = append(b, '{')
	b = rest.AppendMembers(b, p.appendMembers)
	b = document.AppendSection(b, sectionListItem)
	b = document.AppendHole(append(b, ','), document.V1Company, document.CompanyID)
	b = rest.AppendMembers(append(b, ','), p.appendCounts)
	b = document.AppendSection(b, 0)
	return append(b, '}')
}

func appendCompanyFragment(b []byte, c workforce.Company) []byte {
	return rest.AppendMembers(b, toWirePersonnelListItem(workforce.PersonnelRecord{}, c).appendSettings)
}

func appendUserFragment(b []byte, r workforce.UserRecord, _ *workforce.PersonnelID) []byte {
	u := toWireUser(&r)
	for i := range u.Identities {
		u.Identities[i].Connection = connectionHole(r.Identities[i].ConnectionID, markConnection)
	}
	return u.AppendJSON(b)
}

func appendStubFragment(b []byte, r workforce.UserRecord, _ *workforce.PersonnelID) []byte {
	return toWireStub(r.User).AppendJSON(b)
}

// connectionFragment gives the encoder of a connection whose user is nested in
// the way of the mark.
func connectionFragment(mark *string) func([]byte, workforce.ConnectionRecord) []byte {
	return func(b []byte, r workforce.ConnectionRecord) []byte {
		c := toWireConnection(&r)
		c.User = userHole(r.UserID, mark)
		return c.AppendJSON(b)
	}
}

// digHoles puts holes where other records are nested in an account.
func (a *Account) digHoles(r workforce.Account) {
	a.User = userHole(r.UserID, markUser)
	a.ServiceAccountDesignator = userHole(r.ServiceAccountByUserID, markUser)
	a.Connection = connectionHole(r.ConnectionID, markAccountConnection)
}

func appendInfrastructureFragment(b []byte, r workforce.AccountRecord) []byte {
	a := toWireInfrastructureAccount(r)
	a.digHoles(r.Account)
	return a.AppendJSON(b)
}

func appendVersionControlFragment(b []byte, r workforce.AccountRecord) []byte {
	a := toWireVersionControlAccount(r)
	a.digHoles(r.Account)
	return a.AppendJSON(b)
}
