/*
title:      Google Cloud cost table (console CSV)
get:        |
  console.cloud.google.com/billing, Cost table: choose the invoice month, no grouping, no filter, every kind of savings ticked, Download CSV; needs the role of a billing account viewer.
  What does not come to the total amount due, as a table without the savings, is refused
docs:       https://docs.cloud.google.com/billing/docs/how-to/cost-table
confidence: third-party test files in the shape of real exports of 2026-06 and 2026-08; no real file seen
role:       billing
mixed:      true
format:     [csv]
columns:
  service:      text    Service description
  sku_name:     text    SKU description
  cost_type:    text    Cost type
  credit_type:  text    Credit type
  cost:         money   Unrounded Cost (*) | Cost (*)
  currency:     text    above:Currency | in:Unrounded Cost (*) | in:Cost (*)
  start:        day     Usage start date
  until:        day     Usage end date
optional:
  account:      text    Billing account ID | above:Billing account ID
  account_name: text    Billing account name
  project:      text    Project ID
  project_name: text    Project name
  service_id:   text    Service ID
  sku:          text    SKU ID
  quantity:     number  Usage amount
  unit:         text    Usage unit
  invoice:      text    above:Invoice number
  invoiced:     day     above:Invoice date
  due:          text    above:Total amount due
ignore:     cost_type = 'Total' AND service IS NULL
total:      |
  CASE
    WHEN count(*) FILTER (WHERE cost_type = 'Total') > 0 AND max(due) IS NOT NULL THEN as_number(regexp_replace(max(due), '[^0-9.,-]', '', 'g'))
    WHEN abs(sum(cost) FILTER (WHERE cost_type NOT IN ('Total', 'Rounding error')) - sum(cost) FILTER (WHERE cost_type = 'Total')) <= 0.005
      THEN sum(cost) FILTER (WHERE cost_type <> 'Total')
    ELSE sum(cost) FILTER (WHERE cost_type = 'Total') END
scope:      [BillingPeriodStart]
*/
-- The last two rows have nothing but a cost type: the rounding is money, the total is not, and is with the rounding or without it. Credits are rows
-- of their own, in the table only where the savings are ticked: without them it is gross, and may be a thousand times what is due. The month is
-- the invoice's, of which a few days of usage lie in another.
WITH dated AS (
    SELECT
        *,
        coalesce(date_trunc('month', invoiced), date_trunc('month', max(until) OVER ())) AS billing_month,
        count(credit_type) OVER ()                   AS credits,
        sum(cost) OVER ()                            AS table_total,
        as_number(regexp_replace(due, '[^0-9.,-]', '', 'g')) AS invoice_total
    FROM raw
)
SELECT
    record,
    coalesce(start, billing_month)                   AS ChargePeriodStart,
    coalesce(until + INTERVAL 1 DAY, start + INTERVAL 1 DAY, billing_month + INTERVAL 1 MONTH) AS ChargePeriodEnd,
    billing_month                                    AS BillingPeriodStart,
    billing_month + INTERVAL 1 MONTH                 AS BillingPeriodEnd,
    cost                                             AS BilledCost,
    as_currency(currency)                            AS BillingCurrency,
    'google'                                         AS ProviderName,
    'Google Cloud'                                   AS InvoiceIssuerName,
    invoice                                          AS InvoiceId,
    coalesce(account, max(account) OVER ())          AS BillingAccountId,
    coalesce(account_name, max(account_name) OVER ()) AS BillingAccountName,
    project                                          AS SubAccountId,
    project_name                                     AS SubAccountName,
    service                                          AS ServiceName,
    google_service_category(service)                 AS ServiceCategory,
    google_category(service, sku_name)               AS x_Category,
    CASE
        WHEN cost_type = 'Rounding error' THEN 'Adjustment'
        WHEN credit_type IS NOT NULL      THEN 'Credit'
        WHEN cost_type = 'Usage' AND starts_with(sku_name, 'Commitment') THEN 'Purchase'
        ELSE as_charge_category(regexp_replace(cost_type, 's$', '')) END AS ChargeCategory,
    concat_ws(': ', coalesce(sku_name, cost_type), credit_type) AS ChargeDescription,
    sku                                              AS SkuId,
    CASE WHEN credit_type IS NULL THEN quantity END  AS ConsumedQuantity,
    CASE WHEN credit_type IS NULL AND quantity IS NOT NULL THEN unit END AS ConsumedUnit,
    google_model(service, sku_name)                  AS x_Model,
    google_class(service, sku_name)                  AS x_TokenClass,
    google_tier(service, sku_name)                   AS x_ServiceTier,
    google_context(service, sku_name)                AS x_ContextWindow,
    CASE WHEN credits = 0 AND abs(table_total - invoice_total) > 0.01
        THEN format('the table comes to {}, the invoice to {}: it is without its credits, or not the whole; tick every kind of savings, and download it again',
            table_total::DECIMAL(38,2), invoice_total::DECIMAL(38,2))
        WHEN credits = 0 AND invoice_total IS NULL
            THEN 'neither credits nor what is due stand in the table: whether savings are taken off cannot be told; download it with its first lines' END AS problem
FROM dated
