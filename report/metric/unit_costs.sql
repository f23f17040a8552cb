-- What a unit of each metric's outcome costs, a row a metric and month. Whatever is missing makes the value unknown, and is said in the note.

-- Money, of the months asked for and the one before.
CREATE OR REPLACE TEMP TABLE metric_money AS
SELECT
    coalesce(x_UseCase, '(unattributed)')                            AS use_case,
    date_trunc('month', ChargePeriodStart)                           AS month,
    ChargePeriodStart::DATE                                          AS day,
    coalesce(ProviderName, '(none)')                                 AS provider,
    lower(coalesce(x_Category, ServiceCategory, '(none)'))           AS category,
    x_Tier IN ('request', 'key')                                     AS known,
    x_Basis = 'estimated'                                            AS estimated,
    sum(BilledCost)                                                  AS cost
FROM costs
WHERE ChargePeriodStart >= getvariable('metric_from') - INTERVAL 1 MONTH AND ChargePeriodStart < getvariable('metric_to')
GROUP BY ALL;

-- The money of each metric: `counted` is that of its categories.
CREATE OR REPLACE TEMP TABLE metric_costs AS
WITH asked AS (
    SELECT DISTINCT c.metric, m.category
    FROM (SELECT DISTINCT category FROM metric_money) m JOIN metric_categories c ON m.category = c.category OR m.category GLOB c.category
)
SELECT u.metric, m.* EXCLUDE (use_case), t.every_category OR a.category IS NOT NULL AS counted, m.category = 'llm' AS llm
FROM metric_money m
JOIN metric_use_cases u USING (use_case)
JOIN metrics t ON t.metric = u.metric
LEFT JOIN asked a ON a.metric = u.metric AND a.category = m.category;

-- Which providers a metric's money is from, in a month or the one before.
CREATE OR REPLACE TEMP TABLE metric_providers AS
SELECT metric, month, provider, bool_or(counted) AS counted, bool_or(llm) AS llm
FROM (
    SELECT metric, month, provider, counted, llm FROM metric_costs
    UNION ALL
    SELECT metric, month + INTERVAL 1 MONTH, provider, counted, llm FROM metric_costs
)
GROUP BY ALL;

-- The months, and the series that count in each: those of its use cases and of none, unless they ended before the month before.
CREATE OR REPLACE TEMP TABLE metric_months AS
SELECT t.metric, t.outcome, t."window", m.month, (m.month + INTERVAL 1 MONTH)::TIMESTAMP AS month_end, (m.month + INTERVAL 1 MONTH)::DATE > getvariable('metric_today') AS running
FROM metrics t CROSS JOIN (SELECT unnest(generate_series(getvariable('metric_from'), getvariable('metric_to') - INTERVAL 1 DAY, INTERVAL 1 MONTH)) AS month) m
WHERE m.month::DATE <= getvariable('metric_today');
CREATE OR REPLACE TEMP TABLE metric_series AS
SELECT m.metric, m.month, s.outcome, s.series, bool_or(s.day >= m.month) AS speaks, max(s.day) FILTER (WHERE s.day >= m.month AND s.day <= getvariable('metric_today')) AS last_day
FROM metric_months m
JOIN outcome_days s ON s.outcome = m.outcome AND s.day >= m.month - INTERVAL 1 MONTH AND s.day < m.month_end
WHERE s.series = '' OR EXISTS (FROM metric_use_cases u WHERE u.metric = m.metric AND u.use_case = s.series)
GROUP BY ALL;

