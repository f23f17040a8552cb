package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"
)

// Purposes of the random numbers of files that no stream feeds; streams use
// their own numbers, from 0.
const (
	modalDice = 100 + iota
	replicateDice
	spotDice
	pineconeDice
	gatewayDice
	outcomesDice
)

// A modalApp is a deployed app and what it is planned to cost a month.
type modalApp struct {
	id, description, environment, tags string
	perSecond                          string // of its GPU
	week                               week
	monthly                            [months]int64
}

func modalApps() []modalApp {
	return []modalApp{
		{"ap-7Qk2LmDocsIngest", "doc-ingest", "main", `{"team": "search", "use_case": "search-index"}`, "0.000222", steady(),
			[months]int64{220, 250, 280, 310, 330, 350}},
		{"ap-3Vb8TzTranscribe", "transcribe", "main", `{"team": "growth", "use_case": "meeting-notes"}`, "0.000542", office(),
			[months]int64{70, 78, 88, 98, 109, 250}},
		{"ap-9Hn4RwRerankServe", "rerank-serve", "rerank", `{"team": "search"}`, "0.000164", customers(),
			[months]int64{160, 180, 200, 220, 230, 250}},
		{"ap-5Jd1KpEvalRunner", "eval-runner", "evals", `{}`, "0.000694", office(),
			[months]int64{200, 222, 252, 282, 311, 200}},
	}
}

// modal writes "modal billing report --csv --tag-names '*'" of a month.
func (a *archive) modal(m month) {
	dice := newDice(modalDice, m)
	rows := [][]string{{"Object ID", "Description", "Environment", "Interval Start", "Cost", "Tags"}}
	for _, app := range modalApps() {
		perSecond := decimal.RequireFromString(app.perSecond)
		for i, cents := range spread(planned(app.monthly[m], dice), m, app.week, dice) {
			cost := perSecond.Mul(wholeUnits(cents, perSecond))
			a.bill("modal", m, cost)
			rows = append(rows, []string{app.id, app.description, app.environment,
				m.days()[i].Format("2006-01-02T15:04:05"), cost.String(), app.tags})
		}
	}
	a.crlf("inbox/modal/billing-"+m.String()+".csv", m.downloaded(), rows)
}

// planned turns the dollars that a month was planned to cost into cents near
// them: no vendor bills round figures.
func planned(dollars int64, dice *rand.Rand) int64 {
	return dollars*99 + dice.Int64N(dollars*2+1)
}

// wholeUnits is how many units of a price the cents buy.
func wholeUnits(cents int64, price decimal.Decimal) decimal.Decimal {
	return decimal.New(cents, -2).Div(price).Floor()
}

// replicate writes what somebody types from the PDF invoice once a month: a
// line a week and model.
func (a *archive) replicate(m month) {
	var (
		dice    = newDice(replicateDice, m)
		rows    = [][]string{{"date", "description", "hardware", "seconds", "amount"}}
		monthly = [months]int64{290, 320, 370, 400, 440, 480}
		models  = []struct {
			description, hardware, perSecond string
			percent                          int64
		}{
			{"voice-clone predictions", "gpu-l40s", "0.000975", 60},
			{"banner-image predictions", "gpu-t4", "0.000225", 40},
		}
	)
	for _, model := range models {
		perSecond := decimal.RequireFromString(model.perSecond)
		for day, cents := range weekly(planned(monthly[m], dice)*model.percent/100, m, dice) {
			seconds := wholeUnits(cents, perSecond)
			amount := seconds.Mul(perSecond).Round(2)
			a.bill("replicate", m, amount)
			rows = append(rows, []string{m.days()[day].Format(time.DateOnly), model.description, model.hardware,
				seconds.String(), amount.StringFixed(2)})
		}
	}
	if m == july {
		// Untidy: a credit, as a negative line without hardware or seconds.
		credit := decimal.RequireFromString("-38.50")
		a.bill("replicate", m, credit)
		rows = append(rows, []string{"2026-07-31", "credit: failed predictions of 9 July", "", "", credit.StringFixed(2)})
	}
	a.csv("inbox/replicate/invoice-"+m.String()+".csv", m.downloaded(), rows)
}

// weekly spreads cents over the month and yields the sum of each week at its
// last day; the last week is what is left of the month.
func weekly(cents int64, m month, dice *rand.Rand) func(func(int, int64) bool) {
	parts := spread(cents, m, office(), dice)
	return func(yield func(int, int64) bool) {
		var sum int64
		for day, part := range parts {
			sum += part
			if day%7 != 6 && day != len(parts)-1 {
				continue
			}
			if !yield(day, sum) {
				return
			}
			sum = 0
		}
	}
}

// spotInstances writes the GPU lines of the AWS bill, as exported by hand from
// Cost Explorer: a pool of spot instances that several use cases share. Each
// day runs as many instances as the day's work needs.
func (a *archive) spotInstances(m month) {
	const (
		payer   = "004417283395"
		service = "Amazon Elastic Compute Cloud - Compute"
		daily   = 24 * 100 // hundredths of an hour
	)
	var (
		dice    = newDice(spotDice, m)
		monthly = [months]int64{877, 981, 1094, 1198, 1292, 1368} // without tax
		rows    = [][]string{{"usage_date", "account_id", "service", "usage_type", "resource_id", "charge_type", "hours", "unblended_cost", "currency"}}
		total   = decimal.Zero
		pool    = []struct {
			kind string
			low  int64 // spot price in hundredths of a cent an hour
		}{{"g6e.xlarge", 7800}, {"g6e.xlarge", 7800}, {"g5.xlarge", 4300}, {"g5.xlarge", 4300}}
		ids [4]string
	)
	add := func(day time.Time, usageType, resource, chargeType, hours string, cost decimal.Decimal) {
		total = total.Add(cost)
		rows = append(rows, []string{day.Format(time.DateOnly), payer, service, usageType, resource, chargeType, hours, cost.String(), "USD"})
	}
	for i, cents := range spread(planned(monthly[m], dice), m, customers(), dice) {
		left := decimal.New(cents, -2)
		for n, machine := range pool {
			price := decimal.New(machine.low+dice.Int64N(700), -4)
			hours := decimal.New(min(daily, left.Div(price).Shift(2).IntPart()), -2)
			if hours.IsZero() {
				continue
			}
			left = left.Sub(hours.Mul(price))
			if i%2 == 0 || ids[n] == "" { // spot instances come and go
				ids[n] = fmt.Sprintf("i-0%016x", dice.Uint64())
			}
			add(m.days()[i], "SpotUsage:"+machine.kind, ids[n], "Usage", hours.String(), hours.Mul(price))
		}
	}
	// Untidy: tax is a line of its own, of no instance, dated to the first.
	add(m.start(), "", "", "Tax", "", total.Mul(decimal.New(6, -2)).Round(2))
	if m == aug {
		// Untidy: a credit for interrupted capacity.
		add(m.start().AddDate(0, 0, 18), "", "", "Credit", "", decimal.RequireFromString("-120.00"))
	}
	a.bill("aws", m, total)
	a.csv("inbox/aws/gpu-"+m.String()+".csv", m.downloaded(), rows)
}
