package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Request says what to ingest and how.
type Request struct {
	Inputs  []Input
	Sources []Source
	Source  string // read every file as this source; empty: recognise it
	Account string // the billing account of files that do not say theirs
	Strict  bool   // a record that does not fit refuses its file
	Replace bool   // take the place of whatever covers the same period, though it was booked before
	Parts   bool   // the files are parts of exports: each takes the place of nothing but itself
	Again   bool   // read files that were booked before once more
	Limit   int    // read only so many records of each file; 0: all
	Keep    []Keep // what of bills that hold more than AI is booked; none: all
	// Progress, where it is not nil, is called before each file with its number, and with "" when all are done.
	Progress func(name string, n, of int)
}

// Run books the files in their order of age, each in a transaction of its own.
// A file that is refused changes nothing, and does not stop the others: the
// errors come back joined.
func Run(ctx context.Context, l *Ledger, r Request) ([]Receipt, error) {
	scratch, err := os.MkdirTemp("", "aifinops-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	sources := r.Sources
	if r.Source != "" {
		if sources, err = only(sources, r.Source); err != nil {
			return nil, err
		}
	}
	var inputs []Input
	var errs []error
	for _, in := range noteMissing(WithoutLedger(l.Path, r.Inputs)) {
		members, err := Unpack(in, scratch)
		if err != nil {
			errs = append(errs, err)
		}
		inputs = append(inputs, members...)
	}
	if !r.Parts {
		if inputs, err = looseParts(inputs, sources, scratch); err != nil {
			errs = append(errs, err)
		}
	}
	// The older first, so that the newer replaces it; of one age, in the order given.
	slices.SortStableFunc(inputs, func(a, b Input) int { return a.Modified.Compare(b.Modified) })
	var receipts []Receipt
	parts := map[string][]int64{}
	for i, in := range inputs {
		if ctx.Err() != nil {
			break
		}
		if r.Progress != nil {
			r.Progress(in.Name, i, len(inputs))
		}
		if in.Found && strings.EqualFold(filepath.Ext(in.Name), ".pdf") {
			receipts = append(receipts, Receipt{File: in.Name, Status: NotRead})
			continue
		}
		group := in.Archive
		if r.Parts {
			group = "*"
		}
		if in.Archive != "" && parts[group] == nil { // what of the archive was booked before stays, wherever in it that stands
			if parts[group], err = bookedOf(ctx, l, inputs, in.Archive); err != nil {
				return receipts, errors.Join(append(errs, err)...)
			}
		}
		receipt, file, err := ingestFile(ctx, l, in, sources, r, parts[group], scratch)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if group != "" && file > 0 {
			parts[group] = append(parts[group], file)
		}
		receipts = append(receipts, receipt)
		if err := l.checkpoint(ctx, l.longLog); err != nil {
			return receipts, errors.Join(append(errs, err)...)
		}
	}
	if r.Progress != nil {
		r.Progress("", len(inputs), len(inputs))
	}
	return receipts, errors.Join(append(errs, ctx.Err())...)
}

func only(sources []Source, name string) ([]Source, error) {
	i := slices.IndexFunc(sources, func(s Source) bool { return s.Name == name })
	if i < 0 {
		var like []string
		for _, s := range sources {
			if strings.Contains(s.Name, strings.ToLower(name)) && name != "" {
				like = append(like, s.Name)
			}
		}
		if like != nil {
			return nil, fmt.Errorf("no source %q; there are %s", name, strings.Join(like, ", "))
		}
		return nil, fmt.Errorf("no source %q; `aifinops sources` lists them", name)
	}
	s := sources[i]
	s.Path = ""
	return []Source{s}, nil
}

// ingestFile takes one file from its bytes to its receipt.
func ingestFile(ctx context.Context, l *Ledger, in Input, sources []Source, r Request, parts []int64, scratch string) (Receipt, int64, error) {
	o, err := open(in, scratch)
	if err != nil {
		return Receipt{}, 0, err
	}
	d, err := detect(ctx, l, o, sources)
	if err != nil {
		return Receipt{}, 0, err
	}
	if d.Empty {
		return Receipt{File: in.Name, Status: Empty}, 0, nil
	}
	reading := d.Source.reading(r.Keep)
	before, err := bookedBefore(ctx, l, o, d.Source, reading)
	if err != nil {
		return Receipt{}, 0, err
	}
	if before.name != "" && !r.Again && !r.Replace {
		return Receipt{File: in.Name, Status: Unchanged, SameAs: before.name, Changed: before.changed}, before.files[0], nil
	}
	if r.Limit > 0 {
		d.Source.Total = "" // of the records that are read nobody knows the total
	}
	defer clearStaged(l)
	if len(r.Keep) > 0 {
		if err := l.define(ctx, "is_one_of", "as_tags", "tag_name"); err != nil {
			return Receipt{}, 0, err
		}
	}
	err = stage(ctx, l, o, d, r.Limit, scratch)
	if changed := o.refuseChanged(); changed != nil { // whatever was read then
		return Receipt{}, 0, fmt.Errorf("%s: %w", in.Name, changed)
	}
	if err != nil {
		return Receipt{}, 0, err
	}
	receipt, file, err := book(ctx, l, o, d.Source, bookOptions{account: r.Account, strict: r.Strict, replace: r.Replace, part: r.Parts, parts: parts, again: before.files, keep: r.Keep, reading: reading,
		cut: r.Limit == 0 && d.mayBeCut(o), unended: r.Limit == 0 && o.format == "csv" && o.encoding.isUnended()})
	receipt.Why = d.Why
	return receipt, file, err
}

// bookedOf is the files of the ledger that have the bytes of a member of an archive.
func bookedOf(ctx context.Context, l *Ledger, inputs []Input, archive string) ([]int64, error) {
	files := []int64{}
	for _, in := range inputs {
		if in.Archive != archive {
			continue
		}
		o := opened{Input: in}
		if err := o.hash(); err != nil {
			continue // open says what is wrong with it
		}
		var found sql.NullInt64
		err := l.DB.QueryRowContext(ctx, "SELECT max(x_File) FROM files WHERE sha256 = ?", o.sha256).Scan(&found)
		if err != nil {
			return nil, err
		}
		if found.Valid {
			files = append(files, found.Int64)
		}
	}
	return files, nil
}

// A precedent is what the ledger has of the bytes of a file.
type precedent struct {
	files   []int64 // what a booking takes the place of
	name    string  // under which they were booked as the same source, if they were
	changed bool    // and the configuration had them read otherwise
}

// bookedBefore looks for the bytes of a file in the ledger. Two vendors may bill the same flat fee in the same words: what has another name and
// source is another file. What lies in the same place is the same file, whatever the configuration made of it then.
func bookedBefore(ctx context.Context, l *Ledger, o *opened, s Source, reading string) (p precedent, err error) {
	rows, err := l.DB.QueryContext(ctx, `SELECT x_File, path, source, CASE WHEN r.x_File IS NULL THEN '' ELSE reading END <> $4 FROM files LEFT JOIN file_readings r USING (x_File)
		WHERE sha256 = $1 AND (source = $2 OR path = $3 AND NOT $5) ORDER BY x_File`, o.sha256, s.Name, o.Name, reading, o.piped())
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var file int64
		var path, source string
		var changed sql.NullBool
		if err := rows.Scan(&file, &path, &source, &changed); err != nil {
			return p, err
		}
		p.files = append(p.files, file)
		if p.name == "" && source == s.Name {
			p.name, p.changed = path, changed.Bool
		}
	}
	return p, rows.Err()
}

