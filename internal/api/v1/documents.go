package v1

import (
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// spliced is an answer made of fragments. It is written once, and the document
// is somebody else's after that.
type spliced struct{ document *document.Document }

// AppendJSON implements [rest.Response].
func (s spliced) AppendJSON(b []byte) []byte {
	b = s.document.AppendJSON(b)
	s.document.Free()
	return b
}

// splicedPage is a [Page] or a [PersonnelList] made of fragments.
type splicedPage struct {
	items     directory.Items
	page      workforce.Page
	personnel bool
}

// AppendJSON implements [rest.Response].
func (p splicedPage) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Value("data", array{spliced{p.items.Document}})
	o.Int("page", p.page.Number)
	o.Int("limit", p.page.Limit)
	o.Int("total", p.items.Total)
	if p.personnel {
		o.Value("dataAll", emptyObject)
	}
	return o.End()
}

// array puts brackets around items that are parted by commas.
type array struct{ items spliced }

// AppendJSON implements [rest.Response].
func (a array) AppendJSON(b []byte) []byte { return append(a.items.AppendJSON(append(b, '[')), ']') }
