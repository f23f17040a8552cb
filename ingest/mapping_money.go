package ingest

import (
	"cmp"
	"fmt"
	"regexp"
)

// moneyIn finds the sign or code of a currency in a heading, such as "Betrag (EUR)".
var moneyIn = regexp.MustCompile(`[€£]|\b(USD|EUR|GBP|CHF|JPY|CNY|SEK|NOK|DKK|PLN|CZK|INR|BRL|CAD|AUD|SGD)\b`)

// checkMoney refuses amounts of which the heading says another currency than the one in which they would be booked.
func (m Mapping) checkMoney(reporting string) error {
	heading := cmp.Or(m.Columns["cost"], m.Columns["total"])
	said := map[string]string{"€": "EUR", "£": "GBP"}[moneyIn.FindString(heading)]
	said = cmp.Or(said, moneyIn.FindString(heading))
	if m.Currency == "" && m.Columns["currency"] == "" && said != "" && said != reporting {
		return fmt.Errorf("columns: %q is in %s, and would be booked as %s; add currency: %s", heading, said, reporting, said)
	}
	return nil
}
