/*
title:      Claude Code analytics (Admin API usage_report/claude_code)
get:        |
  with an Admin key (platform.claude.com/settings/admin-keys), a day a call:
  curl "https://api.anthropic.com/v1/organizations/usage_report/claude_code?starting_at=2026-10-01&limit=1000" -H "x-api-key: $ANTHROPIC_ADMIN_KEY" -H "anthropic-version: 2023-06-01" > claude-code-2026-10-01.json
docs:       https://platform.claude.com/docs/en/build-with-claude/claude-code-analytics-api
confidence: the API reference and guide of 2026-08; no page of a live account was seen
role:       requests
format:     [json]
records:    data.model_breakdown
columns:
  day:       day    data.date
  customer:  text   data.customer_type
  actor:     text   data.actor.type
  terminal:  text   data.terminal_type
  model:     text   data.model_breakdown.model
  input:     count  data.model_breakdown.tokens.input
  output:    count  data.model_breakdown.tokens.output
  cents:     money  data.model_breakdown.estimated_cost.amount
optional:
  more:      flag   has_more
  read:      count  data.model_breakdown.tokens.cache_read
  written:   count  data.model_breakdown.tokens.cache_creation
  currency:  text   data.model_breakdown.estimated_cost.currency
  email:     user   data.actor.email_address
  key_name:  key    data.actor.api_key_name
  plan:      text   data.subscription_type
ignore:     model IS NULL AND input IS NULL AND output IS NULL AND cents IS NULL
day:        day
more:       more
*/
-- Who used Claude Code on a day, by model: estimates in cents, and no bill. The tokens of API customers are in the usage and cost reports, too: here
-- they tell whose they are, and claim a part of those dollars. What a subscription covers is billed as a seat and never by tokens: it is listed
-- without tokens, so that it claims nothing. Writes to the cache are not split by how long they are kept, and counted as those of five minutes.
-- How many calls there were is not said. 0 is no number of calls that a report would count, and keeps a day from being priced as one long call.
SELECT
    record,
    day                                              AS ChargePeriodStart,
    day + INTERVAL 1 DAY                             AS ChargePeriodEnd,
    'anthropic'                                      AS ProviderName,
    'Claude Code'                                    AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE customer WHEN 'api' THEN 'llm' ELSE 'seat' END AS x_Category,
    CASE WHEN customer <> 'api' THEN coalesce(plan, customer) END AS SkuId,
    model                                            AS x_Model,
    key_name                                         AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName,
    email                                            AS x_User,
    CASE WHEN terminal IS NOT NULL THEN json_object('terminal', terminal) END AS Tags,
    0                                                AS x_Requests,
    CASE customer WHEN 'api' THEN input   ELSE 0 END AS x_InputTokens,
    CASE customer WHEN 'api' THEN read    ELSE 0 END AS x_CacheReadTokens,
    CASE customer WHEN 'api' THEN written ELSE 0 END AS x_CacheWrite5mTokens,
    CASE customer WHEN 'api' THEN output  ELSE 0 END AS x_OutputTokens,
    (cents * 0.01)::DECIMAL(18,12)                   AS x_ReportedCost,
    CASE
        WHEN coalesce(customer, '') NOT IN ('api', 'subscription')
            THEN concat('customer_type ', coalesce(quoted(customer), '(none)'), ' is neither api nor subscription: whether its tokens are billed cannot be told')
        WHEN upper(currency) <> 'USD'
            THEN concat('an estimate in ', quoted(currency), ', where estimates are in USD')
    END                                              AS problem
FROM raw
