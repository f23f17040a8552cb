package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/table"
	"github.com/spf13/cobra"
)

type sourcesOptions struct {
	outputOptions
	source string
	rows   int
	query  queryOptions
	docs   bool
}

func newSourcesCommand(g *globalOptions) *cobra.Command {
	var opts sourcesOptions
	c := &cobra.Command{
		Use:   "sources [FILE|NAME|WORD...]",
		Short: "The formats it reads and how to get each export; what a file is",
		Long: `sources lists the export formats that aifinops reads; with a WORD, those that have it in
their name or title. With a NAME of that list: how to get the export, and its columns. With a FILE: what the file is, why, and its first rows
as they would load. Nothing is booked.

With a NAME and --query ENGINE it prints the SQL by which the database that holds the
logs groups them, for its own client to run: the result is a file for ingest.`,
		Example: `  aifinops sources
  aifinops sources copilot
  aifinops sources openai-costs
  psql "$DATABASE_URL" --csv -c "$(aifinops sources litellm --query postgres --month 2026-10)" | aifinops ingest -`,
		RunE: func(c *cobra.Command, args []string) error { return runSources(c.Context(), g, opts, args) },
	}
	opts.flags(c)
	opts.query.flags(c)
	c.Flags().StringVar(&opts.source, "source", "", "read the file as the source `NAME`")
	c.Flags().BoolVar(&opts.docs, "docs", false, "print the documentation of all of them as Markdown")
	c.Flags().IntVar(&opts.rows, "rows", 5, "show the first `N` rows of a file")
	return c
}

func runSources(ctx context.Context, g *globalOptions, opts sourcesOptions, args []string) error {
	if opts.docs {
		text, err := documentation()
		return errors.Join(err, g.emit(text))
	}
	if opts.query.asked() {
		return opts.query.print(ctx, g, args)
	}
	if opts.rows < 0 {
		return usage(fmt.Errorf("--rows %d is less than 0", opts.rows))
	}
	c, err := g.load()
	if err != nil {
		return err
	}
	sources, err := c.sources()
	if err != nil {
		return usage(err)
	}
	recipes, err := ingest.Recipes()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return opts.print(g, sourceTable(sources, recipes))
	}
	var errs []error
	for _, arg := range args {
		i := slices.IndexFunc(sources, func(s ingest.Source) bool { return s.Name == arg })
		if _, err := os.Stat(arg); err != nil && i >= 0 {
			errs = append(errs, g.emit(describeSource(sources[i])))
			continue
		} else if i := slices.IndexFunc(recipes, func(r ingest.Recipe) bool { return r.Name == arg }); err != nil && i >= 0 {
			errs = append(errs, g.emit(describeRecipe(recipes[i])))
			continue
		} else if found := searchSources(arg, sources, recipes); err != nil && len(found.Rows) > 0 {
			errs = append(errs, opts.print(g, found))
			continue
		} else if err != nil && !strings.ContainsAny(arg, "*?[./") {
			errs = append(errs, usage(fmt.Errorf("%s: there is no such file, and no source has that in its name or title; `aifinops sources` lists them%s", arg, nearSource(arg, sources, recipes))))
			continue
		}
		errs = append(errs, showFile(ctx, g, opts, c, sources, arg))
	}
	return errors.Join(errs...)
}

// nearSource offers the nearest name of a source, or the nearest vendor, by whose name they begin.
func nearSource(word string, sources []ingest.Source, recipes []ingest.Recipe) string {
	var names []string
	for _, s := range sources {
		vendor, _, _ := strings.Cut(s.Name, "-")
		names = append(names, vendor, s.Name)
	}
	for _, r := range recipes {
		names = append(names, r.Name)
	}
	return allocate.Nearest(word, names)
}

// searchSources is the sources in whose name or title a word stands.
func searchSources(word string, sources []ingest.Source, recipes []ingest.Recipe) table.Table {
	has := func(texts ...string) bool {
		return strings.Contains(strings.ToLower(strings.Join(texts, " ")), strings.ToLower(word))
	}
	t := sourceTable(slices.DeleteFunc(slices.Clone(sources), func(s ingest.Source) bool { return !has(s.Name, s.Title) }),
		slices.DeleteFunc(slices.Clone(recipes), func(r ingest.Recipe) bool { return !has(r.Name, r.Title) }))
	t.Notes = []string{"`aifinops sources NAME` says how to get an export"}
	if queries, err := ingest.Queries(); err == nil {
		for _, q := range queries {
			if q.Name == strings.ToLower(word) {
				t.Notes = append(t.Notes, fmt.Sprintf("`aifinops sources %s --query %s --month 2026-10` has a database group its logs", q.Name, q.Engine))
			}
		}
	}
	return t
}

