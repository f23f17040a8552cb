/*
title:      GitHub pull requests (gh)
get:        |
  by month, for gh lists 30 where nothing says more, and never more than 1000 of a search; one file a repository:
  gh pr list --state merged --limit 1000 --search "merged:2026-10-01..2026-10-31" --json number,mergedAt,author,labels > prs-2026-10.json
docs:       https://cli.github.com/manual/gh_pr_list
confidence: output of gh quoted in its own issues and in public projects that read it, to 2026-09
role:       outcomes
format:     [json]
columns:
  number:  count   number
  merged:  instant mergedAt
optional:
  login:   text    author.login
  bot:     flag    author.is_bot
  labels:  json    labels
ignore:     merged IS NULL
id:         number, merged
*/
-- A merged pull request counts as merged_prs; it counts as generated_prs too where a coding agent opened it or a label says so, else
-- as 0 of them, so that a day without is known to be one. Numbers are those of one repository: the time of the merge tells apart
-- what two repositories call #12. Titles, branches and people are not read into the ledger.
WITH seen AS (
    SELECT
        record,
        number,
        merged,
        login IS NOT NULL OR bot IS NOT NULL OR labels IS NOT NULL              AS told,
        regexp_replace(regexp_replace(lower(login), '^app/', ''), '\[bot\]$', '') AS author,
        coalesce(bot, regexp_matches(lower(login), '^app/|\[bot\]$'))           AS bot,
        list_transform(json_extract_string(labels, '$[*].name'), lambda l: regexp_replace(lower(trim(l)), '[ _]+', '-', 'g')) AS labels
    FROM raw
), judged AS (
    SELECT
        *,
        -- Bots that bump versions, sort imports or cut releases write no code that somebody asked a model for.
        coalesce(bot AND NOT regexp_matches(author, '^(dependabot|renovate|github-actions|pre-commit|release-please|semantic-release|snyk|'
                || 'greenkeeper|pyup|depfu|scala-steward|mend|whitesource|mergify|kodiak|bors|backport|changeset|allcontributors|imgbot|'
                || 'codecov|crowdin|weblate|transifex|dosubot|stale|netlify|vercel|step-security|restyled|deepsource|sonatype|fossabot)'), false)
            OR coalesce(regexp_full_match(author, 'copilot(-swe-agent)?|claude(-code)?|devin-ai-integration|google-labs-jules|'
                || 'chatgpt-codex-connector|codex|openhands-agent|sweep-ai|cursor|cursoragent|gemini-code-assist|amazon-q-developer'), false)
            OR coalesce(list_has_any(labels, ['generated', 'ai-generated', 'llm-generated', 'agent-generated', 'generated-by-ai', 'ai-agent',
                'coding-agent', 'copilot', 'copilot-swe-agent', 'claude', 'claude-code', 'codex', 'devin', 'jules', 'openhands', 'aider']), false)
            AS generated
    FROM seen
), counted AS (
    SELECT *, unnest(CASE WHEN told THEN ['merged_prs', 'generated_prs'] ELSE ['merged_prs'] END) AS name FROM judged
)
SELECT
    record,
    merged                                                             AS ChargePeriodStart,
    merged                                                             AS ChargePeriodEnd,
    name                                                               AS x_Outcome,
    CASE WHEN name = 'merged_prs' OR generated THEN 1 ELSE 0 END       AS x_Value,
    as_id(number || chr(31) || merged)                                 AS x_OutcomeId
FROM counted
