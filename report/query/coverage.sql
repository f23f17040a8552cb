/*
title: Coverage
about: How the billed dollars are known to be of their use case, by requests, by key or project, by a split, or not at all; against the period before.
wide:  [charged, prior_charged]
sum:   [billed_cost, prior_cost, charged, prior_charged]
*/
-- The dollars are the bill's. Shares are of what was charged: what came off again would make known money more than all of it.
WITH money AS (
    SELECT
        {by}x_Tier AS tier,
        coalesce(sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart)), 0)   AS billed,
        coalesce(sum(BilledCost) FILTER (WHERE in_prior(ChargePeriodStart)), 0)    AS prior,
        coalesce(sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart) AND BilledCost > 0), 0) AS charged,
        coalesce(sum(BilledCost) FILTER (WHERE in_prior(ChargePeriodStart) AND BilledCost > 0), 0)  AS prior_charged
    FROM costs
    WHERE x_Basis <> 'estimated' AND (in_period(ChargePeriodStart) OR in_prior(ChargePeriodStart))
    GROUP BY ALL
), tiers(tier, place) AS (
    VALUES ('request', 1), ('key', 2), ('split', 3), ('none', 4)
), wholes AS (
    SELECT {names}sum(billed) AS billed_of, sum(charged) AS charged_of, sum(prior_charged) AS prior_charged_of FROM money GROUP BY ALL
), pairs AS (
    SELECT * FROM wholes CROSS JOIN tiers
)
SELECT
    {names}tier,
    coalesce(billed, 0)::DECIMAL(38,12)                                        AS billed_cost,
    (coalesce(charged, 0) * 100 / nullif(charged_of, 0))::DOUBLE               AS share_percent,
    coalesce(prior, 0)::DECIMAL(38,12)                                         AS prior_cost,
    (coalesce(prior_charged, 0) * 100 / nullif(prior_charged_of, 0))::DOUBLE   AS prior_share_percent,
    coalesce(charged, 0)::DECIMAL(38,12)                                       AS charged,
    coalesce(prior_charged, 0)::DECIMAL(38,12)                                 AS prior_charged
FROM pairs LEFT JOIN money USING ({names}tier)
WHERE {possible}
ORDER BY billed_of DESC, {names}place
