package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
)

// keepOlder copies a ledger of an older version, before it is raised to this one. What it was copied from stays open as long as the
// ledger: on Unix, to close any handle of a file gives up the lock that DuckDB has on it, and another process would write beside this one.
func (l *Ledger) keepOlder(ctx context.Context) error {
	version, err := versionOf(ctx, l.DB)
	if err != nil || version == 0 || version >= schemaVersion {
		return err
	}
	to := fmt.Sprintf("%s.version-%d", l.Path, version)
	_, err = l.DB.ExecContext(ctx, "CHECKPOINT") // the copy is to need no other file beside it
	if err == nil {
		l.copied, err = os.Open(l.Path)
	}
	if err == nil {
		err = copyWhole(l.copied, to)
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

// copyWhole copies a file under a name that it gets only when all of it is on the disk.
func copyWhole(r io.Reader, to string) error {
	part := to + ".part"
	w, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	if err = errors.Join(err, w.Sync(), w.Close()); err == nil {
		err = os.Rename(part, to)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}
