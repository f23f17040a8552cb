package ingest

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// Conformance: what holds for each source, tried on the exports of its fixture. That it is recognised as itself and ties out, and that
// twice is once, is in TestSources.

// readings is the sources whose rows depend on others of the file: a call that is logged again, a span and its children. What is left of
// a file that was cut says of them what a file of that length would say.
func readings() []string {
	return []string{"claude-code-logs", "codex-logs", "langfuse-observations", "otlp-traces", "litellm-usage-csv",
		"cursor-usage", "cursor-usage-api", "azure-apim-llm-logs", "anthropic-costs", "openrouter-activity",
		"litellm-standard-logging", "kong-ai-gateway", "bedrock-invocation-logs"}
}

// A trial is a ledger into which files are read, and never booked.
type trial struct {
	*testing.T
	ledger  *Ledger
	sources []Source
	dir     string
}

// An export is a file of a fixture, as text, and the rows that it gives.
type export struct {
	source, name, text string
	rows               []string
}

var errRollback = errors.New("nothing is booked")

// read is the rows that a file would give, each with its record, and how many records would be rejected.
func (t trial) read(name, text string) (source string, rows []string, rejected int64, err error) {
	ctx := context.Background()
	file := filepath.Join(t.dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := open(Input{Name: name, File: file, Modified: time.Unix(1e9, 0)}, t.dir)
	if err != nil {
		return "", nil, 0, err
	}
	d, err := detect(ctx, t.ledger, o, t.sources)
	if err != nil || d.Empty {
		return "", nil, 0, err
	}
	defer clearStaged(t.ledger)
	if err := stage(ctx, t.ledger, o, d, 0, t.dir); err != nil {
		return d.Source.Name, nil, 0, err
	}
	err = inTransaction(ctx, t.ledger.DB, func(tx *sql.Tx) error {
		m, err := mapStaged(ctx, tx, d.Source, name, nil)
		if err != nil {
			return err
		}
		b := booking{tx: tx, m: m, in: o, receipt: &Receipt{}, opts: bookOptions{cut: d.mayBeCut(o), unended: o.format == "csv" && o.encoding.isUnended()}}
		for _, step := range []func(context.Context) error{b.findRejects, b.refuseWrongTotal} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		rejected = b.receipt.Rejected
		found, err := tx.QueryContext(ctx, "SELECT m::VARCHAR FROM (SELECT * EXCLUDE (x_Kept) FROM mapped WHERE "+b.good()+" ORDER BY rowid) m")
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			var row string
			if err := found.Scan(&row); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return errors.Join(found.Err(), errRollback)
	})
	if errors.Is(err, errRollback) {
		err = nil
	}
	return d.Source.Name, rows, rejected, err
}

// TestConformance tries the shortest export of each fixture that is read whole, or the one of which the fewest records are rejected.
func TestConformance(t *testing.T) {
	files, err := filepath.Glob("../testdata/source/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	recipes, err := Recipes()
	if err != nil {
		t.Fatal(err)
	}
	sources, err := Sources()
	if err != nil {
		t.Fatal(err)
	}
	ledgers := LedgersFor(t)
	for _, file := range files {
		source := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if slices.ContainsFunc(recipes, func(r Recipe) bool { return r.Name == source }) {
			continue // read by its path, whatever it holds
		}
		t.Run(source, func(tt *testing.T) {
			tt.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				tt.Fatal(err)
			}
			t := trial{tt, <-ledgers, sources, tt.TempDir()}
			defer func() { ledgers <- t.ledger }()
			slices.SortStableFunc(archive.Files, func(a, b txtar.File) int { return len(a.Data) - len(b.Data) })
			var e export
			fewest := int64(math.MaxInt64)
			for _, x := range archive.Files {
				if x.Name == "want" {
					continue
				}
				found, rows, rejected, err := t.read(x.Name, string(x.Data))
				if err == nil && found == source && len(rows) > 1 && rejected < fewest {
					e, fewest = export{source, x.Name, string(x.Data), rows}, rejected
				}
				if fewest == 0 {
					break
				}
			}
			if e.rows == nil {
				t.Fatal("no export of the fixture gives two rows")
			}
			t.cutShort(e)
			t.withoutColumn(e)
			t.withNoise(e)
		})
	}
}

// A download that was cut short gives records that the whole file has, too, or none: never half of one. Every tenth byte of the end of
// each export is tried, and with AIFINOPS_LONG=all every tenth of all.
func (t trial) cutShort(e export) {
	if slices.Contains(readings(), e.source) {
		return // its rows depend on each other
	}
	whole := map[string]string{}
	for _, row := range e.rows {
		whole[recordOf(row)] += figures(row)
	}
	first, every := len(e.text)-50, 10
	switch os.Getenv("AIFINOPS_LONG") {
	case "":
		every = 30
	case "all":
		first = every
	}
	for cut := max(first, every); cut < len(e.text); cut += every {
		_, got, _, err := t.read(e.name, e.text[:cut])
		if err != nil {
			continue
		}
		records := map[string]string{}
		for _, row := range got {
			records[recordOf(row)] += figures(row)
		}
		for record, figures := range records {
			if figures != whole[record] {
				t.Errorf("cut after %d of %d bytes, at %q,%s is\n%s\nand in the whole\n%s", cut, len(e.text), e.text[max(0, cut-40):cut], record, figures, whole[record])
				return
			}
		}
	}
}

// figures is what of a row is no text: a text at the very end of a file may be cut unnoticed, and says less then, but nothing else.
func figures(row string) string {
	row, _, _ = strings.Cut(row, ", 'x_Dimension'")
	return strings.Join(regexp.MustCompile(`': ('[0-9]{4}-[0-9: -]+'|-?[0-9.]+)\b`).FindAllString(row, -1), " ")
}

// Without one of the columns that a source needs, its export is read by nothing, or by another source; and where nothing reads it
// the message names what is missing.
func (t trial) withoutColumn(e export) {
	if !strings.HasSuffix(e.name, ".csv") || strings.Contains(e.text, ";") && !strings.Contains(e.text, ",") {
		return
	}
	i := slices.IndexFunc(t.sources, func(s Source) bool { return s.Name == e.source })
	for _, c := range t.sources[i].required() {
		without, found := renamed(e.text, c)
		if !found {
			continue
		}
		got, _, _, err := t.read(e.name, without)
		var unknown *UnknownError
		switch {
		case err == nil && got == e.source:
			t.Errorf("without %s it is still read as %s", c.Name, got)
		case errors.As(err, &unknown) && unknown.Nearest == e.source && !slices.Contains(unknown.Missing, strings.Join(c.From, " or ")):
			t.Errorf("without %s: %v", c.Name, err)
		case errors.As(err, &unknown) && unknown.Nearest == "" && len(t.sources[i].required()) > 2:
			t.Errorf("without %s nothing is near: %v", c.Name, err)
		}
	}
}

// renamed gives the fields of a CSV's header that hold a column another name.
func renamed(text string, c Column) (string, bool) {
	lines := strings.SplitAfter(text, "\n")
	for n, line := range lines {
		fields, err := csv.NewReader(strings.NewReader(line)).Read()
		if err != nil {
			continue
		}
		l := layout{fields: fields}
		found := false
		for _, p := range l.places(c) {
			if p.beside {
				continue
			}
			fields[p.field], found = fmt.Sprintf("was_%d", p.field), true
		}
		if found {
			var b strings.Builder
			w := csv.NewWriter(&b)
			if err := w.Write(fields); err != nil {
				return "", false
			}
			w.Flush()
			lines[n] = b.String()
			return strings.Join(lines, ""), true
		}
	}
	return "", false
}

// Noise in one record of an export takes out that record, and none of the others.
func (t trial) withNoise(e export) {
	lines := strings.SplitAfter(e.text, "\n")
	if start := strings.TrimSpace(e.text); strings.HasPrefix(start, "[") || strings.HasPrefix(start, "{") && !strings.HasPrefix(strings.TrimSpace(lines[1]), "{") {
		return // one document: noise in it makes it none
	}
	if slices.Contains(readings(), e.source) {
		return // its rows depend on each other
	}
	last := len(lines) - 2
	for i, noise := range []string{"\xff\xfe\x81\x00\x9d", "%%%%&&&", "\\\\\\", "{{{{]]]]"} {
		line := lines[last]
		middle := len(line) / 2
		lines[last] = line[:middle] + noise + line[middle:]
		_, got, rejected, err := t.read(e.name, strings.Join(lines, ""))
		lines[last] = line
		if err != nil {
			continue // refused as a whole: nothing wrong is booked
		}
		for _, row := range e.rows {
			if recordOf(row) != recordOf(e.rows[len(e.rows)-1]) && !slices.Contains(got, row) {
				t.Errorf("noise %d in the last record, %d are rejected, and another changes too:\n%s\nnow:\n%s", i, rejected, row, strings.Join(got, "\n"))
				break
			}
		}
	}
}

// recordOf is the record of a row, as it is printed: {'record': 7, ...
func recordOf(row string) string {
	before, _, _ := strings.Cut(row, ",")
	return before
}
