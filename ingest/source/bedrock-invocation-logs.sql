/*
title:      Amazon Bedrock model invocation logs
get:        |
  Bedrock console, Settings, Model invocation logging, to S3; then
  aws s3 sync s3://BUCKET/PREFIX/AWSLogs/ACCOUNT/BedrockModelInvocationLogs/REGION/2026/10/ logs/ (without the folders data/).
  Logging is per region, and off until somebody turns it on
docs:       https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
confidence: a real record of 2025; cache counts, metadata and errors from documentation
role:       requests
format:     [json]
columns:
  schema:      text    schemaType
  started:     instant timestamp
  request:     id      requestId
  model_id:    text    modelId
  account:     text    accountId
optional:
  region:      text    region
  operation:   text    operation
  error:       text    errorCode
  arn:         text    identity.arn
  input:       count   input.inputTokenCount
  cache_read:  count   input.cacheReadInputTokenCount
  cache_write: count   input.cacheWriteInputTokenCount
  write_1h:    count   output.outputBodyJson.usage.cache_creation.ephemeral_1h_input_tokens
  output:      count   output.outputTokenCount
  metadata:    json    requestMetadata
expect:
  schemaType:  [ModelInvocationLog]
id:         request
*/
-- The input count is without what was read from and written to the cache. How long a write lives stands in the body alone, and only where the
-- answer was no stream: elsewhere it is taken for five minutes, the default. A stream repeats its usage in the body, so that is never added.
-- An application inference profile hides the model: its id stands for it, until the configuration says which it is. The prefix of a
-- cross-region profile (us., eu., global.) is part of the price.
WITH calls AS (
    SELECT
        *,
        regexp_extract(model_id, '[^/]+$')                                              AS model,
        regexp_extract(arn, ':assumed-role/([^/]+)', 1)                                 AS role,
        coalesce(nullif(regexp_extract(arn, ':user/(?:.*/)?([^/]+)$', 1), ''), regexp_extract(arn, ':assumed-role/[^/]+/(.*@.*)$', 1)) AS person,
        error IS NOT NULL AND coalesce(input, 0) + coalesce(output, 0) = 0              AS failed
    FROM raw
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    request                                          AS x_RequestId,
    'aws'                                            AS ProviderName,
    account                                          AS SubAccountId,
    'Amazon Bedrock'                                 AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(model)                            AS x_Category,
    CASE WHEN contains(model_id, 'profile/') OR contains(model_id, 'provisioned-model/') THEN model_id END AS ResourceId,
    region                                           AS RegionId,
    model                                            AS x_Model,
    coalesce(nullif(person, ''), person_in(metadata)) AS x_User,
    nullif('[' || concat_ws(', ',
        '{"iam_role": ' || to_json(nullif(role, '')) || '}',
        impersonal(metadata)) || ']', '[]')          AS Tags,
    1                                                AS x_Requests,
    CASE WHEN failed THEN 0 ELSE input                                END AS x_InputTokens,
    CASE WHEN failed THEN 0 ELSE cache_read                           END AS x_CacheReadTokens,
    CASE WHEN failed THEN 0 ELSE cache_write - coalesce(write_1h, 0)  END AS x_CacheWrite5mTokens,
    CASE WHEN failed THEN 0 ELSE write_1h                             END AS x_CacheWrite1hTokens,
    CASE WHEN failed THEN 0 ELSE output                               END AS x_OutputTokens,
    CASE WHEN write_1h > cache_write
        THEN format('{} tokens written to the cache for an hour are more than the {} written', write_1h, cache_write) END AS problem
FROM calls
