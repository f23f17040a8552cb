package gate

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
	"go.yaml.in/yaml/v3"
)

// Budgets is what each may cost in a month, in the reporting currency: by month (2026-10), then by use case or `total`.
type Budgets []Budget

// A Budget is one entry of them.
type Budget struct {
	Month   time.Time
	Subject string
	Amount  allocate.Decimal
	Place   allocate.Place
}

// UnmarshalYAML reads the groups of months, with their lines.
func (b *Budgets) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: budgets are by month: {2026-10: {total: 31000}}", n.Line)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, amounts := n.Content[i], n.Content[i+1]
		of, err := time.Parse("2006-01", key.Value)
		if err != nil {
			return fmt.Errorf("line %d: %q is not a month like 2026-10", key.Line, key.Value)
		}
		if amounts.Kind == yaml.AliasNode {
			amounts = amounts.Alias
		}
		if amounts.Kind != yaml.MappingNode {
			return fmt.Errorf("line %d: the budgets of %s are by use case, or total: {total: 31000, doc-search: 9000}", amounts.Line, key.Value)
		}
		for j := 0; j+1 < len(amounts.Content); j += 2 {
			one := Budget{Month: of, Subject: amounts.Content[j].Value, Place: allocate.Place{Line: amounts.Content[j].Line}}
			if err := amounts.Content[j+1].Decode(&one.Amount); err != nil {
				return err
			}
			*b = append(*b, one)
		}
	}
	return nil
}

// Install makes the relation budgets(month, subject, amount).
func (b Budgets) Install(ctx context.Context, db *sql.DB) error {
	r := relation{table: "budgets", columns: "month TIMESTAMP, subject VARCHAR, amount DECIMAL(24,2)"}
	for _, one := range b {
		r.rows = append(r.rows, fmt.Sprintf("(%s, %s, %s)", timestamp(one.Month), quote(one.Subject), one.Amount))
	}
	return r.make(ctx, db)
}

func (p Policy) checkBudgets() []error {
	var errs []error
	subjects := append([]string{total}, p.Known().Subjects["use-case"]...)
	for i, b := range p.Budgets {
		what := "budgets: " + b.Month.Format("2006-01")
		switch {
		case !slices.Contains(subjects, b.Subject):
			errs = append(errs, &Error{b.Place, what, fmt.Sprintf("no use case %q%s", b.Subject, allocate.Nearest(b.Subject, subjects))})
		case b.Amount.IsNegative():
			errs = append(errs, &Error{b.Place, what, fmt.Sprintf("%s: %s is negative", b.Subject, b.Amount)})
		case slices.ContainsFunc(p.Budgets[:i], func(o Budget) bool { return o.Month.Equal(b.Month) && o.Subject == b.Subject }):
			errs = append(errs, &Error{b.Place, what, b.Subject + " stands twice"})
		}
	}
	return errs
}
