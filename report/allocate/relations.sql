-- The relations that reports read. All are temporary: facts are never changed by an opinion.

CREATE OR REPLACE TEMP TABLE months AS
SELECT unnest(generate_series(date_trunc('month', min(first)), max(last), INTERVAL 1 MONTH)) AS month
FROM (
    SELECT min(ChargePeriodStart) AS first, max(ChargePeriodStart) AS last FROM charge_facts
    UNION ALL
    SELECT min(ChargePeriodStart), max(ChargePeriodStart) FROM usage_facts
    UNION ALL
    SELECT min(ChargePeriodStart), max(ChargePeriodStart) FROM request_facts
);

-- Of each splitting rule and month: the span of the whole that is each use case's.
CREATE OR REPLACE TEMP TABLE shares (rule INTEGER, month TIMESTAMP, use_case VARCHAR, lo DECIMAL(18,15), hi DECIMAL(18,15));

-- Slices of charges in the reporting currency. A charge without a rate is in `waiting` instead.
CREATE OR REPLACE TEMP VIEW costs AS
SELECT
    f.x_File,
    f.x_Record,
    f.ChargePeriodStart,
    f.ChargePeriodEnd,
    CASE
        WHEN s.rule IS NULL THEN f.cost
        ELSE (f.cost * s.hi)::DECIMAL(38,12) - (f.cost * s.lo)::DECIMAL(38,12)
    END                                AS BilledCost,
    j.* EXCLUDE (x_Dimension, valid_from, valid_to, rule, target) REPLACE (getvariable('reporting_currency') AS BillingCurrency),
    j.BillingCurrency                  AS x_BilledCurrency, -- of the bill, before its rate
    u.use_case                         AS x_UseCase,
    u.kind                             AS x_Kind,
    u.reliance                         AS x_Reliance,
    u.team                             AS x_Team,
    u.product                          AS x_Product,
    u.cost_center                      AS x_CostCenter,
    u.owner                            AS x_Owner,
    r.rule_id                          AS x_Rule,
    'billed'                           AS x_Basis,
    CASE
        WHEN u.use_case IS NULL THEN 'none'
        WHEN r.split_by IS NOT NULL THEN 'split'
        ELSE 'key'
    END                                AS x_Tier,
    coalesce(u.use_case, j.target)     AS x_Target
FROM (
    SELECT
        c.*,
        CASE WHEN rate = 1 THEN BilledCost ELSE (BilledCost * rate)::DECIMAL(38,12) END AS cost
    FROM charge_facts c
    JOIN (SELECT x_Dimension, BillingCurrency FROM dimensions) d USING (x_Dimension)
    JOIN rates ON rates.currency = d.BillingCurrency AND c.ChargePeriodStart >= rate_from AND c.ChargePeriodStart < rate_to
) f
JOIN judged j ON f.x_Dimension = j.x_Dimension AND f.ChargePeriodStart >= j.valid_from AND f.ChargePeriodStart < j.valid_to
LEFT JOIN rules r ON j.rule = r.rule
LEFT JOIN shares s ON r.split_by IS NOT NULL AND j.rule = s.rule AND date_trunc('month', f.ChargePeriodStart) = s.month
LEFT JOIN use_cases u ON u.use_case = coalesce(s.use_case, j.target);

-- Charges in a currency that has no rate on their day: not in any total, and listed.
CREATE OR REPLACE TEMP VIEW waiting AS
SELECT c.*, d.ProviderName, d.BillingCurrency
FROM charge_facts c
JOIN dimensions d USING (x_Dimension)
ANTI JOIN rates ON rates.currency = d.BillingCurrency AND c.ChargePeriodStart >= rate_from AND c.ChargePeriodStart < rate_to;

-- Calls and tokens, one view of them for each provider and month: the provider's own usage where there is any,
-- else the gateway's requests. They are the same calls seen twice, and are never added.
CREATE OR REPLACE TEMP TABLE metered AS
SELECT DISTINCT ProviderName, date_trunc('month', ChargePeriodStart) AS month
FROM (SELECT DISTINCT x_Dimension, date_trunc('month', ChargePeriodStart) AS ChargePeriodStart FROM usage_facts) JOIN dimensions USING (x_Dimension);

CREATE OR REPLACE TEMP MACRO all_input(a, b, c, d, e, f, g, h) AS
    coalesce(a, 0) + coalesce(b, 0) + coalesce(c, 0) + coalesce(d, 0) + coalesce(e, 0) + coalesce(f, 0) + coalesce(g, 0) + coalesce(h, 0);
