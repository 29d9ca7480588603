package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestPersonFields(t *testing.T) {
	t.Parallel()
	got := people(t, CSV, `employee id,work email,personal email,first name,last name,title,status,hire date,termination date,contractor,manager,groups,mfa,roles
E-7,Zoe@Example.com,zoe@example.net,Zoe`+"\u0308"+`,O’Brien,Engineer,active,2024-01-02,,no,boss@example.com,Dev; Ops |dev||,YES,employee;Admin
,b@example.com,,,,,,,,,,,,
`)
	if len(got.Problems) > 0 || len(got.Rows) != 2 {
		t.Fatalf("problems %v", got.Problems)
	}
	p := got.Rows[0].Value
	for field, pair := range map[string][2]string{
		"externalId":     {p.ExternalID, "E-7"},
		"email":          {p.Email, "Zoe@Example.com"},
		"secondaryEmail": {workforce.Text(p.SecondaryEmail), "zoe@example.net"},
		"firstName":      {workforce.Text(p.FirstName), "Zoë"}, // NFC
		"lastName":       {workforce.Text(p.LastName), "O’Brien"},
		"jobTitle":       {workforce.Text(p.JobTitle), "Engineer"},
		"status":         {string(p.EmploymentStatus), "CURRENT_EMPLOYEE"},
		"manager":        {workforce.Text(p.ManagerEmail), "boss@example.com"},
		"groups":         {strings.Join(p.Groups, ","), "Dev,Ops"},
		"roles":          {fmt.Sprint(p.Roles), "[ADMIN EMPLOYEE]"},
		"hasMfa":         {fmt.Sprint(p.HasMFA != nil && *p.HasMFA), "true"},
		"isContractor":   {fmt.Sprint(p.IsContractor != nil && !*p.IsContractor), "true"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s = %q, want %q", field, pair[0], pair[1])
		}
	}
	empty := got.Rows[1].Value
	if empty.ExternalID != "b@example.com" || empty.EmploymentStatus != workforce.UnknownStatus {
		t.Errorf("a bare row: %+v", empty)
	}
	if empty.HasMFA != nil || empty.IsContractor != nil || empty.StartDate != nil || empty.SeparationDate != nil || empty.FirstName != nil {
		t.Errorf("a bare row says something: %+v", empty)
	}
}

