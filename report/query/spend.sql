/*
title: Spend
about: What each was billed in the period, against the period before, and its share of the whole.
wide:  [estimated_cost, requests, input_tokens, output_tokens]
sum:   [billed_cost, prior_cost, change, estimated_cost, requests, input_tokens, output_tokens]
*/
WITH slices AS (
    SELECT *, false AS earlier FROM costs WHERE in_period(ChargePeriodStart)
    UNION ALL
    -- By month or day, what came before is the month or day before: it is moved onto the one that it is compared with.
    SELECT * REPLACE (ChargePeriodStart + {shift} AS ChargePeriodStart), true FROM costs WHERE in_prior(ChargePeriodStart)
), charged AS (
    SELECT
        {by},
        sum(BilledCost) FILTER (WHERE NOT earlier)                               AS billed,
        sum(BilledCost) FILTER (WHERE earlier)                                   AS prior,
        sum(BilledCost) FILTER (WHERE NOT earlier AND x_Basis = 'estimated')     AS estimated
    FROM slices
    WHERE {where}
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
    NULL::DOUBLE                                                            AS change_percent, -- Go fills these two from the sums:
    NULL::DOUBLE                                                            AS share_percent,  -- a window over a UNION ALL breaks DuckDB 1.5 now and then
    coalesce(estimated, 0)                                                  AS estimated_cost,
    requests,
    input_tokens,
    output_tokens
FROM charged LEFT JOIN used USING ({names})
WHERE coalesce(billed, 0) <> 0 OR coalesce(prior, 0) <> 0
ORDER BY {order}
