// Package cmd is the command line: one page a command, each an options struct,
// its flags, and one call into the package that does the work.
package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// streams is where a command reads and writes: data to out, talk to err.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// globalOptions are the flags of every command.
type globalOptions struct {
	streams
	config  string
	db      string
	memory  string
	quiet   bool
	verbose bool
	noColor bool
	color   bool
	asOf    string
	wait    time.Duration
}

// Main runs the program and returns its exit code.
func Main(args []string, in io.Reader, out, err io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	g := &globalOptions{streams: streams{in: in, out: out, err: err}}
	root := newRootCommand(g)
	if slices.Contains(args, "--version") { // asking DuckDB takes longer than all else at start
		root.Version = version()
	}
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(err)
	return exitCode(g, root.ExecuteContext(ctx))
}

func newRootCommand(g *globalOptions) *cobra.Command {
	root := &cobra.Command{
		Use:   "aifinops",
		Short: "A FinOps analyst for AI spend",
		Long: `aifinops books the usage exports, bills and invoices of AI providers into a local
DuckDB file, allocates every dollar to a use case by YAML rules, and reports it.
It never goes online.

Begin with ` + "`aifinops demo`" + `, then with ` + "`aifinops init`" + ` beside your own exports.`,
		Version:       "devel",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	f := root.PersistentFlags()
	f.StringVar(&g.config, "config", "aifinops.yaml", "the configuration `FILE`")
	f.StringVar(&g.db, "db", "", "the ledger `FILE`; default: the configuration's `database`")
	f.StringVar(&g.memory, "memory", "", "memory for DuckDB, such as 4GB; default: half of the machine's")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "no talk on standard error but errors")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "say on standard error which files are read, and as what")
	f.BoolVar(&g.noColor, "no-color", false, "no colour; NO_COLOR does the same")
	f.BoolVar(&g.color, "color", false, "colour though the output is no terminal")
	f.StringVar(&g.asOf, "as-of", "", "the `DATE` that counts as today, for runs that can be repeated")
	f.DurationVar(&g.wait, "wait", 10*time.Second, "how long to wait while another process writes the ledger, as `TIME` such as 5m")
	root.AddCommand(newDemoCommand(g), newInitCommand(g), newIngestCommand(g), newSourcesCommand(g), newRulesCommand(g), newReportCommand(g), newGateCommand(g), newExportCommand(g), newApproveCommand(g), newPauseCommand(g), newPricesCommand(g), newQueryCommand(g))
	root.SetHelpTemplate(root.HelpTemplate() + exitCodeHelp)
	return root
}

// version is the program's version with DuckDB's.
func version() string {
	v := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		v = info.Main.Version
	}
	duck, err := ingest.EngineVersion()
	if err != nil {
		duck = "unknown: " + err.Error()
	}
	return v + " (DuckDB " + duck + ")"
}

// today is the day that --as-of names, or now.
func (g *globalOptions) today() (time.Time, error) {
	if g.asOf == "" {
		return time.Now().UTC().Truncate(24 * time.Hour), nil
	}
	t, err := time.Parse(time.DateOnly, g.asOf)
	if err != nil {
		return t, usage(fmt.Errorf("--as-of %q is not a date like 2026-11-15", g.asOf))
	}
	return t, nil
}

// say talks to the user, unless they asked for quiet.
func (g *globalOptions) say(format string, args ...any) {
	if !g.quiet {
		fmt.Fprintf(g.err, format+"\n", args...)
	}
}

// detail says more, to who asked for it.
func (g *globalOptions) detail(format string, args ...any) {
	if g.verbose {
		fmt.Fprintf(g.err, format+"\n", args...)
	}
}

// terminal says whether a stream is one, and how wide.
func terminal(w io.Writer) (width int, ok bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	return width, err == nil
}

// open opens the ledger of the configuration. What may be read by several at once is opened read-only.
func (g *globalOptions) open(ctx context.Context, c config, readOnly bool) (*ingest.Ledger, error) {
	g.detail("the ledger is %s", c.Database)
	o := g.ledgerOptions(c)
	o.ReadOnly = readOnly
	l, err := ingest.Open(ctx, c.Database, o)
	return l, usage(err)
}

// ledgerOptions is how the flags and the configuration want a ledger opened.
func (g *globalOptions) ledgerOptions(c config) ingest.Options {
	memory := g.memory
	if memory == "" {
		memory = c.Memory
	}
	return ingest.Options{Memory: memory, PlainUsers: c.Users == "plain", Wait: g.wait, Waiting: func(e *ingest.LockedError) { g.say("waiting up to %s: %v", g.wait, e) }}
}
