/*
title: Spend
about: What each was billed in the period, against the period before, and its share of the whole.
wide:  [estimated_cost, requests, input_tokens, output_tokens]
sum:   [billed_cost, prior_cost, change, estimated_cost, requests, input_tokens, output_tokens]
*/
WITH charged AS (
    SELECT
        {by},
        sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart))                               AS billed,
        sum(BilledCost) FILTER (WHERE NOT in_period(ChargePeriodStart))                           AS prior,
        sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart) AND x_Basis = 'estimated')     AS estimated
    FROM costs
    WHERE in_both(ChargePeriodStart) AND {where}
    GROUP BY ALL
), used AS (
    SELECT
        {by},
        sum(x_Requests)::BIGINT     AS requests,
        sum(x_InputTokens)::BIGINT  AS input_tokens,
        sum(x_OutputTokens)::BIGINT AS output_tokens
    FROM activity
    WHERE in_period(ChargePeriodStart) AND {where}
    GROUP BY ALL
)
SELECT
    {names},
    coalesce(billed, 0)                                                     AS billed_cost,
    coalesce(prior, 0)                                                      AS prior_cost,
    coalesce(billed, 0) - coalesce(prior, 0)                                AS change,
    100 * (coalesce(billed, 0) - prior)::DOUBLE / nullif(prior, 0)::DOUBLE  AS change_percent,
    100 * coalesce(billed, 0)::DOUBLE / nullif(sum(billed) OVER (), 0)      AS share_percent,
    coalesce(estimated, 0)                                                  AS estimated_cost,
    requests,
    input_tokens,
    output_tokens
FROM charged LEFT JOIN used USING ({names})
WHERE coalesce(billed, 0) <> 0 OR coalesce(prior, 0) <> 0
ORDER BY billed_cost DESC, {names}
