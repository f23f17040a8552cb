package ingest_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the fixtures give into them")

const fixtures = "../testdata/source"

// TestSources holds every source to its fixture, and every fixture to its
// source. A fixture is a txtar: export files, then the section "want" with what
// each of them must give. The same conformance for all: a file is recognised as
// its source and as no other, its records are all accounted for, twice is once,
// read again it gives the same rows, and so does its Parquet form.
func TestSources(t *testing.T) {
	sources := embedded(t)
	recipes, err := ingest.Recipes()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	files, err := filepath.Glob(fixtures + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	ledgers := ingest.LedgersFor(t)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		seen[name] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := <-ledgers
			defer func() { ledgers <- l }()
			if i := slices.IndexFunc(recipes, func(r ingest.Recipe) bool { return r.Name == name }); i >= 0 {
				checkFixture(t, l, file, name, append(slices.Clone(sources), mapped(t, recipes[i])))
				return
			}
			if !slices.ContainsFunc(sources, func(s ingest.Source) bool { return s.Name == name }) {
				t.Fatalf("a fixture without a source: %s", name)
			}
			checkFixture(t, l, file, name, sources)
		})
	}
	for _, s := range sources {
		if !seen[s.Name] {
			t.Errorf("source %s has no fixture %s/%s.txtar", s.Name, fixtures, s.Name)
		}
	}
	for _, r := range recipes {
		if !seen[r.Name] {
			t.Errorf("recipe %s has no fixture %s/%s.txtar", r.Name, fixtures, r.Name)
		}
	}
}

// mapped is a recipe's map as the configuration would have it, for files of any name.
func mapped(t *testing.T, r ingest.Recipe) ingest.Source {
	t.Helper()
	m := r.Map[0]
	m.Name, m.Path = r.Name, "*"
	s, err := m.NewSource("USD", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func checkFixture(t *testing.T, l *ingest.Ledger, file, name string, sources []ingest.Source) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got, want strings.Builder
	inputs, twice := 0, true // what holds of a source's first export when it comes again holds of the others
	for _, f := range archive.Files {
		if f.Name == "want" {
			want.Write(f.Data)
			continue
		}
		inputs++
		text, booked := loadFixture(t, l, f, name, sources, twice)
		empty(t, l)
		got.WriteString(text)
		twice = twice && !booked
	}
	if inputs == 0 || !strings.Contains(got.String(), " booked, ") {
		t.Fatalf("no export of the fixture is booked:\n%s", got.String())
	}
	if *update {
		archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
		archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got.String())})
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		t.Errorf("run `go test ./ingest -run TestSources -update` if this is right (-want +got)\n%s", diff)
	}
}

// empty takes all out of a ledger: to make a new one for each export would take longer than to book it.
func empty(t *testing.T, l *ingest.Ledger) {
	t.Helper()
	for _, table := range []string{"files", "file_coverage", "file_rejects", "file_left_out", "file_readings", "dimensions", "charge_facts", "usage_facts", "request_facts", "invoice_facts", "outcome_facts"} {
		if _, err := l.DB.Exec("DELETE FROM " + table); err != nil {
			t.Fatal(err)
		}
	}
}

// loadFixture books one export into an empty ledger and prints what it gave. With twice it comes again: as it is, as Parquet, and to be read anew.
func loadFixture(t *testing.T, l *ingest.Ledger, f txtar.File, name string, sources []ingest.Source, twice bool) (text string, booked bool) {
	t.Helper()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), f.Name)
	if err := os.WriteFile(path, f.Data, 0o644); err != nil {
		t.Fatal(err)
	}
	request := ingest.Request{Inputs: []ingest.Input{{Name: f.Name, File: path, Modified: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}}, Sources: sources}
	receipts, err := ingest.Run(ctx, l, request)
	if twice {
		checkParquet(t, l, path, name, sources, err)
	}
	if err != nil {
		return fmt.Sprintf("%s: refused: %v\n\n", f.Name, err), false
	}
	r := receipts[0]
	if r.Status == ingest.Booked && r.Source != name {
		t.Errorf("%s is recognised as %s", f.Name, r.Source)
	}
	if r.Booked+r.Ignored+r.Rejected != r.Records {
		t.Errorf("%s: %d booked + %d ignored + %d rejected are not %d records", f.Name, r.Booked, r.Ignored, r.Rejected, r.Records)
	}
	got := fmt.Sprintf("%s: %s %s, %d records = %d booked + %d ignored + %d rejected", f.Name, r.Source, r.Status, r.Records, r.Booked, r.Ignored, r.Rejected)
	if r.More {
		got += ", another page is missing"
	}
	for _, d := range r.Dollars {
		got += ", " + d.Value.String() + " " + d.Currency
	}
	rows := dump(t, l.DB, view(r.Role))
	got += "\n" + rows + dump(t, l.DB, "SELECT record, reason FROM rejects ORDER BY ALL") + "\n"

	if !twice {
		return got, r.Status == ingest.Booked
	}
	again, err := ingest.Run(ctx, l, request)
	if err != nil || again[0].Status == ingest.Booked {
		t.Errorf("%s: the second time it is %v, %v", f.Name, again, err)
	}
	request.Again = true
	if _, err := ingest.Run(ctx, l, request); err != nil {
		t.Errorf("%s: read again: %v", f.Name, err)
	}
	if diff := cmp.Diff(rows, dump(t, l.DB, view(r.Role))); diff != "" {
		t.Errorf("%s: read again it gives other rows\n%s", f.Name, diff)
	}
	return got, r.Status == ingest.Booked
}

func view(role ingest.Role) string {
	name := map[ingest.Role]string{ingest.Billing: "charges", ingest.Usage: "usage", ingest.Requests: "requests", ingest.Invoice: "invoices", ingest.Outcomes: "outcomes"}[role]
	if name == "" {
		return "SELECT 1 WHERE false"
	}
	record := "x_Record"
	return "SELECT " + record + " AS record, * EXCLUDE (x_File, x_Record, x_Source) FROM " + name + " ORDER BY ALL"
}

func embedded(t *testing.T) []ingest.Source {
	t.Helper()
	sources, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// openLedger makes a ledger with a salt that does not change, so that hashes can stand in a fixture.
func openLedger(t *testing.T) *ingest.Ledger {
	t.Helper()
	ctx := context.Background()
	l, err := ingest.Open(ctx, filepath.Join(t.TempDir(), "ledger.duckdb"), ingest.Options{Threads: 1})
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
	return l
}

// dump prints a query's rows, without the columns that are NULL in all of them.
func dump(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.Query("SELECT COLUMNS(*)::VARCHAR FROM (" + query + ")")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var table [][]sql.NullString
	used := make([]bool, len(columns))
	for rows.Next() {
		row := make([]sql.NullString, len(columns))
		to := make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		for i, cell := range row {
			used[i] = used[i] || cell.Valid
		}
		table = append(table, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(table) == 0 {
		return ""
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	line := func(cell func(i int) string) {
		var cells []string
		for i := range columns {
			if used[i] {
				cells = append(cells, cell(i))
			}
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	line(func(i int) string { return columns[i] })
	for _, row := range table {
		line(func(i int) string {
			if !row[i].Valid {
				return "·"
			}
			return row[i].String
		})
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var trimmed strings.Builder
	for l := range strings.Lines(b.String()) {
		trimmed.WriteString(strings.TrimRight(l, " \n") + "\n")
	}
	return trimmed.String()
}
