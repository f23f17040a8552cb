package survival_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// disk mounts a small disk, or skips the test where that is not allowed.
func (d desk) disk(name string, kilobytes int) string {
	d.Helper()
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		d.Skip("to mount a small disk takes root, on Linux")
	}
	folder := d.path(name)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		d.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dk", kilobytes), "tmpfs", folder).CombinedOutput(); err != nil {
		d.Skipf("no disk can be mounted: %s", out)
	}
	d.Cleanup(func() {
		if out, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
			d.Errorf("%s: %s", folder, out)
		}
	})
	return folder
}

const noSpace = "o space left on device" // Go writes it small

// A disk that is full while a file is booked, or while a report is written, leaves the ledger as it was and no half file. With space
// again the same command does its work.
func TestDiskFull(t *testing.T) {
	d := newDesk(t)
	small := d.disk("small", 5<<10)
	d.write("bill.csv", bill(9, 400, "2.50"))
	d.write("large.csv", bill(10, often(30000, 60000), "1.25"))
	db := filepath.Join("small", "aifinops.duckdb")
	d.must("ingest", "--db", db, "bill.csv")
	const before = "09 1000.00 400"
	d.write(filepath.Join("small", "filler"), strings.Repeat("x", 2<<20))
	r := d.run("ingest", "--db", db, "large.csv")
	d.fails(r, 1, "small/aifinops.duckdb", noSpace)
	d.same(db, before)

	_ = exec.Command("dd", "if=/dev/zero", "of="+filepath.Join(small, "rest"), "bs=1k").Run() // until the disk is full
	d.fails(d.run("ingest", "--db", db, "large.csv"), 1, noSpace)
	d.write(filepath.Join("small", "filler"), strings.Repeat("x", 2<<20)) // and again to its last byte
	for _, out := range []string{"month.xlsx", "month.html", "month.focus.csv"} {
		r := d.run("export", "--db", db, filepath.Join("small", out))
		d.fails(r, 1, noSpace)
		if exists(filepath.Join(small, out)) {
			t.Errorf("%s was written in part", out)
		}
	}
	d.fails(d.run("report", "--db", db, "-o", "csv", "--out", filepath.Join("small", "report.csv")), 1, "report.csv", noSpace)
	d.fails(d.finish(d.under([]string{"sh", "-c", `"$0" "$@" > /dev/full`}, "report", "--db", db)), 1, noSpace)
	d.same(db, before)
	if left, _ := filepath.Glob(filepath.Join(small, ".aifinops*")); left != nil {
		t.Errorf("%v were left behind", left)
	}
	for _, f := range []string{"filler", "rest"} {
		if err := os.Remove(filepath.Join(small, f)); err != nil {
			t.Fatal(err)
		}
	}
	d.must("ingest", "--db", db, "bill.csv")
	d.same(db, before)
}

// same checks what a ledger holds, by the program and beside it.
func (d desk) same(ledger, want string) {
	d.Helper()
	d.must("query", "--db", ledger, "SELECT count(*) FROM charges")
	if got := d.ask(ledger, held); got != want {
		d.Errorf("the ledger holds %s, not %s", got, want)
	}
}

// A disk on which not even a ledger fits gets none, or one that opens.
func TestNoSpaceForALedger(t *testing.T) {
	for kilobytes := 16; kilobytes <= 2600; kilobytes = kilobytes*3/2 + often(600, 100) {
		t.Run(fmt.Sprint(kilobytes), func(t *testing.T) {
			d := newDesk(t)
			d.disk("small", kilobytes)
			d.write("bill.csv", bill(9, 40, "2.50"))
			db := filepath.Join("small", "aifinops.duckdb")
			r := d.run("ingest", "--db", db, "bill.csv")
			switch {
			case r.code == 0:
				d.same(db, "09 100.00 40")
			case !strings.Contains(r.err, noSpace):
				t.Errorf("exit code %d, and nothing of the disk in\n%s", r.code, r.err)
			case exists(d.path(db)):
				d.same(db, "")
			}
		})
	}
}

