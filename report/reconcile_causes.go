package report

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/report/table"
	"github.com/shopspring/decimal"
)

// A cause is one reason for a difference, with its dollars where they are known.
type cause struct {
	side  string // invoice or evidence: the comparison that the money is a part of; note: of neither
	money decimal.Decimal
	known bool
	text  string
}

// causes reads the reasons of each provider and month.
func causes(ctx context.Context, db *sql.DB) (map[string][]cause, error) {
	_, query, err := load("reconcile-causes")
	if err != nil {
		return nil, err
	}
	t, err := read(ctx, db, query)
	if err != nil {
		return nil, fmt.Errorf("reconcile-causes: %w", err)
	}
	all := map[string][]cause{}
	for _, row := range t.Rows {
		s := side{&t, row}
		money, known := s.money("money")
		key := s.text("provider") + " " + s.text("month")
		all[key] = append(all[key], cause{s.text("side"), money, known, s.text("cause")})
	}
	return all, nil
}

// wholes is the table by provider and month, with the causes.
func wholes(ctx context.Context, db *sql.DB, sides *table.Table) (table.Table, error) {
	money := func(name string, wide bool) table.Column {
		return table.Column{Name: name, Kind: table.Money, Wide: wide}
	}
	t := table.Table{Columns: []table.Column{{Name: "provider"}, {Name: "month"},
		money("invoice", false), money("billing", false), money("usage_priced", false), money("requests_priced", false), money("ledger", false),
		money("difference", false), {Name: "difference_percent", Kind: table.Percent},
		{Name: "evidence_difference", Heading: "Billing - evidence", Kind: table.Money, Wide: true}, {Name: "status"}, {Name: "cause", Wide: true},
		{Name: "compared", Wide: true}, money("invoice_difference", true), {Name: "invoice_status", Wide: true},
		{Name: "evidence_status", Wide: true},
		money("usage_charges", true), money("tax", true), money("credits", true), money("fees", true), money("usage_list", true), money("usage_high", true),
		money("declared", true), money("estimated", true), {Name: "unpriced", Kind: table.Count, Wide: true}, {Name: "missing_days", Kind: table.Count, Wide: true}}}
	all, err := causes(ctx, db)
	if err != nil {
		return t, err
	}
	for _, row := range sides.Rows {
		s := side{sides, row}
		t.Rows = append(t.Rows, s.judged(&t, all[s.text("provider")+" "+s.text("month")]))
		// Where the invoice ties and the evidence does not, a reader must see the second difference too.
		if out := (side{&t, t.Rows[len(t.Rows)-1]}); out.row[column(&t, "invoice_status")] != nil && out.row[column(&t, "status")] != out.row[column(&t, "invoice_status")] {
			t.Columns[column(&t, "evidence_difference")].Wide = false
		}
	}
	return t, nil
}

// Causes is the causes of a table of reconcile, one a line: a cell is no place to read them.
func Causes(t table.Table) []string {
	var all []string
	i := column(&t, "cause")
	for _, row := range t.Rows {
		if i < 0 || row[i] == "" {
			continue
		}
		subject := fmt.Sprint(row[0])
		if !t.Columns[1].Wide {
			subject += " " + fmt.Sprint(row[1])
		}
		for text := range strings.SplitSeq(fmt.Sprint(row[i]), "; ") {
			all = append(all, subject+": "+text)
		}
	}
	return all
}

// judged is a row of the answer.
func (s side) judged(t *table.Table, found []cause) []any {
	out := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		if from := column(s.t, c.Name); from >= 0 {
			out[i] = s.row[from]
		}
	}
	set := func(name string, v any) { out[column(t, name)] = v }
	billing, billed := s.money("billing")
	status := ""
	invoice, invoiced := s.money("invoice")
	if invoiced && !billed && invoice.IsZero() && !s.isSeen() { // nothing was billed, and that is what is asked for
		billed = true
	}
	invoiced = invoiced && billed
	if invoiced {
		d := invoice.Sub(billing)
		status = verdict(d, billing, invoiceTolerance(), decimal.Zero, decimal.Zero, decimal.Zero)
		set("compared", "invoice - billing")
		set("difference", d)
		set("difference_percent", percent(d, billing))
		set("invoice_difference", d)
		set("invoice_status", status)
		found = append(found, s.ofInvoice(d, found)...)
	}
	if d, unexplained, judged, ok := s.evidence(billed, false); ok {
		if !invoiced {
			set("compared", "billing - "+s.witness())
			set("difference", d)
			set("difference_percent", percent(d, s.sum("usage_charges")))
		}
		set("evidence_difference", d)
		if judged != "" {
			set("evidence_status", judged)
		}
		status = worse(status, judged)
		found = append(append(found, s.cancelled(unexplained)...), s.ofEvidence(d, unexplained, judged, found)...)
	}
	switch {
	case s.count("waiting") > 0:
		status = ""
	case s.sum("overclaimed").GreaterThan(s.sum("usage_charges").Mul(s.sum("tolerance"))), !s.sum("ledger").Sub(s.sum("estimated")).Equal(billing):
		status = open
	case s.count("unbilled_days") > 0:
		status = s.unbilled(status)
	case status == tied && s.count("missing_days") > 0:
		status = within
	}
	if status == "" && found == nil {
		found = []cause{{side: "note", text: "nothing to compare with: no invoice (a CSV of provider, month and total), no usage, no requests"}}
	}
	set("status", cmp.Or(status, cannotJudge))
	set("cause", joined(found))
	return out
}

