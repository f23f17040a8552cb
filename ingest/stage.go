package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// stage reads the file into the temporary table staged: every column of the
// source by its type, `problem` where a value is not of its type, `ignored`
// where the row is no record. Its rowid is the order of the file: it costs
// nothing, where row_number() would make the scan serial. It must run outside a
// transaction, or DuckDB numbers the rows from 36028797018960000.
//
// Most files are whole. So the first attempt takes every record for good, and fails at the first
// that is not; only then is the file read again with care, which costs a third more.
func stage(ctx context.Context, l *Ledger, o *opened, d Detection, limit int, scratch string) error {
	needed := []string{d.Source.SQL, d.Source.Total, "as_id"} // by which what stands twice is found
	if strings.Contains(d.Source.SQL, "Tags") {
		needed = append(needed, "as_tags")
	}
	err := l.define(ctx, needed...)
	if err != nil {
		return err
	}
	careful := o.format != "parquet" && !o.encoding.isUTF8()
	if !careful {
		err = attempt(ctx, l, o, d, limit, scratch, false, false)
	}
	if careful || err != nil && ctx.Err() == nil {
		careful, err = true, attempt(ctx, l, o, d, limit, scratch, true, false)
	}
	if err != nil {
		return err
	}
	if commas, err := hasDecimalCommas(ctx, l); err != nil {
		return fmt.Errorf("%s: %w", o.Name, err)
	} else if commas {
		if err := attempt(ctx, l, o, d, limit, scratch, careful, true); err != nil {
			return err
		}
	}
	return refuseOtherHeader(ctx, l, o)
}

// decimalComma is the problem of a figure that can only have a decimal comma.
const decimalComma = `: "[^"0-9.]*([0-9.]*[0-9],([0-9]{1,2}|[0-9]{4,})|0,[0-9]+)[^",0-9]*" is not (money|a number|a whole number)`

// hasDecimalCommas says whether a figure was refused that can only have a decimal comma, as 1,5 has: then 12,345 is one too.
func hasDecimalCommas(ctx context.Context, l *Ledger) (yes bool, err error) {
	err = l.DB.QueryRowContext(ctx, `SELECT count(*) > 0 FROM staged
		WHERE problem IS NOT NULL AND regexp_matches(problem, '`+decimalComma+`')`).Scan(&yes)
	return yes, err
}

// otherHeader is the problem of a row that reads as a header and is not the one of the file.
const otherHeader = "another header"

// refuseOtherHeader refuses a file with a second header that is not the first: what stands below it may mean something else.
func refuseOtherHeader(ctx context.Context, l *Ledger, o *opened) error {
	var record *int64
	err := l.DB.QueryRowContext(ctx, `SELECT min(staged.rowid + getvariable('first_record') + (SELECT count(*) FROM torn WHERE before <= staged.rowid))
		FROM staged WHERE problem = ?`, otherHeader).Scan(&record)
	if err != nil {
		return fmt.Errorf("%s: %w", o.Name, err)
	}
	if record != nil {
		return fmt.Errorf("%s: record %d: here begins another header, with other columns; nothing is booked\nhint: split the file there", o.Name, *record)
	}
	return nil
}

// attempt reads the file once. With commas, a figure that may have a decimal comma is refused.
func attempt(ctx context.Context, l *Ledger, o *opened, d Detection, limit int, scratch string, careful, commas bool) error {
	r, err := newReader(ctx, l, o, d, scratch, careful)
	if err != nil {
		return err
	}
	r.commas = r.commas || commas
	query := stageQuery(d.Source, r, careful)
	if err := l.define(ctx, query); err != nil {
		return err
	}
	if limit > 0 {
		query += fmt.Sprint(" LIMIT ", limit)
	}
	columns := "RESET disabled_optimizers"
	if careful { // DuckDB 1.5 breaks on a wrong encoding in one column where it does not read all of them
		columns = "SET disabled_optimizers = 'unused_columns'"
	}
	for _, s := range []string{
		"DROP TABLE IF EXISTS staged", "DROP TABLE IF EXISTS csv_rejects", "DROP TABLE IF EXISTS csv_scans",
		columns, "CREATE TEMP TABLE staged AS " + query, "RESET disabled_optimizers",
		"SET VARIABLE first_record = " + fmt.Sprint(r.first),
	} {
		if _, err := l.DB.ExecContext(ctx, s); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := d.Source.ignoresHeading(err); err != nil {
				return fmt.Errorf("%s: %w", o.Name, err)
			}
			hint := ""
			switch {
			case d.Source.Path != "" && d.Source.Ignore != "":
				hint = fmt.Sprintf("\nhint: see `ignore: %s` of its entry", d.Source.Ignore)
			case o.format == "parquet":
				hint = "\nhint: it may be damaged; download it again"
			}
			return fmt.Errorf("%s: read as %s: %s%s", o.Name, d.Source.Name, o.told(err), hint)
		}
	}
	return stageTorn(ctx, l, o, d.layout, careful)
}

