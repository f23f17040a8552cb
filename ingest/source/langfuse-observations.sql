/*
title:      Langfuse observations (blob storage export, trace download, API)
get:        |
  Project settings, Integrations, Blob Storage: the files of observations or observations_v2, as CSV, JSON, JSONL or Parquet; one of the two folders, for both
  hold the same calls, and the field groups model and usage must be ticked. v2 has the user and the tags of the trace in each row.
  One trace: open it, Download; or GET /api/public/traces/{id}. Many: GET /api/public/observations?type=GENERATION, its pages through jq -c '.data[]'
docs:       https://langfuse.com/docs/api-and-data-platform/features/export-to-blob-storage
confidence: real downloads of traces of 2025; for the files of the blob export its source and its tests
role:       requests
format:     [csv, json, parquet]
records:    observations
columns:
  observation: id      observations.id | id
  trace:       text    observations.traceId | trace_id | traceId
  parent:      text    observations.parentObservationId | parent_observation_id | parentObservationId
  type:        text    observations.type | type
  started:     instant observations.startTime | start_time | startTime
  model_name:  text    observations.model | provided_model_name | providedModelName | model
  usage:       json    observations.usageDetails | usage_details | usageDetails
  costs:       json    observations.costDetails | cost_details | costDetails
optional:
  node:        text    observations.id | id
  cost:        number  observations.totalCost | total_cost | totalCost
  level:       text    observations.level | level
  environment: text    observations.environment | environment | trace.environment
  trace_name:  text    trace_name | traceName | trace.name
  user_id:     user    user_id | userId | trace.userId
  tags:        json    tags | trace.tags
  metadata:    text    observations.metadata | metadata
id:         observation
*/
-- A trace is a tree, and its inner nodes repeat the tokens of the calls below them: an agent, or a call that two libraries saw. Of nodes with usage
-- on one branch only the deepest is a call; the parents must be in the same file. A generation without usage is a call of which nobody knows the
-- tokens, unless a node above or below it knows them. Spans are no calls.
-- The names of usage_details are exclusive, and what has a dot is a part of input or output, unless the total says otherwise. A total that is more
-- than its parts is how Gemini's thoughts get lost. No cost means that Langfuse knows no price.
-- Who bills is said by some libraries in the metadata, and by some names of models: else it is not known. Of metadata no other keys are read than these.
WITH RECURSIVE nodes AS (
    SELECT
        *,
        coalesce(regexp_matches(usage, ':\s*"?[0-9.]*[1-9]') OR cost > 0, false) AS metered,
        CASE WHEN json_valid(metadata) THEN metadata END AS meta,
        lower(regexp_extract(model_name, '([^/]+)$'))    AS short_name
    FROM raw
), calls AS (
    SELECT * FROM nodes WHERE metered OR type IN ('GENERATION', 'EMBEDDING')
), above AS ( -- a call, and each node above it
    SELECT record, metered, trace, parent AS node FROM calls WHERE parent IS NOT NULL
    UNION
    SELECT a.record, a.metered, a.trace, n.parent FROM above a JOIN nodes n ON n.trace = a.trace AND n.node = a.node WHERE n.parent IS NOT NULL
), nested AS (
    SELECT a.record AS inner_record, a.metered AS inner_metered, c.record AS outer_record, c.metered AS outer_metered
    FROM above a JOIN calls c ON c.trace = a.trace AND c.node = a.node
), wrapping AS (
    SELECT outer_record AS record FROM nested WHERE inner_metered OR NOT outer_metered
    UNION
    SELECT inner_record FROM nested WHERE outer_metered AND NOT inner_metered
), entries AS (
    SELECT record, entry.key, as_count(entry.value) AS n
    FROM (
        SELECT record, unnest(map_entries(CASE WHEN json_type(usage) = 'OBJECT' THEN usage::JSON::MAP(VARCHAR, VARCHAR) END)) AS entry
        FROM calls WHERE record NOT IN (FROM wrapping)
    )
), classes AS ( -- there are few names, and many calls
    SELECT
        key,
        contains(key, '.') AS dotted,
        CASE
            WHEN regexp_full_match(key, 'total(_tokens)?')                                                          THEN 'total'
            WHEN regexp_matches(key, 'requests|calls')                                                              THEN 'uses'
            WHEN regexp_matches(key, '(cache|cached)_?(creation|write)|cache_write') AND contains(key, '1h')        THEN 'write_1h'
            WHEN regexp_matches(key, '(cache|cached)_?(creation|write)|cache_write')                                THEN 'write_5m'
            WHEN contains(key, 'cache') AND contains(key, 'audio')                                                  THEN 'read_audio'
            WHEN contains(key, 'cache') AND contains(key, 'image')                                                  THEN 'read_image'
            WHEN contains(key, 'cache')                                                                             THEN 'read'
            WHEN regexp_matches(key, 'reasoning|thought|thinking')                                                  THEN 'reasoning'
            WHEN regexp_full_match(key, '(input|prompt)(_details\.|_tokens_details\.|_)audio(_tokens)?')            THEN 'input_audio'
            WHEN regexp_full_match(key, '(input|prompt)(_details\.|_tokens_details\.|_)image(_tokens)?')            THEN 'input_image'
            WHEN regexp_full_match(key, '(output|completion)(_details\.|_tokens_details\.|_)audio(_tokens)?')       THEN 'output_audio'
            WHEN regexp_full_match(key, '(output|completion)(_details\.|_tokens_details\.|_)image(_tokens)?')       THEN 'output_image'
            WHEN regexp_full_match(key, '(input|prompt)(_text)?(_tokens|_token_count)?')                            THEN 'input'
            WHEN regexp_full_match(key, '(output|completion|candidates)(_text)?(_tokens|_token_count)?')            THEN 'output'
        END AS class
    FROM (SELECT DISTINCT key FROM entries)
), classed AS (
    SELECT * FROM entries JOIN classes USING (key) WHERE n <> 0
), totals AS (
    SELECT
        record,
        max(n) FILTER (WHERE class = 'total')                                            AS total,
        coalesce(sum(n) FILTER (WHERE class NOT IN ('total', 'uses')), 0)                AS every,
        coalesce(sum(n) FILTER (WHERE class NOT IN ('total', 'uses') AND NOT dotted), 0) AS undotted,
        coalesce(sum(n) FILTER (WHERE class IN ('input', 'output') AND NOT dotted), 0)   AS plain,
        coalesce(sum(n) FILTER (WHERE class = 'uses'), 0)                                AS uses,
        string_agg(key || ' ' || n, ', ' ORDER BY key)                                   AS written,
        min(key || '" ' || n) FILTER (WHERE class IS NULL)                               AS unknown,
        list_has_any(list(class) FILTER (WHERE dotted), list(class) FILTER (WHERE NOT dotted)) AS repeated
    FROM classed
    GROUP BY record
), meanings AS (
    SELECT *, CASE
        WHEN total IN (every, every + uses)  THEN 'apart'
        WHEN coalesce(total, undotted) IN (undotted, undotted + uses) AND NOT coalesce(repeated, false) THEN 'dotted within'
        WHEN total IN (plain, plain + uses)  THEN 'all within' END AS meaning
    FROM totals
), sums AS (
    SELECT
        record,
        any_value(m.total)                                     AS total,
        any_value(m.every)                                     AS every,
        any_value(m.meaning)                                   AS meaning,
        any_value(m.written)                                   AS written,
        any_value(m.unknown)                                   AS unknown,
        sum(n) FILTER (WHERE class = 'input')                  AS input,
        sum(n) FILTER (WHERE class = 'output')                 AS output,
        sum(n) FILTER (WHERE class = 'read')                   AS read,
        sum(n) FILTER (WHERE class = 'read_audio')             AS read_audio,
        sum(n) FILTER (WHERE class = 'read_image')             AS read_image,
        sum(n) FILTER (WHERE class = 'write_5m')               AS write_5m,
        sum(n) FILTER (WHERE class = 'write_1h')               AS write_1h,
        sum(n) FILTER (WHERE class = 'input_audio')            AS input_audio,
        sum(n) FILTER (WHERE class = 'input_image')            AS input_image,
        sum(n) FILTER (WHERE class = 'output_audio')           AS output_audio,
        sum(n) FILTER (WHERE class = 'output_image')           AS output_image,
        sum(n) FILTER (WHERE class = 'reasoning')              AS reasoning,
        sum(n) FILTER (WHERE class = 'reasoning' AND NOT inside) AS thoughts, -- that are not in output
        coalesce(sum(n) FILTER (WHERE inside AND class IN ('read', 'read_audio', 'read_image', 'write_5m', 'write_1h', 'input_audio', 'input_image')), 0) AS in_input,
        coalesce(sum(n) FILTER (WHERE inside AND class IN ('output_audio', 'output_image')), 0) AS in_output
    FROM (
        SELECT c.*, m AS m, m.meaning = 'all within' AND class NOT IN ('input', 'output') OR m.meaning = 'dotted within' AND dotted AS inside
        FROM classed c JOIN meanings m USING (record)
    )
    GROUP BY record
), priced AS (
    SELECT
        c.*, s.* EXCLUDE (record, reasoning),
        CASE WHEN s.meaning IS NULL AND s.total > s.every AND starts_with(short_name, 'gemini') THEN s.total - s.every END AS lost,
        coalesce(lost, s.reasoning)                            AS reasoning,
        coalesce(
            json_extract_string(meta, '$.ls_provider'), json_extract_string(meta, '$.custom_llm_provider'),
            json_extract_string(meta, '$.attributes."gen_ai.provider.name"'), json_extract_string(meta, '$.attributes."gen_ai.system"'),
            json_extract_string(meta, '$.attributes."ai.model.provider"')) AS platform,
        coalesce(nullif(regexp_extract(node, '^time-[0-9-]+_(.+)$', 1), ''), json_extract_string(meta, '$.attributes."gen_ai.response.id"')) AS response_id,
        list_filter(json_keys(meta), lambda k: tag_name(k) IN ('use_case', 'usecase', 'team', 'feature', 'product', 'project', 'cost_center', 'department', 'application', 'app', 'service', 'env')) AS named
    FROM calls c LEFT JOIN sums s USING (record)
    WHERE record NOT IN (FROM wrapping)
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    coalesce(as_id(response_id), observation)        AS x_RequestId,
    CASE
        WHEN regexp_matches(lower(platform), 'azure|^az\.ai')            THEN 'azure'
        WHEN regexp_matches(lower(platform), 'bedrock')                  THEN 'aws'
        WHEN regexp_matches(lower(platform), 'google|gemini|vertex|^gcp') THEN 'google'
        WHEN regexp_matches(lower(platform), '^mistral')                 THEN 'mistral'
        WHEN regexp_matches(lower(platform), '^x_?ai')                   THEN 'xai'
        WHEN platform IS NOT NULL                                        THEN as_provider(split_part(platform, '.', 1))
        WHEN starts_with(model_name, 'gemini-') OR contains(model_name, '/publishers/google/')                       THEN 'google'
        WHEN regexp_matches(model_name, '^([a-z]{2,6}\.)?(anthropic|amazon|meta|mistral|cohere|ai21|deepseek)\.[a-z]') THEN 'aws'
    END                                              AS ProviderName,
    'Langfuse'                                       AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE WHEN type = 'EMBEDDING' THEN 'embeddings' ELSE model_category(model_name) END AS x_Category,
    regexp_replace(model_name, '^projects/.*/models/', '') AS x_Model,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        CASE WHEN environment <> 'default' THEN '{"environment": ' || to_json(environment) || '}' END,
        CASE WHEN length(trace_name) <= 60 AND NOT regexp_matches(trace_name, '[0-9a-f]{8}') THEN '{"trace": ' || to_json(trace_name) || '}' END,
        CASE WHEN tags NOT IN ('[]', 'null') THEN tags END,
        CASE WHEN len(named) > 0 THEN '{' || array_to_string(list_transform(named,
            lambda k: to_json(k) || ': ' || to_json(json_extract_string(meta, '$."' || replace(k, '"', '\"') || '"'))), ', ') || '}' END) || ']', '[]') AS Tags,
    1                                                AS x_Requests,
    CASE WHEN metered THEN coalesce(input, 0) - in_input WHEN level = 'ERROR' THEN 0 END AS x_InputTokens,
    input_audio                                      AS x_InputAudioTokens,
    input_image                                      AS x_InputImageTokens,
    read                                             AS x_CacheReadTokens,
    read_audio                                       AS x_CacheReadAudioTokens,
    read_image                                       AS x_CacheReadImageTokens,
    write_5m                                         AS x_CacheWrite5mTokens,
    write_1h                                         AS x_CacheWrite1hTokens,
    CASE WHEN metered THEN coalesce(output, 0) - in_output + coalesce(thoughts, 0) + coalesce(lost, 0) WHEN level = 'ERROR' THEN 0 END AS x_OutputTokens,
    output_audio                                     AS x_OutputAudioTokens,
    output_image                                     AS x_OutputImageTokens,
    reasoning                                        AS x_ReasoningTokens,
    CASE WHEN metered THEN nullif(coalesce(cost, TRY_CAST(json_extract_string(costs, '$.total') AS DECIMAL(38,12))), 0) WHEN level = 'ERROR' THEN 0 END AS x_ReportedCost,
    CASE
        WHEN unknown IS NOT NULL
            THEN 'usage has "' || unknown || ', which is no class of tokens that is known'
        WHEN meaning IS NULL AND lost IS NULL AND total IS NOT NULL
            THEN 'usage does not add up to its total: ' || written
        WHEN in_input > coalesce(input, 0) OR in_output > coalesce(output, 0)
            THEN 'the parts of usage are more than the whole: ' || written
    END                                              AS problem
FROM priced
