package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
)

// Unpriced lists the usage and the requests of a period that the price book cannot price, and why.
func Unpriced(ctx context.Context, db *sql.DB, p Period) (table.Table, error) {
	if err := setPeriod(ctx, db, p); err != nil {
		return table.Table{}, err
	}
	t, err := listing(ctx, db, "unpriced")
	t.Title += ", " + p.String()
	return t, err
}

// A Record is one of the ledger's, by the place it was read from.
type Record struct {
	File   int64
	Number int64
	Path   string
	Role   string    // of the file: billing, usage, requests, ...
	Day    time.Time // the first of what it is about
}

// FindRecord finds FILE:RECORD; a file may be named by the end of its path, or by its number in the ledger.
func FindRecord(ctx context.Context, db *sql.DB, subject string) (Record, error) {
	i := strings.LastIndex(subject, ":")
	if i < 0 {
		return Record{}, fmt.Errorf("%q is not FILE:RECORD, such as inbox/openai/costs-2026-10.json:12", subject)
	}
	file, text := subject[:i], subject[i+1:]
	r := Record{}
	var err error
	if r.Number, err = strconv.ParseInt(text, 10, 64); err != nil {
		return r, fmt.Errorf("%q: %q is not the number of a record", subject, text)
	}
	err = db.QueryRowContext(ctx, `SELECT x_File, path, role, ChargePeriodStart FROM files JOIN (
			SELECT x_File, x_Record, ChargePeriodStart FROM charge_facts WHERE x_Record = ? UNION ALL
			SELECT x_File, x_Record, ChargePeriodStart FROM usage_facts WHERE x_Record = ? UNION ALL
			SELECT x_File, x_Record, ChargePeriodStart FROM request_facts WHERE x_Record = ?) USING (x_File)
		WHERE path = ? OR suffix(path, '/' || ?) OR x_File::VARCHAR = ? ORDER BY path = ? DESC, x_File LIMIT 1`, r.Number, r.Number, r.Number, file, file, file, file).
		Scan(&r.File, &r.Path, &r.Role, &r.Day)
	if errors.Is(err, sql.ErrNoRows) {
		var reason string
		if db.QueryRowContext(ctx, "SELECT reason FROM rejects WHERE (path = ? OR suffix(path, '/' || ?) OR x_File::VARCHAR = ?) AND record = ?", file, file, file, r.Number).Scan(&reason) == nil {
			return r, fmt.Errorf("record %d of %s was rejected: %s", r.Number, file, reason)
		}
		err = fmt.Errorf("record %d of %s is not in the ledger; `aifinops query \"SELECT path, records FROM files\"` lists its files", r.Number, file)
	}
	return r, err
}

// Alone makes a record of usage or of requests the only evidence that is priced, until the session ends.
func (r Record) Alone(ctx context.Context, db *sql.DB) error {
	var ledger string
	if err := db.QueryRowContext(ctx, "SELECT current_database()").Scan(&ledger); err != nil {
		return err
	}
	for _, facts := range []string{"usage_facts", "request_facts"} {
		// A temporary table is found before the ledger's of the same name.
		query := fmt.Sprintf("CREATE TEMP TABLE %[1]s AS FROM %[2]s.main.%[1]s WHERE x_File = %[3]d AND x_Record = %[4]d", facts, ident(ledger), r.File, r.Number)
		if _, err := db.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// Arithmetic shows how a record of usage or of requests is priced, class by class.
func Arithmetic(ctx context.Context, db *sql.DB, r Record) (table.Table, error) {
	t, err := r.listing(ctx, db, "arithmetic")
	if slices.ContainsFunc(t.Rows, func(row []any) bool { return row[slices.IndexFunc(t.Columns, isListCost)] == nil }) {
		t.Totals = nil
		t.Notes = append(t.Notes, "a class has no price: what the record costs is not known")
	}
	return t, err
}

func isListCost(c table.Column) bool { return c.Name == "list_cost" }

// Claimed shows who claims a record of a bill, and who pays for it.
func Claimed(ctx context.Context, db *sql.DB, r Record) (table.Table, error) {
	return r.listing(ctx, db, "claimed")
}

func (r Record) listing(ctx context.Context, db *sql.DB, name string) (table.Table, error) {
	t, err := listing(ctx, db, name, "{file}", fmt.Sprint(r.File), "{record}", fmt.Sprint(r.Number))
	t.Title += fmt.Sprintf(": %s:%d", r.Path, r.Number)
	for i, c := range t.Columns {
		if c.Kind == table.Money { // of one record every digit counts
			t.Columns[i].Kind = table.Number
		}
	}
	return t, err
}

// listing answers with the rows of a query as they are.
func listing(ctx context.Context, db *sql.DB, name string, fill ...string) (table.Table, error) {
	head, query, err := load(name)
	if err != nil {
		return table.Table{}, err
	}
	t, err := read(ctx, db, strings.NewReplacer(fill...).Replace(query))
	if err != nil {
		return t, err
	}
	t.Report, t.Title = name, head.Title
	if len(head.Sum) > 0 {
		total(&t, head.Sum)
	}
	return t, nil
}
