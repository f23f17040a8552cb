package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// locate says where a ledger lies, and whether it is to be made there.
func locate(path string, readOnly bool) (real string, isNew bool, err error) {
	if real, err = realPath(path); err == nil {
		_, err = os.Stat(real)
		isNew = errors.Is(err, os.ErrNotExist)
	}
	switch {
	case strings.ContainsAny(real, "?%"):
		return "", false, fmt.Errorf("the path of a ledger cannot hold %q or %q", "?", "%")
	case errors.Is(err, os.ErrNotExist) && readOnly:
		return "", false, ErrNoLedger
	case err != nil && !isNew:
		return "", false, withoutPath(err)
	}
	return real, isNew, nil
}

// realPath is where a ledger lies, or is to be made: DuckDB follows links to it, and lays its log beside the file that it finds there.
func realPath(path string) (string, error) {
	to, err := filepath.EvalSymlinks(path)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return to, err
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, filepath.Base(path))
	if to, err = os.Readlink(path); err != nil {
		return path, nil
	}
	if !filepath.IsAbs(to) { // a link to a ledger that is not made yet
		to = filepath.Join(folder, to)
	}
	return realPath(to)
}

// own is the ledger's file, opened to be read. It stays open as long as the ledger: on Unix, to close any handle of a file gives up the
// lock that DuckDB has on it, and another process would write beside this one.
func (l *Ledger) own() (*os.File, error) {
	if l.file != nil {
		return l.file, nil
	}
	var err error
	l.file, err = os.Open(l.Path)
	return l.file, err
}

// besideLedger is how the names go on of what lies beside a ledger: DuckDB's log and what it spills, and what we keep.
var besideLedger = regexp.MustCompile(`^(\.wal(\.checkpoint|\.recovery)?|\.undo(\.part)?|\.version-\d+(\.part)?|\.tmp)?$`)

// WithoutLedger leaves out the files of a ledger, which `ingest *` names too. They are told by their names and are not opened: to open
// and close the ledger gives up DuckDB's lock on it.
func WithoutLedger(path string, inputs []Input) []Input {
	real, err := realPath(path)
	if err != nil {
		return inputs
	}
	entries, err := os.ReadDir(filepath.Dir(real))
	if err != nil {
		return inputs
	}
	var own []os.FileInfo
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), filepath.Base(real)); ok && besideLedger.MatchString(rest) {
			if info, err := e.Info(); err == nil {
				own = append(own, info)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(inputs), func(in Input) bool {
		return slices.ContainsFunc([]string{in.File, filepath.Dir(in.File)}, func(file string) bool { // what is spilled has a folder
			info, err := os.Stat(file)
			return err == nil && slices.ContainsFunc(own, func(o os.FileInfo) bool { return os.SameFile(o, info) })
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
		if log, err = os.Open(l.Path + ".wal"); err == nil {
			err = errors.Join(copyWhole(log, to+".wal"), log.Close())
		} else if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	return errors.Join(err, l.Close())
}

func copyWhole(r io.Reader, to string) error {
	return writeWhole(to, func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
}

// writeWhole writes a file under a name that it gets only when all of it is on the disk; then the name is, too.
func writeWhole(to string, write func(io.Writer) error) error {
	part := to + ".part"
	w, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err = errors.Join(write(w), w.Sync(), w.Close()); err == nil {
		err = os.Rename(part, to)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return syncFolder(filepath.Dir(to))
}
