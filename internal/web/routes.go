package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
)

// Deps is what the pages are made from.
type Deps struct {
	Directory  *directory.Service
	Compliance *compliance.Service
	Auth       *auth.Authenticator
	// Requests limits pages by source address; nil is no limit. It may be the
	// one that the API's operations count against.
	Requests *rest.Limiter
	// Failures limits failed sign-ins by source address; nil is no limit. As
	// with the API, it never turns away a key that is good.
	Failures *rest.Limiter
	// TrustedProxies are believed when they say that the visitor came by HTTPS.
	TrustedProxies []netip.Prefix
	Log            *slog.Logger     // nil for none
	Now            func() time.Time // nil: the real clock
}

// Paths of the pages.
const (
	pathPeople     = "/people"
	pathSession    = "/session"
	pathSessionEnd = "/session/end"
	pathAssets     = "/assets/"
)

// Routes is every page. They are raw routes: each signs its visitor in by
// itself and answers in HTML, refusals included. They have to stand behind
// [rest.Trace], from which they know the visitor's address.
//
// It panics if an embedded template cannot be parsed, which any test shows.
func Routes(d Deps) []rest.Route {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	assets := loadAssets()
	s := &site{
		Deps: d, assets: assets, templates: parseTemplates(),
		origins: http.NewCrossOriginProtection(),
	}
	return []rest.Route{
		rest.Raw(http.MethodGet, "/", "pageHome", s.open(s.home)),
		rest.Raw(http.MethodGet, pathPeople, "pagePeople", s.page(s.people)),
		rest.Raw(http.MethodGet, pathPeople+"/{id}", "pagePerson", s.page(s.person)),
		rest.Raw(http.MethodGet, pathSession, "pageSession", s.open(s.signInForm)),
		rest.Raw(http.MethodPost, pathSession, "startSession", s.open(s.signIn)),
		rest.Raw(http.MethodPost, pathSessionEnd, "endSession", s.open(s.signOut)),
		rest.Raw(http.MethodGet, pathAssets+"{file}", "pageAsset", assets),
		rest.Raw(http.MethodGet, "/download/documents/{token}", "downloadUserDocument", s.download(compliance.OfUser)),
		rest.Raw(http.MethodGet, "/download/device-documents/{token}", "downloadDeviceDocument", s.download(compliance.OfDevice)),
	}
}

// site is what all pages share. It never changes.
type site struct {
	Deps
	assets    *assets
	templates templates
	origins   *http.CrossOriginProtection
}
