package report

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
)

// withoutMetric is the money of use cases to which no metric is attached.
const withoutMetric = "x_UseCase IS NOT NULL AND x_UseCase NOT IN (SELECT use_case FROM metric_use_cases WHERE attached)"

// Outcomes answers what a unit of each outcome cost in the month, and where money was spent without a metric. The unit costs of the month,
// of the one before and of the baselines must be there: see metric.Set.Install.
func Outcomes(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	var t table.Table
	if err := r.Period.WholeMonth(); err != nil {
		return t, err
	}
	running := r.Period.To.After(r.AsOf)
	if err := r.Period.soFar(ctx, db, r.AsOf); err != nil {
		return t, err
	}
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return t, err
	}
	head, query, err := load("outcomes")
	if err != nil {
		return t, err
	}
	if t, err = read(ctx, db, query); err != nil {
		return t, err
	}
	said, baseline := metricNotes(&t)
	t.Report, t.Title = "outcomes", fmt.Sprintf("%s, %s (%s)", head.Title, r.Period, r.Currency)
	if running {
		t.Title += ", month to date"
		said = append(said, "a unit cost to date is set against that of the whole month before, where it is of a sum")
	}
	if !baseline {
		head.Wide = append(head.Wide, "baseline_value", "drift_percent")
	}
	describe(&t, head.Wide)
	t.Facts = append(facts(r, nil)[:4], table.Fact{Name: "prices_as_of", Value: r.PricesAsOf.Format(time.DateOnly)})
	without, err := unmeasured(ctx, db, r)
	if err != nil {
		return t, err
	}
	t.Details = []table.Table{without}
	if len(t.Rows) == 0 {
		example, err := exampleMetric(ctx, db)
		if err != nil {
			return t, err
		}
		said = append(said, example...)
	}
	if t.Notes, err = notes(ctx, db, r, "no match", "scaled", "no bill", "prior", "no price", "no claim", "over-claims", "missing bills"); err != nil {
		return t, err
	}
	lost, err := lostOutcomes(ctx, db)
	t.Notes = slices.Concat(said, t.Notes, lost)
	return t, err
}

// describe gives the columns their kinds: what a unit costs may be far less than a cent, and an outcome is no money.
func describe(t *table.Table, wide []string) {
	for i, c := range t.Columns {
		switch c.Name {
		case "value", "prior_value", "baseline_value", "llm_only", "fully_loaded":
			t.Columns[i].Kind = table.Unit
		case "denominator", "prior_denominator":
			t.Columns[i].Kind = table.Number
		}
		if c.Name == "llm_only" {
			t.Columns[i].Heading = "LLM only"
		}
		t.Columns[i].Wide = slices.Contains(wide, c.Name)
		t.Columns[i].Blank = c.Name == "note" || c.Name == "unit"
	}
}

// metricNotes takes the notes out of the rows; that of the month itself stays there too, for machines. It says whether any metric has a baseline.
func metricNotes(t *table.Table) (all []string, baselines bool) {
	note := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == "note" })
	last := len(t.Columns) - 3 // behind it: why the value of the month before is not known, that of the baseline, and the baseline's month
	for i, row := range t.Rows {
		if row[note] != nil {
			all = append(all, fmt.Sprintf("%s: %s", row[0], row[note]))
		}
		if row[last] != nil {
			all = append(all, fmt.Sprintf("%s: the month before: %s", row[0], row[last]))
		}
		if row[last+2] != nil {
			baselines = true
			if row[last+1] != nil {
				all = append(all, fmt.Sprintf("%s: baseline %s: %s", row[0], row[last+2], row[last+1]))
			}
		}
		t.Rows[i] = row[:last]
	}
	t.Columns = t.Columns[:last]
	return all, baselines
}

// unmeasured is the use cases without a metric, with the dollars that Spend has of them.
func unmeasured(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	t, err := listing(ctx, db, "without-metric", "{where}", withoutMetric)
	if err != nil {
		return t, err
	}
	if _, err := tie(ctx, db, &t, withoutMetric); err != nil {
		return t, err
	}
	t.Report = "without_metric"
	t.Title += fmt.Sprintf(", %s (%s)", r.Period, r.Currency)
	return t, nil
}

// exampleMetric says how to begin, with the names that the ledger has where it has any.
func exampleMetric(ctx context.Context, db *sql.DB) ([]string, error) {
	var metrics int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM metrics").Scan(&metrics); err != nil {
		return nil, err
	}
	if metrics > 0 {
		return []string{"the month has not begun"}, nil
	}
	var outcome, useCase string
	err := db.QueryRowContext(ctx, `SELECT coalesce((SELECT min(x_Outcome) FROM outcome_facts), 'tickets_deflected'),
		coalesce((SELECT x_UseCase FROM outcome_facts WHERE x_UseCase IN (SELECT use_case FROM use_cases) ORDER BY x_Outcome, x_UseCase LIMIT 1),
			(SELECT min(use_case) FROM use_cases), 'support')`).Scan(&outcome, &useCase)
	if err != nil {
		return nil, err
	}
	id := "cost-per-" + strings.Trim(wordBreak.ReplaceAllString(strings.ToLower(outcome), "-"), "-")
	return []string{
		"aifinops.yaml has no metrics, so nothing says what the money brings about; for example:",
		fmt.Sprintf("metrics: [{id: %s, use_cases: [%s], outcome: %s, window: sum}]", id, scalar(useCase), scalar(outcome)),
		"`aifinops sources outcomes` shows a file of outcomes",
	}, nil
}

var wordBreak = regexp.MustCompile(`[^\pL\pN]+`)

// scalar writes a text as YAML has it in a list: in quotes where it holds more than words.
func scalar(s string) string {
	if plainText.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}

var plainText = regexp.MustCompile(`^[\pL_][\pL\pN_ -]*$`)

// lostOutcomes says which records of outcomes are in no count: those of a use case that is none, and those that were rejected.
func lostOutcomes(ctx context.Context, db *sql.DB) ([]string, error) {
	t, err := read(ctx, db, `
		SELECT format('{:,} {} of {} {} for the use case {}, which is none: aifinops rules check', count(*), CASE WHEN count(*) = 1 THEN 'record' ELSE 'records' END, outcome,
			CASE WHEN count(*) = 1 THEN 'is' ELSE 'are' END, series)
		FROM outcome_records
		WHERE outcome IN (SELECT outcome FROM metrics) AND series <> '' AND series NOT IN (SELECT use_case FROM use_cases)
			AND EXISTS (FROM (SELECT unnest(period_days()) AS day) WHERE day >= first_day AND day <= last_day)
		GROUP BY outcome, series ORDER BY outcome, series`)
	if err != nil {
		return nil, err
	}
	rejected, err := read(ctx, db, `SELECT format('{:,} records of {} were rejected and are in no count: aifinops query "FROM rejects"', count(*), path)
		FROM rejects JOIN files USING (x_File, path)
		WHERE role = 'outcomes' AND (period_start IS NULL OR EXISTS (FROM (SELECT unnest(period_days()) AS day) WHERE day >= date_trunc('day', period_start) AND day <= period_end))
		GROUP BY path ORDER BY path`)
	var all []string
	for _, row := range slices.Concat(t.Rows, rejected.Rows) {
		all = append(all, fmt.Sprint(row[0]))
	}
	return all, err
}
