/*
title: Cost per outcome
about: What a unit of each metric's outcome cost in the month, against the month before and the baseline.
wide:  [note, prior_numerator, prior_denominator, window, outcome]
*/
SELECT
    u.metric,
    u.value,
    p.value                                                                 AS prior_value,
    CASE WHEN u.comparable THEN (u.value - p.value) * 100 / nullif(p.value, 0) END::DOUBLE AS change_percent,
    b.value                                                                 AS baseline_value,
    CASE WHEN u.comparable THEN (u.value - b.value) * 100 / nullif(b.value, 0) END::DOUBLE AS drift_percent,
    u.numerator,
    u.denominator,
    u.unit,
    u.complete,
    (u.known_cost * 100 / nullif(u.numerator, 0))::DOUBLE                   AS known_percent,
    u.llm_value                                                             AS llm_only,
    u.loaded_value                                                          AS fully_loaded,
    u.note,
    p.numerator                                                             AS prior_numerator,
    p.denominator                                                           AS prior_denominator,
    u."window",
    u.outcome,
    CASE WHEN p.value IS NULL THEN p.note END                               AS prior_note,    -- these three become notes
    CASE WHEN b.value IS NULL THEN coalesce(b.note, 'no figures') END       AS baseline_note,
    strftime(m.baseline, '%Y-%m')                                           AS baseline
FROM unit_costs u
JOIN metrics m USING (metric)
LEFT JOIN unit_costs p ON p.metric = u.metric AND p.month_start = u.month_start - INTERVAL 1 MONTH
LEFT JOIN unit_costs b ON b.metric = u.metric AND b.month_start = m.baseline
WHERE in_period(u.month_start)
ORDER BY m.rowid
