//go:build unix

package ingest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A checkpoint that fails, for the ledger must not grow, says so. Once the ledger is closed it is as it was, with nothing kept beside it, and
// what was booked is in its log.
func TestFailedCheckpoint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	l := writtenAgain(t, path, 0, 1)
	before := string(readFile(t, path))
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	grown := limit
	grown.Cur = uint64(len(before))
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &grown); err != nil {
		t.Fatal(err)
	}
	err := l.Close()
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	if !isLate(err, path) {
		t.Errorf("the failure is %v", err)
	}
	if string(readFile(t, path)) != before {
		t.Error("the ledger is not as it was")
	}
	if _, err := os.Stat(undoName(path)); err == nil {
		t.Error("what was kept for it was left behind")
	}
	if got, err := added(path); err != nil || got != "10000" {
		t.Errorf("it has %s rows, %v", got, err)
	}
}
