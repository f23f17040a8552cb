-- The facts that gates judge, by month. gate_months, budgets, gate_approved and gate_dearest are the policy's; costs, activity,
-- unit_costs, missing_bills and books are there already.

-- Dollars by everything that a gate can be for. What is billed for more than a day does not grow with the days that are to come.
CREATE OR REPLACE TEMP TABLE gate_spend AS
SELECT
    date_trunc('month', ChargePeriodStart)                                                     AS month,
    x_UseCase                                                                                  AS use_case,
    x_Team                                                                                     AS team,
    coalesce(ProviderName, '(none)')                                                           AS provider,
    coalesce(regexp_replace(x_BookModel, '^[^/]*/', ''), x_Model)                              AS model,
    coalesce(x_ApiKeyName, x_ApiKeyId)                                                         AS key,
    sum(BilledCost)                                                                            AS cost,
    coalesce(sum(BilledCost) FILTER (WHERE x_Basis = 'estimated'), 0)                          AS estimated,
    coalesce(sum(BilledCost) FILTER (WHERE ChargePeriodEnd - ChargePeriodStart <= INTERVAL 1 DAY), 0) AS daily,
    coalesce(sum(BilledCost) FILTER (WHERE BilledCost > 0 AND x_Basis <> 'estimated'), 0)      AS charged,
    max(ChargePeriodEnd) FILTER (WHERE ChargePeriodEnd - ChargePeriodStart <= INTERVAL 1 DAY)  AS upto
FROM costs
GROUP BY ALL;

-- Models and keys that were called, whether or not a bill names them.
CREATE OR REPLACE TEMP TABLE gate_calls AS
SELECT date_trunc('month', ChargePeriodStart) AS month, coalesce(ProviderName, '(none)') AS provider, coalesce(regexp_replace(x_BookModel, '^[^/]*/', ''), x_Model) AS model,
    coalesce(x_ApiKeyName, x_ApiKeyId) AS key, sum(x_Requests)::BIGINT AS requests
FROM activity
WHERE x_Requests > 0 OR x_InputTokens > 0 OR x_OutputTokens > 0
GROUP BY ALL
UNION ALL -- and those that are metered in other units
SELECT date_trunc('month', u.slot_start), coalesce(u.ProviderName, '(none)'), u.x_Model, coalesce(g.x_ApiKeyName, g.x_ApiKeyId), 0
FROM unpriced u JOIN groups g USING (x_Group) WHERE u.quantity > 0
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE gate_parts AS
SELECT 'use-case' AS of, use_case AS subject, * EXCLUDE (team, model, key) FROM gate_spend WHERE use_case IS NOT NULL
UNION ALL SELECT 'team', team, * EXCLUDE (team, model, key) FROM gate_spend WHERE team IS NOT NULL
UNION ALL SELECT 'provider', provider, * EXCLUDE (team, model, key) FROM gate_spend
UNION ALL SELECT 'model', model, * EXCLUDE (team, model, key) FROM gate_spend WHERE model IS NOT NULL
UNION ALL SELECT 'key', key, * EXCLUDE (team, model, key) FROM gate_spend WHERE key IS NOT NULL
UNION ALL SELECT 'total', 'total', * EXCLUDE (team, model, key) FROM gate_spend;

-- A use case and the total are always there; others are where there is or was something.
CREATE OR REPLACE TEMP TABLE gate_subjects AS
SELECT 'use-case' AS of, use_case AS subject FROM use_cases
UNION SELECT 'total', 'total'
UNION SELECT 'team', team FROM use_cases WHERE team IS NOT NULL
UNION SELECT of, subject FROM gate_parts WHERE of IN ('provider', 'model', 'key')
UNION SELECT 'provider', provider FROM books
UNION SELECT 'model', model FROM gate_calls WHERE model IS NOT NULL
UNION SELECT 'key', key FROM gate_calls WHERE key IS NOT NULL;

