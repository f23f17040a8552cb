package table

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// A Locale is how a country writes numbers. The zero Locale is that of the United States, and that of every machine format: csv alone
// follows a locale, because a spreadsheet reads it by the locale of its user. It is the marks that follow, of cells: the minus is the hyphen
// everywhere, groups have three digits, days are ISO's, and figures in titles and notes stay as they are.
type Locale struct {
	Decimal string // the mark before the decimals; empty: a point
	Group   string // the mark between thousands, for people only; empty with a Decimal: none
}

// ParseLocale reads a language tag such as de, de-CH or fr-FR. Digits are always 0 to 9.
func ParseLocale(tag string) (Locale, error) {
	t, err := language.Parse(tag)
	if err != nil {
		return Locale{}, fmt.Errorf("%q is no language tag like de, de-CH or fr", tag)
	}
	if t, err = t.SetTypeForKey("nu", "latn"); err != nil {
		return Locale{}, fmt.Errorf("%q: %w", tag, err)
	}
	// What the library prints tells the marks; it has no other way to ask for them.
	marks := strings.FieldsFunc(message.NewPrinter(t).Sprint(number.Decimal(1234567.5)), unicode.IsDigit)
	l := Locale{Decimal: marks[len(marks)-1]}
	if len(marks) > 1 {
		l.Group = marks[0]
	}
	return l, nil
}

// marked writes a number that has a point and commas, or neither, as the locale does.
func (l Locale) marked(number string) string {
	if l.Decimal == "" {
		return number
	}
	return strings.NewReplacer(".", l.Decimal, ",", l.Group).Replace(number)
}

// delimiter parts the fields of csv: where the comma is in the numbers, spreadsheets take the semicolon. So do those of Switzerland, which has a
// point and groups with an apostrophe.
func (l Locale) delimiter() rune {
	if l.Decimal == "," || l.Group == "’" {
		return ';'
	}
	return ','
}
