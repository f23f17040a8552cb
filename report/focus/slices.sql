-- The charges of the period, and their slices. {period} is the condition.

-- Each charge with its money in the reporting currency and in its own. A cost that the bill does not have is what was billed.
CREATE OR REPLACE TEMP TABLE focus_charges AS
SELECT
    f.x_File, f.x_Record, g.x_Group AS charge_group, f.ChargePeriodStart, f.ChargePeriodEnd,
    min(f.BillingPeriodStart)                                       AS BillingPeriodStart,
    max(f.BillingPeriodEnd)                                         AS BillingPeriodEnd,
    sum(f.ConsumedQuantity)                                         AS quantity,
    sum(worth(f.BilledCost, r.rate))                                AS billed,
    sum(worth(coalesce(f.EffectiveCost, f.BilledCost), r.rate))     AS effective,
    sum(worth(coalesce(f.ListCost, f.BilledCost), r.rate))          AS list,
    sum(worth(coalesce(f.ContractedCost, f.BilledCost), r.rate))    AS contracted,
    sum(coalesce(f.EffectiveCost, f.BilledCost))                    AS own_effective,
    sum(coalesce(f.ListCost, f.BilledCost))                         AS own_list,
    sum(coalesce(f.ContractedCost, f.BilledCost))                   AS own_contracted
FROM charge_facts f
JOIN grouped d USING (x_Dimension)
JOIN groups g USING (x_Group)
JOIN rates r ON r.currency = g.BillingCurrency AND f.ChargePeriodStart >= r.rate_from AND f.ChargePeriodStart < r.rate_to
WHERE {period}
GROUP BY ALL;

-- A service has one category, whatever its charges say: that of most of what the ledger knows of it, so that a month does not change it.
CREATE OR REPLACE TEMP TABLE focus_services AS
SELECT DISTINCT ON (ServiceName) ServiceName, ServiceCategory, ServiceSubcategory
FROM (
    SELECT ServiceName, ServiceCategory, count(*) AS n,
        CASE WHEN kind['category'] = ServiceCategory THEN kind['subcategory'] ELSE 'Other (' || ServiceCategory || ')' END AS ServiceSubcategory
    FROM (
        SELECT focus_service(ServiceName, ProviderName, x_Category) AS ServiceName,
            focus_kind(lower(x_Category), ProviderName) AS kind, focus_category(ServiceCategory, kind) AS ServiceCategory
        FROM dimensions
    )
    GROUP BY ALL
)
ORDER BY ServiceName, ServiceCategory = 'Other', starts_with(ServiceSubcategory, 'Other ('), n DESC, ServiceCategory, ServiceSubcategory;

-- Slices that differ in nothing shown are one. Each is a span [lo, hi) of its charge, by what was billed; of a charge that billed nothing, the first is all.
CREATE OR REPLACE TEMP TABLE focus_slices AS
WITH charged AS (
    SELECT DISTINCT x_Slice, charge_group FROM slices WHERE charge_group IS NOT NULL
), shown AS (
    SELECT
        a.x_File, a.x_Record, c.charge_group, a.ChargePeriodStart, a.ChargePeriodEnd,
        a.use_case, a.rule_id, a.tier, a.x_Basis, d.x_Model, d.x_TokenClass, d.x_ApiKeyId, d.x_ApiKeyName,
        sum(a.BilledCost) AS billed
    FROM allocated a
    JOIN charged c USING (x_Slice)
    JOIN slice_dimensions d USING (x_Slice)
    WHERE {period} AND a.x_Basis <> 'estimated'
    GROUP BY ALL
), summed AS (
    SELECT *,
        row_number() OVER upto AS nth, count(*) OVER whole AS parts,
        sum(billed) OVER whole AS charge, sum(billed) OVER upto AS upto
    FROM shown
    WINDOW whole AS (PARTITION BY x_File, x_Record, charge_group, ChargePeriodStart, ChargePeriodEnd),
        upto AS (whole ORDER BY use_case, rule_id, tier, x_Basis, x_Model, x_TokenClass, x_ApiKeyId, x_ApiKeyName ROWS UNBOUNDED PRECEDING)
)
SELECT * EXCLUDE (charge, upto),
    CASE WHEN charge <> 0 THEN (upto - billed) / charge WHEN nth = 1 THEN 0 ELSE 1 END::DECIMAL(18,15) AS lo,
    CASE WHEN charge <> 0 THEN upto / charge ELSE 1 END::DECIMAL(18,15)                                AS hi
FROM summed;
