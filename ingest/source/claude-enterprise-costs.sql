/*
title:      Claude Enterprise costs (Analytics API cost_report, user_cost_report)
get:        |
  with a key that has read:analytics (claude.ai/analytics/api-keys), a month as one page unless has_more says otherwise:
  curl -g "https://api.anthropic.com/v1/organizations/analytics/cost_report?starting_at=2026-10-01T00:00:00Z&ending_at=2026-11-01T00:00:00Z&bucket_width=1d&limit=31&group_by[]=product&group_by[]=model" -H "x-api-key: $ANTHROPIC_ANALYTICS_KEY" > claude-enterprise-2026-10.json
  or user_cost_report with the same and bucket_width=1d, which knows people, and leaves out what no person did. Not group_by[]=rbac_group_id: who is in two groups is in it twice.
  Amounts change for 30 days: fetch the month again when it is over
docs:       https://support.claude.com/en/articles/13694757-get-started-with-the-claude-enterprise-analytics-api
confidence: the API reference of 2026-08; no page of a live account was seen
role:       billing
format:     [json]
records:    data.results
columns:
  start:     instant data.starting_at
  until:     instant data.ending_at
  refreshed: instant data_refreshed_at
  cents:     money   data.results.amount | data.amount
  listed:    money   data.results.list_amount | data.list_amount
  currency:  text    data.results.currency | data.currency
optional:
  more:      flag    has_more
  account:   text    organization_id
  product:   text    data.results.product | data.product
  model:     text    data.results.model | data.model
  cost_type: text    data.results.cost_type | data.cost_type
  kind:      text    data.results.token_type | data.token_type
  context:   text    data.results.context_window | data.context_window
  geo:       text    data.results.inference_geo | data.inference_geo
  speed:     text    data.results.speed | data.speed
  rbac:      text    data.results.rbac_group_id | data.rbac_group_id
  slack:     text    data.results.slack_channel_id | data.slack_channel_id
  user_id:   user    data.actor.email | data.actor.user_id
ignore:     cents IS NULL AND currency IS NULL AND product IS NULL AND model IS NULL AND cost_type IS NULL AND user_id IS NULL
day:        start
more:       more
scope:      [ServiceName]
*/
-- Amounts are cents with fractions, after discounts and before credits; list_amount is before both. With seats it is what goes beyond them.
-- It is another product than the API, whose tokens claim nothing of it. A bucket has the 100 largest groups, and no row for the rest.
WITH buckets AS (
    SELECT *, count(*) OVER (PARTITION BY start, user_id IS NULL) AS groups FROM raw
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    (cents * 0.01)::DECIMAL(38,12)                   AS BilledCost, -- a division would make it a float
    (listed * 0.01)::DECIMAL(38,12)                  AS ListCost,
    upper(currency)                                  AS BillingCurrency,
    'anthropic'                                      AS ProviderName,
    'anthropic'                                      AS InvoiceIssuerName,
    account                                          AS BillingAccountId,
    'Claude Enterprise'                              AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'seat'                                           AS x_Category,
    'Usage'                                          AS ChargeCategory,
    nullif(concat_ws(', ', product, model, nullif(cost_type, 'tokens'), kind), '') AS ChargeDescription,
    nullif(concat_ws(', ', product, model, nullif(cost_type, 'tokens'), kind), '') AS SkuId,
    nullif(geo, 'not_available')                     AS RegionId,
    model                                            AS x_Model,
    coalesce(claude_class(kind), nullif(cost_type, 'tokens')) AS x_TokenClass,
    claude_tier(NULL, speed)                         AS x_ServiceTier,
    context                                          AS x_ContextWindow,
    user_id                                          AS x_User,
    CASE WHEN coalesce(product, slack) IS NOT NULL THEN json_object('product', product, 'slack_channel', slack) END AS Tags,
    CASE
        WHEN rbac IS NOT NULL
            THEN 'grouped by rbac_group_id, where who is in two groups counts twice: leave that out of group_by'
        WHEN user_id IS NULL AND groups >= 100
            THEN concat(groups, ' groups at ', strftime(start, '%Y-%m-%d %H:%M'), ', and the API gives no more than 100: the rest is missing; group by less')
    END                                              AS problem
FROM buckets
