-- Which evidence claims which dollar. Billing sets the money; requests, and usage for what no request saw, claim parts of it.

-- The calls by what both views may know of them. A scope's id is the hash of its names and its time: account, project and key may be unknown.
CREATE OR REPLACE TEMP TABLE calls AS
SELECT *, hash(role, ProviderName, coalesce(day, slot_start), CASE WHEN day IS NULL THEN slot_end END, account, project, api_key, model, x_TokenClass) AS scope
FROM (
    SELECT p.*, date_trunc('month', p.slot_start) AS month, day_of(p.slot_start, p.slot_end) AS day,
        g.ProviderName, g.account, g.project, g.api_key, g.model, g.x_Order
    FROM priced p JOIN groups g USING (x_Group)
);

CREATE OR REPLACE TEMP TABLE call_scopes AS
SELECT scope, role, ProviderName, day, account, project, api_key, model, x_TokenClass, min(slot_start) AS scope_start, max(slot_end) AS scope_end,
    sum(quantity)::HUGEINT AS quantity, known(day, 1) + known(account, 2) + known(project, 4) + known(api_key, 8) AS knows
FROM calls
WHERE model IS NOT NULL
GROUP BY ALL;

-- Requests and usage of one scope are the same calls seen twice. A request meets the usage that agrees with it in all that both know,
-- and of that the usage with which it has most in common.
CREATE OR REPLACE TEMP TABLE met AS
WITH pairs AS (
    SELECT DISTINCT r.knows AS r, u.knows AS u
    FROM (SELECT DISTINCT knows FROM call_scopes WHERE role = 'requests') r CROSS JOIN (SELECT DISTINCT knows FROM call_scopes WHERE role = 'usage') u
), requests AS (
    SELECT s.*, p.r & p.u AS mutual, common(p.r & p.u | 48, ProviderName, day, account, project, api_key, model, x_TokenClass, NULL, NULL) AS agreed, p.r, p.u
    FROM call_scopes s JOIN pairs p ON s.knows = p.r WHERE role = 'requests'
), usage AS (
    SELECT s.*, common(p.r & p.u | 48, ProviderName, day, account, project, api_key, model, x_TokenClass, NULL, NULL) AS agreed, p.r, p.u
    FROM call_scopes s JOIN pairs p ON s.knows = p.u WHERE role = 'usage'
)
SELECT r.scope AS r, u.scope AS u, r.quantity AS asked, u.quantity AS metered, r.mutual
FROM requests r JOIN usage u ON r.agreed = u.agreed AND r.r = u.r AND r.u = u.u AND r.scope_start < u.scope_end AND u.scope_start < r.scope_end
QUALIFY bit_count(r.mutual) = max(bit_count(r.mutual)) OVER (PARTITION BY r.scope);

-- What each request scope takes of each usage scope: those that know the key first, then the others of what is left, in proportion.
-- All in whole tokens: nothing is seen twice, nothing is lost.
CREATE OR REPLACE TEMP TABLE taken (r UBIGINT, u UBIGINT, quantity HUGEINT);
-- What requests take of the usage that they meet, in proportion to what is left of it, and never more than that. `keyed`: those whose key both know.
CREATE OR REPLACE TEMP MACRO take(keyed) AS TABLE
WITH used AS (
    SELECT u, sum(quantity)::HUGEINT AS quantity FROM taken GROUP BY u
), open AS (
    SELECT m.r, m.u, m.asked - coalesce(had.quantity, 0) AS asked, m.metered - coalesce(used.quantity, 0) AS left_over
    FROM met m LEFT JOIN used USING (u) LEFT JOIN (SELECT r, sum(quantity)::HUGEINT AS quantity FROM taken GROUP BY r) had ON had.r = m.r
    WHERE (m.mutual & 8 > 0) = keyed AND m.metered > coalesce(used.quantity, 0) AND m.asked > coalesce(had.quantity, 0)
), wanted AS (
    SELECT r, u, left_over, least(asked, sum(left_over) OVER (PARTITION BY r)::HUGEINT) * left_over // sum(left_over) OVER (PARTITION BY r)::HUGEINT AS quantity FROM open
)
SELECT r, u, CASE WHEN sum(quantity) OVER (PARTITION BY u) <= left_over THEN quantity
    ELSE quantity * left_over // sum(quantity) OVER (PARTITION BY u)::HUGEINT END::HUGEINT AS quantity
