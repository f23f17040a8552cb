package demo

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// A call is one row of the gateway's log.
type call struct {
	fact
	at       time.Time
	took     time.Duration
	id       string
	used     tokens
	spend    decimal.Decimal
	tagged   bool
	user     string
	cacheHit string // of the gateway's own cache: None or True
	failed   bool
}

// gateway writes the spend log of LiteLLM, month by month. The months are
// independent of each other, and most of the work of the whole demo.
func (a *archive) gateway(facts [months][]fact) {
	var (
		logs  [months][]byte
		errs  [months]error
		tasks sync.WaitGroup
	)
	for m := first; m <= last; m++ {
		tasks.Go(func() { logs[m], errs[m] = spendLog(facts[m], m) })
	}
	tasks.Wait()
	for m, log := range logs {
		m := month(m)
		a.err = errors.Join(a.err, errs[m])
		a.add("inbox/litellm/spend-logs-"+m.String()+".jsonl.gz", m.downloaded(), log)
	}
}

// spendLog is the compressed log of a month, one JSON object a line.
func spendLog(facts []fact, m month) ([]byte, error) {
	var (
		dice     = newDice(gatewayDice, m)
		log      bytes.Buffer
		zip, err = gzip.NewWriterLevel(&log, gzip.BestSpeed)
		lines    = json.NewEncoder(zip)
	)
	if err != nil {
		return nil, err
	}
	for _, day := range m.days() {
		calls := callsOf(day, facts, m, dice)
		if m == oct && day.Day() == 14 {
			// Untidy: the script that pages through /spend/logs fetched the
			// second page of this day twice, so 100 request_ids repeat.
			calls = slices.Insert(calls, 200, calls[100:200]...)
		}
		for _, c := range calls {
			if err := lines.Encode(c.row()); err != nil {
				return nil, err
			}
		}
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return log.Bytes(), nil
}

// callsOf is what the gateway saw on a day, in the order of time.
func callsOf(day time.Time, facts []fact, m month, dice *rand.Rand) []call {
	var calls []call
	for _, f := range on(day, facts) {
		if f.via.alias != "" {
			calls = append(calls, f.calls(dice)...)
		}
	}
	if m >= july {
		calls = append(calls, rerankings(day, m, dice)...)
	}
	slices.SortStableFunc(calls, func(a, b call) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id))
	})
	return calls
}

// calls cuts a fact into its requests. Their tokens add up to the fact's; the
// failures and cache hits beside them used nothing of the provider's.
func (f fact) calls(dice *rand.Rand) []call {
	var (
		calls  = make([]call, 0, f.requests)
		shares [classes][]int64
	)
	for c := range classes {
		shares[c] = divide(f.tokens[c], sizes(int(f.requests), c, dice))
	}
	for i := range int(f.requests) {
		c := f.call(dice)
		for class := range classes {
			c.used[class] = shares[class][i]
		}
		c.spend = f.rate.total(c.used)
		calls = append(calls, c)
		if f.via.caches && dice.IntN(1000) < 25 {
			calls = append(calls, c.repeated(dice))
		}
		if dice.IntN(1000) < 8 {
			failure := f.call(dice)
			failure.failed, failure.id = true, uuid(dice)
			calls = append(calls, failure)
		}
	}
	return calls
}

// sizes are the relative sizes of requests: they are much alike, one in forty
// answers is three times as long, and one in five has no cached prompt.
func sizes(n int, c class, dice *rand.Rand) []int64 {
	sizes := make([]int64, n)
	for i := range sizes {
		sizes[i] = 650 + dice.Int64N(701)
		switch {
		case c == output && dice.IntN(40) == 0:
			sizes[i] *= 3
		case c == cacheRead && i > 0 && dice.IntN(5) == 0:
			sizes[i] = 0
		}
	}
	return sizes
}

// call is a request at a random moment of the day, still without tokens.
func (f fact) call(dice *rand.Rand) call {
	c := call{fact: f, at: moment(f.day, dice), cacheHit: "None"}
	c.took = time.Duration(400+dice.Int64N(9000)) * time.Millisecond
	c.tagged = dice.IntN(1000) < f.via.tagged
	c.user = "svc-" + f.via.alias
	if f.via.people {
		c.user = fmt.Sprintf("eng-%02d@example.com", 1+dice.IntN(50))
	}
	c.id = fmt.Sprintf("chatcmpl-%016x%012x", dice.Uint64(), dice.Uint64N(1<<48))
	if f.provider == "anthropic" {
		c.id = fmt.Sprintf("msg_01%016x%04x", dice.Uint64(), dice.Uint64N(1<<16))
	}
	return c
}

// repeated is the same question again, answered by the gateway: the same
// tokens, which nobody is billed for.
func (c call) repeated(dice *rand.Rand) call {
	left := c.day.AddDate(0, 0, 1).Sub(c.at)
	c.at = c.at.Add(time.Duration(dice.Int64N(int64(min(left, time.Hour))))).Truncate(time.Microsecond)
	c.id += fmt.Sprintf("_cache_hit%d.%d", c.at.Unix(), dice.IntN(10))
	c.took = time.Duration(3+dice.IntN(20)) * time.Millisecond
	c.cacheHit, c.spend = "True", decimal.Zero
	return c
}

// rerankings are calls of a model that the company runs itself and that nobody
// has given a price.
func rerankings(day time.Time, m month, dice *rand.Rand) []call {
	// Untidy: LiteLLM does not know the model and logs a spend of 0.
	f := fact{day: day, model: "rerank-internal-v0", stream: stream{
		useCase: "doc-search", provider: "hosted_vllm",
		via: virtualKey{alias: "docs-rerank", team: "search", group: "rerank", tagged: 1000}}}
	var calls []call
	for range 6 + 3*int(m) + dice.IntN(5) {
		c := f.call(dice)
		c.used[uncached] = 12000 + dice.Int64N(9000)
		c.took /= 10
		calls = append(calls, c)
	}
	return calls
}

// moment is a time of the day that gets more traffic when Europe is awake.
func moment(day time.Time, dice *rand.Rand) time.Time {
	hour := dice.Int64N(24)
	if dice.IntN(4) > 0 {
		hour = 6 + dice.Int64N(13)
	}
	return day.Add(time.Duration(hour)*time.Hour + time.Duration(dice.Int64N(3_600_000_000))*time.Microsecond)
}

func uuid(dice *rand.Rand) string {
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", dice.Uint32(), dice.Uint64N(1<<16), dice.Uint64N(1<<12),
		dice.Uint64N(1<<12), dice.Uint64N(1<<48))
}
