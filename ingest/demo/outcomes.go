package demo

import (
	"fmt"
	"strconv"
	"time"
)

// outcomes writes what the money bought, by day or week: tickets that no
// person had to answer, people who used an AI feature, pull requests that the
// review bot wrote, and the operations by which the vector database is split.
func (a *archive) outcomes() {
	rows := [][]string{{"date", "week", "name", "value", "use_case"}}
	add := func(day time.Time, name string, value int64, useCase string) {
		rows = append(rows, []string{day.Format(time.DateOnly), "", name, strconv.FormatInt(value, 10), useCase})
	}
	for m := first; m <= last; m++ {
		dice := newDice(outcomesDice, m)
		tickets := spread([months]int64{8112, 9037, 9884, 11216, 12571, 13946}[m], m, customers(), dice)
		requests := spread([months]int64{307, 394, 476, 593, 728, 884}[m], m, office(), dice)
		users := [months]int64{2150, 2380, 2620, 2900, 3210, 4180}[m]
		for i, day := range m.days() {
			add(day, "tickets_deflected", tickets[i], "cs-deflect")
			add(day, "generated_prs", requests[i], "code-review")
			if day.Weekday() == time.Monday {
				year, week := day.ISOWeek()
				rows = append(rows, []string{"", fmt.Sprintf("%d-W%02d", year, week), "weekly_active_ai_users", strconv.FormatInt(users+dice.Int64N(121)-60, 10), ""})
			}
		}
		for _, d := range indexDays(m) {
			if d.reader == d.writer {
				add(d.day, "vector_ops", d.queries()+d.upserts(), d.reader)
				continue
			}
			add(d.day, "vector_ops", d.queries(), d.reader)
			add(d.day, "vector_ops", d.upserts(), d.writer)
		}
	}
	a.csv("inbox/outcomes.csv", last.downloaded().Add(time.Hour), rows)
}
