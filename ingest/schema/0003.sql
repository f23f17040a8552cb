-- Version 3: charges that have an id; and of bills that hold more than AI, what the configuration leaves out, so that they still tie to their invoices.
CREATE TABLE file_left_out (
    x_File           INTEGER NOT NULL,
    ProviderName     VARCHAR,
    BillingAccountId VARCHAR,
    x_Scope          VARCHAR,
    period_start     TIMESTAMP NOT NULL,   -- within one month
    period_end       TIMESTAMP NOT NULL,
    BillingCurrency  VARCHAR,
    charges          BIGINT NOT NULL,
    BilledCost       DECIMAL(38,12) NOT NULL
);
CREATE VIEW left_out AS
SELECT path, source, ProviderName, BillingAccountId, l.period_start, l.period_end, BillingCurrency, charges, BilledCost, x_File
FROM file_left_out l JOIN files USING (x_File);

ALTER TABLE charge_facts ADD COLUMN x_ChargeId UBIGINT; -- a hash: enough to know a line of a bill again
CREATE OR REPLACE VIEW charges AS SELECT * EXCLUDE (x_Dimension) FROM charge_facts JOIN dimensions USING (x_Dimension);
