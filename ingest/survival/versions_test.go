package survival_test

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// older makes a ledger of an older version: by the steps that made it, with two files in it. Where it was not closed well, the
// second is in the log beside it.
func (d desk) older(name string, version int, closed bool) {
	d.Helper()
	db, err := sql.Open("duckdb", d.path(name))
	if err != nil {
		d.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(query string) {
		d.Helper()
		if _, err := db.Exec(query); err != nil {
			d.Fatalf("%s: %v", query, err)
		}
	}
	for step := 1; step <= version; step++ {
		text, err := os.ReadFile(fmt.Sprintf("../schema/%04d.sql", step))
		if err != nil {
			d.Fatal(err)
		}
		run(string(text))
	}
	run(fmt.Sprintf("INSERT INTO ledger VALUES (%d, 'of then', '2026-01-01')", version))
	run("INSERT INTO dimensions (x_Dimension, x_Source, ProviderName, BillingCurrency) VALUES (7, 'anthropic-costs-csv', 'anthropic', 'USD')")
	for file := 1; file <= 2; file++ {
		if file == 2 && !closed {
			run("CHECKPOINT; PRAGMA disable_checkpoint_on_shutdown")
		}
		run(fmt.Sprintf("INSERT INTO files VALUES (%[1]d, 'f%[1]d.csv', 'sha%[1]d', 9, '2026-09-01', 'anthropic-costs-csv', 'billing', '2026-09-01', '2026-0%[1]d-01', '2026-0%[1]d-02', 400, 400, 0, 0, 1000, 'USD')", file))
		run(fmt.Sprintf("INSERT INTO file_coverage VALUES (%[1]d, 'anthropic', NULL, NULL, '2026-0%[1]d-01', '2026-0%[1]d-02')", file))
		run(fmt.Sprintf(`INSERT INTO charge_facts (x_File, x_Record, x_Dimension, ChargePeriodStart, ChargePeriodEnd, BilledCost, EffectiveCost)
			SELECT %[1]d, i, 7, '2026-0%[1]d-01', '2026-0%[1]d-02', 2.50, 2.50 FROM range(400) t(i)`, file))
	}
}

func (d desk) sum(name string) string {
	d.Helper()
	data, err := os.ReadFile(d.path(name))
	if err != nil {
		d.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

const (
	ofThen  = "01 1000.00 400, 02 1000.00 400"
	ofNow   = ofThen + ", 09 100.00 40"
	version = "SELECT version FROM ledger"
)

// A ledger of an older version is read as it is. The next ingest raises it, and keeps a copy that opens and holds what it held.
func TestOlderLedger(t *testing.T) {
	for v := 1; v <= 3; v++ {
		d := newDesk(t)
		d.older("aifinops.duckdb", v, v%2 == 1)
		before := d.sum("aifinops.duckdb")
		d.must("report", "--month", "2026-02")
		d.must("report", "reconcile")
		d.must("rules", "check")
		d.must("query", "FROM charges")
		if d.sum("aifinops.duckdb") != before || d.ask("aifinops.duckdb", version) != fmt.Sprint(v) || d.ask("aifinops.duckdb", held) != ofThen {
			t.Fatalf("version %d: a report has changed it", v)
		}
		d.write("bill.csv", bill(9, 40, "2.50"))
		copied := fmt.Sprintf("aifinops.duckdb.version-%d", v)
		d.must("ingest", "--dry-run", "bill.csv")
		if exists(d.path(copied)) || d.ask("aifinops.duckdb", version) != fmt.Sprint(v) {
			t.Errorf("version %d: a dry run has raised it", v)
		}
		if r := d.must("ingest", "bill.csv"); !strings.Contains(r.err, copied) {
			t.Errorf("version %d: it is not said where the copy is: %s", v, r.err)
		}
		if got := d.ask("aifinops.duckdb", held); got != ofNow {
			t.Errorf("version %d: now it holds %s", v, got)
		}
		if d.ask(copied, version) != fmt.Sprint(v) || d.ask(copied, held) != ofThen {
			t.Errorf("version %d: the copy is of version %s and holds %s", v, d.ask(copied, version), d.ask(copied, held))
		}
		if info, err := os.Stat(d.path(copied)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("version %d: the copy: %v, %v", v, info.Mode(), err)
		}
		d.must("query", "--db", copied, "FROM charges")
	}
}

// A link to an older ledger: the copy lies beside the ledger, with what was in its log, and a dry run reads that too.
func TestLinkedOlderLedger(t *testing.T) {
	d := newDesk(t)
	if err := os.Symlink(filepath.Join("scratch", "real.duckdb"), d.path("aifinops.duckdb")); err != nil {
		t.Skip(err)
	}
	d.older("scratch/real.duckdb", 2, false)
	d.write("bill.csv", bill(9, 40, "2.50"))
	d.write("again.csv", bill(2, 40, "2.50"))
	r := d.run("ingest", "--dry-run", "again.csv")
	d.must("ingest", "-q", "bill.csv")
	if after := d.run("ingest", "--dry-run", "again.csv"); after.code != r.code || after.out != r.out {
		t.Errorf("a dry run does not know of the log: %s%s\n%s%s", r.out, r.err, after.out, after.err)
	}
	if got := d.ask("scratch/real.duckdb.version-2", held); got != ofThen {
		t.Errorf("the copy holds %s", got)
	}
	if d.ask("aifinops.duckdb", held) != ofNow || exists(d.path("scratch/real.duckdb.wal")) {
		t.Errorf("it holds %s, and its log was left", d.ask("aifinops.duckdb", held))
	}
	d.onlyLedger()
}

// Raising that is killed, or has no space, leaves the older ledger or the newer one, and once it is the newer, a good copy of the older.
func TestRaisingFails(t *testing.T) {
	d := newDesk(t)
	d.write("bill.csv", bill(9, 40, "2.50"))
	kills, raised := 0, 0
	for try := range often(3, 8) {
		for _, f := range []string{"", ".wal", ".version-2", ".version-2.part"} {
			_ = os.Remove(d.path("aifinops.duckdb" + f))
		}
		d.older("aifinops.duckdb", 2, try%2 == 0)
		var ready func() bool
		after := upTo(250e6)
		if try%3 == 0 {
			ready, after = func() bool { return exists(d.path("aifinops.duckdb.version-2.part")) }, upTo(60e6)
		}
		if !d.kill(after, ready, "ingest", "-q", "bill.csv") {
			kills++
		}
		if got := d.ask("aifinops.duckdb", held); got != ofThen && got != ofNow {
			t.Fatalf("it holds %s", got)
		}
		if v := d.ask("aifinops.duckdb", version); v != "2" {
			raised++
			if d.ask("aifinops.duckdb.version-2", held) != ofThen {
				t.Fatal("it is raised, and the copy is none")
			}
		}
		d.must("ingest", "-q", "bill.csv")
		if got := d.ask("aifinops.duckdb", held); got != ofNow {
			t.Fatalf("the next ingest did not finish: %s", got)
		}
	}
	t.Logf("%d kills, %d of them after it was raised", kills, raised)

	d.disk("small", 2<<10)
	db := filepath.Join("small", "aifinops.duckdb")
	d.older(db, 2, true)
	before := d.sum(db)
	r := d.run("ingest", "--db", db, "bill.csv")
	d.fails(r, 1, "no copy of it could be kept, so it is left as it is", db+".version-2", noSpace)
	if d.sum(db) != before || exists(d.path(db+".version-2")) || exists(d.path(db+".version-2.part")) {
		t.Error("it is not as it was")
	}
}

// A ledger of a newer version is refused by every command that opens one, and stays as it is.
func TestNewerLedger(t *testing.T) {
	d := newDesk(t)
	d.older("aifinops.duckdb", 3, true)
	db, err := sql.Open("duckdb", d.path("aifinops.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec("UPDATE ledger SET version = 99")
	if err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	d.write("bill.csv", bill(9, 40, "2.50"))
	before := d.sum("aifinops.duckdb")
	for _, args := range [][]string{
		{"ingest", "bill.csv"}, {"ingest", "--dry-run", "bill.csv"}, {"query", "FROM files"}, {"report"}, {"report", "coverage"}, {"report", "reconcile"},
		{"report", "trend"}, {"gate"}, {"export", "month.xlsx"}, {"prices", "missing"}, {"rules", "suggest"}, {"rules", "explain", "key=a"},
		{"approve", "total-growth", "--by", "a@example.com", "--reason", "r", "--until", "2036-01-01"},
	} {
		d.fails(d.run(args...), 2, "was written by a newer aifinops (ledger version 99, this program reads ")
	}
	if d.sum("aifinops.duckdb") != before {
		t.Error("it is not as it was")
	}
	if exists(d.path("decisions.yaml")) || exists(d.path("month.xlsx")) {
		t.Error("something was written")
	}
}

// A ledger that was cut short, or written over somewhere, is refused with what is wrong, or read as it was; never is it made anew.
func TestDamagedLedger(t *testing.T) {
	d := newDesk(t)
	d.write("bill.csv", bill(9, 400, "2.50"))
	d.write("later.csv", bill(10, 40, "2.50"))
	d.must("ingest", "-q", "bill.csv")
	good, err := os.ReadFile(d.path("aifinops.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	damage := map[string][]byte{"empty": {}, "text": []byte(strings.Repeat("a diary\n", 4000)), "zeros": make([]byte, len(good))}
	for i := range often(4, 10) {
		cut := random.IntN(len(good))
		damage[fmt.Sprintf("cut after %d", cut)] = good[:cut]
		over, length := random.IntN(len(good)), []int{1, 16, 4096}[i%3]
		if i%4 == 0 {
			over = random.IntN(3 * 4096) // its headers
		}
		flipped := append([]byte{}, good...)
		for j := over; j < min(over+length, len(good)); j++ {
			flipped[j] = byte(random.Uint32())
		}
		damage[fmt.Sprintf("%d bytes at %d", length, over)] = flipped
	}
	refused := 0
	for name, data := range damage {
		_ = os.Remove(d.path("aifinops.duckdb.wal")) // of the one before
		if err := os.WriteFile(d.path("aifinops.duckdb"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		read := d.run("query", held, "-o", "csv", "--no-color")
		if read.code == 0 && !strings.Contains(read.out, "09 1000.00 400") {
			t.Errorf("%s: it reads\n%s", name, read.out)
		}
		before := d.sum("aifinops.duckdb")
		r := d.run("ingest", "-q", "later.csv")
		if r.code == 0 { // where the damage is in what an ingest does not read, reports find it
			if again := d.run("query", held, "-o", "csv"); again.code == 0 && !strings.Contains(again.out, "09 1000.00 400, 10 100.00 40") || again.code != 0 && read.code == 0 {
				t.Errorf("%s: after one more file it says %s%s", name, again.out, again.err)
			}
			continue
		}
		refused++
		if strings.TrimSpace(r.err) == "" {
			t.Errorf("%s: it is refused without a word", name)
		}
		if strings.Contains(r.err, "aifinops: aifinops.duckdb: ") && d.sum("aifinops.duckdb") != before {
			t.Errorf("%s: it is refused, and changed: %s", name, r.err)
		}
		if strings.Contains(r.err, "bill.csv") {
			t.Errorf("%s: %s", name, r.err)
		}
	}
	t.Logf("%d of %d are refused", refused, len(damage))
}
