package parquet

import (
	"database/sql/driver"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/aifinops/aifinops/report/table"
	"github.com/duckdb/duckdb-go/v2"
	"github.com/shopspring/decimal"
)

// Of a decimal: the most digits that the format has, and the decimals of the ledger's own money.
const (
	digits   = 38
	decimals = 12
)

// A column is one of the file.
type column struct {
	name    string // quoted
	kind    table.Kind
	sqlType string
	scale   int32 // of decimals
}

// columnsOf is what the columns of a table become.
func columnsOf(t table.Table) ([]column, error) {
	if len(t.Columns) == 0 {
		return nil, fmt.Errorf("table %s has no columns: parquet cannot hold it", t.Report)
	}
	var columns []column
	taken := map[string]string{}
	for i, c := range t.Columns {
		// DuckDB tells names apart without case, and so do most that read the file.
		if other, ok := taken[strings.ToLower(c.Name)]; ok {
			return nil, fmt.Errorf("table %s: columns %q and %q are one in parquet; name one of them otherwise", t.Report, other, c.Name)
		}
		taken[strings.ToLower(c.Name)] = c.Name
		one := column{name: `"` + strings.ReplaceAll(strings.ReplaceAll(valid(c.Name), "\x00", ""), `"`, `""`) + `"`, kind: c.Kind}
		switch c.Kind {
		case table.Money, table.Number, table.Unit:
			var err error
			if one.scale, err = scale(t.Rows, i); err != nil {
				return nil, fmt.Errorf("table %s: column %s: %w", t.Report, c.Name, err)
			}
			one.sqlType = fmt.Sprintf("DECIMAL(%d,%d)", digits, one.scale)
		case table.Percent:
			one.sqlType = "DOUBLE"
		case table.Count:
			one.sqlType = "BIGINT"
		case table.Day:
			one.sqlType = "DATE"
		case table.Instant:
			one.sqlType = "TIMESTAMP"
		case table.Flag:
			one.sqlType = "BOOLEAN"
		default:
			one.sqlType = "VARCHAR"
		}
		columns = append(columns, one)
	}
	return columns, nil
}

// scale is how many decimals a column has, so that each of its values fits exactly.
func scale(rows [][]any, column int) (int32, error) {
	whole, part, long := 0, 0, decimal.Zero
	for _, row := range rows {
		d, ok := row[column].(decimal.Decimal)
		if !ok {
			continue
		}
		before, behind, _ := strings.Cut(d.Abs().String(), ".") // without trailing zeros
		before = strings.TrimLeft(before, "0")
		if len(before) > whole || len(behind) > part {
			long = d
		}
		whole, part = max(whole, len(before)), max(part, len(behind))
	}
	if whole+part > digits {
		return 0, fmt.Errorf("%s and the values beside it need %d digits, and parquet has %d", long, whole+part, digits)
	}
	return int32(max(part, min(decimals, digits-whole))), nil
}

// value is a cell as the appender takes it.
func (c column) value(cell any) driver.Value {
	switch v := cell.(type) {
	case decimal.Decimal:
		return duckdb.Decimal{Width: digits, Scale: uint8(c.scale), Value: v.Shift(c.scale).BigInt()}
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	case string:
		return valid(v)
	case time.Time:
		if c.kind == table.Day { // the date where the day is, not in Greenwich
			return time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)
		}
		return v.UTC()
	}
	return cell
}

// valid is a text that can be stored: bytes that are no UTF-8 are shown as such.
func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
