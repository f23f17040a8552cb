/*
title:      Requests that a database grouped
get:        |
  psql "$LITELLM_DB" --csv -c "$(aifinops sources litellm --query postgres --month 2026-10)" | aifinops ingest -
  `aifinops sources` lists the databases. The same month queried again takes the place of what it gave before
docs:       the comments of the SQL that `aifinops sources NAME --query ENGINE` prints
confidence: our own format; the queries say on which database they were tried
role:       requests
format:     [csv, json, parquet]
columns:
  gateway:      text     gateway
  started:      instant  period_start
  ended:        instant  period_end
  platform:     provider provider
  model:        text     model
  context:      text     context
  requests:     count    requests
  input:        count    input_tokens
  cached:       count    cache_read_tokens
  cache_write:  count    cache_write_tokens
  output:       count    output_tokens
  reported:     number   reported_cost
optional:
  category:     text     category
  audio:        count    input_audio_tokens
  cache_hour:   count    cache_write_1h_tokens
  spoken:       count    output_audio_tokens
  reasoning:    count    reasoning_tokens
  api_key:      key      api_key
  key_name:     key      key_name
  user_id:      user     user_id
  team:         text     team
  tags:         json     tags
  properties:   json     properties
  problem_text: text     problem
scope:      [ServiceName]
*/
-- The query has made the classes disjoint, and has put calls aside that do not add up: they are one record with a problem. Calls of one group are
-- of one band of lengths (context), since long prompts have prices of their own, and of an hour where the price depends on it.
SELECT
    record,
    started                                          AS ChargePeriodStart,
    ended                                            AS ChargePeriodEnd,
    platform                                         AS ProviderName,
    gateway                                          AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    coalesce(category, model_category(model))        AS x_Category,
    model                                            AS x_Model,
    context                                          AS x_ContextWindow,
    api_key                                          AS x_ApiKeyId,
    key_name                                         AS x_ApiKeyName,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        CASE WHEN team IS NOT NULL THEN '{"team": ' || to_json(team) || '}' END,
        CASE WHEN tags NOT IN ('[]', 'null') THEN tags END,
        CASE WHEN properties NOT IN ('{}', 'null') THEN properties END) || ']', '[]') AS Tags,
    requests                                         AS x_Requests,
    input                                            AS x_InputTokens,
    audio                                            AS x_InputAudioTokens,
    cached                                           AS x_CacheReadTokens,
    cache_write                                      AS x_CacheWrite5mTokens,
    cache_hour                                       AS x_CacheWrite1hTokens,
    output                                           AS x_OutputTokens,
    spoken                                           AS x_OutputAudioTokens,
    reasoning                                        AS x_ReasoningTokens,
    reported                                         AS x_ReportedCost,
    CASE
        WHEN problem_text IS NOT NULL THEN format('{} (calls: {})', problem_text, requests)
        WHEN ended <= started THEN 'period_end is not after period_start'
        WHEN requests < 1 THEN format('requests {} is not a number of calls', requests) END AS problem
FROM raw
