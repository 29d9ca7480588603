package file

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// nameMost is how many bytes of a file's name are kept, as most file systems do.
const nameMost = 255

// CleanName makes a name of a file, as a client gave it, one that may be stored
// and handed out again: without folders of either spelling, without control
// characters and those that turn the direction of text (which hide an
// extension), in the form NFC, and of at most 255 bytes, its extension kept. A
// name that is nothing but an extension is called "file". Cleaning a clean name
// changes nothing.
func CleanName(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "/" {
		name = ""
	}
	name = norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, name))
	name = strings.TrimLeftFunc(name, unicode.IsSpace)
	name = strings.TrimRightFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '.' })
	ext := path.Ext(name)
	if len(ext) > nameMost/2 {
		ext = "" // that is no extension
	}
	stem := strings.TrimFunc(strings.TrimSuffix(name, ext), unicode.IsSpace)
	if stem == "" {
		stem = "file"
	}
	return clip(stem, nameMost-len(ext)) + ext
}

// clip cuts a text to at most so many bytes, between two characters.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.TrimFunc(s[:most], unicode.IsSpace)
}
