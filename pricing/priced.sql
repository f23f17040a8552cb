-- Usage and requests at list and at contract price. It reads what attribution made of the ledger's dimensions (grouped, groups), the tables that
-- Install made of the book and the terms, and the facts between window_start and window_end. What has no price keeps NULL.

-- A band of lengths as exports name it, 0-200k, 200k-1M, 272000-: more than the first number of tokens, at most the second.
CREATE OR REPLACE TEMP MACRO band_edge(s, nth) AS TRY_CAST(replace(replace(lower(split_part(s, '-', nth)), 'k', '000'), 'm', '000000') AS BIGINT);

-- How the price of a combination of dimensions depends on the hour, and on the size of one call: the last length that is not long.
CREATE OR REPLACE TEMP TABLE bands AS
SELECT
    d.x_Dimension, g.x_Group, s.role, coalesce(m.hourly, false) AS hourly,
    CASE WHEN m.long_inclusive THEN m.long_over - 1 ELSE m.long_over END AS short_upto,
    band_edge(d.x_ContextWindow, 1) AS more_than, band_edge(d.x_ContextWindow, 2) AS at_most
FROM grouped g
JOIN groups s USING (x_Group)
JOIN dimensions d USING (x_Dimension)
LEFT JOIN (SELECT DISTINCT x_BookModel, hourly, long_over, long_inclusive FROM model_names WHERE x_Model <> '') m ON s.model = m.x_BookModel
WHERE s.role IN ('usage', 'requests');

CREATE OR REPLACE TEMP MACRO prompt(a, b, c, d, e, f, g, h) AS
    coalesce(a, 0) + coalesce(b, 0) + coalesce(c, 0) + coalesce(d, 0) + coalesce(e, 0) + coalesce(f, 0) + coalesce(g, 0) + coalesce(h, 0);

-- The long price is one of the whole call, by the size of its prompt. Of a sum of calls nobody can tell: NULL, unless all of it is short or
-- the export says in which band of lengths its calls are.
CREATE OR REPLACE TEMP MACRO is_long(more_than, at_most, calls, prompt, short_upto) AS CASE
    WHEN short_upto IS NULL THEN false
    WHEN more_than >= short_upto THEN true
    WHEN at_most <= short_upto THEN false
    WHEN prompt <= short_upto THEN false
    WHEN calls = 1 THEN true END;

-- Sums of calls with one price in common: a price may change by the hour, else by the day. Ten million calls become some thousand sums.
CREATE OR REPLACE TEMP TABLE evidence AS
WITH sums AS ( -- grouped by no more than it takes: this is the one pass over all calls
    SELECT
        b.x_Group,
        -- Calls that somebody summed by the day keep their day where the price is one of the hour: it is a range then.
        hourly AND f.ChargePeriodEnd <= f.ChargePeriodStart + INTERVAL 1 HOUR AS by_hour,
        CASE WHEN hourly AND f.ChargePeriodEnd <= f.ChargePeriodStart + INTERVAL 1 HOUR THEN date_trunc('hour', f.ChargePeriodStart)
            ELSE date_trunc('day', f.ChargePeriodStart) END AS slot_start,
        is_long(more_than, at_most, coalesce(x_Requests, 1), prompt(x_InputTokens, x_InputAudioTokens, x_InputImageTokens, x_CacheReadTokens, x_CacheReadAudioTokens,
            x_CacheReadImageTokens, x_CacheWrite5mTokens, x_CacheWrite1hTokens), short_upto) AS long,
        sum(x_Requests)::BIGINT             AS requests,
        sum(x_InputTokens)::BIGINT          AS input,
        sum(x_InputAudioTokens)::BIGINT     AS input_audio,
        sum(x_InputImageTokens)::BIGINT     AS input_image,
        sum(x_CacheReadTokens)::BIGINT      AS cache_read,
        sum(x_CacheReadAudioTokens)::BIGINT AS cache_read_audio,
        sum(x_CacheReadImageTokens)::BIGINT AS cache_read_image,
        sum(x_CacheWrite5mTokens)::BIGINT   AS cache_write_5m,
        sum(x_CacheWrite1hTokens)::BIGINT   AS cache_write_1h,
        sum(x_OutputTokens)::BIGINT         AS output,
        sum(x_OutputAudioTokens)::BIGINT    AS output_audio,
        sum(x_OutputImageTokens)::BIGINT    AS output_image
    FROM request_facts f
    JOIN bands b USING (x_Dimension)
    {once}
    WHERE f.ChargePeriodStart >= getvariable('window_start') AND f.ChargePeriodStart < getvariable('window_end')
    GROUP BY 1, 2, 3, 4
)
SELECT
    x_Group,
    'requests'                          AS role,
    slot_start,
    CASE WHEN by_hour THEN slot_start + INTERVAL 1 HOUR ELSE slot_start + INTERVAL 1 DAY END AS slot_end,
    long,
    NULL::VARCHAR                       AS unit,
    * EXCLUDE (x_Group, slot_start, long, by_hour),
    NULL::BIGINT                        AS units
