package v2

import (
	"slices"

	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// sections are the parts of a user in the order in which they are written: that
// at i is section i+1 of the fragment of a user.
var sections = []Expand{ExpandRoles, ExpandBackgroundChecks, ExpandDocuments, ExpandIdentities, ExpandPersonnel}

// Sections is what an answer that was asked for these parts shows of the
// fragment of a user; see [document.Cache.Resolve]. The other fragments of this
// version have no sections.
func Sections(expand []Expand) uint32 {
	set := document.Sections()
	for i, part := range sections {
		if slices.Contains(expand, part) {
			set |= document.Sections(i + 1)
		}
	}
	return set
}

// Encoders gives the encoders of the fragments of this version. They map and
// write records as the answers do, with a hole for each record of another
// entity, so that the documents spliced from them are the answers byte for byte.
func Encoders() document.Encoders {
	return document.Encoders{
		Personnel: map[document.Kind]func([]byte, workforce.PersonnelRecord) []byte{
			document.V2Personnel: func(b []byte, r workforce.PersonnelRecord) []byte {
				return toWirePersonnel(&r.Personnel).AppendJSON(b)
			},
		},
		Users: map[document.Kind]func([]byte, workforce.UserRecord, *workforce.PersonnelID) []byte{
			document.V2User: appendUserFragment,
		},
		Connections: map[document.Kind]func([]byte, workforce.ConnectionRecord) []byte{
			document.V2Connection: func(b []byte, r workforce.ConnectionRecord) []byte {
				return toWireConnection(&r).AppendJSON(b)
			},
		},
	}
}

// A connection or personnel record that stands for a fragment has an id and one
// of these marks as its alias or reason: the address makes the mark, which no
// fact can have, whatever its text. A field of its own would be a member of the
// wire.
var (
	markConnection = new(string)
	markPersonnel  = new(string)
)

// markedKind tells whether an optional text is a mark, and for fragments of
// which kind.
func markedKind(text *string) (document.Kind, bool) {
	switch text {
	case nil:
		return 0, false
	case markConnection:
		return document.V2Connection, true
	case markPersonnel:
		return document.V2Personnel, true
	}
	return 0, false
}

func appendUserFragment(b []byte, r workforce.UserRecord, personnel *workforce.PersonnelID) []byte {
	b = toWireUser(r, nil).AppendJSON(b)
	b = b[:len(b)-1] // the brace comes after the sections
	for i, part := range sections {
		u := toWireUser(r, expansion{part})
		for i := range u.Identities {
			u.Identities[i].Connection = &Connection{ID: int64(r.Identities[i].ConnectionID), ClientAlias: markConnection}
		}
		if u.Personnel != nil && personnel != nil {
			*u.Personnel = &Personnel{ID: int64(*personnel), NotHumanReason: markPersonnel}
		}
		b = document.AppendSection(b, i+1)
		b = rest.AppendMembers(append(b, ','), u.appendParts)
	}
	b = document.AppendSection(b, 0)
	return append(b, '}')
}
