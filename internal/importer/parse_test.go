package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/workforce"
)

const today workforce.Date = "2026-06-01"

// people parses and fails the test if the file as a whole is refused.
func people(t *testing.T, format Format, file string, change ...func(*Options)) People {
	t.Helper()
	got, err := ParsePeople(strings.NewReader(file), format, options(change))
	if err != nil {
		t.Fatalf("%q: %v", file, err)
	}
	return got
}

func options(change []func(*Options)) Options {
	opts := Options{Today: today}
	for _, f := range change {
		f(&opts)
	}
	return opts
}

// refused asserts that the file is refused with a message that has the parts.
func refused(t *testing.T, format Format, file string, change func(*Options), parts ...string) {
	t.Helper()
	var changes []func(*Options)
	if change != nil {
		changes = append(changes, change)
	}
	_, err := ParsePeople(strings.NewReader(file), format, options(changes))
	if !workforce.IsReason(err, workforce.ReasonBadRequest) {
		t.Errorf("%q: %v, want a refusal", clip(file), err)
		return
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%q: the message %q does not say %q", clip(file), err, p)
		}
	}
}

// emails lists the rows that were read, by line.
func emails(p People) string {
	var out []string
	for _, r := range p.Rows {
		out = append(out, fmt.Sprintf("%d:%s", r.Line, r.Value.Email))
	}
	return strings.Join(out, " ")
}

// shown lists the problems as line, field and the beginning of the reason.
func shown(problems []Problem) string {
	var out []string
	for _, p := range problems {
		reason, _, _ := strings.Cut(p.Reason, ";")
		out = append(out, fmt.Sprintf("%d %s: %s", p.Line, p.Field, reason))
	}
	return strings.Join(out, "\n")
}

func TestCSVForms(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"plain":         "email,first name\na@example.com,Ann\nb@example.com,Bo\n",
		"no last break": "email,first name\na@example.com,Ann\nb@example.com,Bo",
		"CRLF":          "email,first name\r\na@example.com,Ann\r\nb@example.com,Bo\r\n",
		"BOM":           "\uFEFFemail,first name\na@example.com,Ann\nb@example.com,Bo\n",
		"semicolons":    "email;first name\na@example.com;Ann\nb@example.com;Bo\n",
		"tabs":          "email\tfirst name\na@example.com\tAnn\nb@example.com\tBo\n",
		"quoted":        "\"email\",\"first name\"\n\"a@example.com\",\"Ann\"\n\"b@example.com\",Bo\n",
		"quoted comma":  "\"email\";\"first name\";\"a,b,c,d\"\na@example.com;Ann;\nb@example.com;Bo;\n",
		"space around":  " email , first name \n a@example.com ,\u00a0Ann\u00a0\nb@example.com,Bo\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := people(t, CSV, file)
			if s := emails(got); s != "2:a@example.com 3:b@example.com" || len(got.Problems) > 0 {
				t.Fatalf("got %s; problems %v", s, got.Problems)
			}
			if n := got.Rows[0].Value.FirstName; workforce.Text(n) != "Ann" {
				t.Errorf("first name %q", workforce.Text(n))
			}
		})
	}
}

func TestCSVLines(t *testing.T) {
	t.Parallel()
	got := people(t, CSV, "email,job title\n"+
		"a@example.com,\"two\nlines\"\n"+ // 2, 3
		"\n"+
		",\n"+ // 5: blank
		"b@example.com\n"+ // 6
		"c@example.com,x,y\n"+ // 7
		"d@example.com,6\" pipe\n"+ // 8
		"e@example.com,\"x\"y\n"+ // 9
		"f@example.com,fine\n"+ // 10
		"g@example.com,\"never closed\n")
	if s := emails(got); s != "2:a@example.com 10:f@example.com" {
		t.Errorf("rows %s", s)
	}
	want := "6 : the line has 1 cells, the header 2\n7 : the line has 3 cells, the header 2\n" +
		"8 : a double quote stands inside a cell\n9 : a quoted cell is not closed, or something follows its closing quote\n" +
		"11 : a quoted cell is not closed, or something follows its closing quote"
	if s := shown(got.Problems); s != want {
		t.Errorf("problems\n%s\nwant\n%s", s, want)
	}
	if got.Total != 7 || got.Bad() != 5 {
		t.Errorf("%d rows, %d bad; want 7 and 5", got.Total, got.Bad())
	}
}

