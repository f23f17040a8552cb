package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// An encoding looks on as a file is read, and says in the end whether it is UTF-8, whether its last line is whole, and how long its lines are.
type encoding struct {
	rest  []byte // the beginning of a character whose end is still to come
	wrong bool
	tail  []byte // the last bytes of the file
	lines int    // how many there are, and how many of them end in CRLF
	crlf  int

	line, longestLine     int64 // the bytes of the line that is being read, and of the longest
	record, longestRecord int64 // the same of records, whose line ends may stand in quotes
	quoted                bool  // an odd number of quotes so far
}

// tailSize is more than any figure is long.
const tailSize = 64

// Write looks at the next bytes.
func (e *encoding) Write(p []byte) (int, error) {
	e.measure(p)
	e.tail = append(e.tail, p[max(0, len(p)-tailSize):]...)
	e.tail = e.tail[max(0, len(e.tail)-tailSize):]
	if e.wrong {
		return len(p), nil
	}
	b := p
	if len(e.rest) > 0 {
		b = append(e.rest, p...)
	}
	whole := len(b)
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if last := b[len(b)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				whole -= i
			}
			break
		}
	}
	e.wrong = !utf8.Valid(b[:whole])
	e.rest = append([]byte(nil), b[whole:]...)
	return len(p), nil
}

// measure counts the lines of the next bytes. It runs over every byte of every file.
func (e *encoding) measure(p []byte) {
	before := byte(0)
	if len(e.tail) > 0 {
		before = e.tail[len(e.tail)-1]
	}
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		n := i + 1
		if i < 0 {
			n = len(p)
		}
		if bytes.Count(p[:n], []byte{'"'})%2 == 1 {
			e.quoted = !e.quoted
		}
		e.line += int64(n)
		e.record += int64(n)
		e.longestLine, e.longestRecord = max(e.longestLine, e.line), max(e.longestRecord, e.record)
		if i < 0 {
			return
		}
		e.lines++
		if i > 0 && p[i-1] == '\r' || i == 0 && before == '\r' {
			e.crlf++
		}
		if e.line = 0; !e.quoted {
			e.record = 0
		}
		before, p = '\n', p[n:]
	}
}

func (e *encoding) isUTF8() bool { return !e.wrong && len(e.rest) == 0 }

// isMixed says whether some lines end in CRLF, and others not: DuckDB 1.5 loses its way there.
func (e *encoding) isMixed() bool { return e.crlf > 0 && e.crlf < e.lines }

// isUnended says whether the file does not end with a line.
func (e *encoding) isUnended() bool {
	return len(e.tail) > 0 && !strings.ContainsRune("\n\r", rune(e.tail[len(e.tail)-1]))
}

// lastField is what stands after the last delimiter of a file that does not end in a line break, nor in a quote: it may go on.
func (e *encoding) lastField(delim string) (string, bool) {
	if len(e.tail) == 0 || strings.ContainsRune("\n\r\"", rune(e.tail[len(e.tail)-1])) {
		return "", false
	}
	tail := string(e.tail)
	return tail[max(strings.LastIndex(tail, delim), strings.LastIndex(tail, "\n"))+1:], true
}

// isUTF16 tells it by its mark, or by the zero bytes between letters.
func isUTF16(magic []byte) bool {
	if len(magic) < 4 {
		return false
	}
	little, big := magic[1] == 0 && magic[3] == 0, magic[0] == 0 && magic[2] == 0
	return bytes.HasPrefix(magic, []byte{0xff, 0xfe}) || bytes.HasPrefix(magic, []byte{0xfe, 0xff}) ||
		little && magic[0] > 0 && magic[2] > 0 || big && magic[1] > 0 && magic[3] > 0
}

// rewrite writes the input through a transformer to o.plain.
func (o *opened) rewrite(t transform.Transformer) error {
	f, err := os.Open(o.File)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = writeFile(o.plain, io.TeeReader(transform.NewReader(f, t), &o.encoding), maxInflated)
	return err
}

