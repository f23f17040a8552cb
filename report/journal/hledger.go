package journal

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hledger writes the journal in hledger syntax. It declares its accounts and its currency, so that it holds when hledger is strict; how amounts of
// that are shown is for the ledger to say that includes it.
func (j Journal) Hledger(w io.Writer) error {
	var out strings.Builder
	entries := "entries"
	if len(j.Entries) == 1 {
		entries = "entry"
	}
	fmt.Fprintf(&out, "; AI spend of %s, %s %s in %d %s\n", j.Period, j.Debited().StringFixed(2), j.Currency, len(j.Entries), entries)
	out.WriteString("; Whole cents: each line is within a cent of the report, so a sum of lines may be cents off; the month is equal.\n")
	for _, note := range j.Notes {
		fmt.Fprintf(&out, "; %s\n", comment(note))
	}
	fmt.Fprintf(&out, "decimal-mark .\ncommodity %s\n", j.Currency)
	for _, account := range j.accounts() {
		fmt.Fprintf(&out, "account %s\n", account)
	}
	for _, e := range j.Entries {
		fmt.Fprintf(&out, "\n%s (%s) %s | %s\n", e.Date.Format("2006-01-02"), e.Reference, name(e.Provider), e.Note)
		if len(e.Invoices) > 0 {
			fmt.Fprintf(&out, "    ; %s\n", tags("invoice", e.Invoices...))
		}
		for _, remark := range e.Remarks {
			fmt.Fprintf(&out, "    ; %s\n", strings.ReplaceAll(comment(remark), ":", " ")) // a colon would make a tag
		}
		e.write(&out, j.Currency)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// accounts is those that are debited or credited, by name.
func (j Journal) accounts() []string {
	var all []string
	for _, e := range j.Entries {
		for _, l := range e.postings() {
			all = append(all, l.Account)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// write writes the postings below each other.
func (e Entry) write(out *strings.Builder, currency string) {
	account, amount := 0, 0
	postings := e.postings()
	for _, l := range postings {
		account, amount = max(account, utf8.RuneCountInString(l.Account)), max(amount, len(l.Amount.StringFixed(2)))
	}
	for _, l := range postings {
		line := fmt.Sprintf("    %-*s  %*s %s", account, l.Account, amount, l.Amount.StringFixed(2), currency)
		if tags := l.tags(); tags != "" {
			line += "  ; " + tags
		}
		out.WriteString(line + "\n")
	}
}

// tags is what hledger can group by, beside the account.
func (l Line) tags() string {
	all := []string{tags("cost_center", l.CostCenter), tags("use_case", l.UseCase), tags("team", l.Team)}
	return strings.Join(slices.DeleteFunc(all, func(t string) bool { return t == "" }), ", ")
}

// tags is a name with each value, which a comma would end.
func tags(name string, values ...string) string {
	var all []string
	for _, value := range values {
		if value != "" {
			all = append(all, name+":"+strings.ReplaceAll(comment(value), ",", " "))
		}
	}
	return strings.Join(all, ", ")
}

// comment is a text that ends where its line does.
func comment(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return strings.Join(strings.Fields(text), " ")
}
