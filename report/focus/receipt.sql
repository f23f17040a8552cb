-- What the export holds, against the facts, and what it leaves out.
WITH parts AS (
    SELECT x_File, x_Record, charge_group, ChargePeriodStart, ChargePeriodEnd, count(*) AS n,
        sum(BilledCost) AS billed, sum(EffectiveCost) AS effective, sum(ListCost) AS list, sum(ContractedCost) AS contracted, sum(PricingCurrencyEffectiveCost) AS own_effective
    FROM focus_rows GROUP BY ALL
), whole AS (
    SELECT f.x_File, f.x_Record, d.x_Group AS charge_group, f.ChargePeriodStart, f.ChargePeriodEnd,
        sum(worth(f.BilledCost, r.rate)) AS billed,
        sum(worth(coalesce(f.EffectiveCost, f.BilledCost), r.rate)) AS effective,
        sum(worth(coalesce(f.ListCost, f.BilledCost), r.rate)) AS list,
        sum(worth(coalesce(f.ContractedCost, f.BilledCost), r.rate)) AS contracted,
        sum(coalesce(f.EffectiveCost, f.BilledCost)) AS own_effective
    FROM charge_facts f JOIN grouped d USING (x_Dimension) JOIN dimensions n USING (x_Dimension)
    JOIN rates r ON r.currency = n.BillingCurrency AND f.ChargePeriodStart >= r.rate_from AND f.ChargePeriodStart < r.rate_to
    WHERE {period}
    GROUP BY ALL
), held AS (
    SELECT p.n, p.billed, p.effective, w.billed AS charged,
        (p.billed, p.effective, p.list, p.contracted, p.own_effective) IS DISTINCT FROM (w.billed, w.effective, w.list, w.contracted, w.own_effective) AS apart
    FROM parts p FULL JOIN whole w USING (x_File, x_Record, charge_group, ChargePeriodStart, ChargePeriodEnd)
)
SELECT
    coalesce(sum(n), 0)::BIGINT,
    count(*),
    coalesce(sum(billed), 0)::VARCHAR,
    coalesce(sum(effective), 0)::VARCHAR,
    coalesce(sum(charged), 0)::VARCHAR,
    count(*) FILTER (WHERE apart),
    (SELECT coalesce(sum(BilledCost), 0) FROM allocated WHERE x_Basis = 'estimated' AND {period})::VARCHAR,
    (SELECT count(*) FROM waiting WHERE {period})
FROM held
