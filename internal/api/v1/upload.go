package v1

import (
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
)

// uploadBody is the body of an operation that takes a file, under the names of
// the published reference.
func uploadBody(b *rest.Binder) *rest.Body { return b.UploadBody("file", "base64File") }

// bindUpload reads the file of such a body.
func bindUpload(o *rest.Body) compliance.Upload {
	u := o.Upload()
	if u == nil { // refused, or there is no request
		return compliance.Upload{}
	}
	return compliance.Upload{Name: u.Name, MediaType: u.MediaType, Content: u.Content()}
}
