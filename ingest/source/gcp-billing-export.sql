/*
title:      Google Cloud billing export (BigQuery, standard or detailed)
get:        |
  Billing, Billing export, BigQuery export, detailed usage cost; then, for an invoice month,
  bq query --use_legacy_sql=false --format=json --max_rows=100000000 'SELECT * FROM `PROJECT.DATASET.gcp_billing_export_resource_v1_XXXXXX_XXXXXX_XXXXXX` WHERE invoice.month = "202610"' > gcp-2026-10.json
  A large one as Parquet: EXPORT DATA OPTIONS (uri = 'gs://BUCKET/gcp-2026-10-*.parquet', format = 'PARQUET') AS SELECT …, whose files are read as one. CSV with columns such as service.description or service_description does, too.
  Keep invoice.month, cost_type and credits among the columns, and do not unnest the credits: that multiplies the cost
docs:       https://docs.cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/detailed-usage
confidence: flattened extracts of real exports of 2020-11 and 2022-08 without AI; the vendor's schema for newer columns; the wording of SKUs from real bills
role:       billing
mixed:      true
format:     [csv, json, parquet]
columns:
  account:        text    billing_account_id
  service:        text    service.description | service_description
  sku_name:       text    sku.description | sku_description
  start:          instant usage_start_time
  cost:           money   cost
  currency:       text    currency
  credits:        text    credits
optional:
  until:          instant usage_end_time
  invoice_month:  text    invoice.month | invoice_month
  cost_type:      text    cost_type
  sku:            text    sku.id | sku_id
  project:        text    project.id | project_id
  project_name:   text    project.name | project_name
  project_labels: text    project.labels | project_labels
  labels:         text    labels
  tags:           text    tags
  region:         text    location.region | location_region
  location:       text    location.location | location_location
  quantity:       number  usage.amount | usage_amount
  unit:           text    usage.unit | usage_unit
  listed:         money   cost_at_list
  resource:       text    resource.global_name | resource_global_name
  resource_name:  text    resource.name | resource_name
  seller:         text    seller_name
scope:          [BillingPeriodStart]
*/
-- The cost of a row is before its credits, a list of {name, amount, type} with negative amounts: what is billed is both together. A client library may
-- have printed the lists in Python's way. Rows keep arriving after the day of their usage, and are billed in the invoice month that they name, which
-- begins at midnight in California: a newer export takes the place of its own invoice months alone. Of two labels with one name that of the
-- resource counts, then the tag, then the label of the project. A SKU is read once, for there are few of them and many rows.
WITH skus AS (
    SELECT
        *,
        google_service_category(service)             AS service_category,
        google_category(service, sku_name)           AS category,
        google_model(service, sku_name)              AS model,
        google_class(service, sku_name)              AS class,
        google_tier(service, sku_name)               AS tier,
        google_context(service, sku_name)            AS context
    FROM (SELECT DISTINCT service, sku_name FROM raw)
), read AS (
    SELECT
        *,
        python_json(credits)                         AS reductions,
        coalesce(try_strptime(left(replace(invoice_month, '-', ''), 6), '%Y%m'),
            CASE WHEN invoice_month IS NULL THEN date_trunc('month', start AT TIME ZONE 'UTC' AT TIME ZONE 'America/Los_Angeles') END) AS billing_month,
        [as_json(python_json(l)) for l in [labels, tags, project_labels] if l <> '[]'] AS lists,
        flatten([from_json(l, '[{"key": "VARCHAR", "value": "VARCHAR"}]') for l in lists if l[1] = '[']) AS pairs
    FROM raw
), summed AS (
    SELECT
        *,
        CASE json_type(CASE WHEN json_valid(reductions) THEN reductions END)
            WHEN 'ARRAY' THEN list_transform(json_extract_string(reductions, '$[*]'), lambda c: as_decimal(json_extract_string(c, '$.amount')))
            ELSE [as_decimal(reductions)] END        AS amounts, -- or one number, summed by whoever wrote the query
        list_transform(pairs, lambda p: p.key)       AS keys
    FROM read
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    coalesce(until, start)                           AS ChargePeriodEnd,
    billing_month                                    AS BillingPeriodStart,
    billing_month + INTERVAL 1 MONTH                 AS BillingPeriodEnd,
    cost + CASE WHEN credits IS NULL OR reductions = '[]' THEN 0 ELSE list_sum(amounts) END AS BilledCost,
    listed                                           AS ListCost,
    upper(currency)                                  AS BillingCurrency,
    'google'                                         AS ProviderName,
    coalesce(seller, 'Google Cloud')                 AS InvoiceIssuerName,
    account                                          AS BillingAccountId,
    project                                          AS SubAccountId,
    project_name                                     AS SubAccountName,
    s.service                                        AS ServiceName,
    service_category                                 AS ServiceCategory,
    category                                         AS x_Category,
    CASE
        WHEN cost_type IS NULL OR cost_type = 'regular'
            THEN CASE WHEN starts_with(s.sku_name, 'Commitment') THEN 'Purchase' ELSE 'Usage' END
        WHEN cost_type = 'rounding_error' THEN 'Adjustment'
        ELSE as_charge_category(cost_type) END       AS ChargeCategory,
    s.sku_name                                       AS ChargeDescription,
    sku                                              AS SkuId,
    coalesce(resource, resource_name)                AS ResourceId,
    resource_name                                    AS ResourceName,
    coalesce(region, location)                       AS RegionId,
    quantity                                         AS ConsumedQuantity,
    CASE WHEN quantity IS NOT NULL THEN unit END     AS ConsumedUnit,
    model                                            AS x_Model,
    class                                            AS x_TokenClass,
    tier                                             AS x_ServiceTier,
    context                                          AS x_ContextWindow,
    '[' || array_to_string(list_transform(list_filter(pairs, lambda p, i: list_position(keys, p.key) = i), lambda p: json_object(p.key, p.value)::VARCHAR)
        || list_filter(lists, lambda l: l[1] = '{'), ', ') || ']' AS Tags,
    CASE
        WHEN invoice_month IS NOT NULL AND billing_month IS NULL
            THEN 'invoice.month "' || invoice_month || '" is not a month'
        WHEN reductions <> '[]' AND (NOT json_valid(reductions) OR list_contains(amounts, NULL) OR len(amounts) <> len(list_filter(amounts, lambda a: a IS NOT NULL)))
            THEN 'credits "' || left(credits, 80) || '" is not a list of credits, each with its amount'
        WHEN len(list_filter(lists, lambda l: l IS NULL)) > 0
            THEN 'labels, tags or project.labels are neither a list of keys and values nor an object'
    END                                              AS problem
FROM summed s JOIN skus k ON s.service IS NOT DISTINCT FROM k.service AND s.sku_name IS NOT DISTINCT FROM k.sku_name
