-- The types that reports use as well: names, as ingest writes them.
CREATE OR REPLACE TEMP MACRO as_text(s) AS nullif(trim(s), '');
-- A secret that slipped into an export is never stored: what remains tells one key from another.
CREATE OR REPLACE TEMP MACRO as_key(s) AS CASE
    WHEN regexp_matches(s, '^(sk-|sk_|AKIA|AIza|gsk_|xai-|pcsk_|ghp_|r8_)[A-Za-z0-9_-]{16,}$')
        THEN 'key_' || left(sha256(getvariable('salt') || s), 12) || '…' || right(s, 4)
    ELSE as_text(s) END;
-- People are hashed with the ledger's salt, unless the configuration says `users: plain`.
CREATE OR REPLACE TEMP MACRO as_user(s) AS CASE
    WHEN s IS NULL OR trim(s) = '' THEN NULL
    WHEN getvariable('plain_users') THEN trim(s)
    ELSE 'user_' || left(sha256(getvariable('salt') || lower(trim(s))), 12) END;
-- One name for a provider, whatever an export calls it.
CREATE OR REPLACE TEMP MACRO as_provider(s) AS CASE lower(trim(s))
    WHEN '' THEN NULL
    WHEN 'amazon web services' THEN 'aws' WHEN 'amazon' THEN 'aws' WHEN 'bedrock' THEN 'aws' WHEN 'bedrock_converse' THEN 'aws' WHEN 'sagemaker' THEN 'aws'
    WHEN 'aws marketplace' THEN 'aws'
    WHEN 'microsoft' THEN 'azure' WHEN 'microsoft azure' THEN 'azure' WHEN 'azure_ai' THEN 'azure' WHEN 'azure_text' THEN 'azure'
    WHEN 'google cloud' THEN 'google' WHEN 'google cloud platform' THEN 'google' WHEN 'gcp' THEN 'google' WHEN 'vertex_ai' THEN 'google'
    WHEN 'vertex_ai_beta' THEN 'google' WHEN 'gemini' THEN 'google'
    WHEN 'oracle cloud infrastructure' THEN 'oracle' WHEN 'oracle cloud' THEN 'oracle' WHEN 'text-completion-openai' THEN 'openai'
    ELSE lower(trim(s)) END;
