/*
title:      xAI usage in dollars (Management API)
get:        |
  with a management key (console.x.ai, Settings, Management Keys), a month:
  curl -X POST "https://management-api.x.ai/v1/billing/teams/$XAI_TEAM_ID/usage" -H "Authorization: Bearer $XAI_MANAGEMENT_KEY" -H "Content-Type: application/json" -d '{"analyticsRequest": {"timeRange": {"startTime": "2026-10-01 00:00:00", "endTime": "2026-10-31 23:59:59", "timezone": "Etc/GMT"}, "timeUnit": "TIME_UNIT_DAY", "values": [{"name": "usd", "aggregation": "AGGREGATION_SUM"}], "groupBy": ["description"], "filters": []}}' > xai-usage-2026-10.json
  The answer does not say what its values are: ask for usd and for nothing else
docs:       https://docs.x.ai/developers/rest-api-reference/management/billing
confidence: third-party code only; no real file was seen
role:       billing
format:     [json]
records:    timeSeries.dataPoints
columns:
  start:  instant timeSeries.dataPoints.timestamp
  values: json    timeSeries.dataPoints.values
  more:   flag    limitReached
optional:
  group:  json    timeSeries.groupLabels | timeSeries.group
ignore:     regexp_full_match("values", '\[\s*0(\.0*)?\s*\]')
day:        start
more:       more
*/
-- A series a group of the question, with a point for each day, idle ones too. limitReached: there are more series than the answer has.
-- The prepaid ledger is another answer, in cents with the sign turned round.
WITH points AS (
    SELECT
        *,
        json_array_length("values")                  AS answers,
        as_money(json_extract_string("values", '$[0]')) AS dollars,
        nullif(array_to_string(json_extract_string("group", '$[*]'), ', '), '') AS label
    FROM raw
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start + INTERVAL 1 DAY                           AS ChargePeriodEnd,
    dollars                                          AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'xai'                                            AS ProviderName,
    'xai'                                            AS InvoiceIssuerName,
    'xAI API'                                        AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE
        WHEN contains(lower(label), 'image')  THEN 'image'
        WHEN contains(lower(label), 'video')  THEN 'video'
        WHEN contains(lower(label), 'search') THEN 'search'
        WHEN contains(lower(label), 'voice')  THEN 'audio'
        ELSE 'llm' END                               AS x_Category,
    'Usage'                                          AS ChargeCategory,
    label                                            AS ChargeDescription,
    label                                            AS SkuId,
    nullif(regexp_extract(lower(label), 'grok-[a-z0-9.-]*[a-z0-9]'), '') AS x_Model,
    CASE
        WHEN answers <> 1
            THEN format('{} values a point, and which of them is dollars cannot be told: ask for usd alone', answers)
        WHEN start <> date_trunc('day', start)
            THEN concat(strftime(start, '%Y-%m-%d %H:%M'), ' is not the beginning of a day in UTC: ask for TIME_UNIT_DAY in Etc/GMT')
    END                                              AS problem
FROM points
