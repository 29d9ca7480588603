package file_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/workforce"
)

// open gives a store on a new folder.
func open(tb testing.TB) *file.Store {
	tb.Helper()
	s, err := file.Open(tb.TempDir() + "/files")
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func put(tb testing.TB, s *file.Store, name string, content []byte) workforce.File {
	tb.Helper()
	f, err := s.Put(tb.Context(), name, bytes.NewReader(content))
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return f
}

func TestEveryKindIsTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	all := samples(t)
	if got, want := file.Extensions(), slices.Sorted(maps.Keys(all)); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Fatalf("accepted are %v, the test has samples of %v", got, want)
	}
	media := map[string]string{}
	for _, ext := range file.Extensions() {
		f := put(t, s, "Evidence 1."+strings.ToUpper(ext), all[ext])
		if f.Size != int64(len(all[ext])) || !slices.Contains(file.MediaTypes(), f.MediaType) {
			t.Errorf("%s: %+v", ext, f)
		}
		media[f.MediaType] = ext
	}
	if len(media) != len(file.MediaTypes()) {
		t.Errorf("%d media types for %d: %v", len(media), len(file.MediaTypes()), media)
	}
	// Whatever the name says, the content decides: no sample passes for another.
	for ext, content := range all {
		for other, second := range all {
			f, err := s.Put(t.Context(), "x."+other, bytes.NewReader(content))
			if agree := bytes.Equal(content, second); agree != (err == nil) {
				t.Errorf("%s called .%s: %+v, %v", ext, other, f, err)
			}
		}
	}
}

// What is refused names the field and what is accepted, and leaves no content.
func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	all := samples(t)
	word := all["docx"]
	end := len(word) - 22
	for name, c := range map[string]struct {
		file    string
		content []byte
		want    string
	}{
		"empty":                          {"a.pdf", nil, "is empty"},
		"no extension":                   {"evidence", all["pdf"], "without an extension"},
		"an extension that is not taken": {"a.exe", all["pdf"], `"exe"`},
		"svg":                            {"a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), `"svg"`},
		"svg as png":                     {"a.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "its content is none"},
		"html as pdf":                    {"a.pdf", []byte("<!doctype html><script>alert(1)</script>"), "its content is none"},
		"html before a pdf":              {"a.pdf", append([]byte("<script>alert(1)</script>\n"), all["pdf"]...), "its content is none"},
		"pdf as png":                     {"a.png", all["pdf"], "is of the kind PDF: give it the extension .pdf"},
		"png as pdf":                     {"a.pdf", all["png"], "is of the kind PNG"},
		"text as doc":                    {"a.doc", []byte("Dear all,"), "its content is none"},
		"rtf as doc":                     {"a.doc", []byte(`{\rtf1 Dear all}`), "its content is none"},
		"executable as jpg":              {"a.jpg", []byte("MZ\x90\x00\x03"), "its content is none"},
		"gif, only its signature":        {"a.gif", []byte("GIF89a"), "its content is none"},
		"png, only its signature":        {"a.png", []byte("\x89PNG\r\n\x1a\n"), "its content is none"},
		"pdf without a version":          {"a.pdf", []byte("%PDF-x.y\n"), "its content is none"},
		"webp as png":                    {"a.png", []byte("RIFF\x10\x00\x00\x00WEBPVP8 "), "its content is none"},

		"xls":     {"a.doc", oldOffice("Workbook"), "its content is none"},
		"old xls": {"a.doc", oldOffice("Book"), "its content is none"},
		"ppt":     {"a.doc", oldOffice("PowerPoint Document"), "its content is none"},
		"msi":     {"a.doc", oldOffice("Property"), "its content is none"},
		"xls with a doc in it": {"a.doc", compoundFile(0,
			stream{"Root Entry", 5, nobody, nobody, 1}, stream{"Workbook", 2, nobody, 2, nobody},
			stream{"MBD001", 1, nobody, nobody, 3}, stream{"WordDocument", 2, nobody, nobody, nobody}), "its content is none"},
		"doc and xls at once": {"a.doc", compoundFile(0,
			stream{"Root Entry", 5, nobody, nobody, 1}, stream{"Workbook", 2, nobody, 2, nobody},
			stream{"WordDocument", 2, nobody, nobody, nobody}), "its content is none"},
		"a doc whose tree is a circle": {"a.doc", compoundFile(0,
			stream{"Root Entry", 5, nobody, nobody, 1}, stream{"Workbook", 2, 1, 1, nobody}), "its content is none"},
		"a doc whose tree leads out": {"a.doc", compoundFile(0,
			stream{"Root Entry", 5, nobody, nobody, 1}, stream{"WordDocument", 2, 77, nobody, nobody}), "its content is none"},
		"a doc without a root":  {"a.doc", compoundFile(0, stream{"WordDocument", 2, nobody, nobody, nobody}), "its content is none"},
		"a doc that is cut off": {"a.doc", all["doc"][:512], "its content is none"},
		"a doc, only its head":  {"a.doc", all["doc"][:100], "its content is none"},

		"zip":                         {"a.docx", archive(t, part{name: "a.txt", text: "a"}), "its content is none"},
		"jar":                         {"a.docx", archive(t, part{name: "META-INF/MANIFEST.MF"}), "its content is none"},
		"word with macros":            {"a.docx", office(t, "word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"), "its content is none"},
		"template":                    {"a.odt", openDocument(t, "application/vnd.oasis.opendocument.text-template"), "its content is none"},
		"epub":                        {"a.odt", openDocument(t, "application/epub+zip"), "its content is none"},
		"excel as docx":               {"a.docx", all["xlsx"], "is of the kind Excel: give it the extension .xlsx"},
		"a main part that is missing": {"a.docx", archive(t, types("word/document.xml", mainWord)), "its content is none"},
		"two main parts": {"a.docx", archive(t, part{name: "[Content_Types].xml", text: `<Types><Override PartName="/a" ContentType="` + mainWord +
			`"/><Override PartName="/b" ContentType="` + mainExcel + `"/></Types>`}, part{name: "a"}, part{name: "b"}), "its content is none"},
		"types that are no xml": {"a.docx", archive(t, part{name: "[Content_Types].xml", text: "PK"}), "its content is none"},
		"both families": {"a.docx", archive(t, types("w", mainWord), part{name: "w"},
			part{name: "mimetype", text: "application/vnd.oasis.opendocument.text"}), "its content is none"},
		"a bomb":                        {"a.docx", bomb(t, 64<<20), "its content is none"},
		"a crowd":                       {"a.docx", crowd(t, 10_000), "its content is none"},
		"glued to a script":             {"a.docx", append([]byte("PK\x03\x04#!/bin/sh\n"), word...), "its content is none"},
		"with a tail":                   {"a.docx", append(bytes.Clone(word), "tail"...), "its content is none"},
		"cut off":                       {"a.docx", word[:end], "its content is none"},
		"a count too small":             {"a.docx", liar(word, 10, 1, 2), "its content is none"},
		"a count too large":             {"a.docx", liar(word, 10, 3, 2), "its content is none"},
		"a directory too large":         {"a.docx", liar(word, 12, 1<<31, 4), "its content is none"},
		"a directory somewhere else":    {"a.docx", liar(word, 16, 1<<31, 4), "its content is none"},
		"an archive of 64 bits' fields": {"a.docx", liar(word, 16, 1<<32-1, 4), "its content is none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			_, err := s.Put(t.Context(), c.file, bytes.NewReader(c.content))
			if !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v, want %q", err, c.want)
			}
			if c.content != nil && !strings.Contains(err.Error(), ".pdf, .docx, .odt, .doc, .xlsx, .ods, .pptx, .odp, .gif, .jpg, .jpeg, .png") &&
				!strings.Contains(err.Error(), "give it the extension") {
				t.Errorf("it does not say what is accepted: %v", err)
			}
			for path := range listed(t, s) {
				t.Errorf("left behind: %s", path)
			}
		})
	}
}

