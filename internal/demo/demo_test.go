package demo

import (
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestSameSeedPeopleAndDayGiveTheSameCompany(t *testing.T) {
	t.Parallel()
	want := newWorld(7, 200).dump(t)
	if newWorld(7, 200).dump(t) != want {
		t.Error("the same call gives another company")
	}
	day := time.Date(2025, time.November, 20, 23, 59, 59, 0, time.UTC)
	evening := New(7, 200, day.In(time.FixedZone("", 5*3600)))
	if !reflect.DeepEqual(evening, New(7, 200, noon)) {
		t.Error("the time of day or the time zone matters")
	}
	if newWorld(8, 200).dump(t) == want {
		t.Error("another seed gives the same company")
	}
	if New(7, 200, noon.AddDate(0, 0, 1)).day.Equal(New(7, 200, noon).day) {
		t.Error("another day is the same day")
	}
}

// seen counts the values of each enumeration.
type seen map[string]map[string]int

func (s seen) add(enum string, value any) {
	if s[enum] == nil {
		s[enum] = map[string]int{}
	}
	s[enum][reflect.ValueOf(value).String()]++
}

func (s seen) want(t *testing.T, enum string, values ...string) {
	t.Helper()
	got := slices.Sorted(maps.Keys(s[enum]))
	values = slices.Compact(slices.Sorted(slices.Values(values)))
	for _, v := range values {
		if s[enum][v] == 0 {
			t.Errorf("%s %s does not occur", enum, v)
		}
	}
	for _, v := range got {
		if !slices.Contains(values, v) {
			t.Errorf("%s %q is not a value", enum, v)
		}
	}
}

func stringsOf[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func TestEveryValueOccurs(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			s := seen{}
			w.visit(func(owner reflect.Type, field reflect.StructField, v reflect.Value) {
				if v.Kind() == reflect.Pointer {
					v = v.Elem()
				}
				if v.Kind() == reflect.String {
					s.add(owner.Name()+"."+field.Name, v.String())
				}
				if field.Name == "Roles" {
					for i := range v.Len() {
						s.add("Role", v.Index(i).String())
					}
				}
			})
			s.want(t, "Personnel.EmploymentStatus", stringsOf(workforce.AllEmploymentStatuses)...)
			s.want(t, "Role", stringsOf(workforce.AllRoles)...)
			s.want(t, "BackgroundCheck.Status", stringsOf(workforce.AllBackgroundCheckStatuses)...)
			s.want(t, "BackgroundCheck.Type", stringsOf(workforce.AllBackgroundCheckTypes)...)
			s.want(t, "BackgroundCheck.Source", stringsOf(workforce.AllBackgroundCheckSources)...)
			s.want(t, "Document.Type", stringsOf(workforce.AllDocumentTypes)...)
			s.want(t, "DeviceDocument.Type", stringsOf(workforce.AllDeviceDocumentTypes)...)
			s.want(t, "Device.SourceType", stringsOf(workforce.AllDeviceSources)...)
			s.want(t, "DeviceIdentifier.Type", workforce.AllIdentifierTypes...)
			s.want(t, "CheckRule.Frequency", stringsOf(workforce.AllCheckFrequencies)...)
			s.want(t, "Policy.AssignedTo", stringsOf(workforce.AllPolicyAssignments)...)
			s.want(t, "Training.Type", stringsOf(workforce.AllTrainingTypes)...)
			s.want(t, "Training.State", stringsOf(workforce.AllTrainingStates)...)
			s.want(t, "Connection.State", stringsOf(workforce.AllConnectionStates)...)
			s.want(t, "Account.Kind", stringsOf(workforce.AllAccountKinds)...)
			s.want(t, "Account.LinkMethod", stringsOf(workforce.AllLinkMethods)...)
			s.want(t, "Pin.Field", stringsOf(workforce.AllPinFields)...)
		})
	}
}

