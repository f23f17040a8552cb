package ingest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// labelColumn is the name of the first column of a series, where the source does not say which column names it.
const labelColumn = "label"

// withSeries completes a source whose columns are the headings of the file: of one layout each heading that is a date, or
// each that the source does not name itself, becomes a column of numbers. It says whether there are any.
func (s Source) withSeries(ctx context.Context, ledger *Ledger, l layout) (Source, bool, error) {
	if len(l.missing(s)) > 0 {
		return s, true, nil // for the contest to say
	}
	columns := slices.Clone(s.Columns)
	if len(s.required()) == 0 {
		columns = append(columns, Column{Name: labelColumn, Type: "text", From: l.fields[:1], Required: true})
	}
	var named []int
	for _, c := range columns {
		for _, p := range l.places(c) {
			named = append(named, p.field)
		}
	}
	var headings []string
	for i, f := range l.fields {
		if f != "" && !slices.Contains(named, i) {
			headings = append(headings, f)
		}
	}
	var err error
	if s.Series == "dates" {
		if headings, err = s.dates(ctx, ledger, headings); err != nil {
			return s, false, err
		}
	}
	kind := "number"
	if s.comma {
		kind = "comma_number"
	}
	for _, h := range headings {
		c := Column{Name: h, Type: kind, From: []string{h}, Required: true}
		if slices.ContainsFunc(columns, func(o Column) bool { return strings.EqualFold(o.Name, h) }) || slices.Contains([]string{"record", "problem", "ignored"}, strings.ToLower(h)) {
			return s, false, fmt.Errorf("the header has %q twice, or as a name that is taken; rename the column", h)
		}
		columns = append(columns, c)
	}
	s.Columns = columns
	return s, len(headings) > 0, nil
}

// dates is those of the headings that are a date.
func (s Source) dates(ctx context.Context, l *Ledger, headings []string) ([]string, error) {
	quoted := []string{}
	for _, h := range headings {
		if utf8.ValidString(h) {
			quoted = append(quoted, quote(h))
		}
	}
	start := cmp.Or(s.heading, "heading_start(heading)")
	if err := l.define(ctx, start); err != nil {
		return nil, err
	}
	return column(ctx, l.DB, "SELECT heading FROM (SELECT unnest(["+strings.Join(quoted, ", ")+"]::VARCHAR[]) AS heading) WHERE "+start+" IS NOT NULL")
}

// queryOfSeries is the SELECT of a mapped series: a row a date and a column a series, or the other way round.
// A week or month is as long as it is to the next date.
func (m Mapping) queryOfSeries() string {
	label, start, across, problem := "heading", m.formatted("trim(heading)"), "record", "NULL::VARCHAR"
	if m.DateFormat == "" {
		start, problem = "heading_start(heading)", "CASE "+unclearDate("heading", "heading")+" END"
	}
	end := "heading_end(start, lead(start) OVER w, lag(start) OVER w)"
	named := []string{"record"}
	for name := range m.Columns {
		named = append(named, ident(name))
	}
	if m.series() == "columns" {
		first, _, problems := m.period()
		start, across, problem = first, "label", "NULL::VARCHAR"
		switch {
		case m.Columns["week"] != "":
			end = "start + INTERVAL 7 DAY"
		case m.Columns["month"] != "":
			end = "start + INTERVAL 1 MONTH"
		}
		if len(problems) > 0 {
			problem = "CASE " + strings.Join(problems, " ") + " END"
		}
	} else {
		label = labelColumn
		if m.Columns["name"] != "" {
			label = "name"
		} else {
			named = append(named, label)
		}
	}
	useCase := "NULL::VARCHAR"
	if m.UseCase != "" {
		useCase = quote(m.UseCase)
	}
	return fmt.Sprintf(`WITH seen AS (
    SELECT record, trim(%s, ' ' || chr(9)) AS label, %s AS start, value, %s AS problem
    FROM raw UNPIVOT INCLUDE NULLS (value FOR heading IN (COLUMNS(* EXCLUDE (%s))))
), timed AS (
    SELECT *, %s AS until FROM seen WINDOW w AS (PARTITION BY %s ORDER BY start)
)
SELECT record, start AS ChargePeriodStart, until AS ChargePeriodEnd, label AS x_Outcome, %s AS x_UseCase, value AS x_Value, problem
FROM timed WHERE value IS NOT NULL`, label, start, problem, strings.Join(named, ", "), end, across, useCase)
}

// series is how the numbers of a mapped series lie in the file.
func (m Mapping) series() string {
	for _, when := range []string{"date", "week", "month"} {
		if m.Columns[when] != "" {
			return "columns"
		}
	}
	return "dates"
}

// checkSeries says which column a series cannot have.
func (m Mapping) checkSeries() error {
	for name := range m.Columns {
		if !slices.Contains([]string{"date", "week", "month", "name"}, name) {
			return fmt.Errorf("columns: %s does not go with format: series, which takes date, week or month where a row is a date, or name where a row is a series", name)
		}
	}
	if len(m.Columns) > 1 || m.Outcome != "" {
		return fmt.Errorf("format: series takes one column, date, week, month or name, and no outcome: the headings or the names are those of the outcomes")
	}
	return nil
}
