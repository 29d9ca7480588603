package file

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// kind is a kind of file that is accepted.
type kind struct {
	name       string   // for messages
	mediaType  string   // as it is served
	extensions []string // lower case, without the dot; any of them may name it
}

var (
	kindPDF  = kind{"PDF", "application/pdf", []string{"pdf"}}
	kindDOCX = kind{"Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{"docx"}}
	kindODT  = kind{"OpenDocument text", "application/vnd.oasis.opendocument.text", []string{"odt"}}
	kindDOC  = kind{"Word 97-2003", "application/msword", []string{"doc"}}
	kindXLSX = kind{"Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{"xlsx"}}
	kindODS  = kind{"OpenDocument spreadsheet", "application/vnd.oasis.opendocument.spreadsheet", []string{"ods"}}
	kindPPTX = kind{"PowerPoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{"pptx"}}
	kindODP  = kind{"OpenDocument presentation", "application/vnd.oasis.opendocument.presentation", []string{"odp"}}
	kindGIF  = kind{"GIF", "image/gif", []string{"gif"}}
	kindJPEG = kind{"JPEG", "image/jpeg", []string{"jpg", "jpeg"}}
	kindPNG  = kind{"PNG", "image/png", []string{"png"}}
)

// allKinds lists every accepted kind, in the order of the API we are compatible
// with, which names the same extensions.
var allKinds = []kind{
	kindPDF, kindDOCX, kindODT, kindDOC, kindXLSX, kindODS, kindPPTX, kindODP, kindGIF, kindJPEG, kindPNG,
}

// Extensions lists the extensions of the files that are accepted, lower case
// and without the dot.
func Extensions() []string {
	var all []string
	for _, k := range allKinds {
		all = append(all, k.extensions...)
	}
	return all
}

// MediaTypes lists the media types of the files that are accepted.
func MediaTypes() []string {
	var all []string
	for _, k := range allKinds {
		all = append(all, k.mediaType)
	}
	return all
}

// declared is the kind that a file's name says it is of.
func declared(name string) (kind, bool) {
	return kindOf(func(k kind) bool { return slices.Contains(k.extensions, extension(name)) })
}

// extension is what follows the last dot of a name, in lower case.
func extension(name string) string {
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
}

func kindOf(is func(kind) bool) (kind, bool) {
	if i := slices.IndexFunc(allKinds, is); i >= 0 {
		return allKinds[i], true
	}
	return kind{}, false
}

// refuse makes the fault of a file that is not accepted. It says which would be.
func refuse(format string, args ...any) error {
	f := workforce.RefuseField("file", format, args...)
	f.Message += "; accepted are ." + strings.Join(Extensions(), ", .")
	return f
}
