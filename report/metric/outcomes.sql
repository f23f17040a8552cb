-- What was counted, and of which days it speaks. A series is an outcome of a use case; '' is that of none.

-- Decimals as whole numbers of 10^-12: a division of decimals would be floating point.
CREATE OR REPLACE TEMP MACRO whole(d) AS replace(d::DECIMAL(38,12)::VARCHAR, '.', '')::HUGEINT;
CREATE OR REPLACE TEMP MACRO exact(n) AS ((n // 1000000000000)::DECIMAL(26,0) + (n % 1000000000000)::DECIMAL(12,0) * 0.000000000001)::DECIMAL(38,12);
CREATE OR REPLACE TEMP MACRO ratio(a, b) AS -- half away from zero at the last digit
    exact(sign(a)::HUGEINT * sign(b)::HUGEINT * ((2 * abs(whole(a)) * 1000000000000 + abs(whole(b))) // nullif(2 * abs(whole(b)), 0)));
-- The part of a value that is of the days [lo, hi) of n: parts that touch add up to the whole.
CREATE OR REPLACE TEMP MACRO part(v, lo, hi, n) AS exact(whole(v) * hi // n) - exact(whole(v) * lo // n);

-- As people read them.
CREATE OR REPLACE TEMP MACRO days(a, b) AS CASE WHEN a = b THEN a::VARCHAR ELSE a || ' to ' || b END;
CREATE OR REPLACE TEMP MACRO plain(v) AS regexp_replace(v::DECIMAL(38,12)::VARCHAR, '\.?0+$', '');

CREATE OR REPLACE TEMP TABLE outcome_records AS
SELECT
    n.outcome,
    coalesce(f.x_UseCase, '')                                                                   AS series,
    f.ChargePeriodStart                                                                         AS said_from,
    f.ChargePeriodEnd                                                                           AS said_to,
    f.ChargePeriodEnd <= f.ChargePeriodStart                                                    AS event,
    f.ChargePeriodStart::DATE                                                                   AS first_day,
    greatest(f.ChargePeriodStart, f.ChargePeriodEnd - INTERVAL 1 MICROSECOND)::DATE             AS last_day,
    f.x_Value                                                                                   AS value,
    f.x_Source, f.x_File, f.x_Record
FROM outcome_facts f JOIN outcome_names n ON n.name = lower(f.x_Outcome);

-- What is said twice and alike counts once.
CREATE OR REPLACE TEMP TABLE outcome_rows AS
SELECT outcome, series, said_from, said_to, first_day, last_day, value, min({'file': x_File, 'record': x_Record}) AS said_in, count(*) AS times
FROM outcome_records
WHERE NOT event
GROUP BY ALL;

-- The first two of a series, in the months asked for, that speak of the same time and do not say the same.
CREATE OR REPLACE TEMP TABLE outcome_conflicts AS
WITH asked AS (
    SELECT * FROM outcome_rows WHERE said_to > getvariable('metric_from') AND said_from < getvariable('metric_to')
), met AS (
    SELECT *, max(said_to) OVER before > said_from AS meets FROM asked
    WINDOW before AS (PARTITION BY outcome, series ORDER BY said_from, said_to, value ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), late AS (
    SELECT * FROM met WHERE meets QUALIFY row_number() OVER (PARTITION BY outcome, series ORDER BY said_from, said_to, value) = 1
), pairs AS (
    SELECT l.outcome, l.series, e.said_in AS one, l.said_in AS other, e.value AS one_value, l.value AS other_value, e.said_from = l.said_from AND e.said_to = l.said_to AS alike,
        e.first_day AS one_first, e.last_day AS one_last, l.first_day AS other_first, l.last_day AS other_last
    FROM late l
    JOIN asked e ON e.outcome = l.outcome AND e.series = l.series AND e.said_to > l.said_from AND e.said_from < l.said_to AND e.said_in <> l.said_in
        AND (e.said_from, e.said_to, e.value) < (l.said_from, l.said_to, l.value)
    QUALIFY row_number() OVER (PARTITION BY l.outcome, l.series ORDER BY e.said_to DESC, e.said_in) = 1
)
SELECT outcome, format('{} record {} and {} record {} both count {}{} for {}; {}{}',
    a.path, one.record, b.path, other.record, outcome, CASE WHEN series <> '' THEN ' of ' || series ELSE '' END,
    CASE WHEN alike THEN format('{}, {} and {}', days(one_first, one_last), plain(one_value), plain(other_value))
        ELSE format('{} and {}, which overlap', days(one_first, one_last), days(other_first, other_last)) END,
    CASE WHEN one.file = other.file THEN 'take one out' ELSE 'take one file out' END, CASE WHEN series = '' THEN ', or give them use cases' ELSE '' END) AS message
FROM pairs JOIN files a ON a.x_File = one.file JOIN files b ON b.x_File = other.file;

-- A row of one day in a series at a steady gap speaks until the next: most gaps are of that length, and more than one of them unless it is a
-- week's or a month's. Months count as 31 days.
CREATE OR REPLACE TEMP TABLE outcome_cadence AS
WITH single AS (
    SELECT DISTINCT outcome, series, first_day FROM outcome_rows WHERE first_day = last_day
), gaps AS (
    SELECT outcome, series, first_day - lag(first_day) OVER (PARTITION BY outcome, series ORDER BY first_day) AS gap FROM single
), counted AS (
    SELECT outcome, series, CASE WHEN gap BETWEEN 28 AND 31 THEN 31 ELSE gap END AS gap, count(*) AS times FROM gaps WHERE gap IS NOT NULL GROUP BY ALL
)
SELECT outcome, series, arg_max(gap, (times, -gap)) AS gap
FROM counted
GROUP BY ALL
HAVING max(times) * 2 >= sum(times) AND arg_max(gap, (times, -gap)) <= 31 AND (max(times) > 1 OR arg_max(gap, (times, -gap)) IN (7, 31));

-- Series by the week: the weekday on which a week begins, and the day of it by whose month it goes. A week's Thursday; a row of a day is of its day.
CREATE OR REPLACE TEMP TABLE outcome_weeks AS
SELECT r.outcome, r.series, mode(isodow(r.first_day)) AS weekday, CASE WHEN count(*) FILTER (WHERE r.last_day - r.first_day = 6) * 2 > count(*) THEN 3 ELSE 0 END AS middle
FROM outcome_rows r LEFT JOIN outcome_cadence c USING (outcome, series)
GROUP BY r.outcome, r.series
HAVING count(*) FILTER (WHERE r.last_day - r.first_day = 6 OR r.first_day = r.last_day AND c.gap = 7) * 2 > count(*);

-- Events speak for all days from the first to the last of their export, whatever it counted on them.
CREATE OR REPLACE TEMP TABLE outcome_days AS
SELECT DISTINCT r.outcome, r.series, unnest(generate_series(r.first_day,
    CASE WHEN r.first_day = r.last_day THEN r.first_day + (coalesce(c.gap, 1) - 1)::INTEGER ELSE r.last_day END, INTERVAL 1 DAY))::DATE AS day
FROM outcome_rows r LEFT JOIN outcome_cadence c USING (outcome, series);
CREATE OR REPLACE TEMP TABLE event_days AS
SELECT DISTINCT e.outcome, e.series, unnest(generate_series(c.period_start::DATE, greatest(c.period_start, c.period_end - INTERVAL 1 MICROSECOND)::DATE, INTERVAL 1 DAY))::DATE AS day
FROM (SELECT DISTINCT outcome, series, x_Source FROM outcome_records WHERE event) e
JOIN files f ON f.source = e.x_Source
JOIN file_coverage c ON c.x_File = f.x_File;
INSERT INTO event_days SELECT outcome, series, first_day FROM outcome_records WHERE event EXCEPT FROM event_days; -- an event at midnight ends its export

-- Each count with its period; of events what there were on a day, none on the others of which they speak.
CREATE OR REPLACE TEMP TABLE outcome_counts AS
SELECT outcome, series, first_day, last_day, value, times, false AS event, said_in FROM outcome_rows;
INSERT INTO outcome_counts
SELECT d.outcome, d.series, d.day, d.day, coalesce(e.value, 0), 1, true, e.said_in
FROM event_days d LEFT JOIN (
    SELECT outcome, series, first_day AS day, sum(value)::DECIMAL(38,12) AS value, min({'file': x_File, 'record': x_Record}) AS said_in
    FROM outcome_records WHERE event GROUP BY ALL
) e USING (outcome, series, day);

-- Days off: weekdays of which a series hardly ever speaks, or on which hardly ever something happens. It takes three weeks to know.
CREATE OR REPLACE TEMP TABLE outcome_days_off AS
WITH spoken AS (
    SELECT outcome, series, day FROM outcome_days
    UNION
    SELECT outcome, series, first_day FROM outcome_records WHERE event
), span AS (
    SELECT outcome, series, min(day) AS first_day, max(day) AS last_day FROM spoken GROUP BY ALL
), weeks AS (
    SELECT DISTINCT outcome, series, date_trunc('week', day)::DATE AS monday FROM spoken
), possible AS (
    SELECT w.outcome, w.series, n AS weekday, count(*) AS weeks
    FROM weeks w CROSS JOIN (SELECT unnest(generate_series(1, 7)) AS n) JOIN span s USING (outcome, series)
    WHERE w.monday + (n - 1)::INTEGER BETWEEN s.first_day AND s.last_day
    GROUP BY ALL
), met AS (
    SELECT p.*, coalesce(m.times, 0) / p.weeks AS often
    FROM possible p LEFT JOIN (SELECT outcome, series, isodow(day) AS weekday, count(*) AS times FROM spoken GROUP BY ALL) m USING (outcome, series, weekday)
), best AS (
    SELECT outcome, series, max(often) AS often FROM met WHERE weeks >= 3 GROUP BY ALL
)
SELECT met.outcome, met.series, met.weekday FROM met JOIN best USING (outcome, series) WHERE met.weeks >= 3 AND met.often < best.often / 2;

INSERT INTO outcome_days FROM event_days EXCEPT FROM outcome_days;
