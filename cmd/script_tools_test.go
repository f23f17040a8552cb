package cmd

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// pack FORMAT OUT IN... writes files in a container or an encoding that a provider or a spreadsheet might choose.
func pack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: pack FORMAT OUT IN...")
	}
	var out []byte
	var err error
	in := []byte(ts.ReadFile(args[2]))
	switch args[0] {
	case "gzip":
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, err = w.Write(in)
		err = errors.Join(err, w.Close())
		out = b.Bytes()
	case "zstd":
		var w *zstd.Encoder
		if w, err = zstd.NewWriter(nil); err == nil {
			out = w.EncodeAll(in, nil)
		}
	case "zip":
		out, err = zipped(ts, args[2:])
	case "xlsx":
		out, err = makeWorkbook(in)
	case "utf16":
		out, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(in)
	case "latin1":
		out, err = charmap.ISO8859_1.NewEncoder().Bytes(in)
	case "bom":
		out = append([]byte("\xef\xbb\xbf"), in...)
	case "crlf":
		out = bytes.ReplaceAll(in, []byte("\n"), []byte("\r\n"))
	case "unended":
		out = bytes.TrimSuffix(in, []byte("\n"))
	case "zeros": // as a download that was cut off leaves them
		out = append(in, make([]byte, 64)...)
	default:
		ts.Fatalf("no format %q", args[0])
	}
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o644))
}

func zipped(ts *testscript.TestScript, names []string) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(w, ts.ReadFile(name)); err != nil {
			return nil, err
		}
	}
	err := z.Close() // before the bytes are taken: it writes the directory
	return b.Bytes(), err
}

// makeWorkbook makes a workbook of a CSV as a person would type it: numbers are numbers, days are days.
func makeWorkbook(text []byte) ([]byte, error) {
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	book := excelize.NewFile()
	for i, record := range records {
		for j, field := range record {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return nil, err
			}
			var value any = field
			if n, err := strconv.ParseFloat(field, 64); err == nil {
				value = n
			} else if day, err := time.Parse(time.DateOnly, field); err == nil {
				value = day
			}
			if err := book.SetCellValue("Sheet1", at, value); err != nil {
				return nil, err
			}
		}
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), book.Close()
}

// cutFile takes the last bytes off a file: cut FILE N.
func cutFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cut FILE N")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()-n))
}

// dateFile says when files were written last: date DAY FILE...
func dateFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: date DAY FILE...")
	}
	day, err := time.Parse(time.DateOnly, args[0])
	ts.Check(err)
	for _, file := range args[1:] {
		ts.Check(os.Chtimes(ts.MkAbs(file), day, day))
	}
}

// runDuckDB runs statements on a DuckDB file that is not, or no longer, a ledger: duckdb FILE SQL...
func runDuckDB(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: duckdb FILE SQL...")
	}
	db, err := sql.Open("duckdb", ts.MkAbs(args[0]))
	ts.Check(err)
	for _, statement := range args[1:] {
		_, err := db.Exec(statement)
		ts.Check(err)
	}
	ts.Check(db.Close())
}

// A holder is the other process that has a script's ledger open.
type holder struct {
	process *exec.Cmd
	stop    io.Closer
}

// holderKey is where a script's environment keeps it.
type holderKey struct{}

// hold LEDGER has another process open the ledger, and returns once it has it.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold LEDGER")
	}
	process := exec.Command("hold-ledger", ts.MkAbs(args[0]))
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	ts.Check(err)
	out, err := process.StdoutPipe()
	ts.Check(err)
	ts.Check(process.Start())
	h := ts.Value(holderKey{}).(*holder)
	*h = holder{process, in}
	ts.Defer(h.letGo)
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		ts.Fatalf("the other process does not hold the ledger: %q, %v", line, err)
	}
}

// release has the other process close the ledger.
func release(ts *testscript.TestScript, _ bool, _ []string) { ts.Value(holderKey{}).(*holder).letGo() }

func (h *holder) letGo() {
	if h.process != nil {
		_ = h.stop.Close()
		_ = h.process.Wait() // it has nothing to say any more
		h.process = nil
	}
}

// holdLedger is the other process: it has the ledger open until its standard input ends.
func holdLedger(path string) int {
	l, err := ingest.Open(context.Background(), filepath.Clean(path), ingest.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("held")
	_, err = io.Copy(io.Discard, os.Stdin)
	if err := errors.Join(err, l.Close()); err != nil {
		return 1
	}
	return 0
}

// webhook FILE serves what takes messages as Slack does, at $WEBHOOK, and keeps the last that it took.
func webhook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: webhook FILE")
	}
	file := ts.MkAbs(args[0])
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var message struct {
			Text   string
			Blocks []struct{ Type string }
		}
		if err := errors.Join(err, json.Unmarshal(body, &message)); err != nil || message.Text == "" || len(message.Blocks) == 0 || len(message.Blocks) > 50 {
			http.Error(w, "invalid_payload", http.StatusBadRequest)
			return
		}
		if err := os.WriteFile(file, body, 0o600); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	ts.Defer(server.Close)
	ts.Setenv("WEBHOOK", server.URL)
}

// post FILE posts a file to $WEBHOOK, for machines without curl.
func post(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: post FILE")
	}
	answer, err := http.Post(ts.Getenv("WEBHOOK"), "application/json", strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(answer.Body.Close())
	if taken := answer.StatusCode == http.StatusOK; taken == neg {
		ts.Fatalf("%s: %s", args[0], answer.Status)
	}
}
