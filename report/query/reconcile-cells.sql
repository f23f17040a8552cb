/*
title: the cells of reconcile
about: Billing and evidence side by side by day, model and token class, as far as the bill knows them; and why each cell differs.
*/
CREATE OR REPLACE TEMP MACRO dollars(x) AS CASE WHEN x <> 0 AND abs(x) < 0.005 THEN 'less than a cent' ELSE (x::DECIMAL(38,2))::VARCHAR END;
CREATE OR REPLACE TEMP MACRO many(n, thing) AS format('{:,} {}', n::BIGINT, CASE WHEN n = 1 THEN thing ELSE thing || 's' END);

-- What rounded amounts may be off by together. Each is off by up to half of its last place (worst: the sum of these), evenly spread, which
-- is a standard deviation of half / sqrt(3); those of many add up by their squares. Three of them: 3 x sqrt(sum(half^2) / 3). It is a
-- bound, not money, and never more than the lines can be.
CREATE OR REPLACE TEMP MACRO off_by(worst, squares) AS least(worst, sqrt(3 * squares))::DECIMAL(38,12);

-- How finely an export writes its amounts, in cents at the coarsest: an amount may be off by half of that.
CREATE OR REPLACE TEMP TABLE reconcile_exports AS
SELECT x_File, greatest(max(length(rtrim(split_part(BilledCost::VARCHAR, '.', 2), '0'))), 2) AS places,
    ('0.' || repeat('0', places) || '5')::DECIMAL(18,13) AS half
FROM charge_facts WHERE in_period(ChargePeriodStart)
GROUP BY x_File;

-- The charges from the facts, with neither evidence nor rules nor splits. `metered` is what tokens can explain.
CREATE OR REPLACE TEMP TABLE reconcile_lines AS
SELECT
    coalesce(g.ProviderName, '(none)')                                                                                                  AS provider,
    date_trunc('month', f.ChargePeriodStart)                                                                                            AS month,
    CASE WHEN f.ChargePeriodEnd - f.ChargePeriodStart <= INTERVAL 1 DAY THEN date_trunc('day', f.ChargePeriodStart) END                 AS day,
    CASE WHEN g.metered THEN g.model END                                                                                                AS model,
    CASE WHEN g.metered THEN g.class ELSE '(' || lower(CASE WHEN coalesce(g.ChargeCategory, 'Usage') = 'Usage' THEN coalesce(g.x_Category, 'other') ELSE g.ChargeCategory END) || ')' END AS class,
    g.metered,
    coalesce(g.ChargeCategory, 'Usage')                                                                                                 AS category,
    g.BillingCurrency                                                                                                                   AS currency,
    e.places,
    sum(CASE WHEN r.rate = 1 THEN f.BilledCost ELSE (f.BilledCost * r.rate)::DECIMAL(38,12) END)                                        AS cost,
    sum((f.BilledCost * (first.rate - r.rate))::DECIMAL(38,12))                                                                         AS moved, -- what the month's first rate would make of it
    sum((e.half * r.rate)::DECIMAL(38,12))                                                                                              AS rounding,
    sum((e.half * r.rate)::DOUBLE ** 2)                                                                                                 AS squares
FROM charge_facts f
JOIN reconcile_exports e USING (x_File)
JOIN grouped d USING (x_Dimension)
JOIN groups g USING (x_Group)
JOIN rates r ON r.currency = g.BillingCurrency AND f.ChargePeriodStart >= r.rate_from AND f.ChargePeriodStart < r.rate_to
LEFT JOIN rates first ON first.currency = g.BillingCurrency AND date_trunc('month', f.ChargePeriodStart) >= first.rate_from AND date_trunc('month', f.ChargePeriodStart) < first.rate_to
WHERE in_period(f.ChargePeriodStart)
GROUP BY ALL;

