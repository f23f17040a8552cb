package ingest

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What was kept of one ledger is never put into another, though that was made and written as often and has the same headers.
func TestKeptOfAnotherLedger(t *testing.T) {
	folder := t.TempDir()
	var paths []string
	var ledgers []*Ledger
	for i, name := range []string{"a.duckdb", "b.duckdb"} {
		path := filepath.Join(folder, name)
		l := writtenAgain(t, path, i, i+2) // of one number of rows, and other values
		defer l.Close()
		paths, ledgers = append(paths, path), append(ledgers, l)
	}
	keep(t, ledgers[0])
	kept, b, log := readFile(t, undoName(paths[0])), readFile(t, paths[1]), readFile(t, paths[1]+".wal")
	if string(kept[:headersSize]) != string(b[:headersSize]) {
		t.Fatal("the headers differ: the test tries nothing")
	}
	for what, log := range map[string][]byte{"no log": nil, "its own log": log, "a shorter log": log[:64]} {
		trial := filepath.Join(t.TempDir(), "ledger.duckdb")
		put(t, trial, b)
		if log != nil {
			put(t, trial+".wal", log)
		}
		put(t, undoName(trial), kept)
		if _, err := added(trial); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if string(readFile(t, trial)) != string(b) {
			t.Errorf("%s: blocks of another ledger were put into it", what)
		}
		if _, err := os.Stat(undoName(trial)); err == nil {
			t.Errorf("%s: what is of no use was left", what)
		}
	}
}

// torn is a ledger whose checkpoint ended in the middle of a block.
func torn(t *testing.T) (path string) {
	t.Helper()
	made := filepath.Join(t.TempDir(), "made.duckdb")
	l, err := Open(context.Background(), made, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	add(t, l, 0)
	keep(t, l)
	ledger, kept := readFile(t, made), readFile(t, undoName(made))
	path = filepath.Join(t.TempDir(), "ledger.duckdb")
	put(t, undoName(path), kept)
	put(t, path+".wal", append(readFile(t, made+".wal"), 0, 0, 0)) // DuckDB has added something
	for at := headersSize; at < len(ledger); at += blockSize {
		copy(ledger[at+blockSize/2:], make([]byte, blockSize/4))
	}
	put(t, path, ledger)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// What is kept and was damaged itself is said to be that, and the ledger is left alone.
func TestDamagedUndo(t *testing.T) {
	path := torn(t)
	before, kept := string(readFile(t, path)), readFile(t, undoName(path))
	flipped := append([]byte{}, kept...)
	flipped[len(kept)/2] ^= 1
	for _, damaged := range [][]byte{{}, kept[:len(kept)-1], kept[:40], flipped} {
		put(t, undoName(path), damaged)
		_, err := added(path)
		if want := undoName(path) + ": is damaged; the ledger itself may be whole\nhint: move that file away and try again"; err == nil || err.Error() != want {
			t.Errorf("%d bytes: %v", len(damaged), err)
		}
		if string(readFile(t, path)) != before {
			t.Errorf("%d bytes: the ledger was changed", len(damaged))
		}
	}
	put(t, undoName(path), nil)
	if err := os.Remove(undoName(path)); err != nil {
		t.Fatal(err)
	}
	if _, err := added(path); err == nil || !strings.Contains(err.Error(), path+".undo") {
		t.Errorf("without it the ledger is damaged, and the hint names all that lies beside it: %v", err)
	}
}

// Several that come at once to a ledger that was left in the middle of a checkpoint all read it.
func TestTornTogether(t *testing.T) {
	if path := os.Getenv("AIFINOPS_TORN"); path != "" { // one of them: the lock is between processes
		l, err := Open(context.Background(), path, Options{ReadOnly: true, Threads: 1, Wait: moment * 60})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		var rows int
		if err := l.DB.QueryRow("SELECT count(*) FROM file_rejects WHERE reason > ''").Scan(&rows); err != nil || rows != 5000 {
			t.Fatal(rows, err)
		}
		return
	}
	path := torn(t)
	var all []*exec.Cmd
	for range 4 {
		c := exec.Command(os.Args[0], "-test.run=^TestTornTogether$")
		c.Env = append(os.Environ(), "AIFINOPS_TORN="+path)
		c.Stdout = &strings.Builder{}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	for _, c := range all {
		if err := c.Wait(); err != nil {
			t.Errorf("%v: %s", err, c.Stdout)
		}
	}
	if _, err := os.Stat(undoName(path)); err == nil {
		t.Error("what was kept was left behind")
	}
}

// Where nothing can be kept no checkpoint is begun: closing says so, and what was booked is there.
func TestNothingKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	if err := os.Mkdir(undoName(path)+".part", 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := Open(context.Background(), path, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	before := string(readFile(t, path))
	add(t, l, 0)
	if err := l.Close(); !isLate(err, path) {
		t.Errorf("the failure is %v", err)
	}
	if string(readFile(t, path)) != before {
		t.Error("a checkpoint was begun")
	}
	if got, err := added(path); err != nil || got != "5000" {
		t.Errorf("it has %s rows, %v", got, err)
	}
}

func isLate(err error, path string) bool {
	var late *LogError
	return errors.As(err, &late) && strings.Contains(err.Error(), path+".wal, and could not be put into the ledger: ")
}

// A ledger with blocks of another size has them kept all the same.
func TestKeptOfSmallBlocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("ATTACH " + quote(path) + " AS small (BLOCK_SIZE 16384); DETACH small"); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l := writtenAgain(t, path, 0, 1)
	defer l.Close()
	numbers, err := l.catalogue(context.Background())
	if err != nil || len(numbers) == 0 {
		t.Fatal(numbers, err)
	}
	keep(t, l)
	ledger := readFile(t, path)
	for _, n := range numbers {
		if at := headersSize + int(n)*16384; at < len(ledger) {
			copy(ledger[at+4096:at+16384], make([]byte, 8192))
		}
	}
	trial := filepath.Join(t.TempDir(), "ledger.duckdb")
	put(t, trial, ledger)
	put(t, trial+".wal", readFile(t, path+".wal"))
	put(t, undoName(trial), readFile(t, undoName(path)))
	if got, err := added(trial); err != nil || got != "10000" {
		t.Errorf("it has %s rows, %v", got, err)
	}
}
