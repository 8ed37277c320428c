package purchasing_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/purchasing"
	"onhand/db/settings"
)

// TestTheEconomicOrderIsTheCheapestOfAll tries all orders that a supplier would take, for terms at random.
func TestTheEconomicOrderIsTheCheapestOfAll(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.say(settings.Change{OrderCost: ptr(money.Amount(700)), HoldingRate: ptr(money.Rate(30_000))})
	r := rand.New(rand.NewPCG(1, 7))
	terms := map[int64][3]int64{} // cost, MOQ, pack
	var goods []int64
	for i := range 40 {
		cost, moq, pack := 1+r.Int64N(5000), 1+r.Int64N(80), 1+r.Int64N(30)
		v := s.stocked(fmt.Sprint("V", i), 40, catalog.NewVariant{}, catalog.SupplierItemChange{Cost: some(money.Amount(cost)), MOQ: &moq, PackSize: &pack, LeadTimeDays: ptr(int64(60))})
		terms[v] = [3]int64{cost, moq, pack}
		goods = append(goods, v)
	}
	for range 39 {
		var lines []int64
		for i, v := range goods {
			if r.IntN(40) >= i {
				lines = append(lines, v, 1)
			}
		}
		if _, err := s.SellLines(false, true, lines...); err != nil {
			t.Fatal(err)
		}
		s.Clock.Forward(day)
	}
	tried := 0
	for _, a := range s.advice(purchasing.AdviceFilter{List: db.List{Limit: 200}}) {
		if a.Economic == nil {
			continue
		}
		cost, moq, pack := terms[a.VariantID][0], terms[a.VariantID][1], terms[a.VariantID][2]
		year := func(q int64) float64 {
			return 700*float64(a.Economic.Demand)/float64(q) + float64(cost)*0.3*float64(q)/2
		}
		for q := pack; q < 5000; q += pack {
			if q >= moq && year(q) < year(a.Economic.Quantity)-1e-6 {
				t.Errorf("%s: %d cost less than %d in a year: %+v", a.SKU, q, a.Economic.Quantity, a)
				break
			}
		}
		if q := a.Economic.Quantity; q < moq || q%pack != 0 {
			t.Errorf("%s: %d at once, of %d or more in packs of %d", a.SKU, q, moq, pack)
		}
		if e := a.Economic; e.Demand != int64(math.Round(a.PerDay*365)) || math.Abs(float64(e.Ordering+e.Holding)-year(e.Quantity)) > 1 {
			t.Errorf("%s: %+v of %+v", a.SKU, e, a)
		}
		tried++
	}
	if tried < 20 {
		t.Errorf("only %d were advised", tried)
	}
}

func TestWhatIsCheapestToOrderIsSaidWhereItIsKnown(t *testing.T) {
	t.Parallel()
	s := open(t)
	free := s.stocked("FREE", 123, catalog.NewVariant{}, catalog.SupplierItemChange{Cost: some(0), LeadTimeDays: ptr(int64(4))})
	v := s.stocked("MUG", 123, catalog.NewVariant{}, catalog.SupplierItemChange{Cost: some(600), LeadTimeDays: ptr(int64(4))})
	s.history(v, 120)
	s.history(free, 120)
	is := func(when string, want int64) {
		t.Helper()
		a := s.adviceOf(v)
		if a == nil || a.Quantity == 0 {
			t.Fatalf("%s: advised is %+v", when, a)
		}
		if got := a.Economic; want == 0 && got != nil || want > 0 && (got == nil || got.Quantity != want) {
			t.Errorf("%s: cheapest is %+v, not %d", when, got, want)
		}
	}
	s.say(settings.Change{OrderCost: ptr(money.Amount(1500))})
	s.history(v, repeat(38, 0)...)
	is("nobody said what keeping costs", 0)
	s.say(settings.Change{HoldingRate: ptr(money.Rate(20_000))})
	before := *s.adviceOf(v)
	is("all is known", 165) // of 1,095 a year: sqrt(2*1095*1500/120) = 165.45
	s.say(settings.Change{OrderCost: ptr(money.Amount(0))})
	is("an order costs nothing by anybody's word", 0)
	if after := s.adviceOf(v); after.Quantity != before.Quantity || after.Target != before.Target {
		t.Errorf("the advice went by it: %+v, before %+v", after, before)
	}
	s.say(settings.Change{OrderCost: ptr(money.Amount(1500))})
	if a := s.adviceOf(free); a == nil || a.Economic != nil {
		t.Errorf("of what costs nothing: %+v", a)
	}
	ctx := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow("purchases.read")})
	page, err := purchasing.Replenishment(ctx, s.DB, purchasing.AdviceFilter{})
	if err != nil || len(page.Items) != 2 || page.Items[0].Economic != nil || page.Items[1].Economic != nil {
		t.Errorf("without costs: %+v, %v", page.Items, err)
	}
}
