/*
title:      Modal billing report
get:        |
  on a Team or Enterprise plan, a row a day and app, or a row a resource with --show-resources (not both: they are the same dollars):
  modal billing report --for "last month" --tag-names "*" --csv > modal-2026-10.csv
docs:       https://modal.com/docs/reference/cli/billing
confidence: the vendor's own client (modal-client) and its test data of 2026-08; no real report was seen
role:       billing
format:     [csv, json]
columns:
  object:      text    Object ID | object_id
  name:        text    description
  environment: text    environment
  start:       instant Interval Start | interval_start
  amount:      money   cost
optional:
  resource:    text    resource
  tags:        text    tags
scope:      [ServiceName]
*/
-- Dollars, though no column says so, before the plan's fee, credits and reservations: those are in modal-billing-summary, a service of its
-- own here so that the two stand beside each other. Times are UTC, or have an offset with --tz. Rows are days or, with -r h, hours: hours
-- where one of them is not at midnight UTC. One app may run in several environments. CPU and memory are what the GPU's container is billed.
WITH grain AS (
    SELECT coalesce(bool_or(start <> date_trunc('day', start)), false) AS hourly FROM raw
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start + CASE WHEN hourly THEN INTERVAL 1 HOUR ELSE INTERVAL 1 DAY END AS ChargePeriodEnd,
    amount                                           AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'modal'                                          AS ProviderName,
    'modal'                                          AS InvoiceIssuerName,
    environment                                      AS SubAccountId,
    environment                                      AS SubAccountName,
    'Modal'                                          AS ServiceName,
    'Compute'                                        AS ServiceCategory,
    CASE
        WHEN regexp_matches(lower(resource), 'volume|storage|disk') THEN 'storage'
        WHEN regexp_matches(lower(resource), 'token')               THEN 'llm'
        ELSE 'gpu' END                               AS x_Category,
    'Usage'                                          AS ChargeCategory,
    name                                             AS ChargeDescription,
    resource                                         AS SkuId,
    object                                           AS ResourceId,
    name                                             AS ResourceName,
    tags                                             AS Tags
FROM raw CROSS JOIN grain
