/*
title: what reconcile asks of the claims
about: Invoices; requests that claim more than was billed; money that waits for an exchange rate; days without a bill.
*/
-- The month whose invoice has a charge: a billing period that is a calendar month, in the vendor's time zone, says it; else the charge's own month.
CREATE OR REPLACE TEMP MACRO invoice_month(billing_period, charged) AS
    date_trunc('month', CASE WHEN day(billing_period + INTERVAL 13 HOUR) = 1 THEN billing_period + INTERVAL 13 HOUR ELSE charged END);

-- What the configuration leaves out of a bill as no AI is on its invoice all the same. A scope that is a time is a billing period.
CREATE OR REPLACE TEMP TABLE reconcile_left_out AS
SELECT coalesce(l.ProviderName, '(none)') AS provider, invoice_month(try_cast(l.x_Scope AS TIMESTAMP), l.period_start) AS month,
    CASE WHEN bool_and(r.rate IS NOT NULL) THEN sum((l.BilledCost * r.rate)::DECIMAL(38,12)) END AS cost
FROM file_left_out l
LEFT JOIN rates r ON r.currency = l.BillingCurrency AND l.period_start >= r.rate_from AND l.period_start < r.rate_to
WHERE in_period(invoice_month(try_cast(l.x_Scope AS TIMESTAMP), l.period_start))
GROUP BY ALL;

-- What the invoice of a month has of other months' usage (arrived), and what other months' invoices have of this one's (departed): corrections, and
-- the days at both ends of a month in the vendor's time zone.
CREATE OR REPLACE TEMP TABLE reconcile_moved AS
WITH moved AS (
    SELECT coalesce(d.ProviderName, '(none)') AS provider, date_trunc('month', f.ChargePeriodStart) AS used, invoice_month(f.BillingPeriodStart, f.ChargePeriodStart) AS invoiced,
        sum((f.BilledCost * r.rate)::DECIMAL(38,12)) AS cost
    FROM charge_facts f
    JOIN dimensions d USING (x_Dimension)
    JOIN rates r ON r.currency = d.BillingCurrency AND f.ChargePeriodStart >= r.rate_from AND f.ChargePeriodStart < r.rate_to
    WHERE date_trunc('month', f.ChargePeriodStart) <> invoice_month(f.BillingPeriodStart, f.ChargePeriodStart)
        AND coalesce(f.BillingPeriodEnd - f.BillingPeriodStart BETWEEN INTERVAL 27 DAY AND INTERVAL 32 DAY, true)
        AND f.x_File IN (SELECT x_File FROM file_coverage WHERE try_cast(x_Scope AS TIMESTAMP) IS NOT NULL) -- exports that are replaced by billing period, as clouds bill
    GROUP BY ALL
)
SELECT provider, month, sum(arrived) AS arrived, sum(departed) AS departed FROM (
    SELECT provider, invoiced AS month, cost AS arrived, 0 AS departed FROM moved
    UNION ALL
    SELECT provider, used, 0, cost FROM moved
) WHERE in_period(month)
GROUP BY ALL;

-- An invoice is of a whole month. It is compared with the usage of that month: without what is left out, and what is of other months. Of one that
-- waits for a rate there is no sum.
CREATE OR REPLACE TEMP TABLE reconcile_invoices AS
SELECT provider, month, invoice - CASE WHEN l.month IS NULL THEN 0 ELSE l.cost END - coalesce(m.arrived - m.departed, 0) AS invoice FROM (
SELECT coalesce(i.ProviderName, '(none)') AS provider, date_trunc('month', i.ChargePeriodStart) AS month,
    CASE WHEN bool_and(r.rate IS NOT NULL) THEN sum((i.x_InvoiceTotal * r.rate)::DECIMAL(38,12)) END AS invoice
FROM invoice_facts i
LEFT JOIN rates r ON r.currency = i.BillingCurrency AND i.ChargePeriodStart >= r.rate_from AND i.ChargePeriodStart < r.rate_to
WHERE in_period(i.ChargePeriodStart) AND in_period(i.ChargePeriodEnd - INTERVAL 1 MICROSECOND)
GROUP BY ALL
) LEFT JOIN reconcile_left_out l USING (provider, month) LEFT JOIN reconcile_moved m USING (provider, month);

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

-- The days for which a provider that bills on most days has no bill. One whose invoice is the bill to the cent charged nothing on them.
CREATE OR REPLACE TEMP TABLE reconcile_unbilled AS
WITH covered AS (
    SELECT DISTINCT coalesce(ProviderName, '(none)') AS provider, unnest(generate_series(c.period_start::DATE, (c.period_end - INTERVAL 1 MICROSECOND)::DATE, INTERVAL 1 DAY))::TIMESTAMP AS day
    FROM file_coverage c JOIN files USING (x_File) WHERE role = 'billing' AND c.period_end - c.period_start < INTERVAL 400 DAY
), days AS (
    SELECT provider, date_trunc('month', day) AS month, count(*) AS days FROM covered GROUP BY ALL
), whole AS (
    SELECT provider, month FROM reconcile_lines JOIN reconcile_invoices USING (provider, month) GROUP BY ALL HAVING abs(any_value(invoice) - sum(cost)) <= 0.01
), begun AS ( -- a charge may last longer than its day
    SELECT coalesce(d.ProviderName, '(none)') AS provider, date_trunc('month', f.ChargePeriodStart) AS month, count(DISTINCT f.ChargePeriodStart::DATE) AS begun
    FROM charge_facts f JOIN dimensions d USING (x_Dimension) WHERE in_period(f.ChargePeriodStart) GROUP BY ALL
), daily AS (
    SELECT provider, month FROM begun JOIN days USING (provider, month) ANTI JOIN whole USING (provider, month) WHERE begun >= greatest(5, 0.8 * days)
)
SELECT d.provider, d.month, p.day
FROM daily d
JOIN (SELECT unnest(period_days()) AS day) p ON date_trunc('month', p.day) = d.month AND p.day < TIMESTAMP {today}
ANTI JOIN covered c ON c.provider = d.provider AND c.day = p.day;

CREATE OR REPLACE TEMP TABLE reconcile_lost AS
SELECT DISTINCT provider, month, day FROM reconcile_judged WHERE reason IN ('day without usage', 'day without bill')
UNION
SELECT l.provider, l.month, l.day FROM reconcile_lines l JOIN reconcile_unmetered u USING (provider, month) WHERE l.day IS NOT NULL
UNION
FROM reconcile_unbilled;
