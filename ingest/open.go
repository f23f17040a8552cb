package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The head of a file is what detection looks at.
const headSize = 1 << 20

// maxInflated bounds what a container may unpack to; past it a file is a bomb or a mistake.
const maxInflated = 64 << 30

// maxRatio is how many times its size a file may unpack to: text shrinks a
// hundredfold at most, bombs by a thousand and more.
const maxRatio = 500

// An Input is one file to book: where it lies, and what to call it.
type Input struct {
	Name     string   // as the user wrote it; a member of an archive is "bill.zip:part-1.csv"
	File     string   // where its bytes are
	Archive  string   // the archive it came out of: its members are parts of one export
	Found    bool     // in a folder: nobody named it
	Parts    int      // how many more files are in it
	Beside   []string // where their bytes are, for a format whose files cannot be written behind each other
	Missing  []int    // the numbers of the parts of the same export that are not here
	Modified time.Time
	written  time.Time // of a member of an archive: when it was written, as that says
	age      int       // of parts: how many older downloads of the same export lie beside
}

// piped says that the bytes came from standard input, which names nothing.
func (in Input) piped() bool { return in.Name == "standard input" }

// An opened file is plain enough for DuckDB to read.
type opened struct {
	Input
	sha256      string
	size        int64
	written     time.Time // when the bytes were written that the hash is of
	format      string    // csv, json or parquet
	compression string    // none, gzip or zstd
	plain       string    // the file to read: the input itself, or its unpacked copy in the scratch folder
	unread      []string  // sheets of a workbook beside the one that is read
	head        []byte    // the first megabyte, decompressed, UTF-8, without a byte order mark
	encoding    encoding  // of the file, decompressed
	windows1252 bool      // it is not UTF-8, and was read as that
}

// open makes a file plain: hashes it, looks through its compression, and
// rewrites what DuckDB cannot read itself (workbooks, UTF-16) below the scratch folder.
func open(in Input, scratch string) (*opened, error) {
	o := &opened{Input: in, plain: in.File, compression: "none"}
	if err := o.hash(); err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	if o.size == 0 {
		if in.piped() {
			return nil, errors.New("standard input: nothing came; see what the command before the pipe says")
		}
		return nil, fmt.Errorf("%s: is empty; download it again", in.Name)
	}
	magic, err := firstBytes(in.File, 4)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	copyTo := filepath.Join(scratch, o.sha256[:16])
	switch {
	case string(magic) == parquetMagic:
		o.format = "parquet"
		f, err := os.Open(in.File)
		if err == nil {
			err = errors.Join(refuseTornParquet(f), f.Close())
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.Name, err)
		}
		return o, nil
	case string(magic) == "%PDF":
		return nil, fmt.Errorf("%s: is a PDF, which is not read; type its total into invoices.csv, with the provider, month and currency that it says, and ingest that:\n  provider,month,total,currency,invoice_id\n  PROVIDER,%s,0.00,USD,%s",
			in.Name, in.Modified.UTC().AddDate(0, -1, 0).Format("2006-01"), strings.TrimSuffix(filepath.Base(in.Name), filepath.Ext(in.Name)))
	case string(magic) == "PK\x03\x04":
		o.plain, o.encoding = copyTo+".csv", encoding{} // a copy of our own is UTF-8
		if o.unread, err = workbookToCSV(in.File, o.plain); err != nil {
			return nil, fmt.Errorf("%s: %w", in.Name, err)
		}
	case isUTF16(magic):
		o.plain, o.encoding = copyTo+".utf8", encoding{}
		order := unicode.LittleEndian
		if magic[0] == 0 {
			order = unicode.BigEndian
		}
		if err := o.rewrite(unicode.UTF16(order, unicode.UseBOM).NewDecoder()); err != nil {
			return nil, fmt.Errorf("%s: UTF-16: %w", in.Name, err)
		}
	case o.encoding.wrong:
		if err := o.readWindows1252(copyTo + ".utf8"); err != nil {
			return nil, fmt.Errorf("%s: %w", in.Name, err)
		}
	}
	if err := o.readHead(); err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	o.format = "csv"
	if first := bytes.TrimLeft(o.head, " \t\r\n"); bytes.HasPrefix(first, []byte("{")) || bytes.HasPrefix(first, []byte("[")) {
		o.format = "json"
	}
	if o.format == "csv" && (o.encoding.isMixed() || o.encoding.lines == 0 && bytes.Contains(o.head, []byte("\r"))) {
		if err := o.unify(copyTo + ".lf"); err != nil {
			return nil, fmt.Errorf("%s: %w", in.Name, err)
		}
		return o, o.readHead()
	}
	return o, nil
}

