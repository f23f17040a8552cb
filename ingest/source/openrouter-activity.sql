/*
title:      OpenRouter activity, a row a generation (CSV)
get:        |
  openrouter.ai/activity: the month, Export to, CSV; the file is called openrouter_activity_<date>.csv, and has a row a generation. Keep to one of the
  three exports of OpenRouter: the days by model (openrouter-activity-daily) and the API (openrouter-activity-api) are the same dollars
docs:       https://openrouter.ai/docs/guides/guides/activity-export
confidence: the header of real exports of 2026; no real row was seen
role:       billing
format:     [csv]
columns:
  generation: id      generation_id
  created:    instant created_at
  cost:       money   cost_total
  model:      text    model_permaslug
optional:
  byok:       money   byok_usage_inference
  prompt:     count   tokens_prompt
  completion: count   tokens_completion
  made_by:    text    provider_name
  variant:    text    variant
  user_id:    user    user
  key_name:   key     api_key_name
  app:        text    app_name
id:         generation
*/
-- Dollars are what OpenRouter took from the credits; the parts (web search, cache, files) are in the total. byok_usage_inference is what the
-- customer's own key cost at its provider, by OpenRouter's estimate: that provider bills it, so it is not added, and what OpenRouter
-- takes of such a call is a fee. The fee for buying credits is in no export.
-- A charge of a call has no length, for an export may end at any time of a day. Times have no zone, and are UTC by the Unix time that is in the
-- ids. Keys have no ids here: their names stand for them.
WITH told AS (
    SELECT
        *,
        CASE WHEN variant NOT IN ('standard', '') THEN concat(model, ':', variant) ELSE model END AS sku
    FROM raw
)
SELECT
    record,
    generation                                       AS x_ChargeId,
    created                                          AS ChargePeriodStart,
    created + INTERVAL 1 MICROSECOND                 AS ChargePeriodEnd,
    cost                                             AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'openrouter'                                     AS ProviderName,
    'openrouter'                                     AS InvoiceIssuerName,
    'OpenRouter'                                     AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    CASE WHEN cost < 0 THEN 'Credit' ELSE 'Usage' END AS ChargeCategory,
    concat_ws(' by ', sku, made_by)                  AS ChargeDescription,
    sku                                              AS SkuId,
    model                                            AS x_Model,
    CASE WHEN byok > 0 THEN 'byok_fee' END           AS x_TokenClass,
    key_name                                         AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName,
    user_id                                          AS x_User,
    CASE WHEN app IS NOT NULL THEN '{"app": ' || to_json(app) || '}' END AS Tags,
    prompt + coalesce(completion, 0)                 AS ConsumedQuantity,
    CASE WHEN prompt IS NOT NULL THEN 'tokens' END   AS ConsumedUnit,
    CASE
        WHEN generation IS NULL
            THEN 'no generation_id: whether the row stands twice cannot be told'
    END                                              AS problem
FROM told
