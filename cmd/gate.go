package cmd

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/gate"
	"github.com/spf13/cobra"
)

type gateOptions struct {
	outputOptions
	month    string
	failOn   string
	warnOnly bool
	check    bool
}

func newGateCommand(g *globalOptions) *cobra.Command {
	var opts gateOptions
	c := &cobra.Command{
		Use:   "gate",
		Short: "Judge a month by every gate; the exit code is for CI",
		Long: `gate holds each use case, provider, model, metric and the total of a month against the
gates of the policy, and says what somebody must decide. What the register of decisions
covers passes, and says who decided. Where something is missing that a gate needs, the
verdict is cannot-judge: it is never a pass.

The verdicts, from good to bad: ` + strings.Join(gate.Verdicts(), ", ") + `.
The exit code is that of the worst: 3 for rejustify and approval, 4 for cannot-judge, 5 for
pause; a warning alone is 0.

A month that runs is judged to date, with what it will be at the rate so far.`,
		Example: `  aifinops gate
  aifinops gate --month 2026-10 -o github
  aifinops gate -o slack | curl -d @- "$WEBHOOK"
  aifinops gate explain feature-growth meeting-notes
  aifinops gate facts use-case`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(fmt.Errorf("no command %q; `aifinops gate` judges all, `aifinops gate explain %[1]s SUBJECT` says why", args[0]))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return runGate(c.Context(), g, opts) },
	}
	opts.flags(c)
	c.Flags().Lookup("output").Usage += "; " + strings.Join(slices.Sorted(maps.Keys(gate.Formats())), ", ")
	f := c.Flags()
	f.StringVar(&opts.month, "month", "", "the `MONTH`, such as 2026-10; default: the last in the ledger that is over")
	f.StringVar(&opts.failOn, "fail-on", gate.Rejustify, "the `VERDICT` from which on the exit code is not 0")
	f.BoolVar(&opts.warnOnly, "warn-only", false, "end with 0 whatever the verdicts are")
	f.BoolVar(&opts.check, "check", false, "only check the gates, their conditions and the register; judge nothing")
	c.AddCommand(newGateExplainCommand(g), newGateFactsCommand(g))
	return c
}

func runGate(ctx context.Context, g *globalOptions, opts gateOptions) error {
	if !slices.Contains(gate.Verdicts()[1:], opts.failOn) {
		return usage(fmt.Errorf("--fail-on %q; it is one of %s", opts.failOn, strings.Join(gate.Verdicts()[1:], ", ")))
	}
	if opts.check {
		return checkGates(ctx, g)
	}
	if err := opts.known(gate.Formats()); err != nil {
		return err
	}
	s, err := g.judging(ctx, opts.month)
	if err != nil {
		return err
	}
	defer s.close()
	j, err := s.gates().Judge(ctx, s.db, s.decided, s.period.From, s.asOf)
	if err != nil {
		return err
	}
	if opts.warnOnly {
		opts.failOn = ""
	}
	if err := opts.printJudgement(g, j, s.Currency); err != nil {
		return err
	}
	if code := j.ExitCode(opts.failOn); code != 0 {
		return judged(code)
	}
	return nil
}

// printJudgement writes what the gates say, in the formats of every report or in one that only a CI system or a chat reads.
func (o gateOptions) printJudgement(g *globalOptions, j gate.Judgement, currency string) error {
	view := gate.View{Currency: currency, FailOn: o.failOn}
	if write, ok := gate.Formats()[o.format]; ok {
		err := o.save(g, func(to io.Writer) error { return write(to, j, view) })
		if err == nil && o.format == "github" {
			err = g.githubFiles(j, view)
		}
		return err
	}
	if o.format == "table" && o.out == "" && j.Quiet() {
		for _, note := range j.Notes {
			g.say("warning: %s", note)
		}
		return g.emit(j.Summary() + "\n")
	}
	view.All = o.format != "table" && o.format != "md" && o.format != "html"
	view.More = " (-o wide shows all)"
	view.Exact = slices.Contains([]string{"csv", "json", "parquet"}, o.format)
	return o.print(g, j.Table(view))
}

func newGateFactsCommand(g *globalOptions) *cobra.Command {
	var opts outputOptions
	c := &cobra.Command{
		Use:   "facts [FOR]",
		Short: "What a gate's condition may compare",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			t, ok := gate.FactTable(strings.Join(args, ""))
			if !ok {
				return usage(fmt.Errorf("a gate is for %s; not for %q", strings.Join(slices.Sorted(maps.Keys(gate.Facts())), ", "), args[0]))
			}
			return opts.print(g, t)
		},
	}
	opts.flags(c)
	return c
}
