/*
title:      Replicate predictions
get:        |
  all pages of the month in one file, newest first (Replicate has no bill to download: type its total into invoices.csv):
  u=https://api.replicate.com/v1/predictions; while [ "$u" != null ]; do p=$(curl -s "$u" -H "Authorization: Bearer $REPLICATE_API_TOKEN"); jq -c '.results[] |= del(.input, .output, .logs)' <<< "$p"; u=$(jq -r .next <<< "$p"); done > predictions-2026-10.jsonl
docs:       https://replicate.com/docs/reference/http#predictions.list
confidence: the vendor's client (replicate-go) and API reference; no real response was seen
role:       usage
format:     [json]
records:    results
columns:
  prediction: text    results.id
  model:      text    results.model
  version:    text    results.version
  status:     text    results.status
  created:    instant results.created_at
  completed:  instant results.completed_at
optional:
  started:    instant results.started_at
  seconds:    number  results.metrics.predict_time
  input:      count   results.metrics.input_token_count
  output:     count   results.metrics.output_token_count
  deployment: text    results.deployment
ignore:     prediction IS NULL AND model IS NULL OR completed IS NULL AND status IN ('starting', 'processing', 'queued')
*/
-- What a prediction cost is not here: seconds at the price of hardware that the prediction does not name, tokens, or images; and deployments
-- are billed for their idle time too. So it is usage without a price. Of two pages that overlap each prediction counts once. One that was
-- canceled before it began ran for no time. What went in and came out of a model is not read.
SELECT
    record,
    coalesce(started, created)                       AS ChargePeriodStart,
    greatest(completed, coalesce(started, created))  AS ChargePeriodEnd,
    'replicate'                                      AS ProviderName,
    'predictions'                                    AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE WHEN coalesce(input, output) IS NULL THEN 'gpu' ELSE model_category(model) END AS x_Category,
    model                                            AS x_Model,
    version                                          AS SkuId,
    deployment                                       AS ResourceId,
    1                                                AS x_Requests,
    input                                            AS x_InputTokens,
    output                                           AS x_OutputTokens,
    seconds                                          AS ConsumedQuantity,
    CASE WHEN seconds IS NOT NULL THEN 'seconds' END AS ConsumedUnit,
    CASE
        WHEN prediction IS NULL
            THEN 'no id: on the next page it would count again'
        WHEN seconds < 0
            THEN concat('metrics.predict_time is negative: ', rtrim(rtrim(seconds::VARCHAR, '0'), '.'))
        WHEN completed < coalesce(started, created)
            THEN 'the prediction is completed before it begins'
    END                                              AS problem
FROM raw
WHERE record IN (SELECT min(record) FROM raw GROUP BY prediction) OR prediction IS NULL
