/*
title:      Google Cloud reports table (console CSV)
get:        |
  console.cloud.google.com/billing, Reports: the month, time range by usage date, group by SKU or by project, every kind of savings ticked; then above the table, Download CSV.
  Keep to one grouping, and to a table by day or month: one without dates cannot be placed
docs:       https://docs.cloud.google.com/billing/docs/how-to/reports
confidence: three rows of a real export of 2026-08, grouped by SKU; other groupings from the vendor's documentation
role:       billing
mixed:      true
format:     [csv]
columns:
  written:            text    Date | Month
  listed:             money   List cost (*) | Cost (*)
  subtotal:           money   Unrounded subtotal (*) | Subtotal (*)
  currency:           text    in:Unrounded subtotal (*) | in:Subtotal (*)
optional:
  day:                day     Date
  month:              month   Month
  project:            text    Project ID
  project_name:       text    Project name | Project
  service:            text    Service description | Service
  sku:                text    SKU ID
  sku_name:           text    SKU description | SKU
  region:             text    Region | Location
  label:              text    Label | Labels
  quantity:           number  Usage amount
  unit:               text    Usage unit
*/
-- Savings are taken off already; the list cost is before them. Nothing here names the billing account. A label stands as environment:prod.
SELECT
    record,
    coalesce(day, month)                             AS ChargePeriodStart,
    coalesce(day + INTERVAL 1 DAY, month + INTERVAL 1 MONTH) AS ChargePeriodEnd,
    subtotal                                         AS BilledCost,
    listed                                           AS ListCost,
    as_currency(currency)                            AS BillingCurrency,
    'google'                                         AS ProviderName,
    'Google Cloud'                                   AS InvoiceIssuerName,
    coalesce(project, project_name)                  AS SubAccountId,
    project_name                                     AS SubAccountName,
    service                                          AS ServiceName,
    CASE WHEN service IS NOT NULL THEN google_service_category(service) ELSE 'Other' END AS ServiceCategory,
    google_category(service, sku_name)               AS x_Category,
    CASE WHEN lower(coalesce(service, sku_name)) IN ('tax', 'invoice tax') THEN 'Tax' ELSE 'Usage' END AS ChargeCategory,
    coalesce(sku_name, service)                      AS ChargeDescription,
    sku                                              AS SkuId,
    region                                           AS RegionId,
    quantity                                         AS ConsumedQuantity,
    CASE WHEN quantity IS NOT NULL THEN unit END     AS ConsumedUnit,
    google_model(service, sku_name)                  AS x_Model,
    google_class(service, sku_name)                  AS x_TokenClass,
    google_tier(service, sku_name)                   AS x_ServiceTier,
    google_context(service, sku_name)                AS x_ContextWindow,
    label                                            AS Tags
FROM raw
