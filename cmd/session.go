package cmd

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/pricing"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/attribute"
	"github.com/aifinops/aifinops/report/gate"
)

// A session is a ledger that is open for reading, and what is to be thought of it.
type session struct {
	config
	db     *sql.DB
	prices *pricing.Book
	asOf   time.Time     // the day that counts as today
	period report.Period // what the report is about; zero where none is asked for
	close  func()
	say    func(format string, args ...any) // to the user, beside the data

	decided gate.Register // of judging
}

// session opens the ledger for reading, with the policy declared. The caller closes it. The database may write into the folders given, and
// nowhere else. Where the ledger cannot be opened, what the configuration says comes back beside the error.
func (g *globalOptions) session(ctx context.Context, writable ...string) (*session, error) {
	asOf, err := g.today()
	if err != nil {
		return nil, err
	}
	c, book, err := g.book()
	if err != nil {
		return nil, err
	}
	l, err := g.open(ctx, c, true)
	if err != nil {
		return &session{config: c, prices: book}, err
	}
	// A rule may hold SQL of its own: it shall see the ledger, and no other file.
	if err := l.Confine(ctx, writable...); err != nil {
		return nil, fmt.Errorf("%w%s", err, closing(l))
	}
	if err := c.policy().Declare(ctx, l.DB); err != nil {
		return nil, fmt.Errorf("%w%s", err, closing(l))
	}
	// What was only read has nothing to lose on closing.
	return &session{config: c, db: l.DB, prices: book, asOf: asOf, say: g.say, close: func() { _ = l.Close() }}, nil
}

// sessionOf opens the ledger for a report about some time.
func (g *globalOptions) sessionOf(ctx context.Context, o periodOptions, writable ...string) (*session, error) {
	s, err := g.session(ctx, writable...)
	if err != nil {
		return nil, err
	}
	if s.period, err = report.ParsePeriod(ctx, s.db, o.month, o.from, o.to, s.asOf); err != nil {
		s.close()
		return nil, usage(err)
	}
	return s, nil
}

// request is a question about the session's period.
func (s *session) request(by string) report.Request {
	return report.Request{By: splitList(by), Period: s.period, Currency: s.Currency, AsOf: s.asOf, PricesAsOf: s.prices.AsOf(), Tolerance: s.tolerance()}
}

// closing closes a ledger after an error; what that says in turn is added to it.
func closing(l *ingest.Ledger) string {
	if err := l.Close(); err != nil {
		return "; " + err.Error()
	}
	return ""
}

// analyse makes what reports read: the evidence of the months that the period and the one before it touch is priced
// and claims its bills, and the rules judge the slices. Slices that differ only in what neither the rules nor the
// question mention (SQL over dimensions) are one; nil keeps all apart.
func (s *session) analyse(ctx context.Context, period report.Period, mentions []string) error {
	if err := pricing.Install(ctx, s.db, s.prices, s.terms()); err != nil {
		return err
	}
	from, to := period.Months()
	if mentions != nil {
		mentions = append(mentions, s.policy().Mentions()...)
	}
	if err := attribute.Group(ctx, s.db, attribute.Options{From: from, To: to, Keys: s.Keys, Tolerance: s.tolerance(), Mentions: mentions, Rules: s.policy().Mentions()}); err != nil {
		return err
	}
	if err := pricing.Price(ctx, s.db); err != nil {
		return err
	}
	if err := attribute.Claim(ctx, s.db); err != nil {
		return err
	}
	return s.policy().Judge(ctx, s.db)
}

// allTime is every month that the ledger may hold.
func allTime() report.Period {
	return report.Period{From: time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
}
