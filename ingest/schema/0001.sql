-- The ledger, version 1. Facts carry an id of their dimensions: each distinct combination of the columns that rules and
-- reports can mention is kept once, so that a changed rule is judged on thousands of rows and not on millions.

CREATE TABLE ledger (
    version    INTEGER NOT NULL,
    salt       VARCHAR NOT NULL,   -- makes the hashes of user ids and secrets useless outside this ledger
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE files (
    x_File         INTEGER NOT NULL,
    path           VARCHAR NOT NULL,
    sha256         VARCHAR NOT NULL,
    bytes          BIGINT NOT NULL,
    modified_at    TIMESTAMP NOT NULL,   -- decides which of two exports of one period is the newer
    source         VARCHAR NOT NULL,
    role           VARCHAR NOT NULL,
    ingested_at    TIMESTAMP NOT NULL,
    period_start   TIMESTAMP,
    period_end     TIMESTAMP,
    records        BIGINT NOT NULL,
    booked         BIGINT NOT NULL,
    ignored        BIGINT NOT NULL,
    rejected       BIGINT NOT NULL,
    amount         DECIMAL(38,12),       -- in `currency`; NULL where the role has no money or the file several currencies
    currency       VARCHAR
);

-- What a file speaks for: per provider, account and scope, the days from its first to its last.
CREATE TABLE file_coverage (
    x_File           INTEGER NOT NULL,
    ProviderName     VARCHAR,
    BillingAccountId VARCHAR,
    x_Scope          VARCHAR,
    period_start     TIMESTAMP NOT NULL,
    period_end       TIMESTAMP NOT NULL
);

CREATE TABLE file_rejects (
    x_File    INTEGER NOT NULL,
    x_Record  BIGINT NOT NULL,
    reason    VARCHAR NOT NULL
);

CREATE TABLE dimensions (
    x_Dimension        UBIGINT NOT NULL,
    x_Source           VARCHAR NOT NULL,
    ProviderName       VARCHAR,
    InvoiceIssuerName  VARCHAR,
    BillingAccountId   VARCHAR,
    BillingAccountName VARCHAR,
    SubAccountId       VARCHAR,
    SubAccountName     VARCHAR,
    ServiceName        VARCHAR,
    ServiceCategory    VARCHAR,
    x_Category         VARCHAR,   -- llm, embeddings, vector, gpu, seat, ...: what FOCUS lumps into one service category
    ChargeCategory     VARCHAR,
    ChargeClass        VARCHAR,
    ChargeDescription  VARCHAR,
    SkuId              VARCHAR,
    ResourceId         VARCHAR,
    ResourceName       VARCHAR,
    RegionId           VARCHAR,
    BillingCurrency    VARCHAR,
    ConsumedUnit       VARCHAR,
    InvoiceId          VARCHAR,
    x_Model            VARCHAR,
    x_TokenClass       VARCHAR,
    x_ServiceTier      VARCHAR,
    x_ContextWindow    VARCHAR,
    x_ApiKeyId         VARCHAR,
    x_ApiKeyName       VARCHAR,
    x_User             VARCHAR,
    Tags               MAP(VARCHAR, VARCHAR)
);

CREATE TABLE charge_facts (
    x_File             INTEGER NOT NULL,
    x_Record           BIGINT NOT NULL,
    x_Dimension        UBIGINT NOT NULL,
    ChargePeriodStart  TIMESTAMP NOT NULL,
    ChargePeriodEnd    TIMESTAMP NOT NULL,
    BillingPeriodStart TIMESTAMP,
    BillingPeriodEnd   TIMESTAMP,
    BilledCost         DECIMAL(38,12) NOT NULL,
    EffectiveCost      DECIMAL(38,12),
    ContractedCost     DECIMAL(38,12),
    ListCost           DECIMAL(38,12),
    ConsumedQuantity   DECIMAL(38,12)
);

-- Token classes are disjoint: their sum is what the provider metered. Reasoning alone is a part of output.
CREATE TABLE usage_facts (
    x_File                 INTEGER NOT NULL,
    x_Record               BIGINT NOT NULL,
    x_Dimension            UBIGINT NOT NULL,
    ChargePeriodStart      TIMESTAMP NOT NULL,
    ChargePeriodEnd        TIMESTAMP NOT NULL,
    x_Requests             BIGINT,
    x_InputTokens          BIGINT,
    x_InputAudioTokens     BIGINT,
    x_InputImageTokens     BIGINT,
    x_CacheReadTokens      BIGINT,
    x_CacheReadAudioTokens BIGINT,
    x_CacheReadImageTokens BIGINT,
    x_CacheWrite5mTokens   BIGINT,
    x_CacheWrite1hTokens   BIGINT,
    x_OutputTokens         BIGINT,
    x_OutputAudioTokens    BIGINT,
    x_OutputImageTokens    BIGINT,
    x_ReasoningTokens      BIGINT,
    ConsumedQuantity       DECIMAL(38,12)
);

CREATE TABLE request_facts (
    x_File                 INTEGER NOT NULL,
    x_Record               BIGINT NOT NULL,
    x_Dimension            UBIGINT NOT NULL,
    ChargePeriodStart      TIMESTAMP NOT NULL,
    ChargePeriodEnd        TIMESTAMP NOT NULL,
    x_RequestId            UBIGINT,          -- a hash: enough to know a call again
    x_Requests             BIGINT,
    x_InputTokens          BIGINT,
    x_InputAudioTokens     BIGINT,
    x_InputImageTokens     BIGINT,
    x_CacheReadTokens      BIGINT,
    x_CacheReadAudioTokens BIGINT,
    x_CacheReadImageTokens BIGINT,
    x_CacheWrite5mTokens   BIGINT,
    x_CacheWrite1hTokens   BIGINT,
    x_OutputTokens         BIGINT,
    x_OutputAudioTokens    BIGINT,
    x_OutputImageTokens    BIGINT,
    x_ReasoningTokens      BIGINT,
    x_ReportedCost         DECIMAL(18,12)    -- what the gateway thought the call cost; evidence, never money
);

CREATE TABLE invoice_facts (
    x_File            INTEGER NOT NULL,
    x_Record          BIGINT NOT NULL,
    x_Source          VARCHAR NOT NULL,
    ProviderName      VARCHAR,
    BillingAccountId  VARCHAR,
    InvoiceId         VARCHAR,
    ChargePeriodStart TIMESTAMP NOT NULL,
    ChargePeriodEnd   TIMESTAMP NOT NULL,
    BillingCurrency   VARCHAR,
    x_InvoiceTotal    DECIMAL(38,12) NOT NULL
);

CREATE TABLE outcome_facts (
    x_File            INTEGER NOT NULL,
    x_Record          BIGINT NOT NULL,
    x_Source          VARCHAR NOT NULL,
    ProviderName      VARCHAR,               -- always NULL: an outcome has no provider
    BillingAccountId  VARCHAR,               -- always NULL
    ChargePeriodStart TIMESTAMP NOT NULL,
    ChargePeriodEnd   TIMESTAMP NOT NULL,    -- of an event, such as a merge: its start
    x_Outcome         VARCHAR NOT NULL,
    x_UseCase         VARCHAR,
    x_Value           DECIMAL(38,12) NOT NULL
);

-- The documented views: what `aifinops query` shows, and anyone who opens the file with another tool.
CREATE VIEW charges    AS SELECT * EXCLUDE (x_Dimension) FROM charge_facts  JOIN dimensions USING (x_Dimension);
CREATE VIEW usage      AS SELECT * EXCLUDE (x_Dimension) FROM usage_facts   JOIN dimensions USING (x_Dimension);
CREATE VIEW requests   AS SELECT * EXCLUDE (x_Dimension) FROM request_facts JOIN dimensions USING (x_Dimension);
CREATE VIEW invoices   AS SELECT * FROM invoice_facts;
CREATE VIEW outcomes   AS
SELECT
    x_Outcome         AS name,
    ChargePeriodStart AS period_start,
    ChargePeriodEnd   AS period_end,
    x_UseCase         AS use_case,
    x_Value           AS value,
    x_File,
    x_Record,
    x_Source
FROM outcome_facts;
CREATE VIEW rejects    AS
SELECT path, source, x_Record AS record, reason, x_File FROM file_rejects JOIN files USING (x_File);
CREATE VIEW quarantine AS FROM rejects;
