-- What moves between use cases when the parts of plan_before become those of plan_after. A part is a slice of a charge, on its
-- day. In it, what some use cases lose is laid beside what others gain, both in the order of their names: where the two overlap,
-- that is what moves from the one to the other. All of it is exact, and nothing is made up or lost.
CREATE OR REPLACE TEMP TABLE plan_gains AS
WITH sides AS (
    SELECT part, use_case, -cost AS gain FROM plan_before
    UNION ALL
    SELECT part, use_case, cost FROM plan_after
)
SELECT part, use_case, sum(gain) AS gain FROM sides GROUP BY ALL HAVING sum(gain) <> 0;

-- A credit moves with its sign: who had it is who loses it, though that costs money.
CREATE OR REPLACE TEMP TABLE plan_marks AS
WITH parts AS (
    SELECT part, month, estimated, sum(cost) < 0 AS credit FROM plan_before GROUP BY ALL
), signed AS (
    SELECT p.*, g.use_case, CASE WHEN credit THEN -gain ELSE gain END AS gain FROM plan_gains g JOIN parts p USING (part)
)
SELECT *, gain > 0 AS gains, sum(abs(gain)) OVER upto AS hi, sum(abs(gain)) OVER upto - abs(gain) AS lo
FROM signed
WINDOW upto AS (PARTITION BY part, gain > 0 ORDER BY use_case ROWS UNBOUNDED PRECEDING);

CREATE OR REPLACE TEMP TABLE plan_moves AS
WITH rules_after AS (
    SELECT part, min(rule_id) AS rule_id FROM plan_after GROUP BY part
)
SELECT
    l.month, l.use_case AS from_use_case, g.use_case AS to_use_case, l.estimated, r.rule_id,
    CASE WHEN l.credit THEN greatest(l.lo, g.lo) - least(l.hi, g.hi) ELSE least(l.hi, g.hi) - greatest(l.lo, g.lo) END AS cost
FROM plan_marks l
JOIN plan_marks g ON l.part = g.part AND g.gains AND l.lo < g.hi AND g.lo < l.hi
JOIN rules_after r ON r.part = l.part
WHERE NOT l.gains;
