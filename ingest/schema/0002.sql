-- Version 2: outcomes that are events have an id.
ALTER TABLE outcome_facts ADD COLUMN x_OutcomeId UBIGINT; -- a hash: enough to know a pull request or a ticket again
