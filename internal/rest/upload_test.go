package rest

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// uploaded is what a bind function saw of a body with a file.
type uploaded struct {
	kind, date, name, mediaType, content string
}

func bindUploaded(b *Binder) uploaded {
	body := b.UploadBody("file", "base64File")
	out := uploaded{kind: BodyEnum(body, "type", []string{"A", "B"}, Required())}
	u := body.Upload()
	out.date = string(body.Date("day"))
	if u != nil {
		content, err := io.ReadAll(u.Content())
		if err != nil {
			panic(err)
		}
		out.name, out.mediaType, out.content = u.Name, u.MediaType, string(content)
	}
	return out
}

// send runs the bind function on a request, with a folder for uploads that is
// not there yet.
func send(tb testing.TB, contentType string, body io.Reader) (uploaded, error) {
	tb.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", body)
	r.Header.Set("Content-Type", contentType)
	spool := filepath.Join(tb.TempDir(), "files")
	rq := &Request{http: r, writer: httptest.NewRecorder(), spool: spool}
	b := &Binder{rq: rq}
	out := bindUploaded(b)
	err := b.finish()
	rq.dropUpload()
	if left, _ := os.ReadDir(spool); len(left) > 0 {
		tb.Errorf("%d uploads are left behind", len(left))
	}
	return out, err
}

