/*
title:      Lines of a vendor's Stripe invoice
get:        |
  GET https://api.stripe.com/v1/invoices/INVOICE/lines?limit=100, all pages in one file. It says nothing of the vendor, the invoice's status or its total: take
  the whole invoice where you can. Say who bills: provider: lambda beside `source: stripe-invoice-lines` in aifinops.yaml, or jq '. + {account_name: "Lambda"}'
docs:       https://docs.stripe.com/api/invoice-line-item/object
confidence: Stripe's own client (stripe-go) of 2026-08; no invoice of a vendor was seen
role:       billing
format:     [json]
records:    data
columns:
  line:         text   data.id
  object:       text   data.object
  amount:       number data.amount
  currency:     text   data.currency
  start:        epoch  data.period.start
  until:        epoch  data.period.end
optional:
  following:    flag   has_more
  vendor:       text   account_name
  url:          text   url
  invoice:      text   data.invoice
  description:  text   data.description
  quantity:     number data.quantity_decimal | data.quantity
  price:        text   data.pricing.price_details.price | data.price.id
  subscription: text   data.parent.subscription_item_details.subscription | data.subscription
  pretax:       json   data.pretax_credit_amounts
  discounts:    json   data.discount_amounts
  taxes:        json   data.taxes
  tax_amounts:  json   data.tax_amounts
  metadata:     json   data.metadata
expect:
  data.object:  [line_item]
ignore:     line IS NULL AND amount IS NULL
more:       following
scope:      [InvoiceId]
*/
-- As in stripe-invoice: amounts in the smallest unit of their currency, before discounts and before tax that is not in the price, each a row of its own.
-- Here nothing says whether the invoice is a draft, or void, nor what it adds up to.
WITH read AS (
    SELECT *,
        CASE WHEN json_extract(pretax, '$[0]') IS NOT NULL THEN json_extract_string(pretax, '$[*].amount')
            ELSE json_extract_string(discounts, '$[*].amount') END AS off,
        CASE WHEN json_type(taxes) = 'ARRAY' THEN json_extract(taxes, '$[*]') ELSE json_extract(tax_amounts, '$[*]') END AS all_taxes
    FROM raw
), parts AS (
    SELECT *, unnest([
        {'category': CASE WHEN amount < 0 THEN 'Credit' ELSE 'Usage' END, 'minor': amount, 'what': description},
        {'category': 'Credit', 'minor': -list_sum(list_transform(off, lambda o: as_number(o))), 'what': 'Discounts'},
        {'category': 'Tax', 'minor': list_sum(list_transform(list_filter(all_taxes,
            lambda t: coalesce((t ->> '$.tax_behavior') = 'exclusive', (t ->> '$.inclusive') <> 'true', true)), lambda t: as_number(t ->> '$.amount'))), 'what': 'Tax'}]) AS part
    FROM read
)
SELECT
    record,
    start                                            AS ChargePeriodStart,
    CASE WHEN until > start THEN until END           AS ChargePeriodEnd,
    minor_units(part.minor, currency)                AS BilledCost,
    upper(currency)                                  AS BillingCurrency,
    vendor_name(vendor) AS ProviderName,
    vendor                                           AS InvoiceIssuerName,
    coalesce(invoice, nullif(regexp_extract(url, '/invoices/([^/]+)/lines', 1), '')) AS InvoiceId,
    CASE WHEN names_gpu(description) THEN 'Compute' ELSE 'Other' END AS ServiceCategory,
    CASE WHEN names_gpu(description) THEN 'gpu' END  AS x_Category,
    part.category                                    AS ChargeCategory,
    part.what                                        AS ChargeDescription,
    price                                            AS SkuId,
    subscription                                     AS ResourceId,
    CASE WHEN part.category = 'Usage' THEN quantity END AS ConsumedQuantity,
    CASE WHEN json_type(metadata) = 'OBJECT' THEN metadata END AS Tags,
    CASE
        WHEN minor_units(1, currency) IS NULL
            THEN concat('currency "', currency, '": whether its amounts have decimals Stripe''s documentation does not settle')
    END                                              AS problem
FROM parts
WHERE part.minor <> 0 OR part.category = 'Usage'