FROM sums;

-- Buckets of a provider's usage are hours, days or longer. One in which several prices hold is a range of them.
INSERT INTO evidence
SELECT
    b.x_Group,
    b.role,
    CASE WHEN hourly OR ChargePeriodEnd > date_trunc('day', ChargePeriodStart) + INTERVAL 1 DAY THEN ChargePeriodStart ELSE date_trunc('day', ChargePeriodStart) END AS start,
    CASE WHEN hourly OR ChargePeriodEnd > date_trunc('day', ChargePeriodStart) + INTERVAL 1 DAY THEN ChargePeriodEnd ELSE date_trunc('day', ChargePeriodStart) + INTERVAL 1 DAY END AS until,
    is_long(more_than, at_most, x_Requests, prompt(x_InputTokens, x_InputAudioTokens, x_InputImageTokens, x_CacheReadTokens, x_CacheReadAudioTokens,
        x_CacheReadImageTokens, x_CacheWrite5mTokens, x_CacheWrite1hTokens), short_upto) AS is_long,
    CASE
        WHEN ConsumedQuantity IS NULL THEN NULL
        WHEN d.ConsumedUnit = 'web_search_requests' THEN 'web_search'
        WHEN d.ConsumedUnit = 'calls' AND starts_with(d.ServiceName, 'web_search') THEN 'web_search'
        WHEN d.ConsumedUnit = 'calls' AND starts_with(d.ServiceName, 'file_search') THEN 'file_search'
        ELSE coalesce(d.ConsumedUnit, 'units') END AS unit,
    sum(x_Requests)::BIGINT,
    sum(x_InputTokens)::BIGINT, sum(x_InputAudioTokens)::BIGINT, sum(x_InputImageTokens)::BIGINT,
    sum(x_CacheReadTokens)::BIGINT, sum(x_CacheReadAudioTokens)::BIGINT, sum(x_CacheReadImageTokens)::BIGINT,
    sum(x_CacheWrite5mTokens)::BIGINT, sum(x_CacheWrite1hTokens)::BIGINT,
    sum(x_OutputTokens)::BIGINT, sum(x_OutputAudioTokens)::BIGINT, sum(x_OutputImageTokens)::BIGINT,
    sum(ConsumedQuantity)::BIGINT
FROM usage_facts f
JOIN bands b USING (x_Dimension)
JOIN (SELECT x_Dimension, ConsumedUnit, ServiceName FROM dimensions) d USING (x_Dimension)
WHERE f.ChargePeriodStart >= getvariable('window_start') AND f.ChargePeriodStart < getvariable('window_end')
GROUP BY ALL;

