/*
title: Google Cloud's billing export, grouped in BigQuery
run:   bq query --use_legacy_sql=false --format=csv --max_rows=100000000 --dataset_id=PROJECT:DATASET "$(aifinops sources gcp --query bigquery --month 2026-10)" | aifinops ingest -
needs: BigQuery Data Viewer on the dataset of the export (standard usage cost), and BigQuery Job User
tried: not run
about: |
  A row is what one invoice month charges for a day, project, service, SKU, region and set of labels and tags: the sum of the costs and that of their credits,
  exact. The months are those of invoices: what Google adds for earlier days is in the month that bills it. Several billing accounts are kept
  apart. Without --dataset_id write the whole name of the table below; bq prints 100 rows unless --max_rows says otherwise.
*/
SELECT
    billing_account_id,
    service.id                                                  AS service_id,
    service.description                                         AS service_description,
    sku.id                                                      AS sku_id,
    sku.description                                             AS sku_description,
    FORMAT_TIMESTAMP('%Y-%m-%d %H:%M:%S', day)                  AS usage_start_time,
    FORMAT_TIMESTAMP('%Y-%m-%d %H:%M:%S', TIMESTAMP_ADD(day, INTERVAL 1 DAY)) AS usage_end_time,
    project.id                                                  AS project_id,
    project.name                                                AS project_name,
    location.location                                           AS location_location,
    location.region                                             AS location_region,
    TO_JSON_STRING(labels)                                      AS labels,
    TO_JSON_STRING(tags)                                        AS tags,
    TO_JSON_STRING(project.labels)                              AS project_labels,
    invoice.month                                               AS invoice_month,
    cost_type,
    currency,
    usage.unit                                                  AS usage_unit,
    SUM(CAST(usage.amount AS BIGNUMERIC))                       AS usage_amount,
    SUM(CAST(cost AS BIGNUMERIC))                               AS cost,
    SUM(IFNULL((SELECT SUM(CAST(c.amount AS BIGNUMERIC)) FROM UNNEST(credits) AS c), 0)) AS credits
FROM (SELECT *, TIMESTAMP_TRUNC(usage_start_time, DAY) AS day FROM `gcp_billing_export_v1_*`)
WHERE invoice.month BETWEEN FORMAT_DATE('%Y%m', DATE '{from}') AND FORMAT_DATE('%Y%m', DATE_SUB(DATE '{to}', INTERVAL 1 DAY))
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
ORDER BY 15, 1, 6, 8, 2, 4, 11, 12, 16
