/*
title:      Cursor usage events (Admin API)
get:        |
  with an Admin API key (cursor.com/dashboard, Settings, Admin API), each page a file, at most 30 days, and without an e-mail to filter by:
  curl https://api.cursor.com/teams/filtered-usage-events -u "$CURSOR_API_KEY:" -H "Content-Type: application/json" -d '{"startDate": 1790812800000, "endDate": 1793318400000, "page": 1, "pageSize": 1000}' > cursor-2026-10-1.json.
  The plan's fee is no event: it is on the invoice, with the tax
docs:       https://cursor.com/docs/account/teams/admin-api
confidence: the vendor's documentation of 2026, and third parties that read it; no answer of a live team was seen
role:       billing
format:     [json]
records:    usageEvents
columns:
  started:    epoch  usageEvents.timestamp
  model:      text   usageEvents.model
  kind:       text   usageEvents.kind
  cents:      money  usageEvents.chargedCents
optional:
  chargeable: flag   usageEvents.isChargeable
  user_id:    user   usageEvents.userEmail
  team:       text   usageEvents.teamId
  fresh:      count  usageEvents.tokenUsage.inputTokens
  written:    count  usageEvents.tokenUsage.cacheWriteTokens
  read:       count  usageEvents.tokenUsage.cacheReadTokens
  output:     count  usageEvents.tokenUsage.outputTokens
  more:       flag   pagination.hasNextPage
ignore:     cursor_charge(kind) IN ('key', 'failed') OR started IS NULL AND model IS NULL AND kind IS NULL AND cents IS NULL
more:       more
*/
-- chargedCents is in cents, with fractions: the model's cost and Cursor's token fee. Events that the plan includes have it too, as what they
-- are worth, and so have failed ones: charged is what its kind says. An event has no id, and two may be alike.
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started + INTERVAL 1 MILLISECOND                 AS ChargePeriodEnd,
    CASE cursor_charge(kind) WHEN 'included' THEN 0 ELSE cents * 0.01 END::DECIMAL(38,12) AS BilledCost,
    (cents * 0.01)::DECIMAL(38,12)                   AS ListCost,
    'USD'                                            AS BillingCurrency,
    'cursor'                                         AS ProviderName,
    'cursor'                                         AS InvoiceIssuerName,
    team                                             AS SubAccountId,
    'Cursor'                                         AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    'llm'                                            AS x_Category,
    'Usage'                                          AS ChargeCategory,
    kind                                             AS ChargeDescription,
    model                                            AS x_Model,
    user_id                                          AS x_User,
    fresh + coalesce(written, 0) + coalesce(read, 0) + coalesce(output, 0) AS ConsumedQuantity,
    CASE WHEN fresh IS NOT NULL THEN 'Tokens' END    AS ConsumedUnit,
    CASE
        WHEN cursor_charge(kind) IS NULL
            THEN concat('kind ', coalesce('"' || kind || '"', 'null'), ' is not known to be charged, nor to be in the plan')
        WHEN cursor_charge(kind) = 'charged' AND NOT chargeable AND cents <> 0
            THEN concat('kind "', kind, '" is charged, and isChargeable says that it is not')
    END                                              AS problem
FROM raw