// A directory anywhere in a large file is found, through every list of tables.
func TestTheDirectoryOfALargeFileIsFound(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, at := range []uint32{1, 127, 128, 129, 13_000, 14_500, 32_000} {
		content := compoundFile(at, stream{"Root Entry", 5, nobody, nobody, 2}, stream{"Data", 2, nobody, nobody, nobody},
			stream{"1Table", 2, 1, 4, nobody}, stream{}, stream{"WordDocument", 2, nobody, nobody, nobody})
		if f := put(t, s, "large.doc", content); f.MediaType != "application/msword" {
			t.Errorf("at %d: %+v", at, f)
		}
	}
}

// Telling a kind ends, never panics and reads no more than there is, whatever
// the bytes are; and what is accepted is kept as it is.
func FuzzKinds(f *testing.F) {
	for ext, content := range samples(f) {
		f.Add("a."+ext, content)
		f.Add("a."+ext, content[:len(content)/2])
	}
	f.Add("a.doc", compoundFile(200, stream{"Root Entry", 5, nobody, nobody, 1}, stream{"Workbook", 2, 0, 1, nobody}))
	s := open(f)
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		got, err := s.Put(t.Context(), name, bytes.NewReader(content))
		if err != nil {
			if !workforce.IsKind(err, workforce.KindInvalid) {
				t.Fatalf("%q, %s: %v", name, sum(content), err)
			}
			return
		}
		if got.Size != int64(len(content)) || !slices.Contains(file.MediaTypes(), got.MediaType) || got.Name != file.CleanName(name) {
			t.Errorf("%q: %+v", name, got)
		}
		if kept := contentOf(t, s, got.Hash); !bytes.Equal(kept, content) {
			t.Errorf("%s became %s", sum(content), sum(kept))
		}
		if err := s.Remove(got.Hash); err != nil {
			t.Error(err)
		}
	})
}
