package pricing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/pricing"
	"go.yaml.in/yaml/v3"
)

// parseTerms reads the sections of a configuration.
func parseTerms(t *testing.T, text string) pricing.Terms {
	t.Helper()
	var c struct {
		Contracts   []pricing.Contract
		Commitments []pricing.Commitment
		Credits     []pricing.Credit
		ZeroRated   []pricing.ZeroRated `yaml:"zero_rated"`
		Deployments []pricing.Deployment
	}
	if err := yaml.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return pricing.Terms{Contracts: c.Contracts, Commitments: c.Commitments, Credits: c.Credits, ZeroRated: c.ZeroRated, Deployments: c.Deployments}
}

const termsOf = `SELECT term, ProviderName, x_BookModel, x_TokenClass, rate_from::DATE, rate_to::DATE, rtrim(rtrim((price * 1000000)::DECIMAL(24,9)::VARCHAR, '0'), '.'), rtrim(factor::VARCHAR, '0') FROM terms `

// TestContracts: the narrowest holds, for its time; what it does not speak of is another's.
func TestContracts(t *testing.T) {
	terms := parseTerms(t, `
contracts:
  - {id: all, provider: openai, from: 2026-01-01, to: 2027-01-01, discount: 5%}
  - {id: fives, provider: openai, models: ["gpt-5*"], from: 2026-01-01, to: 2027-01-01, discount: 12%}
  - {id: fixed, provider: openai, models: [gpt-5.5], from: 2026-08-01, to: 2026-09-01, price: {input: "4.10"}}
  - {id: bedrock, provider: aws, models: [us.anthropic.claude-opus-5-v1:0], classes: [input], discount: 3%}
  - {id: eu, provider: azure, models: [gpt-4o], classes: [input, output], discount: "0.2"}
`)
	db := install(t, terms, "openai gpt-5.5-2026-04-23", "openai gpt-4o", "azure-openai gpt-4o", "anthropic claude-opus-5", "openai ", "aws eu.anthropic.claude-opus-5", "aws global.anthropic.claude-opus-5")
	check(t, "gpt-5.5", query(t, db, termsOf+`WHERE x_BookModel = 'openai/gpt-5.5' AND x_TokenClass IN ('input', 'output') ORDER BY x_TokenClass, rate_from`), `
fives openai openai/gpt-5.5 input 2026-01-01 2026-08-01 - 0.88
fixed openai openai/gpt-5.5 input 2026-08-01 2026-09-01 4.1 -
fives openai openai/gpt-5.5 input 2026-09-01 2027-01-01 - 0.88
fives openai openai/gpt-5.5 output 2026-01-01 2027-01-01 - 0.88`)
	check(t, "gpt-4o", query(t, db, termsOf+`WHERE x_BookModel = 'openai/gpt-4o' AND x_TokenClass = 'cache_read'`), "all openai openai/gpt-4o cache_read 2026-01-01 2027-01-01 - 0.95")
	check(t, "fees of openai", query(t, db, termsOf+`WHERE x_BookModel = 'openai' AND x_TokenClass = 'web_search'`), "all openai openai web_search 2026-01-01 2027-01-01 - 0.95")
	check(t, "azure, by another of its names", query(t, db, termsOf+`WHERE ProviderName LIKE 'azure%' ORDER BY x_TokenClass`), `
eu azure-openai azure-openai/gpt-4o input 0001-01-01 9999-01-01 - 0.8
eu azure-openai azure-openai/gpt-4o output 0001-01-01 9999-01-01 - 0.8`)
	check(t, "aws", query(t, db, termsOf+`WHERE ProviderName = 'aws'`), "bedrock aws aws-bedrock/regional.anthropic.claude-opus-5 input 0001-01-01 9999-01-01 - 0.97")
	check(t, "anthropic", query(t, db, termsOf+`WHERE ProviderName = 'anthropic'`), "")
	check(t, "two terms at once", query(t, db, `SELECT a.term, b.term FROM terms a JOIN terms b ON a.rowid < b.rowid AND a.ProviderName = b.ProviderName
		AND a.x_BookModel = b.x_BookModel AND a.x_TokenClass = b.x_TokenClass AND a.rate_from < b.rate_to AND b.rate_from < a.rate_to`), "")
}

