/*
title: Reconcile
about: The same by token class or by day, to find where a difference is.
sum:   [billing, usage_priced, requests_priced]
*/
WITH cells AS (
    SELECT provider, month, {part} AS part, billed AS billing, billed AS usage_charges, usage, requests, high, declared, rounding FROM reconcile_cells
    UNION ALL
    SELECT provider, month, {part}, cost, NULL, NULL, NULL, NULL, NULL, NULL FROM reconcile_lines WHERE NOT metered
), metering AS (
    SELECT provider, month, bool_or(seen) AS metering FROM reconcile_cells GROUP BY ALL
), fit AS (
    SELECT provider, month, {part} AS part, bool_and(abs(difference) <= coalesce(rounding, 0) + 0.000001) AS by_rounding, sum(difference) FILTER (WHERE reason = 'range') AS ranged FROM reconcile_judged GROUP BY ALL
)
SELECT
    p.provider, strftime(p.month, '%Y-%m') AS month, p.part AS {name},
    sum(p.billing) AS billing, sum(p.usage) AS usage_priced, sum(p.requests) AS requests_priced,
    sum(p.usage_charges) AS usage_charges, sum(p.high) AS usage_high, sum(p.declared) AS declared,
    CASE WHEN bool_and(f.by_rounding) THEN sum(p.rounding) END AS usage_rounding, max(f.ranged) AS ranged,
    coalesce(bool_or(m.metering), false) AS metering, getvariable('tolerance') AS tolerance
FROM cells p
LEFT JOIN metering m ON m.provider = p.provider AND m.month = p.month
LEFT JOIN fit f ON f.provider = p.provider AND f.month = p.month AND f.part = p.part
WHERE {where}
GROUP BY p.provider, p.month, p.part
ORDER BY p.provider, p.month, p.part
