-- The types that a source's columns may have: each turns text into a value, or into NULL where the text is not one.
-- Text that is NULL stays NULL; `stage` tells the two apart.

CREATE OR REPLACE TEMP MACRO as_text(s) AS nullif(trim(s), '');

-- Exact to 12 decimals: enough for $0.000000125 a token, wide enough for a $100M year. DuckDB would take 1_000 for 1000.
-- The plain reading is tried first; the patterns run only on the rows that it leaves.
CREATE OR REPLACE TEMP MACRO as_decimal(s) AS
    CASE WHEN NOT contains(s, '_') THEN TRY_CAST(s AS DECIMAL(38,12)) END;
CREATE OR REPLACE TEMP MACRO as_number(s) AS coalesce(
    as_decimal(s),
    CASE WHEN regexp_full_match(trim(s), '[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?') THEN as_decimal(replace(s, ',', '')) END);
-- $1,234.50, -$0.01, $-0.01, (12.50), 1,234.50 USD
CREATE OR REPLACE TEMP MACRO as_money(s) AS coalesce(
    as_number(s),
    as_number(regexp_replace(trim(s), '^([-+]?)[$€£¥]\s*', '\1')),
    as_number(regexp_replace(trim(s), '\s*(USD|EUR|GBP)$', '')),
    as_number('-' || regexp_extract(trim(s), '^\([$€£]?([0-9.,]+)\)$', 1)));
-- The same figures as they are written where the comma is the decimal mark: 1.234,50
CREATE OR REPLACE TEMP MACRO as_comma_money(s) AS
    CASE WHEN regexp_full_match(trim(s), '[-+]?[$€£]?\s*([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]*)?(\s*€)?')
        THEN as_decimal(replace(replace(regexp_replace(s, '[$€£\s]', '', 'g'), '.', ''), ',', '.')) END;
-- A cast to BIGINT would round 1.5 to 2: a count is whole, though exports print 59200.0
CREATE OR REPLACE TEMP MACRO as_count(s) AS
    CASE WHEN as_number(s) % 1 = 0 AND abs(as_number(s)) < 9000000000000000000 THEN as_number(s)::BIGINT END;

-- Times are UTC. A cast to TIMESTAMP ignores an offset, one to TIMESTAMPTZ applies it but is dearer: so only where there is one.
CREATE OR REPLACE TEMP MACRO plausible(t) AS CASE WHEN t >= TIMESTAMP '2010-01-01' AND t < now()::TIMESTAMP + INTERVAL 1 YEAR THEN t END;
CREATE OR REPLACE TEMP MACRO has_offset(s) AS
    length(s) > 16 AND (s[-6] IN ('+', '-') OR s[-5] IN ('+', '-') OR s[-3] IN ('+', '-'));
