package gate

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
	"go.yaml.in/yaml/v3"
)

// A Register is the decisions on record, in the order of their file.
type Register []Decision

// ReadRegister reads a register strictly, and says all that is wrong with it at once. Without a file nothing was decided.
func ReadRegister(path string) (Register, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("decisions: %w", err)
	}
	r, _, err := parseRegister(path, text)
	return r, err
}

// parseRegister gives the list beside what it says: an entry that is added takes its form.
func parseRegister(file string, text []byte) (Register, *yaml.Node, error) {
	var root, more yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	if err := documents.Decode(&root); errors.Is(err, io.EOF) {
		return nil, nil, nil
	} else if err != nil {
		return nil, nil, syntaxError(file, err)
	}
	if err := documents.Decode(&more); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, syntaxError(file, err)
	} else if err == nil {
		return nil, nil, registerError(file, more.Line, "another document begins here; a register is one list")
	}
	list := root.Content[0]
	if isEmpty(list) && list.Value == "" {
		return nil, nil, nil
	}
	if list.Kind != yaml.SequenceNode {
		return nil, nil, registerError(file, list.Line, "a register is a list; each decision begins with - gate:")
	}
	var r Register
	var errs []error
	for _, item := range list.Content {
		d, problems := readDecision(file, item)
		r, errs = append(r, d), append(errs, problems...)
	}
	return r, list, errors.Join(errs...)
}

func registerError(file string, line int, format string, args ...any) error {
	return &Error{Place: allocate.Place{File: file, Line: line}, What: "decision", Msg: fmt.Sprintf(format, args...)}
}

// syntaxError is what the YAML reader says, at its place.
func syntaxError(file string, err error) error {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 1 // the reader leaves out the first line
	if at := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(text); at != nil {
		line, _ = strconv.Atoi(at[1])
		text = strings.TrimPrefix(text, at[0])
	}
	return registerError(file, line, "%s", text)
}

// isEmpty says whether nothing stands where a value could.
func isEmpty(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// readDecision reads an entry, as far as that goes, and says what is wrong with it.
func readDecision(file string, n *yaml.Node) (Decision, []error) {
	d := Decision{Place: allocate.Place{File: file, Line: n.Line}}
	if n.Kind != yaml.MappingNode {
		return d, []error{registerError(file, n.Line, "an entry is a group of keys, which begins with - gate:")}
	}
	var errs []error
	given := map[string]int{} // by key: its line
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		bad := func(format string, args ...any) { errs = append(errs, registerError(file, key.Line, format, args...)) }
		switch {
		case !slices.ContainsFunc(d.fields(), func(f entryField) bool { return f.key == key.Value }):
			bad("unknown key %q%s", key.Value, allocate.Nearest(key.Value, registerKeys()))
			continue
		case given[key.Value] > 0:
			bad("%s stands twice, first in line %d", key.Value, given[key.Value])
		case value.Kind != yaml.ScalarNode:
			bad("%s is one value, not a list, a group or an alias", key.Value)
		case isEmpty(value):
			bad("%s is empty", key.Value)
		default:
			if err := d.Set(key.Value, value.Value); err != nil {
				bad("%s %v", key.Value, err)
			}
		}
		given[key.Value] = key.Line
	}
	var whole []error // of the entry: they stand before those of its lines
	if missing := d.missing(given); len(missing) > 0 {
		whole = append(whole, registerError(file, n.Line, "lacks %s", strings.Join(missing, ", ")))
	}
	for _, err := range d.disagreements() {
		whole = append(whole, registerError(file, n.Line, "%v", err))
	}
	return d, append(whole, errs...)
}

// registerKeys is the keys of an entry.
func registerKeys() (keys []string) {
	for _, f := range new(Decision).fields() {
		keys = append(keys, f.key)
	}
	return keys
}

// Check says whether there is such a gate, and such a subject of it.
func (k Known) Check(gate, subject string) error {
	of, ok := k.Gates[gate]
	subjects := k.Subjects[of]
	switch {
	case !ok:
		return fmt.Errorf("no gate %q%s", gate, allocate.Nearest(gate, slices.Sorted(maps.Keys(k.Gates))))
	case of == total && subject != total:
		return fmt.Errorf("the gate %s is on the total: its subject is total, not %q", gate, subject)
	case subjects != nil && !slices.Contains(subjects, subject):
		return fmt.Errorf("no %s %q%s", strings.ReplaceAll(of, "-", " "), subject, allocate.Nearest(subject, subjects))
	}
	return nil
}

// Subjects is the names that the ledger has of what gates are for, in the months whose facts are installed.
func Subjects(ctx context.Context, db *sql.DB, of string) ([]string, error) {
	names := []string{}
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT subject FROM "+view(of)+" ORDER BY subject")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// Check says which decisions are on what there is not.
func (r Register) Check(known Known, asOf time.Time) error {
	var errs []error
	for _, d := range r {
		if !d.Until.IsZero() && d.Until.Before(asOf) { // its gate or subject may have gone since
			continue
		}
		if err := known.Check(d.Gate, d.Subject); err != nil {
			if d.Decision == DecisionPause {
				err = fmt.Errorf("%w; a pause of what has gone ends with an until", err)
			}
			errs = append(errs, registerError(d.Place.File, d.Place.Line, "%v", err))
		}
	}
	return errors.Join(errs...)
}

// Covering is the decisions on a gate and a subject, the newest first: the first that is not void counts, and it replaces
// those that come after it. An approval after a pause lifts the pause.
func (r Register) Covering(gate, subject string) []Decision {
	var all []Decision
	for _, d := range slices.Backward(r) {
		if d.Gate == gate && d.Subject == subject {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b Decision) int { return b.At.Compare(a.At.Time) })
	return all
}
