package cmd

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

func newQueryCommand(g *globalOptions) *cobra.Command {
	var opts outputOptions
	c := &cobra.Command{
		Use:   "query SQL",
		Short: "Ask the ledger in SQL, read-only",
		Long: `query runs one SELECT (or DESCRIBE, SUMMARIZE, SHOW) of DuckDB's SQL on the ledger. It
cannot write, and it cannot reach other files. - reads the statement from standard input.

The views:
  costs            slices of charges in the reporting currency, with x_UseCase and the rule that chose it
  spend_by_month   month, use case, provider, dollars
  charges          what providers billed, in FOCUS columns
  usage, requests  what providers metered, and what your gateway saw: tokens by class, no money
  activity         calls and tokens with their use case, each call once
  unit_costs       what a unit of an outcome costs, by metric and month
  gates            what each gate says of each subject, by month
  invoices, outcomes
  files            every file booked, with its receipt; file_coverage: the days it speaks for
  left_out         what ai_spend leaves out of whole cloud bills, by file and month
  rejects          the records that did not fit, with reasons (also as quarantine)
  waiting          charges in a currency without a rate`,
		Example: `  aifinops query "SELECT x_UseCase, sum(BilledCost) FROM costs GROUP BY ALL"
  aifinops query "DESCRIBE costs"
  aifinops query "SELECT * FROM rejects" -o csv`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("query takes one statement, in quotes; got %d arguments", len(args)))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return runQuery(c.Context(), g, opts, args[0]) },
	}
	opts.flags(c)
	return c
}

// maxQuery bounds a statement that is read from standard input.
const maxQuery = 1 << 20

func runQuery(ctx context.Context, g *globalOptions, opts outputOptions, query string) error {
	if query == "-" {
		text, err := io.ReadAll(io.LimitReader(g.in, maxQuery+1))
		if err != nil {
			return err
		}
		if len(text) > maxQuery { // half of a statement may be another
			return usage(errors.New("query: standard input is larger than 1 MB; is it one statement?"))
		}
		query = string(text)
	}
	query = strings.TrimRight(query, "; \t\r\n") // it becomes a part of another statement
	s, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := oneSelect(ctx, s.db, query); err != nil {
		return usage(err)
	}
	made, err := readsMade(ctx, s.db, query)
	if err != nil {
		return err
	}
	if made { // what the ledger holds needs no analysis
		if err := s.analyse(ctx, allTime(), nil); err != nil {
			return err
		}
	}
	if made && namesJudgement.MatchString(query) { // nobody else shall wait for it
		if err := s.judgeAll(ctx); err != nil {
			return err
		}
	}
	// The file is open read-only and other files are out of reach; this shuts the door behind both.
	if _, err := s.db.ExecContext(ctx, "SET GLOBAL lock_configuration = true"); err != nil {
		return err
	}
	t, err := report.Query(ctx, s.db, query)
	if err != nil {
		// What DuckDB quotes of the statement is not as the user wrote it.
		message, _, _ := strings.Cut(err.Error(), "\n\nLINE ")
		return usage(errors.New("query: " + message))
	}
	t.Report, t.Title = "query", "Query"
	return opts.print(g, t)
}

// namesJudgement is a statement that may read what the gates say.
var namesJudgement = regexp.MustCompile(`(?i)\b(gates|unit_costs)\b`)

// readsMade says whether a statement may read what only the analysis makes: any relation but those of the ledger.
func readsMade(ctx context.Context, db *sql.DB, query string) (may bool, err error) {
	err = db.QueryRowContext(ctx, `SELECT count(*) > 0 FROM json_tree(json_serialize_sql(?::VARCHAR))
		WHERE key = 'table_name' AND lower(atom ->> '$') NOT IN ('', 'charges', 'usage', 'requests', 'invoices', 'outcomes', 'files', 'file_coverage', 'left_out', 'rejects', 'quarantine')
			OR key = 'type' AND (atom ->> '$') IN ('TABLE_FUNCTION', 'SHOW_REF')`, query).Scan(&may)
	return may, err
}

// oneSelect has DuckDB parse the text, which runs nothing: it must be one statement that reads.
func oneSelect(ctx context.Context, db *sql.DB, query string) error {
	var message sql.NullString
	var statements sql.NullInt64
	err := db.QueryRowContext(ctx, "SELECT j->>'error_message', json_array_length(j->'statements') FROM (SELECT json_serialize_sql(?::VARCHAR) AS j)", query).Scan(&message, &statements)
	switch {
	case err != nil:
		return fmt.Errorf("query: %w", err)
	case message.String == "Only SELECT statements can be serialized to json!":
		return errors.New("query: reads only: SELECT, FROM, WITH, DESCRIBE, SUMMARIZE and SHOW; the ledger is filled by `aifinops ingest`")
	case message.Valid:
		return fmt.Errorf("query: %s", message.String)
	case statements.Int64 != 1:
		return fmt.Errorf("query: one statement, not %d", statements.Int64)
	}
	return nil
}
