/*
title:      Anthropic usage (Claude Console tokens CSV)
get:        |
  platform.claude.com/usage: all workspaces, all models, all keys, the month, Export; needs the role of developer, billing or admin
docs:       https://support.claude.com/en/articles/9534590-cost-and-usage-reporting-in-console
confidence: rows of real exports of 2025-06 and of 2026-03 to 2026-09
role:       usage
format:     [csv]
columns:
  start:        instant usage_date_utc
  written:      text    usage_date_utc
  model:        text    model_version
  uncached:     count   usage_input_tokens_no_cache
  output:       count   usage_output_tokens
optional:
  cache_read:   count   usage_input_tokens_cache_read
  write_5m:     count   usage_input_tokens_cache_write_5m
  write_1h:     count   usage_input_tokens_cache_write_1h
  web_searches: count   web_search_count
  workspace:    text    workspace
  key_name:     key     api_key
  tier:         text    usage_type
  context:      text    context_window
  geo:          text    inference_geo
  speed:        text    speed
*/
-- The classes are disjoint. An export of a month has a row a day (2026-03-22), one of a day a row an hour (2026-03-31 02:00), or a minute.
-- Workspaces and keys have no ids here: their names stand for them.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start + CASE
        WHEN length(written) <= 10 THEN INTERVAL 1 DAY
        WHEN minute(start) > 0     THEN INTERVAL 1 MINUTE
        ELSE INTERVAL 1 HOUR END                     AS ChargePeriodEnd,
    'anthropic'                                      AS ProviderName,
    workspace                                        AS SubAccountId,
    workspace                                        AS SubAccountName,
    'messages'                                       AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    nullif(geo, 'not_available')                     AS RegionId,
    model                                            AS x_Model,
    claude_tier(tier, speed)                         AS x_ServiceTier,
    claude_context(context)                          AS x_ContextWindow,
    key_name                                         AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName,
    uncached                                         AS x_InputTokens,
    cache_read                                       AS x_CacheReadTokens,
    write_5m                                         AS x_CacheWrite5mTokens,
    write_1h                                         AS x_CacheWrite1hTokens,
    output                                           AS x_OutputTokens,
    CASE WHEN web_searches > 0 THEN web_searches END AS ConsumedQuantity,
    CASE WHEN web_searches > 0 THEN 'web_search_requests' END AS ConsumedUnit,
    CASE WHEN web_searches < 0 THEN 'web_search_count is negative: ' || web_searches END AS problem
FROM raw
