package compliance

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Upload is a file that somebody hands in. Name and MediaType are their word;
// what the file is, its content says.
type Upload struct {
	Name      string // may lack an extension if MediaType names an accepted type
	MediaType string // "" if nobody said
	Content   io.Reader
}

// named is the name of the upload with an extension: clients that send Base64
// often give the type beside it and a name without one.
func (u Upload) named() string {
	name := u.Name
	if name == "" {
		name = "file"
	}
	at := strings.LastIndexByte(name, '.')
	if at >= 0 && slices.Contains(file.Extensions(), strings.ToLower(name[at+1:])) {
		return name
	}
	if extension, ok := extensions[strings.ToLower(u.MediaType)]; ok {
		return name + "." + extension
	}
	return name
}

// extensions is how files of the accepted media types are called.
var extensions = map[string]string{
	"application/pdf":    "pdf",
	"application/msword": "doc",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   "docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         "xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
	"application/vnd.oasis.opendocument.text":                                   "odt",
	"application/vnd.oasis.opendocument.spreadsheet":                            "ods",
	"application/vnd.oasis.opendocument.presentation":                           "odp",
	"image/gif":  "gif",
	"image/jpeg": "jpg",
	"image/jpg":  "jpg", // no registered type, but a common one
	"image/png":  "png",
}

// keepUpload puts the content where it stays. If no record refers to it in the
// end, a sweep removes it. A folder that does not work is told as such: the
// request was right.
func (s *Service) keepUpload(ctx context.Context, u Upload) (workforce.File, error) {
	if s.files == nil {
		return workforce.File{}, filesUnavailable(nil)
	}
	f, err := s.files.Put(ctx, u.named(), u.Content)
	if err != nil && !isFault(err) && ctx.Err() == nil {
		err = filesUnavailable(err)
	}
	return f, err
}

func isFault(err error) bool {
	return slices.ContainsFunc(workforce.AllKinds, func(k workforce.Kind) bool { return workforce.IsKind(err, k) })
}

func filesUnavailable(err error) error {
	return &workforce.Fault{
		Reason: workforce.ReasonFilesUnavailable, Err: err,
		Message: "The contents of documents can be neither kept nor read at the moment. Try again later; the operator finds the cause in the log",
	}
}
