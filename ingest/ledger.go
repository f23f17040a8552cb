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
	_ "embed" // the types
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

// namesSQL is the types that reports use as well.
//
//go:embed names.sql
var namesSQL string

// moment is how long somebody waits before they are told for whom.
const moment = time.Second

// Options says how to open a ledger.
type Options struct {
	ReadOnly   bool
	Memory     string        // DuckDB's limit, such as "4GB"; empty: half of the machine's
	Threads    int           // 0: one per core
	PlainUsers bool          // keep user names as they are instead of hashing them
	Wait       time.Duration // how long to wait for another process that holds the file
	// Waiting, where it is not nil, is called once where that takes longer than a moment, with who holds it.
	Waiting func(*LockedError)
}

// A Ledger is an open DuckDB file with the schema of this version. It holds one
// connection: reject tables, variables and temporary tables belong to it.
type Ledger struct {
	DB      *sql.DB
	Path    string   // where it lies, whatever link leads there
	Backup  string   // the copy of the ledger as it was, where opening it raised it to this version; else empty
	file    *os.File // of own
	writes  bool     // whether closing it puts its log into it
	failed  bool     // whether DuckDB has begun to do that, and could not
	longLog int64    // how long the log may be before the next file
	types   []macro  // of types.sql, in its order; nil until the first is needed
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
	name := path // as it was given, for messages
	path, isNew, err := locate(path, o.ReadOnly)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	bounded()
	if !o.ReadOnly {
		private()
	}
	if isNew {
		if err := create(ctx, name, path); err != nil {
			return nil, err
		}
	}
	db, err := connect(ctx, name, path, o)
	if err != nil {
		return nil, err
	}
	l := &Ledger{DB: db, Path: path, longLog: longLog}
	if isNew { // and the file system has no links
		err = os.Chmod(path, 0o600)
	}
	if err == nil && !o.ReadOnly {
		// We put the log into the ledger, and DuckDB never does of itself: see undo.go.
		_, err = db.ExecContext(ctx, "PRAGMA disable_checkpoint_on_shutdown; SET GLOBAL wal_autocheckpoint = '1TB'")
	}
	if err == nil && !o.ReadOnly {
		err = l.keepOlder(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if err := l.prepare(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), l.Close())
	}
	l.writes = !o.ReadOnly
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
func connect(ctx context.Context, name, path string, o Options) (*sql.DB, error) {
	dsn := path + "?autoinstall_known_extensions=false&autoload_known_extensions=false&allow_community_extensions=false"
	if o.ReadOnly {
		dsn += "&access_mode=READ_ONLY"
	}
	begin := time.Now()
	deadline := begin.Add(o.Wait)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, moment/2) {
		if err := undo(path, o.ReadOnly); err != nil {
			return nil, err
		}
		db, err := sql.Open("duckdb", dsn)
		if err == nil {
			db.SetMaxOpenConns(1)
			if err = db.PingContext(ctx); err == nil {
				return db, nil
			}
			err = errors.Join(err, db.Close())
		}
		var locked *LockedError
		if err = openError(name, path, err); !errors.As(err, &locked) {
			return nil, err
		}
		if o.Waiting != nil && o.Wait > moment && time.Since(begin)+pause > moment {
			o.Waiting(locked)
			o.Waiting = nil
		}
		if time.Now().After(deadline) {
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
func openError(name, path string, err error) error {
	var d *duckdb.Error
	if !errors.As(err, &d) {
		return fmt.Errorf("%s: %w", name, err)
	}
	if strings.Contains(d.Msg, "Could not set lock on file") {
		holder := ""
		if m := regexp.MustCompile(`held in (.+) \(PID (\d+)\)`).FindStringSubmatch(d.Msg); m != nil {
			holder = "pid " + m[2] + " (" + filepath.Base(m[1]) + ")"
		}
		return &LockedError{Path: name, Holder: holder}
	}
	if strings.Contains(d.Msg, "not a valid DuckDB database file") {
		if info, err := os.Stat(path); err == nil && info.Size() == 0 {
			return fmt.Errorf("%s: is an empty file, and no ledger; remove it, and `aifinops ingest` makes one", name)
		}
		return fmt.Errorf("%s: is not a ledger, nor any DuckDB file; name another with --db", name)
	}
	if isDamage(d.Msg) {
		return fmt.Errorf("%s: is damaged, and is left as it is: %w\nhint: put back a copy of it, and remove %[3]s.wal and %[3]s.undo where they are there; or move all three away, and ingest the exports into a new one", name, d, path)
	}
	return fmt.Errorf("%s: %w", name, d) // without what database/sql says around it
}

// isDamage tells a file that was cut short or written over from one that cannot be reached.
func isDamage(message string) bool {
	for _, said := range []string{"Corrupt ", "Could not read enough bytes", "MetadataReader", "metadata pointer", "Serialization Error", "INTERNAL Error", "free list"} {
		if strings.Contains(message, said) {
			return true
		}
	}
	return false
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
	settings = append(settings, namesSQL)
	if o.ReadOnly {
		version, err := versionOf(ctx, l.DB)
		if err != nil {
			return err
		}
		if version < 3 {
			settings = append(settings, noneLeftOut)
		}
	}
	for _, s := range settings {
		if _, err := l.DB.ExecContext(ctx, s); err != nil {
			if o.Memory != "" && strings.Contains(s, "memory_limit") {
				return fmt.Errorf("memory %q is not an amount like 4GB", o.Memory)
			}
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