-- One row a class of tokens (or unit, or the calls themselves), and the row of the book that prices it: the model's, or where that has
-- no price for the class, what the provider asks whatever the model.
CREATE OR REPLACE TEMP TABLE quantities AS
WITH classes AS (
    SELECT x_Group, role, slot_start, slot_end, long, CASE x_TokenClass WHEN 'units' THEN unit ELSE x_TokenClass END AS x_TokenClass, quantity
    FROM evidence UNPIVOT (quantity FOR x_TokenClass IN
        (requests, input, input_audio, input_image, cache_read, cache_read_audio, cache_read_image, cache_write_5m, cache_write_1h, output, output_audio, output_image, units))
    WHERE quantity <> 0
), booked AS (
    SELECT DISTINCT x_BookModel, x_TokenClass FROM prices
), fees AS (
    SELECT n.ProviderName, x_BookModel, b.x_TokenClass FROM model_names n JOIN booked b USING (x_BookModel) WHERE n.x_Model = ''
)
SELECT
    c.x_Group, c.role, c.slot_start, c.slot_end,
    CASE WHEN f.x_BookModel IS NULL THEN c.long ELSE false END AS long, -- a fee has neither long band nor tiers
    c.x_TokenClass,
    sum(c.quantity)::BIGINT AS quantity,
    coalesce(f.x_BookModel, g.model) AS x_BookModel,
    CASE WHEN f.x_BookModel IS NULL THEN coalesce(g.tier, i.tier, 'standard') ELSE 'standard' END AS x_BookTier
FROM classes c
JOIN groups g USING (x_Group)
LEFT JOIN inferred_tiers i ON i.x_Group = c.x_Group AND i.day = date_trunc('day', c.slot_start)
LEFT JOIN booked b ON b.x_BookModel = g.model AND b.x_TokenClass = c.x_TokenClass
LEFT JOIN fees f ON b.x_BookModel IS NULL AND f.ProviderName = g.ProviderName AND f.x_TokenClass = c.x_TokenClass
GROUP BY ALL;

-- The contracts, and the times between them, at which list holds.
CREATE OR REPLACE TEMP TABLE agreed AS
SELECT ProviderName, x_BookModel, x_TokenClass, rate_from, rate_to, price, factor FROM terms;
INSERT INTO agreed
SELECT ProviderName, x_BookModel, x_TokenClass, lag(rate_to, 1, TIMESTAMP '0001-01-01') OVER before AS since, rate_from AS until, NULL, NULL
FROM terms
WINDOW before AS (PARTITION BY ProviderName, x_BookModel, x_TokenClass ORDER BY rate_from)
QUALIFY since < until;
INSERT INTO agreed
SELECT ProviderName, x_BookModel, x_TokenClass, max(rate_to) AS since, TIMESTAMP '9999-01-01', NULL, NULL
FROM terms
GROUP BY ALL
HAVING since < TIMESTAMP '9999-01-01';

-- Whether a price may hold for a quantity, by the length of its prompts (NULL: not known) and the clock: a slot of up to an hour lies in one
-- band of the clock, a longer one may touch any.
CREATE OR REPLACE TEMP MACRO may_hold(long, slot_start, slot_end, price_long, dow_from, dow_to, hour_from, hour_to) AS
    (long IS NULL OR price_long = long)
    AND (slot_end - slot_start > INTERVAL 1 HOUR OR isodow(slot_start) BETWEEN dow_from AND dow_to AND hour(slot_start) >= hour_from AND hour(slot_start) < hour_to);

-- Every price that may hold for a quantity: one, or where it cannot be told (a sum of calls, a bucket longer than a price or a contract) several.
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT
    q.x_Group, q.slot_start, q.slot_end, q.long, q.x_TokenClass,
    min(p.price * coalesce(u.factor, 1))::DECIMAL(24,15) AS low,
    max(p.price * coalesce(u.factor, 1))::DECIMAL(24,15) AS high,
    min(coalesce(CASE WHEN p.x_ServiceTier = 'standard' AND NOT p.long THEN t.price END, p.price * coalesce(u.factor, 1) * coalesce(t.factor, 1)))::DECIMAL(24,15) AS contracted,
    max(coalesce(CASE WHEN p.x_ServiceTier = 'standard' AND NOT p.long THEN t.price END, p.price * coalesce(u.factor, 1) * coalesce(t.factor, 1)))::DECIMAL(24,15) AS contracted_high
FROM quantities q
JOIN groups g USING (x_Group)
JOIN prices p
    ON p.x_BookModel = q.x_BookModel AND p.x_TokenClass = q.x_TokenClass AND p.x_ServiceTier = q.x_BookTier
    AND p.rate_from < q.slot_end AND p.rate_to > q.slot_start
    AND may_hold(q.long, q.slot_start, q.slot_end, p.long, p.dow_from, p.dow_to, p.hour_from, p.hour_to)
