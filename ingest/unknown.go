package ingest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// An UnknownError says that no source reads a file, and what came nearest.
type UnknownError struct {
	File    string
	Nearest string
	Missing []string
	Seen    []string
	Format  string   // of the file, where the entry of the configuration that its path has reads another
	Formats []string // that the entry reads
}

func (e *UnknownError) Error() string {
	seen := e.Seen
	if len(seen) > 12 {
		seen = append(slices.Clone(seen[:12]), "…")
	}
	if e.Format != "" && e.Nearest == "" {
		return fmt.Sprintf("%s: is %s, and the entry of `sources:` that its path has reads %s\nhint: write `format: %s` there, or leave the format out", e.File, e.Format, strings.Join(e.Formats, ", "), e.Format)
	}
	s := fmt.Sprintf("%s: no source reads this file; it has %s", e.File, strings.Join(seen, ", "))
	if e.Nearest != "" {
		s += fmt.Sprintf("; the nearest is %s, which also needs %s", e.Nearest, strings.Join(e.Missing, ", "))
	}
	return s + "\nhint: map its columns under `sources:` in aifinops.yaml, or name a source with --source"
}

// unknown says of a file that no source reads what it has, or what it is where that is no export at all.
func (o *opened) unknown(ctx context.Context, l *Ledger, found contest) error {
	if start := bytes.ToLower(bytes.TrimSpace(o.head[:min(len(o.head), 1000)])); bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html")) {
		return fmt.Errorf("%s: is a web page, as is saved where a download asks who you are\nhint: sign in and download it again", o.Name)
	}
	seen, answer := found.unknown.Seen, ""
	for _, path := range []string{"error.message", "error"} { // what else a document says may be a prompt
		if said := found.header.paths[path]; answer == "" && len(said) > 0 && len(seen) <= fewKeys {
			answer = said[0]
		}
	}
	if answer != "" {
		seen = []string{answer}
	}
	seen, err := withoutSecrets(ctx, l, seen)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", o.Name, err)
	case answer != "":
		return fmt.Errorf("%s: is an error answer of an API, which says %q\nhint: mend the request and download it again", o.Name, seen[0])
	}
	found.unknown.Seen = seen
	return &found.unknown
}

// fewKeys is more than the answer of an API has that is an error.
const fewKeys = 10

// withoutSecrets hides the people and keys among names: where a file has no header, they are those of its first record.
func withoutSecrets(ctx context.Context, l *Ledger, names []string) ([]string, error) {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(strings.ToValidUTF8(n, "?"))
	}
	return column(ctx, l.DB, "SELECT without_secrets(name) FROM (SELECT unnest(["+strings.Join(quoted, ", ")+"]::VARCHAR[]) AS name)")
}
