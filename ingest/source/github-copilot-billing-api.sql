/*
title:      GitHub Copilot billing (REST API)
get:        |
  a month of an organization, or of /enterprises/ENTERPRISE, with a token that may read its administration:
  gh api "/organizations/ORG/settings/billing/usage?year=2026&month=10" > copilot-2026-10.json
  It has seats and metered use; …/billing/ai_credit/usage and …/billing/premium_request/usage have the latter alone, by model.
  Keep to one of them, or to the CSV: they hold the same dollars
docs:       https://docs.github.com/en/rest/billing/usage
confidence: GitHub's own description of its API, and the answers that its own sample application ships
role:       billing
format:     [json]
records:    usageItems
columns:
  product:     text   usageItems.product
  sku:         text   usageItems.sku
  unit:        text   usageItems.unitType
  price:       money  usageItems.pricePerUnit
  gross:       money  usageItems.grossAmount
  discount:    money  usageItems.discountAmount
  net:         money  usageItems.netAmount
optional:
  year:        count  timePeriod.year
  month:       count  timePeriod.month
  day_number:  count  timePeriod.day
  day:         day    usageItems.date
  quantity:    number usageItems.grossQuantity | usageItems.quantity
  model:       text   usageItems.model
  org:         text   usageItems.organizationName | usageItems.organization | organization
  repository:  text   usageItems.repositoryName
  user_id:     user   usageItems.user | user
  cost_center: text   costCenter.name | usageItems.costCenterName
ignore:     lower(product) NOT IN ('copilot', 'spark') OR product IS NULL AND sku IS NULL AND net IS NULL
scope:      [x_Category]
*/
-- usage has a date with each item; the others sum up the period that was asked for, and of a year nobody knows the months.
-- Paid is netAmount; grossAmount holds what the plan includes. Names of SKUs and units are spelled in two ways.
WITH kinds AS (
    SELECT
        *,
        CASE
            WHEN regexp_full_match(lower(unit), 'user[ -]?months?|months?')               THEN 'seat'
            WHEN regexp_full_match(lower(unit), '(premium )?requests?|(ai[ -]?)?credits?') THEN 'llm' END AS kind,
        coalesce(day, CASE WHEN month BETWEEN 1 AND 12 THEN try_strptime(concat_ws('-', year, month, coalesce(day_number, 1)), '%Y-%m-%d') END) AS first
    FROM raw
)
SELECT
    record,
    first                                            AS ChargePeriodStart,
    first + CASE WHEN coalesce(day::VARCHAR, day_number::VARCHAR) IS NULL THEN INTERVAL 1 MONTH ELSE INTERVAL 1 DAY END AS ChargePeriodEnd,
    net                                              AS BilledCost,
    gross                                            AS ListCost,
    'USD'                                            AS BillingCurrency,
    'github'                                         AS ProviderName,
    'github'                                         AS InvoiceIssuerName,
    org                                              AS SubAccountId,
    org                                              AS SubAccountName,
    'GitHub Copilot'                                 AS ServiceName,
    CASE WHEN kind = 'seat' THEN 'Developer Tools' ELSE 'AI and Machine Learning' END AS ServiceCategory,
    kind                                             AS x_Category,
    CASE WHEN kind = 'seat' THEN 'Purchase' ELSE 'Usage' END AS ChargeCategory,
    concat_ws(', ', sku, model)                      AS ChargeDescription,
    sku                                              AS SkuId,
    copilot_model(model)                             AS x_Model,
    CASE
        WHEN kind = 'seat'                    THEN 'seat'
        WHEN contains(lower(unit), 'request') THEN 'premium_request'
        WHEN kind = 'llm'                     THEN 'ai_credit'
        ELSE sku END                                 AS x_TokenClass,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        '{"cost_center": ' || to_json(cost_center) || '}',
        '{"repository": ' || to_json(repository) || '}') || ']', '[]') AS Tags,
    quantity                                         AS ConsumedQuantity,
    unit                                             AS ConsumedUnit,
    CASE
        WHEN first IS NULL
            THEN 'no date, and timePeriod has no month: all would lie in one; ask for a month, with &month=10'
        WHEN abs(gross - discount - net) > 0.01
            THEN format('netAmount {} is not grossAmount {} less discountAmount {}', net::DOUBLE, gross::DOUBLE, discount::DOUBLE)
    END                                              AS problem
FROM kinds
