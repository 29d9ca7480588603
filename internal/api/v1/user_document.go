package v1

import (
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
)

// UserDocuments is documents of a user. How many there are on all pages is not
// told: the published schema has no place for it.
type UserDocuments struct {
	Documents []Document `json:"documents"`
}

// AppendJSON implements [rest.Response].
func (d UserDocuments) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	putList(&o, "documents", d.Documents)
	return o.End()
}

// SignedURL is where the content of a document is, for whoever has the address.
type SignedURL struct {
	SignedURL  string      `json:"signedUrl"`
	FileBuffer *FileBuffer `json:"fileBuffer"` // always null: only texts have one, which are not accepted
}

// FileBuffer is a text in Base64.
type FileBuffer struct {
	Buffer string `json:"buffer"`
}

// AppendJSON implements [rest.Response].
func (f FileBuffer) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.String("buffer", f.Buffer)
	return o.End()
}

// AppendJSON implements [rest.Response].
func (s SignedURL) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.String("signedUrl", s.SignedURL)
	putObject(&o, "fileBuffer", s.FileBuffer)
	return o.End()
}

// toWireSignedURL maps a link; base and path are where this server answers
// tokens.
func toWireSignedURL(base, path string, l compliance.Link) SignedURL {
	if l.URL != "" {
		return SignedURL{SignedURL: l.URL}
	}
	return SignedURL{SignedURL: base + path + l.Token}
}
