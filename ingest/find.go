package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

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
	if strings.HasPrefix(lower, "readme") { // of those who pack archives
		return false
	}
	if strings.Contains(lower, ".duckdb.") { // a ledger as it was, and what DuckDB lays beside it
		return false
	}
	ext := filepath.Ext(lower)
	return !slices.Contains([]string{".duckdb", ".wal", ".tmp", ".yaml", ".yml", ".md", ".sql", ".py", ".ipynb", ".sh", ".go", ".js", ".ts", ".toml", ".png", ".part", ".crdownload"}, ext)
}
