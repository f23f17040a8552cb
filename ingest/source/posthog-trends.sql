/*
title:      PostHog trends, a row a series (CSV, XLSX)
get:        an insight of the kind Trends, by day, week or month, Export, CSV. Each series is an outcome by the name that it has there
docs:       https://posthog.com/docs/product-analytics/trends
confidence: the exporter in PostHog's public source, 2026; no export of our own
role:       outcomes
format:     [csv]
columns:
  series:    text series
optional:
  custom:    text custom name
  breakdown: text breakdown
series:     dates
ignore:     series LIKE '% - previous'
*/
-- Compared with the period before, a chart has that period's values under this period's dates: those rows are left out.
WITH seen AS (
    SELECT
        record,
        coalesce(custom, regexp_replace(series, ' - current$', '')) || coalesce(' / ' || breakdown, '') AS label,
        heading_start(heading)                                         AS start,
        value
    FROM raw UNPIVOT INCLUDE NULLS (value FOR heading IN (COLUMNS(* EXCLUDE (record, series, custom, breakdown))))
), timed AS (
    SELECT *, heading_end(start, lead(start) OVER w, lag(start) OVER w) AS until FROM seen WINDOW w AS (PARTITION BY record ORDER BY start)
)
SELECT
    record,
    start                                                              AS ChargePeriodStart,
    until                                                              AS ChargePeriodEnd,
    label                                                              AS x_Outcome,
    value                                                              AS x_Value
FROM timed
WHERE value IS NOT NULL
