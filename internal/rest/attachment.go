package rest

import (
	"io"
	"mime"
	"net/http"
	"time"
)

// ServeAttachment answers with the content of a file for saving. Whoever handed
// the file in chose what is in it: a browser must neither show it as a page of
// ours nor guess another type. Ranges and HEAD are served.
func ServeAttachment(w http.ResponseWriter, r *http.Request, name, mediaType string, content io.ReadSeeker) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", disposition(name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer")
	http.ServeContent(w, r, "", time.Time{}, content)
}

// disposition names the file, as filename* of RFC 6266 where it has more than ASCII.
func disposition(name string) string {
	if d := mime.FormatMediaType("attachment", map[string]string{"filename": name}); d != "" {
		return d
	}
	return "attachment"
}
