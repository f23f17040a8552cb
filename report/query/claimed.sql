/*
title: Who claims one charge
about: The parts of one charge, each with the use case that pays it, and how that is known.
sum:   [billed_cost]
*/
SELECT
    coalesce(x_UseCase, '(unattributed)')                                                       AS use_case,
    x_Tier                                                                                      AS tier,
    x_Basis                                                                                     AS basis,
    coalesce(x_Rule, '(none)')                                                                  AS rule,
    coalesce(x_ApiKeyName, x_ApiKeyId, '(none)')                                                AS key,
    coalesce(x_User, '(none)')                                                                  AS user,
    coalesce(Tags::VARCHAR, '(none)')                                                           AS tags,
    sum(BilledCost)::DECIMAL(38,12)                                                             AS billed_cost
FROM costs
WHERE x_File = {file} AND x_Record = {record}
GROUP BY ALL
ORDER BY billed_cost DESC, use_case, tier, basis, rule, key, user, tags
