/*
title: Trend
about: What each was billed in each month of the period, and in the month a year before the last one that is over.
*/
SELECT
    {by}                                          AS name,
    date_trunc('month', ChargePeriodStart)::DATE  AS month,
    sum(BilledCost)                               AS billed
FROM costs
WHERE (in_period(ChargePeriodStart) OR in_prior(ChargePeriodStart)) AND {where}
GROUP BY ALL
ORDER BY ALL
