/*
title:      OpenAI costs (Admin API)
get:        |
  with an Admin key (platform.openai.com/settings/organization/admin-keys), a month as one page; times are Unix seconds, UTC:
  curl "https://api.openai.com/v1/organization/costs?start_time=1790812800&end_time=1793491200&limit=31&group_by=project_id&group_by=line_item" -H "Authorization: Bearer $OPENAI_ADMIN_KEY" > costs-2026-10.json
docs:       https://platform.openai.com/docs/api-reference/usage/costs
confidence: the API reference of 2026-08, and live responses quoted in public issues
role:       billing
format:     [json]
records:    data.results
columns:
  start:     epoch data.start_time
  until:     epoch data.end_time
  kind:      text  data.results.object
  amount:    money data.results.amount.value
  currency:  text  data.results.amount.currency
optional:
  more:      flag  has_more
  line_item: text  data.results.line_item
  project:   text  data.results.project_id
  key_id:    key   data.results.api_key_id
  quantity:  number data.results.quantity
  unit:      text  data.results.quantity_unit
expect:
  data.results.object: [organization.costs.result]
ignore:     kind IS NULL AND amount IS NULL AND currency IS NULL
day:        start
more:       more
*/
-- The amount is in dollars, as a number or as a string. Tax, credits and negotiated terms are not in this report.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    amount                                           AS BilledCost,
    upper(currency)                                  AS BillingCurrency,
    'openai'                                         AS ProviderName,
    'openai'                                         AS InvoiceIssuerName,
    'OpenAI API'                                     AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(line_item)                        AS x_Category,
    'Usage'                                          AS ChargeCategory,
    line_item                                        AS ChargeDescription,
    line_item                                        AS SkuId,
    line_item_model(line_item)                       AS x_Model,
    line_item_unit(line_item)                        AS x_TokenClass,
    project                                          AS SubAccountId,
    key_id                                           AS x_ApiKeyId,
    quantity                                         AS ConsumedQuantity,
    unit                                             AS ConsumedUnit
FROM raw
