package money_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"onhand/db/money"
)

// reference opens a file of the published data, or skips the test where there is none.
func reference(t *testing.T, path ...string) *os.File {
	t.Helper()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	f, err := os.Open(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestEveryCurrencyHasTheDecimalsOfISO4217(t *testing.T) {
	rows, err := csv.NewReader(reference(t, "data", "currency", "iso4217_active_minor_units.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, row := range rows[1:] {
		want, err := strconv.Atoi(row[2])
		if err != nil { // gold, special drawing rights: "-"
			if _, ok := money.Decimals(row[0]); ok {
				t.Errorf("%s has no minor units", row[0])
			}
			continue
		}
		known++
		if got, ok := money.Decimals(row[0]); !ok || got != want {
			t.Errorf("%s has %d decimals (known %v), want %d", row[0], got, ok, want)
		}
	}
	if n := len(money.Currencies()); n != known || known == 0 {
		t.Errorf("%d currencies, want %d", n, known)
	}
}

// publishedCase is a case of cases.json as far as pure arithmetic goes.
type publishedCase struct {
	ID, Area string
	Given    struct {
		Weights     []json.RawMessage
		Total       json.RawMessage
		Price       string
		RatePercent float64 `json:"rate_percent"`
		Included    *bool
	}
	Then struct {
		Shares   []json.RawMessage
		AnyOrder []json.RawMessage `json:"shares_any_order"`
		Tax      json.RawMessage
	}
}

func TestProrationAgreesWithPublishedCases(t *testing.T) {
	ran := 0
	for _, c := range published(t, "PRORATE") {
		want := exact(t, append(c.Then.Shares, c.Then.AnyOrder...))
		got, err := money.Prorate(exact(t, []json.RawMessage{c.Given.Total})[0], exact(t, c.Given.Weights))
		if c.Then.AnyOrder != nil {
			slices.Sort(got)
			slices.Sort(want)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", c.ID, got, err, want)
		}
		ran++
	}
	if ran == 0 {
		t.Error("no case ran")
	}
}

func TestTaxOfOnePriceAgreesWithPublishedCases(t *testing.T) {
	ran := 0
	for _, c := range published(t, "TAX") {
		if c.Given.Price == "" || c.Given.Included == nil || c.Given.RatePercent == 0 || c.Then.Tax == nil {
			continue
		}
		want, err := money.ParseRate(unquoted(c.Then.Tax)) // unrounded in the source: read in thousandths, compare in cents
		if err != nil {
			t.Fatal(err)
		}
		price, err := money.Parse(c.Given.Price, "EUR")
		if err != nil {
			t.Fatal(err)
		}
		wanted, _ := money.Amount(want).Part(1, 10)
		got, err := money.Tax(price, money.Rate(c.Given.RatePercent*1000), *c.Given.Included)
		if err != nil || got.Tax != wanted {
			t.Errorf("%s: %+v, %v; want a tax of %d", c.ID, got, err, wanted)
		}
		ran++
	}
	if ran == 0 {
		t.Error("no case ran")
	}
}

func published(t *testing.T, area string) []publishedCase {
	t.Helper()
	var all []json.RawMessage
	if err := json.NewDecoder(reference(t, "cases", "cases.json")).Decode(&all); err != nil {
		t.Fatal(err)
	}
	var some []publishedCase
	for _, raw := range all {
		var c publishedCase
		if json.Unmarshal(raw, &c) == nil && c.Area == area {
			some = append(some, c)
		}
	}
	return some
}

// exact reads whole numbers as minor units, and decimals in quotes as EUR.
func exact(t *testing.T, raw []json.RawMessage) []money.Amount {
	t.Helper()
	amounts := make([]money.Amount, len(raw))
	for i, r := range raw {
		if r[0] != '"' {
			if err := json.Unmarshal(r, &amounts[i]); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var err error
		if amounts[i], err = money.Parse(unquoted(r), "EUR"); err != nil {
			t.Fatal(err)
		}
	}
	return amounts
}

func unquoted(r json.RawMessage) string {
	if s, err := strconv.Unquote(string(r)); err == nil {
		return s
	}
	return string(r)
}
