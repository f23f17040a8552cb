/*
title: Langfuse's generations, grouped in PostgreSQL
run:   psql "$DATABASE_URL" --csv -c "$(aifinops sources langfuse --query postgres --month 2026-10)" | aifinops ingest -
needs: SELECT on observations and traces of Langfuse 2; Langfuse 3 has them in ClickHouse
tried: PostgreSQL 15, with tables of the columns of Langfuse's migrations
about: |
  A row is the calls of a day (of an hour, where a price may depend on it) that have provider, model, user, trace name, tags and length of prompt in
  common: how many, their tokens, and what Langfuse thinks they cost. No input, output, session or id leaves the database, and of metadata only the
  keys below. A generation within a generation is one call: the inner one counts. One without usage is not in it.
  Langfuse 2 does not tell what came from a prompt cache: all of a prompt is priced as new, so that what is claimed is an upper bound. The
  provider is what a library wrote into the metadata, or the model's name where it leaves no doubt; else it is not known.
*/
WITH RECURSIVE seen AS (
    SELECT
        id, parent_observation_id, trace_id, project_id, start_time, type, model, prompt_tokens, completion_tokens, coalesce(calculated_total_cost, total_cost) AS cost,
        CASE WHEN jsonb_typeof(metadata::jsonb) = 'object' THEN metadata::jsonb ELSE '{}' END AS metadata,
        greatest(prompt_tokens, completion_tokens, total_tokens) > 0 AS used
    FROM observations
    WHERE start_time >= '{from}' AND start_time < '{to}' AND coalesce(unit, 'TOKENS') = 'TOKENS'
), outer_calls AS (
    SELECT project_id, parent_observation_id AS id FROM seen WHERE used
    UNION
    SELECT s.project_id, s.parent_observation_id FROM outer_calls o JOIN seen s USING (project_id, id)
), calls AS (
    SELECT
        date_trunc(CASE WHEN s.model ILIKE '%deepseek%' THEN 'hour' ELSE 'day' END, s.start_time) AS period,
        lower(coalesce(s.metadata ->> 'ls_provider', s.metadata ->> 'custom_llm_provider', s.metadata -> 'attributes' ->> 'gen_ai.provider.name', s.metadata -> 'attributes' ->> 'gen_ai.system')) AS platform,
        s.model, t.user_id, coalesce(s.prompt_tokens, 0) AS prompt, coalesce(s.completion_tokens, 0) AS answer, s.cost,
        to_jsonb(t.tags)                                        AS tags,
        jsonb_strip_nulls(jsonb_build_object('trace', CASE WHEN length(t.name) <= 60 AND t.name !~ '[0-9a-f]{8}' THEN t.name END)) ||
            (SELECT coalesce(jsonb_object_agg(key, value), '{}')
            FROM jsonb_each_text(CASE WHEN jsonb_typeof(t.metadata::jsonb) = 'object' THEN t.metadata::jsonb ELSE '{}' END || s.metadata)
            WHERE replace(lower(key), '-', '_') IN ('use_case', 'usecase', 'team', 'feature', 'product', 'project', 'cost_center', 'department', 'application', 'app', 'service', 'env')) AS properties
    FROM seen s
    LEFT JOIN traces t ON t.id = s.trace_id AND t.project_id = s.project_id
    WHERE s.used AND NOT EXISTS (SELECT FROM outer_calls o WHERE o.project_id = s.project_id AND o.id = s.id)
), groups AS (
    SELECT
        period, model, user_id, tags, properties,
        CASE
            WHEN platform ~ 'azure|^az\.ai' THEN 'azure'
            WHEN platform ~ 'bedrock' THEN 'aws'
            WHEN platform ~ 'google|gemini|vertex|^gcp' THEN 'google'
            WHEN platform ~ '^mistral' THEN 'mistral'
            WHEN platform ~ '^x_?ai' THEN 'xai'
            WHEN platform IS NOT NULL THEN split_part(platform, '.', 1)
            WHEN model ~ '^gemini-|/publishers/google/' THEN 'google'
            WHEN model ~ '^([a-z]{2,6}\.)?(anthropic|amazon|meta|mistral|cohere|ai21|deepseek)\.[a-z]' THEN 'aws' END AS provider,
        CASE
            WHEN prompt <= 100000 THEN '0-100000'
            WHEN prompt <= 128000 THEN '100000-128000'
            WHEN prompt <  200000 THEN '128000-199999'
            WHEN prompt =  200000 THEN '199999-200000'
            WHEN prompt <= 272000 THEN '200000-272000'
            ELSE '272000-' END                                  AS context,
        CASE WHEN least(prompt, answer) < 0 THEN 'tokens are negative' END AS problem,
        count(*) AS requests, sum(prompt) AS input_tokens, sum(answer) AS output_tokens, round(sum(nullif(cost, 0)), 12) AS reported_cost
    FROM calls
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
)
SELECT
    'Langfuse'                                                  AS gateway,
    to_char(period, 'YYYY-MM-DD HH24:MI:SS')                    AS period_start,
    to_char(period + CASE WHEN model ILIKE '%deepseek%' THEN interval '1 hour' ELSE interval '1 day' END, 'YYYY-MM-DD HH24:MI:SS') AS period_end,
    provider, model, context, user_id, tags, properties, requests, input_tokens,
    NULL AS cache_read_tokens, NULL AS cache_write_tokens, output_tokens, reported_cost, problem
FROM groups
ORDER BY 2, 4, 5, 7, 6, 8, 9, 16
