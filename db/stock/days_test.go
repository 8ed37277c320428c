package stock_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/stock"
)

const day = 24 * time.Hour

// gone sells some of a variant, and they leave.
func (s *shop) gone(variant, quantity int64) {
	s.t.Helper()
	if _, err := s.Ship(s.sell(variant, quantity)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) pace(variant int64) stock.Pace {
	s.t.Helper()
	at := stock.Place{VariantID: variant, LocationID: s.Location}
	var paces map[stock.Place]stock.Pace
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) (err error) {
		paces, err = stock.PacesAt(tx, []stock.Place{at, at})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return paces[at]
}

func TestAPaceIsOfDaysWithSomethingToSell(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.Stocked("MUG", 10)
	s.Clock.Forward(3 * day)
	s.gone(v, 10) // on day 3, and none are left
	s.Clock.Forward(10 * day)
	s.adjust(stock.Received, by(v, 4)) // on day 13
	s.Clock.Forward(day)
	s.gone(v, 2)
	for _, c := range []struct {
		on      string
		forward time.Duration
		want    stock.Pace
	}{
		{"day 14: days 0 to 3 and 13, and not the day that is not over", 0, stock.Pace{Sold: 10, Days: 5, Squares: 100}},
		{"day 15: the day before as well", day, stock.Pace{Sold: 12, Days: 6, Squares: 104}},
		{"day 93: from day 3 on", 78 * day, stock.Pace{Sold: 12, Days: 81, Squares: 104}},
		{"day 94: without it", day, stock.Pace{Sold: 2, Days: 81, Squares: 4}},
		{"day 1094: two were there all the time", 1000 * day, stock.Pace{Days: 90}},
	} {
		s.Clock.Forward(c.forward)
		if got := s.pace(v); got != c.want {
			t.Errorf("on %s: the pace is %+v, not %+v", c.on, got, c.want)
		}
	}
	s.Doctor(t)
}

func TestWhatDidNotLeaveWasNotSold(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.Stocked("MUG", 10)
	o, err := s.Ship(s.sell(v, 3))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CancelParcel(o.Fulfilments[0].ID); err != nil {
		t.Fatal(err)
	}
	s.gone(v, 2)
	s.adjust(stock.Waste, by(v, -1))
	s.Clock.Forward(day)
	if got := s.pace(v); got != (stock.Pace{Sold: 2, Days: 1, Squares: 4}) {
		t.Errorf("the pace is %+v", got)
	}
	s.Doctor(t)
}

func TestStockOfAnyMomentIsKnown(t *testing.T) {
	t.Parallel()
	s := open(t)
	opened := db.TimeOf(s.Clock.Now())
	s.Clock.Forward(time.Hour)
	v := s.Stocked("MUG", 10)
	received := db.TimeOf(s.Clock.Now())
	s.Clock.Forward(time.Minute)
	s.gone(v, 3)
	s.Clock.Forward(30 * day)
	s.adjust(stock.Waste, by(v, -1))
	now := db.TimeOf(s.Clock.Now())
	for at, want := range map[db.Time]string{
		0: "0 of []", -5: "0 of []", opened: "0 of []", received - 1: "0 of []", received: "10 of [10]", received.Add(time.Minute) - 1: "10 of [10]",
		received.Add(time.Minute): "7 of [-3 10]", now - 1: "7 of [-3 10]", now: "6 of [-1 -3 10]", now.Add(time.Hour): "6 of [-1 -3 10]",
	} {
		l, err := stock.AsOf(employee(s.Location), s.DB, v, s.Location, at)
		if err != nil {
			t.Fatal(err)
		}
		moved := []int64{}
		for _, m := range l.Movements {
			moved = append(moved, m.Delta)
		}
		if got := fmt.Sprint(l.OnHand, " of ", moved); got != want || l.Opening != 0 || l.At > now {
			t.Errorf("at %v there were %s, not %s: %+v", at, got, want, l)
		}
	}
	for name, do := range map[string]error{
		"another store":   failure(stock.AsOf(employee(s.openStore("Harbour")), s.DB, v, s.Location, now)),
		"no store":        failure(stock.AsOf(s.Ctx, s.DB, v, 404, now)),
		"no such variant": failure(stock.AsOf(s.Ctx, s.DB, 404, s.Location, now)),
	} {
		if db.CodeOf(do) != "not_found" {
			t.Errorf("%s: %v", name, do)
		}
	}
	e := s.refused(t, "out_of_range", "query.at", func() error { return failure(stock.AsOf(s.Ctx, s.DB, v, s.Location, now.Add(day))) })
	if e.Params["latest"] != now.Date(time.UTC) {
		t.Errorf("it names %v", e.Params)
	}
}

func TestOlderMovementsAreTheOpeningOfAMoment(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.Stocked("MUG", 1)
	for range 150 {
		s.adjust(stock.FoundStock, by(v, 1))
	}
	at := db.TimeOf(s.Clock.Now())
	s.Clock.Forward(day)
	s.adjust(stock.FoundStock, by(v, 1))
	l, err := stock.AsOf(s.Ctx, s.DB, v, s.Location, at)
	if err != nil || l.OnHand != 151 || l.Opening != 51 || len(l.Movements) != 100 {
		t.Errorf("%d on hand, %d before %d movements, %v", l.OnHand, l.Opening, len(l.Movements), err)
	}
}

func TestTheStockOfADayHasItsWorth(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.at(s.openStore("Harbour"))
	v, w := s.variant("Mug", catalog.NewVariant{SKU: "MUG"}), s.variant("Bowl", catalog.NewVariant{SKU: "BOWL"})
	s.adjust(stock.Received, at(v, 1, 100))
	harbour.adjust(stock.Received, at(v, 2, 200)) // 3 for 500: 167 and 333
	s.Clock.Forward(2 * day)
	s.adjust(stock.Received, at(w, 10, 7))
	harbour.adjust(stock.Waste, by(v, -2)) // 1 for 167
	s.Clock.Forward(day)
	dates := s.dates(4)
	for _, c := range []struct {
		date db.Date
		want stock.Worth
	}{
		{dates[0].AddDays(-1), worth("Harbour 0 0", "Main store 0 0")},
		{dates[0], worth("Harbour 2 333", "Main store 1 167")},
		{dates[1], worth("Harbour 2 333", "Main store 1 167")},
		{dates[2], worth("Harbour 0 0", "Main store 11 237")},
		{"", worth("Harbour 0 0", "Main store 11 237")},
		{dates[3], worth("Harbour 0 0", "Main store 11 237")},
	} {
		got, err := stock.WorthOn(s.Ctx, s.DB, c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got.Date > dates[3] || c.date != "" && c.date < got.Date {
			t.Errorf("on %q: it is of %s", c.date, got.Date)
		}
		got.Date = ""
		for i := range got.Items {
			got.Items[i].LocationID = 0
		}
		if diff := cmp.Diff(c.want, *got); diff != "" {
			t.Errorf("on %q (-want +got):\n%s", c.date, diff)
		}
	}
	for _, day := range []db.Date{dates[3].AddDays(1), "2999-01-01"} {
		s.refused(t, "out_of_range", "query.date", func() error { return failure(stock.WorthOn(s.Ctx, s.DB, day)) })
	}
	manager := db.WithActor(s.Ctx, db.Actor{Kind: db.UserActor, ID: 9, Locations: []int64{harbour.Location}})
	if got, err := stock.WorthOn(manager, s.DB, dates[0]); err != nil || len(got.Items) != 1 || got.Value != 333 || got.Units != 2 {
		t.Errorf("who sees one store sees %+v, %v", got, err)
	}
}

// dates are today and the days before it, the oldest first.
func (s *shop) dates(n int) []db.Date {
	out := make([]db.Date, n)
	for i := range out {
		out[i] = db.TimeOf(s.Clock.Now().Add(-time.Duration(n-1-i) * day)).Date(time.UTC)
	}
	return out
}

// worth is written "store units value", one a store.
func worth(stores ...string) (w stock.Worth) {
	for _, text := range stores {
		var words [3]string
		var s stock.StoreWorth
		if _, err := fmt.Sscan(text, &words[0], &s.Units, &s.Value); err != nil {
			if _, err := fmt.Sscan(text, &words[0], &words[1], &s.Units, &s.Value); err != nil {
				panic(err)
			}
			words[0] += " " + words[1]
		}
		s.LocationName = words[0]
		w.Items, w.Units, w.Value = append(w.Items, s), w.Units+s.Units, w.Value+s.Value
	}
	return w
}

// TestStoresShareWhatAllIsWorth sums up: whatever the average, the stores' parts are the value, and nobody's is less than nothing.
func TestStoresShareWhatAllIsWorth(t *testing.T) {
	t.Parallel()
	s := open(t)
	shops := []*shop{s, s.at(s.openStore("Harbour")), s.at(s.openStore("Market"))}
	r := rand.New(rand.NewPCG(1, 2))
	var goods []int64
	for i := range 20 {
		goods = append(goods, s.variant(fmt.Sprint("V", i), catalog.NewVariant{}))
	}
	for range 300 {
		there, v := shops[r.IntN(len(shops))], goods[r.IntN(len(goods))]
		if _, err := there.try(stock.Received, at(v, 1+r.Int64N(9), money.Amount(r.IntN(1000)))); err != nil {
			t.Fatal(err)
		}
		_, _ = there.try(stock.Waste, by(v, -1-r.Int64N(9))) // there may be too few
	}
	got, err := stock.WorthOn(s.Ctx, s.DB, "")
	if err != nil {
		t.Fatal(err)
	}
	var units int64
	var value money.Amount
	err = db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT sum(quantity), sum(value) FROM costs", nil, &units, &value)
	})
	if err != nil || got.Units != units || got.Value != value || value == 0 {
		t.Errorf("the stores have %d worth %d, the books %d worth %d (%v)", got.Units, got.Value, units, value, err)
	}
	for _, l := range got.Items {
		if l.Value < 0 || l.Units < 0 {
			t.Errorf("%s has %d worth %d", l.LocationName, l.Units, l.Value)
		}
	}
	s.Doctor(t)
}

