package focus_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/report/focus"
	"github.com/aifinops/aifinops/report/table"
)

var update = flag.Bool("update", false, "write testdata/october.golden")

// newest is October with all columns that there are.
func newest() focus.Options {
	o := october()
	o.Version = "1.3"
	return o
}

func TestExport(t *testing.T) {
	db := ledger(t, "testdata/october.txtar")
	path, receipt := export(t, db, focus.CSV, newest())
	t.Run("golden", func(t *testing.T) { testGolden(t, read(t, path)) })
	t.Run("receipt", func(t *testing.T) {
		// openai 114.24, mistral 100.55 x 1.10 + 1/3 x 1.17 = 110.995, modal 15.84, pinecone 0.11, cursor 1000, the reseller 34.08, of whose costs 12.27 more are
		// effective. Estimated are 1,000,000 tokens at 0.05 and 1,000 at 0.08 a million.
		if got := fmt.Sprint(receipt); got != "{29 19 1275.265 1287.535 0.05008 1}" {
			t.Errorf("the receipt is %s", got)
		}
	})
	t.Run("sums", func(t *testing.T) { testSums(t, db, csvTable(path)) })
	t.Run("metadata", func(t *testing.T) { testMetadata(t, path) })
	t.Run("defused", func(t *testing.T) { testDefused(t, db) })
	t.Run("floats", func(t *testing.T) { testFloats(t, db) })
	t.Run("version", func(t *testing.T) {
		o := october()
		o.Version = "1.1"
		_, err := focus.CSV(context.Background(), db, o, filepath.Join(t.TempDir(), "x"))
		if _, other := focus.Metadata(o); err == nil || other == nil || err.Error() != `FOCUS version "1.1": must be one of 1.2, 1.3` {
			t.Errorf("%v; %v", err, other)
		}
	})
	t.Run("bytes", func(t *testing.T) {
		for _, write := range []writer{focus.CSV, focus.Parquet} {
			first, _ := export(t, db, write, newest())
			if _, err := db.Exec("SET threads = 1"); err != nil {
				t.Fatal(err)
			}
			second, _ := export(t, db, write, newest())
			if _, err := db.Exec("SET threads = 2"); err != nil {
				t.Fatal(err)
			}
			if read(t, first) != read(t, second) {
				t.Error("the same export has other bytes the second time")
			}
		}
	})
	t.Run("nothing", func(t *testing.T) {
		o := october()
		o.From, o.To = day(9, 1), day(9, 2)
		if path, r := export(t, db, focus.CSV, o); r.Rows != 0 || strings.Count(read(t, path), "\n") != 1 {
			t.Errorf("a day without charges gives %v and\n%s", r, read(t, path))
		}
	})
}

// testGolden holds each row, a column a line and without nulls, against the one that somebody has read.
func testGolden(t *testing.T, text string) {
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for i, r := range records[1:] {
		fmt.Fprintf(&got, "row %d\n", i+1)
		for c, v := range r {
			if v != "" {
				fmt.Fprintf(&got, "  %s: %s\n", records[0][c], v)
			}
		}
	}
	const golden = "testdata/october.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, golden); got.String() != want {
		t.Errorf("the rows are not those of %s:\n%s", golden, difference(want, got.String()))
	}
}

// difference is the first line that is another.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d: %s, not %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, not %d", len(g), len(w))
}

