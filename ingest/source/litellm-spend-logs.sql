/*
title:      LiteLLM spend logs
get:        |
  psql "$LITELLM_DB" -c "\copy (SELECT * FROM \"LiteLLM_SpendLogs\" WHERE \"startTime\" >= '2026-10-01' AND \"startTime\" < '2026-11-01') TO 'spend-logs-2026-10.csv' CSV HEADER",
  or GET /spend/logs?start_date=…&end_date=…&summarize=false (without summarize=false it gives daily sums, not calls)
docs:       https://docs.litellm.ai/docs/proxy/cost_tracking
confidence: the product's own schema, and a record from its own tests
role:       requests
format:     [csv, json, parquet]
columns:
  request_id:        id      request_id
  started:           instant startTime
  spend:             number  spend
  model:             text    model
  prompt_tokens:     count   prompt_tokens
  completion_tokens: count   completion_tokens
  total_tokens:      count   total_tokens
optional:
  api_key:           key     api_key
  key_alias:         text    metadata.user_api_key_alias
  platform:          text    custom_llm_provider
  model_group:       text    model_group
  user_id:           user    user
  team_id:           text    team_id
  team:              text    metadata.user_api_key_team_alias
  status:            text    status
  cache_hit:         text    cache_hit
  call_type:         text    call_type
  tags:              json    request_tags
  spend_tags:        json    metadata.spend_logs_metadata
  cached:            count   metadata.usage_object.prompt_tokens_details.cached_tokens | metadata.usage_object.cache_read_input_tokens
  cache_write:       count   metadata.usage_object.prompt_tokens_details.cache_creation_tokens | metadata.usage_object.cache_creation_input_tokens
  reasoning:         count   metadata.usage_object.completion_tokens_details.reasoning_tokens
id:         request_id
*/
-- prompt_tokens includes what was read from and written to the prompt cache, for every provider; the classes here are disjoint.
-- A hit of LiteLLM's own cache (cache_hit), a failed call and the look-up of a stored response (aget_responses) cost no tokens: they are
-- calls without tokens. A spend of 0 for tokens is a model that LiteLLM has no price for: nobody knows what it thought.
WITH calls AS (
    SELECT
        *,
        coalesce(cached, 0)                          AS read,
        coalesce(cache_write, 0)                     AS written,
        lower(coalesce(cache_hit, '')) <> 'true' AND coalesce(status, '') <> 'failure' AND NOT contains(coalesce(call_type, ''), 'get_responses') AS reached
    FROM raw
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
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
    CASE WHEN spend = 0 AND reached AND total_tokens > 0 THEN NULL ELSE spend END AS x_ReportedCost,
    CASE
        WHEN reached AND read + written > prompt_tokens
            THEN format('cached tokens {} + {} are more than prompt_tokens {}', read, written, prompt_tokens)
        WHEN reached AND total_tokens <> prompt_tokens + completion_tokens
            THEN format('total_tokens {} is not prompt_tokens {} + completion_tokens {}', total_tokens, prompt_tokens, completion_tokens)
    END                                              AS problem
FROM calls
