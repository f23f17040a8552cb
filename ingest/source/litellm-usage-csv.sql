/*
title:      LiteLLM usage export (Usage page)
get:        |
  The proxy's UI, Usage, Team Usage (or Organization, Customer), Export Data: day by day, by key or by model, CSV or JSON. The spend logs and the daily
  activity of the API say more: take one of the three
docs:       https://docs.litellm.ai/docs/proxy/cost_tracking
confidence: the product's source; no real file seen
role:       requests
format:     [csv, json]
records:    data
columns:
  date:       day   Date | data.Date
  spend:      money Spend ($) | data.Spend ($)
  requests:   count Requests | data.Requests
  failed:     count Failed Requests | Failed | data.Failed Requests | data.Failed
  total:      count Total Tokens | data.Total Tokens
  entity_id:  text  Team ID | Organization ID | Customer ID | User ID | Agent ID | Tag ID | data.Team ID | data.Organization ID | data.Customer ID | data.User ID | data.Agent ID | data.Tag ID
optional:
  team_id:    text  Team ID | data.Team ID
  team:       text  Team | data.Team
  tag:        text  Tag ID | data.Tag ID
  user_id:    user  User ID | data.User ID
  model:      text  Model | data.Model
  key_id:     key   Key ID | data.Key ID
  key_alias:  text  Key Alias | data.Key Alias
  prompt:     count Prompt Tokens | data.Prompt Tokens
  completion: count Completion Tokens | data.Completion Tokens
  summary:    money metadata.summary.total_spend
ignore:     date IS NULL AND spend IS NULL OR spend = 0 AND requests = 0 AND total = 0
day:        date
*/
-- Sums of a day, so ones that claim no dollar: who bills is not in the file. The page writes four decimals, so that less than
-- $0.00005 becomes 0, and its files by model have no classes of tokens. The prompt includes the cache, of which nothing is said.
-- Up to version 1.83 the file by model repeats the whole day of a team on the row of every model (issue 32581 of LiteLLM, of 2026-06).
WITH days AS (
    SELECT *,
        count(*)              OVER day AS rows,
        count(DISTINCT spend) OVER day AS spends,
        count(DISTINCT total) OVER day AS totals,
        count(DISTINCT requests) OVER day AS counts,
        count(*)   OVER () AS all_rows,
        sum(spend) OVER () AS added
    FROM raw
    WINDOW day AS (PARTITION BY date, entity_id)
)
SELECT
    record,
    date                                             AS ChargePeriodStart,
    'LiteLLM'                                        AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    model                                            AS x_Model,
    key_id                                           AS x_ApiKeyId,
    key_alias                                        AS x_ApiKeyName,
    user_id                                          AS x_User,
    CASE WHEN coalesce(team, team_id) <> 'Unassigned' THEN '{"team": ' || to_json(coalesce(team, team_id)) || '}' END AS Tags,
    requests                                         AS x_Requests,
    prompt                                           AS x_InputTokens,
    completion                                       AS x_OutputTokens,
    CASE WHEN spend <> 0 OR total = 0 THEN spend END AS x_ReportedCost,
    CASE
        WHEN tag IS NOT NULL
            THEN 'usage by tag counts a call once for each of its tags; export it by team'
        WHEN model IS NOT NULL AND rows > 1 AND spends = 1 AND totals = 1 AND counts = 1
            THEN format('all {} models of this day have the same spend, requests and tokens: versions up to 1.83 repeat the whole day on each; export it again with a newer one, or by key', rows)
        WHEN abs(added - summary) > 0.005 + all_rows * 0.00005
            THEN format('the rows add up to {}, and the summary says {}', added::DECIMAL(38,4), summary::DECIMAL(38,4))
        WHEN total <> prompt + completion
            THEN format('Total Tokens {} is not Prompt Tokens {} + Completion Tokens {}', total, prompt, completion)
    END                                              AS problem
FROM days
