-- Who pays for each slice.

-- Tax, credits, corrections and flat fees that no rule takes follow the provider's other dollars of the month; what names a project, those of
-- the project.
CREATE OR REPLACE TEMP TABLE followers AS
SELECT x_Slice, ProviderName, coalesce(SubAccountId, SubAccountName) AS project FROM slice_dimensions
WHERE ChargeCategory IN ('Tax', 'Credit', 'Adjustment')
    OR ChargeCategory = 'Purchase' AND x_Category IS DISTINCT FROM 'seat'
        AND coalesce(SubAccountId, SubAccountName, x_ApiKeyId, x_ApiKeyName, ResourceId, ResourceName, x_Model) IS NULL;

CREATE OR REPLACE TEMP TABLE allocated AS
SELECT
    d.* EXCLUDE (split_by, x_Evidence, known_without),
    d.rule IS NULL AND d.x_Slice IN (SELECT x_Slice FROM followers) AS follows,
    CASE WHEN d.use_case IS NULL THEN 'none' WHEN split_by IS NOT NULL THEN 'split' WHEN d.x_Evidence = 'requests' AND NOT known_without THEN 'request' ELSE 'key' END AS tier
FROM divided d;

CREATE OR REPLACE TEMP TABLE paid AS
SELECT s.ProviderName, date_trunc('month', a.ChargePeriodStart) AS month, coalesce(s.SubAccountId, s.SubAccountName) AS project, a.use_case, a.tier, sum(a.BilledCost) AS weight
FROM allocated a JOIN slice_dimensions s USING (x_Slice)
WHERE NOT a.follows AND a.x_Basis <> 'estimated'
GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE followed AS
WITH weighed AS (
    SELECT ProviderName, month, project, GROUPING(project) = 1 AS all_projects, use_case, tier, sum(weight) AS weight
    FROM paid GROUP BY GROUPING SETS ((ProviderName, month, project, use_case, tier), (ProviderName, month, use_case, tier))
    HAVING sum(weight) > 0
)
SELECT ProviderName, month, project, all_projects, use_case, tier,
    ((sum(weight) OVER upto - weight) / sum(weight) OVER whole)::DECIMAL(18,15) AS lo,
    (sum(weight) OVER upto / sum(weight) OVER whole)::DECIMAL(18,15)            AS hi
FROM weighed
WINDOW whole AS (PARTITION BY ProviderName, month, project, all_projects),
    upto AS (PARTITION BY ProviderName, month, project, all_projects ORDER BY use_case, tier ROWS UNBOUNDED PRECEDING);

CREATE OR REPLACE TEMP TABLE following AS
SELECT
    a.* REPLACE (
        f.use_case AS use_case, f.tier AS tier, '(follows)' AS rule_id, f.use_case AS target,
        round(a.BilledCost * f.hi, 12) - round(a.BilledCost * f.lo, 12) AS BilledCost)
FROM allocated a
JOIN followers s USING (x_Slice)
JOIN followed f ON s.ProviderName = f.ProviderName AND date_trunc('month', a.ChargePeriodStart) = f.month
    AND f.all_projects = (s.project IS NULL) AND f.project IS NOT DISTINCT FROM s.project
WHERE a.follows;
DELETE FROM allocated a
WHERE follows AND EXISTS (FROM following f WHERE f.x_File = a.x_File AND f.x_Record = a.x_Record AND f.x_Slice = a.x_Slice);
INSERT INTO allocated FROM following;

-- Slices of charges in the reporting currency, with their use case. A charge without a rate is in `waiting` instead.
CREATE OR REPLACE TEMP VIEW costs AS
SELECT
    a.x_File,
    a.x_Record,
    a.ChargePeriodStart,
    a.ChargePeriodEnd,
    a.BilledCost,
    d.* EXCLUDE (x_Slice) REPLACE (getvariable('reporting_currency') AS BillingCurrency),
    coalesce(d.BillingCurrency, 'USD') AS x_BilledCurrency, -- of the bill, before its rate; the price book is in dollars
    a.use_case        AS x_UseCase,
    u.kind            AS x_Kind,
    u.reliance        AS x_Reliance,
    u.team            AS x_Team,
    u.product         AS x_Product,
    u.cost_center     AS x_CostCenter,
    u.owner           AS x_Owner,
    a.rule_id         AS x_Rule,
    a.x_Basis,
    a.tier            AS x_Tier,
    a.target          AS x_Target
FROM allocated a
JOIN slice_dimensions d USING (x_Slice)
LEFT JOIN use_cases u USING (use_case);

-- Calls and tokens, each once, with the use case of the evidence. A use case of theirs may have no dollars, and the other way round.
CREATE OR REPLACE TEMP VIEW activity AS
SELECT
    f.ChargePeriodStart,
    CASE WHEN s.rule IS NULL THEN f.x_Requests     ELSE (f.x_Requests * s.hi)::BIGINT - (f.x_Requests * s.lo)::BIGINT END         AS x_Requests,
    CASE WHEN s.rule IS NULL THEN f.x_InputTokens  ELSE (f.x_InputTokens * s.hi)::BIGINT - (f.x_InputTokens * s.lo)::BIGINT END   AS x_InputTokens,
    CASE WHEN s.rule IS NULL THEN f.x_OutputTokens ELSE (f.x_OutputTokens * s.hi)::BIGINT - (f.x_OutputTokens * s.lo)::BIGINT END AS x_OutputTokens,
    j.* EXCLUDE (x_Slice, valid_from, valid_to, rule, target),
    u.use_case    AS x_UseCase,
    u.kind        AS x_Kind,
    u.reliance    AS x_Reliance,
    u.team        AS x_Team,
    u.product     AS x_Product,
    u.cost_center AS x_CostCenter,
    u.owner       AS x_Owner,
    r.rule_id     AS x_Rule,
    CASE WHEN f.estimated THEN 'estimated' END AS x_Basis, -- of a call nobody knows whether its bill was scaled
    CASE WHEN u.use_case IS NULL THEN 'none' WHEN r.split_by IS NOT NULL THEN 'split' WHEN f.x_Evidence = 'requests' THEN 'request' ELSE 'key' END AS x_Tier
FROM activity_facts f
JOIN judged j ON f.x_Slice = j.x_Slice AND f.ChargePeriodStart >= j.valid_from AND f.ChargePeriodStart < j.valid_to
LEFT JOIN rules r ON j.rule = r.rule
LEFT JOIN shares s ON j.rule = s.rule AND date_trunc('month', f.ChargePeriodStart) = s.month
LEFT JOIN use_cases u ON u.use_case = coalesce(s.use_case, j.target);

CREATE OR REPLACE TEMP VIEW spend_by_month AS
SELECT
    strftime(ChargePeriodStart, '%Y-%m')     AS month,
    coalesce(x_UseCase, '(unattributed)')    AS use_case,
    ProviderName                             AS provider,
    sum(BilledCost)::DECIMAL(38,12)          AS billed_cost,
    coalesce(sum(BilledCost) FILTER (WHERE x_Basis = 'estimated'), 0)::DECIMAL(38,12) AS estimated_cost -- of it: nobody has billed that
FROM costs
GROUP BY ALL
ORDER BY ALL;
