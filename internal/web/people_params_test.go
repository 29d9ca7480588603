package web

import (
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestListParamsComeBackFromTheirAddress(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := listParams{
			Text:   strings.TrimSpace(rapid.StringMatching(`[ a-zA-Z0-9&=%+#?é渡\.-]{0,40}`).Draw(t, "text")),
			Status: rapid.SampledFrom(append(slices.Clone(workforce.AllEmploymentStatusFilters), "")).Draw(t, "status"),
			Check:  rapid.SampledFrom(append(slices.Clone(workforce.AllCheckTypes), "")).Draw(t, "check"),
			Sort:   rapid.SampledFrom(sortChoices).Draw(t, "sort").name,
			Page:   rapid.Int64Min(1).Draw(t, "page"),
		}
		p.Met = p.Check != "" && rapid.Bool().Draw(t, "met")
		u, err := url.Parse(p.url())
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseListParams(u.Query())
		if err != nil || !reflect.DeepEqual(got, p) {
			t.Fatalf("%s is %+v, %v; want %+v", p.url(), got, err, p)
		}
	})
}

func TestListParamsThatGoWithoutSaying(t *testing.T) {
	t.Parallel()
	usual := listParams{Sort: "name", Page: 1}
	for _, query := range []string{"", "q=&status=&check=&met=no&sort=&page=", "met=yes", "other=1", "q=+"} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parseListParams(values); err != nil || got != usual {
			t.Errorf("%q is %+v, %v", query, got, err)
		}
	}
	if got := usual.url(); got != "/people" {
		t.Errorf("the usual list is at %q", got)
	}
}

func TestListParamsNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		query  string
		fields []string
	}{
		{"page=0", []string{"page"}},
		{"page=-1", []string{"page"}},
		{"page=1.5", []string{"page"}},
		{"page=99999999999999999999", []string{"page"}},
		{"status=current_employee", []string{"status"}},
		{"check=BG", []string{"check"}},
		{"check=BG_CHECK&met=maybe", []string{"met"}},
		{"sort=age", []string{"sort"}},
		{"q=a%00b", []string{"q"}},
		{"q=%ff", []string{"q"}},
		{"q=" + strings.Repeat("é", textMost+1), []string{"q"}},
		{"page=x&sort=y&met=z&check=a&status=b&q=%01c", []string{"q", "status", "check", "met", "sort", "page"}},
	} {
		values, err := url.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = parseListParams(values)
		bad, _ := errors.AsType[badParams](err)
		var fields []string
		for _, f := range bad {
			fields = append(fields, f.Field)
			if !strings.HasPrefix(f.Message, f.Field+": ") {
				t.Errorf("%q: %q does not name %s", tt.query, f.Message, f.Field)
			}
		}
		if !slices.Equal(fields, tt.fields) || !workforce.IsReason(err, workforce.ReasonBadRequest) {
			t.Errorf("%q: %v is about %q, want %q", tt.query, err, fields, tt.fields)
		}
	}
	values := url.Values{"q": {strings.Repeat("é", textMost)}}
	if _, err := parseListParams(values); err != nil {
		t.Errorf("the longest search: %v", err)
	}
}
