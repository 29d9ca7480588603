package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// sessionView is the sign-in form.
type sessionView struct {
	To       string // the page to go on to
	Message  string // why the last try, or the last session, was refused
	Continue string // the page again, for those who may be signed in already
}

// maxForm bounds the body of a form, in bytes.
const maxForm = 8 << 10

func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, pathPeople, http.StatusSeeOther)
	return nil
}

// signInForm shows the form, or goes on if the visitor is signed in. A link on
// another site brings no SameSite=Strict cookie along: then we cannot tell, and
// offer a link of our own, which does.
func (s *site) signInForm(w http.ResponseWriter, r *http.Request) error {
	v := sessionView{To: returnPath(r.URL.Query().Get("to"))}
	_, _, err := s.resume(w, r)
	switch {
	case err == nil:
		http.Redirect(w, r, v.To, http.StatusSeeOther) //nolint:gosec // returnPath lets only our own pages through
		return nil
	case !workforce.IsKind(err, workforce.KindUnauthenticated):
		return err
	case s.cookieOf(r) != "":
		v.Message = faultMessage(err)
		http.SetCookie(w, s.cookie(r, "", time.Time{}))
	case r.Header.Get("Sec-Fetch-Site") == "cross-site":
		v.Continue = v.To
	}
	return s.write(w, signInPage(v, http.StatusOK), nil)
}

// signIn exchanges a key for a session. The key is checked before failures are
// counted, so that nobody can lock out those who share an address with them.
func (s *site) signIn(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return workforce.Refuse(workforce.ReasonBadRequest, "The form cannot be read, or is longer than %d bytes. Open the sign-in page again", maxForm)
	}
	v := sessionView{To: returnPath(r.PostForm.Get("to"))}
	key := strings.TrimSpace(r.PostForm.Get("key"))
	if key == "" {
		v.Message = "API key: this field is empty. Paste the key that passmuster key create printed"
		return s.write(w, signInPage(v, http.StatusBadRequest), nil)
	}
	session, cookie, err := s.Auth.SignIn(r.Context(), key, rest.SourceAddr(r.Context()))
	if err == nil {
		http.SetCookie(w, s.cookie(r, cookie, session.ExpiresAt))
		http.Redirect(w, r, v.To, http.StatusSeeOther) //nolint:gosec // returnPath lets only our own pages through
		return nil
	}
	if !workforce.IsKind(err, workforce.KindUnauthenticated) {
		return fmt.Errorf("signing in: %w", err)
	}
	if over := s.limit(w.Header(), s.Failures, r); over != nil {
		err = over
	}
	v.Message = faultMessage(err)
	fault, _ := errors.AsType[*workforce.Fault](err)
	return s.write(w, signInPage(v, rest.AnswerOf(fault.Reason).Status), nil)
}

// signOut takes the cookie away. The session holds nothing on the server that
// would have to end; who fears that the cookie leaked revokes the key.
func (s *site) signOut(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, s.cookie(r, "", time.Time{}))
	http.Redirect(w, r, pathSession, http.StatusSeeOther)
	return nil
}

func signInPage(v sessionView, status int) view {
	return view{template: "session", title: "Sign in", status: status, body: v}
}

// faultMessage is what a refusal says to the visitor, without what it wraps.
func faultMessage(err error) string {
	fault, ok := errors.AsType[*workforce.Fault](err)
	if !ok {
		return ""
	}
	return fault.Message
}

// resume gives the principal of the request's session. A cookie that is
// refused counts as a failed authentication; none at all does not.
func (s *site) resume(w http.ResponseWriter, r *http.Request) (auth.Principal, workforce.Company, error) {
	cookie := s.cookieOf(r)
	if cookie == "" {
		return auth.Principal{}, workforce.Company{}, workforce.Refuse(workforce.ReasonKeyMissing, "Sign in with an API key")
	}
	p, c, err := s.Auth.Resume(r.Context(), cookie, rest.SourceAddr(r.Context()))
	if workforce.IsKind(err, workforce.KindUnauthenticated) {
		if over := s.limit(w.Header(), s.Failures, r); over != nil {
			err = over
		}
	}
	return p, c, err
}

// The names of the cookie. With the prefix "__Host-" a browser takes it only
// by HTTPS and only for this very host, so that no neighbour can plant one;
// plain HTTP has to do without.
const (
	cookiePlain  = "passmuster_session"
	cookieSecure = "__Host-passmuster_session"
)

func (s *site) cookieName(r *http.Request) string {
	if s.byHTTPS(r) {
		return cookieSecure
	}
	return cookiePlain
}

func (s *site) cookieOf(r *http.Request) string {
	c, err := r.Cookie(s.cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

// cookie holds a session until its end; without a value it takes it away.
func (s *site) cookie(r *http.Request, value string, end time.Time) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // by plain HTTP, which is how it starts on one's own machine, a Secure cookie would be refused
		Name: s.cookieName(r), Value: value, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: s.byHTTPS(r),
		MaxAge: -1,
	}
	if value != "" {
		// A whole second at least: zero would mean "until the browser closes".
		c.MaxAge = max(1, int(end.Sub(s.Now()).Seconds()))
	}
	return c
}

// byHTTPS reports whether the visitor came by HTTPS: to us, or to a proxy that
// is trusted to say so. Of several proxies the nearest counts.
func (s *site) byHTTPS(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	addr := peer.Addr().Unmap().WithZone("")
	if !slices.ContainsFunc(s.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return false
	}
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-Proto"), ","), ",")
	return strings.EqualFold(strings.TrimSpace(said[len(said)-1]), "https")
}

// returnPath is where to go after signing in: the page that was asked for if it
// is one of ours, with its query, and the list of people otherwise. It is made
// anew from what was understood, so that no spelling of another site's address
// gets through.
func returnPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return pathPeople
	}
	path := pathPeople
	if id, ok := strings.CutPrefix(u.Path, pathPeople+"/"); ok {
		n, ok := parseID(id)
		if !ok {
			return pathPeople
		}
		path += "/" + strconv.FormatInt(int64(n), 10)
	} else if u.Path != pathPeople {
		return pathPeople
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil || len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// parseID reads a record's number as it is written: no sign, no leading zeros.
func parseID(s string) (workforce.PersonnelID, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != s {
		return 0, false
	}
	return workforce.PersonnelID(n), true
}
