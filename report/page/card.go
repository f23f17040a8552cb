package page

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aifinops/aifinops/report/table"
)

// sentence is how many characters of text fit no card.
const sentence = 30

// A card is a key figure, with what it was and how it changed.
type card struct {
	Label   string
	Value   cell
	Wide    bool   // a sentence, which takes a line
	Unit    string // the currency of money
	Before  []card // what it has grown from
	Changes []change
}

type change struct {
	Text, Class string // up 15.1%: the direction is a word, and then a colour
	Since       string // what the report says of it beside its name
}

// cards is the one row of the key figures.
func (s *setter) cards(t table.Table) ([]card, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	t = s.shown(t)
	if t.Empty() {
		return nil, nil
	}
	if len(t.Rows) > 1 {
		return nil, fmt.Errorf("table %s: %d rows of key figures; a page has one", t.Report, len(t.Rows))
	}
	from := grownFrom(t.Columns)
	on := map[string]int{} // where the card of a column is
	var cards []card
	for i, c := range t.Columns {
		value := t.Rows[0][i]
		if c.Blank && value == nil { // it does not apply
			continue
		}
		if at, ok := on[changed(c, from)]; ok {
			cards[at].Changes = append(cards[at].Changes, s.change(c, value))
			continue
		}
		k := card{Label: s.text(c.Label()), Value: s.cell(c, value)}
		k.Wide = c.Kind == table.Text && utf8.RuneCountInString(k.Value.Badge+k.Value.Text) > sentence
		if at, ok := on[from[c.Name]]; ok {
			cards[at].Before = append(cards[at].Before, k)
			continue
		}
		if value != nil && (c.Kind == table.Money || c.Kind == table.Unit) {
			k.Unit = s.text(t.Currency())
		}
		on[c.Name] = len(cards)
		cards = append(cards, k)
	}
	return cards, nil
}

// grownFrom is the columns that another has grown from, each with that other one.
func grownFrom(columns []table.Column) map[string]string {
	from := map[string]string{}
	for _, c := range columns {
		for _, d := range c.Of {
			if d.Op == table.Growth && from[d.Of[1]] == "" {
				from[d.Of[1]] = d.Of[0]
			}
		}
	}
	return from
}

// changed is the column whose change this one is, or empty. A difference is a change where there is a growth beside it: what is left of a
// budget is none.
func changed(c table.Column, from map[string]string) string {
	for _, d := range c.Of {
		if d.Op == table.Growth || d.Op == table.Difference && from[d.Of[1]] == d.Of[0] {
			return d.Of[0]
		}
	}
	return ""
}

// change says the sign in words: a minus is easily missed.
func (s *setter) change(c table.Column, value any) change {
	out := change{Text: table.Readable(c.Kind, value, s.Locale), Since: s.text(c.Heading)}
	switch _, known := table.Exact(c.Kind, value); {
	case !known:
		out.Class = "unknown"
	case !strings.ContainsAny(out.Text, "123456789"):
		out.Text = "unchanged"
	case strings.HasPrefix(out.Text, "-"):
		out.Text, out.Class = "down "+strings.TrimPrefix(out.Text, "-"), "down"
	default:
		out.Text, out.Class = "up "+out.Text, "up"
	}
	return out
}