CREATE OR REPLACE TEMP TABLE gate_sums AS
SELECT of, subject, month, sum(cost) AS cost, sum(estimated) AS estimated FROM gate_parts GROUP BY ALL;

-- How far a figure may be from what the ledger says, and why. `above` without end: nobody knows what a day without a bill cost.
CREATE OR REPLACE TEMP TABLE gate_provider_doubts AS
SELECT provider, month, 'infinity'::DOUBLE AS above, 0::DOUBLE AS below,
    format('{}: no bill for {} {} of {}', provider, count(*), CASE WHEN count(*) = 1 THEN 'day' ELSE 'days' END, strftime(month, '%Y-%m')) AS reason
FROM missing_bills GROUP BY provider, month
UNION ALL
SELECT provider, month, greatest(coalesce(invoice, 0) - coalesce(billing, 0), 0)::DOUBLE, greatest(coalesce(billing, 0) - invoice, 0)::DOUBLE,
    format('{}: the invoice of {} is {:,.2f} {} its bill', provider, strftime(month, '%Y-%m'), abs(invoice - coalesce(billing, 0))::DOUBLE, CASE WHEN invoice > coalesce(billing, 0) THEN 'above' ELSE 'below' END)
FROM books WHERE abs(variance) > 0.01
UNION ALL
SELECT coalesce(ProviderName, '(none)'), date_trunc('month', ChargePeriodStart), 'infinity'::DOUBLE, 'infinity'::DOUBLE,
    format('{}: {} of {} wait for an exchange rate', coalesce(ProviderName, '(none)'), BillingCurrency, strftime(date_trunc('month', ChargePeriodStart), '%Y-%m'))
FROM waiting GROUP BY ProviderName, BillingCurrency, date_trunc('month', ChargePeriodStart)
UNION ALL
-- A record of a bill that did not fit may be of any month that its file speaks for.
SELECT coalesce(c.ProviderName, '(none)'), m.month, 'infinity'::DOUBLE, 0,
    format('{}: {} {} of its bill {} rejected', f.path, any_value(f.rejected), CASE WHEN any_value(f.rejected) = 1 THEN 'record' ELSE 'records' END, CASE WHEN any_value(f.rejected) = 1 THEN 'was' ELSE 'were' END)
FROM files f JOIN file_coverage c USING (x_File)
JOIN (SELECT month, month_end FROM gate_months UNION SELECT month - INTERVAL 1 MONTH, month FROM gate_months) m ON c.period_start < m.month_end AND c.period_end > m.month
WHERE f.role = 'billing' AND f.rejected > 0
GROUP BY c.ProviderName, m.month, f.path;

-- Evidence without a price: at most what the dearest model of the book would have cost. With a bill its dollars are in the total, but not at its use case.
CREATE OR REPLACE TEMP TABLE gate_unpriced AS
WITH known AS (
    SELECT coalesce(u.ProviderName, '(none)') AS provider, date_trunc('month', u.slot_start) AS month, u.role, u.x_Model AS model, u.x_Group, coalesce(s.use_case, j.target) AS use_case,
        coalesce(g.x_ApiKeyName, g.x_ApiKeyId) AS key, u.quantity, (u.quantity * d.price * r.rate)::DOUBLE AS bound,
        EXISTS (FROM billed_months b WHERE b.ProviderName = u.ProviderName AND b.month = date_trunc('month', u.slot_start)) AS billed
    FROM unpriced u
    JOIN groups g USING (x_Group)
    LEFT JOIN gate_dearest d ON d.x_TokenClass = u.x_TokenClass
    LEFT JOIN rates r ON r.currency = 'USD' AND u.slot_start >= r.rate_from AND u.slot_start < r.rate_to
    LEFT JOIN judged j ON j.x_Slice = hash(NULL::UBIGINT, u.x_Group) AND u.slot_start >= j.valid_from AND u.slot_start < j.valid_to
    LEFT JOIN shares s ON s.rule = j.rule AND s.month = date_trunc('month', u.slot_start)
), told AS ( -- the same calls are seen twice where the provider metered what a gateway logged
    SELECT provider, month, model, key, use_case, billed, role, sum(quantity) AS quantity, sum(coalesce(bound, 'infinity'::DOUBLE)) AS bound FROM known GROUP BY ALL
)
SELECT provider, month, model, key, use_case, billed, max(quantity) AS quantity, max(bound) AS bound,
    format('{:,} tokens or units of {} in {} have no price', max(quantity)::BIGINT, coalesce(model, '(no model)'), strftime(month, '%Y-%m'))
        || CASE WHEN isinf(max(bound)) THEN '' ELSE format(', and cost {:,.2f} at the dearest prices of the book', max(bound)) END AS reason
