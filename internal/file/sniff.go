package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// headMost is how much of a content's beginning tells most kinds.
const headMost = 512

// sniff tells the kind of a content of size bytes by looking into it. found is
// false where it is of no accepted kind. An error is one of reading: a content
// that is broken is of no kind.
func sniff(content io.ReaderAt, size int64) (k kind, found bool, err error) {
	head := make([]byte, min(size, headMost))
	if _, err := content.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return kind{}, false, fmt.Errorf("reading the file's beginning: %w", err)
	}
	switch {
	case isPDF(head):
		return kindPDF, true, nil
	case isGIF(head):
		return kindGIF, true, nil
	case isJPEG(head):
		return kindJPEG, true, nil
	case isPNG(head):
		return kindPNG, true, nil
	case bytes.HasPrefix(head, zipMagic):
		return broken(archived(content, size))
	case bytes.HasPrefix(head, compoundMagic):
		return broken(compound(content, size))
	}
	return kind{}, false, nil
}

// errBroken says that a content is not what its beginning promises.
var errBroken = errors.New("the structure is broken or out of bounds")

// broken makes a broken content one of no kind.
func broken(k kind, found bool, err error) (kind, bool, error) {
	if errors.Is(err, errBroken) {
		return kind{}, false, nil
	}
	return k, found, err
}

// isPDF wants the header at the very start. Readers also take it a little later,
// which is how a page of HTML passes for a PDF.
func isPDF(head []byte) bool {
	const before = len("%PDF-")
	return len(head) >= before+3 && bytes.HasPrefix(head, []byte("%PDF-")) &&
		isDigit(head[before]) && head[before+1] == '.' && isDigit(head[before+2])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isGIF wants the signature and a whole description of the screen after it.
func isGIF(head []byte) bool {
	return len(head) >= 13 && (bytes.HasPrefix(head, []byte("GIF87a")) || bytes.HasPrefix(head, []byte("GIF89a")))
}

// isJPEG wants the start of an image and then a marker.
func isJPEG(head []byte) bool {
	return len(head) >= 4 && bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}) && head[3] >= 0xc0 && head[3] != 0xff
}

// isPNG wants the signature and the header chunk after it.
func isPNG(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"))
}

// section reads the bytes from offset on, or says that there are not as many.
func section(content io.ReaderAt, size, offset int64, n int) ([]byte, error) {
	if offset < 0 || offset > size || int64(n) > size-offset {
		return nil, errBroken
	}
	b := make([]byte, n)
	if _, err := content.ReadAt(b, offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	return b, nil
}
