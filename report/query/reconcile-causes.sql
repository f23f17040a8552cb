/*
title: Causes
about: Why the sides differ, each computed. `side` is the comparison that the dollars are a part of; a note is a part of none.
*/
WITH invoiced AS (
    FROM reconcile_invoices WHERE invoice IS NOT NULL
), billed AS (
    SELECT provider, month, sum(cost) AS billing, sum(moved) AS moved FROM reconcile_lines GROUP BY ALL
), gaps AS (
    SELECT provider, month, invoice - coalesce(billing, 0) AS gap, moved FROM invoiced LEFT JOIN billed USING (provider, month)
    WHERE billing IS NOT NULL AND abs(invoice - billing) > 0.01
), lost AS (
    SELECT provider, month, reason, day, sum(difference) AS difference FROM reconcile_judged SEMI JOIN billed USING (provider, month)
    WHERE reason IN ('day without usage', 'day without bill') GROUP BY ALL
    UNION ALL
    SELECT u.provider, u.month, 'day not covered', u.day, NULL FROM reconcile_unbilled u
    WHERE NOT EXISTS (FROM reconcile_judged j WHERE j.provider = u.provider AND j.month = u.month AND j.day = u.day AND j.reason = 'day without bill')
), islands AS (
    SELECT *, day - row_number() OVER (PARTITION BY provider, month, reason ORDER BY day) * INTERVAL 1 DAY AS island FROM (SELECT * FROM lost)
), spans AS (
    SELECT provider, month, reason, min(day) AS first, max(day) AS last, count(*) AS days, sum(difference) AS difference FROM islands GROUP BY provider, month, reason, island
), days AS (
    SELECT provider, month, reason, sum(days)::BIGINT AS days, sum(difference) AS difference,
        string_agg(CASE WHEN first = last THEN first::DATE::VARCHAR ELSE first::DATE::VARCHAR || ' to ' || last::DATE::VARCHAR END, ', ' ORDER BY first) AS dates
    FROM spans GROUP BY ALL
), alone AS (
    SELECT provider, month, reason, coalesce(regexp_replace(model, '^[^/]*/', ''), 'no model named') AS model, sum(difference) AS difference
    FROM reconcile_judged WHERE reason IN ('model without usage', 'model without bill') GROUP BY ALL HAVING abs(sum(difference)) > 0.005
), missing_models AS (
    SELECT provider, month, reason, sum(difference) AS difference, string_agg(model || ' ' || dollars(abs(difference)), ', ' ORDER BY abs(difference) DESC, model) AS models
    FROM alone GROUP BY ALL
), no_price AS (
    SELECT coalesce(u.ProviderName, '(none)') AS provider, date_trunc('month', u.slot_start) AS month, u.role, sum(u.quantity)::BIGINT AS quantity,
        string_agg(DISTINCT coalesce(u.x_Model, '(no model)'), ', ' ORDER BY coalesce(u.x_Model, '(no model)')) AS models
    FROM unpriced u WHERE in_period(u.slot_start) GROUP BY ALL
), no_price_cost AS (
    SELECT provider, month, sum(difference) AS difference FROM reconcile_judged WHERE reason = 'unpriced' AND billed IS NOT NULL GROUP BY ALL
), ratios AS (
    SELECT provider, month, cut, percent, count(*) AS cells, sum(difference) AS difference,
        string_agg(DISTINCT regexp_replace(model, '^[^/]*/', ''), ', ' ORDER BY regexp_replace(model, '^[^/]*/', '')) AS models, string_agg(DISTINCT class, ', ' ORDER BY class) AS classes,
        EXISTS (FROM terms t WHERE t.ProviderName = j.provider) AS agreed
    FROM reconcile_judged j WHERE reason = 'ratio' GROUP BY ALL
), class_sums AS (
    SELECT provider, month, coalesce(class, '(none)') AS class, sum(difference) AS difference, sum(billed) AS billed, sum(usage) AS usage
    FROM reconcile_judged WHERE reason = 'class' GROUP BY ALL
    HAVING abs(sum(difference)) > greatest(0.01, getvariable('tolerance') * greatest(coalesce(sum(billed), 0), coalesce(sum(usage), 0))) AND abs(sum(difference)) > coalesce(sum(rounding), 0)
), flat AS (
    SELECT provider, month, CASE category WHEN 'Tax' THEN 'tax' WHEN 'Credit' THEN 'credits' WHEN 'Purchase' THEN 'fees' ELSE 'adjustments' END AS name,
        CASE category WHEN 'Tax' THEN 1 WHEN 'Credit' THEN 2 WHEN 'Purchase' THEN 4 ELSE 8 END AS flag, sum(cost) AS cost
    FROM reconcile_lines WHERE category <> 'Usage' GROUP BY ALL
), subsets AS (
    SELECT f.provider, f.month, m.mask, sum(f.cost) AS cost, string_agg(f.name || ' ' || dollars(f.cost), ', ' ORDER BY f.flag) AS names
    FROM flat f JOIN (SELECT unnest(range(1, 16)) AS mask) m ON f.flag & m.mask > 0
    GROUP BY f.provider, f.month, m.mask HAVING sum(f.flag) = m.mask
), not_invoiced AS (
    SELECT g.provider, g.month, g.gap, min_by(s.names, bit_count(s.mask) * 16 + s.mask) AS names
    FROM gaps g JOIN subsets s USING (provider, month) WHERE abs(g.gap + s.cost) <= 0.01 GROUP BY ALL
), credited AS (
    SELECT provider, month, sum(credit) AS credit FROM reconcile_evidence WHERE role = 'usage' AND credit <> 0 GROUP BY ALL
), free AS (
    SELECT coalesce(g.ProviderName, '(none)') AS provider, date_trunc('month', p.slot_start) AS month, p.x_PriceStatus AS reason, sum(p.ListCost) AS list, sum(p.quantity)::BIGINT AS quantity
    FROM priced p JOIN groups g USING (x_Group) WHERE in_period(p.slot_start) AND p.x_PriceStatus LIKE 'zero-rated%' AND p.role = 'usage' GROUP BY ALL
), shown AS (
    SELECT coalesce(ProviderName, '(none)') AS provider, date_trunc('month', ChargePeriodStart) AS month, sum(BilledCost) FILTER (WHERE x_Basis = 'estimated') AS estimated,
        coalesce(sum(BilledCost) FILTER (WHERE x_Basis <> 'estimated'), 0) AS billed
    FROM costs WHERE in_period(ChargePeriodStart) GROUP BY ALL
), causes AS (
    SELECT provider, month, 'evidence' AS side, difference AS money,
        CASE WHEN reason = 'day without usage' THEN format('no usage for {} ({}), on which {} was billed', many(days, 'day'), dates, dollars(difference))
            ELSE format('no bill for {} ({}), whose usage is {}', many(days, 'day'), dates, dollars(-difference)) END AS cause
    FROM days WHERE reason <> 'day not covered'
    UNION ALL
    SELECT d.provider, d.month, 'invoice', -d.difference, format('no bill for {} ({}), whose usage is {}', many(d.days, 'day'), d.dates, dollars(-d.difference))
    FROM days d JOIN gaps g USING (provider, month) WHERE d.reason = 'day without bill' AND g.gap > 0
    UNION ALL
    SELECT provider, month, 'note', NULL, format('no bill for {} ({}): ingest the export of the whole month', many(days, 'day'), dates) FROM days WHERE reason = 'day not covered'
    UNION ALL
    SELECT provider, month, 'evidence', difference,
        CASE reason WHEN 'model without usage' THEN format('billed without usage: {} (get the usage export that has it)', models) ELSE format('usage that was not billed: {}', models) END
    FROM missing_models
    UNION ALL
    SELECT n.provider, n.month, CASE WHEN c.difference IS NULL THEN 'note' ELSE 'evidence' END, c.difference,
        format('no price for {}: {:,} tokens or units{} (aifinops prices missing)', n.models, n.quantity,
            CASE WHEN c.difference IS NULL THEN '' ELSE ', billed ' || dollars(c.difference) || ' above what has a price' END)
    FROM no_price n LEFT JOIN no_price_cost c ON c.provider = n.provider AND c.month = n.month AND n.role = 'usage'
    WHERE n.role = 'usage' OR NOT EXISTS (FROM reconcile_evidence e WHERE e.provider = n.provider AND e.month = n.month AND e.role = 'usage')
    UNION ALL
    SELECT provider, month, 'evidence', difference, CASE
        WHEN percent > 0 THEN format('{} below the evidence: the bill is {:.1f}% below list in {} cells of {}, which looks like a discount: {} contracts: [{{id: {}-{}, provider: {}, {}from: {}, discount: {}%}}]',
            dollars(-difference), percent, cells, CASE cut WHEN 3 THEN 'day, model and class' WHEN 1 THEN models ELSE classes END, CASE WHEN agreed THEN 'change the' ELSE 'declare it under' END,
            provider, strftime(month, '%Y-%m'), provider, CASE cut WHEN 1 THEN 'models: [' || models || '], ' WHEN 2 THEN 'classes: [' || classes || '], ' ELSE '' END, month::DATE, regexp_replace(format('{:.1f}', percent), '\.0$', ''))
        WHEN percent = 0 THEN format('{} above the evidence at contract price: the bill is at list in {} cells, and not at the price of the contract', dollars(difference), cells)
        ELSE format('{} above the evidence: the bill is {:.1f}% above list in {} cells of {}: a surcharge (data residency, a tier), or prices of the book that are out of date (aifinops prices show)',
            dollars(difference), -percent, cells, CASE cut WHEN 3 THEN 'day, model and class' WHEN 1 THEN models ELSE classes END) END
    FROM ratios
    UNION ALL
    SELECT provider, month, 'evidence', sum(difference), format('long prompts: {} more than usage at its lowest price, and less than at its highest', dollars(sum(difference)))
    FROM reconcile_judged WHERE reason = 'range' GROUP BY ALL HAVING sum(difference) > 0.005
    UNION ALL
    SELECT provider, month, 'evidence', difference, format('{} {} of {}: {}, {}', dollars(abs(difference)), CASE WHEN difference > 0 THEN 'more' ELSE 'less' END, class,
            coalesce('billed ' || dollars(billed), 'not billed'), coalesce('usage ' || dollars(usage), 'no usage'))
    FROM class_sums
    UNION ALL
    SELECT provider, month, 'evidence', -credit, format('{} off by the declared credits', dollars(credit)) FROM credited
    UNION ALL
    SELECT provider, month, 'evidence', cost, format('{} for the commitment {}: {:,} hours, billed whether used or not', dollars(cost), commitment, hours) FROM reconcile_commitments
    UNION ALL
    SELECT provider, month, 'invoice', gap, format('the invoice leaves out what the bill has: {}', names) FROM not_invoiced
    UNION ALL
    SELECT provider, month, 'invoice', moved, format('exchange rates: the invoice is converted at that of its first day, the bill day by day: {} {}', dollars(abs(moved)), CASE WHEN moved < 0 THEN 'less' ELSE 'more' END) FROM gaps WHERE moved <> 0
    UNION ALL
    SELECT o.provider, o.month, CASE WHEN EXISTS (FROM reconcile_evidence e WHERE e.provider = o.provider AND e.month = o.month AND e.role = 'usage') THEN 'note' ELSE 'evidence' END, -over,
        format('requests claim {} of bills of {}: {} {}', dollars(asked), dollars(cost), sources,
        CASE WHEN gateways > 1 THEN '(do the gateways see the same calls?)' ELSE '(are calls logged twice, or not billed?)' END) FROM reconcile_overclaims o
    UNION ALL
    SELECT l.provider, l.month, 'note', l.cost, coalesce(format('{} of the invoice is left out as no AI (ai_spend)', dollars(l.cost)), 'what of the invoice is left out as no AI waits for an exchange rate')
    FROM invoice_left_out l JOIN reconcile_invoices i USING (provider, month)
    UNION ALL
    SELECT m.provider, m.month, 'note', m.arrived - m.departed, concat_ws('; ', CASE WHEN m.arrived <> 0 THEN dollars(m.arrived) || ' of the invoice, for other months, is taken off' END,
        CASE WHEN m.departed <> 0 THEN dollars(m.departed) || ' of this month, on another''s invoice, is added' END) || ' (by the billing periods of the bill)'
    FROM invoice_moved m JOIN invoiced i USING (provider, month) WHERE m.arrived <> 0 OR m.departed <> 0
    UNION ALL
    SELECT f.provider, f.month, 'note', sum(f.cost), format('{} on the bill, not in the evidence', string_agg(f.name || ' ' || dollars(f.cost), ', ' ORDER BY f.flag))
    FROM flat f WHERE NOT EXISTS (FROM invoiced i WHERE i.provider = f.provider AND i.month = f.month)
        AND EXISTS (FROM reconcile_cells c WHERE c.provider = f.provider AND c.month = f.month AND (c.usage IS NOT NULL OR c.requests IS NOT NULL)) GROUP BY f.provider, f.month
    UNION ALL
    SELECT provider, month, 'note', NULL, format('{} {} of the {} waits for an exchange rate (add exchange_rates.{})', currency, amount::DECIMAL(38,2)::VARCHAR, side, currency) FROM reconcile_waiting
    UNION ALL
    SELECT provider, month, 'note', NULL, format('no exchange rate for USD, in which the price book is{}: USD {} of {} cannot be compared (add exchange_rates.USD)',
        CASE WHEN min(day) IS NULL THEN '' WHEN min(day) = max(day) THEN ', on ' || min(day)::DATE ELSE ', from ' || min(day)::DATE || ' to ' || max(day)::DATE END,
        dollars(sum(waiting)), CASE role WHEN 'usage' THEN 'usage' ELSE 'requests' END)
    FROM reconcile_evidence WHERE waiting IS NOT NULL GROUP BY provider, month, role
    UNION ALL
    SELECT provider, month, 'note', NULL, format('{:,} tokens or units are {}{}', quantity, reason, coalesce(': ' || dollars(list) || ' at list', '')) FROM free
    UNION ALL
    SELECT provider, month, 'note', cost, format('no usage in this month, though others have it: {} billed', dollars(cost)) FROM reconcile_unmetered
    UNION ALL
    SELECT provider, month, 'note', coalesce(estimated, invoice), 'no bill: ' || concat_ws(', ', dollars(estimated) || ' is estimated from the evidence', 'the invoice says ' || dollars(invoice)) || ' (ingest the export of the month)'
    FROM (SELECT * FROM shown WHERE estimated <> 0) s FULL JOIN (SELECT * FROM invoiced ANTI JOIN billed USING (provider, month) WHERE invoice <> 0) i USING (provider, month)
    UNION ALL
    SELECT c.ProviderName, date_trunc('month', c.period_start), 'note', NULL, format('{} of {} rejected: aifinops query "FROM rejects"', many(count(DISTINCT (j.x_File, j.x_Record)), 'record'), string_agg(DISTINCT f.path, ', ' ORDER BY f.path))
    FROM file_rejects j JOIN files f USING (x_File) JOIN file_coverage c USING (x_File)
    WHERE f.role IN ('billing', 'usage', 'requests') AND in_period(c.period_start) GROUP BY c.ProviderName, date_trunc('month', c.period_start)
    UNION ALL
    SELECT provider, month, 'note', s.billed - coalesce(b.billing, 0), format('the ledger shows {} where {} was billed: a defect of this program', dollars(s.billed), dollars(coalesce(b.billing, 0)))
    FROM shown s LEFT JOIN billed b USING (provider, month) WHERE s.billed <> coalesce(b.billing, 0)
)
SELECT provider, strftime(month, '%Y-%m') AS month, side, money::DECIMAL(38,12) AS money, cause FROM causes ORDER BY ALL
