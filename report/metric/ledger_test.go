package metric_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/metric"
	"go.yaml.in/yaml/v3"
)

// A ledger is what a case starts from. Outcomes are "file period name value [use case]": the period is a day, an ISO week's Monday with
// a W, a month, or an event's time. Costs are "day use-case provider category tier basis dollars", where - is none.
type ledger struct {
	outcomes, costs []string
	missing         []string // "provider day"
	unpriced        []string // "provider model use-case day quantity"
}

// set is a configuration as its user writes it.
func set(t *testing.T, text string) metric.Set {
	t.Helper()
	var c struct {
		UseCases []allocate.UseCase `yaml:"use_cases"`
		Outcomes []metric.Outcome   `yaml:"outcomes"`
		Metrics  []metric.Metric    `yaml:"metrics"`
	}
	if err := yaml.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return metric.Set{UseCases: c.UseCases, Outcomes: c.Outcomes, Metrics: c.Metrics}
}

// deflected is the configuration of most cases.
const deflected = `
use_cases: [{id: a, kind: feature, team: x}, {id: b, kind: feature, team: y}, {id: p, kind: pilot}]
metrics: [{id: m, use_cases: [a], outcome: tickets%s}]
`

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// open is an empty ledger.
func open(t *testing.T) *sql.DB {
	t.Helper()
	opened, err := ingest.Open(context.Background(), filepath.Join(t.TempDir(), "ledger"), ingest.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened.DB
}

// fill makes the relations that Install reads, with the ledger in them and nothing else.
func fill(t *testing.T, db *sql.DB, l ledger) {
	t.Helper()
	queries := []string{
		"DELETE FROM outcome_facts", "DELETE FROM files", "DELETE FROM file_coverage",
		`CREATE OR REPLACE TEMP TABLE costs (ChargePeriodStart TIMESTAMP, x_UseCase VARCHAR, ProviderName VARCHAR, x_Category VARCHAR, ServiceCategory VARCHAR,
			x_Tier VARCHAR, x_Basis VARCHAR, BilledCost DECIMAL(38,12))`,
		"CREATE OR REPLACE TEMP TABLE missing_bills (provider VARCHAR, month TIMESTAMP, day TIMESTAMP)",
		"CREATE OR REPLACE TEMP TABLE activity (ChargePeriodStart TIMESTAMP, x_UseCase VARCHAR, ProviderName VARCHAR, x_Model VARCHAR)",
		"CREATE OR REPLACE TEMP TABLE unpriced (slot_start TIMESTAMP, ProviderName VARCHAR, x_Model VARCHAR, quantity BIGINT)",
	}
	var outcomes, costs []string
	for i, line := range l.outcomes {
		f := append(strings.Fields(line), "")
		start, end := period(t, f[1])
		file := strings.TrimPrefix(f[0], "f")
		outcomes = append(outcomes, fmt.Sprintf("(%s, %d, 'outcomes', '%s', '%s', '%s', %s::DECIMAL(38,12), nullif('%s', ''))", file, i+2, start, end, f[2], f[3], f[4]))
	}
	if len(outcomes) > 0 {
		queries = append(queries, "INSERT INTO outcome_facts (x_File, x_Record, x_Source, ChargePeriodStart, ChargePeriodEnd, x_Outcome, x_Value, x_UseCase) VALUES "+
			strings.Join(outcomes, ", "))
	}
	queries = append(queries, `INSERT INTO files (x_File, path, sha256, bytes, modified_at, source, role, ingested_at, records, booked, ignored, rejected)
			SELECT DISTINCT x_File, 'f' || x_File, '', 0, '2026-01-01'::TIMESTAMP, 'outcomes', 'outcomes', '2026-01-01'::TIMESTAMP, 0, 0, 0, 0 FROM outcome_facts`,
		`INSERT INTO file_coverage (x_File, period_start, period_end) SELECT x_File, min(date_trunc('day', ChargePeriodStart)), max(ChargePeriodEnd) FROM outcome_facts GROUP BY ALL`)
	for _, line := range l.costs {
		f := strings.Fields(line)
		costs = append(costs, fmt.Sprintf("('%s', nullif('%s', '-'), '%s', nullif('%s', '-'), 'Compute', '%s', '%s', %s::DECIMAL(38,12))", f[0], f[1], f[2], f[3], f[4], f[5], f[6]))
	}
	if len(costs) > 0 {
		queries = append(queries, "INSERT INTO costs VALUES "+strings.Join(costs, ", "))
	}
	for _, line := range l.missing {
		f := strings.Fields(line)
		queries = append(queries, fmt.Sprintf("INSERT INTO missing_bills VALUES ('%s', date_trunc('month', DATE '%s'), '%[2]s')", f[0], f[1]))
	}
	for _, line := range l.unpriced {
		f := strings.Fields(line)
		queries = append(queries, fmt.Sprintf("INSERT INTO activity VALUES ('%s', '%s', '%s', '%s')", f[3], f[2], f[0], f[1]),
			fmt.Sprintf("INSERT INTO unpriced VALUES ('%s', '%s', '%s', %s)", f[3], f[0], f[1], f[4]))
	}
	if _, err := db.Exec(strings.Join(queries, ";\n")); err != nil {
		t.Fatal(err)
	}
}

func period(t *testing.T, text string) (start, end string) {
	t.Helper()
	if monday, ok := strings.CutPrefix(text, "W"); ok {
		return monday, day(t, monday).AddDate(0, 0, 7).Format(time.DateOnly)
	}
	if month, err := time.Parse("2006-01", text); err == nil {
		return month.Format(time.DateOnly), month.AddDate(0, 1, 0).Format(time.DateOnly)
	}
	if strings.Contains(text, "T") {
		return text, text
	}
	return text, day(t, text).AddDate(0, 0, 1).Format(time.DateOnly)
}

// each writes one line a day, from first to last but on the weekdays left out: a % in it is the day.
func each(t *testing.T, line, first, last string, without ...time.Weekday) []string {
	t.Helper()
	var all []string
	for d := day(t, first); !d.After(day(t, last)); d = d.AddDate(0, 0, 1) {
		off := false
		for _, w := range without {
			off = off || d.Weekday() == w
		}
		if !off {
			all = append(all, strings.ReplaceAll(line, "%", d.Format(time.DateOnly)))
		}
	}
	return all
}

func join(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// unitCosts is what Install makes of a configuration: "month metric value = numerator / denominator complete: note".
func unitCosts(t *testing.T, db *sql.DB, s metric.Set, l ledger, asOf, from, to string) (string, error) {
	t.Helper()
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	fill(t, db, l)
	ctx := context.Background()
	if err := s.Install(ctx, db, metric.Options{AsOf: day(t, asOf), From: day(t, from+"-01"), To: day(t, to+"-01")}); err != nil {
		return "", err
	}
	var text sql.NullString
	err := db.QueryRow(`SELECT string_agg(format('{} {} {} = {} / {} {}{}', month, metric, coalesce(plain(value), 'n/a'), coalesce(plain(numerator), 'n/a'), coalesce(plain(denominator), 'n/a'),
		CASE WHEN complete THEN 'complete' ELSE 'not complete' END, coalesce(': ' || note, '')), chr(10) ORDER BY metric, month) FROM unit_costs`).Scan(&text)
	if err != nil {
		t.Fatal(err)
	}
	return text.String, nil
}
