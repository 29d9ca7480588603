package rest

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The limits of a body with a file in it. In Base64 and escaped, a file takes
// up to twice its size, which bounds both forms.
const (
	uploadMost      = 2*workforce.MaxFileSize + bodyMost // bytes of the body
	uploadFieldMost = 64 << 10                           // bytes of a field that is not the file
	uploadPartsMost = 100                                // parts of a form
	uploadTime      = 5 * time.Minute                    // until the body is in, instead of the server's limit
)

// Upload is a file that came with a request. It is gone when the request has
// been answered.
type Upload struct {
	Name      string // as the client gave it; "" if it gave none
	MediaType string // as the client gave it: its word only
	Size      int64  // bytes, at most [workforce.MaxFileSize]
	content   *os.File
}

// Content reads the file from its start.
func (u *Upload) Content() io.Reader { return io.NewSectionReader(u.content, 0, u.Size) }

func (u *Upload) drop() {
	if u != nil && u.content != nil {
		u.content.Close()
		os.Remove(u.content.Name()) // gone already, but where an open file cannot be removed
	}
}

// uploading is where a [Body] finds a file.
type uploading struct {
	file    string // the part of a form that is the file
	encoded string // the field that has it in Base64
	upload  *Upload
}

// UploadBody is [Binder.Body] for an operation that takes a file beside its
// fields. The body is either multipart/form-data with the file in the part of
// the one name, or a JSON object with the file in the field of the other name:
// {"base64String": "data:image/png;base64,…", "filename": "…"}, as an object or
// as the text of one. The file waits on disk, so that its size does not count in
// memory, and is read before the operation begins; it has five minutes to arrive.
// The fields are read as those of a Body, those of a form as texts.
func (b *Binder) UploadBody(file, encoded string) *Body {
	if b.body != nil {
		return b.body
	}
	b.body = &Body{b: b, fields: map[string]json.RawMessage{}, uploading: &uploading{file: file, encoded: encoded}}
	if b.recording() {
		return b.body
	}
	if err := b.readUpload(); err != nil {
		b.body.broken = true
		b.uploadFault(err)
	}
	return b.body
}

// Upload is the file, which has to be there. It records both of its names.
func (o *Body) Upload() *Upload {
	u := o.uploading
	if o.b.recording() {
		r := rulesOf(nil)
		o.b.record(r.param(u.file, InBody, TypeFile))
		encoded := r.param(u.encoded, InBody, TypeString)
		encoded.Encodes, encoded.Accepts.Length = u.file, 0
		o.b.record(encoded)
		return nil
	}
	if o.broken {
		return nil
	}
	if u.upload == nil { // a text in the place of the file is none, and does no harm beside one
		o.b.fail(u.file, "is required: send it as multipart/form-data, or in Base64 as "+u.encoded)
	}
	return u.upload
}

// readUpload reads the whole body.
func (b *Binder) readUpload() error {
	rq := b.rq.http
	if rq.Body == nil || rq.Body == http.NoBody {
		return faultf("is empty: send multipart/form-data or one JSON object")
	}
	if rq.ContentLength > uploadMost {
		return tooLarge(b.body.uploading.file)
	}
	// A server without deadlines of its own, as in tests, has none to move.
	control := http.NewResponseController(b.rq.writer)
	_ = control.SetReadDeadline(time.Now().Add(uploadTime))
	_ = control.SetWriteDeadline(time.Now().Add(2 * uploadTime))
	content := http.MaxBytesReader(b.rq.writer, rq.Body, uploadMost)
	kind, params, err := mime.ParseMediaType(rq.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return b.readUploadJSON(content)
	}
	if err != nil || params["boundary"] == "" {
		return faultf("has no boundary in its Content-Type: let the HTTP library make the form")
	}
	return b.readForm(multipart.NewReader(content, params["boundary"]))
}

