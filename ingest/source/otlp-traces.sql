/*
title:      OpenTelemetry traces (OTLP JSON)
get:        |
  the Collector's file exporter (exporters: file: path: traces.jsonl), or any tool that writes OTLP as JSON.
  Bare spans, one a line: jq -c '{resourceSpans:[{scopeSpans:[{spans:[.]}]}]}' spans.jsonl > traces.jsonl
docs:       https://opentelemetry.io/docs/specs/semconv/gen-ai/
confidence: the conventions as of 2026-05, OpenInference's and OpenLLMetry's own; spans of real SDKs, no real Collector file
role:       requests
format:     [json]
records:    resourceSpans.scopeSpans.spans
columns:
  trace:      text  resourceSpans.scopeSpans.spans.traceId
  span:       text  resourceSpans.scopeSpans.spans.spanId
  start:      epoch resourceSpans.scopeSpans.spans.startTimeUnixNano
optional:
  parent:     text  resourceSpans.scopeSpans.spans.parentSpanId
  status:     text  resourceSpans.scopeSpans.spans.status.code
  attributes: json  resourceSpans.scopeSpans.spans.attributes
  scope:      text  resourceSpans.scopeSpans.scope.name
  resource:   json  resourceSpans.resource.attributes
id:         trace, span
*/
-- A call is a span of a model: chat, embeddings, OpenInference's LLM. The agents, chains and workflows around it repeat its tokens, and two
-- libraries may each record it, one inside the other: of spans below each other the deepest that has tokens counts, as far as one file shows.
-- Attributes come in a list, of which only those named here leave it: prompts and answers are others.
-- Input holds what was read from and written to the cache, unless a library says less input than cache, or its total says so.
-- A call without tokens that did not fail is a stream of which nobody asked for them: how many it had is not known.
WITH RECURSIVE listed AS (
    SELECT
        * EXCLUDE (attributes, resource),
        hash(resource)                                                                                     AS origin,
        hash(lower(trace), lower(span))                                                                    AS me,
        CASE WHEN regexp_matches(parent, '[^0]') THEN hash(lower(trace), lower(parent)) END                AS above,
        from_json(attributes, '[{"key": "VARCHAR", "value": {"stringValue": "VARCHAR", "intValue": "VARCHAR", "doubleValue": "VARCHAR", "boolValue": "VARCHAR", "arrayValue": "VARCHAR"}}]') AS list
    FROM raw
), split AS (
    SELECT
        * EXCLUDE (list),
        list_transform(list, lambda a: a.key)                                                              AS keys,
        list_transform(list, lambda a: coalesce(a.value.stringValue, a.value.intValue, a.value.doubleValue, a.value.boolValue, a.value.arrayValue)) AS found
    FROM listed
), named AS (
    SELECT
        * EXCLUDE (keys, found),
        found[list_position(keys, 'gen_ai.operation.name')]                                                AS operation,
        found[list_position(keys, 'llm.request.type')]                                                     AS traceloop_type,
        found[list_position(keys, 'openinference.span.kind')]                                              AS kind,
        found[list_position(keys, 'traceloop.span.kind')]                                                  AS traceloop_kind,
        coalesce(found[list_position(keys, 'ai.operationId')], found[list_position(keys, 'operation.name')]) AS sdk_operation,
        coalesce(
            found[list_position(keys, 'gen_ai.provider.name')],
            found[list_position(keys, 'gen_ai.system')],
            found[list_position(keys, 'llm.provider')],
            found[list_position(keys, 'ai.model.provider')])                                               AS provider,
        found[list_position(keys, 'llm.system')]                                                           AS product,
        coalesce(
            found[list_position(keys, 'server.address')],
            found[list_position(keys, 'gen_ai.openai.api_base')])                                          AS host,
        coalesce(
            found[list_position(keys, 'gen_ai.response.model')],
            found[list_position(keys, 'gen_ai.request.model')],
            found[list_position(keys, 'llm.model_name')],
            found[list_position(keys, 'embedding.model_name')],
            found[list_position(keys, 'reranker.model_name')])                                             AS model,
        found[list_position(keys, 'ai.model.id')]                                                          AS sdk_model,
        found[list_position(keys, 'gen_ai.response.id')]                                                   AS response,
        coalesce(
            found[list_position(keys, 'openai.response.service_tier')],
            found[list_position(keys, 'gen_ai.openai.response.service_tier')])                             AS tier,
        coalesce(
            found[list_position(keys, 'gen_ai.usage.input_tokens')],
            found[list_position(keys, 'gen_ai.usage.prompt_tokens')],
            found[list_position(keys, 'llm.token_count.prompt')],
            found[list_position(keys, 'ai.usage.tokens')])                                                 AS input_text,
        coalesce(
            found[list_position(keys, 'gen_ai.usage.output_tokens')],
            found[list_position(keys, 'gen_ai.usage.completion_tokens')],
            found[list_position(keys, 'llm.token_count.completion')])                                      AS output_text,
        coalesce(
            found[list_position(keys, 'gen_ai.usage.cache_read.input_tokens')],
            found[list_position(keys, 'gen_ai.usage.cache_read_input_tokens')],
            found[list_position(keys, 'llm.token_count.prompt_details.cache_read')])                       AS read_text,
        coalesce(
            found[list_position(keys, 'gen_ai.usage.cache_creation.input_tokens')],
            found[list_position(keys, 'gen_ai.usage.cache_creation_input_tokens')],
            found[list_position(keys, 'llm.token_count.prompt_details.cache_write')])                      AS written_text,
        coalesce(
            found[list_position(keys, 'gen_ai.usage.reasoning.output_tokens')],
            found[list_position(keys, 'gen_ai.usage.reasoning_tokens')],
            found[list_position(keys, 'llm.token_count.completion_details.reasoning')])                    AS reasoning_text,
        found[list_position(keys, 'llm.token_count.prompt_details.audio')]                                 AS audio_in_text,
        found[list_position(keys, 'llm.token_count.completion_details.audio')]                             AS audio_out_text,
        coalesce(
            found[list_position(keys, 'gen_ai.usage.total_tokens')],
            found[list_position(keys, 'llm.usage.total_tokens')],
            found[list_position(keys, 'llm.token_count.total')])                                           AS total_text,
        coalesce(
            found[list_position(keys, 'gen_ai.usage.cost')],
            found[list_position(keys, 'llm.cost.total')])                                                  AS cost_text,
        found[list_position(keys, 'error.type')]                                                           AS error,
        coalesce(
            found[list_position(keys, 'enduser.id')],
            found[list_position(keys, 'user.id')],
            found[list_position(keys, 'gen_ai.request.user')],
            found[list_position(keys, 'traceloop.association.properties.user_id')])                        AS person,
        found[list_position(keys, 'gen_ai.agent.name')]                                                    AS agent,
        found[list_position(keys, 'traceloop.workflow.name')]                                              AS workflow,
        found[list_position(keys, 'ai.telemetry.functionId')]                                              AS function,
        found[list_position(keys, 'metadata')]                                                             AS metadata,
        found[list_position(keys, 'tag.tags')]                                                             AS tags,
        list_filter(list_zip(keys, found), lambda a: starts_with(a[1], 'traceloop.association.properties.') OR starts_with(a[1], 'ai.telemetry.metadata.')) AS properties
    FROM split
), spans AS MATERIALIZED (
    SELECT
        * EXCLUDE (operation, traceloop_type, kind, traceloop_kind, sdk_operation, sdk_model, model, input_text, output_text, read_text, written_text, reasoning_text,
            audio_in_text, audio_out_text, total_text, cost_text),
        coalesce(model, CASE WHEN contains(sdk_operation, '.do') THEN sdk_model END)                       AS model,
        lower(coalesce(operation, traceloop_type, kind, traceloop_kind, CASE WHEN contains(sdk_operation, 'mbed') THEN 'embeddings' END)) AS does,
        CASE
            WHEN does IN ('chat', 'generate_content', 'text_completion', 'completion', 'embeddings', 'embedding', 'llm', 'rerank', 'reranker') THEN true
            WHEN does IN ('invoke_agent', 'create_agent', 'invoke_workflow', 'execute_tool', 'retrieval', 'agent', 'chain', 'tool', 'retriever', 'guardrail',
                'evaluator', 'prompt', 'workflow', 'task') THEN false
            ELSE model IS NOT NULL END                                                                     AS is_call,
        as_count(input_text)                                                                               AS input,
        as_count(output_text)                                                                              AS output,
        as_count(read_text)                                                                                AS cache_read,
        as_count(written_text)                                                                             AS cache_write,
        as_count(reasoning_text)                                                                           AS reasoning,
        as_count(audio_in_text)                                                                            AS audio_in,
        as_count(audio_out_text)                                                                           AS audio_out,
        as_count(total_text)                                                                               AS total,
        as_money(cost_text)                                                                                AS cost,
        coalesce(cache_read, 0) + coalesce(cache_write, 0)                                                 AS cached,
        nullif(coalesce(input_text, '0'), '0') IS NOT NULL OR nullif(coalesce(output_text, '0'), '0') IS NOT NULL OR cached > 0 AS has_tokens,
        coalesce(
            CASE WHEN input IS NULL       THEN 'input tokens: "'     || left(input_text, 40)     || '" is not a whole number' END,
            CASE WHEN output IS NULL      THEN 'output tokens: "'    || left(output_text, 40)    || '" is not a whole number' END,
            CASE WHEN cache_read IS NULL  THEN 'cache read: "'       || left(read_text, 40)      || '" is not a whole number' END,
            CASE WHEN cache_write IS NULL THEN 'cache creation: "'   || left(written_text, 40)   || '" is not a whole number' END,
            CASE WHEN reasoning IS NULL   THEN 'reasoning tokens: "' || left(reasoning_text, 40) || '" is not a whole number' END,
            CASE WHEN total IS NULL       THEN 'total tokens: "'     || left(total_text, 40)     || '" is not a whole number' END,
            CASE WHEN cost IS NULL        THEN 'cost: "'             || left(cost_text, 40)      || '" is not money' END)                AS unread
    FROM named
), around (span, has_tokens, is_call) AS (
    SELECT DISTINCT above, has_tokens, is_call FROM spans WHERE above IS NOT NULL AND (has_tokens OR is_call)
    UNION
    SELECT s.above, a.has_tokens, a.is_call FROM around a JOIN spans s ON s.me = a.span WHERE s.above IS NOT NULL
), inside AS (
    SELECT span, bool_or(has_tokens) AS tokens, bool_or(is_call) AS calls FROM around GROUP BY span
), kept AS (
    SELECT s.*, coalesce(i.calls, false) AS has_calls
    FROM spans s LEFT JOIN inside i ON i.span = s.me
    WHERE CASE
        WHEN has_tokens THEN i.tokens IS NOT TRUE
        ELSE is_call AND i.span IS NULL AND (above IS NULL OR above NOT IN (SELECT me FROM spans WHERE has_tokens AND is_call)) END
), calls AS (
    SELECT
        *,
        error IS NOT NULL OR coalesce(status IN ('2', 'STATUS_CODE_ERROR'), false)                         AS failed,
        CASE WHEN length(response) > 15 THEN as_id(response) ELSE as_id(coalesce(lower(trace) || lower(span), 'record ' || record)) END AS id,
        cached > coalesce(input, 0) OR cached > 0 AND coalesce(total = input + cached + coalesce(output, 0), false) AS apart,
        reasoning > output OR reasoning > 0 AND coalesce(total = input + output + reasoning, false)        AS reasoning_apart,
        lower(coalesce(provider, CASE WHEN NOT contains(coalesce(scope, ''), 'ai-gateway') THEN product END)) AS named_provider
    FROM kept
), once AS (
    SELECT id, arg_max(record, (has_tokens, record)) AS record FROM calls GROUP BY id
), resources AS (
    SELECT origin, string_agg('{' || to_json(CASE a.key WHEN 'deployment.environment' THEN 'deployment.environment.name' ELSE a.key END)
        || ': ' || to_json(coalesce(a.value.stringValue, a.value.intValue, a.value.boolValue)) || '}', ', ' ORDER BY a.key) AS tags
    FROM (
        SELECT origin, unnest(from_json(resource, '[{"key": "VARCHAR", "value": {"stringValue": "VARCHAR", "intValue": "VARCHAR", "boolValue": "VARCHAR"}}]')) AS a
        FROM (SELECT hash(resource) AS origin, any_value(resource) AS resource FROM raw GROUP BY 1)
    )
    -- What a machine says of itself is left out; what people gave it for a tag is not.
    WHERE NOT regexp_matches(a.key, '^(telemetry|process|host|os|container|device|browser|webengine|user|enduser|session|faas|aws|gcp|azure|heroku)\b|^k8s\.(pod|node|container|replicaset|job|.*uid)|^(service\.instance\.id|service\.version|cloud\.resource_id)$')
    GROUP BY origin
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    start                                            AS ChargePeriodEnd,
    id                                               AS x_RequestId,
    CASE
        WHEN host_provider(host) IS NOT NULL         THEN host_provider(host)
        WHEN regexp_matches(named_provider, '^aws|bedrock')              THEN 'aws'
        WHEN regexp_matches(named_provider, '^(az\.|azure)')             THEN 'azure'
        WHEN regexp_matches(named_provider, '^(gcp|google|vertex|gemini)') THEN 'google'
        WHEN regexp_matches(named_provider, '^x[._-]?ai')                THEN 'xai'
        WHEN regexp_matches(named_provider, '^mistral')                  THEN 'mistral'
        WHEN named_provider IN ('_other', 'other', 'unknown', 'langchain') THEN NULL
        ELSE as_provider(split_part(named_provider, '.', 1)) END AS ProviderName,
    'OpenTelemetry'                                  AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE
        WHEN does LIKE 'embed%'                      THEN 'embeddings'
        WHEN does LIKE 'rerank%'                     THEN 'rerank'
        ELSE model_category(coalesce(model, '')) END AS x_Category,
    model                                            AS x_Model,
    tier                                             AS x_ServiceTier,
    coalesce(nullif(person, ''), CASE WHEN metadata IS NOT NULL THEN person_in(metadata) END) AS x_User,
    nullif('[' || concat_ws(', ',
        resources.tags,
        '{"gen_ai.agent.name": ' || to_json(agent) || '}',
        '{"traceloop.workflow.name": ' || to_json(workflow) || '}',
        '{"ai.telemetry.functionId": ' || to_json(function) || '}',
        CASE WHEN len(properties) > 0 THEN '{' || array_to_string(list_transform(
            list_filter(properties, lambda p: NOT is_personal(regexp_extract(p[1], '(?:properties|metadata)\.(.*)$', 1))),
            lambda p: to_json(regexp_extract(p[1], '(?:properties|metadata)\.(.*)$', 1)) || ': ' || to_json(p[2])), ', ') || '}' END,
        CASE WHEN metadata IS NOT NULL THEN impersonal(metadata) END,
        CASE WHEN json_valid(calls.tags) THEN to_json(json_extract_string(calls.tags, '$.values[*].stringValue'))::VARCHAR END) || ']', '[]') AS Tags,
    CASE WHEN is_call THEN 1 WHEN has_calls THEN 0 END AS x_Requests,
    CASE WHEN has_tokens THEN input - CASE WHEN apart THEN 0 ELSE cached END - coalesce(audio_in, 0) WHEN failed THEN 0 END AS x_InputTokens,
    CASE WHEN has_tokens THEN audio_in    WHEN failed THEN 0 END AS x_InputAudioTokens,
    CASE WHEN has_tokens THEN cache_read  WHEN failed THEN 0 END AS x_CacheReadTokens,
    CASE WHEN has_tokens THEN cache_write WHEN failed THEN 0 END AS x_CacheWrite5mTokens,
    CASE WHEN has_tokens THEN output + CASE WHEN reasoning_apart THEN reasoning ELSE 0 END - coalesce(audio_out, 0) WHEN failed THEN 0 END AS x_OutputTokens,
    CASE WHEN has_tokens THEN audio_out   WHEN failed THEN 0 END AS x_OutputAudioTokens,
    CASE WHEN has_tokens THEN reasoning   WHEN failed THEN 0 END AS x_ReasoningTokens,
    CASE WHEN cost <> 0 OR NOT has_tokens AND failed THEN cost END AS x_ReportedCost,
    coalesce(
        CASE WHEN trace IS NULL OR span IS NULL THEN 'no traceId or no spanId' END,
        unread,
        CASE WHEN has_tokens AND total NOT IN (input + coalesce(output, 0), input + cached + coalesce(output, 0), input + output + coalesce(reasoning, 0))
            THEN concat('total tokens ', total, ' are not input ', input, ' + output ', coalesce(output, 0)) END) AS problem
FROM calls
JOIN once USING (id, record)
LEFT JOIN resources USING (origin)