FROM wanted WHERE quantity > 0;
INSERT INTO taken FROM take(true);
INSERT INTO taken FROM take(false);

-- Counted: the calls of both views, each once. Where a provider has metered a model on a day, that is how many there were: requests beyond
-- it are not counted again. A name that the book does not know may be any model.
CREATE OR REPLACE TEMP TABLE metering AS
SELECT DISTINCT ProviderName, model, unnest(generate_series(date_trunc('day', slot_start), slot_end - INTERVAL 1 MICROSECOND, INTERVAL 1 DAY)) AS day
FROM (SELECT DISTINCT ProviderName, model, slot_start, slot_end FROM calls WHERE role = 'usage');
CREATE OR REPLACE TEMP TABLE metered_scopes AS
SELECT DISTINCT c.scope
FROM (SELECT DISTINCT scope, ProviderName, model, day FROM calls WHERE role = 'requests') c
JOIN metering m ON m.ProviderName = c.ProviderName AND m.day = c.day
    AND (m.model = c.model OR m.model IS NULL OR c.model IS NULL OR c.model NOT IN (SELECT x_BookModel FROM model_names));
CREATE OR REPLACE TEMP TABLE counted AS
WITH shares AS (
    SELECT r AS scope, 0::HUGEINT AS off, sum(quantity)::HUGEINT AS part FROM taken GROUP BY r
    UNION ALL
    SELECT u, sum(quantity)::HUGEINT, NULL FROM taken GROUP BY u
), kept AS (
    SELECT c.scope, c.quantity AS whole,
        CASE WHEN c.role = 'usage' THEN c.quantity - coalesce(s.off, 0) WHEN m.scope IS NOT NULL THEN coalesce(s.part, 0) ELSE c.quantity END AS part
    FROM call_scopes c LEFT JOIN shares s USING (scope) LEFT JOIN metered_scopes m USING (scope)
), divided AS ( -- most scopes count whole, or not at all: only the others need to know where each part of theirs lies
    SELECT c.*, k.whole, k.part,
        sum(c.quantity) OVER (PARTITION BY c.scope ORDER BY c.x_Order, c.x_Group, c.slot_start, c.slot_end, c.long NULLS FIRST ROWS UNBOUNDED PRECEDING)::HUGEINT AS upto
    FROM calls c JOIN kept k USING (scope)
    WHERE k.part <> k.whole AND k.part <> 0
)
SELECT c.*, CASE WHEN k.part = 0 OR k.whole IS NULL AND m.scope IS NOT NULL THEN 0 ELSE c.quantity END::BIGINT AS counted
FROM calls c LEFT JOIN kept k USING (scope) LEFT JOIN metered_scopes m USING (scope)
WHERE k.whole IS NULL OR k.part = k.whole OR k.part = 0
UNION ALL
SELECT * EXCLUDE (whole, part, upto), ((upto * part // whole) - ((upto - quantity) * part // whole))::BIGINT FROM divided;

-- A request claims all of its price, usage what no request saw. Where the provider metered the very key, a log cannot claim more than that:
-- the same call logged twice is not two. In the reporting currency, from the book's dollars.
CREATE OR REPLACE TEMP TABLE keyed_scopes AS SELECT DISTINCT r AS scope FROM met WHERE mutual & 8 > 0;
CREATE OR REPLACE TEMP TABLE claims AS
SELECT
    c.x_Group, c.x_Order, c.role, c.ProviderName, c.month, c.day, c.slot_start, c.slot_end, c.x_TokenClass,
    hash(g.x_Scope, coalesce(c.day, c.slot_start), CASE WHEN c.day IS NULL THEN c.slot_end END, c.x_TokenClass)  AS claimant,
    known(c.day, 1) + known(g.account, 2) + known(g.project, 4) + known(g.api_key, 8) + known(g.model, 16) + 32 + known(g.tier, 64) + known(g.long, 128) AS knows,
    g.account, g.project, g.api_key, g.model, g.tier, g.long,
    worth(CASE WHEN c.role = 'requests' AND k.scope IS NULL THEN c.quantity ELSE c.counted END * c.contracted_price, r.rate) AS amount,
    worth(c.counted * c.contracted_price, r.rate)                                                                 AS counted_amount
FROM counted c
JOIN groups g USING (x_Group)
LEFT JOIN keyed_scopes k ON c.scope = k.scope
JOIN rates r ON r.currency = 'USD' AND c.slot_start >= r.rate_from AND c.slot_start < r.rate_to
WHERE c.contracted_price > 0 AND (c.role = 'requests' AND k.scope IS NULL OR c.counted > 0);

-- Charges in the reporting currency, and the scope of each.
CREATE OR REPLACE TEMP TABLE bill_lines AS
SELECT * EXCLUDE (x_Scope, class, metered),
    CASE WHEN metered THEN hash(x_Scope, class, coalesce(day, ChargePeriodStart), CASE WHEN day IS NULL THEN ChargePeriodEnd END) END AS bill
FROM (
    SELECT f.x_File, f.x_Record, f.ChargePeriodStart, f.ChargePeriodEnd, worth(f.BilledCost, rate) AS cost,
        g.x_Group, g.x_Scope, g.class, g.metered, day_of(f.ChargePeriodStart, f.ChargePeriodEnd) AS day
    FROM charge_facts f
    JOIN grouped d USING (x_Dimension)
    JOIN groups g USING (x_Group)
    JOIN rates r ON r.currency = g.BillingCurrency AND f.ChargePeriodStart >= r.rate_from AND f.ChargePeriodStart < r.rate_to
    WHERE f.ChargePeriodStart >= getvariable('window_start') AND f.ChargePeriodStart < getvariable('window_end')
);

CREATE OR REPLACE TEMP TABLE bills AS
SELECT
    c.bill, g.ProviderName, date_trunc('month', min(c.ChargePeriodStart)) AS month, c.day,
    min(c.ChargePeriodStart) AS bill_start, max(c.ChargePeriodEnd) AS bill_end,
    g.account, g.project, g.api_key, g.model, g.class, g.tier, g.long,
    known(c.day, 1) + known(g.account, 2) + known(g.project, 4) + known(g.api_key, 8) + known(g.model, 16) + known(g.class, 32) + known(g.tier, 64) + known(g.long, 128) AS knows,
    sum(c.cost) AS cost
FROM bill_lines c JOIN groups g USING (x_Group)
WHERE c.bill IS NOT NULL
GROUP BY ALL;

-- The narrowest scope that both sides know: a claim goes to the bills that agree with it in all that both know, and of those to the ones
-- with which it has most in common. A bill that nets to nothing takes none of it, and leaves it to no other.
CREATE OR REPLACE TEMP TABLE reached AS
WITH claimants AS (
    SELECT claimant, ProviderName, day, account, project, api_key, model, x_TokenClass, tier, long, knows,
        min(slot_start) AS claim_start, max(slot_end) AS claim_end, sum(amount) AS amount FROM claims GROUP BY ALL
), pairs AS (
    SELECT DISTINCT c.knows AS c, b.knows AS b FROM (SELECT DISTINCT knows FROM claimants) c CROSS JOIN (SELECT DISTINCT knows FROM bills) b
), asking AS (
    SELECT s.claimant, s.amount, s.claim_start, s.claim_end, p.c, p.b, p.c & p.b AS mutual,
        common(p.c & p.b, ProviderName, day, account, project, api_key, model, x_TokenClass, tier, long) AS agreed
    FROM claimants s JOIN pairs p ON s.knows = p.c
), asked AS (
    SELECT s.bill, s.cost, s.bill_start, s.bill_end, p.c, p.b, common(p.c & p.b, ProviderName, day, account, project, api_key, model, class, tier, long) AS agreed
    FROM bills s JOIN pairs p ON s.knows = p.b
)
SELECT claimant, amount, bill, cost, count(*) OVER (PARTITION BY claimant) AS choices
FROM (
    SELECT a.claimant, a.amount, b.bill, b.cost
    FROM asking a JOIN asked b ON a.agreed = b.agreed AND a.c = b.c AND a.b = b.b AND a.claim_start < greatest(b.bill_end, b.bill_start + INTERVAL 1 MICROSECOND) AND b.bill_start < a.claim_end
    QUALIFY bit_count(a.mutual) = max(bit_count(a.mutual)) OVER (PARTITION BY a.claimant)
)
WHERE cost > 0;

-- A claim that could be for several bills is divided by what is left of them when the clear claims are served.
CREATE OR REPLACE TEMP TABLE flows AS
WITH clear AS (
    SELECT bill, sum(amount) AS amount FROM reached WHERE choices = 1 GROUP BY bill
), open AS (
    SELECT r.*, greatest(r.cost - coalesce(c.amount, 0), 0) AS left_over
    FROM reached r LEFT JOIN clear c USING (bill) WHERE choices > 1
), weighed AS (
    SELECT *, CASE WHEN sum(left_over) OVER (PARTITION BY claimant) > 0 THEN left_over ELSE cost END AS weight FROM open
)
SELECT claimant, bill, (weight / sum(weight) OVER (PARTITION BY claimant))::DECIMAL(18,15) AS share FROM weighed;
INSERT INTO flows SELECT claimant, bill, 1 FROM reached WHERE choices = 1;

-- Within the tolerance the claims fill the bill; above it they are scaled down to it; below it the rest stays where it is.
CREATE OR REPLACE TEMP TABLE parts AS
WITH pieces AS (
    SELECT f.bill, c.x_Group, c.x_Order, c.role, c.amount, f.share,
        sum(c.amount) OVER (PARTITION BY f.bill, f.claimant ORDER BY c.x_Order, c.x_Group ROWS UNBOUNDED PRECEDING) AS upto
    FROM flows f JOIN claims c USING (claimant)
    WHERE f.share > 0
)
SELECT bill, x_Group, x_Order, role, sum(worth(upto, share) - worth(upto - amount, share)) AS amount FROM pieces GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE claimed_bills AS
SELECT b.*, p.claimed, p.claimed >= b.cost * (1 - getvariable('tolerance')) AS filled,
    CASE WHEN p.claimed >= b.cost * (1 - getvariable('tolerance')) THEN p.claimed ELSE b.cost END AS divisor,
    p.claimed > b.cost * (1 + getvariable('tolerance')) AS overclaimed
FROM bills b JOIN (SELECT bill, sum(amount) AS claimed FROM parts GROUP BY bill) p USING (bill);
CREATE OR REPLACE TEMP TABLE spans AS
SELECT
    p.bill, p.x_Group, p.role, j.filled AND abs(j.claimed - j.cost) >= 0.01 AS scaled, -- less than a cent is how the bill is rounded
    ((sum(amount) OVER before - amount) / divisor)::DECIMAL(18,15) AS lo,
    (sum(amount) OVER before / divisor)::DECIMAL(18,15)            AS hi
FROM parts p JOIN claimed_bills j USING (bill)
WHERE amount > 0
WINDOW before AS (PARTITION BY p.bill ORDER BY p.role, p.x_Order, p.x_Group ROWS UNBOUNDED PRECEDING);
-- What nobody claims stays on the charge.
INSERT INTO spans SELECT bill, NULL, NULL, false, max(hi), 1 FROM spans GROUP BY bill HAVING max(hi) < 1;

-- Slices: the parts of each charge, and money that is known from usage alone.
CREATE OR REPLACE TEMP TABLE slices AS
SELECT
    c.x_File, c.x_Record, c.ChargePeriodStart, c.ChargePeriodEnd, c.cost,
    coalesce(s.lo, 0)::DECIMAL(18,15)                                   AS lo,
    coalesce(s.hi, 1)::DECIMAL(18,15)                                   AS hi,
    c.x_Group                                                           AS charge_group,
    s.x_Group                                                           AS evidence_group,
    s.role                                                              AS x_Evidence,
    CASE WHEN s.scaled THEN 'scaled' ELSE 'billed' END                  AS x_Basis,
    hash(c.x_Group, s.x_Group)                                          AS x_Slice
FROM bill_lines c LEFT JOIN spans s USING (bill);

-- A provider that sent any bill for a month, or for the time of a call, is billed: what its bill does not have is no estimate's to add.
-- Seats alone are another product.
CREATE OR REPLACE TEMP TABLE billed_spans AS
SELECT DISTINCT g.ProviderName, f.ChargePeriodStart AS span_start, greatest(f.ChargePeriodEnd, f.ChargePeriodStart) AS span_end
FROM charge_facts f JOIN grouped d USING (x_Dimension) JOIN groups g USING (x_Group)
WHERE coalesce(g.x_Category, '') <> 'seat';
CREATE OR REPLACE TEMP TABLE billed_months AS
SELECT DISTINCT ProviderName, date_trunc('month', span_start) AS month FROM billed_spans;
CREATE OR REPLACE TEMP TABLE billed_slots AS
SELECT DISTINCT c.ProviderName, c.slot_start
FROM (SELECT DISTINCT ProviderName, slot_start, slot_end FROM claims) c
JOIN billed_spans s ON s.ProviderName = c.ProviderName AND c.slot_start < s.span_end AND s.span_start < c.slot_end;
CREATE OR REPLACE TEMP TABLE unbilled AS
SELECT c.* FROM claims c
ANTI JOIN billed_months b ON c.ProviderName = b.ProviderName AND c.month = b.month
ANTI JOIN billed_slots s ON c.ProviderName = s.ProviderName AND c.slot_start = s.slot_start;
INSERT INTO slices
SELECT
    NULL, NULL, date_trunc('day', slot_start), date_trunc('day', slot_start) + INTERVAL 1 DAY, sum(counted_amount), 0, 1, NULL, x_Group, role, 'estimated',
    hash(NULL::UBIGINT, x_Group)
FROM unbilled
WHERE counted_amount > 0
GROUP BY date_trunc('day', slot_start), x_Group, role;

-- Calls and tokens, each once, with the names of the evidence alone.
CREATE OR REPLACE TEMP TABLE activity_facts AS
SELECT
    hash(NULL::UBIGINT, x_Group)                                                            AS x_Slice,
    x_Group                                                                                 AS evidence_group,
    role                                                                                    AS x_Evidence,
    b.month IS NULL                                                                         AS estimated,
    date_trunc('day', slot_start)                                                           AS ChargePeriodStart,
    sum(counted) FILTER (WHERE x_TokenClass = 'requests')::BIGINT                           AS x_Requests,
    sum(counted) FILTER (WHERE x_TokenClass LIKE 'input%' OR x_TokenClass LIKE 'cache%')::BIGINT AS x_InputTokens,
    sum(counted) FILTER (WHERE x_TokenClass LIKE 'output%')::BIGINT                         AS x_OutputTokens
FROM counted LEFT JOIN billed_months b USING (ProviderName, month)
GROUP BY ALL;

-- The dimensions of a slice: what the charge says, and what the evidence adds. Who called is the evidence's to say.
CREATE OR REPLACE TEMP TABLE slice_dimensions AS
WITH met AS (
    SELECT DISTINCT x_Slice, charge_group, evidence_group FROM slices
    UNION -- what the charge alone says
    SELECT DISTINCT hash(charge_group, NULL::UBIGINT), charge_group, NULL::UBIGINT FROM slices WHERE charge_group IS NOT NULL
    UNION
    SELECT DISTINCT x_Slice, NULL::UBIGINT, evidence_group FROM activity_facts
)
SELECT
    m.x_Slice,
    {merged}
FROM met m
LEFT JOIN groups b ON m.charge_group = b.x_Group
LEFT JOIN groups e ON m.evidence_group = e.x_Group;
