-- What pricing.Install writes. Prices are in USD, of one token or unit; times are half-open, and 0001-01-01 is a start that is
-- not known, 9999-01-01 an open end.

-- The ledger's names that the book has. A provider itself is the row with x_Model ''. long_over: above so many tokens of
-- prompt (long_inclusive: from so many on) a call has the prices of the long band. hourly: a price changes within a day.
CREATE OR REPLACE TEMP TABLE model_names (
    ProviderName   VARCHAR NOT NULL,
    x_Model        VARCHAR NOT NULL,
    x_BookModel    VARCHAR NOT NULL,
    x_MatchedBy    VARCHAR NOT NULL,
    hourly         BOOLEAN NOT NULL,
    long_over      BIGINT,
    long_inclusive BOOLEAN
);

-- At most one row a model, tier, class, band and instant.
CREATE OR REPLACE TEMP TABLE prices (
    x_BookModel   VARCHAR NOT NULL,
    x_ServiceTier VARCHAR NOT NULL,
    x_TokenClass  VARCHAR NOT NULL,
    long          BOOLEAN NOT NULL,
    rate_from     TIMESTAMP NOT NULL,
    rate_to       TIMESTAMP NOT NULL,
    dow_from      TINYINT NOT NULL,      -- ISO days, both included
    dow_to        TINYINT NOT NULL,
    hour_from     TINYINT NOT NULL,      -- hours of the day in UTC, the last excluded
    hour_to       TINYINT NOT NULL,
    price         DECIMAL(24,15) NOT NULL,
    x_Confidence  VARCHAR,
    x_PriceSource VARCHAR
);

CREATE OR REPLACE TEMP TABLE service_tiers (
    ProviderName  VARCHAR NOT NULL,
    raw           VARCHAR NOT NULL,
    x_ServiceTier VARCHAR NOT NULL
);

CREATE OR REPLACE TEMP TABLE uplifts (
    x_BookModel VARCHAR NOT NULL,
    RegionId    VARCHAR NOT NULL,
    factor      DECIMAL(9,6) NOT NULL
);

-- At most one row a model, class and instant: either a price, or a factor of list.
CREATE OR REPLACE TEMP TABLE terms (
    term         VARCHAR NOT NULL,
    ProviderName VARCHAR NOT NULL,
    x_BookModel  VARCHAR NOT NULL,
    x_TokenClass VARCHAR NOT NULL,
    rate_from    TIMESTAMP NOT NULL,
    rate_to      TIMESTAMP NOT NULL,
    price        DECIMAL(24,15),
    factor       DECIMAL(9,6)
);

-- NULL is any; a project and a key are as the configuration spells them, by id or by name.
CREATE OR REPLACE TEMP TABLE zero_rated (
    ProviderName VARCHAR,
    x_Model      VARCHAR,
    SubAccountId VARCHAR,
    x_ApiKeyId   VARCHAR,
    rate_from    TIMESTAMP NOT NULL,
    rate_to      TIMESTAMP NOT NULL,
    reason       VARCHAR NOT NULL
);

CREATE OR REPLACE TEMP TABLE commitments (
    commitment   VARCHAR NOT NULL,
    ProviderName VARCHAR NOT NULL,
    rate_from    TIMESTAMP NOT NULL,
    rate_to      TIMESTAMP NOT NULL,
    usd_per_hour DECIMAL(24,12) NOT NULL
);

-- x_BookModel NULL is any model.
CREATE OR REPLACE TEMP TABLE credits (
    credit       VARCHAR NOT NULL,
    ProviderName VARCHAR NOT NULL,
    x_BookModel  VARCHAR,
    rate_from    TIMESTAMP NOT NULL,
    rate_to      TIMESTAMP NOT NULL,
    share        DECIMAL(9,6) NOT NULL
);
