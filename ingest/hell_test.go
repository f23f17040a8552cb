package ingest_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Inputs from hell: what people, programs and enemies put into an inbox. hell_test.go has what stands in a file, hell_files_test.go
// what files are, and what they cost.

// bill is a small bill in FOCUS; item makes a line of it.
const bill = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ProviderName,ChargePeriodStart,ResourceName\n"

func item(cost, day, name string) string { return cost + ",1,USD,Usage,AWS," + day + "," + name + "\n" }

// call is a line of LiteLLM's logs.
func call(id, more string) string {
	return `{"request_id": "` + id + `", "startTime": "2026-10-01 09:00:00", "spend": 1, "model": "gpt-5.4", "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2` + more + "}\n"
}

// A hell is a ledger that files are read into, one after the other.
type hell struct {
	*testing.T
	ledger  *ingest.Ledger
	sources []ingest.Source
	dir     string
}

func newHell(t *testing.T) hell {
	t.Helper()
	return hell{t, openLedger(t), embedded(t), t.TempDir()}
}

// becomes books a file and says in a line what became of it.
func (h hell) becomes(name, data string) string {
	h.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		h.Fatal(err)
	}
	return h.becomesOf(ingest.Input{Name: name, File: path, Modified: time.Unix(1e9, 0)})
}

func (h hell) becomesOf(in ingest.Input) string {
	h.Helper()
	receipts, err := ingest.Run(context.Background(), h.ledger, ingest.Request{Inputs: []ingest.Input{in}, Sources: h.sources, Again: true, Replace: true})
	var all []string
	for _, r := range receipts {
		s := fmt.Sprintf("%d booked, %d ignored, %d rejected", r.Booked, r.Ignored, r.Rejected)
		for _, d := range r.Dollars {
			s += ", " + d.Value.String() + " " + d.Currency
		}
		if r.FirstReject != "" {
			s += "; " + r.FirstReject
		}
		all = append(all, s)
	}
	if err != nil {
		all = append(all, strings.TrimPrefix(err.Error(), in.Name+": "))
	}
	return strings.Join(all, "\n")
}

func (h hell) check(name, data, want string) {
	h.Helper()
	if got := h.becomes(name, data); got != want {
		h.Errorf("%s: got\n  %s\nwant\n  %s", name, got, want)
	}
}

