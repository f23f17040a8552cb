package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxRecordSize bounds one line of a file; a gateway's row with its prompts stays well below.
const maxRecordSize = 16 << 20

// A reader is SQL that reads a file as rows of text, and where in a row a
// source's columns stand.
type reader struct {
	from   string             // the relation
	fields map[string][]field // column name → where it may stand; the first that is not NULL counts
	first  int64              // the number of the first record: a CSV header is record 1
	bad    string             // an expression: why the row as a whole is unreadable, or NULL
	blank  string             // an expression: whether the row is a line with nothing on it
}

// A field is an expression of a text, or of the JSON text that it is within.
type field struct {
	base   string
	within string // path inside the JSON, or empty
}

// stage reads the file into the temporary table staged: every column of the
// source by its type, `problem` where a value is not of its type, `ignored`
// where the row is no record. Its rowid is the order of the file: it costs
// nothing, where row_number() would make the scan serial. It must run outside a
// transaction, or DuckDB numbers the rows from 36028797018960000.
//
// Most files are whole. So the first attempt takes every record for good, and fails at the first
// that is not; only then is the file read again with care, which costs a third more.
func stage(ctx context.Context, l *Ledger, o *opened, d Detection, limit int, scratch string) error {
	err := attempt(ctx, l, o, d, limit, scratch, false)
	if err != nil && ctx.Err() == nil {
		err = attempt(ctx, l, o, d, limit, scratch, true)
	}
	return err
}

func attempt(ctx context.Context, l *Ledger, o *opened, d Detection, limit int, scratch string, careful bool) error {
	r, err := newReader(ctx, l, o, d, scratch, careful)
	if err != nil {
		return err
	}
	query := stageQuery(d.Source, r, careful)
	if limit > 0 {
		query += fmt.Sprint(" LIMIT ", limit)
	}
	for _, s := range []string{
		"DROP TABLE IF EXISTS staged", "DROP TABLE IF EXISTS csv_rejects", "DROP TABLE IF EXISTS csv_scans",
		"CREATE TEMP TABLE staged AS " + query,
		"SET VARIABLE first_record = " + fmt.Sprint(r.first),
	} {
		if _, err := l.DB.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: read as %s: %w", o.Name, d.Source.Name, err)
		}
	}
	return stageTorn(ctx, l, o, d.layout, careful)
}

// clearStaged frees the memory of a file that is done with.
func clearStaged(l *Ledger) {
	// The next file replaces these tables anyway; a failure here costs memory, nothing else.
	_, _ = l.DB.Exec("DROP VIEW IF EXISTS offered; DROP TABLE IF EXISTS mapped; DROP VIEW IF EXISTS raw; DROP VIEW IF EXISTS numbered; DROP TABLE IF EXISTS staged")
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
	var texts, typed, checked, problems, names []string
	nested := r.nestedStructures()
	for _, c := range s.Columns {
		text := "NULL::VARCHAR"
		if fields := r.fields[c.Name]; len(fields) > 0 {
			text = nested.text(fields)
		}
		raw, name := ident(c.Name+" text"), ident(c.Name)
		texts = append(texts, text+" AS "+raw)
		typed = append(typed, fmt.Sprintf("%s(%s) AS %s", macro(c.Type), raw, name))
		if isTime(c.Type) {
			checked = append(checked, fmt.Sprintf("plausible(%s) AS %[1]s", name))
		}
		names = append(names, ident(c.Name))
		if mayFail(c.Type) {
			if len(r.fields[c.Name]) > 0 {
				problems = append(problems, fmt.Sprintf("WHEN %s IS NULL AND %s IS NOT NULL AND trim(%s) <> '' THEN %s || left(%s, 80) || %s",
					ident(c.Name), raw, raw, quote(c.Name+`: "`), raw, quote(`" is not `+article(c.Type))))
			}
		}
	}
	problem := "bad"
	if len(problems) > 0 {
		problem = "CASE WHEN bad IS NOT NULL THEN bad " + strings.Join(problems, " ") + " END"
	}
	ignored := "blank"
	if s.Ignore != "" {
		ignored += " OR bad IS NULL AND coalesce((" + s.Ignore + "), false)"
	}
	bad := r.bad
	if careful {
		bad = nested.problem(bad)
	}
	from := fmt.Sprintf("SELECT *, %s FROM (SELECT %s, %s AS bad, %s AS blank FROM (%s))", strings.Join(typed, ", "), strings.Join(texts, ", "), nested.problem(r.bad), r.blank, nested.relation(r.from, careful))
	if len(checked) > 0 {
		from = fmt.Sprintf("SELECT * REPLACE (%s) FROM (%s)", strings.Join(checked, ", "), from)
	}
	return fmt.Sprintf("SELECT %s, %s AS problem, %s AS ignored FROM (%s)", strings.Join(names, ", "), problem, ignored, from)
}

