package reports

import (
	"onhand/db"
	"onhand/db/money"
)

// SummaryMail is the mail of the day.
const SummaryMail = "daily-summary"

// DaySummary is a business date in one look, for one reader: their stores, and costs only for those who may see them.
type DaySummary struct {
	Date     db.Date  `json:"date"`
	SoFar    bool     `json:"soFar,omitempty"` // the day is not over
	Currency string   `json:"currency"`
	Stores   []string `json:"stores,omitempty"` // what it is limited to; empty for all

	Today  DayFigures `json:"today"`
	Before DayFigures `json:"before"` // the same weekday of the week before, whole
	// Margin is revenue without tax less cost; nil for those who may not see costs.
	Margin   *money.Amount `json:"margin,omitempty"`
	Payments []DayPayments `json:"payments,omitempty"` // by method, refunds taken off
	Top      []DaySeller   `json:"top,omitempty"`      // by revenue
	Flop     []DayLaggard  `json:"flop,omitempty"`     // there, and not sold for 30 days
	Days     []DayFigures  `json:"days"`               // a fortnight, the oldest first, up to the date
	Stock    DayStock      `json:"stock"`
	Waste    *DayWaste     `json:"waste,omitempty"` // nil where nothing was wasted, lost or given away
	Waiting  DayWaiting    `json:"waiting"`
	Stop     string        `json:"stop"` // the token that ends these mails
}

// Quiet says that nothing was sold, paid or given back that day.
func (s *DaySummary) Quiet() bool {
	return s.Today.Orders == 0 && s.Today.Units == 0 && s.Today.Revenue == 0 && s.Today.Refunded == 0 && len(s.Payments) == 0
}

// DayFigures are the sums of a business date.
type DayFigures struct {
	Date     db.Date      `json:"date"`
	Revenue  money.Amount `json:"revenue"` // with tax, less what was cancelled
	Orders   int64        `json:"orders"`
	Units    int64        `json:"units"`
	Refunds  int64        `json:"refunds,omitempty"` // how many
	Refunded money.Amount `json:"refunded,omitempty"`
}

// Average is revenue by order, rounded half away from zero; 0 without orders.
func (f DayFigures) Average() money.Amount {
	if f.Orders == 0 {
		return 0
	}
	average, _ := f.Revenue.Part(1, f.Orders) // a part of what fits fits
	return average
}

// DayPayments are what came in by one method.
type DayPayments struct {
	Method string       `json:"method"`
	Amount money.Amount `json:"amount"`
}

// DaySeller is what sold well.
type DaySeller struct {
	ProductID int64        `json:"productId"`
	Name      string       `json:"name"`
	Units     int64        `json:"units"`
	Revenue   money.Amount `json:"revenue"`
}

// DayLaggard is what is there and does not sell.
type DayLaggard struct {
	ProductID int64  `json:"productId"`
	Name      string `json:"name"`
	OnHand    int64  `json:"onHand"`
	// Days since it was last sold, nil when it never was.
	Days *int64 `json:"days,omitempty"`
}

// DayStock counts what needs attention.
type DayStock struct {
	Out  int64 `json:"out"`
	Low  int64 `json:"low"`
	Over int64 `json:"over"`
}

// DayWaste is what left that day without being sold, and the share of it in the 30 days up to then.
type DayWaste struct {
	Units     int64         `json:"units,omitempty"`
	Cost      *money.Amount `json:"cost,omitempty"` // nil for those who may not see costs
	Shrinkage int64         `json:"shrinkage,omitempty"`
	Donated   int64         `json:"donated,omitempty"`
	Rate      *int64        `json:"rate,omitempty"` // of 30 days, in thousandths of a percent
}

// DayWaiting is what is open.
type DayWaiting struct {
	Orders   int64    `json:"orders"`
	Oldest   string   `json:"oldest,omitempty"` // its number
	OldestID int64    `json:"oldestId,omitempty"`
	Since    *db.Time `json:"since,omitempty"` // when it was placed
	Late     int64    `json:"late,omitempty"`  // older than two days
}
