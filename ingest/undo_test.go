package ingest

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// A checkpoint that ends before its header, and in each block that it was writing over at any page: the ledger opens, and holds what was
// booked. Without what is kept for that it would not.
func TestTornCheckpoint(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	lost := 0
	for round := range 3 {
		l, err := Open(ctx, path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		add(t, l, round)
		if round == 0 {
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			continue
		}
		keep(t, l)
		before, kept, log := readFile(t, path), readFile(t, undoName(path)), readFile(t, path+".wal")
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		// All that a checkpoint writes, but its header, which comes last; what it cuts off at the end it cuts off after that.
		after := readFile(t, path)
		copy(after, before[:headersSize])
		if len(after) < len(before) {
			after = append(after, before[len(after):]...)
		}
		for at := binary.Size(keptHead{}); at+blockSize < len(kept); at += 8 + blockSize {
			begin := headersSize + int(binary.LittleEndian.Uint64(kept[at:]))*blockSize
			for _, cut := range []int{0, 4096, blockSize / 2, blockSize - 4096, blockSize} {
				torn := append([]byte{}, after...)
				copy(torn[begin+cut:begin+blockSize], kept[at+8+cut:at+8+blockSize])
				for _, undone := range []bool{false, true} {
					trial := filepath.Join(t.TempDir(), "ledger.duckdb")
					put(t, trial, torn)
					put(t, trial+".wal", log)
					if undone {
						put(t, undoName(trial), kept)
					}
					got, err := added(trial)
					if undone && (err != nil || got != fmt.Sprint((round+1)*5000)) {
						t.Errorf("round %d, block at %d, cut after %d: %s rows, %v", round, begin, cut, got, err)
					}
					if !undone && err != nil {
						lost++
					}
				}
			}
		}
		// A checkpoint that came to its end, by a process that did not live to say so.
		put(t, undoName(path), kept)
		whole := string(readFile(t, path))
		if got, err := added(path); err != nil || got != fmt.Sprint((round+1)*5000) || string(readFile(t, path)) != whole {
			t.Errorf("round %d: after a checkpoint that was whole there are %s rows, %v", round, got, err)
		}
		if _, err := os.Stat(undoName(path)); err == nil {
			t.Error("what was kept for it was left behind")
		}
	}
	if lost == 0 {
		t.Error("nothing would have been lost: the test tries nothing")
	}
	t.Logf("without what is kept, %d of the torn ledgers are lost", lost)
}

// blockSize is that of a ledger.
const blockSize = 256 << 10

// keep is the beginning of a checkpoint.
func keep(t *testing.T, l *Ledger) {
	t.Helper()
	if err := l.keepBlocks(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// add writes some rows into each of several tables.
func add(t *testing.T, l *Ledger, round int) {
	t.Helper()
	_, err := l.DB.Exec(fmt.Sprintf(`INSERT INTO file_rejects SELECT %[1]d, i, 'for reason ' || i FROM range(5000) t(i);
		INSERT INTO dimensions (x_Dimension, x_Source, ProviderName) SELECT 1000 * %[1]d + i, 'focus', 'p' || i FROM range(300) t(i);
		INSERT INTO charge_facts (x_File, x_Record, x_Dimension, ChargePeriodStart, ChargePeriodEnd, BilledCost) SELECT %[1]d, i, 1000 * %[1]d + i %% 300, '2026-10-01', '2026-10-02', i FROM range(3000) t(i)`, round))
	if err != nil {
		t.Fatal(err)
	}
}

// writtenAgain is a ledger that had one round, was closed and opened, and has another in its log: a checkpoint will write over blocks of it.
func writtenAgain(t *testing.T, path string, before, now int) *Ledger {
	t.Helper()
	var l *Ledger
	for _, round := range []int{before, now} {
		if l != nil {
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if l, err = Open(context.Background(), path, Options{Threads: 1}); err != nil {
			t.Fatal(err)
		}
		add(t, l, round)
	}
	return l
}

// added is how many of them a ledger has, where all can be read.
func added(path string) (rows string, err error) {
	l, err := Open(context.Background(), path, Options{ReadOnly: true})
	if err != nil {
		return "", err
	}
	defer l.Close()
	var charges string
	err = l.DB.QueryRow("SELECT count(*), (SELECT sum(BilledCost) || max(ProviderName) FROM charges) FROM file_rejects WHERE reason > ''").Scan(&rows, &charges)
	return rows, err
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func put(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
