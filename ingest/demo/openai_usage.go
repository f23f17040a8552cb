package demo

// An openAICompletion is one row of usage/completions, grouped by project_id,
// api_key_id, model, batch and service_tier. Input includes cached input; the
// text fields are the same tokens again, by modality.
type openAICompletion struct {
	Object           string  `json:"object"`
	Input            int64   `json:"input_tokens"`
	InputCached      int64   `json:"input_cached_tokens"`
	InputCacheWrite  int64   `json:"input_cache_write_tokens"`
	InputUncached    int64   `json:"input_uncached_tokens"`
	Output           int64   `json:"output_tokens"`
	InputText        int64   `json:"input_text_tokens"`
	OutputText       int64   `json:"output_text_tokens"`
	InputCachedText  int64   `json:"input_cached_text_tokens"`
	InputAudio       int64   `json:"input_audio_tokens"`
	InputCachedAudio int64   `json:"input_cached_audio_tokens"`
	OutputAudio      int64   `json:"output_audio_tokens"`
	InputImage       int64   `json:"input_image_tokens"`
	InputCachedImage int64   `json:"input_cached_image_tokens"`
	OutputImage      int64   `json:"output_image_tokens"`
	NumModelRequests int64   `json:"num_model_requests"`
	ProjectID        string  `json:"project_id"`
	UserID           *string `json:"user_id"`
	APIKeyID         string  `json:"api_key_id"`
	Model            string  `json:"model"`
	Batch            bool    `json:"batch"`
	ServiceTier      string  `json:"service_tier"`
}

type openAIEmbedding struct {
	Object           string  `json:"object"`
	Input            int64   `json:"input_tokens"`
	NumModelRequests int64   `json:"num_model_requests"`
	ProjectID        string  `json:"project_id"`
	UserID           *string `json:"user_id"`
	APIKeyID         string  `json:"api_key_id"`
	Model            string  `json:"model"`
}

// completions and embeddings need no grouping: no two streams have the same
// key and model.

func completions(facts []fact) []openAICompletion {
	results := []openAICompletion{}
	for _, f := range facts {
		if f.tokens[output] == 0 {
			continue
		}
		results = append(results, openAICompletion{
			Object:           "organization.usage.completions.result",
			Input:            f.tokens[uncached] + f.tokens[cacheRead],
			InputCached:      f.tokens[cacheRead],
			InputUncached:    f.tokens[uncached],
			Output:           f.tokens[output],
			InputText:        f.tokens[uncached],
			OutputText:       f.tokens[output],
			InputCachedText:  f.tokens[cacheRead],
			NumModelRequests: f.requests,
			ProjectID:        f.project,
			APIKeyID:         f.key,
			Model:            openAIName(f.model),
			ServiceTier:      "default",
		})
	}
	return results
}

func embeddings(facts []fact) []openAIEmbedding {
	results := []openAIEmbedding{}
	for _, f := range facts {
		if f.tokens[output] > 0 {
			continue
		}
		results = append(results, openAIEmbedding{
			Object:           "organization.usage.embeddings.result",
			Input:            f.tokens[uncached],
			NumModelRequests: f.requests,
			ProjectID:        f.project,
			APIKeyID:         f.key,
			Model:            f.model,
		})
	}
	return results
}
