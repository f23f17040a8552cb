/*
title:      Kong AI Gateway logs
get:        |
  any log plugin on the routes with an AI plugin (file-log, http-log, kafka-log, ...), with config.logging.log_statistics: true in ai-proxy:
  an object a line
docs:       https://developer.konghq.com/ai-gateway/ai-audit-log-reference/
confidence: records of the vendor's documentation; the part that every Kong log has, from its reference
role:       requests
format:     [json]
columns:
  started:    epoch started_at
  ai:         json  ai
  provider:   text  ai.proxy.meta.provider_name | ai.meta.provider_name | ai.ai-request-transformer.meta.provider_name | ai.ai-response-transformer.meta.provider_name
optional:
  request_id: text  request.id
  status:     count response.status
  consumer:   text  consumer.username | consumer.custom_id | consumer.id
  service:    text  service.name
  route:      text  route.name
  workspace:  text  workspace_name
id:         request_id
*/
-- Each AI plugin that asked a model logs its own usage: one record may be several calls. Of what they log only usage, meta and the state of
-- the cache are read. Kong writes tokens as the provider does, OpenAI with what came from its cache, Anthropic without and without a word
-- of it: there the cache is not known. Gemini's thinking is in the total alone. cost is 0 unless somebody typed prices into Kong.
WITH parts AS (
    SELECT * EXCLUDE (ai), '' AS plugin, ai AS part FROM raw
    UNION ALL
    SELECT * EXCLUDE (ai, plugin), plugin, json_extract(ai, '$."' || replace(plugin, '"', '\"') || '"')::VARCHAR
    FROM (SELECT *, unnest(json_keys(ai)) AS plugin FROM raw)
    WHERE plugin NOT IN ('usage', 'meta', 'payload', 'cache')
), opened AS (
    SELECT * EXCLUDE (part), from_json(part, '{
        "meta": {"provider_name": "VARCHAR", "request_model": "VARCHAR", "response_model": "VARCHAR"},
        "cache": {"cache_status": "VARCHAR"},
        "usage": {"prompt_tokens": "VARCHAR", "completion_tokens": "VARCHAR", "total_tokens": "VARCHAR", "cost": "VARCHAR",
            "prompt_tokens_details": {"cached_tokens": "VARCHAR", "audio_tokens": "VARCHAR"},
            "completion_tokens_details": {"reasoning_tokens": "VARCHAR", "audio_tokens": "VARCHAR"}}}') AS p
    FROM parts
), calls AS (
    SELECT
        * EXCLUDE (p),
        lower(p.meta.provider_name)                                AS platform,
        coalesce(p.meta.response_model, p.meta.request_model)      AS model,
        as_count(p.usage.prompt_tokens)                            AS prompt,
        as_count(p.usage.completion_tokens)                        AS completion,
        as_count(p.usage.total_tokens)                             AS total,
        as_count(p.usage.prompt_tokens_details.cached_tokens)      AS cached,
        as_count(p.usage.completion_tokens_details.reasoning_tokens) AS reasoning,
        coalesce(as_count(p.usage.prompt_tokens_details.audio_tokens), 0) AS audio_in,
        coalesce(as_count(p.usage.completion_tokens_details.audio_tokens), 0) AS audio_out,
        as_money(p.usage.cost)                                     AS cost,
        coalesce(p.usage.prompt_tokens || ' + ' || p.usage.completion_tokens, p.usage.prompt_tokens, p.usage.completion_tokens) AS written,
        coalesce(lower(p.cache.cache_status) = 'hit', false) OR coalesce(status >= 400, false) AND p.usage.total_tokens IS NULL AS answered_here,
        platform IN ('gemini', 'vertex') AND total > prompt + completion AS thinks
    FROM opened
    WHERE p.usage IS NOT NULL OR p.meta.provider_name IS NOT NULL
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    as_id(concat_ws(chr(31), coalesce(request_id, concat_ws(chr(31), started, consumer, model, written)), nullif(nullif(plugin, ''), 'proxy'))) AS x_RequestId,
    as_provider(platform)                            AS ProviderName,
    'Kong'                                           AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    model                                            AS x_Model,
    CASE WHEN contains(consumer, '@') THEN consumer END AS x_User,
    nullif('[' || concat_ws(', ',
        CASE WHEN NOT contains(consumer, '@') THEN '{"consumer": ' || to_json(consumer) || '}' END,
        '{"service": '   || to_json(service)   || '}',
        '{"route": '     || to_json(route)     || '}',
        '{"workspace": ' || to_json(workspace) || '}') || ']', '[]') AS Tags,
    1                                                AS x_Requests,
    CASE WHEN answered_here THEN 0 ELSE prompt - CASE WHEN platform = 'anthropic' THEN 0 ELSE coalesce(cached, 0) END - audio_in END AS x_InputTokens,
    CASE WHEN answered_here THEN 0 ELSE nullif(audio_in, 0) END  AS x_InputAudioTokens,
    CASE WHEN answered_here THEN 0 ELSE cached END               AS x_CacheReadTokens,
    CASE WHEN answered_here THEN 0 WHEN thinks THEN total - prompt ELSE completion - audio_out END AS x_OutputTokens,
    CASE WHEN answered_here THEN 0 ELSE nullif(audio_out, 0) END AS x_OutputAudioTokens,
    CASE WHEN answered_here THEN 0 ELSE reasoning END            AS x_ReasoningTokens,
    nullif(cost, 0)                                  AS x_ReportedCost,
    CASE
        WHEN written IS NOT NULL AND coalesce(prompt, completion) IS NULL
            THEN format('prompt_tokens and completion_tokens "{}" are not whole numbers', written)
        WHEN NOT answered_here AND NOT coalesce(thinks, false) AND total <> prompt + completion
            THEN format('total_tokens {} is not prompt_tokens {} + completion_tokens {}', total, prompt, completion)
    END                                              AS problem
FROM calls
