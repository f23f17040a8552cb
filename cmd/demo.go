package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/aifinops/aifinops/ingest/demo"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/spf13/cobra"
)

// demoDay is the day that counts as today in the demo: its last month is October 2026.
const demoDay = "2026-11-15"

func newDemoCommand(g *globalOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "demo [DIR]",
		Short: "A small company, from exports to the workbook, offline, in seconds",
		Long: `demo writes six months of exports of a company of 50 engineers that spends $30K a
month on AI, with the untidy things that real months have, and its aifinops.yaml;
ingests them, prints the report by use case and what the gates say, and writes the workbook. With DIR the
files stay there: change a rule and run the report again. Without it they go to a temporary folder.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return runDemo(c.Context(), g, args) },
	}
}

func runDemo(ctx context.Context, g *globalOptions, args []string) error {
	dir := ""
	if len(args) == 1 {
		dir = args[0]
	} else {
		temp, err := os.MkdirTemp("", "aifinops-demo-*")
		if err != nil {
			return err
		}
		dir = temp
	}
	g.say("writing the exports of a small company to %s", dir)
	if err := demo.Write(dir); err != nil {
		return usage(err)
	}
	at := *g
	at.config, at.db, at.asOf = filepath.Join(dir, "aifinops.yaml"), "", demoDay
	g.say("$ aifinops ingest")
	receipts, err := bookFiles(ctx, &at, ingestOptions{}, nil)
	if err != nil {
		return err
	}
	if !g.quiet {
		talk := at
		talk.out = g.err
		if err := (outputOptions{format: "table"}).print(&talk, summaryTable(receipts)); err != nil {
			return err
		}
	}
	g.say("\n$ aifinops report --by use-case")
	if err := runReport(ctx, &at, reportOptions{outputOptions: outputOptions{format: "table"}, by: "use-case"}); err != nil {
		return err
	}
	g.say("\n$ aifinops gate")
	var verdict judged
	if err := runGate(ctx, &at, gateOptions{outputOptions: outputOptions{format: "table"}, failOn: gate.Rejustify}); !errors.As(err, &verdict) && err != nil {
		return err
	}
	workbook := filepath.Join(dir, "ai-spend-2026-10.xlsx")
	g.say("\n$ aifinops export %s", filepath.Base(workbook))
	if err := runExport(ctx, &at, exportOptions{}, workbook); err != nil {
		return err
	}
	g.say(`
The files are in %[1]s. Try there:
  cd %[1]s
  aifinops report --by provider,model --month 2026-09
  aifinops export october.html        the month on one page, to open or to mail
  aifinops report outcomes            what a ticket, an active user, a pull request cost
  aifinops gate explain feature-growth meeting-notes
  aifinops rules suggest              the largest dollars that no rule knows, each with a rule to paste
  aifinops rules explain project=proj_default
  aifinops sources                    what it reads, and how to get each export`, dir)
	return nil
}