func TestFileRefused(t *testing.T) {
	t.Parallel()
	refused(t, CSV, "", nil, "empty")
	refused(t, CSV, "\n\n", nil, "empty")
	refused(t, CSV, "email,\"name\na@example.com,Ann\n", nil, "header in line 1", "not closed")
	refused(t, CSV, "email,6\" name\na@example.com,Ann\n", nil, "header in line 1", "double quote")
	refused(t, CSV, "name,phone\nx,y\n", nil, "email (accepted names: email, emailaddress, workemail", `"name", "phone"`, "--map")
	refused(t, CSV, "email,Work Email\nx,y\n", nil, `"email" and "Work Email"`, "both read as email", "ignored")
	refused(t, CSV, "\xFF\xFEe\x00m\x00", nil, "UTF-16", "UTF-8")
	refused(t, CSV, "PK\x03\x04…", nil, "spreadsheet")
	refused(t, CSV, "email\na@example.com\n", func(o *Options) { o.Delimiter = '"' }, "cannot part cells")
	refused(t, CSV, "email\na@example.com\n", func(o *Options) { o.Map = map[string]string{"Mail 2": "email"} }, `"Mail 2"`, `"email"`)
	refused(t, CSV, "email\na@example.com\n", func(o *Options) { o.Map = map[string]string{"email": "e_mail2"} }, "no such field", "separationDate")
	refused(t, CSV, "a,b\nx,y\n", func(o *Options) { o.Map = map[string]string{"a": "email", "b": "Email"} }, `both "a" and "b"`)
	refused(t, CSV, "email\na@example.com\n", func(o *Options) { o.maxBytes = 10 }, "larger than")
	refused(t, CSV, "email\na@example.com\nb@example.com\n", func(o *Options) { o.maxRows = 1 }, "more than 1 rows")
	refused(t, "xml", "email\n", nil, "csv or json")
	refused(t, JSON, "", nil, "empty")
	refused(t, JSON, "7", nil, "array of objects")
	refused(t, JSON, "[[]]", nil, "element 1")
	refused(t, JSON, `{"people": {}}`, nil, `"people"`)
	refused(t, JSON, `{"people": [], "people": []}`, nil, `"people"`)
	refused(t, JSON, `[{"email":"a@example.com"}`, nil, "not JSON", "element")
	refused(t, JSON, `[{"email":"a@example.com"},{"email" 7}]`, nil, "element 2", "byte")
	refused(t, JSON, `[{"email":"a@example.com"}] 7`, nil, "follows")
	refused(t, JSON, `[{"name":"a"}]`, nil, "email (accepted names")
	refused(t, JSON, `[{"email":"a@example.com"}]`, func(o *Options) { o.maxBytes = 10 }, "larger than")
	refused(t, JSON, `[{"email":"a@example.com"},{"email":"b@example.com"}]`, func(o *Options) { o.maxRows = 1 }, "more than 1 rows")
	for _, exact := range []string{"email\na@b.c", "email\r\na@b.c"} {
		people(t, CSV, exact, func(o *Options) { o.maxBytes = int64(len(exact)) })
	}
}

