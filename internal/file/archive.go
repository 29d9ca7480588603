package file

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// What is read of an archive to tell its kind: the directory at its end, and at
// most one small entry. Nothing else is unpacked, so nothing can blow up. The
// standard library's reader would trust the directory's own count and size.
const (
	zipDirectoryMost = 1 << 20 // bytes of the directory
	zipEntriesMost   = 10_000
	zipTypesMost     = 1 << 20 // bytes of the entry that lists an Office file's parts, unpacked
	zipCommentMost   = 1<<16 - 1
)

// The sizes of an archive's records without what varies in them.
const (
	zipEndSize    = 22
	zipEntrySize  = 46
	zipHeaderSize = 30
)

var (
	zipMagic      = []byte("PK\x03\x04")
	zipEntryMagic = []byte("PK\x01\x02")
	zipEndMagic   = []byte("PK\x05\x06")
)

// The entries that say what an archive is.
const (
	officeTypes = "[Content_Types].xml"
	openType    = "mimetype"
)

// officeMain is the type of the main part of each kind of Office file. Those
// with macros have others, and are not accepted.
var officeMain = map[string]kind{
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml":   kindDOCX,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml":         kindXLSX,
	"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": kindPPTX,
}

// archived tells the kind of a zip archive.
func archived(content io.ReaderAt, size int64) (kind, bool, error) {
	entries, err := zipEntries(content, size)
	if err != nil {
		return kind{}, false, err
	}
	office := slices.IndexFunc(entries, func(e zipEntry) bool { return e.name == officeTypes })
	open := slices.IndexFunc(entries, func(e zipEntry) bool { return e.name == openType })
	switch {
	case office >= 0 && open >= 0: // it would be another file to another program
		return kind{}, false, nil
	case open >= 0:
		text, err := entries[open].read(content, size, headMost)
		if err != nil {
			return kind{}, false, err
		}
		k, found := kindOf(func(k kind) bool {
			return strings.HasPrefix(k.mediaType, "application/vnd.oasis.") && k.mediaType == strings.TrimSpace(string(text))
		})
		return k, found, nil
	case office >= 0:
		text, err := entries[office].read(content, size, zipTypesMost)
		if err != nil {
			return kind{}, false, err
		}
		return officeKind(text, entries)
	}
	return kind{}, false, nil
}

// officeKind finds the one main part among the types of an Office file's parts.
func officeKind(text []byte, entries []zipEntry) (kind, bool, error) {
	var types struct {
		Overrides []struct {
			Part string `xml:"PartName,attr"`
			Type string `xml:"ContentType,attr"`
		} `xml:"Override"`
	}
	if err := xml.NewDecoder(bytes.NewReader(text)).Decode(&types); err != nil {
		return kind{}, false, errBroken
	}
	var k kind
	mains := 0
	for _, o := range types.Overrides {
		main, ok := officeMain[o.Type]
		part := strings.TrimPrefix(o.Part, "/")
		if ok && slices.ContainsFunc(entries, func(e zipEntry) bool { return strings.EqualFold(e.name, part) }) {
			k = main
			mains++
		}
	}
	return k, mains == 1, nil
}

// zipEntry is one line of an archive's directory.
type zipEntry struct {
	name   string
	method uint16
	packed int64 // bytes in the archive
	offset int64 // of its header
}

// zipEntries reads the directory at an archive's end. It must lie right before
// the record that ends the archive, and count from the file's first byte: an
// archive that was glued to something else is none.
func zipEntries(content io.ReaderAt, size int64) ([]zipEntry, error) {
	end, at, err := zipEnd(content, size)
	if err != nil {
		return nil, err
	}
	count := int(binary.LittleEndian.Uint16(end[10:]))
	length := int64(binary.LittleEndian.Uint32(end[12:]))
	offset := int64(binary.LittleEndian.Uint32(end[16:]))
	if count > zipEntriesMost || length > zipDirectoryMost || offset+length != at {
		return nil, errBroken
	}
	b, err := section(content, size, offset, int(length))
	if err != nil {
		return nil, err
	}
	entries := make([]zipEntry, 0, min(count, len(b)/zipEntrySize))
	for len(b) > 0 {
		if len(b) < zipEntrySize || !bytes.HasPrefix(b, zipEntryMagic) || len(entries) == count {
			return nil, errBroken
		}
		name := int(binary.LittleEndian.Uint16(b[28:]))
		all := zipEntrySize + name + int(binary.LittleEndian.Uint16(b[30:])) + int(binary.LittleEndian.Uint16(b[32:]))
		if len(b) < all {
			return nil, errBroken
		}
		entries = append(entries, zipEntry{
			name:   string(b[zipEntrySize : zipEntrySize+name]),
			method: binary.LittleEndian.Uint16(b[10:]),
			packed: int64(binary.LittleEndian.Uint32(b[20:])),
			offset: int64(binary.LittleEndian.Uint32(b[42:])),
		})
		b = b[all:]
	}
	if len(entries) != count {
		return nil, errBroken
	}
	return entries, nil
}

// zipEnd finds the record that ends an archive, after which there is only a
// comment of the length that it says.
func zipEnd(content io.ReaderAt, size int64) (end []byte, at int64, err error) {
	tail, err := section(content, size, max(0, size-zipEndSize-zipCommentMost), int(min(size, zipEndSize+zipCommentMost)))
	if err != nil {
		return nil, 0, err
	}
	for i := len(tail) - zipEndSize; i >= 0; i-- {
		if !bytes.HasPrefix(tail[i:], zipEndMagic) {
			continue
		}
		comment := int(binary.LittleEndian.Uint16(tail[i+20:]))
		if i+zipEndSize+comment == len(tail) {
			return tail[i : i+zipEndSize], size - int64(len(tail)-i), nil
		}
	}
	return nil, 0, errBroken
}

// read unpacks an entry of at most so many bytes.
func (e zipEntry) read(content io.ReaderAt, size int64, most int) ([]byte, error) {
	header, err := section(content, size, e.offset, zipHeaderSize)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(header, zipMagic) {
		return nil, errBroken
	}
	start := e.offset + zipHeaderSize + int64(binary.LittleEndian.Uint16(header[26:])) + int64(binary.LittleEndian.Uint16(header[28:]))
	if e.packed > size-start {
		return nil, errBroken
	}
	var packed io.Reader = io.NewSectionReader(content, start, e.packed)
	switch e.method {
	case 0: // stored
	case 8: // deflated
		packed = flate.NewReader(packed)
	default:
		return nil, errBroken
	}
	b, err := io.ReadAll(io.LimitReader(packed, int64(most)+1))
	switch _, corrupt := errors.AsType[flate.CorruptInputError](err); {
	case corrupt, errors.Is(err, io.ErrUnexpectedEOF), len(b) > most:
		return nil, errBroken
	case err != nil:
		return nil, err
	}
	return b, nil
}
