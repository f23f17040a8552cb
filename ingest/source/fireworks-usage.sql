/*
title:      Fireworks billing metrics (firectl)
get:        |
  firectl billing export-metrics --start-time 2026-10-01 --end-time 2026-11-01 --filename fireworks-2026-10.csv (31 days a call at most; the older firectl
  says `export billing-metrics`). It has quantities and no dollars: what they cost is on the invoice, or give your prices in the configuration
docs:       https://docs.fireworks.ai/accounts/exporting-billing-metrics
confidence: vendor's documentation of 2025 (11 columns) and of 2026 (13 columns), with a row each; no real file was seen
role:       usage
format:     [csv]
columns:
  start:       instant start_time
  until:       instant end_time
  kind:        text    usage_type
  hardware:    text    accelerator_type
  seconds:     number  accelerator_seconds
  model:       text    base_model_name
  bucket:      text    model_bucket
  prompt:      count   prompt_tokens
  completion:  count   completion_tokens
optional:
  user_id:     user    email
  cached:      count   cached_prompt_tokens
  uncached:    count   uncached_prompt_tokens
*/
-- prompt_tokens includes what came from the cache. Before 2026 the file does not say how much that is: there all of it is input, at most what it cost.
-- A deployment is metered in the seconds of its accelerators. A row is an event, mostly of no length; two alike are two.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    CASE WHEN until > start OR until < start THEN until ELSE start + INTERVAL 1 MICROSECOND END AS ChargePeriodEnd,
    'fireworks'                                      AS ProviderName,
    kind                                             AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE
        WHEN seconds > 0                             THEN 'gpu'
        WHEN contains(lower(kind), 'embedding')      THEN 'embeddings'
        WHEN contains(lower(kind), 'rerank')         THEN 'rerank'
        WHEN contains(lower(kind), 'image')          THEN 'image'
        WHEN contains(lower(kind), 'audio')          THEN 'audio'
        WHEN contains(lower(kind), 'text_completion') THEN 'llm' END AS x_Category,
    coalesce(hardware, bucket)                       AS SkuId,
    model                                            AS x_Model,
    user_id                                          AS x_User,
    coalesce(uncached, prompt - coalesce(cached, 0)) AS x_InputTokens,
    cached                                           AS x_CacheReadTokens,
    completion                                       AS x_OutputTokens,
    CASE WHEN seconds > 0 THEN seconds END           AS ConsumedQuantity,
    CASE WHEN seconds > 0 THEN 'accelerator_seconds' END AS ConsumedUnit,
    CASE
        WHEN coalesce(prompt, completion, seconds) IS NULL
            THEN 'neither tokens nor accelerator_seconds'
        WHEN seconds < 0
            THEN 'accelerator_seconds is negative: ' || rtrim(rtrim(seconds::VARCHAR, '0'), '.')
        WHEN coalesce(cached, 0) > prompt OR cached + uncached <> prompt
            THEN concat('prompt_tokens ', prompt, ' is not made of ', cached, ' cached and ', uncached, ' uncached')
    END                                              AS problem
FROM raw