func TestJSONForms(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"array":          `[{"email":"a@example.com"},{"email":"b@example.com"}]`,
		"lines":          "{\"email\":\"a@example.com\"}\n{\"email\":\"b@example.com\"}\n",
		"wrapped":        `{"people":[{"email":"a@example.com"},{"email":"b@example.com"}]}`,
		"wrapped deeper": `{"exported":"2026-01-01","email":7,"people":[{"email":"a@example.com"},{"email":"b@example.com"}],"next":{"page":null}}`,
		"BOM":            "\uFEFF [ {\"email\":\"a@example.com\"}\n,{\"email\":\"b@example.com\"} ] ",
		"two names":      `[{"Work Email":"a@example.com"},{"email_address":"b@example.com"}]`,
	} {
		got := people(t, JSON, file)
		if s := emails(got); s != "1:a@example.com 2:b@example.com" || len(got.Problems) > 0 {
			t.Errorf("%s: got %s; problems %v", name, s, got.Problems)
		}
		for _, c := range got.Mapping {
			if c.Field != "email" {
				t.Errorf("%s: mapping %v", name, got.Mapping)
			}
		}
	}
	for _, file := range []string{"[]", `{"people":[]}`} {
		if got := people(t, JSON, file); got.Total != 0 || len(got.Problems) > 0 {
			t.Errorf("%s: %+v", file, got)
		}
	}
}

func TestJSONValues(t *testing.T) {
	t.Parallel()
	got := people(t, JSON, `[
		{"email":"a@example.com","id":12,"hasMfa":true,"isContractor":"no","groups":["Ops","Dev","ops"],"startDate":null,"phone":{"x":1}},
		{"email":7},
		{"email":"c@example.com","hasMfa":"perhaps"},
		{"email":"d@example.com","firstName":{"x":1}},
		{"email":"e@example.com","firstName":["x"]},
		{"email":"f@example.com","Email":"g@example.com"},
		{"firstName":"nobody"},
		"text",
		{"email":"h@example.com","lastName":true,"groups":[1]}
	]`)
	if s := emails(got); s != "1:a@example.com" {
		t.Errorf("rows %s", s)
	}
	p := got.Rows[0].Value
	if p.ExternalID != "12" || p.HasMFA == nil || !*p.HasMFA || p.IsContractor == nil || *p.IsContractor || strings.Join(p.Groups, ",") != "Ops,Dev" || p.StartDate != nil {
		t.Errorf("got %+v", p)
	}
	want := `2 email: not an e-mail address like sally@example.com
3 hasMfa: true, false, yes, no, 1 or 0 is needed here
4 firstName: text, a number, true, false, null, or a list of texts is needed here
5 firstName: one text is needed here, not a list
6 email: the object says email twice, under one name or two
7 email: every person needs an e-mail address
8 : an object like {"email": …} is needed here
9 groups: text, a number, true, false, null, or a list of texts is needed here
9 lastName: text is needed here`
	if s := shown(got.Problems); s != want {
		t.Errorf("problems\n%s\nwant\n%s", s, want)
	}
}

func TestHeaderNames(t *testing.T) {
	t.Parallel()
	for field, names := range map[string][]string{
		fieldEmail:            {"email", "E-Mail", "Work Email", "email_address", "EMAIL ADDRESS", "Mail"},
		fieldExternalID:       {"externalId", "external_id", "Employee ID", "Employee #ID", "employee number", "id"},
		fieldSecondaryEmail:   {"secondary email", "Personal Email"},
		fieldFirstName:        {"First Name", "given name", "givenName", "Forename"},
		fieldLastName:         {"last_name", "Surname", "Family Name"},
		fieldJobTitle:         {"Job Title", "title", "Position"},
		fieldEmploymentStatus: {"status", "Employment Status"},
		fieldStartDate:        {"Hire Date", "start date", "Date of Hire", "startDate"},
		fieldSeparationDate:   {"Termination Date", "separation_date", "Last Day", "End Date"},
		fieldIsContractor:     {"contractor", "Is Contractor", "contractor?"},
		fieldManagerEmail:     {"manager", "Manager Email", "manager's email", "Reports To"},
		fieldGroups:           {"groups", "Member Of"},
		fieldHasMFA:           {"hasMFA", "MFA enabled", "2FA", "2sv Enrolled [READ ONLY]"},
		fieldRoles:            {"roles"},
		"":                    {"name", "phone", "department", "role", "", "🙂"},
	} {
		for _, name := range names {
			column, _ := newMapper(&peopleSchema, Options{}).column(name)
			if column.Field != field {
				t.Errorf("%q is read as %q, want %q", name, column.Field, field)
			}
		}
	}
}

