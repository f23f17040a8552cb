/*
title: Usage and requests without a price
about: The models and token classes that the price book has no price for, the most used first.
*/
WITH missing AS (
    SELECT * FROM unpriced WHERE in_period(slot_start)
), calls AS (
    SELECT m.ProviderName, m.x_Model, m.role, m.reason, sum(p.quantity)::BIGINT AS requests
    FROM (SELECT DISTINCT ProviderName, x_Model, role, reason, x_Group, slot_start FROM missing) m
    JOIN priced p ON p.x_Group = m.x_Group AND p.slot_start = m.slot_start AND p.x_TokenClass = 'requests'
    GROUP BY ALL
)
SELECT
    coalesce(m.ProviderName, '(none)')                                                 AS provider,
    coalesce(m.x_Model, '(none)')                                                      AS model,
    m.role                                                                             AS seen_in,
    string_agg(DISTINCT m.x_TokenClass, ', ' ORDER BY m.x_TokenClass)                  AS classes,
    sum(m.quantity)::BIGINT                                                            AS quantity,
    any_value(c.requests)                                                              AS requests,
    min(m.slot_start)::DATE                                                            AS first_day,
    max(m.slot_start)::DATE                                                            AS last_day,
    m.reason
FROM missing m
LEFT JOIN calls c ON c.ProviderName IS NOT DISTINCT FROM m.ProviderName AND c.x_Model IS NOT DISTINCT FROM m.x_Model AND c.role = m.role AND c.reason = m.reason
GROUP BY m.ProviderName, m.x_Model, m.role, m.reason
ORDER BY quantity DESC, provider, model, seen_in, reason
