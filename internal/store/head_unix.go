//go:build linux || darwin || freebsd

package store

import (
	"errors"
	"os"
	"syscall"
)

// watchWAL maps the index of the database's write-ahead log; nil if there is
// none, as on a file system without shared memory.
//
// The file stays open as long as the database: closing any descriptor of it
// would release the locks that SQLite holds on it in this process.
func watchWAL(path string) (*walWatch, error) {
	f, err := os.Open(path + "-shm")
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // there is nothing to watch, and that is no error
	}
	if err != nil {
		return nil, err
	}
	const page = 1 << 15 // the size of the index's first block
	fd := int(f.Fd())
	mapped, err := syscall.Mmap(fd, 0, page, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // it cannot be shared here: the head is read by queries
	}
	return &walWatch{
		mapped: mapped,
		alive: func() bool {
			var st syscall.Stat_t
			return syscall.Fstat(fd, &st) == nil && st.Nlink > 0 && st.Size >= page
		},
		unmap: func() error { return errors.Join(syscall.Munmap(mapped), f.Close()) },
	}, nil
}
