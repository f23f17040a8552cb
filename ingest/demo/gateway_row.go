package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// A spendRow is a row of LiteLLM_SpendLogs as /spend/logs answers it. The
// prompt includes cache reads and writes, for every provider. Prompts and
// answers are not stored.
type spendRow struct {
	RequestID           string        `json:"request_id"`
	CallType            string        `json:"call_type"`
	APIKey              string        `json:"api_key"` // sha256 of the virtual key
	Spend               json.Number   `json:"spend"`
	TotalTokens         int64         `json:"total_tokens"`
	PromptTokens        int64         `json:"prompt_tokens"`
	CompletionTokens    int64         `json:"completion_tokens"`
	StartTime           string        `json:"startTime"`
	EndTime             string        `json:"endTime"`
	CompletionStartTime string        `json:"completionStartTime"`
	RequestDurationMS   int64         `json:"request_duration_ms"`
	Model               string        `json:"model"`
	ModelID             string        `json:"model_id"`
	ModelGroup          string        `json:"model_group"`
	Provider            string        `json:"custom_llm_provider"`
	APIBase             string        `json:"api_base"`
	User                string        `json:"user"`
	Metadata            spendMetadata `json:"metadata"`
	CacheHit            string        `json:"cache_hit"`
	CacheKey            string        `json:"cache_key"`
	RequestTags         []string      `json:"request_tags"`
	TeamID              string        `json:"team_id"`
	OrganizationID      string        `json:"organization_id"`
	EndUser             string        `json:"end_user"`
	SessionID           string        `json:"session_id"`
	Messages            struct{}      `json:"messages"`
	Response            struct{}      `json:"response"`
	Status              string        `json:"status"`
}

type spendMetadata struct {
	APIKey    string            `json:"user_api_key"`
	Alias     string            `json:"user_api_key_alias"`
	TeamID    string            `json:"user_api_key_team_id"`
	TeamAlias string            `json:"user_api_key_team_alias"`
	UserID    string            `json:"user_api_key_user_id"`
	SpendLogs map[string]string `json:"spend_logs_metadata"`
	Usage     *spendUsage       `json:"usage_object"`
	Status    string            `json:"status"`
	Error     *spendError       `json:"error_information,omitempty"`
	Retries   int               `json:"attempted_retries"`
}

type spendUsage struct {
	Prompt        int64       `json:"prompt_tokens"`
	Completion    int64       `json:"completion_tokens"`
	Total         int64       `json:"total_tokens"`
	PromptDetails spendPrompt `json:"prompt_tokens_details"`
	CacheRead     *int64      `json:"cache_read_input_tokens,omitempty"`     // Claude only
	CacheCreation *int64      `json:"cache_creation_input_tokens,omitempty"` // Claude only
}

type spendPrompt struct {
	Cached        int64 `json:"cached_tokens"`
	CacheCreation int64 `json:"cache_creation_tokens"`
}

type spendError struct {
	Code     string `json:"error_code"`
	Class    string `json:"error_class"`
	Provider string `json:"llm_provider"`
}

func (c call) row() spendRow {
	key, team := virtualKeyHash(c.via.alias), "team-"+c.via.team
	row := spendRow{
		RequestID:           c.id,
		CallType:            c.callType(),
		APIKey:              key,
		Spend:               json.Number(c.spend.String()),
		StartTime:           timestamp(c.at),
		EndTime:             timestamp(c.at.Add(c.took)),
		CompletionStartTime: timestamp(c.at.Add(c.took / 4)),
		RequestDurationMS:   c.took.Milliseconds(),
		Model:               c.model,
		ModelGroup:          c.via.group,
		Provider:            c.provider,
		APIBase:             apiBase(c.provider),
		User:                c.user,
		CacheHit:            c.cacheHit,
		CacheKey:            "Cache OFF",
		RequestTags:         c.tags(),
		TeamID:              team,
		Status:              "success",
		Metadata: spendMetadata{APIKey: key, Alias: c.via.alias, TeamID: team, TeamAlias: c.via.team, UserID: c.user,
			SpendLogs: map[string]string{"env": "prod"}, Status: "success"},
	}
	if c.failed {
		row.Status, row.Metadata.Status = "failure", "failure"
		row.Metadata.Error = &spendError{"429", "RateLimitError", c.provider}
		return row
	}
	usage := c.usage()
	row.PromptTokens, row.CompletionTokens, row.TotalTokens = usage.Prompt, usage.Completion, usage.Total
	row.Metadata.Usage = &usage
	return row
}

func (c call) callType() string {
	if c.provider == "hosted_vllm" {
		return "arerank"
	}
	return "acompletion"
}

func (c call) tags() []string {
	tags := []string{}
	if c.tagged {
		tags = append(tags, "use_case:"+c.useCase)
	}
	if c.via.people {
		tags = append(tags, "User-Agent: review-bot/2.3")
	}
	return tags
}

func (c call) usage() spendUsage {
	written := c.used[cacheWrite5m] + c.used[cacheWrite1h]
	prompt := c.used[uncached] + c.used[cacheRead] + written
	u := spendUsage{
		Prompt:        prompt,
		Completion:    c.used[output],
		Total:         prompt + c.used[output],
		PromptDetails: spendPrompt{c.used[cacheRead], written},
	}
	if c.provider == "anthropic" {
		u.CacheRead, u.CacheCreation = &c.used[cacheRead], &written
	}
	return u
}

func apiBase(provider string) string {
	switch provider {
	case "openai":
		return "https://api.openai.com"
	case "anthropic":
		return "https://api.anthropic.com/v1/messages"
	}
	return "http://rerank.internal.example:8000/v1"
}

// virtualKeyHash is how the gateway's log names a virtual key.
func virtualKeyHash(alias string) string {
	sum := sha256.Sum256([]byte("sk-demo-" + alias))
	return hex.EncodeToString(sum[:])
}

func timestamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.000000Z") }