func TestOverstockIsTheMoneyThatLies(t *testing.T) {
	t.Parallel()
	s := open(t)
	stocked := func(sku string, most, quantity int64, cost money.Amount) int64 {
		v := s.variant(sku, catalog.NewVariant{SKU: sku, MaxStock: &most})
		s.adjust(stock.Received, at(v, quantity, cost))
		return v
	}
	stocked("DEAD", 0, 10, 700)
	slow := stocked("SLOW", 0, 1000, 10)
	stocked("FULL", 20, 25, 100)
	for range 90 {
		s.gone(slow, 1)
		s.Clock.Forward(day)
	}
	stocked("NEW", 20, 22, 100)
	stocked("FINE", 20, 20, 100)
	harbour := s.openStore("Harbour")
	got, err := stock.TooMuch(s.Ctx, s.DB, 0)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, l := range got.Items {
		lines = append(lines, fmt.Sprint(l.SKU, " ", l.Available, " ", l.Sold, " ", l.Excess, " ", *l.Value))
	}
	// Of what sells once a day 90 are enough; of what never sold none.
	if diff := cmp.Diff([]string{"SLOW 910 90 820 8200", "DEAD 10 0 10 7000", "FULL 25 0 25 2500", "NEW 22 0 2 200"}, lines); diff != "" {
		t.Errorf("what is too much (-want +got):\n%s", diff)
	}
	if got.Count != 4 || got.Units != 857 || *got.Value != 17_900 || *got.Items[0].DaysOfCover != 910 || got.Items[1].DaysOfCover != nil {
		t.Errorf("in all: %+v", got)
	}
	got, err = stock.TooMuch(employee(s.Location), s.DB, s.Location)
	if err != nil || got.Value != nil || len(got.Items) != 4 || got.Items[0].Value != nil || got.Items[0].SKU != "SLOW" || got.Items[1].SKU != "FULL" {
		t.Errorf("without costs: %+v, %v", got, err)
	}
	if got, err = stock.TooMuch(employee(harbour), s.DB, 0); err != nil || len(got.Items) != 0 {
		t.Errorf("who sees another store sees %+v, %v", got, err)
	}
}