FROM told GROUP BY provider, month, model, key, use_case, billed;

CREATE OR REPLACE TEMP TABLE gate_doubts AS
WITH met AS ( -- who had money of a provider in the month or lately
    SELECT DISTINCT of, subject, provider, unnest([month, month + INTERVAL 1 MONTH, month + INTERVAL 2 MONTH, month + INTERVAL 3 MONTH]) AS month FROM gate_parts
    UNION SELECT 'provider', provider, provider, month FROM gate_provider_doubts
    UNION SELECT 'total', 'total', provider, month FROM gate_provider_doubts
    -- Nobody can say whose money it is that the ledger does not have: what waits for a rate, and what a new provider billed.
    UNION SELECT s.of, s.subject, d.provider, d.month FROM gate_provider_doubts d CROSS JOIN gate_subjects s
    WHERE s.of IN ('use-case', 'team') AND NOT EXISTS (FROM gate_parts p WHERE p.of = 'provider' AND p.subject = d.provider AND p.month <= d.month AND p.month >= d.month - INTERVAL 3 MONTH)
)
SELECT m.of, m.subject, d.month, d.above, d.below, d.reason FROM gate_provider_doubts d JOIN met m USING (provider, month)
UNION ALL
SELECT 'use-case', use_case, month, bound, 0, reason FROM gate_unpriced WHERE use_case IS NOT NULL AND bound > 0
UNION ALL
SELECT 'team', u.team, month, bound, 0, reason FROM gate_unpriced JOIN use_cases u USING (use_case) WHERE u.team IS NOT NULL AND bound > 0
UNION ALL
SELECT 'model', model, month, sum(bound), 0, string_agg(DISTINCT reason, ', ' ORDER BY reason) FROM gate_unpriced WHERE model IS NOT NULL AND bound > 0 GROUP BY model, month
UNION ALL
SELECT 'key', key, month, sum(bound), 0, string_agg(DISTINCT reason, ', ' ORDER BY reason) FROM gate_unpriced WHERE key IS NOT NULL AND bound > 0 GROUP BY key, month
UNION ALL
SELECT 'provider', provider, month, sum(bound), 0, string_agg(DISTINCT reason, ', ' ORDER BY reason) FROM gate_unpriced WHERE NOT billed AND bound > 0 GROUP BY provider, month
UNION ALL
SELECT 'total', 'total', month, sum(bound), 0, string_agg(DISTINCT reason, ', ' ORDER BY reason) FROM gate_unpriced WHERE NOT billed AND bound > 0 GROUP BY month;

CREATE OR REPLACE TEMP TABLE gate_doubt AS
SELECT of, subject, month, sum(above) AS above, sum(below) AS below, string_agg(DISTINCT reason, '; ' ORDER BY reason) AS reason FROM gate_doubts GROUP BY ALL;

