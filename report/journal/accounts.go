package journal

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Accounts is how the ledger of the company names things: the section `journal:` of the configuration. A colon parts an account from those below it.
type Accounts struct {
	Expense      string            `yaml:"expense"`      // what is debited; {cost_center}, {team}, {use_case} and {provider} stand for names. expenses:ai
	Unattributed string            `yaml:"unattributed"` // the same for money without a use case; {provider}. The beginning of expense, and :unattributed
	Payable      string            `yaml:"payable"`      // what is credited; {provider}. liabilities:payable:{provider}
	CostCenters  map[string]string `yaml:"cost_centers"` // finance's code of a cost centre; or with a colon, the account that is debited for it
}

// blank is a name in braces.
var blank = regexp.MustCompile(`\{[^{}]*\}`)

// Check says what is wrong with the names. Those that are empty have defaults.
func (a Accounts) Check() error {
	expense := []string{"{cost_center}", "{team}", "{use_case}", "{provider}"}
	type setting struct {
		key, account string
		blanks       []string
	}
	settings := []setting{{"expense", a.Expense, expense}, {"unattributed", a.Unattributed, expense[3:]}, {"payable", a.Payable, expense[3:]}}
	for center, account := range a.CostCenters {
		if account == "" {
			return fmt.Errorf("journal: cost_centers: %s: has no name", center)
		}
		settings = append(settings, setting{"cost_centers: " + center, account, nil})
	}
	slices.SortFunc(settings, func(x, y setting) int { return strings.Compare(x.key, y.key) })
	for _, s := range settings {
		for _, b := range blank.FindAllString(s.account, -1) {
			if !slices.Contains(s.blanks, b) {
				return fmt.Errorf("journal: %s: %q: nothing stands for %s%s", s.key, s.account, b, offered(s.blanks))
			}
		}
		for part := range strings.SplitSeq(blank.ReplaceAllString(s.account, "x"), ":") {
			if s.account != "" && part != name(part) {
				return fmt.Errorf("journal: %s: %q is no account: %q is no part of a name", s.key, s.account, part)
			}
		}
	}
	return nil
}

func offered(blanks []string) string {
	if len(blanks) == 0 {
		return ""
	}
	return "; there is " + strings.Join(blanks, ", ")
}

// line names the account of a part of a bill.
func (a Accounts) line(provider string, p part) Line {
	l := Line{CostCenter: p.costCenter, UseCase: p.useCase, Team: p.team}
	if p.useCase == "" {
		l.Account = fill(a.unattributed(), "{provider}", provider)
		return l
	}
	center, ok := a.CostCenters[p.costCenter]
	switch {
	case strings.Contains(center, ":"):
		l.Account = center
		return l
	case ok:
		l.CostCenter = center
	}
	l.Account = fill(a.expense(), "{cost_center}", l.CostCenter, "{team}", p.team, "{use_case}", p.useCase, "{provider}", provider)
	return l
}

func (a Accounts) expense() string {
	if a.Expense == "" {
		return "expenses:ai"
	}
	return a.Expense
}

// unattributed is the account of expenses up to what nobody knows of this money.
func (a Accounts) unattributed() string {
	if a.Unattributed != "" {
		return a.Unattributed
	}
	var known []string
	for part := range strings.SplitSeq(a.expense(), ":") {
		if blank.MatchString(strings.ReplaceAll(part, "{provider}", "")) {
			break
		}
		known = append(known, part)
	}
	return strings.Join(append(known, "unattributed"), ":")
}

func (a Accounts) payable(provider string) string {
	if a.Payable == "" {
		return fill("liabilities:payable:{provider}", "{provider}", provider)
	}
	return fill(a.Payable, "{provider}", provider)
}

// fill puts names in the blanks of an account: pairs of a blank and a name.
func fill(account string, pairs ...string) string {
	for i := 1; i < len(pairs); i += 2 {
		pairs[i] = name(pairs[i])
	}
	return strings.NewReplacer(pairs...).Replace(account)
}

// name is a text as a part of an account. To hledger two blanks end an account, a semicolon begins a comment, brackets make a posting virtual,
// an equals sign asserts a balance, and a star or an exclamation mark is a status; a colon would be an account below.
func name(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r), strings.ContainsRune("-_.,/&+@#'", r):
			return r
		}
		return '-'
	}, text)
	text = strings.Trim(strings.Join(strings.Fields(text), " "), "- ")
	if text == "" {
		return "none"
	}
	return text
}
