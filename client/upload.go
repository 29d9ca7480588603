package client

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
)

// Upload is a file that is handed in as evidence.
type Upload struct {
	Name    string // with the extension of what it is, such as "disk.png"
	Content []byte // at most 25 MiB
}

// encoded is the file as it stands in a JSON body: the text of an object.
func (u Upload) encoded() (string, error) {
	if u.Name == "" || len(u.Content) == 0 {
		return "", errors.New("the upload needs a name and a content")
	}
	text, err := json.Marshal(map[string]string{
		"base64String": "data:" + http.DetectContentType(u.Content) + ";base64," + base64.StdEncoding.EncodeToString(u.Content),
		"filename":     u.Name,
	})
	return string(text), err
}

// SignedURL is where the file of a document is. Whoever has the address can
// fetch the file, for a quarter of an hour if it is one of the server's own.
type SignedURL struct {
	SignedURL  string      `json:"signedUrl"`
	FileBuffer *FileBuffer `json:"fileBuffer"` // nil: only texts have one, which are not accepted
}

func (s SignedURL) missing() string {
	if s.SignedURL == "" {
		return "signedUrl"
	}
	return ""
}

// FileBuffer is a text in Base64.
type FileBuffer struct {
	Buffer string `json:"buffer"`
}
