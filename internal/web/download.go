package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// download makes the handler of the contents of documents. What stands in the
// path is either the token of a link, which opens the content for a while to
// whoever has it, or the number of a document, for a key in the Authorization
// header or a session that may read it.
func (s *site) download(of compliance.Evidence) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		id, err := strconv.ParseInt(r.PathValue("token"), 10, 64)
		switch {
		case err != nil:
			s.downloadLink(w, r, of)
		case len(r.Header.Values("Authorization")) > 0:
			s.downloadByKey(w, r, of, id)
		default:
			s.downloadBySession(w, r, of, id)
		}
	})
}

func (s *site) downloadLink(w http.ResponseWriter, r *http.Request, of compliance.Evidence) {
	err := s.limit(w.Header(), s.Requests, r)
	if err == nil {
		var c *compliance.Content
		if c, err = s.Compliance.OpenLink(r.Context(), of, r.PathValue("token")); err == nil {
			serveContent(w, r, c)
			return
		}
	}
	s.refuse(w, r, nil, err)
}

// downloadByKey refuses as the API does, in its order and shape.
func (s *site) downloadByKey(w http.ResponseWriter, r *http.Request, of compliance.Evidence, id int64) {
	ctx, err := s.holder(w, r)
	if err == nil {
		err = s.serveDocument(ctx, w, r, of, id)
	}
	if err != nil {
		rest.Errors{Log: s.Log}.Write(w, r, rest.V1, err)
	}
}

func (s *site) downloadBySession(w http.ResponseWriter, r *http.Request, of compliance.Evidence, id int64) {
	ctx, company, err := s.visitor(w, r)
	if workforce.IsKind(err, workforce.KindUnauthenticated) {
		http.Redirect(w, r, pathSession+"?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	if err == nil {
		err = s.serveDocument(ctx, w, r, of, id)
	}
	if err != nil {
		s.refuse(w, r, company, err)
	}
}

// holder gives the context with the principal of the request's key in it.
func (s *site) holder(w http.ResponseWriter, r *http.Request) (context.Context, error) {
	if err := s.limit(w.Header(), s.Requests, r); err != nil {
		return nil, err
	}
	header := strings.Join(r.Header.Values("Authorization"), ", ")
	p, company, err := s.Auth.Authenticate(r.Context(), header, rest.SourceAddr(r.Context()))
	if workforce.IsKind(err, workforce.KindUnauthenticated) {
		if over := s.limit(w.Header(), s.Failures, r); over != nil {
			err = over
		}
	}
	if err != nil {
		return nil, err
	}
	rest.SetActor(r.Context(), p.Actor)
	if err := auth.Admits(company, workforce.FeatureCore); err != nil {
		return nil, err
	}
	return auth.With(r.Context(), p), nil
}

// serveDocument serves the content of a document, or leads to where it is.
func (s *site) serveDocument(ctx context.Context, w http.ResponseWriter, r *http.Request, of compliance.Evidence, id int64) error {
	c, address, err := s.Compliance.OpenDocument(ctx, of, id)
	switch {
	case err != nil:
		return err
	case c != nil:
		serveContent(w, r, c)
	case !isWebAddress(address):
		return errors.New("the address of a document is not one of the web")
	default:
		http.Redirect(w, r, address, http.StatusFound) // it is the document's own address, shown to who may read it
	}
	return nil
}

func serveContent(w http.ResponseWriter, r *http.Request, c *compliance.Content) {
	defer c.Close()
	rest.ServeAttachment(w, r, c.File.Name, c.File.MediaType, c)
}

// isWebAddress tells what a browser may be led to.
func isWebAddress(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}