// parquetMagic is how a Parquet file begins, and how it ends.
const parquetMagic = "PAR1"

// refuseTornParquet refuses a Parquet file without its end, which says what stands in it.
func refuseTornParquet(f *os.File) error {
	end := make([]byte, len(parquetMagic))
	if _, err := f.Seek(-int64(len(end)), io.SeekEnd); err != nil {
		return err
	}
	if _, err := io.ReadFull(f, end); err != nil {
		return err
	}
	if string(end) != parquetMagic {
		return errors.New("is a truncated Parquet file; download it again")
	}
	return nil
}

// unify writes the file with one kind of line end.
func (o *opened) unify(to string) error {
	r, err := o.reader()
	if err != nil {
		return o.damaged(err)
	}
	defer r.Close()
	_, err = writeFile(to, transform.NewReader(r, lineEnds{alone: o.encoding.lines == 0}), maxInflated)
	o.plain, o.compression = to, "none"
	return err
}

func firstBytes(file string, n int) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, n)
	n, err = io.ReadFull(f, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return b[:n], err
}

// tryInflate decompresses a file to see that it is whole, and no bomb.
func (o *opened) tryInflate(raw io.Reader) error {
	if o.compression == "none" {
		return nil
	}
	inflated, err := decompress(raw, o.compression)
	if err != nil {
		return o.damaged(err)
	}
	info, err := os.Stat(o.File)
	if err != nil {
		return err
	}
	limit := max(maxRatio*info.Size(), 100<<20)
	n, err := io.Copy(&o.encoding, io.LimitReader(inflated, limit+1))
	if err != nil {
		return o.damaged(err)
	}
	if n > limit {
		return fmt.Errorf("unpacks to more than %d times its size; unpack it by hand if that is right", maxRatio)
	}
	return nil
}

func decompress(r io.Reader, compression string) (io.Reader, error) {
	switch compression {
	case "gzip":
		return gzip.NewReader(r)
	case "zstd":
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) // without goroutines that would have to be stopped
	}
	return r, nil
}

// reader reads the plain file through its compression.
func (o *opened) reader() (io.ReadCloser, error) {
	f, err := os.Open(o.plain)
	if err != nil {
		return nil, err
	}
	r, err := decompress(bufio.NewReader(f), o.compression)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
}

func (o *opened) readHead() error {
	r, err := o.reader()
	if err != nil {
		return o.damaged(err)
	}
	defer r.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return o.damaged(err)
	}
	o.head = bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(o.head)) == 0 {
		return errors.New("is empty; download it again")
	}
	if i := bytes.IndexByte(o.head, 0); i >= 0 {
		return fmt.Errorf("is not text: a zero byte at offset %d; aifinops reads CSV, JSON, Parquet, XLSX, gzip, zstd and zip", i)
	}
	return nil
}

func (o *opened) damaged(err error) error {
	if o.compression == "none" {
		return err
	}
	return fmt.Errorf("is a damaged or truncated %s file (%w); download it again", o.compression, err)
}

// inflate writes the decompressed file to the scratch folder, for readers that need its size.
func (o *opened) inflate(scratch string) error {
	if o.compression == "none" {
		return nil
	}
	r, err := o.reader()
	if err != nil {
		return o.damaged(err)
	}
	defer r.Close()
	to := filepath.Join(scratch, o.sha256[:16]+".plain")
	if _, err := writeFile(to, r, maxInflated); err != nil {
		return o.damaged(err)
	}
	o.plain, o.compression = to, "none"
	return nil
}
