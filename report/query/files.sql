/*
title: Files in the ledger
about: Every file that was booked, with its receipt.
*/
WITH facts AS (
    SELECT x_File, count(*) AS n FROM charge_facts GROUP BY x_File
    UNION ALL SELECT x_File, count(*) FROM usage_facts GROUP BY x_File
    UNION ALL SELECT x_File, count(*) FROM request_facts GROUP BY x_File
    UNION ALL SELECT x_File, count(*) FROM invoice_facts GROUP BY x_File
    UNION ALL SELECT x_File, count(*) FROM outcome_facts GROUP BY x_File
)
SELECT
    x_File AS file,
    -- Where on somebody's disk it lay is nobody's business: the hash tells the file.
    CASE WHEN regexp_matches(path, '^(/|\\|[A-Za-z]:|\.\.)') THEN regexp_extract(path, '[^/\\]+$') ELSE path END AS path,
    source,
    role,
    period_start::DATE                                          AS "from",
    (period_end - INTERVAL 1 MICROSECOND)::DATE                 AS "to",
    records,
    booked,
    coalesce((SELECT sum(n) FROM facts f WHERE f.x_File = files.x_File), 0)::BIGINT AS standing,
    ignored,
    rejected,
    amount,
    currency,
    bytes,
    sha256,
    modified_at,
    ingested_at
FROM files
ORDER BY role = 'billing' DESC, role, files.path, x_File