// testSums adds the text of the file up by charge, and holds it against the bills at their rates; the parts of a charge are one of it.
func testSums(t *testing.T, db *sql.DB, from string) {
	const wrong = `
	WITH bills AS (
		SELECT x_File::VARCHAR AS x_File, x_Record::VARCHAR AS x_Record, sum(round(BilledCost * rate, 12)) AS billed, sum(round(coalesce(EffectiveCost, BilledCost) * rate, 12)) AS effective,
			sum(round(coalesce(ListCost, BilledCost) * rate, 12)) AS list, sum(round(coalesce(ContractedCost, BilledCost) * rate, 12)) AS contracted, sum(coalesce(EffectiveCost, BilledCost)) AS own
		FROM charges, (VALUES ('USD', DATE '2026-01-01', 1.00), ('EUR', DATE '2026-01-01', 1.10), ('EUR', DATE '2026-10-15', 1.17)) r(currency, since, rate)
		WHERE currency = BillingCurrency AND since = CASE WHEN currency = 'EUR' AND ChargePeriodStart >= '2026-10-15' THEN DATE '2026-10-15' ELSE DATE '2026-01-01' END
		GROUP BY ALL
	), rows AS (
		SELECT x_File, x_Record, sum(BilledCost::DECIMAL(38,12)) AS billed, sum(EffectiveCost::DECIMAL(38,12)) AS effective, sum(ListCost::DECIMAL(38,12)) AS list,
			sum(ContractedCost::DECIMAL(38,12)) AS contracted, sum(PricingCurrencyEffectiveCost::DECIMAL(38,12)) AS own, any_value(x_OriginBilledCost::DECIMAL(38,12)) AS origin,
			sum((AllocatedMethodDetails->>'$.Elements[0].AllocatedRatio')::DECIMAL(38,15)) AS ratio, count(*) > 1 AS split
		FROM %s GROUP BY ALL
	)
	SELECT count(*) FROM bills b FULL JOIN rows r USING (x_File, x_Record)
	WHERE (b.billed, b.effective, b.list, b.contracted, b.own, b.billed) IS DISTINCT FROM (r.billed, r.effective, r.list, r.contracted, r.own, r.origin)
		OR ratio IS DISTINCT FROM CASE WHEN split THEN 1 END`
	if n := one(t, db, fmt.Sprintf(wrong, from)); n != "0" {
		t.Errorf("%s charges are not the sum of their rows", n)
	}
	// What billed nothing is not divided: its other costs are in one row.
	if got := one(t, db, "SELECT string_agg(EffectiveCost || ' ' || x_UseCase, ', ' ORDER BY x_UseCase) FROM "+from+" WHERE ChargeDescription = 'Prepaid'"); got != "13.37 app, 0.0 search" {
		t.Errorf("the prepaid charge is %s", got)
	}
}

func testMetadata(t *testing.T, path string) {
	text, err := focus.Metadata(newest())
	if err != nil {
		t.Fatal(err)
	}
	type metadata struct {
		SchemaID, FocusVersion, CreationDate, DataGenerator string
		ColumnDefinition                                    []struct {
			ColumnName, DataType string
			Deprecated           bool
		}
	}
	var m, older metadata
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	header, _, _ := strings.Cut(read(t, path), "\n")
	var names, deprecated []string
	for _, c := range m.ColumnDefinition {
		names = append(names, c.ColumnName)
		if !slices.Contains([]string{"STRING", "DECIMAL", "DATETIME", "JSON", "INTEGER"}, c.DataType) {
			t.Errorf("%s is %s", c.ColumnName, c.DataType)
		}
		if c.Deprecated {
			deprecated = append(deprecated, c.ColumnName)
		}
	}
	if strings.Join(names, ",") != header {
		t.Errorf("the metadata has\n%s, the file\n%s", names, header)
	}
	if fmt.Sprint(deprecated) != "[ProviderName PublisherName]" {
		t.Errorf("%s are deprecated", deprecated)
	}
	if m.FocusVersion != "1.3" || m.CreationDate != "2026-11-15T00:00:00Z" || m.DataGenerator != "aifinops test" {
		t.Errorf("%+v", m)
	}
	if text, err = focus.Metadata(october()); err == nil {
		err = json.Unmarshal(text, &older)
	}
	if err != nil || older.SchemaID == m.SchemaID || older.SchemaID == "" {
		t.Errorf("the schemas of two versions are %q and %q; %v", older.SchemaID, m.SchemaID, err)
	}
}

// testDefused holds the guard of a CSV file against that of all others.
func testDefused(t *testing.T, db *sql.DB) {
	for _, s := range []string{"", "a", "=1", "+1", "-1", "@x", "|x", "%x", " =1", "\t", "\tx", "\rx", "\nx", "x=1", "{\"a\":1}", "=1", "\u00a0=1", "\ufeff@x", "\u200b-1",
		"\u202e+1", "\u0085=1", "\u3000-1", "\u2028@", "'=1", "#x", "１", "﹢1", "0=", " x", "\x01=x", "\x7f=x"} {
		var got string
		if err := db.QueryRow("SELECT csv_text(?)", s).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if want := table.Defuse(s); got != want {
			t.Errorf("%q becomes %q, not %q", s, got, want)
		}
	}
}

