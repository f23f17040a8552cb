package focus_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/attribute"
	"github.com/aifinops/aifinops/report/focus"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"
)

// settings is the part of a configuration that a ledger of a test has.
type settings struct {
	Currency      string
	Sources       []ingest.Mapping           `yaml:"sources"`
	UseCases      []allocate.UseCase         `yaml:"use_cases"`
	Rules         []allocate.Rule            `yaml:"rules"`
	ExchangeRates map[string][]allocate.Rate `yaml:"exchange_rates"`
}

// october is the month of the tests.
func october() focus.Options {
	return focus.Options{Version: "1.2", From: day(10, 1), To: day(11, 1), Created: day(11, 15), Generator: "aifinops test"}
}

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }

// ledger books the files of an archive and has its rules judge October.
func ledger(t *testing.T, archive string) *sql.DB {
	t.Helper()
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := settings{Currency: "USD"}
	var inputs []ingest.Input
	for _, f := range a.Files {
		path := filepath.Join(dir, f.Name)
		switch f.Name {
		case "aifinops.yaml":
			err = yaml.Unmarshal(f.Data, &c)
		default:
			err = os.WriteFile(path, f.Data, 0o600)
			inputs = append(inputs, ingest.Input{Name: f.Name, File: path, Modified: day(11, 2)})
		}
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	sources, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range c.Sources {
		s, err := m.NewSource(c.Currency, sources)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, s)
	}
	l, err := ingest.Open(context.Background(), filepath.Join(dir, "ledger.duckdb"), ingest.Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	receipts, err := ingest.Run(context.Background(), l, ingest.Request{Inputs: inputs, Sources: sources})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range receipts {
		if r.Rejected > 0 {
			t.Fatalf("%s: %s", r.File, r.FirstReject)
		}
	}
	judge(t, l.DB, c)
	return l.DB
}

// judge makes what an export reads.
func judge(t *testing.T, db *sql.DB, c settings) {
	t.Helper()
	ctx := context.Background()
	book, err := pricing.Load()
	if err != nil {
		t.Fatal(err)
	}
	policy := allocate.Policy{Currency: c.Currency, UseCases: c.UseCases, Rules: c.Rules, Rates: c.ExchangeRates}
	group := attribute.Options{From: day(10, 1), To: day(11, 1), Tolerance: attribute.Tolerance(), Mentions: append(focus.Mentions(), policy.Mentions()...), Rules: policy.Mentions()}
	for _, step := range []func() error{
		func() error { return policy.Declare(ctx, db) },
		func() error { return pricing.Install(ctx, db, book, pricing.Terms{}) },
		func() error { return attribute.Group(ctx, db, group) },
		func() error { return pricing.Price(ctx, db) },
		func() error { return attribute.Claim(ctx, db) },
		func() error { return policy.Judge(ctx, db) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
}

// A writer is CSV or Parquet.
type writer func(context.Context, *sql.DB, focus.Options, string) (focus.Receipt, error)

// export writes a file and returns its path.
func export(t *testing.T, db *sql.DB, write writer, o focus.Options) (string, focus.Receipt) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export")
	r, err := write(context.Background(), db, o, path)
	if err != nil {
		t.Fatal(err)
	}
	return path, r
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// one reads one value.
func one(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var s sql.NullString
	if err := db.QueryRow("SELECT (" + query + ")::VARCHAR").Scan(&s); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s.String
}
