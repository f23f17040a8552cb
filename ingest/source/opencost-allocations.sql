/*
title:      OpenCost allocations (CSV export), to split a GPU bill
get:        |
  run OpenCost with EXPORT_CSV_FILE=/path or bucket URL (EXPORT_CSV_LABELS_LIST=use_case puts a label into a column of its own). Then a rule gives each its part:
  {id: gpu-nodes, match: {provider: aws, category: gpu}, split: {by: outcome, driver: opencost_gpu_cost, among: [doc-search, model-evals]}}
docs:       https://www.opencost.io/docs/integrations/opencost-exporter
confidence: the product's own code and test data of 2026-08, and the sample on its site
role:       outcomes
format:     [csv]
columns:
  start:      day    Date
  namespace:  text   Namespace
  controller: text   ControllerName
  container:  text   Container
  gpu_cost:   number GPUCost
  total_cost: number TotalCost
optional:
  use_case:   text   Label_use_case | Label_use-case | Labels.use_case | Labels.use-case
*/
-- What OpenCost says a pod cost is a part of the bill for the nodes that it ran on, at OpenCost's own prices: not a dollar of it is money here. It is
-- a weight, by the label use_case, else by namespace. A row is a day and container; days are UTC.
WITH weights AS (
    SELECT *, unnest(['opencost_gpu_cost', 'opencost_total_cost']) AS outcome FROM raw
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start + INTERVAL 1 DAY                           AS ChargePeriodEnd,
    outcome                                          AS x_Outcome,
    coalesce(use_case, namespace)                    AS x_UseCase,
    CASE outcome WHEN 'opencost_gpu_cost' THEN gpu_cost ELSE total_cost END AS x_Value
FROM weights
