package ingest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// A log that has grown long is put into the ledger before the next file is read.
func TestLongLog(t *testing.T) {
	sources, err := Sources()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	l, err := Open(context.Background(), filepath.Join(dir, "ledger.duckdb"), Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var inputs []Input
	for _, month := range []string{"2026-08", "2026-09"} {
		name := filepath.Join(dir, month+".csv")
		put(t, name, []byte("provider,month,total\nopenai,"+month+",12.50\n"))
		inputs = append(inputs, Input{Name: month, File: name})
	}
	for _, long := range []int64{1, longLog} {
		seen := map[int]bool{}
		l.longLog = long
		_, err = Run(context.Background(), l, Request{Sources: sources, Inputs: inputs, Replace: true, Progress: func(_ string, n, _ int) {
			_, err := os.Stat(l.Path + ".wal")
			seen[n] = err == nil
		}})
		if want := long == longLog; err != nil || seen[0] || seen[1] != want || seen[2] != want {
			t.Errorf("a log of %d bytes is long, and where one lay beside the ledger: %v, %v", long, seen, err)
		}
	}
}
