package ingest

import (
	"context"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// LedgersFor is as many empty ledgers as tests run beside each other, to be taken and given back as they were: to make one takes longer than to
// read a file. Their salt does not change, so that hashes can stand in a fixture.
func LedgersFor(t *testing.T) chan *Ledger {
	t.Helper()
	n := runtime.GOMAXPROCS(0)
	all := make(chan *Ledger, n)
	dir := t.TempDir()
	for i := range n {
		l, err := Open(context.Background(), filepath.Join(dir, strconv.Itoa(i)+".duckdb"), Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
		if _, err := l.DB.Exec("UPDATE ledger SET salt = 'salt'; SET VARIABLE salt = 'salt'"); err != nil {
			t.Fatal(err)
		}
		all <- l
	}
	return all
}
