package journal

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hledger writes the journal in hledger syntax. It declares nothing: whether an account exists is for the ledger to say that includes it.
func (j Journal) Hledger(w io.Writer) error {
	var out strings.Builder
	fmt.Fprintf(&out, "; AI spend of %s, %s %s in %d entries\n", j.Period, j.Debited().StringFixed(2), j.Currency, len(j.Entries))
	for _, note := range j.Notes {
		fmt.Fprintf(&out, "; %s\n", comment(note))
	}
	out.WriteString("decimal-mark .\n")
	for _, e := range j.Entries {
		fmt.Fprintf(&out, "\n%s (%s) %s | %s\n", e.Date.Format("2006-01-02"), e.Reference, name(e.Provider), e.Note)
		for _, remark := range e.Remarks {
			fmt.Fprintf(&out, "    ; %s\n", comment(remark))
		}
		e.write(&out, j.Currency)
	}
	_, err := io.WriteString(w, out.String())
	return err
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
	tags := []string{tag("cost_center", l.CostCenter), tag("use_case", l.UseCase), tag("team", l.Team)}
	return strings.Join(slices.DeleteFunc(tags, func(t string) bool { return t == "" }), ", ")
}

// tag is a name and a value, which a comma would end.
func tag(name, value string) string {
	if value == "" {
		return ""
	}
	return name + ":" + strings.ReplaceAll(comment(value), ",", " ")
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
