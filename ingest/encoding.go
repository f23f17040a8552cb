package ingest

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// An encoding looks on as a file is read, and says in the end whether it is UTF-8, and whether its last line is whole.
type encoding struct {
	rest  []byte // the beginning of a character whose end is still to come
	wrong bool
	tail  []byte // the last bytes of the file
	lines int    // how many there are, and how many of them end in CRLF
	crlf  int
}

// tailSize is more than any figure is long.
const tailSize = 64

// Write looks at the next bytes.
func (e *encoding) Write(p []byte) (int, error) {
	e.lines += bytes.Count(p, []byte("\n"))
	e.crlf += bytes.Count(p, []byte("\r\n"))
	if len(p) > 0 && p[0] == '\n' && len(e.tail) > 0 && e.tail[len(e.tail)-1] == '\r' {
		e.crlf++
	}
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

func (e *encoding) isUTF8() bool { return !e.wrong && len(e.rest) == 0 }

// isMixed says whether some lines end in CRLF, and others not: DuckDB 1.5 loses its way there.
func (e *encoding) isMixed() bool { return e.crlf > 0 && e.crlf < e.lines }

// lastField is what stands after the last delimiter of a file that does not end in a line break, nor in a quote: it may go on.
func (e *encoding) lastField(delim string) (string, bool) {
	if len(e.tail) == 0 || strings.ContainsRune("\n\r\"", rune(e.tail[len(e.tail)-1])) {
		return "", false
	}
	tail := string(e.tail)
	return tail[max(strings.LastIndex(tail, delim), strings.LastIndex(tail, "\n"))+1:], true
}

// lineEnds is the transformer that makes LF of CRLF.
type lineEnds struct{ transform.NopResetter }

// Transform copies all bytes but the CR of a CRLF.
func (lineEnds) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
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
		dst[written] = src[read]
		written, read = written+1, read+1
	}
	return written, read, nil
}
