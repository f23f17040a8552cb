-- The types that a source's columns may have: each turns text into a value, or into NULL where the text is not one.
-- Text that is NULL stays NULL; `stage` tells the two apart.


-- Exact to 12 decimals: enough for $0.000000125 a token, wide enough for a $100M year. DuckDB would take 1_000 for 1000.
-- The plain reading is tried first; the patterns run only on the rows that it leaves.
CREATE OR REPLACE TEMP MACRO as_decimal(s) AS
    CASE WHEN NOT contains(s, '_') THEN TRY_CAST(s AS DECIMAL(38,12)) END;
CREATE OR REPLACE TEMP MACRO as_number(s) AS coalesce(
    as_decimal(s),
    CASE WHEN regexp_full_match(trim(s), '[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?') THEN as_decimal(replace(s, ',', '')) END);
-- 12,345 is twelve thousand, or twelve and a bit: what else the file writes must tell. 0,345 is never in thousands, 1,234,567 and 12,345.0 always.
CREATE OR REPLACE TEMP MACRO may_be_fraction(s) AS regexp_full_match(s, '[^0-9.,]*[1-9][0-9]{0,2},[0-9]{3}[^0-9.,]*');
-- $1,234.50, -$0.01, $-0.01, (12.50), 1,234.50 USD. Other signs are other money: they are for files whose currency is known.
CREATE OR REPLACE TEMP MACRO money_text(s, sign, code) AS
    CASE WHEN regexp_full_match(s, '\s*[-+]?\(?' || sign || '?\s*[-+]?([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)?(\.[0-9]*)?\)?(\s*' || code || ')?\s*')
        THEN CASE WHEN contains(s, '(') THEN '-' ELSE '' END || regexp_replace(s, '[^0-9.-]', '', 'g') END;
CREATE OR REPLACE TEMP MACRO as_money(s) AS coalesce(as_decimal(s), TRY_CAST(money_text(s, '\$', 'USD') AS DECIMAL(38,12)));
CREATE OR REPLACE TEMP MACRO as_foreign_money(s) AS coalesce(as_decimal(s), TRY_CAST(money_text(s, '[€£¥]', '[A-Z]{3}') AS DECIMAL(38,12)));
CREATE OR REPLACE TEMP MACRO as_any_money(s) AS coalesce(as_money(s), as_foreign_money(s)); -- where a column says which
-- The sign of the money that stands beside an amount, or its code where no sign is known.
CREATE OR REPLACE TEMP MACRO money_sign(s) AS CASE
    WHEN contains(s, '$') THEN '$' WHEN contains(s, '€') THEN '€' WHEN contains(s, '£') THEN '£'
    ELSE CASE regexp_extract(s, '[0-9)]\s*([A-Z]{3})\s*$', 1) WHEN '' THEN NULL WHEN 'USD' THEN '$' WHEN 'EUR' THEN '€' WHEN 'GBP' THEN '£' ELSE regexp_extract(s, '[0-9)]\s*([A-Z]{3})\s*$', 1) END END;
-- The same figures as they are written where the comma is the decimal mark: 1.234,50
CREATE OR REPLACE TEMP MACRO as_comma_money(s) AS
    CASE WHEN regexp_full_match(trim(s), '[-+]?[$€£]?\s*([1-9][0-9]{0,2}(\.[0-9]{3})+|[0-9]+)(,[0-9]*)?(\s*€)?')
        THEN as_decimal(replace(replace(regexp_replace(s, '[$€£\s]', '', 'g'), '.', ''), ',', '.')) END;
-- A cast to BIGINT would round 1.5 to 2: a count is whole, though exports print 59200.0 and 1e3.
CREATE OR REPLACE TEMP MACRO as_whole(s) AS CASE
    WHEN TRY_CAST(s AS DECIMAL(28,6)) % 1 = 0 THEN TRY_CAST(TRY_CAST(s AS DECIMAL(28,6)) AS BIGINT) END;
CREATE OR REPLACE TEMP MACRO as_count(s) AS CASE
    WHEN contains(s, '_') THEN NULL
    WHEN contains(s, ',') THEN CASE WHEN regexp_full_match(trim(s), '[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.0*)?') THEN as_whole(replace(s, ',', '')) END
    WHEN contains(s, '.') OR contains(s, 'e') OR contains(s, 'E') THEN as_whole(s)
    ELSE TRY_CAST(s AS BIGINT) END;
