package ingest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// A Detection says what a file is, and how sure that is.
type Detection struct {
	Source Source
	Why    string // "all 4 required columns are in the header on line 1"
	Empty  bool   // an export without a record, of which kind cannot be told
	layout layout
}

// detect says which source reads the file: the one of the configuration whose
// path it has, else the one with the most required columns, all of which must be there.
func detect(ctx context.Context, ledger *Ledger, o *opened, sources []Source) (Detection, error) {
	candidates := slices.DeleteFunc(slices.Clone(sources), func(s Source) bool {
		return s.Path == "" || !matchesPath(s.Path, cmp.Or(o.Archive, strings.TrimSuffix(o.Name, o.more())))
	})
	byPath := len(candidates) > 0
	if !byPath {
		candidates = slices.DeleteFunc(slices.Clone(sources), func(s Source) bool { return s.Path != "" })
	}
	layouts, err := layoutsOf(ctx, ledger, o)
	if err != nil {
		return Detection{}, fmt.Errorf("%s: %w", o.Name, err)
	}
	header := likelyHeader(layouts)
	found := contest{header: header, unknown: UnknownError{File: o.Name, Seen: header.names()}}
	for _, l := range layouts {
		for _, s := range candidates {
			if !s.reads(o.format) {
				if byPath {
					found.unknown.Format, found.unknown.Formats = o.format, s.Formats
				}
				continue
			}
			if s.Series != "" {
				var ok bool
				if s, ok, err = s.withSeries(ctx, ledger, l); err != nil {
					return Detection{}, fmt.Errorf("%s: %w", o.Name, err)
				} else if !ok {
					found.unknown.Nearest, found.unknown.Missing = s.Name, []string{"a date as a heading"}
					continue
				}
			}
			found.enter(s, l)
		}
	}
	switch {
	case found.tied != "":
		return Detection{}, fmt.Errorf("%s: both %s and %s read this file; choose with --source", o.Name, found.best.Source.Name, found.tied)
	case found.score == 0 && (found.empty || string(bytes.TrimSpace(o.head)) == "[]"):
		return Detection{Empty: true}, nil
	case found.score == 0:
		return Detection{}, o.unknown(ctx, ledger, found)
	}
	for _, c := range found.best.Source.Columns {
		for _, from := range c.From {
			if slices.Contains(found.best.layout.twice, strings.ReplaceAll(from, `"`, "")) {
				return Detection{}, fmt.Errorf("%s: %s stands twice in one object, and nobody can tell which of the two is meant; nothing is booked", o.Name, from)
			}
		}
	}
	if byPath {
		found.best.Why = "its path is mapped in the configuration; " + found.best.Why
	}
	return found.best, nil
}

// mayBeCut says whether a CSV ends in a figure that may go on: without a line break, and with fewer decimals than the column has
// elsewhere, or than money has. Half a word still says what it said, unless it is the beginning of one that stands in its column: half of an
// account would be another account.
func (d Detection) mayBeCut(o *opened) bool {
	if o.format != "csv" {
		return false
	}
	last, open := o.encoding.lastField(d.layout.delim)
	if !open {
		return false
	}
	figure := slices.ContainsFunc(d.Source.Columns, func(c Column) bool {
		return mayFail(c.Type) && slices.ContainsFunc(d.layout.places(c), func(p place) bool {
			return !p.beside && p.many == nil && p.field == len(d.layout.fields)-1
		})
	})
	most, others, begun, same := 2, 0, false, false
	for line := range bytes.Lines(o.head) {
		_, field, _ := strings.Cut(string(line[max(0, bytes.LastIndex(line, []byte(d.layout.delim))):]), d.layout.delim)
		field = strings.Trim(field, "\r\n\"")
		most = max(most, decimals(field))
		if bytes.HasSuffix(line, []byte("\n")) {
			if others > d.layout.skip {
				same = same || field == last
				begun = begun || strings.HasPrefix(field, last)
			}
			others++
		}
	}
	if !figure {
		return begun && !same
	}
	return decimals(last) < most || others < d.layout.skip+2 // beside the header there is nothing to hold it against
}

// decimals is how many digits stand after a figure's point.
func decimals(figure string) int {
	_, after, _ := strings.Cut(figure, ".")
	return len(after)
}

