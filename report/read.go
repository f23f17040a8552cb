package report

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math/big"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// read runs a query and reads its rows by the types of its columns.
func read(ctx context.Context, db *sql.DB, query string, args ...any) (table.Table, error) {
	var t table.Table
	for row, err := range stream(ctx, db, &t.Columns, query, args...) {
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// stream runs a query and gives its rows one by one, once the columns are known. An error ends it.
func stream(ctx context.Context, db *sql.DB, columns *[]table.Column, query string, args ...any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		types, err := rows.ColumnTypes()
		if err != nil {
			yield(nil, err)
			return
		}
		*columns = nil
		for _, c := range types {
			*columns = append(*columns, table.Column{Name: c.Name(), Kind: kind(c.DatabaseTypeName())})
		}
		for rows.Next() {
			row, err := scan(rows, *columns)
			if !yield(row, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// scan reads the row at hand.
func scan(rows *sql.Rows, columns []table.Column) ([]any, error) {
	row, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		to[i] = &row[i]
	}
	if err := rows.Scan(to...); err != nil {
		return nil, err
	}
	var err error
	for i, c := range columns {
		if row[i], err = cell(row[i], c.Kind); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return row, nil
}

func kind(sqlType string) table.Kind {
	switch {
	case strings.HasPrefix(sqlType, "DECIMAL"):
		return table.Money
	case sqlType == "DOUBLE" || sqlType == "FLOAT":
		return table.Percent
	case strings.HasSuffix(sqlType, "INT") || strings.HasSuffix(sqlType, "INTEGER"):
		return table.Count
	case sqlType == "DATE":
		return table.Day
	case strings.HasPrefix(sqlType, "TIMESTAMP"):
		return table.Instant
	case sqlType == "BOOLEAN":
		return table.Flag
	}
	return table.Text
}

// cell turns what the driver gives into what a table holds.
func cell(v any, k table.Kind) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch k {
	case table.Money:
		return decimal.NewFromString(fmt.Sprint(v))
	case table.Count:
		n, ok := new(big.Int).SetString(fmt.Sprint(v), 10)
		if !ok || !n.IsInt64() {
			return nil, fmt.Errorf("%v is not a count", v)
		}
		return n.Int64(), nil
	case table.Percent:
		if f, ok := v.(float32); ok {
			return float64(f), nil
		}
		return v, nil
	case table.Text:
		return text(v), nil
	}
	return v, nil
}

// text writes a value of a type that tables do not know.
func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return fmt.Sprint(v)
}
