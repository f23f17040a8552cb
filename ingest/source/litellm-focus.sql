/*
title:      LiteLLM FOCUS export
get:        |
  callbacks: ["focus"] in LiteLLM's config.yaml: Parquet in the bucket's folder focus_exports, by the hour or day; "vantage" writes the same as CSV.
  The spend logs say more: take one of the two
docs:       https://docs.litellm.ai/docs/observability/focus
confidence: the product's source; no real file seen
role:       requests
format:     [csv, parquet]
columns:
  start:        instant  ChargePeriodStart
  billed:       money    BilledCost
  effective:    money    EffectiveCost
  currency:     text     BillingCurrency
  category:     text     ChargeCategory
  provider:     provider ProviderName
  account:      key      BillingAccountId
  account_type: text     BillingAccountType
  model:        text     ResourceId
  group:        text     ServiceName
  unit:         text     ConsumedUnit
  publisher:    text     PublisherName
optional:
  until:        instant  ChargePeriodEnd
  account_name: text     BillingAccountName
  team_id:      text     SubAccountId
  team:         text     SubAccountName
  user_id:      user     Tags.user_id
expect:
  SkuId:        []
  SkuPriceId:   []
id:         start, account, model, group, provider
*/
-- FOCUS by its columns, but what LiteLLM thinks that its calls cost, by day, key and model: the bills of the providers hold those dollars, so it is
-- evidence and no money. Only that it has no SKU tells it from a bill. The quantity is always 1, whatever the number of calls, and there are no tokens.
-- A day's row grows, and comes again with each export: the last one counts. Below half a millionth of a dollar a cost is 0 here, as it is without a price.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    as_id(concat_ws(chr(31), start::VARCHAR, coalesce(account, ''), coalesce(model, ''), coalesce("group", ''), coalesce(provider, ''))) AS x_RequestId,
    provider                                         AS ProviderName,
    'LiteLLM'                                        AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    model                                            AS x_Model,
    account                                          AS x_ApiKeyId,
    account_name                                     AS x_ApiKeyName,
    user_id                                          AS x_User,
    CASE WHEN coalesce(team, team_id) IS NOT NULL THEN '{"team": ' || to_json(coalesce(team, team_id)) || '}' END AS Tags,
    CASE WHEN currency = 'USD' THEN nullif(billed, 0) END AS x_ReportedCost,
    CASE WHEN account_type IS DISTINCT FROM 'API Key'
        THEN concat('BillingAccountType is "', account_type, '", not "API Key": if this is a bill, read it with --source focus') END AS problem
FROM raw
QUALIFY row_number() OVER (PARTITION BY x_RequestId ORDER BY record DESC) = 1
