package cmd

import (
	"maps"
	"slices"

	"github.com/aifinops/aifinops/report/page"
	"github.com/aifinops/aifinops/report/parquet"
	"github.com/aifinops/aifinops/report/table"
	"github.com/aifinops/aifinops/report/workbook"
)

// formats is every way to write a report, by the name that -o takes.
func formats() map[string]table.Writer {
	all := table.Formats()
	all["html"] = page.Write
	all["parquet"] = parquet.Write
	all["xlsx"] = workbook.Write
	return all
}

// formatNames is their names, sorted.
func formatNames() []string { return slices.Sorted(maps.Keys(formats())) }

// binary formats are no text: a terminal would make noise of them.
func binary(format string) bool { return format == "parquet" || format == "xlsx" }

// flat formats are rows alone: what stands below a table has no place in them.
func flat(format string) bool { return format == "csv" || format == "parquet" }

// localised formats write numbers as a country does. Others are read by machines, alike everywhere, or hold numbers, which Excel shows in the
// locale of its user.
func localised(format string) bool { return format != "json" && !binary(format) }
