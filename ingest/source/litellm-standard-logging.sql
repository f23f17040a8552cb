/*
title:      LiteLLM standard logging payload (S3, GCS, Azure Blob, SQS, generic API)
get:        |
  callbacks: ["s3_v2"] (or gcs_bucket, azure_storage, generic_api) in LiteLLM's config.yaml; the bucket then has one object a call. Put a month into one file:
  aws s3 sync s3://BUCKET/2026-10 logs && find logs -name '*.json' -print0 | xargs -0 -n 500 jq -c . > litellm-2026-10.jsonl
docs:       https://docs.litellm.ai/docs/proxy/logging_spec
confidence: a record of the product's own tests, and its source
role:       requests
format:     [json]
columns:
  request_id:        id     id
  started:           text   startTime
  cost:              number response_cost
  saved:             number saved_cache_cost
  model:             text   model
  prompt_tokens:     count  prompt_tokens
  completion_tokens: count  completion_tokens
  total_tokens:      count  total_tokens
  status:            text   status
optional:
  platform:          text   custom_llm_provider
  call_type:         text   call_type
  cache_hit:         text   cache_hit
  api_key:           key    metadata.user_api_key_hash
  key_alias:         text   metadata.user_api_key_alias
  user_id:           user   metadata.user_api_key_user_id
  team_id:           text   metadata.user_api_key_team_id
  team:              text   metadata.user_api_key_team_alias
  tags:              json   request_tags
  spend_tags:        json   metadata.spend_logs_metadata
  cached:            count  metadata.usage_object.prompt_tokens_details.cached_tokens | metadata.usage_object.cache_read_input_tokens
  cache_write:       count  metadata.usage_object.prompt_tokens_details.cache_creation_tokens | metadata.usage_object.cache_creation_input_tokens
  reasoning:         count  metadata.usage_object.completion_tokens_details.reasoning_tokens
id:         request_id
*/
-- What the spend logs hold, as it is handed to callbacks: prompt_tokens includes the prompt cache for every provider. Payloads before
-- 2025-05 have no usage_object, and so no cached tokens: messages and response, which have them too, are never read.
-- Times are text or Unix seconds. The id is that of the provider's response, as in the spend logs.
-- A hit of LiteLLM's own cache, a failed call and the look-up of a stored response are calls without tokens. A cost of 0 for tokens
-- is a model that LiteLLM has no price for.
WITH calls AS (
    SELECT
        *,
        plausible(coalesce(as_epoch(started), as_instant(started))) AS start,
        coalesce(cached, 0)                          AS read,
        coalesce(cache_write, 0)                     AS written,
        lower(coalesce(cache_hit, '')) <> 'true' AND status <> 'failure' AND NOT contains(coalesce(call_type, ''), 'get_responses') AS reached
    FROM raw
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start                                            AS ChargePeriodEnd,
    request_id                                       AS x_RequestId,
    as_provider(platform)                            AS ProviderName,
    'LiteLLM'                                        AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE WHEN contains(call_type, 'embedding') THEN 'embeddings' ELSE model_category(model) END AS x_Category,
    model                                            AS x_Model,
    api_key                                          AS x_ApiKeyId,
    key_alias                                        AS x_ApiKeyName,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        CASE WHEN coalesce(team, team_id) IS NOT NULL THEN '{"team": ' || to_json(coalesce(team, team_id)) || '}' END,
        CASE WHEN tags <> '[]' THEN tags END,
        CASE WHEN spend_tags NOT IN ('{}', 'null') THEN spend_tags END) || ']', '[]') AS Tags,
    1                                                AS x_Requests,
    CASE WHEN reached THEN prompt_tokens - read - written ELSE 0 END AS x_InputTokens,
    CASE WHEN reached THEN cached            ELSE 0 END AS x_CacheReadTokens,
    CASE WHEN reached THEN cache_write       ELSE 0 END AS x_CacheWrite5mTokens,
    CASE WHEN reached THEN completion_tokens ELSE 0 END AS x_OutputTokens,
    CASE WHEN reached THEN reasoning         ELSE 0 END AS x_ReasoningTokens,
    CASE WHEN cost = 0 AND reached AND total_tokens > 0 THEN NULL ELSE cost END AS x_ReportedCost,
    CASE
        WHEN start IS NULL
            THEN 'startTime ' || quoted(started) || ' is not a time'
        WHEN reached AND read + written > prompt_tokens
            THEN format('cached tokens {} + {} are more than prompt_tokens {}', read, written, prompt_tokens)
        WHEN reached AND total_tokens <> prompt_tokens + completion_tokens
            THEN format('total_tokens {} is not prompt_tokens {} + completion_tokens {}', total_tokens, prompt_tokens, completion_tokens)
    END                                              AS problem
FROM calls
