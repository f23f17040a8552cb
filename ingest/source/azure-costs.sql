/*
title:      Azure actual costs (Cost Management export or usage details)
get:        |
  Cost Management, Exports, Create: "Cost and usage details (actual)", monthly export of last month's costs, CSV or Parquet; or portal, Usage + charges, Download, usage details.
  Actual, not amortized: amortized costs are the same money in another view, and are refused where reservations show that they are. The files of one export (part_0_0001, …) are read as one
docs:       https://learn.microsoft.com/azure/cost-management-billing/dataset-schema/cost-usage-details-ea
confidence: real exports of a demo tenant of 2023-09 (EA, MCA), without AI; Azure OpenAI meters from the names of the public price list
role:       billing
mixed:      true
format:     [csv, parquet]
columns:
  date:          instant Date
  charge_type:   text    ChargeType
  category:      text    MeterCategory
  meter:         text    MeterName
  consumed:      text    ConsumedService
  quantity:      number  Quantity
  block:         text    UnitOfMeasure
  cost:          money   CostInBillingCurrency | Cost
  currency:      text    BillingCurrency | BillingCurrencyCode
optional:
  account:       text    BillingAccountId
  account_name:  text    BillingAccountName
  period_start:  instant BillingPeriodStartDate
  period_end:    instant BillingPeriodEndDate
  invoice:       text    InvoiceId
  subscription:  text    SubscriptionId
  subscription_name: text SubscriptionName
  subcategory:   text    MeterSubCategory
  meter_id:      text    MeterId
  family:        text    ServiceFamily
  product:       text    ProductName | Product
  order_name:    text    ProductOrderName
  location:      text    ResourceLocation
  resource:      text    ResourceId | InstanceName | InstanceId
  resource_name: text    ResourceName
  group_name:    text    ResourceGroup | ResourceGroupName
  section:       text    InvoiceSection | InvoiceSectionName
  cost_center:   text    CostCenter
  info:          text    AdditionalInfo
  tags:          text    Tags
  pricing:       text    PricingModel
  payg:          money   PaygCostInBillingCurrency
scope:         [BillingPeriodStart]
*/
-- Cost is in the currency of the bill, also where others stand beside it. The month is written anew until it is closed: a newer export takes the
-- place of its billing periods. Actual costs have the purchase of a reservation, and nothing for the usage that it covers; amortized costs have no
-- purchase, and the usage with its part of it. Without reservations both are one.
-- A quantity is in blocks: 1K, 1M, 100 Hours. The model, the direction and the deployment of Azure OpenAI stand in the name of the meter alone,
-- each generation spelt in its own way; what is left when the known words are gone is the model. "Claude Consumption Units" say no model.
-- A meter is read once, for there are few of them and many rows.
WITH metered AS (
    SELECT
        *,
        {'category': category, 'subcategory': subcategory, 'meter': meter, 'product': product, 'order_name': order_name, 'consumed': consumed, 'family': family, 'block': block,
            'cognitive': coalesce(contains(lower(resource), 'microsoft.cognitiveservices'), false),
            'machine': CASE WHEN category LIKE 'Virtual Machines%' THEN regexp_extract(info, '"ServiceType"\s*:\s*"([^"]*)"', 1) END} AS kind
    FROM raw
), worded AS (
    SELECT
        kind, kind.*,
        ' ' || replace(replace(replace(regexp_replace(lower(coalesce(kind.meter, '')), '[-_ ]+', ' ', 'g'), 'text embedding', 'text_embedding'), 'gpt image', 'gpt_image'), 'data zone', 'dzone') || ' ' AS m,
        lower(concat_ws(' ', kind.category, kind.subcategory, kind.product, kind.order_name, kind.consumed)) AS about,
        regexp_extract(trim(kind.block), '^([1-9][0-9]*)([KMB])?(?:\s*(/)\s*|\s+|$)(.*)$', ['size', 'times', 'per', 'of']) AS b
    FROM (SELECT DISTINCT kind FROM metered)
), known AS (
    SELECT
        *,
        cognitive OR regexp_matches(about, 'microsoft\.cognitiveservices|azure openai|foundry') OR contains(m, ' claude consumption unit')
            OR contains(about, 'microsoft.machinelearningservices') AND regexp_matches(m, ' tokens? $') AS ai,
        regexp_matches(m, ' tokens? $')              AS tokens,
        CASE WHEN regexp_matches(m, ' (txt|text) ') THEN '' WHEN regexp_matches(m, ' (aud|audio) ') THEN '_audio' WHEN regexp_matches(m, ' (img|image) ') THEN '_image' ELSE '' END AS modality,
        replace(regexp_replace(trim(regexp_replace(m,
            '\b(inp|inpt|input|in|outp|outpt|output|out|opt|cached|cchd|ccchd|cd|cache|wr|write|glbl|gl|global|regnl|regional|rg|dzone|dz|std|batch|pp|flex|shortco|longco|1m|1k|txt|text|aud|audio|img|image|trng|training|hstng|hosting|tokens?|unit)\b',
            ' ', 'g')), ' +', '-', 'g'), '_', '-') AS words,
        CASE
            WHEN b['size'] = '' THEN 1
            ELSE TRY_CAST(b['size'] AS DECIMAL(18,0)) * CASE b['times'] WHEN 'K' THEN 1000 WHEN 'M' THEN 1000000 WHEN 'B' THEN 1000000000 ELSE 1 END END AS units
    FROM worded
), classed AS (
    SELECT
        kind, ai, tokens, m, about, b, units,
        CASE
            WHEN NOT ai                                              THEN NULL
            WHEN contains(about || m, 'provisioned')                 THEN 'provisioned'
            WHEN regexp_matches(m, ' (hstng|hosting) ')              THEN 'hosting'
            WHEN regexp_matches(m, ' (trng|training) ')              THEN 'training'
            WHEN tokens AND regexp_matches(m, ' (wr|write) ')        THEN 'cache_write_5m'
            WHEN tokens AND regexp_matches(m, ' (cached|cchd|ccchd|cd|cache) ') THEN 'cache_read' || modality
            WHEN tokens AND regexp_matches(m, ' (outp|outpt|output|out|opt) ')  THEN 'output' || modality
            WHEN tokens AND regexp_matches(m, ' (inp|inpt|input|in) ')          THEN 'input' || modality
            WHEN tokens AND contains(m, 'embedding')                 THEN 'input'
            WHEN tokens                                              THEN NULL
            WHEN regexp_matches(m, ' (sora|video) ')                 THEN 'video'
            WHEN regexp_matches(m, ' (images?|dall) |gpt_image')     THEN 'image'
            WHEN regexp_matches(m, 'web search|grounding')           THEN 'web_search'
            WHEN regexp_matches(m, 'session|code interpreter')       THEN 'session'
            WHEN contains(m, 'tool call')                            THEN 'tool_call'
            WHEN regexp_matches(m, ' gb |storage')                   THEN 'storage' END AS class,
        CASE
            WHEN NOT ai OR words = '' OR NOT (tokens OR regexp_matches(m, ' (trng|training|hstng|hosting) ')) THEN NULL
            WHEN words = 'embedding-ada'                             THEN 'text-embedding-ada-002'
            WHEN contains(about, 'deepseek') AND NOT contains(words, 'deepseek') THEN 'deepseek-' || words
            WHEN regexp_matches(words, '^[0-9]')                     THEN 'gpt-' || words
            WHEN regexp_full_match(words, '(gpt-4o|gpt-4o-mini)-(0[578]|11)[0-9]{2}')                THEN regexp_replace(words, '([0-9]{2})([0-9]{2})$', '2024-\1-\2')
            WHEN regexp_full_match(words, '(o1|o1-mini|o1-preview)-(09|12)[0-9]{2}')                 THEN regexp_replace(words, '([0-9]{2})([0-9]{2})$', '2024-\1-\2')
            WHEN regexp_full_match(words, '(gpt-4\.1(-mini|-nano)?|o3|o3-mini|o3-pro|o4-mini)-0[1-6][0-9]{2}') THEN regexp_replace(words, '([0-9]{2})([0-9]{2})$', '2025-\1-\2')
            ELSE words END                                           AS model,
        regexp_matches(lower(concat_ws(' ', order_name, machine)), 'standard_n[cdgv][0-9a-z]')
            OR category = 'Virtual Machines' AND regexp_matches(lower(subcategory), '^n[cdgv]')
            OR regexp_matches(m, ' v?gpu ')                          AS gpu,
        CASE
            WHEN ai OR category ILIKE '%cognitive%' OR category ILIKE '%machine learning%' OR category ILIKE '%azure ai %' OR family = 'AI + Machine Learning'
                THEN 'AI and Machine Learning'
            WHEN category ILIKE '%sql%' OR category ILIKE '%database%' OR category ILIKE '%cosmos%' OR category ILIKE '%redis%' THEN 'Databases'
            WHEN category IN ('Bandwidth', 'Load Balancer', 'NAT Gateway', 'Azure DNS', 'Content Delivery Network') OR category ILIKE '%network%' THEN 'Networking'
            WHEN category IN ('Storage', 'Backup', 'Azure NetApp Files')  THEN 'Storage'
            WHEN category ILIKE 'Virtual Machines%' OR family = 'Containers' THEN 'Compute'
            WHEN category IN ('Log Analytics', 'Azure Monitor')           THEN 'Management and Governance'
            WHEN family IN ('Analytics', 'Compute', 'Databases', 'Developer Tools', 'Identity', 'Integration', 'Internet of Things', 'Management and Governance',
                'Media', 'Networking', 'Security', 'Storage', 'Web')      THEN family
            ELSE 'Other' END AS service_category
    FROM known
)
SELECT
    record,
    date                                             AS ChargePeriodStart,
    date + INTERVAL 1 DAY                            AS ChargePeriodEnd,
    coalesce(period_start, date_trunc('month', date)) AS BillingPeriodStart,
    CASE WHEN period_start IS NULL THEN date_trunc('month', date) + INTERVAL 1 MONTH ELSE period_end + INTERVAL 1 DAY END AS BillingPeriodEnd,
    cost                                             AS BilledCost,
    payg                                             AS ListCost,
    upper(currency)                                  AS BillingCurrency,
    'azure'                                          AS ProviderName,
    'Microsoft'                                      AS InvoiceIssuerName,
    invoice                                          AS InvoiceId,
    account                                          AS BillingAccountId,
    account_name                                     AS BillingAccountName,
    subscription                                     AS SubAccountId,
    subscription_name                                AS SubAccountName,
    category                                         AS ServiceName,
    service_category                                 AS ServiceCategory,
    CASE
        WHEN gpu                                                      THEN 'gpu'
        WHEN regexp_matches(about, 'microsoft\.search|cognitive search|azure ai search') THEN 'vector'
        WHEN NOT ai                                                   THEN NULL
        WHEN contains(m, 'embedding')                                 THEN 'embeddings'
        WHEN class IN ('image', 'video')                              THEN class
        WHEN regexp_matches(m || about, 'speech|whisper|\btts\b')     THEN 'audio'
        WHEN class IS NOT NULL OR tokens OR contains(m, 'claude') OR contains(about, 'openai') THEN 'llm' END AS x_Category,
    CASE WHEN lower(charge_type) LIKE 'rounding%' THEN 'Adjustment' ELSE as_charge_category(charge_type) END AS ChargeCategory,
    coalesce(product, meter)                         AS ChargeDescription,
    meter_id                                         AS SkuId,
    resource                                         AS ResourceId,
    coalesce(resource_name, nullif(regexp_extract(resource, '[^/]+$'), '')) AS ResourceName,
    lower(replace(location, ' ', ''))                AS RegionId,
    quantity * units                                 AS ConsumedQuantity,
    CASE
        WHEN ai AND tokens     THEN 'tokens'
        WHEN b['size'] = ''    THEN block
        WHEN b['per'] = '/'    THEN 'Units/' || b['of']
        WHEN b['of'] = ''      THEN 'Units'
        ELSE b['of'] END                             AS ConsumedUnit,
    model                                            AS x_Model,
    class                                            AS x_TokenClass,
    CASE WHEN tokens AND ai THEN CASE regexp_extract(m, ' (batch|pp|priority|flex) ', 1) WHEN '' THEN NULL WHEN 'pp' THEN 'priority'
        ELSE regexp_extract(m, ' (batch|pp|priority|flex) ', 1) END END AS x_ServiceTier,
    '[' || concat_ws(', ',
        CASE WHEN json_valid(tags) THEN tags WHEN json_valid('{' || tags || '}') THEN '{' || tags || '}' END,
        CASE WHEN group_name IS NOT NULL THEN json_object('resource_group', lower(group_name))::VARCHAR END,
        CASE WHEN section IS NOT NULL THEN json_object('invoice_section', section)::VARCHAR END,
        CASE WHEN cost_center IS NOT NULL AND NOT contains(tag_name(coalesce(tags, '')), '"cost_center"') THEN json_object('cost_center', cost_center)::VARCHAR END,
        CASE WHEN ai AND regexp_matches(m, ' (glbl|gl|global) ')       THEN '{"deployment_type": "global"}'
            WHEN ai AND regexp_matches(m, ' (dzone|dz) ')              THEN '{"deployment_type": "data-zone"}'
            WHEN ai AND regexp_matches(m, ' (regnl|regional|rg) ')     THEN '{"deployment_type": "regional"}' END) || ']' AS Tags,
    CASE
        WHEN (SELECT bool_or(charge_type ILIKE 'Unused%' OR charge_type ILIKE 'Usage' AND replace(lower(pricing), ' ', '') IN ('reservation', 'savingsplan') AND cost > 0) FROM raw)
            THEN 'these are amortized costs: usage that a reservation or a savings plan covers has a cost here, and what was billed is its purchase; export the actual costs'
    END                                              AS problem
FROM metered JOIN classed USING (kind)
