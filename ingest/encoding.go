package ingest

import "unicode/utf8"

// An encoding looks on as a file is read, and says in the end whether it is UTF-8.
type encoding struct {
	rest  []byte // the beginning of a character whose end is still to come
	wrong bool
}

// Write looks at the next bytes.
func (e *encoding) Write(p []byte) (int, error) {
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
