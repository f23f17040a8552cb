/*
title:      Stripe invoice of a vendor
get:        |
  many GPU and AI vendors bill through Stripe: the invoice object, where the vendor's portal or API gives it, one or more in a file
  (of a list of them: jq -c '.data[]'). A PDF is no export: type its total into invoices.csv
docs:       https://docs.stripe.com/api/invoices/object
confidence: Stripe's own client (stripe-go) of 2026-08; no invoice of a vendor was seen
role:       billing
format:     [json]
columns:
  invoice:     text   id
  object:      text   object
  status:      text   status
  currency:    text   currency
  total:       number total
  lines:       json   lines
  line_amount: text   lines.data.amount
  line_start:  text   lines.data.period.start
optional:
  following:   flag   lines.has_more
  vendor:      text   account_name
  opened:      epoch  period_start
  closed:      epoch  period_end
  noted:       number pre_payment_credit_notes_amount
  noted_later: number post_payment_credit_notes_amount
expect:
  object:      [invoice]
ignore:     status = 'draft'
scope:      [InvoiceId]
total:      |
  CASE WHEN count(DISTINCT currency) = 1
      THEN minor_units(sum(total - coalesce(noted, 0) - coalesce(noted_later, 0)) FILTER (WHERE status NOT IN ('void', 'draft')), max(currency)) END
*/
-- Amounts are in the smallest unit of their currency. A line's amount is before discounts, and before tax that is not in its price: each is a row of
-- its own, and the rows are the invoice's total, or it is rejected. Where pretax credits are listed, the discounts are among them. A credit note lowers
-- an invoice that stays as it was. A void one takes the place of what it was, with nothing. Prorations come as a line back and a line anew. Of a vendor without account_name the configuration says who it is.
WITH items AS (
    SELECT * EXCLUDE (lines), unnest(from_json(json_extract(lines, '$.data'), '["JSON"]')) AS line FROM raw
), read AS (
    SELECT *,
        as_number(line ->> '$.amount')                                                              AS amount,
        line ->> '$.description'                                                                    AS description,
        as_epoch(line ->> '$.period.start')                                                         AS start,
        as_epoch(line ->> '$.period.end')                                                           AS until,
        CASE WHEN json_extract(line, '$.pretax_credit_amounts[0]') IS NOT NULL
            THEN json_extract_string(line, '$.pretax_credit_amounts[*].amount')
            ELSE json_extract_string(line, '$.discount_amounts[*].amount') END                      AS off,
        CASE WHEN json_type(json_extract(line, '$.taxes')) = 'ARRAY' THEN json_extract(line, '$.taxes[*]') ELSE json_extract(line, '$.tax_amounts[*]') END AS taxes
    FROM items
), parts AS (
    SELECT *, unnest([
        {'category': CASE WHEN amount < 0 THEN 'Credit' ELSE 'Usage' END, 'minor': amount, 'what': description},
        {'category': 'Credit', 'minor': -list_sum(list_transform(off, lambda o: as_number(o))), 'what': 'Discounts'},
        {'category': 'Tax', 'minor': list_sum(list_transform(list_filter(taxes,
            lambda t: coalesce((t ->> '$.tax_behavior') = 'exclusive', (t ->> '$.inclusive') <> 'true', true)), lambda t: as_number(t ->> '$.amount'))), 'what': 'Tax'}]) AS part,
        false AS note
    FROM read
    UNION ALL BY NAME
    SELECT *, opened AS start, closed AS until, {'category': 'Credit', 'minor': -coalesce(noted, 0) - coalesce(noted_later, 0), 'what': 'Credit notes'} AS part, true AS note FROM raw
), summed AS (
    SELECT *, sum(part.minor) FILTER (WHERE NOT note) OVER (PARTITION BY record) AS together FROM parts
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    CASE WHEN until > start THEN until END           AS ChargePeriodEnd,
    opened                                           AS BillingPeriodStart,
    CASE WHEN closed > opened THEN closed END        AS BillingPeriodEnd,
    CASE WHEN status = 'void' THEN 0 ELSE minor_units(part.minor, currency) END AS BilledCost,
    upper(currency)                                  AS BillingCurrency,
    vendor_name(vendor) AS ProviderName,
    vendor                                           AS InvoiceIssuerName,
    invoice                                          AS InvoiceId,
    CASE WHEN names_gpu(description) THEN 'Compute' ELSE 'Other' END AS ServiceCategory,
    CASE WHEN names_gpu(description) THEN 'gpu' END  AS x_Category,
    part.category                                    AS ChargeCategory,
    part.what                                        AS ChargeDescription,
    coalesce(line ->> '$.pricing.price_details.price', line ->> '$.price.id') AS SkuId,
    coalesce(line ->> '$.parent.subscription_item_details.subscription', line ->> '$.subscription') AS ResourceId,
    CASE WHEN part.category = 'Usage' THEN as_number(coalesce(line ->> '$.quantity_decimal', line ->> '$.quantity')) END AS ConsumedQuantity,
    CASE WHEN json_type(json_extract(line, '$.metadata')) = 'OBJECT' THEN line ->> '$.metadata' END AS Tags,
    CASE
        WHEN status NOT IN ('open', 'paid', 'uncollectible', 'void')
            THEN concat('status "', left(status, 80), '" is none of open, paid, uncollectible, void and draft')
        WHEN minor_units(1, currency) IS NULL
            THEN concat('currency "', currency, '": whether its amounts have decimals Stripe''s documentation does not settle')
        WHEN following
            THEN 'lines.has_more: the invoice has more lines than these; ask for them (/v1/invoices/ID/lines)'
        WHEN (SELECT count(*) FROM raw r WHERE r.invoice = summed.invoice) > 1
            THEN 'the invoice stands in the file more than once'
        WHEN status <> 'void' AND regexp_matches(lower(description), 'prepaid|top.?up|auto.?(recharge|reload)|credits? (purchase|pack|balance)|purchase of credit')
            THEN 'a purchase of credit: what is used of it is the cost, and stands in the vendor''s usage'
        WHEN together <> total
            THEN format('total {} is not what its lines with discounts and tax add up to, {}', total::BIGINT, together::BIGINT)
        WHEN NOT note AND amount IS NULL
            THEN 'a line without amount'
    END                                              AS problem
FROM summed
WHERE part.minor <> 0 OR part.category = 'Usage' AND NOT note
