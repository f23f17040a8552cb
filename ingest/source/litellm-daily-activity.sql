/*
title:      LiteLLM daily activity (API)
get:        |
  curl -H "Authorization: Bearer $LITELLM_MASTER_KEY" "$LITELLM_URL/team/daily/activity?start_date=2026-10-01&end_date=2026-10-31&page_size=1000" > activity-2026-10.json;
  /user/… and /organization/… do as well, and one of them is enough: each has all of the spend. Where metadata.has_more is true, put all pages into one file.
  The spend logs say more than this: take one of the two
docs:       https://docs.litellm.ai/docs/proxy/cost_tracking
confidence: a response of the product's own tests, and its source
role:       requests
format:     [json]
records:    results
columns:
  date:       day    results.date
  spend:      number results.metrics.spend
  prompt:     count  results.metrics.prompt_tokens
  completion: count  results.metrics.completion_tokens
  requests:   count  results.metrics.api_requests
  models:     json   results.breakdown.models
optional:
  flat_cost:  number results.metrics.flat_cost
  read:       count  results.metrics.cache_read_input_tokens
  written:    count  results.metrics.cache_creation_input_tokens
  providers:  json   results.breakdown.providers
  entities:   json   results.breakdown.entities
  page:       count  metadata.page
  page_spend: number metadata.total_spend
  has_more:   flag   metadata.has_more
ignore:     spend = 0 AND requests = 0 AND coalesce(flat_cost, 0) = 0 OR date IS NULL AND spend IS NULL
day:        date
more:       has_more
*/
-- A day is broken down by model, and again by model group, provider, endpoint and entity: each is the whole day, so only one is read, by model
-- and key. What a day has beyond its models, and a model beyond its keys, is a row of its own: the flat cost of reserved capacity is under no key.
-- Tokens and spend include the cache, as in the spend logs; a hit of LiteLLM's own cache cannot be told from a call.
-- The breakdown by model does not say who bills: that is known where a key was used with one provider alone on that day.
WITH models AS (
    SELECT record, m.key AS model, from_json(m.value, '{"metrics": {"spend": "DECIMAL(38,12)", "flat_cost": "DECIMAL(38,12)", "prompt_tokens": "BIGINT",
        "completion_tokens": "BIGINT", "cache_read_input_tokens": "BIGINT", "cache_creation_input_tokens": "BIGINT", "api_requests": "BIGINT"},
        "api_key_breakdown": "JSON"}') AS m
    FROM raw, json_each(raw.models) m
), keys AS (
    SELECT record, model, k.key AS api_key, from_json(k.value, '{"metrics": {"spend": "DECIMAL(38,12)", "flat_cost": "DECIMAL(38,12)", "prompt_tokens": "BIGINT",
        "completion_tokens": "BIGINT", "cache_read_input_tokens": "BIGINT", "cache_creation_input_tokens": "BIGINT", "api_requests": "BIGINT"},
        "metadata": {"key_alias": "VARCHAR", "team_id": "VARCHAR", "user_id": "VARCHAR"}}') AS k
    FROM models, json_each(models.m.api_key_breakdown) k
), signed AS (
    SELECT record, NULL AS model, NULL AS api_key, 1 AS sign, {'spend': spend, 'flat_cost': flat_cost, 'prompt_tokens': prompt, 'completion_tokens': completion,
        'cache_read_input_tokens': read, 'cache_creation_input_tokens': written, 'api_requests': requests} AS m FROM raw
    UNION ALL SELECT record, NULL,  NULL,    -1, m.metrics FROM models
    UNION ALL SELECT record, model, NULL,     1, m.metrics FROM models
    UNION ALL SELECT record, model, NULL,    -1, k.metrics FROM keys
    UNION ALL SELECT record, model, api_key,  1, k.metrics FROM keys
), parts AS (
    SELECT
        record, model, api_key,
        sum(sign * (m.spend + coalesce(m.flat_cost, 0)))::DECIMAL(38,12) AS spend,
        sum(sign * m.prompt_tokens)                  AS prompt,
        sum(sign * m.completion_tokens)              AS completion,
        sum(sign * m.cache_read_input_tokens)        AS read,
        sum(sign * m.cache_creation_input_tokens)    AS written,
        sum(sign * m.api_requests)                   AS requests
    FROM signed
    GROUP BY record, model, api_key
    HAVING abs(spend) > 0.000001 OR prompt <> 0 OR completion <> 0 OR requests <> 0 -- what is left of doubles is almost nothing
), key_providers AS (
    SELECT record, k.key AS api_key, nullif(min(p.key), 'unknown') AS provider
    FROM raw, json_each(raw.providers) p, json_each(json_extract(p.value, '$.api_key_breakdown')) k
    GROUP BY ALL HAVING count(*) = 1
), entities AS (
    SELECT record, e.key AS entity, e.value FROM raw, json_each(raw.entities) e
), tagged AS ( -- a key has one owner, and many tags
    SELECT DISTINCT record FROM entities WHERE starts_with(lower(entity), 'user-agent')
    UNION
    SELECT record FROM entities, json_each(json_extract(entities.value, '$.api_key_breakdown')) k GROUP BY record, k.key HAVING count(*) > 1
), days AS (
    SELECT *, sum(spend) OVER (PARTITION BY page, page_spend) AS added FROM raw
)
SELECT
    record,
    d.date                                           AS ChargePeriodStart,
    as_provider(v.provider)                          AS ProviderName,
    'LiteLLM'                                        AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(p.model)                          AS x_Category,
    p.model                                          AS x_Model,
    p.api_key                                        AS x_ApiKeyId,
    k.k.metadata.key_alias                           AS x_ApiKeyName,
    k.k.metadata.user_id                             AS x_User,
    CASE WHEN as_text(k.k.metadata.team_id) IS NOT NULL
        THEN '{"team": ' || to_json(coalesce(json_extract_string(e.value, '$.metadata.team_alias'), k.k.metadata.team_id)) || '}' END AS Tags,
    p.requests                                       AS x_Requests,
    p.prompt - coalesce(p.read, 0) - coalesce(p.written, 0) AS x_InputTokens,
    p.read                                           AS x_CacheReadTokens,
    p.written                                        AS x_CacheWrite5mTokens,
    p.completion                                     AS x_OutputTokens,
    CASE WHEN p.spend <> 0 OR p.prompt + p.completion = 0 THEN p.spend END AS x_ReportedCost,
    CASE
        WHEN record IN (FROM tagged)
            THEN 'this is the activity by tag, customer or agent, in which a call stands once for each; take that of teams or users'
        WHEN abs(d.added - d.page_spend) > 0.005
            THEN format('the days add up to {}, and metadata.total_spend is {}', d.added::DECIMAL(38,6), d.page_spend::DECIMAL(38,6))
        WHEN p.api_key IS NULL AND (p.spend < -0.000001 OR least(p.requests, p.prompt, p.completion) < 0)
            THEN concat(CASE WHEN p.model IS NULL THEN 'the models' ELSE 'the keys of ' || p.model END, ' add up to more than the whole: $', p.spend, ', ',
                p.requests, ' requests, ', p.prompt, ' + ', p.completion, ' tokens are left')
        WHEN coalesce(p.read, 0) + coalesce(p.written, 0) > p.prompt
            THEN format('cached tokens {} + {} are more than prompt_tokens {}', coalesce(p.read, 0), coalesce(p.written, 0), p.prompt)
    END                                              AS problem
FROM parts p
JOIN days d USING (record)
LEFT JOIN keys k USING (record, model, api_key)
LEFT JOIN key_providers v USING (record, api_key)
LEFT JOIN entities e ON e.record = p.record AND e.entity = k.k.metadata.team_id
