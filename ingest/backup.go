package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
)

// keepOlder copies a ledger of an older version, before it is raised to this one. The file is closed meanwhile: on Unix, to close
// the handle of a copy would give up DuckDB's lock on it. On an error the ledger is closed, and as it was.
func (l *Ledger) keepOlder(ctx context.Context, o Options) error {
	version, err := versionOf(ctx, l.DB)
	if err == nil && (version == 0 || version >= schemaVersion) {
		return nil
	}
	if err = errors.Join(err, l.Close()); err != nil {
		return err
	}
	to := fmt.Sprintf("%s.version-%d", l.Path, version)
	if err := copyWhole(l.Path, to); err != nil {
		return fmt.Errorf("%s is a ledger of an older version, and no copy of it could be kept, so it is left as it is: %w", l.Path, err)
	}
	l.Backup = to
	l.DB, err = connect(ctx, l.Path, o)
	return err
}

// versionOf is the version of a ledger; 0 is that of another file.
func versionOf(ctx context.Context, db *sql.DB) (version int, err error) {
	var ours int
	err = db.QueryRowContext(ctx, `SELECT count(*) FROM duckdb_columns() WHERE table_name = 'ledger' AND column_name = 'salt'`).Scan(&ours)
	if err != nil || ours == 0 {
		return 0, err
	}
	err = db.QueryRowContext(ctx, `SELECT version FROM ledger`).Scan(&version)
	return version, err
}

// copyWhole copies a file under a name that it gets only when all of it is on the disk.
func copyWhole(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
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
