/*
title:      OpenCost and Kubecost allocations (API), to split a GPU bill
get:        |
  a day a step, by namespace or by the label use_case (not both, they are the same pods), once OpenCost has reconciled its prices with the cloud's bill:
  curl "http://localhost:9003/allocation?window=2026-10-01T00:00:00Z,2026-11-01T00:00:00Z&step=1d&aggregate=label:use_case" > allocation-2026-10.json
  (Kubecost: /model/allocation). For the rule that uses it see opencost-allocations
docs:       https://www.opencost.io/docs/integrations/api
confidence: the product's own code of 2026-08, and the sample on its site
role:       outcomes
format:     [json]
columns:
  code:       count  code
  data:       json   data
*/
-- Maps of name to allocation, one a step. A weight, and no money, as in opencost-allocations. Adjustments, by which OpenCost follows the bill later, are
-- in totalCost and beside gpuCost. The pods of a use case are told by its label, else by the key of an aggregation, which is the
-- name: with __idle__ and __unallocated__, which no rule shares out. One step without what is needed, and nothing is read: half of the weights would be wrong ones.
WITH steps AS (
    SELECT record, unnest(from_json(data, '["JSON"]')) AS step FROM raw WHERE json_type(data) = 'ARRAY'
), named AS (
    SELECT record, step, unnest(json_keys(step)) AS name FROM steps
), allocations AS (
    SELECT record, name, json_extract(step, '$."' || replace(name, '"', '\"') || '"') AS a FROM named
), read AS (
    SELECT
        record,
        name,
        coalesce(as_instant(a ->> '$.window.start'), as_instant(a ->> '$.start')) AS start,
        coalesce(as_instant(a ->> '$.window.end'), as_instant(a ->> '$.end'))     AS until,
        coalesce(a ->> '$.properties.labels.use_case', a ->> '$.properties.labels."use-case"', regexp_replace(name, '^use[_-]case[=:]', '')) AS use_case,
        as_number(a ->> '$.gpuCost') + coalesce(as_number(a ->> '$.gpuCostAdjustment'), 0) AS gpu_cost,
        as_number(a ->> '$.totalCost')                                            AS total_cost
    FROM allocations
), weights AS (
    SELECT *, unnest(['opencost_gpu_cost', 'opencost_total_cost']) AS outcome FROM read
    UNION ALL
    SELECT record, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM raw WHERE record NOT IN (SELECT record FROM read)
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    outcome                                          AS x_Outcome,
    use_case                                         AS x_UseCase,
    CASE outcome WHEN 'opencost_gpu_cost' THEN gpu_cost ELSE total_cost END AS x_Value,
    CASE
        WHEN outcome IS NULL
            THEN 'data holds no allocations'
        WHEN gpu_cost IS NULL OR total_cost IS NULL
            THEN concat('data.', left(name, 80), ' has no gpuCost and totalCost: it is no allocation')
    END                                              AS problem
FROM weights
