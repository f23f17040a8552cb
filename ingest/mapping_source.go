package ingest

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// NewSource makes the mapping a source: one of its own, or one of those that there are, for files which do not say themselves whose bill they are.
func (m Mapping) NewSource(currency string, all []Source) (Source, error) {
	if m.Source == "" {
		return m.own(currency)
	}
	i := slices.IndexFunc(all, func(s Source) bool { return s.Name == m.Source })
	switch {
	case i < 0:
		return Source{}, fmt.Errorf("no source %q; `aifinops sources` lists them", m.Source)
	case m.Path == "":
		return Source{}, fmt.Errorf("a source needs a path")
	case m.Columns != nil || m.Role != "" || m.Format != "" || m.Records != "" || m.Decimal != "" || m.DateFormat != "" || m.Ignore != "" || m.Key != nil || m.isForOutcomes():
		return Source{}, fmt.Errorf("source %s has its own columns; beside it stand name, path, provider, account, service, category and currency alone", m.Source)
	}
	s := all[i]
	s.Name, s.Path = cmp.Or(m.Name, m.source()+"-"+m.Source), m.Path
	if m.Name == "" && m.Provider == "" {
		return Source{}, fmt.Errorf("source %s: name the provider whose bills these files are", m.Source)
	}
	for _, d := range [][2]string{{"BillingAccountId", m.Account}, {"ServiceName", m.Service}, {"x_Category", m.Category}, {"BillingCurrency", strings.ToUpper(m.Currency)}} {
		s = s.withDefault(d[0], d[1])
	}
	if m.Provider != "" {
		s.SQL = "SELECT * REPLACE (coalesce(ProviderName, as_provider(" + quote(m.Provider) + ")) AS ProviderName) FROM (\n" + s.SQL + "\n)"
	}
	return s, nil
}

// withDefault gives rows a value where the source's SELECT has none.
func (s Source) withDefault(column, value string) Source {
	if value != "" {
		s.SQL = fmt.Sprintf("SELECT * REPLACE (coalesce(%[1]s, %[2]s) AS %[1]s) FROM (SELECT NULL::VARCHAR AS %[1]s WHERE false UNION ALL BY NAME (\n%[3]s\n))", column, quote(value), s.SQL)
	}
	return s
}

// noColumn is what DuckDB says of a name that it does not know.
var noColumn = regexp.MustCompile(`Referenced column "([^"]+)" not found`)

// ignoresHeading says that `ignore` names what is no column of the source, if that is what failed: a heading of the file, most likely.
func (s Source) ignoresHeading(failed error) error {
	m := noColumn.FindStringSubmatch(failed.Error())
	if m == nil || !strings.Contains(strings.ToLower(s.Ignore), strings.ToLower(m[1])) {
		return nil
	}
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Name
	}
	return fmt.Errorf("ignore: no column %q; it takes the names on the left of `columns:`, not the headings of the file: %s\nhint: give the heading a name there, such as `description: %s`, and ask for that",
		m[1], strings.Join(names, ", "), m[1])
}
