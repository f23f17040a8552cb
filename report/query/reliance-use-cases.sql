/*
title: Use cases by reliance
about: What each use case cost, ordered by how much the company relies on it.
sum:   [billed_cost, prior_cost]
*/
WITH money AS (
    SELECT
        coalesce(x_Reliance, 'unclassified')                                                      AS reliance,
        x_UseCase                                                                                 AS use_case,
        coalesce(x_Kind, '(none)')                                                                AS kind,
        coalesce(x_Owner, '(none)')                                                               AS owner,
        coalesce(sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart)), 0)::DECIMAL(38,12)  AS billed_cost,
        coalesce(sum(BilledCost) FILTER (WHERE in_prior(ChargePeriodStart)), 0)::DECIMAL(38,12)   AS prior_cost
    FROM costs
    WHERE x_UseCase IS NOT NULL AND (in_period(ChargePeriodStart) OR in_prior(ChargePeriodStart))
    GROUP BY ALL
)
FROM money
WHERE billed_cost <> 0 OR prior_cost <> 0
ORDER BY list_position(['load-bearing', 'convenience', 'waste', 'unclassified'], reliance), billed_cost DESC, use_case
