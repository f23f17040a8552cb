// Package survival has no code: its tests run the program as users do, and end it, starve it and hand it what is broken. A ledger must
// come through all that with what it held, or with what was booked whole.
package survival_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
)

// program is the binary that the tests run, and spent the CPU time of all its runs.
var (
	program string
	spent   atomic.Int64
)

func TestMain(m *testing.M) { os.Exit(build(m)) }

func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "survival-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "aifinops")
	if out, err := exec.Command("go", "build", "-o", program, "../..").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s%v\n", out, err)
		return 1
	}
	return m.Run()
}

// long says whether the long tests are asked for.
func long() bool { return os.Getenv("AIFINOPS_LONG") != "" }

// often is how many times to try what chance decides.
func often(always, atLength int) int {
	if long() {
		return atLength
	}
	return always
}

// A desk is a folder with a configuration, exports and a ledger.
type desk struct {
	*testing.T
	dir string
	env []string
}

func newDesk(t *testing.T) desk {
	t.Helper()
	d := desk{T: t, dir: t.TempDir()}
	d.env = []string{
		"TMPDIR=" + d.path("scratch"), // what is killed leaves its folder there
		"SLURM_CPUS_ON_NODE=1",        // DuckDB's threads: over so few rows a second one makes nothing faster, and costs a quarter more
	}
	if err := errors.Join(os.Mkdir(d.path("scratch"), 0o700), os.Chmod(d.path("scratch"), 0o777)); err != nil {
		t.Fatal(err)
	}
	d.write("aifinops.yaml", "version: 1\n")
	return d
}

func (d desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d desk) write(name, text string) {
	d.Helper()
	if err := os.WriteFile(d.path(name), []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
}

// command is a run of the program at the desk.
func (d desk) command(args ...string) *exec.Cmd { return d.under(nil, args...) }

// under is a run of the program within another, such as one that limits it.
func (d desk) under(wrapper []string, args ...string) *exec.Cmd {
	line := append(append(append([]string{}, wrapper...), program), args...)
	c := exec.Command(line[0], line[1:]...)
	c.Dir = d.dir
	c.Env = append(os.Environ(), d.env...)
	return c
}

// A result is what a run of the program came to.
type result struct {
	code     int
	out, err string
	took     time.Duration
}

func (d desk) run(args ...string) result { d.Helper(); return d.finish(d.command(args...)) }

func (d desk) finish(c *exec.Cmd) result {
	d.Helper()
	var out, talk bytes.Buffer
	c.Stdout, c.Stderr = &out, &talk
	begin := time.Now()
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.Fatal(err)
	}
	spent.Add(int64(c.ProcessState.UserTime() + c.ProcessState.SystemTime()))
	r := result{code: c.ProcessState.ExitCode(), out: out.String(), err: talk.String(), took: time.Since(begin)}
	if strings.Contains(r.err, "goroutine ") || strings.Contains(r.err, "SIG") {
		d.Fatalf("%v broke down:\n%s", c.Args, r.err)
	}
	return r
}

// must runs what has to work.
func (d desk) must(args ...string) result {
	d.Helper()
	r := d.run(args...)
	if r.code != 0 {
		d.Fatalf("aifinops %v: exit code %d\n%s", args, r.code, r.err)
	}
	return r
}

// fails runs what has to end with a code, and to say each of some texts.
func (d desk) fails(r result, code int, texts ...string) {
	d.Helper()
	if r.code != code {
		d.Errorf("exit code %d, not %d\n%s%s", r.code, code, r.out, r.err)
	}
	for _, text := range texts {
		if !strings.Contains(r.err, text) {
			d.Errorf("nothing of %q in\n%s", text, r.err)
		}
	}
}

// kill starts a run and ends it after some time, or once ready says so and that time is over. It says whether that came too late.
func (d desk) kill(after time.Duration, ready func() bool, args ...string) (late bool) {
	d.Helper()
	c := d.command(args...)
	if err := c.Start(); err != nil {
		d.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = c.Wait() // that it was killed is the point
		close(ended)
	}()
	for ready != nil && !ready() {
		select {
		case <-ended:
			ready = nil
		case <-time.After(500 * time.Microsecond):
		}
	}
	select {
	case <-ended:
		late = true
	case <-time.After(after):
		if err := c.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			d.Fatal(err)
		}
		<-ended
	}
	spent.Add(int64(c.ProcessState.UserTime() + c.ProcessState.SystemTime()))
	return late
}

// ask reads the ledger beside the program, and gives the first column of the first row.
func (d desk) ask(ledger, query string) (value string) {
	d.Helper()
	l, err := ingest.Open(context.Background(), d.path(ledger), ingest.Options{ReadOnly: true, Threads: 1})
	if err != nil {
		d.Fatal(err)
	}
	defer l.Close()
	var v sql.NullString
	if err := l.DB.QueryRow(query).Scan(&v); err != nil {
		d.Fatalf("%s: %s: %v", ledger, query, err)
	}
	return v.String
}

// held is what the ledger says that it holds: dollars and rows a month.
const held = `SELECT string_agg(month || ' ' || dollars || ' ' || rows, ', ' ORDER BY month)
	FROM (SELECT strftime(ChargePeriodStart, '%m') AS month, sum(BilledCost)::DECIMAL(18,2) AS dollars, count(*) AS rows FROM charges GROUP BY 1)`

// bill writes a bill of a month: some rows a day, each of so many dollars.
func bill(month, rows int, dollars string) string {
	var b strings.Builder
	b.WriteString("usage_date_utc,model,workspace,api_key,usage_type,token_type,cost_usd\n")
	for i := range rows {
		fmt.Fprintf(&b, "2026-%02d-%02d,Claude Opus 5,Docs %d,key %d,message,output,%s\n", month, 1+i%28, i%5, i%17, dollars)
	}
	return b.String()
}

// upTo is a random part of a time.
func upTo(d time.Duration) time.Duration { return time.Duration(rand.Float64() * float64(d)) }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
