package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
)

// keepOlder copies a ledger of an older version, before it is raised to this one.
func (l *Ledger) keepOlder(ctx context.Context) error {
	version, err := versionOf(ctx, l.DB)
	if err != nil || version == 0 || version >= schemaVersion {
		return err
	}
	to := fmt.Sprintf("%s.version-%d", l.Path, version)
	err = l.checkpoint(ctx, 1) // the copy is to need no other file beside it
	var r *os.File
	if err == nil {
		r, err = l.own()
	}
	if err == nil {
		err = copyWhole(r, to)
	}
	if err != nil {
		return fmt.Errorf("%s is a ledger of an older version, and no copy of it could be kept, so it is left as it is: %w", l.Path, err)
	}
	l.Backup = to
	return nil
}

// versionOf is the version of a ledger; 0 is that of another file.
func versionOf(ctx context.Context, db *sql.DB) (version int, err error) {
	var ours int
	err = db.QueryRowContext(ctx, `SELECT count(*) FROM duckdb_tables() WHERE table_name = 'ledger' AND contains(sql, 'salt ')`).Scan(&ours)
	if err != nil || ours == 0 {
		return 0, err
	}
	err = db.QueryRowContext(ctx, `SELECT version FROM ledger`).Scan(&version)
	return version, err
}
