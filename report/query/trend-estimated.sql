/*
title: What is estimated in a trend
about: Of each provider with estimated dollars, a line of text with their months.
*/
WITH estimated AS (
    SELECT coalesce(ProviderName, '(none)') AS provider, strftime(ChargePeriodStart, '%Y-%m') AS month, sum(BilledCost)::DECIMAL(38,2) AS cost
    FROM costs
    WHERE in_period(ChargePeriodStart) AND x_Basis = 'estimated' AND {where}
    GROUP BY ALL
    HAVING sum(BilledCost) >= 0.005
)
SELECT format('{}: no bill for what is estimated: {}', provider, string_agg(format('{} in {}', cost::VARCHAR, month), ', ' ORDER BY month))
FROM estimated
GROUP BY provider
ORDER BY provider
