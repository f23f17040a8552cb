/*
title: The price of one record
about: Each class of a record's tokens with its prices, where they come from, and what the terms make of them.
sum:   [list_cost, contracted_cost]
*/
SELECT
    p.x_TokenClass                                                                     AS class,
    p.quantity::BIGINT                                                                 AS quantity,
    p.x_BookTier                                                                       AS tier,
    CASE WHEN p.long THEN 'long' WHEN p.long IS NULL THEN 'not known' ELSE 'short' END AS prompt,
    (p.list_price * 1000000)::DECIMAL(24,9)                                            AS list_price_per_million,
    p.ListCost                                                                         AS list_cost,
    (p.contracted_price * 1000000)::DECIMAL(24,9)                                      AS contracted_price_per_million,
    p.ContractedCost                                                                   AS contracted_cost,
    CASE WHEN p.x_PriceStatus = 'range' THEN 'at most ' || p.x_HighCost::VARCHAR WHEN p.x_PriceStatus = 'unpriced' THEN u.reason ELSE p.x_PriceStatus END AS status,
    (SELECT string_agg(DISTINCT term, ', ' ORDER BY term) FROM terms t
        WHERE t.ProviderName = g.ProviderName AND t.x_BookModel = p.x_BookModel AND t.x_TokenClass = p.x_TokenClass
            AND t.rate_from < p.slot_end AND t.rate_to > p.slot_start)                 AS contract,
    (SELECT string_agg(DISTINCT nullif(concat_ws(' ', r.x_PriceSource, '(' || r.x_Confidence || ')'), ''), '; ') FROM prices r
        WHERE r.x_BookModel = p.x_BookModel AND r.x_TokenClass = p.x_TokenClass AND r.x_ServiceTier = p.x_BookTier
            AND r.rate_from < p.slot_end AND r.rate_to > p.slot_start
            AND may_hold(p.long, p.slot_start, p.slot_end, r.long, r.dow_from, r.dow_to, r.hour_from, r.hour_to)) AS source
FROM priced p
JOIN groups g USING (x_Group)
LEFT JOIN unpriced u ON u.x_Group = p.x_Group AND u.slot_start = p.slot_start AND u.x_TokenClass = p.x_TokenClass
WHERE p.x_TokenClass <> 'requests'
ORDER BY p.x_TokenClass
