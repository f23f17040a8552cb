/*
title: Reconcile
about: What each provider invoiced, billed and metered, and what the ledger shows.
sum:   [invoice, billing, usage_priced, requests_priced, ledger]
*/
WITH invoiced AS (
    SELECT coalesce(i.ProviderName, '(none)') AS provider, date_trunc('month', i.ChargePeriodStart) AS month,
        CASE WHEN bool_and(r.rate IS NOT NULL) THEN sum((i.x_InvoiceTotal * r.rate)::DECIMAL(38,12)) END AS invoice
    FROM invoice_facts i
    LEFT JOIN rates r ON r.currency = i.BillingCurrency AND i.ChargePeriodStart >= r.rate_from AND i.ChargePeriodStart < r.rate_to
    WHERE in_period(i.ChargePeriodStart) AND in_period(i.ChargePeriodEnd - INTERVAL 1 MICROSECOND)
    GROUP BY ALL
), billed AS (
    SELECT provider, month, sum(cost) AS billing, sum(cost) FILTER (WHERE metered) AS usage_charges,
        sum(cost) FILTER (WHERE category = 'Tax') AS tax, sum(cost) FILTER (WHERE category = 'Credit') AS credits,
        sum(cost) FILTER (WHERE category IN ('Purchase', 'Adjustment')) AS fees,
        sum(rounding) AS rounding, sum(lines)::BIGINT AS lines, min(places)::BIGINT AS places, sum(rounding) FILTER (WHERE metered) AS usage_rounding
    FROM reconcile_lines GROUP BY ALL
), evidence AS (
    SELECT provider, month,
        sum(cost) FILTER (WHERE role = 'usage') AS usage_priced, sum(list) FILTER (WHERE role = 'usage') AS usage_list, sum(high) FILTER (WHERE role = 'usage') AS usage_high,
        sum(cost) FILTER (WHERE role = 'requests') AS requests_priced,
        sum(unpriced) FILTER (WHERE role = 'usage')::BIGINT AS unpriced_usage, sum(unpriced) FILTER (WHERE role = 'requests')::BIGINT AS unpriced_requests
    FROM reconcile_evidence GROUP BY ALL
), declared AS (
    SELECT provider, month, sum(declared) AS declared FROM reconcile_cells GROUP BY ALL
), fit AS (
    -- Rounding explains a provider's difference if it explains every cell's.
    SELECT provider, month, bool_and(abs(difference) <= coalesce(rounding, 0) + 0.000001) AS by_rounding, sum(difference) FILTER (WHERE reason = 'range') AS ranged FROM reconcile_judged WHERE metered GROUP BY ALL
), missing AS (
    SELECT provider, month, count(DISTINCT day) AS missing_days FROM reconcile_lost GROUP BY ALL
), over AS (
    SELECT provider, month, over AS overclaimed FROM reconcile_overclaims
), shown AS (
    SELECT coalesce(ProviderName, '(none)') AS provider, date_trunc('month', ChargePeriodStart) AS month,
        sum(BilledCost) AS ledger, sum(BilledCost) FILTER (WHERE x_Basis = 'estimated') AS estimated
    FROM costs WHERE in_period(ChargePeriodStart) GROUP BY ALL
), waits AS (
    SELECT provider, month, count(*) AS waiting FROM reconcile_waiting GROUP BY ALL
), everyone AS (
    SELECT provider, month FROM invoiced UNION SELECT provider, month FROM billed UNION SELECT provider, month FROM evidence
    UNION SELECT provider, month FROM shown UNION SELECT provider, month FROM waits
)
SELECT
    p.provider, strftime(p.month, '%Y-%m') AS month,
    invoice, billing, usage_priced, requests_priced, ledger,
    estimated, usage_charges, tax, credits, fees, usage_list, usage_high, declared,
    rounding, lines, places, CASE WHEN by_rounding THEN usage_rounding END AS usage_rounding, ranged,
    coalesce(CASE WHEN usage_priced IS NULL AND coalesce(unpriced_usage, 0) = 0 THEN unpriced_requests ELSE unpriced_usage END, 0)::BIGINT AS unpriced,
    coalesce(missing_days, 0) AS missing_days, overclaimed, waiting, getvariable('tolerance') AS tolerance
FROM everyone p
LEFT JOIN invoiced USING (provider, month) LEFT JOIN billed USING (provider, month) LEFT JOIN evidence USING (provider, month)
LEFT JOIN declared USING (provider, month) LEFT JOIN fit USING (provider, month) LEFT JOIN missing USING (provider, month)
LEFT JOIN over USING (provider, month) LEFT JOIN shown USING (provider, month) LEFT JOIN waits USING (provider, month)
WHERE {where}
ORDER BY p.provider, p.month
