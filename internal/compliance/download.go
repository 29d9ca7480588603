package compliance

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Evidence says of what a document is evidence: of a user or of a device. The
// two are numbered separately.
type Evidence string

// The two kinds of documents, as links name them.
const (
	OfUser   Evidence = "user-document"
	OfDevice Evidence = "device-document"
)

// scope is who may read the content of a document.
func (e Evidence) scope() workforce.Scope {
	if e == OfUser {
		return workforce.ScopeUserDocumentsGet
	}
	return workforce.ScopeDeviceDocuments
}

// find gives what a document has: a content here, or an address.
func (e Evidence) find(ctx context.Context, r *store.Reader, id int64) (f *workforce.File, url *string, found bool, err error) {
	if e == OfUser {
		d, ok, err := r.Document(ctx, id)
		return d.File, d.FileURL, ok, err
	}
	d, _, ok, err := r.DeviceDocument(ctx, id)
	return d.File, d.FileURL, ok, err
}

// Link is where the content of a document is: at an address elsewhere, or here,
// under a token for [Service.OpenLink] that works for a quarter of an hour.
type Link struct {
	URL   string // elsewhere; "": see Token
	Token string
}

// DocumentLink gives a link to the content of a document.
func (s *Service) DocumentLink(ctx context.Context, of Evidence, id int64) (Link, error) {
	var out Link
	err := s.read(ctx, of.scope(), func(r *store.Reader) error {
		f, url, err := s.kept(ctx, r, of, id)
		if err != nil || f == nil {
			out.URL = workforce.Text(url)
			return err
		}
		secret, err := r.Secret(ctx, "files")
		if err != nil {
			return err
		}
		out.Token, err = file.Sign(secret, file.Link{
			Kind: string(of), ID: id, Hash: f.Hash, Name: f.Name, Expires: workforce.Millis(s.db.Now().Add(file.LinkLife)),
		})
		return err
	})
	return out, err
}

// kept finds what a document has: a content here, or else an address.
func (s *Service) kept(ctx context.Context, r *store.Reader, of Evidence, id int64) (*workforce.File, *string, error) {
	f, url, found, err := of.find(ctx, r, id)
	switch {
	case err != nil:
		return nil, nil, err
	case !found:
		return nil, nil, notFound("document", id)
	case f == nil && url == nil:
		return nil, nil, workforce.Refuse(workforce.ReasonEntityNotFound, "The document %d has no file: it was recorded without one", id)
	}
	return f, url, nil
}

// Content is the file of a document. Whoever gets one closes it.
type Content struct {
	io.ReadSeekCloser
	File workforce.File
}

// OpenDocument gives the content of a document. One that is elsewhere has none
// here: its address is given instead.
func (s *Service) OpenDocument(ctx context.Context, of Evidence, id int64) (c *Content, url string, err error) {
	if _, err := auth.Require(ctx, of.scope(), workforce.Reads); err != nil {
		return nil, "", err
	}
	return s.open(ctx, of, id, "")
}

// OpenLink gives the content that a token is for, to whoever has it, as long as
// the document has that content.
func (s *Service) OpenLink(ctx context.Context, of Evidence, token string) (*Content, error) {
	var secret []byte
	err := s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		secret, err = r.Secret(ctx, "files")
		return err
	})
	if err != nil {
		return nil, err
	}
	l, err := file.Check(secret, token, s.db.Now())
	switch {
	case errors.Is(err, file.ErrExpiredLink):
		return nil, workforce.Refuse(workforce.ReasonEntityNotFound, "This link has expired: they work for %d minutes. Ask for a new one", int(file.LinkLife/time.Minute))
	case err != nil || l.Kind != string(of):
		return nil, workforce.Refuse(workforce.ReasonEntityNotFound, "This is no link that this server gave out. Ask for a new one")
	}
	c, _, err := s.open(ctx, of, l.ID, l.Hash)
	return c, err
}

// open gives the content of a document; hash, if any, is the one it has to have.
func (s *Service) open(ctx context.Context, of Evidence, id int64, hash string) (*Content, string, error) {
	var f *workforce.File
	var url *string
	err := s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		f, url, err = s.kept(ctx, r, of, id)
		return err
	})
	switch {
	case err != nil:
		return nil, "", err
	case hash != "" && (f == nil || f.Hash != hash):
		return nil, "", workforce.Refuse(workforce.ReasonEntityNotFound, "The document %d no longer has the file of this link. Ask for a new one", id)
	case f == nil:
		return nil, *url, nil
	case s.files == nil:
		return nil, "", filesUnavailable(nil)
	}
	content, _, err := s.files.Open(f.Hash)
	if err != nil {
		return nil, "", filesUnavailable(err)
	}
	return &Content{content, *f}, "", nil
}
