/*
title:      Claude Code session logs (JSONL)
get:        |
  copy ~/.claude/projects (or ~/.config/claude/projects) of each machine, and ingest its .jsonl files, those in subagents/ too; Claude Code deletes
  them after 30 days unless cleanupPeriodDays in its settings says more. Prompts, answers and paths in them are not read into the ledger.
  With a Claude subscription their tokens are on no bill, the seats are: say so in aifinops.yaml, or they count as unpriced:
  zero_rated: [{provider: claude-code, reason: Claude subscription}]
  Where an API key pays for them, the bill and the usage of the Console have them, by key and workspace
docs:       https://code.claude.com/docs/en/monitoring-usage
confidence: the tests of third-party readers; no real log was seen
role:       requests
format:     [json]
columns:
  started:    instant timestamp
  session:    text    sessionId
  message:    text    message.id
  model:      text    message.model
  input:      count   message.usage.input_tokens
  output:     count   message.usage.output_tokens
optional:
  read:       count   message.usage.cache_read_input_tokens
  written:    count   message.usage.cache_creation_input_tokens
  written_5m: count   message.usage.cache_creation.ephemeral_5m_input_tokens
  written_1h: count   message.usage.cache_creation.ephemeral_1h_input_tokens
  speed:      text    message.usage.speed
  tier:       text    message.usage.service_tier
  error:      flag    isApiErrorMessage
  folder:     text    cwd
ignore:     input IS NULL AND output IS NULL OR model = '<synthetic>' OR coalesce(error, false)
id:         message, session, input, output
*/
-- An answer is written several times while it streams in, again where a sidechain or a resumed session copies its history, and each time with
-- its usage: of one message the line with the most tokens counts, in other files by the same id. Ids of Anthropic's, also in Bedrock and Vertex,
-- are unique; those that a gateway makes up are so within a session at best. Lines of tools, prompts and errors have no usage.
-- Nothing in a log says whether a subscription or an API key pays. Tokens of a subscription must not claim dollars of the API's bill, nor be
-- estimated where there is none, so their provider is claude-code, which has no price and no bill. Bedrock and Vertex have no subscriptions.
WITH parts AS (
    SELECT
        *,
        coalesce(written, coalesce(written_5m, 0) + coalesce(written_1h, 0)) AS cached,
        CASE WHEN regexp_matches(message, '^msg_(01|bdrk_|vrtx_)') THEN as_id(message) ELSE as_id(session || chr(31) || message) END AS id
    FROM raw
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    id                                               AS x_RequestId,
    CASE WHEN starts_with(message, 'msg_bdrk_') THEN 'aws' WHEN starts_with(message, 'msg_vrtx_') THEN 'google' ELSE 'claude-code' END AS ProviderName,
    'Claude Code'                                    AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    model                                            AS x_Model,
    claude_tier(tier, speed)                         AS x_ServiceTier,
    folder_tags(folder)                              AS Tags,
    1                                                AS x_Requests,
    input                                            AS x_InputTokens,
    read                                             AS x_CacheReadTokens,
    cached - coalesce(written_1h, 0)                 AS x_CacheWrite5mTokens,
    written_1h                                       AS x_CacheWrite1hTokens,
    output                                           AS x_OutputTokens,
    CASE WHEN written_5m + written_1h NOT IN (0, cached)
        THEN format('cache_creation_input_tokens {} is not made of {} for 5 minutes and {} for an hour', cached, written_5m, written_1h) END AS problem
FROM parts
QUALIFY id IS NULL OR row_number() OVER (PARTITION BY id ORDER BY coalesce(input, 0) + coalesce(output, 0) + coalesce(read, 0) + cached DESC, record DESC) = 1
