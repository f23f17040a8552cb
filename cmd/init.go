package cmd

import (
	"bytes"
	"context"
	_ "embed" // the configuration that init writes
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/spf13/cobra"
)

//go:embed init.yaml.tmpl
var initTemplate string

func newInitCommand(g *globalOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "A commented aifinops.yaml and an inbox/",
		Long: `init writes a commented aifinops.yaml and makes an inbox/. Where exports lie in the
inbox already (or beside it), it reads them and proposes use cases and rules for the
projects, keys and tags that it finds. It never overwrites a configuration.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			return runInit(c.Context(), g, dir)
		},
	}
}

// A proposal is what init puts into its template.
type proposal struct {
	UseCases []string
	Rules    []proposedRule
	Unknown  []unknownFile
	Tagged   bool // whether a gateway names use cases in tags
}

type proposedRule struct{ ID, Match, UseCase, About string }

type unknownFile struct {
	Path, Columns string
}

// oneLine keeps a name from outside inside the comment that it goes into.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
}

func runInit(ctx context.Context, g *globalOptions, dir string) error {
	file := filepath.Join(dir, "aifinops.yaml")
	if _, err := os.Stat(file); err == nil {
		return usage(fmt.Errorf("%s is there already; init does not overwrite it", file))
	}
	inbox := filepath.Join(dir, "inbox")
	if err := os.MkdirAll(inbox, 0o755); err != nil {
		return err
	}
	p, files, err := propose(ctx, g, dir)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := template.Must(template.New("init").Parse(initTemplate)).Execute(&b, p); err != nil {
		return err
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return err
	}
	g.say("wrote %s and %s/", file, inbox)
	if files > 0 {
		g.say("read %d files: proposed %d use cases and %d rules; %d files need a column map", files, len(p.UseCases), len(p.Rules), len(p.Unknown))
	}
	g.say("next: put exports into %s/ (`aifinops sources` says how to get them), then `aifinops ingest` and `aifinops report`", inbox)
	return nil
}

// propose reads what lies in the folder into a ledger that is thrown away, and
// makes use cases and rules of what it finds.
func propose(ctx context.Context, g *globalOptions, dir string) (proposal, int, error) {
	var p proposal
	inputs, err := ingest.Find([]string{dir})
	if err != nil { // an empty folder proposes nothing
		return p, 0, nil
	}
	sources, err := ingest.Sources()
	if err != nil {
		return p, 0, err
	}
	l, done, err := g.scratchLedger(ctx, config{})
	if err != nil {
		return p, 0, err
	}
	defer done()
	_, err = ingest.Run(ctx, l, ingest.Request{Inputs: inputs, Sources: sources})
	for _, e := range unwrapAll(err) {
		var unknown *ingest.UnknownError
		if errors.As(e, &unknown) {
			path, relErr := filepath.Rel(dir, unknown.File)
			if relErr != nil {
				path = unknown.File
			}
			seen := strings.Join(unknown.Seen, ", ")
			p.Unknown = append(p.Unknown, unknownFile{Path: oneLine(path), Columns: oneLine(seen)})
		}
	}
	t, err := report.Query(ctx, l.DB, proposals)
	if err != nil {
		return p, 0, err
	}
	seen := map[string]bool{}
	for _, row := range t.Rows {
		id, match, about := fmt.Sprint(row[0]), fmt.Sprint(row[1]), fmt.Sprint(row[2])
		if !seen[id] {
			seen[id] = true
			p.UseCases = append(p.UseCases, id)
		}
		if match == "" {
			p.Tagged = true
			continue
		}
		p.Rules = append(p.Rules, proposedRule{ID: "rule-" + fmt.Sprint(len(p.Rules)+1) + "-" + id, Match: match, UseCase: id, About: about})
	}
	return p, len(inputs), nil
}

// proposals finds what could be a use case: the values of use_case tags, and projects, largest first.
// The columns are id, match (empty: by tag) and a remark.
const proposals = `
WITH slugs AS (
	SELECT DISTINCT Tags['use_case'] AS name, '' AS match, '' AS about, 1e18 AS weight FROM dimensions WHERE Tags['use_case'] IS NOT NULL
	UNION ALL
	SELECT any_value(coalesce(SubAccountName, SubAccountId)), format('{{provider: {}, project: {}}}',
		CASE WHEN regexp_full_match(ProviderName, '[a-z][a-z0-9-]*') THEN ProviderName ELSE to_json(ProviderName)::VARCHAR END, to_json(regexp_replace(SubAccountId, '([*?[])', '[\1]', 'g'))::VARCHAR), -- JSON is YAML, and a name no glob
		format('{} {} over all months', sum(BilledCost)::DECIMAL(38,2)::VARCHAR, any_value(BillingCurrency)), sum(BilledCost)::DOUBLE
	FROM charges WHERE SubAccountId IS NOT NULL GROUP BY ProviderName, SubAccountId
)
SELECT trim(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), '-') AS id, match, about FROM slugs
WHERE trim(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), '-') NOT IN ('', 'null') ORDER BY weight DESC, id LIMIT 40`

// unwrapAll is the errors that were joined.
func unwrapAll(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, unwrapAll(e)...)
		}
		return all
	}
	if err == nil {
		return nil
	}
	return []error{err}
}
