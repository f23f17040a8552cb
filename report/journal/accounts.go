package journal

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/aifinops/aifinops/report/allocate"
)

// Accounts is how the ledger of the company names things: the section `journal:` of the configuration. A colon parts an account from those below it.
type Accounts struct {
	Expense      string            `yaml:"expense"`      // what is debited; {cost_center}, {team}, {use_case} and {provider} stand for names. expenses:ai
	Unattributed string            `yaml:"unattributed"` // the same for money without a use case; {provider}. The beginning of expense, and :unattributed
	Tax          string            `yaml:"tax"`          // what is debited for charges of the category Tax; {provider}. Where empty, tax is an expense as the rest of its bill
	Payable      string            `yaml:"payable"`      // what is credited; {provider}. liabilities:payable:{provider}
	Payables     map[string]string `yaml:"payables"`     // the same for a provider that has an account of its own
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
	provider := expense[3:]
	settings := []setting{{"expense", a.Expense, expense}, {"unattributed", a.Unattributed, provider}, {"tax", a.Tax, provider}, {"payable", a.Payable, provider}}
	for center, account := range a.CostCenters {
		settings = append(settings, setting{"cost_centers: " + center, account, nil})
	}
	for provider, account := range a.Payables {
		settings = append(settings, setting{"payables: " + provider, account, nil})
	}
	for _, provider := range slices.Sorted(maps.Keys(a.Payables)) {
		if lower := strings.ToLower(provider); provider != lower {
			return fmt.Errorf("journal: payables: %s: is no provider as reports name them; did you mean %q?", provider, lower)
		}
	}
	slices.SortFunc(settings, func(x, y setting) int { return strings.Compare(x.key, y.key) })
	for _, s := range settings {
		if s.account == "" && strings.Contains(s.key, ": ") {
			return fmt.Errorf("journal: %s: has no name", s.key)
		}
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

// CheckNames says which cost centre is none of the use cases': its code would stand in no entry.
func (a Accounts) CheckNames(costCenters []string) error {
	known := slices.Compact(slices.Sorted(slices.Values(costCenters)))
	known = slices.DeleteFunc(known, func(c string) bool { return c == "" })
	for _, center := range slices.Sorted(maps.Keys(a.CostCenters)) {
		if center != "" && !slices.Contains(known, center) {
			return fmt.Errorf("journal: cost_centers: no use case has the cost centre %q%s", center, cmp.Or(allocate.Nearest(center, known), offered(known)))
		}
	}
	return nil
}

func offered(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; there is " + strings.Join(names, ", ")
}

// line names the account of a part of a bill.
func (a Accounts) line(provider string, p part) Line {
	if p.tax {
		return Line{Account: fill(a.Tax, "{provider}", provider)}
	}
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
	if account, ok := a.Payables[provider]; ok {
		return account
	}
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
