-- The tables of LiteLLM's schema.prisma that calls are logged in, as Prisma makes them; of keys and teams the columns that matter.
CREATE TABLE "LiteLLM_SpendLogs" (
    request_id text PRIMARY KEY, call_type text NOT NULL, api_key text NOT NULL DEFAULT '', spend double precision NOT NULL DEFAULT 0,
    total_tokens integer NOT NULL DEFAULT 0, prompt_tokens integer NOT NULL DEFAULT 0, completion_tokens integer NOT NULL DEFAULT 0,
    "startTime" timestamp(3) NOT NULL, "endTime" timestamp(3) NOT NULL, request_duration_ms integer, "completionStartTime" timestamp(3),
    model text NOT NULL DEFAULT '', model_id text DEFAULT '', model_group text DEFAULT '', custom_llm_provider text DEFAULT '', api_base text DEFAULT '',
    "user" text DEFAULT '', metadata jsonb DEFAULT '{}', cache_hit text DEFAULT '', cache_key text DEFAULT '', request_tags jsonb DEFAULT '[]',
    team_id text, organization_id text, end_user text, requester_ip_address text, messages jsonb DEFAULT '{}', response jsonb DEFAULT '{}',
    session_id text, status text, mcp_namespaced_tool_name text, agent_id text, proxy_server_request jsonb DEFAULT '{}'
);
CREATE INDEX ON "LiteLLM_SpendLogs" ("startTime");
CREATE TABLE "LiteLLM_VerificationToken" (token text PRIMARY KEY, key_name text, key_alias text, user_id text, team_id text, metadata jsonb NOT NULL DEFAULT '{}');
CREATE TABLE "LiteLLM_TeamTable" (team_id text PRIMARY KEY, team_alias text, metadata jsonb NOT NULL DEFAULT '{}');

-- Of twelve keys three have been deleted, and only the calls know their names; so do they of the team that nobody wrote down.
INSERT INTO "LiteLLM_VerificationToken" (token, key_name, key_alias, team_id)
SELECT encode(sha256(('key-' || k)::bytea), 'hex'), 'sk-...' || k, 'app-' || k, 'team-' || k % 4 FROM generate_series(1, 400) k WHERE k % 12 NOT IN (9, 10, 11);
INSERT INTO "LiteLLM_TeamTable" (team_id, team_alias) VALUES ('team-0', 'Search'), ('team-1', 'Support'), ('team-2', 'Platform');

