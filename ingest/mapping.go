package ingest

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// A Mapping is a source that the configuration makes of a file which no other
// source reads: GPU invoices, vector database bills, hand-kept sheets.
type Mapping struct {
	Name       string        `yaml:"name"`        // what the rows are said to come from; default: the provider
	Path       string        `yaml:"path"`        // a glob, from the folder of the configuration
	Source     string        `yaml:"source"`      // the source that reads the files, where they do not say whose they are: then only provider, account and category stand beside it
	Format     string        `yaml:"format"`      // csv, tsv, xlsx, json, jsonl, parquet; empty: what the file is; series: a chart's numbers by date
	Role       Role          `yaml:"role"`        // default: billing
	Provider   string        `yaml:"provider"`    // needed for billing, usage and invoice
	Account    string        `yaml:"account"`     // tells two bills of one provider apart
	Service    string        `yaml:"service"`     // where no column says it
	Category   string        `yaml:"category"`    // gpu, vector, llm, embeddings, ...
	Currency   string        `yaml:"currency"`    // where no column says it; default: the reporting currency
	Columns    MappedColumns `yaml:"columns"`     // our name: the file's header, or the path in its JSON
	Records    string        `yaml:"records"`     // json: the path to the list of records
	Decimal    string        `yaml:"decimal"`     // "." or ","
	DateFormat string        `yaml:"date_format"` // such as %d.%m.%Y, where dates are not ISO
	Ignore     string        `yaml:"ignore"`      // an SQL predicate over our names: rows that are no records
	Key        []string      `yaml:"key"`         // columns within which a newer file replaces an older: invoice, service, ...

	// Of outcomes.
	Outcome string             `yaml:"outcome"`  // what is counted, where no column names it; default: the name
	UseCase string             `yaml:"use_case"` // whose outcome it is, where no column says it
	Count   map[string]Choices `yaml:"count"`    // each row is an event, and counts where each header's value is one of its globs; {}: every row
}

// A mapped column is one that a Mapping may name: its type, and what it becomes.
type mappedColumn struct{ kind, target string }

// mappedColumns is what the keys of `columns` mean. Dates and tags have code of their own.
func mappedColumns() map[string]mappedColumn {
	return map[string]mappedColumn{
		"date": {"day", ""}, "start": {"instant", ""}, "end": {"instant", ""}, "month": {"month", ""},
		"account": {"text", "BillingAccountId"}, "project": {"text", "SubAccountId"}, "project_name": {"text", "SubAccountName"},
		"resource": {"text", "ResourceId"}, "item": {"text", "SkuId"}, "description": {"text", "ChargeDescription"},
		"service": {"text", "ServiceName"}, "model": {"text", "x_Model"}, "key": {"key", "x_ApiKeyId"}, "user": {"user", "x_User"},
		"region": {"text", "RegionId"}, "quantity": {"number", "ConsumedQuantity"}, "unit": {"text", "ConsumedUnit"},
		"cost": {"money", "BilledCost"}, "list_cost": {"money", "ListCost"}, "currency": {"text", "BillingCurrency"},
		"charge_category": {"text", "ChargeCategory"}, "invoice": {"text", "InvoiceId"}, "tags": {"text", "Tags"},
		"requests": {"count", "x_Requests"}, "input_tokens": {"count", "x_InputTokens"}, "cache_read_tokens": {"count", "x_CacheReadTokens"},
		"cache_write_tokens": {"count", "x_CacheWrite5mTokens"}, "output_tokens": {"count", "x_OutputTokens"},
		"request_id": {"id", "x_RequestId"}, "reported_cost": {"money", "x_ReportedCost"},
		"total": {"money", "x_InvoiceTotal"}, "week": {"week", ""}, "id": {"id", "x_OutcomeId"}, "name": {"text", "x_Outcome"}, "value": {"number", "x_Value"}, "use_case": {"text", "x_UseCase"},
	}
}

// MappedColumns is what a Mapping calls the columns of a file.
type MappedColumns map[string]string

// Known is the names that it may give.
func (MappedColumns) Known() []string {
	return append(slices.Sorted(maps.Keys(mappedColumns())), "tag.NAME")
}

// source is the name of the mapping's source.
func (m Mapping) source() string {
	return cmp.Or(m.Name, m.Provider, m.Outcome, string(m.Role))
}

