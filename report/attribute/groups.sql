-- What the views of the same calls have in common. An export names a key, a project or a model in its own way; here each
-- combination of dimensions gets the names that all views share, and combinations that differ only in what neither rules
-- nor the question ask for become one group.

CREATE OR REPLACE TEMP TABLE roles AS SELECT source AS x_Source, max_by(role, x_File) AS role FROM files GROUP BY source;

-- A provider's keys and projects as its own exports know them. Where an export has only names, the name is the id.
-- Where another export has the id of that name, it is the id of both.
CREATE OR REPLACE TEMP TABLE provider_keys AS
WITH own AS (
    SELECT DISTINCT
        ProviderName,
        coalesce(x_ApiKeyId, x_ApiKeyName)                AS api_key,
        x_ApiKeyName                                      AS name,
        coalesce(SubAccountId, SubAccountName)            AS project
    FROM dimensions
    WHERE x_Source IN (SELECT x_Source FROM roles WHERE role IN ('billing', 'usage')) AND coalesce(x_ApiKeyId, x_ApiKeyName) IS NOT NULL
)
SELECT * FROM own k
WHERE k.api_key IS DISTINCT FROM k.name OR NOT EXISTS (FROM own o WHERE o.ProviderName = k.ProviderName AND o.name = k.name AND o.api_key <> k.api_key);

-- Every name under which a key may be met, in the order of trust: its id, what the configuration says, its name, the hash of its id.
-- A name that stands for two keys stands for none.
CREATE OR REPLACE TEMP TABLE key_names AS
WITH names AS (
    SELECT ProviderName, api_key AS name, api_key, 1 AS rank FROM provider_keys
    UNION ALL
    SELECT p.ProviderName, a.name, p.api_key, 2 FROM key_aliases a JOIN provider_keys p ON p.api_key = a.api_key OR p.name = a.api_key
    UNION ALL
    SELECT ProviderName, name, api_key, 3 FROM provider_keys WHERE name IS NOT NULL
    UNION ALL
    SELECT ProviderName, sha256(api_key), api_key, 4 FROM provider_keys
    UNION ALL -- of a provider whose exports know no keys, the configuration is all there is
    SELECT p.ProviderName, a.name, a.api_key, 5 FROM key_aliases a CROSS JOIN (SELECT DISTINCT ProviderName FROM dimensions) p
    WHERE p.ProviderName NOT IN (SELECT ProviderName FROM provider_keys)
), best AS (
    SELECT ProviderName, name, min(rank) AS rank FROM names GROUP BY ALL
)
SELECT ProviderName, name, min(api_key) AS api_key
FROM names JOIN best USING (ProviderName, name, rank)
GROUP BY ProviderName, name
HAVING count(DISTINCT api_key) = 1;

CREATE OR REPLACE TEMP TABLE key_projects AS
SELECT ProviderName, api_key, min(project) AS project
FROM provider_keys
GROUP BY ALL
HAVING count(DISTINCT project) = 1 AND bool_and(project IS NOT NULL);

CREATE OR REPLACE TEMP TABLE project_ids AS
SELECT ProviderName, SubAccountName AS name, min(SubAccountId) AS project
FROM dimensions
WHERE SubAccountId <> SubAccountName
GROUP BY ALL
HAVING count(DISTINCT SubAccountId) = 1;

-- The shared names are in lower case, a side's own in FOCUS's. NULL is "does not know", and agrees with any value.
CREATE OR REPLACE TEMP TABLE met_names AS
SELECT
    d.x_Dimension,
    d.ProviderName,
    coalesce(r.role, 'billing')                                                              AS role,
    d.BillingAccountId                                                                       AS account,
    coalesce(pid.project, d.SubAccountId, d.SubAccountName, kp.project)                      AS project,
    coalesce(d.SubAccountId, d.SubAccountName) = d.SubAccountName AND pid.project IS NULL    AS project_is_name,
    coalesce(k1.api_key, k2.api_key, CASE WHEN r.role IS DISTINCT FROM 'requests' THEN coalesce(d.x_ApiKeyId, d.x_ApiKeyName) END) AS api_key,
    coalesce(d.x_ApiKeyId, d.x_ApiKeyName) = d.x_ApiKeyName                                  AS key_is_name,
    coalesce(n.x_BookModel, d.ProviderName || '/' || lower(d.x_Model))                       AS model,
    coalesce(t.x_ServiceTier, lower(d.x_ServiceTier))                                        AS tier,
    CASE d.x_ContextWindow WHEN '0-200k' THEN false WHEN '200k-1M' THEN true END             AS long,
    d.x_TokenClass                                                                           AS class,
    -- Only what is metered in tokens is claimed by tokens: a seat, a GPU or a vector index has no part in them.
    r.role IN ('usage', 'requests')
        OR coalesce(d.ChargeCategory, 'Usage') = 'Usage'
        AND coalesce(d.ServiceCategory, 'AI and Machine Learning') = 'AI and Machine Learning'
        -- Of the cloud's AI services some rent out machines: without a word of tokens or a model that is no meter of calls.
        AND CASE WHEN d.x_Category IS NULL THEN d.ServiceCategory IS NULL OR coalesce(d.x_Model, d.x_TokenClass) IS NOT NULL ELSE d.x_Category IN ('llm', 'embeddings') END AS metered
