package openapi

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/rest"
)

// site is what is served about the API.
func site(t *testing.T) (http.Handler, *Doc) {
	t.Helper()
	doc, err := Document(routes())
	if err != nil {
		t.Fatal(err)
	}
	served, err := doc.Routes()
	if err != nil {
		t.Fatal(err)
	}
	mux, err := rest.NewMux(rest.MuxConfig{Routes: served})
	if err != nil {
		t.Fatal(err)
	}
	return rest.SecurityHeaders(mux), doc
}

func get(t *testing.T, h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestDocumentIsServed(t *testing.T) {
	t.Parallel()
	h, doc := site(t)
	inYAML, err := doc.YAML()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]byte{"/openapi.json": doc.JSON, "/openapi.yaml": inYAML} {
		plain := get(t, h, http.MethodGet, path)
		if plain.Code != http.StatusOK || !bytes.Equal(plain.Body.Bytes(), want) {
			t.Fatalf("%s: %d, %d bytes, want %d", path, plain.Code, plain.Body.Len(), len(want))
		}
		if got := plain.Header().Get("Cache-Control"); got != "public, no-cache" {
			t.Errorf("%s: Cache-Control is %q", path, got)
		}
		zipped := get(t, h, http.MethodGet, path, "Accept-Encoding", "br, gzip;q=0.8")
		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, want) {
			t.Errorf("%s: compressed, it is another document (%v)", path, err)
		}
		for _, tag := range []string{plain.Header().Get("ETag"), zipped.Header().Get("ETag"), `"x", W/` + plain.Header().Get("ETag")} {
			if w := get(t, h, http.MethodGet, path, "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
				t.Errorf("%s with If-None-Match %s: %d", path, tag, w.Code)
			}
		}
		if w := get(t, h, http.MethodGet, path, "If-None-Match", `"other"`); w.Code != http.StatusOK {
			t.Errorf("%s with the tag of another: %d", path, w.Code)
		}
		head := get(t, h, http.MethodHead, path)
		if head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("Content-Length") != plain.Header().Get("Content-Length") {
			t.Errorf("HEAD %s: %d with %d bytes", path, head.Code, head.Body.Len())
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br, GZIP": true, "*": true, "gzip;q=0.5": true, "gzip; q=1": true,
		"gzip;q=0": false, "gzip;q=0.0": false, "identity": false, "x-gzip": false,
	} {
		if got := acceptsGzip([]string{header}); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

var loadedByPage = regexp.MustCompile(`(?:href|src)="([^"]+)"`)

// The page loads only what this server has, and may not load anything else.
func TestPage(t *testing.T) {
	t.Parallel()
	h, _ := site(t)
	w := get(t, h, http.MethodGet, "/docs")
	if w.Code != http.StatusOK {
		t.Fatalf("/docs: %d %s", w.Code, w.Body)
	}
	csp := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("the policy %q lacks %s", csp, want)
		}
	}
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") || strings.Contains(csp, "*") {
		t.Errorf("the policy %q is lax", csp)
	}
	html := w.Body.String()
	if regexp.MustCompile(`<script(>| [^>]*[^r]>)[^<]|<style|\son[a-z]+=|style=`).MatchString(html) {
		t.Error("the page has a script or a style of its own, which the policy forbids")
	}
	assets := 0
	for _, link := range loadedByPage.FindAllStringSubmatch(html, -1) {
		path := link[1]
		if path == "/people" { // a page of another package
			continue
		}
		if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
			t.Errorf("the page loads %s from elsewhere", path)
			continue
		}
		file := get(t, h, http.MethodGet, path)
		if file.Code != http.StatusOK || file.Body.Len() == 0 {
			t.Errorf("%s: %d", path, file.Code)
		}
		if strings.HasPrefix(path, "/docs/") {
			assets++
			if got := file.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
				t.Errorf("%s: Cache-Control is %q", path, got)
			}
		}
	}
	if assets != len(assetTypes) {
		t.Errorf("the page loads %d files, and there are %d", assets, len(assetTypes))
	}
	missing := get(t, h, http.MethodGet, "/docs/page-0123456789abcdef.js")
	if missing.Code != http.StatusNotFound || missing.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a missing file: %d, Cache-Control %q", missing.Code, missing.Header().Get("Cache-Control"))
	}
}

var styleURL = regexp.MustCompile(`url\(["']?([a-z]+):`)

// Styles hold their images; nothing is fetched for them.
func TestStylesFetchNothing(t *testing.T) {
	t.Parallel()
	for name, contentType := range assetTypes {
		if !strings.HasPrefix(contentType, "text/css") {
			continue
		}
		f, err := newAsset(name, contentType)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.content()
		if err != nil {
			t.Fatal(err)
		}
		for _, url := range styleURL.FindAllSubmatch(style, -1) {
			if string(url[1]) != "data" {
				t.Errorf("%s fetches %s", name, url[0])
			}
		}
		if bytes.Contains(style, []byte("@import")) {
			t.Errorf("%s imports another style", name)
		}
	}
}