func TestEveryConnectionOfAnAccountKindHasAccounts(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			perConnection, perType, active := map[workforce.ConnectionID]int{}, map[workforce.ClientType]int{}, map[workforce.ClientType]int{}
			for _, a := range w.accounts {
				conn := w.connection(a.ConnectionID)
				if !slices.Contains(a.Kind.ClientTypes(), conn.ClientType) {
					t.Errorf("a %s account is at %s", a.Kind, conn.ClientType)
				}
				perConnection[conn.ID]++
			}
			providers := map[workforce.ProviderType]bool{}
			for _, conn := range w.connections {
				for _, p := range conn.ClientType.Providers() {
					providers[p] = true
				}
				perType[conn.ClientType]++
				if conn.DeletedAt == nil {
					active[conn.ClientType]++
				}
			}
			double := 0
			for _, kind := range workforce.AllAccountKinds {
				for _, client := range kind.ClientTypes() {
					if active[client] == 0 {
						t.Errorf("there is no %s connection", client)
					}
					if active[client] > 1 {
						double++
					}
				}
			}
			if double < 2 {
				t.Error("no client type has two connections")
			}
			for _, conn := range w.connections {
				if conn.ClientType.Provides(workforce.ProviderInfrastructure) || conn.ClientType.Provides(workforce.ProviderVersionControl) {
					if perConnection[conn.ID] == 0 {
						t.Errorf("connection %d (%s) has no accounts", conn.ID, conn.ClientType)
					}
				}
			}
			for _, p := range workforce.AllProviderTypes {
				if !providers[p] {
					t.Errorf("no connection brings %s", p)
				}
			}
		})
	}
}

// alwaysFilled and alwaysAbsent are the optional fields that are not both, with
// the reason.
var (
	alwaysFilled = map[string]string{
		"Company.Domain":          "there is one company",
		"Company.TermsAcceptedAt": "there is one company, and its API is to answer",
		"Rules.Checks":            "there is a rule for each check",
		"Rules.UpdatedAt":         "there is one company, and it has rules of its own",
		"CheckRule.Statuses":      "every check is asked of somebody",
		"Policy.Versions":         "a policy begins with a version",
		"Exclusion.Checks":        "an exclusion is from something",
	}
	alwaysAbsent = map[string]string{
		"NewPerson.Checks":    "they are computed",
		"Device.Checks":       "they are computed",
		"CheckRule.Sources":   "every source counts",
		"Document.File":       "contents are kept beside the database",
		"DeviceDocument.File": "contents are kept beside the database",
	}
)

func TestEveryOptionalFieldIsFilledAndAbsent(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			filled, absent := map[string]int{}, map[string]int{}
			w.visit(func(owner reflect.Type, field reflect.StructField, v reflect.Value) {
				name := owner.Name() + "." + field.Name
				switch v.Kind() {
				case reflect.Pointer, reflect.Slice:
					if v.IsNil() || v.Kind() == reflect.Slice && v.Len() == 0 {
						absent[name]++
					} else {
						filled[name]++
					}
				default:
				}
			})
			for name := range maps.Keys(filled) {
				if absent[name] == 0 && alwaysFilled[name] == "" {
					t.Errorf("%s is never absent", name)
				}
			}
			for name := range maps.Keys(absent) {
				if filled[name] == 0 && alwaysAbsent[name] == "" {
					t.Errorf("%s is never filled", name)
				}
			}
			for name := range alwaysFilled {
				if absent[name] > 0 || filled[name] == 0 {
					t.Errorf("alwaysFilled: %s needs no exception", name)
				}
			}
			for name := range alwaysAbsent {
				if absent[name] == 0 || filled[name] > 0 {
					t.Errorf("alwaysAbsent: %s needs no exception", name)
				}
			}
		})
	}
}