// readWindows1252 rewrites a text that is not UTF-8 as what spreadsheets write on Windows in the west, if it may be that: one letter that is UTF-8 makes
// it a file of two encodings, and of a byte that means nothing there nobody knows what it is. Its bad records are then told one by one.
func (o *opened) readWindows1252(to string) (err error) {
	if o.windows1252, err = o.isWindows1252(); err != nil || !o.windows1252 {
		return err
	}
	r, err := o.reader()
	if err != nil {
		return o.damaged(err)
	}
	defer r.Close()
	o.encoding = encoding{}
	_, err = writeFile(to, io.TeeReader(charmap.Windows1252.NewDecoder().Reader(r), &o.encoding), maxInflated)
	o.plain, o.compression = to, "none"
	return err
}

// isWindows1252 says whether every byte of a text is a letter or sign of Windows-1252, and none is a part of one in UTF-8.
func (o *opened) isWindows1252() (bool, error) {
	r, err := o.reader()
	if err != nil {
		return false, o.damaged(err)
	}
	defer r.Close()
	in := bufio.NewReader(r)
	for {
		letter, size, err := in.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, err
		case size > 1 || letter < ' ' && !strings.ContainsRune("\t\r\n", letter) || letter == 0x7f:
			return false, nil
		case letter != utf8.RuneError:
			continue
		}
		if err := in.UnreadRune(); err != nil {
			return false, err
		}
		b, err := in.ReadByte()
		if err != nil || bytes.IndexByte([]byte{0x81, 0x8d, 0x8f, 0x90, 0x9d}, b) >= 0 {
			return false, err
		}
	}
}

// refuseLongRecord looks for a record of a CSV that is longer than DuckDB should be asked to read: most of them begin with a quote that
// is never closed. Only where quotes open a field can it be told; so the file is read once more, if its quotes alone make one too long.
func (o *opened) refuseLongRecord(l layout) error {
	if o.encoding.longestRecord <= maxRecordSize {
		return nil
	}
	r, err := o.reader()
	if err != nil {
		return o.damaged(err)
	}
	defer r.Close()
	in := bufio.NewReaderSize(r, 1<<20)
	for range l.skip {
		if _, err := in.ReadString('\n'); err != nil {
			return err
		}
	}
	opens, quoted := true, false
	o.encoding.longestRecord = 0
	for record, size := l.skip+1, int64(0); ; {
		b, err := in.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return o.damaged(err)
		}
		size++
		o.encoding.longestRecord = max(o.encoding.longestRecord, size)
		if size > maxRecordSize {
			return fmt.Errorf("record %d: is longer than %d MB, as if a quote was opened and not closed; nothing is booked; mend the quote", record, maxRecordSize>>20)
		}
		switch {
		case b == '"' && (opens || quoted):
			opens, quoted = false, !quoted
			if next, err := in.Peek(1); !quoted && err == nil && next[0] == '"' {
				opens = true // two quotes are one, and the field goes on
			}
		case quoted:
		case b == '\n':
			record, size, opens = record+1, 0, true
		default:
			opens = b == l.delim[0]
		}
	}
}

// lineEnds is the transformer that makes LF of CRLF, and of CR where it stands alone: so did old spreadsheets of the Mac.
type lineEnds struct {
	transform.NopResetter
	alone bool
}

// Transform copies all bytes but the CR of a CRLF.
func (e lineEnds) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
	for read < len(src) {
		if src[read] == '\r' {
			if read+1 == len(src) && !atEOF {
				return written, read, transform.ErrShortSrc
			}
			if read+1 < len(src) && src[read+1] == '\n' {
				read++
				continue
			}
		}
		if written == len(dst) {
			return written, read, transform.ErrShortDst
		}
		if dst[written] = src[read]; e.alone && src[read] == '\r' {
			dst[written] = '\n'
		}
		written, read = written+1, read+1
	}
	return written, read, nil
}
