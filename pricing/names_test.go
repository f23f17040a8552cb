package pricing_test

import "strings"

// namesTable is provider, name, and the row with the way to it.
func namesTable() (lines [][3]string) {
	for line := range strings.Lines(known) {
		if f := strings.Fields(line); len(f) >= 4 && f[0] != "#" {
			lines = append(lines, [3]string{f[0], f[1], f[2] + " by " + strings.Join(f[3:], " ")})
		}
	}
	return lines
}

// strangers is provider and name.
func strangers() (lines [][2]string) {
	for line := range strings.Lines(unknown) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] != "#" {
			lines = append(lines, [2]string{f[0], f[1]})
		}
	}
	return lines
}

const known = `
# OpenAI: ids, aliases, snapshots
openai gpt-6-astra                        openai/gpt-6-astra id
openai gpt-6-astra-2026-09-03             openai/gpt-6-astra snapshot
openai gpt-6-astra-20260903               openai/gpt-6-astra snapshot
openai gpt-6.1-sol                        openai/gpt-6.1-sol id
openai gpt-6.1-sol-2026-09-29             openai/gpt-6.1-sol snapshot
openai gpt-6.1-terra                      openai/gpt-6.1-terra id
openai gpt-6-sol                          openai/gpt-6-sol id
openai gpt-6-luna                         openai/gpt-6-luna id
openai gpt-5.6                            openai/gpt-5.6-sol name
openai gpt-5.6-sol                        openai/gpt-5.6-sol id
openai gpt-5.6-luna-2026-06-26            openai/gpt-5.6-luna snapshot
openai gpt-5.6-terra                      openai/gpt-5.6-terra id
openai gpt-5.5                            openai/gpt-5.5 id
openai gpt-5.5-2026-04-23                 openai/gpt-5.5 name
openai gpt-5.5-chat-latest                openai/gpt-5.5 name
openai gpt-5.5-pro-2026-04-23             openai/gpt-5.5-pro name
openai gpt-5.4                            openai/gpt-5.4 id
openai gpt-5.4-mini-2026-03-17            openai/gpt-5.4-mini name
openai gpt-5.4-nano                       openai/gpt-5.4-nano id
openai gpt-5.3-codex                      openai/gpt-5.3-codex id
openai gpt-5.2-2025-12-11                 openai/gpt-5.2 name
openai gpt-5.2-codex                      openai/gpt-5.2 name
openai gpt-5.2-pro                        openai/gpt-5.2-pro id
openai gpt-5.1-codex-max                  openai/gpt-5.1 name
openai gpt-5                              openai/gpt-5 id
openai gpt-5-2025-08-07                   openai/gpt-5 name
openai gpt-5-chat-latest                  openai/gpt-5 name
openai gpt-5-codex                        openai/gpt-5 name
openai gpt-5-mini-2025-08-07              openai/gpt-5-mini name
openai gpt-5-nano                         openai/gpt-5-nano id
openai gpt-5-pro-2025-10-06               openai/gpt-5-pro name
openai gpt-4.1-2025-04-14                 openai/gpt-4.1 name
openai gpt-4.1-mini                       openai/gpt-4.1-mini id
openai gpt-4.1-nano-2025-04-14            openai/gpt-4.1-nano name
openai gpt-4o                             openai/gpt-4o id
openai gpt-4o-2024-08-06                  openai/gpt-4o name
openai gpt-4o-2024-11-20                  openai/gpt-4o name
# the exact entry wins over the alias: it has a price of its own
openai gpt-4o-2024-05-13                  openai/gpt-4o-2024-05-13 id
openai gpt-4o-mini-2024-07-18             openai/gpt-4o-mini name
openai o1-2024-12-17                      openai/o1 name
openai o1-pro                             openai/o1-pro id
openai o1-mini-2024-09-12                 openai/o1-mini name
openai o1-preview                         openai/o1-preview id
openai o3                                 openai/o3 id
openai o3-2025-04-16                      openai/o3 name
openai o3-mini-2025-01-31                 openai/o3-mini name
openai o3-pro                             openai/o3-pro id
openai o4-mini-2025-04-16                 openai/o4-mini name
openai gpt-4                              openai/gpt-4-0613 name
openai gpt-4-0613                         openai/gpt-4-0613 id
openai gpt-4-turbo                        openai/gpt-4-turbo-2024-04-09 name
openai gpt-4.5-preview-2025-02-27         openai/gpt-4.5-preview name
openai gpt-3.5-turbo                      openai/gpt-3.5-turbo id
openai gpt-3.5-turbo-1106                 openai/gpt-3.5-turbo-1106 id
openai gpt-3.5-turbo-0125                 openai/gpt-3.5-turbo-0125 id
openai gpt-3.5-turbo-instruct             openai/gpt-3.5-turbo-instruct id
openai davinci-002                        openai/davinci-002 id
openai text-embedding-3-small             openai/text-embedding-3-small id
openai text-embedding-3-large             openai/text-embedding-3-large id
openai text-embedding-ada-002-v2          openai/text-embedding-ada-002 name
openai gpt-4o-search-preview-2025-03-11   openai/gpt-4o-search-preview name
openai gpt-4o-audio-preview-2024-12-17    openai/gpt-4o-audio-preview snapshot
openai gpt-4o-transcribe-diarize          openai/gpt-4o-transcribe name
openai gpt-4o-mini-transcribe             openai/gpt-4o-mini-transcribe id
openai whisper-1                          openai/whisper-1 id
openai gpt-realtime                       openai/gpt-realtime id
openai gpt-realtime-2025-08-28            openai/gpt-realtime snapshot
openai gpt-realtime-mini                  openai/gpt-realtime-mini id
openai gpt-realtime-2.1-mini              openai/gpt-realtime-2.1-mini id
openai gpt-audio-1.5                      openai/gpt-audio-1.5 id
openai gpt-image-1                        openai/gpt-image-1 id
openai gpt-image-1.5                      openai/gpt-image-1.5 id
openai.chat gpt-5.5                       openai/gpt-5.5 id
# fine-tunes have prices of their own
openai ft:gpt-4o-2024-08-06:acme:support:AbC12345               openai/ft:gpt-4o-2024-08-06 fine-tune
openai ft:gpt-4o-mini-2024-07-18:acme::xyz                      openai/ft:gpt-4o-mini-2024-07-18 fine-tune
openai ft:gpt-4.1-nano-2025-04-14:acme:tag:Bxx:ckpt-step-100    openai/ft:gpt-4.1-nano-2025-04-14 fine-tune
openai ft:gpt-3.5-turbo-0125:acme::9abc                         openai/ft:gpt-3.5-turbo fine-tune
openai ft:gpt-3.5-turbo-1106                                    openai/ft:gpt-3.5-turbo name
openai ft:o4-mini-2025-04-16:acme:rl:1                          openai/ft:o4-mini-2025-04-16 fine-tune
openai ft:babbage-002:acme::1                                   openai/ft:babbage-002 fine-tune
openai openai/ft:gpt-4.1-2025-04-14:acme:x:y                    openai/ft:gpt-4.1-2025-04-14 prefix, fine-tune
# LiteLLM and OpenRouter write the provider before the name
openai openai/gpt-4o                      openai/gpt-4o prefix, id
openai openai/gpt-5.5-2026-04-23          openai/gpt-5.5 prefix, name
openai openai/gpt-6-luna-2026-09-22       openai/gpt-6-luna prefix, snapshot
openai text-completion-openai/gpt-3.5-turbo-instruct            openai/gpt-3.5-turbo-instruct prefix, id
anthropic anthropic/claude-opus-5         anthropic/claude-opus-5 prefix, id
anthropic anthropic/claude-sonnet-4.6     anthropic/claude-sonnet-4-6 prefix, name
anthropic anthropic/claude-3.7-sonnet     anthropic/claude-3-7-sonnet prefix, name
anthropic anthropic/claude-sonnet-4-5[1m] anthropic/claude-sonnet-4-5 prefix, id
# Anthropic
anthropic claude-fable-5-1                anthropic/claude-fable-5-1 id
anthropic claude-fable-5                  anthropic/claude-fable-5 id
anthropic claude-mythos-5                 anthropic/claude-mythos-5 id
anthropic claude-opus-5-5                 anthropic/claude-opus-5-5 id
anthropic claude-opus-5                   anthropic/claude-opus-5 id
anthropic claude-opus-4-8                 anthropic/claude-opus-4-8 id
anthropic claude-opus-4.8                 anthropic/claude-opus-4-8 name
anthropic claude-opus-4-6[1m]             anthropic/claude-opus-4-6 suffix, id
anthropic claude-opus-4-5-20251101        anthropic/claude-opus-4-5 name
anthropic claude-opus-4-5@20251101        anthropic/claude-opus-4-5 name
anthropic claude-opus-4-1-20250805        anthropic/claude-opus-4-1 name
anthropic claude-opus-4-1                 anthropic/claude-opus-4-1 id
anthropic claude-opus-4-20250514          anthropic/claude-opus-4 name
anthropic claude-opus-4-0                 anthropic/claude-opus-4 name
anthropic claude-4-opus-20250514          anthropic/claude-opus-4 name
anthropic claude-sonnet-5-5               anthropic/claude-sonnet-5-5 id
anthropic claude-sonnet-5                 anthropic/claude-sonnet-5 id
anthropic claude-sonnet-4-6               anthropic/claude-sonnet-4-6 id
anthropic claude-sonnet-4-5-20250929      anthropic/claude-sonnet-4-5 name
anthropic claude-sonnet-4-5-20250929[1m]  anthropic/claude-sonnet-4-5 suffix, name
anthropic claude-sonnet-4-20250514        anthropic/claude-sonnet-4 name
anthropic claude-sonnet-4                 anthropic/claude-sonnet-4 id
anthropic claude-3-7-sonnet-latest        anthropic/claude-3-7-sonnet name
anthropic claude-3-5-sonnet-20241022      anthropic/claude-3-5-sonnet name
anthropic claude-3-5-sonnet-20240620      anthropic/claude-3-5-sonnet name
anthropic claude-haiku-5-5                anthropic/claude-haiku-5-5 id
anthropic claude-haiku-4-5-20251001       anthropic/claude-haiku-4-5 name
anthropic claude-haiku-4-5                anthropic/claude-haiku-4-5 id
anthropic claude-3-5-haiku-20241022       anthropic/claude-3-5-haiku name
anthropic claude-3-opus                   anthropic/claude-3-opus id
anthropic claude-3-opus-20240229          anthropic/claude-3-opus name
anthropic claude-3-haiku-20240307         anthropic/claude-3-haiku name
anthropic claude-3-sonnet                 anthropic/claude-3-sonnet id
# Google AI
google gemini-3.8-flash                   google/gemini-3.8-flash id
google gemini-3.8-flash-001               google/gemini-3.8-flash pattern
google gemini-3.5-flash-lite-preview-06-17                      google/gemini-3.5-flash-lite pattern
google gemini-2.5-pro                     google/gemini-2.5-pro id
google gemini-2.5-pro-preview-05-06       google/gemini-2.5-pro pattern
google gemini-2.5-pro-preview             google/gemini-2.5-pro pattern
google gemini-2.5-flash                   google/gemini-2.5-flash id
google gemini-2.5-flash-lite              google/gemini-2.5-flash-lite id
google gemini-2.5-flash-preview-09-2025   google/gemini-2.5-flash pattern
google gemini-2.5-flash-lite-preview-09-2025                    google/gemini-2.5-flash-lite pattern
google gemini-2.5-flash-image             google/gemini-2.5-flash-image id
google gemini-2.0-flash-001               google/gemini-2.0-flash pattern
google gemini-2.0-flash-lite-001          google/gemini-2.0-flash-lite pattern
google gemini-1.5-pro-002                 google/gemini-1.5-pro pattern
google gemini-1.5-flash-latest            google/gemini-1.5-flash pattern
google gemini-3-pro-preview               google/gemini-3-pro-preview id
google gemini-3-flash-preview             google/gemini-3-flash-preview id
google gemini-embedding-001               google/gemini-embedding-001 id
google models/gemini-2.5-flash            google/gemini-2.5-flash prefix, id
google gemini/gemini-2.5-flash-lite       google/gemini-2.5-flash-lite prefix, id
google google/gemini-3.5-flash            google/gemini-3.5-flash prefix, id
google publishers/google/models/gemini-2.5-flash                google/gemini-2.5-flash prefix, id
google projects/acme-1/locations/europe-central2/publishers/google/models/gemini-2.5-flash google/gemini-2.5-flash prefix, id
gemini gemini-3.1-pro-preview             google/gemini-3.1-pro-preview id
# Vertex AI; what the ledger calls google may be either
google vertex_ai/gemini-2.5-pro           google-vertex/gemini-2.5-pro prefix, id
google claude-sonnet-4-5@20250929         google-vertex/claude-sonnet-4-5 snapshot
google claude-opus-5                      google-vertex/claude-opus-5 id
google claude-opus-5@default              google-vertex/claude-opus-5 suffix, id
google vertex_ai/claude-haiku-4-5@20251001                      google-vertex/claude-haiku-4-5 prefix, snapshot
google vertex_ai/claude-sonnet-5@default  google-vertex/claude-sonnet-5 prefix, id
google publishers/anthropic/models/claude-sonnet-4-5@20250929   google-vertex/claude-sonnet-4-5 prefix, snapshot
google projects/p/locations/us-east5/publishers/anthropic/models/claude-opus-5 google-vertex/claude-opus-5 prefix, id
vertex_ai claude-sonnet-5                 google-vertex/claude-sonnet-5 id
# Amazon Bedrock: global. costs less than any other prefix, and than none
aws global.anthropic.claude-opus-5        aws-bedrock/global.anthropic.claude-opus-5 id
aws global.anthropic.claude-opus-5-v1:0   aws-bedrock/global.anthropic.claude-opus-5 pattern
aws us.anthropic.claude-opus-5            aws-bedrock/regional.anthropic.claude-opus-5 pattern
aws anthropic.claude-opus-5-v1            aws-bedrock/regional.anthropic.claude-opus-5 pattern
aws us.anthropic.claude-haiku-4-5-20251001-v1:0                 aws-bedrock/regional.anthropic.claude-haiku-4-5-20251001-v1:0 pattern
aws eu.anthropic.claude-opus-4-5-20251101-v1:0                  aws-bedrock/regional.anthropic.claude-opus-4-5-20251101-v1:0 pattern
aws global.anthropic.claude-sonnet-4-5-20250929-v1:0            aws-bedrock/global.anthropic.claude-sonnet-4-5-20250929-v1:0 id
aws jp.anthropic.claude-sonnet-4-5-20250929-v1:0                aws-bedrock/regional.anthropic.claude-sonnet-4-5-20250929-v1:0 pattern
aws us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0            aws-bedrock/us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0 id
aws anthropic.claude-3-7-sonnet-20250219-v1:0                   aws-bedrock/regional.anthropic.claude-3-7-sonnet-20250219-v1:0 pattern
aws apac.anthropic.claude-sonnet-4-20250514-v1:0                aws-bedrock/regional.anthropic.claude-sonnet-4-20250514-v1:0 pattern
aws us.anthropic.claude-sonnet-5-5        aws-bedrock/regional.anthropic.claude-sonnet-5-5 pattern
aws us.anthropic.claude-sonnet-4-6[1m]    aws-bedrock/regional.anthropic.claude-sonnet-4-6 suffix, pattern
aws bedrock/us.anthropic.claude-sonnet-4-6                      aws-bedrock/regional.anthropic.claude-sonnet-4-6 prefix, pattern
aws bedrock/us-east-1/anthropic.claude-3-5-haiku-20241022-v1:0  aws-bedrock/regional.anthropic.claude-3-5-haiku-20241022-v1:0 prefix, pattern
aws bedrock/converse/global.anthropic.claude-sonnet-5           aws-bedrock/global.anthropic.claude-sonnet-5 prefix, id
bedrock bedrock_mantle/openai.gpt-5.5     aws-bedrock/openai.gpt-5.5 prefix, id
aws arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0 aws-bedrock/regional.anthropic.claude-haiku-4-5-20251001-v1:0 prefix, pattern
aws arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0 aws-bedrock/regional.anthropic.claude-sonnet-4-5-20250929-v1:0 prefix, pattern
aws arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.anthropic.claude-opus-4-8 aws-bedrock/global.anthropic.claude-opus-4-8 prefix, id
aws arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0 aws-bedrock/us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0 prefix, id
aws meta.llama3-3-70b-instruct-v1:0       aws-bedrock/meta.llama3-3-70b-instruct-v1:0 id
aws us.meta.llama4-scout-17b-instruct-v1:0                      aws-bedrock/meta.llama4-scout-17b-instruct-v1:0 pattern
aws amazon.nova-pro-v1:0                  aws-bedrock/amazon.nova-pro-v1:0 id
aws eu.amazon.nova-micro-v1:0             aws-bedrock/amazon.nova-micro-v1:0 pattern
aws openai.gpt-oss-120b-1:0               aws-bedrock/openai.gpt-oss-120b-1:0 id
aws amazon.titan-embed-text-v2:0          aws-bedrock/amazon.titan-embed-text-v2:0 id
# Azure: azure/eu/ and azure/us/ are data zones, a tenth dearer
azure gpt-4o                              azure-openai/gpt-4o id
azure azure/gpt-4o                        azure-openai/gpt-4o prefix, id
azure azure/gpt-4o-2024-08-06             azure-openai/gpt-4o prefix, name
azure azure/gpt-4o-mini-2024-07-18        azure-openai/gpt-4o-mini prefix, snapshot
azure azure/eu/gpt-4o-2024-08-06          azure-openai/gpt-4o@data-zone prefix, name
azure azure/us/gpt-4.1-mini-2025-04-14    azure-openai/gpt-4.1-mini@data-zone prefix, snapshot
azure azure/global-standard/gpt-4o-mini   azure-openai/gpt-4o-mini prefix, id
azure azure/o4-mini-2025-04-16            azure-openai/o4-mini prefix, snapshot
azure-openai gpt-5.5-2026-04-23           azure-openai/gpt-5.5 snapshot
# the others
deepseek deepseek-chat                    deepseek/deepseek-chat id
deepseek deepseek/deepseek-reasoner       deepseek/deepseek-reasoner prefix, id
deepseek deepseek-v4-flash-0731           deepseek/deepseek-v4-flash name
deepseek deepseek-v4-pro                  deepseek/deepseek-v4-pro id
deepseek deepseek-flash                   deepseek/deepseek-flash id
xai grok-4.7                              xai/grok-4.7 id
xai grok-4.5-20260708                     xai/grok-4.5 pattern
xai xai/grok-4.6-latest                   xai/grok-4.6 prefix, pattern
xai x-ai/grok-4                           xai/grok-4 prefix, id
xai grok-4-0709                           xai/grok-4 name
x_ai grok-code-fast                       xai/grok-code-fast-1 name
mistral mistral-large-latest              mistral/mistral-large name
mistral mistral-medium-2508               mistral/mistral-medium-3 name
mistral mistral/mistral-small-2603        mistral/mistral-small-2603 prefix, id
mistral_ai magistral-medium-2509          mistral/magistral-medium pattern
mistral mistralai/pixtral-large-2411      mistral/pixtral-large prefix, pattern
mistral open-mistral-nemo                 mistral/mistral-nemo name
cohere command-a                          cohere/command-a-03-2025 name
cohere cohere/command-r-plus-08-2024      cohere/command-r-plus prefix, name
cohere_chat cohere_chat/command-a-03-2025 cohere/command-a-03-2025 prefix, id
cohere rerank-v3.5                        cohere/rerank-v3.5 id
voyage voyage-3.5-lite                    voyage/voyage-3.5-lite id
voyage voyage/voyage-code-3               voyage/voyage-code-3 prefix, id
voyage rerank-2.5                         voyage/rerank-2.5 id
groq llama-3.1-8b-instant                 groq/llama-3.1-8b-instant id
groq openai/gpt-oss-120b                  groq/openai/gpt-oss-120b id
groq groq/openai/gpt-oss-20b              groq/openai/gpt-oss-20b prefix, id
groq moonshotai/kimi-k2-instruct-0905     groq/moonshotai/kimi-k2-instruct name
together meta-llama/Llama-3.3-70B-Instruct-Turbo                together/meta-llama/Llama-3.3-70B-Instruct-Turbo id
together_ai together_ai/meta-llama/Llama-4-Scout-17B-16E-Instruct together/meta-llama/Llama-4-Scout-17B-16E-Instruct prefix, id
`

