package gate

import (
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// A figure is one side of a comparison, exactly, and what it is.
type figure struct {
	text string // as SQL writes it; empty: none
	kind string // the SQL type
}

// margin is how far two figures are apart, as a part of the second.
func (f figure) margin(limit figure) (float64, bool) {
	x, err := decimal.NewFromString(f.text)
	if err != nil {
		return 0, false
	}
	y, err := decimal.NewFromString(limit.text)
	if err != nil || y.IsZero() {
		return 0, false
	}
	return x.Sub(y).Div(y).Abs().InexactFloat64(), true
}

// String is the figure for people: money in cents, a ratio in percent.
func (f figure) String() string { return f.as(f.kind) }

// as writes a figure as what it is compared with: 3000 beside money is money.
func (f figure) as(kind string) string {
	d, err := decimal.NewFromString(f.text)
	switch {
	case f.text == "inf":
		return "∞"
	case err != nil:
		return f.text
	case kind == "DOUBLE":
		return d.Shift(2).StringFixed(1) + "%"
	case kind == "DECIMAL(38,12)" && d.Abs().LessThan(decimal.NewFromInt(1)):
		return d.StringFixed(4)
	case strings.HasPrefix(kind, "DECIMAL"):
		return Amount(d)
	}
	return strings.TrimSuffix(Amount(d.Truncate(0)), ".00")
}

// cell is the figure as a cell of a table, as what it is compared with; nil where there is none. Exact is every digit, and a ratio as it is
// written in conditions.
func (f figure) cell(kind string, exact bool) any {
	d, err := decimal.NewFromString(f.text)
	switch {
	case f.text == "":
		return nil
	case err != nil && exact:
		return table.Figure{Kind: table.Text, Value: f.text}
	case err != nil:
		return table.Figure{Kind: table.Text, Value: f.as(kind)}
	case exact && d.IsInteger() && !strings.HasPrefix(kind, "DECIMAL"):
		return table.Figure{Kind: table.Count, Value: d.IntPart()}
	case exact:
		return table.Figure{Kind: table.Number, Value: d}
	case kind == "DOUBLE":
		return table.Figure{Kind: table.Percent, Value: d.Shift(2).InexactFloat64()}
	case kind == "DECIMAL(38,12)":
		return table.Figure{Kind: table.Unit, Value: d}
	case strings.HasPrefix(kind, "DECIMAL"):
		return table.Figure{Kind: table.Money, Value: d}
	}
	return table.Figure{Kind: table.Count, Value: d.IntPart()}
}

// exact is the figure for machines.
func (f figure) exact() any {
	d, err := decimal.NewFromString(f.text)
	switch {
	case f.text == "":
		return nil
	case err != nil:
		return f.text
	}
	return d.String()
}

// number is the figure where it is one: text and growth without end are none.
func (f figure) number() any {
	if _, err := decimal.NewFromString(f.text); err != nil {
		return nil
	}
	return f.exact()
}
