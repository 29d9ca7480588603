package v1

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/compliance"
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

func answerOf[T any](name string, toWire func(T) rest.Response, more ...func(*T)) answer {
	return answer{
		name: name,
		full: func() rest.Response {
			r := apitest.Full[T]()
			for _, change := range more {
				change(&r)
			}
			return toWire(r)
		},
		sparse: func() rest.Response { return toWire(apitest.Sparse[T]()) },
		random: func(t *rapid.T) rest.Response { return toWire(apitest.Random[T](t)) },
	}
}

func answers() []answer {
	page := func(kind workforce.AccountKind) workforce.AccountQuery {
		return workforce.AccountQuery{Kind: kind, Page: workforce.Page{Number: 1, Limit: 20}}
	}
	return []answer{
		answerOf("user", func(r workforce.UserRecord) rest.Response { return toWireUser(&r) }),
		answerOf("personnel", func(r workforce.PersonnelRecord) rest.Response { return toWirePersonnel(r) }, withActiveDevice),
		answerOf("personnel-list", func(l personnelPage) rest.Response {
			return toWirePersonnelList(l.Records, 1, l.Company, workforce.Page{Number: 1, Limit: 20})
		}, func(l *personnelPage) { withActiveDevice(&l.Records[0]) }),
		answerOf("infrastructure-account", func(r workforce.AccountRecord) rest.Response { return toWireInfrastructureAccount(r) }),
		answerOf("infrastructure-list", func(r []workforce.AccountRecord) rest.Response {
			return accountPage(page(workforce.Infrastructure), 1, each(r, toWireInfrastructureAccount))
		}),
		answerOf("version-control-account", func(r workforce.AccountRecord) rest.Response { return toWireVersionControlAccount(r) }),
		answerOf("version-control-list", func(r []workforce.AccountRecord) rest.Response {
			return accountPage(page(workforce.VersionControl), 1, each(r, toWireVersionControlAccount))
		}),
		answerOf("user-list", func(r []workforce.UserRecord) rest.Response {
			return Page[User]{Data: each(r, func(u workforce.UserRecord) User { return *toWireUser(&u) }), Page: 1, Limit: 20, Total: 1}
		}),
		answerOf("user-document", func(d workforce.Document) rest.Response { return toWireDocument(d) }),
		answerOf("user-documents", func(d []workforce.Document) rest.Response {
			return UserDocuments{Documents: each(d, toWireDocument)}
		}),
		answerOf("user-policies", func(p []compliance.UserPolicy) rest.Response {
			return UserPolicyVersions{UserPolicyVersions: each(p, toWireUserPolicyVersion)}
		}),
		answerOf("signed-url", func(l compliance.Link) rest.Response {
			return toWireSignedURL("https://compliance.example.com", "/download/documents/", l)
		}),
		answerOf("device", func(d compliance.HeldDevice) rest.Response { return toWireDeviceRecord(d, AllDeviceParts) }),
		answerOf("device-list", func(d []compliance.HeldDevice) rest.Response {
			return deviceRecords(deviceListParams{page: workforce.Page{Number: 1, Limit: 20}, expand: listDeviceParts}, d, 1)
		}),
		answerOf("device-apps", func(a []workforce.App) rest.Response {
			return Page[DeviceApp]{Data: each(a, toWireDeviceApp), Page: 1, Limit: 20, Total: 1}
		}),
		answerOf("device-documents", func(d []workforce.DeviceDocument) rest.Response {
			return DeviceDocuments{Documents: each(d, toWireDeviceDocument)}
		}),
		answerOf("device-document", func(d workforce.DeviceDocument) rest.Response { return toWireDeviceDocument(d) }),
		answerOf("workspace-list", func(w []workforce.Workspace) rest.Response {
			return Page[Workspace]{Data: each(w, toWireWorkspace), Page: 1, Limit: 20, Total: 1}
		}),
	}
}

// personnelPage is what the directory gives for a page, as far as it is mapped.
type personnelPage struct {
	Records []workforce.PersonnelRecord
	Company workforce.Company
}

// withActiveDevice adds a device that is in use: the one of a full record is
// deleted, because when it was is known.
func withActiveDevice(r *workforce.PersonnelRecord) {
	d := r.Devices[0]
	d.ID++
	d.DeletedAt = nil
	r.Devices = append(r.Devices, d)
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

// What an encoder is given may hold the start of a larger document.
func TestAppendJSONAppends(t *testing.T) {
	t.Parallel()
	for _, a := range answers() {
		v := a.full()
		if got := v.AppendJSON([]byte("[1,")); !bytes.Equal(got, append([]byte("[1,"), v.AppendJSON(nil)...)) {
			t.Errorf("%s: what was there before is lost", a.name)
		}
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

// lost are the members that the samples of the reference lack because their
// value is a URL; the later published documents have them.
var lost = []string{"avatarUrl", "backgroundChecks[].url", "documents[].data[].fileUrl"}

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
			want := apitest.ReadKeys(string(text))
			got := want.Prune(apitest.KeyPaths(t, a.full().AppendJSON(nil)))
			isLost := func(path string) bool {
				return slices.ContainsFunc(lost, func(l string) bool { return strings.HasSuffix("."+path, "."+l) })
			}
			got = slices.DeleteFunc(got, isLost)
			sample := slices.DeleteFunc(want.Paths(), isLost) // a null keeps some of them in some samples
			if !slices.Equal(got, sample) {
				t.Errorf("members differ from the sample:\n got %s\nwant %s", strings.Join(got, " "), strings.Join(sample, " "))
			}
		})
	}
}

// Whatever is known, the members are the same: a client may rely on each of
// them. Below a null or an empty list there is nothing to compare.
func TestMembersDoNotDependOnWhatIsKnown(t *testing.T) {
	t.Parallel()
	for _, a := range answers() {
		full := apitest.KeyPaths(t, a.full().AppendJSON(nil))
		for _, path := range apitest.KeyPaths(t, a.sparse().AppendJSON(nil)) {
			if !slices.Contains(full, path) {
				t.Errorf("%s: %s is there only when nothing is known", a.name, path)
			}
		}
		for _, path := range full {
			if !strings.ContainsAny(path, ".[") && !bytes.Contains(a.sparse().AppendJSON(nil), []byte(`"`+path+`":`)) {
				t.Errorf("%s: %s is left out when nothing is known", a.name, path)
			}
		}
	}
}

// toWirePersonnelList maps a page as a whole: what a page made of fragments
// must be equal to.
func toWirePersonnelList(records []workforce.PersonnelRecord, total int64, c workforce.Company, p workforce.Page) PersonnelList {
	return PersonnelList{Page: Page[PersonnelListItem]{
		Data: each(records, func(r workforce.PersonnelRecord) PersonnelListItem {
			return toWirePersonnelListItem(r, c)
		}),
		Page:  p.Number,
		Limit: p.Limit,
		Total: total,
	}}
}

// accountPage maps a page of accounts as a whole.
func accountPage[T rest.Response](q workforce.AccountQuery, total int64, data []T) Page[T] {
	return Page[T]{Data: data, Page: q.Page.Number, Limit: q.Page.Limit, Total: total}
}
