-- The tables of Langfuse 2 with the columns that its migrations have made by then.
CREATE TYPE "ObservationType" AS ENUM ('SPAN', 'EVENT', 'GENERATION');
CREATE TABLE traces (
    id text PRIMARY KEY, timestamp timestamp(3) NOT NULL, name text, project_id text NOT NULL, metadata jsonb, user_id text, release text, version text,
    public boolean NOT NULL DEFAULT false, bookmarked boolean NOT NULL DEFAULT false, tags text[] DEFAULT '{}', input jsonb, output jsonb, session_id text
);
CREATE TABLE observations (
    id text PRIMARY KEY, name text, start_time timestamp(3) NOT NULL, end_time timestamp(3), parent_observation_id text, type "ObservationType" NOT NULL, trace_id text,
    metadata jsonb, model text, "modelParameters" jsonb, input jsonb, output jsonb, completion_tokens integer NOT NULL DEFAULT 0, prompt_tokens integer NOT NULL DEFAULT 0,
    total_tokens integer NOT NULL DEFAULT 0, version text, project_id text, unit text, input_cost decimal(65,30), output_cost decimal(65,30), total_cost decimal(65,30),
    internal_model text, calculated_input_cost decimal(65,30), calculated_output_cost decimal(65,30), calculated_total_cost decimal(65,30)
);
INSERT INTO traces (id, timestamp, name, project_id, user_id, release, tags, input, metadata) VALUES
    ('t1', '2026-10-05 10:00', 'chat', 'p1', 'ana', 'v2', '{env:prod,beta}', '{"question": "a planted secret"}', '{"Use-Case": "doc-search", "question": "a planted secret"}'),
    ('t2', '2026-10-05 11:00', 'run 0123456789', 'p1', NULL, NULL, '{}', NULL, '[]');
INSERT INTO observations (id, type, trace_id, project_id, parent_observation_id, start_time, model, prompt_tokens, completion_tokens, total_tokens, unit, calculated_total_cost) VALUES
    ('o1', 'GENERATION', 't1', 'p1', NULL, '2026-10-05 10:00', 'gpt-4o', 542, 235, 777, 'TOKENS', 0.0037),        -- holds o2, two levels down
    ('s1', 'SPAN',       't1', 'p1', 'o1', '2026-10-05 10:00', NULL, 0, 0, 0, NULL, NULL),
    ('o2', 'GENERATION', 't1', 'p1', 's1', '2026-10-05 10:00', 'gpt-4o', 163, 20, 183, 'TOKENS', 0.0006),
    ('o3', 'GENERATION', 't1', 'p1', NULL, '2026-10-05 12:00', 'gpt-4o', 10, 5, 15, NULL, 0.000075),
    ('o4', 'GENERATION', 't2', 'p1', NULL, '2026-10-05 12:00', 'of-our-own', 10, 5, 15, NULL, NULL),
    ('o5', 'GENERATION', 't9', 'p1', NULL, '2026-11-01 00:00', 'gpt-4o', 10, 5, 15, NULL, NULL),
    ('o6', 'GENERATION', NULL, 'p1', NULL, '2026-10-31 23:59', 'deepseek-chat', 10, 5, 15, NULL, NULL),
    ('o7', 'GENERATION', 't2', 'p1', NULL, '2026-10-06 12:00', 'whisper', 60, 0, 60, 'SECONDS', NULL);            -- no tokens
UPDATE observations SET metadata = '{"ls_provider": "azure_openai", "team": "Search"}' WHERE id = 'o4';
