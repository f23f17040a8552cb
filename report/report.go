// Package report answers questions about the ledger.
//
// A report is one SELECT in query/: its header says title and columns, its SQL
// starts from the relations that package allocate prepares. The SQL type of a
// column is its kind: DECIMAL is money, DOUBLE a percentage, BIGINT a count.
// Placeholders such as {by}, {names} and {where} are filled with checked
// expressions. To add a report, add its .sql file and a function beside Spend,
// which fills them and returns a table.
package report

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v3"
)

//go:embed query/*.sql
var queries embed.FS

// ErrEmpty means that the ledger holds nothing to report on.
var ErrEmpty = errors.New("the ledger is empty; `aifinops ingest` fills it, `aifinops demo` shows how that looks")

// ErrUntied means that a report does not add up to the ledger: a defect of the
// program, after which no figure of it can be trusted.
var ErrUntied = errors.New("the report does not tie to the ledger, which is a defect of aifinops (please report it with the output of `aifinops --version`)")

// A RequestError says what is wrong with a question.
type RequestError struct{ error }

func (e *RequestError) Unwrap() error { return e.error }

// A Request is a question.
type Request struct {
	By       []string // dimensions, one or two
	Period   Period
	Where    []string // dim=glob
	Top      int      // 0: all rows
	Currency string
	AsOf     time.Time

	PricesAsOf time.Time       // the newest fact in the price book
	Tolerance  decimal.Decimal // how far evidence may be from its bill, as a part of it
}

// header is the YAML comment at the top of a query.
type header struct {
	Title string   `yaml:"title"`
	About string   `yaml:"about"` // for who reads the file
	Wide  []string `yaml:"wide"`
	Sum   []string `yaml:"sum"`
}

// Spend answers what was spent on what. The rules must be prepared. The rows add
// up to what the providers billed in the period, or it is an error.
func Spend(ctx context.Context, db *sql.DB, r Request) (table.Table, error) {
	var t table.Table
	if len(r.By) == 0 {
		r.By = []string{"use-case"}
	}
	where, err := condition(r.Where)
	if err != nil {
		return t, &RequestError{err}
	}
	if err := r.Period.soFar(ctx, db, r.AsOf); err != nil {
		return t, err
	}
	shift, order := r.Period.before(r.By), "billed_cost DESC, {names}"
	byTime := shift != "INTERVAL 0 DAY"
	if byTime {
		order = "{names}"
	}
	if err := setPeriod(ctx, db, r.Period); err != nil {
		return t, err
	}
	head, query, err := load("spend")
	if err != nil {
		return t, err
	}
	var by, names []string
	for _, dim := range r.By {
		e, err := expression(dim)
		if err != nil {
			return t, &RequestError{fmt.Errorf("--by: %w", err)}
		}
		by = append(by, e+" AS "+ident(columnName(dim)))
		names = append(names, ident(columnName(dim)))
	}
	if len(slices.Compact(slices.Sorted(slices.Values(names)))) < len(names) {
		return t, &RequestError{fmt.Errorf("--by %s names a dimension twice", strings.Join(r.By, ","))}
	}
	query = strings.ReplaceAll(query, "{order}", order)
	query = strings.NewReplacer("{shift}", shift, "{by}", strings.Join(by, ",\n        "), "{names}", strings.Join(names, ", "), "{where}", where).Replace(query)
	if t, err = read(ctx, db, query); err != nil {
		return t, err
	}
	t.Report, t.Title = "spend", fmt.Sprintf("%s by %s, %s (%s)", head.Title, strings.Join(r.By, " and "), r.Period, r.Currency)
	for i := range t.Columns {
		t.Columns[i].Wide = slices.Contains(head.Wide, t.Columns[i].Name)
	}
	total(&t, head.Sum)
	if i := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == "estimated_cost" }); !amount(&t, t.Totals, "estimated_cost").IsZero() {
		t.Columns[i].Wide = false
		t.Title += ", in part estimated"
	}
	if byTime {
		// Each row is set against the one before it: their sum is no period's.
		without(&t, "prior_cost", "change", "change_percent")
	}
	for _, row := range t.Rows {
		ratios(&t, row)
	}
	top(&t, r.Top, len(r.By), head.Sum)
	covered, err := tie(ctx, db, &t, where)
	if err != nil {
		return t, err
	}
	t.Facts = facts(r, covered)
	if t.Notes, err = notes(ctx, db, r); err != nil {
		return t, err
	}
	unseen, err := unseenCalls(ctx, db, &t, where)
	t.Notes = append(t.Notes, unseen...)
	return t, err
}

// Mentions is the SQL over dimensions that the question needs kept apart.
func (r Request) Mentions() ([]string, error) {
	where, err := condition(r.Where)
	if err != nil {
		return nil, &RequestError{err}
	}
	all := []string{where}
	for _, dim := range r.By {
		e, err := expression(dim)
		if err != nil {
			return nil, &RequestError{fmt.Errorf("--by: %w", err)}
		}
		all = append(all, e)
	}
	return all, nil
}

// setPeriod makes the macros in which queries speak of the period.
func setPeriod(ctx context.Context, db *sql.DB, p Period) error {
	stamp := func(t time.Time) string { return "TIMESTAMP " + quote(t.UTC().Format(time.DateTime)) }
	for _, m := range []string{
		fmt.Sprintf("in_period(t) AS t >= %s AND t < %s", stamp(p.From), stamp(p.To)),
		fmt.Sprintf("in_prior(t) AS t >= %s AND t < %s", stamp(p.PriorFrom), stamp(p.PriorTo)),
		fmt.Sprintf("in_both(t) AS t >= %s AND t < %s", stamp(p.PriorFrom), stamp(p.To)),
		fmt.Sprintf("period_days() AS generate_series(%s, %s - INTERVAL 1 DAY, INTERVAL 1 DAY)", stamp(p.From), stamp(p.To)),
	} {
		if _, err := db.ExecContext(ctx, "CREATE OR REPLACE TEMP MACRO "+m); err != nil {
			return err
		}
	}
	return nil
}

// load reads a query and its header.
func load(name string) (header, string, error) {
	var h header
	text, err := queries.ReadFile("query/" + name + ".sql")
	if err != nil {
		return h, "", err
	}
	head, query, ok := strings.Cut(strings.TrimPrefix(string(text), "/*"), "*/")
	if !ok {
		return h, "", fmt.Errorf("query %s has no header", name)
	}
	d := yaml.NewDecoder(strings.NewReader(head))
	d.KnownFields(true) // a misspelt `wide` would show a column, and a misspelt `sum` lose a total
	if err := d.Decode(&h); err != nil {
		return h, "", fmt.Errorf("query %s: %w", name, err)
	}
	if h.Title == "" || h.About == "" {
		return h, "", fmt.Errorf("query %s: its header needs title and about", name)
	}
	return h, query, nil
}
