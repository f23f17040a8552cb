// Package ingest books exports into the ledger.
//
// A file becomes facts in five steps: open (a container becomes a plain file),
// detect (which source reads it), stage (every record as typed columns, with
// the problem of those that do not fit), map (the source's SELECT says what the
// columns mean), book (facts, rejects and a receipt, in one transaction).
//
// The words it owns: the ledger is the DuckDB file; a source is one export
// format of one vendor, one .sql file in source/; a record is one row or object
// of an input file; a reject is a record that did not fit; a receipt says what
// became of a file. To add a source, add its .sql file and one fixture.
package ingest

import (
	"context"
	"database/sql"
	_ "embed" // the schema and the types
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

//go:embed schema/0001.sql
var schemaSQL string

//go:embed schema/0002.sql
var eventsSQL string

//go:embed schema/0003.sql
var leftOutSQL string

//go:embed types.sql
var typesSQL string

// schemaVersion is the version of the schema that this program writes. Each version is a step from the one before it.
const schemaVersion = 3

// schemaSteps is what makes each version, the first first.
func schemaSteps() []string { return []string{schemaSQL, eventsSQL, leftOutSQL} }

// Options says how to open a ledger.
type Options struct {
	ReadOnly   bool
	Memory     string        // DuckDB's limit, such as "4GB"; empty: half of the machine's
	Threads    int           // 0: one per core
	PlainUsers bool          // keep user names as they are instead of hashing them
	Wait       time.Duration // how long to wait for another process that holds the file
}

// A Ledger is an open DuckDB file with the schema of this version. It holds one
// connection: reject tables, variables and temporary tables belong to it.
type Ledger struct {
	DB     *sql.DB
	Path   string
	Backup string // the copy of the ledger as it was, where opening it raised it to this version; else empty
}

// A LockedError says that another process holds the ledger.
type LockedError struct {
	Path   string
	Holder string // "pid 4711 (/usr/bin/aifinops)", or empty where DuckDB does not say
}

func (e *LockedError) Error() string {
	if e.Holder == "" {
		return e.Path + ": another process holds the ledger"
	}
	return e.Path + ": the ledger is held by " + e.Holder
}

// ErrNoLedger means that a ledger was to be read that does not exist yet.
var ErrNoLedger = errors.New("no ledger here yet; `aifinops ingest` makes it")

// Open opens the ledger at path, and makes it where it does not exist and may
// be written. The caller closes it.
func Open(ctx context.Context, path string, o Options) (*Ledger, error) {
	if strings.ContainsAny(path, "?%") {
		return nil, fmt.Errorf("%s: the path of a ledger cannot hold %q or %q", path, "?", "%")
	}
	_, err := os.Stat(path)
	isNew := errors.Is(err, os.ErrNotExist)
	if isNew && o.ReadOnly {
		return nil, fmt.Errorf("%s: %w", path, ErrNoLedger)
	}
	db, err := connect(ctx, path, o)
	if err != nil {
		return nil, err
	}
	l := &Ledger{DB: db, Path: path}
	if !isNew && !o.ReadOnly {
		if err := l.keepOlder(ctx, o); err != nil {
			return nil, err
		}
	}
	if isNew {
		// DuckDB makes the file readable by all; what a company spends is not for all.
		if err := os.Chmod(path, 0o600); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	if err := l.prepare(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), l.Close())
	}
	return l, nil
}

// EngineVersion is the version of DuckDB that the program holds.
func EngineVersion() (version string, err error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return "", err
	}
	err = db.QueryRow("SELECT version()").Scan(&version)
	return version, errors.Join(err, db.Close())
}

// Close closes the ledger.
func (l *Ledger) Close() error { return l.DB.Close() }

// Confine shuts the database in: from here on it reaches no file but its own, and those in the folders given.
func (l *Ledger) Confine(ctx context.Context, folders ...string) error {
	var open []string
	for _, f := range folders {
		absolute, err := filepath.Abs(f)
		if err != nil {
			return err
		}
		open = append(open, quote(absolute+string(filepath.Separator)))
	}
	_, err := l.DB.ExecContext(ctx, "SET GLOBAL allowed_directories = ["+strings.Join(open, ", ")+"]; SET GLOBAL enable_external_access = false")
	return err
}

