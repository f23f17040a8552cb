/*
title: LiteLLM's spend logs, grouped in ClickHouse
run:   clickhouse-client --query "$(aifinops sources litellm --query clickhouse --month 2026-10)" | aifinops ingest -
needs: SELECT on a copy of LiteLLM_SpendLogs, LiteLLM_VerificationToken and LiteLLM_TeamTable, such as ClickPipes or PeerDB keep; JSON columns as String
tried: not run
about: |
  A row is the calls of a day (of an hour, where the provider's price depends on it) that have key, user, team, tags, model and length of prompt
  in common: how many, their tokens, and what LiteLLM thinks they cost. No prompt, answer, session, request id or IP address leaves the database.
  A copy may be named otherwise (public_LiteLLM_SpendLogs): put its names in below. It may hold a call twice, which counts once.
  prompt_tokens holds what was read from and written to the prompt cache. A hit of LiteLLM's own cache, a failed call and the look-up of a
  stored response cost no tokens. A spend of 0 for tokens is a model that LiteLLM has no price for: nobody knows what it thought.
*/
WITH logs AS (
    SELECT
        request_id, "startTime", custom_llm_provider, call_type, model, api_key, "user", team_id, request_tags, spend, total_tokens, prompt_tokens, completion_tokens,
        JSONExtractString(ifNull(metadata, ''), 'user_api_key_alias')        AS alias,
        JSONExtractString(ifNull(metadata, ''), 'user_api_key_team_alias')   AS team_alias,
        JSONExtractRaw(ifNull(metadata, ''), 'spend_logs_metadata')          AS properties,
        JSONExtractRaw(ifNull(metadata, ''), 'usage_object')                 AS used,
        greatest(JSONExtractInt(used, 'prompt_tokens_details', 'cached_tokens'), JSONExtractInt(used, 'cache_read_input_tokens')) AS cache_read,
        greatest(JSONExtractInt(used, 'prompt_tokens_details', 'cache_creation_tokens'), JSONExtractInt(used, 'cache_creation_input_tokens')) AS cache_write,
        JSONExtractInt(used, 'completion_tokens_details', 'reasoning_tokens') AS reasoning,
        lower(ifNull(cache_hit, '')) != 'true' AND ifNull(status, '') != 'failure' AND position(call_type, 'get_responses') = 0 AS reached
    FROM "LiteLLM_SpendLogs"
    WHERE "startTime" >= toDateTime64('{from} 00:00:00', 3, 'UTC') AND "startTime" < toDateTime64('{to} 00:00:00', 3, 'UTC')
    LIMIT 1 BY request_id
), groups AS (
    SELECT
        ifNull(custom_llm_provider, '') = 'deepseek'        AS hourly,
        if(hourly, toStartOfHour("startTime", 'UTC'), toStartOfDay("startTime", 'UTC')) AS period,
        ifNull(custom_llm_provider, '')                     AS provider,
        if(position(call_type, 'embedding') > 0, 'embeddings', '') AS category,
        model,
        multiIf(NOT reached OR prompt_tokens <= 100000, '0-100000', prompt_tokens <= 128000, '100000-128000', prompt_tokens < 200000, '128000-199999',
            prompt_tokens = 200000, '199999-200000', prompt_tokens <= 272000, '200000-272000', '272000-') AS context,
        api_key, alias, team_alias, properties,
        ifNull("user", '')                                  AS user_id,
        ifNull(team_id, '')                                 AS team,
        ifNull(request_tags, '')                            AS tags,
        multiIf(
            NOT reached, '',
            cache_read + cache_write > prompt_tokens, 'cached tokens are more than prompt_tokens',
            total_tokens != prompt_tokens + completion_tokens, 'total_tokens is not prompt_tokens + completion_tokens',
            least(prompt_tokens, completion_tokens, cache_read, cache_write) < 0, 'tokens are negative', '') AS problem,
        count()                                             AS requests,
        sumIf(prompt_tokens - cache_read - cache_write, reached) AS input_tokens,
        sumIf(cache_read, reached)                          AS cache_read_tokens,
        sumIf(cache_write, reached)                         AS cache_write_tokens,
        sumIf(completion_tokens, reached)                   AS output_tokens,
        sumIf(reasoning, reached)                           AS reasoning_tokens,
        countIf(spend != 0 OR NOT reached OR total_tokens = 0) AS known_costs,
        sum(toDecimal128(spend, 12))                        AS cost
    FROM logs
    GROUP BY hourly, period, provider, category, model, context, api_key, alias, team_alias, properties, user_id, team, tags, problem
)
SELECT
    'LiteLLM'                                               AS gateway,
    formatDateTime(g.period, '%F %T', 'UTC')                AS period_start,
    formatDateTime(if(g.hourly, g.period + INTERVAL 1 HOUR, g.period + INTERVAL 1 DAY), '%F %T', 'UTC') AS period_end,
    g.provider AS provider, g.category AS category, g.model AS model, g.context AS context, g.api_key AS api_key,
    if(g.alias != '', g.alias, ifNull(k.key_alias, ''))     AS key_name,   -- a deleted key has the name that it had when it called
    g.user_id AS user_id,
    multiIf(g.team_alias != '', g.team_alias, ifNull(t.team_alias, '') != '', ifNull(t.team_alias, ''), g.team) AS team,
    g.tags AS tags, g.properties AS properties, g.requests AS requests,
    g.input_tokens AS input_tokens, g.cache_read_tokens AS cache_read_tokens, g.cache_write_tokens AS cache_write_tokens, g.output_tokens AS output_tokens,
    g.reasoning_tokens AS reasoning_tokens,
    if(g.known_costs = 0, NULL, g.cost)                     AS reported_cost,
    g.problem AS problem
FROM groups AS g
LEFT JOIN (SELECT token, any(key_alias) AS key_alias FROM "LiteLLM_VerificationToken" GROUP BY token) AS k ON k.token = g.api_key
LEFT JOIN (SELECT team_id, any(team_alias) AS team_alias FROM "LiteLLM_TeamTable" GROUP BY team_id) AS t ON t.team_id = g.team
ORDER BY period_start, provider, model, api_key, user_id, context, team, tags, properties, category, problem
SETTINGS format_csv_null_representation = ''
FORMAT CSVWithNames