FROM dimensions d
LEFT JOIN roles r USING (x_Source)
LEFT JOIN project_ids pid ON d.ProviderName = pid.ProviderName AND coalesce(d.SubAccountName, d.SubAccountId) = pid.name
LEFT JOIN key_names k1 ON d.ProviderName = k1.ProviderName AND d.x_ApiKeyId = k1.name
LEFT JOIN key_names k2 ON d.ProviderName = k2.ProviderName AND d.x_ApiKeyName = k2.name
LEFT JOIN key_projects kp ON d.ProviderName = kp.ProviderName AND coalesce(k1.api_key, k2.api_key) = kp.api_key
LEFT JOIN model_names n ON d.ProviderName = n.ProviderName AND d.x_Model = n.x_Model
LEFT JOIN service_tiers t ON d.ProviderName = t.ProviderName AND lower(d.x_ServiceTier) = t.raw;

-- An export that has only names, beside one that has only ids: they have no name in common, so neither can be held against the other.
CREATE OR REPLACE TEMP TABLE shared AS
SELECT
    m.* EXCLUDE (ProviderName, project_is_name, key_is_name) REPLACE (
        CASE WHEN project_is_name AND EXISTS (FROM met_names o WHERE o.ProviderName = m.ProviderName AND o.role <> m.role AND o.project IS NOT NULL)
            AND NOT EXISTS (FROM met_names o WHERE o.ProviderName = m.ProviderName AND o.role <> m.role AND o.project = m.project) THEN NULL ELSE m.project END AS project,
        CASE WHEN key_is_name AND EXISTS (FROM met_names o WHERE o.ProviderName = m.ProviderName AND o.role <> m.role AND o.api_key IS NOT NULL)
            AND NOT EXISTS (FROM met_names o WHERE o.ProviderName = m.ProviderName AND o.role <> m.role AND o.api_key = m.api_key) THEN NULL ELSE m.api_key END AS api_key)
FROM met_names m;

-- {kept} is the columns that rules or the question look at, {lost} the others, as NULL.
CREATE OR REPLACE TEMP TABLE grouped AS
SELECT
    x_Dimension,
    hash(role, account, project, api_key, model, tier, long, class, metered, {kept}) AS x_Group,
    hash(role, account, project, api_key, model, tier, long, class, metered, {judged}) AS x_Order, -- equal for what the rules take for one
    hash(ProviderName, account, project, api_key, model, tier, long)                 AS x_Scope
FROM shared JOIN dimensions USING (x_Dimension);

CREATE OR REPLACE TEMP TABLE groups AS
SELECT DISTINCT ON (g.x_Group)
    g.x_Group,
    g.x_Scope,
    g.x_Order,
    s.* EXCLUDE (x_Dimension),
    d.* EXCLUDE (x_Dimension) {replace}
FROM grouped g
JOIN shared s USING (x_Dimension)
JOIN dimensions d USING (x_Dimension);

-- A gateway logs no service tier. Where all that a key used of a model on a day is of one tier, its requests were, too.
CREATE OR REPLACE TEMP TABLE inferred_tiers AS
SELECT r.x_Group, u.day, u.tier
FROM groups r
JOIN (
    SELECT g.ProviderName, g.model, g.api_key, date_trunc('day', f.ChargePeriodStart) AS day, min(g.tier) AS tier
    FROM usage_facts f JOIN grouped d USING (x_Dimension) JOIN groups g USING (x_Group)
    WHERE f.ChargePeriodStart >= getvariable('window_start') AND f.ChargePeriodStart < getvariable('window_end')
    GROUP BY ALL HAVING count(DISTINCT g.tier) = 1 AND bool_and(g.tier IS NOT NULL)
) u ON u.ProviderName = r.ProviderName AND u.model = r.model AND u.api_key = r.api_key
WHERE r.role = 'requests' AND r.tier IS NULL;

-- A call that two gateways logged under one id within a day is one call: it stays with the one that saw its tokens, then with the one that
-- has tags, then with the source whose name sorts first. With one gateway there is nothing to look for, and nothing is read.
CREATE OR REPLACE TEMP TABLE twice AS
WITH several AS (
    SELECT count(*) > 1 AS gateways FROM roles WHERE role = 'requests'
), calls AS (
    SELECT f.x_RequestId, f.x_Dimension, d.x_Source, d.ProviderName, f.ChargePeriodStart AS called,
        CASE WHEN coalesce(x_InputTokens, 0) + coalesce(x_CacheReadTokens, 0) + coalesce(x_OutputTokens, 0) > 0 THEN '0' ELSE '1' END
            || CASE WHEN d.Tags IS NOT NULL THEN '0' ELSE '1' END || d.x_Source AS place
    FROM request_facts f JOIN dimensions d USING (x_Dimension)
    WHERE (SELECT gateways FROM several) AND f.x_RequestId IS NOT NULL
        AND f.ChargePeriodStart >= getvariable('window_start') - INTERVAL 1 DAY AND f.ChargePeriodStart < getvariable('window_end') + INTERVAL 1 DAY
), first AS (
    SELECT x_RequestId, ProviderName, arg_min(x_Source, place) AS x_Source
    FROM calls GROUP BY ALL HAVING count(DISTINCT x_Source) > 1 AND max(called) - min(called) <= INTERVAL 1 DAY
)
SELECT DISTINCT c.x_RequestId, c.x_Dimension
FROM calls c JOIN first f ON c.x_RequestId = f.x_RequestId AND c.ProviderName IS NOT DISTINCT FROM f.ProviderName
WHERE c.x_Source <> f.x_Source;