-- Where the comma is the decimal mark, 1.500 is one and a half thousand in every column, not in those of money alone.
CREATE OR REPLACE TEMP MACRO as_comma_number(s) AS as_comma_money(s);
CREATE OR REPLACE TEMP MACRO as_comma_count(s) AS as_whole(as_comma_money(s)::VARCHAR);

-- Times are UTC. A cast to TIMESTAMP ignores an offset, one to TIMESTAMPTZ applies it but is dearer: so only where there is one.
-- A commitment bought today may run for five years.
CREATE OR REPLACE TEMP MACRO plausible(t) AS CASE WHEN t >= TIMESTAMP '2010-01-01' AND t < now()::TIMESTAMP + INTERVAL 6 YEAR THEN t END;
CREATE OR REPLACE TEMP MACRO has_offset(s) AS
    length(s) > 16 AND (s[-6] IN ('+', '-') OR s[-5] IN ('+', '-') OR s[-3] IN ('+', '-'));
CREATE OR REPLACE TEMP MACRO as_instant(s) AS coalesce(
    CASE WHEN s[5] = '-' AND NOT has_offset(s) THEN TRY_CAST(s AS TIMESTAMP) END,
    CASE WHEN s[5] = '-' AND has_offset(s) THEN TRY_CAST(s AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END,
    CASE WHEN s[5] = '-' AND s[-6] = ' ' THEN TRY_CAST(s[:-7] || s[-5:] AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END, -- 2026-10-01 00:00:00 +0200
    CASE WHEN s[5] = '-' AND ends_with(s, ' +0000 UTC') THEN TRY_CAST(s[:-11] AS TIMESTAMP) END, -- as Go prints it
    CASE WHEN length(s) = 8 THEN try_strptime(s, '%Y%m%d') END,
    CASE WHEN length(s) = 7 THEN try_strptime(s, '%Y-%m') END,
    CASE WHEN length(s) = 5 THEN TIMESTAMP '1899-12-30' + to_days(TRY_CAST(s AS INTEGER)) END, -- a day of a workbook, and a time of one
    CASE WHEN s[6] = '.' AND regexp_full_match(s, '[0-9]{5}\.[0-9]+') THEN TIMESTAMP '1899-12-30' + to_milliseconds(round(s::DOUBLE * 86400000)::BIGINT) END,
    try_strptime(s, ['%m/%d/%y', '%m/%d/%Y', '%m/%d/%Y %H:%M', '%m/%d/%Y %H:%M:%S', '%b %d, %Y', '%d %b %Y', '%d-%b-%Y', '%d-%b-%Y %H:%M', '%Y-%m-%dT%H:%MZ']));
-- 01/10/2026 is a day of January or of October. Vendors are known to write one of the two; of a file that somebody mapped nobody knows,
-- and a day above 12 in one row says nothing of the others. Written as dates are, so that the hint fits what stands there.
CREATE OR REPLACE TEMP MACRO date_format(s, one, two) AS regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    trim(s), '^[0-9]+([/.-])[0-9]+([/.-])', one || '\1' || two || '\2'), '[0-9]{4}', '%Y'), '([/.-])[0-9]{2}\b', '\1%y'),
    '[0-9]+:[0-9]+', '%H:%M'), '%M:[0-9]+', '%M:%S');
CREATE OR REPLACE TEMP MACRO two_ways(s) AS CASE
    WHEN regexp_matches(s, '^\s*[0-9]{1,2}[/.-][0-9]{1,2}[/.-]([0-9]{4}|[0-9]{2})([^0-9]|$)')
        THEN concat('can be read two ways: add date_format: "', date_format(s, '%d', '%m'), '" or "', date_format(s, '%m', '%d'), '"') END;
CREATE OR REPLACE TEMP MACRO as_day(s) AS date_trunc('day', as_instant(s));
-- A spreadsheet that opens 2026-10 shows Oct-26, and saves it so.
CREATE OR REPLACE TEMP MACRO as_month(s) AS date_trunc('month', coalesce(as_instant(s),
    try_strptime(trim(s), ['%b-%y', '%b %Y', '%B %Y', '%m/%Y'])));
-- An ISO week, or its Monday. Another day of a week would leave open where the week begins.
CREATE OR REPLACE TEMP MACRO iso_week(s) AS
    CASE WHEN strftime(try_strptime(s || '-1', '%G-W%V-%u'), '%G-W%V') = s THEN try_strptime(s || '-1', '%G-W%V-%u') END;
