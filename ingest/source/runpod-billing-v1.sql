/*
title:      RunPod billing (REST API v1)
get:        |
  a file for each of pods (grouping=podId, which is not the default), endpoints (grouping=endpointId) and networkvolumes; v2 (runpod-billing) says more:
  curl "https://rest.runpod.io/v1/billing/pods?startTime=2026-10-01T00:00:00Z&endTime=2026-11-01T00:00:00Z&bucketSize=day&grouping=podId" -H "Authorization: Bearer $RUNPOD_API_KEY" > runpod-pods-2026-10.json
docs:       https://docs.runpod.io/api-reference/billing/GET/billing/pods
confidence: the vendor's OpenAPI document of 2026-08; no real response was seen
role:       billing
format:     [json]
columns:
  start:    instant time
  amount:   money   amount
  metered:  text    timeBilledMs | diskSpaceBilledGb
optional:
  ms:       count   timeBilledMs
  gb:       number  diskSpaceBilledGb
  pod:      text    podId
  endpoint: text    endpointId
  gpu:      text    gpuTypeId
  fast:     money   highPerformanceStorageAmount
  fast_gb:  number  highPerformanceStorageDiskSpaceBilledGb
scope:      [ServiceName]
*/
-- Dollars; the time is in milliseconds. A record does not say how long its bucket is: it is taken for an hour where one of them does not begin
-- at midnight, else for a day. Grouped by GPU type, pods and endpoints look alike, and neither could be told from the same dollars in another
-- file. Whether the amount of a network volume holds the high-performance part that stands beside it is not documented: v2 says.
WITH grain AS (
    SELECT coalesce(bool_or(start <> date_trunc('day', start)), false) AS hourly FROM raw
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start + CASE WHEN hourly THEN INTERVAL 1 HOUR ELSE INTERVAL 1 DAY END AS ChargePeriodEnd,
    amount                                           AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'runpod'                                         AS ProviderName,
    'runpod'                                         AS InvoiceIssuerName,
    CASE
        WHEN endpoint IS NOT NULL THEN 'Serverless'
        WHEN pod IS NOT NULL      THEN 'Pods'
        ELSE 'Network volumes' END                   AS ServiceName,
    CASE WHEN coalesce(endpoint, pod) IS NULL THEN 'Storage' ELSE 'Compute' END AS ServiceCategory,
    CASE WHEN coalesce(endpoint, pod) IS NULL THEN 'storage' ELSE 'gpu' END AS x_Category,
    'Usage'                                          AS ChargeCategory,
    gpu                                              AS SkuId,
    coalesce(endpoint, pod)                          AS ResourceId,
    CASE WHEN coalesce(endpoint, pod) IS NULL THEN gb ELSE (ms * 0.001)::DECIMAL(38,12) END AS ConsumedQuantity,
    CASE WHEN coalesce(endpoint, pod) IS NULL THEN 'GB' WHEN ms IS NOT NULL THEN 'Seconds' END AS ConsumedUnit,
    CASE
        WHEN coalesce(endpoint, pod) IS NULL AND gpu IS NOT NULL
            THEN concat('grouped by gpuTypeId (', gpu, '), which tells neither pod nor endpoint: ask with grouping=podId or grouping=endpointId')
        WHEN endpoint IS NULL AND pod IS NOT NULL AND ms > 86400000
            THEN concat('timeBilledMs ', ms, ' is more than a day: ask with bucketSize=day')
        WHEN coalesce(endpoint, pod) IS NULL AND fast <> 0
            THEN concat('amount may hold highPerformanceStorageAmount ', rtrim(rtrim(fast::VARCHAR, '0'), '.'), ' or not: ask /v2/billing/network-volumes')
    END                                              AS problem
FROM raw CROSS JOIN grain
