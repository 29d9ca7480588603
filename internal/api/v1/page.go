package v1

import "github.com/passmuster/passmuster/internal/rest"

// Page is a page of a list by number.
type Page[T rest.Response] struct {
	Data  []T   `json:"data"`
	Page  int64 `json:"page"`  // from 1
	Limit int64 `json:"limit"` // as asked for
	Total int64 `json:"total"` // of the filtered list, over all pages
}

// AppendJSON implements [rest.Response].
func (p Page[T]) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	p.appendMembers(&o)
	return o.End()
}

func (p Page[T]) appendMembers(o *rest.Object) {
	putList(o, "data", p.Data)
	o.Int("page", p.Page)
	o.Int("limit", p.Limit)
	o.Int("total", p.Total)
}
