-- The words of FOCUS for what the ledger knows.

-- What FOCUS sorts services into, by our own finer category. A vector store has no subcategory of its own there.
CREATE OR REPLACE TEMP MACRO focus_kind(kind, provider) AS CASE
    WHEN kind IN ('llm', 'embeddings')                                THEN {'category': 'AI and Machine Learning', 'subcategory': 'Generative AI'}
    WHEN kind = 'vector'                                              THEN {'category': 'Databases', 'subcategory': 'Other (Databases)'}
    WHEN kind = 'gpu' AND provider IN ('modal', 'replicate', 'baseten', 'beam', 'cerebrium', 'fal')
                                                                      THEN {'category': 'Compute', 'subcategory': 'Serverless Compute'}
    WHEN kind = 'gpu'                                                 THEN {'category': 'Compute', 'subcategory': 'Virtual Machines'}
    WHEN kind = 'seat' AND provider IN ('cursor', 'github')           THEN {'category': 'Developer Tools', 'subcategory': 'Development Environments'}
    WHEN kind = 'seat'                                                THEN {'category': 'Business Applications', 'subcategory': 'Productivity and Collaboration'}
END;

-- A bill's own category stands where it is one of FOCUS's.
CREATE OR REPLACE TEMP MACRO focus_category(named, kind) AS CASE
    WHEN named IN ('AI and Machine Learning', 'Analytics', 'Business Applications', 'Compute', 'Databases', 'Developer Tools', 'Identity', 'Integration',
        'Internet of Things', 'Management and Governance', 'Media', 'Migration', 'Mobile', 'Multicloud', 'Networking', 'Security', 'Storage', 'Web') THEN named
    ELSE coalesce(kind['category'], 'Other') END;

CREATE OR REPLACE TEMP MACRO focus_service(service, provider, kind) AS coalesce(service, concat_ws(' ', provider, kind));

CREATE OR REPLACE TEMP MACRO focus_charge_category(named) AS coalesce(
    list_filter(['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'], lambda c: lower(c) = lower(named))[1],
    CASE WHEN named IS NULL THEN 'Usage' ELSE 'Adjustment' END);

-- The type of a sub account, as its provider calls it.
CREATE OR REPLACE TEMP MACRO focus_sub_account(provider) AS CASE
    WHEN provider IN ('google', 'mongodb', 'openai') THEN 'Project'
    WHEN provider = 'anthropic'                             THEN 'Workspace'
    WHEN provider = 'azure'                                 THEN 'Subscription'
    ELSE 'Account' END;

-- Units in FOCUS's spelling; one that it does not list stays as the bill has it.
CREATE OR REPLACE TEMP MACRO focus_unit(unit) AS coalesce(MAP {
    'token': 'Tokens', 'tokens': 'Tokens', 'character': 'Characters', 'characters': 'Characters',
    'request': 'Requests', 'requests': 'Requests', 'call': 'Requests', 'calls': 'Requests', 'web_search_requests': 'Web Searches',
    's': 'Seconds', 'second': 'Seconds', 'seconds': 'Seconds', 'min': 'Minutes', 'minute': 'Minutes', 'minutes': 'Minutes',
    'h': 'Hours', 'hr': 'Hours', 'hrs': 'Hours', 'hour': 'Hours', 'hours': 'Hours', 'day': 'Days', 'days': 'Days', 'month': 'Months', 'months': 'Months',
    'gb-hour': 'GB-Hours', 'gb-hours': 'GB-Hours', 'gb-hrs': 'GB-Hours', 'gb-mo': 'GB-Months', 'gb-month': 'GB-Months', 'gb-months': 'GB-Months',
    'gpu-hour': 'GPU-Hours', 'gpu-hours': 'GPU-Hours', 'ru': 'Read Units', 'wu': 'Write Units',
    'image': 'Images', 'images': 'Images', 'seat': 'Seats', 'seats': 'Seats', 'user': 'Users', 'users': 'Users'
}[lower(unit)], unit);

CREATE OR REPLACE TEMP MACRO focus_modality(class) AS CASE WHEN contains(class, 'audio') THEN 'Audio' WHEN contains(class, 'image') THEN 'Image' END;

