package gate

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Record makes the relation gates of some judgements.
func Record(ctx context.Context, db *sql.DB, judgements []Judgement) error {
	var rows []string
	for _, j := range judgements {
		for _, v := range j.Verdicts {
			var cells []string
			for _, c := range []any{j.Month.Format("2006-01"), v.Gate, v.For, v.Subject, v.Verdict, v.Value.number(), v.Limit.number(), orNil(v.decided()), orNil(v.reason())} {
				if c == nil {
					cells = append(cells, "NULL")
				} else {
					cells = append(cells, quote(fmt.Sprint(c)))
				}
			}
			rows = append(rows, "("+strings.Join(cells, ", ")+")")
		}
	}
	query := "CREATE OR REPLACE TEMP TABLE gates (month VARCHAR, gate VARCHAR, concerns VARCHAR, subject VARCHAR, verdict VARCHAR, value DECIMAL(38,12), limit_value DECIMAL(38,12), decision VARCHAR, reason VARCHAR)"
	if len(rows) > 0 {
		query += "; INSERT INTO gates VALUES " + strings.Join(rows, ", ")
	}
	_, err := db.ExecContext(ctx, query)
	return err
}