CREATE OR REPLACE TEMP MACRO as_instant(s) AS plausible(coalesce(
    CASE WHEN s[5] = '-' AND NOT has_offset(s) THEN TRY_CAST(s AS TIMESTAMP) END,
    CASE WHEN s[5] = '-' AND has_offset(s) THEN TRY_CAST(s AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END,
    CASE WHEN length(s) = 8 THEN try_strptime(s, '%Y%m%d') END,
    CASE WHEN length(s) = 7 THEN try_strptime(s, '%Y-%m') END,
    try_strptime(s, ['%m/%d/%y', '%m/%d/%Y', '%m/%d/%Y %H:%M', '%m/%d/%Y %H:%M:%S', '%b %d, %Y', '%d %b %Y'])));
CREATE OR REPLACE TEMP MACRO as_day(s) AS date_trunc('day', as_instant(s));
CREATE OR REPLACE TEMP MACRO as_month(s) AS date_trunc('month', as_instant(s));
-- Unix time in seconds, or in milli-, micro- or nanoseconds where it is too large for seconds.
CREATE OR REPLACE TEMP MACRO as_epoch(s) AS plausible(CASE
    WHEN abs(as_number(s)) < 100000000000       THEN make_timestamp((as_number(s) * 1000000)::BIGINT)
    WHEN abs(as_number(s)) < 100000000000000    THEN make_timestamp((as_number(s) * 1000)::BIGINT)
    WHEN abs(as_number(s)) < 100000000000000000 THEN make_timestamp(as_number(s)::BIGINT)
    WHEN abs(as_number(s)) < 9000000000000000000 THEN make_timestamp((as_number(s) * 0.001)::BIGINT) END);

CREATE OR REPLACE TEMP MACRO as_flag(s) AS TRY_CAST(s AS BOOLEAN);
CREATE OR REPLACE TEMP MACRO as_json(s) AS CASE WHEN json_valid(s) THEN s END;
CREATE OR REPLACE TEMP MACRO as_id(s) AS md5_number_lower(nullif(s, ''));

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

-- Tags of any shape become one map: an object {"a": "b"}, a list ["a:b", "a=b", "a"], a list of objects, text a=b;c=d.
-- Names are compared without case, - and _ alike; where one is given twice, the one that sorts last wins.
CREATE OR REPLACE TEMP MACRO tag_name(s) AS replace(lower(trim(s)), '-', '_');
CREATE OR REPLACE TEMP MACRO tag_entry(s) AS CASE
    WHEN regexp_matches(s, '^[^:=\s]+\s*[:=]') THEN {
        'k': tag_name(regexp_extract(s, '^([^:=]+)[:=]', 1)), 'v': trim(regexp_extract(s, '^[^:=]+[:=](.*)$', 1, 's'))}
    ELSE {'k': tag_name(s), 'v': 'true'} END;
CREATE OR REPLACE TEMP MACRO tag_object(j) AS list_transform(json_keys(j), lambda k: {
    'k': tag_name(k), 'v': json_extract_string(j, '$."' || replace(k, '"', '\"') || '"')});
CREATE OR REPLACE TEMP MACRO tag_list(j) AS list_transform(json_extract_string(j, '$[*]'), lambda e: tag_entry(e));
CREATE OR REPLACE TEMP MACRO tag_entries(j) AS CASE
    WHEN j IS NULL THEN []
    WHEN NOT json_valid(j) THEN list_transform(string_split_regex(j, '\s*;\s*'), lambda e: tag_entry(e))
    WHEN json_type(j) = 'OBJECT' THEN tag_object(j)
    WHEN json_type(j) = 'ARRAY' THEN tag_list(j)
    WHEN json_type(j) = 'VARCHAR' THEN [tag_entry(json_extract_string(j, '$'))]
    ELSE [] END;
CREATE OR REPLACE TEMP MACRO tag_map(entries) AS map_from_entries(list_sort(list_transform(
    list_distinct(list_transform(list_filter(entries, lambda e: e.k <> '' AND e.v <> ''), lambda e: e.k)),
    lambda name: {'k': name, 'v': list_max(list_transform(list_filter(entries, lambda e: e.k = name AND e.v <> ''), lambda e: e.v))})));
-- `[tags, tags, ...]`: several sources of tags in one row.
CREATE OR REPLACE TEMP MACRO as_tags(j) AS CASE
    WHEN j IS NULL THEN NULL
    WHEN json_valid(j) AND json_type(j) = 'ARRAY'
        THEN nullif(tag_map(flatten(list_transform(json_extract(j, '$[*]'), lambda e: tag_entries(e::VARCHAR)))), MAP {})
    ELSE nullif(tag_map(tag_entries(j)), MAP {}) END;

-- The words that bills use for the kinds of charge that FOCUS knows.
CREATE OR REPLACE TEMP MACRO as_charge_category(s) AS CASE replace(replace(lower(trim(s)), '_', ' '), '-', ' ')
    WHEN 'usage' THEN 'Usage' WHEN 'metered' THEN 'Usage' WHEN 'on demand' THEN 'Usage' WHEN 'spot' THEN 'Usage' WHEN 'overage' THEN 'Usage'
    WHEN 'purchase' THEN 'Purchase' WHEN 'fee' THEN 'Purchase' WHEN 'subscription' THEN 'Purchase' WHEN 'recurring' THEN 'Purchase'
    WHEN 'commitment' THEN 'Purchase' WHEN 'seat' THEN 'Purchase' WHEN 'plan' THEN 'Purchase'
    WHEN 'tax' THEN 'Tax' WHEN 'vat' THEN 'Tax' WHEN 'sales tax' THEN 'Tax'
    WHEN 'credit' THEN 'Credit' WHEN 'credits' THEN 'Credit' WHEN 'refund' THEN 'Credit' WHEN 'discount' THEN 'Credit' WHEN 'promotion' THEN 'Credit'
    WHEN 'adjustment' THEN 'Adjustment' WHEN 'correction' THEN 'Adjustment' WHEN 'rounding' THEN 'Adjustment' END;

-- A line item of OpenAI names model and token class in one text, "gpt-4o-2024-08-06, cached input", and not always both.
CREATE OR REPLACE TEMP MACRO line_item_class(s) AS CASE replace(regexp_extract(lower(s), ',\s*([^,]+)$', 1), ' ', '_')
    WHEN 'input' THEN 'input' WHEN 'input_tokens' THEN 'input' WHEN 'cached_input' THEN 'cache_read' WHEN 'cached_input_tokens' THEN 'cache_read'
    WHEN 'input_cached_tokens' THEN 'cache_read' WHEN 'cache_write_input' THEN 'cache_write_5m' WHEN 'cache_write' THEN 'cache_write_5m'
    WHEN 'output' THEN 'output' WHEN 'output_tokens' THEN 'output' END;
CREATE OR REPLACE TEMP MACRO line_item_model(s) AS CASE
    WHEN line_item_class(s) IS NOT NULL THEN trim(regexp_replace(s, ',[^,]*$', ''))
    WHEN contains(s, ' | ') THEN trim(split_part(split_part(s, ' | ', 2), ',', 1))
    WHEN contains(s, 'tool call') OR contains(s, 'storage') OR contains(lower(s), 'session') THEN NULL
    ELSE trim(split_part(s, ',', 1)) END;
CREATE OR REPLACE TEMP MACRO model_category(s) AS CASE
    WHEN contains(lower(s), 'embed') OR lower(s) IN ('ada v2', 'text-embedding-ada-002-v2') OR starts_with(lower(s), 'voyage') THEN 'embeddings'
    WHEN contains(lower(s), 'vector store') OR contains(lower(s), 'file search') THEN 'vector'
    ELSE 'llm' END;
