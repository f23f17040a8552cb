// Package parquet writes the answer to a question as a Parquet file, for notebooks and warehouses.
//
// A file holds one table: [Write] refuses several. Its columns have the machine names of the table and types that keep every digit:
//
//	money, unit, number   DECIMAL(38,12), with more decimals where a value has them, and fewer where its whole part needs the room
//	percent               DOUBLE, not rounded; one that is not finite is NULL
//	count                 BIGINT
//	day, instant          DATE, TIMESTAMP in UTC, to the microsecond
//	flag, text            BOOLEAN, VARCHAR
//
// What is unknown is NULL. Totals, details and charts are left out, as in csv. The title, the facts and the notes of the table are the file's
// key-value metadata. The same table gives the same bytes.
//
// DuckDB writes the file, in memory of its own: the ledger is not asked, and a reader of the ledger could not write.
package parquet

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/duckdb/duckdb-go/v2"
)

// Write writes one table. Nothing is written when there are more, or when it is malformed.
func Write(w io.Writer, _ table.Options, tables ...table.Table) (err error) {
	if len(tables) != 1 {
		return fmt.Errorf("a parquet file holds one table, and here are %d; export them one by one", len(tables))
	}
	if err := tables[0].Check(); err != nil {
		return err
	}
	t := tables[0].Undrawn()
	columns, err := columnsOf(t)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "aifinops-parquet-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file := filepath.Join(folder, "table.parquet")
	if err := write(context.Background(), file, t, columns); err != nil {
		return fmt.Errorf("table %s as parquet: %w", t.Report, err)
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// write has DuckDB write the file.
func write(ctx context.Context, file string, t table.Table, columns []column) (err error) {
	connector, err := duckdb.NewConnector("?autoinstall_known_extensions=false&autoload_known_extensions=false&allow_community_extensions=false", nil)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx) // one: the appender and the copy must see each other's rows
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var types []string
	for _, c := range columns {
		types = append(types, c.name+" "+c.sqlType)
	}
	for _, statement := range []string{
		"SET TimeZone = 'UTC'",
		"SET temp_directory = " + quote(filepath.Dir(file)),
		"CREATE TABLE answer (" + strings.Join(types, ", ") + ")",
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if err := conn.Raw(func(c any) error { return fill(c.(driver.Conn), t, columns) }); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "COPY answer TO "+quote(file)+" (FORMAT parquet, COMPRESSION zstd, KV_METADATA {"+metadata(t)+"})")
	return err
}

// fill appends the rows.
func fill(conn driver.Conn, t table.Table, columns []column) (err error) {
	rows, err := duckdb.NewAppenderFromConn(conn, "", "answer")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	values := make([]driver.Value, len(columns))
	for _, row := range t.Rows {
		for i, c := range columns {
			values[i] = c.value(row[i])
		}
		if err := rows.AppendRow(values...); err != nil {
			return err
		}
	}
	return nil
}

// metadata is what is true of the whole table, as members of an SQL struct.
func metadata(t table.Table) string {
	pairs := [][2]string{{"report", t.Report}, {"title", t.Title}}
	for _, f := range t.Facts {
		if text, ok := fact(f.Value); ok {
			pairs = append(pairs, [2]string{f.Name, text})
		}
	}
	pairs = append(pairs, [2]string{"notes", strings.Join(t.Notes, "\n")})
	var members []string
	for _, p := range pairs {
		if p[1] != "" {
			members = append(members, quote(p[0])+": "+quote(p[1]))
		}
	}
	if len(members) == 0 {
		return quote("report") + ": ''" // the struct needs a member
	}
	return strings.Join(members, ", ")
}

// fact is a fact as text, not ok where it is not known.
func fact(value any) (string, bool) {
	if list, ok := value.([]string); ok {
		return strings.Join(list, ","), true
	}
	return table.Exact(table.Text, value)
}

// quote is a text as SQL; one with a NUL would end there.
func quote(s string) string {
	return "'" + strings.NewReplacer("'", "''", "\x00", "").Replace(valid(s)) + "'"
}
