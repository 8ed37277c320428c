package purchasing

import (
	"math"

	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// yearDays is how many days of sales a year has.
const yearDays = 365

// EconomicOrder is the cheapest way to buy what a year sells: larger orders cost more to keep, smaller ones more to place. It informs
// and changes no advice.
type EconomicOrder struct {
	Quantity    int64        `json:"quantity" doc:"what is cheapest to order at once, as the supplier sells it"`
	Demand      int64        `json:"demand" doc:"units sold in a year at this pace"`
	PerYear     float64      `json:"perYear" doc:"how many such orders a year takes"`
	OrderCost   money.Amount `json:"orderCost" doc:"of the settings, in minor units"`
	HoldingRate money.Rate   `json:"holdingRate" doc:"of the settings, in thousandths of a percent"`
	Ordering    money.Amount `json:"ordering" doc:"what these orders cost in a year, in minor units"`
	Holding     money.Amount `json:"holding" doc:"what it costs in a year to keep what they bring, half of one at a time on average, in minor units"`
}

// economic is the economic order quantity (Harris 1913; Snyder and Shen, Fundamentals of Supply Chain Theory, 3.2):
//
//	quantity = sqrt(2 * demand * order cost / (unit cost * holding rate))
//
// as the whole number, of packs and no less than the supplier sells, that costs the least. It answers nil where the owner did not say
// what orders and keeping cost, where too little is known of the demand, and where goods cost nothing or the figures exceed the books.
func (a *Advice) economic(s *settings.Settings) *EconomicOrder {
	if a.Basis != stock.BySales || s.OrderCost == 0 || s.HoldingRate == 0 || a.UnitCost == nil || *a.UnitCost == 0 {
		return nil
	}
	e := &EconomicOrder{Demand: (a.Sold*yearDays + a.Days/2) / a.Days, OrderCost: s.OrderCost, HoldingRate: s.HoldingRate}
	square := 2 * float64(e.Demand) * float64(s.OrderCost) * float64(money.Whole) / (float64(*a.UnitCost) * float64(s.HoldingRate))
	e.Quantity = a.source.Orderable(up(math.Sqrt(square)))
	// What two quantities cost in a year is the same where their product is the square.
	if less := e.Quantity - a.source.PackSize; less > 0 && less >= a.source.MOQ && float64(less)*float64(e.Quantity) >= square {
		e.Quantity = less
	}
	if e.Quantity == 0 {
		return nil
	}
	e.PerYear = float64(e.Demand) / float64(e.Quantity)
	ordering, err := s.OrderCost.Part(e.Demand, e.Quantity)
	if err != nil {
		return nil
	}
	worth, err := a.UnitCost.Mul(e.Quantity)
	if err != nil {
		return nil
	}
	e.Ordering = ordering
	e.Holding, err = worth.Part(int64(s.HoldingRate), 2*int64(money.Whole))
	if err != nil {
		return nil
	}
	return e
}
