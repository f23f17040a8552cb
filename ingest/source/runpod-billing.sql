/*
title:      RunPod billing (REST API v2)
get:        |
  a file for each of pods, serverless, endpoints, network-volumes and clusters; or, without resources, /v2/billing for all of them at once
  (the same dollars: keep to one of the two). Data is up to an hour late:
  curl "https://rest.runpod.io/v2/billing/pods?startTime=2026-10-01T00:00:00Z&endTime=2026-11-01T00:00:00Z&bucketSize=day" -H "Authorization: Bearer $RUNPOD_API_KEY" > runpod-pods-2026-10.json
docs:       https://docs.runpod.io/api-reference-v2/billing
confidence: the vendor's OpenAPI document and its examples of 2026-08; no real response was seen
role:       billing
format:     [json]
records:    records
columns:
  start:            instant records.startTime
  until:            instant records.endTime
  whole:            money   records.totalAmount
  bucket:           text    metadata.query.bucketSize
  window_start:     instant metadata.query.startTime
  count:            count   metadata.recordCount
optional:
  stated:           money   metadata.totals.totalAmount
  pod:              text    records.podId
  serverless:       text    records.serverlessId
  volume:           text    records.networkVolumeId
  cluster:          text    records.clusterId
  gpu:              money   records.gpuAmount
  cpu:              money   records.cpuAmount
  disk:             money   records.diskAmount
  fee:              money   records.feeAmount
  standard:         money   records.standardAmount
  fast:             money   records.highPerformanceAmount
  network:          money   records.networkingAmount
  pods_gpu:         money   records.podGpuAmount
  pods_cpu:         money   records.podCpuAmount
  pods_disk:        money   records.podDiskAmount
  serverless_gpu:   money   records.serverlessGpuAmount
  serverless_cpu:   money   records.serverlessCpuAmount
  serverless_disk:  money   records.serverlessDiskAmount
  serverless_fee:   money   records.serverlessFeeAmount
  storage_standard: money   records.storageStandardAmount
  storage_fast:     money   records.storageHighPerformanceAmount
  endpoints:        money   records.endpointAmount
  clusters_gpu:     money   records.clusterGpuAmount
  clusters_disk:    money   records.clusterDiskAmount
  clusters_network: money   records.clusterNetworkingAmount
ignore:     start IS NULL AND until IS NULL AND whole IS NULL
scope:      [ServiceName]
total:      CASE WHEN count(DISTINCT window_start) = 1 AND count(whole) = max(count) THEN max(stated) END
*/
-- Dollars. A record has the parts of its total: each becomes a row, and a total that they do not make is rejected, for then there is a
-- part that nobody here knows. Only public endpoints have no parts. Top-ups of the prepaid balance are not in these reports.
-- /v2/billing has the money of all services, the others that of one: the service is what tells which of two files replaces which.
WITH services AS (
    SELECT *, CASE
        WHEN pod IS NOT NULL        THEN 'Pods'
        WHEN serverless IS NOT NULL THEN 'Serverless'
        WHEN volume IS NOT NULL     THEN 'Network volumes'
        WHEN cluster IS NOT NULL    THEN 'Clusters' END AS service,
        pods_gpu IS NOT NULL OR serverless_gpu IS NOT NULL OR storage_standard IS NOT NULL OR endpoints IS NOT NULL OR clusters_gpu IS NOT NULL AS all_services
    FROM raw
), parts AS (
    SELECT *, unnest(CASE
        WHEN all_services THEN [
            {'of': 'Pods', 'part': 'gpu', 'amount': pods_gpu}, {'of': 'Pods', 'part': 'cpu', 'amount': pods_cpu}, {'of': 'Pods', 'part': 'disk', 'amount': pods_disk},
            {'of': 'Serverless', 'part': 'gpu', 'amount': serverless_gpu}, {'of': 'Serverless', 'part': 'cpu', 'amount': serverless_cpu},
            {'of': 'Serverless', 'part': 'disk', 'amount': serverless_disk}, {'of': 'Serverless', 'part': 'fee', 'amount': serverless_fee},
            {'of': 'Network volumes', 'part': 'standard', 'amount': storage_standard}, {'of': 'Network volumes', 'part': 'high_performance', 'amount': storage_fast},
            {'of': 'Public endpoints', 'part': NULL, 'amount': endpoints},
            {'of': 'Clusters', 'part': 'gpu', 'amount': clusters_gpu}, {'of': 'Clusters', 'part': 'disk', 'amount': clusters_disk},
            {'of': 'Clusters', 'part': 'networking', 'amount': clusters_network}]
        WHEN service IS NULL AND coalesce(gpu, cpu, disk, fee, standard, fast, network) IS NULL THEN [{'of': 'Public endpoints', 'part': NULL, 'amount': whole}]
        ELSE [
            {'of': service, 'part': 'gpu', 'amount': gpu}, {'of': service, 'part': 'cpu', 'amount': cpu}, {'of': service, 'part': 'disk', 'amount': disk},
            {'of': service, 'part': 'fee', 'amount': fee}, {'of': service, 'part': 'standard', 'amount': standard},
            {'of': service, 'part': 'high_performance', 'amount': fast}, {'of': service, 'part': 'networking', 'amount': network}] END) AS p
    FROM services
), summed AS (
    SELECT * EXCLUDE (p), p.of AS of, p.part AS part, p.amount AS amount,
        sum(p.amount) OVER (PARTITION BY record) AS together,
        row_number() OVER (PARTITION BY record ORDER BY p.amount <> 0 DESC NULLS LAST, p.of, p.part) AS nth
    FROM parts
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    coalesce(amount, 0)                              AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'runpod'                                         AS ProviderName,
    'runpod'                                         AS InvoiceIssuerName,
    of                                               AS ServiceName,
    CASE of WHEN 'Network volumes' THEN 'Storage' WHEN 'Public endpoints' THEN 'AI and Machine Learning' ELSE 'Compute' END AS ServiceCategory,
    CASE of WHEN 'Network volumes' THEN 'storage' WHEN 'Public endpoints' THEN NULL ELSE 'gpu' END AS x_Category,
    'Usage'                                          AS ChargeCategory,
    concat_ws(', ', of, part)                        AS ChargeDescription,
    concat_ws(', ', of, part)                        AS SkuId,
    coalesce(pod, serverless, volume, cluster)       AS ResourceId,
    CASE
        WHEN whole IS NULL
            THEN 'no totalAmount'
        WHEN of IS NULL
            THEN 'a record of no pod, serverless endpoint, network volume or cluster'
        WHEN abs(together - whole) > 0.000001
            THEN format('totalAmount {} is not made of its parts, which are {}: one of them is not known here', rtrim(rtrim(whole::VARCHAR, '0'), '.'), rtrim(rtrim(together::VARCHAR, '0'), '.'))
    END                                              AS problem
FROM summed
WHERE amount <> 0 OR nth = 1 -- a bucket without cost is one row of 0, and says that the day was seen
