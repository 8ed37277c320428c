package money_test

import (
	"errors"
	"slices"
	"testing"

	"onhand/db/money"

	"pgregory.net/rapid"
)

func TestSharesGoToTheLargestRemainderAndTiesToTheEarlier(t *testing.T) {
	for _, c := range []struct {
		total         money.Amount
		weights, want []money.Amount
	}{
		{300, []money.Amount{123}, []money.Amount{300}},
		{299, []money.Amount{1000, 1000, 1000}, []money.Amount{100, 100, 99}},
		{299, []money.Amount{4300, 1400, 2300}, []money.Amount{161, 52, 86}},
		{-100, []money.Amount{1, 1, 1}, []money.Amount{-34, -33, -33}},
		{40, []money.Amount{10, 0}, []money.Amount{40, 0}},
		{1, []money.Amount{0, 1, 1}, []money.Amount{0, 1, 0}},
		{0, []money.Amount{0, 0}, []money.Amount{0, 0}},
		{0, nil, []money.Amount{}},
		{money.Max, []money.Amount{money.Max / 2, money.Max / 2}, []money.Amount{money.Max/2 + 1, money.Max / 2}},
	} {
		if got, err := money.Prorate(c.total, c.weights); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%d over %v: %v, %v; want %v", c.total, c.weights, got, err, c.want)
		}
	}
}

func TestWhatCannotBeSharedIsRefused(t *testing.T) {
	for _, c := range []struct {
		total   money.Amount
		weights []money.Amount
		want    error
	}{
		{1, nil, money.ErrNothingToShare},
		{1, []money.Amount{0, 0}, money.ErrNothingToShare},
		{1, []money.Amount{2, -1}, money.ErrNothingToShare},
		{1, []money.Amount{money.Max, 1}, money.ErrTooLarge},
		{money.Max + 1, []money.Amount{1}, money.ErrTooLarge},
	} {
		if got, err := money.Prorate(c.total, c.weights); !errors.Is(err, c.want) {
			t.Errorf("%d over %v: %v, %v; want %v", c.total, c.weights, got, err, c.want)
		}
	}
}

func TestSharesSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Map(rapid.Int64Range(0, 1<<44), func(n int64) money.Amount { return money.Amount(n) }), 1, 100).Draw(t, "weights")
		total := money.Amount(amounts.Draw(t, "total"))
		weight, err := money.Sum(weights...)
		if err != nil {
			t.Fatal(err)
		}
		shares, err := money.Prorate(total, weights)
		if weight == 0 && total != 0 {
			if !errors.Is(err, money.ErrNothingToShare) {
				t.Fatal(err)
			}
			return
		}
		if sum, _ := money.Sum(shares...); err != nil || sum != total {
			t.Fatalf("%v sum to %d, want %d (%v)", shares, sum, total, err)
		}
		for i, share := range shares {
			if total >= 0 && total <= weight && share > weights[i] {
				t.Fatalf("share %d is more than what it is taken from, %d", share, weights[i])
			}
			exact, _ := total.Part(int64(weights[i]), max(1, int64(weight)))
			if d := share - exact; d < -1 || d > 1 {
				t.Fatalf("share %d is not %d rounded", share, exact)
			}
		}
	})
}
