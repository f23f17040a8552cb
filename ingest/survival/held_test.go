package survival_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aifinops/aifinops/ingest"
)

// While another process writes, whoever comes waits, says for whom, and goes on once the other is done, or says at last who it is.
func TestHeld(t *testing.T) {
	d := newDesk(t)
	d.write("bill.csv", bill(9, 40, "2.50"))
	d.write("later.csv", bill(10, 40, "1.25"))
	d.must("ingest", "bill.csv")
	holder := d.hold(ingest.Options{})
	who := fmt.Sprintf("aifinops.duckdb: the ledger is held by pid %d (%s)", os.Getpid(), filepath.Base(os.Args[0]))
	for _, args := range [][]string{{"query", "FROM files"}, {"report"}, {"ingest", "later.csv"}} {
		r := d.run(append(args, "--wait", "0s")...)
		d.fails(r, 1, who)
		if strings.Contains(r.err, "waiting") {
			t.Errorf("%v waits: %s", args, r.err)
		}
	}
	d.fails(d.run("report", "--wait", "1200ms"), 1, "waiting up to 1.2s: "+who, "aifinops: "+who)

	var free sync.Once
	var runs sync.WaitGroup
	for _, args := range [][]string{{"query", held, "-o", "csv"}, {"ingest", "later.csv"}} {
		runs.Go(func() {
			c := d.command(append(args, "--wait", "5m")...)
			talk, err := c.StderrPipe()
			if err != nil {
				t.Error(err)
				return
			}
			if err := c.Start(); err != nil {
				t.Error(err)
				return
			}
			lines := bufio.NewScanner(talk)
			for lines.Scan() {
				if strings.HasPrefix(lines.Text(), "waiting up to 5m0s") {
					free.Do(func() {
						if err := holder.Close(); err != nil {
							t.Error(err)
						}
					})
				}
			}
			if err := c.Wait(); err != nil {
				t.Errorf("%v: %v", args, err)
			}
		})
	}
	runs.Wait()
	if got, want := d.ask("aifinops.duckdb", held), "09 100.00 40, 10 50.00 40"; got != want {
		t.Errorf("the ledger holds %s, not %s", got, want)
	}
}

func (d desk) hold(o ingest.Options) *ingest.Ledger {
	d.Helper()
	l, err := ingest.Open(context.Background(), d.path("aifinops.duckdb"), o)
	if err != nil {
		d.Fatal(err)
	}
	return l
}

// Readers read side by side; what wants to write waits for them.
func TestReadersTogether(t *testing.T) {
	d := newDesk(t)
	d.write("bill.csv", bill(9, 40, "2.50"))
	d.must("ingest", "bill.csv")
	reader := d.hold(ingest.Options{ReadOnly: true})
	defer reader.Close()
	d.must("query", "FROM files", "--wait", "0s")
	d.write("later.csv", bill(10, 40, "1.25"))
	d.fails(d.run("ingest", "later.csv", "--wait", "0s"), 1, "the ledger is held by pid ")
	d.must("ingest", "--dry-run", "later.csv", "--wait", "0s")
}

// Several that begin at once, where there is no ledger yet, make one, and each books its file.
func TestTogether(t *testing.T) {
	d := newDesk(t)
	var runs sync.WaitGroup
	var want []string
	for i := range often(3, 6) {
		name := fmt.Sprintf("bill-%d.csv", i)
		d.write(name, bill(i+1, 200, "3.00"))
		want = append(want, fmt.Sprintf("%02d 600.00 200", i+1))
		runs.Go(func() {
			if r := d.finish(d.command("ingest", name, "--wait", "5m")); r.code != 0 {
				t.Errorf("%s: exit code %d\n%s", name, r.code, r.err)
			}
		})
	}
	runs.Wait()
	if got := d.ask("aifinops.duckdb", held); got != strings.Join(want, ", ") {
		t.Errorf("the ledger holds %s, not %s", got, want)
	}
	d.onlyLedger()
}

// onlyLedger checks that nothing lies beside the ledger that a run was to take away.
func (d desk) onlyLedger() {
	d.Helper()
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		d.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".aifinops") || strings.HasPrefix(e.Name(), "aifinops.duckdb.") {
			d.Errorf("%s was left behind", e.Name())
		}
	}
}

// `aifinops ingest *` names the ledger and what lies beside it too. None of that is read, and while the others are, no other process writes.
func TestIngestAll(t *testing.T) {
	d := newDesk(t)
	d.write("bill.csv", bill(9, 40, "2.50"))
	d.write("later.csv", bill(10, 40, "1.25"))
	d.must("ingest", "bill.csv")
	for _, beside := range []string{".undo.part", ".version-2", ".tmp"} {
		d.write("aifinops.duckdb"+beside, "left behind\n")
	}
	all := []string{"aifinops.duckdb", "aifinops.duckdb.wal", "aifinops.duckdb.undo.part", "aifinops.duckdb.version-2", "aifinops.duckdb.tmp", "bill.csv", "later.csv"}
	holder := d.hold(ingest.Options{Threads: 1})
	if _, err := holder.DB.Exec("INSERT INTO file_rejects SELECT 0, 0, 'none'"); err != nil || !exists(d.path("aifinops.duckdb.wal")) {
		t.Fatal("there is no log to be named", err)
	}
	paths := make([]string, len(all))
	for i, name := range all {
		paths[i] = d.path(name)
	}
	inputs, err := ingest.Find(paths)
	if err != nil || len(inputs) != len(all) {
		t.Fatal(inputs, err)
	}
	sources, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	probes := 0
	receipts, err := ingest.Run(context.Background(), holder, ingest.Request{Inputs: inputs, Sources: sources, Progress: func(string, int, int) {
		probes++
		d.fails(d.run("ingest", "--wait", "0s", "later.csv"), 1, "the ledger is held by pid ")
	}})
	if err != nil || len(receipts) != 2 || probes != 3 {
		t.Errorf("%d receipts, %d times tried to write beside it: %v", len(receipts), probes, err)
	}
	d.fails(d.run(append([]string{"ingest", "--dry-run", "--wait", "0s"}, all...)...), 1, "aifinops.duckdb: the ledger is held by pid ")
	if err := holder.Close(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"ingest", "--dry-run"}, {"ingest"}} {
		d.write("aifinops.duckdb.wal", "") // so that it can be named
		d.write("aifinops.duckdb.undo.part", "left behind\n")
		if r := d.must(append(args, all...)...); strings.Contains(r.err+r.out, "duckdb") {
			t.Errorf("%v reads the ledger: %s%s", args, r.out, r.err)
		}
	}
	for _, args := range [][]string{{"ingest", "--dry-run"}, {"ingest"}} {
		d.fails(d.run(append(args, "aifinops.duckdb", "aifinops.duckdb.version-2")...), 2, "aifinops.duckdb: is the ledger or a file of it, and no other file was named\nhint: name exports")
	}
}