// connect opens the file, waiting as long as the options say for a process that holds it.
func connect(ctx context.Context, path string, o Options) (*sql.DB, error) {
	dsn := path + "?autoinstall_known_extensions=false&autoload_known_extensions=false&allow_community_extensions=false"
	if o.ReadOnly {
		dsn += "&access_mode=READ_ONLY"
	}
	deadline := time.Now().Add(o.Wait)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		db, err := sql.Open("duckdb", dsn)
		if err == nil {
			db.SetMaxOpenConns(1)
			if err = db.PingContext(ctx); err == nil {
				return db, nil
			}
			err = errors.Join(err, db.Close())
		}
		var locked *LockedError
		if err = openError(path, err); !errors.As(err, &locked) || time.Now().After(deadline) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause):
		}
	}
}

// openError says in our words what DuckDB says about a file it cannot open.
// DuckDB has no code for "locked", only an IO error with this text.
func openError(path string, err error) error {
	var d *duckdb.Error
	if !errors.As(err, &d) {
		return fmt.Errorf("%s: %w", path, err)
	}
	if strings.Contains(d.Msg, "Could not set lock on file") {
		holder := ""
		if m := regexp.MustCompile(`held in (\S+) \(PID (\d+)\)`).FindStringSubmatch(d.Msg); m != nil {
			holder = "pid " + m[2] + " (" + filepath.Base(m[1]) + ")"
		}
		return &LockedError{Path: path, Holder: holder}
	}
	if strings.Contains(d.Msg, "not a valid DuckDB database file") {
		return fmt.Errorf("%s: is not a ledger, nor any DuckDB file; name another with --db", path)
	}
	return fmt.Errorf("%s: %w", path, d) // without what database/sql says around it
}

// prepare makes the schema where there is none, refuses what is not ours, and
// sets up the connection.
func (l *Ledger) prepare(ctx context.Context, o Options) error {
	if err := l.checkSchema(ctx, o.ReadOnly); err != nil {
		return err
	}
	limit := o.Memory
	if limit == "" {
		half, err := l.halfOfMemory(ctx)
		if err != nil {
			return err
		}
		limit = half
	}
	spill, err := filepath.Abs(l.Path + ".tmp")
	if err != nil {
		return err
	}
	settings := []string{
		"SET GLOBAL TimeZone = 'UTC'",
		"SET GLOBAL memory_limit = " + quote(limit),
		"SET GLOBAL temp_directory = " + quote(spill),
		"SET VARIABLE plain_users = " + strconv.FormatBool(o.PlainUsers),
		"SET VARIABLE salt = (SELECT salt FROM ledger)",
	}
	if o.Threads > 0 {
		settings = append(settings, "SET GLOBAL threads = "+strconv.Itoa(o.Threads))
	}
	for _, s := range append(settings, typesSQL) {
		if _, err := l.DB.ExecContext(ctx, s); err != nil {
			if o.Memory != "" && strings.Contains(s, "memory_limit") {
				return fmt.Errorf("memory %q is not an amount like 4GB", o.Memory)
			}
			return err
		}
	}
	return nil
}

// checkSchema makes the schema in an empty file, and refuses a DuckDB file of
// another program or of a newer version of this one.
func (l *Ledger) checkSchema(ctx context.Context, readOnly bool) error {
	var tables, ours int
	// The table's name alone would take the books of an accountant for ours.
	err := l.DB.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM duckdb_tables() WHERE NOT temporary),
		(SELECT count(*) FROM duckdb_columns() WHERE table_name = 'ledger' AND column_name = 'salt')`).Scan(&tables, &ours)
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
	if version == schemaVersion || readOnly { // what a later version added is empty in this file, and no report reads it
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

// halfOfMemory is half of what DuckDB sees of the machine; its own limit is 80%.
func (l *Ledger) halfOfMemory(ctx context.Context) (string, error) {
	var limit string
	if err := l.DB.QueryRowContext(ctx, `SELECT current_setting('memory_limit')`).Scan(&limit); err != nil {
		return "", err
	}
	var size float64
	var unit string
	if _, err := fmt.Sscanf(limit, "%f %s", &size, &unit); err != nil {
		return "", fmt.Errorf("memory_limit %q: %w", limit, err)
	}
	return fmt.Sprintf("%.1f%s", size*0.5/0.8, unit), nil
}

// inTransaction runs f in a transaction of its own: committed whole, or not at all.
func inTransaction(ctx context.Context, db *sql.DB, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// quote writes a text as an SQL literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// ident writes a name as an SQL identifier.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