// isSeen says whether there is usage, or are requests.
func (s side) isSeen() bool {
	_, usage := s.money("usage_priced")
	_, requests := s.money("requests_priced")
	return usage || requests
}

// witness is what the bill is compared with where there is no invoice.
func (s side) witness() string {
	if _, ok := s.money("usage_priced"); ok {
		return "usage_priced"
	}
	return "requests_priced"
}

// unbilled is the status of a provider and month that lacks the bill of some days: they come in a month that runs.
func (s side) unbilled(status string) string {
	if ended, _ := s.row[column(s.t, "ended")].(bool); ended || status == open {
		return open
	}
	return ""
}

// ofInvoice is what is left of the difference between invoice and bill when the causes found are taken off. Whatever the status is, what
// is more than a cent has its dollars named.
func (s side) ofInvoice(d decimal.Decimal, found []cause) []cause {
	switch rest := d.Sub(explained("invoice", found)); {
	case s.count("waiting") > 0 || d.Abs().LessThanOrEqual(cent()) || rest.Abs().LessThanOrEqual(cent()):
		return nil
	case rest.IsPositive():
		return []cause{{"invoice", rest, true, rest.StringFixed(2) + " of the invoice is in no line of the bill (ask for the invoice's own lines)"}}
	default:
		return []cause{{"invoice", rest, true, fmt.Sprintf("%s of the bill is not on the invoice: a credit, or lines of another invoice", rest.Neg().StringFixed(2))}}
	}
}

// ofEvidence is the same of the difference between bill and evidence.
func (s side) ofEvidence(d, unexplained decimal.Decimal, status string, found []cause) []cause {
	rest := d.Sub(explained("evidence", found))
	switch {
	case s.count("no_rate") > 0:
		return nil
	case s.witness() == "requests_priced" && status == "":
		return []cause{{"note", d, true, fmt.Sprintf("%s of the bill passed no gateway, and there is no usage to compare it with", d.StringFixed(2))}}
	case status == within && unexplained.Abs().GreaterThan(cent()) && unexplained.Abs().LessThanOrEqual(s.sum("usage_rounding")):
		return []cause{{"evidence", unexplained, true, fmt.Sprintf("within rounding: %s, where amounts of %d decimals may be off by %s together",
			signed(unexplained), s.count("places"), s.sum("usage_rounding").Round(int32(s.count("places"))+1))}}
	case rest.Abs().LessThanOrEqual(cent()):
		return nil
	case status == within || status == cannotJudge:
		return []cause{{"evidence", rest, true, "not explained: " + signed(rest)}}
	}
	return []cause{{"evidence", rest, true, fmt.Sprintf("not explained: %s (aifinops report reconcile --by day --where provider=%s)", signed(rest), s.text("provider"))}}
}

// cancelled says that a month looks better than its parts are.
func (s side) cancelled(unexplained decimal.Decimal) []cause {
	above, below := s.sum("above"), s.sum("below")
	if above.IsZero() || below.IsZero() || s.ofUsage(unexplained, above.Add(below)) == s.ofUsage(unexplained, decimal.Zero) {
		return nil
	}
	return []cause{{"note", decimal.Min(above, below), true, fmt.Sprintf("parts that cancel: %s more on some days, models or classes, %s less on others (aifinops report reconcile --by day --where provider=%s)",
		above.StringFixed(2), below.StringFixed(2), s.text("provider"))}}
}

// signed is an amount and its direction in words: a cell that begins with a minus would be a formula to a spreadsheet.
func signed(d decimal.Decimal) string {
	if d.IsNegative() {
		return d.Neg().StringFixed(2) + " less"
	}
	return d.StringFixed(2) + " more"
}

// explained is what the causes found are of a comparison's difference.
func explained(of string, found []cause) decimal.Decimal {
	sum := decimal.Zero
	for _, c := range found {
		if c.side == of && c.known {
			sum = sum.Add(c.money)
		}
	}
	return sum
}

// joined writes the causes, the most dollars first and those without any last; one that is of both comparisons once.
func joined(found []cause) string {
	slices.SortStableFunc(found, func(a, b cause) int {
		if a.known != b.known {
			return map[bool]int{true: -1, false: 1}[a.known]
		}
		return b.money.Abs().Cmp(a.money.Abs())
	})
	var texts []string
	for _, c := range found {
		if !slices.Contains(texts, c.text) {
			texts = append(texts, c.text)
		}
	}
	return strings.Join(texts, "; ")
}
