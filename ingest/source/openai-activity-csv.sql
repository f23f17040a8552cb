/*
title:      OpenAI activity (legacy dashboard CSV)
get:        |
  platform.openai.com/usage/legacy: Activity, Export (gone for most organizations; what took its place is openai-usage-csv)
docs:       https://help.openai.com/en/articles/8554956-understanding-your-api-usage
confidence: a real export of 2025-04; the form of 2023 from a script that reads it
role:       usage
format:     [csv]
columns:
  account:    text  organization_id
  operation:  text  operation
  context:    count n_context_tokens_total
  generated:  count n_generated_tokens_total
  usage_type: text  usage_type
  model:      text  model
  day:        epoch timestamp
  requests:   count num_requests | n_requests
optional:
  account_name:    text  organization_name
  cached:          count n_cached_context_tokens_total
  audio:           count n_context_audio_tokens_total
  generated_audio: count n_generated_audio_tokens_total
  images:          count num_images
  image_size:      text  image_size
  characters:      count num_characters
  key_id:          key   api_key_id
  key_name:        text  api_key_name
  project:         text  project_id
  project_name:    text  project_name
  user_id:         user  user
scope:      [ServiceName]
*/
-- One row a day, project, key, model and user. That context tokens include the cached and the audio ones is not documented: it is so
-- in every other export of OpenAI. project_id may hold the project's name, which is no id.
WITH named AS (
    SELECT
        *,
        CASE
            WHEN usage_type = 'dalle'                 THEN 'images'
            WHEN usage_type = 'tts'                   THEN 'audio_speeches'
            WHEN usage_type = 'whisper'               THEN 'audio_transcriptions'
            WHEN contains(operation, 'embed')         THEN 'embeddings'
            WHEN contains(operation, 'moderation')    THEN 'moderations'
            WHEN contains(operation, 'transcription') THEN 'audio_transcriptions'
            WHEN model_category(model) = 'embeddings' THEN 'embeddings'
            ELSE 'completions' END AS service
    FROM raw
)
SELECT
    record,
    date_trunc('day', day)                           AS ChargePeriodStart,
    date_trunc('day', day) + INTERVAL 1 DAY          AS ChargePeriodEnd,
    'openai'                                         AS ProviderName,
    account                                          AS BillingAccountId,
    account_name                                     AS BillingAccountName,
    service                                          AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE service WHEN 'embeddings' THEN 'embeddings' ELSE 'llm' END AS x_Category,
    CASE WHEN starts_with(project, 'proj_') THEN project END AS SubAccountId,
    coalesce(project_name, project)                  AS SubAccountName,
    key_id                                           AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName,
    user_id                                          AS x_User,
    model                                            AS x_Model,
    image_size                                       AS SkuId,
    requests                                         AS x_Requests,
    context - coalesce(cached, 0) - coalesce(audio, 0) AS x_InputTokens,
    audio                                            AS x_InputAudioTokens,
    cached                                           AS x_CacheReadTokens,
    generated - coalesce(generated_audio, 0)         AS x_OutputTokens,
    generated_audio                                  AS x_OutputAudioTokens,
    coalesce(images, characters)                     AS ConsumedQuantity,
    CASE
        WHEN images     IS NOT NULL THEN 'images'
        WHEN characters IS NOT NULL THEN 'characters' END AS ConsumedUnit,
    coalesce(
        cache_problem(context, context - coalesce(cached, 0), cached, NULL),
        split_problem('context tokens without the cached', context - coalesce(cached, 0), NULL, audio, NULL),
        split_problem('generated tokens', generated, NULL, generated_audio, NULL)) AS problem
FROM named
