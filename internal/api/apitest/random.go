package apitest

import (
	"encoding/json"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Random draws a record: every optional fact known or not, lists of none to
// three, and texts that are hard to encode.
func Random[T any](t *rapid.T) T { return build[T](random{t}) }

type random struct{ t *rapid.T }

func (r random) known() bool    { return rapid.Bool().Draw(r.t, "known") }
func (r random) truth() bool    { return rapid.Bool().Draw(r.t, "truth") }
func (r random) length() int    { return rapid.IntRange(0, 3).Draw(r.t, "length") }
func (r random) pick(n int) int { return rapid.IntRange(0, n-1).Draw(r.t, "pick") }
func (r random) number() int64  { return rapid.Int64().Draw(r.t, "number") }
func (r random) text(string) string {
	return rapid.OneOf(rapid.SampledFrom(hardTexts), rapid.String()).Draw(r.t, "text")
}

// hardTexts are what encoders get wrong.
var hardTexts = []string{
	"", "null", `"quoted" \ and / solidus`, "<script>&amp;</script>", "tab\tline\r\nfeed\f\b\x00\x1f\x7f",
	"line\u2028and paragraph\u2029", "broken \xff\xc3 UTF-8 \xed\xa0\x80", "Зоя 李小龍 أحمد 🧑🏽‍🚀", "e\u0301 é",
}

func (r random) instant() time.Time {
	const first, last = -62135596800, 253402300799 // the years 1 to 9999
	at := time.Unix(rapid.Int64Range(first, last).Draw(r.t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(r.t, "nanoseconds"))
	return workforce.Millis(at)
}

func (r random) date() workforce.Date { return workforce.DateOf(r.instant()) }

func (r random) json() json.RawMessage {
	return json.RawMessage(rapid.SampledFrom([]string{
		`null`, `true`, `"text"`, `12.50`, `[]`, `{ "a" : [1, 2, { }],  "b":"<&>" }`, " [ null ]\n", `"\u2028 \u003c"`, "\"\u2028\"",
	}).Draw(r.t, "json"))
}