-- The evidence at contract price, in the reporting currency; what it is at list, and at most.
CREATE OR REPLACE TEMP TABLE reconcile_evidence AS
SELECT
    coalesce(g.ProviderName, '(none)')                                                                 AS provider,
    date_trunc('month', p.slot_start)                                                                  AS month,
    CASE WHEN p.slot_end - p.slot_start <= INTERVAL 1 DAY THEN date_trunc('day', p.slot_start) END     AS day,
    g.model,
    p.x_TokenClass                                                                                     AS class,
    p.role,
    sum((p.ContractedCost * r.rate)::DECIMAL(38,12))                                                   AS cost,
    sum((p.ListCost * r.rate)::DECIMAL(38,12)) FILTER (WHERE p.x_PriceStatus NOT LIKE 'zero-rated%')   AS list,
    sum((p.x_HighContractedCost * r.rate)::DECIMAL(38,12)) FILTER (WHERE p.x_PriceStatus NOT LIKE 'zero-rated%') AS high,
    -- What the terms say comes off the bill, where the bill does not show it as credits of its own.
    sum((p.ContractedCost * c.share * r.rate)::DECIMAL(38,12)) FILTER (WHERE shows.month IS NULL)                                         AS credit,
    sum(p.quantity) FILTER (WHERE p.x_PriceStatus = 'unpriced')::HUGEINT                               AS unpriced,
    sum(p.ContractedCost) FILTER (WHERE r.rate IS NULL)                                                AS waiting -- in dollars, which have no rate that day
FROM priced p
JOIN groups g USING (x_Group)
LEFT JOIN rates r ON r.currency = 'USD' AND p.slot_start >= r.rate_from AND p.slot_start < r.rate_to
LEFT JOIN (SELECT DISTINCT provider, month FROM reconcile_lines WHERE category = 'Credit') shows ON shows.provider = g.ProviderName AND shows.month = date_trunc('month', p.slot_start)
LEFT JOIN LATERAL (SELECT CASE WHEN count(*) > 0 THEN least(sum(k.share), 1) END::DECIMAL(9,6) AS share FROM credits k
    WHERE k.ProviderName = g.ProviderName AND coalesce(k.x_BookModel, g.model) = g.model AND p.slot_start >= k.rate_from AND p.slot_start < k.rate_to) c ON true
WHERE in_period(p.slot_start) AND p.x_PriceStatus IS NOT NULL
GROUP BY ALL;

-- Evidence is set beside the bill with which it has most in common: of its model and class, else its model, else its class, else any.
CREATE OR REPLACE TEMP TABLE reconcile_placed AS
WITH keys AS (
    SELECT DISTINCT provider, month, model, class FROM reconcile_lines WHERE metered
), flat AS (
    SELECT provider, month, bool_or(true) AS here FROM keys WHERE model IS NULL AND class IS NULL GROUP BY ALL
)
SELECT
    e.* REPLACE (
        CASE WHEN both_known.model IS NULL AND by_model.model IS NULL AND (by_class.class IS NOT NULL OR flat.here) THEN NULL ELSE e.model END AS model,
        CASE WHEN both_known.model IS NOT NULL THEN e.class WHEN by_model.model IS NOT NULL THEN NULL WHEN by_class.class IS NOT NULL THEN e.class
            WHEN flat.here THEN NULL ELSE e.class END AS class)
FROM reconcile_evidence e
LEFT JOIN keys both_known ON both_known.provider = e.provider AND both_known.month = e.month AND both_known.model = e.model AND both_known.class = e.class
LEFT JOIN keys by_model ON by_model.provider = e.provider AND by_model.month = e.month AND by_model.model = e.model AND by_model.class IS NULL
LEFT JOIN keys by_class ON by_class.provider = e.provider AND by_class.month = e.month AND by_class.model IS NULL AND by_class.class = e.class
LEFT JOIN flat ON flat.provider = e.provider AND flat.month = e.month;

-- Bought capacity is billed by the hour: it stands beside the largest charge that no class of tokens explains.
CREATE OR REPLACE TEMP TABLE reconcile_commitments AS
WITH hours AS (
    SELECT c.commitment, c.ProviderName AS provider, date_trunc('month', d.day) AS month, c.usd_per_hour,
        sum(date_diff('hour', greatest(c.rate_from, d.day), least(c.rate_to, d.day + INTERVAL 1 DAY)))::BIGINT AS hours
    FROM commitments c JOIN (SELECT unnest(period_days()) AS day) d ON c.rate_from < d.day + INTERVAL 1 DAY AND c.rate_to > d.day
    GROUP BY ALL
), host AS (
    SELECT provider, month, max_by(model, (cost, coalesce(model, ''))) AS model FROM reconcile_lines WHERE metered AND class IS NULL GROUP BY ALL
)
SELECT h.commitment, h.provider, h.month, host.model, h.hours, (h.hours * h.usd_per_hour * r.rate)::DECIMAL(38,12) AS cost
FROM hours h JOIN host USING (provider, month) JOIN rates r ON r.currency = 'USD' AND h.month >= r.rate_from AND h.month < r.rate_to;