-- What is spent by the end of a month that runs, if the days to come cost what those that are over did. A provider with one day of bills
-- in it charges a fee, and no rate.
CREATE OR REPLACE TEMP TABLE gate_running AS
SELECT m.month, d.provider, epoch(m.month_end - m.month) / epoch(max(least(d.upto, m.month_end)) - m.month) - 1 AS more
FROM gate_months m
JOIN (SELECT coalesce(ProviderName, '(none)') AS provider, date_trunc('month', ChargePeriodStart) AS month, date_trunc('day', ChargePeriodStart) AS day, max(ChargePeriodEnd) AS upto
    FROM costs WHERE ChargePeriodEnd - ChargePeriodStart <= INTERVAL 1 DAY GROUP BY ALL) d ON d.month = m.month
WHERE m.to_date
GROUP BY m.month, m.month_end, d.provider
HAVING count(*) > 1 OR max(d.upto) <= m.month + INTERVAL 1 DAY;

CREATE OR REPLACE TEMP TABLE gate_coming AS
SELECT p.of, p.subject, p.month, sum(p.daily * r.more) AS to_come FROM gate_parts p JOIN gate_running r ON r.month = p.month AND r.provider = p.provider GROUP BY ALL;

-- One row a subject and month, in whole cents, and `scenario` 0; the others are what the figures may be instead. A month of which the ledger
-- has nothing at all is not known, and neither is what came before.
CREATE OR REPLACE TEMP TABLE gate_amounts AS
WITH ledger AS (
    SELECT DISTINCT month FROM gate_spend
), known AS (
    SELECT
        s.of, s.subject, m.month, m.month_end, m.to_date,
        CASE WHEN l.month IS NOT NULL THEN round(coalesce(n.cost, 0), 2) END::DECIMAL(24,2)      AS spend,
        CASE WHEN p.month IS NOT NULL THEN round(coalesce(b.cost, 0), 2) END::DECIMAL(24,2)      AS prior,
        CASE WHEN l.month IS NOT NULL THEN round(coalesce(n.estimated, 0), 2) END::DECIMAL(24,2) AS estimated,
        round(coalesce(r.to_come, 0), 2)::DECIMAL(24,2)                                          AS to_come
    FROM gate_subjects s
    CROSS JOIN gate_months m
    LEFT JOIN ledger l ON l.month = m.month
    LEFT JOIN ledger p ON p.month = m.month - INTERVAL 1 MONTH
    LEFT JOIN gate_sums n ON n.of = s.of AND n.subject = s.subject AND n.month = m.month
    LEFT JOIN gate_sums b ON b.of = s.of AND b.subject = s.subject AND b.month = m.month - INTERVAL 1 MONTH
    LEFT JOIN gate_coming r ON r.of = s.of AND r.subject = s.subject AND r.month = m.month
)
SELECT 0 AS scenario, * FROM known;

-- What a figure may be: steps that are wide apart where there is no end to it.
CREATE OR REPLACE TEMP MACRO gate_possible(x, above, below) AS CASE
    WHEN x IS NULL OR above IS NULL THEN [x]
    WHEN isinf(above) THEN [x, x - CASE WHEN isinf(below) THEN x ELSE round(below, 2)::DECIMAL(24,2) END, x + 0.01, x * 1.1, x * 1.2, x * 1.5, x * 2, x * 3, x * 10, x + 10, x + 100, x + 1000, x + 10000, x + 100000, x + 1000000, x + 1000000000]
    ELSE [x, x - round(below, 2)::DECIMAL(24,2), x + round(above / 2, 2)::DECIMAL(24,2), x + round(above, 2)::DECIMAL(24,2)] END;

INSERT INTO gate_amounts
WITH possible AS (
    SELECT a.*, unnest(gate_possible(a.spend, n.above, n.below)) AS may
    FROM gate_amounts a
    LEFT JOIN gate_doubt n ON n.of = a.of AND n.subject = a.subject AND n.month = a.month
    WHERE EXISTS (FROM gate_doubt d WHERE d.of = a.of AND d.subject = a.subject AND d.month IN (a.month, a.month - INTERVAL 1 MONTH))
)
SELECT 1, p.of, p.subject, p.month, p.month_end, p.to_date, p.may::DECIMAL(24,2), unnest(gate_possible(p.prior, b.above, b.below))::DECIMAL(24,2), p.estimated, p.to_come
FROM possible p LEFT JOIN gate_doubt b ON b.of = p.of AND b.subject = p.subject AND b.month = p.month - INTERVAL 1 MONTH;

