/*
title:      Anthropic usage (Admin API usage_report/messages)
get:        |
  with an Admin key (platform.claude.com/settings/admin-keys), a month as one page unless has_more says otherwise:
  curl -g "https://api.anthropic.com/v1/organizations/usage_report/messages?starting_at=2026-10-01T00:00:00Z&ending_at=2026-11-01T00:00:00Z&bucket_width=1d&limit=31&group_by[]=workspace_id&group_by[]=api_key_id&group_by[]=model&group_by[]=service_tier&group_by[]=context_window" -H "x-api-key: $ANTHROPIC_ADMIN_KEY" -H "anthropic-version: 2023-06-01" > usage-messages-2026-10.json
docs:       https://platform.claude.com/docs/en/manage-claude/usage-cost-api
confidence: the API reference of 2026-08; no page of a live account was seen
role:       usage
format:     [json]
records:    data.results
columns:
  start:        instant data.starting_at
  until:        instant data.ending_at
  uncached:     count   data.results.uncached_input_tokens
  output:       count   data.results.output_tokens
optional:
  more:      flag  has_more
  cache_read:   count   data.results.cache_read_input_tokens
  write_5m:     count   data.results.cache_creation.ephemeral_5m_input_tokens
  write_1h:     count   data.results.cache_creation.ephemeral_1h_input_tokens
  web_searches: count   data.results.server_tool_use.web_search_requests
  model:        text    data.results.model
  workspace:    text    data.results.workspace_id
  key_id:       key     data.results.api_key_id
  user_id:      user    data.results.account_id | data.results.service_account_id
  tier:         text    data.results.service_tier
  speed:        text    data.results.speed
  context:      text    data.results.context_window
  geo:          text    data.results.inference_geo
expect:
  data_refreshed_at: [] # there, it is the analytics of Claude Enterprise: another product
ignore:     coalesce(uncached, output, cache_read, write_5m, write_1h, web_searches) IS NULL AND model IS NULL
day:        start
more:       more
*/
-- The classes are disjoint. Priority Tier is in this report, though not in the cost report; code execution is in neither's tokens.
-- A workspace of null is the default one, or the report is not grouped by workspace: then all are null.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    'anthropic'                                      AS ProviderName,
    CASE WHEN workspace IS NULL AND (SELECT count(workspace) FROM raw) > 0 THEN 'default' ELSE workspace END AS SubAccountId,
    'messages'                                       AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    nullif(geo, 'not_available')                     AS RegionId,
    model                                            AS x_Model,
    claude_tier(tier, speed)                         AS x_ServiceTier,
    context                                          AS x_ContextWindow,
    key_id                                           AS x_ApiKeyId,
    user_id                                          AS x_User,
    uncached                                         AS x_InputTokens,
    cache_read                                       AS x_CacheReadTokens,
    write_5m                                         AS x_CacheWrite5mTokens,
    write_1h                                         AS x_CacheWrite1hTokens,
    output                                           AS x_OutputTokens,
    CASE WHEN web_searches > 0 THEN web_searches END AS ConsumedQuantity,
    CASE WHEN web_searches > 0 THEN 'web_search_requests' END AS ConsumedUnit,
    CASE WHEN web_searches < 0 THEN 'web_search_requests is negative: ' || web_searches END AS problem
FROM raw
