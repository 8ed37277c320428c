package purchasing_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/purchasing"
	"onhand/db/settings"
	"onhand/db/stock"
)

// bookCase is an example of inventory_math.json of the reference data: what textbooks give, and what they say comes of it.
type bookCase struct {
	Kind, Src, Test string
	Inp, Out        json.RawMessage
}

// books are the shop's answers to the kinds of examples. None is left out.
var books = map[string]func(t *testing.T, c bookCase){
	"EOQ":                 economicQuantity,
	"EOQ + reorder point": quantityAndPoint,
	"ABC analysis":        classes,
}

func TestTheBooksAnswersAreOurs(t *testing.T) {
	t.Parallel()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	b, err := os.ReadFile(filepath.Join(root, "cases", "inventory_math.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []bookCase
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	for kind := range books {
		if !slices.ContainsFunc(cases, func(c bookCase) bool { return c.Kind == kind }) {
			t.Errorf("there is no example of %s", kind)
		}
	}
	for _, c := range cases {
		t.Run(c.Test, func(t *testing.T) {
			t.Parallel()
			if books[c.Kind] == nil {
				t.Fatalf("nothing here answers to %s", c.Kind)
			}
			books[c.Kind](t, c)
		})
	}
}

// read takes an example apart; a figure that nothing here compares fails the test.
func read(t *testing.T, from json.RawMessage, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(from))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func economicQuantity(t *testing.T, c bookCase) {
	var in struct {
		FixedCost    float64 `json:"fixed_cost"`
		HoldingCost  float64 `json:"holding_cost_per_unit_year"`
		AnnualDemand int64   `json:"annual_demand"`
	}
	var out struct {
		Quantity float64 `json:"order_quantity"`
		Cost     float64 `json:"annual_cost"`
	}
	read(t, c.Inp, &in)
	read(t, c.Out, &out)
	e := economicOf(t, in.FixedCost, in.HoldingCost, in.AnnualDemand)
	if e.Quantity != int64(math.Round(out.Quantity)) || !near(e.Ordering+e.Holding, out.Cost) {
		t.Errorf("%+v, not %+v", e, out)
	}
}

func quantityAndPoint(t *testing.T, c bookCase) {
	var in struct {
		AnnualDemand int64   `json:"annual_demand"`
		OrderCost    float64 `json:"order_cost"`
		HoldingCost  float64 `json:"holding_cost_per_unit_year"`
		WorkingDays  int64   `json:"working_days"`
		LeadTime     int64   `json:"lead_time_days"`
	}
	var out struct {
		Quantity  float64 `json:"order_quantity"`
		PerYear   float64 `json:"orders_per_year"`
		PerDay    float64 `json:"daily_demand"`
		Point     int64   `json:"reorder_point"`
		Ordering  float64 `json:"annual_ordering_cost"`
		HoldingOf float64 `json:"annual_holding_cost"`
	}
	read(t, c.Inp, &in)
	read(t, c.Out, &out)
	e := economicOf(t, in.OrderCost, in.HoldingCost, in.AnnualDemand)
	if float64(e.Quantity) != out.Quantity || e.PerYear != out.PerYear || !near(e.Ordering, out.Ordering) || !near(e.Holding, out.HoldingOf) {
		t.Errorf("%+v, not %+v", e, out)
	}
	// The book counts the days on which the shop is open, for its demand and for the lead time alike.
	s := open(t)
	v := s.stocked("MUG", 40*in.AnnualDemand/in.WorkingDays+1, catalog.NewVariant{}, catalog.SupplierItemChange{LeadTimeDays: &in.LeadTime})
	s.history(v, repeat(40, in.AnnualDemand/in.WorkingDays)...)
	if a := s.adviceOf(v); a == nil || a.PerDay != out.PerDay || a.ReorderPoint != out.Point {
		t.Errorf("%+v, not %+v", a, out)
	}
}

// economicOf is the economic order of goods that sell so many a year, in a shop that says what orders and keeping cost.
func economicOf(t *testing.T, order, holding float64, demand int64) *purchasing.EconomicOrder {
	t.Helper()
	const rate = 25_000
	s := open(t)
	s.say(settings.Change{OrderCost: ptr(minor(order)), HoldingRate: ptr(money.Rate(rate))})
	// 73 days are a fifth of a year.
	v := s.stocked("MUG", demand/5+1, catalog.NewVariant{}, catalog.SupplierItemChange{Cost: some(minor(holding * float64(money.Whole) / rate)), LeadTimeDays: ptr(int64(1))})
	s.history(v, demand/5)
	s.Receive(v, 1) // so that there is something on each of them
	s.history(v, repeat(72, 0)...)
	a := s.adviceOf(v)
	if a == nil || a.Economic == nil || a.Economic.Demand != demand {
		t.Fatalf("advised is %+v", a)
	}
	return a.Economic
}

func classes(t *testing.T, c bookCase) {
	var in struct {
		Items []struct {
			Item     int64
			UnitCost float64 `json:"unit_cost"`
			Demand   int64   `json:"annual_demand"`
		}
	}
	var out struct {
		Total  float64 `json:"total_usage"`
		Ranked []struct {
			Item       int64
			Value      float64 `json:"usage_value"`
			Percent    float64
			Cumulative float64 `json:"cumulative_percent"`
			Before     float64 `json:"cumulative_before"`
		}
		Note string
	}
	read(t, c.Inp, &in)
	read(t, c.Out, &out)
	// The note says it in words: "A=107,101 (...), B=109,105,102 (...), C=the other five (...)".
	usual := map[int64]stock.Class{107: stock.ClassA, 101: stock.ClassA, 109: stock.ClassB, 105: stock.ClassB, 102: stock.ClassB}
	s := open(t)
	item := map[int64]int64{}
	for _, i := range in.Items {
		v := s.variant(catalog.NewVariant{SKU: "V" + string(rune('A'+len(item))), Cost: ptr(minor(i.UnitCost))})
		s.Receive(v, i.Demand+1)
		s.history(v, i.Demand)
		item[v] = i.Item
	}
	if err := stock.Classify(s.Ctx, s.DB); err != nil {
		t.Fatal(err)
	}
	ranked, err := stock.Ranking(s.Ctx, s.DB)
	if err != nil || len(ranked) != len(out.Ranked) {
		t.Fatalf("%+v, %v", ranked, err)
	}
	last := ranked[len(ranked)-1]
	total := last.Before + last.Value
	if !near(total, out.Total) {
		t.Errorf("all that was sold is worth %d", total)
	}
	percent := func(of money.Amount) float64 { return math.Round(float64(of)*10_000/float64(total)) / 100 }
	for i, r := range ranked {
		w := out.Ranked[i]
		if item[r.VariantID] != w.Item || !near(r.Value, w.Value) || percent(r.Value) != w.Percent || percent(r.Before+r.Value) != w.Cumulative || percent(r.Before) != w.Before {
			t.Errorf("%d. is %d: %+v, not %+v", i+1, item[r.VariantID], r, w)
		}
	}
	page, err := stock.Levels(s.Ctx, s.DB, stock.LevelFilter{List: db.List{Limit: 200}})
	if err != nil || len(page.Items) != len(in.Items) {
		t.Fatalf("%+v, %v", page, err)
	}
	for _, l := range page.Items {
		want := usual[item[l.VariantID]]
		if want == "" {
			want = stock.ClassC
		}
		if l.Class != want {
			t.Errorf("%d is of class %q, not %q", item[l.VariantID], l.Class, want)
		}
	}
}

// near says whether an amount is what a book says, to the minor unit that rounding makes.
func near(a money.Amount, book float64) bool { return math.Abs(float64(a)-100*book) <= 1 }

func minor(units float64) money.Amount { return money.Amount(math.Round(100 * units)) }

func (s *shop) say(in settings.Change) {
	s.t.Helper()
	if _, err := settings.Save(s.Ctx, s.DB, in); err != nil {
		s.t.Fatal(err)
	}
}
