package pricing

import (
	"context"
	"database/sql"
	_ "embed" // the statements
	"fmt"
	"strings"
)

//go:embed priced.sql
var pricedSQL string

// Price prices the usage and the requests of the window, at list and at contract price, as the
// temporary relation priced: a row for each group of calls, slot of time and token class. Of each the
// status says how sure that is: priced; range (list_price is the lower bound, for the price depends on
// the size or the hour of single calls); zero-rated with its reason; or unpriced, whose costs are NULL
// and which the view unpriced lists with reasons. Install must have run.
func Price(ctx context.Context, db *sql.DB) error {
	var doubled bool
	if err := db.QueryRowContext(ctx, "SELECT count(*) > 0 FROM twice").Scan(&doubled); err != nil {
		return fmt.Errorf("pricing: %w", err)
	}
	once := ""
	if doubled { // looking up ten million ids takes as long as all the rest
		once = "ANTI JOIN twice t ON f.x_RequestId = t.x_RequestId AND f.x_Dimension = t.x_Dimension"
	}
	if _, err := db.ExecContext(ctx, strings.Replace(pricedSQL, "{once}", once, 1)); err != nil {
		return fmt.Errorf("pricing: %w", err)
	}
	return nil
}
