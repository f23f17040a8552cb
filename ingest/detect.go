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

// A layout is how the fields of one file are laid out: what detection found in its head.
type layout struct {
	delim  string     // csv: the delimiter
	skip   int        // csv: lines above the header
	above  [][]string // csv: the fields of those lines
	fields []string   // csv, parquet: the headers as they stand in the file
	shape  string     // json: "lines", "array" or "documents"
	paths  jsonFields // json: the paths seen
}

// jsonFields is the paths that occur in a JSON file, arrays looked through,
// each with a few of its values.
type jsonFields map[string][]string

// A Detection says what a file is, and how sure that is.
type Detection struct {
	Source Source
	Why    string // "all 4 required columns are in the header on line 1"
	Empty  bool   // an export without a record, of which kind cannot be told
	layout layout
}

// An UnknownError says that no source reads a file, and what came nearest.
type UnknownError struct {
	File    string
	Nearest string
	Missing []string
	Seen    []string
}

func (e *UnknownError) Error() string {
	seen := e.Seen
	if len(seen) > 12 {
		seen = append(slices.Clone(seen[:12]), "…")
	}
	s := fmt.Sprintf("%s: no source reads this file; it has %s", e.File, strings.Join(seen, ", "))
	if e.Nearest != "" {
		s += fmt.Sprintf("; the nearest is %s, which also needs %s", e.Nearest, strings.Join(e.Missing, ", "))
	}
	return s + "\nhint: map its columns under `sources:` in aifinops.yaml, or name a source with --source"
}

// detect says which source reads the file: the one of the configuration whose
// path it has, else the one with the most required columns, all of which must be there.
func detect(ctx context.Context, ledger *Ledger, o *opened, sources []Source) (Detection, error) {
	candidates := slices.DeleteFunc(slices.Clone(sources), func(s Source) bool { return s.Path == "" || !matchesPath(s.Path, cmp.Or(o.Archive, o.Name)) })
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
		return Detection{}, &found.unknown
	}
	if byPath {
		found.best.Why = "its path is mapped in the configuration; " + found.best.Why
	}
	return found.best, nil
}

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
		if share := float64(required-len(missing)) / float64(required); share > c.nearest && l.isAt(c.header) {
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
	return csvLayouts(o.head), nil
}

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
		err := walk(d, "", 0, l.paths)
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
func walk(d *json.Decoder, path string, depth int, seen jsonFields) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if depth > maxDepth {
		return fmt.Errorf("nested more than %d levels deep", maxDepth)
	}
	switch t {
	case json.Delim('{'):
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
			if _, ok := seen[name]; !ok {
				seen[name] = nil
			}
			if err := walk(d, name, depth+1, seen); err != nil {
				return err
			}
		}
		_, err = d.Token()
	case json.Delim('['):
		for d.More() {
			if err := walk(d, path, depth+1, seen); err != nil {
				return err
			}
		}
		_, err = d.Token()
	default:
		if s, ok := t.(string); ok && len(seen[path]) < 100 && !slices.Contains(seen[path], s) {
			seen[path] = append(seen[path], s)
		}
	}
	return err
}

// A place is where in a row a column stands: a field, or inside the JSON of one.
type place struct {
	field  int
	within string
	many   []int // of a type tags: the fields whose headers a glob matches
	names  []string
	text   string // where it stands beside the table, not in it
	beside bool
}

// places says where a CSV or Parquet file has a column.
func (l layout) places(c Column) []place {
	var places []place
	for _, from := range c.From {
		if label, ok := strings.CutPrefix(from, "above:"); ok {
			if text, ok := l.beside(label); ok {
				places = append(places, place{text: text, beside: true})
			}
			continue
		}
		if header, ok := strings.CutPrefix(from, "in:"); ok {
			if i := slices.IndexFunc(l.fields, func(f string) bool { return sameHeader(f, header) }); i >= 0 {
				places = append(places, place{text: remark(l.fields[i]), beside: true})
			}
			continue
		}
		if c.Type == "tags" && strings.Contains(from, "*") {
			if p := l.matching(from); p.many != nil {
				places = append(places, p)
			}
			continue
		}
		column, inside, nested := strings.Cut(from, ".")
		for i, f := range l.fields {
			if sameHeader(f, from) {
				places = append(places, place{field: i})
				break // of two columns with one name the first counts
			}
			if nested && strings.EqualFold(f, column) {
				places = append(places, place{field: i, within: inside})
				break
			}
		}
	}
	return places
}

