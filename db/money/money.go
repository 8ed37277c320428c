// Package money is exact arithmetic on amounts in minor units: sums, shares, taxes and their text.
// No float touches an amount, and nothing leaves the range that JSON and JavaScript carry exactly.
package money

import (
	"errors"
	"math/bits"
)

// Amount is money in the minor units of the shop's currency: 1250 is 12.50 EUR, 1250 JPY or 1.250 KWD.
type Amount int64

// Rate is a share in thousandths of a percent: 19000 is 19 %, 8875 is 8.875 %.
type Rate int64

// Max is the largest amount, in either sign: the last integer that JSON readers carry exactly.
const Max Amount = 1<<53 - 1

// Whole is the rate of 100 %.
const Whole Rate = 100_000

// ErrTooLarge says that an amount or a sum lies beyond Max.
var ErrTooLarge = errors.New("the amount is too large")

// ErrNothingToShare says that an amount was to be shared over parts that weigh nothing together, or less than nothing.
var ErrNothingToShare = errors.New("there is nothing to share the amount over")

// In tells whether a lies within -Max and Max.
func (a Amount) In() bool { return -Max <= a && a <= Max }

// Add returns a + b, or ErrTooLarge.
func (a Amount) Add(b Amount) (Amount, error) {
	if !a.In() || !b.In() || !(a + b).In() {
		return 0, ErrTooLarge
	}
	return a + b, nil
}

// Mul returns a * n, or ErrTooLarge.
func (a Amount) Mul(n int64) (Amount, error) { return a.Part(n, 1) }

// Sum adds up amounts, or returns ErrTooLarge when they, or a sum on the way, lie beyond Max.
func Sum(amounts ...Amount) (Amount, error) {
	var sum Amount
	for _, a := range amounts {
		var err error
		if sum, err = sum.Add(a); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// Part returns a * k / n rounded half away from zero, or ErrTooLarge. The product may be larger than an int64; n is not 0.
func (a Amount) Part(k, n int64) (Amount, error) {
	if !a.In() {
		return 0, ErrTooLarge
	}
	hi, lo := bits.Mul64(magnitude(int64(a)), magnitude(k))
	by := magnitude(n)
	if hi >= by {
		if by == 0 {
			panic("money: part of nothing")
		}
		return 0, ErrTooLarge
	}
	quotient, rest := bits.Div64(hi, lo, by)
	if quotient <= uint64(Max) && rest >= by-rest { // half or more; 2*rest could overflow
		quotient++
	}
	if quotient > uint64(Max) {
		return 0, ErrTooLarge
	}
	if (a < 0) != (k < 0) != (n < 0) {
		return -Amount(quotient), nil
	}
	return Amount(quotient), nil
}

// Of returns the share r of a, rounded half away from zero: a percentage discount, for one.
func (r Rate) Of(a Amount) (Amount, error) { return a.Part(int64(r), int64(Whole)) }

// Taxed is an amount taken apart: Net + Tax = Total, exactly.
type Taxed struct{ Net, Tax, Total Amount }

// Tax takes an amount apart at a rate of 0 or more. With included the amount is the total and contains
// amount*rate/(100000+rate) of tax; otherwise it is the net and amount*rate/100000 is added. Rounded half away from zero.
func Tax(a Amount, r Rate, included bool) (Taxed, error) {
	if r < 0 {
		panic("money: a tax rate below zero")
	}
	if included {
		tax, err := a.Part(int64(r), int64(Whole)+int64(r))
		return Taxed{Net: a - tax, Tax: tax, Total: a}, err
	}
	tax, err := r.Of(a)
	if err != nil {
		return Taxed{}, err
	}
	total, err := a.Add(tax)
	return Taxed{Net: a, Tax: tax, Total: total}, err
}

// magnitude is |n|, right for the smallest int64 too.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
