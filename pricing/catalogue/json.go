package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

// maxMembers bounds what an object or a list may hold: the largest catalogue known has 3,000 models.
const maxMembers = 50_000

// A member is one entry of a JSON object, or of a list, with the line that its value begins on.
type member struct {
	name  string
	value json.RawMessage
	line  int
}

// A placeError is what is wrong on a line.
type placeError struct {
	line int
	msg  string
}

func (e *placeError) Error() string { return fmt.Sprintf("%d: %s", e.line, e.msg) }

func bad(line int, format string, args ...any) error {
	return &placeError{line, fmt.Sprintf(format, args...)}
}

// placed puts the file before an error, and before its line.
func placed(file string, err error) error {
	var place *placeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &place):
		return fmt.Errorf("%s:%w", file, err)
	}
	return fmt.Errorf("%s: %w", file, err)
}

// object is the members of a JSON object that begins on a line, each unread.
func object(text []byte, line int) ([]member, error) { return members(text, line, '{') }

// list is the elements of a JSON list.
func list(text []byte, line int) ([]member, error) { return members(text, line, '[') }

func members(text []byte, line int, open json.Delim) (all []member, err error) {
	r := reader{Decoder: json.NewDecoder(bytes.NewReader(text)), text: text, line: line}
	token, err := r.Token()
	if err != nil {
		return nil, r.fail(err)
	}
	if token != open {
		return nil, bad(line, "%s stands where %s belongs", short(text), map[json.Delim]string{'{': "an object", '[': "a list"}[open])
	}
	seen := map[string]bool{}
	for r.More() {
		var m member
		if open == '{' {
			token, err := r.Token()
			if err != nil {
				return nil, r.fail(err)
			}
			m.name, _ = token.(string) // the decoder takes nothing else for a key
			if seen[m.name] {
				return nil, bad(r.at(r.InputOffset()), "%q stands twice", m.name)
			}
			seen[m.name] = true
		}
		if err := r.Decode(&m.value); err != nil {
			return nil, r.fail(err)
		}
		m.line = r.at(r.InputOffset() - int64(len(m.value)))
		if all = append(all, m); len(all) > maxMembers {
			return nil, bad(m.line, "has more than %d entries; is it a price catalogue?", maxMembers)
		}
	}
	if _, err := r.Token(); err != nil {
		return nil, r.fail(err)
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return nil, bad(r.at(r.InputOffset()), "something follows the end")
	}
	return all, nil
}

// A reader is a JSON decoder that knows its line.
type reader struct {
	*json.Decoder
	text    []byte
	line    int
	counted int64 // the bytes of which the lines are counted
}

// at is the line of an offset, which never goes back: lines are counted once each.
func (r *reader) at(offset int64) int {
	r.line += bytes.Count(r.text[r.counted:offset], []byte("\n"))
	r.counted = offset
	return r.line
}

// fail says where the text stopped being JSON.
func (r *reader) fail(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return bad(r.at(int64(len(r.text))), "ends in the middle; was it cut off?")
	}
	offset := r.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	return bad(r.at(max(r.counted, min(int64(len(r.text)), offset))), "is not JSON: %s", strings.TrimPrefix(err.Error(), "json: "))
}

// short is a value as an error shows it.
func short(value []byte) string {
	text := strings.Join(strings.Fields(string(value)), " ")
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "..."
	}
	return text
}

// text reads a name or a date: what people could see.
func (m member) text() (string, error) {
	var s string
	if err := json.Unmarshal(m.value, &s); err != nil {
		return "", bad(m.line, "%s: %s is no text", m.name, short(m.value))
	}
	return s, checkName(m.line, s)
}

func checkName(line int, s string) error {
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) }) || len(s) > 500 {
		return bad(line, "%q is no name", short([]byte(s)))
	}
	return nil
}

// number reads a price exactly, from its text.
func (m member) number() (decimal.Decimal, error) {
	text := string(bytes.TrimSpace(m.value))
	var d decimal.Decimal
	var err error
	if isNumber(m.value) && len(text) <= 60 { // longer ones are slow to read, on purpose perhaps
		d, err = decimal.NewFromString(text)
	}
	switch {
	case !isNumber(m.value) || len(text) > 60 || err != nil || d.Exponent() > 9 || d.Exponent() < -60 || digits(d)+d.Exponent() > 9:
		return decimal.Zero, bad(m.line, "%s: %s is not a price", m.name, short(m.value))
	case d.IsNegative():
		return decimal.Zero, bad(m.line, "%s: %s is negative", m.name, short(m.value))
	}
	return d, nil
}

// tidy mends what somebody's float has made of a price: 15 digits and more are those of a double, and the last of them are noise.
func tidy(d decimal.Decimal) decimal.Decimal {
	if digits(d) >= 15 {
		return d.Round(12 - digits(d) - d.Exponent())
	}
	return d
}

func digits(d decimal.Decimal) int32 { return int32(d.NumDigits()) }

// isNumber says whether a value may be a price.
func isNumber(value json.RawMessage) bool {
	return len(value) > 0 && (value[0] == '-' || value[0] >= '0' && value[0] <= '9')
}
