package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aifinops/aifinops/ingest"
	"github.com/google/go-cmp/cmp"
)

// checkParquet holds a source that reads Parquet to give the same for it as for
// the CSV that the ledger l has booked, or refused with an error. Records of
// Parquet are numbered from 1, those of a CSV from its header.
func checkParquet(t *testing.T, l *ingest.Ledger, csv, name string, sources []ingest.Source, refused error) {
	t.Helper()
	i := slices.IndexFunc(sources, func(s ingest.Source) bool { return s.Name == name })
	if !slices.Contains(sources[i].Formats, "parquet") || !strings.HasSuffix(csv, ".csv") {
		return
	}
	file := strings.TrimSuffix(csv, ".csv") + ".parquet"
	if _, err := l.DB.Exec(`COPY (FROM read_csv('` + csv + `', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"',
		nullstr = ['', '-', 'NULL', 'null'])) TO '` + file + `' (FORMAT parquet)`); err != nil {
		t.Fatal(err)
	}
	other := openLedger(t)
	receipts, err := ingest.Run(context.Background(), other, ingest.Request{Inputs: []ingest.Input{{Name: filepath.Base(file), File: file}}, Sources: sources})
	if err != nil || refused != nil {
		if (err == nil) != (refused == nil) {
			t.Errorf("%s: the error is %v, that of the CSV %v", filepath.Base(file), err, refused)
		}
		return
	}
	if receipts[0].Source != name {
		t.Errorf("%s is recognised as %s", receipts[0].File, receipts[0].Source)
	}
	rows := func(l *ingest.Ledger, header string) string {
		return dump(t, l.DB, "SELECT record - "+header+" AS record, * EXCLUDE (record) FROM ("+view(sources[i].Role)+") ORDER BY ALL") +
			dump(t, l.DB, "SELECT record - "+header+" AS record, reason FROM rejects ORDER BY ALL")
	}
	if diff := cmp.Diff(rows(l, "1"), rows(other, "0")); diff != "" {
		t.Errorf("%s gives other rows than its CSV (-csv +parquet)\n%s", receipts[0].File, diff)
	}
}

// TestParquetTypes reads FOCUS as a warehouse writes it: decimals, doubles, times with a zone, maps and structs.
func TestParquetTypes(t *testing.T) {
	l := openLedger(t)
	file := filepath.Join(t.TempDir(), "focus.parquet")
	if _, err := l.DB.Exec(`COPY (SELECT
		7.123456789012::DECIMAL(38,12)             AS billedcost,
		7.5::DOUBLE                                AS effectivecost,
		1e-5::DOUBLE                               AS listcost,
		'USD'                                      AS billingcurrency,
		'Usage'                                    AS chargecategory,
		TIMESTAMPTZ '2026-10-14 02:00:00+02'       AS chargeperiodstart,
		TIMESTAMP '2026-10-14 01:00:00'            AS chargeperiodend,
		DATE '2026-10-01'                          AS billingperiodstart,
		'AWS'                                      AS providername,
		'0042'                                     AS billingaccountid,
		8::BIGINT                                  AS consumedquantity,
		MAP {'Team': 'search', 'env': 'prod'}      AS tags,
		{'x_ModelId': 'claude-sonnet-5', 'n': 1}   AS skupricedetails
		) TO '` + file + `' (FORMAT parquet)`); err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Run(context.Background(), l, ingest.Request{Inputs: []ingest.Input{{Name: "focus.parquet", File: file}}, Sources: embedded(t)}); err != nil {
		t.Fatal(err)
	}
	got := dump(t, l.DB, `SELECT ChargePeriodStart, ChargePeriodEnd, BillingPeriodStart, BilledCost, EffectiveCost, ListCost, ConsumedQuantity,
		ProviderName, BillingAccountId, x_Model, Tags FROM charges`)
	want := `ChargePeriodStart    ChargePeriodEnd      BillingPeriodStart   BilledCost      EffectiveCost   ListCost        ConsumedQuantity  ProviderName  BillingAccountId  x_Model          Tags
2026-10-14 00:00:00  2026-10-14 01:00:00  2026-10-01 00:00:00  7.123456789012  7.500000000000  0.000010000000  8.000000000000    aws           0042              claude-sonnet-5  {env=prod, team=search}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestParquetParts reads the parts of one bill as the whole, though one lacks a column, and their folder is named like another.
func TestParquetParts(t *testing.T) {
	l := openLedger(t)
	dir := filepath.Join(t.TempDir(), "cost=99")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	second := filepath.Join(dir, "bill-00002.snappy.parquet")
	const days = "FROM (SELECT DATE '2026-10-01' + i::INTEGER AS day, i + 0.25 AS cost, 'line ' || i AS item FROM range(10) t(i))"
	for file, query := range map[string]string{
		filepath.Join(dir, "bill-00001.snappy.parquet"): "SELECT * " + days + " WHERE cost < 4",
		second: "SELECT day, cost " + days + " WHERE cost > 4",
	} {
		if _, err := l.DB.Exec("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)"); err != nil {
			t.Fatal(err)
		}
	}
	acme, err := ingest.Mapping{Path: "*.parquet", Name: "acme", Provider: "acme", Columns: map[string]string{"date": "day", "cost": "cost", "description": "item"}}.NewSource("USD", nil)
	if err != nil {
		t.Fatal(err)
	}
	read := func() ([]ingest.Receipt, error) {
		inputs, err := ingest.Find([]string{dir})
		if err != nil {
			t.Fatal(err)
		}
		return ingest.Run(context.Background(), l, ingest.Request{Inputs: inputs, Sources: []ingest.Source{acme}})
	}
	for _, status := range []ingest.Status{ingest.Booked, ingest.Unchanged} {
		receipts, err := read()
		if err != nil {
			t.Fatal(err)
		}
		if len(receipts) != 1 || receipts[0].Status != status {
			t.Errorf("want one receipt, %s: got %+v", status, receipts)
		}
	}
	want := "days  lines  total\n10    4      47.500000000000\n"
	got := dump(t, l.DB, "SELECT count(DISTINCT ChargePeriodStart) AS days, count(ChargeDescription) AS lines, sum(BilledCost) AS total FROM charges")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := os.Truncate(second, 300); err != nil {
		t.Fatal(err)
	}
	if _, err := read(); err == nil || !strings.HasSuffix(err.Error(), "bill-00002.snappy.parquet: is a truncated Parquet file; download it again") {
		t.Errorf("of a part that is cut: %v", err)
	}
}