func mayFail(kind string) bool {
	return !slices.Contains([]string{"text", "key", "user", "provider", "id"}, kind)
}

// macro is the name of a type's macro. People and keys stay text here: see value in relation.go.
func macro(kind string) string {
	if kind == "user" || kind == "key" {
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
	case "money", "comma_money":
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

// try makes an expression NULL where it fails, instead of failing the statement.
func try(expression string, careful bool) string {
	if careful {
		return "TRY(" + expression + ")"
	}
	return expression
}

// rejects is the options by which read_csv sets aside what is no row, instead of failing.
func rejects(careful bool) string {
	if careful {
		return ", store_rejects = true, rejects_table = 'csv_rejects', rejects_scan = 'csv_scans', rejects_limit = 0"
	}
	return ""
}

// newReader reads the file in the way of its format.
func newReader(ctx context.Context, l *Ledger, o *opened, d Detection, scratch string, careful bool) (reader, error) {
	switch o.format {
	case "parquet":
		return parquetReader(ctx, l, o, d)
	case "json":
		if d.layout.shape != "lines" {
			if err := o.inflate(scratch); err != nil {
				return reader{}, fmt.Errorf("%s: %w", o.Name, err)
			}
		}
		return jsonReader(o, d, careful), nil
	}
	return csvReader(o, d, careful), nil
}

// csvReader reads every field as text, named by its position: headers may be
// empty or stand twice. DuckDB's sniffer would refuse a file for one bad row.
func csvReader(o *opened, d Detection, careful bool) reader {
	r := reader{fields: map[string][]field{}, first: int64(d.layout.skip) + 2, bad: "NULL::VARCHAR", blank: "false"}
	var columns []string
	for i := range d.layout.fields {
		columns = append(columns, fmt.Sprintf("'c%d': 'VARCHAR'", i))
	}
	r.from = fmt.Sprintf(`FROM read_csv(%s, auto_detect = false, header = true, skip = %d, delim = %s, quote = '"', escape = '"',
		columns = {%s}, nullstr = ['', '-', 'NULL', 'null'], compression = '%s', max_line_size = %d, buffer_size = %d%s)`,
		quote(o.plain), d.layout.skip, quote(d.layout.delim), strings.Join(columns, ", "), o.compression, maxRecordSize, 2*maxRecordSize, rejects(careful))
	for _, c := range d.Source.Columns {
		for _, p := range d.layout.places(c) {
			r.fields[c.Name] = append(r.fields[c.Name], field{fmt.Sprintf("c%d", p.field), p.within})
		}
	}
	return r
}

func parquetReader(ctx context.Context, l *Ledger, o *opened, d Detection) (reader, error) {
	r := reader{fields: map[string][]field{}, first: 1, bad: "NULL::VARCHAR", blank: "false"}
	r.from = "FROM read_parquet(" + quote(o.plain) + ")"
	types, err := parquetTypes(ctx, l, o)
	if err != nil {
		return r, err
	}
	for _, c := range d.Source.Columns {
		for _, p := range d.layout.places(c) {
			column := d.layout.fields[p.field]
			base := ident(column) + "::VARCHAR"
			if t := types[column]; strings.HasPrefix(t, "STRUCT") || strings.HasPrefix(t, "MAP") || strings.HasSuffix(t, "[]") {
				base = "to_json(" + ident(column) + ")::VARCHAR"
			}
			r.fields[c.Name] = append(r.fields[c.Name], field{base, p.within})
		}
	}
	return r, nil
}

// parquetTypes is the columns of a Parquet file with their types.
func parquetTypes(ctx context.Context, l *Ledger, o *opened) (map[string]string, error) {
	rows, err := l.DB.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet("+quote(o.plain)+"))")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Name, err)
	}
	defer rows.Close()
	types := map[string]string{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, err
		}
		types[name] = kind
	}
	return types, rows.Err()
}

