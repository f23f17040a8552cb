/*
title:      GitHub Copilot billing (usage report CSV)
get:        |
  github.com, the organization's or enterprise's Settings, Billing and licensing, Usage, Get usage report: summarized or detailed metered usage
  (seats, premium requests and AI credits), or AI usage; the detailed ones come by e-mail. Needs an owner or a billing manager.
  Keep to one of them: they hold the same dollars. The seats API and the metrics of Copilot have no money and are not read
docs:       https://docs.github.com/en/billing/reference/billing-reports
confidence: rows of real exports of 2026-09, GitHub's own tool for the reports of 2026-03 to 2026-06; the AI usage report from third parties only
role:       billing
format:     [csv]
columns:
  day:         day    date
  product:     text   product
  sku:         text   sku
  quantity:    number quantity
  unit:        text   unit_type
  price:       money  applied_cost_per_quantity
  gross:       money  gross_amount
  discount:    money  discount_amount
  net:         money  net_amount
optional:
  user_id:     user   username
  org:         text   organization
  repository:  text   repository
  cost_center: text   cost_center_name
  model:       text   model
ignore:     lower(product) NOT IN ('copilot', 'spark')
scope:      [x_Category]
*/
-- What is paid is net_amount; gross_amount holds what the plan includes, too. The aic_ columns of the preview of 2026 say what premium requests
-- would have cost as credits: another figure for the same usage, and no charge. Actions, Packages and the other products are ignored.
-- A seat is a fraction of a user's month each day; its quantity is never added to requests or credits, so each has its unit and category.
-- Seats and metered use are replaced apart: the AI usage report has no seats, and takes none out of the ledger.
WITH kinds AS (
    SELECT *, CASE
        WHEN lower(unit) IN ('user-months', 'months')             THEN 'seat'
        WHEN lower(unit) IN ('requests', 'ai-credits', 'credits') THEN 'llm' END AS kind
    FROM raw
)
SELECT
    record,
    day                                              AS ChargePeriodStart,
    day + INTERVAL 1 DAY                             AS ChargePeriodEnd,
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
        WHEN kind = 'seat'            THEN 'seat'
        WHEN lower(unit) = 'requests' THEN 'premium_request'
        WHEN kind = 'llm'             THEN 'ai_credit'
        ELSE sku END                                 AS x_TokenClass,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        '{"cost_center": ' || to_json(cost_center) || '}',
        '{"repository": ' || to_json(repository) || '}') || ']', '[]') AS Tags,
    quantity                                         AS ConsumedQuantity,
    unit                                             AS ConsumedUnit,
    CASE
        WHEN abs(gross - discount - net) > 0.01
            THEN format('net_amount {} is not gross_amount {} less discount_amount {}', net::DOUBLE, gross::DOUBLE, discount::DOUBLE)
    END                                              AS problem
FROM kinds
