package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Keep says what of a bill that holds more than AI is booked: fields, each with the globs of which its text must match one.
// Of a provider that an entry names, rows that no entry describes are counted, and left out.
type Keep map[string]Choices

// ofAI is the category that stands for everything which a source, or FOCUS, knows as AI.
const ofAI = "ai"

// keepFields is the fields of an entry, as in the rules, and where they are to be found.
func keepFields() map[string][]string {
	return map[string][]string{
		"provider": {"ProviderName"}, "account": {"BillingAccountId", "BillingAccountName"}, "project": {"SubAccountId", "SubAccountName"},
		"service": {"ServiceName"}, "category": {"x_Category", "ServiceCategory"}, "model": {"x_Model"}, "resource": {"ResourceId", "ResourceName"},
		"sku": {"SkuId"}, "description": {"ChargeDescription"}, "region": {"RegionId"}, "charge_category": {"ChargeCategory"},
	}
}

// Known is the fields that an entry may name.
func (Keep) Known() []string { return append(slices.Sorted(maps.Keys(keepFields())), "tag.NAME") }

// Check says which field is unknown, or has no value.
func (k Keep) Check() error {
	for _, field := range slices.Sorted(maps.Keys(k)) {
		tag, isTag := strings.CutPrefix(field, "tag.")
		if _, ok := keepFields()[field]; !ok && (!isTag || tag == "") {
			return fmt.Errorf("no field %q; the fields are %s, tag.NAME", field, strings.Join(slices.Sorted(maps.Keys(keepFields())), ", "))
		}
		if len(k[field]) == 0 || slices.Contains(k[field], "") {
			return fmt.Errorf("%s has an empty value, which nothing matches", field)
		}
		if i := slices.IndexFunc(k[field], func(v string) bool { return len(v) > 1 && strings.HasPrefix(v, "/") && strings.HasSuffix(v, "/") }); i >= 0 {
			return fmt.Errorf("%s: %s is a regular expression; here a text or a glob such as ml-* stands", field, k[field][i])
		}
	}
	if len(k) == 0 {
		return fmt.Errorf("an entry that names nothing would keep everything; leave ai_spend out for that")
	}
	return nil
}

// predicate is true of the mapped rows that an entry describes.
func (k Keep) predicate(m mapping) string {
	var all []string
	for _, field := range slices.Sorted(maps.Keys(k)) {
		all = append(all, m.matches(field, k[field]))
	}
	return "(" + strings.Join(all, " AND ") + ")"
}

