package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/aifinops/aifinops/report/metric"
)

// judging opens the ledger for a month that is to be judged, with the register read and the facts of the month made.
func (g *globalOptions) judging(ctx context.Context, month string) (*session, error) {
	s, err := g.sessionOf(ctx, periodOptions{month: month})
	if err != nil {
		return nil, err
	}
	if s.decided, err = s.register(s.asOf); err == nil {
		err = s.judgeable(ctx, s.gates().From(s.period.From, s.asOf), s.period.To)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// judgeable makes the facts of some months: the dollars, and what gates compare.
func (s *session) judgeable(ctx context.Context, from, to time.Time) error {
	whole := s.reaching(from, to)
	mentions, err := report.Request{By: []string{"provider", "model", "key", "category"}}.Mentions()
	if err != nil {
		return err
	}
	if err := s.analyse(ctx, whole, append(mentions, "x_BookModel")); err != nil {
		return err
	}
	return s.facts(ctx, whole, from, to)
}

// facts makes what gates compare in some months: what can be relied on of the dollars, the cost of outcomes, and the facts of each subject.
func (s *session) facts(ctx context.Context, whole report.Period, from, to time.Time) error {
	if err := s.unitCosts(ctx, whole); err != nil {
		return err
	}
	return s.gates().Install(ctx, s.db, gate.Options{AsOf: s.asOf, From: from, To: to, Dearest: s.prices.Dearest()})
}

// unitCosts makes the cost of outcomes, by month, and what can be relied on of the dollars in it.
func (s *session) unitCosts(ctx context.Context, whole report.Period) error {
	r := s.request("")
	r.Period = whole
	if err := report.Books(ctx, s.db, r); err != nil {
		return err
	}
	return s.metrics().Install(ctx, s.db, metric.Options{AsOf: s.asOf, From: whole.From, To: whole.To, Drivers: s.drivers()})
}

// reaching is the months to analyse so that some can be judged: the one before them, those in which a metric has its baseline, and those
// since a pause.
func (s *session) reaching(from, to time.Time) report.Period {
	p := report.Period{From: from.AddDate(0, -1, 0), To: to}
	for _, m := range s.Metrics {
		if !m.Baseline.IsZero() && m.Baseline.Before(p.From) {
			p.From = m.Baseline.Time
		}
	}
	if paused := s.decided.Watched(s.asOf); !paused.IsZero() {
		if paused = report.Month(paused).From; paused.Before(p.From) {
			p.From = paused
		}
		if running := report.Month(s.asOf).To; running.After(p.To) {
			p.To = running
		}
	}
	p.PriorFrom, p.PriorTo = report.Month(p.From).PriorFrom, p.From
	return p
}

// judgeAll makes the views unit_costs and gates, of every month that the ledger has. It must have been analysed.
func (s *session) judgeAll(ctx context.Context) (err error) {
	if s.decided, err = s.register(s.asOf); err != nil {
		return err
	}
	first, end, err := report.Span(ctx, s.db)
	if err != nil {
		return err
	}
	whole := report.Period{From: first, To: end, PriorFrom: first.AddDate(0, -1, 0), PriorTo: first}
	if err := s.facts(ctx, whole, s.gates().From(first, s.asOf), end); err != nil {
		return err
	}
	var all []gate.Judgement
	for month := first; month.Before(end); month = month.AddDate(0, 1, 0) {
		j, err := s.gates().Judge(ctx, s.db, s.decided, month, s.asOf)
		if err != nil {
			return err
		}
		all = append(all, j)
	}
	return gate.Record(ctx, s.db, all)
}

// checkGates says what is wrong with gates, metrics, budgets and register. It needs no ledger.
func checkGates(ctx context.Context, g *globalOptions) error {
	c, err := g.load()
	if err != nil {
		return err
	}
	today, err := g.today()
	if err != nil {
		return err
	}
	decided, err := c.register(today)
	if err != nil {
		return err
	}
	if err := g.scratch(ctx, checkConditions); err != nil {
		return err
	}
	for _, d := range decided {
		if why := d.Void(c.gates(), today); why != "" {
			g.say("warning: %s: the decision on %s %s does not hold: %s", d.Place, d.Gate, d.Subject, why)
		}
	}
	return g.emit(fmt.Sprintf("%d gates, %d metrics and %d decisions are sound\n", len(c.gates().All()), len(c.Metrics), len(decided)))
}

// checkConditions has the database read the conditions of the gates.
func checkConditions(ctx context.Context, s *session) error {
	return s.gates().CheckConditions(ctx, s.db)
}

// scratch runs on an empty ledger with the configuration's policy: conditions are of a type whatever the ledger holds.
func (g *globalOptions) scratch(ctx context.Context, do func(context.Context, *session) error) (err error) {
	dir, err := os.MkdirTemp("", "aifinops-check-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	empty := *g
	empty.db = filepath.Join(dir, "empty.duckdb")
	l, err := ingest.Open(ctx, empty.db, ingest.Options{})
	if err != nil {
		return err
	}
	if err := l.Close(); err != nil {
		return err
	}
	s, err := empty.session(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	month := report.Month(s.asOf)
	s.period = month
	if err := s.judgeable(ctx, month.From, month.To); err != nil {
		return err
	}
	return do(ctx, s)
}
