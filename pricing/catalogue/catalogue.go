// Package catalogue reads public price catalogues into offers that the price book can be held against.
//
// It reads two: litellm's model_prices_and_context_window.json, and data.json of genai-prices in its version 2. Which one a
// file is, it sees from its content. What it reads is other people's: numbers are taken from their text and never pass
// through a float, a file that is cut, too large or no price list is refused with its place, and everything that carries
// money and has no place in the book is told as a field of the model, so that nothing is dropped in silence.
//
// litellm has one object a model, priced by the token. The suffix of a field says the tier (_priority, _flex, _batches) and
// the length of the prompt (_above_272k_tokens); _above_1hr is neither, but the time that a cache lives. A multiplier under
// provider_specific_entry is the tier fast, or a region. An absent price is written 0 there where a kind of model has none.
//
// genai-prices has a list of providers, priced by the million; a price may have tiers by the length of the prompt, and hold
// from a day, or at some hours. Its first version is frozen, and announces a rise that was cancelled: it is refused.
package catalogue

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/aifinops/aifinops/pricing"
)

// maxSize bounds a catalogue: the largest known has 3 MB.
const maxSize = 64 << 20

// The formats.
const (
	LiteLLM     = "litellm"
	GenaiPrices = "genai-prices"
)

// Formats is the names of what can be read.
func Formats() []string { return []string{LiteLLM, GenaiPrices} }

// A Catalogue is what a file says that models cost.
type Catalogue struct {
	Format string
	Sum    string // SHA-256 of the file, in hex
	Models int    // how many it lists
	Offers []pricing.Offer
}

// ErrUnknown is the error of a file that is none of the catalogues.
var ErrUnknown = errors.New("is neither a catalogue of litellm (an object of models with litellm_provider) nor of genai-prices (a list of providers with models)")

// Open reads a catalogue from a file. The format may be empty: then the content says it.
func Open(file, format string) (Catalogue, error) {
	text, err := Read(file)
	if err != nil {
		return Catalogue{}, err
	}
	return Parse(file, text, format)
}

// Read reads as much of a file as a catalogue may have, and a byte that tells of more.
func Read(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSize+1))
}

// Parse reads the text of a file.
func Parse(file string, text []byte, format string) (Catalogue, error) {
	if len(text) > maxSize {
		return Catalogue{}, fmt.Errorf("%s: is larger than %d MB; is it a price catalogue?", file, maxSize>>20)
	}
	sum := sha256.Sum256(text)
	c := Catalogue{Format: format, Sum: hex.EncodeToString(sum[:])}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	seen, err := recognise(text)
	if err == nil && format != "" && seen != format {
		err = fmt.Errorf("is a catalogue of %s, not of %s", seen, format)
	}
	if err != nil {
		return c, placed(file, err)
	}
	c.Format = seen
	switch seen {
	case LiteLLM:
		c.Offers, c.Models, err = litellm(text)
	case GenaiPrices:
		c.Offers, c.Models, err = genai(text)
	}
	if err == nil && c.Models == 0 {
		err = errors.New("lists no model")
	}
	return c, placed(file, err)
}

// recognise sees which catalogue a text is from what its first entries have.
func recognise(text []byte) (string, error) {
	switch first := bytes.TrimLeft(text, " \t\r\n"); {
	case len(first) == 0:
		return "", errors.New("is empty")
	case first[0] == '{':
		return recogniseObject(text)
	case first[0] == '[':
		elements, err := list(text, 1)
		if err != nil {
			return "", err
		}
		for _, e := range elements {
			fields, err := object(e.value, e.line)
			if err != nil || !has(fields, "id") || !has(fields, "models") {
				return "", &placeError{e.line, ErrUnknown.Error()}
			}
		}
		if len(elements) > 0 {
			return GenaiPrices, nil
		}
	}
	return "", ErrUnknown
}

func recogniseObject(text []byte) (string, error) {
	models, err := object(text, 1)
	if err != nil {
		return "", err
	}
	if has(models, "providers") && has(models, "units") {
		return "", errors.New("is a catalogue of genai-prices in a version after 2, which this program does not read")
	}
	for _, m := range models {
		if fields, err := object(m.value, m.line); err == nil && has(fields, "litellm_provider") {
			return LiteLLM, nil
		}
	}
	return "", ErrUnknown
}

func has(fields []member, name string) bool {
	return slices.ContainsFunc(fields, func(m member) bool { return m.name == name })
}

// carriesMoney says whether a key looks like that of a price.
func carriesMoney(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc([]string{"cost", "price", "pricing", "multiplier"}, func(word string) bool { return strings.Contains(key, word) })
}
