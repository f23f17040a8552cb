/*
title:      Invoice totals, typed by hand
get:        |
  write a CSV with the columns provider, month and total, a row an invoice; currency, invoice_id and account where they tell invoices apart:
  openai,2026-10,22143.07
docs:       the totals that billing must tie to; the provider as in aifinops' reports (openai, anthropic, aws, …)
confidence: our own format
role:       invoice
format:     [csv]
columns:
  provider:   provider provider
  month:      month    month
  total:      any_money total
optional:
  written:    text     total
  currency:   text     currency
  invoice_id: text     invoice_id | invoice | invoice_number
  account:    text     account | account_id
*/
-- A total without a currency is in dollars, unless it bears another's sign: €1,234.50. A line that stands twice would count twice: two invoices of one
-- total have ids.
WITH signed AS (
    SELECT
        *,
        CASE
            WHEN regexp_matches(written, '€|EUR') THEN 'EUR'
            WHEN regexp_matches(written, '£|GBP') THEN 'GBP'
            WHEN contains(written, '¥')           THEN 'JPY'
            WHEN regexp_matches(written, '\$|USD') THEN 'USD' END AS sign
    FROM raw
), known AS (
    SELECT *, first(record) OVER (PARTITION BY provider, month, account, upper(currency), sign, invoice_id, total ORDER BY record) AS stands
    FROM signed
)
SELECT
    record,
    month                                            AS ChargePeriodStart,
    month + INTERVAL 1 MONTH                         AS ChargePeriodEnd,
    provider                                         AS ProviderName,
    account                                          AS BillingAccountId,
    invoice_id                                       AS InvoiceId,
    upper(coalesce(currency, sign, 'USD'))           AS BillingCurrency,
    total                                            AS x_InvoiceTotal,
    CASE
        WHEN upper(currency) <> sign AND NOT contains(written, '$')
            THEN concat('total: "', written, '" is not in ', upper(currency))
        WHEN stands < record AND provider IS NOT NULL AND month IS NOT NULL AND total IS NOT NULL
            THEN concat('the invoice of record ', stands, ' again; if they are two, give each an invoice_id') END AS problem
FROM known
ORDER BY record