// latin1 and utf16 are a text in another encoding.
func latin1(t *testing.T, text string) string {
	s, err := charmap.ISO8859_1.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func utf16(t *testing.T, order unicode.Endianness, mark unicode.BOMPolicy, text string) string {
	s, err := unicode.UTF16(order, mark).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestHellEncodings(t *testing.T) {
	h := newHell(t)
	two := bill + item("1.5", "2026-10-05", "Büro") + item("2.25", "2026-10-06", "x")
	const both = "2 booked, 0 ignored, 0 rejected, 3.75 USD"
	for name, text := range map[string]string{
		"UTF-8 with a mark":               "\xef\xbb\xbf" + two,
		"UTF-16 little with a mark":       utf16(t, unicode.LittleEndian, unicode.UseBOM, two),
		"UTF-16 big with a mark":          utf16(t, unicode.BigEndian, unicode.UseBOM, two),
		"UTF-16 little without a mark":    utf16(t, unicode.LittleEndian, unicode.IgnoreBOM, two),
		"UTF-16 big without a mark":       utf16(t, unicode.BigEndian, unicode.IgnoreBOM, two),
		"line ends of old spreadsheets":   strings.ReplaceAll(two, "\n", "\r"),
		"line ends of Windows":            strings.ReplaceAll(two, "\n", "\r\n"),
		"line ends of both, and no last":  strings.TrimSuffix(strings.Replace(two, "\n", "\r\n", 2), "\n"),
		"semicolons":                      strings.ReplaceAll(two, ",", ";"),
		"tabs":                            strings.ReplaceAll(two, ",", "\t"),
		"a comma behind the last":         strings.ReplaceAll(two, "\n", ",\n"),
		"blank lines":                     strings.ReplaceAll(two, "\n", "\n\n\n"),
		"columns in another order":        "ResourceName,ChargePeriodStart,other,BilledCost,ProviderName,BillingCurrency,ChargeCategory,EffectiveCost\nx,2026-10-05,9,3.75,AWS,USD,Usage,1\ny,2026-10-05,9,0,AWS,USD,Usage,1\n",
		"line ends and quotes in a field": bill + item("1.5", "2026-10-05", "\"a\n\n\"\"b\"\", c\"") + item("2.25", "2026-10-06", "x"),
	} {
		h.check(name, text, both)
	}
	h.check("Latin-1", latin1(t, two), both)
	h.check("Latin-1 in JSON", latin1(t, call("1", `, "end_user": "Müller"`)+call("2", "")), "2 booked, 0 ignored, 0 rejected")
	const torn = "1 booked, 0 ignored, 1 rejected, 2.25 USD; record 2: invalid encoding: not UTF-8; save the file as UTF-8"
	h.check("a byte of no encoding", strings.Replace(two, "ü", "\x81", 1), torn)
	h.check("a sign of no text", strings.Replace(two, "ü", "\xfc\x01", 1), torn)
	h.check("Latin-1 behind a mark of UTF-8", "\xef\xbb\xbf"+latin1(t, two), torn)
	h.check("two encodings", bill+item("4", "2026-10-05", "Büro")+latin1(t, item("1.5", "2026-10-05", "Büro"))+item("2.25", "2026-10-06", "x"),
		"2 booked, 0 ignored, 1 rejected, 6.25 USD; record 3: invalid encoding: not UTF-8; save the file as UTF-8")
	h.check("UTF-16 cut in a letter", utf16(t, unicode.LittleEndian, unicode.UseBOM, two+item("7", "2026-10-07", "")[:16])+"x",
		"ends in the middle of record 4, as a download that was cut short, and nothing of it is booked\nhint: download it again; if it is whole, end it with a line break")
	h.check("zero.csv", bill+item("1\x00.5", "2026-10-05", "x"),
		"is not text: a zero byte at offset 101; aifinops reads CSV, JSON, Parquet, XLSX, gzip, zstd and zip")
	h.check("a mark in the middle", bill+item("1.5", "2026-10-05", "x")+"\xef\xbb\xbf"+item("2.25", "2026-10-05", "x"),
		"1 booked, 0 ignored, 1 rejected, 1.5 USD; record 3: billed: \"\ufeff2.25\" is not money")
	if os.Getenv("AIFINOPS_LONG") != "" {
		h.check("ten thousand columns", strings.Repeat("x,", 10_000)+bill+strings.Repeat(",", 10_000)+item("1.5", "2026-10-05", "")+strings.Repeat(",", 10_000)+item("2.25", "2026-10-05", ""), both)
		h.check("zero far down", bill+strings.Repeat(item("1.5", "2026-10-05", "x"), 34_000)+item("1\x00.5", "2026-10-05", "x"),
			"34000 booked, 0 ignored, 1 rejected, 51000 USD; record 34002: billed: \"1\x00.5\" is not money")
	}
	h.check("columns.csv", strings.Repeat("x,", 21_000)+bill, "line 1 has more than 20000 columns: that is no export")
}

// Two exports in one file: the second header is passed over where it is the first again, and refuses the file where it is another.
func TestHellHeaders(t *testing.T) {
	h := newHell(t)
	one, two := bill+item("1.5", "2026-10-05", "x"), bill+item("2.25", "2026-10-15", "y")
	h.check("one behind the other", one+two, "2 booked, 1 ignored, 0 rejected, 3.75 USD")
	h.check("each with a mark", "\ufeff"+one+"\ufeff"+two, "2 booked, 1 ignored, 0 rejected, 3.75 USD")
	swapped := strings.Replace(two, "BilledCost,EffectiveCost", "EffectiveCost,BilledCost", 1)
	const split = ": here begins another header, with other columns; nothing is booked\nhint: split the file there"
	h.check("swapped.csv", one+swapped, "record 3"+split)
	h.check("list.csv", one+strings.Replace(two, "BilledCost", "ListCost", 1), "record 3"+split)
	h.check("a wider one", one+strings.ReplaceAll(two, ",", ",,"),
		"1 booked, 0 ignored, 2 rejected, 1.5 USD; record 3: too many columns")
	twice := strings.Replace(bill, "\n", ",billedcost\n", 1)
	h.check("that agree and do not", twice+item("1.5", "2026-10-05", "x,1.50")+item("2", "2026-10-05", "x,3"),
		`1 booked, 0 ignored, 1 rejected, 1.5 USD; record 3: billed: "2" and "3" stand in two columns of one name`)
	h.check("twice.jsonl", call("1", "")+call("2", `, "spend": 7`),
		"spend stands twice in one object, and nobody can tell which of the two is meant; nothing is booked")
	h.check("marks between JSON", "\ufeff"+call("1", "")+"\ufeff"+call("2", ""), "2 booked, 0 ignored, 0 rejected")
}

// eachBecomes books a bill with each text in a record of its own, and holds what a query says of each of them against what it must become.
func (h hell) eachBecomes(line func(text string) string, query string, want map[string]string) {
	h.Helper()
	data := bill + item("1", "2026-10-05", "whole")
	texts := slices.Sorted(maps.Keys(want))
	for _, text := range texts {
		data += line(text)
	}
	data += strings.Repeat(item("1", "2026-10-05", "whole"), len(texts)) // a file of which most does not fit would be refused
	h.becomes("each.csv", data)
	rows, err := h.ledger.DB.Query("SELECT x_Record, (" + query + ")::VARCHAR FROM charges WHERE x_File = (SELECT max(x_File) FROM files) UNION ALL SELECT x_Record, reason FROM file_rejects WHERE x_File = (SELECT max(x_File) FROM files)")
	if err != nil {
		h.Fatal(err)
	}
	defer rows.Close()
	got := map[string]string{}
	for rows.Next() {
		var record int
		var what string
		if err := rows.Scan(&record, &what); err != nil {
			h.Fatal(err)
		}
		if record > 2 && record-3 < len(texts) {
			got[texts[record-3]] = what
		}
	}
	if diff := cmp.Diff(want, got); rows.Err() != nil || diff != "" {
		h.Errorf("%v (-want +got)\n%s", rows.Err(), diff)
	}
}

// A figure is read exactly, to the twelfth digit after the point, or not at all.
func TestHellFigures(t *testing.T) {
	h := newHell(t)
	want := map[string]string{
		"-0": "0", ".5": "0.5", "5.": "5", "+5": "5", "1.5e3": "1500", "6.72E-06": "0.00000672", "(5)": "-5", "$5": "5", "1,234.5": "1234.5", "1,234,567": "1234567",
		"0." + strings.Repeat("1", 30): "0.111111111111", "1." + strings.Repeat("9", 30): "2", "0.0000000000005": "0.000000000001", "1E-13": "0",
		"999999999999999.999999999999": "999999999999999.999999999999",
	}
	for text, amount := range want {
		d, err := decimal.NewFromString(amount)
		if err != nil {
			t.Fatal(err)
		}
		want[text] = d.StringFixed(12)
	}
	for _, text := range []string{"99999999999999999999999999.999999999999", "1e25", "-1000000000000000"} {
		want[text] = `billed: "` + text + `" is more than any bill has`
	}
	for _, text := range []string{"1e400", "1e26", "NaN", "Infinity", "-Infinity", "1_000", "0x10", "0b11", "1e", "--5", "1.2.3", "5-", "€5", "1'234.50", "1 234.50", "５", "١",
		"100000000000000000000000000", "1,5", "1,23", "0,345", "000,345", "1.234,50", "1,2345", "1,234,5", "12,34,567"} { // never a hundred or a thousand times as much
		want[text] = `billed: "` + text + `" is not money`
	}
	h.eachBecomes(func(text string) string { return item(`"`+text+`"`, "2026-10-05", "") }, "BilledCost", want)
}

// 12,345 is twelve thousand where the file has decimal points, or says nothing else; where it has decimal commas it may be twelve.
func TestHellDecimalCommas(t *testing.T) {
	h := newHell(t)
	const ways = "can be read two ways: export it with decimal points"
	h.check("thousands", bill+item(`"12,345"`, "2026-10-05", "")+item(`"1,234.50"`, "2026-10-05", ""), "2 booked, 0 ignored, 0 rejected, 13579.5 USD")
	h.check("beside one", bill+item(`"12,345"`, "2026-10-05", "")+item(`"1,50"`, "2026-10-05", "")+item("2.5", "2026-10-05", ""),
		`1 booked, 0 ignored, 2 rejected, 2.5 USD; record 2: billed: "12,345" `+ways)
	semicolons := strings.ReplaceAll(bill, ",", ";")
	h.check("behind semicolons", semicolons+"12,345;1;USD;Usage;AWS;2026-10-05;\n2.5;1;USD;Usage;AWS;2026-10-05;\n",
		`1 booked, 0 ignored, 1 rejected, 2.5 USD; record 2: billed: "12,345" `+ways)
	h.check("in JSON", call("1", `, "call_type": "x"`)+strings.Replace(call("2", ""), `"spend": 1`, `"spend": "12,345"`, 1)+strings.Replace(call("3", ""), `"spend": 1`, `"spend": "0,5"`, 1),
		`1 booked, 0 ignored, 2 rejected; record 2: spend: "12,345" `+ways)
	m := ingest.Mapping{Name: "mapped", Path: "*", Provider: "modal", Decimal: ",", Columns: map[string]string{"date": "Tag", "cost": "Betrag"}, DateFormat: "%d.%m.%Y"}
	s, err := m.NewSource("EUR", nil)
	if err != nil {
		t.Fatal(err)
	}
	h.sources = []ingest.Source{s}
	h.check("mapped", "Tag;Betrag\n05.10.2026;1.234,50\n06.10.2026;12,345\n07.10.2026;1.234\n", "3 booked, 0 ignored, 0 rejected, 2480.845 EUR")
	h.check("mapped, with points", "Tag;Betrag\n05.10.2026;0.345\n06.10.2026;1234.50\n07.10.2026;1\n", `1 booked, 0 ignored, 2 rejected, 1 EUR; record 2: cost: "0.345" is not money`)
}

func TestHellDates(t *testing.T) {
	want := map[string]string{
		"2026-10-05": "2026-10-05 00:00:00", "20261005": "2026-10-05 00:00:00", "1/2/2026": "2026-01-02 00:00:00", "2026-10-05T24:00:00": "2026-10-06 00:00:00",
		"2026-10-05T00:00:00+14:00": "2026-10-04 10:00:00", "2026-10-05T00:00:00-11:00": "2026-10-05 11:00:00", "2026-10-05 00:00:00 -0700": "2026-10-05 07:00:00",
		"45931": "2025-10-01 00:00:00", "45931.5": "2025-10-01 12:00:00", "45931.520833333336": "2025-10-01 12:30:00", "45931.99999": "2025-10-01 23:59:59.136", // of workbooks
	}
	for _, text := range []string{"0000-00-00", "0000-00-00 00:00:00", "9999-12-31", "2016-12-31T23:59:60Z", "2026-02-30", "2026-13-01", "infinity", "epoch", "now", "today", "2026-10-05T25:00:00",
		"13/2/2026", "05.10.2026", "1760000000", "-2026-10-05", "12026-10-05", "2026-10-05 (BC)", "2026-10-05 10:00:00 PST", "2026-10-05T10:00:00Z x", "99999", "00001", "45931,5", "1e400", "4593.15"} {
		want[text] = `start: "` + text + `" is not a time`
	}
	newHell(t).eachBecomes(func(text string) string { return item("1", `"`+text+`"`, "") }, "ChargePeriodStart", want)
}
