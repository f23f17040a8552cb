package gate_test

import (
	"testing"
	"time"

	"github.com/aifinops/aifinops/report/allocate"
	"github.com/aifinops/aifinops/report/gate"
	"github.com/shopspring/decimal"
)

// decided is the decision that the tests change: it holds on the day of the run.
func decided() gate.Decision {
	return gate.Decision{
		Gate: "feature-growth", Subject: "meeting-notes", Month: dayOf("2026-10-01"), Decision: gate.DecisionApprove, By: "cfo@example.com",
		At: dayOf("2026-11-15"), RequestedBy: "noor@example.com", Reason: "launch to all customers", Cap: capOf("7000"), Until: dayOf("2026-12-31"),
	}
}

func dayOf(text string) allocate.Date {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return allocate.Date{Time: t}
}

func capOf(text string) *allocate.Decimal {
	return &allocate.Decimal{Decimal: decimal.RequireFromString(text)}
}

func TestStanding(t *testing.T) {
	finance := gate.Roles{"finance": {"CFO@example.com", "*@finance.example.com"}, "nobody": nil}
	for _, c := range []struct {
		name   string
		change func(*gate.Decision)
		asOf   string // default: 2026-11-15
		roles  gate.Roles
		role   string // default: finance
		owner  string
		spend  string
		month  string // default: 2026-10-01
		want   string // why it does not hold
		void   bool
	}{
		{name: "holds"},
		{name: "on the day it was recorded", asOf: "2026-11-15"},
		{name: "the day before", asOf: "2026-11-14", want: "recorded on 2026-11-15, after 2026-11-14", void: true},
		{name: "on its last day", asOf: "2026-12-31"},
		{name: "in the last hour of its last day", asOf: "2026-12-31T23:59:59Z"},
		{name: "the day after", asOf: "2027-01-01", want: "expired on 2026-12-31"},
		{name: "for a month after the one it was made for", month: "2026-11-01"},
		{name: "for the month before the one it was made for", month: "2026-09-01", want: "made for 2026-10, a later month", void: true},
		{name: "by its requester", change: func(d *gate.Decision) { d.By = "Noor@Example.com" }, want: "approved by Noor@Example.com, who asked for it", void: true},
		{name: "by the owner, who is the requester where none is named", owner: "CFO@example.com", change: func(d *gate.Decision) { d.RequestedBy = "" },
			want: "approved by cfo@example.com, the owner of meeting-notes", void: true},
		{name: "by the owner, for somebody else", owner: "cfo@example.com", want: "approved by cfo@example.com, the owner of meeting-notes", void: true},
		{name: "without requester and owner", change: func(d *gate.Decision) { d.RequestedBy = "" }},
		{name: "in the role, without case", roles: finance},
		{name: "in the role by a glob", roles: finance, change: func(d *gate.Decision) { d.By = "Eve@Finance.example.com" }},
		{name: "a glob is whole", roles: finance, change: func(d *gate.Decision) { d.By = "eve@finance.example.com.evil.example" },
			want: "approved by eve@finance.example.com.evil.example, who is not in the role finance", void: true},
		{name: "a dot is a dot", roles: finance, change: func(d *gate.Decision) { d.By = "eve@finance-example.com" },
			want: "approved by eve@finance-example.com, who is not in the role finance", void: true},
		{name: "a role with nobody in it", roles: finance, role: "nobody", want: "approved by cfo@example.com, who is not in the role nobody", void: true},
		{name: "a role that is not declared", roles: finance, role: "board", want: "approved by cfo@example.com, who is not in the role board", void: true},
		{name: "at its cap", spend: "7000.00"},
		{name: "over its cap", spend: "7120", want: "spend 7,120.00 is over its cap of 7,000.00"},
		{name: "over its cap by less than a cent", spend: "7000.001", want: "spend 7000.001 is over its cap of 7,000.00"},
		{name: "over a million", spend: "1234567.891", want: "spend 1,234,567.89 is over its cap of 7,000.00"},
		{name: "without a cap", spend: "7120", change: func(d *gate.Decision) { d.Cap = nil }},
		{name: "a pause of the owner's own", owner: "cfo@example.com", spend: "9000",
			change: func(d *gate.Decision) {
				d.Decision, d.RequestedBy, d.Until, d.Cap = gate.DecisionPause, "", allocate.Date{}, nil
			}},
		{name: "a pause by somebody outside the role", roles: finance, change: func(d *gate.Decision) { d.Decision, d.By = gate.DecisionPause, "noor@example.com" },
			want: "paused by noor@example.com, who is not in the role finance", void: true},

		// The first reason is said, and all that make it void do.
		{name: "not yet recorded, and expired", asOf: "2026-11-14", change: func(d *gate.Decision) { d.Until = dayOf("2026-11-01") }, want: "recorded on 2026-11-15, after 2026-11-14", void: true},
		{name: "expired, and of a later month", asOf: "2027-01-01", month: "2026-09-01", want: "expired on 2026-12-31", void: true},
		{name: "of a later month, and its requester's", month: "2026-09-01", change: func(d *gate.Decision) { d.By = "noor@example.com" }, want: "made for 2026-10, a later month", void: true},
		{name: "its requester's, and outside the role", roles: finance, change: func(d *gate.Decision) { d.By = "noor@example.com" },
			want: "approved by noor@example.com, who asked for it", void: true},
		{name: "outside the role, and over its cap", roles: finance, role: "board", spend: "9000", want: "approved by cfo@example.com, who is not in the role board", void: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, asOf, month, role := decided(), dayOf("2026-11-15").Time, dayOf("2026-10-01").Time, "finance"
			if c.change != nil {
				c.change(&d)
			}
			if c.asOf != "" {
				var err error
				if asOf, err = time.Parse(time.RFC3339, c.asOf); err != nil {
					asOf = dayOf(c.asOf).Time
				}
			}
			if c.month != "" {
				month = dayOf(c.month).Time
			}
			if c.role != "" {
				role = c.role
			}
			var spend *decimal.Decimal
			if c.spend != "" {
				amount := decimal.RequireFromString(c.spend)
				spend = &amount
			}
			got := d.Standing(asOf, c.roles, role, c.owner, spend, month)
			if want := (gate.Standing{Valid: c.want == "", Void: c.void, Reason: c.want}); got != want {
				t.Errorf("%+v, not %+v", got, want)
			}
		})
	}
}

func TestMembers(t *testing.T) {
	for _, c := range []struct {
		roles gate.Roles
		want  string
	}{
		{nil, "anybody"},
		{gate.Roles{"finance": {"cfo@example.com", "*@finance.example.com"}}, "cfo@example.com, *@finance.example.com"},
		{gate.Roles{"board": {"chair@example.com"}}, "nobody"},
	} {
		if got := c.roles.Members("finance"); got != c.want {
			t.Errorf("%v: %q, not %q", c.roles, got, c.want)
		}
	}
}

func TestAmount(t *testing.T) {
	for text, want := range map[string]string{"0": "0.00", "-0.004": "0.00", "999.995": "1,000.00", "-1234567.8": "-1,234,567.80", "12": "12.00", "123456": "123,456.00"} {
		if got := gate.Amount(decimal.RequireFromString(text)); got != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
}
