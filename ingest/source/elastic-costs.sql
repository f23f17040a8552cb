/*
title:      Elastic Cloud costs (in ECU)
get:        |
  curl "https://api.elastic-cloud.com/api/v1/billing/costs/ORGANIZATION/items?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z" -H "Authorization: ApiKey $EC_API_KEY" > elastic-2026-10.json
  An ECU is what your contract says it is: type the invoice's total into invoices.csv, or book its lines by a column map
docs:       https://www.elastic.co/docs/api/doc/cloud-billing
confidence: the vendor's documentation of the v1 reply; no real reply was seen, and v2 is not read
role:       usage
format:     [json]
columns:
  total:     number costs.total
  kinds:     text   costs.dimensions.type
  resources: json   resources
  transfer:  json   data_transfer_and_storage
*/
-- Nothing here is money: an ECU is a unit of Elastic's own, whose price the contract sets. Capacity has a period; transfer and storage have none,
-- and are of the time that all capacity together spans. What the two lists add up to must be the total.
WITH items AS (
    SELECT record, total, 'capacity' AS kind, unnest(from_json(resources, '["JSON"]')) AS item FROM raw WHERE json_type(resources) = 'ARRAY'
    UNION ALL
    SELECT record, total, 'transfer', unnest(from_json(transfer, '["JSON"]')) FROM raw WHERE json_type(transfer) = 'ARRAY'
), read AS (
    SELECT
        record,
        total,
        as_instant(item ->> '$.period.start')              AS start,
        as_instant(item ->> '$.period.end')                AS until,
        coalesce(item ->> '$.kind', item ->> '$.type')     AS service,
        item ->> '$.name'                                  AS name,
        item ->> '$.sku'                                   AS sku,
        as_number(coalesce(item ->> '$.price', item ->> '$.cost')) AS ecu
    FROM items
), summed AS (
    SELECT *, sum(ecu) OVER (PARTITION BY record) AS together, min(start) OVER (PARTITION BY record) AS first, max(until) OVER (PARTITION BY record) AS last
    FROM read
)
SELECT
    record,
    coalesce(start, first)                           AS ChargePeriodStart,
    coalesce(until, last)                            AS ChargePeriodEnd,
    'elastic'                                        AS ProviderName,
    concat_ws(' ', 'Elastic Cloud', service)         AS ServiceName,
    'Databases'                                      AS ServiceCategory,
    'search'                                         AS x_Category,
    sku                                              AS SkuId,
    name                                             AS ResourceName,
    ecu                                              AS ConsumedQuantity,
    'ECU'                                            AS ConsumedUnit,
    CASE
        WHEN ecu IS NULL
            THEN concat('no price or cost of ', sku)
        WHEN abs(together - total) > 0.01
            THEN format('costs.total {} is not what its items add up to, {}', rtrim(rtrim(total::VARCHAR, '0'), '.'), rtrim(rtrim(together::VARCHAR, '0'), '.'))
    END                                              AS problem
FROM summed
