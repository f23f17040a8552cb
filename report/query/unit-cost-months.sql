/*
title: Cost per outcome by month
about: What an outcome of each metric cost in the months of the period.
*/
SELECT m.metric, u.month_start::DATE AS month, u.value
FROM metrics m JOIN unit_costs u USING (metric)
WHERE in_period(u.month_start)
ORDER BY m.rowid, u.month_start
