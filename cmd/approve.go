package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aifinops/aifinops/ingest"
	"github.com/aifinops/aifinops/report"
	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/spf13/cobra"
)

// A decisionFlag is a value of a decision on the command line; its name is the register's key, with - for _.
type decisionFlag struct {
	name, about string
	needed      bool
	value       string
	given       bool
}

// decisionOptions are the flags of approve, or of pause.
type decisionOptions struct {
	word  string // approve or pause
	flags []*decisionFlag
}

func newApproveCommand(g *globalOptions) *cobra.Command {
	opts := decisionOptions{word: gate.DecisionApprove, flags: []*decisionFlag{
		{name: "by", about: "the e-mail `ADDRESS` of who approves", needed: true},
		{name: "reason", about: "why, as `TEXT`", needed: true},
		{name: "until", about: "the last `DAY` on which it holds: a day after the last run that it shall cover", needed: true},
		{name: "cap", about: "the most, in the reporting currency, that a month may cost: an `AMOUNT` such as 7000"},
		{name: "expect", about: "what it will come to: words, or a `CONDITION` over the facts of the subject"},
		{name: "requested-by", about: "the e-mail `ADDRESS` of who asked; default: the owner of the use case"},
		{name: "month", about: "the `MONTH` that was judged, such as 2026-10; default: the last in the ledger that is over"},
	}}
	c := &cobra.Command{
		Use:   "approve GATE [SUBJECT]",
		Short: "Record a justification or an approval, with who, why, cap and until when",
		Long: `approve adds an approval to the register of decisions, a plain YAML file that lives in git
(decisions.yaml; decisions: in the configuration names another). A gate that a valid
approval covers says so and passes.

Who approves must be in the role that owns the gate (roles: and the gate's owner:), and must
not be who asked for it. The approval holds from the month that was judged on, up to --until,
and while a month costs no more than --cap.

SUBJECT is a use case, a metric, a provider, a model, a key or a team, as the gate says; it
is left out for gates on the total.`,
		Example: `  aifinops approve feature-growth meeting-notes --by cfo@example.com \
    --reason "launch to all customers" --cap 4000 --expect "spend < 3500" --until 2026-12-31
  aifinops approve total-growth --by cfo@example.com --reason "as planned" --until 2026-12-31`,
		Args: subjectOf(opts.word),
		RunE: func(c *cobra.Command, args []string) error { return runDecide(c.Context(), g, opts.of(c), args) },
	}
	opts.bind(c)
	return c
}

func newPauseCommand(g *globalOptions) *cobra.Command {
	opts := decisionOptions{word: gate.DecisionPause, flags: []*decisionFlag{
		{name: "by", about: "the e-mail `ADDRESS` of who decides", needed: true},
		{name: "reason", about: "why, as `TEXT`", needed: true},
		{name: "from", about: "the first `DAY` without spend; default: tomorrow"},
		{name: "month", about: "the `MONTH` that was judged, such as 2026-10; default: the last in the ledger that is over"},
	}}
	c := &cobra.Command{
		Use:   "pause GATE [SUBJECT]",
		Short: "Record that spend shall stop; gates watch whether it does",
		Long: `pause adds a pause to the register of decisions. It stops nothing by itself: aifinops never
goes online. From then on the gate says of any spend that the pause was not honoured, until
somebody approves the subject again.`,
		Example: `  aifinops pause pilot-without-metric lead-scoring --by cfo@example.com --reason "no metric"`,
		Args:    subjectOf(opts.word),
		RunE:    func(c *cobra.Command, args []string) error { return runDecide(c.Context(), g, opts.of(c), args) },
	}
	opts.bind(c)
	return c
}

// subjectOf checks that a gate is named, and a subject at most.
func subjectOf(word string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < 1 || len(args) > 2 {
			return usage(fmt.Errorf("%s takes a gate and its subject, such as feature-growth meeting-notes; `aifinops gate` says what is open", word))
		}
		return nil
	}
}

func (o decisionOptions) bind(c *cobra.Command) {
	for _, f := range o.flags {
		c.Flags().StringVar(&f.value, f.name, "", f.about)
	}
}

// of notes which flags were given: --cap "$CAP" without a CAP must not become an approval without one.
func (o decisionOptions) of(c *cobra.Command) decisionOptions {
	for _, f := range o.flags {
		f.given = c.Flags().Changed(f.name)
	}
	return o
}

// runDecide records a decision, if it would hold today.
func runDecide(ctx context.Context, g *globalOptions, opts decisionOptions, args []string) error {
	today, err := g.today()
	if err != nil {
		return err
	}
	d, err := opts.decision(today)
	if err != nil {
		return usage(err)
	}
	c, err := g.load()
	if err != nil {
		return err
	}
	policy := c.gates()
	rule, err := policy.Gate(args[0])
	if err != nil {
		return usage(err)
	}
	if d.Decision == gate.DecisionApprove && rule.Decision == gate.CannotJudge {
		return usage(fmt.Errorf("the gate %s says that nobody can judge: an approval does not make it pass; `aifinops gate` says what is missing", rule.ID))
	}
	d.Gate, d.Subject = rule.ID, rule.For // the subject of gates on the total is called that
	switch {
	case len(args) == 2:
		d.Subject = args[1]
	case rule.For != "total":
		return usage(fmt.Errorf("the gate %s judges each %s by itself: %s %[1]s SUBJECT", rule.ID, strings.ReplaceAll(rule.For, "-", " "), opts.word))
	}
	if err := policy.Known().Check(d.Gate, d.Subject); err != nil {
		return usage(err)
	}
	if err := g.askLedger(ctx, rule, &d); err != nil {
		return err
	}
	if err := mayDecide(policy, rule, d, today); err != nil {
		return usage(err)
	}
	file := c.path(c.Decisions)
	if err := gate.Append(file, d); err != nil {
		return usage(err)
	}
	return g.emit(fmt.Sprintf("recorded in %s:\n%snext: git add %[1]s && git commit, then aifinops gate --month %[3]s\n", file, d, d.Month.Format("2006-01")))
}

