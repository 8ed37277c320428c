package money_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"onhand/db/money"

	"pgregory.net/rapid"
)

var amounts = rapid.Int64Range(-int64(money.Max), int64(money.Max))

func TestPartsAreRoundedHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		a    money.Amount
		k, n int64
		want money.Amount
	}{
		{5, 1, 2, 3}, {-5, 1, 2, -3}, {5, -1, 2, -3}, {5, 1, -2, -3}, {-5, -1, 2, 3},
		{4, 1, 3, 1}, {5, 1, 3, 2}, {0, 7, 3, 0}, {7, 0, 3, 0},
		{money.Max, int64(money.Max), int64(money.Max), money.Max},
		{money.Max, math.MaxInt64, math.MaxInt64, money.Max},
		{1, math.MinInt64, math.MinInt64, 1},
	} {
		if got, err := c.a.Part(c.k, c.n); err != nil || got != c.want {
			t.Errorf("%d * %d / %d = %d, %v; want %d", c.a, c.k, c.n, got, err, c.want)
		}
	}
}

func TestNothingLeavesTheRangeOfExactNumbers(t *testing.T) {
	for name, f := range map[string]func() (money.Amount, error){
		"sum":             func() (money.Amount, error) { return money.Max.Add(1) },
		"negative sum":    func() (money.Amount, error) { return (-money.Max).Add(-1) },
		"long sum":        func() (money.Amount, error) { return money.Sum(money.Max, -1, 1, 1) },
		"product":         func() (money.Amount, error) { return money.Max.Mul(2) },
		"huge product":    func() (money.Amount, error) { return money.Max.Mul(math.MaxInt64) },
		"rounded up":      func() (money.Amount, error) { return money.Max.Part(math.MaxInt64, math.MaxInt64-1) },
		"wrapping around": func() (money.Amount, error) { return money.Amount(3).Part(math.MinInt64, 1) },
		"bad operand":     func() (money.Amount, error) { return money.Amount(math.MinInt64).Add(math.MinInt64) },
		"bad factor":      func() (money.Amount, error) { return (money.Max + 1).Mul(0) },
	} {
		if got, err := f(); name != "rounded up" && !errors.Is(err, money.ErrTooLarge) || name == "rounded up" && (err != nil || got != money.Max) {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
}

func TestPartAgreesWithBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, k := amounts.Draw(t, "a"), rapid.Int64().Draw(t, "k")
		n := rapid.Int64().Filter(func(n int64) bool { return n != 0 }).Draw(t, "n")
		product := new(big.Int).Mul(big.NewInt(a), big.NewInt(k))
		doubled := new(big.Int).Mul(product, big.NewInt(2))
		by := new(big.Int).Abs(big.NewInt(n))
		sign := int64(product.Sign())
		if n < 0 {
			sign = -sign
		}
		// |2p| + |n| over |2n|, rounded down, is |p/n| rounded half up.
		want := doubled.Abs(doubled).Add(doubled, by).Quo(doubled, by.Mul(by, big.NewInt(2)))
		want.Mul(want, big.NewInt(sign))
		got, err := money.Amount(a).Part(k, n)
		if !want.IsInt64() || !money.Amount(want.Int64()).In() {
			if !errors.Is(err, money.ErrTooLarge) {
				t.Fatalf("%d, %v; want ErrTooLarge for %s", got, err, want)
			}
			return
		}
		if err != nil || int64(got) != want.Int64() {
			t.Fatalf("%d, %v; want %s", got, err, want)
		}
	})
}

func TestTaxOfSomeAmounts(t *testing.T) {
	for _, c := range []struct {
		amount   money.Amount
		rate     money.Rate
		included bool
		want     money.Taxed
	}{
		{2500, 19000, true, money.Taxed{Net: 2101, Tax: 399, Total: 2500}},
		{2500, 19000, false, money.Taxed{Net: 2500, Tax: 475, Total: 2975}},
		{369, 20000, false, money.Taxed{Net: 369, Tax: 74, Total: 443}},
		{100, 20000, true, money.Taxed{Net: 83, Tax: 17, Total: 100}},
		{1000, 8875, false, money.Taxed{Net: 1000, Tax: 89, Total: 1089}},
		{-100, 20000, true, money.Taxed{Net: -83, Tax: -17, Total: -100}},
		{3, 100000, true, money.Taxed{Net: 1, Tax: 2, Total: 3}},
		{100, 0, true, money.Taxed{Net: 100, Total: 100}},
		{0, 19000, false, money.Taxed{}},
	} {
		if got, err := money.Tax(c.amount, c.rate, c.included); err != nil || got != c.want {
			t.Errorf("tax of %d at %s, included %v: %+v, %v; want %+v", c.amount, c.rate, c.included, got, err, c.want)
		}
	}
}

func TestNetAndTaxAreTheTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount(amounts.Draw(t, "amount"))
		r := money.Rate(rapid.Int64Range(0, 200_000).Draw(t, "rate"))
		included := rapid.Bool().Draw(t, "included")
		got, err := money.Tax(a, r, included)
		if err != nil {
			if included || !errors.Is(err, money.ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		if got.Net+got.Tax != got.Total {
			t.Fatalf("%+v does not add up", got)
		}
		if included && got.Total != a || !included && got.Net != a {
			t.Fatalf("%+v is not %d", got, a)
		}
		mirrored, err := money.Tax(-a, r, included)
		if err != nil || mirrored.Tax != -got.Tax || mirrored.Net != -got.Net {
			t.Fatalf("a refund takes back %+v of %+v, %v", mirrored, got, err)
		}
	})
}

func TestAPercentageDiscountIsAtMostTheAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount(rapid.Int64Range(0, int64(money.Max)).Draw(t, "amount"))
		got, err := money.Rate(rapid.Int64Range(0, int64(money.Whole)).Draw(t, "rate")).Of(a)
		if err != nil || got < 0 || got > a {
			t.Fatalf("%d, %v of %d", got, err, a)
		}
	})
	if got, _ := money.Rate(33_333).Of(1000); got != 333 {
		t.Errorf("33.333 %% of 1000 is %d", got)
	}
}
