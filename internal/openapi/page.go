package openapi

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"

	"github.com/swaggest/swgui/v5/static"
)

// pathPage is where the page is, and below which its files are.
const pathPage = "/docs"

//go:embed page
var pageFiles embed.FS

// assetTypes are the files that the page loads. Those whose name begins with
// swagger-ui are the renderer's and come, compressed, from its module.
var assetTypes = map[string]string{
	"swagger-ui-bundle.js": "text/javascript; charset=utf-8",
	"swagger-ui.css":       "text/css; charset=utf-8",
	"page.js":              "text/javascript; charset=utf-8",
	"page.css":             "text/css; charset=utf-8",
	"icon.svg":             "image/svg+xml",
}

// page is the page about the API with the files that it loads, each under a
// name that holds a hash of its content. It never changes.
type page struct {
	index *file
	files map[string]http.Handler // by served name
}

func newPage() (*page, error) {
	p := &page{files: map[string]http.Handler{}}
	urls := map[string]string{}
	for name, contentType := range assetTypes {
		f, err := newAsset(name, contentType)
		if err != nil {
			return nil, err
		}
		ext := path.Ext(name)
		served := strings.TrimSuffix(name, ext) + "-" + f.sum + ext
		urls[name] = pathPage + "/" + served
		p.files[served] = protect(f)
	}
	text, err := template.New("index.html").Funcs(template.FuncMap{
		"asset": func(name string) (string, error) {
			if urls[name] == "" {
				return "", fmt.Errorf("%s is not in assetTypes", name)
			}
			return urls[name], nil
		},
	}).ParseFS(pageFiles, "page/index.html")
	if err != nil {
		return nil, fmt.Errorf("reading the page about the API: %w", err)
	}
	var b bytes.Buffer
	if err := text.Execute(&b, nil); err != nil {
		return nil, fmt.Errorf("making the page about the API: %w", err)
	}
	p.index, err = newFile("text/html; charset=utf-8", revalidate, b.Bytes())
	return p, err
}

// newAsset reads one of our files, or one of the renderer's.
func newAsset(name, contentType string) (*file, error) {
	if strings.HasPrefix(name, "swagger-ui") {
		zipped, err := static.FS.ReadFile(name + ".gz")
		if err != nil {
			return nil, fmt.Errorf("the renderer has no %s: %w", name, err)
		}
		return newZippedFile(contentType, forGood, zipped), nil
	}
	content, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		return nil, fmt.Errorf("the page has no %s: %w", name, err)
	}
	return newFile(contentType, forGood, content)
}

// ServeHTTP serves the files that the page loads.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := p.files[r.PathValue("file")]
	if !ok { // perhaps one of another version, so nobody may remember this answer
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "There is no such file. Load "+pathPage+" again.", http.StatusNotFound)
		return
	}
	f.ServeHTTP(w, r)
}

// policy lets the page load its own files, draw the small images that its style
// holds, ask this server, and nothing else: no inline script, no eval, no other
// host.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// protect sets the headers of a page that people look at.
func protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