// ahead are the times that may lie in the future.
var ahead = map[string]bool{
	"Identity.StartedAt": true, "Identity.SeparatedAt": true, "Exclusion.StartsAt": true, "Exclusion.EndsAt": true,
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			created := map[time.Time]bool{}
			years := map[int]bool{}
			w.visit(func(owner reflect.Type, field reflect.StructField, v reflect.Value) {
				name := owner.Name() + "." + field.Name
				at, ok := v.Interface().(time.Time)
				if p, isPointer := v.Interface().(*time.Time); isPointer && p != nil {
					at, ok = *p, true
				}
				if !ok {
					return
				}
				if at.Location() != time.UTC || !at.Equal(workforce.Millis(at)) || at.Year() < 2010 {
					t.Errorf("%s is %v", name, at)
				}
				if at.After(noon) && !ahead[name] {
					t.Errorf("%s is after now: %v", name, at)
				}
				if name == "User.CreatedAt" {
					created[at], years[at.Year()] = true, true
				}
			})
			if len(created) < len(w.people)*9/10 || len(years) < 5 {
				t.Errorf("the people were created at %d instants in %d years", len(created), len(years))
			}
		})
	}
}

func TestUpdatedIsNotBeforeCreated(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			check := func(v reflect.Value) {
				a, b := v.FieldByName("CreatedAt"), v.FieldByName("UpdatedAt")
				if a.IsValid() && b.IsValid() && b.Interface().(time.Time).Before(a.Interface().(time.Time)) {
					t.Errorf("a %s was updated before it was created: %+v", v.Type().Name(), v.Interface())
				}
			}
			w.visit(func(_ reflect.Type, _ reflect.StructField, v reflect.Value) {
				switch v.Kind() {
				case reflect.Struct:
					check(v)
				case reflect.Slice:
					for i := range v.Len() {
						if e := v.Index(i); e.Kind() == reflect.Struct {
							check(e)
						}
					}
				default:
				}
			})
			for _, c := range w.connections {
				check(reflect.ValueOf(c))
			}
			for _, a := range w.accounts {
				check(reflect.ValueOf(a))
				order(t, "account", a.ConnectedAt, a.DisconnectedAt)
			}
			for _, p := range w.people {
				for _, id := range p.Identities {
					order(t, "identity", id.ConnectedAt, id.DisconnectedAt)
				}
			}
		})
	}
}

func order(t *testing.T, what string, a, b *time.Time) {
	t.Helper()
	if a != nil && b != nil && b.Before(*a) {
		t.Errorf("%s: %v is before %v", what, b, a)
	}
}

func ours(domain string) bool {
	for _, d := range []string{"example.com", "example.org", "example.net"} {
		if domain == d || strings.HasSuffix(domain, "."+d) {
			return true
		}
	}
	return false
}

func TestTextIsCleanAndPointsNowhereReal(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			w.visit(func(owner reflect.Type, field reflect.StructField, v reflect.Value) {
				name := owner.Name() + "." + field.Name
				if v.Kind() == reflect.Pointer {
					v = v.Elem()
				}
				if v.Kind() != reflect.String || name == "CheckRule.MissingRecord" { // not all rules have one
					return
				}
				s := v.String()
				if s == "" || !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || strings.TrimSpace(s) != s ||
					strings.ContainsFunc(s, unicode.IsControl) {
					t.Errorf("%s is %q", name, s)
				}
				if _, domain, ok := strings.Cut(s, "@"); ok && !ours(domain) {
					t.Errorf("%s is the address %q", name, s)
				}
				if strings.Contains(s, "://") {
					if u, err := url.Parse(s); err != nil || u.Scheme != "https" || !ours(u.Hostname()) {
						t.Errorf("%s is the link %q (%v)", name, s, err)
					}
				}
			})
		})
	}
}

