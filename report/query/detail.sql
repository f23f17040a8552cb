/*
title: Allocation detail
about: Every slice of the period's charges, one row for those that differ in nothing shown here.
*/
SELECT
    ChargePeriodStart::DATE                            AS day,
    coalesce(ProviderName, '(none)')                   AS provider,
    coalesce(ServiceName, '(none)')                    AS service,
    coalesce(x_Category, ServiceCategory, '(none)')    AS category,
    coalesce(ChargeCategory, '(none)')                 AS charge_category,
    coalesce(x_Model, '(none)')                        AS model,
    coalesce(SubAccountName, SubAccountId, '(none)')   AS project,
    coalesce(x_ApiKeyName, x_ApiKeyId, '(none)')       AS key,
    coalesce(x_UseCase, {unattributed})                AS use_case,
    coalesce(x_Team, '(none)')                         AS team,
    coalesce(x_Product, '(none)')                      AS product,
    coalesce(x_CostCenter, '(none)')                   AS cost_center,
    coalesce(x_Kind, '(none)')                         AS kind,
    coalesce(x_Reliance, '(none)')                     AS reliance,
    coalesce(x_Rule, '(none)')                         AS rule,
    x_Tier                                             AS tier,
    x_Basis                                            AS basis,
    x_File::BIGINT                                     AS file,
    sum(BilledCost)::DECIMAL(38,12)                    AS billed_cost
FROM costs
WHERE in_period(ChargePeriodStart)
GROUP BY ALL
ORDER BY ALL