CREATE OR REPLACE TEMP MACRO as_week(s) AS coalesce(
    iso_week(upper(trim(s))),
    CASE WHEN isodow(as_day(s)) = 1 THEN as_day(s) END);
-- The heading of a chart's column: a day, an hour, or the first day of a week or month, as next and before, the headings beside it, tell.
CREATE OR REPLACE TEMP MACRO heading_start(s) AS plausible(coalesce(iso_week(upper(trim(s))), as_instant(trim(s))));
CREATE OR REPLACE TEMP MACRO heading_end(t, next, before) AS CASE
    WHEN next <= t + INTERVAL 31 DAY THEN next
    WHEN day(t) = 1 AND day(before) = 1 AND t - INTERVAL 1 MONTH = before THEN t + INTERVAL 1 MONTH
    WHEN t <= before + INTERVAL 31 DAY THEN t + (t - before)
    ELSE t + INTERVAL 1 DAY END;
-- Unix time in seconds, or in milli-, micro- or nanoseconds where it is too large for seconds.
-- A double holds microseconds exactly for some centuries yet, and is ten times faster here than a decimal.
CREATE OR REPLACE TEMP MACRO seconds(n) AS CASE
    WHEN abs(n) < 1e11 THEN n WHEN abs(n) < 1e14 THEN n / 1e3 WHEN abs(n) < 1e17 THEN n / 1e6 WHEN abs(n) < 1e20 THEN n / 1e9 END;
CREATE OR REPLACE TEMP MACRO as_epoch(s) AS make_timestamp((seconds(TRY_CAST(s AS DOUBLE)) * 1e6)::BIGINT);

CREATE OR REPLACE TEMP MACRO as_flag(s) AS TRY_CAST(s AS BOOLEAN);
CREATE OR REPLACE TEMP MACRO as_json(s) AS CASE WHEN json_valid(s) THEN s END;
CREATE OR REPLACE TEMP MACRO as_id(s) AS CASE WHEN trim(s) <> '' THEN md5_number_lower(s) END;


-- What a reject quotes of a value. In a row that has shifted anything may stand anywhere, and a prompt is long. People and keys are taken out of all reasons at once.
CREATE OR REPLACE TEMP MACRO quoted(s) AS CASE WHEN length(s) > 40 THEN concat('a text of ', length(s), ' characters') ELSE '"' || s || '"' END;


-- Tags of any shape become one map: an object {"a": "b"}, a list ["a:b", "a=b", "a"], a list of objects, text a=b;c=d.
-- Names are compared without case, - and _ alike; where one is given twice, the one that sorts last wins.
CREATE OR REPLACE TEMP MACRO tag_name(s) AS replace(lower(trim(discreet(s))), '-', '_');
-- An entry is name, unit separator, value: one text, for DuckDB loses the names of a struct inside a macro's subquery.
CREATE OR REPLACE TEMP MACRO tag_entry(s) AS CASE
    WHEN regexp_matches(s, '^[^:=\s]+\s*[:=]')
        THEN tag_name(regexp_extract(s, '^([^:=]+)[:=]', 1)) || chr(31) || trim(regexp_extract(s, '^[^:=]+[:=](.*)$', 1, 's'))
    ELSE tag_name(s) || chr(31) || 'true' END;
CREATE OR REPLACE TEMP MACRO tag_object(j) AS
    list_transform(json_keys(j), lambda k: tag_name(k) || chr(31) || json_extract_string(j, '$."' || replace(k, '"', '\"') || '"'));
CREATE OR REPLACE TEMP MACRO tag_entries(j) AS CASE
    WHEN NOT json_valid(j) THEN list_transform(string_split_regex(j, '\s*;\s*'), lambda e: tag_entry(e))
    WHEN json_type(j) = 'OBJECT' THEN tag_object(j)
    WHEN json_type(j) = 'ARRAY' THEN list_transform(json_extract_string(j, '$[*]'), lambda e: tag_entry(e))
    WHEN json_type(j) = 'VARCHAR' THEN [tag_entry(json_extract_string(j, '$'))] END;
-- What people ask a model is no tag, whoever attached it: not under these names, and not where it is longer than any cloud lets a tag be.
CREATE OR REPLACE TEMP MACRO is_content(k, v) AS length(v) > 256
    OR k IN ('prompt', 'prompts', 'system_prompt', 'messages', 'input', 'inputs', 'output', 'outputs', 'completion', 'completions', 'response');