func TestNamesAndAddresses(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			addresses, entries, traits := map[string]bool{}, map[string]bool{}, map[string]int{}
			for i, p := range w.people {
				key := workforce.Fold(p.User.Email)
				if addresses[key] || entries[p.User.EntryID] {
					t.Errorf("user %d has somebody else's address or entry id", i+1)
				}
				addresses[key], entries[p.User.EntryID] = true, true
				local, domain, _ := strings.Cut(p.User.Email, "@")
				if local == "" || len(local) > 64 || !ours(domain) {
					t.Errorf("user %d has the address %q", i+1, p.User.Email)
				}
				full := workforce.FullName(p.User.FirstName, p.User.LastName)
				traits[domain]++
				countTraits(traits, p, full)
				if first, _, _ := strings.Cut(full, " "); first != "" && isLatin(first) && p.Personnel.EmploymentStatus.Current() {
					if !strings.HasPrefix(key, mailbox(first)) {
						t.Errorf("user %d, %q, has the address %q", i+1, full, p.User.Email)
					}
				}
			}
			for _, want := range []string{
				"example.com", "example.org", "example.net", "mononym", "nameless", "long", "hyphen", "apostrophe", "curly apostrophe",
				"accent", "plus", "capitals", "Turkish", "sharp s", "Han", "Hiragana", "Hangul", "Cyrillic", "Greek", "Arabic", "Hebrew",
				"Devanagari", "Thai",
			} {
				if traits[want] == 0 {
					t.Errorf("no name or address has: %s", want)
				}
			}
		})
	}
}

func isLatin(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) })
}

func countTraits(traits map[string]int, p workforce.NewPerson, full string) {
	is := func(trait string, yes bool) {
		if yes {
			traits[trait]++
		}
	}
	is("nameless", full == "")
	is("mononym", p.User.FirstName != nil && p.User.LastName == nil)
	is("long", utf8.RuneCountInString(full) > 60)
	is("hyphen", strings.Contains(full, "-"))
	is("apostrophe", strings.Contains(full, "'"))
	is("curly apostrophe", strings.Contains(full, "’"))
	is("accent", strings.ContainsAny(full, "éèüöäñçãőřžåø"))
	is("Turkish", strings.ContainsAny(full, "İı"))
	is("sharp s", strings.Contains(full, "ß"))
	is("plus", strings.Contains(p.User.Email, "+"))
	is("capitals", strings.ToLower(p.User.Email) != p.User.Email)
	for _, script := range []string{"Han", "Hiragana", "Katakana", "Hangul", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Thai"} {
		is(script, strings.ContainsFunc(full, func(r rune) bool { return unicode.Is(unicode.Scripts[script], r) }))
	}
}

func TestManyPeopleDoNotLookLikeCopies(t *testing.T) {
	t.Parallel()
	c := New(DefaultSeed, 100_000, noon)
	names := map[string]int{}
	for n := 1; n <= c.Size(); n += 5 {
		names[c.profile(n).name.full()]++
	}
	if len(names) < c.Size()/5*3/4 {
		t.Errorf("20,000 people have only %d names", len(names))
	}
}

func TestSmallCompanies(t *testing.T) {
	t.Parallel()
	for _, people := range []int{-1, 0, 1, 2, 3, 4, 14, 15, 16, 40, 128} {
		w := newWorld(3, people)
		if len(w.people) != max(people, 0) || w.Size() != len(w.people) {
			t.Errorf("%d people were asked for, %d came", people, len(w.people))
		}
		w.visit(func(owner reflect.Type, field reflect.StructField, v reflect.Value) {
			id, ok := v.Interface().(*workforce.UserID)
			if ok && id != nil && (*id < 1 || int(*id) > len(w.people)) {
				t.Errorf("of %d people, %s.%s is %d", people, owner.Name(), field.Name, *id)
			}
		})
	}
}

func TestStreamsStopWhenAsked(t *testing.T) {
	t.Parallel()
	c := New(DefaultSeed, 50, noon)
	for range c.People() {
		break
	}
	for range c.Accounts() {
		break
	}
}

func BenchmarkCompany(b *testing.B) {
	for b.Loop() {
		c := New(DefaultSeed, 1000, noon)
		for p := range c.People() {
			_ = p
		}
		for a := range c.Accounts() {
			_ = a
		}
	}
}
