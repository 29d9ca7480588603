package file_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
	"unicode/utf16"
)

// part is one entry of an archive.
type part struct {
	name, text string
	stored     bool
}

// archive makes a zip archive.
func archive(tb testing.TB, parts ...part) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		method := zip.Deflate
		if p.stored {
			method = zip.Store
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: method})
		if err == nil {
			_, err = f.Write([]byte(p.text))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

const (
	mainWord  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	mainExcel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	mainPower = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
)

// types is the list of types of an Office file with one main part.
func types(name, mediaType string) part {
	return part{name: "[Content_Types].xml", text: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/` + name + `" ContentType="` + mediaType + `"/></Types>`}
}

func office(tb testing.TB, name, mediaType string) []byte {
	tb.Helper()
	return archive(tb, types(name, mediaType), part{name: name, text: "<x/>"})
}

func openDocument(tb testing.TB, mediaType string) []byte {
	tb.Helper()
	return archive(tb, part{name: "mimetype", text: mediaType, stored: true}, part{name: "content.xml", text: "<x/>"})
}

// stream is one entry of a compound file's directory.
type stream struct {
	name               string
	kind               byte // 1 a storage, 2 a stream, 5 the root
	left, right, child uint32
}

const nobody = 0xffff_ffff

// compoundFile makes a compound file whose directory has the entries. The
// directory begins in a sector of the number, behind as many that are unused.
func compoundFile(at uint32, entries ...stream) []byte {
	const sector, perTable = 512, 128
	for len(entries)%4 != 0 {
		entries = append(entries, stream{left: nobody, right: nobody, child: nobody})
	}
	sectors := uint32(len(entries) / 4)
	tables := (at+sectors)/perTable + 1
	for (at+sectors+tables+8)/perTable+1 > tables {
		tables++
	}
	first := at + sectors // of the tables
	lists := uint32(0)
	if tables > 109 {
		lists = (tables-109+126)/127 + 0
	}
	b := make([]byte, sector*(1+int(first+tables+lists)))
	put := func(at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	place := func(n uint32) int { return sector * (int(n) + 1) }
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(b[26:], 3)
	binary.LittleEndian.PutUint16(b[28:], 0xfffe)
	binary.LittleEndian.PutUint16(b[30:], 9)
	put(48, at)
	put(68, 0xffff_fffe)
	for i := range uint32(109) {
		put(76+4*int(i), nobody)
	}
	for i := range tables {
		if i < 109 {
			put(76+4*int(i), first+i)
			continue
		}
		list := first + tables + (i-109)/127
		put(68, first+tables)
		put(place(list)+4*int((i-109)%127), first+i)
		put(place(list)+4*127, list+1)
	}
	for i := range sectors {
		next := at + i + 1
		if i == sectors-1 {
			next = 0xffff_fffe
		}
		n := at + i
		put(place(first+n/perTable)+4*int(n%perTable), next)
	}
	for i, e := range entries {
		o := place(at) + 128*i
		units := utf16.Encode([]rune(e.name))
		for j, u := range units {
			binary.LittleEndian.PutUint16(b[o+2*j:], u)
		}
		binary.LittleEndian.PutUint16(b[o+64:], uint16(2*len(units)+2))
		b[o+66] = e.kind
		put(o+68, e.left)
		put(o+72, e.right)
		put(o+76, e.child)
	}
	return b
}

// oldOffice makes a compound file with one stream in its root.
func oldOffice(name string) []byte {
	return compoundFile(0, stream{"Root Entry", 5, nobody, nobody, 1}, stream{name, 2, nobody, nobody, nobody})
}

func picture() image.Image { return image.NewGray(image.Rect(0, 0, 2, 2)) }

// samples holds a small real file for each extension.
func samples(tb testing.TB) map[string][]byte {
	tb.Helper()
	var g, j, p bytes.Buffer
	for _, err := range []error{gif.Encode(&g, picture(), nil), jpeg.Encode(&j, picture(), nil), png.Encode(&p, picture())} {
		if err != nil {
			tb.Fatal(err)
		}
	}
	return map[string][]byte{
		"pdf":  []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
		"docx": office(tb, "word/document.xml", mainWord),
		"odt":  openDocument(tb, "application/vnd.oasis.opendocument.text"),
		"doc":  oldOffice("WordDocument"),
		"xlsx": office(tb, "xl/workbook.xml", mainExcel),
		"ods":  openDocument(tb, "application/vnd.oasis.opendocument.spreadsheet"),
		"pptx": office(tb, "ppt/presentation.xml", mainPower),
		"odp":  openDocument(tb, "application/vnd.oasis.opendocument.presentation"),
		"gif":  g.Bytes(),
		"jpg":  j.Bytes(),
		"jpeg": j.Bytes(),
		"png":  p.Bytes(),
	}
}

// bomb is an archive whose list of types unpacks to n bytes of blanks.
func bomb(tb testing.TB, n int) []byte {
	tb.Helper()
	return archive(tb, part{name: "[Content_Types].xml", text: "<Types>" + string(bytes.Repeat([]byte(" "), n)) + "</Types>"})
}

// crowd is an archive of n empty entries behind an Office file's own.
func crowd(tb testing.TB, n int) []byte {
	tb.Helper()
	parts := []part{types("word/document.xml", mainWord), {name: "word/document.xml"}}
	for i := range n {
		parts = append(parts, part{name: fmt.Sprint(i), stored: true})
	}
	return archive(tb, parts...)
}

// liar changes what an archive's last record says of its directory.
func liar(b []byte, at int, v uint32, size int) []byte {
	b = bytes.Clone(b)
	end := b[len(b)-22:]
	if size == 2 {
		binary.LittleEndian.PutUint16(end[at:], uint16(v))
	} else {
		binary.LittleEndian.PutUint32(end[at:], v)
	}
	return b
}

// sum tells contents apart in messages.
func sum(b []byte) string { return fmt.Sprintf("%d bytes, %08x", len(b), crc32.ChecksumIEEE(b)) }
