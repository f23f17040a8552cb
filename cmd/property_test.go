package cmd

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

const costsHeader = "start_time,end_time,amount_value,amount_currency,line_item,project_id,organization_id"

// costRow is a row of OpenAI's cost export, of a day in October 2026.
func costRow(day int, amount, item, project string) string {
	start := time.Date(2026, 10, day, 0, 0, 0, 0, time.UTC)
	return fmt.Sprintf("%d,%d,%s,usd,%s,%s,org-1", start.Unix(), start.AddDate(0, 0, 1).Unix(), amount, item, project)
}

// newLedger opens an empty ledger in a folder of its own. close tells of what went wrong with it.
func newLedger(t rapid.TB) (l *ingest.Ledger, dir string, done func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "aifinops-test-*")
	if err != nil {
		t.Fatal(err)
	}
	l, err = ingest.Open(context.Background(), filepath.Join(dir, "ledger.duckdb"), ingest.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return l, dir, func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		os.RemoveAll(dir)
	}
}

// write makes a file that was modified so many hours after the first of November.
func write(t rapid.TB, dir, name, text string, hours int) ingest.Input {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ingest.Input{Name: name, File: path, Modified: time.Date(2026, 11, 1, hours, 0, 0, 0, time.UTC)}
}

// text reads one value of the ledger.
func text(t rapid.TB, l *ingest.Ledger, query string) string {
	t.Helper()
	var s string
	if err := l.DB.QueryRow("SELECT coalesce((" + query + ")::VARCHAR, '')").Scan(&s); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s
}

// money draws an amount with up to 12 decimals, below zero now and then.
func money() *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		return decimal.New(rapid.Int64Range(-1_000_000, 100_000_000_000).Draw(t, "digits"), -rapid.Int32Range(0, 12).Draw(t, "decimals"))
	})
}

// A kind of row: how it is written, and what becomes of it. The amount is booked where it is of a good row.
type kindOfRow struct {
	write      func(day int, amount string) string
	good, idle bool
	understood bool // though it is no charge: that speaks against the row, and not against how the file is read
}

func kindsOfRow() map[string]kindOfRow {
	return map[string]kindOfRow{
		"good":         {write: func(d int, a string) string { return costRow(d, a, "gpt-5.4", "p1") }, good: true},
		"quoted":       {write: func(d int, a string) string { return costRow(d, a, `"gpt-5.4, input"`, "p2") }, good: true},
		"two lines":    {write: func(d int, a string) string { return costRow(d, a, "\"gpt\n\"\"5.4\"\"\"", "p2") }, good: true},
		"idle":         {write: func(d int, _ string) string { return strings.Replace(costRow(d, "", "", ""), "usd", "", 1) }, idle: true},
		"no money":     {write: func(d int, a string) string { return costRow(d, a+"x", "gpt-5.4", "p1") }},
		"no amount":    {write: func(d int, _ string) string { return costRow(d, "NULL", "gpt-5.4", "p1") }, understood: true},
		"no currency":  {write: func(d int, a string) string { return strings.Replace(costRow(d, a, "m", "p"), "usd", "dollar", 1) }},
		"no time":      {write: func(d int, a string) string { return "soon" + costRow(d, a, "m", "p") }},
		"before money": {write: func(_ int, a string) string { return "86400,172800," + a + ",usd,m,p,org-1" }, understood: true},
		"short":        {write: func(d int, a string) string { return strings.TrimSuffix(costRow(d, a, "m", "p"), ",org-1") }},
		"long":         {write: func(d int, a string) string { return costRow(d, a, "m", "p") + ",more" }},
	}
}

