package table

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
)

// Exact is a cell as machines read it, the same in every machine format. It is
// not ok for an unknown cell.
func Exact(k Kind, cell any) (text string, ok bool) {
	switch v := cell.(type) {
	case Figure:
		return Exact(v.Kind, v.Value)
	case string:
		return v, true
	case decimal.Decimal:
		return exactDecimal(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return percentage(v)
	case bool:
		return strconv.FormatBool(v), true
	case time.Time:
		if k == Day {
			return v.Format(time.DateOnly), true
		}
		return v.UTC().Format(time.RFC3339Nano), true
	}
	return "", false
}

// exactDecimal keeps every digit that means something and two places at least.
func exactDecimal(d decimal.Decimal) string {
	text := d.String() // without trailing zeros
	dot := strings.IndexByte(text, '.')
	if dot < 0 {
		return text + ".00"
	}
	return text + strings.Repeat("0", max(0, 2-len(text[dot+1:])))
}

// percentage rounds to one place, half away from zero as money is. It goes through
// a decimal because 16.35 is slightly less than that as a float, and because a
// decimal has no minus zero.
func percentage(p float64) (text string, ok bool) {
	if math.IsNaN(p) || math.IsInf(p, 0) {
		return "", false
	}
	return decimal.NewFromFloat(p).StringFixed(1), true
}

// Readable is a cell as a person reads it in every format for people. The characters of a text are harmless to a terminal; each format
// escapes them for itself.
func Readable(k Kind, cell any, l Locale) string {
	switch v := cell.(type) {
	case Figure:
		return Readable(v.Kind, v.Value, l)
	case string:
		return clean(v)
	case decimal.Decimal:
		switch k {
		case Number:
			return l.marked(group(v.String()))
		case Unit:
			return l.marked(group(unit(v)))
		}
		return l.marked(group(v.StringFixed(2)))
	case int64:
		return l.marked(group(strconv.FormatInt(v, 10)))
	case float64:
		if text, ok := percentage(v); ok {
			return l.marked(group(text)) + "%"
		}
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case time.Time:
		if k == Day {
			return v.Format(time.DateOnly)
		}
		return v.UTC().Format(time.RFC3339)
	}
	return "n/a"
}

// unit rounds to cents, and below one to four digits that mean something: a token
// costs so little that cents would say 0.
func unit(d decimal.Decimal) string {
	if d.IsZero() || d.Abs().GreaterThanOrEqual(decimal.NewFromInt(1)) {
		return d.StringFixed(2)
	}
	before := int32(d.NumDigits()) + d.Exponent() // digits before the point; negative: zeros behind it
	return exactDecimal(d.Round(4 - before))
}

// group puts a comma between thousands.
func group(number string) string {
	start := 0
	if strings.HasPrefix(number, "-") {
		start = 1
	}
	end := strings.IndexByte(number, '.')
	if end < 0 {
		end = len(number)
	}
	var b strings.Builder
	for i, digit := range []byte(number) {
		if i > start && i < end && (end-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(digit)
	}
	return b.String()
}

// clean makes data safe to show on a terminal: white space that would break the
// line becomes a blank; other control characters, which could move the cursor or
// change the window, and the characters that reorder a line are dropped. So are
// accents and joiners without a letter before them, which would sit on whatever the
// terminal shows there.
func clean(s string) string {
	letter := false // before this rune
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			letter = false
			return ' '
		case unicode.IsControl(r):
			return -1
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		case !letter && (unicode.Is(unicode.M, r) || r == '\u200d'):
			return -1
		}
		letter = true
		return r
	}, s)
}