// decision is what the flags say, or all that is wrong with them.
func (o decisionOptions) decision(today time.Time) (gate.Decision, error) {
	d := gate.Decision{Decision: o.word, At: allocate.Date{Time: today}}
	if o.word == gate.DecisionPause {
		d.From.Time = today.AddDate(0, 0, 1)
	}
	var missing []string
	var errs []error
	for _, f := range o.flags {
		switch {
		case f.given:
			if err := d.Set(strings.ReplaceAll(f.name, "-", "_"), f.value); err != nil {
				errs = append(errs, fmt.Errorf("--%s %w", f.name, err))
			}
		case f.needed:
			missing = append(missing, "--"+f.name)
		}
	}
	if len(missing) > 0 {
		errs = append([]error{fmt.Errorf("%s needs %s", o.word, strings.Join(missing, ", "))}, errs...)
	}
	for _, end := range []struct {
		name string
		day  allocate.Date
	}{{"until", d.Until}, {"from", d.From}} {
		if !end.day.IsZero() && end.day.Before(today) {
			errs = append(errs, fmt.Errorf("--%s %s is before today, %s", end.name, end.day.Format(time.DateOnly), today.Format(time.DateOnly)))
		}
	}
	if d.Month.After(today) {
		errs = append(errs, fmt.Errorf("--month %s has not begun, so that no gate has judged it", d.Month.Format("2006-01")))
	}
	return d, errors.Join(errs...)
}

// askLedger fills in the month, and checks what only the ledger knows: its models, keys and providers, the facts that an
// expectation may name, and what a cap is below. Where nothing is left to ask it is not opened, and with --month it need not be there.
func (g *globalOptions) askLedger(ctx context.Context, rule gate.Gate, d *gate.Decision) error {
	known := d.Expect == "" && d.Cap == nil && !slices.Contains([]string{"model", "key", "provider"}, rule.For)
	given := !d.Month.IsZero()
	if known && given {
		return nil
	}
	month := ""
	if given {
		month = d.Month.Format("2006-01")
	}
	var s *session
	var err error
	if known {
		s, err = g.sessionOf(ctx, periodOptions{})
	} else {
		s, err = g.judging(ctx, month)
	}
	switch {
	case errors.Is(err, ingest.ErrNoLedger) && given:
		return nil
	case errors.Is(err, ingest.ErrNoLedger), errors.Is(err, report.ErrEmpty):
		return fmt.Errorf("%w; or say --month", err)
	case err != nil:
		return err
	}
	defer s.close()
	d.Month.Time = s.period.From
	if known {
		return nil
	}
	names := s.gates().Known()
	if names.Subjects[rule.For] == nil {
		if names.Subjects[rule.For], err = gate.Subjects(ctx, s.db, rule.For); err != nil {
			return err
		}
	}
	if err := names.Check(d.Gate, d.Subject); err != nil {
		return usage(fmt.Errorf("the ledger has %w", err))
	}
	if d.Cap != nil {
		spend, err := rule.Spend(ctx, s.db, d.Subject, d.Month.Time)
		if err != nil {
			return err
		}
		if spend != nil && spend.GreaterThan(d.Cap.Decimal) {
			g.say("warning: %s has spent %s in %s, over this cap: of that month the gate will not pass", d.Subject, gate.Amount(*spend), d.Month.Format("2006-01"))
		}
	}
	if d.Expect == "" {
		return nil
	}
	words, err := s.gates().CheckExpectation(ctx, s.db, rule.For, d.Expect)
	if err != nil {
		return usage(fmt.Errorf("--expect %q: %w", d.Expect, err))
	}
	if words {
		g.say("note: what is expected is in words, and no condition over facts: a person will have to say whether it came true")
	}
	return nil
}

// mayDecide refuses what would not hold, and says who may.
func mayDecide(policy gate.Policy, rule gate.Gate, d gate.Decision, today time.Time) error {
	if d.Decision == gate.DecisionPause && policy.LoadBearing(rule.For, d.Subject) {
		return fmt.Errorf("%s is load-bearing: nobody pauses what people depend on; aifinops approve %s %[1]s re-justifies it", d.Subject, d.Gate)
	}
	standing := d.Standing(today, policy.Roles, rule.Owner, policy.OwnerOf(rule.For, d.Subject), nil, d.Month.Time)
	if standing.Valid {
		return nil
	}
	may := "somebody else has to decide"
	if len(policy.Roles) > 0 {
		may = fmt.Sprintf("the gate %s is %s's: %s", rule.ID, rule.Owner, policy.Roles.Members(rule.Owner))
	}
	return fmt.Errorf("it would not hold: %s; %s", standing.Reason, may)
}
