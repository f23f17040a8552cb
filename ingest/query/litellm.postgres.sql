/*
title: LiteLLM's spend logs, grouped in PostgreSQL
run:   psql "$DATABASE_URL" --csv -c "$(aifinops sources litellm --query postgres --month 2026-10)" | aifinops ingest -
needs: SELECT on LiteLLM_SpendLogs, LiteLLM_VerificationToken and LiteLLM_TeamTable
tried: PostgreSQL 15, with the tables of LiteLLM's own schema
about: |
  A row is the calls of a day (of an hour, where the provider's price depends on it) that have key, user, team, tags, model and length of prompt
  in common: how many, their tokens, and what LiteLLM thinks they cost. No prompt, answer, session, request id or IP address leaves the database.
  A tag with a value of its own for every call makes as many rows as calls: take it out below, as in (spend_logs_metadata - 'trace_id').
  prompt_tokens holds what was read from and written to the prompt cache. A hit of LiteLLM's own cache, a failed call and the look-up of a
  stored response cost no tokens. A spend of 0 for tokens is a model that LiteLLM has no price for: nobody knows what it thought.
*/
WITH logs AS (
    SELECT
        "startTime", custom_llm_provider, call_type, model, api_key, "user", team_id, request_tags, spend, total_tokens, prompt_tokens, completion_tokens,
        m.*,
        coalesce((m.usage_object -> 'prompt_tokens_details' ->> 'cached_tokens')::bigint, (m.usage_object ->> 'cache_read_input_tokens')::bigint, 0) AS cache_read,
        coalesce((m.usage_object -> 'prompt_tokens_details' ->> 'cache_creation_tokens')::bigint, (m.usage_object ->> 'cache_creation_input_tokens')::bigint, 0) AS cache_write,
        coalesce((m.usage_object -> 'completion_tokens_details' ->> 'reasoning_tokens')::bigint, 0) AS reasoning,
        coalesce(lower(cache_hit), '') <> 'true' AND coalesce(status, '') <> 'failure' AND call_type NOT LIKE '%get_responses%' AS reached
    FROM "LiteLLM_SpendLogs"
    CROSS JOIN LATERAL jsonb_to_record(CASE WHEN jsonb_typeof(metadata::jsonb) = 'object' THEN metadata::jsonb ELSE '{}' END)
        AS m (user_api_key_alias text, user_api_key_team_alias text, spend_logs_metadata jsonb, usage_object jsonb)
    WHERE "startTime" >= '{from}' AND "startTime" < '{to}'
    OFFSET 0 -- or all of it would be computed anew wherever it is named
), calls AS (
    SELECT
        ARRAY[ -- what the calls of a group have in common: by one column PostgreSQL groups in a hash table, by thirteen it would sort all calls
            to_char("startTime", CASE WHEN custom_llm_provider = 'deepseek' THEN 'YYYY-MM-DD HH24:00:00' ELSE 'YYYY-MM-DD 00:00:00' END),
            custom_llm_provider,
            CASE WHEN call_type LIKE '%embedding%' THEN 'embeddings' END,
            model,
            CASE
                WHEN NOT reached OR prompt_tokens <= 100000 THEN '0-100000'
                WHEN prompt_tokens <= 128000 THEN '100000-128000'
                WHEN prompt_tokens <  200000 THEN '128000-199999'
                WHEN prompt_tokens =  200000 THEN '199999-200000'
                WHEN prompt_tokens <= 272000 THEN '200000-272000'
                ELSE '272000-' END,
            api_key,
            user_api_key_alias,
            "user",
            team_id,
            user_api_key_team_alias,
            request_tags::text,
            spend_logs_metadata::text,
            CASE
                WHEN NOT reached THEN NULL
                WHEN cache_read + cache_write > prompt_tokens THEN 'cached tokens are more than prompt_tokens'
                WHEN total_tokens <> prompt_tokens + completion_tokens THEN 'total_tokens is not prompt_tokens + completion_tokens'
                WHEN least(prompt_tokens, completion_tokens, cache_read, cache_write) < 0 THEN 'tokens are negative' END
        ] AS key,
        CASE WHEN reached THEN prompt_tokens - cache_read - cache_write ELSE 0 END AS input_tokens,
        CASE WHEN reached THEN cache_read ELSE 0 END            AS cache_read_tokens,
        CASE WHEN reached THEN cache_write ELSE 0 END           AS cache_write_tokens,
        CASE WHEN reached THEN completion_tokens ELSE 0 END     AS output_tokens,
        CASE WHEN reached THEN reasoning ELSE 0 END             AS reasoning_tokens,
        CASE WHEN spend <> 0 OR NOT reached OR total_tokens = 0 THEN round(spend::numeric, 12) END AS reported_cost
    FROM logs
    OFFSET 0
), groups AS (
    SELECT
        key, count(*) AS requests, sum(input_tokens) AS input_tokens, sum(cache_read_tokens) AS cache_read_tokens, sum(cache_write_tokens) AS cache_write_tokens,
        sum(output_tokens) AS output_tokens, sum(reasoning_tokens) AS reasoning_tokens, sum(reported_cost) AS reported_cost
    FROM calls
    GROUP BY key
)
SELECT
    'LiteLLM'                                                   AS gateway,
    key[1]                                                      AS period_start,
    to_char(key[1]::timestamp + CASE WHEN key[2] = 'deepseek' THEN interval '1 hour' ELSE interval '1 day' END, 'YYYY-MM-DD HH24:MI:SS') AS period_end,
    key[2]                                                      AS provider,
    key[3]                                                      AS category,
    key[4]                                                      AS model,
    key[5]                                                      AS context,
    key[6]                                                      AS api_key,
    coalesce(nullif(key[7], ''), k.key_alias)                   AS key_name,   -- a deleted key has the name that it had when it called
    key[8]                                                      AS user_id,
    coalesce(nullif(key[10], ''), t.team_alias, key[9])         AS team,
    key[11]                                                     AS tags,
    key[12]                                                     AS properties,
    requests, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, reported_cost,
    key[13]                                                     AS problem
FROM groups
LEFT JOIN "LiteLLM_VerificationToken" k ON k.token = key[6]
LEFT JOIN "LiteLLM_TeamTable" t ON t.team_id = key[9]
ORDER BY key