func TestEmploymentStatus(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status, start, separation, contractor string
		want                                  string // a status, or "!" and a part of the reason
	}{
		// What follows from the dates. Today is 2026-06-01.
		{"", "", "", "", "UNKNOWN"},
		{"", "", "", "yes", "UNKNOWN"},
		{"", "2024-01-01", "", "", "CURRENT_EMPLOYEE"},
		{"", "2024-01-01", "", "no", "CURRENT_EMPLOYEE"},
		{"", "2024-01-01", "", "yes", "CURRENT_CONTRACTOR"},
		{"", "2026-06-01", "", "", "CURRENT_EMPLOYEE"},
		{"", "2026-06-02", "", "", "FUTURE_HIRE"},
		{"", "2026-06-02", "", "yes", "FUTURE_HIRE"},
		{"", "2024-01-01", "2026-06-01", "", "FORMER_EMPLOYEE"},
		{"", "2024-01-01", "2026-06-02", "", "CURRENT_EMPLOYEE"},
		{"", "", "2025-01-01", "yes", "FORMER_CONTRACTOR"},
		{"", "2024-01-01", "2024-01-01", "", "FORMER_EMPLOYEE"},
		// What is said.
		{"CURRENT_EMPLOYEE", "", "", "", "CURRENT_EMPLOYEE"},
		{"current employee", "", "", "", "CURRENT_EMPLOYEE"},
		{"Out-Of-Scope", "", "", "", "!the reason why"},
		{"Service Account", "", "", "", "SERVICE_ACCOUNT"},
		{"special former employee", "", "", "", "SPECIAL_FORMER_EMPLOYEE"},
		{"unknown", "2024-01-01", "", "", "UNKNOWN"},
		{"Active", "", "", "", "CURRENT_EMPLOYEE"},
		{"active", "", "", "true", "CURRENT_CONTRACTOR"},
		{"On Leave", "2024-01-01", "", "", "CURRENT_EMPLOYEE"},
		{"Terminated", "", "", "", "FORMER_EMPLOYEE"},
		{"terminated", "", "2025-01-01", "1", "FORMER_CONTRACTOR"},
		{"contractor", "", "", "", "CURRENT_CONTRACTOR"},
		{"Pre-Hire", "2026-07-01", "", "", "FUTURE_HIRE"},
		{"prehire", "2026-05-01", "", "", "CURRENT_EMPLOYEE"},
		{"FUTURE_HIRE", "2026-05-01", "", "yes", "CURRENT_CONTRACTOR"},
		{"FUTURE_HIRE", "", "", "", "FUTURE_HIRE"},
		// What cannot be.
		{"inactive", "", "", "", "!no such status"},
		{"full-time", "", "", "", "!no such status"},
		{"terminated", "2024-01-01", "2026-07-01", "", "!in the future"},
		{"active", "2024-01-01", "2026-05-01", "", "!has passed"},
		{"contractor", "", "", "no", "!isContractor says employee"},
		{"employee", "", "", "yes", "!isContractor says contractor"},
		{"", "2024-01-02", "2024-01-01", "", "!before the start date"},
	} {
		got := people(t, CSV, fmt.Sprintf("email,status,start date,end date,contractor\na@example.com,%s,%s,%s,%s\n", tt.status, tt.start, tt.separation, tt.contractor))
		text := "!"
		if len(got.Rows) == 1 {
			text = string(got.Rows[0].Value.EmploymentStatus)
		} else if len(got.Problems) == 1 {
			text += got.Problems[0].Reason
		}
		part, bad := strings.CutPrefix(tt.want, "!")
		if bad && !(strings.HasPrefix(text, "!") && strings.Contains(text, part)) || !bad && text != tt.want {
			t.Errorf("status %q start %q end %q contractor %q: %s, want %s", tt.status, tt.start, tt.separation, tt.contractor, text, tt.want)
		}
	}
}

func TestOutOfScopeNeedsAReason(t *testing.T) {
	t.Parallel()
	got := people(t, CSV, "email,status,out of scope reason\na@example.com,out of scope,a shared mailbox\nb@example.com,active,unused\n")
	if len(got.Problems) > 0 || got.Rows[0].Value.EmploymentStatus != workforce.OutOfScope ||
		workforce.Text(got.Rows[0].Value.NotHumanReason) != "a shared mailbox" {
		t.Errorf("got %+v", got)
	}
}

func TestStatusWordsAreWrittenAsCompared(t *testing.T) {
	t.Parallel()
	for word, means := range statusWords {
		if word != headerKey(word) {
			t.Errorf("%q can never match", word)
		}
		if means != saidCurrent && means != saidFormer && !slices.Contains(workforce.AllEmploymentStatuses, workforce.EmploymentStatus(means)) {
			t.Errorf("%q means %q, which is no status", word, means)
		}
	}
}

