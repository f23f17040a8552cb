package ingest

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding/unicode"
)

// addFixtures makes every export of the sources' fixtures a seed.
func addFixtures(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("../testdata/source/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, member := range archive.Files {
			if member.Name != "want" {
				f.Add(member.Data)
			}
		}
	}
	for _, text := range []string{"", "\n", "\xef\xbb\xbf", "{", "[[[[", `{"data": [{"results": []}]}`, "a,b\r\n\"", "\xff\xfea\x00,\x00", "PK\x03\x04", "PAR1", "\x1f\x8b\x08", "\x28\xb5\x2f\xfd"} {
		f.Add([]byte(text))
	}
	for _, data := range containers(f, seedBill) {
		f.Add(data)
	}
}

const seedBill = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ProviderName,ChargePeriodStart\n1.5,1.5,USD,Usage,AWS,2026-10-01\n\"1,234.50\",1,USD,Usage,AWS,2026-10-02\n"

// containers is a text in each way that it can be packed and encoded.
func containers(f *testing.F, text string) [][]byte {
	f.Helper()
	var zipped, tarred, gzipped bytes.Buffer
	z, t, g := zip.NewWriter(&zipped), tar.NewWriter(&tarred), gzip.NewWriter(&gzipped)
	w, err := z.Create("../bill.csv")
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	err = errors.Join(err, z.Close(), t.WriteHeader(&tar.Header{Name: "/bill.csv", Mode: 0o600, Size: int64(len(text))}))
	if err == nil {
		_, err = io.WriteString(t, text)
	}
	if _, wrote := io.WriteString(g, text); errors.Join(err, wrote, t.Close(), g.Close()) != nil {
		f.Fatal(err, wrote)
	}
	all := [][]byte{zipped.Bytes(), tarred.Bytes(), gzipped.Bytes(), []byte(strings.ReplaceAll(text, "\n", "\r")), []byte("\xef\xbb\xbf" + text + "\xef\xbb\xbf" + text)}
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		for _, mark := range []unicode.BOMPolicy{unicode.UseBOM, unicode.IgnoreBOM} {
			b, err := unicode.UTF16(order, mark).NewEncoder().Bytes([]byte(text))
			if err != nil {
				f.Fatal(err)
			}
			all = append(all, b)
		}
	}
	return all
}

// FuzzDetect holds the way from bytes to a source to two promises: it never panics, and it is done in a moment.
func FuzzDetect(f *testing.F) {
	addFixtures(f)
	sources, err := Sources()
	if err != nil {
		f.Fatal(err)
	}
	l, err := Open(context.Background(), filepath.Join(f.TempDir(), "ledger.duckdb"), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = l.Close() })
	f.Fuzz(func(t *testing.T, data []byte) {
		if strings.HasPrefix(string(data), "PAR1") {
			t.Skip("DuckDB's to read")
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "export")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		inputs, err := unpack(Input{Name: "export", File: path}, dir)
		for _, in := range inputs {
			o, err := open(in, dir)
			if err != nil {
				continue
			}
			if d, err := detect(context.Background(), l, o, sources); err == nil && !d.Empty && d.Source.Name == "" {
				t.Errorf("%s is of no source, and nothing says so", in.Name)
			}
		}
		if err == nil && len(inputs) == 0 {
			t.Error("a file became none, and nothing says so")
		}
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// FuzzIngest books whatever bytes there are: each is booked or refused in a moment, every record is accounted for, a
// file that is refused leaves nothing behind, and read once more it is the same dollars.
func FuzzIngest(f *testing.F) {
	if flag.Lookup("test.fuzz").Value.String() != "" { // TestSources books them otherwise
		addFixtures(f)
	}
	// A wrong encoding behind a column that the source does not read: DuckDB 1.5 has broken on it.
	f.Add([]byte("BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ProviderName,ChargePeriodStart,SkuPriceId,Tags\n1,1,USD,Usage,AWS,2026-10-01,x,\x97\n"))
	for _, data := range containers(f, seedBill) {
		f.Add(data)
	}
	sources, err := Sources()
	if err != nil {
		f.Fatal(err)
	}
	l, err := Open(context.Background(), filepath.Join(f.TempDir(), "ledger.duckdb"), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = l.Close() })
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "export")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		before := rowsOf(t, l)
		request := Request{Inputs: []Input{{Name: "export", File: path}}, Sources: sources, Again: true, Replace: true}
		receipts, err := Run(ctx, l, request)
		again, errAgain := Run(ctx, l, request)
		if fmt.Sprint(dollarsOf(receipts), err) != fmt.Sprint(dollarsOf(again), errAgain) {
			t.Errorf("it is %v, %v, and the second time %v, %v", dollarsOf(receipts), err, dollarsOf(again), errAgain)
		}
		if ctx.Err() != nil {
			t.Fatal("it hangs")
		}
		if err != nil && strings.Contains(err.Error(), "INTERNAL Error") {
			t.Fatal("DuckDB breaks:", err)
		}
		if err != nil && len(receipts) == 0 && rowsOf(t, l) != before {
			t.Errorf("it is refused (%v), and leaves something behind", err)
		}
		for _, r := range receipts {
			if r.Status != Unchanged && r.Booked+r.Ignored+r.Rejected != r.Records || min(r.Booked, r.Ignored, r.Rejected) < 0 {
				t.Errorf("%d booked + %d ignored + %d rejected are not %d records", r.Booked, r.Ignored, r.Rejected, r.Records)
			}
		}
	})
}

// dollarsOf is what receipts booked.
func dollarsOf(receipts []Receipt) (all []string) {
	for _, r := range receipts {
		all = append(all, fmt.Sprint(r.Source, r.Booked, r.Dollars))
	}
	return all
}

// rowsOf counts what the ledger holds.
func rowsOf(t *testing.T, l *Ledger) (n int) {
	t.Helper()
	if err := l.DB.QueryRow(`SELECT (SELECT count(*) FROM charge_facts) + (SELECT count(*) FROM usage_facts) + (SELECT count(*) FROM request_facts)
		+ (SELECT count(*) FROM invoice_facts) + (SELECT count(*) FROM outcome_facts) + (SELECT count(*) FROM files)`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// FuzzSourceHeader holds the reader of sources to one promise: no text makes it panic. What it takes for sound has
// what the rest of the program relies on.
func FuzzSourceHeader(f *testing.F) {
	files, err := filepath.Glob("source/*.sql")
	if err != nil || len(files) == 0 {
		f.Fatal("no sources", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("/*\ntitle: a\nrole: billing\nformat: [csv]\ncolumns: [a, b]\n*/ SELECT 1")
	f.Add("/* columns: &a {a: money, <<: *a} */")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSource("own", text)
		if err != nil {
			return
		}
		if s.SQL == "" || len(s.Formats) == 0 || len(s.required()) == 0 {
			t.Errorf("an unsound source: %+v", s)
		}
		for _, c := range s.Columns {
			if c.Name == "" || len(c.From) == 0 {
				t.Errorf("a column without a name or a heading: %+v", c)
			}
		}
	})
}