// TestDeployments: what the configuration says comes before any name of the book, and a scope has its price.
func TestDeployments(t *testing.T) {
	terms := parseTerms(t, `
deployments:
  - {provider: azure-openai, name: prod-chat, model: gpt-4o-2024-08-06, scope: data-zone}
  - {provider: azure, name: gpt-4.1, model: gpt-4.1-mini, scope: global}
  - {provider: aws, name: "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", model: us.anthropic.claude-opus-5}
`)
	db := install(t, terms, "azure prod-chat", "azure azure/Prod-Chat", "azure gpt-4.1", "azure other", "openai prod-chat", "aws arn:aws:bedrock:us-east-1:1:application-inference-profile/abc")
	check(t, "model_names", query(t, db, `SELECT ProviderName, x_Model, x_BookModel, x_MatchedBy FROM model_names WHERE x_Model <> '' ORDER BY ALL`), `
aws arn:aws:bedrock:us-east-1:1:application-inference-profile/abc aws-bedrock/regional.anthropic.claude-opus-5 deployment
azure azure/Prod-Chat azure-openai/gpt-4o@data-zone deployment
azure gpt-4.1 azure-openai/gpt-4.1-mini deployment
azure prod-chat azure-openai/gpt-4o@data-zone deployment`)
	if got := priceAt(t, db, "azure prod-chat", "standard", "output", "2026-10-01", false); got != "11" {
		t.Errorf("a data zone's output costs %s, not a tenth more than 10", got)
	}
}

// TestCapacityAndCredits: what is paid by the hour costs nothing by the token, and credits name what they lower.
func TestCapacityAndCredits(t *testing.T) {
	terms := parseTerms(t, `
commitments:
  - {id: ptu-eu, provider: azure-openai, deployments: [gpt4o-ptu, idle], units: 100, usd_per_unit_hour: "1.05", from: 2026-01-01}
credits:
  - {id: vertex-promo, provider: google-vertex, models: ["claude-*"], share: 50%, from: 2026-09-02, to: 2027-01-01}
  - {id: startup, provider: openai, share: 100%, to: 2026-06-01}
zero_rated:
  - {provider: google, project: sandbox, reason: free tier}
  - {provider: openai, model: gpt-4o, key: key_1, reason: data sharing}
  - {project: lab, reason: research grant}
`)
	db := install(t, terms, "azure azure/gpt4o-ptu", "azure gpt-4o", "google claude-opus-5", "google gemini-2.5-pro", "openai gpt-4o-2024-08-06", "openai gpt-4o-mini")
	check(t, "zero_rated", query(t, db, `SELECT ProviderName, x_Model, SubAccountId, x_ApiKeyId, rate_from::DATE, rate_to::DATE, reason FROM zero_rated ORDER BY ALL`), `
azure azure/gpt4o-ptu - - 2026-01-01 9999-01-01 provisioned capacity ptu-eu
google - sandbox - 0001-01-01 9999-01-01 free tier
openai gpt-4o-2024-08-06 - key_1 0001-01-01 9999-01-01 data sharing
- - lab - 0001-01-01 9999-01-01 research grant`)
	check(t, "commitments", query(t, db, `SELECT commitment, ProviderName, rate_from::DATE, rate_to::DATE, usd_per_hour FROM commitments`), "ptu-eu azure 2026-01-01 9999-01-01 105.000000000000")
	check(t, "credits", query(t, db, `SELECT credit, ProviderName, x_BookModel, rate_from::DATE, rate_to::DATE, share FROM credits ORDER BY ALL`), `
startup openai - 0001-01-01 2026-06-01 1.000000
vertex-promo google google-vertex/claude-opus-5 2026-09-02 2027-01-01 0.500000`)
}

