/*
title:      ChatGPT Enterprise and Business credit usage report (CSV)
get:        |
  the Global Admin Console (admin.openai.com), Billing, Credit Usage Report, the month; needs an owner. Credits are no dollars: those inside the pool
  cost nothing beyond the contract. What one costs is in your contract; a fee for the unit `credits` in your own prices makes an estimate of them
docs:       https://help.openai.com/en/articles/11487671-flexible-pricing-for-the-enterprise-edu-and-business-plans
confidence: rows of a real export of 2026-03
role:       usage
format:     [csv]
columns:
  day:      day    date_partition
  kind:     text   usage_type
  credits:  number usage_credits
  unit:     text   usage_units
  quantity: number usage_quantity
  user_id:  user   email
optional:
  account:  text   account_id
day:        day
scope:      [ServiceName]
*/
-- Only credits are booked. usage_quantity is tokens or counts of what the credits pay for; as tokens they would claim dollars of the API.
-- An address is written in several cases. Names are not read.
SELECT
    record,
    day                                              AS ChargePeriodStart,
    day + INTERVAL 1 DAY                             AS ChargePeriodEnd,
    'openai'                                         AS ProviderName,
    account                                          AS BillingAccountId,
    account                                          AS SubAccountId,
    'ChatGPT Enterprise'                             AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'seat'                                           AS x_Category,
    kind                                             AS SkuId,
    user_id                                          AS x_User,
    credits                                          AS ConsumedQuantity,
    'credits'                                        AS ConsumedUnit,
    CASE WHEN credits IS NULL THEN 'no usage_credits' END AS problem
FROM raw
