/*
title:      FOCUS cost and usage, versions 1.0 to 1.4
get:        |
  AWS: Billing, Data Exports, FOCUS 1.2 with AWS columns. Azure: Cost Management, Exports, Cost and usage details (FOCUS).
  Google Cloud: the FOCUS view of the BigQuery billing export. Others (Nebius, Pinecone, …): their FOCUS export. CSV or Parquet
docs:       https://focus.finops.org/focus-specification/
confidence: the specification, its published sample of 1.0 (AWS, Microsoft, Oracle), and the columns of real exports
role:       billing
mixed:      true
format:     [csv, parquet]
columns:
  start:            instant  ChargePeriodStart
  billed:           money    BilledCost
  effective:        money    EffectiveCost
  currency:         text     BillingCurrency
  category:         text     ChargeCategory
  provider:         provider ServiceProviderName | ProviderName
optional:
  until:            instant  ChargePeriodEnd
  billing_start:    instant  BillingPeriodStart
  billing_end:      instant  BillingPeriodEnd
  listed:           money    ListCost
  contracted:       money    ContractedCost
  class:            text     ChargeClass
  description:      text     ChargeDescription
  issuer:           text     InvoiceIssuerName
  invoice_id:       text     InvoiceId
  account:          text     BillingAccountId
  account_name:     text     BillingAccountName
  account_type:     text     BillingAccountType
  sub_account:      text     SubAccountId
  sub_account_name: text     SubAccountName
  service:          text     ServiceName
  service_category: text     ServiceCategory
  subcategory:      text     ServiceSubcategory
  sku:              text     SkuId
  meter:            text     SkuMeter
  resource:         text     ResourceId
  resource_name:    text     ResourceName
  region:           text     RegionId
  quantity:         number   ConsumedQuantity
  unit:             text     ConsumedUnit
  tags:             text     Tags
  x_category:       text     x_Category
  model:            text     x_Model | x_ModelId | SkuPriceDetails.x_ModelId | SkuPriceDetails.ModelId
  token_class:      text     x_TokenClass
  tier:             text     x_ServiceTier
  key_id:           key      x_ApiKeyId | CredentialId
  key_name:         text     x_ApiKeyName
  user_id:          user     PrincipalId
scope:      [BillingPeriodStart]
*/
-- BilledCost is the money; EffectiveCost spreads what was prepaid. A correction of an earlier month stands in the billing period in
-- which it was made: a newer file takes the place of its own billing periods alone. Tags that are no JSON are read as text: an odd tag
-- is no reason to lose its dollars. The export of a gateway is an estimate of what others bill.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    billing_start                                    AS BillingPeriodStart,
    billing_end                                      AS BillingPeriodEnd,
    billed                                           AS BilledCost,
    effective                                        AS EffectiveCost,
    listed                                           AS ListCost,
    contracted                                       AS ContractedCost,
    upper(currency)                                  AS BillingCurrency,
    provider                                         AS ProviderName,
    issuer                                           AS InvoiceIssuerName,
    invoice_id                                       AS InvoiceId,
    CASE provider -- as the clouds' own exports write it: the same dollars in both forms are found out by it
        WHEN 'azure' THEN coalesce(nullif(regexp_extract(account, '(?i)billingAccounts/([^/]+)', 1), ''), account)
        WHEN 'aws'   THEN CASE WHEN regexp_full_match(account, '[0-9]{8,11}') THEN lpad(account, 12, '0') ELSE account END
        ELSE account END                             AS BillingAccountId,
    account_name                                     AS BillingAccountName,
    sub_account                                      AS SubAccountId,
    sub_account_name                                 AS SubAccountName,
    service                                          AS ServiceName,
    service_category                                 AS ServiceCategory,
    CASE
        WHEN x_category IS NOT NULL          THEN x_category
        WHEN model IS NOT NULL               THEN model_category(model)
        WHEN contains(concat_ws(' ', service, description), '(Amazon Bedrock Edition)') THEN 'llm'
        WHEN subcategory = 'Generative AI'   THEN model_category(concat_ws(' ', meter, description))
        WHEN service_category = 'Compute' AND (names_gpu(concat_ws(' ', meter, description)) OR regexp_matches(lower(concat_ws(' ', meter, description)), machines_with_gpus()))
                                             THEN 'gpu' END AS x_Category,
    category                                         AS ChargeCategory,
    class                                            AS ChargeClass,
    description                                      AS ChargeDescription,
    sku                                              AS SkuId,
    resource                                         AS ResourceId,
    resource_name                                    AS ResourceName,
    region                                           AS RegionId,
    quantity                                         AS ConsumedQuantity,
    unit                                             AS ConsumedUnit,
    tags                                             AS Tags,
    model                                            AS x_Model,
    coalesce(token_class, CASE meter
        WHEN 'Input Tokens'             THEN 'input'
        WHEN 'Cache Read Input Tokens'  THEN 'cache_read'
        WHEN 'Cache Write Input Tokens' THEN 'cache_write_5m'
        WHEN 'Output Tokens'            THEN 'output' END) AS x_TokenClass,
    tier                                             AS x_ServiceTier,
    key_id                                           AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName,
    user_id                                          AS x_User,
    CASE
        WHEN account_type = 'API Key'
            THEN 'BillingAccountType is "API Key": LiteLLM''s own estimate, which the bills of the providers hold already'
        WHEN billed IS NULL
            THEN 'no BilledCost: quantities without money are no bill'
        WHEN category IS NULL
            THEN 'no ChargeCategory'
    END                                              AS problem
FROM raw