// TestTermErrors holds each mistake to its message.
func TestTermErrors(t *testing.T) {
	db := openLedger(t, "openai gpt-4o", "azure gpt-4o")
	b := load(t)
	for _, c := range []struct{ text, want string }{
		{`contracts: [{id: a, provider: openai}]`, "line 1: contract a: needs a discount or a price"},
		{`contracts: [{id: a, discount: 12%}]`, "line 1: contract a: names no provider"},
		{`contracts: [{id: a, provider: openai, discount: 120%}]`, "line 1: contract a: discount 120% is not between 0% and 100%"},
		{`contracts: [{id: a, provider: openai, discount: 1%, price: {input: "1"}}]`, "line 1: contract a: gives a discount and a price; it is one of them"},
		{`contracts: [{id: a, provider: openai, price: {inputs: "1"}}]`, `line 1: contract a: price: no token class "inputs"; did you mean "input"?`},
		{`contracts: [{id: a, provider: openai, classes: [outptu], discount: 1%}]`, `line 1: contract a: no token class "outptu"; did you mean "output"?`},
		{`contracts: [{id: a, provider: openai, discount: 1%, from: 2026-02-01, to: 2026-02-01}]`, "line 1: contract a: from 2026-02-01 is not before to 2026-02-01"},
		{"contracts:\n  - {id: a, provider: openai, discount: 1%}\n  - {id: b, provider: openai, discount: 2%}", "line 3: contract b: has the scope of the one at line 2 and overlaps it in time: which of them holds?"},
		{"contracts:\n  - {id: a, provider: openai, discount: 1%}\n  - {id: a, provider: azure, discount: 2%}", "line 3: contract a: the id stands twice, first at line 2"},
		// The book is needed to know that azure is azure-openai, and that both globs take a model that was met.
		{"contracts:\n  - {id: a, provider: azure, discount: 1%}\n  - {id: b, provider: azure-openai, discount: 2%}", "line 3: contract b: is no narrower than contract a at line 2, and both hold for cache_read of azure-openai/gpt-4o at the same time"},
		{"contracts:\n  - {id: a, provider: openai, models: [\"gpt-4*\"], discount: 1%}\n  - {id: b, provider: openai, models: [\"*pt-4o\"], discount: 2%}", "line 3: contract b: is no narrower than contract a at line 2, and both hold for cache_read of openai/gpt-4o at the same time"},
		{`contracts: [{id: a, provider: opnai, discount: 1%}]`, `line 1: contract a: no provider "opnai" in the book; did you mean "openai"?`},
		{`contracts: [{id: a, provider: openai, models: [gpt-5.55], discount: 1%}]`, `line 1: contract a: no model "gpt-5.55" of openai in the book; near it: openai/gpt-5.5, openai/gpt-5.1, openai/gpt-5.2`},
		{`contracts: [{id: a, provider: openai, models: ["gpt-9*"], discount: 1%}]`, `line 1: contract a: takes no model of openai in the book: gpt-9*`},
		{`contracts: [{id: a, provider: openai, models: ["gpt-9*", "gpt-5*"], discount: 1%}]`, "<nil>"},
		{`contracts: [{id: a, provider: openai, classes: [input], price: {output: "1"}}]`, "line 1: contract a: price: output is not one of its classes"},
		{`contracts: [{id: a, provider: openai, discount: 1%, from: 2026-10-02T15:00:00Z}]`, "line 1: contract a: 2026-10-02T15:00:00Z is not midnight in UTC: a contract holds for whole days, such as 2026-10-02"},
		{`contracts: [{id: a, provider: openai, discount: 1%, to: "2026-10-02T00:00:00+02:00"}]`, "line 1: contract a: 2026-10-01T22:00:00Z is not midnight in UTC: a contract holds for whole days, such as 2026-10-01"},
		{`credits: [{id: c, provider: google, models: [gemini-9], share: 5%}]`, `line 1: credit c: no model "gemini-9" of google in the book`},
		{`commitments: [{id: p, provider: azure, usd_per_unit_hour: 1}]`, "line 1: commitment p: units 0 is not more than zero"},
		{`credits: [{id: c, provider: google, share: 0%}]`, "line 1: credit c: share 0% is not between 0% and 100%"},
		{`zero_rated: [{reason: free}]`, "line 1: zero_rated: names neither provider, project, model nor key: all usage would be free"},
		{`zero_rated: [{provider: google}]`, "line 1: zero_rated: needs a reason: usage that costs nothing is a fact about an account"},
		{`zero_rated: [{project: "sand*", reason: free}]`, `line 1: zero_rated: project "sand*" and key "" are compared whole; only model may be a glob`},
		{`deployments: [{provider: azure, name: x}]`, "line 1: deployment x: needs a provider, a name and a model"},
		{`deployments: [{provider: azur, name: x, model: gpt-4o}]`, `line 1: deployment x: no provider "azur" in the book; did you mean "azure"?`},
		{`deployments: [{provider: azure, name: x, model: gpt-4oo}]`, `line 1: deployment x: no model "gpt-4oo" of azure in the book; near it: azure-openai/gpt-4o, azure-openai/gpt-4.1`},
		{`deployments: [{provider: azure, name: x, model: gpt-4o, scope: mars}]`, `line 1: deployment x: scope "mars" is not one of global, data-zone, regional`},
		{"deployments:\n  - {provider: azure, name: x, model: gpt-4o}\n  - {provider: azure, name: X, model: gpt-5}", "line 3: deployment X: stands twice, first at line 2"},
	} {
		err := pricing.Install(context.Background(), db, b, parseTerms(t, c.text))
		if fmt.Sprint(err) != c.want {
			t.Errorf("%s\ngives %v\nnot   %s", strings.TrimSpace(c.text), err, c.want)
		}
	}
}
