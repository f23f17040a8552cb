/*
title:      Anthropic costs (Admin API cost_report)
get:        |
  with an Admin key (platform.claude.com/settings/admin-keys), a month as one page unless has_more says otherwise:
  curl -g "https://api.anthropic.com/v1/organizations/cost_report?starting_at=2026-10-01T00:00:00Z&ending_at=2026-11-01T00:00:00Z&limit=31&group_by[]=workspace_id&group_by[]=description" -H "x-api-key: $ANTHROPIC_ADMIN_KEY" -H "anthropic-version: 2023-06-01" > cost-report-2026-10.json
docs:       https://platform.claude.com/docs/en/manage-claude/usage-cost-api
confidence: the API reference of 2026-08; no page of a live account was seen
role:       billing
format:     [json]
records:    data.results
columns:
  start:       instant data.starting_at
  until:       instant data.ending_at
  cents:       money   data.results.amount
  currency:    text    data.results.currency
  cost_type:   text    data.results.cost_type
optional:
  more:      flag  has_more
  description: text    data.results.description
  workspace:   text    data.results.workspace_id
  model:       text    data.results.model
  token_type:  text    data.results.token_type
  tier:        text    data.results.service_tier
  speed:       text    data.results.speed
  context:     text    data.results.context_window
  geo:         text    data.results.inference_geo
expect:
  data_refreshed_at:        [] # there, it is the analytics of Claude Enterprise: another product, and revised for 30 days
  data.results.list_amount: []
ignore:     cents IS NULL AND currency IS NULL AND cost_type IS NULL AND description IS NULL
day:        start
more:       more
scope:      [ServiceName]
*/
-- The amount is in cents, with fractions. Priority Tier is not in this report, though its tokens are in the usage report.
-- A workspace of null is the default one, or the report is not grouped by workspace: then all are null.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    (cents * 0.01)::DECIMAL(38,12)                   AS BilledCost, -- a division would make it a float
    upper(currency)                                  AS BillingCurrency,
    'anthropic'                                      AS ProviderName,
    'anthropic'                                      AS InvoiceIssuerName,
    CASE WHEN workspace IS NULL AND (SELECT count(workspace) FROM raw) > 0 THEN 'default' ELSE workspace END AS SubAccountId,
    'Claude API'                                     AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    'Usage'                                          AS ChargeCategory,
    coalesce(description, cost_type)                 AS ChargeDescription,
    coalesce(description, cost_type)                 AS SkuId,
    nullif(geo, 'not_available')                     AS RegionId,
    model                                            AS x_Model,
    coalesce(claude_class(token_type), nullif(cost_type, 'tokens')) AS x_TokenClass,
    claude_tier(tier, speed)                         AS x_ServiceTier,
    context                                          AS x_ContextWindow
FROM raw
