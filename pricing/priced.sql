-- Usage and requests at list and at contract price. It reads what attribution made of the ledger's dimensions (grouped, groups), the tables that
-- Install made of the book and the terms, and the facts between window_start and window_end. What has no price keeps NULL.

-- How the price of a combination of dimensions depends on the hour, and on the size of one call.
CREATE OR REPLACE TEMP TABLE bands AS
SELECT g.x_Dimension, g.x_Group, s.role, s.long, coalesce(m.hourly, false) AS hourly, m.long_over, m.long_inclusive
FROM grouped g
JOIN groups s USING (x_Group)
LEFT JOIN (SELECT DISTINCT x_BookModel, hourly, long_over, long_inclusive FROM model_names WHERE x_Model <> '') m ON s.model = m.x_BookModel
WHERE s.role IN ('usage', 'requests');

CREATE OR REPLACE TEMP MACRO prompt(a, b, c, d, e, f, g, h) AS
    coalesce(a, 0) + coalesce(b, 0) + coalesce(c, 0) + coalesce(d, 0) + coalesce(e, 0) + coalesce(f, 0) + coalesce(g, 0) + coalesce(h, 0);

-- The long price is one of the whole call, by the size of its prompt. Of a sum of calls nobody can tell: NULL, unless all of it is short or
-- the export says on which side of 200,000 tokens its calls are.
CREATE OR REPLACE TEMP MACRO is_long(said, calls, prompt, long_over, long_inclusive) AS CASE
    WHEN long_over IS NULL THEN false
    WHEN said AND long_over <= 200000 THEN true
    WHEN NOT said AND long_over >= 200000 THEN false
    WHEN prompt < long_over OR prompt = long_over AND NOT long_inclusive THEN false
    WHEN calls = 1 THEN true END;

-- Sums of calls with one price in common: a price may change by the hour, else by the day. Ten million calls become some thousand sums.
CREATE OR REPLACE TEMP TABLE evidence AS
SELECT
    b.x_Group,
    b.role,
    CASE WHEN hourly THEN date_trunc('hour', f.ChargePeriodStart) ELSE date_trunc('day', f.ChargePeriodStart) END AS slot_start,
    CASE WHEN hourly THEN date_trunc('hour', f.ChargePeriodStart) + INTERVAL 1 HOUR ELSE date_trunc('day', f.ChargePeriodStart) + INTERVAL 1 DAY END AS slot_end,
    is_long(b.long, x_Requests, prompt(x_InputTokens, x_InputAudioTokens, x_InputImageTokens, x_CacheReadTokens, x_CacheReadAudioTokens,
        x_CacheReadImageTokens, x_CacheWrite5mTokens, x_CacheWrite1hTokens), long_over, long_inclusive) AS long,
    NULL::VARCHAR                       AS unit,
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
    sum(x_OutputImageTokens)::BIGINT    AS output_image,
    NULL::BIGINT                        AS units
FROM request_facts f
JOIN bands b USING (x_Dimension)
ANTI JOIN twice t ON f.x_RequestId = t.x_RequestId AND f.x_Dimension = t.x_Dimension
WHERE f.ChargePeriodStart >= getvariable('window_start') AND f.ChargePeriodStart < getvariable('window_end')
GROUP BY ALL;

-- Buckets of a provider's usage are hours, days or longer; what is longer than its price is long is a range.
INSERT INTO evidence
SELECT
    b.x_Group,
    b.role,
    CASE WHEN hourly OR ChargePeriodEnd > date_trunc('day', ChargePeriodStart) + INTERVAL 1 DAY THEN ChargePeriodStart ELSE date_trunc('day', ChargePeriodStart) END AS start,
    CASE WHEN hourly OR ChargePeriodEnd > date_trunc('day', ChargePeriodStart) + INTERVAL 1 DAY THEN ChargePeriodEnd ELSE date_trunc('day', ChargePeriodStart) + INTERVAL 1 DAY END AS until,
    is_long(b.long, x_Requests, prompt(x_InputTokens, x_InputAudioTokens, x_InputImageTokens, x_CacheReadTokens, x_CacheReadAudioTokens,
        x_CacheReadImageTokens, x_CacheWrite5mTokens, x_CacheWrite1hTokens), long_over, long_inclusive) AS is_long,
    CASE d.ConsumedUnit WHEN 'web_search_requests' THEN 'web_search' ELSE CASE WHEN ConsumedQuantity IS NOT NULL THEN coalesce(d.ConsumedUnit, 'units') END END AS unit,
    sum(x_Requests)::BIGINT,
    sum(x_InputTokens)::BIGINT, sum(x_InputAudioTokens)::BIGINT, sum(x_InputImageTokens)::BIGINT,
    sum(x_CacheReadTokens)::BIGINT, sum(x_CacheReadAudioTokens)::BIGINT, sum(x_CacheReadImageTokens)::BIGINT,
    sum(x_CacheWrite5mTokens)::BIGINT, sum(x_CacheWrite1hTokens)::BIGINT,
    sum(x_OutputTokens)::BIGINT, sum(x_OutputAudioTokens)::BIGINT, sum(x_OutputImageTokens)::BIGINT,
    sum(ConsumedQuantity)::BIGINT
FROM usage_facts f
JOIN bands b USING (x_Dimension)
JOIN (SELECT x_Dimension, ConsumedUnit FROM dimensions) d USING (x_Dimension)
WHERE f.ChargePeriodStart >= getvariable('window_start') AND f.ChargePeriodStart < getvariable('window_end')
GROUP BY ALL;