-- How far a month has come that is not over: outcomes and the bills that come by the day, whichever is behind. What is only estimated has no bill.
CREATE OR REPLACE TEMP TABLE metric_reach AS
WITH days AS (
    SELECT DISTINCT provider, month, day, estimated FROM metric_money
), providers AS (
    SELECT p.metric, p.month, p.provider,
        count(DISTINCT d.day) FILTER (WHERE NOT d.estimated) >= 5 AS by_day,
        max(d.day) FILTER (WHERE d.month = p.month) AS last_day,
        bool_and(d.estimated) FILTER (WHERE d.month = p.month) AS estimated
    FROM metric_providers p JOIN days d ON d.provider = p.provider AND d.month IN (p.month, p.month - INTERVAL 1 MONTH)
    WHERE p.counted
    GROUP BY ALL
), bills AS (
    SELECT metric, month, min(last_day) AS day, string_agg(provider, ', ' ORDER BY provider) FILTER (WHERE last_day IS NULL) AS silent
    FROM providers WHERE by_day OR estimated GROUP BY ALL
), counts AS (
    SELECT metric, month, CASE WHEN bool_and(last_day IS NOT NULL) THEN min(last_day) END AS day FROM metric_series GROUP BY ALL
)
SELECT m.*, CASE WHEN m.running THEN b.silent END AS silent, CASE
    WHEN NOT m.running THEN (m.month_end - INTERVAL 1 DAY)::DATE
    WHEN b.silent IS NULL AND c.day IS NOT NULL THEN least(c.day, b.day, getvariable('metric_today')) END AS to_day
FROM metric_months m LEFT JOIN bills b USING (metric, month) LEFT JOIN counts c USING (metric, month);

