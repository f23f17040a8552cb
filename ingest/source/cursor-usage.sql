/*
title:      Cursor usage events (dashboard CSV)
get:        |
  cursor.com/dashboard, Usage, the month, Export CSV; of a team as its admin: then each event has its user. Of two people's own
  exports book one with an --account of its own, for an export replaces what the ledger holds of its time.
  The plan's fee is no event: it is on the invoice, with the tax
docs:       https://cursor.com/docs/account/usage
confidence: rows of real exports of 2025-12 and 2026-02; the header of 2026 without rows
role:       billing
format:     [csv]
columns:
  started:  instant Date
  model:    text    Model
  written:  count   Input (w/ Cache Write)
  fresh:    count   Input (w/o Cache Write)
  read:     count   Cache Read
  output:   count   Output Tokens
  total:    count   Total Tokens
optional:
  written_cost: text Cost | Cost ($)
  kind:     text    Kind
  user_id:  user    User | User Email
  agent:    text    Cloud Agent ID
ignore:     cursor_charge(kind) IN ('key', 'failed')
*/
-- Cost is what an event is worth; only that of On-Demand events is charged. What the plan includes is worth it at list, and costs 0 here.
-- Calls by a user's own API key are billed by that provider, and failed ones by nobody: they are ignored.
-- The four columns of tokens are disjoint ("w/ Cache Write" is what was written to the cache), and add up to Total Tokens: where they do not,
-- the row is not what it seems. Cost is rounded to cents, and where the team pays a token fee that is not in it; the Admin API has both.
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started + INTERVAL 1 MILLISECOND                 AS ChargePeriodEnd,
    CASE cursor_charge(kind) WHEN 'included' THEN 0 ELSE cost END AS BilledCost,
    cost                                             AS ListCost,
    'USD'                                            AS BillingCurrency,
    'cursor'                                         AS ProviderName,
    'cursor'                                         AS InvoiceIssuerName,
    'Cursor'                                         AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    'Usage'                                          AS ChargeCategory,
    kind                                             AS ChargeDescription,
    model                                            AS x_Model,
    agent                                            AS ResourceId,
    user_id                                          AS x_User,
    total                                            AS ConsumedQuantity,
    'Tokens'                                         AS ConsumedUnit,
    CASE
        WHEN kind IS NULL AND coalesce(cost, 0) <> 0
            THEN concat('no Kind: nobody knows whether the Cost of ', cost::DECIMAL(18,2), ' was charged, or is in the plan')
        WHEN kind IS NOT NULL AND cursor_charge(kind) IS NULL
            THEN concat('Kind "', kind, '" is not known to be charged, nor to be in the plan')
        WHEN cursor_charge(kind) = 'charged' AND cost IS NULL
            THEN 'no Cost of an event that is charged, in figures; export it by tokens, not by requests (…/export-usage-events-csv?strategy=tokens)'
        WHEN written + fresh + read + output <> total
            THEN format('Total Tokens {} is not {} with cache write + {} without + {} cache read + {} output', total, written, fresh, read, output)
    END                                              AS problem
FROM (SELECT *, as_money(written_cost) AS cost FROM raw)
