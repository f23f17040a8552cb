//go:build unix

package ingest

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// private has every file that the process makes from now on be its owner's alone: DuckDB's log and what it spills lie beside the ledger,
// hold what it holds, and stay where the process is killed.
func private() { syscall.Umask(0o077) }

// bounded has a file that reaches `ulimit -f` be an error of the write, which leaves all in order, and not the end of the process.
func bounded() { signal.Ignore(syscall.SIGXFSZ) }

// lockWhole takes the lock that DuckDB takes of a file that it writes, unless somebody has it.
func lockWhole(f *os.File) bool {
	return syscall.FcntlFlock(f.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart}) == nil
}

// syncFolder has the names of a folder be on the disk, as far as its file system can do that.
func syncFolder(folder string) error {
	r, err := os.Open(folder)
	if errors.Is(err, os.ErrPermission) {
		return nil // a folder that may be written and not listed
	}
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.Sync(); !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// unshared says no: a file that DuckDB has open can be opened to be read.
func unshared(error) bool { return false }
