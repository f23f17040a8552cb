/*
title:      DeepSeek usage by key (the amount file of the usage export)
get:        |
  platform.deepseek.com/usage: the month, Export; the ZIP has amount-2026-10.csv, the tokens by key, and cost-2026-10.csv, the bill (deepseek-costs):
  ingest it as it is
docs:       https://api-docs.deepseek.com/quick_start/pricing
confidence: real exports of 2026-06, and rows of one of 2026-08
role:       usage
format:     [csv]
columns:
  start:    instant start_time_iso | utc_date
  model:    text    model
  key_name: key     api_key_name
  kind:     text    type
  price:    number  price
  amount:   count   amount
  account:  text    user_id
optional:
  until:    instant end_time_iso
  key_id:   key     api_key
*/
-- The classes are disjoint, a row each; the calls are a row, too. The price is one token's, in the money of the account's wallet: price times
-- amount is the cost file's money, which counts there.
-- Times carry the offset of the account since 2026-07, and may be hours.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    coalesce(until, start + INTERVAL 1 DAY)          AS ChargePeriodEnd,
    'deepseek'                                       AS ProviderName,
    account                                          AS BillingAccountId,
    'DeepSeek API'                                   AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    model                                            AS x_Model,
    coalesce(key_id, key_name)                       AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName,
    CASE WHEN kind = 'request_count'           THEN amount END AS x_Requests,
    CASE WHEN kind = 'input_cache_miss_tokens' THEN amount END AS x_InputTokens,
    CASE WHEN kind = 'input_cache_hit_tokens'  THEN amount END AS x_CacheReadTokens,
    CASE WHEN kind = 'output_tokens'           THEN amount END AS x_OutputTokens,
    CASE
        WHEN amount IS NULL
            THEN 'no amount'
        WHEN coalesce(kind, '') NOT IN ('request_count', 'input_cache_miss_tokens', 'input_cache_hit_tokens', 'output_tokens')
            THEN concat('type ', coalesce(quoted(kind), '(none)'), ' is no class of tokens that is known')
    END                                              AS problem
FROM raw