// jsonReader reads the documents of a file and opens the lists along the
// source's path to its records. Fields are taken as text; what is nested in
// them is opened afterwards. A list that is empty gives one record of NULLs, so
// that idle days are seen.
func jsonReader(o *opened, d Detection, careful bool) reader {
	r := reader{fields: map[string][]field{}, first: 1}
	var lists []string
	if d.Source.Records != "" {
		lists = strings.Split(d.Source.Records, ".")
	}
	fields := make([]map[string]any, len(lists)+1) // of each level: field → "VARCHAR"
	for i := range fields {
		fields[i] = map[string]any{}
	}
	kept := make([][]string, len(lists)+1) // of each level: its fields, as columns of their own
	for _, c := range d.Source.Columns {
		for _, path := range c.From {
			steps, level := strings.Split(path, "."), 0
			for level < len(lists) && level < len(steps)-1 && steps[level] == lists[level] {
				level++
			}
			name := steps[level]
			column := ident(fmt.Sprintf("%d %s", level, name))
			if fields[level][name] == nil {
				fields[level][name] = "VARCHAR"
				kept[level] = append(kept[level], fmt.Sprintf("r%d.%s AS %s", level, ident(name), column))
			}
			r.fields[c.Name] = append(r.fields[c.Name], field{column, strings.Join(steps[level+1:], ".")})
		}
	}
	// Where a line is no JSON the first attempt fails; to look for such lines costs as much as to parse them all.
	r.from = "SELECT text IS NULL AS nothing, NULL::VARCHAR AS unreadable, r0"
	if careful {
		r.from = "SELECT r0 IS NULL AND coalesce(trim(text), '') = '' AS nothing, CASE WHEN r0 IS NULL AND NOT nothing THEN 'is not JSON: ' || left(text, 80) END AS unreadable, r0"
	}
	r.from += " FROM (SELECT text, " + try("json_transform(text, "+quote(structure(fields, lists))+")", careful) + " AS r0 FROM (" + documents(o, d.layout.shape, careful) + "))"
	// Only the fields go along as a list is opened: a document that went along would be copied for each of its records.
	carried := "nothing, unreadable"
	for i, list := range lists {
		inner := fmt.Sprintf("r%d.%s", i, ident(list))
		r.from = fmt.Sprintf("SELECT %s, unnest(CASE WHEN len(%s) > 0 THEN %[2]s ELSE [NULL] END) AS r%d FROM (%s)",
			strings.Join(append([]string{carried}, kept[i]...), ", "), inner, i+1, r.from)
		for _, k := range kept[i] {
			_, name, _ := strings.Cut(k, " AS ")
			carried += ", " + name
		}
	}
	r.from = fmt.Sprintf("SELECT %s FROM (%s)", strings.Join(append([]string{carried}, kept[len(lists)]...), ", "), r.from)
	r.bad, r.blank = "unreadable", "nothing"
	return r
}

// structure is what json_transform is to make of a document: text fields, and
// the lists on the way to the records.
func structure(fields []map[string]any, lists []string) string {
	members := maps.Clone(fields[0])
	if len(lists) > 0 {
		members[lists[0]] = []json.RawMessage{json.RawMessage(structure(fields[1:], lists[1:]))}
	}
	b, err := json.Marshal(members)
	if err != nil {
		panic(err) // maps of strings always marshal
	}
	return string(b)
}

// documents is the relation of a file's JSON documents as text. Lines are read
// as a CSV of one column: read_json would turn a malformed line into NULLs.
func documents(o *opened, shape string, careful bool) string {
	if shape == "lines" {
		return fmt.Sprintf(`SELECT line AS text FROM read_csv(%s, auto_detect = false, header = false, delim = '\1', quote = '', escape = '',
			columns = {'line': 'VARCHAR'}, compression = '%s', max_line_size = %d, buffer_size = %d%s)`,
			quote(o.plain), o.compression, maxRecordSize, 2*maxRecordSize, rejects(careful))
	}
	format := map[string]string{"array": "array", "documents": "unstructured"}[shape]
	return fmt.Sprintf("SELECT json::VARCHAR AS text FROM read_json_objects(%s, format = '%s', maximum_object_size = %d)",
		quote(o.plain), format, min(max(o.size+1024, 16<<20), 1<<30))
}