// own makes the mapping a source of its own, with the currency that rows have where nothing says so.
func (m Mapping) own(currency string) (Source, error) {
	if err := m.checkMoney(currency); err != nil {
		return Source{}, err
	}
	m.Role, m.Currency = cmp.Or(m.Role, Billing), cmp.Or(m.Currency, currency)
	if err := m.check(); err != nil {
		return Source{}, err
	}
	s := Source{Name: m.source(), Title: "mapped in the configuration", Get: "as the configuration says", Confidence: "the configuration",
		Role: m.Role, Formats: m.formats(), Records: m.Records, Ignore: m.Ignore, Path: m.Path, asksDates: m.DateFormat == ""}
	all := mappedColumns()
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		c := Column{Name: strings.ReplaceAll(name, "tag.", "tag_"), Type: "text", From: []string{m.Columns[name]}, Required: true}
		if known, ok := all[name]; ok {
			c.Type = known.kind
		}
		if c.Type == "money" && m.Columns["currency"] == "" {
			c.currency = m.Currency
		}
		switch {
		case m.Decimal == "," && slices.Contains([]string{"money", "number", "count"}, c.Type):
			c.Type = "comma_" + c.Type
		case c.Type == "money" && m.Columns["currency"] != "":
			c.Type = "any_money"
		case c.Type == "money" && m.Currency != "USD":
			c.Type = "foreign_money"
		case m.DateFormat != "" && slices.Contains([]string{"day", "instant", "month", "week"}, c.Type):
			c.Type = "text"
		}
		s.Columns = append(s.Columns, c)
	}
	if m.Role == Outcomes {
		m.addOutcomes(&s)
	}
	for _, key := range m.Key {
		s.Scope = append(s.Scope, all[key].target)
	}
	if m.Columns["invoice"] != "" && m.Key == nil && m.Role == Billing {
		s.Scope = []string{"InvoiceId"}
	}
	if m.Columns["request_id"] != "" {
		s.ID = []string{"request_id"}
	}
	s.SQL = m.query()
	return s, s.check()
}

// check says which key of the mapping is missing or unknown, and what may stand there.
func (m Mapping) check() error {
	to, ok := relations()[m.Role]
	if !ok {
		return fmt.Errorf("no role %q; the roles are billing, usage, requests, invoice, outcomes", m.Role)
	}
	if m.Path == "" {
		return fmt.Errorf("a source needs a path")
	}
	if _, err := filepath.Match(m.Path, ""); err != nil {
		return fmt.Errorf("path %q: %w", m.Path, err)
	}
	if m.formats() == nil {
		return fmt.Errorf("no format %q; the formats are csv, tsv, xlsx, json, jsonl, parquet, series", m.Format)
	}
	if m.Decimal != "" && m.Decimal != "." && m.Decimal != "," {
		return fmt.Errorf("decimal %q; it is %q or %q", m.Decimal, ".", ",")
	}
	known := slices.Sorted(maps.Keys(mappedColumns()))
	for _, name := range append(slices.Sorted(maps.Keys(m.Columns)), m.Key...) {
		if _, ok := mappedColumns()[name]; !ok && !strings.HasPrefix(name, "tag.") {
			return fmt.Errorf("no column %q; the columns are %s, tag.NAME", name, strings.Join(known, ", "))
		}
	}
	if err := m.checkOutcomes(); err != nil {
		return err
	}
	if m.Columns["date"] == "" && m.Columns["start"] == "" && m.Columns["month"] == "" && m.Columns["week"] == "" && !m.isSeries() {
		return fmt.Errorf("columns: one of date, start, week and month says when")
	}
	needs := map[Role]string{Billing: "cost", Invoice: "total"}[m.Role]
	if needs != "" && m.Columns[needs] == "" {
		return fmt.Errorf("columns: role %s needs %s", m.Role, needs)
	}
	if m.Provider == "" && slices.Contains(to.required, "ProviderName") {
		return fmt.Errorf("role %s needs a provider", m.Role)
	}
	return nil
}

func (m Mapping) formats() []string {
	switch strings.ToLower(m.Format) {
	case "":
		return []string{"csv", "json", "parquet"}
	case "csv", "tsv", "xlsx", "series":
		return []string{"csv"}
	case "json", "jsonl":
		return []string{"json"}
	case "parquet":
		return []string{"parquet"}
	}
	return nil
}

