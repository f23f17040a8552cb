/*
title:      DigitalOcean invoice (CSV), with GPU Droplets, Gradient and Paperspace
get:        |
  cloud.digitalocean.com, Billing, the invoice, Download CSV; or, with a token that may read billing:
  curl "https://api.digitalocean.com/v2/customers/my/invoices/INVOICE/csv" -H "Authorization: Bearer $DIGITALOCEAN_TOKEN" > digitalocean-2026-10.csv
docs:       https://docs.digitalocean.com/reference/api/digitalocean/#tag/Billing/operation/invoices_get_csvByUUID
confidence: the vendor's API reference and its example; rows quoted in public projects of 2026-09
role:       billing
format:     [csv]
mixed:      true
columns:
  product:     text    product
  part:        text    group_description
  description: text    description
  hours:       number  hours
  start:       instant start
  until:       instant end
  amount:      money   USD
optional:
  project:     text    project_name
  category:    text    category
*/
-- Dollars. An end is the first moment after, or the last second of it. Credits are negative. GPUs are told by their names.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    CASE
        WHEN until::TIME = TIME '23:59:59' THEN until + INTERVAL 1 SECOND
        WHEN until > start                 THEN until END AS ChargePeriodEnd,
    amount                                           AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'digitalocean'                                   AS ProviderName,
    'digitalocean'                                   AS InvoiceIssuerName,
    project                                          AS SubAccountId,
    project                                          AS SubAccountName,
    product                                          AS ServiceName,
    CASE
        WHEN regexp_matches(lower(product), 'gradient|gen ?ai|inference|agent') THEN 'AI and Machine Learning'
        WHEN product = 'Taxes' OR amount < 0                                    THEN 'Other'
        ELSE 'Compute' END                           AS ServiceCategory,
    CASE WHEN names_gpu(concat_ws(' ', product, part, description)) OR contains(lower(product), 'paperspace') THEN 'gpu' END AS x_Category,
    CASE
        WHEN product = 'Taxes' THEN 'Tax'
        WHEN amount < 0        THEN 'Credit'
        ELSE 'Usage' END                             AS ChargeCategory,
    concat_ws(', ', part, description)              AS ChargeDescription,
    product                                          AS SkuId,
    hours                                            AS ConsumedQuantity,
    CASE WHEN hours IS NOT NULL THEN 'Hours' END     AS ConsumedUnit
FROM raw
