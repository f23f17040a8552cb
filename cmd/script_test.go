package cmd

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the program prints into the scripts")

// threads is what DuckDB reads from the environment as the number of its threads. Over the few rows of a test a second thread makes nothing
// faster and costs a quarter more: the tests run beside each other. The demo's own script runs as at a user's.
const threads = "SLURM_CPUS_ON_NODE"

// beside sets up a script to be run beside others, with the settings of the C library's malloc that .ci/run has.
func beside(e *testscript.Env) {
	const malloc = "GLIBC_TUNABLES"
	e.Setenv(threads, "1")
	e.Setenv(malloc, os.Getenv(malloc))
}

// TestMain makes the test binary the program itself where a script asks for it, in a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"aifinops":    func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"hold-ledger": func() { os.Exit(holdLedger(os.Args[1])) },
	})
}

// TestScript runs the stories of testdata/script against the program as its users run it. Each says in its
// comments how its figures come about.
func TestScript(t *testing.T) { runScripts(t, "script") }

// TestErrors holds every message that a user may see to its exact text: one script of testdata/errors each.
func TestErrors(t *testing.T) { runScripts(t, "errors") }

// long says whether there is time for the tests that take more than a few seconds.
func long() bool { return os.Getenv("AIFINOPS_LONG") != "" }

func runScripts(t *testing.T, folder string) {
	testscript.Run(t, testscript.Params{
		Dir:                "../testdata/" + folder,
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"company": copyCompany,
			"pack":    pack,
			"cut":     cutFile,
			"date":    dateFile,
			"duckdb":  runDuckDB,
			"hold":    hold,
			"release": release,
			"webhook": webhook,
			"post":    post,
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "long":
				return long(), nil
			case "made":
				return os.Getenv("AIFINOPS_DEMO") != "", nil
			}
			return false, fmt.Errorf("no condition %q", name)
		},
		Setup: func(e *testscript.Env) error {
			beside(e)
			e.Setenv("NO_COLOR", "") // what the tests' own terminal asks for is no business of theirs
			e.Setenv("TERM", "xterm")
			e.Values[holderKey{}] = &holder{}
			return nil
		},
	})
}

// company DIR puts the demo company, as `aifinops demo DIR` leaves it, into a folder of the script's own.
func copyCompany(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: company DIR")
	}
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(os.Getenv("AIFINOPS_DEMO"))))
}

// exits CODE program args... runs a program that must end with just this code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}
