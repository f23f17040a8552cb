/*
title:      Anthropic costs (Claude Console CSV), each row rounded to cents
get:        |
  platform.claude.com/cost: all workspaces, the month, Export; needs the role of developer, billing or admin. Each row is rounded to cents, so the
  sum of the file is not exactly the invoice; the Admin API (anthropic-costs) is exact, but does not know keys
docs:       https://support.claude.com/en/articles/9534590-cost-and-usage-reporting-in-console
confidence: real exports of 2024, and rows of real exports of 2026-03 to 2026-09
role:       billing
format:     [csv]
columns:
  day:        day   usage_date_utc
  model:      text  model
  usage_type: text  usage_type
  token_type: text  token_type
  cost:       money cost_usd
optional:
  list_price: money list_price_usd
  workspace:  text  workspace
  key_name:   key   api_key
  key_id:     key   api_key_id
  context:    text  context_window
  cost_type:  text  cost_type
  geo:        text  inference_geo
  speed:      text  speed
scope:      [ServiceName]
*/
-- cost_usd is what is charged, list_price_usd what it would be without the negotiated discount; a row of less than half a cent says 0.00.
-- Workspaces and, before 2026-08, keys have no ids here: their names stand for them. Several keys may share a name.
SELECT
    record,
    day                                              AS ChargePeriodStart,
    day + INTERVAL 1 DAY                             AS ChargePeriodEnd,
    cost                                             AS BilledCost,
    list_price                                       AS ListCost,
    'USD'                                            AS BillingCurrency,
    'anthropic'                                      AS ProviderName,
    'anthropic'                                      AS InvoiceIssuerName,
    workspace                                        AS SubAccountId,
    workspace                                        AS SubAccountName,
    'Claude API'                                     AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    'Usage'                                          AS ChargeCategory,
    concat_ws(', ', model, token_type, nullif(cost_type, 'token')) AS ChargeDescription,
    concat_ws(', ', model, token_type, nullif(cost_type, 'token')) AS SkuId,
    nullif(geo, 'not_available')                     AS RegionId,
    claude_model(model)                              AS x_Model,
    coalesce(claude_class(token_type), nullif(cost_type, 'token')) AS x_TokenClass,
    claude_tier(usage_type, speed)                   AS x_ServiceTier,
    claude_context(context)                          AS x_ContextWindow,
    coalesce(key_id, key_name)                       AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName
FROM raw
