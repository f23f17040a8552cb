/*
title:      Outcomes, what the money bought
get:        |
  write or export a CSV, workbook, JSON (a list, or an object a line) or Parquet file with date (or week, or month), name and value,
  and use_case where a count belongs to one: 2026-10-05,tickets_deflected,412,cs-deflect
  other files need an entry under `sources:` in aifinops.yaml with role: outcomes. Tickets (Zendesk: Explore, or Admin Center, Reports, Export):
  `count` says in which rows the assistant solved them. Charts (Amplitude, Mixpanel: Export CSV): format: series. The README has an example of each
docs:       name is the id of an outcome in aifinops.yaml; a week is an ISO week (2026-W41) or its Monday
confidence: our own format
role:       outcomes
format:     [csv, json, parquet]
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
