/*
title:      Vast.ai charges
get:        |
  the days of the month as Unix seconds; while a page ends with a next_token, the next one with -d after_token=… into the same file (>>):
  curl -G https://console.vast.ai/api/v0/charges/ -H "Authorization: Bearer $VAST_API_KEY" -d limit=500 --data-urlencode 'select_filters={"day":{"gte":1790812800,"lte":1793491199}}' > vast-2026-10.json
docs:       https://docs.vast.ai/api-reference/billing/show-charges
confidence: the vendor's command line (vast-cli) of 2026-08, and responses quoted in public projects of 2026-10
role:       billing
format:     [json]
records:    results
columns:
  start:       epoch results.start
  until:       epoch results.end
  kind:        text  results.type
  what:        text  results.source
  amount:      money results.amount
  items:       text  results.items
optional:
  following:   text  next_token
  label:       text  results.metadata.label
  endpoint:    text  results.metadata.endpoint_id
  workergroup: text  results.metadata.workergroup_id
ignore:     start IS NULL AND kind IS NULL AND amount IS NULL
*/
-- Dollars, a row an instance and day; of one day start and end are the same second. The amount has its items in it (gpu, disk, bandwidth), and
-- those have items too: only the first level is booked. Invoices come in the same shape: they are money that was paid in, and no cost.
SELECT
    record,
    start                                            AS ChargePeriodStart,
    CASE WHEN until = start THEN start + INTERVAL 1 DAY ELSE until END AS ChargePeriodEnd,
    amount                                           AS BilledCost,
    'USD'                                            AS BillingCurrency,
    'vast'                                           AS ProviderName,
    'vast'                                           AS InvoiceIssuerName,
    kind                                             AS ServiceName,
    CASE WHEN kind = 'volume' THEN 'Storage' ELSE 'Compute' END AS ServiceCategory,
    CASE WHEN kind = 'volume' THEN 'storage' ELSE 'gpu' END AS x_Category,
    'Usage'                                          AS ChargeCategory,
    kind                                             AS ChargeDescription,
    what                                             AS ResourceId,
    label                                            AS ResourceName,
    nullif(concat_ws(';', 'endpoint=' || endpoint, 'workergroup=' || workergroup), '') AS Tags,
    CASE
        WHEN kind NOT IN ('instance', 'volume', 'serverless')
            THEN concat('type "', left(kind, 80), '" is none of instance, volume and serverless: payments are no charges')
        WHEN bool_and(following IS NOT NULL) OVER ()
            THEN 'the last page is missing: ask again with after_token, and put all pages into one file'
    END                                              AS problem
FROM raw
