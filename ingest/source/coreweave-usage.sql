/*
title:      CoreWeave usage, and other FOCUS exports without money
get:        |
  CoreWeave: the FOCUS Billing Export API (public preview since 2026-09), CSV or JSON; it has no dollars yet.
  Where the columns of money are there and empty, name it: --source coreweave-usage, or `source: coreweave-usage` beside its path in aifinops.yaml
docs:       https://docs.coreweave.com
confidence: an excerpt of the vendor's documentation of 2026-09; no real export was seen
role:       usage
format:     [csv, json, parquet]
columns:
  start:            instant  ChargePeriodStart
  until:            instant  ChargePeriodEnd
  provider:         provider ServiceProviderName | ProviderName
  quantity:         number   ConsumedQuantity
  unit:             text     ConsumedUnit
optional:
  billed:           text     BilledCost
  effective:        text     EffectiveCost
  category:         text     ChargeCategory
  account:          text     BillingAccountId
  account_name:     text     BillingAccountName
  sub_account:      text     SubAccountId
  sub_account_name: text     SubAccountName
  service:          text     ServiceName
  service_category: text     ServiceCategory
  sku:              text     SkuId
  resource:         text     ResourceId
  resource_name:    text     ResourceName
  region:           text     RegionId
  tags:             text     Tags
ignore:     category <> 'Usage' AND quantity IS NULL AND coalesce(billed, effective) IS NULL
*/
-- Quantities an hour, cluster, zone and SKU: what they cost is in the contract, and on the invoice. Commitments and fees without a quantity
-- say nothing here. A row with money is a bill, and no usage.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    provider                                         AS ProviderName,
    account                                          AS BillingAccountId,
    account_name                                     AS BillingAccountName,
    sub_account                                      AS SubAccountId,
    sub_account_name                                 AS SubAccountName,
    service                                          AS ServiceName,
    service_category                                 AS ServiceCategory,
    CASE WHEN names_gpu(concat_ws(' ', sku, service, unit)) THEN 'gpu' END AS x_Category,
    sku                                              AS SkuId,
    resource                                         AS ResourceId,
    resource_name                                    AS ResourceName,
    region                                           AS RegionId,
    tags                                             AS Tags,
    quantity                                         AS ConsumedQuantity,
    unit                                             AS ConsumedUnit,
    CASE
        WHEN coalesce(billed, effective) IS NOT NULL
            THEN concat('BilledCost "', left(coalesce(billed, effective), 80), '": a row with money is a bill; read the file as focus, which needs all of BilledCost, EffectiveCost, BillingCurrency and ChargeCategory')
        WHEN quantity IS NULL
            THEN 'no ConsumedQuantity'
    END                                              AS problem
FROM raw
