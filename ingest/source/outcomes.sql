/*
title:      Outcomes, what the money bought
get:        |
  write or export a CSV with the columns date (or week, or month), name and value, and use_case where a count belongs to one:
  2026-10-05,tickets_deflected,412,cs-deflect
docs:       name is the id of an outcome in aifinops.yaml; a week is an ISO week (2026-W41) or its Monday
confidence: our own format
role:       outcomes
format:     [csv]
columns:
  written:  text   date | week | month
  name:     text   name
  value:    number value
optional:
  date:     day    date
  week:     week   week
  month:    month  month
  use_case: text   use_case
*/
SELECT
    record,
    coalesce(date, week, month)                      AS ChargePeriodStart,
    CASE
        WHEN date IS NOT NULL THEN date + INTERVAL 1 DAY
        WHEN week IS NOT NULL THEN week + INTERVAL 7 DAY
        ELSE month + INTERVAL 1 MONTH END            AS ChargePeriodEnd,
    name                                             AS x_Outcome,
    use_case                                         AS x_UseCase,
    value                                            AS x_Value,
    CASE WHEN written IS NULL THEN 'no date, week or month' END AS problem
FROM raw
