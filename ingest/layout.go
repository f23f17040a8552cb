package ingest

import (
	"fmt"
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
	twice  []string   // json: those that an object has more than once
}

// jsonFields is the paths that occur in a JSON file, arrays looked through,
// each with a few of its values.
type jsonFields map[string][]string

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
			if len(patterns) == 0 && slices.ContainsFunc(l.fields, func(f string) bool { return strings.EqualFold(f, path) }) {
				return false
			}
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

// steps is the names along a path. A name with dots in it stands in quotes: "gen_ai.usage.input_tokens".
func steps(path string) []string {
	var steps []string
	quoted := false
	for _, part := range strings.Split(path, ".") {
		if quoted {
			steps[len(steps)-1] += "." + part
		} else {
			steps = append(steps, part)
		}
		if strings.Count(part, `"`)%2 == 1 {
			quoted = !quoted
		}
	}
	for i := range steps {
		steps[i] = strings.ReplaceAll(steps[i], `"`, "")
	}
	return steps
}

// joined is the path of some steps.
func joined(steps []string) string {
	quoted := make([]string, len(steps))
	for i, s := range steps {
		if quoted[i] = s; strings.Contains(s, ".") {
			quoted[i] = `"` + s + `"`
		}
	}
	return strings.Join(quoted, ".")
}
