/*
title:      Vercel AI Gateway report
get:        |
  curl -H "Authorization: Bearer $AI_GATEWAY_API_KEY" "https://ai-gateway.vercel.sh/v1/report?start_date=2026-10-01&end_date=2026-10-31&date_part=day&group_by=model".
  One grouping at a time: group_by=model for tokens that can be priced
docs:       https://vercel.com/docs/ai-gateway/observability-and-spend/custom-reporting
confidence: the vendor's examples of 2026-03; no real report seen
role:       requests
format:     [json]
records:    results
columns:
  day:        day    results.day
  cost:       number results.total_cost
  input:      count  results.input_tokens
  output:     count  results.output_tokens
  requests:   count  results.request_count
optional:
  market:     number results.market_cost
  model:      text   results.model
  platform:   text   results.provider
  person:     user   results.user
  tag:        text   results.tag
  credential: text   results.credential_type
  cached:     count  results.cached_input_tokens
  written:    count  results.cache_creation_input_tokens
  reasoning:  count  results.reasoning_tokens
*/
-- Sums of a day by one dimension. By tag a call with two tags is in both rows, and the file says nothing of which. What Vercel charges for
-- is Vercel's bill; with a key of one's own it charges nothing, and the provider before the slash of the model bills.
-- Whether input holds what the cache served is not written down: it is taken to, as in Vercel's SDK, unless the cache is more.
WITH days AS (
    SELECT *, coalesce(cached, 0) + coalesce(written, 0) AS from_cache, coalesce(credential ILIKE '%byok%', cost = 0 AND market > 0, false) AS own_key FROM raw
)
SELECT
    record,
    day                                              AS ChargePeriodStart,
    day + INTERVAL 1 DAY                             AS ChargePeriodEnd,
    CASE
        WHEN NOT own_key THEN 'vercel'
        ELSE as_provider(coalesce(platform, nullif(regexp_extract(model, '^([^/]+)/', 1), ''))) END AS ProviderName,
    'Vercel AI Gateway'                              AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(coalesce(model, ''))              AS x_Category,
    model                                            AS x_Model,
    person                                           AS x_User,
    requests                                         AS x_Requests,
    input - CASE WHEN from_cache > input THEN 0 ELSE from_cache END AS x_InputTokens,
    cached                                           AS x_CacheReadTokens,
    written                                          AS x_CacheWrite5mTokens,
    output                                           AS x_OutputTokens,
    reasoning                                        AS x_ReasoningTokens,
    coalesce(nullif(cost, 0), nullif(market, 0))     AS x_ReportedCost,
    CASE WHEN tag IS NOT NULL
        THEN 'grouped by tag: a call with two tags is in two rows; ask for group_by=model' END AS problem
FROM days
