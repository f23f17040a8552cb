/*
title:      Intercom conversations with Fin AI Agent (CSV)
get:        |
  Reports, a chart of conversations, drill in, choose the columns Conversation ID, Conversation started at, Fin AI Agent resolution state,
  Export CSV. All conversations, not those of Fin alone: a day without a resolution is then known to be one
docs:       https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes
confidence: Intercom's list of attributes, and code in public repositories that reads such exports; no export of our own
role:       outcomes
format:     [csv]
columns:
  conversation: id      Conversation ID
  started:      instant Conversation started at (*) | Conversation started at
  state:        text    Fin AI Agent resolution state
ignore:     started IS NULL
id:         conversation
*/
-- Deflected is what Fin resolved, as Intercom counts it: confirmed by the customer, or assumed because they left. What was escalated, routed to
-- a team or never came to Fin is 0. Times are those of the workspace, and stay so: a day here is a day of Intercom's own reports.
SELECT
    record,
    started                                                            AS ChargePeriodStart,
    started                                                            AS ChargePeriodEnd,
    'tickets_deflected'                                                AS x_Outcome,
    CASE WHEN regexp_matches(lower(state), '^(confirmed|assumed)[ _]resol') THEN 1 ELSE 0 END AS x_Value,
    conversation                                                       AS x_OutcomeId
FROM raw
