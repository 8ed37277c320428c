package money

import (
	"math/bits"
	"slices"
)

// Prorate shares total over weights by largest remainder, ties to the earlier part. The shares sum to total exactly,
// each is its exact share rounded up or down, and no share of at most the sum of the weights is larger than its weight.
// It fails with ErrNothingToShare when weights are negative or, for a total other than 0, all zero.
func Prorate(total Amount, weights []Amount) ([]Amount, error) {
	for _, w := range weights {
		if w < 0 {
			return nil, ErrNothingToShare
		}
	}
	sum, err := Sum(weights...)
	if err != nil || !total.In() {
		return nil, ErrTooLarge
	}
	shares := make([]Amount, len(weights))
	if total == 0 {
		return shares, nil
	}
	if sum == 0 {
		return nil, ErrNothingToShare
	}
	rests := make([]uint64, len(weights))
	left := magnitude(int64(total))
	for i, w := range weights {
		hi, lo := bits.Mul64(magnitude(int64(total)), uint64(w))
		share, rest := bits.Div64(hi, lo, uint64(sum)) // hi < sum, for total < 2^53 and w <= sum
		shares[i], rests[i] = Amount(share), rest
		left -= share
	}
	for _, i := range byRest(rests)[:left] {
		shares[i]++
	}
	if total < 0 {
		for i := range shares {
			shares[i] = -shares[i]
		}
	}
	return shares, nil
}

// byRest orders the parts by what rounding down took from them, the most first; equal ones stay in their order.
func byRest(rests []uint64) []int {
	order := make([]int, len(rests))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rests[a] > rests[b]:
			return -1
		case rests[a] < rests[b]:
			return 1
		}
		return 0
	})
	return order
}
