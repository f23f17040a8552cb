package ingest

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// headerLines is how far down a header may stand: invoices put a summary above it.
const headerLines = 40

// csvLayouts takes each of the first lines as the header, under each delimiter that it holds.
func csvLayouts(head []byte) []layout {
	var layouts []layout
	above := map[string][][]string{}
	rest := head
	for line := range headerLines {
		if len(rest) == 0 {
			break
		}
		text, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		for _, delim := range []string{",", "\t", ";", "|"} {
			if line > 0 && !bytes.Contains(text, []byte(delim)) {
				continue
			}
			r := csv.NewReader(bytes.NewReader(bytes.TrimSuffix(text, []byte("\r"))))
			r.Comma = rune(delim[0])
			fields, err := r.Read()
			if err != nil {
				continue
			}
			for i := range fields {
				fields[i] = strings.TrimSpace(fields[i])
			}
			layouts = append(layouts, layout{delim: delim, skip: line, above: above[delim], fields: fields})
			above[delim] = append(slices.Clip(above[delim]), fields)
		}
	}
	if layouts == nil {
		layouts = []layout{{delim: ",", fields: []string{strings.ToValidUTF8(string(head[:min(len(head), 80)]), "?")}}}
	}
	return layouts
}

// likelyHeader is the layout that looks most like a header to a person, for messages about a file that no source reads: most fields
// that are words, then most fields at all, then the highest up. A total at the foot has words too, and an address above.
func likelyHeader(layouts []layout) layout {
	best, most := layouts[0], [2]int{}
	for _, l := range layouts {
		words := 0
		for _, f := range l.fields {
			if first, _ := utf8.DecodeRuneInString(f); unicode.IsLetter(first) {
				words++
			}
		}
		if words > most[0] || words == most[0] && len(l.fields) > most[1] {
			best, most = l, [2]int{words, len(l.fields)}
		}
	}
	return best
}

// isAt says whether two layouts are of the same line, split alike.
func (l layout) isAt(other layout) bool { return l.skip == other.skip && l.delim == other.delim }