// readForm reads the parts of a form. Of a field that is given twice the last
// counts, as in JSON.
func (b *Binder) readForm(form *multipart.Reader) error {
	o := b.body
	for n := 0; ; n++ {
		part, err := form.NextRawPart()
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case err != nil:
			return fmt.Errorf("%w: %w", errForm, err)
		case n == uploadPartsMost:
			return faultf("has too many parts: at most %d", uploadPartsMost)
		}
		switch name := part.FormName(); {
		case name == o.uploading.file && (part.FileName() != "" || part.Header.Get("Content-Type") != ""):
			if err := b.spool(part.FileName(), part.Header.Get("Content-Type"), part); err != nil {
				return err
			}
		case name == o.uploading.encoded:
			if err := b.readEncoded(bufio.NewReader(part)); err != nil {
				return err
			}
		default:
			text, err := io.ReadAll(io.LimitReader(part, uploadFieldMost+1))
			if err != nil {
				return fmt.Errorf("%w: %w", errForm, err)
			}
			if len(text) > uploadFieldMost {
				return faultf("has a part that is too long: at most %d bytes where it is not the file", uploadFieldMost)
			}
			if len(text) > 0 { // an empty value is an absent one
				o.fields[name] = AppendString(nil, string(text))
			}
		}
	}
}

// readUploadJSON reads a JSON object, the file in it as it comes.
func (b *Binder) readUploadJSON(content io.Reader) error {
	s := &jsonStream{from: bufio.NewReader(content)}
	err := s.object(func(name string) error {
		if name != b.body.uploading.encoded || s.peek() == 'n' {
			raw, err := s.raw(bodyMost)
			b.body.fields[name] = raw
			return err
		}
		if s.peek() != '"' {
			return b.readEncodedObject(s)
		}
		text := s.text()
		if err := b.readEncoded(bufio.NewReader(text)); err != nil {
			return err
		}
		return text.drain()
	})
	if errors.Is(err, errCut) && s.read == 0 {
		return faultf("is empty: send multipart/form-data or one JSON object")
	}
	if err != nil {
		return err
	}
	return s.end()
}

// readEncoded reads the text of an object with a file in Base64.
func (b *Binder) readEncoded(text *bufio.Reader) error {
	s := &jsonStream{from: text, inner: true}
	if err := b.readEncodedObject(s); err != nil {
		return err
	}
	return s.end()
}

const encodedRule = `must be an object like {"base64String": "data:image/png;base64,…", "filename": "evidence.png"}, or the text of one`

func (b *Binder) readEncodedObject(s *jsonStream) error {
	field := b.body.uploading.encoded
	var name string
	found := false
	err := s.object(func(key string) error {
		switch {
		case key == "base64String" && s.peek() == '"':
			found = true
			text := s.text()
			if err := b.readBase64(bufio.NewReader(text)); err != nil {
				return err
			}
			return text.drain()
		case key == "filename" && s.peek() == '"':
			raw, err := s.raw(uploadFieldMost)
			if err != nil {
				return err
			}
			return json.Unmarshal(raw, &name)
		}
		_, err := s.raw(uploadFieldMost)
		return err
	})
	if syntax, ok := errors.AsType[*streamError](err); ok {
		return &workforce.Fault{Reason: workforce.ReasonBadRequest, Field: field, Message: field + " " + encodedRule + " (" + syntax.Error() + ")"}
	}
	if err == nil && !found {
		return workforce.RefuseField(field, "%s has no base64String: it %s", field, encodedRule)
	}
	if err == nil {
		b.body.uploading.upload.Name = name
	}
	return err
}

// readBase64 reads a data URL, or Base64 without what comes before it there.
func (b *Binder) readBase64(text *bufio.Reader) error {
	var mediaType string
	if start, _ := text.Peek(len("data:")); string(start) == "data:" {
		head, err := text.ReadSlice(',')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		before, isBase64 := strings.CutSuffix(strings.TrimPrefix(strings.TrimSuffix(string(head), ","), "data:"), ";base64")
		if err != nil || !isBase64 {
			return workforce.RefuseField(b.body.uploading.encoded, `%s has a base64String that does not begin like "data:image/png;base64,"`, b.body.uploading.encoded)
		}
		mediaType, _, _ = strings.Cut(before, ";")
	}
	err := b.spool("", mediaType, base64.NewDecoder(base64.StdEncoding, text))
	if _, corrupt := errors.AsType[base64.CorruptInputError](err); corrupt || errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, errCut) {
		return workforce.RefuseField(b.body.uploading.encoded, "%s has a base64String that is not Base64 of the standard alphabet with its padding", b.body.uploading.encoded)
	}
	return err
}

