/*
title: what reconcile asks of the claims
about: The invoices of the period; requests that claim more than was billed; money that waits for an exchange rate; days without a bill.
*/
CREATE OR REPLACE TEMP TABLE reconcile_invoices AS
SELECT provider, month, invoice FROM net_invoices WHERE in_period(first) AND in_period(last - INTERVAL 1 MICROSECOND);

-- Requests alone claim more than a bill has, even at the bill's own discount: a call is logged twice, or was not billed.
CREATE OR REPLACE TEMP TABLE reconcile_overclaims AS
WITH asked AS (
    SELECT b.bill, b.ProviderName AS provider, b.month, b.cost, g.x_Source, sum(p.amount) AS amount, any_value(r.ratio) AS factor
    FROM parts p
    JOIN claimed_bills b USING (bill)
    JOIN groups g USING (x_Group)
    LEFT JOIN reconcile_ratios r ON r.provider = b.ProviderName AND r.month = b.month
        AND (r.cut = 3 OR r.cut = 1 AND r.model IS NOT DISTINCT FROM b.model OR r.cut = 2 AND r.class IS NOT DISTINCT FROM b.class)
    WHERE p.role = 'requests' AND in_period(coalesce(b.day, b.month))
    GROUP BY ALL
), bills_over AS (
    SELECT bill, provider, month, any_value(cost) AS cost, sum(amount) AS asked FROM asked GROUP BY ALL
    HAVING sum(amount * least(coalesce(factor, 1), 1)) > any_value(cost) * (1 + getvariable('tolerance'))
), sources AS (
    SELECT o.provider, o.month, a.x_Source, sum(a.amount) AS amount FROM bills_over o JOIN asked a USING (bill) GROUP BY ALL
), named AS (
    SELECT provider, month, count(*) AS gateways, string_agg(x_Source || ' ' || dollars(amount), ', ' ORDER BY amount DESC, x_Source) AS sources FROM sources GROUP BY ALL
), summed AS (
    SELECT provider, month, sum(cost) AS cost, sum(asked) AS asked, sum(asked) - sum(cost) AS over FROM bills_over GROUP BY ALL
), metered AS (
    SELECT provider, month, sum(cost) AS cost FROM reconcile_lines WHERE metered GROUP BY ALL
)
SELECT s.*, n.gateways, n.sources
FROM summed s JOIN named n USING (provider, month) JOIN metered m USING (provider, month)
WHERE s.over >= 0.01 * m.cost;

CREATE OR REPLACE TEMP TABLE reconcile_waiting AS
SELECT coalesce(ProviderName, '(none)') AS provider, date_trunc('month', ChargePeriodStart) AS month, 'bill' AS side, BillingCurrency AS currency, sum(BilledCost) AS amount
FROM waiting WHERE in_period(ChargePeriodStart) GROUP BY ALL
UNION ALL
SELECT coalesce(ProviderName, '(none)'), date_trunc('month', ChargePeriodStart), 'invoice', BillingCurrency, sum(x_InvoiceTotal)
FROM invoice_facts i
ANTI JOIN rates r ON r.currency = i.BillingCurrency AND i.ChargePeriodStart >= r.rate_from AND i.ChargePeriodStart < r.rate_to
WHERE in_period(ChargePeriodStart) AND in_period(ChargePeriodEnd - INTERVAL 1 MICROSECOND) GROUP BY ALL;

-- A month without the usage that the provider's other months have.
CREATE OR REPLACE TEMP TABLE reconcile_unmetered AS
SELECT l.provider, l.month, count(DISTINCT l.day) AS days, sum(l.cost) AS cost
FROM reconcile_lines l
WHERE l.metered AND l.provider IN (SELECT ProviderName FROM usage_facts JOIN dimensions USING (x_Dimension))
    AND NOT EXISTS (FROM reconcile_cells c WHERE c.provider = l.provider AND c.month = l.month AND c.seen)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE reconcile_unbilled AS
SELECT provider, month, day FROM unbilled_days SEMI JOIN reconcile_lines USING (provider, month);

CREATE OR REPLACE TEMP TABLE reconcile_lost AS
SELECT DISTINCT provider, month, day FROM reconcile_judged WHERE reason IN ('day without usage', 'day without bill')
UNION
SELECT l.provider, l.month, l.day FROM reconcile_lines l JOIN reconcile_unmetered u USING (provider, month) WHERE l.day IS NOT NULL
UNION
FROM reconcile_unbilled;
