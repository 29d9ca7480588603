package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// SweepAfter is how long a content stays that no record refers to: longer than any
// request, and than a backup.
const SweepAfter = 24 * time.Hour

// Swept says what a sweep did.
type Swept struct {
	Kept      int64 // contents that a record refers to
	Waiting   int64 // contents that none refers to, not yet for long enough
	Removed   int64 // contents that none has referred to for long enough
	Leftovers int64 // files that a write or a sweep left behind when it was cut off
}

// Sweep removes the contents that no record refers to, and what was left behind
// by writes that were cut off. inUse tells whether a record refers to a content.
//
// A content that is found unused is marked, and removed by a later sweep that
// still finds it so olderThan after that: a request may have put the content,
// and its transaction not have committed; a backup may still read it. olderThan
// must be longer than either takes. A content that is put again meanwhile is
// kept, by whichever process. Several sweeps may run at once.
func (s *Store) Sweep(ctx context.Context, inUse func(hash string) (bool, error), olderThan time.Duration) (Swept, error) {
	var swept Swept
	before := time.Now().Add(-olderThan)
	if err := s.sweepIncoming(before, &swept); err != nil {
		return swept, err
	}
	err := s.walk(func(folder string, e fs.DirEntry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		hash, suffix, found := strings.Cut(e.Name(), ".")
		if found {
			suffix = "." + suffix
		}
		if CheckHash(hash) != nil || hash[:2] != folder {
			return nil //nolint:nilerr // a name that is no hash is not ours
		}
		switch suffix {
		case "":
			return s.sweepContent(hash, inUse, before, &swept)
		case unusedSuffix:
			return s.sweepMark(hash, &swept)
		case goingSuffix:
			return s.sweepGoing(hash, inUse, before, &swept)
		}
		return nil
	})
	return swept, err
}

// sweepIncoming removes what writes have left behind.
func (s *Store) sweepIncoming(before time.Time, swept *Swept) error {
	entries, err := os.ReadDir(s.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.failed("reading it", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !strings.HasPrefix(e.Name(), incomingPrefix) || info.ModTime().After(before) {
			continue // gone since, or not ours, or still being written
		}
		if err := s.cleared(os.Remove(filepath.Join(s.dir, e.Name())), swept); err != nil {
			return err
		}
	}
	return nil
}

// sweepContent marks a content that is not in use, or removes it if it has been
// marked for long enough.
func (s *Store) sweepContent(hash string, inUse func(string) (bool, error), before time.Time, swept *Swept) error {
	path := s.path(hash)
	used, err := inUse(hash)
	if err != nil {
		return err
	}
	if used {
		swept.Kept++
		if err := gone(os.Remove(path + unusedSuffix)); err != nil {
			return s.failed("unmarking a content", err)
		}
		return nil
	}
	mark, err := os.Lstat(path + unusedSuffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		swept.Waiting++
		f, err := os.OpenFile(path+unusedSuffix, os.O_CREATE|os.O_WRONLY, contentMode)
		if err != nil {
			return s.failed("marking a content", err)
		}
		return f.Close()
	case err != nil:
		return s.failed("looking at a mark", err)
	case mark.ModTime().After(before):
		swept.Waiting++
		return nil
	}
	return s.removeMarked(path, swept)
}

// removeMarked removes a content, unless somebody puts it at this moment. Whoever
// does so first takes the mark away and then looks for the content. So the
// content is moved aside first: if its mark is still there after that, nobody has
// seen it, and who comes from now on writes it anew.
func (s *Store) removeMarked(path string, swept *Swept) error {
	// From now on it is one that goes: other sweeps leave it to this one.
	now := time.Now()
	if err := gone(os.Chtimes(path, now, now)); err != nil {
		return s.failed("removing a content", err)
	}
	if err := os.Rename(path, path+goingSuffix); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // another sweep was faster
		}
		return s.failed("removing a content", err)
	}
	err := os.Remove(path + unusedSuffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		swept.Waiting++
		if err := os.Rename(path+goingSuffix, path); err != nil {
			return s.failed("keeping a content", err)
		}
		return nil
	case err != nil:
		return s.failed("removing a mark", err)
	}
	if err := gone(os.Remove(path + goingSuffix)); err != nil {
		return s.failed("removing a content", err)
	}
	swept.Removed++
	return s.sync(filepath.Dir(path))
}

// sweepMark removes a mark without a content.
func (s *Store) sweepMark(hash string, swept *Swept) error {
	if _, err := os.Lstat(s.path(hash)); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return s.cleared(os.Remove(s.path(hash)+unusedSuffix), swept)
}

// sweepGoing ends what a sweep began that was cut off: a content that is in use
// after all comes back.
func (s *Store) sweepGoing(hash string, inUse func(string) (bool, error), before time.Time, swept *Swept) error {
	path := s.path(hash)
	if info, err := os.Lstat(path + goingSuffix); err != nil || info.ModTime().After(before) {
		return gone(err)
	}
	used, err := inUse(hash)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(path); used && errors.Is(err, fs.ErrNotExist) {
		return s.cleared(os.Rename(path+goingSuffix, path), swept)
	}
	return s.cleared(os.Remove(path+goingSuffix), swept)
}

// cleared counts a leftover that is out of the way, unless another process was
// faster.
func (s *Store) cleared(err error, swept *Swept) error {
	if err == nil {
		swept.Leftovers++
	}
	if err = gone(err); err != nil {
		return s.failed("clearing a leftover", err)
	}
	return nil
}

// gone makes it no error that another process was faster.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