LEFT JOIN uplifts u ON u.x_BookModel = q.x_BookModel AND u.RegionId = g.RegionId
LEFT JOIN agreed t ON t.ProviderName = g.ProviderName AND t.x_BookModel = q.x_BookModel AND t.x_TokenClass = q.x_TokenClass
    AND t.rate_from < least(q.slot_end, p.rate_to) AND t.rate_to > greatest(q.slot_start, p.rate_from)
GROUP BY ALL;

-- Costs are exact: a quantity times one price. x_HighCost is at the highest list price that may hold; of a range the others are lower bounds.
CREATE OR REPLACE TEMP TABLE priced AS
SELECT
    q.*,
    c.low                                                                           AS list_price,
    CASE WHEN z.reason IS NOT NULL THEN 0 ELSE c.contracted END::DECIMAL(24,15)     AS contracted_price,
    round(q.quantity * c.low, 12)                                                   AS ListCost,
    round(q.quantity * c.high, 12)                                                  AS x_HighCost,
    CASE WHEN z.reason IS NOT NULL THEN 0 ELSE round(q.quantity * c.contracted_high, 12) END::DECIMAL(38,12) AS x_HighContractedCost,
    CASE WHEN z.reason IS NOT NULL THEN 0 ELSE round(q.quantity * c.contracted, 12) END::DECIMAL(38,12) AS ContractedCost,
    CASE
        WHEN q.x_TokenClass = 'requests' THEN NULL
        WHEN z.reason IS NOT NULL THEN 'zero-rated: ' || z.reason
        WHEN c.low IS NULL THEN 'unpriced'
        WHEN c.high > c.low OR c.contracted_high > c.contracted THEN 'range'
        ELSE 'priced' END                                                           AS x_PriceStatus
FROM quantities q
JOIN groups g USING (x_Group)
LEFT JOIN candidates c ON c.x_Group = q.x_Group AND c.slot_start = q.slot_start AND c.slot_end = q.slot_end AND c.long IS NOT DISTINCT FROM q.long AND c.x_TokenClass = q.x_TokenClass
LEFT JOIN LATERAL (
    SELECT min(reason) AS reason FROM zero_rated z
    WHERE (z.ProviderName IS NULL OR z.ProviderName = g.ProviderName)
        AND (z.x_Model IS NULL OR z.x_Model = g.x_Model)
        -- A project or key may be written by its id, its name, or as another view of the same calls has it.
        AND (z.SubAccountId IS NULL OR z.SubAccountId IN (g.SubAccountId, g.SubAccountName, g.project))
        AND (z.x_ApiKeyId IS NULL OR z.x_ApiKeyId IN (g.x_ApiKeyId, g.x_ApiKeyName, g.api_key))
        AND q.slot_start >= z.rate_from AND q.slot_start < z.rate_to
) z ON true;

-- What the book cannot price, and why.
CREATE OR REPLACE TEMP VIEW unpriced AS
SELECT
    g.ProviderName, g.x_Model, p.x_TokenClass, p.role, p.slot_start, p.quantity, p.x_Group,
    CASE
        WHEN p.x_BookModel IS NULL THEN 'no model is named'
        WHEN NOT EXISTS (FROM model_names n WHERE n.x_BookModel = p.x_BookModel) THEN 'the book does not know the model'
        WHEN NOT EXISTS (FROM prices r WHERE r.x_BookModel = p.x_BookModel AND r.rate_from < p.slot_end AND r.rate_to > p.slot_start) THEN 'the book has no price for the model on that day'
        WHEN NOT EXISTS (FROM prices r WHERE r.x_BookModel = p.x_BookModel AND r.x_ServiceTier = p.x_BookTier) THEN 'the book has no price for the tier ' || p.x_BookTier
        WHEN p.long AND EXISTS (FROM prices r WHERE r.x_BookModel = p.x_BookModel AND r.x_TokenClass = p.x_TokenClass) THEN 'the book has no price for calls as long as these'
        ELSE 'the book has no price for ' || p.x_TokenClass END AS reason
FROM priced p JOIN groups g USING (x_Group)
WHERE p.x_PriceStatus = 'unpriced';
