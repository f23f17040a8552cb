-- The rows of the export, with every column of every version. What FOCUS has a column for is the charge's own; what the evidence adds stands in x_.
CREATE OR REPLACE TEMP VIEW focus_rows AS
WITH joined AS (
    SELECT
        s.x_File, s.x_Record, s.charge_group, s.nth, s.parts, s.lo, s.hi, s.billed, s.use_case, s.rule_id, s.tier AS x_Tier, s.x_Basis,
        s.x_Model, s.x_TokenClass, s.x_ApiKeyId, s.x_ApiKeyName,
        s.ChargePeriodStart, s.ChargePeriodEnd, c.BillingPeriodStart, c.BillingPeriodEnd, c.quantity, c.billed AS charge,
        c.list AS whole_list, c.contracted AS whole_contracted, c.own_list AS whole_own_list, c.own_contracted AS whole_own_contracted,
        focus_part(c.effective, s.lo, s.hi)                     AS effective,
        focus_part(c.list, s.lo, s.hi)                          AS list,
        focus_part(c.contracted, s.lo, s.hi)                    AS contracted,
        focus_part(c.own_effective, s.lo, s.hi)                 AS own_effective,
        (s.hi - s.lo)::DOUBLE                                   AS share,
        b.ProviderName, b.InvoiceIssuerName, b.BillingAccountId, b.BillingAccountName, b.SubAccountId, b.SubAccountName,
        b.ServiceName, b.x_Category, b.ChargeDescription, b.SkuId, b.ResourceId, b.ResourceName, b.RegionId, b.BillingCurrency, b.InvoiceId,
        b.x_ServiceTier, b.x_ContextWindow, b.x_Source, b.Tags, b.x_Model AS billed_model, b.x_TokenClass AS billed_class,
        focus_charge_category(b.ChargeCategory)                 AS category,
        lower(coalesce(b.ChargeClass, '')) = 'correction'       AS correction,
        focus_unit(b.ConsumedUnit)                              AS unit,
        lower(b.x_Category)                                     AS kind
    FROM focus_slices s
    JOIN focus_charges c USING (x_File, x_Record, charge_group, ChargePeriodStart, ChargePeriodEnd)
    JOIN groups b ON b.x_Group = s.charge_group
), metered AS (
    SELECT *,
        category IN ('Usage', 'Purchase')                                                   AS priced,
        coalesce(quantity <> 0, false)                                                      AS counted,
        -- A bill without a quantity charges for one thing, of which its slices are parts.
        CASE WHEN NOT counted THEN 1 WHEN unit = 'Tokens' THEN quantity::DOUBLE / 1e6 ELSE quantity::DOUBLE END AS units,
        abs(focus_float(whole_list) / units)                                                AS list_price,
        abs(focus_float(whole_contracted) / units)                                          AS contracted_price,
        focus_float(list)                                                                   AS float_list,
        focus_float(contracted)                                                             AS float_contracted,
        -- A price is never below zero: what is given back is a quantity below zero.
        CASE
            WHEN parts > 1 AND list_price > 0 THEN float_list / list_price
            WHEN list < 0                     THEN -abs(units * share)
            WHEN list > 0                     THEN abs(units * share)
            ELSE units * share END                                                          AS near_quantity,
        -- Whoever sends the invoice sold it: FOCUS has no BilledCost for what a third party is paid for.
        CASE WHEN as_provider(InvoiceIssuerName) <> ProviderName THEN InvoiceIssuerName ELSE ProviderName END AS issuer,
        CASE WHEN charge <> 0 THEN issuer ELSE ProviderName END                                             AS seller,
        CASE
            WHEN category = 'Tax'                     THEN NULL
            WHEN SkuId IS NOT NULL                    THEN SkuId
            WHEN priced                               THEN concat_ws('/', ProviderName, coalesce(billed_model, x_Category, 'charge'), billed_class) END AS sku
    FROM joined
), sold AS (
    SELECT *, CASE WHEN priced THEN focus_quantity(near_quantity, float_list, list_price, float_contracted, contracted_price) END AS pricing_quantity
    FROM metered
)
SELECT
    CASE WHEN parts > 1 THEN '{"Elements":[{"AllocatedRatio":' || csv_decimal(hi - lo) || '}]}' END AS AllocatedMethodDetails,
    CASE WHEN parts > 1 THEN coalesce(rule_id, x_Tier) END           AS AllocatedMethodId,
    CASE WHEN parts > 1 THEN coalesce(use_case, '(unattributed)') END AS AllocatedResourceId,
    CASE WHEN parts > 1 THEN coalesce(use_case, '(unattributed)') END AS AllocatedResourceName,
    CASE WHEN parts > 1 THEN focus_object(['use_case', 'team', 'product', 'cost_center'], [use_case, u.team, u.product, u.cost_center]) END AS AllocatedTags,
    NULL::VARCHAR                                                    AS AvailabilityZone,
    billed                                                           AS BilledCost,
    coalesce(BillingAccountId, ProviderName)                         AS BillingAccountId,
    BillingAccountName,
    'Account'                                                        AS BillingAccountType,
    getvariable('reporting_currency')                                AS BillingCurrency,
    coalesce(BillingPeriodEnd, date_trunc('month', coalesce(BillingPeriodStart, ChargePeriodStart)) + INTERVAL 1 MONTH) AS BillingPeriodEnd,
    coalesce(BillingPeriodStart, date_trunc('month', ChargePeriodStart)) AS BillingPeriodStart,
    NULL::VARCHAR                                                    AS CapacityReservationId,
    NULL::VARCHAR                                                    AS CapacityReservationStatus,
    category                                                         AS ChargeCategory,
    CASE WHEN correction THEN 'Correction' END                       AS ChargeClass,
    coalesce(ChargeDescription, SkuId, s.ServiceName)                AS ChargeDescription,
    CASE WHEN m.kind = 'seat' AND priced THEN 'Recurring' WHEN category = 'Usage' THEN 'Usage-Based' ELSE 'One-Time' END AS ChargeFrequency,
    ChargePeriodEnd,
    ChargePeriodStart,
    NULL::VARCHAR                                                    AS CommitmentDiscountCategory,
    NULL::VARCHAR                                                    AS CommitmentDiscountId,
    NULL::VARCHAR                                                    AS CommitmentDiscountName,
    NULL::DOUBLE                                                     AS CommitmentDiscountQuantity,
    NULL::VARCHAR                                                    AS CommitmentDiscountStatus,
    NULL::VARCHAR                                                    AS CommitmentDiscountType,
    NULL::VARCHAR                                                    AS CommitmentDiscountUnit,
    CASE WHEN category = 'Usage' THEN quantity::DOUBLE * share END   AS ConsumedQuantity,
    CASE WHEN category = 'Usage' AND quantity IS NOT NULL THEN coalesce(unit, 'Units') END AS ConsumedUnit,
    NULL::VARCHAR                                                    AS ContractApplied,
    contracted                                                       AS ContractedCost,
    focus_price(float_contracted, contracted_price, pricing_quantity) AS ContractedUnitPrice,
    effective                                                        AS EffectiveCost,
    seller                                                           AS HostProviderName,
    InvoiceId,
    issuer                                                           AS InvoiceIssuerName,
    list                                                             AS ListCost,
    focus_price(float_list, list_price, pricing_quantity)            AS ListUnitPrice,
    CASE WHEN NOT priced THEN NULL WHEN regexp_matches(lower(concat_ws(' ', SkuId, ChargeDescription, x_ServiceTier)), '(\b|_)spot') THEN 'Dynamic' ELSE 'Standard' END AS PricingCategory,
    BillingCurrency                                                  AS PricingCurrency,
    CASE WHEN priced THEN abs(focus_float(whole_own_contracted) / units) END AS PricingCurrencyContractedUnitPrice,
    own_effective                                                    AS PricingCurrencyEffectiveCost,
    CASE WHEN priced THEN abs(focus_float(whole_own_list) / units) END AS PricingCurrencyListUnitPrice,
    pricing_quantity                                                 AS PricingQuantity,
    CASE WHEN NOT priced THEN NULL WHEN NOT counted THEN 'Charges' WHEN unit = 'Tokens' THEN '1000000 Tokens' ELSE coalesce(unit, 'Units') END AS PricingUnit,
    seller                                                           AS ProviderName,
    ProviderName                                                     AS PublisherName,
    RegionId,
    RegionId                                                         AS RegionName,
    coalesce(ResourceId, ResourceName)                               AS ResourceId,
    coalesce(ResourceName, ResourceId)                               AS ResourceName,
    CASE WHEN coalesce(ResourceId, ResourceName) IS NOT NULL THEN 'Resource' END AS ResourceType,
    s.ServiceCategory,
    s.ServiceName,
    seller                                                           AS ServiceProviderName,
    s.ServiceSubcategory,
    sku                                                              AS SkuId,
    CASE WHEN sku IS NOT NULL THEN focus_meter(billed_class, unit, m.kind) END AS SkuMeter,
    CASE WHEN sku IS NOT NULL THEN focus_object(['x_ModelId', 'x_TokenClass', 'x_ServiceTier', 'x_ContextWindow'],
        [billed_model, billed_class, x_ServiceTier, x_ContextWindow]) END AS SkuPriceDetails,
    sku || coalesce(' (' || nullif(concat_ws(', ', x_ServiceTier, x_ContextWindow), '') || ')', '') AS SkuPriceId,
    coalesce(SubAccountId, SubAccountName)                           AS SubAccountId,
    coalesce(SubAccountName, SubAccountId)                           AS SubAccountName,
    CASE WHEN coalesce(SubAccountId, SubAccountName) IS NOT NULL THEN focus_sub_account(ProviderName) END AS SubAccountType,
    to_json(Tags)::VARCHAR                                           AS Tags,
    use_case                                                         AS x_UseCase,
    u.team                                                           AS x_Team,
    u.product                                                        AS x_Product,
    u.cost_center                                                    AS x_CostCenter,
    u.kind                                                           AS x_Kind,
    u.reliance                                                       AS x_Reliance,
    u.owner                                                          AS x_Owner,
    rule_id                                                          AS x_Rule,
    x_Tier,
    x_Basis,
    x_Model,
    x_TokenClass,
    x_ApiKeyId,
    x_ApiKeyName,
    x_Category,
    BillingCurrency                                                  AS x_BilledCurrency,
    charge                                                           AS x_OriginBilledCost,
    x_Source,
    m.x_File,
    -- Where on somebody's disk it lay is nobody's business: the hash tells the file.
    CASE WHEN regexp_matches(f.path, '^(/|\\|[A-Za-z]:|\.\.)') THEN regexp_extract(f.path, '[^/\\]+$') ELSE f.path END AS x_FilePath,
    f.sha256                                                         AS x_FileSha256,
    x_Record,
    m.charge_group,
    m.nth
FROM sold m
JOIN focus_services s ON s.ServiceName = focus_service(m.ServiceName, m.ProviderName, m.x_Category)
JOIN files f ON f.x_File = m.x_File
LEFT JOIN use_cases u USING (use_case);
