/*
title:      Helicone requests (API, export tool)
get:        |
  curl -X POST https://api.helicone.ai/v1/request/query-clickhouse -H "Authorization: Bearer $HELICONE_API_KEY" -H 'Content-Type: application/json' -d '{"filter": "all", "limit": 1000, "offset": 0}',
  for each offset; or Helicone's export tool with --format jsonl (its CSV has no models)
docs:       https://docs.helicone.ai/rest/request/post-v1requestquery-clickhouse
confidence: the product's source; no real file seen
role:       requests
format:     [json, csv]
records:    data
columns:
  call:         id      data.response_id | response_id | data.request_id | request_id
  started:      instant data.request_created_at | request_created_at
  status:       number  data.response_status | response_status
  prompt:       count   data.prompt_tokens | prompt_tokens
  completion:   count   data.completion_tokens | completion_tokens
  properties:   json    data.request_properties | request_properties
  cost:         number  data.cost | cost
optional:
  model:        text    data.request_model | request_model | data.model | model
  platform:     text    data.provider | provider
  user_id:      user    data.request_user_id | request_user_id
  total:        count   data.total_tokens | total_tokens
  reasoning:    count   data.reasoning_tokens | reasoning_tokens
  read:         count   data.prompt_cache_read_tokens | prompt_cache_read_tokens
  written:      count   data.prompt_cache_write_tokens | prompt_cache_write_tokens
  prompt_audio: count   data.prompt_audio_tokens | prompt_audio_tokens
  output_audio: count   data.completion_audio_tokens | completion_audio_tokens
  cached_as:    text    data.cache_reference_id | cache_reference_id
  target:       text    data.target_url | target_url
ignore:     call IS NULL AND started IS NULL
id:         call
*/
-- prompt_tokens is what came neither from the cache nor went into it; reasoning stands beside completion, and total_tokens has no cache at all.
-- A hit of Helicone's own cache names the call that it repeats, and a failed call has no tokens. A cost of 0 for tokens is a model without a price.
-- The API gives dollars, where its database has billionths of them.
WITH calls AS (
    SELECT *,
        coalesce(status, 0) < 400 AND coalesce(nullif(cached_as, ''), '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000' AS reached,
        coalesce(reasoning, 0) > 0 AND total = prompt + completion AS within -- reasoning in completion, as older versions have it
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
    user_id                                          AS x_User,
    CASE WHEN properties <> '{}' THEN json_merge_patch(properties, '{"Helicone-Session-Id": null, "Helicone-Session-Path": null}')::VARCHAR END AS Tags,
    1                                                AS x_Requests,
    CASE WHEN reached THEN prompt       ELSE 0 END   AS x_InputTokens,
    CASE WHEN reached THEN read         ELSE 0 END   AS x_CacheReadTokens,
    CASE WHEN reached THEN written      ELSE 0 END   AS x_CacheWrite5mTokens,
    CASE WHEN reached THEN completion + CASE WHEN within THEN 0 ELSE coalesce(reasoning, 0) END ELSE 0 END AS x_OutputTokens,
    CASE WHEN reached THEN reasoning    ELSE 0 END   AS x_ReasoningTokens,
    CASE WHEN cost = 0 AND reached AND prompt + completion > 0 THEN NULL ELSE cost END AS x_ReportedCost,
    CASE
        WHEN reached AND NOT within AND total <> prompt + completion + coalesce(reasoning, 0)
            THEN format('total_tokens {} is not made of {} prompt, {} completion and {} reasoning', total, prompt, completion, coalesce(reasoning, 0))
        WHEN coalesce(prompt_audio, 0) + coalesce(output_audio, 0) > 0
            THEN format('{} audio tokens: nothing says whether they are in prompt_tokens and completion_tokens', coalesce(prompt_audio, 0) + coalesce(output_audio, 0))
    END                                              AS problem
FROM calls
