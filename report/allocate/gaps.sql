-- Money that is not known well enough, grouped by what tells it apart best. {condition} is over costs' columns
-- ChargePeriodStart and x_Basis, {tagging} is true of the rules that look at tags.

CREATE OR REPLACE TEMP TABLE gap_money AS
WITH evidence AS (
    SELECT DISTINCT
        s.x_Slice, s.x_Evidence,
        coalesce(b.metered, true)          AS metered,
        coalesce(e.api_key, b.api_key)     AS api_key,
        coalesce(e.project, b.project)     AS project
    FROM slices s
    LEFT JOIN groups b ON s.charge_group = b.x_Group
    LEFT JOIN groups e ON s.evidence_group = e.x_Group
)
SELECT
    a.x_File, a.x_Record, a.ChargePeriodStart, a.BilledCost, a.rule, a.rule_id, a.use_case, a.target, a.tier,
    e.x_Evidence, e.metered, e.api_key, e.project,
    coalesce(a.rule IN (SELECT rule FROM rules WHERE split_by IS NOT NULL), false)  AS splits,
    coalesce({tagging}, false)                                                      AS by_tag,
    d.ProviderName, d.ChargeCategory,
    coalesce(d.x_ApiKeyId, d.x_ApiKeyName)                                          AS key_id,
    coalesce(d.x_ApiKeyName, d.x_ApiKeyId)                                          AS key_name,
    coalesce(d.SubAccountId, d.SubAccountName)                                      AS project_id,
    coalesce(d.ResourceId, d.ResourceName)                                          AS resource_id,
    d.x_Model, d.ChargeDescription
FROM allocated a
JOIN evidence e USING (x_Slice)
JOIN slice_dimensions d USING (x_Slice)
WHERE {condition};

-- Provider keys, gateway keys and projects whose calls are of several use cases, as the requests say.
CREATE OR REPLACE TEMP TABLE shared_scopes AS
WITH seen AS (
    SELECT ProviderName, use_case, by_tag, unnest([
        {scope: 'key', name: api_key}, {scope: 'project', name: project}, {scope: 'gateway key', name: key_id}], recursive := true)
    FROM gap_money WHERE x_Evidence = 'requests' AND use_case IS NOT NULL
)
SELECT ProviderName, scope, name, string_agg(DISTINCT use_case, ', ' ORDER BY use_case) AS use_cases
FROM seen
WHERE name IS NOT NULL AND (by_tag OR scope <> 'gateway key')
GROUP BY ALL HAVING count(DISTINCT use_case) > 1;

-- The days of which a provider's own usage tells whose calls they were.
CREATE OR REPLACE TEMP TABLE metered_days AS
SELECT DISTINCT c.ProviderName, unnest(generate_series(date_trunc('day', c.period_start), c.period_end - INTERVAL 1 MICROSECOND, INTERVAL 1 DAY))::TIMESTAMP AS day
FROM file_coverage c JOIN files USING (x_File) WHERE role = 'usage';

CREATE OR REPLACE TEMP TABLE gaps AS
WITH causes AS (
    SELECT k.*, s.use_cases, CASE
        WHEN k.use_case IS NOT NULL THEN CASE
            WHEN s.use_cases IS NULL THEN NULL
            WHEN k.x_Evidence = 'requests' THEN 'untagged'
            ELSE 'bypass' END
        WHEN rule_id = '(follows)' THEN 'follows'
        WHEN splits THEN 'no-weights'
        WHEN target IS NOT NULL THEN 'no-use-case'
        WHEN rule IS NOT NULL THEN 'no-target'
        WHEN x_Evidence = 'requests' THEN 'untagged'
        WHEN x_Evidence = 'usage' AND k.ProviderName IN (SELECT ProviderName FROM gap_money WHERE x_Evidence = 'requests') THEN 'bypass'
        WHEN x_Evidence IS NULL AND metered AND key_id IS NULL THEN CASE WHEN m.day IS NULL THEN 'no-usage' ELSE 'unexplained' END
        ELSE 'no-rule' END AS kind
    FROM gap_money k
    LEFT JOIN metered_days m ON k.ProviderName = m.ProviderName AND date_trunc('day', k.ChargePeriodStart) = m.day
    -- Of what the rules gave to somebody, only what they could not tell apart: calls without a tag, or past the gateway.
    LEFT JOIN shared_scopes s ON k.tier IN ('request', 'key') AND NOT k.by_tag AND k.x_Evidence IS NOT NULL AND k.ProviderName = s.ProviderName
        AND CASE WHEN k.x_Evidence = 'requests' THEN s.scope = 'gateway key' AND s.name = k.key_id
            WHEN k.api_key IS NOT NULL THEN s.scope = 'key' AND s.name = k.api_key
            ELSE s.scope = 'project' AND s.name = k.project END
), placed AS (
    SELECT *, CASE kind
            WHEN 'follows' THEN 'charge_category'
            WHEN 'no-weights' THEN 'month'
            WHEN 'no-use-case' THEN 'use_case'
            ELSE CASE
                WHEN key_id IS NOT NULL THEN 'key' WHEN project_id IS NOT NULL THEN 'project' WHEN resource_id IS NOT NULL THEN 'resource'
                WHEN x_Model IS NOT NULL THEN 'model' WHEN ChargeDescription IS NOT NULL THEN 'description' ELSE 'provider' END
            END AS field
    FROM causes WHERE kind IS NOT NULL
), named AS (
    SELECT *, CASE field
        WHEN 'charge_category' THEN ChargeCategory WHEN 'month' THEN strftime(ChargePeriodStart, '%Y-%m') WHEN 'use_case' THEN target WHEN 'key' THEN key_id
        WHEN 'project' THEN project_id WHEN 'resource' THEN resource_id WHEN 'model' THEN x_Model WHEN 'description' THEN ChargeDescription ELSE ProviderName END AS value
    FROM placed
)
SELECT
    kind, tier,
    CASE WHEN field NOT IN ('use_case', 'month') THEN ProviderName END          AS provider,
    CASE WHEN kind <> 'follows' THEN rule END                                   AS rule,
    field, value, use_case, use_cases,
    min(key_name) FILTER (WHERE field = 'key')                                  AS label,
    CASE WHEN count(DISTINCT project_id) = 1 THEN min(project_id) FILTER (WHERE field = 'key') END AS project,
    coalesce(bool_and(x_Evidence = 'requests'), false)                          AS requested,
    sum(BilledCost)::DECIMAL(38,12)                                             AS dollars,
    count(DISTINCT x_File || ':' || x_Record)                                   AS charges,
    min(ChargePeriodStart)                                                      AS first,
    max(ChargePeriodStart)                                                      AS last
FROM named
GROUP BY ALL
HAVING sum(BilledCost) <> 0;
