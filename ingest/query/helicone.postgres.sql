/*
title: Helicone's requests, grouped in PostgreSQL
run:   psql "$DATABASE_URL" --csv -c "$(aifinops sources helicone --query postgres --month 2026-10)" | aifinops ingest -
needs: SELECT on request and response, which Helicone fills no longer; newer ones have their requests in ClickHouse alone
tried: PostgreSQL 15, with tables of the columns that Helicone wrote into them
about: |
  A row is the requests of a day (of an hour, where the provider's price depends on it) that have provider, model, key, user, properties and length
  of prompt in common: how many, and their tokens. No body, URL, IP address or request id leaves the database, and no id or path of a session: a
  property with a value of its own for every request makes as many rows as requests; take it out below likewise.
  These tables do not tell what came from a prompt cache, so that all of the prompt is priced as new: what is claimed is an upper bound.
*/
WITH calls AS (
    SELECT
        CASE
            WHEN q.target_url LIKE '%.openai.azure.com%' THEN 'azure'
            WHEN lower(q.provider) = 'x' THEN 'xai'
            WHEN lower(q.provider) NOT IN ('custom', 'local', 'helicone') THEN lower(q.provider) END AS provider,
        date_trunc(CASE WHEN lower(q.provider) = 'deepseek' THEN 'hour' ELSE 'day' END, q.created_at AT TIME ZONE 'UTC') AS period,
        coalesce(nullif(q.model_override, ''), nullif(p.model, ''), q.model) AS model,
        q.helicone_proxy_key_id::text                           AS api_key,
        q.user_id,
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each(q.properties::jsonb) WHERE key NOT IN ('Helicone-Session-Id', 'Helicone-Session-Path')) AS properties,
        CASE WHEN p.status < 400 THEN coalesce(p.prompt_tokens, 0) ELSE 0 END AS prompt, -- a failed call has no tokens
        CASE WHEN p.status < 400 THEN coalesce(p.completion_tokens, 0) ELSE 0 END AS answer
    FROM request q
    LEFT JOIN response p ON p.request = q.id
    WHERE q.created_at >= '{from} 00:00:00+00' AND q.created_at < '{to} 00:00:00+00'
), groups AS (
    SELECT
        period, provider, model, api_key, user_id, properties,
        CASE
            WHEN prompt <= 100000 THEN '0-100000'
            WHEN prompt <= 128000 THEN '100000-128000'
            WHEN prompt <  200000 THEN '128000-199999'
            WHEN prompt =  200000 THEN '199999-200000'
            WHEN prompt <= 272000 THEN '200000-272000'
            ELSE '272000-' END                                  AS context,
        CASE WHEN least(prompt, answer) < 0 THEN 'tokens are negative' END AS problem,
        count(*) AS requests, sum(prompt) AS input_tokens, sum(answer) AS output_tokens
    FROM calls
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
)
SELECT
    'Helicone'                                                  AS gateway,
    to_char(period, 'YYYY-MM-DD HH24:MI:SS')                    AS period_start,
    to_char(period + CASE WHEN provider = 'deepseek' THEN interval '1 hour' ELSE interval '1 day' END, 'YYYY-MM-DD HH24:MI:SS') AS period_end,
    provider, model, context, api_key, user_id, properties, requests, input_tokens,
    NULL AS cache_read_tokens, NULL AS cache_write_tokens, output_tokens, NULL AS reported_cost, problem
FROM groups
ORDER BY 2, 4, 5, 7, 8, 6, 9, 16
