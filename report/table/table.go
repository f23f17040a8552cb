// Package table is the neutral form of every report, and its writers: rows of
// typed cells that know what they mean and nothing of how they look.
//
// A report fills a [Table]; a [Writer] turns tables into bytes. The two meet
// nowhere else: a writer cannot query, and a report cannot draw. [Formats] lists
// the writers by the name that -o takes.
//
// Two families of writer read the same cells differently:
//
//   - Formats for machines (json, csv, and parquet in a package of its own) carry
//     every column but charts, and every digit: money is an exact decimal with at
//     least two places, an unknown value is null or empty, and text is passed on as
//     it is, except that csv defuses what a spreadsheet would run as a formula.
//   - Formats for people (table, wide, md, and packages page and workbook) round money to cents, half away from zero,
//     group thousands and print an unknown value as n/a, never as 0. Numbers are
//     never cut: when a table does not fit, headings wrap, then text columns
//     shrink, then each row becomes a block of lines of its own. Control
//     characters in the data never reach the terminal.
//
// A float64 is a percentage wherever it stands, in a cell or in a fact, and is
// written with one decimal; one that is not finite is unknown. Anything else that
// is not a whole number is a decimal.
//
// To add a format, write one function of type Writer, build it on Exact or
// Readable in cell.go, and list it in Formats.
package table

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Kind says what the cells of a column are; it decides their Go type, alignment
// and format. A cell of any kind may be nil: unknown.
type Kind int

// The kinds of column, each with the type of its cells.
const (
	Text    Kind = iota // string
	Money               // decimal.Decimal, in the currency of the report
	Count               // int64
	Percent             // float64; 16.3 means 16.3 %
	Day                 // time.Time, of which the date counts
	Instant             // time.Time
	Flag                // bool
	Number              // decimal.Decimal that is no money: every digit, for people too
	Unit                // decimal.Decimal, money for one of something: people see four digits of what is below 1
	Mixed               // Figure: each cell has a kind of its own
	Chart               // string, a drawing of other cells of the row: for people only, machines have the numbers
)

// String is the kind as error messages name it.
func (k Kind) String() string {
	switch k {
	case Text:
		return "text"
	case Money:
		return "money"
	case Count:
		return "count"
	case Percent:
		return "percent"
	case Day:
		return "day"
	case Instant:
		return "instant"
	case Flag:
		return "flag"
	case Number:
		return "number"
	case Unit:
		return "unit"
	case Mixed:
		return "mixed"
	case Chart:
		return "chart"
	}
	return fmt.Sprintf("kind %d", int(k))
}

// holds reports whether a cell of this kind may have the value.
func (k Kind) holds(value any) bool {
	switch value.(type) {
	case nil:
		return true
	case string:
		return k == Text || k == Chart
	case decimal.Decimal:
		return k == Money || k == Number || k == Unit
	case int64:
		return k == Count
	case float64:
		return k == Percent
	case time.Time:
		return k == Day || k == Instant
	case bool:
		return k == Flag
	case Figure:
		return k == Mixed
	}
	return false
}

// A Figure is a cell of a column in which dollars stand above percentages. A spreadsheet has it as a number of its kind.
type Figure struct {
	Kind  Kind
	Value any
}

// Numeric kinds are set flush right.
func (k Kind) Numeric() bool {
	return k == Money || k == Count || k == Percent || k == Number || k == Unit
}

// Column describes the cells below one heading.
type Column struct {
	Name    string // machine name, snake_case: the JSON key and CSV heading
	Heading string // what a person reads; empty: derived from Name ("use_case" is "Use case")
	Kind    Kind
	Wide    bool            // shown by -o wide and by all machine formats, but not by -o table
	Blank   bool            // nil means that the column does not apply: people see nothing instead of n/a
	Tones   map[string]Tone // of a column of judgements: how good each word is
	Of      []Derivation    // how a cell follows from others of its row: the first that makes it what it is
}

// Label is what a person reads above the column.
func (c Column) Label() string {
	if c.Heading != "" {
		return c.Heading
	}
	h := strings.ReplaceAll(c.Name, "_", " ")
	if c.Kind == Percent {
		if whole, ok := strings.CutSuffix(h, " percent"); ok {
			h = whole + " %"
		}
	}
	first, size := utf8.DecodeRuneInString(h)
	return string(unicode.ToUpper(first)) + h[size:]
}

// Tone is how good a word is. A format for people shows it beside the word, never instead of it.
type Tone int

// The tones. Most words have none.
const (
	Neutral Tone = iota
	Good
	Caution
	Bad
	Unjudged // nobody can say
)