// form writes a form of fields, given as name, value, and of files, given as
// name, file name, content.
func form(tb testing.TB, parts ...[]string) (contentType string, body *bytes.Buffer) {
	tb.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, p := range parts {
		var to io.Writer
		var err error
		if len(p) == 2 {
			to, err = w.CreateFormField(p[0])
		} else {
			h := textproto.MIMEHeader{}
			h.Set("Content-Disposition", multipart.FileContentDisposition(p[0], p[1]))
			h.Set("Content-Type", "image/png")
			to, err = w.CreatePart(h)
		}
		if err == nil {
			_, err = io.WriteString(to, p[len(p)-1])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return w.FormDataContentType(), body
}

func TestForms(t *testing.T) {
	t.Parallel()
	whole := uploaded{"A", "2020-07-06", "e.png", "image/png", "content"}
	long := strings.Repeat("x", uploadFieldMost+1)
	many := make([][]string, uploadPartsMost+1)
	for i := range many {
		many[i] = []string{"more", "x"}
	}
	for name, c := range map[string]struct {
		parts [][]string
		want  uploaded
		wrong string
	}{
		"the fields first":       {parts: [][]string{{"type", "A"}, {"day", "2020-07-06"}, {"file", "e.png", "content"}}, want: whole},
		"the file first":         {parts: [][]string{{"file", "e.png", "content"}, {"day", "2020-07-06"}, {"type", "A"}}, want: whole},
		"an unknown part":        {parts: [][]string{{"type", "A"}, {"more", "x"}, {"day", "2020-07-06T23:00:00Z"}, {"file", "e.png", "content"}}, want: whole},
		"an empty field":         {parts: [][]string{{"type", "A"}, {"day", ""}, {"file", "e.png", "content"}}, want: uploaded{"A", "", "e.png", "image/png", "content"}},
		"a folder in the name":   {parts: [][]string{{"type", "A"}, {"day", "2020-07-06"}, {"file", "../../e.png", "content"}}, want: whole},
		"an empty file":          {parts: [][]string{{"type", "A"}, {"file", "e.png", ""}}, want: uploaded{"A", "", "e.png", "image/png", ""}},
		"Base64 in a part":       {parts: [][]string{{"type", "B"}, {"base64File", `{"base64String":"Y29udGVudA==","filename":"e.png"}`}}, want: uploaded{"B", "", "e.png", "", "content"}},
		"no file":                {parts: [][]string{{"type", "A"}}, wrong: "file is required: send it as multipart/form-data, or in Base64 as base64File"},
		"a text for the file":    {parts: [][]string{{"type", "A"}, {"file", "content"}}, wrong: "file is required"},
		"two files":              {parts: [][]string{{"type", "A"}, {"file", "e.png", "x"}, {"file", "e.png", "y"}}, wrong: "file is given more than once"},
		"a file and Base64":      {parts: [][]string{{"file", "e.png", "x"}, {"base64File", `{"base64String":"eA=="}`}}, wrong: "file is given more than once"},
		"everything wrong":       {parts: [][]string{{"type", "C"}, {"day", "soon"}}, wrong: "type must be one of A, B; file is required: send it as multipart/form-data, or in Base64 as base64File; day must be a date"},
		"broken Base64":          {parts: [][]string{{"base64File", `{"base64String":"@@@@"}`}}, wrong: "base64File has a base64String that is not Base64"},
		"no object":              {parts: [][]string{{"base64File", "Y29udGVudA=="}}, wrong: "base64File must be an object like"},
		"a field that is long":   {parts: [][]string{{"type", long}}, wrong: "the request body has a part that is too long"},
		"very many parts":        {parts: many, wrong: "the request body has too many parts: at most 100"},
		"no parts":               {wrong: "the request body is not a whole form"},
		"a type that is no text": {parts: [][]string{{"type", "e.png", "A"}, {"file", "e.png", "x"}}, want: uploaded{"A", "", "e.png", "image/png", "x"}},
	} {
		contentType, body := form(t, c.parts...)
		got, err := send(t, contentType, body)
		checkUpload(t, name, got, err, c.want, c.wrong)
	}
}

func checkUpload(t *testing.T, name string, got uploaded, err error, want uploaded, wrong string) {
	t.Helper()
	switch {
	case wrong == "" && (err != nil || got != want):
		t.Errorf("%s: got %+v, %v; want %+v", name, got, err, want)
	case wrong != "" && (err == nil || !strings.HasPrefix(err.Error(), wrong) || !workforce.IsReason(err, workforce.ReasonBadRequest)):
		t.Errorf("%s: got %v, want %q", name, err, wrong)
	}
}

func TestFilesInJSON(t *testing.T) {
	t.Parallel()
	whole := uploaded{"A", "2020-07-06", "e.png", "image/png", "content"}
	bare := uploaded{"A", "", "", "", "content"}
	for body, c := range map[string]struct {
		want  uploaded
		wrong string
	}{
		`{"type":"A","base64File":"{\"base64String\":\"data:image/png;base64,Y29udGVudA==\",\"filename\":\"e.png\"}","day":"2020-07-06"}`: {want: whole},
		`{"base64File":{"filename":"e.png","base64String":"data:image/png;base64,Y29udGVudA=="},"day":"2020-07-06","type":"A"}`:           {want: whole},
		`{"type":"A","base64File":{"base64String":"Y29udGVudA=="}}`:                                                                       {want: bare},
		` {"type" : "A" , "base64File" : { "more" : [1,{"a":"}"}] , "base64String" : "\u0059\u00329udGVudA==" , "filename" : null } } `:   {want: bare},
		`{"type":"A","file":null,"base64File":{"base64String":"Y29u\ndGVudA=="}}`:                                                         {want: bare},
		`{"type":"A","file":"e.png","base64File":{"base64String":"Y29udGVudA=="}}`:                                                        {want: bare},
		`{"type":"A","base64File":{"base64String":"data:text/plain;charset=utf-8;base64,Y29udGVudA==","filename":"\ud83d\ude42.png"}}`:    {want: uploaded{"A", "", "🙂.png", "text/plain", "content"}},
		`{"type":"A","base64File":{"base64String":""}}`:                                                                                   {want: uploaded{"A", "", "", "", ""}},

		``:                               {wrong: "the request body is empty"},
		`{`:                              {wrong: "the request body could not be read to its end"},
		`[]`:                             {wrong: "the request body is not valid JSON (there is no object near byte 1)"},
		`{"type":A}`:                     {wrong: "the request body is not valid JSON (a value is broken"},
		`{"type":"A"} {}`:                {wrong: "the request body is not valid JSON (there is more than one value"},
		`{"type":"A",}`:                  {wrong: "the request body is not valid JSON (there is no name"},
		`{"type" "A"}`:                   {wrong: "the request body is not valid JSON (there is no colon"},
		`{"type":"A" "b":1}`:             {wrong: "the request body is not valid JSON (there is no comma"},
		`{"type":"A"}`:                   {wrong: "file is required"},
		`{"type":"A","base64File":null}`: {wrong: "file is required"},
		`{"type":"A","base64File":7}`:    {wrong: "base64File must be an object like"},
		`{"type":"A","base64File":"Y29udGVudA=="}`:                                   {wrong: "base64File must be an object like"},
		`{"type":"A","base64File":"{\"base64String\":\"Y29u"}`:                       {wrong: "base64File must be an object like"},
		`{"type":"A","base64File":{}}`:                                               {wrong: "base64File has no base64String"},
		`{"type":"A","base64File":{"base64String":7}}`:                               {wrong: "base64File has no base64String"},
		`{"type":"A","base64File":{"base64String":"Y29u!"}}`:                         {wrong: "base64File has a base64String that is not Base64"},
		`{"type":"A","base64File":{"base64String":"Y29u","base64String":"Y29u"}}`:    {wrong: "file is given more than once"},
		`{"type":"A","base64File":{"base64String":"data:image/png,abc"}}`:            {wrong: "base64File has a base64String that does not begin like"},
		`{"type":"A","base64File":{"base64String":"Y29u\qdGVudA=="}}`:                {wrong: "base64File must be an object like"},
		`{"type":"A","base64File":{"base64String":"Y29u\ud83dxx"}}`:                  {wrong: "base64File must be an object like"},
		`{"type":"A","base64File":{"base64String":"Y29udGVudA=="`:                    {wrong: "the request body could not be read to its end"},
		`{"type":"A","base64File":{"base64String":"Y29`:                              {wrong: "the request body could not be read to its end"},
		`{"type":"C","base64File":{"base64String":"Y29udGVudA=="},"day":20200706}`:   {wrong: "type must be one of A, B; day must be a date"},
		`{"type":"A","a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`: {wrong: "the request body is not valid JSON (a value is broken, or nested too deeply"},
		`{"type":"A","a":"` + strings.Repeat("x", bodyMost) + `"}`:                   {wrong: "the request body is not valid JSON (a value is too long"},
		`{"type":"A","` + strings.Repeat("x", textMost) + `":1}`:                     {wrong: "the request body is not valid JSON (a value is too long"},
	} {
		got, err := send(t, "application/json", strings.NewReader(body))
		checkUpload(t, body[:min(len(body), 90)], got, err, c.want, c.wrong)
	}
}

// Whatever a text is, and however it is escaped, the stream gives what
// encoding/json does.
func TestStreamedTextIsThatOfEncodingJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 9000).Draw(t, "content")
		inner := map[string]string{"filename": rapid.String().Draw(t, "name"), "base64String": base64.StdEncoding.EncodeToString(content)}
		text, err := json.Marshal(inner)
		if err != nil {
			t.Fatal(err)
		}
		outer := any(inner)
		if rapid.Bool().Draw(t, "as text") {
			outer = string(text)
		}
		body, err := json.Marshal(map[string]any{"type": "A", "base64File": outer})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		rq := &Request{http: r, writer: httptest.NewRecorder()}
		defer rq.dropUpload()
		b := &Binder{rq: rq}
		got := bindUploaded(b)
		if err := b.finish(); err != nil || got.content != string(content) || got.name != inner["filename"] {
			t.Fatalf("got %d bytes called %q, %v; want %d called %q", len(got.content), got.name, err, len(content), inner["filename"])
		}
	})
}

