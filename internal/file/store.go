package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/passmuster/passmuster/internal/workforce"
)

// What may be wrong with a content. Errors of [Store] wrap these.
var (
	ErrMissing = errors.New("the content is not in the folder of files")
	ErrDamaged = errors.New("the content is damaged: it no longer has its hash")
)

const (
	folderMode  = 0o700
	contentMode = 0o600
)

// The names in the folder that are no contents; see the package comment.
const (
	incomingPrefix = "incoming-"
	unusedSuffix   = ".unused"
	goingSuffix    = ".going"
)

// Store keeps contents in one folder. It has no state but that of the folder,
// and is safe for use by several goroutines and processes.
type Store struct {
	dir string
}

// Open gives the store of a folder. It makes nothing: the folder itself is made,
// for its owner alone, when the first content is put. It fails where that could
// not be: the place is taken by something else, or the folder around it is not
// there.
func Open(dir string) (*Store, error) {
	s := &Store{dir: filepath.Clean(dir)}
	if dir == "" {
		return nil, errors.New("the folder of files has no name: name one with the setting files")
	}
	info, err := os.Stat(s.dir)
	switch {
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("the folder of files %s is not a folder: move it away, or name another folder with the setting files", s.dir)
	case err == nil:
		return s, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("looking at the folder of files: %w", err)
	}
	if info, err := os.Stat(filepath.Dir(s.dir)); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("the folder of files %s cannot be made: there is no folder %s; create it first", s.dir, filepath.Dir(s.dir))
	}
	return s, nil
}

// Dir is the folder.
func (s *Store) Dir() string { return s.dir }

