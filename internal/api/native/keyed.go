package native

import (
	"strconv"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Lists that are written as an object, by the key of each element: so that a
// script says .checks.IDENTITY_MFA and does not search. They are lists here
// because their order is that of the domain's tables.

// Checks is the outcomes of a person's checks, by the check.
type Checks []CheckOutcome

// CheckOutcome is how a check came out for a person.
type CheckOutcome struct {
	Type           workforce.CheckType   `json:"-"` // the key
	Status         workforce.CheckStatus `json:"status"`
	CompletionDate *Time                 `json:"completionDate"`
	ExpiresAt      *Time                 `json:"expiresAt"`
}

// AppendJSON implements [rest.Response].
func (c CheckOutcome) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.String("status", string(c.Status))
	putTimeOrNull(&o, "completionDate", c.CompletionDate)
	putTimeOrNull(&o, "expiresAt", c.ExpiresAt)
	return o.End()
}

// Keyed says what the keys are and what stands under them.
func (Checks) Keyed() (key, element any) { return workforce.CheckType(""), CheckOutcome{} }

// AppendJSON implements [rest.Response].
func (c Checks) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	for i := range c {
		o.Value(string(c[i].Type), &c[i])
	}
	return o.End()
}

// MarshalJSON implements [json.Marshaler], by the same text.
func (c Checks) MarshalJSON() ([]byte, error) { return c.AppendJSON(nil), nil }

// of is the outcome of a check, nil if there is none.
func (c Checks) of(t workforce.CheckType) *CheckOutcome {
	for i := range c {
		if c[i].Type == t {
			return &c[i]
		}
	}
	return nil
}

// Count is how many records have a value.
type Count[K ~string] struct {
	Value K
	Count int64
}

// Counts is counts by value. A value that nobody has is left out.
type Counts[K ~string] []Count[K]

// countsOf gives the counts in the order of the table.
func countsOf[K ~string](all []K, found map[K]int64) Counts[K] {
	out := Counts[K]{}
	for _, value := range all {
		if n := found[value]; n > 0 {
			out = append(out, Count[K]{value, n})
		}
	}
	return out
}

// Keyed says what the keys are and what stands under them.
func (Counts[K]) Keyed() (key, element any) { return K(""), int64(0) }

// AppendJSON implements [rest.Response].
func (c Counts[K]) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	for _, count := range c {
		o.Int(string(count.Value), count.Count)
	}
	return o.End()
}

// MarshalJSON implements [json.Marshaler], by the same text.
func (c Counts[K]) MarshalJSON() ([]byte, error) { return c.AppendJSON(nil), nil }

// CheckCounts is, by the check, how many people have each outcome.
type CheckCounts []CheckCount

// CheckCount is how many people have each outcome of one check.
type CheckCount struct {
	Type   workforce.CheckType
	Counts Counts[workforce.CheckStatus]
}

// Keyed says what the keys are and what stands under them.
func (CheckCounts) Keyed() (key, element any) {
	return workforce.CheckType(""), Counts[workforce.CheckStatus](nil)
}

// AppendJSON implements [rest.Response].
func (c CheckCounts) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	for _, check := range c {
		o.Value(string(check.Type), check.Counts)
	}
	return o.End()
}

// MarshalJSON implements [json.Marshaler], by the same text.
func (c CheckCounts) MarshalJSON() ([]byte, error) { return c.AppendJSON(nil), nil }

// number is a number as text.
func number[N ~int64](n N) string { return strconv.FormatInt(int64(n), 10) }
