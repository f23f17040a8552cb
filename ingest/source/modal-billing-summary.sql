/*
title:      Modal billing summary, the lines between metered cost and invoice
get:        |
  beside the report of the same month; the file says no month, so its name must:
  modal billing summary --for "last month" --json > modal-summary-2026-10.json
docs:       https://modal.com/docs/reference/cli/billing
confidence: the vendor's own client (modal-client) and its test data of 2026-08; no real summary was seen
role:       billing
format:     [json]
columns:
  metered:     money metered_cost
  billed:      money billed_cost
  adjustments: json  adjustments
scope:      [ServiceName]
total:      sum(billed - metered)
*/
-- The metered cost is in the report (modal-billing) already: only what leads from it to the billed cost is booked here, the plan's fee,
-- credits, reservations and whatever else there is, with the signs that they have.
WITH months AS (
    SELECT *, try_strptime(regexp_extract(file_name(), '(20[0-9]{2})[-_]?(0[1-9]|1[0-2])([^0-9]|$)', 1) || '-'
        || regexp_extract(file_name(), '(20[0-9]{2})[-_]?(0[1-9]|1[0-2])([^0-9]|$)', 2), '%Y-%m') AS month
    FROM raw
), lines AS (
    SELECT *, unnest(json_keys(adjustments)) AS kind FROM months
), priced AS (
    SELECT *, json_extract_string(adjustments, '$."' || kind || '"') AS written, as_money(written) AS amount FROM lines
), summed AS (
    SELECT *, sum(amount) OVER (PARTITION BY record) AS adjusted FROM priced
)
SELECT
    record,
    month                                            AS ChargePeriodStart,
    month + INTERVAL 1 MONTH                         AS ChargePeriodEnd,
    month                                            AS BillingPeriodStart,
    month + INTERVAL 1 MONTH                         AS BillingPeriodEnd,
    amount                                           AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'modal'                                          AS ProviderName,
    'modal'                                          AS InvoiceIssuerName,
    'Modal adjustments'                              AS ServiceName,
    'Compute'                                        AS ServiceCategory,
    CASE
        WHEN kind = 'plan_cost'                                THEN 'Purchase'
        WHEN regexp_matches(kind, 'credit|discount|promotion') THEN 'Credit'
        ELSE 'Adjustment' END                        AS ChargeCategory,
    kind                                             AS ChargeDescription,
    kind                                             AS SkuId,
    CASE
        WHEN month IS NULL
            THEN 'no month: the file does not say which, so its name must, as in modal-summary-2026-10.json'
        WHEN written IS NOT NULL AND amount IS NULL
            THEN concat('adjustments.', kind, ': ', quoted(written), ' is not money')
        WHEN abs(metered + adjusted - billed) > 0.005
            THEN format('billed_cost {} is not metered_cost {} with the adjustments {}', rtrim(rtrim(billed::VARCHAR, '0'), '.'), rtrim(rtrim(metered::VARCHAR, '0'), '.'), rtrim(rtrim(adjusted::VARCHAR, '0'), '.'))
    END                                              AS problem
FROM summed