-- `[tags, tags, ...]`: several sources of tags in one row. A value that holds an @ may name a person. A subquery, for a macro that names its argument four
-- times is bound four times, and that costs more than the work.
CREATE OR REPLACE TEMP MACRO all_tag_entries(j) AS CASE
    WHEN json_valid(j) AND json_type(j) = 'ARRAY' THEN flatten(list_transform(json_extract(j, '$[*]'), lambda e: tag_entries(e::VARCHAR)))
    ELSE tag_entries(j) END;
CREATE OR REPLACE TEMP MACRO as_tags(j) AS (
    SELECT CASE WHEN count(*) > 0 THEN map(list(k ORDER BY k), list(without_keys(CASE WHEN contains(v, '@') THEN as_user(v) ELSE v END) ORDER BY k)) END
    FROM (SELECT split_part(e, chr(31), 1) AS k, max(split_part(e, chr(31), 2)) AS v FROM (SELECT unnest(all_tag_entries(j)) AS e) GROUP BY 1)
    WHERE k <> '' AND v <> '' AND NOT is_content(k, v));

-- The words that bills use for the kinds of charge that FOCUS knows.
CREATE OR REPLACE TEMP MACRO as_charge_category(s) AS CASE replace(replace(lower(trim(s)), '_', ' '), '-', ' ')
    WHEN 'usage' THEN 'Usage' WHEN 'metered' THEN 'Usage' WHEN 'on demand' THEN 'Usage' WHEN 'spot' THEN 'Usage' WHEN 'overage' THEN 'Usage'
    WHEN 'purchase' THEN 'Purchase' WHEN 'fee' THEN 'Purchase' WHEN 'subscription' THEN 'Purchase' WHEN 'recurring' THEN 'Purchase'
    WHEN 'commitment' THEN 'Purchase' WHEN 'seat' THEN 'Purchase' WHEN 'plan' THEN 'Purchase'
    WHEN 'tax' THEN 'Tax' WHEN 'vat' THEN 'Tax' WHEN 'sales tax' THEN 'Tax'
    WHEN 'credit' THEN 'Credit' WHEN 'credits' THEN 'Credit' WHEN 'refund' THEN 'Credit' WHEN 'discount' THEN 'Credit' WHEN 'promotion' THEN 'Credit'
    WHEN 'adjustment' THEN 'Adjustment' WHEN 'correction' THEN 'Adjustment' WHEN 'rounding' THEN 'Adjustment' END;

-- Whether a text, or an entry of a JSON list, matches one of some globs in lower case.
CREATE OR REPLACE TEMP MACRO is_one_of(s, globs) AS len(list_filter(
    CASE WHEN starts_with(s, '[') AND json_valid(s) THEN json_extract_string(s, '$[*]') ELSE [s] END,
    lambda e: len(list_filter(globs, lambda g: trim(lower(e)) GLOB g)) > 0)) > 0;

-- A line item of OpenAI names model and token class in one text, "gpt-4o-2024-08-06, cached input", and not always both.
CREATE OR REPLACE TEMP MACRO line_item_class(s) AS CASE replace(regexp_extract(lower(s), ',\s*([^,]+)$', 1), ' ', '_')
    WHEN 'input' THEN 'input' WHEN 'input_tokens' THEN 'input' WHEN 'cached_input' THEN 'cache_read' WHEN 'cached_input_tokens' THEN 'cache_read'
    WHEN 'input_cached_tokens' THEN 'cache_read' WHEN 'cache_write_input' THEN 'cache_write_5m' WHEN 'cache_write' THEN 'cache_write_5m'
    WHEN 'output' THEN 'output' WHEN 'output_tokens' THEN 'output' END;
-- What is no token has a class too, or tokens would claim its dollars.
CREATE OR REPLACE TEMP MACRO line_item_unit(s) AS coalesce(line_item_class(s), CASE
    WHEN contains(lower(s), 'web search') THEN 'web_search' WHEN contains(lower(s), 'storage') THEN 'storage' WHEN contains(lower(s), 'session') THEN 'session'
    WHEN contains(lower(s), 'tool call') THEN 'tool_call' WHEN contains(lower(s), 'code interpreter') THEN 'session' END);
