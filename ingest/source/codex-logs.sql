/*
title:      Codex session logs (JSONL)
get:        |
  copy ~/.codex/sessions (and archived_sessions) of each machine, and ingest its rollout-….jsonl files. Prompts, answers and paths in them are not
  read into the ledger. With a ChatGPT plan their tokens are on no bill, the seats are: say so in aifinops.yaml, or they count as unpriced:
  zero_rated: [{provider: codex, reason: ChatGPT plan}]
  Where an API key pays for them, the costs and the usage of the platform have them, by key and project
docs:       https://developers.openai.com/codex/
confidence: the tests and issues of third-party readers; no real log was seen
role:       requests
format:     [json]
columns:
  started:    instant timestamp
  type:       text    type
  kind:       text    payload.type
  input:      count   payload.info.last_token_usage.input_tokens
  output:     count   payload.info.last_token_usage.output_tokens
  total:      count   payload.info.total_token_usage.total_tokens
optional:
  cached:     count   payload.info.last_token_usage.cached_input_tokens
  reasoning:  count   payload.info.last_token_usage.reasoning_output_tokens
  last_total: count   payload.info.last_token_usage.total_tokens
  all_input:  count   payload.info.total_token_usage.input_tokens
  all_cached: count   payload.info.total_token_usage.cached_input_tokens
  all_output: count   payload.info.total_token_usage.output_tokens
  model:      text    payload.info.model | payload.model
  provider:   text    payload.model_provider
  parent:     text    payload.forked_from_id
  folder:     text    payload.cwd
ignore:     type NOT IN ('session_meta', 'turn_context') AND (kind IS DISTINCT FROM 'token_count' OR input IS NULL AND total IS NULL)
id:         started, total, input, output
*/
-- A token_count says what the last call used and what all did so far: the last is the call. It is written again when limits are shown, and a
-- forked session begins with a copy of its parent's: the totals so far tell which of them are one, in other files too, and so does the time for
-- the first of a session. What a fork says of the time before it, or of its first second, is copied.
-- Model and folder are those of the line before. Input includes what came from the cache; reasoning is in output, as the total says, or beside it.
-- Nothing in a log says for sure whether a ChatGPT plan or an API key pays. Tokens of a plan must not claim dollars of the API's bill, nor be
-- estimated where there is none, so their provider is codex, which has no price and no bill, unless another is configured.
WITH lines AS (
    SELECT
        *,
        last_value(model IGNORE NULLS)    OVER before AS last_model,
        last_value(provider IGNORE NULLS) OVER before AS last_provider,
        last_value(folder IGNORE NULLS)   OVER before AS last_folder,
        first_value(CASE WHEN type = 'session_meta' AND parent IS NOT NULL THEN started END) OVER before AS forked_at
    FROM raw
    WINDOW before AS (ORDER BY record ROWS UNBOUNDED PRECEDING)
), calls AS (
    SELECT
        *,
        concat_ws(chr(31), total, all_input, all_cached, all_output)            AS so_far,
        CASE
            WHEN last_total IS NULL OR last_total = input + output              THEN output
            WHEN last_total = input + output + reasoning                        THEN output + reasoning END AS generated
    FROM lines
    WHERE type NOT IN ('session_meta', 'turn_context') AND (forked_at IS NULL OR started > forked_at + INTERVAL 1 SECOND)
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    as_id(so_far || CASE WHEN coalesce(total = last_total, true) THEN chr(31) || started ELSE '' END) AS x_RequestId,
    CASE WHEN as_provider(last_provider) IN ('aws', 'azure', 'google', 'openrouter', 'mistral', 'groq', 'xai', 'deepseek', 'together', 'fireworks')
        THEN as_provider(last_provider) ELSE 'codex' END AS ProviderName,
    'Codex'                                          AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    last_model                                       AS x_Model,
    folder_tags(last_folder)                         AS Tags,
    1                                                AS x_Requests,
    input - coalesce(cached, 0)                      AS x_InputTokens,
    cached                                           AS x_CacheReadTokens,
    generated                                        AS x_OutputTokens,
    reasoning                                        AS x_ReasoningTokens,
    CASE
        WHEN input IS NULL
            THEN 'no last_token_usage: what this call used is not known'
        WHEN cached > input
            THEN format('cached_input_tokens {} are more than input_tokens {}', cached, input)
        WHEN generated IS NULL
            THEN format('total_tokens {} is not input {} + output {}, with reasoning {} or without', last_total, input, output, coalesce(reasoning, 0))
    END                                              AS problem
FROM calls
QUALIFY row_number() OVER (PARTITION BY coalesce(nullif(so_far, ''), record::VARCHAR) ORDER BY record) = 1
