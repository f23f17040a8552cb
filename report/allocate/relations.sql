-- What the rules made of the slices. All relations are temporary: facts are never changed by an opinion.

CREATE OR REPLACE TEMP TABLE months AS
SELECT unnest(generate_series(getvariable('window_start'), getvariable('window_end') - INTERVAL 1 DAY, INTERVAL 1 MONTH)) AS month;

-- Of each splitting rule and month: the span of the whole that is each use case's.
CREATE OR REPLACE TEMP TABLE shares (rule INTEGER, month TIMESTAMP, use_case VARCHAR, lo DECIMAL(18,15), hi DECIMAL(18,15));

-- Each slice with the rule that took it, divided where the rule splits: a span of the slice's span.
CREATE OR REPLACE TEMP VIEW divided AS
SELECT
    s.x_File,
    s.x_Record,
    s.ChargePeriodStart,
    s.ChargePeriodEnd,
    s.x_Slice,
    s.x_Evidence,
    b.rule IS NOT DISTINCT FROM j.rule AS known_without, -- the charge alone meets the same rule: the evidence adds nothing
    s.x_Basis,
    j.rule,
    r.rule_id,
    r.split_by,
    u.use_case,
    coalesce(u.use_case, j.target) AS target,
    -- What ends where another begins is rounded alike, so that the parts add up. Most slices are whole, or not divided again: those are the quick cases.
    CASE
        WHEN s.lo = 0 AND s.hi = 1 AND h.rule IS NULL THEN s.cost
        WHEN h.rule IS NULL THEN round(s.cost * s.hi, 12) - round(s.cost * s.lo, 12)
        ELSE round(s.cost * (s.lo + round((s.hi - s.lo) * h.hi, 15)), 12) - round(s.cost * (s.lo + round((s.hi - s.lo) * h.lo, 15)), 12)
    END AS BilledCost
FROM slices s
JOIN judged j ON s.x_Slice = j.x_Slice AND s.ChargePeriodStart >= j.valid_from AND s.ChargePeriodStart < j.valid_to
-- A condition on the left side alone would make DuckDB try every pair: it is in what is compared.
LEFT JOIN judged b ON b.x_Slice = CASE WHEN s.x_Evidence = 'requests' THEN hash(s.charge_group, NULL::UBIGINT) END AND s.ChargePeriodStart >= b.valid_from AND s.ChargePeriodStart < b.valid_to
LEFT JOIN rules r ON j.rule = r.rule
LEFT JOIN shares h ON j.rule = h.rule AND date_trunc('month', s.ChargePeriodStart) = h.month
LEFT JOIN use_cases u ON u.use_case = coalesce(h.use_case, j.target);

-- Charges in a currency that has no rate on their day: not in any total, and listed.
CREATE OR REPLACE TEMP VIEW waiting AS
SELECT c.*, d.ProviderName, d.BillingCurrency
FROM charge_facts c
JOIN dimensions d USING (x_Dimension)
ANTI JOIN rates ON rates.currency = d.BillingCurrency AND c.ChargePeriodStart >= rate_from AND c.ChargePeriodStart < rate_to;