-- 2 is what it will be by the end of a month that runs.
INSERT INTO gate_amounts SELECT 2, of, subject, month, month_end, to_date, spend + to_come, prior, estimated, 0 FROM gate_amounts WHERE scenario = 0 AND to_date;

-- A ratio of cents, so that 20% is 20% and no rounding of a division. From nothing to something is growth without end.
CREATE OR REPLACE TEMP MACRO gate_growth(x, before) AS CASE
    WHEN x IS NULL OR before IS NULL THEN NULL
    WHEN before <= 0 AND x > before THEN CASE WHEN x > 0 THEN 'infinity'::DOUBLE ELSE 0 END
    WHEN before = 0 THEN 0
    ELSE ((x - before) * 100)::HUGEINT::DOUBLE / abs((before * 100)::HUGEINT)::DOUBLE END;

CREATE OR REPLACE TEMP MACRO gate_change(x, before) AS CASE
    WHEN before = 0 AND x > 0 THEN 'infinity'::DOUBLE
    WHEN before = 0 AND x = 0 THEN 0
    ELSE round(((x - before) / nullif(before, 0))::DOUBLE, 9) END;

CREATE OR REPLACE TEMP MACRO gate_nothing(x, of_month) AS CASE WHEN x IS NULL THEN format('the ledger has nothing of {}', strftime(of_month, '%Y-%m')) END;

CREATE OR REPLACE TEMP VIEW gate_facts AS
SELECT of, scenario, month, subject, to_date, spend, prior, gate_growth(spend, prior) AS growth, prior = 0 AND spend > 0 AS new, spend + to_come AS projected, estimated,
    -- Why a fact is NULL that the gate needs; a NULL without a reason is of a fact that does not apply.
    MAP {
        'spend': gate_nothing(spend, month), 'projected': gate_nothing(spend, month), 'estimated': gate_nothing(spend, month), 'coverage': gate_nothing(spend, month), 'unattributed': gate_nothing(spend, month),
        'prior': gate_nothing(prior, month - INTERVAL 1 MONTH),
        'growth': coalesce(gate_nothing(spend, month), gate_nothing(prior, month - INTERVAL 1 MONTH)), 'new': coalesce(gate_nothing(spend, month), gate_nothing(prior, month - INTERVAL 1 MONTH))
    } AS missing
FROM gate_amounts;

CREATE OR REPLACE TEMP VIEW gate_use_case_facts AS
SELECT f.* EXCLUDE (of), u.use_case, u.kind, u.reliance, u.team, u.product, u.cost_center, u.owner,
    EXISTS (FROM metric_use_cases m WHERE m.use_case = u.use_case AND m.attached) AS has_metric,
    b.amount AS budget
FROM gate_facts f JOIN use_cases u ON u.use_case = f.subject
LEFT JOIN budgets b ON b.subject = f.subject AND b.month = f.month
WHERE f.of = 'use-case';

CREATE OR REPLACE TEMP VIEW gate_team_facts AS
SELECT f.* EXCLUDE (of), f.subject AS team FROM gate_facts f WHERE of = 'team';

CREATE OR REPLACE TEMP VIEW gate_key_facts AS
SELECT f.* EXCLUDE (of), f.subject AS key, coalesce((SELECT sum(requests) FROM gate_calls c WHERE c.key = f.subject AND c.month = f.month), 0)::BIGINT AS requests,
    (SELECT string_agg(DISTINCT provider, ', ' ORDER BY provider) FROM gate_spend s WHERE s.key = f.subject AND s.month = f.month) AS provider
