/*
title: Coverage by month
about: How much of each month's positive charges has a use case.
*/
SELECT
    strftime(ChargePeriodStart, '%Y-%m')                                                                AS month,
    sum(BilledCost)::DECIMAL(38,12)                                                                     AS billed_cost,
    coalesce(sum(BilledCost) FILTER (WHERE BilledCost > 0), 0)::DECIMAL(38,12)                          AS charged,
    coalesce(sum(BilledCost) FILTER (WHERE BilledCost > 0 AND x_UseCase IS NOT NULL), 0)::DECIMAL(38,12) AS attributed,
    NULL::DOUBLE                                                                                        AS coverage_percent, -- Go fills these two
    NULL::DOUBLE                                                                                        AS target_percent
FROM costs
WHERE x_Basis <> 'estimated' AND in_period(ChargePeriodStart)
GROUP BY ALL
ORDER BY ALL
