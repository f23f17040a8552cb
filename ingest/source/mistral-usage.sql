/*
title:      Mistral usage of a month (the web console's JSON)
get:        |
  admin.mistral.ai, Usage, the month, with the browser's developer tools open: Network, the request billing/v2/usage?month=10&year=2026, Save response as
  mistral-usage-2026-10.json. There is no export, and no API for it that is documented with its fields
docs:       https://docs.mistral.ai/admin/billing/usage
confidence: rows of a real response of 2025-11, tokens alone; the endpoint is the web console's own, and may change
role:       billing
format:     [json]
columns:
  completion: json   completion
  currency:   text   currency
  symbol:     text   currency_symbol
  prices:     json   prices
  models:     json   completion.models
optional:
  ocr:        json   ocr
  connectors: json   connectors
  libraries:  json   libraries_api
  tuning:     json   fine_tuning
  audio:      json   audio
  vibe:       number vibe_usage
*/
-- The month is one document, and one record: it is booked whole or not at all. Whatever names a metric, however deep, is a charge: the quantity
-- that is paid for, times the price at the end of the document. Money is the document's, mostly euros; prices go down to 8.50E-8.
-- vibe_usage is a number without a unit: where it is not 0, nobody knows the whole.
WITH nodes AS (
    SELECT
        record,
        currency,
        prices,
        regexp_extract(fullkey, '^\$\.(\w+)', 1)     AS section,
        json_extract_string(value, '$.event_type')   AS event,
        json_extract_string(value, '$.billing_metric') AS metric,
        json_extract_string(value, '$.billing_group') AS part,
        json_extract_string(value, '$.usage_type')   AS usage_type,
        json_extract_string(value, '$.timestamp')    AS written,
        as_number(json_extract_string(value, '$.value')) AS used,
        as_number(json_extract_string(value, '$.value_paid')) AS paid
    FROM raw, json_tree(json_object('completion', completion::JSON, 'ocr', ocr::JSON, 'connectors', connectors::JSON, 'libraries_api', libraries::JSON,
        'fine_tuning', tuning::JSON, 'audio', audio::JSON)) t
    WHERE t.type = 'OBJECT' AND json_exists(t.value, '$.billing_metric')
), priced AS (
    SELECT
        *,
        list_distinct(list_transform(list_filter(from_json(prices, '["json"]'), lambda p: (p ->> '$.billing_metric') = metric
            AND (p ->> '$.event_type') IS NOT DISTINCT FROM event AND (p ->> '$.billing_group') IS NOT DISTINCT FROM part),
            lambda p: as_number(p ->> '$.price')))   AS choices,
        choices[1]                                   AS price
    FROM nodes
)
SELECT
    record,
    as_day(written)                                  AS ChargePeriodStart,
    as_day(written) + INTERVAL 1 DAY                 AS ChargePeriodEnd,
    CASE WHEN paid = 0 THEN 0 ELSE paid * price END::DECIMAL(38,12) AS BilledCost,
    (used * price)::DECIMAL(38,12)                   AS ListCost,
    upper(currency)                                  AS BillingCurrency,
    'mistral'                                        AS ProviderName,
    'mistral'                                        AS InvoiceIssuerName,
    'Mistral API'                                    AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    CASE section
        WHEN 'completion'    THEN model_category(metric)
        WHEN 'audio'         THEN 'audio'
        WHEN 'ocr'           THEN 'ocr'
        WHEN 'fine_tuning'   THEN 'training'
        ELSE 'tools' END                             AS x_Category,
    'Usage'                                          AS ChargeCategory,
    concat_ws(', ', metric, part)                    AS ChargeDescription,
    concat_ws(', ', metric, part)                    AS SkuId,
    metric                                           AS x_Model,
    CASE
        WHEN event <> 'api_tokens' THEN event
        WHEN part IN ('input', 'output') THEN part
        WHEN contains(part, 'cache') THEN 'cache_read' END AS x_TokenClass,
    used                                             AS ConsumedQuantity,
    CASE event WHEN 'api_tokens' THEN 'tokens' ELSE event END AS ConsumedUnit,
    CASE
        WHEN coalesce(usage_type, 'usage') <> 'usage'
            THEN concat('usage_type ', quoted(usage_type), ' of ', metric, ' is not known: whether it is charged cannot be told')
        WHEN as_day(written) IS NULL
            THEN concat('timestamp ', quoted(written), ' of ', metric, ' is not a day')
        WHEN paid IS NULL OR used IS NULL
            THEN concat('value or value_paid of ', metric, ' on ', written, ' is not a number')
        WHEN paid <> 0 AND price IS NULL
            THEN concat_ws(', ', 'no price for ' || metric, event, part)
        WHEN len(choices) > 1
            THEN concat_ws(', ', 'several prices for ' || metric, event, part)
    END                                              AS problem
FROM priced
UNION ALL BY NAME
SELECT record, CASE
    WHEN vibe <> 0 THEN concat('vibe_usage is ', rtrim(rtrim(vibe::VARCHAR, '0'), '.'), ', of what unit is not known: the month cannot be booked without it')
    ELSE 'prices, and nothing that they are for: the fields of the usage are others than known' END AS problem
FROM raw
WHERE vibe <> 0 OR json_array_length(prices) > 0 AND record NOT IN (SELECT record FROM nodes)
