/*
title: Langfuse's generations, grouped in ClickHouse
run:   clickhouse-client --query "$(aifinops sources langfuse --query clickhouse --month 2026-10)" | aifinops ingest -
needs: SELECT on observations and traces of Langfuse 3
tried: not run
about: |
  A row is the calls of a day (of an hour, where a price may depend on it) that have provider, model, user, environment, trace name, tags and length
  of prompt in common: how many, their tokens, and what Langfuse thinks they cost. No input, output, session or id leaves the database, and of
  metadata only the keys below. A generation within a generation (or up to three spans further out) is one call: the inner one counts. One without
  usage is not in it. The keys of usage_details exclude each other, but for those with a dot, which are a part of another; what a total of Gemini
  has beside its parts are its thoughts. The provider is what a library wrote into the metadata, or the model's name where it leaves no doubt.
*/
WITH seen AS (
    SELECT
        project_id, id, trace_id, ifNull(parent_observation_id, '') AS parent, start_time, environment, ifNull(provided_model_name, '') AS model, metadata, usage_details AS used, total_cost,
        lower(multiIf(metadata['ls_provider'] != '', metadata['ls_provider'], metadata['custom_llm_provider'] != '', metadata['custom_llm_provider'],
            JSONExtractString(metadata['attributes'], 'gen_ai.provider.name') != '', JSONExtractString(metadata['attributes'], 'gen_ai.provider.name'),
            JSONExtractString(metadata['attributes'], 'gen_ai.system'))) AS platform,
        arraySum(mapValues(mapFilter((k, v) -> match(k, '^total(_tokens)?$'), used)))                                                       AS total,
        arraySum(mapValues(mapFilter((k, v) -> NOT match(k, '^total(_tokens)?$|[.]|requests|calls'), used)))                                AS parts,
        arraySum(mapValues(mapFilter((k, v) -> match(k, 'cached?_?(creation|write)') AND position(k, '1h') > 0, used)))                     AS cache_write_1h,
        arraySum(mapValues(mapFilter((k, v) -> match(k, 'cached?_?(creation|write)') AND position(k, '1h') = 0, used)))                     AS cache_write,
        arraySum(mapValues(mapFilter((k, v) -> match(k, 'cache') AND NOT match(k, 'cached?_?(creation|write)|audio|image'), used)))         AS cache_read,
        arraySum(mapValues(mapFilter((k, v) -> match(k, 'cache') AND match(k, '[.]'), used)))                                               AS within_input,
        arraySum(mapValues(mapFilter((k, v) -> match(k, '^(input|prompt)_audio(_tokens)?$'), used)))                                        AS audio_in,
        arraySum(mapValues(mapFilter((k, v) -> match(k, '^(output|completion)_audio(_tokens)?$'), used)))                                   AS audio_out,
        arraySum(mapValues(mapFilter((k, v) -> match(k, '^(input|prompt)(_text)?(_tokens|_token_count)?$'), used)))                         AS input,
        arraySum(mapValues(mapFilter((k, v) -> match(k, '^(output|completion|candidates)(_text)?(_tokens|_token_count)?$'), used)))         AS plain_output,
        arraySum(mapValues(mapFilter((k, v) -> match(k, 'reasoning|thought|thinking') AND NOT match(k, '[.]'), used)))                      AS thoughts,
        if(total > parts AND startsWith(model, 'gemini'), total - parts, 0)                                                                 AS lost,
        plain_output + thoughts + lost                                                                                                      AS output,
        arraySum(mapValues(mapFilter((k, v) -> match(k, 'reasoning|thought|thinking'), used))) + lost                                       AS reasoning,
        toInt64(input + cache_read + cache_write + cache_write_1h + audio_in) - toInt64(within_input)                                       AS prompt
    FROM observations FINAL
    WHERE start_time >= toDateTime64('{from} 00:00:00', 3, 'UTC') AND start_time < toDateTime64('{to} 00:00:00', 3, 'UTC')
), up1 AS (
    SELECT DISTINCT project_id, parent AS id FROM seen WHERE parts + total > 0 AND parent != ''
), up2 AS (
    SELECT DISTINCT project_id, parent AS id FROM seen WHERE (project_id, id) IN (SELECT project_id, id FROM up1) AND parent != ''
), up3 AS (
    SELECT DISTINCT project_id, parent AS id FROM seen WHERE (project_id, id) IN (SELECT project_id, id FROM up2) AND parent != ''
), up4 AS (
    SELECT DISTINCT project_id, parent AS id FROM seen WHERE (project_id, id) IN (SELECT project_id, id FROM up3) AND parent != ''
), groups AS (
    SELECT
        position(lower(s.model), 'deepseek') > 0            AS hourly,
        if(hourly, toStartOfHour(s.start_time, 'UTC'), toStartOfDay(s.start_time, 'UTC')) AS period,
        s.model                                             AS model_name,
        multiIf(
            match(s.platform, 'azure|^az[.]ai'), 'azure',
            match(s.platform, 'bedrock'), 'aws',
            match(s.platform, 'google|gemini|vertex|^gcp'), 'google',
            match(s.platform, '^mistral'), 'mistral',
            match(s.platform, '^x_?ai'), 'xai',
            s.platform != '', splitByChar('.', s.platform)[1],
            match(s.model, '^gemini-|/publishers/google/'), 'google',
            match(s.model, '^([a-z]{2,6}[.])?(anthropic|amazon|meta|mistral|cohere|ai21|deepseek)[.][a-z]'), 'aws', '') AS vendor,
        multiIf(s.prompt <= 100000, '0-100000', s.prompt <= 128000, '100000-128000', s.prompt < 200000, '128000-199999',
            s.prompt = 200000, '199999-200000', s.prompt <= 272000, '200000-272000', '272000-') AS context,
        ifNull(t.user_id, '')                               AS caller,
        toJSONString(t.tags)                                AS labels,
        toJSONString(mapFilter((k, v) -> v != '' AND replaceAll(lower(k), '-', '_') IN ('environment', 'trace', 'use_case', 'usecase', 'team', 'feature', 'product', 'project',
            'cost_center', 'department', 'application', 'app', 'service', 'env'), mapUpdate(mapUpdate(CAST(t.metadata AS Map(String, String)), CAST(s.metadata AS Map(String, String))),
            map('environment', if(s.environment = 'default', '', toString(s.environment)), 'trace', if(length(t.name) <= 60 AND NOT match(t.name, '[0-9a-f]{8}'), t.name, ''))))) AS properties,
        multiIf(
            s.within_input > s.input, 'cached tokens are more than their input',
            s.total > 0 AND s.total != s.parts + s.lost, 'usage_details do not add up to their total',
            s.parts + s.lost + s.within_input != s.input + s.cache_read + s.cache_write + s.cache_write_1h + s.audio_in + s.audio_out + s.output,
                'usage_details have a kind of token that this query does not know', '') AS problem,
        count()                                             AS requests,
        sum(s.input) - sum(s.within_input)                  AS input_tokens,
        sum(s.audio_in)                                     AS input_audio_tokens,
        sum(s.cache_read)                                   AS cache_read_tokens,
        sum(s.cache_write)                                  AS cache_write_tokens,
        sum(s.cache_write_1h)                               AS cache_write_1h_tokens,
        sum(s.output)                                       AS output_tokens,
        sum(s.audio_out)                                    AS output_audio_tokens,
        sum(s.reasoning)                                    AS reasoning_tokens,
        sum(nullIf(s.total_cost, 0))                        AS reported_cost
    FROM seen AS s
    LEFT JOIN (
        SELECT project_id, id, any(user_id) AS user_id, any(name) AS name, any(metadata) AS metadata, any(tags) AS tags
        FROM traces FINAL
        WHERE timestamp >= toDateTime64('{from} 00:00:00', 3, 'UTC') - INTERVAL 7 DAY AND timestamp < toDateTime64('{to} 00:00:00', 3, 'UTC') + INTERVAL 1 DAY
        GROUP BY project_id, id
    ) AS t ON t.project_id = s.project_id AND t.id = s.trace_id
    WHERE s.parts + s.total > 0
        AND (s.project_id, s.id) NOT IN (SELECT project_id, id FROM up1) AND (s.project_id, s.id) NOT IN (SELECT project_id, id FROM up2)
        AND (s.project_id, s.id) NOT IN (SELECT project_id, id FROM up3) AND (s.project_id, s.id) NOT IN (SELECT project_id, id FROM up4)
    GROUP BY hourly, period, vendor, model_name, context, caller, labels, properties, problem
)
SELECT
    'Langfuse'                                              AS gateway,
    formatDateTime(period, '%F %T', 'UTC')                  AS period_start,
    formatDateTime(if(hourly, period + INTERVAL 1 HOUR, period + INTERVAL 1 DAY), '%F %T', 'UTC') AS period_end,
    vendor AS provider, model_name AS model, context, caller AS user_id, labels AS tags, properties, requests,
    input_tokens, input_audio_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, output_tokens, output_audio_tokens, reasoning_tokens,
    reported_cost, problem
FROM groups
ORDER BY period_start, provider, model, user_id, context, tags, properties, problem
SETTINGS format_csv_null_representation = ''
FORMAT CSVWithNames
