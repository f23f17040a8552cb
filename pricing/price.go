package pricing

import (
	"context"
	"database/sql"
	_ "embed" // the statements
	"fmt"
)

//go:embed priced.sql
var pricedSQL string

// Price prices the usage and the requests of the window, at list and at contract price, as the
// temporary relation priced: a row for each group of calls, slot of time and token class. Of each the
// status says how sure that is: priced; range (list_price is the lower bound, for the price depends on
// the size or the hour of single calls); zero-rated with its reason; or unpriced, whose costs are NULL
// and which the view unpriced lists with reasons. Install must have run.
func Price(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, pricedSQL); err != nil {
		return fmt.Errorf("pricing: %w", err)
	}
	return nil
}
