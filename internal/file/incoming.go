package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/passmuster/passmuster/internal/workforce"
)

// incoming is a content that is written, and has no place yet.
type incoming struct {
	file *os.File // nil: it is closed
	path string
	hash string
	size int64
}

// discard removes what was written, unless it has its place.
func (in *incoming) discard() {
	if in.file != nil {
		in.file.Close()
		in.file = nil
	}
	os.Remove(in.path) // it may have been renamed
}

// receive writes a content to a file of its own, and no more of it than a file
// may have. The caller discards it.
func (s *Store) receive(ctx context.Context, content io.Reader) (*incoming, error) {
	if err := s.makeFolder(s.dir); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(s.dir, incomingPrefix+"*") // it has contentMode
	if err != nil {
		return nil, s.failed("writing to it", err)
	}
	in := &incoming{file: f, path: f.Name()}
	from := &attentive{ctx: ctx, from: content}
	if err := in.fill(from); err != nil {
		in.discard()
		if from.err == nil && !workforce.IsReason(err, workforce.ReasonTooLarge) {
			err = s.failed("writing to it", err)
		}
		return nil, err
	}
	return in, nil
}

// fill copies the content.
func (in *incoming) fill(content io.Reader) error {
	h := sha256.New()
	// One byte more than is allowed tells a content that is too large.
	n, err := io.Copy(io.MultiWriter(in.file, h), io.LimitReader(content, workforce.MaxFileSize+1))
	if err != nil {
		return err
	}
	if n > workforce.MaxFileSize {
		f := workforce.Refuse(workforce.ReasonTooLarge, "file has more than %d MiB: send a smaller one", workforce.MaxFileSize>>20)
		f.Field = "file"
		return f
	}
	in.size, in.hash = n, hex.EncodeToString(h.Sum(nil))
	return nil
}

// attentive reads until its context ends, and remembers why it could not.
type attentive struct {
	ctx  context.Context // it lives as long as one copy
	from io.Reader
	err  error // of reading; nil at the end of the content
}

func (a *attentive) Read(b []byte) (int, error) {
	if a.err = a.ctx.Err(); a.err != nil {
		return 0, a.err
	}
	n, err := a.from.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		a.err = err
	}
	return n, err
}

// place gives a content its name, durably. A content that is there already, and
// sound, is left as it is. The order is what a sweep in another process relies
// on: first the mark that the content is unused goes, then the content is looked
// for.
func (s *Store) place(in *incoming) error {
	path := s.path(in.hash)
	folder := filepath.Dir(path)
	if err := s.makeFolder(folder); err != nil {
		return err
	}
	if err := os.Remove(path + unusedSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.failed("keeping a content", err)
	}
	if info, err := os.Lstat(path); err == nil && info.Size() == in.size && same(path, in.hash) {
		return s.sync(folder) // whoever wrote it may not have got so far
	}
	err := errors.Join(in.file.Sync(), in.file.Close())
	in.file = nil
	if err != nil {
		return s.failed("writing to it", err)
	}
	if err := os.Rename(in.path, path); err != nil {
		return s.failed("keeping a content", err)
	}
	return s.sync(folder)
}

// makeFolder makes a folder for its owner alone, durably, if it is not there.
func (s *Store) makeFolder(folder string) error {
	err := os.Mkdir(folder, folderMode)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return s.failed("making "+folder, err)
	}
	return s.sync(filepath.Dir(folder))
}

// sync brings what a folder lists to the disk.
func (s *Store) sync(folder string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there, and need not
	}
	f, err := os.Open(folder)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil {
		return s.failed(fmt.Sprintf("syncing %s", folder), err)
	}
	return nil
}