const unknown = `
# longer than a known name, or shorter
openai gpt-5.55
openai gpt-5.5-turbo
openai gpt-5.5-2026-04-23-x
openai gpt
openai gpt-4o-realtime-preview
openai o3-deep-research
openai gpt-4-1106-preview
openai gpt-3.5-turbo-16k
openai text-embedding-3
openai dall-e-3
openai chatgpt-4o-latest
# a snapshot where the book lists each, a date that is none
openai gpt-5.5-2026-05-01
openai gpt-6-sol-2026-13-45
openai gpt-6-sol-20261345
openai gpt-6-sol-latest
# a fine-tune of a base that has no such price, or none at all
openai ft:gpt-5.5:acme::1
openai ft:gpt-4o:acme::1
openai ft::acme
openai ft:
# another's prefix: who bills decides
openai azure/gpt-4o
openai anthropic/claude-opus-5
openai groq/openai/gpt-oss-120b
openai gpt-oss-120b
anthropic bedrock/us.anthropic.claude-opus-5
anthropic us.anthropic.claude-opus-5
anthropic gpt-5.5
openrouter openai/gpt-5.5
openrouter anthropic/claude-opus-5
modal claude-opus-5
# Anthropic
anthropic claude
anthropic claude-opus
anthropic claude-opus-5-20260724
anthropic claude-sonnet-5-5-latest
anthropic claude-instant
anthropic claude-2.1
anthropic claude-opus-5[2m]
anthropic <synthetic>
# genai-prices priced these as command-a
cohere command-a-plus
cohere command-a-reasoning-08-2025
cohere command-a-vision-07-2025
cohere command-a-translate-08-2025
# ten names in a row are none
google gemini-2.0-flash-litegemini-2.0-flashgemini-2.5-progpt-4o
google gemini-2.0-flash-exp
google gemini-2.5-flash-tts
google vertex_ai/gemini-2.5-flash
google vertex_ai/claude-3-opus@20240229
# Bedrock: what a name of one's own runs is known to the account alone
aws claude-opus-5
aws arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6
aws arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc123
aws anthropic.claude-opus-5-v1:0:200k
aws xx.anthropic.claude-opus-5
aws regional.anthropic.claude-opus-5x
# Azure: a deployment's name, and a snapshot that had another price
azure prod-chat
azure azure/prod-chat
azure azure/gpt-4o-2024-05-13
azure chatgpt-v-2
xai grok-4.20
xai grok-4.7-beta
mistral mistral-medium-2312
mistral mistral-small-latest
groq openai/gpt-oss-safeguard-20b
deepseek deepseek-v4
together llama-3.3-70b
voyage voyage-4-large-2
`
