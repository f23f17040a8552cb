/*
title: Spend on use cases without a metric
about: Use cases that were billed for, and of which no metric says what they bring about.
sum:   [billed_cost, prior_cost]
*/
SELECT
    x_UseCase                                                               AS use_case,
    coalesce(x_Kind, '(none)')                                              AS kind,
    coalesce(sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart)), 0) AS billed_cost,
    coalesce(sum(BilledCost) FILTER (WHERE in_prior(ChargePeriodStart)), 0)  AS prior_cost
FROM costs
WHERE {where}
GROUP BY ALL
HAVING coalesce(sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart)), 0) <> 0
ORDER BY billed_cost DESC, use_case
