package cmd

import (
	"cmp"
	"context"
	"time"

	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/table"
)

// planGates is what the gates of a month would say otherwise, once the rules, metrics, gates and budgets are those of the second configuration.
func (s *session) planGates(ctx context.Context, before, after config, month time.Time) (table.Table, error) {
	t := table.Table{Report: "gates", Title: "Gates that change, " + month.Format("2006-01"), Columns: []table.Column{{Name: "gate"}, {Name: "subject"}, {Name: "before"}, {Name: "after"}}}
	var sides [2]gate.Judgement
	for i, c := range []config{before, after} {
		side := *s
		c.Currency, c.ExchangeRates = s.Currency, s.ExchangeRates
		side.config = c
		if err := c.policy().Declare(ctx, s.db); err != nil {
			return t, err
		}
		if err := c.policy().Judge(ctx, s.db); err != nil {
			return t, err
		}
		first := side.gates().From(month, s.asOf)
		if err := side.facts(ctx, side.reaching(first, month.AddDate(0, 1, 0)), first, month.AddDate(0, 1, 0)); err != nil {
			return t, err
		}
		var err error
		if sides[i], err = side.gates().Judge(ctx, s.db, nil, month, s.asOf); err != nil {
			return t, err
		}
	}
	for _, c := range gate.Changes(sides[0], sides[1]) {
		t.Rows = append(t.Rows, []any{c.Gate, c.Subject, cmp.Or(c.Before, "not judged"), cmp.Or(c.After, "not judged")})
	}
	return t, nil
}
