/*
title: Missing bills
about: The days for which a provider that has been billed lately has no bill.
*/
-- Of a provider that bills by the day, or on working days, in these months or in the month itself, every such day counts; of others (an invoice a month, a flat fee) a month without any
-- bill. One whose invoice is its bill to the cent charged nothing on those days: an invoice of 0 says that of a whole month. Lately is within three
-- months. Of a month that runs the days behind the last bill are to come, but not for longer than a week: who reads is told of them, and what is
-- judged leaves them out.
CREATE OR REPLACE TEMP TABLE unbilled_days AS
WITH covered AS (
    SELECT DISTINCT coalesce(c.ProviderName, '(none)') AS provider,
        unnest(generate_series(c.period_start::DATE, (c.period_end - INTERVAL 1 MICROSECOND)::DATE, INTERVAL 1 DAY))::TIMESTAMP AS day
    FROM file_coverage c JOIN files USING (x_File)
    WHERE role = 'billing' AND c.period_end - c.period_start < INTERVAL 400 DAY
), charged AS (
    SELECT coalesce(d.ProviderName, '(none)') AS provider, date_trunc('month', c.ChargePeriodStart) AS month, date_trunc('day', c.ChargePeriodStart) AS day,
        sum((c.BilledCost * r.rate)::DECIMAL(38,12)) AS cost
    FROM charge_facts c JOIN dimensions d USING (x_Dimension)
    LEFT JOIN rates r ON r.currency = d.BillingCurrency AND c.ChargePeriodStart >= r.rate_from AND c.ChargePeriodStart < r.rate_to
    GROUP BY ALL
), whole AS (
    SELECT i.provider, i.month
    FROM net_invoices i LEFT JOIN (SELECT provider, month, sum(cost) AS cost FROM charged GROUP BY ALL) c USING (provider, month)
    WHERE abs(i.invoice - coalesce(c.cost, 0)) <= 0.01
), months AS (
    SELECT DISTINCT date_trunc('month', day) AS month FROM (SELECT unnest(period_days()) AS day)
), billed AS (
    SELECT m.month, c.provider, count(DISTINCT c.day) AS days, count(DISTINCT c.day) FILTER (WHERE c.month = m.month) AS own_days, count(DISTINCT c.day) FILTER (WHERE isodow(c.day) < 6) AS working_days
    FROM months m JOIN charged c ON c.month <= m.month AND c.month >= m.month - INTERVAL 3 MONTH
    GROUP BY ALL
), begun AS (
    SELECT provider, min(day) AS first_day FROM covered GROUP BY ALL
), daily AS (
    SELECT b.month, b.provider, any_value(b.days) >= greatest(5, 0.8 * count(DISTINCT c.day))
            OR any_value(b.working_days) >= greatest(5, 0.8 * count(DISTINCT c.day) FILTER (WHERE isodow(c.day) < 6))
            OR any_value(b.own_days) >= greatest(5, 0.8 * count(DISTINCT c.day) FILTER (WHERE c.day >= b.month)) AS by_day,
        max(c.day) FILTER (WHERE c.day >= b.month) AS last_day
    FROM billed b JOIN covered c ON c.provider = b.provider AND c.day >= b.month - INTERVAL 3 MONTH AND c.day < b.month + INTERVAL 1 MONTH
    GROUP BY ALL
)
SELECT d.provider, d.month, p.day,
    d.month + INTERVAL 1 MONTH > TIMESTAMP {today} AND coalesce(p.day >= d.last_day, true) AND coalesce(d.last_day, d.month) >= TIMESTAMP {today} - INTERVAL 8 DAY AS to_come
FROM daily d
ANTI JOIN whole w ON w.provider = d.provider AND w.month = d.month
JOIN (SELECT unnest(period_days())::TIMESTAMP AS day) p ON date_trunc('month', p.day) = d.month AND p.day < TIMESTAMP {today}
JOIN begun USING (provider)
ANTI JOIN covered c ON c.provider = d.provider AND c.day = p.day
WHERE p.day >= begun.first_day
    AND (d.by_day OR d.last_day IS NULL AND d.month + INTERVAL 1 MONTH <= TIMESTAMP {today})
ORDER BY ALL;

CREATE OR REPLACE TEMP VIEW missing_bills AS SELECT provider, month, day FROM unbilled_days WHERE NOT to_come;
