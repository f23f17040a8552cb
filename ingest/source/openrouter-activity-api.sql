/*
title:      OpenRouter activity (API)
get:        |
  with a management key (openrouter.ai/settings/management-keys), the last 30 days that are over, UTC:
  curl "https://openrouter.ai/api/v1/activity" -H "Authorization: Bearer $OPENROUTER_MANAGEMENT_KEY" > openrouter-activity-2026-10.json
  It knows neither keys nor users; openrouter-activity does
docs:       https://openrouter.ai/docs/api/api-reference/analytics/get-user-activity
confidence: the API reference of 2026; how a live account writes the date is known from others' code
role:       billing
format:     [json]
records:    data
columns:
  day:        day   data.date
  cost:       money data.usage
  byok:       money data.byok_usage_inference
  model:      text  data.model_permaslug | data.model
  prompt:     count data.prompt_tokens
  completion: count data.completion_tokens
optional:
  made_by:    text  data.provider_name
  endpoint:   text  data.endpoint_id
*/
-- byok_usage_inference is what the customer's own keys cost at their providers: it is billed there, and never added.
SELECT
    record,
    day                                              AS ChargePeriodStart,
    day + INTERVAL 1 DAY                             AS ChargePeriodEnd,
    cost                                             AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'openrouter'                                     AS ProviderName,
    'openrouter'                                     AS InvoiceIssuerName,
    'OpenRouter'                                     AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    'Usage'                                          AS ChargeCategory,
    concat_ws(' by ', model, made_by)                AS ChargeDescription,
    model                                            AS SkuId,
    endpoint                                         AS ResourceId,
    model                                            AS x_Model,
    prompt + coalesce(completion, 0)                 AS ConsumedQuantity,
    CASE WHEN prompt IS NOT NULL THEN 'tokens' END   AS ConsumedUnit
FROM raw