CREATE OR REPLACE TEMP MACRO line_item_model(s) AS CASE
    WHEN line_item_class(s) IS NOT NULL THEN trim(regexp_replace(s, ',[^,]*$', ''))
    WHEN contains(s, ' | ') THEN trim(split_part(split_part(s, ' | ', 2), ',', 1))
    WHEN contains(s, 'tool call') OR contains(s, 'storage') OR contains(lower(s), 'session') THEN NULL
    WHEN contains(s, ' ') AND NOT regexp_matches(s, '[0-9]') THEN NULL -- "Text tokens" is no model
    ELSE trim(split_part(s, ',', 1)) END;
CREATE OR REPLACE TEMP MACRO model_category(s) AS CASE
    WHEN contains(lower(s), 'embed') OR lower(s) IN ('ada v2', 'text-embedding-ada-002-v2') OR starts_with(lower(s), 'voyage') THEN 'embeddings'
    WHEN contains(lower(s), 'vector store') OR contains(lower(s), 'file search') THEN 'vector'
    ELSE 'llm' END;

-- Why the classes of tokens in a record of OpenAI's usage do not add up: input against its caching, and a total against its modalities.
CREATE OR REPLACE TEMP MACRO cache_problem(input, fresh, cached, written) AS CASE
    WHEN least(fresh, cached, written) < 0 OR fresh + coalesce(cached, 0) + coalesce(written, 0) <> input
        THEN concat('input_tokens ', input, ' is not made of ', fresh, ' uncached, ', coalesce(cached, 0), ' cached and ', coalesce(written, 0),
            ' written to the cache') END;
CREATE OR REPLACE TEMP MACRO split_problem(what, whole, text, audio, image) AS CASE
    WHEN whole >= 0 AND (text + coalesce(audio, 0) + coalesce(image, 0) <> whole OR coalesce(audio, 0) + coalesce(image, 0) > whole)
        THEN concat(what, ' ', whole, ' is not made of ', text || ' text, ', coalesce(audio, 0), ' audio and ', coalesce(image, 0), ' image') END;

-- The Claude Console shows models by display name: "Claude 3.5 Sonnet 2024-10-22" is claude-3-5-sonnet-20241022 in the API, and a name
-- without a date is the API's alias.
CREATE OR REPLACE TEMP MACRO claude_model(s) AS CASE
    WHEN starts_with(s, 'Claude ')
        THEN regexp_replace(regexp_replace(lower(s), '[ .]', '-', 'g'), '-([0-9]{4})-([0-9]{2})-([0-9]{2})$', '-\1\2\3')
    ELSE s END;
-- At first there was one kind of cache write, kept for five minutes.
CREATE OR REPLACE TEMP MACRO claude_class(s) AS CASE s
    WHEN 'uncached_input_tokens' THEN 'input' WHEN 'input_no_cache' THEN 'input'
    WHEN 'cache_read_input_tokens' THEN 'cache_read' WHEN 'input_cache_read' THEN 'cache_read'
    WHEN 'cache_creation.ephemeral_5m_input_tokens' THEN 'cache_write_5m' WHEN 'input_cache_write' THEN 'cache_write_5m'
    WHEN 'input_cache_write_5m' THEN 'cache_write_5m'
    WHEN 'cache_creation.ephemeral_1h_input_tokens' THEN 'cache_write_1h' WHEN 'input_cache_write_1h' THEN 'cache_write_1h'
    WHEN 'output_tokens' THEN 'output' WHEN 'output' THEN 'output' END;
-- The Console writes "≤ 200k" where the API says 0-200k.
CREATE OR REPLACE TEMP MACRO claude_context(s) AS CASE WHEN s[1] IN ('≤', '<') THEN '0-200k' WHEN s[1] = '>' THEN '200k-1M' ELSE s END;
-- Fast mode and batches have prices of their own; no call is both.
CREATE OR REPLACE TEMP MACRO claude_tier(tier, speed) AS CASE
    WHEN speed <> 'standard' THEN speed WHEN tier = 'message' THEN 'standard' ELSE tier END;

-- The base name of the file, for exports that say nowhere else what time they are of.
CREATE OR REPLACE TEMP MACRO file_name() AS getvariable('file_name');
-- The code of a currency, from what stands in a header or beside an amount. ¥ may be two, and is none.
CREATE OR REPLACE TEMP MACRO as_currency(s) AS CASE upper(trim(s))
    WHEN '$' THEN 'USD' WHEN 'US$' THEN 'USD' WHEN '€' THEN 'EUR' WHEN '£' THEN 'GBP'
    ELSE CASE WHEN regexp_full_match(trim(s), '[A-Za-z]{3}') THEN upper(trim(s)) END END;