// halfThere is what of a source's columns a file must have to be called near to it: a `date` or a `model` have many.
const halfThere = 0.5

// A contest finds the source that fits best, and the nearest where none does.
type contest struct {
	header  layout // where the nearest is looked for
	best    Detection
	score   int
	tied    string
	empty   bool
	unknown UnknownError
	nearest float64
}

func (c *contest) enter(s Source, l layout) {
	required, missing := len(s.required()), l.missing(s)
	if len(missing) > 0 {
		c.empty = c.empty || l.emptyAt(s.Records) || l.idle(s)
		if share := float64(required-len(missing)) / float64(required); share >= halfThere && share > c.nearest && l.isAt(c.header) {
			c.nearest, c.unknown.Nearest, c.unknown.Missing = share, s.Name, missing
		}
		return
	}
	if !l.expected(s) {
		return
	}
	switch score := required + len(s.Expect); {
	case score > c.score:
		c.best, c.score, c.tied = Detection{Source: s, Why: l.why(required), layout: l}, score, ""
	case score == c.score && s.Name != c.best.Source.Name:
		c.tied = s.Name
	}
}

// matchesPath says whether a file is one of a pattern, from any folder above it.
func matchesPath(pattern, name string) bool {
	pattern = strings.TrimPrefix(filepath.ToSlash(pattern), "./")
	parts := strings.Split(filepath.ToSlash(name), "/")
	for i := range parts {
		if ok, err := filepath.Match(pattern, strings.Join(parts[i:], "/")); ok && err == nil {
			return true
		}
	}
	return false
}

// layoutsOf reads the head in every way that it may be meant.
func layoutsOf(ctx context.Context, l *Ledger, o *opened) ([]layout, error) {
	switch o.format {
	case "parquet":
		types, err := parquetTypes(ctx, l, o)
		return []layout{{fields: slices.Sorted(maps.Keys(types))}}, err
	case "json":
		l, err := jsonLayout(o.head)
		return []layout{l}, err
	}
	layouts := csvLayouts(o.head)
	for _, l := range layouts {
		if len(l.fields) > maxColumns {
			return nil, fmt.Errorf("line %d has more than %d columns: that is no export", l.skip+1, maxColumns)
		}
	}
	return layouts, nil
}

// maxColumns is how wide a CSV may be: what more of them cost grows with their square.
const maxColumns = 20_000

// jsonLayout collects the paths of the head, and says how the documents stand in the file.
func jsonLayout(head []byte) (layout, error) {
	l := layout{paths: jsonFields{}, shape: "documents"}
	first := bytes.TrimLeft(head, " \t\r\n")
	if first[0] == '[' {
		l.shape = "array"
	} else if line, _, more := bytes.Cut(first, []byte("\n")); json.Valid(line) && (more || len(head) < headSize) {
		l.shape = "lines"
	}
	d := json.NewDecoder(bytes.NewReader(head))
	d.UseNumber()
	for {
		err := l.walk(d, "", 0)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return l, nil // the head may end anywhere
		}
		if err != nil {
			if len(l.paths) > 0 {
				return l, nil // what is wrong further down is for staging to say, with its record
			}
			return l, fmt.Errorf("is not valid JSON: %w", err)
		}
	}
}

// maxDepth is how deep JSON may be nested: no export is a tenth as deep, and each level costs memory.
const maxDepth = 200

// walk reads one JSON value and notes its paths, looking through arrays.
func (l *layout) walk(d *json.Decoder, path string, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if depth > maxDepth {
		return fmt.Errorf("nested more than %d levels deep", maxDepth)
	}
	switch t {
	case json.Delim('{'):
		names := map[string]bool{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, ok := key.(string)
			if !ok {
				return fmt.Errorf("a key that is no string: %v", key)
			}
			if path != "" {
				name = path + "." + name
			}
			if _, ok := l.paths[name]; !ok {
				l.paths[name] = nil
			}
			if names[name] {
				l.twice = append(l.twice, name)
			}
			names[name] = true
			if err := l.walk(d, name, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
	case json.Delim('['):
		for d.More() {
			if err := l.walk(d, path, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
	default:
		if s, ok := t.(string); ok && len(l.paths[path]) < 100 && !slices.Contains(l.paths[path], s) {
			l.paths[path] = append(l.paths[path], s)
		}
	}
	return err
}