CREATE OR REPLACE TEMP MACRO all_output(a, b, c) AS coalesce(a, 0) + coalesce(b, 0) + coalesce(c, 0);

-- Facts are summed by combination and bucket of time before the rules look at them: ten million calls are some
-- thousand sums. A report that needs no days, and no time but its own, makes these macros narrower.
CREATE OR REPLACE TEMP MACRO bucket(t) AS date_trunc('day', t);
CREATE OR REPLACE TEMP MACRO of_interest(t) AS true;

CREATE OR REPLACE TEMP VIEW sums AS
SELECT x_Dimension, bucket(ChargePeriodStart) AS ChargePeriodStart, false AS seen_by_gateway, sum(x_Requests)::BIGINT AS calls,
    sum(all_input(x_InputTokens, x_InputAudioTokens, x_InputImageTokens, x_CacheReadTokens, x_CacheReadAudioTokens, x_CacheReadImageTokens, x_CacheWrite5mTokens, x_CacheWrite1hTokens))::BIGINT AS input, sum(all_output(x_OutputTokens, x_OutputAudioTokens, x_OutputImageTokens))::BIGINT AS output
FROM usage_facts WHERE of_interest(ChargePeriodStart) GROUP BY ALL
UNION ALL
SELECT x_Dimension, bucket(ChargePeriodStart), true, sum(x_Requests)::BIGINT, sum(all_input(x_InputTokens, x_InputAudioTokens, x_InputImageTokens, x_CacheReadTokens, x_CacheReadAudioTokens, x_CacheReadImageTokens, x_CacheWrite5mTokens, x_CacheWrite1hTokens))::BIGINT, sum(all_output(x_OutputTokens, x_OutputAudioTokens, x_OutputImageTokens))::BIGINT
FROM request_facts WHERE of_interest(ChargePeriodStart) GROUP BY ALL;
-- A report keeps the sums that it needs in a table, and has this view read that.
CREATE OR REPLACE TEMP VIEW summed AS FROM sums;

CREATE OR REPLACE TEMP VIEW activity AS
SELECT
    f.ChargePeriodStart,
    CASE WHEN s.rule IS NULL THEN f.calls  ELSE (f.calls * s.hi)::BIGINT - (f.calls * s.lo)::BIGINT END   AS x_Requests,
    CASE WHEN s.rule IS NULL THEN f.input  ELSE (f.input * s.hi)::BIGINT - (f.input * s.lo)::BIGINT END   AS x_InputTokens,
    CASE WHEN s.rule IS NULL THEN f.output ELSE (f.output * s.hi)::BIGINT - (f.output * s.lo)::BIGINT END AS x_OutputTokens,
    j.* EXCLUDE (x_Dimension, valid_from, valid_to, rule, target),
    u.use_case    AS x_UseCase,
    u.kind        AS x_Kind,
    u.reliance    AS x_Reliance,
    u.team        AS x_Team,
    u.product     AS x_Product,
    u.cost_center AS x_CostCenter,
    u.owner       AS x_Owner,
    r.rule_id     AS x_Rule,
    'billed'      AS x_Basis,
    CASE WHEN u.use_case IS NULL THEN 'none' WHEN r.split_by IS NOT NULL THEN 'split' ELSE 'key' END AS x_Tier
FROM summed f
JOIN judged j ON f.x_Dimension = j.x_Dimension AND f.ChargePeriodStart >= j.valid_from AND f.ChargePeriodStart < j.valid_to
LEFT JOIN metered m ON f.seen_by_gateway AND j.ProviderName = m.ProviderName AND date_trunc('month', f.ChargePeriodStart) = m.month
LEFT JOIN rules r ON j.rule = r.rule
LEFT JOIN shares s ON r.split_by IS NOT NULL AND j.rule = s.rule AND date_trunc('month', f.ChargePeriodStart) = s.month
LEFT JOIN use_cases u ON u.use_case = coalesce(s.use_case, j.target)
WHERE m.month IS NULL;

CREATE OR REPLACE TEMP VIEW spend_by_month AS
SELECT
    strftime(ChargePeriodStart, '%Y-%m')     AS month,
    coalesce(x_UseCase, '(unattributed)')    AS use_case,
    ProviderName                             AS provider,
    sum(BilledCost)::DECIMAL(38,12)          AS billed_cost
FROM costs
GROUP BY ALL
ORDER BY ALL;
