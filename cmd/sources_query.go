package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

// queryOptions ask `sources` for the SQL by which a database groups its own logs.
type queryOptions struct {
	periodOptions
	engine string
}

func (o *queryOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.engine, "query", "", "print the SQL by which the database `ENGINE` groups the logs of NAME")
	f.StringVar(&o.month, "month", "", "with --query: the `MONTH`, such as 2026-10")
	f.StringVar(&o.from, "from", "", "with --query: the first `DAY` (2026-10-01) or month (2026-08)")
	f.StringVar(&o.to, "to", "", "with --query: the last `DAY` or month, itself included; default: today")
}

// asked says whether the flags are about a query, and not about sources or files.
func (o *queryOptions) asked() bool { return o.engine != "" || o.periodOptions != (periodOptions{}) }

// print prints the query over the period, for the database's own client to run.
func (o *queryOptions) print(ctx context.Context, g *globalOptions, args []string) error {
	queries, err := ingest.Queries()
	if err != nil {
		return err
	}
	q, err := o.find(queries, args)
	if err != nil {
		return usage(err)
	}
	if o.month == "" && o.from == "" && o.to == "" {
		return usage(errors.New("--query needs a --month like 2026-10, or --from and --to"))
	}
	asOf, err := g.today()
	if err != nil {
		return err
	}
	period, err := report.ParsePeriod(ctx, nil, o.month, o.from, o.to, asOf)
	if err != nil {
		return usage(err)
	}
	return g.emit(q.Over(period.From, period.To) + "\n")
}

func (o *queryOptions) find(queries []ingest.Query, args []string) (ingest.Query, error) {
	if len(args) != 1 {
		return ingest.Query{}, fmt.Errorf("--query, --month, --from and --to go with one NAME, of %s", queryNames(queries))
	}
	var engines []string
	for _, q := range queries {
		if q.Name != args[0] {
			continue
		}
		if q.Engine == o.engine {
			return q, nil
		}
		engines = append(engines, q.Engine)
	}
	switch {
	case engines == nil:
		return ingest.Query{}, fmt.Errorf("no query for %q; there are %s", args[0], queryNames(queries))
	case o.engine == "":
		return ingest.Query{}, fmt.Errorf("%s needs --query with the database that holds its logs: %s", args[0], strings.Join(engines, ", "))
	}
	return ingest.Query{}, fmt.Errorf("no query of %s for %q; there are %s", args[0], o.engine, strings.Join(engines, ", "))
}

// queryNames lists the queries: gcp (bigquery), litellm (clickhouse, postgres).
func queryNames(queries []ingest.Query) string {
	var names []string
	for i, q := range queries {
		if i > 0 && queries[i-1].Name == q.Name {
			names[len(names)-1] = strings.TrimSuffix(names[len(names)-1], ")") + ", " + q.Engine + ")"
			continue
		}
		names = append(names, q.Name+" ("+q.Engine+")")
	}
	return strings.Join(names, ", ")
}
