/*
title: Reconcile
about: The same by token class or by day, to find where a difference is.
sum:   [billing, usage_priced, requests_priced]
*/
WITH cells AS (
    SELECT provider, month, {part} AS part, billed AS billing, billed AS usage_charges, usage, requests, high, declared, worst, squares, unpriced, requests_unpriced FROM reconcile_cells
    UNION ALL
    SELECT provider, month, {part}, cost, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM reconcile_lines WHERE NOT metered
), metering AS (
    SELECT provider, month, bool_or(seen) AS metering FROM reconcile_cells GROUP BY ALL
), fit AS (
    SELECT provider, month, {part} AS part, bool_and(abs(difference) <= coalesce(rounding, 0) + 0.000001) AS by_rounding, sum(difference) FILTER (WHERE reason = 'range') AS ranged,
        sum(difference) FILTER (WHERE apart AND difference > 0) AS above, -sum(difference) FILTER (WHERE apart AND difference < 0) AS below
    FROM reconcile_judged GROUP BY ALL
), no_rate AS (
    SELECT provider, month, count(waiting) AS no_rate FROM reconcile_evidence GROUP BY ALL
)
SELECT
    p.provider, strftime(p.month, '%Y-%m') AS month, p.part AS {name},
    sum(p.billing) AS billing, sum(p.usage) AS usage_priced, sum(p.requests) AS requests_priced,
    sum(p.usage_charges) AS usage_charges, sum(p.high) AS usage_high, sum(p.declared) AS declared,
    CASE WHEN bool_and(f.by_rounding) THEN off_by(sum(p.worst), sum(p.squares)) END AS usage_rounding, max(f.ranged) AS ranged, max(f.above) AS above, max(f.below) AS below,
    coalesce(CASE WHEN bool_or(m.metering) THEN sum(p.unpriced) ELSE sum(p.requests_unpriced) END, 0)::BIGINT AS unpriced, max(n.no_rate) AS no_rate,
    coalesce(bool_or(m.metering), false) AS metering, getvariable('tolerance') AS tolerance
FROM cells p
LEFT JOIN metering m ON m.provider = p.provider AND m.month = p.month
LEFT JOIN no_rate n ON n.provider = p.provider AND n.month = p.month
LEFT JOIN fit f ON f.provider = p.provider AND f.month = p.month AND f.part = p.part
WHERE {where}
GROUP BY p.provider, p.month, p.part
ORDER BY p.provider, p.month, p.part
