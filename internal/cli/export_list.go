package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/workforce"
)

// listFlags is the flags that both lists have.
type listFlags struct {
	q            string
	sort         string
	desc         bool
	changedSince int64
	fields       []string
	limit, page  int64

	json, ndjson, csv, facets bool
}

const (
	limitDefault = 50
	limitMost    = 1000 // records of one page of the API
)

func addListFlags(cmd *cobra.Command, q, sort string) *listFlags {
	l := &listFlags{}
	f := cmd.Flags()
	f.StringVar(&l.q, "q", "", q)
	f.StringVar(&l.sort, "sort", sort, "what to sort by; see above")
	f.BoolVar(&l.desc, "desc", false, "sort the other way round; what is unknown stays last")
	f.Int64Var(&l.changedSince, "changed-since", 0, "only what changed after this position of the change log: the position of an earlier answer")
	f.StringSliceVar(&l.fields, "fields", nil, "show these members alone, in their own order, like id,email; see above")
	f.Int64Var(&l.limit, "limit", limitDefault, "how many to show, 1 to 1000")
	f.Int64Var(&l.page, "page", 1, "which page of that many")
	f.BoolVar(&l.json, "json", false, "print one JSON document instead of a table, with total and position")
	f.BoolVar(&l.ndjson, "ndjson", false, "print everything that is selected, one JSON record on each line")
	f.BoolVar(&l.csv, "csv", false, "print everything that is selected as CSV, with cells that no spreadsheet runs")
	f.BoolVar(&l.facets, "facets", false, "print counts of everything that is selected, as a table or with --json")
	return l
}

// check refuses flags that do not go together or are out of range. The members
// are those that --fields may name.
func (l *listFlags) check(cmd *cobra.Command, members []string) error {
	var forms []string
	for _, f := range []struct {
		name string
		on   bool
	}{{"--json", l.json}, {"--ndjson", l.ndjson}, {"--csv", l.csv}} {
		if f.on {
			forms = append(forms, f.name)
		}
	}
	whole := ""
	switch {
	case l.ndjson:
		whole = "--ndjson"
	case l.csv:
		whole = "--csv"
	case l.facets:
		whole = "--facets"
	}
	switch {
	case len(forms) > 1:
		return wrong("%s are two ways to print: give one", strings.Join(forms, " and "))
	case l.facets && (l.ndjson || l.csv):
		return wrong("--facets prints a table, or JSON with --json; it does not go with %s", forms[0])
	case l.facets && len(l.fields) > 0:
		return wrong("--facets prints counts and --fields is for records: give one")
	case l.limit < 1 || l.limit > limitMost:
		return wrong("--limit %d: want 1 to 1000; --ndjson and --csv print everything", l.limit)
	case l.page < 1:
		return wrong("--page %d: want 1 or more", l.page)
	case l.changedSince < 0:
		return wrong("--changed-since %d: want the position of an earlier answer, 0 or more", l.changedSince)
	}
	for _, name := range []string{"limit", "page"} {
		if whole != "" && cmd.Flags().Changed(name) {
			return wrong("--%s is for the table and for --json; %s looks at everything that is selected", name, whole)
		}
	}
	for _, name := range l.fields {
		if !slices.Contains(members, name) {
			return wrong("--fields %q: want one or more of %s", name, strings.Join(members, ", "))
		}
	}
	return nil
}

func (l *listFlags) dir() client.SortDir {
	if l.desc {
		return client.Descending
	}
	return client.Ascending
}

// wrong is a mistake in a flag.
func wrong(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// oneOf reads a value of an enumeration; case does not matter, nor do - and _.
// "" is "".
func oneOf[S, D ~string](flag, text string, all []D) (S, error) {
	same := func(a string) string { return strings.ToUpper(strings.ReplaceAll(a, "-", "_")) }
	if text == "" {
		return "", nil
	}
	for _, one := range all {
		if same(string(one)) == same(text) {
			return S(one), nil
		}
	}
	return "", wrong("--%s %q: want one of %s", flag, text, namesOf(all))
}

// severalOf reads values of an enumeration.
func severalOf[S, D ~string](flag string, list []string, all []D) ([]S, error) {
	var out []S
	for _, text := range list {
		one, err := oneOf[S](flag, text, all)
		if err != nil {
			return nil, err
		}
		if one == "" {
			return nil, wrong("--%s has an empty value: want one of %s", flag, namesOf(all))
		}
		out = append(out, one)
	}
	return out, nil
}

// numberFrom reads the number of a record.
func numberFrom[N ~int64](flag, text, what string) (N, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, wrong("--%s %q: want the number of %s", flag, text, what)
	}
	return N(n), nil
}

