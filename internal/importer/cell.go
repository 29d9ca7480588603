package importer

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Longest texts, in characters.
const (
	nameMost   = 200
	idMost     = 255
	emailMost  = 254 // what mail can be sent to, in bytes
	reasonMost = 30_000
	urlMost    = 2_000
	listMost   = 200 // members of one list
)

// cell is one cell of a row on its way into a field. Its methods report what
// is wrong through fail and then give nil; an empty cell gives nil as well.
type cell struct {
	value any // string, bool, or []string
	opts  *Options
	fail  func(value, reason string)
}

// clean is the text as it is kept: NFC, without space or invisible marks
// around it. ok is false, and the fault reported, where the text was damaged
// before it reached us or could damage what shows it.
func (c *cell) clean(s string, most int) (string, bool) {
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
		c.fail(strings.ToValidUTF8(s, "�"), "some characters cannot be read; save the file as UTF-8")
		return "", false
	}
	s = norm.NFC.String(trim(s))
	if strings.ContainsFunc(s, isControl) {
		c.fail(strings.Map(showControl, s), "a control character stands in the text; remove it")
		return "", false
	}
	if n := utf8.RuneCountInString(s); n > most {
		c.fail(s, fmt.Sprintf("the text has %d characters; at most %d are kept", n, most))
		return "", false
	}
	return s, true
}

// trim drops space around a text, and marks that nobody can see or mean.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' })
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

func showControl(r rune) rune {
	if isControl(r) {
		return '�'
	}
	return r
}

// single is the cell as one text.
func (c *cell) single(most int) (string, bool) {
	switch v := c.value.(type) {
	case string:
		return c.clean(v, most)
	case bool:
		c.fail(strconv.FormatBool(v), "text is needed here")
	case []string:
		c.fail(strings.Join(v, ", "), "one text is needed here, not a list")
	}
	return "", false
}

// text is the cell as text of at most that many characters.
func (c *cell) text(most int) *string {
	s, ok := c.single(most)
	if !ok || s == "" {
		return nil
	}
	return &s
}

// email is the cell as a bare e-mail address, as written.
func (c *cell) email() *string {
	s := c.text(idMost)
	if s == nil {
		return nil
	}
	if !isEmail(*s) {
		c.fail(*s, "not an e-mail address like sally@example.com")
		return nil
	}
	return s
}

// isEmail asks for the least that every address has. More would turn away
// addresses that work.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || len(s) > emailMost {
		return false
	}
	local, domain := s[:at], s[at+1:]
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>(),;:"`, r) }) &&
		!strings.Contains(local, "@") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.Contains(domain, "..")
}

// url is the cell as an address in the web.
func (c *cell) url() *string {
	s := c.text(urlMost)
	if s == nil {
		return nil
	}
	if u, err := url.Parse(*s); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		c.fail(*s, "not an address like https://example.com/report/1")
		return nil
	}
	return s
}

// The words for true and false. Nothing else is taken for either.
var booleans = map[string]bool{"true": true, "yes": true, "1": true, "false": false, "no": false, "0": false}

const booleanHint = "true, false, yes, no, 1 or 0 is needed here; leave the cell empty where it is not known"

// boolean is the cell as yes, no, or unknown.
func (c *cell) boolean() *bool {
	if b, ok := c.value.(bool); ok {
		return &b
	}
	s, ok := c.single(idMost)
	if !ok || s == "" {
		return nil
	}
	b, ok := booleans[workforce.Fold(s)]
	if !ok {
		c.fail(s, booleanHint)
		return nil
	}
	return &b
}

// number is the cell as a whole number, not negative.
func (c *cell) number(most int64) *int64 {
	s, ok := c.single(idMost)
	if !ok || s == "" {
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > most {
		c.fail(s, fmt.Sprintf("a whole number from 0 to %d is needed here", most))
		return nil
	}
	return &n
}

// date is the cell as a calendar date.
func (c *cell) date() *workforce.Date {
	s, ok := c.single(idMost)
	if !ok || s == "" {
		return nil
	}
	d, err := parseDate(s, c.opts.DateOrder)
	if err != nil {
		c.fail(s, err.Error())
		return nil
	}
	return &d
}

// time is the cell as an instant; of a date, its first one in UTC.
func (c *cell) time() *time.Time {
	s, ok := c.single(idMost)
	if !ok || s == "" {
		return nil
	}
	t, err := parseTime(s, c.opts.DateOrder)
	if err != nil {
		c.fail(s, err.Error())
		return nil
	}
	return &t
}

// declared is the cell as yes, no, unknown, or since when.
func (c *cell) declared() Declared {
	if b, ok := c.value.(bool); ok {
		return Declared{On: &b}
	}
	s, ok := c.single(idMost)
	if !ok || s == "" {
		return Declared{}
	}
	if b, ok := booleans[workforce.Fold(s)]; ok {
		return Declared{On: &b}
	}
	t, err := parseTime(s, c.opts.DateOrder)
	if err != nil {
		c.fail(s, "neither yes or no nor the time since when: "+err.Error())
		return Declared{}
	}
	return Declared{On: workforce.Ptr(true), Since: &t}
}

// list is the cell as texts, parted by semicolons or bars, without repeats.
func (c *cell) list() []string { return c.listOf(listMost) }

func (c *cell) listOf(most int) []string {
	parts, ok := c.value.([]string)
	if !ok {
		s, ok := c.single(reasonMost)
		if !ok {
			return nil
		}
		parts = strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '|' })
	}
	if len(parts) > most {
		c.fail("", fmt.Sprintf("the list has %d members; at most %d are kept", len(parts), most))
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, p := range parts {
		text, ok := c.clean(p, nameMost)
		if !ok {
			return nil
		}
		if key := workforce.Fold(text); text != "" && !seen[key] {
			seen[key] = true
			out = append(out, text)
		}
	}
	return out
}

// enum is the text as a member of the table. Case, and whether words are
// parted by spaces, hyphens or underscores, does not matter.
func enum[T ~string](s string, table []T) (T, bool) {
	if slices.Contains(table, T(s)) {
		return T(s), true
	}
	for _, v := range table {
		if headerKey(string(v)) == headerKey(s) {
			return v, true
		}
	}
	return "", false
}

// member is the cell as a member of the table, by its own name or by a word
// that means it in every system; "" where it says nothing. The words are
// written as headerKey writes them.
func member[T ~string](c *cell, what string, table []T, words map[string]T) T {
	s := c.text(idMost)
	if s == nil {
		return ""
	}
	if v, ok := enum(*s, table); ok {
		return v
	}
	if v, ok := words[headerKey(*s)]; ok {
		return v
	}
	c.fail(*s, "no such "+what+"; allowed are "+names(table))
	return ""
}

// names lists a table for a message.
func names[T ~string](table []T) string {
	out := make([]string, len(table))
	for i, v := range table {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}

// roles is the cell as roles, sorted.
func (c *cell) roles() []workforce.Role {
	var out []workforce.Role
	for _, s := range c.list() {
		role, ok := enum(s, workforce.AllRoles)
		if !ok {
			c.fail(s, "no such role; allowed are "+names(workforce.AllRoles))
			return nil
		}
		out = append(out, role)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// cleanName makes a column's name fit to be shown.
func cleanName(s string) string {
	return clip(strings.Map(showControl, trim(strings.ToValidUTF8(s, "�"))))
}

// clip keeps messages that quote the file short.
func clip(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