-- One row a class of tokens (or unit, or the calls themselves).
CREATE OR REPLACE TEMP TABLE quantities AS
SELECT x_Group, role, slot_start, slot_end, long, CASE x_TokenClass WHEN 'units' THEN unit ELSE x_TokenClass END AS x_TokenClass, quantity
FROM evidence UNPIVOT (quantity FOR x_TokenClass IN
    (requests, input, input_audio, input_image, cache_read, cache_read_audio, cache_read_image, cache_write_5m, cache_write_1h, output, output_audio, output_image, units))
WHERE quantity <> 0;

-- Every price that may hold for a quantity: one, or where it cannot be told (a sum of calls, a bucket longer than a price) several.
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT
    q.x_Group, q.slot_start, q.slot_end, q.long, q.x_TokenClass,
    min(p.price * coalesce(u.factor, 1))::DECIMAL(24,15) AS low,
    max(p.price * coalesce(u.factor, 1))::DECIMAL(24,15) AS high,
    min(coalesce(CASE WHEN p.x_ServiceTier = 'standard' AND NOT p.long THEN t.price END, p.price * coalesce(u.factor, 1) * coalesce(t.factor, 1)))::DECIMAL(24,15) AS contracted
FROM quantities q
JOIN groups g USING (x_Group)
JOIN prices p
    ON p.x_BookModel = g.model AND p.x_TokenClass = q.x_TokenClass AND p.x_ServiceTier = coalesce(g.tier, 'standard')
    AND p.rate_from < q.slot_end AND p.rate_to > q.slot_start
    AND (q.long IS NULL OR p.long = q.long)
    -- A slot of up to an hour lies in one band of the clock; a longer one may touch any.
    AND (q.slot_end - q.slot_start > INTERVAL 1 HOUR OR isodow(q.slot_start) BETWEEN p.dow_from AND p.dow_to AND hour(q.slot_start) >= p.hour_from AND hour(q.slot_start) < p.hour_to)
LEFT JOIN uplifts u ON u.x_BookModel = g.model AND u.RegionId = g.RegionId
LEFT JOIN terms t ON t.ProviderName = g.ProviderName AND t.x_BookModel = g.model AND t.x_TokenClass = q.x_TokenClass AND q.slot_start >= t.rate_from AND q.slot_start < t.rate_to
GROUP BY ALL;

-- Costs are exact: a quantity times one price. high_cost is more than list_cost where the price is a range.
CREATE OR REPLACE TEMP TABLE priced AS
SELECT
    q.*,
    c.low                                                                           AS list_price,
    CASE WHEN z.reason IS NOT NULL THEN 0 ELSE c.contracted END::DECIMAL(24,15)     AS contracted_price,
    round(q.quantity * c.low, 12)                                            AS ListCost,
    round(q.quantity * c.high, 12)                                           AS x_HighCost,
    CASE WHEN z.reason IS NOT NULL THEN 0 ELSE round(q.quantity * c.contracted, 12) END::DECIMAL(38,12) AS ContractedCost,
    CASE
        WHEN q.x_TokenClass = 'requests' THEN NULL
        WHEN z.reason IS NOT NULL THEN 'zero-rated: ' || z.reason
        WHEN c.low IS NULL THEN 'unpriced'
        WHEN c.high > c.low THEN 'range'
        ELSE 'priced' END                                                           AS x_PriceStatus
FROM quantities q
JOIN groups g USING (x_Group)
LEFT JOIN candidates c ON c.x_Group = q.x_Group AND c.slot_start = q.slot_start AND c.slot_end = q.slot_end AND c.long IS NOT DISTINCT FROM q.long AND c.x_TokenClass = q.x_TokenClass
LEFT JOIN LATERAL (
    SELECT min(reason) AS reason FROM zero_rated z
    WHERE z.ProviderName = g.ProviderName AND coalesce(z.x_Model, g.x_Model) IS NOT DISTINCT FROM g.x_Model
        AND coalesce(z.SubAccountId, g.project) IS NOT DISTINCT FROM g.project AND coalesce(z.x_ApiKeyId, g.api_key) IS NOT DISTINCT FROM g.api_key
        AND q.slot_start >= z.rate_from AND q.slot_start < z.rate_to
) z ON true;

-- What the book cannot price, and why.
CREATE OR REPLACE TEMP VIEW unpriced AS
SELECT
    g.ProviderName, g.x_Model, p.x_TokenClass, p.role, p.slot_start, p.quantity, p.x_Group,
    CASE
        WHEN g.model IS NULL THEN 'no model is named'
        WHEN NOT EXISTS (FROM model_names n WHERE n.x_BookModel = g.model) THEN 'the book does not know the model'
        WHEN NOT EXISTS (FROM prices r WHERE r.x_BookModel = g.model AND r.rate_from < p.slot_end AND r.rate_to > p.slot_start) THEN 'the book has no price for the model on that day'
        WHEN NOT EXISTS (FROM prices r WHERE r.x_BookModel = g.model AND r.x_ServiceTier = coalesce(g.tier, 'standard')) THEN 'the book has no price for the tier ' || g.tier
        WHEN p.long AND EXISTS (FROM prices r WHERE r.x_BookModel = g.model AND r.x_TokenClass = p.x_TokenClass) THEN 'the book has no price for calls as long as these'
        ELSE 'the book has no price for ' || p.x_TokenClass END AS reason
FROM priced p JOIN groups g USING (x_Group)
WHERE p.x_PriceStatus = 'unpriced';
