/*
title:      Claude Enterprise and Team spend report (CSV)
get:        |
  claude.ai, Analytics, Spend, Export Spend Report: Last Month, or Custom from the first of a month to a day of the same month; needs an owner.
  Leave the file its name: the time that it is of stands nowhere else. Keep to this or to the API (claude-enterprise-costs): they are the same dollars
docs:       https://support.claude.com/en/articles/12883420-view-usage-analytics-for-team-and-enterprise-plans
confidence: rows of a real export of 2026-06 with 6 columns, and the header of a real one of 2026-10 with 17
role:       billing
format:     [csv]
columns:
  user_id:    user   user_email
  account:    text   account_uuid
  product:    text   product
  net:        money  total_net_spend_usd
optional:
  model:      text   model
  gross:      money  total_gross_spend_usd
  prompt:     count  total_prompt_tokens
  completion: count  total_completion_tokens
  slack:      text   slack_channel_id
  teams:      text   teams_channel_id
scope:      [ServiceName]
*/
-- A row is the sum of a person, product and model over the whole range, which is in the name of the file alone; its last day is in it. Sums of
-- two ranges that overlap cannot be told apart, so a range begins with a month and ends in it: then the longer takes the place of the shorter.
-- With seats it is what goes beyond them; what the seats cost is in no export. It is another product than the API, whose tokens claim nothing of it.
-- What belongs to no person stands under names in brackets.
WITH ranges AS (
    SELECT
        *,
        as_day(regexp_extract(file_name(), '([0-9]{4}-[0-9]{2}-[0-9]{2})-to-[0-9]{4}-[0-9]{2}-[0-9]{2}', 1)) AS first,
        as_day(regexp_extract(file_name(), '[0-9]{4}-[0-9]{2}-[0-9]{2}-to-([0-9]{4}-[0-9]{2}-[0-9]{2})', 1)) AS last
    FROM raw
)
SELECT
    record,
    first                                            AS ChargePeriodStart,
    last + INTERVAL 1 DAY                            AS ChargePeriodEnd,
    net                                              AS BilledCost,
    gross                                            AS ListCost,
    'USD'                                            AS BillingCurrency,
    'anthropic'                                      AS ProviderName,
    'anthropic'                                      AS InvoiceIssuerName,
    'Claude Enterprise'                              AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'seat'                                           AS x_Category,
    'Usage'                                          AS ChargeCategory,
    concat_ws(', ', product, model)                  AS ChargeDescription,
    concat_ws(', ', product, model)                  AS SkuId,
    model                                            AS x_Model,
    CASE WHEN user_id NOT LIKE '(%)' THEN user_id END AS x_User,
    json_object('product', product, 'slack_channel', slack, 'teams_channel', teams) AS Tags,
    prompt + coalesce(completion, 0)                 AS ConsumedQuantity,
    CASE WHEN prompt IS NOT NULL THEN 'tokens' END   AS ConsumedUnit,
    CASE
        WHEN first IS NULL OR last IS NULL
            THEN concat('of what time it is stands in the name of the file alone, and "', file_name(),
                '" has none: name it as it was downloaded, spend-report-2026-10-01-to-2026-10-31.csv')
        WHEN day(first) <> 1 OR date_trunc('month', first) <> date_trunc('month', last) OR last < first
            THEN concat(first::DATE, ' to ', last::DATE,
                ' is no month, nor the beginning of one: sums of such a range cannot be divided; export each month from its first day')
    END                                              AS problem
FROM ranges
