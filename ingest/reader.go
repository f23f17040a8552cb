package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// usualRecordSize is more than all but a few records are long. DuckDB reads a file in pieces of twice the size.
const usualRecordSize = 16 << 20

// maxRecordSize bounds one record of a file: a batch of traces with their prompts stays below. DuckDB would lose a longer one, and say nothing.
const maxRecordSize = 64 << 20

// literal is the file's path as DuckDB takes it for that file alone.
func (o *opened) literal() string { return pathLiteral(o.plain) }

// parquet is the relation that reads a Parquet file, and the other parts of its export, of which one may have a column that another has not.
// What a folder is called (month=2026-10) is no column of theirs.
func (o *opened) parquet() string {
	files := []string{o.literal()}
	for _, file := range o.Beside {
		files = append(files, pathLiteral(file))
	}
	return "read_parquet([" + strings.Join(files, ", ") + "], union_by_name = true, hive_partitioning = false)"
}

// told is an error of DuckDB without where the copy lies that was read, and without its statement: both are nobody's business.
func (o *opened) told(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n\nLINE ")
	for _, file := range append([]string{o.plain}, o.Beside...) {
		text = strings.ReplaceAll(text, strings.Trim(pathLiteral(file), "'"), o.Name)
	}
	return strings.TrimSpace(text)
}

// pathLiteral is a path as DuckDB takes it for one file: [1] would be a pattern, which another file fits, and ~ a folder.
func pathLiteral(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return quote(strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path))
}

// recordSize is as much as the longest record of the file needs.
func (o *opened) recordSize() int64 {
	longest := o.encoding.longestLine
	if o.format == "csv" {
		longest = o.encoding.longestRecord
	}
	return min(max(longest+1, usualRecordSize), maxRecordSize)
}

// A reader is SQL that reads a file as rows of text, and where in a row a
// source's columns stand.
type reader struct {
	from   string              // the relation
	fields map[string][]field  // column name → where it may stand; the first that is not NULL counts
	first  int64               // the number of the first record: a CSV header is record 1
	bad    string              // an expression: why the row as a whole is unreadable, or NULL
	blank  string              // an expression: whether the row is a line with nothing on it, or the header again
	twins  map[string][]string // column name → other fields of the same header
	header []string            // the headers, by which a row is known that is another
	commas bool                // 12,345 may be a fraction here
}

// A field is an expression of a text, or of the JSON text that it is within.
type field struct {
	base   string
	within string // path inside the JSON, or empty; as steps reads it
}

// at is the text of a place, where text gives that of each field.
func (p place) at(text func(field int) string) field {
	switch {
	case p.beside:
		return field{quote(p.text), ""}
	case p.many != nil:
		members := make([]string, len(p.many))
		for i, f := range p.many {
			members[i] = quote(p.names[i]) + ", " + text(f)
		}
		return field{"json_object(" + strings.Join(members, ", ") + ")::VARCHAR", ""}
	}
	return field{text(p.field), p.within}
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
		if d.layout.shape == "lines" && o.encoding.longestLine > maxRecordSize {
			return reader{}, fmt.Errorf("%s: a line of %d MB is more than the %d that are read; nothing is booked\nhint: write smaller batches, or leave out the prompts", o.Name, o.encoding.longestLine>>20, maxRecordSize>>20)
		}
		if d.layout.shape != "lines" {
			if err := o.inflate(scratch); err != nil {
				return reader{}, fmt.Errorf("%s: %w", o.Name, err)
			}
		}
		return jsonReader(o, d, careful), nil
	}
	if err := o.refuseLongRecord(d.layout); err != nil {
		return reader{}, fmt.Errorf("%s: %w", o.Name, err)
	}
	return csvReader(o, d, careful), nil
}

