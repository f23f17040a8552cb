package table

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/shopspring/decimal"
)

// writeJSON writes one object, or an array of objects where there is not exactly
// one table. Money and other exact decimals are strings, because most readers
// would pass a JSON number through a float.
func writeJSON(w io.Writer, _ Options, tables ...Table) error {
	var compact []string
	for _, t := range tables {
		if err := t.Check(); err != nil {
			return err
		}
		compact = append(compact, t.object())
	}
	text := array(compact)
	if len(compact) == 1 {
		text = compact[0]
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err := w.Write(out.Bytes())
	return err
}

// object is the whole table; members are put together by hand because their
// order is a promise and a Go map has none.
func (t Table) object() string {
	t = t.Undrawn()
	members := []string{member("report", quote(t.Report))}
	for _, f := range t.Facts {
		members = append(members, member(f.Name, factJSON(f.Value)))
	}
	members = append(members, member("rows", t.rowsJSON()))
	if t.Totals != nil {
		var totals []string
		for j, c := range t.Columns {
			if t.Totals[j] != nil {
				totals = append(totals, member(c.Name, cellJSON(c.Kind, t.Totals[j])))
			}
		}
		members = append(members, member("totals", braces(totals)))
	}
	for _, d := range t.Details {
		members = append(members, member(d.Report, d.Undrawn().rowsJSON()))
	}
	return braces(append(members, member("notes", texts(t.Notes))))
}

func (t Table) rowsJSON() string {
	rows := make([]string, len(t.Rows))
	for i, row := range t.Rows {
		cells := make([]string, len(row))
		for j, c := range t.Columns {
			cells[j] = member(c.Name, cellJSON(c.Kind, row[j]))
		}
		rows[i] = braces(cells)
	}
	return array(rows)
}

func cellJSON(k Kind, cell any) string {
	text, ok := Exact(k, cell)
	switch {
	case !ok:
		return "null"
	case k == Count || k == Percent || k == Flag:
		return text
	}
	return quote(text)
}

func factJSON(value any) string {
	switch v := value.(type) {
	case []string:
		return texts(v)
	case string:
		return cellJSON(Text, v)
	case decimal.Decimal:
		return cellJSON(Money, v)
	case int64:
		return cellJSON(Count, v)
	case float64:
		return cellJSON(Percent, v)
	case bool:
		return cellJSON(Flag, v)
	}
	return "null"
}

func texts(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	return array(quoted)
}

// quote is a JSON string. It leaves < > & as they are: the reader is a program or
// a person, never a web page.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes, and a Builder always takes it
	return strings.TrimSuffix(b.String(), "\n")
}

func member(name, value string) string { return quote(name) + ":" + value }

func braces(members []string) string { return "{" + strings.Join(members, ",") + "}" }

func array(elements []string) string { return "[" + strings.Join(elements, ",") + "]" }