// query is the SELECT of the mapping.
func (m Mapping) query() string {
	if m.isSeries() {
		return m.queryOfSeries()
	}
	has := func(name string) bool { return m.Columns[name] != "" }
	start, end, problems := m.period()
	columns := []string{"record", start + " AS ChargePeriodStart", end + " AS ChargePeriodEnd"}
	all := mappedColumns()
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		target := all[name].target
		switch {
		case target == "" || target == "Tags":
			continue
		case name == "charge_category":
			columns = append(columns, "coalesce(as_charge_category(charge_category), 'Usage') AS ChargeCategory")
			problems = append(problems, "WHEN charge_category IS NOT NULL AND as_charge_category(charge_category) IS NULL THEN "+
				"'charge_category: \"' || charge_category || '\" is none of usage, purchase, tax, credit, adjustment'")
		case name == "currency":
			columns = append(columns, "upper(coalesce(currency, "+quote(m.Currency)+")) AS BillingCurrency")
		case name == "id": // no newer export could take its place
			problems = append(problems, "WHEN id IS NULL THEN 'no id: the row would count again in each export that has it'")
			columns = append(columns, "id AS "+target)
		default:
			columns = append(columns, ident(name)+" AS "+target)
		}
	}
	constant := func(name, target, value string) {
		if value != "" && !has(name) {
			columns = append(columns, quote(value)+" AS "+target)
		}
	}
	to := relations()[m.Role]
	if m.Role != Outcomes {
		columns = append(columns, "as_provider("+quote(m.Provider)+") AS ProviderName")
		constant("account", "BillingAccountId", m.Account)
	}
	if m.Role == Billing || m.Role == Invoice {
		constant("currency", "BillingCurrency", m.Currency)
	}
	if to.dimensions {
		constant("service", "ServiceName", m.Service)
		if m.Category != "" {
			columns = append(columns, quote(m.Category)+" AS x_Category")
		}
		if tags := m.tags(); tags != "" {
			columns = append(columns, tags+" AS Tags")
		}
		if has("item") && !has("description") {
			columns = append(columns, "item AS ChargeDescription")
		}
	}
	if m.Role == Outcomes {
		constant("name", "x_Outcome", cmp.Or(m.Outcome, m.source()))
		constant("use_case", "x_UseCase", m.UseCase)
	}
	if m.Count != nil {
		columns = append(columns, m.counted()+" AS x_Value")
	}
	if len(problems) > 0 {
		columns = append(columns, "CASE "+strings.Join(problems, " ")+" END AS problem")
	}
	return "SELECT\n    " + strings.Join(columns, ",\n    ") + "\nFROM raw"
}

// period is the expressions for start and end of a row, and the problems that dates of a given format can have.
func (m Mapping) period() (start, end string, problems []string) {
	date := func(name string) string {
		if m.DateFormat == "" {
			return ident(name)
		}
		e, what := m.formatted(ident(name)), "a date like "
		if name == "week" {
			e, what = fmt.Sprintf("coalesce(iso_week(upper(week)), CASE WHEN isodow(%[1]s) = 1 THEN %[1]s END)", e), "a week, nor its Monday like "
		}
		problems = append(problems, fmt.Sprintf("WHEN %[1]s IS NOT NULL AND %[2]s IS NULL THEN '%[3]s: \"' || %[1]s || '\" is not %[4]s' || %[5]s", ident(name), e, name, what, quote(m.DateFormat)))
		return e
	}
	switch {
	case m.Columns["start"] != "":
		start = date("start")
	case m.Columns["date"] != "":
		start = date("date")
	case m.Columns["week"] != "":
		start = date("week")
		return start, start + " + INTERVAL 7 DAY", problems
	default:
		start = "date_trunc('month', " + date("month") + ")"
		return start, start + " + INTERVAL 1 MONTH", problems
	}
	if m.Count != nil { // an event has no length
		return start, start, problems
	}
	if m.Columns["end"] == "" {
		return start, start + " + INTERVAL 1 DAY", problems
	}
	// Bills end a period with its last day, exports with the first day after it.
	end = date("end")
	return start, fmt.Sprintf("CASE WHEN day(%[1]s) = 1 OR %[1]s <> date_trunc('day', %[1]s) THEN %[1]s ELSE %[1]s + INTERVAL 1 DAY END", end), problems
}

// formatted is the expression of a text in the mapping's format of dates.
func (m Mapping) formatted(text string) string {
	return fmt.Sprintf("plausible(try_strptime(%s, %s))", text, quote(m.DateFormat))
}

// tags is the JSON of the mapping's tags: a column of them, and columns that are one each.
func (m Mapping) tags() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		if tag, ok := strings.CutPrefix(name, "tag."); ok {
			parts = append(parts, fmt.Sprintf("CASE WHEN %[1]s IS NOT NULL THEN to_json(%[2]s || '=' || %[1]s)::VARCHAR END", ident("tag_"+tag), quote(tag)))
		}
	}
	if m.Columns["tags"] != "" {
		if len(parts) == 0 {
			return "tags"
		}
		parts = append(parts, "CASE WHEN json_valid(tags) THEN tags WHEN tags IS NOT NULL THEN to_json(tags)::VARCHAR END")
	}
	if len(parts) == 0 {
		return ""
	}
	return "'[' || concat_ws(', ', " + strings.Join(parts, ", ") + ") || ']'"
}