// clearStaged frees the memory of a file that is done with.
func clearStaged(l *Ledger) {
	// The next file replaces these tables anyway; a failure here costs memory, nothing else.
	_, _ = l.DB.Exec("DROP VIEW IF EXISTS offered; DROP TABLE IF EXISTS mapped; DROP VIEW IF EXISTS raw; DROP VIEW IF EXISTS numbered; DROP TABLE IF EXISTS staged;" +
		"DROP TABLE IF EXISTS newest; DROP TABLE IF EXISTS yielded; DROP TABLE IF EXISTS older; DROP TABLE IF EXISTS combinations; DROP TABLE IF EXISTS rejected; DROP TABLE IF EXISTS superseded")
}

// stageTorn lists the records of a CSV, or of JSON lines, that are no rows of it: too few or too many fields, an
// open quote, a wrong encoding. They never reach staged, and shift the numbers of those after them.
func stageTorn(ctx context.Context, l *Ledger, o *opened, file layout, careful bool) error {
	const none = `CREATE OR REPLACE TEMP TABLE torn AS SELECT 0::BIGINT AS record, 0::BIGINT AS before, '' AS reason WHERE false`
	some := `CREATE OR REPLACE TEMP TABLE torn AS
		SELECT record, record - getvariable('first_record') - row_number() OVER (ORDER BY record) + 1 AS before, reason
		FROM (
			SELECT line AS record, string_agg(DISTINCT lower(error_type::VARCHAR) || CASE error_type::VARCHAR
				WHEN 'MISSING COLUMNS' THEN ': ' || len(string_split(regexp_replace(csv_line, '"[^"]*"', '', 'g'), ` + quote(file.delim) + `))
					|| ' fields where the header has ` + fmt.Sprint(len(file.fields)) + `'
				WHEN 'INVALID ENCODING' THEN ': not UTF-8; save the file as UTF-8'
				ELSE '' END, ', ') AS reason
			FROM csv_rejects GROUP BY line)`
	query := none
	if careful && (o.format == "csv" || file.shape == "lines") {
		query = some
	}
	if _, err := l.DB.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("%s: %w", o.Name, err)
	}
	// A quote that is opened and never closed makes one record of the rest of the file.
	var open *int64
	if err := l.DB.QueryRowContext(ctx, `SELECT min(record) FROM torn WHERE contains(reason, 'unquoted')`).Scan(&open); err != nil {
		return err
	}
	if open != nil {
		return fmt.Errorf("%s: record %d: a quote is opened and not closed as CSV asks; what follows could be lost, so nothing is booked; mend the quote", o.Name, *open)
	}
	return nil
}

