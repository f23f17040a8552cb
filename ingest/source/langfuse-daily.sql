/*
title:      Langfuse daily metrics (API)
get:        |
  curl -u "$LANGFUSE_PUBLIC_KEY:$LANGFUSE_SECRET_KEY" "$LANGFUSE_HOST/api/public/metrics/daily?fromTimestamp=2026-10-01T00:00:00Z&toTimestamp=2026-11-01T00:00:00Z&limit=50";
  put all pages into one file. The observations say more: take one of the two
docs:       https://api.reference.langfuse.com
confidence: the assertions of the product's own tests; no real response seen
role:       requests
format:     [json]
records:    data.usage
columns:
  date:         day    data.date
  observations: count  data.usage.countObservations
  input:        count  data.usage.inputUsage
  output:       count  data.usage.outputUsage
  total:        count  data.usage.totalUsage
  cost:         number data.usage.totalCost
  day_cost:     number data.totalCost
optional:
  model:        text   data.usage.model
ignore:     observations IS NULL OR model IS NULL AND total = 0 AND coalesce(cost, 0) = 0
day:        date
*/
-- Sums of a day and model: agents repeat the tokens of their calls here, and input is whatever class has "input" in its name, cached or not.
-- So there is no class of tokens that could be told, and the dollars are those that Langfuse shows, not evidence for a use case.
WITH days AS (
    SELECT *, sum(cost) OVER (PARTITION BY date, day_cost) AS added FROM raw
)
SELECT
    record,
    date                                             AS ChargePeriodStart,
    'Langfuse'                                       AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    regexp_replace(model, '^projects/.*/models/', '') AS x_Model,
    observations                                     AS x_Requests,
    nullif(cost, 0)                                  AS x_ReportedCost,
    CASE
        WHEN abs(added - day_cost) > 0.005
            THEN format('the models of the day add up to {}, and its totalCost is {}', added::DECIMAL(38,6), day_cost::DECIMAL(38,6))
        WHEN total < input + output
            THEN format('totalUsage {} is less than inputUsage {} + outputUsage {}', total, input, output)
    END                                              AS problem
FROM days