// Find lists the files that the paths name: files, the files below folders, and
// the matches of globs. Hidden files, and what cannot be an export, are passed over in folders.
// A link inside a folder may lead to another of its files, and nowhere else: what is put
// into an inbox must not say which files of the machine are read. What cannot be followed is an error beside the others.
func Find(paths []string) ([]Input, error) {
	var inputs []Input
	var errs []error
	for _, p := range paths {
		matches := []string{p}
		if _, err := os.Stat(p); err != nil {
			if matches, err = filepath.Glob(p); err != nil {
				return nil, fmt.Errorf("%s: %w", p, err)
			}
		}
		found := 0
		for _, m := range matches {
			below, err := findBelow(m)
			if err != nil {
				found++
				errs = append(errs, err)
			}
			found += len(below)
			inputs = append(inputs, below...)
		}
		if found == 0 {
			return nil, fmt.Errorf("%s: no files here", p)
		}
	}
	return inputs, errors.Join(errs...)
}

// findBelow lists one file, or the files below one folder. The path itself may be a link: somebody named it.
func findBelow(path string) ([]Input, error) {
	root, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	var inputs []Input
	var errs []error
	err = filepath.WalkDir(root, func(file string, e os.DirEntry, err error) error {
		if err != nil {
			errs = append(errs, err)
			return nil
		}
		base := filepath.Base(file)
		if file != root && (strings.HasPrefix(base, ".") || !e.IsDir() && !maybeExport(base)) {
			if e.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		below, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(filepath.Join(path, below))
		if e.Type()&os.ModeSymlink != 0 {
			if err := staysBelow(root, file); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				return nil
			}
		}
		if info, err := os.Stat(file); err != nil {
			errs = append(errs, err)
		} else if info.Mode().IsRegular() {
			inputs = append(inputs, Input{Name: name, File: file, Modified: info.ModTime(), Found: file != root})
		}
		return nil
	})
	return inputs, errors.Join(append(errs, err)...)
}

// staysBelow refuses a link that leads out of a folder.
func staysBelow(root, link string) error {
	to, err := filepath.EvalSymlinks(link)
	if err != nil {
		return fmt.Errorf("is a link to nothing: %w", err)
	}
	if below, err := filepath.Rel(root, to); err != nil || !filepath.IsLocal(below) {
		return errors.New("is a link out of the folder, and is not followed\nhint: name the file itself, or put it here")
	}
	return nil
}

// maybeExport passes over what people keep beside their exports.
func maybeExport(name string) bool {
	lower := strings.ToLower(name)
	if strings.HasSuffix(lower, "manifest.json") || strings.HasSuffix(lower, ".metadata.json") { // what clouds write beside a bill
		return false
	}
	if strings.Contains(lower, ".duckdb.") { // a ledger as it was, and what DuckDB lays beside it
		return false
	}
	ext := filepath.Ext(lower)
	return !slices.Contains([]string{".duckdb", ".wal", ".tmp", ".yaml", ".yml", ".md", ".sql", ".py", ".ipynb", ".sh", ".go", ".js", ".ts", ".toml", ".png", ".part", ".crdownload"}, ext)
}