func sourceTable(sources []ingest.Source, recipes []ingest.Recipe) table.Table {
	t := table.Table{Report: "sources", Title: "Sources", Columns: []table.Column{{Name: "source"}, {Name: "role"}, {Name: "formats"}, {Name: "title"},
		{Name: "get", Heading: "How to get it", Wide: true}, {Name: "docs", Wide: true}, {Name: "confidence", Wide: true}},
		Notes: []string{"`aifinops sources NAME` says how to get an export; any other CSV, TSV, XLSX, JSON or Parquet is read by a column map under `sources:` in aifinops.yaml"}}
	for _, s := range sources {
		t.Rows = append(t.Rows, []any{s.Name, string(s.Role), strings.Join(s.Formats, ", "), s.Title, strings.TrimSpace(s.Get), s.Docs, s.Confidence})
	}
	for _, r := range recipes {
		t.Rows = append(t.Rows, []any{r.Name, string(cmp.Or(r.Map[0].Role, ingest.Billing)), "column map", r.Title, strings.TrimSpace(r.Get), r.Docs, r.Confidence})
	}
	return t
}

// describeRecipe says how to read what nobody has described: by a map that its owner adapts.
func describeRecipe(r ingest.Recipe) string {
	return fmt.Sprintf("# %s: %s\n# how sure: %s\n# get: %s\n# docs: %s\n# Put this into aifinops.yaml, with the path and the headers of your file:\nsources:\n%s\n",
		r.Name, r.Title, r.Confidence, strings.ReplaceAll(strings.TrimSpace(r.Get), "\n", "\n#      "), r.Docs, r.Text)
}

func describeSource(s ingest.Source) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n  role        %s\n  formats     %s\n  get         %s\n  docs        %s\n  confidence  %s\n  ignores     %s\n  columns\n",
		s.Name, s.Title, s.Role, strings.Join(s.Formats, ", "), strings.ReplaceAll(strings.TrimSpace(s.Get), "\n", "\n              "), s.Docs, s.Confidence, cmp.Or(s.Ignore, "nothing"))
	for _, c := range s.Columns {
		need := "optional"
		if c.Required {
			need = "required"
		}
		fmt.Fprintf(&b, "    %-9s %-8s %s\n", need, c.Type, strings.Join(c.From, " or "))
	}
	return b.String()
}

// showFile loads the head of a file into a ledger that is thrown away.
func showFile(ctx context.Context, g *globalOptions, opts sourcesOptions, c config, sources []ingest.Source, path string) error {
	inputs, err := ingest.Find([]string{path})
	if err != nil {
		return usage(err)
	}
	l, done, err := g.scratchLedger(ctx, c)
	if err != nil {
		return err
	}
	defer done()
	receipts, err := ingest.Run(ctx, l, ingest.Request{Inputs: inputs, Sources: sources, Source: opts.source, Limit: 1000, Parts: true, Replace: true})
	for _, r := range receipts {
		if err := g.emit(recognition(r)); err != nil {
			return err
		}
		if r.Status == ingest.Empty {
			continue
		}
		t, err := report.Query(ctx, l.DB, firstRows(r, opts.rows))
		if err != nil {
			return err
		}
		t.Report, t.Title = "rows", fmt.Sprintf("The first rows of %s as %s", filepath.Base(r.File), r.Role)
		if err := opts.print(g, withoutEmptyColumns(t)); err != nil {
			return err
		}
	}
	return usage(err)
}

// recognition says what a file is, and why.
func recognition(r ingest.Receipt) string {
	if r.Status == ingest.Empty {
		return r.File + ": an export without records\n"
	}
	text := fmt.Sprintf("%s: %s (%s), because %s\n", r.File, r.Source, r.Role, r.Why)
	if r.Rejected > 0 {
		text += fmt.Sprintf("%d of its first %d records would be rejected; the first is %s\n", r.Rejected, r.Records, r.FirstReject)
	}
	return text
}

// firstRows is the SELECT of a file's first rows, from the view of its role.
func firstRows(r ingest.Receipt, n int) string {
	view := map[ingest.Role]string{ingest.Billing: "charges", ingest.Usage: "usage", ingest.Requests: "requests", ingest.Invoice: "invoices", ingest.Outcomes: "outcomes"}[r.Role]
	return fmt.Sprintf("SELECT x_Record AS record, * EXCLUDE (x_File, x_Record, x_Source) FROM %s WHERE x_File = (SELECT max(x_File) FROM files WHERE path = '%s') ORDER BY x_Record LIMIT %d",
		view, strings.ReplaceAll(r.File, "'", "''"), n)
}

// withoutEmptyColumns leaves out what no row has: a source fills a few of some forty columns.
func withoutEmptyColumns(t table.Table) table.Table {
	var keep []int
	for i := range t.Columns {
		if slices.ContainsFunc(t.Rows, func(row []any) bool { return row[i] != nil }) {
			keep = append(keep, i)
		}
	}
	out := table.Table{Report: t.Report, Title: t.Title, Notes: t.Notes}
	for _, i := range keep {
		out.Columns = append(out.Columns, t.Columns[i])
	}
	for _, row := range t.Rows {
		var cells []any
		for _, i := range keep {
			cells = append(cells, row[i])
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// scratchLedger is an empty ledger that is gone when done is called.
func (g *globalOptions) scratchLedger(ctx context.Context, c config) (*ingest.Ledger, func(), error) {
	dir, err := os.MkdirTemp("", "aifinops-*")
	if err != nil {
		return nil, nil, err
	}
	c.Database = filepath.Join(dir, "scratch.duckdb")
	l, err := g.open(ctx, c, false)
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return l, func() {
		_ = l.Close() // it is thrown away whatever it says
		os.RemoveAll(dir)
	}, nil
}
