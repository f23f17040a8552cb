package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
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

// notItself leaves out the files of the ledger, which `ingest *` names too: to open and close one of them gives up DuckDB's lock on it.
func (l *Ledger) notItself(inputs []Input) []Input {
	return slices.DeleteFunc(slices.Clone(inputs), func(in Input) bool {
		return slices.ContainsFunc([]string{"", ".wal"}, func(suffix string) bool {
			own, err := os.Stat(l.Path + suffix)
			if err != nil {
				return false
			}
			info, err := os.Stat(in.File)
			return err == nil && os.SameFile(own, info)
		})
	})
}

// Copy copies a ledger, with what lies in its log, while nobody writes it. Where there is none it copies nothing.
func Copy(ctx context.Context, from, to string, o Options) error {
	o.ReadOnly = true
	l, err := Open(ctx, from, o)
	if errors.Is(err, ErrNoLedger) {
		return nil
	}
	if err != nil {
		return err
	}
	own, err := l.own()
	if err == nil {
		err = copyWhole(own, to)
	}
	if err == nil {
		var log *os.File
		if log, err = os.Open(from + ".wal"); err == nil {
			err = errors.Join(copyWhole(log, to+".wal"), log.Close())
		} else if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	return errors.Join(err, l.Close())
}
