/*
title:      DeepSeek costs (the cost file of the usage export)
get:        |
  platform.deepseek.com/usage: the month, Export; the ZIP has cost-2026-10.csv, the bill, and amount-2026-10.csv, the tokens by key (deepseek-usage):
  ingest it as it is
docs:       https://api-docs.deepseek.com/quick_start/pricing
confidence: rows of real exports of 2026-05 and 2026-08
role:       billing
format:     [csv]
columns:
  start:    instant start_time_iso | utc_date
  written:  text    start_time_iso | utc_date
  model:    text    model
  cost:     money   cost
  currency: text    currency
  account:  text    user_id
optional:
  until:    instant end_time_iso
  wallet:   text    wallet_type
*/
-- The money of the amount file once more, without the keys: that is usage. Until mid 2026 a row is rounded to cents.
-- Times carry the offset of the account since 2026-07: a day of Shanghai begins at 16:00 UTC of the day before.
-- The granted balance is no cash: what it pays for is a charge, and a credit of as much beside it.
WITH told AS (
    SELECT
        *,
        lower(wallet)                                AS purse,
        (SELECT max(cost) FROM raw)                  AS largest
    FROM raw
), rows AS (
    SELECT *, cost AS amount, 'Usage' AS category, model AS text FROM told
    UNION ALL
    SELECT *, -cost, 'Credit', concat('granted balance, ', model) FROM told WHERE purse = 'granted' AND cost <> 0
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    coalesce(until, start + INTERVAL 1 DAY)          AS ChargePeriodEnd,
    amount                                           AS BilledCost,
    upper(currency)                                  AS BillingCurrency,
    'deepseek'                                       AS ProviderName,
    'deepseek'                                       AS InvoiceIssuerName,
    account                                          AS BillingAccountId,
    'DeepSeek API'                                   AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    category                                         AS ChargeCategory,
    text                                             AS ChargeDescription,
    model                                            AS SkuId,
    model                                            AS x_Model,
    CASE
        WHEN purse NOT IN ('paid', 'granted')
            THEN concat('wallet_type ', quoted(wallet), ' is neither paid nor granted: whether it is money cannot be told')
        WHEN cost < 0 AND largest <= 0
            THEN concat('cost is negative, as all of this file: ', rtrim(rtrim(cost::VARCHAR, '0'), '.'), '; whether it is a refund cannot be told')
    END                                              AS problem
FROM rows
