package cmd

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/ingest"
)

// documentation is all that the program knows of its sources, as Markdown: ingest/source/README.md is this, and a test holds it to that.
func documentation() (string, error) {
	sources, err := ingest.Sources()
	if err != nil {
		return "", err
	}
	recipes, err := ingest.Recipes()
	if err != nil {
		return "", err
	}
	queries, err := ingest.Queries()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("<!-- Written by `aifinops sources --docs`. -->\n# Sources\n\nEvery format that aifinops reads, how to get the export, and how sure the format is. " +
		"A file is told by its content, not by its name.\n")
	for _, role := range []ingest.Role{ingest.Billing, ingest.Usage, ingest.Requests, ingest.Invoice, ingest.Outcomes} {
		fmt.Fprintf(&b, "\n## %s\n\n", roleTitle(role))
		of := slices.DeleteFunc(slices.Clone(sources), func(s ingest.Source) bool { return s.Role != role })
		b.WriteString("| source | what it is | formats |\n|---|---|---|\n")
		for _, s := range of {
			fmt.Fprintf(&b, "| [`%s`](#%[1]s) | %s | %s |\n", s.Name, cellText(s.Title), strings.Join(s.Formats, ", "))
		}
		for _, s := range of {
			b.WriteString("\n" + sourceSection(s))
		}
	}
	b.WriteString("\n## Column maps\n\nNobody has described an export of these vendors. The maps are beginnings, for `sources:` of aifinops.yaml: the headers are yours to check.\n")
	for _, r := range recipes {
		fmt.Fprintf(&b, "\n### %s\n\n%s. How sure: %s.\n\n%s\n\n```yaml\nsources:\n%s\n```\n", r.Name, r.Title, oneLine(r.Confidence), getText(r.Get, r.Docs), r.Text)
	}
	b.WriteString("\n## Queries\n\nWhere the logs are in a database already, it groups them: `aifinops sources NAME --query ENGINE --month 2026-10` prints the SQL.\n\n| name | engine | what it is | tried |\n|---|---|---|---|\n")
	for _, q := range queries {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", q.Name, q.Engine, cellText(q.Title), cellText(q.Tried))
	}
	return b.String(), nil
}

func roleTitle(r ingest.Role) string {
	return map[ingest.Role]string{
		ingest.Billing:  "Billing: what a provider charged, the only money",
		ingest.Usage:    "Usage: what a provider metered",
		ingest.Requests: "Requests: what your own gateways and traces saw",
		ingest.Invoice:  "Invoice: the totals that bills must tie to",
		ingest.Outcomes: "Outcomes: what the money bought",
	}[r]
}

// sourceSection is one source: how to get it, how sure it is, what must be in it.
func sourceSection(s ingest.Source) string {
	var need, more []string
	for _, c := range s.Columns {
		names := "`" + strings.Join(c.From, "` or `") + "`"
		if c.Required {
			need = append(need, names)
		} else {
			more = append(more, names)
		}
	}
	text := fmt.Sprintf("### %s\n\n%s. How sure: %s.\n\n%s\n\nNeeds %s.", s.Name, s.Title, oneLine(s.Confidence), getText(s.Get, s.Docs), strings.Join(need, ", "))
	if more != nil {
		text += "\nReads where present: " + strings.Join(more, ", ") + "."
	}
	return text + "\nIgnores: " + cmp.Or(s.Ignore, "nothing") + ".\n"
}

// getText is how to get an export. It is written for a terminal, with a command on a line of its own here and there.
func getText(get, docs string) string {
	text := "```text\n" + strings.TrimSpace(get) + "\n```"
	if docs != "" {
		text += "\n\n<" + docs + ">"
	}
	return text
}

func cellText(s string) string { return strings.ReplaceAll(oneLine(s), "|", "\\|") }