-- GitHub bills Copilot by the display name of a model: "Auto: Claude Haiku 4.5" is claude-haiku-4-5; "Code Review model" is none.
CREATE OR REPLACE TEMP MACRO copilot_model(s) AS CASE
    WHEN lower(s) = 'auto' OR regexp_matches(s, '(?i) model$') THEN NULL
    ELSE replace(lower(claude_model(trim(regexp_replace(regexp_replace(s, '(?i)^auto:\s*', ''), '\s*\(.*$', '')))), ' ', '-') END;
-- Cursor says in words, or in the names of its API, whether an event is charged, in the plan, billed by the owner of a key, or failed.
CREATE OR REPLACE TEMP MACRO cursor_charge(s) AS CASE
    WHEN regexp_full_match(replace(lower(s), '_', ' '), '(usage event kind )?(on-demand|usage[ -]based)') THEN 'charged'
    WHEN regexp_full_match(replace(lower(s), '_', ' '), '(usage event kind )?(included( in .*)?|free( credits?)?)') THEN 'included'
    WHEN regexp_full_match(replace(lower(s), '_', ' '), '(usage event kind )?user api key') THEN 'key'
    WHEN regexp_full_match(replace(lower(s), '_', ' '), '(usage event kind )?(errored|aborted),? (no charge|not charged)') THEN 'failed' END;
-- The logs of coding agents: the folder that somebody worked in, without the way to it. A home folder is named after a person.
CREATE OR REPLACE TEMP MACRO folder_tags(s) AS CASE
    WHEN regexp_full_match(s, '(?i)(/root|(/home|/users|[a-z]:[/\\]users)[/\\][^/\\]+)[/\\]*') THEN NULL
    ELSE '{"project": ' || to_json(nullif(regexp_extract(s, '([^/\\:]+)[/\\]*$', 1), '')) || '}' END;