func TestPersonProblems(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", nameMost+1)
	for _, tt := range []struct{ column, value, want string }{
		{"email", "sally", "not an e-mail"},
		{"email", "Sally <sally@example.com>", "not an e-mail"},
		{"email", "sally@", "not an e-mail"},
		{"email", "a@b@example.com", "not an e-mail"},
		{"email", "a b@example.com", "not an e-mail"},
		{"email", "a@example.com, b@example.com", "not an e-mail"},
		{"email", "a@.example.com", "not an e-mail"},
		{"email", strings.Repeat("x", 250) + "@example.com", "at most"},
		{"first name", long, "at most 200"},
		{"first name", "a\x00b", "control character"},
		{"first name", "a\x1bb", "control character"},
		{"first name", "a\xffb", "UTF-8"},
		{"first name", "a\uFFFDb", "UTF-8"},
		{"hire date", "03/04/2024", "--date-format"},
		{"contractor", "maybe", "yes, no"},
		{"mfa", "enrolled", "yes, no"},
		{"manager", "Ann Smith", "not an e-mail"},
		{"roles", "ADMIN;KING", "no such role"},
		{"notHumanReason", strings.Repeat("x", reasonMost+1), "at most 30000"},
		{"groups", strings.Repeat("x;", listMost+1), "at most 200"},
		{"groups", "a;" + long, "at most 200"},
	} {
		header, row := "email,"+tt.column, "a@example.com,\""+tt.value+"\""
		if tt.column == "email" {
			header, row = "email", "\""+tt.value+"\""
		}
		got := people(t, CSV, header+"\n"+row+"\n")
		if len(got.Rows) != 0 || len(got.Problems) != 1 {
			t.Errorf("%s=%q: %d rows, problems %v", tt.column, clip(tt.value), len(got.Rows), got.Problems)
			continue
		}
		p := got.Problems[0]
		field, _ := newMapper(&peopleSchema, Options{}).column(tt.column)
		if !strings.Contains(p.Reason, tt.want) || p.Line != 2 || p.Field != field.Field {
			t.Errorf("%s=%q: %+v, want %q", tt.column, clip(tt.value), p, tt.want)
		}
		if len([]rune(p.Value)) > 61 || strings.ContainsAny(p.Value, "\x00\x1b") || !utf8.ValidString(p.Value) {
			t.Errorf("%s=%q: the value is shown as %q", tt.column, clip(tt.value), p.Value)
		}
	}
}

func TestEveryProblemOfEveryRowIsFound(t *testing.T) {
	t.Parallel()
	got := people(t, CSV, "email,hire date,contractor\n,03/04/2024,maybe\nb@example.com,x,\nc@example.com,,\n")
	if s := shown(got.Problems); strings.Count(s, "\n") != 2 || emails(got) != "4:c@example.com" {
		t.Errorf("rows %s, problems\n%s", emails(got), s)
	}
}

func TestDuplicatesInTheFile(t *testing.T) {
	t.Parallel()
	got := people(t, CSV, "email,employee id\n"+
		"ann@example.com,1\n"+ // 2
		"bo@example.com,2\n"+
		"ANN@example.com,3\n"+ // 4: e-mail of 2
		"cy@example.com,2\n"+ // 5: id of 3
		"dee@example.com,4\n"+
		"ann@example.com,\n"+ // 7: e-mail of 2
		"STRASSE@example.com,5\nstraße@example.com,6\n") // 8, 9: the same after folding
	if s := emails(got); s != "6:dee@example.com" {
		t.Errorf("rows %s: of two rows about one person neither is known to be right", s)
	}
	want := "4 email: lines 2 and 4 have the same e-mail address\n5 externalId: lines 3 and 5 have the same externalId\n" +
		"7 email: lines 2 and 7 have the same e-mail address\n9 email: lines 8 and 9 have the same e-mail address"
	if s := shown(got.Problems); s != want {
		t.Errorf("problems\n%s\nwant\n%s", s, want)
	}
	// An e-mail and the id made of it are one fault, not two.
	if got := people(t, CSV, "email\na@example.com\na@example.com\n"); len(got.Problems) != 1 {
		t.Errorf("problems %v", got.Problems)
	}
}

func TestNamesInEveryScript(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"山田", "محمد", "Ольга", "Åsa", "D’Angelo", "O'Brien", "İbrahim", "विकास", "김", "X Æ A-12"} {
		got := people(t, CSV, "email,first name\na@example.com,"+name+"\n")
		if len(got.Rows) != 1 || workforce.Text(got.Rows[0].Value.FirstName) != name {
			t.Errorf("%q: %+v", name, got)
		}
	}
}