CREATE OR REPLACE TEMP TABLE reconcile_sides AS
SELECT provider, month, day, model, class, cost AS billed, NULL::DECIMAL(38,12) AS usage, NULL::DECIMAL(38,12) AS requests, NULL::DECIMAL(38,12) AS list, NULL::DECIMAL(38,12) AS high,
    NULL::DECIMAL(38,12) AS requests_list, NULL::DECIMAL(38,12) AS declared, NULL::HUGEINT AS unpriced, NULL::HUGEINT AS requests_unpriced, false AS seen, rounding, squares
FROM reconcile_lines WHERE metered
UNION ALL
SELECT provider, month, day, model, class, NULL, CASE WHEN role = 'usage' THEN cost END, CASE WHEN role = 'requests' THEN cost END, CASE WHEN role = 'usage' THEN list END, CASE WHEN role = 'usage' THEN high END,
    CASE WHEN role = 'requests' THEN list END, CASE WHEN role = 'usage' THEN -credit END, CASE WHEN role = 'usage' THEN unpriced END,
    CASE WHEN role = 'requests' THEN unpriced END, role = 'usage', NULL, NULL
FROM reconcile_placed
UNION ALL
SELECT provider, month, NULL, model, NULL, NULL, NULL, NULL, NULL, NULL, NULL, cost, NULL, NULL, true, NULL, NULL
FROM reconcile_commitments;

-- By day only where every view of a model and class knows the day.
CREATE OR REPLACE TEMP TABLE reconcile_cells AS
WITH daily AS (
    SELECT provider, month, model, class, bool_and(day IS NOT NULL) AS daily FROM reconcile_sides GROUP BY ALL
)
SELECT
    s.provider, s.month, CASE WHEN d.daily THEN s.day END AS day, s.model, s.class,
    sum(s.billed) AS billed, sum(s.usage) AS usage, sum(s.requests) AS requests, sum(s.list) AS list, sum(s.high) AS high, sum(s.requests_list) AS requests_list, sum(s.declared) AS declared,
    sum(s.unpriced)::HUGEINT AS unpriced, sum(s.requests_unpriced)::HUGEINT AS requests_unpriced, bool_or(s.seen) AS seen,
    sum(s.rounding) AS worst, sum(s.squares) AS squares, off_by(sum(s.rounding), sum(s.squares)) AS rounding
FROM reconcile_sides s
JOIN daily d ON s.provider = d.provider AND s.month = d.month AND s.model IS NOT DISTINCT FROM d.model AND s.class IS NOT DISTINCT FROM d.class
GROUP BY ALL;

-- What a cell's difference is owed to, as far as its neighbours tell. Each cell has one reason, so that the reasons add up to the difference.
-- A gateway need not see all calls: in a month without usage only what it saw is compared, and only where it saw more than was billed.
CREATE OR REPLACE TEMP TABLE reconcile_reasons AS
WITH months AS (
    SELECT provider, month, bool_or(seen) AS metered FROM reconcile_cells
    ANTI JOIN (FROM reconcile_evidence WHERE waiting IS NOT NULL) USING (provider, month) -- without a rate nobody knows what the evidence is
    GROUP BY ALL
    HAVING bool_or(seen) OR sum(requests) > sum(billed) * (1 + getvariable('tolerance'))
), days AS (
    SELECT provider, month, day, bool_or(seen) AS seen, bool_or(billed <> 0) AS billed FROM reconcile_cells WHERE day IS NOT NULL GROUP BY ALL
), classes AS (
    SELECT provider, month, model, class, sum(unpriced) > 0 AS unpriced FROM reconcile_cells GROUP BY ALL
), models AS (
    SELECT provider, month, model, bool_or(seen) AS seen, bool_or(billed <> 0) AS billed FROM reconcile_cells GROUP BY ALL
)
SELECT
    c.* EXCLUDE (requests, requests_list, requests_unpriced) REPLACE (
        CASE WHEN metered THEN c.usage ELSE c.requests END AS usage, CASE WHEN metered THEN c.list ELSE c.requests_list END AS list),
    metered,
    coalesce(c.billed, 0) - coalesce(CASE WHEN metered THEN c.usage ELSE c.requests END, 0) - coalesce(c.declared, 0) AS difference,
    CASE
        WHEN NOT metered THEN CASE WHEN c.requests > 0 AND c.billed > 0 THEN 'compared' ELSE 'unseen' END
        WHEN NOT d.seen THEN 'day without usage'
        WHEN d.seen AND d.billed IS DISTINCT FROM true THEN 'day without bill'
        WHEN k.unpriced THEN 'unpriced'
        WHEN NOT m.seen THEN 'model without usage'
        WHEN m.billed IS DISTINCT FROM true THEN 'model without bill'
        ELSE 'compared' END AS reason