// CheckWritable reports whether contents could be put, by trying, and leaves
// everything as it was.
func (s *Store) CheckWritable() error {
	err := os.Mkdir(s.dir, folderMode)
	if err == nil {
		return os.Remove(s.dir)
	}
	if !errors.Is(err, fs.ErrExist) {
		return s.failed("making it", err)
	}
	f, err := os.CreateTemp(s.dir, incomingPrefix+"*")
	if err != nil {
		return s.failed("writing to it", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// failed says what could not be done with the folder. A full disk is the one
// cause that the person who is told can do something about at once.
func (s *Store) failed(doing string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("the folder of files %s: the disk is full: %w", s.dir, err)
	}
	return fmt.Errorf("the folder of files %s: %s: %w", s.dir, doing, err)
}

// Put keeps the content of a file and says what to note of it. name is as the
// client gave it. What is refused, as a fault on "file": a name without an
// accepted extension, an empty content, one of more than
// [workforce.MaxFileSize] bytes ([workforce.ReasonTooLarge]), one of no accepted
// kind, and one of another kind than the name says. The content is never held in
// memory as a whole. An error of content is returned as it is.
func (s *Store) Put(ctx context.Context, name string, content io.Reader) (workforce.File, error) {
	name = CleanName(name)
	want, ok := declared(name)
	if !ok {
		return workforce.File{}, refuse("file has a name of no accepted kind, %s", quoteExtension(name))
	}
	in, err := s.receive(ctx, content)
	if err != nil {
		return workforce.File{}, err
	}
	defer in.discard()
	if in.size == 0 {
		return workforce.File{}, workforce.RefuseField("file", "file is empty: choose one with content")
	}
	got, ok, err := sniff(in.file, in.size)
	switch {
	case err != nil:
		return workforce.File{}, s.failed("reading what was written", err)
	case !ok:
		return workforce.File{}, refuse("file is called a %s file, but its content is none, nor of any other accepted kind", want.name)
	case got.name != want.name:
		return workforce.File{}, refuse("file is called a %s file, but its content is of the kind %s: give it the extension .%s",
			want.name, got.name, got.extensions[0])
	}
	if err := s.place(in); err != nil {
		return workforce.File{}, err
	}
	return workforce.File{Hash: in.hash, Name: name, MediaType: got.mediaType, Size: in.size}, nil
}

func quoteExtension(name string) string {
	if ext := extension(name); ext != "" {
		return fmt.Sprintf(".%q", clip(ext, 20))
	}
	return "without an extension"
}

// Keep puts a content that is known by its hash, whatever its kind, as it comes
// out of a backup. It returns [ErrDamaged] if the content has another hash.
func (s *Store) Keep(ctx context.Context, hash string, content io.Reader) error {
	if err := CheckHash(hash); err != nil {
		return err
	}
	in, err := s.receive(ctx, content)
	if err != nil {
		return err
	}
	defer in.discard()
	if in.hash != hash {
		return fmt.Errorf("keeping content %s: %w", hash, ErrDamaged)
	}
	return s.place(in)
}

// Open gives a content and its size in bytes. The caller closes it. It returns
// [ErrMissing] if the content is not there.
func (s *Store) Open(hash string) (io.ReadSeekCloser, int64, error) {
	if err := CheckHash(hash); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(s.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("opening content %s in %s: %w", hash, s.dir, ErrMissing)
	}
	if err != nil {
		return nil, 0, s.failed("opening a content", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrDamaged
	}
	if err != nil {
		return nil, 0, errors.Join(s.failed("opening a content", err), f.Close())
	}
	return f, info.Size(), nil
}

// Verify reads a content to its end and compares it with its hash. It returns
// [ErrMissing] or [ErrDamaged] if it is not as it should be.
func (s *Store) Verify(ctx context.Context, hash string) error {
	f, _, err := s.Open(hash)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, &attentive{ctx: ctx, from: f}); err != nil {
		return s.failed("reading content "+hash, err)
	}
	if hex.EncodeToString(h.Sum(nil)) != hash {
		return fmt.Errorf("content %s in %s: %w", hash, s.dir, ErrDamaged)
	}
	return nil
}

// Remove removes a content, whoever refers to it. One that is not there is
// removed already.
func (s *Store) Remove(hash string) error {
	if err := CheckHash(hash); err != nil {
		return err
	}
	err := os.Remove(s.path(hash))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return s.failed("removing a content", err)
	}
	return s.sync(filepath.Dir(s.path(hash)))
}

// Walk calls f with the hash and size of every content, in order of the hash,
// and ends with f's first error.
func (s *Store) Walk(f func(hash string, size int64) error) error {
	return s.walk(func(folder string, e fs.DirEntry) error {
		if CheckHash(e.Name()) != nil || e.Name()[:2] != folder {
			return nil //nolint:nilerr // a name that is no hash is not ours
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed since
		}
		if err != nil {
			return s.failed("looking at a content", err)
		}
		return f(e.Name(), info.Size())
	})
}

// walk calls f with every entry of the folders that hold contents. A folder of
// files that was never made holds nothing.
func (s *Store) walk(f func(folder string, e fs.DirEntry) error) error {
	folders, err := os.ReadDir(s.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.failed("reading it", err)
	}
	for _, folder := range folders {
		if len(folder.Name()) != 2 || !isHex(folder.Name()) || !folder.IsDir() {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(s.dir, folder.Name()))
		if err != nil {
			return s.failed("reading it", err)
		}
		for _, e := range entries {
			if err := f(folder.Name(), e); err != nil {
				return err
			}
		}
	}
	return nil
}

// path is where a content is, or would be.
func (s *Store) path(hash string) string { return filepath.Join(s.dir, hash[:2], hash) }

// CheckHash returns an error if a text is not the name of a content: 64
// hexadecimal digits, small letters.
func CheckHash(hash string) error {
	if len(hash) != 2*sha256.Size || !isHex(hash) {
		return errors.New("the hash of a content wants 64 hexadecimal digits in small letters")
	}
	return nil
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}

// same reports whether the file at a path has exactly the bytes of a hash.
func same(path, hash string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	want, _ := hex.DecodeString(hash)
	return err == nil && bytes.Equal(h.Sum(nil), want)
}
