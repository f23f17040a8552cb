package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/aifinops/aifinops/ingest"
	"github.com/spf13/cobra"
)

type ingestOptions struct {
	outputOptions
	source  string
	account string
	dryRun  bool
	strict  bool
	replace bool
	parts   bool
	again   bool
}

func newIngestCommand(g *globalOptions) *cobra.Command {
	var opts ingestOptions
	c := &cobra.Command{
		Use:   "ingest [PATH...]",
		Short: "Book exports into the ledger",
		Long: `ingest books files, the files below folders, or the matches of globs; - is standard
input; without a path it is the configured inbox. What a file is, is told by its
content, not by its name. Each file is booked in one transaction and gets a receipt.

The same file again changes nothing. A newer export (by modification time) takes the
place of what an older one of the same source says of the same days, and the receipt
says what moved. A file that describes dollars which another source has booked is
refused. A record that does not fit is set aside, with its reason, in rejects.`,
		Example: `  aifinops ingest
  aifinops ingest ~/Downloads/cost_2026-10-01_2026-10-31.csv
  aifinops ingest --dry-run inbox/
  zcat logs.jsonl.gz | aifinops ingest --source litellm-spend-logs -`,
		RunE: func(c *cobra.Command, paths []string) error { return runIngest(c.Context(), g, opts, paths) },
	}
	opts.flags(c)
	f := c.Flags()
	f.StringVar(&opts.source, "source", "", "read every file as the source `NAME`; `aifinops sources` lists them")
	f.StringVar(&opts.account, "account", "", "the billing account `NAME` of files that do not say theirs")
	f.BoolVarP(&opts.dryRun, "dry-run", "n", false, "print what would change, and change nothing")
	f.BoolVar(&opts.strict, "strict", false, "a record that does not fit refuses its file")
	f.BoolVar(&opts.replace, "replace", false, "take the place of whatever the ledger holds of the same provider and days")
	f.BoolVar(&opts.parts, "parts", false, "the files are parts of exports: each takes the place of nothing but itself")
	f.BoolVar(&opts.again, "again", false, "read files again that were booked before, after a change of their mapping")
	return c
}

func runIngest(ctx context.Context, g *globalOptions, opts ingestOptions, paths []string) error {
	receipts, err := bookFiles(ctx, g, opts, paths)
	if len(receipts) > 0 {
		if err := opts.print(g, receiptTable(receipts, opts.dryRun)); err != nil {
			return err
		}
	}
	warn(g, receipts, opts.dryRun)
	return err
}

// bookFiles ingests the paths, or the inbox, and returns what became of each file.
func bookFiles(ctx context.Context, g *globalOptions, opts ingestOptions, paths []string) (receipts []ingest.Receipt, err error) {
	c, err := g.load()
	if err != nil {
		return nil, err
	}
	sources, err := c.sources()
	if err != nil {
		return nil, usage(err)
	}
	if len(paths) == 0 {
		for _, p := range c.Inbox {
			paths = append(paths, c.path(p))
		}
	}
	paths, stdin, done, err := fromStandardInput(g.in, paths)
	if err != nil {
		return nil, err
	}
	defer done()
	inputs, missed := ingest.Find(paths)
	if len(inputs) == 0 && missed != nil {
		return nil, usage(missed)
	}
	if inputs, err = withoutLedger(c, inputs); err != nil { // before a dry run has another ledger
		return nil, usage(errors.Join(missed, err))
	}
	for i, in := range inputs {
		if inputs[i].Name = c.name(in.Name); in.Name == filepath.ToSlash(stdin) {
			inputs[i].Name = "standard input"
		}
	}
	if opts.dryRun {
		if c, done, err = throwAway(ctx, c, g.ledgerOptions(c)); err != nil {
			return nil, err
		}
		defer done()
	}
	l, err := g.open(ctx, c, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, g.closed(l, opts.dryRun)) }()
	if l.Backup != "" && !opts.dryRun {
		g.say("the ledger is now of this version; as it was it is kept in %s", l.Backup)
	}
	request := ingest.Request{Inputs: inputs, Sources: sources, Source: opts.source, Account: opts.account,
		Strict: opts.strict, Replace: opts.replace, Parts: opts.parts, Again: opts.again, Keep: c.AISpend}
	progress, stop := g.progress()
	request.Progress = progress
	receipts, err = ingest.Run(ctx, l, request)
	stop()
	for _, r := range receipts {
		if r.Why != "" {
			g.detail("%s is read as %s, because %s", r.File, r.Source, r.Why)
		}
	}
	err = errors.Join(err, warnOfNames(ctx, g, l, c.AISpend, receipts))
	return receipts, usage(errors.Join(missed, err))
}

// withoutLedger leaves out the ledger and what lies beside it, which `ingest *` names too.
func withoutLedger(c config, inputs []ingest.Input) ([]ingest.Input, error) {
	others := ingest.WithoutLedger(c.Database, inputs)
	if len(others) == 0 && len(inputs) > 0 {
		return nil, fmt.Errorf("%s: is the ledger or a file of it, and no other file was named\nhint: name exports, or a folder of them", inputs[0].Name)
	}
	return others, nil
}

// closed closes the ledger that was written. Where all is booked, and only the log is still beside the ledger, that is no failure.
func (g *globalOptions) closed(l *ingest.Ledger, dryRun bool) error {
	err := l.Close()
	var late *ingest.LogError
	if !errors.As(err, &late) {
		return err
	}
	if !dryRun { // of whose ledger nothing is kept
		g.say("warning: %v", err)
	}
	return nil
}

// fromStandardInput copies standard input to a file where a path is "-", and says which file that is.
func fromStandardInput(in io.Reader, paths []string) (all []string, stdin string, done func(), err error) {
	i := slices.Index(paths, "-")
	if i < 0 {
		return paths, "", func() {}, nil
	}
	dir, err := os.MkdirTemp("", "aifinops-*")
	if err != nil {
		return nil, "", nil, err
	}
	done = func() { os.RemoveAll(dir) }
	stdin = filepath.Join(dir, "stdin")
	w, err := os.Create(stdin)
	if err == nil {
		_, err = io.Copy(w, in)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		done()
		return nil, "", nil, fmt.Errorf("standard input: %w", err)
	}
	all = slices.Clone(paths)
	all[i] = stdin
	return all, stdin, done, nil
}

// throwAway has the configuration point to a copy of the ledger: a dry run does all that a run does, to it.
func throwAway(ctx context.Context, c config, o ingest.Options) (config, func(), error) {
	dir, err := os.MkdirTemp("", "aifinops-*")
	if err != nil {
		return c, nil, err
	}
	from := c.Database
	c.Database = filepath.Join(dir, "dry-run.duckdb")
	done := func() { os.RemoveAll(dir) }
	if err := ingest.Copy(ctx, from, c.Database, o); err != nil {
		done()
		return c, nil, usage(err)
	}
	return c, done, nil
}
