/*
title:      OpenAI costs (dashboard CSV)
get:        |
  platform.openai.com/usage: choose the month, group the spend by line item, Export, cost data; needs an owner or the usage dashboard permission.
  Keep to one grouping: the same days grouped by project and by line item are the same dollars twice
docs:       https://help.openai.com/en/articles/10478918-api-usage-dashboard
confidence: real exports of 2024-12 to 2025-10, and the header of a real export of 2026-09
role:       billing
format:     [csv]
columns:
  start:      epoch start_time
  until:      epoch end_time
  amount:     money amount_value
  currency:   text  amount_currency
  line_item:  text  line_item
  project:    text  project_id
  account:    text  organization_id
optional:
  project_name: text   project_name
  account_name: text   organization_name
  user_id:      user   user_email | user_id
  key_id:       key    api_key_id
  quantity:     number quantity
  unit:         text   quantity_unit
ignore:     amount IS NULL AND currency IS NULL AND line_item IS NULL AND project IS NULL
day:        start
*/
-- An idle day is a row with nothing but its times. Amounts are dollars, some with the noise of a float (0.9386099999999999).
-- The report has no tax, no credits and no negotiated terms.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    amount                                           AS BilledCost,
    upper(currency)                                  AS BillingCurrency,
    'openai'                                         AS ProviderName,
    'openai'                                         AS InvoiceIssuerName,
    account                                          AS BillingAccountId,
    account_name                                     AS BillingAccountName,
    project                                          AS SubAccountId,
    project_name                                     AS SubAccountName,
    'OpenAI API'                                     AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(line_item)                        AS x_Category,
    'Usage'                                          AS ChargeCategory,
    line_item                                        AS ChargeDescription,
    line_item                                        AS SkuId,
    line_item_model(line_item)                       AS x_Model,
    line_item_unit(line_item)                        AS x_TokenClass,
    key_id                                           AS x_ApiKeyId,
    user_id                                          AS x_User,
    quantity                                         AS ConsumedQuantity,
    unit                                             AS ConsumedUnit
FROM raw
