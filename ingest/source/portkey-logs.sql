/*
title:      Portkey logs
get:        |
  app.portkey.ai, Logs, Export (at most 50,000 a file), with the fields created_at, ai_org, ai_model, req_units, res_units, total_units, cost, cost_currency,
  response_status_code, cache_status, metadata; JSONL. Of a gateway in your own cloud: the analytics records of its log store
docs:       https://portkey.ai/docs/product/observability/logs-export
confidence: vendor's documentation of the export, and two records that the vendor published; no real export seen
role:       requests
format:     [json]
columns:
  call:         id      id
  started:      instant created_at
  platform:     text    ai_org | ai_provider
  model:        text    ai_model
  prompt:       count   req_units | request_tokens
  completion:   count   res_units | response_tokens
  status:       number  response_status_code | status_code
  currency:     text    cost_currency
optional:
  total:        count   total_units | total_tokens
  cost:         number  cost
  organisation: text    organisation_id
  cache:        text    cache_status
  user_id:      user    _user | metadata._user
  environment:  text    _environment
  key_id:       key     api_key_id
  virtual_key:  key     virtual_key
  metadata:     json    metadata
  names:        text    metadata.key
  values:       text    metadata.value
id:         call
*/
-- The documentation of the export says that cost is in cents, beside a cost_currency of USD; the only record that the vendor has published has dollars
-- (0.0105 for 350 tokens of gpt-4). So the cost of an export is not known, and that of a record of one's own gateway, which has organisation_id, is in dollars.
-- No field has cached tokens, and nothing says whether req_units includes them: a prompt is taken for uncached.
-- A hit of Portkey's own cache and a failed call have no tokens. Metadata is an object, or a list of keys beside one of values.
WITH calls AS (
    SELECT *,
        coalesce(status, 0) < 400 AND NOT coalesce(regexp_matches(lower(cache), '\bhit\b'), false) AS reached,
        CASE WHEN names[1] = '[' AND json_valid(names) AND json_valid(values)
            THEN '{' || array_to_string(list_transform(list_zip(json_extract_string(names, '$[*]'), json_extract_string(values, '$[*]')),
                lambda p: to_json(p[1]) || ': ' || coalesce(to_json(p[2]), 'null')), ', ') || '}'
            ELSE metadata END AS labels
    FROM raw
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    call                                             AS x_RequestId,
    CASE
        WHEN regexp_matches(lower(platform), '^azure')             THEN 'azure'
        WHEN regexp_matches(lower(platform), '^vertex|^google')    THEN 'google'
        WHEN lower(platform) = 'x-ai'                              THEN 'xai'
        WHEN lower(platform) = 'mistral-ai'                        THEN 'mistral'
        WHEN lower(platform) = 'together-ai'                       THEN 'together'
        WHEN lower(platform) = 'fireworks-ai'                      THEN 'fireworks'
        ELSE as_provider(platform) END               AS ProviderName,
    'Portkey'                                        AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    model                                            AS x_Model,
    coalesce(virtual_key, key_id)                    AS x_ApiKeyId,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        CASE WHEN environment IS NOT NULL THEN '{"environment": ' || to_json(environment) || '}' END,
        nullif(json_merge_patch(labels, '{"_user": null, "_prompt": null}')::VARCHAR, '{}')) || ']', '[]') AS Tags,
    1                                                AS x_Requests,
    CASE WHEN reached THEN prompt     ELSE 0 END     AS x_InputTokens,
    CASE WHEN reached THEN completion ELSE 0 END     AS x_OutputTokens,
    CASE WHEN NOT reached THEN 0 WHEN organisation IS NOT NULL AND currency = 'USD' THEN nullif(cost, 0) END AS x_ReportedCost,
    CASE WHEN reached AND total <> prompt + completion
        THEN format('total_units {} is not req_units {} + res_units {}', total, prompt, completion) END AS problem
FROM calls
