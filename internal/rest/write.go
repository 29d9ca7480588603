package rest

import (
	"net/http"
	"strconv"
	"sync"
)

const (
	bufferStart = 16 << 10 // bytes; holds a record of usual size
	bufferKeep  = 1 << 20  // larger buffers are left to the collector
)

var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, bufferStart)) }}

// writeJSON encodes v and writes it.
func writeJSON(w http.ResponseWriter, status int, v Response) {
	p, b := encode(v)
	writeBytes(w, status, b)
	release(p, b)
}

// encode encodes v into a pooled buffer, which goes back with [release].
func encode(v Response) (*[]byte, []byte) {
	p := buffers.Get().(*[]byte)
	return p, v.AppendJSON((*p)[:0])
}

func release(p *[]byte, b []byte) {
	if cap(b) <= bufferKeep {
		*p = b
		buffers.Put(p)
	}
}

// writeBytes writes an encoded answer at once, with its length. Answers are
// facts about people at one moment: nobody may store them. A failed write means
// that the client is gone, and there is nobody to tell.
func writeBytes(w http.ResponseWriter, status int, b []byte) {
	h := w.Header()
	h["Content-Type"] = contentTypeJSON
	h["Cache-Control"] = noStore
	length := strconv.Itoa(len(b))
	if x, ok := w.(*exchange); ok {
		x.lengthValue[0] = length
		h["Content-Length"] = x.lengthValue[:]
		x.WriteHeader(status)
		x.writeAll(b)
		return
	}
	h["Content-Length"] = []string{length}
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// Shared header values: read only, they save an allocation each per answer.
var (
	contentTypeJSON = []string{"application/json; charset=utf-8"}
	noStore         = []string{"no-store"}
)
