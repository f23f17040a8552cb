package demo

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// A charge is a row of a billing export, read back from the file.
type charge struct {
	provider, month, day, project, item, useCase string
	amount                                       decimal.Decimal
}

// charges reads every billing export but the one that a newer one replaces.
func charges(t *testing.T, dir string) []charge {
	t.Helper()
	var all []charge
	for m := first; m <= last; m++ {
		name := "costs-" + m.String()
		if m == sep {
			name += "-corrected"
		}
		all = append(all, openAICharges(t, dir, name)...)
		all = append(all, anthropicCharges(t, dir, m)...)
		all = append(all, tableCharges(t, dir, "pinecone", "usage", "usage_date", "project", "sku", "amount", "", m)...)
		all = append(all, tableCharges(t, dir, "modal", "billing", "Interval Start", "Environment", "Description", "Cost", "Tags", m)...)
		all = append(all, tableCharges(t, dir, "replicate", "invoice", "date", "", "description", "amount", "", m)...)
		all = append(all, tableCharges(t, dir, "aws", "gpu", "usage_date", "", "charge_type", "unblended_cost", "", m)...)
	}
	return all
}

func openAICharges(t *testing.T, dir, name string) []charge {
	t.Helper()
	var page struct {
		HasMore bool `json:"has_more"`
		Data    []struct {
			StartTime int64 `json:"start_time"`
			Results   []struct {
				Amount struct {
					Value    string
					Currency string
				}
				LineItem  string `json:"line_item"`
				ProjectID string `json:"project_id"`
			}
		}
	}
	readJSON(t, filepath.Join(dir, "inbox/openai", name+".json"), &page)
	var all []charge
	for _, bucket := range page.Data {
		day := time.Unix(bucket.StartTime, 0).UTC().Format(time.DateOnly)
		for _, r := range bucket.Results {
			all = append(all, charge{"openai", day[:7], day, r.ProjectID, r.LineItem, "", money(t, r.Amount.Value)})
		}
	}
	if page.HasMore || len(page.Data) < 30 {
		t.Errorf("%s: %d days, has_more %v", name, len(page.Data), page.HasMore)
	}
	return all
}

func anthropicCharges(t *testing.T, dir string, m month) []charge {
	t.Helper()
	var page struct {
		Data []struct {
			StartingAt string `json:"starting_at"`
			Results    []struct {
				Amount, Model, Description, Currency string
				CostType                             string `json:"cost_type"`
				TokenType                            string `json:"token_type"`
				ServiceTier                          string `json:"service_tier"`
				WorkspaceID                          string `json:"workspace_id"`
			}
		}
	}
	readJSON(t, filepath.Join(dir, "inbox/anthropic/cost-report-"+m.String()+".json"), &page)
	var all []charge
	for _, bucket := range page.Data {
		for _, r := range bucket.Results {
			item := strings.Join([]string{r.CostType, r.Model, r.ServiceTier, r.TokenType}, " ")
			all = append(all, charge{"anthropic", m.String(), bucket.StartingAt[:10], r.WorkspaceID, item, "", money(t, r.Amount).Shift(-2)})
		}
	}
	return all
}

func tableCharges(t *testing.T, dir, provider, file, date, project, item, amount, tags string, m month) []charge {
	t.Helper()
	var all []charge
	for _, row := range readCSV(t, filepath.Join(dir, "inbox", provider, file+"-"+m.String()+".csv")) {
		var tag struct {
			UseCase string `json:"use_case"`
		}
		if tags != "" {
			if err := json.Unmarshal([]byte(row[tags]), &tag); err != nil {
				t.Errorf("%s: tags: %v", provider, err)
			}
		}
		day := row[date][:10]
		if day[:7] != m.String() {
			t.Errorf("%s of %s has a row of %s", provider, m, day)
		}
		all = append(all, charge{provider, m.String(), day, row[project], row[item], tag.UseCase, money(t, row[amount])})
	}
	return all
}

// readCSV reads the rows of a table by the names of its header.
func readCSV(t *testing.T, path string) []map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, name := range rows[0] {
			named[name] = row[i]
		}
		all = append(all, named)
	}
	return all
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func money(t *testing.T, text string) decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(text)
	if err != nil {
		t.Fatalf("%q is not money: %v", text, err)
	}
	return d
}

func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sums adds charges by what by says of them; "" is left out.
func sums(all []charge, by func(charge) string) map[string]decimal.Decimal {
	totals := map[string]decimal.Decimal{}
	for _, c := range all {
		if key := by(c); key != "" {
			totals[key] = totals[key].Add(c.amount)
		}
	}
	return totals
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
