package pricing

import (
	"fmt"
	"maps"
	"slices"
)

// spellings is the tier of each way to write one. A tier's own name means it, unless the file says otherwise.
func (f *file) spellings() (map[string]string, error) {
	all := map[string]string{}
	for _, tier := range slices.Sorted(maps.Keys(f.Tiers)) {
		for _, raw := range f.Tiers[tier] {
			if other, twice := all[normal(raw)]; twice && other != tier {
				return nil, fmt.Errorf("tier %q means both %s and %s", raw, other, tier)
			}
			all[normal(raw)] = tier
		}
	}
	for _, tier := range slices.Sorted(maps.Keys(f.Tiers)) {
		if _, said := all[normal(tier)]; !said {
			all[normal(tier)] = tier
		}
	}
	return all, nil
}

// mergeTiers is the tiers of two files: what the one before spells is no other tier of the one behind.
func (f *file) mergeTiers(over *file) (map[string][]string, error) {
	said, err := over.spellings()
	if err != nil {
		return nil, err
	}
	merged := maps.Clone(over.Tiers)
	if merged == nil {
		merged = map[string][]string{}
	}
	for tier, raw := range f.Tiers {
		kept := slices.DeleteFunc(slices.Clone(raw), func(r string) bool {
			other, ok := said[normal(r)]
			return ok && other != tier
		})
		merged[tier] = union(kept, over.Tiers[tier])
	}
	return merged, nil
}

// spellings is those of all files that list a provider, which must agree: the ledger's tier is known before the file of its model.
func spellings(provider string, files []*file) (map[string]string, error) {
	all, from := map[string]string{}, map[string]*file{}
	for _, f := range files {
		own, err := f.spellings()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Provider, err)
		}
		for _, raw := range slices.Sorted(maps.Keys(own)) {
			if other, said := all[raw]; said && other != own[raw] {
				return nil, fmt.Errorf("tier %q of %s means %s in %s and %s in %s: spell it the same in both", raw, provider, other, from[raw].Provider, own[raw], f.Provider)
			}
			all[raw], from[raw] = own[raw], f
		}
	}
	return all, nil
}
