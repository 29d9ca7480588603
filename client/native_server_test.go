package client_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/workforce"
)

// body is what the server itself says, byte by byte.
func (c *company) body(t *testing.T, target string) []byte {
	t.Helper()
	rq, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	rq.Header.Set("Authorization", "Bearer "+c.key)
	resp, err := c.server.Client().Do(rq)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v\n%.300s", target, resp.StatusCode, err, text)
	}
	return text
}

// Everything that a server says of everyone has its field, and nothing is lost.
func TestNativeTypesHoldAllThatIsSent(t *testing.T) {
	t.Parallel()
	c := newCompany(t, nil)
	for target, again := range map[string]func([]byte) ([]byte, error){
		"/native/v1/people?limit=1000&facets=true":   roundTrip[client.PeoplePage],
		"/native/v1/people?limit=10":                 roundTrip[client.PeoplePage],
		"/native/v1/accounts?limit=1000&facets=true": roundTrip[client.AccountsPage],
	} {
		want := c.body(t, target)
		got, err := again(want)
		if err != nil {
			t.Errorf("%s: %v", target, err)
		} else if !sameJSON(t, got, want) {
			t.Errorf("%s becomes\n%.2000s", target, got)
		}
	}
}

// Pages, streams and tables have the same records in the same order.
func TestNativeListsOfAServer(t *testing.T) {
	t.Parallel()
	c := newCompany(t, nil)
	api := c.as(t, c.key).Native()
	ctx := t.Context()
	people := client.PeopleQuery{Sort: client.PersonnelByName, SortDir: client.Descending, NativePaging: client.NativePaging{Limit: 40}}
	var paged, streamed []client.PersonSummary
	for p, err := range api.People(ctx, people) {
		if err != nil {
			t.Fatal(err)
		}
		paged = append(paged, p)
	}
	var end client.StreamEnd
	for p, err := range api.StreamPeople(ctx, people, &end) {
		if err != nil {
			t.Fatal(err)
		}
		streamed = append(streamed, p)
	}
	if len(paged) != demoPeople || !reflect.DeepEqual(paged, streamed) {
		t.Errorf("%d people on pages and %d in a stream, or they differ", len(paged), len(streamed))
	}
	page := ok[client.PeoplePage](t)(api.PeoplePage(ctx, people))
	if (end != client.StreamEnd{Records: demoPeople, Position: page.Position}) || page.Pagination.Total != demoPeople {
		t.Errorf("the stream ends with %+v, the page has %d of %+v", end, page.Position, page.Pagination)
	}
	var table bytes.Buffer
	if got := ok[client.StreamEnd](t)(api.PeopleCSV(ctx, people, &table)); got != end {
		t.Errorf("the table ends with %+v, the stream with %+v", got, end)
	}
	rows := ok[[][]string](t)(csv.NewReader(&table).ReadAll())
	email := slices.Index(rows[0], "email")
	for i, p := range paged {
		if rows[i+1][email] != p.Email {
			t.Errorf("row %d is of %s, want %s", i+1, rows[i+1][email], p.Email)
		}
	}
}

func TestNativeAccountsOfAServer(t *testing.T) {
	t.Parallel()
	c := newCompany(t, nil)
	api := c.as(t, c.key).Native()
	ctx := t.Context()
	counts, kinds, owners := map[client.System]int64{}, map[client.AccountKind]int64{}, map[client.UserID]int64{}
	var total int64
	var end client.StreamEnd
	for a, err := range api.StreamAccounts(ctx, client.AccountsQuery{}, &end) {
		if err != nil {
			t.Fatal(err)
		}
		counts[a.ClientType]++
		kinds[a.Kind]++
		if total++; a.User != nil {
			owners[a.User.ID]++
		}
	}
	facets := ok[client.AccountFacets](t)(api.AccountFacets(ctx, client.AccountsQuery{}))
	if total != end.Records || !reflect.DeepEqual(facets.Systems, counts) || len(kinds) != 2 {
		t.Errorf("of %d accounts (%+v), the counts are %v and the facets %v", total, end, counts, facets.Systems)
	}
	if sum := facets.Owners.Person + facets.Owners.Service + facets.Owners.Nobody; sum != total {
		t.Errorf("%d owners of %d accounts", sum, total)
	}
	for user, want := range owners {
		got := int64(0)
		for a, err := range api.Accounts(ctx, client.AccountsQuery{UserID: user, Fields: []string{"user"}}) {
			if err != nil {
				t.Fatal(err)
			}
			if got++; a.User == nil || a.User.ID != user || a.IdentityID != "" {
				t.Errorf("of user %d comes %+v", user, a)
			}
		}
		if got != want {
			t.Errorf("user %d has %d accounts, want %d", user, got, want)
		}
		break // one is enough
	}
	var table bytes.Buffer
	if got := ok[client.StreamEnd](t)(api.AccountsCSV(ctx, client.AccountsQuery{Kind: client.KindInfrastructure}, &table)); got.Records != kinds[client.KindInfrastructure] {
		t.Errorf("the table has %d accounts, want %d", got.Records, kinds[client.KindInfrastructure])
	}
}

// What changed after a position is what comes, and a wrong position is refused.
func TestNativeChangesOfAServer(t *testing.T) {
	t.Parallel()
	c := newCompany(t, nil)
	api := c.as(t, c.key)
	ctx := t.Context()
	before := ok[client.PeoplePage](t)(api.Native().PeoplePage(ctx, client.PeopleQuery{NativePaging: client.NativePaging{Limit: 1}}))
	ok[client.Personnel](t)(api.Personnel.SetContractDates(ctx, 3, client.ContractDates{StartDate: "2020-07-06"}))
	var end client.StreamEnd
	var changed []client.PersonSummary
	for p, err := range api.Native().StreamPeople(ctx, client.PeopleQuery{ChangedSince: before.Position}, &end) {
		if err != nil {
			t.Fatal(err)
		}
		changed = append(changed, p)
	}
	if len(changed) != 1 || changed[0].ID != 3 || *changed[0].StartDate != "2020-07-06" || !slices.Contains(changed[0].Pins, client.PinStartDate) {
		t.Errorf("after a change of record 3, %+v changed", changed)
	}
	for p, err := range api.Native().People(ctx, client.PeopleQuery{ChangedSince: end.Position}) {
		t.Errorf("after the change, record %d changed: %v", p.ID, err)
	}
	_, err := api.Native().PeoplePage(ctx, client.PeopleQuery{ChangedSince: end.Position + 1_000_000})
	if !client.IsNotFound(err) {
		t.Errorf("a position that is not there gives %v", err)
	}
	only := ok[string](t)(c.newKey(workforce.ScopeVersionControlManage))
	if _, err := c.as(t, only).Native().AccountsPage(ctx, client.AccountsQuery{Kind: client.KindInfrastructure}); !client.IsForbidden(err) {
		t.Errorf("the other kind gives %v", err)
	}
}
