/*
title:      Envoy AI Gateway access log
get:        |
  the EnvoyProxy's telemetry.accessLog of type JSON, with the keys that the documentation lists and, to know more, cached_input_tokens,
  x-team-id and the like: gen_ai.usage.cached_input_tokens: "%DYNAMIC_METADATA(io.envoy.ai_gateway:llm_cached_input_token)%"
docs:       https://aigateway.envoyproxy.io/docs/capabilities/observability/accesslogs
confidence: lines of the vendor's documentation, 2026-08
role:       requests
format:     [json]
columns:
  started:   instant start_time
  status:    count   response_code
  asked:     text    "gen_ai.request.model"
  input:     count   "gen_ai.usage.input_tokens"
  output:    count   "gen_ai.usage.output_tokens"
optional:
  override:  text    "gen_ai.request.model_override"
  model:     text    "gen_ai.response.model"
  backend:   text    "gen_ai.provider.name"
  total:     count   "gen_ai.usage.total_tokens"
  cached:    count   "gen_ai.usage.cached_input_tokens" | "gen_ai.usage.cache_read.input_tokens" | llm_cached_input_token
  written:   count   "gen_ai.usage.cache_creation_input_tokens" | "gen_ai.usage.cache_creation.input_tokens" | llm_cache_creation_input_token
  reasoning: count   "gen_ai.usage.reasoning_tokens" | "gen_ai.usage.reasoning.output_tokens" | llm_reasoning_token
  host:      text    :authority
  request:   text    x-request-id
  team:      text    x-team-id | x-team | team
  use_case:  text    x-use-case | use_case
  user_id:   user    x-user-id | x-user | user
id:         request
ignore:     asked IS NULL AND input IS NULL AND output IS NULL
*/
-- The keys are the operator's: these are the documented ones, and those that come to mind for the counts that one adds. The lines of MCP and
-- of plain routes stand between. gen_ai.provider.name is the name of a backend, of which only a provider's own name says who bills.
-- Input holds what came from the cache: where the log has no count of that, it cannot be told apart, and a price is the most it can be.
WITH calls AS (
    SELECT *, regexp_extract(lower(backend), '^[^/]+/([^/]+)', 1) AS named, status >= 400 AND coalesce(input, 0) + coalesce(output, 0) = 0 AS failed FROM raw
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    as_id(request)                                   AS x_RequestId,
    coalesce(host_provider(host), CASE WHEN named IN ('openai', 'anthropic', 'aws', 'bedrock', 'azure', 'gemini', 'google', 'mistral', 'groq', 'deepseek', 'cohere', 'xai',
        'together', 'fireworks', 'openrouter') THEN as_provider(named) END) AS ProviderName,
    'Envoy AI Gateway'                               AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(coalesce(model, override, asked)) AS x_Category,
    coalesce(model, override, asked)                 AS x_Model,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        '{"team": '     || to_json(team)     || '}',
        '{"use_case": ' || to_json(use_case) || '}',
        '{"backend": '  || to_json(nullif(named, '')) || '}') || ']', '[]') AS Tags,
    1                                                AS x_Requests,
    CASE WHEN failed THEN 0 ELSE input - coalesce(cached, 0) - coalesce(written, 0) END AS x_InputTokens,
    CASE WHEN failed THEN 0 ELSE cached    END       AS x_CacheReadTokens,
    CASE WHEN failed THEN 0 ELSE written   END       AS x_CacheWrite5mTokens,
    CASE WHEN failed THEN 0 ELSE output    END       AS x_OutputTokens,
    CASE WHEN failed THEN 0 ELSE reasoning END       AS x_ReasoningTokens,
    CASE
        WHEN coalesce(cached, 0) + coalesce(written, 0) > input
            THEN format('cached tokens {} + {} are more than the input tokens {}', coalesce(cached, 0), coalesce(written, 0), input)
        WHEN total <> input + output
            THEN format('total tokens {} are not input {} + output {}', total, input, output)
    END                                              AS problem
FROM calls
