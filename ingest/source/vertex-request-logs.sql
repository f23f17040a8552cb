/*
title:      Vertex AI request-response logs (BigQuery)
get:        |
  bq query --format=json --max_rows=10000000 --nouse_legacy_sql 'SELECT * EXCEPT (full_request) FROM `PROJECT.DATASET.request_response_logging`
  WHERE logging_time >= "2026-10-01" AND logging_time < "2026-11-01"' > vertex-2026-10.json.
  The rows are a sample where the endpoint's sampling rate is below 1: set it to 1, for no row says what it was
docs:       https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/request-response-logging
confidence: one real record of 2025; camelCase, the cache and Claude from documentation
role:       requests
format:     [json]
columns:
  logged:     instant logging_time
  model:      text    model
  prompt:     count   full_response.usageMetadata.promptTokenCount | full_response.usage_metadata.prompt_token_count | full_response.usage.input_tokens
optional:
  version:    text    full_response.modelVersion | full_response.model_version | full_response.model | model_version
  request:    text    full_response.responseId | full_response.response_id | full_response.id | request_id
  candidates: count   full_response.usageMetadata.candidatesTokenCount | full_response.usage_metadata.candidates_token_count
  thoughts:   count   full_response.usageMetadata.thoughtsTokenCount | full_response.usage_metadata.thoughts_token_count
  tool:       count   full_response.usageMetadata.toolUsePromptTokenCount | full_response.usage_metadata.tool_use_prompt_token_count
  cached:     count   full_response.usageMetadata.cachedContentTokenCount | full_response.usage_metadata.cached_content_token_count
  total:      count   full_response.usageMetadata.totalTokenCount | full_response.usage_metadata.total_token_count
  traffic:    text    full_response.usageMetadata.trafficType | full_response.usage_metadata.traffic_type
  claude_in:  count   full_response.usage.input_tokens
  claude_out: count   full_response.usage.output_tokens
  read:       count   full_response.usage.cache_read_input_tokens
  written:    count   full_response.usage.cache_creation_input_tokens
id:         request
*/
-- Gemini's prompt holds what came from the cache; its candidates do not hold the thinking, which is output. Claude's classes are disjoint.
-- Provisioned throughput is paid for already. Labels of a request are not in the log: whose a call was, its key or project must say.
SELECT
    record,
    logged                                           AS ChargePeriodStart,
    logged                                           AS ChargePeriodEnd,
    as_id(request)                                   AS x_RequestId,
    'google'                                         AS ProviderName,
    'Vertex AI'                                      AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    CASE
        WHEN contains(model, 'publishers/') THEN regexp_extract(model, 'publishers/.*$')
        WHEN claude_in IS NOT NULL          THEN coalesce(version, model)
        ELSE model END                               AS x_Model,
    CASE WHEN traffic ILIKE '%provisioned%' THEN 'provisioned' END AS x_ServiceTier,
    1                                                AS x_Requests,
    CASE WHEN claude_in IS NULL THEN prompt - coalesce(cached, 0) + coalesce(tool, 0) ELSE claude_in END AS x_InputTokens,
    coalesce(cached, read)                           AS x_CacheReadTokens,
    written                                          AS x_CacheWrite5mTokens,
    CASE WHEN claude_in IS NULL THEN candidates + coalesce(thoughts, 0) ELSE claude_out END AS x_OutputTokens,
    thoughts                                         AS x_ReasoningTokens,
    CASE
        WHEN cached > prompt
            THEN format('cached tokens {} are more than the prompt''s {}', cached, prompt)
        WHEN total <> prompt + coalesce(candidates, 0) + coalesce(thoughts, 0) + coalesce(tool, 0)
            THEN format('total tokens {} are not prompt {} + candidates {} + thoughts {} + tool use {}', total, prompt, coalesce(candidates, 0), coalesce(thoughts, 0), coalesce(tool, 0))
    END                                              AS problem
FROM raw