// Each record of a file is booked, ignored or rejected, under its own number; the money is the file's to the last
// digit, in the ledger and in the report; and the file a second time changes nothing.
func TestRecordsAreAccountedFor(t *testing.T) {
	kinds := kindsOfRow()
	names := slices.Sorted(maps.Keys(kinds))
	for _, name := range names { // a file of which most does not fit is refused
		if kinds[name].good {
			names = append(names, name, name)
		}
	}
	sources, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	few(t, 5, func(t *rapid.T) {
		l, dir, done := newLedger(t)
		defer done()
		rows := rapid.SliceOfN(rapid.SampledFrom(names), 1, 40).Draw(t, "rows")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		var file strings.Builder
		file.WriteString(rapid.SampledFrom([]string{"", "\xef\xbb\xbf"}).Draw(t, "mark") + costsHeader)
		sum, good, idle, bad, unread := decimal.Zero, 0, 0, []string{}, 0
		for i, name := range rows {
			k, amount := kinds[name], money().Draw(t, "amount")
			file.WriteString(end + k.write(rapid.IntRange(1, 31).Draw(t, "day"), amount.String()))
			switch {
			case k.good:
				good++
				sum = sum.Add(amount)
			case k.idle:
				idle++
			default:
				bad = append(bad, fmt.Sprint(i+2)) // the header is record 1
				if !k.understood {
					unread++
				}
			}
		}
		if last := kinds[rows[len(rows)-1]]; !last.good && !last.idle || rapid.Bool().Draw(t, "last line ends") {
			file.WriteString(end) // without it a bad last record is a file that was cut short
		}
		request := ingest.Request{Inputs: []ingest.Input{write(t, dir, "costs.csv", file.String(), 0)}, Sources: sources}
		receipts, err := ingest.Run(context.Background(), l, request)
		if good == 0 && len(bad) > 0 || unread >= 15 && 2*unread > len(rows) {
			if err == nil || text(t, l, "SELECT count(*) FROM files") != "0" {
				t.Fatalf("a file of which most does not fit is booked: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		r := receipts[0]
		if r.Records != int64(len(rows)) || r.Booked != int64(good) || r.Ignored != int64(idle) || r.Rejected != int64(len(bad)) {
			t.Fatalf("%d records, %d booked, %d ignored, %d rejected; the file has %d, %d, %d, %d", r.Records, r.Booked, r.Ignored, r.Rejected, len(rows), good, idle, len(bad))
		}
		if got, want := text(t, l, "SELECT string_agg(record, ' ' ORDER BY record) FROM rejects"), strings.Join(bad, " "); got != want {
			t.Fatalf("records %q are rejected, not %q", got, want)
		}
		checkTotal(t, l, sum, good)
		if receipts, err = ingest.Run(context.Background(), l, request); err != nil || receipts[0].Status != ingest.Unchanged {
			t.Fatalf("the second time it is %v, %v", receipts, err)
		}
		checkTotal(t, l, sum, good)
	})
}

// analysed makes what reports read of all that the ledger has, as the program does for a configuration.
func analysed(t rapid.TB, db *sql.DB, c config) error {
	t.Helper()
	s := &session{config: c, db: db}
	var err error
	if s.prices, err = c.book(); err != nil {
		t.Fatal(err)
	}
	if err := c.policy().Declare(context.Background(), db); err != nil {
		return err
	}
	return s.analyse(context.Background(), allTime(), nil)
}

// checkTotal holds the ledger and the report of October 2026 against a sum of our own.
func checkTotal(t rapid.TB, l *ingest.Ledger, sum decimal.Decimal, charges int) {
	t.Helper()
	ctx := context.Background()
	if got := text(t, l, "SELECT count(*) FROM charges"); got != fmt.Sprint(charges) {
		t.Fatalf("%s charges, not %d", got, charges)
	}
	if err := analysed(t, l.DB, config{Currency: "USD"}); err != nil {
		t.Fatal(err)
	}
	october := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for _, by := range []string{"use-case", "day"} {
		table, err := report.Spend(ctx, l.DB, report.Request{By: []string{by}, Period: report.Month(october), Currency: "USD", AsOf: october.AddDate(0, 2, 0)})
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range table.Columns {
			if total, ok := table.Totals[i].(decimal.Decimal); c.Name == "billed_cost" && (!ok || !total.Equal(sum)) {
				t.Fatalf("the report by %s adds up to %v, the file to %s", by, table.Totals[i], sum)
			}
		}
	}
}

// Exports of one source may come in any order, one by one or together: of each day the newest that speaks for it counts.
func TestOrderOfFilesDoesNotMatter(t *testing.T) {
	sources, err := ingest.Sources()
	if err != nil {
		t.Fatal(err)
	}
	few(t, 4, func(t *rapid.T) {
		one, dir, closeOne := newLedger(t)
		defer closeOne()
		other, _, closeOther := newLedger(t)
		defer closeOther()
		var inputs []ingest.Input
		want := map[int]decimal.Decimal{} // by day, as the newest file has it
		for hours := range rapid.IntRange(2, 4).Draw(t, "files") {
			first := rapid.IntRange(1, 30).Draw(t, "first day")
			last := rapid.IntRange(first+1, 31).Draw(t, "last day")
			var file strings.Builder
			rests := 2 // a file that said nothing of more days might be refused
			for day := first; day <= last; day++ {
				delete(want, day)
				if day != first && day != last && rests > 0 && rapid.IntRange(0, 3).Draw(t, "rest") == 0 {
					rests--
					continue // a day without cost, inside what the file speaks for
				}
				for _, project := range []string{"p1", "p2"} { // a file that said nothing of a project would be refused
					amount := decimal.New(rapid.Int64Range(10_000000000000, 19_999999999999).Draw(t, "amount"), -12) // half as much would be half a day
					want[day] = want[day].Add(amount)
					file.WriteString("\n" + costRow(day, amount.String(), "gpt-5.4", project))
				}
			}
			inputs = append(inputs, write(t, dir, fmt.Sprintf("export-%d.csv", hours), costsHeader+file.String()+"\n", hours))
		}
		for _, i := range rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0)).Perm(len(inputs)) {
			if _, err := ingest.Run(context.Background(), one, ingest.Request{Inputs: inputs[i : i+1], Sources: sources}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := ingest.Run(context.Background(), other, ingest.Request{Inputs: inputs, Sources: sources}); err != nil {
			t.Fatal(err)
		}
		var days []string
		for day := 1; day <= 31; day++ {
			if sum, ok := want[day]; ok {
				days = append(days, fmt.Sprintf("%d: %s", day, sum.StringFixed(12)))
			}
		}
		const byDay = `SELECT string_agg(day || ': ' || billed, E'\n' ORDER BY day) FROM (
			SELECT day(ChargePeriodStart) AS day, sum(BilledCost)::DECIMAL(38,12) AS billed FROM charges GROUP BY 1)`
		for name, l := range map[string]*ingest.Ledger{"one by one": one, "together": other} {
			if got := text(t, l, byDay); got != strings.Join(days, "\n") {
				t.Fatalf("%s, the days are\n%s\nnot\n%s", name, got, strings.Join(days, "\n"))
			}
		}
	})
}
