package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

//go:embed templates
var templateFiles embed.FS

// templateNames are the pages; each file defines "main", which the layout
// frames.
var templateNames = []string{"people", "person", "refusal", "session"}

// templates are the pages by name, each with the layout and the shared parts.
type templates map[string]*template.Template

// parseTemplates panics if a template cannot be parsed.
func parseTemplates() templates {
	shared := template.Must(template.ParseFS(templateFiles, "templates/layout.html", "templates/parts.html"))
	out := templates{}
	for _, name := range templateNames {
		t := template.Must(shared.Clone())
		out[name] = template.Must(t.ParseFS(templateFiles, "templates/"+name+".html"))
	}
	return out
}

func (t templates) execute(w io.Writer, name string, f frame) error {
	if err := t[name].ExecuteTemplate(w, "layout", f); err != nil {
		return fmt.Errorf("rendering the page %q: %w", name, err)
	}
	return nil
}

// view is what a page shows: the template and what it shows there.
type view struct {
	template string
	title    string // of the window
	status   int    // 0 is 200
	body     any
}

// frame is a page as the layout shows it.
type frame struct {
	Title    string
	Company  string // "" for visitors who are not signed in
	Demo     bool
	SignedIn bool
	Style    string // URL
	Icon     string // URL
	Body     any
}

func (s *site) frame(v view, company *workforce.Company) frame {
	f := frame{Title: v.title, Style: s.assets.urls["style.css"], Icon: s.assets.urls["icon.svg"], Body: v.body}
	if company != nil {
		f.Company, f.Demo, f.SignedIn = company.Name, company.Demo, true
	}
	return f
}

// write renders a page whole before a byte of it is sent, so that a mistake in
// a template is a 500 and not half a page. company is nil for visitors who are
// not signed in. A failed write means that the visitor is gone, and there is
// nobody to tell.
func (s *site) write(w http.ResponseWriter, v view, company *workforce.Company) error {
	var b bytes.Buffer
	if err := s.templates.execute(&b, v.template, s.frame(v, company)); err != nil {
		return err
	}
	if v.status == 0 {
		v.status = http.StatusOK
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(v.status)
	_, _ = w.Write(b.Bytes())
	return nil
}

// policy lets a page load our style and icon, and send its forms to us, and
// nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// protect sets the headers of every page. Pages show people, so nobody may
// store them. The API's "no-referrer" would make browsers send "Origin: null"
// with our own forms, which over plain HTTP (where they send no Sec-Fetch-Site
// either) cannot be told from another site's.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}
