package demo

import "time"

// A stream is the traffic of one provider API key for one purpose. A use case
// has one or several; the files know keys, projects and tags, not use cases.
type stream struct {
	useCase    string // what the money was really for; "" is nobody's guess
	provider   string
	project    string // OpenAI project or Anthropic workspace
	key        string
	models     []era
	perRequest tokens // of a usual request
	searching  int64  // one web search in so many requests
	batch      bool   // at half price
	week       week
	monthly    [months]int64 // dollars it is planned to cost
	via        virtualKey    // zero: straight to the provider
}

// An era is the model that a stream used from a day on.
type era struct{ from, model string }

func (s stream) modelOn(day time.Time) string {
	model := ""
	for _, e := range s.models {
		if e.from <= day.Format(time.DateOnly) {
			model = e.model
		}
	}
	return model
}

// A virtualKey is what a client of the LiteLLM gateway authenticates with.
type virtualKey struct {
	alias  string
	team   string
	group  string // the name of the model that clients ask for
	tagged int    // in a thousand requests, how many carry the use case as a tag
	people bool   // its users are engineers, not a service
	caches bool   // the gateway answers repeated questions from its own cache
}

func always(model string) []era { return []era{{"2026-01-01", model}} }

func streams() []stream {
	var all []stream
	for _, part := range [][]stream{docs(), support(), engineering(), growth(), shared()} {
		all = append(all, part...)
	}
	return all
}

// docs is search in the product's documentation: chat through the gateway for
// the public site, straight for the app, a small model that rewrites queries,
// and the embeddings of the index.
func docs() []stream {
	gateway := virtualKey{alias: "docs-api-prod", team: "search", group: "docs-chat", tagged: 850, caches: true}
	return []stream{
		{useCase: "doc-search", provider: "openai", project: "proj_docs_search", key: "key_docs_gateway",
			models: always("gpt-5.5"), perRequest: tokens{30000, 24000, 0, 0, 2200}, week: customers(),
			monthly: [months]int64{1250, 1350, 1450, 1550, 1640, 1700}, via: gateway},
		{useCase: "doc-search", provider: "openai", project: "proj_docs_search", key: "key_docs_app",
			models: always("gpt-5.5"), perRequest: tokens{9000, 6000, 0, 0, 900}, week: customers(),
			monthly: [months]int64{1950, 2080, 2150, 2230, 2270, 2250}},
		{useCase: "doc-search", provider: "openai", project: "proj_docs_search", key: "key_docs_app",
			models: always("gpt-5.4-mini"), perRequest: tokens{3000, 1000, 0, 0, 250}, week: customers(),
			monthly: [months]int64{750, 770, 800, 820, 840, 900}},
		{useCase: "search-index", provider: "openai", project: "proj_search_index", key: "key_indexer",
			models: always("text-embedding-3-large"), perRequest: tokens{7500}, week: steady(),
			monthly: [months]int64{1080, 1210, 1360, 1490, 1610, 1750}},
	}
}

// support answers customers' tickets before a person sees them. It is moving
// from OpenAI to Anthropic, and a part of it through the gateway.
func support() []stream {
	gateway := virtualKey{alias: "helpdesk-bot", team: "support", group: "helpdesk-fast", tagged: 1000}
	return []stream{
		{useCase: "cs-deflect", provider: "openai", project: "proj_helpdesk", key: "key_helpdesk_bot",
			models: always("gpt-5.4-mini"), perRequest: tokens{9000, 14000, 0, 0, 900}, week: customers(),
			monthly: [months]int64{3050, 3200, 3250, 3200, 3000, 2800}},
		{useCase: "cs-deflect", provider: "openai", project: "proj_helpdesk", key: "key_helpdesk_bot",
			models: always("text-embedding-3-large"), perRequest: tokens{4000}, week: customers(),
			monthly: [months]int64{170, 190, 220, 240, 250, 250}},
		{useCase: "cs-deflect", provider: "anthropic", project: "wrkspc_01Helpdesk", key: "apikey_01HelpdeskBot",
			models: always("claude-haiku-4-5"), perRequest: tokens{6000, 12000, 1500, 0, 700}, week: customers(),
			monthly: [months]int64{80, 210, 430, 680, 930, 1190}},
		{useCase: "cs-deflect", provider: "anthropic", project: "wrkspc_01Helpdesk", key: "apikey_01HelpdeskGateway",
			models: always("claude-haiku-4-5"), perRequest: tokens{30000, 64000, 8000, 0, 3000}, week: customers(),
			monthly: [months]int64{20, 40, 70, 120, 170, 210}, via: gateway},
	}
}

