/*
title:      AWS Cost and Usage Report (CUR 2.0, and the legacy report)
get:        |
  Billing and Cost Management, Data Exports, Create, standard data export: CUR 2.0, hourly or daily, with resource IDs (and, for Bedrock, caller
  identity), to S3, Parquet or gzip CSV; then aws s3 cp --recursive s3://BUCKET/PREFIX/NAME/data/BILLING_PERIOD=2026-10/ 2026-10/. The
  files of a month are read as one: aifinops ingest 2026-10. A query of the report's Athena table, downloaded as CSV, is read, too, if it keeps
  the names of the columns
docs:       https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html
confidence: |
  a real legacy report of 2023, the vendor's column lists of both, and the rules of its own dashboard (CUDOS) for amortisation and Bedrock;
  no real Bedrock row of 2026 was seen
role:       billing
mixed:      true
format:     [csv, parquet]
columns:
  type:           text    line_item_line_item_type | lineItem/LineItemType
  start:          instant line_item_usage_start_date | lineItem/UsageStartDate
  account:        text    line_item_usage_account_id | lineItem/UsageAccountId
  code:           text    line_item_product_code | lineItem/ProductCode
  usage_type:     text    line_item_usage_type | lineItem/UsageType
  unblended:      money   line_item_unblended_cost | lineItem/UnblendedCost
  currency:       text    line_item_currency_code | lineItem/CurrencyCode
optional:
  until:          instant line_item_usage_end_date | lineItem/UsageEndDate
  net:            money   line_item_net_unblended_cost | lineItem/NetUnblendedCost
  discount:       money   discount_total_discount | discount/TotalDiscount
  listed:         money   pricing_public_on_demand_cost | pricing/publicOnDemandCost
  operation:      text    line_item_operation | lineItem/Operation
  description:    text    line_item_line_item_description | lineItem/LineItemDescription
  resource:       text    line_item_resource_id | lineItem/ResourceId
  quantity:       number  line_item_usage_amount | lineItem/UsageAmount
  unit:           text    pricing_unit | pricing/unit
  principal:      text    line_item_iam_principal
  account_name:   text    line_item_usage_account_name | lineItem/UsageAccountName
  payer:          text    bill_payer_account_id | bill/PayerAccountId
  payer_name:     text    bill_payer_account_name | bill/PayerAccountName
  billing_start:  instant bill_billing_period_start_date | bill/BillingPeriodStartDate
  billing_end:    instant bill_billing_period_end_date | bill/BillingPeriodEndDate
  invoice:        text    bill_invoice_id | bill/InvoiceId
  entity:         text    bill_billing_entity | bill/BillingEntity
  issuer:         text    bill_invoicing_entity | bill/InvoicingEntity
  product_name:   text    product_product_name | product/ProductName | product_servicename | product/servicename
  attributes:     text    product
  instance:       text    product_instance_type | product/instanceType
  region:         text    product_region_code | product_region | product/regionCode | product/region
  reservation:    text    reservation_reservation_a_r_n | reservation/ReservationARN
  ri_cost:        money   reservation_effective_cost | reservation/EffectiveCost
  ri_net:         money   reservation_net_effective_cost | reservation/NetEffectiveCost
  ri_unused:      money   reservation_unused_recurring_fee | reservation/UnusedRecurringFee
  ri_upfront:     money   reservation_unused_amortized_upfront_fee_for_billing_period | reservation/UnusedAmortizedUpfrontFeeForBillingPeriod
  ri_net_unused:  money   reservation_net_unused_recurring_fee | reservation/NetUnusedRecurringFee
  ri_net_upfront: money   reservation_net_unused_amortized_upfront_fee_for_billing_period | reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod
  sp_cost:        money   savings_plan_savings_plan_effective_cost | savingsPlan/SavingsPlanEffectiveCost
  sp_net:         money   savings_plan_net_savings_plan_effective_cost | savingsPlan/NetSavingsPlanEffectiveCost
  sp_commitment:  money   savings_plan_total_commitment_to_date | savingsPlan/TotalCommitmentToDate
  sp_used:        money   savings_plan_used_commitment | savingsPlan/UsedCommitment
  split_of:       text    split_line_item_parent_resource_id | splitLineItem/ParentResourceId
  labels:         tags    resource_tags | resourceTags/* | resource_tags_*
  categories:     tags    cost_category | costCategory/* | cost_category_*
  other_tags:     tags    tags
ignore:     operation IN ('EKSPod-EC2', 'ECSTask-EC2') OR split_of IS NOT NULL
scope:      [BillingPeriodStart]
*/
-- Exports hold a chosen part of some 130 columns, so few are needed. Rows by which AWS splits an instance among pods and tasks are ignored:
-- the instance has the money. A month is provisional until it has an invoice; a newer file takes the place of its own billing month alone.
--
-- The net cost is what is paid after private discounts; it is there only where AWS grants such, and means nothing where all of it is 0.
-- The discounts then stand in it AND as rows of their own (EdpDiscount, PrivateRateDiscount, BundledDiscount, ...), whose net cost is 0 or
-- empty: an empty one counts as 0 here, and never as the unblended discount, or it would be taken off twice. One that is not 0 beside usage
-- that is net already is a reject. Without net costs the rows of discounts are the discounts.
--
-- EffectiveCost is AWS's own amortisation: what a savings plan or reservation covers costs its part of the commitment, and the fee only what
-- was not used. Where the export has not the columns for it, it is not known.
--
-- Bedrock: Anthropic's models and others are sold by AWS Marketplace, beside the service AmazonBedrock and not in it; both are Amazon Bedrock
-- here. First-party usage types name the model (USE1-Claude4.6Sonnet-input-tokens), those of Marketplace only the class, and the product's name the
-- model. The quantity stays in the unit of the row, which may be thousands or millions of tokens.
-- The creator of a resource, a principal's session and the attributes of a user may name a person: they are left out, or hashed as x_User.
WITH months AS (
    SELECT
        payer,
        billing_start,
        coalesce(bool_or(net <> 0 OR discount <> 0), false) AS has_net,
        coalesce(bool_or(type NOT LIKE '%Discount' AND net <> unblended), false) AS is_reduced
    FROM raw
    GROUP BY payer, billing_start
), lines AS (
    SELECT
        raw.*,
        has_net,
        is_reduced,
        -- a map is JSON, {"product_name":"a"}, or what Athena prints of one, {product_name=a, region=b}
        coalesce(product_name, nullif(regexp_extract(attributes, '\bproduct_name"?[:=]\s*"?([^"}=]*?)("|, [a-z_]+=|\}|$)', 1), '')) AS product,
        coalesce(region, nullif(regexp_extract(attributes, '\bregion(?:_code)?"?[:=]\s*"?([a-z0-9-]+)', 1), '')) AS product_region,
        type LIKE '%Discount'                        AS is_discount,
        lower(usage_type)                            AS meter,
        regexp_replace(usage_type, '^(US|EU|AP|CA|SA|ME|AF|IL|MX|UG|CN)[A-Z]{0,2}[0-9]?-', '') AS local_type,
        CASE WHEN contains(concat_ws(' ', product, description), '(Amazon Bedrock Edition)')
            THEN regexp_extract(concat_ws(chr(10), product, description), '(?m)^(.*?) *\(Amazon Bedrock Edition\)', 1) END AS edition
    FROM raw JOIN months m ON raw.payer IS NOT DISTINCT FROM m.payer AND raw.billing_start IS NOT DISTINCT FROM m.billing_start
), metered AS (
    SELECT
        *,
        CASE
            WHEN NOT has_net THEN unblended
            WHEN is_discount THEN coalesce(net, 0)
            ELSE coalesce(net, unblended) END        AS cost,
        coalesce(code LIKE 'AmazonBedrock%' OR product ILIKE '%bedrock%' OR edition IS NOT NULL
            OR (entity = 'AWS Marketplace' OR code = 'AWSMarketplace')
                AND regexp_matches(meter, '(input|output)[_-]?token|token[_-]?count'), false) AS is_bedrock,
        -- p5.48xlarge, ml.g5.2xlarge: families with GPUs or AWS's own accelerators
        regexp_matches(concat_ws(' ', ':' || instance, usage_type), ':(ml\.)?(p[2-9]|g[3-9]|gr[0-9]|trn[0-9]|inf[0-9]|dl[0-9])[a-z0-9-]*\.') AS is_gpu,
        CASE WHEN is_bedrock THEN coalesce(
            nullif(regexp_extract(resource, ':(?:inference-profile|foundation-model)/(.+)$', 1), ''),
            nullif(regexp_extract(local_type, '(?i)^([^:]+?)(?:-mantle)?-(?:text-|image-|video-|audio-|speech-)?(?:input|output|cache|search-units|provisionedthroughput|customization|t2i|i2i)\b', 1), ''),
            edition) END                             AS name,
        CASE WHEN regexp_matches(meter, 'token|cache|input|output|modelunit|guardrail|search') THEN meter ELSE lower(concat_ws(' ', usage_type, description)) END AS told
    FROM lines
), named AS (
    SELECT
        *,
        regexp_replace(lower(name), '[ ._-]', '', 'g') AS squashed,
        -- "Claude 4.6 Sonnet", Claude4.6Sonnet, "Claude Opus 5"; an id, anthropic.claude-opus-5, stays as it is
        CASE WHEN regexp_full_match(name, '(?i)claude[ -]?([0-9]+([.-][0-9]+)?[ -]?(opus|sonnet|haiku|fable|mythos)|(opus|sonnet|haiku|fable|mythos)[ -]?[0-9]+([.-][0-9]+)?)([ -]?v[12])?')
            THEN regexp_extract(lower(name), '(opus|sonnet|haiku|fable|mythos)') || '-' || replace(regexp_extract(name, '[0-9]+(?:[.-][0-9]+)?'), '.', '-')
                || CASE WHEN name ILIKE '%v2' THEN '-v2' ELSE '' END END AS claude,
        CASE
            WHEN NOT is_bedrock OR type NOT LIKE '%Usage' AND type <> 'SavingsPlanNegation' THEN NULL
            WHEN contains(told, 'guardrail')                                THEN 'guardrail'
            WHEN regexp_matches(told, 'provisionedthroughput|modelunit|model.unit') THEN 'provisioned'
            WHEN regexp_matches(told, 'customiz|training|fine.?tun')        THEN 'customization'
            WHEN contains(told, 'reserved')                                 THEN 'reserved'
            WHEN regexp_matches(told, 'search.?unit')                       THEN 'search_unit'
            WHEN regexp_matches(told, 'cache.?read')                        THEN 'cache_read'
            WHEN regexp_matches(told, 'cache.?write') AND contains(told, '1h') THEN 'cache_write_1h'
            WHEN regexp_matches(told, 'cache.?write')                       THEN 'cache_write_5m'
            WHEN regexp_matches(told, '(image|video|audio|speech).?(input|output)|(input|output).?(image|video|audio|speech)')
                THEN regexp_extract(told, 'input|output') || '_' || replace(regexp_extract(told, 'image|video|audio|speech'), 'speech', 'audio')
            WHEN regexp_matches(told, 'input.?token')                       THEN 'input'
            WHEN regexp_matches(told, 'output.?token')                      THEN 'output'
            WHEN contains(told, 'token')                                    THEN NULL
            ELSE 'unit' END                          AS class
    FROM metered
), known AS (
    SELECT
        *,
        CASE
            WHEN claude IS NOT NULL THEN CASE claude
                WHEN 'sonnet-4-5'   THEN 'anthropic.claude-sonnet-4-5-20250929-v1:0'
                WHEN 'haiku-4-5'    THEN 'anthropic.claude-haiku-4-5-20251001-v1:0'
                WHEN 'opus-4-5'     THEN 'anthropic.claude-opus-4-5-20251101-v1:0'
                WHEN 'opus-4-1'     THEN 'anthropic.claude-opus-4-1-20250805-v1:0'
                WHEN 'opus-4'       THEN 'anthropic.claude-opus-4-20250514-v1:0'
                WHEN 'sonnet-4'     THEN 'anthropic.claude-sonnet-4-20250514-v1:0'
                WHEN 'sonnet-3-7'   THEN 'anthropic.claude-3-7-sonnet-20250219-v1:0'
                WHEN 'sonnet-3-5-v2' THEN 'anthropic.claude-3-5-sonnet-20241022-v2:0'
                WHEN 'sonnet-3-5'   THEN 'anthropic.claude-3-5-sonnet-20240620-v1:0'
                WHEN 'haiku-3-5'    THEN 'anthropic.claude-3-5-haiku-20241022-v1:0'
                WHEN 'haiku-3'      THEN 'anthropic.claude-3-haiku-20240307-v1:0'
                WHEN 'sonnet-3'     THEN 'anthropic.claude-3-sonnet-20240229-v1:0'
                WHEN 'opus-3'       THEN 'anthropic.claude-3-opus-20240229-v1:0'
                ELSE CASE WHEN regexp_matches(claude, '^[a-z]+-([5-9]|4-[6-9])') THEN 'anthropic.claude-' || claude ELSE name END END
            ELSE CASE squashed
                WHEN 'novamicro'        THEN 'amazon.nova-micro-v1:0'
                WHEN 'novalite'         THEN 'amazon.nova-lite-v1:0'
                WHEN 'novapro'          THEN 'amazon.nova-pro-v1:0'
                WHEN 'novapremier'      THEN 'amazon.nova-premier-v1:0'
                WHEN 'nova20lite'       THEN 'amazon.nova-2-lite-v1:0'
                WHEN 'llama4maverick17b' THEN 'meta.llama4-maverick-17b-instruct-v1:0'
                WHEN 'llama4scout17b'   THEN 'meta.llama4-scout-17b-instruct-v1:0'
                WHEN 'llama3370b'       THEN 'meta.llama3-3-70b-instruct-v1:0'
                WHEN 'llama3170b'       THEN 'meta.llama3-1-70b-instruct-v1:0'
                WHEN 'llama318b'        THEN 'meta.llama3-1-8b-instruct-v1:0'
                WHEN 'titanembeddingv2'     THEN 'amazon.titan-embed-text-v2:0'
                WHEN 'titanembeddingv2text' THEN 'amazon.titan-embed-text-v2:0'
                WHEN 'gptoss120b'       THEN 'openai.gpt-oss-120b-1:0'
                WHEN 'openaigptoss120b' THEN 'openai.gpt-oss-120b-1:0'
                WHEN 'gptoss20b'        THEN 'openai.gpt-oss-20b-1:0'
                WHEN 'openaigptoss20b'  THEN 'openai.gpt-oss-20b-1:0'
                WHEN 'deepseekr1'       THEN 'deepseek.r1-v1:0'
                ELSE name END END                    AS model_id,
        CASE
            WHEN is_bedrock THEN CASE
                WHEN class = 'guardrail'                                                              THEN 'moderation'
                WHEN class = 'search_unit' OR squashed LIKE '%rerank%'                                THEN 'rerank'
                WHEN regexp_matches(lower(code) || meter, 'agentcore|flow|dataautomation|knowledge')                THEN 'tools'
                WHEN squashed LIKE '%embed%'                                                          THEN 'embeddings'
                WHEN regexp_matches(squashed, 'canvas|titanimage|stable|sdxl')                        THEN 'image'
                WHEN regexp_matches(squashed, 'reel|lumaray')                                         THEN 'video'
                WHEN regexp_matches(squashed, 'sonic|voxtral')                                        THEN 'audio'
                ELSE 'llm' END
            WHEN is_gpu                                                                               THEN 'gpu'
            WHEN code LIKE 'AmazonSageMaker%'                                                         THEN 'ml'
            WHEN code = 'AmazonES' AND regexp_matches(meter, 'ocu')                                   THEN 'vector'
            WHEN code LIKE 'AmazonS3%' AND contains(meter, 'vector')                                  THEN 'vector'
            WHEN code LIKE 'AmazonKendra%'                                                            THEN 'search'
            WHEN code LIKE 'AmazonQ%' AND code NOT LIKE 'AmazonQuickSight%' AND code NOT LIKE 'AmazonQLDB%' OR lower(code) = 'kiro'
                THEN CASE WHEN regexp_matches(meter, 'user|seat|subscription') THEN 'seat' ELSE 'tools' END
            WHEN lower(code) IN ('transcribe', 'amazontranscribe', 'amazonpolly')                     THEN 'audio'
            WHEN lower(code) = 'amazonrekognition'                                                    THEN 'image'
            WHEN lower(code) IN ('comprehend', 'amazontextract', 'translate', 'amazonlex', 'amazonpersonalize', 'amazonforecast', 'comprehendmedical')
                THEN 'ml' END                        AS category
    FROM named
), tagged AS (
    SELECT
        *,
        list_transform([labels, categories, other_tags], lambda t: CASE
            WHEN starts_with(t, '{') AND NOT json_valid(t) THEN to_json(string_split(trim(t, '{}'), ', '))::VARCHAR ELSE t END) AS maps,
        coalesce(nullif(regexp_extract(principal, ':assumed-role/([^/]+)', 1), ''), nullif(regexp_extract(principal, ':role/(?:.*/)?([^/]+)$', 1), '')) AS role
    FROM known
)
SELECT
    record,
    coalesce(start, billing_start)                   AS ChargePeriodStart,
    until                                            AS ChargePeriodEnd,
    coalesce(billing_start, date_trunc('month', start)) AS BillingPeriodStart,
    billing_end                                      AS BillingPeriodEnd,
    cost                                             AS BilledCost,
    CASE
        WHEN type = 'SavingsPlanCoveredUsage'                        THEN CASE WHEN has_net THEN coalesce(sp_net, sp_cost) ELSE sp_cost END
        WHEN type IN ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') THEN 0
        WHEN type = 'SavingsPlanRecurringFee'                        THEN CASE WHEN cost = unblended THEN sp_commitment - sp_used END
        WHEN type = 'DiscountedUsage'                                THEN CASE WHEN has_net THEN coalesce(ri_net, ri_cost) ELSE ri_cost END
        WHEN type = 'RIFee' AND has_net                              THEN coalesce(ri_net_upfront, ri_upfront, 0) + coalesce(ri_net_unused, ri_unused)
        WHEN type = 'RIFee'                                          THEN coalesce(ri_upfront, 0) + ri_unused
        WHEN type = 'Fee' AND reservation IS NOT NULL                THEN 0
        WHEN type = 'Refund' AND code = 'ComputeSavingsPlans'        THEN 0
        ELSE cost END                                AS EffectiveCost,
    CASE WHEN type IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage') THEN listed END AS ListCost,
    upper(currency)                                  AS BillingCurrency,
    'aws'                                            AS ProviderName,
    coalesce(issuer, entity)                         AS InvoiceIssuerName,
    invoice                                          AS InvoiceId,
    CASE WHEN regexp_full_match(payer, '[0-9]{1,11}')   THEN lpad(payer, 12, '0')   ELSE payer   END AS BillingAccountId,
    payer_name                                       AS BillingAccountName,
    CASE WHEN regexp_full_match(account, '[0-9]{1,11}') THEN lpad(account, 12, '0') ELSE account END AS SubAccountId,
    account_name                                     AS SubAccountName,
    CASE WHEN is_bedrock THEN 'Amazon Bedrock' ELSE coalesce(product, code) END AS ServiceName,
    CASE
        WHEN category IN ('gpu', 'vector') AND code NOT LIKE 'AmazonSageMaker%'   THEN CASE category WHEN 'gpu' THEN 'Compute' ELSE 'Databases' END
        WHEN category IS NOT NULL                                                 THEN 'AI and Machine Learning'
        WHEN code IN ('AmazonEC2', 'AWSLambda', 'AmazonECS', 'AmazonEKS', 'AWSBatch', 'AmazonLightsail', 'ComputeSavingsPlans') THEN 'Compute'
        WHEN code IN ('AmazonS3', 'AmazonEFS', 'AmazonFSx', 'AmazonGlacier', 'AWSBackup', 'AmazonECR') THEN 'Storage'
        WHEN code IN ('AmazonRDS', 'AmazonDynamoDB', 'AmazonElastiCache', 'AmazonRedshift', 'AmazonDocDB', 'AmazonNeptune', 'AmazonMemoryDB') THEN 'Databases'
        WHEN code IN ('AmazonVPC', 'AmazonCloudFront', 'AmazonRoute53', 'AWSELB', 'AWSDataTransfer', 'AmazonApiGateway', 'AWSDirectConnect') THEN 'Networking'
        WHEN code IN ('AmazonAthena', 'AWSGlue', 'ElasticMapReduce', 'AmazonKinesis', 'AmazonES', 'AmazonQuickSight') THEN 'Analytics'
        WHEN code IN ('awskms', 'AWSSecretsManager', 'AmazonGuardDuty', 'awswaf', 'AWSSecurityHub') THEN 'Security'
        WHEN code IN ('AmazonCloudWatch', 'AWSCloudTrail', 'AWSConfig', 'AWSSystemsManager') THEN 'Management and Governance'
        WHEN code IN ('AmazonSNS', 'AWSQueueService', 'AmazonStates', 'AWSEvents', 'AmazonMQ') THEN 'Integration'
        ELSE 'Other' END                             AS ServiceCategory,
    category                                         AS x_Category,
    CASE
        WHEN type IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation') THEN 'Usage'
        WHEN type IN ('Fee', 'RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee')           THEN 'Purchase'
        WHEN type IN ('Credit', 'Refund') OR is_discount                                            THEN 'Credit'
        WHEN type = 'Tax'                                                                           THEN 'Tax'
        ELSE 'Adjustment' END                        AS ChargeCategory,
    description                                      AS ChargeDescription,
    usage_type                                       AS SkuId,
    resource                                         AS ResourceId,
    coalesce(product_region, nullif(regexp_extract(resource, '^arn:aws[a-z-]*:[a-z0-9-]+:([a-z]{2}-[a-z-]+-[0-9]):', 1), '')) AS RegionId,
    CASE WHEN type IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage') THEN quantity END AS ConsumedQuantity,
    CASE WHEN type IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage') THEN unit END     AS ConsumedUnit,
    CASE
        WHEN NOT is_bedrock                                                                      THEN NULL
        WHEN contains(meter, 'global') AND regexp_matches(model_id, '^(anthropic|amazon|cohere)\.') THEN 'global.' || model_id
        ELSE model_id END                            AS x_Model,
    class                                            AS x_TokenClass,
    CASE
        WHEN class IS NULL                                        THEN NULL
        WHEN class IN ('provisioned', 'reserved')                 THEN class
        WHEN contains(told, 'batch')                              THEN 'batch'
        WHEN contains(meter, '-flex')                             THEN 'flex'
        WHEN contains(meter, '-priority')                         THEN 'priority'
        WHEN regexp_matches(meter, 'latency.?optimized')          THEN 'latency_optimized'
        WHEN regexp_matches(class, '^(input|output|cache)')       THEN 'standard' END AS x_ServiceTier,
    CASE WHEN is_bedrock AND regexp_matches(meter, 'long.?ctx|long.?context|lctx') THEN '200k-1M' END AS x_ContextWindow,
    CASE
        WHEN regexp_matches(principal, ':(user|federated-user)/')                       THEN principal
        WHEN contains(principal, '@') OR contains(principal, ':assumed-role/AWSReservedSSO_') THEN regexp_extract(principal, '([^/]+)$') END AS x_User,
    nullif('[' || concat_ws(', ',
        regexp_replace(regexp_replace(maps[1], '([\[{,]\s*")user[:_]', '\1', 'g'), '"aws[:_]created_?[bB]y(":\s*"|=)(\\.|[^"\\])*"', '"aws:createdBy":""', 'g'),
        regexp_replace(maps[2], '([\[{,]\s*")([^"]+")', '\1cost_category/\2', 'g'),
        regexp_replace(regexp_replace(maps[3], '([\[{,]\s*")user[:_]', '\1', 'g'), '"userAttribute/[^"]*([nN]ame|[mM]ail|[pP]hone|[mM]anager|[iI][dD])[^"]*":\s*"(\\.|[^"\\])*"', '"userAttribute/":""', 'g'),
        CASE WHEN role IS NOT NULL THEN '{"iam_principal": ' || to_json(role) || '}' END) || ']', '[]') AS Tags,
    CASE WHEN is_discount AND has_net AND is_reduced AND net <> 0
        THEN concat('the net cost of this ', type, ' is ', regexp_replace(net::VARCHAR, '\.?0*$', ''), ', and not 0, though the net costs of the usage hold the discounts: it would be taken off twice')
    END                                              AS problem
FROM tagged
