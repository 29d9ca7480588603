package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed assets
var assetFiles embed.FS

// assetTypes are the files that pages load, and what they are.
var assetTypes = map[string]string{
	"style.css": "text/css; charset=utf-8",
	"icon.svg":  "image/svg+xml",
}

// assets serves the files that pages load, each under a name that holds a hash
// of its content: a browser may keep it for good, and never shows a page of
// this version with the style of another.
type assets struct {
	urls   map[string]string // by file name
	served map[string]asset  // by served name
}

type asset struct {
	contentType string
	content     []byte
}

// loadAssets panics if an embedded file is missing.
func loadAssets() *assets {
	a := &assets{urls: map[string]string{}, served: map[string]asset{}}
	for name, contentType := range assetTypes {
		content, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(name)
		served := strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:8]) + ext
		a.urls[name] = pathAssets + served
		a.served[served] = asset{contentType, content}
	}
	return a
}

// ServeHTTP implements http.Handler.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.served[r.PathValue("file")]
	if !ok { // perhaps one of another version, so nobody may remember this answer
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "There is no such file. Load the page again.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", file.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.content))
}
