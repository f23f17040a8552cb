/*
title:      Crusoe Cloud costs
get:        |
  GET https://api.crusoecloud.com/v1alpha5/organizations/ORGANIZATION/billing/costs?start_date=2026-10-01&end_date=2026-11-01, or …/billing/resources for a
  row a resource: the same dollars, so keep to one of the two. Reservations are in neither: type their invoice's total into invoices.csv
docs:       https://docs.crusoecloud.com/reference/api
confidence: the vendor's client (crusoecloud/client-go) of 2026-07; no real response was seen
role:       billing
format:     [json]
records:    data
columns:
  start:        instant data.date
  amount:       money   data.cost | data.total_price
  metric:       text    data.billable_metric
  kind:         text    data.resource_type
  quantity:     number  data.quantity
  price:        number  data.unit_price
optional:
  project:      text    data.project_id
  project_name: text    data.project_name
  resource:     text    data.resource_id
  resource_name: text   data.resource_name
  region:       text    data.region
ignore:     start IS NULL AND amount IS NULL AND metric IS NULL
*/
-- Numbers in one of the two endpoints, text in the other; dollars in both, though neither says so. A day is a UTC day.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start + INTERVAL 1 DAY                           AS ChargePeriodEnd,
    amount                                           AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'crusoe'                                         AS ProviderName,
    'crusoe'                                         AS InvoiceIssuerName,
    project                                          AS SubAccountId,
    project_name                                     AS SubAccountName,
    'Crusoe Cloud'                                   AS ServiceName,
    'Compute'                                        AS ServiceCategory,
    CASE
        WHEN names_gpu(concat_ws(' ', metric, kind)) THEN 'gpu'
        WHEN regexp_matches(lower(concat_ws(' ', metric, kind)), 'disk|storage|volume|bucket') THEN 'storage' END AS x_Category,
    'Usage'                                          AS ChargeCategory,
    concat_ws(', ', kind, metric)                    AS ChargeDescription,
    concat_ws(', ', kind, metric)                    AS SkuId,
    resource                                         AS ResourceId,
    resource_name                                    AS ResourceName,
    region                                           AS RegionId,
    quantity                                         AS ConsumedQuantity,
    metric                                           AS ConsumedUnit
FROM raw
