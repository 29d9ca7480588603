package v2

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// answer is one of the answers of this version: how it is made of a domain
// record, and what is in it.
type answer struct {
	name   string
	full   func() rest.Response
	sparse func() rest.Response
	random func(*rapid.T) rest.Response
}

func answerOf[T any](name string, toWire func(T, expansion) rest.Response) answer {
	return answer{
		name:   name,
		full:   func() rest.Response { return toWire(apitest.Full[T](), AllExpands) },
		sparse: func() rest.Response { return toWire(apitest.Sparse[T](), AllExpands) },
		random: func(t *rapid.T) rest.Response {
			expand := rapid.SliceOfDistinct(rapid.SampledFrom(AllExpands), rapid.ID[Expand]).Draw(t, "expand")
			return toWire(apitest.Random[T](t), expand)
		},
	}
}

// userPage is what the directory gives for a page, and the cursor made of it.
type userPage struct {
	Records []workforce.UserRecord
	Total   *int64
	Cursor  *string
}

func answers() []answer {
	return []answer{
		answerOf("user", func(r workforce.UserRecord, x expansion) rest.Response { return toWireUser(r, x) }),
		answerOf("user-list", func(p userPage, x expansion) rest.Response {
			return UserList{
				Data:       each(p.Records, func(r workforce.UserRecord) User { return toWireUser(r, x) }),
				Pagination: Pagination{Cursor: p.Cursor, TotalCount: p.Total},
			}
		}),
	}
}

// The append encoders must write what encoding/json would: same members, same
// order, same escapes, same nulls.
func TestAppendJSONAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, a := range answers() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				v := a.random(t)
				if got, want := v.AppendJSON(nil), apitest.Oracle(t, v); !bytes.Equal(got, want) {
					t.Fatalf("AppendJSON and encoding/json differ:\n%s\n%s", got, want)
				}
			})
		})
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, a := range answers() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			apitest.Golden(t, "testdata/"+a.name+"-full.json", apitest.Indent(t, a.full().AppendJSON(nil)))
			apitest.Golden(t, "testdata/"+a.name+"-sparse.json", apitest.Indent(t, a.sparse().AppendJSON(nil)))
		})
	}
}

// ours are the members that the samples of the reference lack: those that a
// URL was lost from, those of expand[]=personnel, which no sample shows, and
// the count that only the later documents know.
func ours(path string) bool {
	path = strings.TrimPrefix(path, "data[].")
	return path == "avatarUrl" || path == "backgroundChecks[].url" || path == "pagination.totalCount" ||
		path == "personnel" || strings.HasPrefix(path, "personnel.")
}

// A full record has exactly the members of the reference's sample, in its order
// and down to where the sample is cut.
func TestMembersAreThoseOfTheSample(t *testing.T) {
	t.Parallel()
	for _, a := range answers() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("testdata/" + a.name + ".keys")
			if err != nil {
				t.Fatal(err)
			}
			sample := apitest.ReadKeys(string(text))
			got := slices.DeleteFunc(sample.Prune(apitest.KeyPaths(t, a.full().AppendJSON(nil))), ours)
			if !slices.Equal(got, sample.Paths()) {
				t.Errorf("members differ from the sample:\n got %s\nwant %s", strings.Join(got, " "), strings.Join(sample.Paths(), " "))
			}
		})
	}
}

// A part of a user is there exactly if it was asked for, also when it is empty.
func TestExpand(t *testing.T) {
	t.Parallel()
	always := []string{
		"id", "email", "firstName", "lastName", "createdAt", "updatedAt", "jobTitle", "avatarUrl", "drataTermsAgreedAt",
	}
	top := func(u User) []string {
		return slices.DeleteFunc(apitest.KeyPaths(t, u.AppendJSON(nil)), func(p string) bool { return strings.Contains(p, ".") })
	}
	for _, r := range []workforce.UserRecord{apitest.Full[workforce.UserRecord](), apitest.Sparse[workforce.UserRecord]()} {
		if got := top(toWireUser(r, nil)); !slices.Equal(got, always) {
			t.Errorf("nothing asked for: got %v", got)
		}
		for _, e := range AllExpands {
			if got := top(toWireUser(r, expansion{e})); !slices.Equal(got, append(slices.Clone(always), string(e))) {
				t.Errorf("%s asked for: got %v", e, got)
			}
		}
	}
}

func TestPersonnelDatesAreMidnightUTC(t *testing.T) {
	t.Parallel()
	p := toWirePersonnel(&workforce.Personnel{StartDate: workforce.Ptr(workforce.Date("2020-07-06"))})
	if got := time.Time(*p.StartedAt).Format(time.RFC3339Nano); got != "2020-07-06T00:00:00Z" {
		t.Errorf("startedAt %s", got)
	}
	if p.SeparatedAt != nil {
		t.Errorf("separatedAt %v, want null", p.SeparatedAt)
	}
}
