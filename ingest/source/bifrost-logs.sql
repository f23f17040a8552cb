/*
title:      Bifrost logs
get:        |
  curl "$BIFROST_URL/api/logs?start_time=2026-10-01T00:00:00Z&end_time=2026-11-01T00:00:00Z&limit=1000&offset=0", for each offset;
  or its database: psql "$BIFROST_DB" -c "\copy (SELECT id, timestamp, object_type, provider, model, selected_key_id, selected_key_name, virtual_key_id, virtual_key_name, user_id, team_id, team_name, customer_name, business_unit_name, token_usage, cache_debug, cost, status, metadata FROM logs) TO 'bifrost.csv' CSV HEADER"
docs:       https://docs.getbifrost.ai/features/observability
confidence: the product's source; no real file seen
role:       requests
format:     [json, csv, parquet]
records:    logs
columns:
  call:          id      logs.id | id
  started:       instant logs.timestamp | timestamp
  platform:      text    logs.provider | provider
  model:         text    logs.model | model
  status:        text    logs.status | status
  key_id:        key     logs.selected_key_id | selected_key_id
  virtual_key:   key     logs.virtual_key_id | virtual_key_id
optional:
  object:        text    logs.object | object_type | object
  key_name:      text    logs.virtual_key_name | virtual_key_name
  user_id:       user    logs.user_id | user_id
  team_id:       text    logs.team_id | team_id
  team:          text    logs.team_name | team_name
  customer:      text    logs.customer_name | customer_name
  business_unit: text    logs.business_unit_name | business_unit_name
  metadata:      json    logs.metadata | metadata
  cost:          number  logs.cost | cost
  cache_hit:     flag    logs.cache_debug.cache_hit | cache_debug.cache_hit
  prompt:        count   logs.token_usage.prompt_tokens | token_usage.prompt_tokens | logs.token_usage.input_tokens | token_usage.input_tokens
  completion:    count   logs.token_usage.completion_tokens | token_usage.completion_tokens | logs.token_usage.output_tokens | token_usage.output_tokens
  total:         count   logs.token_usage.total_tokens | token_usage.total_tokens
  read:          count   logs.token_usage.prompt_tokens_details.cached_read_tokens | token_usage.prompt_tokens_details.cached_read_tokens | logs.token_usage.prompt_tokens_details.cached_tokens | token_usage.prompt_tokens_details.cached_tokens
  written:       count   logs.token_usage.prompt_tokens_details.cached_write_tokens | token_usage.prompt_tokens_details.cached_write_tokens
  reasoning:     count   logs.token_usage.completion_tokens_details.reasoning_tokens | token_usage.completion_tokens_details.reasoning_tokens
ignore:     status = 'processing' OR call IS NULL AND started IS NULL
id:         call
*/
-- prompt_tokens includes what was read from and written to the prompt cache. Each attempt, retry or fallback, is a row; one that is still processing is no
-- call yet. A call that failed or came from Bifrost's own cache has no tokens; its cost may be that of looking into the cache. No cost is a model
-- without a price, and a call without token_usage one whose tokens nobody counted. A team of several customers is charged in each, and stands here once.
WITH calls AS (
    SELECT *,
        status <> 'error' AND NOT coalesce(cache_hit, false) AS reached,
        coalesce(read, 0) + coalesce(written, 0)     AS cached
    FROM raw
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    call                                             AS x_RequestId,
    CASE lower(platform) WHEN 'vertex' THEN 'google' ELSE as_provider(platform) END AS ProviderName,
    'Bifrost'                                        AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE WHEN contains(object, 'embedding') THEN 'embeddings' ELSE model_category(model) END AS x_Category,
    model                                            AS x_Model,
    coalesce(virtual_key, key_id)                    AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        CASE WHEN coalesce(team, team_id) IS NOT NULL THEN '{"team": ' || to_json(coalesce(team, team_id)) || '}' END,
        CASE WHEN customer IS NOT NULL THEN '{"customer": ' || to_json(customer) || '}' END,
        CASE WHEN business_unit IS NOT NULL THEN '{"business_unit": ' || to_json(business_unit) || '}' END,
        CASE WHEN metadata NOT IN ('{}', 'null') THEN metadata END) || ']', '[]') AS Tags,
    1                                                AS x_Requests,
    CASE WHEN reached THEN prompt - cached ELSE 0 END AS x_InputTokens,
    CASE WHEN reached THEN read       ELSE 0 END     AS x_CacheReadTokens,
    CASE WHEN reached THEN written    ELSE 0 END     AS x_CacheWrite5mTokens,
    CASE WHEN reached THEN completion ELSE 0 END     AS x_OutputTokens,
    CASE WHEN reached THEN reasoning  ELSE 0 END     AS x_ReasoningTokens,
    CASE WHEN reached THEN nullif(cost, 0) ELSE coalesce(cost, 0) END AS x_ReportedCost,
    CASE
        WHEN status NOT IN ('success', 'error') THEN 'status ' || quoted(status) || ' is not known'
        WHEN reached AND cached > prompt THEN format('cached tokens {} + {} are more than prompt_tokens {}', coalesce(read, 0), coalesce(written, 0), prompt)
        WHEN reached AND total <> prompt + completion THEN format('total_tokens {} is not prompt_tokens {} + completion_tokens {}', total, prompt, completion)
    END                                              AS problem
FROM calls
