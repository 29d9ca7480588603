package rest

import (
	"bytes"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestADownloadIsSavedAndNeverShown(t *testing.T) {
	t.Parallel()
	content := []byte("0123456789")
	for name, c := range map[string]struct {
		method, header, value string
		status                int
		body, length          string
	}{
		"whole":             {http.MethodGet, "", "", 200, "0123456789", "10"},
		"its header":        {http.MethodHead, "", "", 200, "", "10"},
		"a part":            {http.MethodGet, "Range", "bytes=2-4", 206, "234", "3"},
		"the end":           {http.MethodGet, "Range", "bytes=-2", 206, "89", "2"},
		"a part beyond":     {http.MethodGet, "Range", "bytes=20-", 416, "", ""},
		"no part at all":    {http.MethodGet, "Range", "lines=1", 416, "", ""},
		"known already":     {http.MethodGet, "If-None-Match", `"tag"`, 304, "", ""},
		"a newer one":       {http.MethodGet, "If-None-Match", `"other"`, 200, "0123456789", "10"},
		"of something else": {http.MethodGet, "If-Match", `"other"`, 412, "", ""},
	} {
		r := httptest.NewRequest(c.method, "/x", nil)
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		w := httptest.NewRecorder()
		SecurityHeaders(http.HandlerFunc(Download{
			Name: "Zürich.html", MediaType: "application/pdf", Tag: "tag", Content: bytes.NewReader(content),
		}.Serve)).ServeHTTP(w, r)
		h := w.Header()
		if w.Code != c.status || c.status < 300 && (w.Body.String() != c.body || h.Get("Content-Length") != c.length || h.Get("Content-Type") != "application/pdf") {
			t.Errorf("%s: %d %q %v", name, w.Code, w.Body, h)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox; default-src 'none'") {
			t.Errorf("%s: %v", name, h)
		}
		if c.status < 300 && (h.Get("Cache-Control") != "private, no-store" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; ")) {
			t.Errorf("%s: %v", name, h)
		}
	}
}

func TestAnUnknownTypeIsBytes(t *testing.T) {
	t.Parallel()
	for _, given := range []string{"", "text/html\r\nX-Evil: 1", "/"} {
		w := httptest.NewRecorder()
		Download{Name: "a", MediaType: given, Content: strings.NewReader("<html>")}.Serve(w, httptest.NewRequest(http.MethodGet, "/x", nil))
		if got := w.Header().Get("Content-Type"); got != "application/octet-stream" || w.Header().Get("ETag") != "" {
			t.Errorf("%q is served as %q", given, got)
		}
	}
}

func TestAttachment(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.pdf":            `attachment; filename="a.pdf"; filename*=UTF-8''a.pdf`,
		"Zürich 1.pdf":     `attachment; filename="Z_rich 1.pdf"; filename*=UTF-8''Z%C3%BCrich%201.pdf`,
		`a"; x=\..pdf`:     `attachment; filename="a_; x=_..pdf"; filename*=UTF-8''a%22%3B%20x%3D%5C..pdf`,
		"a\r\nSet-Cookie:": `attachment; filename="a__Set-Cookie:"; filename*=UTF-8''a%0D%0ASet-Cookie%3A`,
		"100%25 (*'):@,/":  `attachment; filename="100_25 (*'):@,_"; filename*=UTF-8''100%2525%20%28%2A%27%29%3A%40%2C%2F`,
	} {
		got := Attachment(name)
		if got != want {
			t.Errorf("Attachment(%q) = %s, want %s", name, got, want)
		}
		if _, params, err := mime.ParseMediaType(got); err != nil || params["filename"] != name {
			t.Errorf("%s reads as %v, error %v", got, params, err)
		}
	}
}
