package ingest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// link makes a link, or skips the test where that is not allowed.
func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Skip(err)
	}
}

// A ledger behind a link, or behind one of several, is the file there: its log is put into it, and copied with it.
func TestLinkedLedger(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	for _, folder := range []string{"disk", "desk"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	target, path := filepath.Join(dir, "disk", "real.duckdb"), filepath.Join(dir, "desk", "ledger.duckdb")
	link(t, filepath.Join("..", "disk", "real.duckdb"), filepath.Join(dir, "desk", "other"))
	link(t, "other", path) // to nothing yet
	if _, err := Open(ctx, path, Options{ReadOnly: true}); err == nil || err.Error() != path+": "+ErrNoLedger.Error() {
		t.Errorf("there is none: %v", err)
	}
	for round := range 2 {
		l, err := Open(ctx, path, Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		add(t, l, round)
		if round == 1 { // left in its log
			l.writes = false
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(target + ".wal"); err == nil != (round == 1) {
			t.Errorf("round %d: its log: %v", round, err)
		}
	}
	copied := filepath.Join(dir, "copy.duckdb")
	if err := Copy(ctx, path, copied, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, target, copied} {
		if got, err := added(name); err != nil || got != "10000" {
			t.Errorf("%s has %s rows, %v", name, got, err)
		}
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "desk")); err != nil || len(entries) != 2 {
		t.Errorf("beside the link there is %v, %v", entries, err)
	}
}

// What lies beside a ledger is left out by its name, through links too; an export with a name like it is not.
func TestWithoutLedger(t *testing.T) {
	dir := t.TempDir()
	spilled := filepath.Join(dir, "bill.tmp")
	if err := os.Mkdir(spilled, 0o700); err != nil {
		t.Fatal(err)
	}
	exports := []string{"bill.csv", "bill.version-2.csv", "bill-2", "bill.wal.csv", "other.wal", "a.undo"}
	own := []string{"bill", "bill.wal", "bill.wal.checkpoint", "bill.wal.recovery", "bill.undo", "bill.undo.part", "bill.version-2", "bill.version-12.part", "bill.tmp/spilled.block"}
	var inputs []Input
	for _, name := range append(exports, own...) {
		put(t, filepath.Join(dir, name), []byte("x"))
		inputs = append(inputs, Input{Name: name, File: filepath.Join(dir, name)})
	}
	link(t, filepath.Join(dir, "bill"), filepath.Join(dir, "link"))
	inputs = append(inputs, Input{Name: "link", File: filepath.Join(dir, "link")})
	for _, ledger := range []string{"bill", "link"} {
		var left []string
		for _, in := range WithoutLedger(filepath.Join(dir, ledger), inputs) {
			left = append(left, in.Name)
		}
		if got, want := strings.Join(left, " "), strings.Join(exports, " "); got != want {
			t.Errorf("left is %s, not %s", got, want)
		}
	}
}

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
