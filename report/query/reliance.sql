/*
title: Spend by reliance
about: What each was billed in the period, by how much somebody would miss it, against the period before.
sum:   [billed_cost, prior_cost, change, use_cases, estimated_cost]
*/
WITH money AS (
    SELECT
        CASE WHEN x_UseCase IS NULL THEN {unattributed} ELSE coalesce(x_Reliance, 'unclassified') END AS reliance,
        x_UseCase,
        coalesce(sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart)), 0) AS billed,
        coalesce(sum(BilledCost) FILTER (WHERE in_prior(ChargePeriodStart)), 0)  AS prior,
        coalesce(sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart) AND x_Basis = 'estimated'), 0) AS estimated
    FROM costs
    WHERE in_period(ChargePeriodStart) OR in_prior(ChargePeriodStart)
    GROUP BY ALL
    HAVING billed <> 0 OR prior <> 0
), classes(place, reliance, gates_may) AS (
    VALUES
        (1, 'load-bearing',  're-justification; never a pause'),
        (2, 'convenience',   're-justification, pause'),
        (3, 'waste',         're-justification, pause; stopping it is the saving'),
        (4, 'unclassified',  're-justification, pause: classify it'),
        (5, {unattributed},  'nothing: no use case')
)
SELECT
    reliance,
    coalesce(sum(billed), 0)::DECIMAL(38,12)                            AS billed_cost,
    coalesce(sum(prior), 0)::DECIMAL(38,12)                             AS prior_cost,
    (coalesce(sum(billed), 0) - coalesce(sum(prior), 0))::DECIMAL(38,12) AS change,
    NULL::DOUBLE                                                        AS share_percent, -- Go fills it from the sums
    CASE WHEN place < 5 THEN count(x_UseCase) END                       AS use_cases,
    coalesce(sum(estimated), 0)::DECIMAL(38,12)                         AS estimated_cost,
    gates_may
FROM classes LEFT JOIN money USING (reliance)
GROUP BY place, reliance, gates_may
ORDER BY place
