package workbook

import (
	"errors"
	"math"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// errCircle is a table whose columns derive from each other.
var errCircle = errors.New("columns that derive from themselves")

// number is what a cell is worth, if it is known.
type number = decimal.NullDecimal

// grid is what the cells of a table are worth, to the last digit: a cell that follows from others is computed anew, because the one
// of the table may be rounded and the spreadsheet's is not. The row after the last is the totals.
type grid struct {
	table table.Table
	cells [][]number
}

// weigh computes the grid of a table.
func weigh(t table.Table) (grid, error) {
	g := grid{t, make([][]number, len(t.Rows)+1)}
	for i := range g.cells {
		g.cells[i] = make([]number, len(t.Columns))
	}
	done := map[[2]int]bool{} // false: begun
	for i := range g.cells {
		for j := range t.Columns {
			if err := g.compute(i, j, done); err != nil {
				return g, err
			}
		}
	}
	return g, nil
}

// row is the cells as the table has them, or nil if there are no totals.
func (g grid) row(i int) []any {
	if i < len(g.table.Rows) {
		return g.table.Rows[i]
	}
	return g.table.Totals
}

// summed is whether a cell is the sum of what stands above it.
func (g grid) summed(i, j int) bool {
	if i < len(g.table.Rows) || g.table.Totals == nil || len(g.table.Rows) == 0 || !g.table.Summed(j) {
		return false
	}
	d, ok := g.table.Derived(g.table.Totals, j)
	return !ok || d.Op == table.Sum || d.Op == table.Difference
}

// operands is the cells that a derived one follows from.
func (g grid) operands(i, j int) (d table.Derivation, cells [][2]int, ok bool) {
	row := g.row(i)
	if row == nil {
		return d, nil, false
	}
	if d, ok = g.table.Derived(row, j); !ok {
		return d, nil, false
	}
	for _, name := range d.Of {
		cells = append(cells, [2]int{i, column(g.table, name)})
	}
	if d.Op == table.Share {
		cells = append(cells, [2]int{len(g.table.Rows), cells[0][1]})
	}
	return d, cells, true
}

func (g grid) compute(i, j int, done map[[2]int]bool) error {
	at := [2]int{i, j}
	if finished, begun := done[at]; begun {
		if !finished {
			return errCircle
		}
		return nil
	}
	done[at] = false
	if row := g.row(i); row != nil {
		g.cells[i][j] = numeric(row[j])
	}
	if g.summed(i, j) {
		sum := decimal.Zero
		for r := range g.table.Rows {
			if err := g.compute(r, j, done); err != nil {
				return err
			}
			sum = sum.Add(g.cells[r][j].Decimal)
		}
		g.cells[i][j] = known(sum)
	} else if d, of, ok := g.operands(i, j); ok {
		values := make([]decimal.Decimal, len(of))
		for n, o := range of {
			if err := g.compute(o[0], o[1], done); err != nil {
				return err
			}
			values[n] = g.cells[o[0]][o[1]].Decimal
		}
		g.cells[i][j] = known(d.Op.Compute(values...))
	}
	done[at] = true
	return nil
}

// formula is the same arithmetic in cells, whose names at gives; empty: the cell is a figure of its own. Percentages are fractions in
// a spreadsheet, which matters where they meet what is none.
func (g grid) formula(i, j int, at func(i, j int) string) string {
	d, of, ok := g.operands(i, j)
	if !ok {
		return ""
	}
	percent := g.table.Columns[j].Kind == table.Percent
	mixed := false
	for _, o := range of {
		mixed = mixed || (g.table.Columns[o[1]].Kind == table.Percent) != percent
	}
	refs := make([]string, len(of))
	for n, o := range of {
		refs[n] = at(o[0], o[1])
		if g.table.Columns[o[1]].Kind == table.Percent && (mixed || d.Op == table.Quotient) {
			refs[n] = "(" + refs[n] + "*100)"
		}
	}
	var f string
	fraction := false // what the formula gives of percentages
	switch d.Op {
	case table.Sum:
		f, fraction = strings.Join(refs, "+"), !mixed
	case table.Difference:
		f, fraction = refs[0]+"-"+refs[1], !mixed
	case table.Quotient:
		f = refs[0] + "/" + refs[1]
	case table.Growth:
		f, fraction = "("+refs[0]+"-"+refs[1]+")/"+refs[1], true
	case table.PercentOf, table.Share:
		f, fraction = refs[0]+"/"+refs[1], true
	}
	switch {
	case percent && !fraction:
		return "(" + f + ")/100"
	case !percent && fraction && d.Op.Percentage():
		return "(" + f + ")*100"
	}
	return f
}

// stored is a number as a cell of the kind has it. A cell is floating point: this is the one place where money becomes that.
func stored(kind table.Kind, n decimal.Decimal) float64 {
	if kind == table.Percent {
		n = n.Shift(-2)
	}
	return n.InexactFloat64()
}

func known(d decimal.Decimal) number { return number{Decimal: d, Valid: true} }

// numeric is a cell as a number, if it is one.
func numeric(cell any) number {
	switch v := cell.(type) {
	case decimal.Decimal:
		return known(v)
	case int64:
		return known(decimal.NewFromInt(v))
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return known(decimal.NewFromFloat(v))
		}
	case table.Figure:
		return numeric(v.Value)
	}
	return number{}
}
