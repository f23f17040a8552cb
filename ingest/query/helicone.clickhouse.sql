/*
title: Helicone's requests, grouped in ClickHouse
run:   clickhouse-client --query "$(aifinops sources helicone --query clickhouse --month 2026-10)" | aifinops ingest -
needs: SELECT on request_response_rmt, with the columns of 2025-10 or later
tried: not run
about: |
  A row is the requests of a day (of an hour, where the provider's price depends on it) that have provider, model, key, user, properties and length
  of prompt in common: how many, their tokens, and what Helicone thinks they cost. No body, URL, country or request id leaves the database, and no
  id or path of a session: a property with a value of its own for every request makes as many rows as requests; add it to those left out below.
  prompt_tokens is what is left without the cache, and reasoning is not within completion_tokens. A failed call and an answer out of Helicone's
  own cache cost no tokens. cost is billionths of a dollar; 0 for tokens is a model that Helicone has no price for.
*/
WITH calls AS (
    SELECT
        request_created_at, model, proxy_key_id, user_id, properties,
        multiIf(position(ifNull(target_url, ''), '.openai.azure.com') > 0, 'azure', lower(provider) = 'x', 'xai',
            lower(provider) IN ('custom', 'local', 'helicone'), '', lower(provider)) AS platform,
        status < 400 AND ifNull(toString(cache_reference_id), '') IN ('', '00000000-0000-0000-0000-000000000000') AS reached,
        ifNull(prompt_tokens, 0)                            AS fresh,
        ifNull(prompt_cache_read_tokens, 0)                 AS cache_read,
        ifNull(prompt_cache_write_tokens, 0)                AS cache_write,
        ifNull(prompt_audio_tokens, 0) + ifNull(completion_audio_tokens, 0) AS audio,
        ifNull(completion_tokens, 0)                        AS answer,
        ifNull(reasoning_tokens, 0)                         AS reasoning,
        fresh + cache_read + cache_write                    AS prompt,
        toInt128(ifNull(cost, 0))                           AS nano
    FROM request_response_rmt FINAL
    WHERE request_created_at >= toDateTime64('{from} 00:00:00', 3, 'UTC') AND request_created_at < toDateTime64('{to} 00:00:00', 3, 'UTC')
), groups AS (
    SELECT
        platform = 'deepseek'                               AS hourly,
        if(hourly, toStartOfHour(request_created_at, 'UTC'), toStartOfDay(request_created_at, 'UTC')) AS period,
        platform,
        toString(model)                                     AS model_name,
        multiIf(NOT reached OR prompt <= 100000, '0-100000', prompt <= 128000, '100000-128000', prompt < 200000, '128000-199999',
            prompt = 200000, '199999-200000', prompt <= 272000, '200000-272000', '272000-') AS context,
        ifNull(toString(proxy_key_id), '')                  AS api_key,
        toString(user_id)                                   AS caller,
        toJSONString(mapFilter((k, v) -> k NOT IN ('Helicone-Session-Id', 'Helicone-Session-Path'), properties)) AS labels,
        multiIf(
            NOT reached, '',
            audio > 0, 'audio tokens may be in prompt_tokens and completion_tokens or beside them',
            least(fresh, cache_read, cache_write, answer, reasoning) < 0, 'tokens are negative', '') AS problem,
        count()                                             AS requests,
        sumIf(fresh, reached)                               AS input_tokens,
        sumIf(cache_read, reached)                          AS cache_read_tokens,
        sumIf(cache_write, reached)                         AS cache_write_tokens,
        sumIf(answer + reasoning, reached)                  AS output_tokens,
        sumIf(reasoning, reached)                           AS reasoning_tokens,
        countIf(nano != 0 OR NOT reached OR prompt + answer = 0) AS known_costs,
        sum(nano)                                           AS nanos
    FROM calls
    GROUP BY hourly, period, platform, model_name, context, api_key, caller, labels, problem
)
SELECT
    'Helicone'                                              AS gateway,
    formatDateTime(period, '%F %T', 'UTC')                  AS period_start,
    formatDateTime(if(hourly, period + INTERVAL 1 HOUR, period + INTERVAL 1 DAY), '%F %T', 'UTC') AS period_end,
    platform AS provider, model_name AS model, context, api_key, caller AS user_id, labels AS properties, requests,
    input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
    if(known_costs = 0, NULL, toDecimal128(nanos, 9) / 1000000000) AS reported_cost,
    problem
FROM groups
ORDER BY period_start, provider, model, api_key, user_id, context, properties, problem
SETTINGS format_csv_null_representation = ''
FORMAT CSVWithNames