// A limit on the size of files, as `ulimit -f` sets, is a disk that is full for one file.
func TestFileTooLarge(t *testing.T) {
	if _, err := exec.LookPath("prlimit"); err != nil {
		t.Skip("no prlimit here")
	}
	d := newDesk(t)
	d.write("bill.csv", bill(9, 400, "2.50"))
	d.write("large.csv", bill(10, 40000, "1.25"))
	d.must("ingest", "bill.csv")
	info, err := os.Stat(d.path("aifinops.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	limit := []string{"prlimit", fmt.Sprintf("--fsize=%d", info.Size()+4096)}
	r := d.finish(d.under(limit, "ingest", "large.csv"))
	d.fails(r, 1, "aifinops.duckdb", "File too large")
	d.same("aifinops.duckdb", "09 1000.00 400")
	d.must("ingest", "large.csv")
	d.same("aifinops.duckdb", "09 1000.00 400, 10 50000.00 40000")
}

// The folder of temporary files is full, or none: the message says which, and the ledger is as it was.
func TestScratch(t *testing.T) {
	d := newDesk(t)
	d.write("bill.csv", bill(9, 400, "2.50"))
	d.must("ingest", "bill.csv")
	d.env = []string{"TMPDIR=" + d.path("gone")}
	d.write("later.csv", bill(10, 20000, "1.25"))
	d.fails(d.run("ingest", "later.csv"), 2, d.path("gone"))
	if out, err := exec.Command("gzip", "-k", d.path("later.csv")).CombinedOutput(); err != nil {
		t.Skipf("no gzip: %s", out)
	}
	if out, err := exec.Command("tar", "-C", d.dir, "-cf", d.path("later.tar"), "later.csv").CombinedOutput(); err != nil {
		t.Skipf("no tar: %s", out)
	}
	d.env = []string{"TMPDIR=" + d.disk("small", 64)}
	d.fails(d.run("ingest", "later.tar"), 1, "later.tar", d.path("small"), noSpace)
	d.same("aifinops.duckdb", "09 1000.00 400")
	if left, _ := filepath.Glob(d.path("small/*")); left != nil {
		t.Errorf("%v were left behind", left)
	}
}

// Where nothing may be written, reports work, and what would write says what it may not.
func TestReadOnly(t *testing.T) {
	d := newDesk(t)
	var wrapper []string
	if os.Geteuid() == 0 { // whom permissions do not bind
		if _, err := exec.LookPath("setpriv"); err != nil {
			t.Skip("as root, without setpriv")
		}
		wrapper = []string{"setpriv", "--reuid=65534", "--clear-groups"}
		for dir := filepath.Dir(program); dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
			_ = os.Chmod(dir, 0o755)
		}
		for dir := d.dir; dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
			_ = os.Chmod(dir, 0o755)
		}
	}
	d.write("bill.csv", bill(9, 40, "2.50"))
	d.write("later.csv", bill(10, 40, "2.50"))
	d.must("ingest", "bill.csv")
	for name, mode := range map[string]os.FileMode{"aifinops.duckdb": 0o444, "later.csv": 0o444, "aifinops.yaml": 0o444, ".": 0o555} {
		if err := os.Chmod(d.path(name), mode); err != nil {
			t.Fatal(err)
		}
	}
	defer func() { _ = os.Chmod(d.dir, 0o755) }()
	for _, test := range []struct {
		code int
		says string
		args []string
	}{
		{0, "", []string{"query", "FROM files"}},
		{0, "", []string{"report"}},
		{2, "aifinops.duckdb", []string{"ingest", "later.csv"}},
		{2, "new.duckdb", []string{"ingest", "--db", "new.duckdb", "later.csv"}},
		{2, "month.xlsx", []string{"export", "month.xlsx"}},
		{1, "report.csv", []string{"report", "-o", "csv", "--out", "report.csv"}},
	} {
		r := d.finish(d.under(wrapper, test.args...))
		if r.code != test.code || test.code != 0 && !strings.Contains(strings.ToLower(r.err), "permission denied") || !strings.Contains(r.err, test.says) {
			t.Errorf("%v: exit code %d\n%s", test.args, r.code, r.err)
		}
	}
	if err := os.Chmod(d.path("aifinops.duckdb"), 0o666); err != nil { // and no place for what DuckDB writes beside it
		t.Fatal(err)
	}
	d.fails(d.finish(d.under(wrapper, "ingest", "later.csv")), 2, "aifinops.duckdb.wal", "Permission denied")
	d.same("aifinops.duckdb", "09 100.00 40")
	_ = os.Chmod(d.dir, 0o755)
	d.write("aifinops.duckdb.undo", "kept for somebody else\n")
	if err := errors.Join(os.Chmod(d.path("aifinops.duckdb.undo"), 0), os.Chmod(d.dir, 0o555)); err != nil {
		t.Fatal(err)
	}
	if r := d.finish(d.under(wrapper, "query", "FROM files")); r.code != 0 {
		t.Errorf("what is kept beside it may not be read, and so a ledger that is whole is not read: %s", r.err)
	}
	d.fails(d.finish(d.under(wrapper, "ingest", "later.csv")), 2, "aifinops.duckdb.undo: permission denied\nhint: it keeps what a checkpoint that was killed has written over")
}

// Where the log cannot be put into the ledger, what was booked is booked: a warning says where it is, and the next ingest ends it.
func TestLogStays(t *testing.T) {
	d := newDesk(t)
	d.write("bill.csv", bill(9, 40, "2.50"))
	if err := os.Mkdir(d.path("aifinops.duckdb.undo.part"), 0o700); err != nil {
		t.Fatal(err)
	}
	r := d.must("ingest", "bill.csv")
	if !strings.Contains(r.err, "warning: aifinops.duckdb: what was booked stands in aifinops.duckdb.wal, and could not be put into the ledger: ") {
		t.Errorf("nothing is said of it: %s", r.err)
	}
	if r := d.must("ingest", "--dry-run", "bill.csv"); strings.Contains(r.err, "warning") {
		t.Errorf("a dry run warns: %s", r.err)
	}
	d.same("aifinops.duckdb", "09 100.00 40")
	if err := os.Remove(d.path("aifinops.duckdb.undo.part")); err != nil {
		t.Fatal(err)
	}
	d.must("ingest", "bill.csv")
	d.same("aifinops.duckdb", "09 100.00 40")
	d.onlyLedger()
}