// csvReader reads every field as text, named by its position: headers may be
// empty or stand twice. DuckDB's sniffer would refuse a file for one bad row.
func csvReader(o *opened, d Detection, careful bool) reader {
	r := reader{fields: map[string][]field{}, first: int64(d.layout.skip) + 2, bad: "NULL::VARCHAR", blank: "false", twins: map[string][]string{}}
	var columns []string
	for i := range d.layout.fields {
		columns = append(columns, fmt.Sprintf("'c%d': 'VARCHAR'", i))
	}
	r.from = fmt.Sprintf(`FROM read_csv(%s, auto_detect = false, header = true, skip = %d, delim = %s, quote = '"', escape = '"',
		columns = {%s}, nullstr = ['', '-', 'NULL', 'null'], compression = '%s', max_line_size = %d, buffer_size = %d%s)`,
		o.literal(), d.layout.skip, quote(d.layout.delim), strings.Join(columns, ", "), o.compression, o.recordSize(), 2*o.recordSize(), rejects(careful))
	name := func(i int) string { return fmt.Sprintf("c%d", i) }
	var again []string
	for _, c := range d.Source.Columns {
		for _, p := range d.layout.places(c) {
			r.fields[c.Name] = append(r.fields[c.Name], p.at(name))
			if p.beside || p.many != nil {
				continue
			}
			again = append(again, fmt.Sprintf("trim(%s) = %s", name(p.field), quote(d.layout.fields[p.field])))
			if p.field == 0 {
				again[len(again)-1] = fmt.Sprintf("trim(c0, chr(65279) || ' ') = %s", quote(d.layout.fields[0]))
			}
			for i := p.field + 1; i < len(d.layout.fields) && mayFail(c.Type); i++ {
				if strings.EqualFold(d.layout.fields[i], d.layout.fields[p.field]) {
					r.twins[c.Name] = append(r.twins[c.Name], name(i))
				}
			}
		}
	}
	// Exports that were put together have their header again. Of nearly all rows the first comparison says that they are none.
	if len(again) > 1 {
		r.blank = fmt.Sprintf("CASE WHEN %s THEN coalesce(%s, false) ELSE false END", again[0], strings.Join(again[1:], " AND "))
	}
	r.header = d.layout.fields
	r.commas = d.layout.delim == ";" // as spreadsheets write where the comma is the decimal mark
	return r
}

func parquetReader(ctx context.Context, l *Ledger, o *opened, d Detection) (reader, error) {
	r := reader{fields: map[string][]field{}, first: 1, bad: "NULL::VARCHAR", blank: "false"}
	r.from = "FROM " + o.parquet()
	types, err := parquetTypes(ctx, l, o)
	if err != nil {
		return r, err
	}
	for _, c := range d.Source.Columns {
		for _, p := range d.layout.places(c) {
			r.fields[c.Name] = append(r.fields[c.Name], p.at(func(i int) string {
				column := d.layout.fields[i]
				if t := types[column]; strings.HasPrefix(t, "STRUCT") || strings.HasPrefix(t, "MAP") || strings.HasSuffix(t, "[]") {
					return "to_json(" + ident(column) + ")::VARCHAR"
				}
				return ident(column) + "::VARCHAR"
			}))
		}
	}
	return r, nil
}

// parquetTypes is the columns of a Parquet file with their types.
func parquetTypes(ctx context.Context, l *Ledger, o *opened) (map[string]string, error) {
	rows, err := l.DB.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE FROM "+o.parquet()+")")
	if err != nil {
		return nil, fmt.Errorf("is no Parquet file that can be read (%s); download it again", o.told(err))
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
			steps, level := steps(path), 0
			for level < len(lists) && level < len(steps)-1 && steps[level] == lists[level] {
				level++
			}
			name := steps[level]
			column := ident(fmt.Sprintf("%d %s", level, name))
			if fields[level][name] == nil {
				fields[level][name] = "VARCHAR"
				kept[level] = append(kept[level], fmt.Sprintf("r%d.%s AS %s", level, ident(name), column))
			}
			r.fields[c.Name] = append(r.fields[c.Name], field{column, joined(steps[level+1:])})
		}
	}
	// Where a line is no JSON the first attempt fails; to look for such lines costs as much as to parse them all.
	r.from = "SELECT text IS NULL AS nothing, NULL::VARCHAR AS unreadable, r0"
	text := "text"
	if careful {
		text = "ltrim(text, chr(65279))" // files that were put together, each with a mark of its own
		r.from = "SELECT r0 IS NULL AND coalesce(trim(text), '') = '' AS nothing, CASE WHEN r0 IS NULL AND NOT nothing THEN concat('is not JSON: a line of ', length(text), ' characters') END AS unreadable, r0"
	}
	r.from += " FROM (SELECT text, " + try("json_transform("+text+", "+quote(structure(fields, lists))+")", careful) + " AS r0 FROM (" + documents(o, d.layout.shape, careful) + "))"
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
			o.literal(), o.compression, o.recordSize(), 2*o.recordSize(), rejects(careful))
	}
	format := map[string]string{"array": "array", "documents": "unstructured"}[shape]
	size := o.size
	if info, err := os.Stat(o.plain); err == nil { // of what was compressed the copy is larger
		size = max(size, info.Size())
	}
	return fmt.Sprintf("SELECT json::VARCHAR AS text FROM read_json_objects(%s, format = '%s', maximum_object_size = %d)",
		o.literal(), format, min(max(size+1024, 16<<20), 1<<30))
}
