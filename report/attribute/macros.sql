-- A bit for each thing that a scope knows.
CREATE OR REPLACE TEMP MACRO known(v, flag) AS CASE WHEN v IS NULL THEN 0 ELSE flag END;

-- An exact product, rounded to what money has: round is twice as fast as a cast, which divides 128-bit integers too, and most factors are 1.
CREATE OR REPLACE TEMP MACRO worth(amount, factor) AS CASE WHEN factor = 1 THEN round(amount, 12) ELSE round(amount * factor, 12) END;

-- The day of what lies within one, in UTC. A longer span, or a day of another time zone, has none: it agrees with whatever it overlaps.
CREATE OR REPLACE TEMP MACRO day_of(start, until) AS
    CASE WHEN until <= date_trunc('day', start) + INTERVAL 1 DAY THEN date_trunc('day', start) END;

-- What two scopes must have in common, given what both know. The provider, and for calls the model and class, are known to all.
CREATE OR REPLACE TEMP MACRO common(mutual, provider, day, account, project, api_key, model, class, tier, long) AS hash(
    provider,
    CASE WHEN mutual & 1 > 0 THEN day END, CASE WHEN mutual & 2 > 0 THEN account END, CASE WHEN mutual & 4 > 0 THEN project END, CASE WHEN mutual & 8 > 0 THEN api_key END,
    CASE WHEN mutual & 16 > 0 THEN model END, CASE WHEN mutual & 32 > 0 THEN class END, CASE WHEN mutual & 64 > 0 THEN tier END, CASE WHEN mutual & 128 > 0 THEN long END);
