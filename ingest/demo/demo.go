// Package demo writes the exports of a small company.
//
// The company has 50 engineers and spent about $30K on AI in October 2026,
// growing by 12% a month: $22K on LLM APIs, mostly OpenAI with a growing
// share of Anthropic, $5K on embeddings and a vector database, $3K on GPUs.
// Write leaves what its FinOps engineer would have collected over six months:
// the providers' cost and usage exports, the log of a LiteLLM gateway, console
// downloads and hand-typed invoices, outcomes, and an aifinops.yaml that
// explains them.
//
// Nothing here is read from the clock, the network or the machine: the same
// bytes come out every time. There is one model of the truth (truth.go), what
// was used on which day by which key, and every file is a view of it:
//
//   - usage exports are the truth;
//   - cost exports are the truth at list price (prices.go), exactly;
//   - the gateway's log is the part of the truth that went through the
//     gateway, cut into single calls whose tokens add up to that part exactly;
//   - invoices are the sums of the cost exports, rounded to cents.
//
// Real months are untidy, and so are these: look for "Untidy" in the code.
//
// To add a use case, add its streams to company.go and its rules to
// aifinops.yaml; the files follow.
package demo

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/shopspring/decimal"
)

//go:embed aifinops.yaml
var configuration []byte

//go:embed decisions.yaml
var decisions []byte

// Write writes the six months of exports of the demo company, its aifinops.yaml
// and inbox/ below dir, which must be empty or not exist.
//
// Modification times are those of the downloads, not of now: of two exports of
// one period, the later one is the newer.
func Write(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("demo: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("demo: %s: is not empty (found %s)", dir, entries[0].Name())
	}
	files, err := export()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	for _, f := range files {
		if err := f.write(dir); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
	}
	return nil
}

// export makes every file of the company.
func export() ([]file, error) {
	a := archive{billed: map[account]decimal.Decimal{}}
	a.add("aifinops.yaml", last.downloaded(), configuration)
	a.add("decisions.yaml", last.downloaded(), decisions)
	facts := truth()
	for m := first; m <= last; m++ {
		a.openAI(facts[m], m)
		a.anthropic(facts[m], m)
		a.pinecone(m)
		a.modal(m)
		a.replicate(m)
		a.spotInstances(m)
	}
	a.gateway(facts)
	a.invoices()
	a.outcomes()
	return a.files, a.err
}
