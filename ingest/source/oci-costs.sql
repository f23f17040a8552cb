/*
title:      Oracle Cloud (OCI) cost report
get:        |
  Billing & Cost Management, Cost and usage reports, Cost reports, or oci os object bulk-download --namespace bling --bucket-name TENANCY_OCID
  --prefix reports/cost-csv --download-dir oci-costs. Ingest the files as they are: joined into one they would be booked a second time
docs:       https://docs.oracle.com/en-us/iaas/Content/Billing/Concepts/costusagereportsoverview.htm
confidence: real rows of a report of 2023-11, and the vendor's description of the columns; no row of Generative AI, of a GPU or of an overage was seen
role:       billing
mixed:      true
format:     [csv]
columns:
  reference:   id      lineItem/referenceNo
  start:       instant lineItem/intervalUsageStart
  cost:        money   cost/myCost
  currency:    text    cost/currencyCode
  service:     text    product/service
  sku:         text    cost/productSku
optional:
  until:       instant lineItem/intervalUsageEnd
  tenancy:     text    lineItem/tenantId
  subscription: text   cost/subscriptionId
  compartment: text    product/compartmentId
  compartment_name: text product/compartmentName
  region:      text    product/region
  resource:    text    product/resourceId
  description: text    product/Description
  quantity:    number  usage/billedQuantity
  unit:        text    cost/skuUnitDescription | cost/billingUnitReadable
  correction:  text    lineItem/isCorrection
  corrects:    text    lineItem/backreferenceNo
  labels:      tags    tags/*
id:         reference
*/
-- myCost is the whole cost of a line, its overage included (myCostOverage is a part of it, and empty for who pays as they go). A report holds some
-- hours and late lines of hours before, and is never written again: a newer one adds lines to those that the ledger has.
-- A correction is a line of its own that points to the one it corrects. Oracle does not say whether it is added or takes its place: one below
-- zero can only be added; any other is a reject.
-- The tag CreatedBy names a person, and is left out.
WITH named AS (
    SELECT
        *,
        lower(correction) = 'true'                   AS is_correction,
        lower(concat_ws(' ', service, description))  AS told
    FROM raw
), known AS (
    SELECT
        *,
        CASE
            WHEN regexp_matches(told, 'generative.ai') THEN CASE
                WHEN contains(told, 'embed')  THEN 'embeddings'
                WHEN contains(told, 'rerank') THEN 'rerank'
                ELSE 'llm' END
            WHEN regexp_matches(told, '\bgpus?\b')                            THEN 'gpu'
            WHEN regexp_matches(told, '\bai.services?\b.*speech|\bai.speech') THEN 'audio'
            WHEN regexp_matches(told, '\bai.services?\b|\bai.(vision|language|document)|data.science|digital.assistant') THEN 'ml' END AS category
    FROM named
)
SELECT
    record,
    reference                                        AS x_ChargeId,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    date_trunc('month', start)                       AS BillingPeriodStart,
    date_trunc('month', start) + INTERVAL 1 MONTH    AS BillingPeriodEnd,
    cost                                             AS BilledCost,
    upper(currency)                                  AS BillingCurrency,
    'oracle'                                         AS ProviderName,
    'Oracle'                                         AS InvoiceIssuerName,
    coalesce(subscription, tenancy)                  AS BillingAccountId,
    compartment                                      AS SubAccountId,
    compartment_name                                 AS SubAccountName,
    service                                          AS ServiceName,
    CASE
        WHEN category = 'gpu'                                             THEN 'Compute'
        WHEN category IS NOT NULL                                         THEN 'AI and Machine Learning'
        WHEN upper(service) = 'COMPUTE'                                   THEN 'Compute'
        WHEN upper(service) IN ('OBJECTSTORE', 'BLOCK_STORAGE', 'FILE_STORAGE') THEN 'Storage'
        WHEN upper(service) IN ('DATABASE', 'MYSQL', 'NOSQL', 'POSTGRESQL') THEN 'Databases'
        WHEN upper(service) IN ('NETWORK', 'FAST_CONNECT', 'LBAAS', 'DNS') THEN 'Networking'
        WHEN upper(service) IN ('TELEMETRY', 'LOGGING', 'NOTIFICATIONS')  THEN 'Management and Governance'
        WHEN upper(service) = 'ORACLE_STREAMING_SERVICE'                  THEN 'Integration'
        ELSE 'Other' END                             AS ServiceCategory,
    category                                         AS x_Category,
    'Usage'                                          AS ChargeCategory,
    CASE WHEN is_correction THEN 'Correction' END    AS ChargeClass,
    description                                      AS ChargeDescription,
    sku                                              AS SkuId,
    resource                                         AS ResourceId,
    region                                           AS RegionId,
    quantity                                         AS ConsumedQuantity,
    unit                                             AS ConsumedUnit,
    CASE
        WHEN category IS NULL OR category NOT IN ('llm', 'embeddings', 'rerank') THEN NULL
        WHEN contains(told, 'dedicated')                           THEN 'provisioned'
        WHEN NOT contains(concat_ws(' ', told, lower(unit)), 'token') THEN 'unit'
        WHEN regexp_matches(told, 'cache.*write|write.*cache')     THEN 'cache_write_5m'
        WHEN contains(told, 'cache')                               THEN 'cache_read'
        WHEN contains(told, 'input')                               THEN 'input'
        WHEN contains(told, 'output')                              THEN 'output' END AS x_TokenClass,
    regexp_replace(labels, '"[^"]*CreatedBy":\s*"(\\.|[^"\\])*"', '"CreatedBy":""', 'g') AS Tags,
    CASE WHEN is_correction AND cost >= 0
        THEN concat('corrects line ', coalesce(corrects, 'unknown'), ', and nothing says whether ', regexp_replace(cost::VARCHAR, '\.?0*$', ''), ' is added to it or takes its place')
    END                                              AS problem
FROM known