// zeros reads so many zero bytes after a start.
func zeros(start string, n int64, end string) io.Reader {
	return io.MultiReader(strings.NewReader(start), io.LimitReader(zeroReader{}, n), strings.NewReader(end))
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'A'
	}
	return len(p), nil
}

// A file of the greatest size is taken, one with a byte more is 413, and so is a
// body of which that can be told before it is read.
func TestUploadsThatAreTooLarge(t *testing.T) {
	t.Parallel()
	const start, end = `{"type":"A","base64File":{"base64String":"`, `"}}`
	encoded := int64(workforce.MaxFileSize) / 3 * 4 // without its last byte, as the size is no multiple of 3
	if workforce.MaxFileSize%3 != 1 {
		t.Fatal("the test counts on the size")
	}
	got, err := send(t, "application/json", zeros(start, encoded, "AA=="+end))
	if err != nil || len(got.content) != workforce.MaxFileSize {
		t.Errorf("the greatest size: %d bytes, %v", len(got.content), err)
	}
	for name, body := range map[string]io.Reader{
		"a byte too large": zeros(start, encoded, "AAA="+end),
		"a large body":     zeros(start, uploadMost, end),
	} {
		if _, err := send(t, "application/json", body); !workforce.IsReason(err, workforce.ReasonTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	r.Body, r.ContentLength = io.NopCloser(failing{}), uploadMost+1
	b := &Binder{rq: &Request{http: r, writer: httptest.NewRecorder()}}
	bindUploaded(b)
	if err := b.finish(); !workforce.IsReason(err, workforce.ReasonTooLarge) {
		t.Errorf("a large Content-Length: %v", err)
	}
}

// failing must not be read.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("it was read") }

// A folder that cannot be written to is not the client's fault, and the client
// is not told which folder it is.
func TestUploadsWithoutAFolder(t *testing.T) {
	t.Parallel()
	spool := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(spool, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	contentType, body := form(t, []string{"type", "A"}, []string{"file", "e.png", "x"})
	r := httptest.NewRequest(http.MethodPost, "/", body)
	r.Header.Set("Content-Type", contentType)
	b := &Binder{rq: &Request{http: r, writer: httptest.NewRecorder(), spool: spool}}
	bindUploaded(b)
	err := b.finish()
	if f, ok := errors.AsType[*workforce.Fault](err); !ok || f.Reason != workforce.ReasonFilesUnavailable || strings.Contains(f.Message, spool) || f.Err == nil {
		t.Errorf("got %v", err)
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		peer, proto string
		tls         bool
		want        string
	}{
		{"192.0.2.1:1", "", false, "http://compliance.example.com"},
		{"192.0.2.1:1", "", true, "https://compliance.example.com"},
		{"192.0.2.1:1", "https", false, "http://compliance.example.com"}, // anybody can say so
		{"10.1.2.3:1", "https", false, "https://compliance.example.com"},
		{"10.1.2.3:1", "http, HTTPS", false, "https://compliance.example.com"},
		{"10.1.2.3:1", "https, http", false, "http://compliance.example.com"},
		{"10.1.2.3:1", "", false, "http://compliance.example.com"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Host, r.RemoteAddr = "compliance.example.com", c.peer
		if c.proto != "" {
			r.Header.Set("X-Forwarded-Proto", c.proto)
		}
		r.TLS = nil
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		var got string
		Trace([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = BaseURL(r)
		})).ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestServeAttachment(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.pdf":        `attachment; filename=a.pdf`,
		"a b\".pdf":    `attachment; filename="a b\".pdf"`,
		"Prüfung.pdf":  `attachment; filename*=utf-8''Pr%C3%BCfung.pdf`,
		"\u65e5\u672c": `attachment; filename*=utf-8''%E6%97%A5%E6%9C%AC`,
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set("Range", "bytes=1-3")
		ServeAttachment(w, r, name, "application/pdf", strings.NewReader("content"))
		h := w.Header()
		if w.Code != http.StatusPartialContent || w.Body.String() != "ont" || h.Get("Content-Disposition") != want ||
			h.Get("Content-Type") != "application/pdf" || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox;") || h.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: %d %q %v", name, w.Code, w.Body, h)
		}
	}
}
