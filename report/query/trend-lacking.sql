/*
title: What the months of a trend lack
about: Bills that are missing, and charges that wait for an exchange rate. Only of providers that the filter lets through.
*/
WITH known AS (
    SELECT DISTINCT coalesce(ProviderName, '(none)') AS provider FROM costs WHERE {where}
), estimated AS (
    SELECT DISTINCT coalesce(ProviderName, '(none)') AS provider, date_trunc('month', ChargePeriodStart) AS month, true AS known
    FROM costs WHERE x_Basis = 'estimated'
), lacking AS (
    SELECT month, provider, CASE count(*)
            WHEN date_diff('day', month, month + INTERVAL 1 MONTH) THEN 'no bill'
            WHEN 1 THEN format('no bill for {}', min(day)::DATE)
            ELSE format('no bill for {} days, {} to {}', count(*), min(day)::DATE, max(day)::DATE)
        END AS what
    FROM missing_bills GROUP BY month, provider
    UNION ALL
    SELECT DISTINCT date_trunc('month', ChargePeriodStart), coalesce(ProviderName, '(none)'), 'no exchange rate for ' || BillingCurrency
    FROM waiting WHERE in_period(ChargePeriodStart)
)
SELECT month::DATE AS month, format('{}: {}: {}; what it cost then is in no figure{}', strftime(month, '%Y-%m'), provider, what,
    CASE WHEN e.known THEN ' but for what is estimated' ELSE '' END) AS note
FROM lacking SEMI JOIN known USING (provider) LEFT JOIN estimated e USING (provider, month)
ORDER BY ALL