-- The counts of each month, up to that day. A week belongs to the month of its Thursday: a period to that of its middle.
CREATE OR REPLACE TEMP TABLE metric_counts AS
SELECT
    m.metric, m.month, m."window", c.* EXCLUDE (outcome),
    CASE WHEN c.first_day >= m.month AND c.last_day <= m.to_day THEN c.value
        ELSE part(c.value, greatest(c.first_day, m.month::DATE) - c.first_day, least(c.last_day, m.to_day) - c.first_day + 1, c.last_day - c.first_day + 1) END AS here,
    c.first_day + ((c.last_day - c.first_day) // 2)::INTEGER BETWEEN m.month::DATE AND m.month_end::DATE - 1 AND (NOT m.running OR c.last_day <= m.to_day) AS belongs
FROM metric_reach m
JOIN metric_series s ON s.metric = m.metric AND s.month = m.month AND s.speaks
JOIN outcome_counts c ON c.outcome = s.outcome AND c.series = s.series AND c.first_day <= m.to_day AND c.last_day >= m.month::DATE;
CREATE OR REPLACE TEMP TABLE metric_denominators AS
WITH periods AS (
    SELECT metric, month, "window", first_day, last_day, sum(value)::DECIMAL(38,12) AS value
    FROM metric_counts WHERE "window" <> 'sum' AND belongs GROUP BY ALL
)
SELECT metric, month, sum(here)::DECIMAL(38,12) AS denominator FROM metric_counts WHERE "window" = 'sum' GROUP BY ALL
UNION ALL
SELECT metric, month, CASE "window"
    WHEN 'mean' THEN ratio(sum(value), count(*))
    WHEN 'last' THEN arg_max(value, (last_day, first_day))
    ELSE max(value) END
FROM periods GROUP BY metric, month, "window";

-- Days of the month for which a series should speak, and does not. A sum needs every day of the month.
CREATE OR REPLACE TEMP TABLE metric_gaps AS
WITH expected AS (
    SELECT m.metric, m.month, s.series, d.day::DATE AS day
    FROM metric_reach m
    JOIN metric_series s USING (metric, month)
    CROSS JOIN LATERAL (SELECT unnest(generate_series(m.month, m.to_day::TIMESTAMP, INTERVAL 1 DAY)) AS day) d
    LEFT JOIN outcome_weeks w ON w.outcome = s.outcome AND w.series = s.series AND m."window" <> 'sum' -- of weeks those count that are the month's
    WHERE NOT EXISTS (FROM outcome_days_off o WHERE o.outcome = s.outcome AND o.series = s.series AND o.weekday = isodow(d.day))
        AND (w.weekday IS NULL OR d.day::DATE - ((isodow(d.day) - w.weekday + 7) % 7)::INTEGER + w.middle BETWEEN m.month::DATE AND m.month_end::DATE - 1)
), held AS (
    SELECT e.*, o.day IS NULL AS lacks, coalesce(nullif(e.series, ''), 'no use case') AS who
    FROM expected e JOIN metrics t USING (metric) LEFT JOIN outcome_days o ON o.outcome = t.outcome AND o.series = e.series AND o.day = e.day
)
SELECT metric, month, count(DISTINCT day) AS days, count(DISTINCT day) FILTER (WHERE lacks) AS missing, bool_and(lacks) AS silent,
    min(day) FILTER (WHERE lacks) AS first_day, max(day) FILTER (WHERE lacks) AS last_day,
    CASE WHEN count(DISTINCT series) > 1 THEN ' of ' || string_agg(DISTINCT who, ', ' ORDER BY who) FILTER (WHERE lacks) ELSE '' END AS whose
FROM held
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE metric_silent AS
SELECT metric, month FROM metric_months m WHERE NOT EXISTS (FROM metric_series s WHERE s.metric = m.metric AND s.month = m.month AND s.speaks)
UNION
SELECT metric, month FROM metric_gaps WHERE silent;

-- Where no day is reached, or nobody was billed at all, there is no sum: that is not 0.
CREATE OR REPLACE TEMP TABLE metric_sums AS
SELECT
    m.metric, m.month,
    coalesce(sum(c.cost) FILTER (WHERE c.counted), 0)::DECIMAL(38,12)                      AS numerator,
    coalesce(sum(c.cost) FILTER (WHERE c.counted AND c.known), 0)::DECIMAL(38,12)          AS known_cost,
    coalesce(sum(c.cost) FILTER (WHERE c.counted AND c.estimated), 0)::DECIMAL(38,12)      AS estimated_cost,
    coalesce(sum(c.cost) FILTER (WHERE c.llm), 0)::DECIMAL(38,12)                          AS llm_cost,
    coalesce(sum(c.cost), 0)::DECIMAL(38,12)                                               AS loaded_cost
FROM metric_reach m LEFT JOIN metric_costs c ON c.metric = m.metric AND c.month = m.month AND c.day <= m.to_day
WHERE m.to_day IS NOT NULL AND m.month IN (SELECT month FROM metric_money)
GROUP BY ALL;

-- What a reader must know of each, in this order. A note on what is missing makes the value unknown, and where it is so also that of one kind of money.
CREATE OR REPLACE TEMP TABLE metric_notes (metric VARCHAR, month TIMESTAMP, place INTEGER, note VARCHAR, counted BOOLEAN, llm BOOLEAN, loaded BOOLEAN);
INSERT INTO metric_notes
SELECT metric, month, 1, format('month to date, to {}{}', to_day, CASE WHEN "window" = 'sum' THEN '' ELSE format(': dollars of {} of {} days', day(to_day), day(last_day(month))) END),
    false, false, false
FROM metric_reach WHERE running AND to_day IS NOT NULL;
INSERT INTO metric_notes
SELECT metric, month, 2, format('{}: no bill yet for {}', silent, strftime(month, '%Y-%m')), true, true, true FROM metric_reach WHERE silent IS NOT NULL;
INSERT INTO metric_notes
SELECT m.metric, m.month, 3, coalesce(t.hint, format('no {} in {}: export it into the inbox, then aifinops ingest', m.outcome, strftime(m.month, '%Y-%m'))), true, true, true
FROM metric_silent JOIN metric_months m USING (metric, month) JOIN metrics t USING (metric);
INSERT INTO metric_notes
SELECT m.metric, m.month, 3, format('no {} yet of {}', m.outcome, string_agg(coalesce(nullif(s.series, ''), 'no use case'), ', ' ORDER BY s.series)), true, true, true
FROM metric_months m JOIN metric_series s USING (metric, month)
ANTI JOIN metric_silent USING (metric, month)
WHERE m.running AND s.last_day IS NULL
GROUP BY metric, month, m.outcome;
INSERT INTO metric_notes
SELECT g.metric, g.month, 4, format('{}{}: {} of {} days missing, {}', m.outcome, whose, missing, days,
        CASE WHEN g.first_day = g.last_day THEN g.last_day::VARCHAR WHEN g.last_day - g.first_day + 1 = missing THEN format('from {} to {}', g.first_day, g.last_day)
        ELSE format('the first {}, the last {}', g.first_day, g.last_day) END),
    true, true, true
FROM metric_gaps g JOIN metric_months m USING (metric, month) ANTI JOIN metric_silent USING (metric, month)
WHERE missing > 0;
INSERT INTO metric_notes
SELECT m.metric, m.month, 5, CASE WHEN d.denominator IS NULL THEN format('no {} of {} that is over', m.outcome, strftime(m.month, '%Y-%m'))
    WHEN d.denominator = 0 THEN m.outcome || ' is 0' ELSE format('{} is negative: {}', m.outcome, plain(d.denominator)) END, true, true, true
FROM metric_reach m LEFT JOIN metric_denominators d USING (metric, month) ANTI JOIN metric_silent USING (metric, month)
WHERE coalesce(d.denominator, 0) <= 0 AND m.to_day IS NOT NULL;
INSERT INTO metric_notes
SELECT m.metric, m.month, 6, 'nothing was billed in ' || strftime(m.month, '%Y-%m'), true, true, true
FROM metric_reach m WHERE m.silent IS NULL AND m.month NOT IN (SELECT month FROM metric_money);
INSERT INTO metric_notes
SELECT p.metric, p.month, 7, CASE
    WHEN count(DISTINCT b.day) = date_diff('day', any_value(m.month), any_value(m.month_end)) THEN format('{}: no bill for {}', p.provider, strftime(p.month, '%Y-%m'))
    ELSE format('{}: no bill for {} {} of {}', p.provider, count(DISTINCT b.day), CASE WHEN count(DISTINCT b.day) = 1 THEN 'day' ELSE 'days' END, strftime(p.month, '%Y-%m')) END,
    p.counted, p.llm, true
FROM metric_providers p JOIN metric_reach m USING (metric, month) JOIN missing_bills b ON b.provider = p.provider AND b.month = p.month AND b.day::DATE <= m.to_day
WHERE p.month IN (SELECT month FROM metric_money)
GROUP BY p.metric, p.month, p.provider, p.counted, p.llm;
INSERT INTO metric_notes
SELECT metric, month, 8, CASE WHEN abs(estimated_cost) < 0.005 THEN 'less than a cent' ELSE estimated_cost::DECIMAL(38,2)::VARCHAR END || ' of it is estimated: no bill',
    false, false, false
FROM metric_sums WHERE estimated_cost <> 0;
INSERT INTO metric_notes
WITH used AS (
    SELECT DISTINCT u.metric, date_trunc('month', a.ChargePeriodStart) AS month, a.ProviderName, a.x_Model
    FROM activity a JOIN metric_use_cases u ON u.use_case = coalesce(a.x_UseCase, '(unattributed)')
), lacking AS (
    SELECT date_trunc('month', slot_start) AS month, ProviderName, x_Model, sum(quantity)::BIGINT AS quantity FROM unpriced GROUP BY ALL
)
SELECT metric, month, 9, format('{}: no price for {}: {:,} tokens or units', coalesce(l.ProviderName, '(no provider)'),
    string_agg(coalesce(l.x_Model, '(no model)'), ', ' ORDER BY l.x_Model), sum(l.quantity)::BIGINT), false, false, false
FROM used u JOIN lacking l USING (month) JOIN metric_months m USING (metric, month)
WHERE l.ProviderName IS NOT DISTINCT FROM u.ProviderName AND l.x_Model IS NOT DISTINCT FROM u.x_Model
GROUP BY metric, month, l.ProviderName;
INSERT INTO metric_notes
SELECT metric, month, 10, format('{} records that say what another says count once', sum(times - 1)::BIGINT), false, false, false
FROM metric_counts WHERE times > 1 GROUP BY metric, month;
-- Counts of all and of each, or events and their sums, may be the same twice: nobody can tell.
INSERT INTO metric_notes
WITH ways AS (
    SELECT metric, month, unnest(generate_series(first_day, last_day, INTERVAL 1 DAY))::DATE AS day, series = '' AS of_all, event, said_in
    FROM metric_counts WHERE value <> 0
), twice AS (
    SELECT metric, month, day, min(of_all) <> max(of_all) AS by_use_case, min(event) <> max(event) AS by_event,
        min(said_in) FILTER (WHERE NOT of_all) AS of_one, min(said_in) FILTER (WHERE of_all) AS of_none, min(said_in) FILTER (WHERE event) AS an_event, min(said_in) FILTER (WHERE NOT event) AS a_sum
    FROM ways GROUP BY ALL
), first AS (
    SELECT metric, month, by_use_case, count(*) AS days, min(t.day) AS day,
        arg_min(CASE WHEN by_use_case THEN of_one ELSE an_event END, t.day) AS one, arg_min(CASE WHEN by_use_case THEN of_none ELSE a_sum END, t.day) AS other
    FROM twice t JOIN metric_reach m USING (metric, month)
    WHERE (by_use_case OR by_event) AND t.day BETWEEN m.month::DATE AND m.to_day
    GROUP BY ALL
)
SELECT f.metric, f.month, 11, format('{} is counted twice on {}, {}: {} record {} and {} record {}', t.outcome,
    CASE WHEN f.days = 1 THEN f.day::VARCHAR ELSE format('{} days, the first {}', f.days, f.day) END,
    CASE WHEN by_use_case THEN 'with and without a use case' ELSE 'by single events and by sums' END, a.path, f.one.record, b.path, f.other.record), true, true, true
FROM first f JOIN metrics t USING (metric) LEFT JOIN files a ON a.x_File = f.one.file LEFT JOIN files b ON b.x_File = f.other.file;

CREATE OR REPLACE TEMP TABLE unit_costs AS
WITH notes AS (
    SELECT metric, month, string_agg(note, '; ' ORDER BY place, note) AS note, bool_or(counted) AS counted, bool_or(llm) AS llm, bool_or(loaded) AS loaded
    FROM metric_notes GROUP BY ALL
)
SELECT
    strftime(m.month, '%Y-%m')                                                       AS month,
    m.month                                                                          AS month_start,
    m.metric, m.outcome, t.unit, m."window",
    CASE WHEN coalesce(n.counted, false) THEN NULL ELSE ratio(s.numerator, d.denominator) END    AS value,
    s.numerator,
    d.denominator,
    NOT m.running AND NOT coalesce(n.counted, false)                                 AS complete,
    n.note,
    s.known_cost, s.estimated_cost, s.llm_cost, s.loaded_cost,
    CASE WHEN coalesce(n.llm, false) THEN NULL ELSE ratio(s.llm_cost, d.denominator) END         AS llm_value,
    CASE WHEN coalesce(n.loaded, false) THEN NULL ELSE ratio(s.loaded_cost, d.denominator) END   AS loaded_value,
    m.to_day,
    NOT m.running OR m."window" = 'sum'                                              AS comparable -- a part of a month's dollars for a level is no month's
FROM metric_reach m
JOIN metrics t USING (metric)
LEFT JOIN metric_sums s USING (metric, month)
LEFT JOIN metric_denominators d USING (metric, month)
LEFT JOIN notes n USING (metric, month)
ORDER BY month, m.metric;
