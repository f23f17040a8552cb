// Package report answers questions about the ledger.
//
// A report is one SELECT in query/: its header says title and columns, its SQL
// starts from the relations that package allocate prepares. The SQL type of a
// column is its kind: DECIMAL is money, DOUBLE a percentage, BIGINT a count. The
// placeholders {by}, {names} and {where} are filled with checked expressions.
// To add a report, add its .sql file.
package report

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/big"
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
var ErrUntied = errors.New("the report does not tie to the ledger")

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
	About string   `yaml:"about"`
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
	if err := yaml.Unmarshal([]byte(head), &h); err != nil {
		return h, "", fmt.Errorf("query %s: %w", name, err)
	}
	return h, query, nil
}

// Query answers any SELECT with a table. Decimals and floating point numbers are numbers, not
// money or percentages; what is nested is written as JSON.
func Query(ctx context.Context, db *sql.DB, query string) (table.Table, error) {
	types, err := read(ctx, db, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ("+query+"\n))")
	if err != nil {
		return types, err
	}
	var columns []string
	nested := false
	for i, row := range types.Rows {
		e, kind := fmt.Sprintf("c%d", i), fmt.Sprint(row[1])
		switch {
		case strings.HasPrefix(kind, "STRUCT"), strings.HasPrefix(kind, "MAP"), strings.HasPrefix(kind, "UNION"), strings.HasSuffix(kind, "]"):
			e = "to_json(" + e + ")::VARCHAR"
			nested = true
		case kind == "UBIGINT", kind == "HUGEINT", kind == "UHUGEINT": // wider than a count
			e += "::DECIMAL(38,0)"
			nested = true
		case kind == "TIME", kind == "INTERVAL", kind == "UUID", kind == "BLOB":
			e += "::VARCHAR"
			nested = true
		}
		columns = append(columns, e+" AS "+ident(fmt.Sprint(row[0])))
	}
	if nested {
		query = "SELECT " + strings.Join(columns, ", ") + " FROM (" + query + "\n) t(" + strings.Join(positions(len(columns)), ", ") + ")"
	}
	t, err := read(ctx, db, query)
	for i, c := range t.Columns {
		t.Columns[i].Name = fmt.Sprint(types.Rows[i][0])
		t.Columns[i].Heading = t.Columns[i].Name
		if c.Kind == table.Money || c.Kind == table.Percent {
			t.Columns[i].Kind = table.Number
		}
		for _, row := range t.Rows {
			if f, ok := row[i].(float64); ok {
				row[i] = finite(f)
			}
		}
	}
	return t, err
}

// finite is a floating point number as a decimal; what is not finite is not known.
func finite(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return decimal.NewFromFloat(f)
}

// positions names columns by where they stand: a query may give two of one name.
func positions(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	return names
}

// read runs a query and reads its rows by the types of its columns.
func read(ctx context.Context, db *sql.DB, query string, args ...any) (table.Table, error) {
	var t table.Table
	for row, err := range stream(ctx, db, &t.Columns, query, args...) {
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// stream runs a query and gives its rows one by one, once the columns are known. An error ends it.
func stream(ctx context.Context, db *sql.DB, columns *[]table.Column, query string, args ...any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		types, err := rows.ColumnTypes()
		if err != nil {
			yield(nil, err)
			return
		}
		*columns = nil
		for _, c := range types {
			*columns = append(*columns, table.Column{Name: c.Name(), Kind: kind(c.DatabaseTypeName())})
		}
		for rows.Next() {
			row, err := scan(rows, *columns)
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// scan reads the row at hand.
func scan(rows *sql.Rows, columns []table.Column) ([]any, error) {
	row, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		to[i] = &row[i]
	}
	if err := rows.Scan(to...); err != nil {
		return nil, err
	}
	var err error
	for i, c := range columns {
		if row[i], err = cell(row[i], c.Kind); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return row, nil
}

func kind(sqlType string) table.Kind {
	switch {
	case strings.HasPrefix(sqlType, "DECIMAL"):
		return table.Money
	case sqlType == "DOUBLE" || sqlType == "FLOAT":
		return table.Percent
	case strings.HasSuffix(sqlType, "INT") || strings.HasSuffix(sqlType, "INTEGER"):
		return table.Count
	case sqlType == "DATE":
		return table.Day
	case strings.HasPrefix(sqlType, "TIMESTAMP"):
		return table.Instant
	case sqlType == "BOOLEAN":
		return table.Flag
	}
	return table.Text
}

// cell turns what the driver gives into what a table holds.
func cell(v any, k table.Kind) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch k {
	case table.Money:
		return decimal.NewFromString(fmt.Sprint(v))
	case table.Count:
		n, ok := new(big.Int).SetString(fmt.Sprint(v), 10)
		if !ok || !n.IsInt64() {
			return nil, fmt.Errorf("%v is not a count", v)
		}
		return n.Int64(), nil
	case table.Percent:
		if f, ok := v.(float32); ok {
			return float64(f), nil
		}
		return v, nil
	case table.Text:
		return text(v), nil
	}
	return v, nil
}

// text writes a value of a type that tables do not know.
func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return fmt.Sprint(v)
}
