package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// A relation is what a source of one role fills.
type relation struct {
	facts      string
	dimensions bool     // the facts carry the id of a row of dimensions
	required   []string // columns that a row must have
	natural    []string // columns that must not be negative
	dollars    string   // the column of money, where the role has one
	id         string   // the column that tells one row from all others, where a source has an id
	scope      []string // columns within which a newer file replaces an older, unless the source names its own
}

// relations is the relation of each role.
func relations() map[Role]relation {
	tokens := []string{"x_Requests", "x_InputTokens", "x_InputAudioTokens", "x_InputImageTokens", "x_CacheReadTokens",
		"x_CacheReadAudioTokens", "x_CacheReadImageTokens", "x_CacheWrite5mTokens", "x_CacheWrite1hTokens",
		"x_OutputTokens", "x_OutputAudioTokens", "x_OutputImageTokens", "x_ReasoningTokens"}
	return map[Role]relation{
		Billing:  {facts: "charge_facts", dimensions: true, required: []string{"ProviderName", "ChargePeriodStart", "BilledCost", "BillingCurrency"}, dollars: "BilledCost", id: "x_ChargeId"},
		Usage:    {facts: "usage_facts", dimensions: true, required: []string{"ProviderName", "ChargePeriodStart"}, natural: tokens},
		Requests: {facts: "request_facts", dimensions: true, required: []string{"ChargePeriodStart"}, natural: tokens, id: "x_RequestId"},
		Invoice:  {facts: "invoice_facts", required: []string{"ProviderName", "ChargePeriodStart", "x_InvoiceTotal"}, dollars: "x_InvoiceTotal", scope: []string{"InvoiceId"}},
		Outcomes: {facts: "outcome_facts", required: []string{"ChargePeriodStart", "x_Outcome", "x_Value"}, natural: []string{"x_Value"},
			id: "x_OutcomeId", scope: []string{"x_Outcome", "x_UseCase"}},
	}
}

// A mapping is a source's SELECT, checked against its relation: which of the
// relation's columns it has.
type mapping struct {
	source   Source
	to       relation
	columns  []string // of the SELECT
	dims     []string // all columns of dimensions but the id
	facts    []string // all columns of the facts but file, record and dimension
	repeated int64    // rows left out because their id stands again further down
	plain    bool     // whether no text of the dimensions has anything to hide
}

// mapStaged makes the temporary view raw (the good rows of staged, numbered)
// and the table mapped (what the source makes of them), and checks the latter's columns.
//
// A column x_Kept of mapped says whether a row becomes a fact, or is left out as no AI. The SELECT may ask for file_name().
func mapStaged(ctx context.Context, tx *sql.Tx, s Source, file string, keep []Keep) (mapping, error) {
	m := mapping{source: s, to: relations()[s.Role]}
	var err error
	if m.repeated, err = findRepeated(ctx, tx, s.ID); err != nil {
		return m, fmt.Errorf("source %s: %w", s.Name, err)
	}
	if err := number(ctx, tx, m.repeated > 0); err != nil {
		return m, err
	}
	if _, err := tx.ExecContext(ctx, "SET VARIABLE file_name = "+quote(file)); err != nil {
		return m, err
	}
	if m.columns, err = columnsOf(ctx, tx, "SELECT * FROM (\n"+s.SQL+"\n)"); err != nil {
		return m, fmt.Errorf("source %s: %w", s.Name, err)
	}
	if m.facts, err = columnsOf(ctx, tx, m.to.facts); err != nil {
		return m, err
	}
	m.facts = slices.DeleteFunc(m.facts, func(c string) bool { return c == "x_File" || c == "x_Record" || c == "x_Dimension" })
	if m.to.dimensions {
		if m.dims, err = columnsOf(ctx, tx, "dimensions"); err != nil {
			return m, err
		}
		m.dims = slices.DeleteFunc(m.dims, func(c string) bool { return c == "x_Dimension" })
	}
	for _, c := range m.columns {
		if c != "record" && c != "problem" && !slices.Contains(m.dims, c) && !slices.Contains(m.facts, c) {
			return m, fmt.Errorf("source %s: a row of %s has no column %s", s.Name, s.Role, c)
		}
	}
	_, err = tx.ExecContext(ctx, "CREATE OR REPLACE TEMP TABLE mapped AS SELECT *, "+m.keeps(keep)+" AS x_Kept"+m.dimensionID()+" FROM (\n"+s.SQL+"\n)")
	if err != nil {
		return m, fmt.Errorf("source %s: %w", s.Name, err)
	}
	m.plain, err = m.isPlain(ctx, tx)
	return m, err
}

// stored is all columns of dimensions and facts.
func (m mapping) stored() []string { return slices.Concat(m.dims, m.facts) }

