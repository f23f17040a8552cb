/*
title:      Azure API Management LLM logs
get:        |
  Log Analytics, or az monitor log-analytics query -w WORKSPACE -o json --analytics-query "ApiManagementGatewayLlmLog
  | where TimeGenerated >= datetime(2026-10-01) and TimeGenerated < datetime(2026-11-01) | project-away RequestMessages, ResponseMessages
  | join kind=leftouter (ApiManagementGatewayLogs | project CorrelationId, ApimSubscriptionId, ProductId, ApiId, UserId) on CorrelationId";
  from the portal Export, CSV (all columns)
docs:       https://learn.microsoft.com/azure/azure-monitor/reference/tables/apimanagementgatewayllmlog
confidence: the vendor's table reference; no real export seen
role:       requests
format:     [csv, json]
columns:
  written:     text  TimeGenerated | TimeGenerated [UTC]
  call:        text  CorrelationId
  sequence:    count SequenceNumber
  prompt:      count PromptTokens
  completion:  count CompletionTokens
  total:       count TotalTokens
  model:       text  ModelName
optional:
  deployment:  text  DeploymentName
  region:      text  Region
  gateway:     text  _ResourceId
  subscription: key  ApimSubscriptionId
  product:     text  ProductId
  api:         text  ApiId
  user_id:     user  UserId
id:         call, sequence
*/
-- A long call is several rows by SequenceNumber, of which not all have its tokens: the one with most is the call. Which subscription and
-- product called stands in another table, which the query joins. A deployment's name says that Azure bills; without one nobody can tell.
-- What the prompt cache served is not in this log: it is in the prompt.
WITH calls AS (
    SELECT
        *,
        coalesce(as_instant(written), try_strptime(written, ['%m/%d/%Y, %I:%M:%S.%g %p', '%m/%d/%Y, %I:%M:%S %p'])) AS started
    FROM raw
    QUALIFY row_number() OVER (PARTITION BY coalesce(call, record::VARCHAR) ORDER BY coalesce(total, prompt, completion, -1) DESC, sequence) = 1
)
SELECT
    record,
    started                                          AS ChargePeriodStart,
    started                                          AS ChargePeriodEnd,
    as_id(call)                                      AS x_RequestId,
    CASE WHEN deployment IS NOT NULL THEN 'azure' END AS ProviderName,
    'Azure API Management'                           AS ServiceName,
    'AI and Machine Learning'                        AS ServiceCategory,
    model_category(coalesce(model, deployment))      AS x_Category,
    gateway                                          AS ResourceId,
    region                                           AS RegionId,
    coalesce(model, deployment)                      AS x_Model,
    subscription                                     AS x_ApiKeyId,
    user_id                                          AS x_User,
    nullif('[' || concat_ws(', ',
        '{"product": '    || to_json(product)    || '}',
        '{"api": '        || to_json(api)        || '}',
        '{"deployment": ' || to_json(deployment) || '}') || ']', '[]') AS Tags,
    1                                                AS x_Requests,
    prompt                                           AS x_InputTokens,
    completion                                       AS x_OutputTokens,
    CASE WHEN total <> coalesce(prompt, 0) + coalesce(completion, 0)
        THEN format('TotalTokens {} is not PromptTokens {} + CompletionTokens {}', total, coalesce(prompt, 0), coalesce(completion, 0)) END AS problem
FROM calls
