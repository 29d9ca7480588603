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

// writeJSON encodes v into a pooled buffer and writes it at once, with its
// length. Answers are facts about people at one moment: nobody may store them.
// A failed write means that the client is gone, and there is nobody to tell.
func writeJSON(w http.ResponseWriter, status int, v Response) {
	p := buffers.Get().(*[]byte)
	b := v.AppendJSON((*p)[:0])
	h := w.Header()
	h["Content-Type"] = contentTypeJSON
	h["Cache-Control"] = noStore
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	w.WriteHeader(status)
	_, _ = w.Write(b)
	if cap(b) <= bufferKeep {
		*p = b
		buffers.Put(p)
	}
}

// Shared header values: read only, they save an allocation each per answer.
var (
	contentTypeJSON = []string{"application/json; charset=utf-8"}
	noStore         = []string{"no-store"}
)