-- What a charge meters. cache_write_5m and cache_write_1h are one meter at two prices.
CREATE OR REPLACE TEMP MACRO focus_meter(class, unit, kind) AS CASE
    WHEN class = 'web_search'               THEN 'Web Searches'
    WHEN class = 'requests'                 THEN 'Requests'
    WHEN starts_with(class, 'cache_write')  THEN 'Cache Write Input Tokens'
    WHEN starts_with(class, 'cache_read')   THEN concat_ws(' ', 'Cache Read', focus_modality(class), 'Input Tokens')
    WHEN starts_with(class, 'input')        THEN concat_ws(' ', focus_modality(class), 'Input Tokens')
    WHEN starts_with(class, 'output')       THEN concat_ws(' ', focus_modality(class), 'Output Tokens')
    WHEN unit IS NOT NULL                   THEN unit
    WHEN kind = 'gpu'                       THEN 'GPU Time'
    WHEN kind = 'seat'                      THEN 'Seats'
    ELSE 'Usage' END;

-- A JSON object of the entries that have a value, or NULL where none has.
CREATE OR REPLACE TEMP MACRO focus_object(keys, vals) AS CASE WHEN len(list_filter(vals, lambda v: v IS NOT NULL)) > 0
    THEN to_json(map_from_entries(list_filter(list_zip(keys, vals), lambda e: e[2] IS NOT NULL)))::VARCHAR END;

-- The part of an amount that lies between two fractions of it: parts that touch add up to the whole exactly.
CREATE OR REPLACE TEMP MACRO focus_part(amount, lo, hi) AS CASE WHEN lo = 0 AND hi = 1 THEN amount ELSE round(amount * hi, 12) - round(amount * lo, 12) END;

-- Unit price times quantity must be the cost to the last bit of a float. Where it misses, the quantity moves by a few of its last bits: until the
-- price that the whole charge has fits, or the quotient does, which is so for about every second quantity. The steps grow, for equal ones may all miss.
CREATE OR REPLACE TEMP MACRO focus_fits(cost, usual, quantity) AS usual * quantity = cost OR (cost / quantity) * quantity = cost;
CREATE OR REPLACE TEMP MACRO focus_near(quantity, far) AS list_transform(range(2, far),
    lambda i: quantity * (1 + CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END * (i // 2) ** 2 * 2.220446049250313e-16::DOUBLE));
CREATE OR REPLACE TEMP MACRO focus_quantity(quantity, list, list_price, contracted, contracted_price) AS CASE
    WHEN quantity = 0 OR list_price * quantity = list AND contracted_price * quantity = contracted THEN quantity
    ELSE coalesce(
        list_filter(focus_near(quantity, 6), lambda q: list_price * q = list AND contracted_price * q = contracted)[1],
        CASE WHEN focus_fits(list, list_price, quantity) AND focus_fits(contracted, contracted_price, quantity) THEN quantity END,
        list_filter(focus_near(quantity, 130), lambda q: focus_fits(list, list_price, q) AND focus_fits(contracted, contracted_price, q))[1],
        quantity) END;
CREATE OR REPLACE TEMP MACRO focus_price(cost, usual, quantity) AS CASE
    WHEN quantity IS NULL THEN NULL WHEN cost = 0 OR quantity = 0 THEN 0 WHEN usual * quantity = cost THEN usual ELSE cost / quantity END;

-- The float nearest to a decimal. A cast from DECIMAL divides, and may miss it by a bit.
CREATE OR REPLACE TEMP MACRO focus_float(v) AS v::VARCHAR::DOUBLE;

-- How a CSV file writes things: decimals always with a point, so that a reader takes no column of whole numbers for integers, and no + in an exponent;
-- time in UTC; and an apostrophe before text that a spreadsheet would run, as package table has it.
CREATE OR REPLACE TEMP MACRO csv_decimal(v) AS regexp_replace(v::VARCHAR, '(\.[0-9]+?)0+$', '\1');
CREATE OR REPLACE TEMP MACRO csv_double(v) AS replace(replace(v::VARCHAR, 'e+', 'E'), 'e', 'E');
CREATE OR REPLACE TEMP MACRO csv_instant(v) AS strftime(v, '%Y-%m-%dT%H:%M:%SZ');
CREATE OR REPLACE TEMP MACRO csv_text(v) AS CASE
    WHEN v >= 'A' AND v < '{' OR v >= '0' AND v < ':' THEN v -- begins with a letter or a digit, as nearly all does: the expression is slow
    WHEN regexp_matches(v, '^([\t\r\n]|[\s\p{Z}\p{Cc}\p{Cf}]*[=+\-@|%＝＋－＠｜％])') THEN '''' || v
    ELSE v END;
