-- The tables of Helicone's PostgreSQL with the columns that it wrote.
CREATE TABLE request (
    id uuid PRIMARY KEY, created_at timestamptz NOT NULL, body jsonb, path text, auth_hash text, user_id text, prompt_id text, formatted_prompt_id text,
    prompt_values jsonb, properties jsonb, helicone_user uuid, helicone_api_key_id bigint, helicone_org_id uuid, provider text, helicone_proxy_key_id uuid,
    model text, model_override text, threat boolean, target_url text, country_code text, request_ip text
);
CREATE TABLE response (
    id uuid PRIMARY KEY, created_at timestamptz, body jsonb, request uuid, delay_ms integer, status integer, completion_tokens integer, prompt_tokens integer,
    model text, time_to_first_token integer, feedback jsonb, helicone_org_id uuid
);
INSERT INTO request (id, created_at, provider, user_id, properties, model, helicone_proxy_key_id, body) VALUES
    ('00000000-0000-0000-0000-000000000001', '2026-10-05 01:30+02', 'OPENAI', 'ana', '{"Team": "Search", "Helicone-Session-Id": "a"}', 'gpt-4o', '10000000-0000-0000-0000-000000000001', '{"messages": "a planted secret"}'),
    ('00000000-0000-0000-0000-000000000002', '2026-10-04 03:30+00', 'OPENAI', 'ana', '{"Team": "Search", "Helicone-Session-Id": "b"}', 'gpt-4o', '10000000-0000-0000-0000-000000000001', NULL),
    ('00000000-0000-0000-0000-000000000003', '2026-11-01 00:30+01', 'ANTHROPIC', NULL, NULL, 'claude-sonnet-4-5', NULL, NULL), -- failed
    ('00000000-0000-0000-0000-000000000004', '2026-11-01 00:30+00', 'ANTHROPIC', NULL, NULL, 'claude-sonnet-4-5', NULL, NULL);
INSERT INTO response (id, request, status, prompt_tokens, completion_tokens, model) VALUES
    ('20000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', 200, 100, 20, 'gpt-4o-2024-08-06'),
    ('20000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000002', 200, 50, 10, 'gpt-4o-2024-08-06'),
    ('20000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000003', 500, NULL, NULL, NULL);
