package native

import (
	"maps"
	"slices"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// PeoplePage is a page of people.
type PeoplePage struct {
	Data       []PersonSummary `json:"data"`
	Pagination Pagination      `json:"pagination"`
	Position   int64           `json:"position"`
	Facets     *PeopleFacets   `json:"facets,omitempty"`
}

// MediaTypes names what else the answer can be, beside JSON.
func (PeoplePage) MediaTypes() []string { return streamTypes }

// AppendJSON implements [rest.Response].
func (p PeoplePage) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	rest.List(&o, "data", pointers(p.Data), func(b []byte, r *PersonSummary) []byte { return r.AppendJSON(b) })
	o.Value("pagination", p.Pagination)
	o.Int("position", p.Position)
	if p.Facets != nil {
		o.Value("facets", p.Facets)
	}
	return o.End()
}

// pointers gives pointers to the elements, which are too large to copy for
// each member.
func pointers[T any](items []T) []*T {
	out := make([]*T, len(items))
	for i := range items {
		out[i] = &items[i]
	}
	return out
}

// AccountsPage is a page of accounts.
type AccountsPage struct {
	Data       []AccountSummary `json:"data"`
	Pagination Pagination       `json:"pagination"`
	Position   int64            `json:"position"`
	Facets     *AccountFacets   `json:"facets,omitempty"`
}

// MediaTypes names what else the answer can be, beside JSON.
func (AccountsPage) MediaTypes() []string { return streamTypes }

// AppendJSON implements [rest.Response].
func (p AccountsPage) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	rest.List(&o, "data", pointers(p.Data), func(b []byte, r *AccountSummary) []byte { return r.AppendJSON(b) })
	o.Value("pagination", p.Pagination)
	o.Int("position", p.Position)
	if p.Facets != nil {
		o.Value("facets", p.Facets)
	}
	return o.End()
}

// Pagination says how to go on, and how far it is.
type Pagination struct {
	Cursor *string `json:"cursor"` // nil on the last page
	Total  int64   `json:"total"`  // records on all pages
}

// AppendJSON implements [rest.Response].
func (p Pagination) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.StringOrNull("cursor", p.Cursor)
	o.Int("total", p.Total)
	return o.End()
}

// PeopleFacets counts the people on all pages by what they are.
type PeopleFacets struct {
	EmploymentStatuses Counts[workforce.EmploymentStatus] `json:"employmentStatuses"`
	Checks             CheckCounts                        `json:"checks"`
	Systems            Counts[workforce.ClientType]       `json:"systems"`
}

// AppendJSON implements [rest.Response].
func (f *PeopleFacets) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Value("employmentStatuses", f.EmploymentStatuses)
	o.Value("checks", f.Checks)
	o.Value("systems", f.Systems)
	return o.End()
}

// AccountFacets counts the accounts on all pages by what they are.
type AccountFacets struct {
	Systems     Counts[workforce.ClientType] `json:"systems"`
	Connections []ConnectionCount            `json:"connections"`
	HasMFA      MFACounts                    `json:"hasMfa"`
	Owners      OwnerCounts                  `json:"owners"`
}

// AppendJSON implements [rest.Response].
func (f *AccountFacets) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Value("systems", f.Systems)
	putList(&o, "connections", f.Connections)
	o.Value("hasMfa", f.HasMFA)
	o.Value("owners", f.Owners)
	return o.End()
}

// ConnectionCount is how many accounts are from a connection.
type ConnectionCount struct {
	ConnectionID int64 `json:"connectionId"`
	Count        int64 `json:"count"`
}

// AppendJSON implements [rest.Response].
func (c ConnectionCount) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("connectionId", c.ConnectionID)
	o.Int("count", c.Count)
	return o.End()
}

// MFACounts counts accounts by whether they are protected by multi-factor
// authentication.
type MFACounts struct {
	True    int64 `json:"true"`
	False   int64 `json:"false"`
	Unknown int64 `json:"unknown"`
}

// AppendJSON implements [rest.Response].
func (c MFACounts) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("true", c.True)
	o.Int("false", c.False)
	o.Int("unknown", c.Unknown)
	return o.End()
}

// OwnerCounts counts accounts by whose they are.
type OwnerCounts struct {
	Person  int64 `json:"person"`
	Service int64 `json:"service"`
	Nobody  int64 `json:"nobody"`
}

// AppendJSON implements [rest.Response].
func (c OwnerCounts) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("person", c.Person)
	o.Int("service", c.Service)
	o.Int("nobody", c.Nobody)
	return o.End()
}

func toWirePeopleFacets(f *workforce.PersonnelFacets) *PeopleFacets {
	if f == nil {
		return nil
	}
	out := &PeopleFacets{
		EmploymentStatuses: countsOf(workforce.AllEmploymentStatuses, f.Statuses),
		Checks:             CheckCounts{},
		Systems:            countsOf(workforce.AllClientTypes(), f.Systems),
	}
	for _, t := range workforce.AllCheckTypes {
		if counts := countsOf(workforce.AllCheckStatuses, f.Checks[t]); len(counts) > 0 {
			out.Checks = append(out.Checks, CheckCount{t, counts})
		}
	}
	return out
}

func toWireAccountFacets(f *workforce.AccountFacets) *AccountFacets {
	if f == nil {
		return nil
	}
	return &AccountFacets{
		Systems: countsOf(workforce.AllClientTypes(), f.Systems),
		Connections: each(slices.Sorted(maps.Keys(f.Connections)), func(id workforce.ConnectionID) ConnectionCount {
			return ConnectionCount{int64(id), f.Connections[id]}
		}),
		HasMFA: MFACounts{f.MFA["true"], f.MFA["false"], f.MFA["unknown"]},
		Owners: OwnerCounts{f.Owners["person"], f.Owners["service"], f.Owners["nobody"]},
	}
}