// spool writes a file to disk, where it has no name any more once it is open:
// whatever happens to the program, nothing is left.
func (b *Binder) spool(name, mediaType string, content io.Reader) error {
	u := b.body.uploading
	if u.upload != nil {
		return workforce.RefuseField(u.file, "%s is given more than once, as %s or %s: send one", u.file, u.file, u.encoded)
	}
	f, err := os.CreateTemp(b.rq.spool, "incoming-*")
	if errors.Is(err, fs.ErrNotExist) && b.rq.spool != "" { // nothing was ever kept
		if err = os.Mkdir(b.rq.spool, 0o700); err == nil || errors.Is(err, fs.ErrExist) {
			f, err = os.CreateTemp(b.rq.spool, "incoming-*")
		}
	}
	if err != nil {
		return unavailable(err)
	}
	os.Remove(f.Name()) // where an open file cannot be removed, drop does it
	u.upload = &Upload{Name: name, MediaType: mediaType, content: f}
	b.rq.upload = u.upload
	to := &spooling{to: f}
	u.upload.Size, err = io.Copy(to, io.LimitReader(content, workforce.MaxFileSize+1))
	switch {
	case to.err != nil:
		return unavailable(to.err)
	case err != nil:
		return err
	case u.upload.Size > workforce.MaxFileSize:
		return tooLarge(u.file)
	}
	return nil
}

// spooling tells errors of writing from those of reading.
type spooling struct {
	to  io.Writer
	err error
}

func (s *spooling) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	s.err = err
	return n, err
}

func unavailable(err error) error {
	return &workforce.Fault{
		Reason: workforce.ReasonFilesUnavailable, Err: err,
		Message: "Files cannot be kept at the moment. Try again later; the operator finds the cause in the log",
	}
}

func tooLarge(field string) error {
	return &workforce.Fault{
		Reason: workforce.ReasonTooLarge, Field: field,
		Message: fmt.Sprintf("%s has more than %d MiB: send a smaller one", field, workforce.MaxFileSize>>20),
	}
}

// errForm is a form that is not one.
var errForm = errors.New("reading a form")

// faultf is what is wrong with the body as a whole.
func faultf(format string, args ...any) error {
	return workforce.RefuseField("the request body", "the request body "+format, args...)
}

// uploadFault reports why the body could not be read. What is more than a wrong
// request (too large, no room) is the answer by itself.
func (b *Binder) uploadFault(err error) {
	fault, isFault := errors.AsType[*workforce.Fault](err)
	syntax, isSyntax := errors.AsType[*streamError](err)
	_, isTooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case isFault && fault.Reason == workforce.ReasonBadRequest:
		b.fail(fault.Field, strings.TrimPrefix(fault.Message, fault.Field+" "))
	case isFault:
		b.broken = fault
	case isTooLarge:
		b.broken = tooLarge(b.body.uploading.file)
	case isSyntax:
		b.fail("the request body", "is not valid JSON ("+syntax.Error()+"): send one JSON object, or multipart/form-data")
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.fail("the request body", "did not arrive in time: send it at once")
	case b.rq.http.Context().Err() != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		b.broken = fmt.Errorf("reading the request body: %w", b.rq.http.Context().Err())
	case errors.Is(err, errForm):
		b.fail("the request body", "is not a whole form: send it as multipart/form-data, with its right boundary and Content-Length")
	default:
		b.fail("the request body", "could not be read to its end: send it whole, with its right Content-Length")
	}
}
