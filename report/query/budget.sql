/*
title: Budget line
about: What each cost centre was billed in the period, its budget, and the year so far.
*/
WITH money AS (
    SELECT
        {by},
        x_UseCase,
        coalesce(sum(BilledCost) FILTER (WHERE in_period(ChargePeriodStart)), 0) AS billed,
        coalesce(sum(BilledCost) FILTER (WHERE in_prior(ChargePeriodStart)), 0)  AS prior,
        coalesce(sum(BilledCost) FILTER (WHERE in_year(ChargePeriodStart)), 0)   AS year
    FROM costs
    WHERE in_period(ChargePeriodStart) OR in_prior(ChargePeriodStart) OR in_year(ChargePeriodStart)
    GROUP BY ALL
), limits AS (
    SELECT subject, sum(amount) AS amount FROM budgets WHERE in_period(month) AND subject <> 'total' GROUP BY ALL
), cases AS (
    -- A use case that has a budget and no money yet is a line, too.
    SELECT {columns}, x_UseCase, billed, prior, year, amount FROM money LEFT JOIN limits ON subject = x_UseCase
    UNION ALL
    SELECT {planned}, u.use_case, 0, 0, 0, amount FROM limits JOIN use_cases u ON subject = u.use_case WHERE subject NOT IN (SELECT x_UseCase FROM money WHERE x_UseCase IS NOT NULL)
)
SELECT
    {columns},
    sum(billed)::DECIMAL(38,12)                                          AS billed_cost,
    NULL::DOUBLE                                                         AS share_percent, -- Go fills the percentages from the sums
    sum(prior)::DECIMAL(38,12)                                           AS prior_cost,
    (sum(billed) - sum(prior))::DECIMAL(38,12)                           AS change,
    NULL::DOUBLE                                                         AS change_percent,
    sum(amount)::DECIMAL(38,12)                                          AS budget,
    (sum(billed) FILTER (WHERE amount IS NOT NULL))::DECIMAL(38,12)      AS budgeted_cost,
    (sum(amount) - sum(billed) FILTER (WHERE amount IS NOT NULL))::DECIMAL(38,12) AS budget_left,
    NULL::DOUBLE                                                         AS used_percent,
    sum(year)::DECIMAL(38,12)                                            AS year_to_date
FROM cases
GROUP BY {columns}
HAVING sum(billed) <> 0 OR sum(prior) <> 0 OR sum(year) <> 0 OR sum(amount) IS NOT NULL
ORDER BY billed_cost DESC, {columns}
