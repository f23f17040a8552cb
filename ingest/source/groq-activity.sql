/*
title:      Groq activity (the web console's JSON)
get:        |
  console.groq.com/dashboard/usage, Activity, the month, with the browser's developer tools open: Network, the request organization/activity, Save response
  as groq-activity-2026-10.json. There is no export, and no documented API for it
docs:       https://console.groq.com/docs/billing-faqs
confidence: third-party code only; no real file was seen, and the endpoint is the web console's own, and may change
role:       billing
format:     [json]
records:    data
columns:
  start:     epoch data.timestamp
  org:       text  data.organization_name
  model:     text  data.model
  requests:  count data.num_requests
  prompt:    count data.n_context_tokens_total
  fresh:     count data.n_non_cached_context_tokens_total
  generated: count data.n_generated_tokens_total
  cost:      money data.cost
*/
-- The cost is dollars, as the console shows them: before tax, and before what the invoice rounds. It says no currency; Groq bills dollars.
-- The organization has a name here, and no id. Context includes what came from the cache.
SELECT
    record,
    date_trunc('day', start)                         AS ChargePeriodStart,
    date_trunc('day', start) + INTERVAL 1 DAY        AS ChargePeriodEnd,
    cost                                             AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'groq'                                           AS ProviderName,
    'groq'                                           AS InvoiceIssuerName,
    org                                              AS BillingAccountId,
    org                                              AS BillingAccountName,
    'Groq API'                                       AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE
        WHEN contains(lower(model), 'whisper') OR contains(lower(model), 'tts') OR contains(lower(model), 'orpheus') THEN 'audio'
        ELSE model_category(model) END               AS x_Category,
    'Usage'                                          AS ChargeCategory,
    model                                            AS ChargeDescription,
    model                                            AS SkuId,
    model                                            AS x_Model,
    prompt + generated                               AS ConsumedQuantity,
    CASE WHEN prompt IS NOT NULL THEN 'tokens' END   AS ConsumedUnit,
    CASE WHEN fresh > prompt THEN format('n_non_cached_context_tokens_total {} is more than n_context_tokens_total {}', fresh, prompt) END AS problem
FROM raw