FROM gate_facts f WHERE of = 'key' AND (spend IS NULL OR spend <> 0 OR prior <> 0 OR EXISTS (FROM gate_calls c WHERE c.key = f.subject AND c.month = f.month));

CREATE OR REPLACE TEMP VIEW gate_model_facts AS
SELECT f.* EXCLUDE (of), f.subject AS model, coalesce((SELECT sum(requests) FROM gate_calls c WHERE c.model = f.subject AND c.month = f.month), 0)::BIGINT AS requests,
    CASE WHEN EXISTS (FROM gate_approved WHERE pattern IS NOT NULL) THEN EXISTS (FROM gate_approved g WHERE f.subject GLOB g.pattern OR f.subject = g.pattern) END AS approved,
    (SELECT string_agg(DISTINCT provider, ', ' ORDER BY provider) FROM (SELECT provider FROM gate_spend s WHERE s.model = f.subject AND s.month = f.month
        UNION SELECT provider FROM gate_calls c WHERE c.model = f.subject AND c.month = f.month)) AS provider
FROM gate_facts f
-- A model that was used in the month: what has gone needs nobody's approval.
WHERE of = 'model' AND (spend IS NULL OR spend <> 0 OR EXISTS (FROM gate_calls c WHERE c.model = f.subject AND c.month = f.month));

CREATE OR REPLACE TEMP VIEW gate_provider_facts AS
SELECT f.* EXCLUDE (of) REPLACE (map_concat(f.missing, MAP {'variance': CASE WHEN b.waits > 0 THEN format('{}: money of {} waits for an exchange rate', f.subject, strftime(f.month, '%Y-%m')) END}) AS missing),
    f.subject AS provider, round(b.invoice, 2)::DECIMAL(24,2) AS invoice, round(b.billing, 2)::DECIMAL(24,2) AS billing, b.variance,
    coalesce(b.unpriced, 0) AS unpriced, coalesce(b.missing_days, 0) AS missing_days, b.status
FROM gate_facts f LEFT JOIN books b ON b.provider = f.subject AND b.month = f.month
WHERE of = 'provider' AND (spend IS NULL OR spend <> 0 OR prior <> 0 OR b.provider IS NOT NULL);

CREATE OR REPLACE TEMP VIEW gate_total_facts AS
SELECT f.* EXCLUDE (of),
    -- Of what was charged, as `report coverage` has it. A bill that is not in the ledger yet has no use case; what has no bill is in neither.
    ((round(c.known, 2) * 100)::HUGEINT)::DOUBLE / nullif(((round(c.charged, 2) + CASE WHEN f.scenario = 1 AND EXISTS (FROM gate_provider_doubts d WHERE d.month = f.month) THEN greatest(f.spend - k.spend - coalesce(n.bound, 0), 0) ELSE 0 END) * 100)::HUGEINT, 0)::DOUBLE AS coverage,
    CASE WHEN f.spend IS NOT NULL THEN round(coalesce(c.unattributed, 0), 2) + CASE WHEN f.scenario = 1 THEN f.spend - k.spend ELSE 0 END END::DECIMAL(24,2) AS unattributed,
    b.amount AS budget
FROM gate_facts f
JOIN gate_amounts k ON k.of = 'total' AND k.scenario = 0 AND k.month = f.month
LEFT JOIN (SELECT month, coalesce(sum(charged) FILTER (WHERE use_case IS NOT NULL), 0) AS known, sum(charged) AS charged, sum(cost) FILTER (WHERE use_case IS NULL) AS unattributed FROM gate_spend GROUP BY ALL) c ON c.month = f.month
LEFT JOIN (SELECT month, round(sum(bound), 2)::DECIMAL(24,2) AS bound FROM gate_unpriced WHERE NOT billed AND NOT isinf(bound) GROUP BY ALL) n ON n.month = f.month
LEFT JOIN budgets b ON b.subject = 'total' AND b.month = f.month
WHERE f.of = 'total';