// matches is true of the mapped rows of which a field has one of the values.
func (m mapping) matches(field string, values Choices) string {
	globs := make([]string, len(values))
	for i, v := range values {
		globs[i] = quote(strings.ToLower(strings.TrimSpace(v)))
	}
	list := "[" + strings.Join(globs, ", ") + "]"
	if tag, ok := strings.CutPrefix(field, "tag."); ok {
		return fmt.Sprintf("coalesce(is_one_of(element_at(as_tags(%s), tag_name(%s))[1], %s), false)", m.expression("Tags"), quote(tag), list)
	}
	var either []string
	if field == "category" && slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(strings.TrimSpace(v), ofAI) }) {
		either = append(either, m.isAI())
	}
	for _, c := range keepFields()[field] {
		if m.expression(c) != "NULL" {
			either = append(either, fmt.Sprintf("coalesce(is_one_of(%s, %s), false)", m.expression(c), list))
		}
	}
	if either == nil {
		return "false"
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// isAI is true of the mapped rows that the source, or FOCUS, knows as AI.
func (m mapping) isAI() string {
	return "(" + m.expression("x_Category") + " IS NOT NULL OR coalesce(" + m.expression("ServiceCategory") + " = 'AI and Machine Learning', false))"
}

// keeps is true of the mapped rows that are booked, and not left out.
func (m mapping) keeps(entries []Keep) string {
	if len(entries) == 0 || m.source.Role != Billing {
		return "true"
	}
	var wanted []string
	for _, k := range entries {
		wanted = append(wanted, k.predicate(m))
	}
	return "(NOT " + m.named(entries) + " OR " + strings.Join(wanted, " OR ") + ")"
}

// named is true of the mapped rows of which some entry speaks.
func (m mapping) named(entries []Keep) string {
	named := []string{"false"}
	for _, k := range entries {
		named = append(named, k.names(m))
	}
	return "(" + strings.Join(named, " OR ") + ")"
}

// names is true of the mapped rows of which an entry names the provider; without one it speaks of all.
func (k Keep) names(m mapping) string {
	if len(k["provider"]) == 0 {
		return "true"
	}
	return m.matches("provider", k["provider"])
}

// countLeftOut notes what of the file is left out, and what of a bill for more than AI is booked though nothing says that it is AI.
func (b *booking) countLeftOut(ctx context.Context) error {
	if b.m.source.Role != Billing {
		return nil
	}
	of := "FROM mapped WHERE " + b.good() + " AND NOT x_Kept"
	sums := `SELECT ` + b.m.expression("BillingCurrency") + ` AS currency, sum(BilledCost)::DECIMAL(38,12)::VARCHAR `
	if err := b.tx.QueryRowContext(ctx, "SELECT count(DISTINCT record) "+of+" AND record NOT IN (SELECT record FROM mapped WHERE x_Kept)").Scan(&b.receipt.LeftOut); err != nil {
		return err
	}
	var err error
	if b.receipt.LeftOutDollars, err = amounts(ctx, b.tx, sums+of+" GROUP BY ALL ORDER BY ALL"); err != nil || !b.m.source.Mixed {
		return err
	}
	if err := b.findIdle(ctx); err != nil {
		return err
	}
	b.receipt.OtherDollars, err = amounts(ctx, b.tx, sums+"FROM mapped WHERE "+b.kept()+" AND NOT "+b.m.isAI()+" AND NOT "+b.m.named(b.opts.keep)+" GROUP BY ALL HAVING sum(BilledCost) <> 0 ORDER BY ALL")
	return err
}

// findIdle notes which entries of ai_spend take some of the file, and which speak of its provider and take nothing.
func (b *booking) findIdle(ctx context.Context) error {
	for i, k := range b.opts.keep {
		var named, taken bool
		err := b.tx.QueryRowContext(ctx, fmt.Sprintf("SELECT coalesce(bool_or(%s), false), coalesce(bool_or(%s), false) FROM mapped WHERE %s", k.names(b.m), k.predicate(b.m), b.good())).Scan(&named, &taken)
		switch {
		case err != nil:
			return err
		case taken:
			b.receipt.Taking = append(b.receipt.Taking, i+1)
		case named:
			b.receipt.Idle = append(b.receipt.Idle, i+1)
		}
	}
	return nil
}

// insertLeftOut writes what was left out by provider, account and month, in the place of what older files said of the same: as replaceOlder
// does with facts. Records with an id have none here, and so nothing takes their place.
func (b *booking) insertLeftOut(ctx context.Context) error {
	if b.m.source.Role != Billing {
		return nil
	}
	same := "f.source = getvariable('file_source') AND c.account IS NOT DISTINCT FROM l.BillingAccountId AND c.scope IS NOT DISTINCT FROM l.x_Scope"
	if b.opts.replace {
		same = "(" + same + " OR c.account IS NULL OR l.BillingAccountId IS NULL OR c.account = l.BillingAccountId)"
	}
	if b.opts.part && !b.opts.replace {
		same += " AND f.path = " + quote(b.receipt.File)
	}
	if len(b.m.source.ID) > 0 {
		same = "false"
	}
	return b.exec(ctx,
		`DELETE FROM file_left_out l USING files f WHERE f.x_File = l.x_File AND EXISTS (FROM coverage c
			WHERE c.ProviderName IS NOT DISTINCT FROM l.ProviderName AND l.period_start >= c.first AND l.period_start < c.last AND `+same+`)
			AND NOT list_contains(getvariable('file_parts'), l.x_File) AND l.x_File NOT IN (`+newer+`)`,
		fmt.Sprintf(`INSERT INTO file_left_out SELECT %d, %s, %s, %s, min(ChargePeriodStart), max(%s), %s, count(*), sum(BilledCost)
			FROM mapped WHERE %s AND NOT x_Kept GROUP BY %[2]s, %[3]s, %[4]s, date_trunc('month', ChargePeriodStart), %[6]s`,
			b.file, b.m.expression("ProviderName"), b.m.expression("BillingAccountId"), b.m.scope(b.m.expression), b.m.expression("ChargePeriodEnd"),
			b.m.expression("BillingCurrency"), b.good()))
}
