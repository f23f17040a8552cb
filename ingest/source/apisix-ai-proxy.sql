/*
title:      APISIX ai-proxy logs
get:        |
  logging.summaries: true in ai-proxy or ai-proxy-multi, and a logger plugin (file-logger, http-logger, kafka-logger, ...): an entry a line.
  nginx's own access log has the same figures in an order that its format string alone knows: give that one a JSON log format instead
docs:       https://apisix.apache.org/docs/apisix/plugins/ai-proxy/
confidence: the product's code of 2026-08 and the documentation of its loggers; no real entry seen
role:       requests
format:     [json]
columns:
  started:    epoch start_time
  model:      text  llm_summary.model
  prompt:     count llm_summary.prompt_tokens
  completion: count llm_summary.completion_tokens
optional:
  asked:      text  llm_summary.request_model
  total:      count llm_summary.total_tokens
  cached:     count llm_summary.cache_read_input_tokens
  written:    count llm_summary.cache_creation_input_tokens
  reasoning:  count llm_summary.reasoning_tokens
  stream:     text  llm_summary.stream
  person:     user  llm_summary.end_user_id
  request:    text  request.headers.x-request-id | response.headers.x-request-id
  status:     count response.status
  upstream:   text  upstream
  consumer:   text  consumer.username | consumer.consumer_name
  route:      text  route_id
  service:    text  service_id
id:         request
*/
-- What the variables of nginx hold: 0 or nothing where no usage came. A stream could lose its prompt (apache/apisix#13662): a prompt of 0
-- beside an answer is not known. Whether the prompt holds what came from the cache is not written down: it is taken to, the lower of the two.
WITH calls AS (
    SELECT
        *,
        coalesce(cached, 0) + coalesce(written, 0)                       AS from_cache,
        coalesce(prompt, 0) + coalesce(completion, 0) = 0                AS nothing,
        nothing AND status >= 400                                        AS failed,
        CASE WHEN prompt > 0 THEN prompt - CASE WHEN from_cache > prompt THEN 0 ELSE from_cache END END AS input
    FROM raw
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    as_id(coalesce(request, concat_ws(chr(31), started, route, consumer, model, prompt, completion))) AS x_RequestId,
    host_provider(upstream)                          AS ProviderName,
    'APISIX'                                         AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(coalesce(model, asked))           AS x_Category,
    coalesce(model, asked)                           AS x_Model,
    coalesce(person, CASE WHEN contains(consumer, '@') THEN consumer END) AS x_User,
    nullif('[' || concat_ws(', ',
        CASE WHEN NOT contains(consumer, '@') THEN '{"consumer": ' || to_json(consumer) || '}' END,
        '{"route": '   || to_json(route)   || '}',
        '{"service": ' || to_json(service) || '}') || ']', '[]') AS Tags,
    1                                                AS x_Requests,
    CASE WHEN failed THEN 0 WHEN NOT nothing THEN input      END AS x_InputTokens,
    CASE WHEN failed THEN 0 WHEN NOT nothing THEN cached     END AS x_CacheReadTokens,
    CASE WHEN failed THEN 0 WHEN NOT nothing THEN written    END AS x_CacheWrite5mTokens,
    CASE WHEN failed THEN 0 WHEN NOT nothing THEN completion END AS x_OutputTokens,
    CASE WHEN failed THEN 0 WHEN NOT nothing THEN reasoning  END AS x_ReasoningTokens,
    CASE WHEN prompt > 0 AND total NOT IN (prompt + coalesce(completion, 0), prompt + from_cache + coalesce(completion, 0))
        THEN format('total_tokens {} is not prompt_tokens {} + completion_tokens {}', total, prompt, completion) END AS problem
FROM calls
