package file

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// A compound file, the container of the older Office formats, is a small file
// system: sectors chained by a table, and a directory whose entries form a tree
// of names. What is inside the root tells Word from the rest.
const (
	compoundHeader  = 512
	compoundEntry   = 128
	compoundTables  = 109  // sectors of the table that the header itself lists
	compoundLists   = 64   // sectors that list more of them, at most
	compoundSectors = 1024 // of the directory, at most
	compoundEntries = 8192 // of the root that are looked at, at most
	compoundNone    = 0xffff_ffff
	compoundLast    = 0xffff_fffa // sector numbers from here on mean something else
)

var compoundMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// The kinds of entries of a directory.
const (
	compoundStream = 2
	compoundRoot   = 5
)

// compound tells the kind of a compound file: Word, or none that is accepted.
func compound(content io.ReaderAt, size int64) (kind, bool, error) {
	d, err := readCompound(content, size)
	if err != nil {
		return kind{}, false, err
	}
	names, err := d.inRoot()
	if err != nil {
		return kind{}, false, err
	}
	if names["WordDocument"] && !names["Workbook"] && !names["Book"] && !names["PowerPoint Document"] {
		return kindDOC, true, nil
	}
	return kind{}, false, nil
}

// compoundDirectory is a directory's entries, one after the other.
type compoundDirectory []byte

// compoundFile is what it takes to follow a chain of sectors.
type compoundFile struct {
	content io.ReaderAt
	size    int64
	shift   uint16 // a sector has 1<<shift bytes
	header  []byte
}

// readCompound reads the chain of sectors that holds the directory.
func readCompound(content io.ReaderAt, size int64) (compoundDirectory, error) {
	header, err := section(content, size, 0, compoundHeader)
	if err != nil {
		return nil, err
	}
	f := compoundFile{content, size, binary.LittleEndian.Uint16(header[30:]), header}
	if f.shift != 9 && f.shift != 12 {
		return nil, errBroken
	}
	var directory []byte
	sector := binary.LittleEndian.Uint32(header[48:])
	for range compoundSectors {
		if sector >= compoundLast {
			break
		}
		b, err := f.sector(sector)
		if err != nil {
			return nil, err
		}
		directory = append(directory, b[:len(b)/compoundEntry*compoundEntry]...)
		if sector, err = f.after(sector); err != nil {
			return nil, err
		}
	}
	return directory, nil
}

// place is where a sector begins: the header takes one of its own.
func (f compoundFile) place(sector uint32) int64 { return (int64(sector) + 1) << f.shift }

// sector reads one sector. Some writers cut off what is unused at the end.
func (f compoundFile) sector(n uint32) ([]byte, error) {
	if n >= compoundLast || f.size <= f.place(n) {
		return nil, errBroken
	}
	return section(f.content, f.size, f.place(n), int(min(int64(1)<<f.shift, f.size-f.place(n))))
}

// number reads the i-th number of a sector.
func (f compoundFile) number(sector, i uint32) (uint32, error) {
	if sector >= compoundLast {
		return 0, errBroken
	}
	b, err := section(f.content, f.size, f.place(sector)+4*int64(i), 4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

// after is the sector that follows another in its chain.
func (f compoundFile) after(sector uint32) (uint32, error) {
	perSector := uint32(1) << f.shift / 4
	table, err := f.table(sector / perSector)
	if err != nil {
		return 0, err
	}
	return f.number(table, sector%perSector)
}

// table is the sector that holds the i-th part of the table of chains: the
// header lists the first ones, a chain of sectors the rest.
func (f compoundFile) table(i uint32) (uint32, error) {
	if i < compoundTables {
		return binary.LittleEndian.Uint32(f.header[76+4*i:]), nil
	}
	i -= compoundTables
	list := binary.LittleEndian.Uint32(f.header[68:])
	perList := uint32(1)<<f.shift/4 - 1 // the last number leads to the next list
	for range compoundLists {
		if i < perList {
			return f.number(list, i)
		}
		i -= perList
		var err error
		if list, err = f.number(list, perList); err != nil {
			return 0, err
		}
	}
	return 0, errBroken
}

// entry is one entry of the directory, nil if there is none of the number.
func (d compoundDirectory) entry(n uint32) []byte {
	if int64(n) >= int64(len(d)/compoundEntry) {
		return nil
	}
	return d[int64(n)*compoundEntry:][:compoundEntry]
}

// inRoot gives the names of the streams that lie in the root itself: a document
// that is embedded in another has its own below a storage.
func (d compoundDirectory) inRoot() (map[string]bool, error) {
	root := d.entry(0)
	if root == nil || root[66] != compoundRoot {
		return nil, errBroken
	}
	names := map[string]bool{}
	seen := map[uint32]bool{}
	for todo := []uint32{binary.LittleEndian.Uint32(root[76:])}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n == compoundNone || seen[n] {
			continue
		}
		e := d.entry(n)
		if e == nil || len(seen) == compoundEntries {
			return nil, errBroken
		}
		seen[n] = true
		if e[66] == compoundStream {
			names[compoundName(e)] = true
		}
		todo = append(todo, binary.LittleEndian.Uint32(e[68:]), binary.LittleEndian.Uint32(e[72:]))
	}
	return names, nil
}

// compoundName is the name of an entry: UTF-16 with a zero at its end.
func compoundName(e []byte) string {
	var units []uint16
	for b := bytes.Clone(e[:64]); len(b) >= 2; b = b[2:] {
		u := binary.LittleEndian.Uint16(b)
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}
