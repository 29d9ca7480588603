package rest

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Download is a content that a client keeps as a file, whatever it is: no
// browser shows it, runs it or guesses at its type.
type Download struct {
	Name      string // what the file is called, without a folder
	MediaType string // of the content, as it was found out; empty: bytes
	Tag       string // tells contents apart, such as a hash; may be empty
	Content   io.ReadSeeker
}

// Serve answers a request with the content, or with the part of it that a Range
// header asks for; to HEAD with the header alone. Nothing may store the answer.
// Whether the client may have it has been decided before. The error of a content
// that cannot be read is seen by the client alone, as an answer that is cut off.
func (d Download) Serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", d.mediaType())
	h.Set("Content-Disposition", Attachment(d.Name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-store")
	if d.Tag != "" {
		h.Set("ETag", `"`+d.Tag+`"`)
	}
	http.ServeContent(w, r, "", time.Time{}, d.Content)
}

// mediaType is what is served, never what could be a header of its own.
func (d Download) mediaType() string {
	if _, _, err := mime.ParseMediaType(d.MediaType); err != nil {
		return "application/octet-stream"
	}
	return d.MediaType
}

// Attachment is the Content-Disposition under which a client saves an answer as
// a file of the name, after RFC 6266: as UTF-8, and before that in ASCII for
// clients that read nothing else.
func Attachment(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\/%`, r) {
			return '_'
		}
		return r
	}, name)
	// PathEscape leaves some characters alone that the header does not allow.
	extended := strings.NewReplacer("'", "%27", "(", "%28", ")", "%29", "*", "%2A", ":", "%3A", "@", "%40",
		"=", "%3D", ",", "%2C", ";", "%3B", "/", "%2F").Replace(url.PathEscape(strings.ToValidUTF8(name, "_")))
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + extended
}
