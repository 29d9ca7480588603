package file

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// A full disk is named as what it is, and every error names the folder.
func TestWhatFailedIsSaid(t *testing.T) {
	t.Parallel()
	s := &Store{dir: "evidence"}
	for cause, want := range map[error]string{
		syscall.ENOSPC: "the disk is full",
		syscall.EDQUOT: "the disk is full",
		syscall.EACCES: "writing to it",
	} {
		err := s.failed("writing to it", &fs.PathError{Op: "write", Path: "x", Err: cause})
		if !errors.Is(err, cause) || !strings.Contains(err.Error(), "evidence: "+want) {
			t.Errorf("%v", err)
		}
	}
}
