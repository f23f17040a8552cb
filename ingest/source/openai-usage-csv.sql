/*
title:      OpenAI usage (dashboard CSV), one file a kind
get:        |
  platform.openai.com/usage: open the kind of usage (completions, embeddings, images, …), choose the month, group by project, key and model,
  Export; needs an owner or the usage dashboard permission
docs:       https://help.openai.com/en/articles/10478918-api-usage-dashboard
confidence: a real export of completions of 2025-10 and an idle one; of the other kinds only the names of the columns in the API
role:       usage
format:     [csv]
columns:
  start:    epoch start_time
  until:    epoch end_time
  measure:  text  num_model_requests | num_requests | usage_bytes | num_sessions
optional:
  requests:     count num_model_requests
  input:        count input_tokens
  cached:       count input_cached_tokens
  written:      count input_cache_write_tokens
  uncached:     count input_uncached_tokens
  text:         count input_text_tokens
  audio:        count input_audio_tokens
  image:        count input_image_tokens
  cached_text:  count input_cached_text_tokens
  cached_audio: count input_cached_audio_tokens
  cached_image: count input_cached_image_tokens
  output:       count output_tokens
  output_text:  count output_text_tokens
  output_audio: count output_audio_tokens
  output_image: count output_image_tokens
  images:       count images
  characters:   count characters
  seconds:      count seconds
  bytes:        count usage_bytes
  sessions:     count num_sessions
  calls:        count num_requests
  project:      text  project_id
  project_name: text  project_name
  key_id:       key   api_key_id
  user_id:      user  user_email | user_id
  model:        text  model
  batch:        flag  batch
  tier:         text  service_tier
  size:         text  size
  made_by:      text  source
  context:      text  context_level
  store:        text  vector_store_id
idle:       [start_time, end_time, start_time_iso, end_time_iso]
ignore:     measure IS NULL AND coalesce(input, output, images, characters, seconds) IS NULL AND model IS NULL AND project IS NULL
day:        start
scope:      [ServiceName]
*/
-- The buckets of the API (see openai-usage) as a table: of a day, or of a minute where one day was exported. The file does not say
-- its kind, the columns do. An idle bucket has nothing but its times; counts are floats where a file has such buckets. Two rows that
-- agree in all but the counts are both right.
WITH filled AS (
    SELECT
        *,
        CASE
            WHEN images     IS NOT NULL THEN 'images'
            WHEN characters IS NOT NULL THEN 'audio_speeches'
            WHEN seconds    IS NOT NULL THEN 'audio_transcriptions'
            WHEN bytes      IS NOT NULL THEN 'vector_stores'
            WHEN sessions   IS NOT NULL THEN 'code_interpreter_sessions'
            WHEN output     IS NOT NULL THEN 'completions'
            WHEN input      IS NOT NULL AND contains(model, 'moderation') THEN 'moderations'
            WHEN input      IS NOT NULL THEN 'embeddings'
            WHEN calls      IS NOT NULL AND requests IS NOT NULL THEN 'web_searches'
            WHEN calls      IS NOT NULL THEN 'file_searches' END AS service,
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
    project_name                                     AS SubAccountName,
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
        CASE WHEN service IS NULL THEN 'no tokens, images, characters, seconds, bytes, sessions or calls' END,
        cache_problem(input, fresh, cached, written),
        split_problem('uncached input', fresh, text, audio, image),
        split_problem('cached input', cached, cached_text, cached_audio, cached_image),
        split_problem('output_tokens', output, output_text, output_audio, output_image)) AS problem
FROM classes
