package client

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// numbered is a list of that many records, served by pages of at most a size.
func numbered(total, size int, asked *[]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.RawQuery)
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		limit = min(limit, size)
		var data []string
		for i := (page - 1) * limit; i < min(page*limit, total); i++ {
			data = append(data, fmt.Sprintf(`{"id":%d}`, i+1))
		}
		reply(w, http.StatusOK, fmt.Sprintf(`{"data":[%s],"page":%d,"limit":%d,"total":%d}`, strings.Join(data, ","), page, limit, total))
	}
}

func TestPagesByNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total, size        int
		params             AccountListParams
		first, last, pages int
	}{
		{0, 50, AccountListParams{}, 0, 0, 1},
		{1, 50, AccountListParams{}, 1, 1, 1},
		{50, 50, AccountListParams{}, 1, 50, 1},
		{51, 50, AccountListParams{}, 1, 51, 2},
		{120, 50, AccountListParams{Limit: 10}, 1, 120, 12},
		{120, 20, AccountListParams{}, 1, 120, 6}, // a server that gives less than it was asked for
		{120, 50, AccountListParams{Page: 2}, 51, 120, 2},
		{120, 50, AccountListParams{Page: 9}, 0, 0, 1},
	} {
		var asked []string
		f := newFake(t, numbered(c.total, c.size, &asked))
		var ids []AccountID
		for a, err := range f.Infrastructure.All(t.Context(), c.params) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, a.ID)
		}
		var want []AccountID
		for id := c.first; id <= c.last && id > 0; id++ {
			want = append(want, AccountID(id))
		}
		if !slices.Equal(ids, want) || len(asked) != c.pages {
			t.Errorf("%+v: %d records with %v, want %d to %d with %d requests", c, len(ids), asked, c.first, c.last, c.pages)
		}
	}
}

// A loop that stops asks for nothing more, and one that fails says so once.
func TestListsStop(t *testing.T) {
	t.Parallel()
	var asked []string
	f := newFake(t, numbered(500, 50, &asked))
	for range f.VersionControl.All(t.Context(), AccountListParams{}) {
		break
	}
	if len(asked) != 1 {
		t.Errorf("%d requests for one record", len(asked))
	}
	calls := 0
	f = newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls > 1 {
			reply(w, http.StatusForbidden, `{"message":"no","code":12300}`)
			return
		}
		reply(w, http.StatusOK, `{"data":[{"id":1}],"page":1,"limit":1,"total":9}`)
	})
	var ids []PersonnelID
	var errs []error
	for p, err := range f.Personnel.All(t.Context(), PersonnelListParams{}) {
		ids, errs = append(ids, p.ID), append(errs, err)
	}
	if len(ids) != 2 || ids[0] != 1 || errs[0] != nil || ids[1] != 0 || !IsForbidden(errs[1]) {
		t.Errorf("records %v, errors %v", ids, errs)
	}
}

func TestPagesByCursor(t *testing.T) {
	t.Parallel()
	var asked []string
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery)
		switch r.URL.Query().Get("cursor") {
		case "":
			reply(w, http.StatusOK, `{"data":[{"id":1},{"id":2}],"pagination":{"cursor":"a+b/c=","totalCount":3}}`)
		case "a+b/c=":
			reply(w, http.StatusOK, `{"data":[{"id":3}],"pagination":{"cursor":null}}`)
		default:
			reply(w, http.StatusOK, `{"data":[],"pagination":{"cursor":"circle"}}`)
		}
	})
	var ids []UserID
	for u, err := range f.UsersV2.All(t.Context(), UserV2ListParams{FirstName: "A", Expand: []Expand{ExpandRoles}}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, u.ID)
	}
	want := []string{"expand%5B%5D=roles&firstName=A&size=50", "cursor=a%2Bb%2Fc%3D&expand%5B%5D=roles&firstName=A&size=50"}
	if !slices.Equal(ids, []UserID{1, 2, 3}) || !slices.Equal(asked, want) {
		t.Errorf("users %v with %v", ids, asked)
	}
	for range f.UsersV2.All(t.Context(), UserV2ListParams{}) {
		break
	}
	if len(asked) != 3 {
		t.Errorf("%d requests, want one more for one user", len(asked))
	}
	for u, err := range f.UsersV2.All(t.Context(), UserV2ListParams{Cursor: "circle"}) {
		if err == nil || u.ID != 0 || !strings.Contains(err.Error(), "same cursor again") {
			t.Errorf("a list without end gives user %d, %v", u.ID, err)
		}
	}
}