FROM reconcile_cells c
JOIN months USING (provider, month)
JOIN models m ON m.provider = c.provider AND m.month = c.month AND m.model IS NOT DISTINCT FROM c.model
JOIN classes k ON k.provider = c.provider AND k.month = c.month AND k.model IS NOT DISTINCT FROM c.model AND k.class IS NOT DISTINCT FROM c.class
LEFT JOIN days d ON d.provider = c.provider AND d.month = c.month AND d.day = c.day;

-- A ratio of bill to list that is the same in all cells looks like a discount: the middle half of the cells lies within 1% of each other.
-- Of all cells; else of the models that have one; else of the classes. Cells that are mostly rounding do not
-- count, and one that is off the ratio has a reason of its own.
CREATE OR REPLACE TEMP TABLE reconcile_ratios AS
WITH stats AS (
    SELECT provider, month, model, class, grouping_id(model, class) AS cut, count(*) AS cells,
        quantile_cont((billed / list)::DOUBLE, [0.25, 0.5, 0.75]) AS q, abs(median((billed / (usage + coalesce(declared, 0)))::DOUBLE) - 1) > 0.005 AS off
    FROM reconcile_reasons
    WHERE reason = 'compared' AND billed > 0 AND list > 0 AND usage + coalesce(declared, 0) > 0 AND billed >= 200 * coalesce(rounding, 0)
    GROUP BY GROUPING SETS ((provider, month), (provider, month, model), (provider, month, class))
), stable AS (
    SELECT * EXCLUDE (q), q[2] AS ratio FROM stats WHERE cells >= 4 AND q[3] - q[1] <= 0.01 * q[2]
)
SELECT *, round(100 * (1 - ratio), 1) AS percent
FROM stable s
WHERE off AND (cut = 3
    OR cut = 1 AND NOT EXISTS (FROM stable o WHERE o.provider = s.provider AND o.month = s.month AND o.cut = 3)
    OR cut = 2 AND NOT EXISTS (FROM stable o WHERE o.provider = s.provider AND o.month = s.month AND (o.cut = 3 OR o.cut = 1 AND o.off)));

CREATE OR REPLACE TEMP TABLE reconcile_judged AS
SELECT
    c.* REPLACE (CASE
        WHEN c.reason <> 'compared' THEN c.reason
        WHEN abs((c.billed / c.list)::DOUBLE - r.ratio) <= 0.01 * r.ratio OR abs(c.billed::DOUBLE - c.list::DOUBLE * r.ratio) <= c.rounding::DOUBLE THEN 'ratio'
        WHEN NOT c.metered THEN 'unseen'
        WHEN c.high > c.usage AND c.difference > 0 AND c.difference <= c.high - c.usage + coalesce(c.rounding, 0) THEN 'range'
        ELSE 'class' END AS reason),
    r.percent, r.cut,
    -- A cell ties to the cent, or as far as its lines are rounded; a sum of cells is no better than they are.
    abs(c.difference) > greatest(0.01, coalesce(c.rounding, 0)) AND NOT (c.high > c.usage AND c.difference > 0 AND c.difference <= c.high - c.usage + coalesce(c.rounding, 0)) AS apart
FROM reconcile_reasons c
LEFT JOIN reconcile_ratios r ON r.provider = c.provider AND r.month = c.month
    AND (r.cut = 3 OR r.cut = 1 AND r.model IS NOT DISTINCT FROM c.model OR r.cut = 2 AND r.class IS NOT DISTINCT FROM c.class);