// Tone is that of a cell: of its word, or of what stands before a colon in it.
func (c Column) Tone(cell any) Tone {
	text, _ := cell.(string)
	word, _, _ := strings.Cut(text, ":")
	return c.Tones[word]
}

// Currency is the one of the table's money, as its facts say; empty where they do not.
func (t Table) Currency() string {
	for _, f := range t.Facts {
		if currency, ok := f.Value.(string); ok && f.Name == "currency" {
			return currency
		}
	}
	return ""
}

// Fact is one named value about a whole report, such as its month.
type Fact struct {
	Name  string
	Value any // string, []string, float64 (a percentage), int64, decimal.Decimal, bool or nil
}

// Table is the answer to one question.
type Table struct {
	Report  string   // the id of the report in JSON: "spend"
	Title   string   // "Spend by use case, 2026-10"
	Facts   []Fact   // JSON members beside the rows, in this order
	Columns []Column // in the order in which they are shown
	Rows    [][]any  // one cell a column, of the column's kind
	Totals  []any    // nil, or one cell a column, nil where a total means nothing
	Notes   []string // what is estimated, missing or left out
	Drawing *Drawing // how it can be drawn, or nil
	Details []Table  // further tables of the same answer, below it; in JSON each is a member, named by its Report, that holds its rows
}

// Options says for whom a format for people is drawn. Machine formats ignore it.
type Options struct {
	Width  int    // columns of the terminal; 0: unlimited
	Color  bool   // whether escape codes may be written; nothing else decides it
	Wide   bool   // show the wide columns too
	Locale Locale // how numbers are written, for people and in csv; the zero Locale: 1,234.56
}

// Writer writes tables in one format. Nothing is written when a table is malformed.
type Writer func(w io.Writer, o Options, tables ...Table) error

// Formats is every way to write a table, by the name that -o takes.
func Formats() map[string]Writer {
	return map[string]Writer{
		"table": writeTerminal,
		"wide": func(w io.Writer, o Options, tables ...Table) error {
			o.Wide = true
			return writeTerminal(w, o, tables...)
		},
		"md":   writeMarkdown,
		"json": writeJSON,
		"csv":  writeCSV,
	}
}

// Check finds the mistakes of the report that filled the table, so that no writer
// guesses what a cell was meant to be.
func (t Table) Check() error {
	seen := map[string]bool{}
	for _, c := range t.Columns {
		if c.Name == "" || seen[c.Name] {
			return fmt.Errorf("table %s: column name %q is empty or taken", t.Report, c.Name)
		}
		seen[c.Name] = true
	}
	for _, err := range []error{t.checkDerivations(), t.checkDrawing()} {
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Report, err)
		}
	}
	for i, row := range t.Rows {
		if err := t.checkCells(row); err != nil {
			return fmt.Errorf("table %s: row %d: %w", t.Report, i+1, err)
		}
	}
	if t.Totals != nil {
		if err := t.checkCells(t.Totals); err != nil {
			return fmt.Errorf("table %s: totals: %w", t.Report, err)
		}
	}
	return t.checkFacts()
}

func (t Table) checkCells(cells []any) error {
	if len(cells) != len(t.Columns) {
		return fmt.Errorf("%d cells for %d columns", len(cells), len(t.Columns))
	}
	for i, c := range t.Columns {
		if !c.Kind.holds(cells[i]) {
			return fmt.Errorf("column %s: %T is no %s", c.Name, cells[i], c.Kind)
		}
	}
	return nil
}

func (t Table) checkFacts() error {
	// The other members of the JSON object; a fact of that name would shadow one.
	seen := map[string]bool{"report": true, "rows": true, "totals": true, "notes": true}
	for _, f := range t.Facts {
		if f.Name == "" || seen[f.Name] {
			return fmt.Errorf("table %s: fact name %q is empty or taken", t.Report, f.Name)
		}
		seen[f.Name] = true
		switch f.Value.(type) {
		case nil, string, []string, float64, int64, decimal.Decimal, bool:
		default:
			return fmt.Errorf("table %s: fact %s: %T is no fact", t.Report, f.Name, f.Value)
		}
	}
	for _, d := range t.Details {
		if d.Report == "" || seen[d.Report] {
			return fmt.Errorf("table %s: detail name %q is empty or taken", t.Report, d.Report)
		}
		seen[d.Report] = true
		if err := d.Check(); err != nil {
			return fmt.Errorf("table %s: %w", t.Report, err)
		}
	}
	return nil
}
