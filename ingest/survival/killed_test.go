package survival_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// An ingest that is killed at any moment, the first one that makes the ledger too, leaves whole files: of a month the older export
// or the newer one, never both and never half. The next ingest finishes what it began.
func TestKilledIngest(t *testing.T) {
	d := newDesk(t)
	begin, before := time.Now(), spent.Load()
	rows := map[int]int{1: 40, 2: 1200}
	books, next := map[int]string{}, map[int]string{} // what the ledger holds of a month, and what the newest export of it has
	kills, changed, version := 0, 0, 0
	whole := 400 * time.Millisecond
	for try := range often(15, 240) {
		if try%12 == 0 { // from nothing
			for _, f := range []string{"aifinops.duckdb", "aifinops.duckdb.wal", "aifinops.duckdb.undo"} {
				_ = os.Remove(d.path(f))
			}
			clear(books)
			maps.Copy(next, d.exports(rows, version))
		}
		version++
		month := 1 + try%2
		maps.Copy(next, d.exports(map[int]int{month: rows[month]}, version))
		var ready func() bool
		after := upTo(whole * 11 / 10)
		if try%3 == 1 { // at its commits, its checkpoint and its end
			ready, after = func() bool { return exists(d.path("aifinops.duckdb.wal")) }, upTo(whole/2)
		}
		if !d.kill(after, ready, "ingest", "-q", "in") {
			kills++
		}
		if info, err := os.Stat(d.path("aifinops.duckdb.wal")); err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("the log that a kill leaves is for all to read: %v", info.Mode())
		}
		if exists(d.path("aifinops.duckdb")) {
			changed += d.compare(books, next)
		}
		if try%12 == 7 {
			whole = d.must("ingest", "-q", "in").took
			d.compare(books, next)
			if len(books) != len(rows) {
				t.Fatalf("the next ingest did not finish: %v", books)
			}
			d.must("query", "SELECT count(*) FROM charges")
		}
	}
	left, _ := filepath.Glob(d.path("scratch/*"))
	t.Logf("%d kills, %d months changed by runs that were killed, %d folders left in TMPDIR; %.0f s, %.0f s of them in the program",
		kills, changed, len(left), time.Since(begin).Seconds(), time.Duration(spent.Load()-before).Seconds())
}

// exports writes a bill of each month in a version, newer than the one before, and says what each comes to.
func (d desk) exports(rows map[int]int, version int) map[int]string {
	if err := os.MkdirAll(d.path("in"), 0o700); err != nil {
		d.Fatal(err)
	}
	all := map[int]string{}
	for month, n := range rows {
		dollars := fmt.Sprintf("%d.%02d", version, month)
		name := filepath.Join("in", fmt.Sprintf("month-%d.csv", month))
		d.write(name, bill(month, n, dollars))
		at := time.Date(2026, 10, 1, 0, version, 0, 0, time.UTC)
		if err := os.Chtimes(d.path(name), at, at); err != nil {
			d.Fatal(err)
		}
		all[month] = fmt.Sprintf("%02d %s %d", month, decimal.RequireFromString(dollars).Mul(decimal.NewFromInt(int64(n))).StringFixed(2), n)
	}
	return all
}

// compare holds the ledger to what it held before and what was on its way, notes what it is, and counts the months that are newer.
func (d desk) compare(books, next map[int]string) (changed int) {
	d.Helper()
	found := map[string]bool{}
	got := d.ask("aifinops.duckdb", held)
	for part := range strings.SplitSeq(got, ", ") {
		found[part] = true
	}
	delete(found, "")
	for month, newer := range next {
		switch {
		case found[newer]:
			if books[month] != newer {
				changed++
			}
			books[month] = newer
			delete(found, newer)
		case found[books[month]]:
			delete(found, books[month])
		case books[month] != "":
			d.Fatalf("month %d is neither %s nor %s in\n%s", month, books[month], newer, got)
		}
	}
	if len(found) > 0 {
		d.Fatalf("%v is in the ledger, which held %v, and %v was on its way", found, books, next)
	}
	return changed
}

// An export that is killed leaves the older file as it was, or the newer one whole. An approval stands in the register, or does not.
func TestKilledWriters(t *testing.T) {
	d := newDesk(t)
	d.write("aifinops.yaml", "version: 1\nuse_cases: [{id: docs, kind: feature}]\nrules: [{id: all, match: {provider: anthropic}, use_case: docs}]\n")
	d.write("bill.csv", bill(9, 400, "10.50"))
	d.must("ingest", "-q", "bill.csv")
	args := [][]string{
		{"export", "-q", "month.xlsx", "--as-of", "2026-10-15"},
		{"export", "-q", "month.focus.csv", "--as-of", "2026-10-15"},
		{"approve", "-q", "feature-growth", "docs", "--by", "ana@example.com", "--reason", "as planned", "--until", "2026-12-31", "--as-of", "2026-10-15"},
	}
	files := []string{"month.xlsx", "month.focus.csv", "decisions.yaml"}
	kills := 0
	for i, file := range files {
		whole := d.must(args[i]...).took
		want, err := os.ReadFile(d.path(file))
		if err != nil {
			t.Fatal(err)
		}
		older := "older"
		if file == "decisions.yaml" {
			older = ""
		}
		for range often(2, 4) {
			d.write(file, older)
			_ = os.Remove(d.path(".decisions.yaml.part"))
			if !d.kill(upTo(whole), nil, args[i]...) {
				kills++
			}
			got, err := os.ReadFile(d.path(file))
			if err != nil || string(got) != older && string(got) != string(want) {
				t.Fatalf("%s: %v, %d bytes, which are neither the older nor the newer file", file, err, len(got))
			}
		}
		d.write(file, older)
		_ = os.Remove(d.path(".decisions.yaml.part")) // as the message asks where a run was killed that held it
		d.must(args[i]...)
	}
	t.Logf("%d kills", kills)
}
