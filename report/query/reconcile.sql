/*
title: Reconcile
about: What each provider invoiced, billed and metered, and what the ledger shows.
sum:   [invoice, billing, usage_priced, requests_priced, ledger]
*/
WITH billed AS (
    SELECT provider, month, sum(cost) AS billing, sum(cost) FILTER (WHERE metered) AS usage_charges,
        sum(cost) FILTER (WHERE category = 'Tax') AS tax, sum(cost) FILTER (WHERE category = 'Credit') AS credits,
        sum(cost) FILTER (WHERE category IN ('Purchase', 'Adjustment')) AS fees,
        min(places)::BIGINT AS places, off_by(sum(rounding) FILTER (WHERE metered), sum(squares) FILTER (WHERE metered)) AS usage_rounding
    FROM reconcile_lines GROUP BY ALL
), evidence AS (
    SELECT provider, month,
        sum(cost) FILTER (WHERE role = 'usage') AS usage_priced, sum(list) FILTER (WHERE role = 'usage') AS usage_list, sum(high) FILTER (WHERE role = 'usage') AS usage_high,
        sum(cost) FILTER (WHERE role = 'requests') AS requests_priced,
        sum(unpriced) FILTER (WHERE role = 'usage')::BIGINT AS unpriced_usage, sum(unpriced) FILTER (WHERE role = 'requests')::BIGINT AS unpriced_requests,
        count(waiting) AS no_rate
    FROM reconcile_evidence GROUP BY ALL
), declared AS (
    SELECT provider, month, sum(declared) AS declared FROM reconcile_cells GROUP BY ALL
), fit AS (
    -- Rounding explains a provider's difference if it explains every cell's.
    SELECT provider, month, bool_and(abs(difference) <= coalesce(rounding, 0) + 0.000001) AS by_rounding, sum(difference) FILTER (WHERE reason = 'range') AS ranged,
        sum(difference) FILTER (WHERE apart AND difference > 0) AS above, -sum(difference) FILTER (WHERE apart AND difference < 0) AS below
    FROM reconcile_judged WHERE metered GROUP BY ALL
), missing AS (
    SELECT provider, month, count(DISTINCT day) AS missing_days FROM reconcile_lost GROUP BY ALL
), unbilled AS (
    SELECT provider, month, count(*) AS unbilled_days FROM reconcile_unbilled GROUP BY ALL
), over AS (
    SELECT provider, month, over AS overclaimed FROM reconcile_overclaims
), shown AS (
    SELECT coalesce(ProviderName, '(none)') AS provider, date_trunc('month', ChargePeriodStart) AS month,
        sum(BilledCost) AS ledger, sum(BilledCost) FILTER (WHERE x_Basis = 'estimated') AS estimated
    FROM costs WHERE in_period(ChargePeriodStart) GROUP BY ALL
), waits AS (
    SELECT provider, month, count(*) AS waiting FROM reconcile_waiting GROUP BY ALL
), everyone AS (
    SELECT provider, month FROM reconcile_invoices UNION SELECT provider, month FROM billed UNION SELECT provider, month FROM evidence
    UNION SELECT provider, month FROM shown UNION SELECT provider, month FROM waits
)
SELECT
    p.provider, strftime(p.month, '%Y-%m') AS month,
    invoice, billing, usage_priced, requests_priced, ledger,
    estimated, usage_charges, tax, credits, fees, usage_list, usage_high, declared,
    places, CASE WHEN by_rounding THEN usage_rounding END AS usage_rounding, ranged, above, below,
    coalesce(CASE WHEN usage_priced IS NULL AND coalesce(unpriced_usage, 0) = 0 THEN unpriced_requests ELSE unpriced_usage END, 0)::BIGINT AS unpriced,
    coalesce(missing_days, 0) AS missing_days, unbilled_days, p.month + INTERVAL 1 MONTH <= TIMESTAMP {today} AS ended, overclaimed, waiting, no_rate, getvariable('tolerance') AS tolerance
FROM everyone p
LEFT JOIN reconcile_invoices USING (provider, month) LEFT JOIN billed USING (provider, month) LEFT JOIN evidence USING (provider, month)
LEFT JOIN declared USING (provider, month) LEFT JOIN fit USING (provider, month) LEFT JOIN missing USING (provider, month) LEFT JOIN unbilled USING (provider, month)
LEFT JOIN over USING (provider, month) LEFT JOIN shown USING (provider, month) LEFT JOIN waits USING (provider, month)
WHERE {where}
ORDER BY p.provider, p.month