// beside is the cell to the right of a label in the lines above the header.
func (l layout) beside(label string) (string, bool) {
	for _, line := range l.above {
		for i, cell := range line {
			if i+1 < len(line) && strings.EqualFold(strings.TrimSpace(cell), label) {
				return strings.TrimSpace(line[i+1]), true
			}
		}
	}
	return "", false
}

// matching is the headers that fit a pattern with one *, each by what the * stands for.
func (l layout) matching(pattern string) place {
	before, after, _ := strings.Cut(strings.ToLower(pattern), "*")
	var p place
	for i, f := range l.fields {
		if lower := strings.ToLower(f); len(f) > len(before)+len(after) && strings.HasPrefix(lower, before) && strings.HasSuffix(lower, after) {
			p.many, p.names = append(p.many, i), append(p.names, f[len(before):len(f)-len(after)])
		}
	}
	return p
}

// remark is what stands in the brackets at the end of a header, such as the currency.
func remark(header string) string {
	open := strings.LastIndex(header, "(")
	if open < 0 {
		return ""
	}
	return strings.TrimSuffix(header[open+1:], ")")
}

// sameHeader compares without case. A source writes "Started at (*)" where the export puts a time zone, or another remark, in the brackets.
func sameHeader(header, from string) bool {
	if before, ok := strings.CutSuffix(from, "*)"); ok && len(header) > len(before) && strings.HasSuffix(header, ")") {
		return strings.EqualFold(header[:len(before)], before)
	}
	return strings.EqualFold(header, from)
}

// has says whether the file has a column.
func (l layout) has(c Column) bool {
	if l.paths == nil {
		return len(l.places(c)) > 0
	}
	return slices.ContainsFunc(c.From, func(from string) bool {
		_, ok := l.paths[strings.ReplaceAll(from, `"`, "")]
		parent, _, nested := strings.Cut(from, ".")
		// An object may be written as a JSON string: what it holds is read later.
		return ok || nested && len(l.paths[parent]) > 0
	})
}

// emptyAt says whether a JSON file has the list of records, and nothing in it.
func (l layout) emptyAt(records string) bool {
	if _, ok := l.paths[records]; !ok || records == "" {
		return false
	}
	for p := range l.paths {
		if strings.HasPrefix(p, records+".") {
			return false
		}
	}
	return true
}

// idle says whether a CSV file has the header by which a source exports days without data.
func (l layout) idle(s Source) bool {
	return len(s.Idle) > 0 && slices.EqualFunc(l.fields, s.Idle, strings.EqualFold)
}

func (l layout) missing(s Source) []string {
	var missing []string
	for _, c := range s.required() {
		if !l.has(c) {
			missing = append(missing, strings.Join(c.From, " or "))
		}
	}
	return missing
}

// expected says whether the values seen are those of the source: formats of one
// envelope differ only there.
func (l layout) expected(s Source) bool {
	for path, patterns := range s.Expect {
		if l.paths == nil {
			continue
		}
		for _, v := range l.paths[path] {
			if !slices.ContainsFunc(patterns, func(p string) bool { ok, err := filepath.Match(p, v); return ok && err == nil }) {
				return false
			}
		}
	}
	return true
}

func (l layout) names() []string {
	if l.paths == nil {
		return l.fields
	}
	var names []string
	for p := range l.paths {
		names = append(names, p)
	}
	slices.Sort(names)
	return names
}

func (l layout) why(required int) string {
	switch {
	case l.paths != nil:
		return fmt.Sprintf("all %d required fields are in its JSON", required)
	case l.delim != "":
		return fmt.Sprintf("all %d required columns are in the header on line %d", required, l.skip+1)
	}
	return fmt.Sprintf("all %d required columns are in the file", required)
}
