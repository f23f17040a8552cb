package demo

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// An index of the vector database, and the use cases that read and write it.
type index struct {
	name, project  string
	reader, writer string
	percent        int64 // of the database's cost
	week           week
}

func indexes() []index {
	return []index{
		{"docs-prod", "docs", "doc-search", "search-index", 60, customers()},
		{"helpdesk-prod", "helpdesk", "cs-deflect", "cs-deflect", 30, customers()},
		{"crm-prod", "crm", "sales-email", "sales-email", 10, office()},
	}
}

// An indexDay is what one index did on one day.
type indexDay struct {
	index
	day                    time.Time
	reads, writes, storage int64 // read units, write units, gigabyte-hours
}

// queries counts queries and upserts, which is what the use cases know: a query
// takes 10 read units, an upsert 20 write units.
func (d indexDay) queries() int64 { return d.reads / 10 }
func (d indexDay) upserts() int64 { return d.writes / 20 }

// Prices of the vector database, in dollars a unit.
func readUnit() decimal.Decimal     { return decimal.RequireFromString("0.000016") }
func writeUnit() decimal.Decimal    { return decimal.RequireFromString("0.000004") }
func gigabyteHour() decimal.Decimal { return decimal.RequireFromString("0.00045") }

// indexDays is the truth about the vector database; its bill and the outcome
// vector_ops, by which the bill is split, are both views of it.
func indexDays(m month) []indexDay {
	var (
		all     []indexDay
		dice    = newDice(pineconeDice, m)
		monthly = [months]int64{1880, 2110, 2370, 2590, 2800, 3000}
	)
	for _, x := range indexes() {
		cents := planned(monthly[m], dice) * x.percent / 100
		reads := spread(cents*55/100, m, x.week, dice)
		writes := spread(cents*25/100, m, x.week, dice)
		storage := spread(cents*20/100, m, steady(), dice)
		for i, day := range m.days() {
			all = append(all, indexDay{x, day,
				wholeUnits(reads[i], readUnit()).IntPart(),
				wholeUnits(writes[i], writeUnit()).IntPart(),
				wholeUnits(storage[i], gigabyteHour()).IntPart()})
		}
	}
	return all
}

// pinecone writes a console download of usage, which aifinops.yaml maps.
func (a *archive) pinecone(m month) {
	rows := [][]string{{"usage_date", "project", "index", "sku", "quantity", "unit", "amount", "currency"}}
	for _, d := range indexDays(m) {
		for _, line := range []struct {
			sku, unit string
			quantity  int64
			price     decimal.Decimal
		}{
			{"serverless-read-units", "RU", d.reads, readUnit()},
			{"serverless-write-units", "WU", d.writes, writeUnit()},
			{"serverless-storage", "GB-hour", d.storage, gigabyteHour()},
		} {
			amount := line.price.Mul(decimal.NewFromInt(line.quantity))
			a.bill("pinecone", m, amount)
			rows = append(rows, []string{d.day.Format(time.DateOnly), d.project, d.name, line.sku,
				strconv.FormatInt(line.quantity, 10), line.unit, amount.String(), "USD"})
		}
	}
	a.csv("inbox/pinecone/usage-"+m.String()+".csv", m.downloaded(), rows)
}
