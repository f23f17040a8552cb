/*
title:      MongoDB Atlas invoice
get:        |
  with an API key that may view billing (Organization Billing Viewer); the running month is …/invoices/pending:
  curl --digest -u "$ATLAS_PUBLIC:$ATLAS_PRIVATE" -H "Accept: application/vnd.atlas.2025-03-12+json" https://cloud.mongodb.com/api/atlas/v2/orgs/ORGANIZATION/invoices/INVOICE > atlas-2026-10.json
docs:       https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-getorginvoice
confidence: the vendor's client (atlas-sdk-go) of 2026-08; no real invoice was seen
role:       billing
format:     [json]
records:    lineItems
columns:
  invoice:      text    id
  organization: text    orgId
  opened:       instant startDate
  closed:       instant endDate
  status:       text    statusName
  subtotal:     number  subtotalCents
  cents:        number  lineItems.totalPriceCents
  sku:          text    lineItems.sku
  start:        instant lineItems.startDate
optional:
  until:        instant lineItems.endDate
  billed:       number  amountBilledCents
  credits:      number  creditsCents
  tax:          number  salesTaxCents
  balance:      number  startingBalanceCents
  payments:     json    payments
  refunds:      json    refunds
  project:      text    lineItems.groupId
  project_name: text    lineItems.groupName
  cluster:      text    lineItems.clusterName
  app:          text    lineItems.stitchAppName
  cloud:        text    lineItems.cloudProvider
  quantity:     number  lineItems.quantity
  unit:         text    lineItems.unit
  price:        number  lineItems.unitPriceDollars
  discount:     number  lineItems.discountCents
  tags:         json    lineItems.tags
ignore:     cents IS NULL AND sku IS NULL AND start IS NULL OR status = 'FORGIVEN'
scope:      [InvoiceId]
total:      |
  CASE WHEN count(DISTINCT invoice) = 1 AND max(status) <> 'FORGIVEN' THEN 0.01 * (
      CASE WHEN sum(cents) = max(subtotal) THEN sum(cents) ELSE max(subtotal) + coalesce(sum(cents) FILTER (WHERE cents < 0), 0) END
      + coalesce(max(tax), 0) - coalesce(max(credits), 0)
      - coalesce(list_sum(list_transform(json_extract_string(max(refunds), '$[*].amountCents'), lambda r: as_number(r))), 0)) END
*/
-- Cents. A line is rounded to them, so the quantity at its price is only near it, and what stands as discount is off already. Tax, credits and refunds
-- are of the invoice: each is a row of its first record. Invoices of linked organizations, inside this one, are other organizations' bills; a
-- starting balance is last month's money. Where MongoDB sold credits at a price, the cents are credits, and nobody here can say what they cost.
WITH invoices AS (
    SELECT *,
        row_number() OVER (PARTITION BY invoice ORDER BY record) AS nth,
        list_filter(json_extract_string(payments, '$[*].unitPrice'), lambda p: as_number(p) <> 1)[1] AS credit_price,
        list_sum(list_transform(json_extract_string(refunds, '$[*].amountCents'), lambda r: as_number(r))) AS refunded
    FROM raw
), charges AS (
    SELECT * REPLACE (coalesce(start, opened) AS start), 'Usage' AS category, cents AS amount FROM invoices
    UNION ALL
    SELECT * EXCLUDE (c) REPLACE (opened AS start, closed AS until, NULL AS project, NULL AS project_name, NULL AS cluster, NULL AS app, NULL AS quantity,
        NULL AS unit, NULL AS price, NULL AS discount, NULL AS tags, c.what AS sku), c.category, c.amount
    FROM (SELECT *, unnest([{'what': 'Sales tax', 'category': 'Tax', 'amount': tax}, {'what': 'Credits', 'category': 'Credit', 'amount': -credits},
        {'what': 'Refunds', 'category': 'Credit', 'amount': -refunded}]) AS c FROM invoices WHERE nth = 1)
    WHERE c.amount <> 0
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    CASE WHEN until > start THEN until END           AS ChargePeriodEnd,
    opened                                           AS BillingPeriodStart,
    closed                                           AS BillingPeriodEnd,
    (amount * 0.01)::DECIMAL(38,12)                  AS BilledCost,
    CASE WHEN category = 'Usage' THEN (quantity * price)::DECIMAL(38,12) END AS ListCost,
    'USD'                                            AS BillingCurrency,
    'mongodb'                                        AS ProviderName,
    'mongodb'                                        AS InvoiceIssuerName,
    invoice                                          AS InvoiceId,
    organization                                     AS BillingAccountId,
    project                                          AS SubAccountId,
    project_name                                     AS SubAccountName,
    'MongoDB Atlas'                                  AS ServiceName,
    'Databases'                                      AS ServiceCategory,
    CASE WHEN category = 'Usage' AND regexp_matches(upper(sku), 'SEARCH|VECTOR') THEN 'vector' END AS x_Category,
    CASE WHEN category = 'Usage' AND amount < 0 THEN 'Credit' ELSE category END AS ChargeCategory,
    sku                                              AS ChargeDescription,
    sku                                              AS SkuId,
    coalesce(cluster, app)                           AS ResourceId,
    quantity                                         AS ConsumedQuantity,
    unit                                             AS ConsumedUnit,
    CASE WHEN json_keys(tags) <> [] THEN to_json(map(json_keys(tags), list_transform(json_keys(tags),
        lambda k: array_to_string(json_extract_string(json_extract(tags, '$."' || replace(k, '"', '\"') || '"'), '$[*]'), ','))))::VARCHAR END AS Tags,
    CASE
        WHEN credit_price IS NOT NULL
            THEN concat('payments.unitPrice is ', credit_price, ': the cents of this invoice are credits at that price, and no dollars')
        WHEN credits < 0
            THEN concat('creditsCents is negative: ', credits::BIGINT)
        WHEN credits <> 0 AND billed NOT IN (subtotal, subtotal - credits, subtotal + coalesce(tax, 0), subtotal + coalesce(tax, 0) - credits)
            THEN format('amountBilledCents {} is not made of subtotalCents {}, salesTaxCents {} and creditsCents {}', billed::BIGINT, subtotal::BIGINT, coalesce(tax, 0)::BIGINT, credits::BIGINT)
    END                                              AS problem
FROM charges
