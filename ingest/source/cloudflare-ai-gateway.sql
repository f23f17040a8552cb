/*
title:      Cloudflare AI Gateway logs
get:        |
  curl -H "Authorization: Bearer $CLOUDFLARE_TOKEN" "https://api.cloudflare.com/client/v4/accounts/$ACCOUNT/ai-gateway/gateways/$GATEWAY/logs?per_page=50&page=1",
  each page. Logpush encrypts the metadata: without its key nobody can say whose a call was
docs:       https://developers.cloudflare.com/api/resources/ai_gateway/subresources/logs/methods/list/
confidence: the vendor's API reference; no real page seen
role:       requests
format:     [json]
records:    result
columns:
  request:    id      result.id
  created:    instant result.created_at
  platform:   text    result.provider
  model:      text    result.model
  tokens_in:  count   result.tokens_in
  tokens_out: count   result.tokens_out
  cached:     flag    result.cached
optional:
  cost:       number  result.cost
  success:    flag    result.success
  status:     count   result.status_code
  kind:       text    result.request_type | result.model_type
  metadata:   json    result.metadata
id:         request
*/
-- A cached call came out of Cloudflare's own cache: a call without tokens. An attempt that a fallback followed is a record of its own.
-- The cost is an estimate, 0 also for a model without a price. What the provider's prompt cache served is not told apart from other input.
WITH calls AS (
    SELECT *, coalesce(cached, false) OR coalesce(NOT success, status >= 400, false) AND coalesce(tokens_in, 0) + coalesce(tokens_out, 0) = 0 AS without FROM raw
)
SELECT
    record,
    created                                          AS ChargePeriodStart,
    created                                          AS ChargePeriodEnd,
    request                                          AS x_RequestId,
    CASE lower(platform)
        WHEN 'workers-ai'       THEN 'cloudflare'
        WHEN 'google-ai-studio' THEN 'google'
        WHEN 'google-vertex-ai' THEN 'google'
        WHEN 'aws-bedrock'      THEN 'aws'
        WHEN 'azure-openai'     THEN 'azure'
        WHEN 'grok'             THEN 'xai'
        WHEN 'perplexity-ai'    THEN 'perplexity'
        WHEN 'universal'        THEN NULL
        WHEN 'compat'           THEN NULL
        ELSE as_provider(platform) END               AS ProviderName,
    'Cloudflare AI Gateway'                          AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE WHEN contains(lower(kind), 'embed') THEN 'embeddings' ELSE model_category(model) END AS x_Category,
    model                                            AS x_Model,
    person_in(metadata)                              AS x_User,
    impersonal(metadata)                             AS Tags,
    1                                                AS x_Requests,
    CASE WHEN without THEN 0 ELSE tokens_in  END     AS x_InputTokens,
    CASE WHEN without THEN 0 ELSE tokens_out END     AS x_OutputTokens,
    CASE WHEN cost <> 0 AND NOT coalesce(cached, false) OR cost = 0 AND without THEN cost END AS x_ReportedCost
FROM calls
