package file_test

import (
	"path"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/passmuster/passmuster/internal/file"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"report.pdf":                       "report.pdf",
		"../../etc/passwd.pdf":             "passwd.pdf",
		`C:\Users` + `\ada\Report.PDF`:     "Report.PDF",
		"folder/":                          "folder",
		"":                                 "file",
		"/":                                "file",
		".":                                "file",
		"..":                               "file",
		".pdf":                             "file.pdf",
		" .pdf":                            "file.pdf",
		"a.pdf. . ":                        "a.pdf",
		"  a b .pdf ":                      "a b.pdf",
		"a\x00\r\n\tb\x7f.pdf":             "ab.pdf",
		"photo\u202Egnp.pdf":               "photognp.pdf",
		"a\u2028b.pdf":                     "ab.pdf",
		"Vertra\u0308ge.pdf":               "Vertr\u00e4ge.pdf",
		"a\xffb.pdf":                       "a\uFFFDb.pdf",
		strings.Repeat("ä", 200) + ".docx": strings.Repeat("ä", 125) + ".docx",
		"x." + strings.Repeat("y", 300):    "x." + strings.Repeat("y", 253),
	} {
		if got := file.CleanName(name); got != want {
			t.Errorf("CleanName(%q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, name := range []string{"report.pdf", "../a/b.pdf", `a\b.png`, " . .pdf", "\u202Ea.doc", "\xff", "a." + strings.Repeat("é", 200), "\u0338.pdf", "../ /.", ". ."} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := file.CleanName(name)
		switch {
		case got == "", len(got) > 255, !utf8.ValidString(got), !norm.NFC.IsNormalString(got):
			t.Errorf("CleanName(%q) = %q", name, got)
		case strings.ContainsAny(got, "/\\\r\n\x00"), strings.ContainsFunc(got, unicode.IsControl):
			t.Errorf("CleanName(%q) = %q", name, got)
		case file.CleanName(got) != got:
			t.Errorf("CleanName(%q) = %q, and of that %q", name, got, file.CleanName(got))
		case path.Base(got) != got || got == "." || got == "..":
			t.Errorf("CleanName(%q) = %q leads elsewhere", name, got)
		}
	})
}
