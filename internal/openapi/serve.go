package openapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/passmuster/passmuster/internal/rest"
)

// Routes serves the document at /openapi.json and /openapi.yaml and the page
// about it at /docs. Nobody needs a key for them: they say what the API is, and
// nothing of what is in it.
func (d *Doc) Routes() ([]rest.Route, error) {
	inJSON, err := newFile("application/json; charset=utf-8", revalidate, d.JSON)
	if err != nil {
		return nil, err
	}
	shown, err := newPage()
	if err != nil {
		return nil, err
	}
	return []rest.Route{
		rest.Raw(http.MethodGet, "/openapi.json", "openapiJSON", inJSON),
		rest.Raw(http.MethodGet, "/openapi.yaml", "openapiYAML", d.inYAML()),
		rest.Raw(http.MethodGet, pathPage, "pageAPI", protect(shown.index)),
		rest.Raw(http.MethodGet, pathPage+"/{file}", "pageAPIAsset", shown),
	}, nil
}

// inYAML serves the document as YAML, which is made when somebody first asks
// for it: that takes longer than all the rest, and most servers are never
// asked. It panics if it cannot be made, which a test shows that it can.
func (d *Doc) inYAML() http.Handler {
	made := sync.OnceValues(func() (*file, error) {
		text, err := d.YAML()
		if err != nil {
			return nil, err
		}
		return newFile("application/yaml; charset=utf-8", revalidate, text)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := made()
		if err != nil {
			panic(err)
		}
		f.ServeHTTP(w, r)
	})
}

// How long browsers may keep a file: until they have asked whether it is still
// the same, or for good because its name changes with it.
const (
	revalidate = "public, no-cache"
	forGood    = "public, max-age=31536000, immutable"
)

// file is served as it is, compressed for those who accept it. It never
// changes.
type file struct {
	contentType  string
	cacheControl string
	sum          string // tells it from any other content
	zipped       []byte
	plain        []byte // nil: unzipped for the few who want it so
}

func newFile(contentType, cacheControl string, content []byte) (*file, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		return nil, fmt.Errorf("compressing %s: %w", contentType, err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compressing %s: %w", contentType, err)
	}
	f := newZippedFile(contentType, cacheControl, b.Bytes())
	f.plain = content
	return f, nil
}

// newZippedFile is a file that is compressed already.
func newZippedFile(contentType, cacheControl string, zipped []byte) *file {
	sum := sha256.Sum256(zipped)
	return &file{
		contentType: contentType, cacheControl: cacheControl, sum: hex.EncodeToString(sum[:8]), zipped: zipped,
	}
}

// content is the file for those who do not accept it compressed.
func (f *file) content() ([]byte, error) {
	if f.plain != nil {
		return f.plain, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(f.zipped))
	if err != nil {
		return nil, fmt.Errorf("uncompressing %s: %w", f.contentType, err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("uncompressing %s: %w", f.contentType, err)
	}
	return content, nil
}

// ServeHTTP implements http.Handler.
func (f *file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cacheControl)
	h.Set("Vary", "Accept-Encoding")
	zipped := acceptsGzip(r.Header.Values("Accept-Encoding"))
	if zipped {
		h.Set("ETag", `"`+f.sum+`-gzip"`)
	} else {
		h.Set("ETag", `"`+f.sum+`"`)
	}
	if matches(r.Header.Values("If-None-Match"), f.sum) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content := f.zipped
	if zipped {
		h.Set("Content-Encoding", "gzip")
	} else {
		var err error
		if content, err = f.content(); err != nil {
			panic(err) // embedded files are whole, which a test shows
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(content) // a failed write means that the reader is gone
	}
}

// acceptsGzip reads Accept-Encoding as far as it matters: gzip or anything is
// named, and not with the weight 0.
func acceptsGzip(values []string) bool {
	for _, value := range values {
		for coding := range strings.SplitSeq(value, ",") {
			name, weight, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(coding, " ", "")), ";")
			if name == "gzip" || name == "*" {
				return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
			}
		}
	}
	return false
}

// matches tells whether one of the tags is of the content, compressed or not.
func matches(values []string, sum string) bool {
	for _, value := range values {
		for tag := range strings.SplitSeq(value, ",") {
			tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
			if tag == "*" || strings.TrimSuffix(tag, "-gzip") == sum {
				return true
			}
		}
	}
	return false
}
