package table

import (
	"io"
	"strings"
)

// writeMarkdown writes tables as GitHub and GitLab render them: below a merge
// request, in the summary of a job, in a wiki. The figures are those of the terminal.
func writeMarkdown(w io.Writer, o Options, tables ...Table) error {
	var page strings.Builder
	for i, t := range tables {
		if err := t.Check(); err != nil {
			return err
		}
		if i > 0 {
			page.WriteByte('\n')
		}
		t.mark(&page, "### ", o)
		for _, d := range t.Details {
			page.WriteByte('\n')
			d.mark(&page, "#### ", o)
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// mark writes a table below its title.
func (t Table) mark(page *strings.Builder, level string, o Options) {
	if t.Title != "" {
		page.WriteString(level + literal(t.Title) + "\n\n")
	}
	t = t.Shown(o.Wide)
	if t.Empty() {
		page.WriteString(nothing + "\n")
	} else {
		newGrid(t, palette{}, o.Locale).mark(page)
	}
	for i, note := range t.Remarks() {
		if i == 0 {
			page.WriteByte('\n')
		}
		page.WriteString("- " + item(note) + "\n")
	}
}

// mark writes the heading, the alignment, the rows and in bold the totals.
func (g grid) mark(page *strings.Builder) {
	heads, rules := make([]string, len(g.columns)), make([]string, len(g.columns))
	for j, c := range g.columns {
		heads[j], rules[j] = literal(g.heads[j]), "---"
		if c.Kind.Numeric() {
			rules[j] = "---:"
		}
	}
	markRow(page, heads)
	markRow(page, rules)
	for _, row := range g.rows {
		markRow(page, g.marked(row))
	}
	if g.totals == nil {
		return
	}
	totals := g.marked(g.totals)
	for j, text := range totals {
		if text != "" {
			totals[j] = "**" + text + "**"
		}
	}
	markRow(page, totals)
}

func (g grid) marked(cells []cell) []string {
	texts := make([]string, len(cells))
	for j, c := range cells {
		texts[j] = literal(c.text)
		if g.columns[j].Kind == Chart { // its blanks are months without money
			texts[j] = strings.ReplaceAll(c.text, " ", "&nbsp;")
		}
	}
	return texts
}

func markRow(page *strings.Builder, cells []string) {
	page.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// literal escapes what Markdown would take for markup: the characters of HTML,
// emphasis, code, links, formulas and tables.
func literal(s string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(clean(s)) {
		if strings.ContainsRune("\\`*_{}[]<>#|~&$", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// item is literal text where a line begins, and with it a list or a rule might.
func item(s string) string {
	s = literal(s)
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "=") {
		return `\` + s
	}
	number := strings.TrimLeft(s, "0123456789")
	if number != s && (strings.HasPrefix(number, ".") || strings.HasPrefix(number, ")")) {
		return strings.TrimSuffix(s, number) + `\` + number
	}
	return s
}
