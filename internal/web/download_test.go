package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// addDocument adds a person with a document that has a file, and gives the
// path of the file and a link to it.
func (b *bundle) addDocument() (path, link string) {
	b.t.Helper()
	b.add(b.person("Sally", "Smith", "sally@example.com", workforce.CheckPass))
	d, err := b.compliance.AddUserDocument(b.cli, compliance.NewUserDocument{
		UserID: 1, Type: "MFA_EVIDENCE", Upload: compliance.Upload{Name: "Prüfung.pdf", Content: strings.NewReader("%PDF-1.7 content")},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	l, err := b.compliance.DocumentLink(b.cli, compliance.OfUser, d.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return "/download/documents/" + strconv.FormatInt(d.ID, 10), "/download/documents/" + l.Token
}

func (r response) wantFile() {
	r.t.Helper()
	r.want(http.StatusOK, "%PDF-1.7 content")
	h := r.Header()
	if h.Get("Content-Disposition") != "attachment; filename*=utf-8''Pr%C3%BCfung.pdf" || h.Get("Content-Type") != "application/pdf" ||
		h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox;") {
		r.t.Errorf("%s: headers %v", r.what, h)
	}
}

func bearer(key string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }
}

// A link opens the file to whoever has it, for a while.
func TestDownloadLinks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, link := b.addDocument()
	b.get(link).wantFile()
	b.get(strings.Replace(link, "documents", "device-documents", 1)).want(http.StatusNotFound, "no link that this server gave out")
	b.get(link+"A").want(http.StatusNotFound, "no link that this server gave out")
	b.clock.pass(15 * time.Minute)
	b.get(link).want(http.StatusNotFound, "has expired")
}

// The path of a file is for keys and sessions that may read documents: a key is
// refused as the API does, a visitor is asked to sign in.
func TestDownloads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path, _ := b.addDocument()
	b.get(path, bearer(b.key(workforce.ScopeUserDocumentsGet))).wantFile()
	b.get(path, bearer(b.key(workforce.ScopeAllRead))).wantFile()
	b.get(path, bearer(b.key(workforce.ScopeUsersGet))).want(http.StatusForbidden, `"code":12300`, "user-documents:download")
	b.get(path, bearer("nonsense")).want(http.StatusUnauthorized, `"code":12310`)
	b.get("/download/documents/99", bearer(b.key(workforce.ScopeAll))).want(http.StatusNotFound, `"code":10170`)
	b.get("/download/device-documents/1", bearer(b.key(workforce.ScopeUserDocumentsGet))).want(http.StatusForbidden, "device-documents:manage")

	if to := b.get(path).want(http.StatusSeeOther).Header().Get("Location"); to != "/session?to="+url.QueryEscape(path) {
		t.Errorf("a visitor is led to %s", to)
	}
	b.signIn(workforce.ScopeUsersGet)
	b.get(path).want(http.StatusForbidden, "user-documents:download")
	b.signIn()
	b.get(path).wantFile()
	b.get("/download/documents/99").want(http.StatusNotFound, "There is no document with the id 99")
	b.setCompany(func(c *workforce.Company) { c.TermsAcceptedAt = nil })
	b.get(path).want(http.StatusPreconditionFailed)
	b.get(path, bearer(b.key(workforce.ScopeAll))).want(http.StatusPreconditionFailed, `"code":10340`)
}

// A document that is elsewhere leads there, if that is a place on the web.
func TestDownloadsFromElsewhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(b.person("Sally", "Smith", "sally@example.com", workforce.CheckPass))
	b.write(func(tx *store.Tx) error {
		for _, address := range []string{"https://files.example.com/1", "javascript:alert(1)"} {
			d := workforce.Document{UserID: 1, Name: "a", Type: "MFA_EVIDENCE", FileURL: &address}
			if err := tx.SaveDocument(b.cli, nil, &d); err != nil {
				return err
			}
		}
		return nil
	})
	b.signIn()
	if to := b.get("/download/documents/1").want(http.StatusFound).Header().Get("Location"); to != "https://files.example.com/1" {
		t.Errorf("it leads to %s", to)
	}
	b.get("/download/documents/2").want(http.StatusInternalServerError)
}
