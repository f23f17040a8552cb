package focus

import (
	"fmt"
	"slices"
	"strings"
)

// A kind is how a column is written.
type kind string

const (
	text    kind = "STRING"
	object  kind = "JSON"
	instant kind = "DATETIME"
	cost    kind = "DECIMAL" // exact: what adds up
	number  kind = "DOUBLE"  // of quantities and unit prices, which only have to multiply
	count   kind = "INTEGER"
)

// A column is one of an export.
type column struct {
	name       string
	kind       kind
	since      string // the version that brought it; empty: ours
	deprecated string // the version that says to use another
}

// spec is the columns of FOCUS, of all versions.
func spec() []column {
	all := []column{
		{name: "ProviderName", kind: text, since: "1.2", deprecated: "1.3"},
		{name: "PublisherName", kind: text, since: "1.2", deprecated: "1.3"},
		{name: "AllocatedMethodDetails", kind: object, since: "1.3"},
		{name: "AllocatedTags", kind: object, since: "1.3"},
		{name: "ContractApplied", kind: object, since: "1.3"},
	}
	add := func(k kind, since, names string) {
		for name := range strings.FieldsSeq(names) {
			all = append(all, column{name: name, kind: k, since: since})
		}
	}
	add(cost, "1.2", "BilledCost ContractedCost EffectiveCost ListCost PricingCurrencyEffectiveCost")
	add(number, "1.2", `CommitmentDiscountQuantity ConsumedQuantity ContractedUnitPrice ListUnitPrice PricingCurrencyContractedUnitPrice
		PricingCurrencyListUnitPrice PricingQuantity`)
	add(instant, "1.2", "BillingPeriodEnd BillingPeriodStart ChargePeriodEnd ChargePeriodStart")
	add(object, "1.2", "SkuPriceDetails Tags")
	add(text, "1.2", `AvailabilityZone BillingAccountId BillingAccountName BillingAccountType BillingCurrency CapacityReservationId
		CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription ChargeFrequency CommitmentDiscountCategory CommitmentDiscountId
		CommitmentDiscountName CommitmentDiscountStatus CommitmentDiscountType CommitmentDiscountUnit ConsumedUnit InvoiceId InvoiceIssuerName
		PricingCategory PricingCurrency PricingUnit RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName
		ServiceSubcategory SkuId SkuMeter SkuPriceId SubAccountId SubAccountName SubAccountType`)
	add(text, "1.3", "AllocatedMethodId AllocatedResourceId AllocatedResourceName HostProviderName ServiceProviderName")
	return all
}

// columns is what an export of a version has: FOCUS's by name, then ours.
func columns(version string) []column {
	var all []column
	for _, c := range spec() {
		if c.since <= version {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b column) int { return strings.Compare(a.name, b.name) })
	for name := range strings.FieldsSeq(`x_UseCase x_Team x_Product x_CostCenter x_Kind x_Reliance x_Owner x_Rule x_Tier x_Basis x_Model x_TokenClass
		x_ApiKeyId x_ApiKeyName x_Category x_BilledCurrency x_OriginBilledCost x_Source x_FilePath x_FileSha256 x_File x_Record`) {
		c := column{name: name, kind: text}
		switch name {
		case "x_OriginBilledCost":
			c.kind = cost
		case "x_File", "x_Record":
			c.kind = count
		}
		all = append(all, c)
	}
	return all
}

// csv is the column as text.
func (c column) csv() string {
	name := map[kind]string{text: "csv_text(%s)", instant: "csv_instant(%s)", cost: "csv_decimal(%s)", number: "csv_double(%s)"}[c.kind]
	if name == "" {
		return c.name
	}
	return fmt.Sprintf(name+" AS %[1]s", c.name)
}

// parquet is the column in its type.
func (c column) parquet() string {
	kind := map[kind]string{text: "VARCHAR", object: "VARCHAR", instant: "TIMESTAMP", cost: "DECIMAL(38,12)", number: "DOUBLE", count: "BIGINT"}[c.kind]
	return fmt.Sprintf("%s::%s AS %[1]s", c.name, kind)
}
