-- The types that reports use as well: names, as ingest writes them.
CREATE OR REPLACE TEMP MACRO as_text(s) AS nullif(trim(s), '');
-- A key that slipped into an export is never stored: what remains, a hash and its last four, tells one from another. Where vendors' keys are of letters and
-- digits alone, so is what is taken for one: xai-grok-4-fast-reasoning and hf_endpoint_of_search are names. Some sources write names small.
CREATE OR REPLACE TEMP MACRO secret() AS '(?i)\b(?:(?:sk[-_]|rk_|pk-lf-|nvapi-|glpat-|xox[abeprs]-|pcsk_|github_pat_|tgp_v1_|lsv2_[ps][tk]_)[a-z0-9_-]{12,}'
    || '|(?:gsk_|fw_|hf_|r8_|rpa_|gh[opsur]_|dapi|whsec_|xai-|pplx-)[a-z0-9]{16,}|AKIA[a-z0-9]{12,}|AIza[a-z0-9_-]{20,}'
    || '|(?:ya29|eyJ[a-z0-9_-]{8,})\.[a-z0-9._-]{12,}|Bearer\s+[a-z0-9._~+/=-]{12,})([a-z0-9]{4})\b';
-- People are hashed with the ledger's salt, unless the configuration says `users: plain`.
CREATE OR REPLACE TEMP MACRO as_user(s) AS CASE
    WHEN s IS NULL OR trim(s) = '' THEN NULL
    WHEN getvariable('plain_users') THEN trim(s)
    ELSE 'user_' || left(sha256(getvariable('salt') || lower(trim(s))), 12) END;
-- Texts are kept as they are, but for the people and keys that somebody wrote into them: an account or a resource may be called ana@example.com.
CREATE OR REPLACE TEMP MACRO is_person(s) AS regexp_full_match(trim(s), '[\w.%+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}');
CREATE OR REPLACE TEMP MACRO without_keys(s) AS regexp_replace(s, secret(), '(a key …\1)', 'g');
CREATE OR REPLACE TEMP MACRO without_secrets(s) AS without_keys(CASE WHEN getvariable('plain_users') OR NOT contains(s, '@') THEN s
    ELSE regexp_replace(s, '[\w.%+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}', '(a person)', 'g') END);
-- The first case is the one of nearly all texts, which shall cost next to nothing.
CREATE OR REPLACE TEMP MACRO discreet(s) AS CASE
    WHEN strlen(s) < 16 AND NOT contains(s, '@')            THEN s
    WHEN is_person(s) AND NOT getvariable('plain_users')    THEN as_user(s)
    ELSE without_secrets(s) END;
CREATE OR REPLACE TEMP MACRO as_key(s) AS CASE
    WHEN strlen(s) >= 16 AND regexp_full_match(s, secret()) THEN 'key_' || left(sha256(getvariable('salt') || s), 12) || '…' || right(s, 4)
    ELSE discreet(as_text(s)) END;
-- One name for a provider, whatever an export calls it.
CREATE OR REPLACE TEMP MACRO as_provider(s) AS CASE lower(trim(s))
    WHEN '' THEN NULL
    WHEN 'amazon web services' THEN 'aws' WHEN 'amazon' THEN 'aws' WHEN 'bedrock' THEN 'aws' WHEN 'bedrock_converse' THEN 'aws' WHEN 'sagemaker' THEN 'aws'
    WHEN 'aws marketplace' THEN 'aws'
    WHEN 'microsoft' THEN 'azure' WHEN 'microsoft azure' THEN 'azure' WHEN 'azure_ai' THEN 'azure' WHEN 'azure_text' THEN 'azure'
    WHEN 'google cloud' THEN 'google' WHEN 'google cloud platform' THEN 'google' WHEN 'gcp' THEN 'google' WHEN 'vertex_ai' THEN 'google'
    WHEN 'vertex_ai_beta' THEN 'google' WHEN 'gemini' THEN 'google'
    WHEN 'oracle cloud infrastructure' THEN 'oracle' WHEN 'oracle cloud' THEN 'oracle' WHEN 'text-completion-openai' THEN 'openai'
    WHEN 'openai opco' THEN 'openai' WHEN 'anysphere' THEN 'cursor' WHEN 'x' THEN 'xai' WHEN 'x.ai' THEN 'xai' WHEN 'elasticsearch' THEN 'elastic'
    WHEN 'nebius israel' THEN 'nebius' WHEN 'crusoe energy' THEN 'crusoe'
    ELSE lower(trim(s)) END;