// engineering reviews code, on pull requests through the gateway, without tags,
// and in CI past it; and it evaluates models, which no decision has used.
func engineering() []stream {
	reviewer := virtualKey{alias: "code-review-bot", team: "platform", group: "review", people: true}
	sonnet := []era{{"2026-01-01", "claude-sonnet-4-6"}, {"2026-07-01", "claude-sonnet-5"}, {"2026-10-01", "claude-sonnet-5-5"}}
	return []stream{
		{useCase: "code-review", provider: "anthropic", project: "wrkspc_01EngTools", key: "apikey_01ReviewBot",
			models: sonnet, perRequest: tokens{35000, 68000, 10000, 0, 6000}, week: office(),
			monthly: [months]int64{1100, 1300, 1540, 1840, 2210, 2600}, via: reviewer},
		{useCase: "code-review", provider: "anthropic", project: "wrkspc_01EngTools", key: "apikey_01ReviewCI",
			models: sonnet, perRequest: tokens{20000, 40000, 8000, 0, 3000}, week: office(),
			monthly: [months]int64{400, 500, 610, 760, 940, 1100}},
		{useCase: "model-evals", provider: "openai", project: "proj_model_evals", key: "key_evals",
			models: always("gpt-5.4"), perRequest: tokens{5000, 0, 0, 0, 1500}, week: office(),
			monthly: [months]int64{430, 440, 450, 460, 470, 480}},
		{useCase: "model-evals", provider: "anthropic", project: "wrkspc_01ModelEvals", key: "apikey_01Evals",
			models: []era{{"2026-01-01", "claude-opus-4-7"}, {"2026-06-01", "claude-opus-4-8"},
				{"2026-08-01", "claude-opus-5"}, {"2026-09-24", "claude-opus-5-5"}},
			perRequest: tokens{5000, 3000, 1000, 0, 1800}, week: office(), batch: true,
			monthly: [months]int64{150, 200, 250, 300, 340, 370}},
	}
}

// growth sells. Meeting notes went from a few customers to all of them on the
// first of October and cost 2.3 times as much. Lead scoring and the voice
// agent are pilots; nobody said how to tell whether lead scoring works.
func growth() []stream {
	gateway := virtualKey{alias: "crm-emailer", team: "growth", group: "email-writer", tagged: 600}
	return []stream{
		{useCase: "meeting-notes", provider: "openai", project: "proj_meeting_notes", key: "key_meeting_notes",
			models: always("gpt-5.4"), perRequest: tokens{18000, 2000, 0, 0, 1800}, week: office(),
			monthly: [months]int64{900, 1000, 1120, 1250, 1391, 3200}},
		{useCase: "lead-scoring", provider: "anthropic", project: "wrkspc_01GrowthLab", key: "apikey_01LeadScoring",
			models:     []era{{"2026-07-01", "claude-opus-4-8"}, {"2026-08-01", "claude-opus-5"}},
			perRequest: tokens{9000, 3000, 0, 1500, 1200}, searching: 4, week: office(),
			monthly: [months]int64{0, 0, 300, 600, 900, 1160}},
		{useCase: "sales-email", provider: "openai", project: "proj_crm", key: "key_crm_gateway",
			models: always("gpt-5.2"), perRequest: tokens{24000, 12000, 0, 0, 4500}, week: office(),
			monthly: [months]int64{250, 260, 270, 280, 290, 300}, via: gateway},
		{useCase: "sales-email", provider: "openai", project: "proj_crm", key: "key_crm_nightly",
			models: always("gpt-5.2"), perRequest: tokens{4000, 2000, 0, 0, 800}, week: steady(),
			monthly: [months]int64{600, 610, 620, 630, 640, 650}},
		{useCase: "voice-agent", provider: "openai", project: "proj_default", key: "key_voice_pilot",
			models: always("gpt-5.4-mini"), perRequest: tokens{2500, 4000, 0, 0, 400}, week: customers(),
			monthly: [months]int64{0, 0, 0, 200, 400, 560}},
	}
}

// shared is what no single use case owns: guardrails and routing for all of
// them, and two streams that no rule of aifinops.yaml knows.
func shared() []stream {
	return []stream{
		{useCase: "platform", provider: "openai", project: "proj_platform", key: "key_platform",
			models: always("gpt-5.4-nano"), perRequest: tokens{6000, 2000, 0, 0, 200}, week: customers(),
			monthly: [months]int64{360, 380, 400, 420, 440, 450}},
		// Untidy: a key in the default project that nobody has claimed.
		{provider: "openai", project: "proj_default", key: "key_q7Zx41bN",
			models: always("gpt-5.4"), perRequest: tokens{12000, 0, 0, 0, 2500}, week: office(),
			monthly: [months]int64{350, 440, 550, 680, 820, 980}},
		// Untidy: a project that somebody made in the console.
		{provider: "openai", project: "proj_t5Wk0VhRk3", key: "key_Xb2mP8sD",
			models: always("gpt-5.4-mini"), perRequest: tokens{11000, 1000, 0, 0, 1600}, week: office(),
			monthly: [months]int64{400, 500, 620, 760, 910, 1080}},
	}
}
