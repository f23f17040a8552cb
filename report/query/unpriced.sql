/*
title: Usage and requests without a price
*/
SELECT
    coalesce(ProviderName, '(none)')                                                   AS provider,
    coalesce(x_Model, '(none)')                                                        AS model,
    role                                                                               AS seen_in,
    string_agg(DISTINCT x_TokenClass, ', ' ORDER BY x_TokenClass)                      AS classes,
    sum(quantity)::BIGINT                                                              AS quantity,
    (SELECT sum(p.quantity)::BIGINT FROM priced p JOIN groups g USING (x_Group)
        WHERE p.x_TokenClass = 'requests' AND p.role = u.role AND g.ProviderName IS NOT DISTINCT FROM u.ProviderName AND g.x_Model IS NOT DISTINCT FROM u.x_Model
            AND in_period(p.slot_start))                                               AS requests,
    min(slot_start)::DATE                                                              AS first_day,
    max(slot_start)::DATE                                                              AS last_day,
    reason
FROM unpriced u
WHERE in_period(slot_start)
GROUP BY ProviderName, x_Model, role, reason
ORDER BY quantity DESC, provider, model, seen_in, reason