-- Google Cloud: a SKU names a model in words. The Gemini API has two orders ("… cached text input token count for Gemini 3 Pro short", "… input token
-- count gemini 2.5 flash short input text"), Vertex AI a third ("Gemini 3 Flash Text Input - Predictions"). An image that is part of the model's name becomes a picture.
CREATE OR REPLACE TEMP MACRO google_words(sku) AS regexp_replace(regexp_replace(regexp_replace(
    translate(lower(sku), '_()', '   '), ' native image generation', ' picture'),
    '( for gemini [0-9.]+( [a-z]+)*) image', '\1 picture'), ' image( text| image)( input| output)', ' picture\1\2');
CREATE OR REPLACE TEMP MACRO google_ai(service) AS regexp_matches(lower(service), 'vertex ai|gemini|generative language|\bclaude\b');
-- Cached before input, and "output token count" before "input": the output of a short input is called "output token count … short input text".
CREATE OR REPLACE TEMP MACRO google_words_class(s) AS CASE
    WHEN contains(s, 'storage')                                THEN 'storage'
    WHEN contains(s, 'grounding')                              THEN 'web_search'
    WHEN contains(s, 'provisioned')                            THEN 'provisioned'
    WHEN regexp_matches(s, '\b(tuning|training)\b')            THEN 'training'
    WHEN regexp_matches(s, '\bveo\b')                          THEN 'video'
    WHEN regexp_matches(s, '\bimagen\b')                       THEN 'image'
    WHEN regexp_matches(s, '\blyria\b')                        THEN 'audio'
    WHEN regexp_matches(s, 'token|embed|\bgemini\b')
        THEN CASE
            WHEN regexp_matches(s, '\bcache (write|creation)') THEN CASE WHEN regexp_matches(s, '\b1 ?h') THEN 'cache_write_1h' ELSE 'cache_write_5m' END
            WHEN regexp_matches(s, '\bcach(ed|ing|e)\b')       THEN 'cache_read'
            WHEN contains(s, 'output token')                   THEN 'output'
            WHEN contains(s, 'input token')                    THEN 'input'
            WHEN regexp_matches(s, '\boutput\b')               THEN 'output'
            WHEN regexp_matches(s, '\binput\b')                THEN 'input' END
        || CASE WHEN regexp_matches(s, '\baudio\b') THEN '_audio' WHEN regexp_matches(s, '\bimage\b') THEN '_image'
            WHEN regexp_matches(s, '\bvideo\b') THEN '_video' ELSE '' END END;
-- What is left of the name when the known words are gone: an unknown word stays, and makes it a model that nobody knows, not another one.
CREATE OR REPLACE TEMP MACRO google_words_model(s) AS nullif(trim(replace(regexp_replace(regexp_replace(regexp_extract(s, '\b(gemini|claude)\b.*'),
    '\b(non-thinking|thinking|on|off|short|long|text|image|audio|video|input|output|cached|caching|cache|read|write|creation|storage|ga|global|regional|predictions|batch|priority|flex|tokens?|count|5m|1h)\b',
    ' ', 'g'), '[ -]+', '-', 'g'), 'picture', 'image'), '-'), '');
-- The API of Gemini 3 knows these models as previews alone, its SKUs do not say so; and it writes Claude's versions with a hyphen.
CREATE OR REPLACE TEMP MACRO google_model_id(m) AS CASE
    WHEN m IN ('gemini-3-pro', 'gemini-3-flash', 'gemini-3-pro-image', 'gemini-3.1-pro') THEN m || '-preview'
    WHEN starts_with(m, 'claude') THEN replace(m, '.', '-')
    ELSE m END;
CREATE OR REPLACE TEMP MACRO google_model(service, sku) AS CASE
    WHEN google_ai(service) AND NOT regexp_matches(lower(sku), 'grounding|provisioned|code assist') THEN google_model_id(google_words_model(google_words(sku))) END;
CREATE OR REPLACE TEMP MACRO google_class(service, sku) AS CASE WHEN google_ai(service) THEN google_words_class(google_words(sku)) END;
CREATE OR REPLACE TEMP MACRO google_tier(service, sku) AS CASE WHEN google_ai(service) THEN nullif(regexp_extract(lower(sku), '\b(batch|flex|priority)\b', 1), '') END;
CREATE OR REPLACE TEMP MACRO google_context(service, sku) AS CASE
    WHEN google_ai(service) AND regexp_matches(lower(sku), 'gemini (2\.5|3|3\.1) pro\b')
        THEN CASE regexp_extract(lower(sku), '\b(short|long)\b', 1) WHEN 'short' THEN '0-200k' WHEN 'long' THEN '200k-1M' END END;
-- A machine of a GPU family is billed in three lines: its GPUs, its cores and its memory.
CREATE OR REPLACE TEMP MACRO google_category(service, sku) AS CASE
    WHEN regexp_matches(lower(sku), 'nvidia|\btpu|\b(a[234][a-z]*|g[24])( (mega|ultra|high|edge|plus))? (predefined )?instance (core|ram)') THEN 'gpu'
    WHEN NOT google_ai(service)                                                     THEN NULL
    WHEN regexp_matches(lower(sku), 'code assist|subscription|licen[cs]e')          THEN 'seat'
    WHEN contains(lower(sku), 'embed')                                              THEN 'embeddings'
    WHEN regexp_matches(lower(sku), 'vector search|matching engine')                THEN 'vector'
    WHEN google_class(service, sku) IN ('video', 'image', 'audio')                  THEN google_class(service, sku)
    WHEN regexp_matches(lower(sku), '\b(gemini|claude|llm|tokens?|provisioned throughput|grounding)\b') THEN 'llm' END;
CREATE OR REPLACE TEMP MACRO google_service_category(service) AS CASE
    WHEN google_ai(service) OR regexp_matches(lower(service), 'speech|vision|natural language|translat|document ai|dialogflow|discovery engine|agent builder|cloud tpu')
        THEN 'AI and Machine Learning'
    WHEN regexp_matches(lower(service), 'compute engine|kubernetes|cloud run|functions|app engine|vmware')    THEN 'Compute'
    WHEN regexp_matches(lower(service), 'sql|spanner|bigtable|firestore|datastore|memorystore|alloydb|mongodb') THEN 'Databases'
    WHEN regexp_matches(lower(service), 'bigquery|dataflow|dataproc|looker|composer|data fusion|dataplex')    THEN 'Analytics'
    WHEN regexp_matches(lower(service), 'storage|filestore|backup')                                           THEN 'Storage'
    WHEN regexp_matches(lower(service), 'network|dns|cdn|load balanc|interconnect|vpn')                       THEN 'Networking'
    WHEN regexp_matches(lower(service), 'logging|monitoring|stackdriver|trace')                               THEN 'Management and Governance'
    WHEN regexp_matches(lower(service), 'security|kms|key management|secret|armor|recaptcha')                 THEN 'Security'
    ELSE 'Other' END;
-- What a client library prints of a list is Python's: 'a' for "a", None for null.
CREATE OR REPLACE TEMP MACRO python_json(s) AS CASE WHEN json_valid(s) THEN s ELSE
    regexp_replace(replace(replace(replace(regexp_replace(regexp_replace(s, '''([^''"\\]*)''', '"\1"', 'g'),
    'Decimal\("([^"]*)"\)', '\1', 'g'), ': None', ': null'), ': True', ': true'), ': False', ': false'), '\}\s*\{', '}, {', 'g') END;

-- Crusoe, CoreWeave, Stripe: a resource or line that names a GPU.
CREATE OR REPLACE TEMP MACRO names_gpu(s) AS
    regexp_matches(lower(s), '\b(gpus?|gb?[23]00|h[12]00|b[23]00|a100|a10g?|a40|l40s?|l4|t4|v100|mi[23][0-9]{2}x?|rtx)(\b|_|[0-9]*gb)|[_-](gpu|h100|h200|a100)');
-- The clouds' machines with accelerators: p5.48xlarge, g6.xlarge, trn2.48xlarge, Standard_ND96isr_H100_v5.
CREATE OR REPLACE TEMP MACRO machines_with_gpus() AS '\b(p[2-6]|g[3-7])[a-z]*\.[0-9]*(x?large|metal)|\b(trn|inf)[0-9][a-z]*\.|standard_n[cdv][0-9]';
-- The company on an invoice, by the name that it goes by: Lambda, Inc. is lambda, Modal Labs modal, Vast.ai vast.
CREATE OR REPLACE TEMP MACRO vendor_name(s) AS as_provider(regexp_replace(regexp_replace(trim(discreet(s)),
    ',?\s+(inc|llc|ltd|limited|gmbh|b\.?v|corp|corporation|co\.?,?\s+ltd|co|pbc|sas|s\.a)\.?$', '', 'i'),
    '(\s+(ai|labs|cloud|computer|technologies|systems)|\.(ai|com|io|dev))$', '', 'i'));
-- Stripe writes amounts in the smallest unit of a currency: cents, but whole yen. Of some its documentation says both.
CREATE OR REPLACE TEMP MACRO minor_units(amount, currency) AS (CASE
    WHEN upper(currency) IN ('BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN amount
    WHEN upper(currency) IN ('BHD', 'JOD', 'KWD', 'OMR', 'TND') THEN amount * 0.001
    WHEN upper(currency) NOT IN ('ISK', 'UGX') THEN amount * 0.01 END)::DECIMAL(38,12);

-- Gateways and traces: what callers attach to a call may name who called, or the conversation. That is no tag, and never a team's.
CREATE OR REPLACE TEMP MACRO is_personal(name) AS
    regexp_full_match(lower(name), '((end|session|chat|thread|conversation|request|trace|message)[._-]?)?(user|user[._-]?(id|name|email)|username|e?mail|session|id)');
CREATE OR REPLACE TEMP MACRO impersonal(j) AS CASE WHEN json_valid(j) AND json_type(j) = 'OBJECT' AND len(json_keys(j)) > 0
    THEN '{' || array_to_string(list_transform(list_filter(json_keys(j), lambda k: NOT is_personal(k)),
        lambda k: to_json(k) || ': ' || json_extract(j, '$."' || replace(k, '"', '\"') || '"')), ', ') || '}' END;
CREATE OR REPLACE TEMP MACRO person_in(j) AS CASE WHEN json_valid(j) THEN coalesce(j ->> '$.user_id', j ->> '$.userId', j ->> '$.user', j ->> '$.email') END;
-- Who bills for a call can be told by where it went, if not by what the caller wrote.
CREATE OR REPLACE TEMP MACRO host_provider(host) AS CASE
    WHEN regexp_matches(host, '\.azure\.(com|us|cn)\b')           THEN 'azure'
    WHEN regexp_matches(host, '\bbedrock[a-z0-9.-]*\.amazonaws\.com\b') THEN 'aws'
    WHEN regexp_matches(host, '\b(aiplatform|generativelanguage)\.googleapis\.com\b') THEN 'google'
    WHEN regexp_matches(host, '(^|[./])x\.ai\b')                  THEN 'xai'
    ELSE nullif(regexp_extract(host, '\bapi\.(openai|anthropic|mistral|groq|deepseek|cohere|fireworks|together|perplexity|voyageai)\.(com|ai|xyz)\b', 1), '') END;