-- n calls at even distances, the same each time: some fail, hit a cache, look up a stored response or are of a batch, some prompts are as long as a price's
-- limit, and one in 5,000 does not add up. A key uses nine models.
CREATE FUNCTION calls(n bigint, start timestamp, finish timestamp, keys integer) RETURNS SETOF "LiteLLM_SpendLogs" LANGUAGE sql AS $$
WITH models (nth, model, provider, usd) AS (VALUES
    (0, 'gpt-5.4', 'openai', 2.5e-6), (1, 'gpt-4o-mini', 'openai', 1.5e-7), (2, 'claude-sonnet-4-5', 'anthropic', 3e-6), (3, 'claude-haiku-5-5', 'anthropic', 1e-7),
    (4, 'gemini-2.5-pro', 'gemini', 1.25e-6), (5, 'grok-4', 'xai', 3e-6), (6, 'grok-4.3', 'xai', 1.25e-6), (7, 'deepseek-v4-pro', 'deepseek', 6.6e-7),
    (8, 'text-embedding-3-small', 'openai', 2e-8), (9, 'acme/llama', 'hosted_vllm', 0), (10, 'gpt-5.4-mini', 'azure', 2.5e-7), (11, 'gpt-4o', 'openai', 2.5e-6)
), dice AS (
    SELECT i, abs(hashint8(i)::bigint) AS a, abs(hashint8(i + 1000000007)::bigint) AS b, abs(hashint8(i + 2000000011)::bigint) AS c, abs(hashint8(i + 3000000019)::bigint) AS d
    FROM generate_series(1, n) i
), sized AS (
    SELECT *, m.model AS model_name, 1 + b % keys AS k,
        CASE WHEN c % 200 = 0 THEN 50000 * (1 + d % 7) WHEN c % 100 = 1 THEN 90000 + d % 240000 ELSE 100 + d % 9000 END AS prompt,
        CASE WHEN m.nth = 8 THEN 0 ELSE 1 + c % 900 END AS answer,
        start + (finish - start) * (i - 0.5) / n AS called
    FROM dice JOIN models m ON m.nth = (b % 12 + a % 3 * 5) % 12
), caching AS (
    SELECT *, CASE WHEN c % 3 = 0 THEN prompt / 2 ELSE 0 END AS read, CASE WHEN provider = 'anthropic' AND c % 5 = 0 THEN prompt / 4 ELSE 0 END AS written,
        CASE WHEN a % 97 = 5 THEN 'failure' WHEN a % 89 = 7 THEN 'hit' WHEN a % 499 = 3 THEN 'stored' WHEN a % 301 = 2 THEN 'batch' ELSE 'call' END AS kind
    FROM sized
)
SELECT
    CASE kind WHEN 'hit' THEN 'chatcmpl-' || i || '_cache_hit' || extract(epoch FROM called) WHEN 'batch' THEN 'batch-' || i || '_batch_cost' ELSE 'chatcmpl-' || i END,
    CASE WHEN kind = 'stored' THEN 'aget_responses' WHEN kind = 'batch' THEN 'aretrieve_batch' WHEN provider = 'openai' AND model_name LIKE '%embedding%' THEN 'aembedding' ELSE 'acompletion' END,
    encode(sha256(('key-' || k)::bytea), 'hex'),
    CASE WHEN kind IN ('hit', 'failure') THEN 0 ELSE usd * (prompt + 4 * answer) END,
    CASE WHEN kind = 'failure' THEN 0 ELSE prompt + answer END + CASE WHEN i % 5000 = 77 THEN 1 ELSE 0 END,
    CASE WHEN kind = 'failure' THEN 0 ELSE prompt END,
    CASE WHEN kind = 'failure' THEN 0 ELSE answer END,
    called, called + interval '2 seconds', 2000, NULL::timestamp, model_name, 'deployment-1', model_name, provider, 'https://gateway.example.com',
    CASE WHEN d % 4 = 0 THEN '' ELSE 'user-' || k END,
    jsonb_build_object('user_api_key_alias', 'app-' || k, 'user_api_key_team_alias', CASE k % 4 WHEN 0 THEN 'Search' WHEN 1 THEN 'Support' WHEN 2 THEN 'Platform' END,
        'spend_logs_metadata', CASE k % 3 WHEN 0 THEN jsonb_build_object('use_case', 'case-' || k % 5) WHEN 1 THEN '{}' END,
        'usage_object', CASE WHEN kind IN ('call', 'batch') THEN jsonb_build_object('prompt_tokens', prompt, 'completion_tokens', answer,
            'prompt_tokens_details', jsonb_build_object('cached_tokens', read, 'cache_creation_tokens', written), 'completion_tokens_details', jsonb_build_object('reasoning_tokens', answer / 3)) END,
        'model_map_information', NULL),
    CASE kind WHEN 'hit' THEN 'True' ELSE 'None' END, 'off',
    CASE k % 4 WHEN 0 THEN '[]'::jsonb WHEN 1 THEN jsonb_build_array('env:prod', 'User-Agent: curl/8.5') WHEN 2 THEN jsonb_build_array('feature=chat', 'batch') ELSE jsonb_build_array('env:' || CASE d % 2 WHEN 0 THEN 'dev' ELSE 'prod' END) END,
    CASE WHEN k % 4 = 3 THEN '' ELSE 'team-' || k % 4 END, NULL::text, NULL::text, NULL::text, '{}'::jsonb, '{}'::jsonb,
    NULL::text, CASE kind WHEN 'failure' THEN 'failure' ELSE 'success' END, NULL::text, NULL::text, '{}'::jsonb
FROM caching
$$;