// stageQuery is the SELECT from the reader's texts to typed columns.
func stageQuery(s Source, r reader, careful bool) string {
	var texts, typed, checked, problems, names, seen []string
	nested := r.nestedStructures()
	for _, c := range s.Columns {
		text := "NULL::VARCHAR"
		if fields := r.fields[c.Name]; len(fields) > 0 {
			text = nested.text(fields)
		}
		raw, name := ident(c.Name+" text"), ident(c.Name)
		texts = append(texts, text+" AS "+raw)
		typed = append(typed, fmt.Sprintf("%s(%s) AS %s", typeMacro(c.Type), raw, name))
		if isTime(c.Type) {
			checked = append(checked, fmt.Sprintf("plausible(%s) AS %[1]s", name))
			if s.asksDates {
				problems = append(problems, unclearDate(c.Name, raw))
			}
		}
		names = append(names, ident(c.Name))
		if len(r.fields[c.Name]) > 0 {
			seen = append(seen, "lower(trim("+raw+"))")
		}
		for i, twin := range r.twins[c.Name] {
			again := ident(fmt.Sprintf("%s again %d", c.Name, i))
			texts = append(texts, twin+" AS "+again)
			problems = append(problems, fmt.Sprintf("WHEN %s IS DISTINCT FROM %s(%s) THEN concat(%s, quoted(coalesce(%s, '')), ' and ', quoted(coalesce(%[3]s, '')), ' stand in two columns of one name')",
				name, typeMacro(c.Type), again, quote(c.Name+": "), raw))
		}
		if isFigure(c.Type) {
			if r.commas {
				problems = append(problems, fmt.Sprintf("WHEN may_be_fraction(%s) THEN %s || quoted(%[1]s) || ' can be read two ways: export it with decimal points'", raw, quote(c.Name+": ")))
			}
			if !strings.HasSuffix(c.Type, "count") {
				problems = append(problems, fmt.Sprintf("WHEN abs(%s) >= 1000000000000000 THEN %s || quoted(%s) || ' is more than any bill has'", name, quote(c.Name+": "), raw))
			}
		}
		if c.currency != "" {
			problems = append(problems, otherCurrency(c, raw))
		}
		if mayFail(c.Type) {
			if len(r.fields[c.Name]) > 0 {
				problems = append(problems, fmt.Sprintf("WHEN %s IS NULL AND %s IS NOT NULL AND trim(%s) <> '' THEN %s || quoted(%s) || %s",
					ident(c.Name), raw, raw, quote(c.Name+": "), raw, quote(" is not "+article(c.Type))))
			}
		}
	}
	problem := "bad"
	if len(problems) > 0 {
		problem = "CASE WHEN blank THEN NULL WHEN bad IS NOT NULL THEN bad " + strings.Join(problems, " ") + " END"
	}
	ignored := "blank"
	if s.Ignore != "" {
		ignored += " OR bad IS NULL AND coalesce((" + s.Ignore + "), false)"
	}
	bad := r.bad
	if careful {
		bad = nested.problem(bad)
	}
	from := fmt.Sprintf("SELECT *, %s FROM (SELECT %s, %s AS bad, %s AS blank FROM (%s))", strings.Join(typed, ", "), strings.Join(texts, ", "), bad, r.blank, nested.relation(r.from, careful))
	if len(checked) > 0 {
		from = fmt.Sprintf("SELECT * REPLACE (%s) FROM (%s)", strings.Join(checked, ", "), from)
	}
	if len(r.header) == 0 {
		return fmt.Sprintf("SELECT %s, %s AS problem, %s AS ignored FROM (%s)", strings.Join(names, ", "), problem, ignored, from)
	}
	headers := make([]string, len(r.header))
	for i, h := range r.header {
		headers[i] = quote(strings.ToLower(h))
	}
	// More than half of its fields are headers of this file: a record of words like that is none.
	return fmt.Sprintf("SELECT %s, CASE WHEN \"the problem\" IS NOT NULL AND len(list_intersect([%s], [%s])) * 2 > %d THEN %s ELSE \"the problem\" END AS problem, \"is passed over\" AS ignored FROM (SELECT *, %s AS \"the problem\", %s AS \"is passed over\" FROM (%s))",
		strings.Join(names, ", "), strings.Join(seen, ", "), strings.Join(headers, ", "), len(seen), quote(otherHeader), problem, ignored, from)
}

// isFigure says whether a type is a figure that is written with a decimal point.
func isFigure(kind string) bool {
	return slices.Contains([]string{"money", "foreign_money", "any_money", "number", "count"}, kind)
}

// otherCurrency is the case of an amount that says itself which money it is, and its map says another. A dollar sign is that of many.
func otherCurrency(c Column, text string) string {
	said := "money_sign(" + text + ")"
	return fmt.Sprintf("WHEN as_decimal(%[1]s) IS NULL AND %[2]s <> %[3]s THEN %[4]s || quoted(%[1]s) || ' is in ' || %[2]s || %[5]s", text, said,
		quote(strings.NewReplacer("USD", "$", "EUR", "€", "GBP", "£").Replace(strings.ToUpper(c.currency))), quote(c.Name+": "), quote(", and its map says "+strings.ToUpper(c.currency)))
}

// unclearDate is the case of a date that can be read two ways.
func unclearDate(name, text string) string {
	return fmt.Sprintf("WHEN two_ways(%[1]s) IS NOT NULL THEN %[2]s || quoted(%[1]s) || ' ' || two_ways(%[1]s)", text, quote(name+": "))
}

func mayFail(kind string) bool {
	return !slices.Contains([]string{"text", "tags", "key", "user", "provider", "id"}, kind)
}

// typeMacro is the name of a type's macro. People and keys stay text here: see value in relation.go.
func typeMacro(kind string) string {
	if kind == "user" || kind == "key" || kind == "tags" {
		return "as_text"
	}
	return "as_" + kind
}

// isTime says whether a type is a point in time, which must lie where bills lie.
func isTime(kind string) bool {
	return slices.Contains([]string{"day", "week", "month", "instant", "epoch"}, kind)
}

func article(kind string) string {
	switch kind {
	case "money", "foreign_money", "any_money", "comma_money":
		return "money"
	case "instant":
		return "a time"
	case "epoch":
		return "a Unix time"
	case "json":
		return "JSON"
	case "comma_number":
		return "a number"
	case "count", "comma_count":
		return "a whole number"
	case "flag":
		return "true or false"
	}
	return "a " + kind
}
