package table

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// A Derivation says how a cell follows from other cells of its row, the totals included, so that a spreadsheet can compute it anew.
type Derivation struct {
	Op Op
	Of []string // names of columns
}

// Op is the arithmetic of a derivation.
type Op int

// The arithmetic that there is. Percentages are of 100, as in every cell.
const (
	Sum        Op = iota // of all of them
	Difference           // the first less the second
	Quotient             // the first by the second
	PercentOf            // the first in percent of the second
	Growth               // the first less the second, in percent of the second
	Share                // the one in percent of its own total
)

// Derived is the derivation by which a cell is what it is: the first of its column's of which all operands are known and that gives the
// cell's value. A cell that is not known follows from nothing.
func (t Table) Derived(row []any, column int) (Derivation, bool) {
	is, ok := numeric(row[column])
	if !ok {
		return Derivation{}, false
	}
	for _, d := range t.Columns[column].Of {
		if n, ok := t.derive(d, row); ok && t.near(d, column, is, n) {
			return d, true
		}
	}
	return Derivation{}, false
}

// Summed says whether the total of a column is the sum of its cells, to the last digit.
func (t Table) Summed(column int) bool {
	total, ok := numeric(at(t.Totals, column))
	if !ok || t.Columns[column].Kind == Percent {
		return false
	}
	sum := decimal.Zero
	for _, row := range t.Rows {
		if n, ok := numeric(row[column]); ok {
			sum = sum.Add(n)
		}
	}
	return sum.Equal(total)
}

// derive computes what the cell would be, if the operands are known and there is such a number.
func (t Table) derive(d Derivation, row []any) (decimal.Decimal, bool) {
	var of []decimal.Decimal
	for _, name := range d.Of {
		n, ok := numeric(at(row, t.column(name)))
		if !ok {
			return decimal.Zero, false
		}
		of = append(of, n)
	}
	if d.Op == Share {
		whole, ok := numeric(at(t.Totals, t.column(d.Of[0])))
		if !ok {
			return decimal.Zero, false
		}
		of = append(of, whole)
	}
	if d.Op.divides() && of[1].IsZero() {
		return decimal.Zero, false
	}
	return d.Op.Compute(of...), true
}

// places is how many a division keeps: more than any cell has.
const places = 30

// Compute is the arithmetic in numbers. The operands are those of a derivation, for Share with the total behind it; a divisor is not 0.
func (o Op) Compute(of ...decimal.Decimal) decimal.Decimal {
	switch o {
	case Sum:
		return decimal.Sum(decimal.Zero, of...)
	case Difference:
		return of[0].Sub(of[1])
	case Quotient:
		return of[0].DivRound(of[1], places)
	case Growth:
		return of[0].Sub(of[1]).Shift(2).DivRound(of[1], places)
	}
	return of[0].Shift(2).DivRound(of[1], places) // PercentOf, Share
}

// divides says whether the second operand is a divisor.
func (o Op) divides() bool { return o == Quotient || o.Percentage() }

// Percentage says whether the result is of 100.
func (o Op) Percentage() bool { return o == PercentOf || o == Growth || o == Share }

// near says whether a cell is what its derivation gives. Amounts are added up exactly. A quotient may be rounded as the ledger rounds, and a
// percentage to six places; those that the database divides as floats have fifteen digits.
func (t Table) near(d Derivation, column int, is, derived decimal.Decimal) bool {
	rounding := decimal.New(1, -12)
	if t.Columns[column].Kind == Percent {
		rounding = decimal.New(1, -6)
	} else if d.Op == Sum || d.Op == Difference {
		return is.Equal(derived)
	}
	return is.Sub(derived).Abs().LessThanOrEqual(decimal.Max(rounding, derived.Abs().Shift(-12)))
}

// checkDerivations is an error where a column derives from one that is not there, or from too many or too few.
func (t Table) checkDerivations() error {
	for _, c := range t.Columns {
		for _, d := range c.Of {
			for _, name := range d.Of {
				if t.column(name) < 0 {
					return fmt.Errorf("column %s derives from %s, which is no column", c.Name, name)
				}
			}
			if !d.Op.takes(len(d.Of)) {
				return fmt.Errorf("column %s derives from %d columns by operation %d, which takes others", c.Name, len(d.Of), d.Op)
			}
		}
	}
	return nil
}

// takes says whether there can be so many operands.
func (o Op) takes(operands int) bool {
	switch o {
	case Sum:
		return operands > 0
	case Difference, Quotient, PercentOf, Growth:
		return operands == 2
	case Share:
		return operands == 1
	}
	return false
}

// column is where a column stands, or -1.
func (t Table) column(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

func at(cells []any, i int) any {
	if i < 0 || i >= len(cells) {
		return nil
	}
	return cells[i]
}

// numeric is a cell as one, if it is.
func numeric(cell any) (decimal.Decimal, bool) {
	switch v := cell.(type) {
	case decimal.Decimal:
		return v, true
	case int64:
		return decimal.NewFromInt(v), true
	case float64:
		if _, ok := percentage(v); ok {
			return decimal.NewFromFloat(v), true
		}
	}
	return decimal.Zero, false
}