// isPlain says whether there is neither a secret nor a person in the texts of the dimensions, as is so of most files. Then they are stored as
// they are: to make the patterns ready for each column takes longer than to book a small file.
func (m mapping) isPlain(ctx context.Context, tx *sql.Tx) (bool, error) {
	var texts []string
	for _, c := range m.columns {
		if slices.Contains(m.dims, c) && (isKey(c) || slices.Contains(freeTexts(), c)) {
			texts = append(texts, ident(c))
		}
	}
	if len(texts) == 0 {
		return false, nil
	}
	var plain bool
	err := tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT NOT coalesce(bool_or(contains(texts, '@') OR regexp_matches(texts, secret())), false)
		FROM (SELECT concat_ws(chr(10), %s) AS texts FROM mapped WHERE rowid IN (SELECT min(rowid) FROM mapped GROUP BY x_Dimension))`, strings.Join(texts, ", "))).Scan(&plain)
	return plain, err
}

// isKey says whether a column names a key: people paste keys for names.
func isKey(column string) bool { return column == "x_ApiKeyId" || column == "x_ApiKeyName" }

// number makes the views numbered (staged with the numbers of its records) and raw (its good rows).
// What is not needed is left out, for most files are large, whole and without repetition.
func number(ctx context.Context, tx *sql.Tx, repeated bool) error {
	var torn int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM torn").Scan(&torn); err != nil {
		return err
	}
	record, unrepeated := "rowid + getvariable('first_record')", ""
	if torn > 0 { // torn records are no rows of staged, so each shifts the numbers after it
		record += " + (SELECT count(*) FROM torn WHERE before <= staged.rowid)"
	}
	if repeated {
		unrepeated = " AND row NOT IN (FROM repeated)"
	}
	_, err := tx.ExecContext(ctx, "CREATE OR REPLACE TEMP VIEW numbered AS SELECT "+record+" AS record, rowid AS row, * FROM staged;"+
		"CREATE OR REPLACE TEMP VIEW raw AS SELECT * EXCLUDE (problem, ignored, row) FROM numbered WHERE problem IS NULL AND NOT ignored"+unrepeated)
	return err
}

// findRepeated makes the temporary table repeated: the rows whose id stands again further
// down, because pages overlap. The last one counts. It says how many there are.
func findRepeated(ctx context.Context, tx *sql.Tx, columns []string) (int64, error) {
	var repeated int64
	if _, err := tx.ExecContext(ctx, "CREATE OR REPLACE TEMP TABLE repeated AS SELECT 0::BIGINT AS row WHERE false"); err != nil || len(columns) == 0 {
		return 0, err
	}
	id := ident(columns[0])
	if len(columns) > 1 {
		parts := make([]string, len(columns))
		for i, c := range columns {
			parts[i] = ident(c) + "::VARCHAR"
		}
		id = "as_id(" + strings.Join(parts, " || chr(31) || ") + ")" // NULL where one of them is
	}
	err := tx.QueryRowContext(ctx, fmt.Sprintf("SELECT count(%[1]s) - count(DISTINCT %[1]s) FROM staged WHERE problem IS NULL AND NOT ignored", id)).Scan(&repeated)
	if err != nil || repeated == 0 {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`INSERT INTO repeated
		SELECT staged.rowid FROM staged JOIN (
			SELECT %[1]s AS twice, max(rowid) AS last FROM staged WHERE problem IS NULL AND NOT ignored AND %[1]s IS NOT NULL GROUP BY 1 HAVING count(*) > 1
		) ON %[1]s = twice WHERE staged.rowid < last AND problem IS NULL AND NOT ignored`, id))
	return repeated, err
}

func columnsOf(ctx context.Context, tx *sql.Tx, relation string) ([]string, error) {
	return column(ctx, tx, "SELECT column_name FROM (DESCRIBE "+relation+")")
}

// value is a column of the relation as it is stored. Secrets and people are hashed here, once for
// each combination of dimensions, and not for each row: that would cost as much as reading them.
func (m mapping) value(column string) string {
	e := m.expression(column)
	switch {
	case e == "NULL":
		return e
	case column == "x_User":
		return "as_user(" + e + ")"
	case isKey(column) && m.plain:
		return "as_text(" + e + ")"
	case isKey(column):
		return "as_key(" + e + ")"
	case column == "Tags": // most sources have none, and binding this takes longer than booking a small file
		return "as_tags(" + e + ")"
	case m.plain && slices.Contains(m.dims, column):
		return e
	case slices.Contains(freeTexts(), column):
		return "discreet(" + e + ")"
	}
	return e
}

// freeTexts is the columns into which people write what they like, or an export that has shifted. Their text is the file's, in some source at least.
func freeTexts() []string {
	return []string{"ProviderName", "InvoiceIssuerName", "BillingAccountId", "BillingAccountName", "SubAccountId", "SubAccountName", "ServiceName", "ServiceCategory",
		"x_Category", "ChargeCategory", "ChargeClass", "ChargeDescription", "SkuId", "ResourceId", "ResourceName", "RegionId", "ConsumedUnit", "InvoiceId",
		"x_Model", "x_TokenClass", "x_ServiceTier", "x_ContextWindow", "x_Outcome", "x_UseCase"}
}

// expression is a column of the relation as the source has it, or NULL.
func (m mapping) expression(column string) string {
	has := slices.Contains(m.columns, column)
	switch {
	case column == "x_Source":
		return quote(m.source.Name)
	case column == "ChargePeriodEnd" && has:
		return "coalesce(ChargePeriodEnd, ChargePeriodStart + INTERVAL 1 DAY)"
	case column == "ChargePeriodEnd":
		return "ChargePeriodStart + INTERVAL 1 DAY"
	case column == "ChargeCategory" && m.source.Role == Billing && !has:
		return "'Usage'"
	case column == "EffectiveCost" && !has && m.source.Role == Billing:
		return "BilledCost"
	case has:
		return ident(column)
	}
	return "NULL"
}

// dimensionID is two more columns of mapped: the id of a row's dimensions, which is a hash of what the
// source wrote in them, with the ledger's salt (nobody shall try names against it), and a second
// hash, by which two combinations with one id are found out.
func (m mapping) dimensionID() string {
	if !m.to.dimensions {
		return ""
	}
	var parts []string
	for _, c := range m.dims {
		if slices.Contains(m.columns, c) {
			parts = append(parts, ident(c)+"::VARCHAR")
		}
	}
	columns := strings.Join(append(parts, quote(m.source.Name), "getvariable('salt')"), ", ")
	return fmt.Sprintf(", hash(%s) AS x_Dimension, hash('check', %[1]s) AS x_Check", columns)
}

// problem says why a mapped row cannot be booked, or NULL.
func (m mapping) problem() string {
	cases := ""
	if slices.Contains(m.columns, "problem") {
		cases += " WHEN problem IS NOT NULL THEN problem"
	}
	for _, c := range m.to.required {
		cases += fmt.Sprintf(" WHEN %s IS NULL THEN 'no %s'", m.expression(c), c)
	}
	for _, c := range m.to.natural {
		if slices.Contains(m.columns, c) {
			cases += fmt.Sprintf(" WHEN %s < 0 THEN '%s is negative: ' || regexp_replace(%[1]s::VARCHAR, '\\.0*$', '')", ident(c), c)
		}
	}
	cases += " WHEN ChargePeriodStart > now()::TIMESTAMP + INTERVAL 1 YEAR THEN 'the period begins in the future, on ' || ChargePeriodStart::DATE"
	if slices.Contains(m.columns, "BillingCurrency") {
		cases += " WHEN NOT regexp_full_match(BillingCurrency, '[A-Z]{3}') THEN 'BillingCurrency \"' || BillingCurrency || '\" is not a currency'"
	}
	if slices.Contains(m.columns, "ChargePeriodEnd") {
		cases += " WHEN ChargePeriodEnd < ChargePeriodStart THEN 'the period ends before it begins'"
	}
	return "CASE" + cases + " END"
}

// period is the expressions for the time that a row speaks for: of a call its day, and so of any event, which has no length.
func (m mapping) period(expression func(string) string) (start, end string) {
	start, end = expression("ChargePeriodStart"), expression("ChargePeriodEnd")
	switch m.source.Role {
	case Requests: // each call has its own time: by the day there are few
		return "date_trunc('day', " + start + ")", "date_trunc('day', " + start + ") + INTERVAL 1 DAY"
	case Outcomes:
		return fmt.Sprintf("CASE WHEN %[1]s = %[2]s THEN date_trunc('day', %[1]s) ELSE %[1]s END", start, end),
			fmt.Sprintf("CASE WHEN %[1]s = %[2]s THEN date_trunc('day', %[1]s) + INTERVAL 1 DAY ELSE %[2]s END", start, end)
	}
	return start, end
}

// scope is the text by which a newer file replaces an older within one provider and account.
func (m mapping) scope(expression func(string) string) string {
	columns := m.source.Scope
	if columns == nil {
		columns = m.to.scope
	}
	if len(columns) == 0 {
		return "NULL::VARCHAR"
	}
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = "coalesce(" + expression(c) + "::VARCHAR, '')"
	}
	return "concat_ws(chr(31), " + strings.Join(parts, ", ") + ")"
}