// testFloats draws costs and quantities: a price times its quantity is the cost to the last bit, and the quantity is what it was but for its last bits.
func testFloats(t *testing.T, db *sql.DB) {
	const drawn = `
	SELECT setseed(0.5); CREATE OR REPLACE TEMP TABLE drawn AS
	SELECT round(list * factor, 12) AS contracted, list, quantity
	FROM (SELECT round(random() * pow(10, (random() * 12)::INTEGER - 6), 12) AS list,
		CASE WHEN random() < 0.5 THEN 1 ELSE random() END AS factor, round(random() * pow(10, (random() * 10)::INTEGER - 3), 6) AS quantity
		FROM range(100000)) WHERE list > 0 AND quantity > 0;
	CREATE OR REPLACE TEMP TABLE fitted AS SELECT *, focus_quantity(quantity, list, list / quantity, contracted, contracted / quantity) AS fit FROM drawn`
	if _, err := db.Exec(drawn); err != nil {
		t.Fatal(err)
	}
	const broken = `SELECT count(*) FROM fitted WHERE abs(fit / quantity - 1) > 1e-12
		OR focus_price(list, list / quantity, fit) * fit <> list OR focus_price(contracted, contracted / quantity, fit) * fit <> contracted`
	if n := one(t, db, broken); n != "0" {
		t.Errorf("%s of 100000 prices do not fit: %s", n, one(t, db, strings.Replace(broken, "count(*)", "list(fitted)", 1)))
	}
	if n := one(t, db, "SELECT count(*) FROM fitted WHERE fit = quantity"); n == "100000" {
		t.Error("no quantity had to move: nothing was tested")
	}
}

// Whatever is not in the file as the ledger has it, in all or in one charge, there is no file.
func TestUntied(t *testing.T) {
	db := ledger(t, "testdata/october.txtar")
	const part = "WHERE x_Slice IN (SELECT x_Slice FROM allocated WHERE use_case = 'search' AND BilledCost > 0 ORDER BY x_Slice LIMIT 1) AND use_case = 'search'"
	for name, change := range map[string]string{
		"a slice is lost":        "DELETE FROM allocated " + part,
		"a slice is there twice": "INSERT INTO allocated FROM allocated " + part,
		"a billionth more":       "UPDATE allocated SET BilledCost = BilledCost + 0.000000000001 " + part,
		"one charge's is another's": `UPDATE allocated SET BilledCost = BilledCost + CASE rule_id WHEN 'machines' THEN 1 ELSE -1 END
			WHERE BilledCost IN (11.09, 25.2)`,
		"a charge has no slice": "DELETE FROM allocated WHERE BilledCost = 11.09",
		"a file is forgotten":   "DELETE FROM files WHERE source = 'cursor'",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "export.csv")
			if _, err := db.Exec("BEGIN; " + change); err != nil {
				t.Fatal(err)
			}
			_, err := focus.CSV(context.Background(), db, october(), path)
			if !errors.Is(err, focus.ErrUntied) {
				t.Errorf("the export says %v", err)
			}
			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("there is a file: %v", err)
			}
			if _, err := db.Exec("ROLLBACK"); err != nil {
				t.Fatal(err)
			}
		})
	}
	export(t, db, focus.CSV, october())
}

// A rule may hold SQL, so a session shuts out all other files; the one to write can be let through before.
func TestShutOut(t *testing.T) {
	db := ledger(t, "testdata/october.txtar")
	dir := t.TempDir()
	open, other := filepath.Join(dir, "it's.csv"), filepath.Join(dir, "other.csv")
	for _, q := range []string{"SET GLOBAL allowed_paths = ['" + strings.ReplaceAll(open, "'", "''") + "']", "SET GLOBAL enable_external_access = false"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := focus.CSV(context.Background(), db, october(), open); err != nil {
		t.Error(err)
	}
	if _, err := focus.CSV(context.Background(), db, october(), other); err == nil || !strings.Contains(err.Error(), other) {
		t.Errorf("another file is written: %v", err)
	}
}