-- Without a baseline a unit cost drifts from that of the month before; the first month of a metric has nothing to drift from, and neither has
-- a part of a month where the outcome is a level. What is not certain of its use cases is not certain of the metric.
CREATE OR REPLACE TEMP TABLE gate_metric_doubt AS
SELECT m.metric, d.month, sum(d.above) AS above, sum(d.below) AS below, string_agg(DISTINCT d.reason, '; ' ORDER BY d.reason) AS reason
FROM gate_doubts d JOIN metric_use_cases m ON d.of = 'use-case' AND d.subject = m.use_case
GROUP BY ALL;
INSERT INTO gate_doubt SELECT 'metric', metric, month, above, below, reason FROM gate_metric_doubt;

CREATE OR REPLACE TEMP VIEW gate_metric_facts AS
WITH values AS (
    SELECT u.*, m.to_date, p.value AS prior, b.value AS baseline, l.baseline AS baseline_month, p.note AS prior_note, b.note AS baseline_note,
        EXISTS (FROM unit_costs e WHERE e.metric = u.metric AND e.month_start < u.month_start AND e.denominator IS NOT NULL) AS counted_before, d.above, d.below
    FROM unit_costs u
    JOIN gate_months m ON m.month = u.month_start
    JOIN metrics l ON l.metric = u.metric
    LEFT JOIN unit_costs p ON p.metric = u.metric AND p.month_start = u.month_start - INTERVAL 1 MONTH
    LEFT JOIN unit_costs b ON b.metric = u.metric AND b.month_start = l.baseline
    LEFT JOIN gate_metric_doubt d ON d.metric = u.metric AND d.month = u.month_start
), known AS (
    SELECT 0 AS scenario, * FROM values
    UNION ALL
    SELECT 1, * REPLACE ((value * unnest(CASE WHEN isinf(above) THEN [0.5, 1.01, 1.1, 1.25, 1.5, 2, 3, 10, 100, 1000]::DOUBLE[]
        ELSE [1 - below / numerator::DOUBLE, 1 + above / 2 / numerator::DOUBLE, 1 + above / numerator::DOUBLE] END))::DECIMAL(38,12) AS value)
    FROM values WHERE above + below > 0 AND value > 0 AND numerator > 0
), compared AS (
    SELECT *, CASE WHEN baseline_month IS NOT NULL THEN baseline ELSE prior END AS from_value,
        CASE WHEN value IS NULL THEN coalesce(note, 'no value') END AS no_value,
        CASE WHEN prior IS NULL AND counted_before THEN strftime(month_start - INTERVAL 1 MONTH, '%Y-%m') || ': ' || coalesce(prior_note, 'no value') END AS no_prior,
        CASE WHEN baseline IS NULL AND baseline_month IS NOT NULL THEN 'the baseline ' || strftime(baseline_month, '%Y-%m') || ': ' || coalesce(baseline_note, 'no value') END AS no_baseline
    FROM known
)
SELECT scenario, month_start AS month, metric AS subject, to_date, metric, outcome, value, prior, CASE WHEN comparable THEN gate_change(value, prior) END AS growth,
    baseline, CASE WHEN comparable THEN gate_change(value, from_value) END AS drift,
    round(numerator, 2)::DECIMAL(24,2) AS spend, denominator AS outcomes, complete, (known_cost / nullif(numerator, 0))::DOUBLE AS known,
    MAP {
        'value': no_value, 'spend': CASE WHEN numerator IS NULL THEN no_value END, 'known': CASE WHEN numerator IS NULL THEN no_value END, 'outcomes': CASE WHEN denominator IS NULL THEN no_value END, 'prior': no_prior, 'growth': coalesce(no_value, no_prior), 'baseline': no_baseline,
        'drift': coalesce(no_value, CASE WHEN baseline_month IS NOT NULL THEN no_baseline ELSE no_prior END)
    } AS missing
FROM compared;
