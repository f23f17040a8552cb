package table_test

import (
	"testing"

	"github.com/aifinops/aifinops/report/table"
)

func TestMarkdown(t *testing.T) {
	tab := spend()
	tab.Details = []table.Table{
		{Report: "gaps", Title: "The largest gaps", Columns: []table.Column{{Name: "gap"}, {Name: "cost", Kind: table.Money, Blank: true}}, Rows: [][]any{{"key_a", nil}}, Notes: []string{"of 1"}},
		{Report: "others", Title: "Others", Columns: []table.Column{{Name: "gap"}}},
	}
	want := `### Spend by use case, 2026-10

| Use case | Team | Billed | Change | Change % |
| --- | --- | ---: | ---: | ---: |
| doc-search | search | 12,345.68 | 2,345.68 | 23.5% |
| 客户支持 🚀 support answers | platform engineering | 8,000.00 | n/a | n/a |
| credits | finance | -250.00 | 0.00 | 0.0% |
| (unattributed) | (none) | 904.33 | -95.70 | -9.6% |
| **Total** |  | **21,000.00** | **2,249.97** | **12.0%** |

- modal has no billing rows for 2026-10: its 12.50 are priced usage (estimated)
- figures are rounded to cents one by one; the total is exact

#### The largest gaps

| Gap | Cost |
| --- | ---: |
| key\_a |  |

- of 1

#### Others

nothing to show
`
	same(t, write(t, "md", table.Options{Width: 20, Color: true}, tab), want)
	same(t, write(t, "md", table.Options{}, tab, tab), want+"\n"+want)
}

// TestMarkdownKeepsNames: what a use case or a tag is called stays text, in a title, a heading, a cell and a note.
func TestMarkdownKeepsNames(t *testing.T) {
	for text, want := range map[string]string{
		"a|b":                   `a\|b`,
		`a\|b`:                  `a\\\|b`,
		"<script>alert(1)":      `\<script\>alert(1)`,
		"&lt;b&gt;":             `\&lt;b\&gt;`,
		"*a* _b_ `c` ~~d~~":     "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~",
		"[a](javascript:b)":     `\[a\](javascript:b)`,
		"![a](http://b.c/d)":    `!\[a\](http://b.c/d)`,
		"$a$ {b}":               `\$a\$ \{b\}`,
		"# a":                   `\# a`,
		"> a":                   `\> a`,
		"gpt-5.4 (a) + b = 1.":  "gpt-5.4 (a) + b = 1.",
		"a\nb\r\n| c |":         `a b  \| c \|`,
		"    a":                 "a",
		"\x1b]0;owned\a\u202eb": `\]0;ownedb`,
	} {
		tab := table.Table{
			Title:   text,
			Columns: []table.Column{{Name: "a", Heading: text}, {Name: "b", Kind: table.Count}},
			Rows:    [][]any{{text, int64(1)}},
			Totals:  []any{text, nil},
			Notes:   []string{text},
		}
		same(t, write(t, "md", table.Options{}, tab), "### "+want+"\n\n| "+want+" | B |\n| --- | ---: |\n| "+want+" | 1 |\n| **"+want+"** |  |\n\n- "+want+"\n")
	}
}

// TestMarkdownNotes: a note makes no list in the list, no rule and no heading.
func TestMarkdownNotes(t *testing.T) {
	for note, want := range map[string]string{
		"- a":     `\- a`,
		"+ a":     `\+ a`,
		"---":     `\---`,
		"===":     `\===`,
		"# a":     `\# a`,
		"> a":     `\> a`,
		"1. a":    `1\. a`,
		"12) a":   `12\) a`,
		"\n1.\n":  `1\.`,
		"a - 1.":  "a - 1.",
		"    a":   "a",
		"1 of 2.": "1 of 2.",
	} {
		same(t, write(t, "md", table.Options{}, table.Table{Notes: []string{note}}), "nothing to show\n\n- "+want+"\n")
	}
}
