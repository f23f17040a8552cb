/*
title: Notes on missing bills
about: Of each provider without a bill for some days of the period, a line of text.
*/
WITH over AS (
    SELECT count(*) AS days FROM (SELECT unnest(period_days()) AS day) WHERE day < TIMESTAMP {today} -- what is to come is not missing
), estimated AS (
    SELECT DISTINCT coalesce(ProviderName, '(none)') AS provider, true AS known FROM costs WHERE x_Basis = 'estimated' AND in_period(ChargePeriodStart)
)
SELECT format('{}: no bill for {}; what it cost then is in no figure{}', p.provider,
    CASE WHEN count(*) = any_value(over.days) THEN 'any day of this period'
        ELSE format('{} of the {} days of this period, from {} to {}', count(*), any_value(over.days), min(p.day)::DATE, max(p.day)::DATE) END,
    CASE WHEN any_value(e.known) THEN ' but for what is estimated' ELSE '' END)
FROM unbilled_days p CROSS JOIN over LEFT JOIN estimated e USING (provider)
WHERE {where}
GROUP BY p.provider ORDER BY p.provider