// Every name means one field, is written as headerKey writes it, and no field
// is called what another one is.
func TestAliasesAreUnambiguous(t *testing.T) {
	t.Parallel()
	check := func(kind string, names []string, aliases func(int) []string, notes map[string]string) {
		seen := map[string]string{}
		for i, name := range names {
			all := append([]string{headerKey(name)}, aliases(i)...)
			for _, a := range all {
				if a != headerKey(a) {
					t.Errorf("%s: the alias %q of %s can never match", kind, a, name)
				}
				if other, ok := seen[a]; ok {
					t.Errorf("%s: %q means both %s and %s", kind, a, other, name)
				}
				if _, ok := notes[a]; ok {
					t.Errorf("%s: %q means %s and is ignored", kind, a, name)
				}
				seen[a] = name
			}
		}
	}
	check("people", peopleSchema.fieldNames(), func(i int) []string { return peopleSchema.fields[i].aliases }, peopleSchema.notes)
	check("accounts", accountSchema.fieldNames(), func(i int) []string { return accountSchema.fields[i].aliases }, accountSchema.notes)
	check("devices", deviceSchema.fieldNames(), func(i int) []string { return deviceSchema.fields[i].aliases }, deviceSchema.notes)
	check("trainings", trainingSchema.fieldNames(), func(i int) []string { return trainingSchema.fields[i].aliases }, trainingSchema.notes)
	check("background checks", backgroundSchema.fieldNames(), func(i int) []string { return backgroundSchema.fields[i].aliases }, backgroundSchema.notes)
	check("acknowledgements", acknowledgementSchema.fieldNames(), func(i int) []string { return acknowledgementSchema.fields[i].aliases }, acknowledgementSchema.notes)
}

func TestMapping(t *testing.T) {
	t.Parallel()
	got := people(t, CSV, "Contact,email,Full Name,Phone,Datum\na@example.com,b@example.com,Ann B,1,2024-01-02\n", func(o *Options) {
		o.Map = map[string]string{"contact": "email", "DATUM": "start_date", "Phone": "Ignored"}
	})
	var columns []string
	for _, c := range got.Mapping {
		columns = append(columns, fmt.Sprintf("%s=%s (%s)", c.Name, c.Field, strings.SplitN(c.Note, ",", 2)[0]))
	}
	want := "Contact=email () email= (email was given to another column) Full Name= (a full name is not split) Phone= () Datum=startDate ()"
	if s := strings.Join(columns, " "); s != want {
		t.Errorf("mapping\n%s\nwant\n%s", s, want)
	}
	if emails(got) != "2:a@example.com" || !got.Has(fieldStartDate) || got.Has(fieldLastName) {
		t.Errorf("got %+v", got)
	}
}

