/*
title:      OpenAI usage (Admin API), every endpoint
get:        |
  with an Admin key (platform.openai.com/settings/organization/admin-keys), a month as one page unless has_more says otherwise; times are Unix seconds, UTC:
  curl "https://api.openai.com/v1/organization/usage/completions?start_time=1790812800&end_time=1793491200&bucket_width=1d&limit=31&group_by=project_id&group_by=api_key_id&group_by=model&group_by=batch&group_by=service_tier" -H "Authorization: Bearer $OPENAI_ADMIN_KEY" > usage-completions-2026-10.json
  and the same for what else is used: embeddings, moderations, images, audio_speeches, audio_transcriptions, vector_stores, code_interpreter_sessions, file_search_calls, web_search_calls (without batch and service_tier)
docs:       https://platform.openai.com/docs/api-reference/usage/completions
confidence: the API reference of 2026-08 and tests of others; no page of a live account was seen
role:       usage
format:     [json]
records:    data.results
columns:
  start:      epoch data.start_time
  until:      epoch data.end_time
  kind:       text  data.results.object
optional:
  more:      flag  has_more
  requests:     count data.results.num_model_requests
  input:        count data.results.input_tokens
  cached:       count data.results.input_cached_tokens
  written:      count data.results.input_cache_write_tokens
  uncached:     count data.results.input_uncached_tokens
  text:         count data.results.input_text_tokens
  audio:        count data.results.input_audio_tokens
  image:        count data.results.input_image_tokens
  cached_text:  count data.results.input_cached_text_tokens
  cached_audio: count data.results.input_cached_audio_tokens
  cached_image: count data.results.input_cached_image_tokens
  output:       count data.results.output_tokens
  output_text:  count data.results.output_text_tokens
  output_audio: count data.results.output_audio_tokens
  output_image: count data.results.output_image_tokens
  images:       count data.results.images
  characters:   count data.results.characters
  seconds:      count data.results.seconds
  bytes:        count data.results.usage_bytes
  sessions:     count data.results.num_sessions
  calls:        count data.results.num_requests
  project:      text  data.results.project_id
  key_id:       key   data.results.api_key_id
  user_id:      user  data.results.user_id
  model:        text  data.results.model
  batch:        flag  data.results.batch
  tier:         text  data.results.service_tier
  size:         text  data.results.size
  made_by:      text  data.results.source
  context:      text  data.results.context_level
  store:        text  data.results.vector_store_id
expect:
  data.results.object: [organization.usage.*]
ignore:     kind IS NULL AND coalesce(requests, input, output, images, characters, seconds, bytes, sessions, calls) IS NULL
day:        start
scope:      [ServiceName]
more:       more
*/
-- input_tokens includes what was read from and written to the cache; the split into text, audio and image is one of the rest alone,
-- and that of input_cached_tokens one of its own. The classes here are disjoint. Pages of before 2026 lack the split: there audio is
-- taken to be inside the totals.
WITH filled AS (
    SELECT
        *,
        regexp_extract(kind, '^organization\.usage\.(.+)\.result$', 1) AS service,
        coalesce(uncached, input - coalesce(cached, 0) - coalesce(written, 0)) AS fresh
    FROM raw
), classes AS (
    SELECT
        *,
        fresh  - coalesce(audio, 0)        - coalesce(image, 0)        AS fresh_text,
        cached - coalesce(cached_audio, 0) - coalesce(cached_image, 0) AS read_text,
        output - coalesce(output_audio, 0) - coalesce(output_image, 0) AS made_text
    FROM filled
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    'openai'                                         AS ProviderName,
    service                                          AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE service
        WHEN 'embeddings'    THEN 'embeddings'
        WHEN 'vector_stores' THEN 'vector'
        WHEN 'file_searches' THEN 'vector'
        ELSE 'llm' END                               AS x_Category,
    project                                          AS SubAccountId,
    key_id                                           AS x_ApiKeyId,
    user_id                                          AS x_User,
    model                                            AS x_Model,
    CASE WHEN batch THEN 'batch' ELSE tier END       AS x_ServiceTier,
    coalesce(context, nullif(concat_ws(', ', made_by, size), '')) AS SkuId,
    store                                            AS ResourceId,
    requests                                         AS x_Requests,
    fresh_text                                       AS x_InputTokens,
    audio                                            AS x_InputAudioTokens,
    image                                            AS x_InputImageTokens,
    read_text                                        AS x_CacheReadTokens,
    cached_audio                                     AS x_CacheReadAudioTokens,
    cached_image                                     AS x_CacheReadImageTokens,
    written                                          AS x_CacheWrite5mTokens,
    made_text                                        AS x_OutputTokens,
    output_audio                                     AS x_OutputAudioTokens,
    output_image                                     AS x_OutputImageTokens,
    coalesce(images, characters, seconds, bytes, sessions, calls) AS ConsumedQuantity,
    CASE
        WHEN images     IS NOT NULL THEN 'images'
        WHEN characters IS NOT NULL THEN 'characters'
        WHEN seconds    IS NOT NULL THEN 'seconds'
        WHEN bytes      IS NOT NULL THEN 'bytes'
        WHEN sessions   IS NOT NULL THEN 'sessions'
        WHEN calls      IS NOT NULL THEN 'calls' END AS ConsumedUnit,
    coalesce(
        CASE WHEN service = '' OR kind IS NULL THEN concat('object: "', kind, '" is not the usage of an endpoint') END,
        cache_problem(input, fresh, cached, written),
        split_problem('uncached input', fresh, text, audio, image),
        split_problem('cached input', cached, cached_text, cached_audio, cached_image),
        split_problem('output_tokens', output, output_text, output_audio, output_image)) AS problem
FROM classes