func namesOf[S ~string](all []S) string { return strings.Join(textsOf(all), ", ") }

// withSort puts what is not a sort of the compatible lists in front of them.
func withSort[S ~string](lists ...[]S) []S {
	out := []S{workforce.SortCreated}
	for _, s := range slices.Concat(lists...) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// list is a list of one kind of records, as the flags select it.
type list[R any] struct {
	noun   string // of several
	flags  *listFlags
	record func(R) record
	extra  func(R) record // more members of the records of --json, unless --fields chose

	columns []string // of the table, unless --fields chose
	row     func(R) []string
	needs   []string // the members that row looks at

	page   func(ctx context.Context, paging client.NativePaging, fields []string) (page[R], error)
	stream func(ctx context.Context, fields []string, end *client.StreamEnd) iter.Seq2[R, error]
}

// page is one page of a list.
type page[R any] struct {
	records  []R
	cursor   *string
	total    int64
	position int64
	facets   facets
}

// facets is counts over a list. Rows are facet, value, count.
type facets interface{ rows() [][]string }

// show prints the list in the form that the flags ask for.
func (l list[R]) show(ctx context.Context, p *program) error { return byFlag(l.printForm(ctx, p)) }

// flagOf is the flag for what is refused only when a list is read or a record is
// written.
var flagOf = map[string]string{
	"changedSince": "--changed-since", "groupIds": "--group", "groupIds[]": "--group", "checks": "--check",
	"startsAt": "--starts", "endsAt": "--ends", "reason": "--reason", "name": "--name", "description": "--description",
	"text": "--text", "url": "--url",
}

// byFlag names the flag to blame instead of the parameter.
func byFlag(err error) error {
	var fault *workforce.Fault
	var refused *client.Error
	switch {
	case errors.As(err, &fault) && flagOf[fault.Field] != "":
		named := *fault
		named.Message = blame(fault.Field, fault.Message)
		return &named
	case errors.As(err, &refused) && flagOf[refused.Field] != "":
		named := *refused
		named.Message = blame(refused.Field, refused.Message)
		return &named
	}
	return err
}

func blame(field, message string) string {
	message = strings.ReplaceAll(strings.TrimPrefix(message, field+": "), field, flagOf[field])
	message = strings.ReplaceAll(message, "startsAt", flagOf["startsAt"]) // what endsAt is compared with
	return flagOf[field] + ": " + message
}

func (l list[R]) printForm(ctx context.Context, p *program) error {
	switch {
	case l.flags.facets:
		return l.printFacets(ctx, p)
	case l.flags.ndjson, l.flags.csv:
		return l.printAll(ctx, p)
	}
	found, err := l.find(ctx)
	if err != nil {
		return err
	}
	if l.flags.json {
		return l.printPage(p, found)
	}
	header, row := l.columns, l.row
	if keep := l.keep(); keep != nil {
		var none R
		header = l.record(none).only(keep).columns("")
		row = func(r R) []string { return l.record(r).only(keep).cells() }
	}
	if err := p.wideTable(header, mapped(found.records, row)); err != nil {
		return err
	}
	fmt.Fprintln(p.env.Stderr, l.footer(found))
	return nil
}

// keep is the members to show; nil: all.
func (l list[R]) keep() map[string]bool {
	if len(l.flags.fields) == 0 {
		return nil
	}
	keep := map[string]bool{"id": true, "kind": true} // always there, where there is one
	for _, name := range l.flags.fields {
		keep[name] = true
	}
	return keep
}

// find gives the page that the flags ask for. A page further on is reached by
// cursors, over pages of nothing but numbers.
func (l list[R]) find(ctx context.Context) (page[R], error) {
	fields := l.flags.fields
	if len(fields) == 0 && !l.flags.json {
		fields = l.needs
	}
	skip := workforce.Page{Number: l.flags.page, Limit: l.flags.limit}.Offset()
	cursor := ""
	for skip > 0 {
		n := min(skip, limitMost)
		over, err := l.page(ctx, client.NativePaging{Limit: n, Cursor: cursor}, []string{"id"})
		if err != nil {
			return over, err
		}
		if over.cursor == nil {
			over.records = nil
			return over, nil
		}
		skip, cursor = skip-n, *over.cursor
	}
	return l.page(ctx, client.NativePaging{Limit: l.flags.limit, Cursor: cursor}, fields)
}

// footer says how much of the list is above, and how to see the rest.
func (l list[R]) footer(found page[R]) string {
	n := int64(len(found.records))
	if n == found.total {
		return fmt.Sprintf("%d %s", n, l.noun)
	}
	text := fmt.Sprintf("%d of %d %s", n, found.total, l.noun)
	if found.cursor != nil {
		text += fmt.Sprintf("; more: --page %d, or --limit up to %d", l.flags.page+1, limitMost)
	}
	return text + "; everything: --csv or --ndjson"
}

func (l list[R]) printPage(p *program, found page[R]) error {
	doc := struct {
		Data     []record `json:"data"`
		Page     int64    `json:"page"`
		Limit    int64    `json:"limit"`
		Total    int64    `json:"total"`
		Position int64    `json:"position"`
	}{[]record{}, l.flags.page, l.flags.limit, found.total, found.position}
	keep := l.keep()
	for _, r := range found.records {
		shown := l.record(r).only(keep)
		if keep == nil && l.extra != nil {
			shown = append(shown, l.extra(r)...)
		}
		doc.Data = append(doc.Data, shown)
	}
	return printJSON(p.env.Stdout, doc)
}

// printAll prints everything as it comes. What was printed when an error ends it
// is not the whole, and the exit code says so.
func (l list[R]) printAll(ctx context.Context, p *program) error {
	keep := l.keep()
	out := bufio.NewWriterSize(p.env.Stdout, 64<<10)
	var b []byte
	begin := func() error {
		if !l.flags.csv {
			return nil
		}
		var none R
		_, err := out.Write(appendRow(b[:0], l.record(none).only(keep).columns("")))
		return err
	}
	var end client.StreamEnd
	begun := false
	for r, err := range l.stream(ctx, l.flags.fields, &end) {
		if err == nil && !begun {
			begun, err = true, begin()
		}
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		shown := l.record(r).only(keep)
		if l.flags.csv {
			b = appendRow(b[:0], shown.cells())
		} else {
			b = append(shown.appendJSON(b[:0]), '\n')
		}
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	if !begun {
		if err := begin(); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(p.env.Stderr, "%d %s, as of position %d\n", end.Records, l.noun, end.Position)
	return nil
}

func (l list[R]) printFacets(ctx context.Context, p *program) error {
	found, err := l.page(ctx, client.NativePaging{Limit: 1, Facets: true}, []string{"id"})
	if err != nil {
		return err
	}
	if found.facets == nil {
		return errors.New("the answer has no counts, although they were asked for: the server may be older than this program")
	}
	if l.flags.json {
		return printJSON(p.env.Stdout, map[string]any{"facets": found.facets, "total": found.total, "position": found.position})
	}
	if err := table(p.env.Stdout, []string{"FACET", "VALUE", "COUNT"}, found.facets.rows()); err != nil {
		return err
	}
	fmt.Fprintf(p.env.Stderr, "%d %s\n", found.total, l.noun)
	return nil
}

// sortedKeys is the keys of a map, ascending.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// countRows is the rows of one facet: the values of the table, in its order, and
// then those that it does not have.
func countRows[W, D ~string](facet string, all []D, counts map[W]int64) [][]string {
	var out [][]string
	known := map[W]bool{}
	add := func(value W) {
		if n, ok := counts[value]; ok {
			out = append(out, []string{facet, string(value), strconv.FormatInt(n, 10)})
		}
	}
	for _, value := range all {
		known[W(value)] = true
		add(W(value))
	}
	for _, value := range sortedKeys(counts) {
		if !known[value] {
			add(value)
		}
	}
	return out
}
