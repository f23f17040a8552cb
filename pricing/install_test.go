package pricing_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/pricing"
	"go.yaml.in/yaml/v3"
)

// openLedger is an empty ledger that has met the names, each "provider model".
func openLedger(t *testing.T, names ...string) *sql.DB {
	t.Helper()
	l, err := ingest.Open(context.Background(), filepath.Join(t.TempDir(), "test.duckdb"), ingest.Options{Threads: 1, Memory: "256MB"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	meet(t, l.DB, names...)
	return l.DB
}

func meet(t *testing.T, db *sql.DB, names ...string) {
	t.Helper()
	for i, n := range names {
		provider, model, _ := strings.Cut(n, " ")
		_, err := db.Exec(`INSERT INTO dimensions (x_Dimension, x_Source, ProviderName, x_Model) VALUES (?, 'test', ?, nullif(?, ''))`, i, provider, model)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func load(t *testing.T) *pricing.Book {
	t.Helper()
	b, err := pricing.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// install puts the book and the terms beside a ledger that has met the names.
func install(t *testing.T, terms pricing.Terms, names ...string) *sql.DB {
	t.Helper()
	db := openLedger(t, names...)
	if err := pricing.Install(context.Background(), db, load(t), terms); err != nil {
		t.Fatal(err)
	}
	return db
}

// query is the rows of a statement, a line each, cells between blanks, NULL as -.
func query(t *testing.T, db *sql.DB, statement string, args ...any) string {
	t.Helper()
	rows, err := db.Query("SELECT COLUMNS(*)::VARCHAR FROM ("+statement+")", args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, c := range cells {
			if !c.Valid {
				c.String = "-"
			}
			line = append(line, c.String)
		}
		lines = append(lines, strings.Join(line, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func check(t *testing.T, what, got, want string) {
	t.Helper()
	if got != strings.TrimSpace(want) {
		t.Errorf("%s is\n%s\nnot\n%s", what, got, want)
	}
}

// TestInstall holds the tables to their form: what the ledger met, in its own spelling, and nothing else.
func TestInstall(t *testing.T) {
	db := install(t, pricing.Terms{}, "openai gpt-5.5-2026-04-23", "openai GPT-4o", "openai ada v2", "openai unheard-of", "openai ", "azure azure/eu/gpt-4o", "xai grok-4.7",
		"deepseek deepseek-v4-pro", "google claude-opus-5", "modal h100")
	check(t, "model_names", query(t, db, `SELECT ProviderName, replace(x_Model, ' ', '_'), x_BookModel, replace(x_MatchedBy, ' ', ''), hourly, long_over, long_inclusive FROM model_names ORDER BY ALL`), `
azure  azure-openai provider false - -
azure azure/eu/gpt-4o azure-openai/gpt-4o@data-zone prefix,id false - -
deepseek  deepseek provider false - -
deepseek deepseek-v4-pro deepseek/deepseek-v4-pro id true - -
google  google-vertex provider false - -
google claude-opus-5 google-vertex/claude-opus-5 id false - -
openai  openai provider false - -
openai GPT-4o openai/gpt-4o id false - -
openai ada_v2 openai/text-embedding-ada-002 name false - -
openai gpt-5.5-2026-04-23 openai/gpt-5.5 name false 272000 false
xai  xai provider false - -
xai grok-4.7 xai/grok-4.7 id false 200000 true`)
	check(t, "the models that have prices", query(t, db, `SELECT DISTINCT x_BookModel FROM prices ORDER BY ALL`), `
azure-openai/gpt-4o@data-zone
deepseek/deepseek-v4-pro
google-vertex/claude-opus-5
openai
openai/gpt-4o
openai/gpt-5.5
openai/text-embedding-ada-002
xai/grok-4.7`)
	check(t, "tiers of openai", query(t, db, `SELECT raw || '=' || x_ServiceTier FROM service_tiers WHERE ProviderName = 'openai' ORDER BY ALL`), `
=standard
auto=standard
batch=batch
default=standard
fast=priority
flex=flex
priority=priority
standard=standard`)
	check(t, "uplifts", query(t, db, `SELECT x_BookModel, RegionId, factor FROM uplifts ORDER BY ALL`), `
google-vertex/claude-opus-5 multi-region 1.100000
google-vertex/claude-opus-5 regional 1.100000
openai/gpt-5.5 data_residency 1.100000`)
	check(t, "the types", query(t, db, `SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index) FROM duckdb_columns() WHERE table_name = 'prices'`),
		"x_BookModel VARCHAR, x_ServiceTier VARCHAR, x_TokenClass VARCHAR, long BOOLEAN, rate_from TIMESTAMP, rate_to TIMESTAMP, dow_from TINYINT, dow_to TINYINT, "+
			"hour_from TINYINT, hour_to TINYINT, price DECIMAL(24,15), x_Confidence VARCHAR, x_PriceSource VARCHAR")
	check(t, "empty tables", query(t, db, `SELECT (SELECT count(*) FROM terms), (SELECT count(*) FROM zero_rated), (SELECT count(*) FROM commitments), (SELECT count(*) FROM credits)`), "0 0 0 0")
}

// TestInstallAgain holds a ledger that is opened to be read, twice in one session, to the same prices.
func TestInstallAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.duckdb")
	ctx := context.Background()
	l, err := ingest.Open(ctx, path, ingest.Options{Threads: 1, Memory: "256MB"})
	if err != nil {
		t.Fatal(err)
	}
	meet(t, l.DB, "openai gpt-5.5", "anthropic claude-opus-5")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l, err = ingest.Open(ctx, path, ingest.Options{ReadOnly: true, Threads: 1, Memory: "256MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var before string
	for range 2 {
		if err := pricing.Install(ctx, l.DB, load(t), pricing.Terms{}); err != nil {
			t.Fatal(err)
		}
		after := query(t, l.DB, `SELECT count(*), sum(price), count(DISTINCT x_BookModel) FROM prices`)
		if before != "" && after != before || strings.HasPrefix(after, "0 ") {
			t.Errorf("prices %q after %q", after, before)
		}
		before = after
	}
}

// bookNames is every model of the book, each "provider id".
func bookNames(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("book/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no book: ", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var f struct {
			Provider string
			Models   []struct {
				ID       string
				Prefixed bool
			}
		}
		if err := yaml.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		for _, m := range f.Models {
			if m.Prefixed {
				m.ID = f.Provider + "/" + m.ID
			}
			names = append(names, f.Provider+" "+m.ID)
		}
	}
	return names
}

// TestOnePrice holds all models of the book to one price a tier, class, band and instant, and to prices at every hour of the week.
func TestOnePrice(t *testing.T) {
	names := bookNames(t)
	db := install(t, pricing.Terms{}, names...)
	check(t, "models that were found", query(t, db, `SELECT count(DISTINCT x_BookModel) FROM model_names WHERE x_Model <> ''`), strconv.Itoa(len(names)))
	check(t, "two prices at once", query(t, db, `
		SELECT a.x_BookModel, a.x_ServiceTier, a.x_TokenClass, a.long, a.rate_from FROM prices a JOIN prices b
		ON a.x_BookModel = b.x_BookModel AND a.x_ServiceTier = b.x_ServiceTier AND a.x_TokenClass = b.x_TokenClass AND a.long = b.long AND a.rowid < b.rowid
		AND a.rate_from < b.rate_to AND b.rate_from < a.rate_to AND a.dow_from <= b.dow_to AND b.dow_from <= a.dow_to AND a.hour_from < b.hour_to AND b.hour_from < a.hour_to`), "")
	check(t, "weeks with other than 168 hours", query(t, db, `
		SELECT x_BookModel, x_ServiceTier, x_TokenClass, long, rate_from, sum((dow_to::INTEGER - dow_from + 1) * (hour_to - hour_from)) AS hours FROM prices GROUP BY ALL HAVING hours <> 168`), "")
	check(t, "prices of nothing", query(t, db, `SELECT * FROM prices WHERE price <= 0 OR rate_from >= rate_to`), "")
	check(t, "a long band without the other, or none where a model has one", query(t, db, `
		SELECT x_BookModel, max(long_over), count(DISTINCT long) AS bands FROM prices JOIN model_names USING (x_BookModel) GROUP BY ALL HAVING bands <> 1 + (max(long_over) IS NOT NULL)::INTEGER`), "")
	check(t, "names that mean two rows", query(t, db, `SELECT ProviderName, x_Model FROM model_names GROUP BY ALL HAVING count(*) > 1`), "")
}
