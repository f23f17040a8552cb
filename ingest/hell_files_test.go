package ingest_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aifinops/aifinops/ingest"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A member is a file of an archive.
type member struct{ name, data string }

func zipOf(t *testing.T, members ...member) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.Create(m.name)
		if err == nil {
			_, err = io.WriteString(w, m.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// packed is what a compressing writer makes of a megabyte of zeros, n times over.
func packed(t *testing.T, n int, compress func(io.Writer) (io.WriteCloser, error)) string {
	t.Helper()
	var b bytes.Buffer
	w, err := compress(&b)
	zeros := make([]byte, 1<<20)
	for i := 0; i < n && err == nil; i++ {
		_, err = w.Write(zeros)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lyingZip says of its member that it is small, and it is not.
func lyingZip(t *testing.T, data string) string {
	t.Helper()
	var small, b bytes.Buffer
	f, err := flate.NewWriter(&small, 6)
	if err == nil {
		_, err = io.WriteString(f, data)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "bill.csv", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(data)), CompressedSize64: uint64(small.Len()), UncompressedSize64: 200})
	if err == nil {
		_, err = w.Write(small.Bytes())
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHellArchives(t *testing.T) {
	h := newHell(t)
	whole := bill + item("1.5", "2026-10-05", "x")
	zeros := packed(t, 101, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
	const bomb = "unpacks to more than 500 times its size; unpack it by hand if that is right"
	h.check("bomb.csv.gz", zeros, bomb)
	h.check("bomb.csv.zst", packed(t, 101, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }), bomb)
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	w, err := z.Create("bill.csv")
	if err != nil {
		t.Fatal(err)
	}
	for range 101 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	h.check("bomb.zip", zipped.String(), "bill.csv: "+bomb)
	many := make([]member, 10_001)
	for i := range many {
		many[i] = member{fmt.Sprint(i), "x"}
	}
	h.check("many.zip", zipOf(t, many...), "10000: the archive has more than 10000 files; unpack it by hand if that is right")
	h.check("matryoshka.zip", zipOf(t, member{"inner.zip", zipOf(t, member{"bill.csv", whole})}), "matryoshka.zip:inner.zip: is an archive inside an archive; unpack it by hand")
	h.check("lying.zip", lyingZip(t, bill+strings.Repeat(item("1.5", "2026-10-05", "x"), 1000)), "bill.csv: is not what the archive says of it (zip: not a valid zip file); download it again")
	h.check("names.zip", zipOf(t, member{"../../bill.csv", whole}, member{"/etc/bill.csv", bill + item("2.25", "2026-10-06", "x")}, member{"__MACOSX/._bill.csv", "x"}, member{"README.txt", "how to read this"}, member{"a\n'b.csv", bill + item("4", "2026-10-07", "x")}),
		"1 booked, 0 ignored, 0 rejected, 1.5 USD\n1 booked, 0 ignored, 0 rejected, 2.25 USD\n1 booked, 0 ignored, 0 rejected, 4 USD")
	var tarred bytes.Buffer
	tw := tar.NewWriter(&tarred)
	for _, header := range []tar.Header{
		{Name: "passwd.csv", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, {Name: "shadow.csv", Typeflag: tar.TypeLink, Linkname: "../../etc/shadow"},
		{Name: "fifo.csv", Typeflag: tar.TypeFifo}, {Name: "zero.csv", Typeflag: tar.TypeChar, Devmajor: 1, Devminor: 5}, {Name: "../../../bill.csv", Typeflag: tar.TypeReg, Mode: 0o600, Size: int64(len(whole))},
	} {
		if err := tw.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(tw, whole); errors.Join(err, tw.Close()) != nil {
		t.Fatal(err)
	}
	h.check("links.tar", tarred.String(), "1 booked, 0 ignored, 0 rejected, 1.5 USD")
	if found, err := filepath.Glob(filepath.Join(h.dir, "..", "bill.csv")); err != nil || found != nil {
		t.Errorf("a member went to %v, %v", found, err)
	}
}

// workbook is the least that is a workbook, with one sheet.
func workbook(t *testing.T, properties, rows, strings string) string {
	t.Helper()
	const head, office, main = `<?xml version="1.0"?>`, "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	const types, relations = "http://schemas.openxmlformats.org/package/2006/content-types", "http://schemas.openxmlformats.org/package/2006/relationships"
	return zipOf(t,
		member{"[Content_Types].xml", head + `<Types xmlns="` + types + `"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`},
		member{"_rels/.rels", head + `<Relationships xmlns="` + relations + `"><Relationship Id="r1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		member{"xl/workbook.xml", head + `<workbook xmlns="` + main + `" xmlns:r="` + office + `">` + properties + `<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`},
		member{"xl/_rels/workbook.xml.rels", head + `<Relationships xmlns="` + relations + `"><Relationship Id="r1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="` + office + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		member{"xl/worksheets/sheet1.xml", head + `<worksheet xmlns="` + main + `"><sheetData>` + rows + `</sheetData></worksheet>`},
		member{"xl/sharedStrings.xml", head + `<sst xmlns="` + main + `">` + strings + `</sst>`})
}

func sheetRow(n int, cells ...string) string {
	row := fmt.Sprintf(`<row r="%d">`, n)
	for _, c := range cells {
		row += `<c t="inlineStr"><is><t>` + c + `</t></is></c>`
	}
	return row + "</row>"
}

func TestHellWorkbooks(t *testing.T) {
	h := newHell(t)
	rows := sheetRow(1, strings.Split(strings.TrimSpace(bill), ",")...) + sheetRow(2, "1.5", "1", "USD", "Usage", "AWS", "45931.5", "x") + sheetRow(3, "2.25", "1", "USD", "Usage", "AWS", "45932", "x")
	const both = "2 booked, 0 ignored, 0 rejected, 3.75 USD"
	h.check("serials.xlsx", workbook(t, "", rows, ""), both)
	var empty strings.Builder
	for i := 4; i <= 1<<20; i++ {
		fmt.Fprintf(&empty, `<row r="%d"/>`, i)
	}
	if os.Getenv("AIFINOPS_LONG") != "" {
		h.check("empty.xlsx", workbook(t, "", rows+empty.String(), ""), both)
		h.check("strings.xlsx", workbook(t, "", rows, strings.Repeat("<si><t>"+strings.Repeat("x", 1<<20)+"</t></si>", 257)),
			"is a workbook that cannot be read: unzip size exceeds the 268435456 bytes limit")
	}
	h.check("gap.xlsx", workbook(t, "", rows+sheetRow(1<<20, "4", "1", "USD", "Usage", "AWS", "45932", "x"), ""), "3 booked, 0 ignored, 0 rejected, 7.75 USD")
	h.check("number.xlsx", workbook(t, "", rows+sheetRow(2_000_000_000, "4", "1", "USD", "Usage", "AWS", "45932", "x"), ""), "sheet a: a row has a number above 1048576: that is no workbook")
	h.check("1904.xlsx", workbook(t, `<workbookPr date1904="1"/>`, rows, ""), "is a workbook whose dates count from 1904; they would be read four years early\nhint: save the sheet as CSV")
	h.check("damaged.xlsx", workbook(t, "", rows+"<row &nothing;/>"+sheetRow(4, "4"), ""),
		"xl/worksheets/sheet1.xml: is damaged: XML syntax error on line 1: expected attribute name in element; save it again as XLSX, or as CSV")
}

// A file is read by its name as it stands: for DuckDB a[1].csv would be a pattern, and a1.csv fit it.
func TestHellNames(t *testing.T) {
	h := newHell(t)
	if err := os.WriteFile(filepath.Join(h.dir, "a1.csv"), []byte(bill+item("1000", "2026-10-05", "x")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a[1].csv", "a*.csv", "it's; DROP\nTABLE \"files\".csv", "100%25 {$HOME} €.csv", "-", "~.csv"} {
		h.check(name, bill+item("1.5", "2026-10-05", "x"), "1 booked, 0 ignored, 0 rejected, 1.5 USD")
	}
	h.check("j[1].jsonl", call("1", ""), "1 booked, 0 ignored, 0 rejected")
}

// An inbox may hold what is no file, and what leads elsewhere: nothing of it is waited for, or read.
func TestHellInbox(t *testing.T) {
	dir := t.TempDir()
	inbox := filepath.Join(dir, "inbox")
	if err := errors.Join(os.Mkdir(inbox, 0o700), syscall.Mkfifo(filepath.Join(inbox, "fifo.csv"), 0o600)); err != nil {
		t.Fatal(err)
	}
	find := func(paths ...string) string {
		inputs, err := ingest.Find(paths)
		if err != nil {
			return strings.ReplaceAll(err.Error(), dir+"/", "")
		}
		return fmt.Sprint(len(inputs), " files")
	}
	for _, path := range []string{inbox, filepath.Join(inbox, "fifo.csv")} {
		if got, want := find(path), strings.TrimPrefix(path, dir+"/")+": no files here"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, want := find("/dev/zero"), "/dev/zero: no files here"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := os.WriteFile(filepath.Join(inbox, "-"), []byte(bill), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := find(inbox); got != "1 files" {
		t.Errorf("got %q", got)
	}
	for link, want := range map[string]string{
		"/dev/zero": "inbox/link.csv: is a link out of the folder, and is not followed\nhint: name the file itself, or put it here",
		"link.csv":  "inbox/link.csv: is a link to nothing: EvalSymlinks: too many links",
		"gone.csv":  "inbox/link.csv: is a link to nothing: lstat inbox/gone.csv: no such file or directory",
		"-":         "2 files",
		".":         "1 files", // a folder: what is in it is there already
	} {
		if err := os.Symlink(link, filepath.Join(inbox, "link.csv")); err != nil {
			t.Fatal(err)
		}
		if got := find(inbox); got != want {
			t.Errorf("a link to %s: got %q, want %q", link, got, want)
		}
		if err := os.Remove(filepath.Join(inbox, "link.csv")); err != nil {
			t.Fatal(err)
		}
	}
	if os.Geteuid() == 0 {
		return // root may read it
	}
	if err := os.Mkdir(filepath.Join(inbox, "closed"), 0); err != nil {
		t.Fatal(err)
	}
	if got, want := find(inbox), "open inbox/closed: permission denied"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
