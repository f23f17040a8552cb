/*
title: Files in the ledger
about: Every file that was booked, with its receipt.
*/
SELECT
    path,
    source,
    role,
    period_start::DATE                                          AS "from",
    (period_end - INTERVAL 1 MICROSECOND)::DATE                 AS "to",
    records,
    booked,
    ignored,
    rejected,
    amount,
    currency,
    bytes,
    sha256,
    modified_at,
    ingested_at
FROM files
ORDER BY role = 'billing' DESC, role, path, x_File
