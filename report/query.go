package report

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// Query answers any SELECT with a table. Decimals and floating point numbers are numbers, not
// money or percentages; what is nested is written as JSON.
func Query(ctx context.Context, db *sql.DB, query string) (table.Table, error) {
	types, err := read(ctx, db, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ("+query+"\n))")
	if err != nil {
		return types, err
	}
	var columns []string
	nested := false
	for i, row := range types.Rows {
		e, kind := fmt.Sprintf("c%d", i), fmt.Sprint(row[1])
		switch {
		case strings.HasPrefix(kind, "STRUCT"), strings.HasPrefix(kind, "MAP"), strings.HasPrefix(kind, "UNION"), strings.HasSuffix(kind, "]"):
			e = "to_json(" + e + ")::VARCHAR"
			nested = true
		case kind == "UBIGINT", kind == "HUGEINT", kind == "UHUGEINT": // wider than a count
			e += "::DECIMAL(38,0)"
			nested = true
		case kind == "TIME", kind == "INTERVAL", kind == "UUID", kind == "BLOB":
			e += "::VARCHAR"
			nested = true
		}
		columns = append(columns, e+" AS "+ident(fmt.Sprint(row[0])))
	}
	if nested {
		query = "SELECT " + strings.Join(columns, ", ") + " FROM (" + query + "\n) t(" + strings.Join(positions(len(columns)), ", ") + ")"
	}
	t, err := read(ctx, db, query)
	for i, c := range t.Columns {
		t.Columns[i].Name = fmt.Sprint(types.Rows[i][0])
		t.Columns[i].Heading = t.Columns[i].Name
		if c.Kind == table.Money || c.Kind == table.Percent {
			t.Columns[i].Kind = table.Number
		}
		for _, row := range t.Rows {
			if f, ok := row[i].(float64); ok {
				row[i] = finite(f)
			}
		}
	}
	return t, err
}

// finite is a floating point number as a decimal; what is not finite is not known.
func finite(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return decimal.NewFromFloat(f)
}

// positions names columns by where they stand: a query may give two of one name.
func positions(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	return names
}
