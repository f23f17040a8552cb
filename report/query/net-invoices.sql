/*
title: Invoices
about: What the invoices of each month say of what is booked, in the currency of the reports.
*/
-- The month whose invoice has a charge: a billing period that is a calendar month, in the vendor's time zone, says it; else the charge's own month.
CREATE OR REPLACE TEMP MACRO invoice_month(billing_period, charged) AS
    date_trunc('month', CASE WHEN day(billing_period + INTERVAL 13 HOUR) = 1 THEN billing_period + INTERVAL 13 HOUR ELSE charged END);

-- What the configuration leaves out of a bill as no AI is on its invoice all the same. A scope that is a time is a billing period.
CREATE OR REPLACE TEMP TABLE invoice_left_out AS
SELECT coalesce(l.ProviderName, '(none)') AS provider, invoice_month(try_cast(l.x_Scope AS TIMESTAMP), l.period_start) AS month,
    CASE WHEN bool_and(r.rate IS NOT NULL) THEN sum((l.BilledCost * r.rate)::DECIMAL(38,12)) END AS cost
FROM file_left_out l
LEFT JOIN rates r ON r.currency = l.BillingCurrency AND l.period_start >= r.rate_from AND l.period_start < r.rate_to
GROUP BY ALL;

-- What the invoice of a month has of other months' usage (arrived), and what other months' invoices have of this one's (departed): corrections, and
-- the days at both ends of a month in the vendor's time zone.
CREATE OR REPLACE TEMP TABLE invoice_moved AS
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
) GROUP BY ALL;

-- An invoice is of a whole month. It is compared with the usage of that month: without what is left out, and what is of other months. Of one that
-- waits for a rate there is no sum.
CREATE OR REPLACE TEMP TABLE net_invoices AS
WITH invoiced AS (
    SELECT coalesce(i.ProviderName, '(none)') AS provider, date_trunc('month', i.ChargePeriodStart) AS month, min(i.ChargePeriodStart) AS first, max(i.ChargePeriodEnd) AS last,
        CASE WHEN bool_and(r.rate IS NOT NULL) THEN sum((i.x_InvoiceTotal * r.rate)::DECIMAL(38,12)) END AS invoice
    FROM invoice_facts i
    LEFT JOIN rates r ON r.currency = i.BillingCurrency AND i.ChargePeriodStart >= r.rate_from AND i.ChargePeriodStart < r.rate_to
    GROUP BY ALL
)
SELECT provider, month, first, last, invoice - CASE WHEN l.month IS NULL THEN 0 ELSE l.cost END - coalesce(m.arrived - m.departed, 0) AS invoice
FROM invoiced LEFT JOIN invoice_left_out l USING (provider, month) LEFT JOIN invoice_moved m USING (provider, month);