// What all rows have in common is said once, and wins over the file.
func TestSet(t *testing.T) {
	t.Parallel()
	opts := Options{Today: today, Set: map[string]string{"TYPE": "security", "course": "Basics"}}
	got, err := ParseTrainings(strings.NewReader("email,title,completed on\na@example.com,Other,2026-01-02\n"), CSV, opts)
	if err != nil || len(got.Problems) > 0 {
		t.Fatal(got.Problems, err)
	}
	if r := got.Rows[0].Value; r.Type != workforce.CheckSecurityTraining || r.Course != "Basics" || r.CompletedAt == nil {
		t.Errorf("got %+v", r)
	}
	var columns []string
	for _, c := range got.Mapping {
		columns = append(columns, fmt.Sprintf("%s=%s (%s)", c.Name, c.Field, c.Note))
	}
	want := `email=email () title= (course is given by --set) completed on=completedAt () --set=type ("security" in every row) --set=course ("Basics" in every row)`
	if s := strings.Join(columns, " "); s != want {
		t.Errorf("mapping\n%s\nwant\n%s", s, want)
	}
	if got, err := ParseTrainings(strings.NewReader(`{"trainings":[{"email":"a@example.com","type":"hipaa","state":"done"}]}`), JSON, opts); err != nil ||
		len(got.Rows) != 1 || got.Rows[0].Value.Type != workforce.CheckSecurityTraining {
		t.Errorf("JSON: %+v, %v", got, err)
	}
	for _, tt := range []struct {
		set, columns map[string]string
		want         string
	}{
		{map[string]string{"sort": "x"}, nil, "no such field; use one of email, type, course"},
		{map[string]string{"type": "yoga"}, nil, "no such type of training; allowed are SECURITY_TRAINING"},
		{map[string]string{"type": "hipaa", "TYPE": "hipaa"}, nil, "gives type twice"},
		{map[string]string{"type": "hipaa"}, map[string]string{"Kind": "type"}, "both say what type is"},
	} {
		_, err := ParseTrainings(strings.NewReader("email,Kind\n"), CSV, Options{Set: tt.set, Map: tt.columns})
		if !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %s", tt.set, err, tt.want)
		}
	}
}

func TestFormatOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Format{
		"a.csv": CSV, "A.CSV": CSV, "a.tsv": CSV, "dir.json/a.txt": CSV, "a.json": JSON, "a.ndjson": JSON, "a.jsonl": JSON,
		"a.xlsx": "", "a": "", "-": "", `c:\x\a.csv`: CSV,
	} {
		got, err := FormatOf(name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("FormatOf(%q) = %q, %v", name, got, err)
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("email,startDate\na@example.com,2024-01-02\n", "")
	f.Add("\uFEFFemail;groups\n\"a@example.com\";\"x|y\n", ";")
	f.Add("email\n\x00", "")
	f.Fuzz(func(t *testing.T, file, delimiter string) {
		opts := Options{Today: today, DateOrder: DayMonthYear}
		if r := []rune(delimiter); len(r) == 1 {
			opts.Delimiter = r[0]
		}
		got, err := ParsePeople(strings.NewReader(file), CSV, opts)
		checkParsed(t, got, err)
	})
}

func FuzzJSON(f *testing.F) {
	f.Add(`[{"email":"a@example.com","groups":["x"],"hasMfa":null}]`)
	f.Add(`{"people":[{"email":"a@example.com"}],"next":{}}`)
	f.Add("{\"email\":\"a@example.com\"}\n{}")
	f.Fuzz(func(t *testing.T, file string) {
		got, err := ParsePeople(strings.NewReader(file), JSON, Options{Today: today})
		checkParsed(t, got, err)
	})
}

// checkParsed asserts what holds of every file.
func checkParsed(t *testing.T, got People, err error) {
	t.Helper()
	if err != nil {
		if !workforce.IsReason(err, workforce.ReasonBadRequest) {
			t.Fatalf("%v is no refusal", err)
		}
		return
	}
	if got.Bad() < 0 || got.Bad() > 0 && len(got.Problems) == 0 {
		t.Fatalf("%d bad rows of %d, %d problems", got.Bad(), got.Total, len(got.Problems))
	}
	bad := map[int]bool{}
	for _, p := range got.Problems {
		bad[p.Line] = true
	}
	seen := map[string]bool{}
	for _, r := range got.Rows {
		key := workforce.Fold(r.Value.Email)
		if bad[r.Line] || key == "" || seen[key] || r.Value.ExternalID == "" || r.Value.EmploymentStatus == "" {
			t.Fatalf("row %+v is taken for a good one", r)
		}
		seen[key] = true
	}
}
