package ingest

import (
	"context"
	"database/sql"
	_ "embed" // the schema
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed schema/0001.sql
var schemaSQL string

//go:embed schema/0002.sql
var eventsSQL string

//go:embed schema/0003.sql
var leftOutSQL string

//go:embed schema/0004.sql
var readingsSQL string

// schemaVersion is the version of the schema that this program writes. Each version is a step from the one before it.
const schemaVersion = 4

// noneLeftOut is the table and the view of version 3 for an older ledger that is only read.
const noneLeftOut = `CREATE OR REPLACE TEMP TABLE file_left_out AS SELECT x_File, NULL::VARCHAR AS ProviderName, NULL::VARCHAR AS BillingAccountId, NULL::VARCHAR AS x_Scope,
	period_start, period_end, NULL::VARCHAR AS BillingCurrency, 0::BIGINT AS charges, 0::DECIMAL(38,12) AS BilledCost FROM files WHERE false;
	CREATE OR REPLACE TEMP VIEW left_out AS SELECT path, source, l.* EXCLUDE (x_File, x_Scope), x_File FROM file_left_out l JOIN files USING (x_File)`

// schemaSteps is what makes each version, the first first.
func schemaSteps() []string { return []string{schemaSQL, eventsSQL, leftOutSQL, readingsSQL} }

// create makes a ledger, whole or not at all: under another name first, for DuckDB opens neither an empty file nor half of its
// header, and that is what a process leaves which ends while it makes one. Of two that make it at once, the first one's stays.
func create(ctx context.Context, name, path string) (err error) {
	if _, err := os.Stat(path + ".wal"); err == nil {
		if _, err := os.Stat(path); err != nil { // else somebody has just made it
			return fmt.Errorf("%s: is not here, but %s.wal is, with what was booked into it last\nhint: put back the ledger; or remove that file too, and %[2]s.undo where it is there", name, path)
		}
	}
	folder, err := os.MkdirTemp(filepath.Dir(path), ".aifinops-part-*")
	if err != nil {
		return fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	l := &Ledger{Path: filepath.Join(folder, "ledger")}
	if l.DB, err = connect(ctx, name, l.Path, Options{}); err != nil {
		return err
	}
	// DuckDB makes the file readable by all; what a company spends is not for all.
	err = os.Chmod(l.Path, 0o600)
	if err == nil {
		err = l.checkSchema(ctx, false)
	}
	if err = errors.Join(err, l.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_ = os.Link(l.Path, path)
	return nil // a file system without links: Open makes it in its place, for to rename could take that of another's ledger
}

// withoutPath is what went wrong with a file, without the name under which it was tried.
func withoutPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// checkSchema makes the schema in an empty file, and refuses a DuckDB file of
// another program or of a newer version of this one.
func (l *Ledger) checkSchema(ctx context.Context, readOnly bool) error {
	var tables, ours int
	// The table's name alone would take the books of an accountant for ours.
	err := l.DB.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM duckdb_tables() WHERE NOT temporary),
		(SELECT count(*) FROM duckdb_tables() WHERE table_name = 'ledger' AND contains(sql, 'salt '))`).Scan(&tables, &ours)
	if err != nil {
		return err
	}
	if ours == 0 {
		if tables > 0 || readOnly {
			return errors.New("is a DuckDB file, but not a ledger of aifinops; name another with --db")
		}
		return inTransaction(ctx, l.DB, func(tx *sql.Tx) error {
			if err := raise(ctx, tx, 0); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO ledger VALUES (?, sha256(uuid()::VARCHAR), now()::TIMESTAMP)`, schemaVersion)
			return err
		})
	}
	var version int
	if err := l.DB.QueryRowContext(ctx, `SELECT version FROM ledger`).Scan(&version); err != nil {
		return err
	}
	if version > schemaVersion {
		return fmt.Errorf("was written by a newer aifinops (ledger version %d, this program reads %d); update aifinops", version, schemaVersion)
	}
	if version == schemaVersion || readOnly { // what a later version added is empty in this file
		return nil
	}
	return inTransaction(ctx, l.DB, func(tx *sql.Tx) error {
		if err := raise(ctx, tx, version); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE ledger SET version = ?", schemaVersion)
		return err
	})
}

// raise brings the schema from a version to this program's.
func raise(ctx context.Context, tx *sql.Tx, from int) error {
	for _, step := range schemaSteps()[from:] {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	return nil
}
