package document

import "sync"

// Document is an answer in pieces: text of fragments, and text that a caller
// puts around and between them. It is made for one goroutine; the zero value is
// empty.
type Document struct {
	segments [][]byte
	length   int
	// All that was resolved was true at the positions of the log from the one to
	// the other, if there are any: see OneMoment.
	resolved    bool
	from, until int64
}

// documents are kept for the next answer: the list of segments of a page is
// some kilobytes.
var documents = sync.Pool{New: func() any { return new(Document) }}

// New gives an empty document. Whoever is done with it may call
// [Document.Free].
func New() *Document { return documents.Get().(*Document) }

// Free empties the document for somebody else. The caller must not use it after
// that.
func (d *Document) Free() {
	d.Reset()
	documents.Put(d)
}

// Reset empties the document. It lets go of the text, so that a document that
// waits for its next use does not keep what the cache has dropped.
func (d *Document) Reset() {
	clear(d.segments)
	*d = Document{segments: d.segments[:0]}
}

// Text adds text as it is. The slice is kept and must not be changed before the
// document was written.
func (d *Document) Text(text []byte) {
	d.segments = append(d.segments, text)
	d.length += len(text)
}

// Len is the length of the document in bytes.
func (d *Document) Len() int { return d.length }

// AppendJSON appends the document to b and returns the extended slice.
func (d *Document) AppendJSON(b []byte) []byte {
	for _, s := range d.segments {
		b = append(b, s...)
	}
	return b
}

// OneMoment reports whether there is a position of the log at which all that was
// resolved into the document is known to have been true. A fragment of the
// cache is true from when it was read to where the log was followed; one of
// extra, too, but only at its own position if it is known to have changed since,
// and if it was never put, nobody knows when. A document of nothing but such
// fragments counts as read at once.
func (d *Document) OneMoment() bool { return d.from <= d.until }

// note takes down at which positions a fragment was true.
func (d *Document) note(from, until int64) {
	if !d.resolved {
		d.resolved, d.from, d.until = true, from, until
		return
	}
	d.from, d.until = max(d.from, from), min(d.until, until)
}
