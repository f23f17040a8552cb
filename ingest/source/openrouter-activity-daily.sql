/*
title:      OpenRouter activity by model and day (CSV)
get:        |
  openrouter.ai/activity: 1 Month, Group by Model, Export to, CSV. By key or by creator the rows do not say which of the two they are, and are
  rejected. Keep to one of the three exports of OpenRouter: openrouter-activity knows keys, apps and users, too
docs:       https://openrouter.ai/docs/guides/guides/activity-export
confidence: rows of a real export of 2026-05
role:       billing
format:     [csv]
columns:
  start:      instant Date
  slug:       text    Slug
  cost:       money   Usage
  byok:       money   BYOK Usage
  prompt:     count   Prompt Tokens
  completion: count   Completion Tokens
*/
-- Slug is whatever the view was grouped by; the name of a key and that of a person look alike, and a person's must not be stored.
-- BYOK Usage is what the customer's own keys cost at their providers: it is billed there, and never added. Completion includes reasoning.
-- A view of an hour has rows a minute, one of a day has hours, one of a month days, one of a year months: those a newer export of days would
-- not replace as a whole, and so they are rejected.
WITH grain AS (
    SELECT CASE
        WHEN max(minute(start)) > 0 THEN INTERVAL 1 MINUTE
        WHEN max(hour(start)) > 0   THEN INTERVAL 1 HOUR
        ELSE INTERVAL 1 DAY END                      AS step,
        max(day(start)) = 1 AND max(hour(start)) = 0 AND max(minute(start)) = 0 AND count(DISTINCT start) > 1 AS of_months
    FROM raw
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start + step                                     AS ChargePeriodEnd,
    cost                                             AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'openrouter'                                     AS ProviderName,
    'openrouter'                                     AS InvoiceIssuerName,
    'OpenRouter'                                     AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(slug)                             AS x_Category,
    'Usage'                                          AS ChargeCategory,
    slug                                             AS ChargeDescription,
    slug                                             AS SkuId,
    slug                                             AS x_Model,
    prompt + completion                              AS ConsumedQuantity,
    CASE WHEN prompt IS NOT NULL THEN 'tokens' END   AS ConsumedUnit,
    CASE
        WHEN of_months
            THEN 'a row is a month: export each month by itself (1 Month), which gives days'
        WHEN slug IS NULL
            THEN 'no Slug'
        WHEN NOT regexp_full_match(slug, '[~]?[a-z0-9_.-]+/[A-Za-z0-9_.:-]+')
            THEN 'Slug is no model, as in openai/gpt-5.4; a key and a person look alike here: group the activity by model, or export a row a generation'
    END                                              AS problem
FROM raw CROSS JOIN grain
