/*
title:      Helicone requests (its own database)
get:        |
  clickhouse-client -q "SELECT * EXCEPT (request_body, response_body) FROM request_response_rmt FINAL
  WHERE request_created_at >= '2026-10-01' AND request_created_at < '2026-11-01' ORDER BY updated_at FORMAT Parquet" > helicone-2026-10.parquet; or CSVWithNames, JSONEachRow
docs:       https://docs.helicone.ai/getting-started/self-host/overview
confidence: the product's source; no real file seen
role:       requests
format:     [csv, json, parquet]
columns:
  call:         id      response_id | request_id
  started:      instant request_created_at
  organization: text    organization_id
  status:       number  status
  model:        text    model
  platform:     text    provider
  prompt:       count   prompt_tokens
  completion:   count   completion_tokens
  properties:   json    properties
  cost:         count   cost
optional:
  user_id:      user    user_id
  key_id:       key     proxy_key_id
  reasoning:    count   reasoning_tokens
  read:         count   prompt_cache_read_tokens
  written:      count   prompt_cache_write_tokens
  prompt_audio: count   prompt_audio_tokens
  output_audio: count   completion_audio_tokens
  cached_as:    text    cache_reference_id
  target:       text    target_url
id:         call
*/
-- What the API gives, but for the cost, which is a whole number of billionths of a dollar here. Without FINAL older versions of a
-- row come along: the last in the file counts, so order by updated_at.
WITH calls AS (
    SELECT *,
        coalesce(status, 0) < 400 AND coalesce(nullif(cached_as, ''), '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000' AS reached
    FROM raw
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    call                                             AS x_RequestId,
    CASE WHEN contains(target, '.openai.azure.com') THEN 'azure'
        WHEN lower(platform) = 'x' THEN 'xai'
        WHEN lower(platform) NOT IN ('custom', 'local', 'helicone') THEN as_provider(platform) END AS ProviderName,
    'Helicone'                                       AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    model                                            AS x_Model,
    key_id                                           AS x_ApiKeyId,
    user_id                                          AS x_User,
    CASE WHEN properties <> '{}' THEN json_merge_patch(properties, '{"Helicone-Session-Id": null, "Helicone-Session-Path": null}')::VARCHAR END AS Tags,
    1                                                AS x_Requests,
    CASE WHEN reached THEN prompt       ELSE 0 END   AS x_InputTokens,
    CASE WHEN reached THEN read         ELSE 0 END   AS x_CacheReadTokens,
    CASE WHEN reached THEN written      ELSE 0 END   AS x_CacheWrite5mTokens,
    CASE WHEN reached THEN completion + coalesce(reasoning, 0) ELSE 0 END AS x_OutputTokens,
    CASE WHEN reached THEN reasoning    ELSE 0 END   AS x_ReasoningTokens,
    CASE WHEN cost = 0 AND reached AND prompt + completion > 0 THEN NULL ELSE cost * 0.000000001 END AS x_ReportedCost,
    CASE WHEN coalesce(prompt_audio, 0) + coalesce(output_audio, 0) > 0
        THEN format('{} audio tokens: nothing says whether they are in prompt_tokens and completion_tokens', coalesce(prompt_audio, 0) + coalesce(output_audio, 0)) END AS problem
FROM calls
