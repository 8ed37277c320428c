package purchasing_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/purchasing"
	"onhand/db/settings"
	"onhand/db/stock"
)

const day = 24 * time.Hour

func (s *shop) advice(f purchasing.AdviceFilter) []purchasing.Advice {
	s.t.Helper()
	page, err := purchasing.Replenishment(s.Ctx, s.DB, f)
	if err != nil {
		s.t.Fatal(err)
	}
	return page.Items
}

// adviceOf is what is advised of a variant, nil for nothing.
func (s *shop) adviceOf(variant int64) *purchasing.Advice {
	s.t.Helper()
	for _, a := range s.advice(purchasing.AdviceFilter{}) {
		if a.VariantID == variant {
			return &a
		}
	}
	return nil
}

// stocked is a variant of which so many are here, and that Acme sells on its terms.
func (s *shop) stocked(sku string, quantity int64, v catalog.NewVariant, terms catalog.SupplierItemChange) int64 {
	s.t.Helper()
	v.SKU = sku
	id := s.variant(v)
	s.sells(id, terms)
	s.Receive(id, quantity)
	return id
}

// history lets so many of a variant leave on each day, and ends on the day after.
func (s *shop) history(variant int64, sold ...int64) {
	s.t.Helper()
	for _, n := range sold {
		if n > 0 {
			o, err := s.Sell(variant, n)
			if err == nil {
				_, err = s.Ship(o.ID)
			}
			if err != nil {
				s.t.Fatal(err)
			}
		}
		s.Clock.Forward(day)
	}
}

func repeat(n int, days ...int64) (all []int64) {
	for range n {
		all = append(all, days...)
	}
	return all
}

func TestAdviceIsTheSumOfItsTerms(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.stocked("MUG", 123, catalog.NewVariant{Policy: catalog.Backorder}, catalog.SupplierItemChange{Code: ptr("A-1"), Cost: some(600), LeadTimeDays: ptr(int64(4))})
	s.history(v, repeat(40, 3)...)
	is := func(name string, quantity, available, incoming, drafted, backordered int64) {
		t.Helper()
		a := s.adviceOf(v)
		if quantity == 0 {
			if a != nil {
				t.Errorf("%s: advised is %+v", name, a)
			}
			return
		}
		if a == nil || a.Basis != stock.BySales || a.PerDay != 3 || a.Deviation != 0 || a.LeadTime != (purchasing.LeadTime{Days: 4}) || a.OrderDays != 7 || a.Safety != 0 || a.ReorderPoint != 12 || a.Target != 33 {
			t.Fatalf("%s: advised is %+v", name, a)
		}
		if a.Quantity != quantity || a.Available != available || a.Incoming != incoming || a.Drafted != drafted || a.Backordered != backordered || *a.Cost != money.Amount(600*quantity) {
			t.Errorf("%s: advised is %+v", name, a)
		}
	}
	is("three are left", 30, 3, 0, 0, 0)
	if a := s.adviceOf(v); a.Supplier != "Acme" || a.Code != "A-1" || *a.DaysOfCover != 1 || *a.Cap != 270 || a.OverCap {
		t.Errorf("advised is %+v", a)
	}
	if _, err := s.Sell(v, 5); err != nil {
		t.Fatal(err)
	}
	is("customers wait", 35, 0, 0, 0, 2)
	small := s.draft(s.wants(v, 6, 600))
	is("some are in a draft", 29, 0, 0, 6, 2)
	sent, err := purchasing.Send(s.Ctx, s.DB, small.ID, byPhone)
	if err != nil {
		t.Fatal(err)
	}
	is("some are on their way", 29, 0, 6, 0, 2)
	made, err := purchasing.Draft(s.Ctx, s.DB, purchasing.Wanted{Lines: []purchasing.WantedLine{{v, s.Location, s.acme, 30}}})
	if err != nil || len(made.Orders) != 1 || made.Orders[0].Status != purchasing.PurchaseDraft || made.Orders[0].Lines[0].Quantity != 30 || *made.Orders[0].Lines[0].UnitCost != 600 {
		t.Fatalf("drafted: %+v, %v", made, err)
	}
	is("enough is in drafts", 0, 0, 0, 0, 0)
	if err := s.cancel(made.Orders[0].ID); err != nil {
		t.Fatal(err)
	}
	s.receive(sent, came(sent, 6))
	is("some came, and the draft is gone", 29, 4, 0, 0, 0)
}

func TestWithLittleHistoryTheProductsOwnPointsCount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		v        catalog.NewVariant
		terms    catalog.SupplierItemChange
		here     int64
		quantity int64
		over     bool
	}{
		"twice the reorder point":            {catalog.NewVariant{ReorderPoint: ptr(int64(10))}, catalog.SupplierItemChange{}, 3, 17, false},
		"at the reorder point":               {catalog.NewVariant{ReorderPoint: ptr(int64(10))}, catalog.SupplierItemChange{}, 10, 10, false},
		"above it":                           {catalog.NewVariant{ReorderPoint: ptr(int64(10))}, catalog.SupplierItemChange{}, 11, 0, false},
		"up to the most":                     {catalog.NewVariant{ReorderPoint: ptr(int64(10)), MaxStock: ptr(int64(50))}, catalog.SupplierItemChange{}, 3, 47, false},
		"in whole packs, more than the most": {catalog.NewVariant{ReorderPoint: ptr(int64(10)), MaxStock: ptr(int64(50))}, catalog.SupplierItemChange{PackSize: ptr(int64(12))}, 3, 48, true},
		"no less than the supplier sells":    {catalog.NewVariant{ReorderPoint: ptr(int64(10))}, catalog.SupplierItemChange{MOQ: ptr(int64(100))}, 3, 100, false},
		"not below a most that is below it":  {catalog.NewVariant{ReorderPoint: ptr(int64(10)), MaxStock: ptr(int64(5))}, catalog.SupplierItemChange{}, 5, 0, false},
		"nothing of what is never reordered": {catalog.NewVariant{ReorderPoint: ptr(int64(0))}, catalog.SupplierItemChange{}, 1, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			v := s.stocked("MUG", c.here, c.v, c.terms)
			s.history(v, repeat(29, 0)...)
			a := s.adviceOf(v)
			if c.quantity == 0 {
				if a != nil {
					t.Errorf("advised is %+v", a)
				}
				return
			}
			if a == nil || a.Basis != stock.ByRule || a.Quantity != c.quantity || a.OverCap != c.over {
				t.Errorf("advised is %+v", a)
			}
		})
	}
}

func TestAdviceIsOfThePlacesAndCostsThatSomebodySees(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	var goods []int64
	for i := range 3 {
		goods = append(goods, s.stocked(fmt.Sprint("MUG-", i), 1, catalog.NewVariant{Cost: ptr(money.Amount(500))}, catalog.SupplierItemChange{}))
	}
	other := s.variant(catalog.NewVariant{SKU: "POT"})
	s.Receive(other, 1)
	names := func(f purchasing.AdviceFilter) (all []string) {
		for {
			page, err := purchasing.Replenishment(s.Ctx, s.DB, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page.Items {
				all = append(all, a.SKU)
			}
			if f.After = page.Next; f.After == "" {
				return all
			}
		}
	}
	for size := range 4 {
		if got := fmt.Sprint(names(purchasing.AdviceFilter{List: db.List{Limit: size + 1}})); got != "[MUG-0 MUG-1 MUG-2 POT]" {
			t.Errorf("in pages of %d: %s", size+1, got)
		}
	}
	if got := fmt.Sprint(names(purchasing.AdviceFilter{SupplierID: s.acme})); got != "[MUG-0 MUG-1 MUG-2]" {
		t.Errorf("of Acme: %s", got)
	}
	if got := names(purchasing.AdviceFilter{LocationID: harbour}); len(got) != 0 {
		t.Errorf("at the harbour: %s", got)
	}
	see := func(permissions []string, locations ...int64) []purchasing.Advice {
		t.Helper()
		ctx := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow(permissions...), Locations: locations})
		page, err := purchasing.Replenishment(ctx, s.DB, purchasing.AdviceFilter{})
		if err != nil {
			t.Fatal(err)
		}
		return page.Items
	}
	if got := see([]string{"purchases.read"}, harbour); len(got) != 0 {
		t.Errorf("who sees the harbour sees %+v", got)
	}
	if got := see([]string{"purchases.read"}, s.Location); len(got) != 4 || got[0].UnitCost != nil || got[0].Cost != nil {
		t.Errorf("without costs one sees %+v", got)
	}
	if got := see([]string{"purchases.read", "cost.read"}); len(got) != 4 || *got[0].UnitCost != 500 || *got[0].Cost != 500*money.Amount(got[0].Quantity) || got[3].UnitCost != nil || got[3].SupplierID != nil {
		t.Errorf("with costs one sees %+v", got)
	}
	s.archive(goods[0])
	if got := fmt.Sprint(names(purchasing.AdviceFilter{})); got != "[MUG-1 MUG-2 POT]" {
		t.Errorf("of what is sold still: %s", got)
	}
}

func TestDraftsAreMadePerSupplierAndStore(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	bolt := s.supplier(catalog.NewSupplier{Name: "Bolt"})
	var goods []int64
	for i := range 101 {
		goods = append(goods, s.variant(catalog.NewVariant{SKU: fmt.Sprint("V", i)}))
	}
	in := purchasing.Wanted{}
	for _, v := range goods {
		in.Lines = append(in.Lines, purchasing.WantedLine{VariantID: v, LocationID: s.Location, SupplierID: s.acme, Quantity: 1})
	}
	in.Lines = append(in.Lines, purchasing.WantedLine{VariantID: goods[0], LocationID: harbour, SupplierID: s.acme, Quantity: 2}, purchasing.WantedLine{VariantID: goods[1], LocationID: s.Location, SupplierID: bolt, Quantity: 3})
	made, err := purchasing.Draft(db.WithKey(s.Ctx, "POST /replenishment/orders", "1"), s.DB, in)
	if err != nil {
		t.Fatal(err)
	}
	again, err := purchasing.Draft(db.WithKey(s.Ctx, "POST /replenishment/orders", "1"), s.DB, in)
	if err != nil || len(again.Orders) != 4 || again.Orders[3].ID != made.Orders[3].ID {
		t.Errorf("sent twice: %+v, %v", again, err)
	}
	var got []string
	for _, p := range made.Orders {
		got = append(got, fmt.Sprint(p.SupplierName, " ", p.LocationID, " ", len(p.Lines)))
	}
	if want := fmt.Sprintf("[Acme %d 100 Acme %d 1 Acme %d 1 Bolt %d 1]", s.Location, s.Location, harbour, s.Location); fmt.Sprint(got) != want {
		t.Errorf("made are %v, not %s", got, want)
	}
	for name, c := range map[string]struct {
		line  purchasing.WantedLine
		field string
	}{
		"no such product":  {purchasing.WantedLine{VariantID: 999, LocationID: s.Location, SupplierID: bolt, Quantity: 1}, "lines[1].variantId"},
		"no such supplier": {purchasing.WantedLine{VariantID: goods[0], LocationID: s.Location, SupplierID: 999, Quantity: 1}, "lines[1].supplierId"},
		"no such store":    {purchasing.WantedLine{VariantID: goods[0], LocationID: 999, SupplierID: bolt, Quantity: 1}, "lines[1].locationId"},
	} {
		before := s.orders()
		_, err := purchasing.Draft(s.Ctx, s.DB, purchasing.Wanted{Lines: []purchasing.WantedLine{{goods[0], s.Location, s.acme, 1}, c.line}})
		var e *db.Error
		if !errors.As(err, &e) || e.Code != "not_found" || e.Field != c.field {
			t.Errorf("%s: %v at %q", name, err, e.Field)
		}
		if after := s.orders(); after != before {
			t.Errorf("%s: %d orders became %d", name, before, after)
		}
	}
	s.Doctor(t)
}

func (s *shop) orders() (n int64) {
	s.t.Helper()
	if err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error { return tx.Row("SELECT count(*) FROM purchase_orders", nil, &n) }); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *shop) archive(variant int64) {
	s.t.Helper()
	var product int64
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT product_id FROM variants WHERE id = ?1", []any{variant}, &product)
	})
	if err == nil {
		_, err = catalog.Archive(s.Ctx, s.DB, product)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestAdviceEqualsTheFormula lets goods sell at random for some time, each on terms of its own, and works the advice out once more.
func TestAdviceEqualsTheFormula(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := open(t)
			r := rand.New(rand.NewPCG(seed, 7))
			level, orderDays, days := 50+r.IntN(50), 1+r.IntN(60), 30+r.IntN(71)
			if _, err := settings.Save(s.Ctx, s.DB, settings.Change{ServiceLevel: &level, OrderDays: &orderDays}); err != nil {
				t.Fatal(err)
			}
			goods := make([]*sold, 25)
			for i := range goods {
				g := &sold{lead: 1 + r.Int64N(30), moq: 1 + r.Int64N(30), pack: 1 + r.Int64N(12), most: max(0, r.Int64N(200)-100), left: r.Int64N(60), each: make([]int64, days)}
				there := g.left
				for d, busy := 0, 1+r.Int64N(9); d < days; d++ {
					g.each[d] = max(0, r.Int64N(2*busy)-busy/2)
					there += g.each[d]
				}
				g.variant = s.stocked(fmt.Sprint("V", i), max(1, there), catalog.NewVariant{MaxStock: &g.most}, catalog.SupplierItemChange{MOQ: &g.moq, PackSize: &g.pack, LeadTimeDays: &g.lead})
				g.left += max(1, there) - there
				goods[i] = g
			}
			for d := range days {
				var lines []int64
				for _, g := range goods {
					if g.each[d] > 0 {
						lines = append(lines, g.variant, g.each[d])
					}
				}
				if len(lines) > 0 {
					if _, err := s.SellLines(false, true, lines...); err != nil {
						t.Fatal(err)
					}
				}
				s.Clock.Forward(day)
			}
			advised := map[int64]purchasing.Advice{}
			for _, a := range s.advice(purchasing.AdviceFilter{}) {
				advised[a.VariantID] = a
			}
			ordered := 0
			for _, g := range goods {
				a, there := advised[g.variant]
				quantity, known := g.needs(level, orderDays)
				if !known {
					continue
				}
				if ordered++; there != (quantity > 0) || a.Quantity != quantity {
					t.Errorf("order %d, not %d of %+v: %+v", quantity, a.Quantity, g, a)
				}
			}
			if ordered < 10 {
				t.Errorf("only %d of the goods had a history", ordered)
			}
		})
	}
}

// sold is what became of a variant on each day, and its terms.
type sold struct {
	variant, lead, moq, pack, most, left int64
	each                                 []int64
}

// needs is DESIGN.md 4 from the days themselves: the last 90 of them, of which those count on which there was something.
func (g *sold) needs(level, orderDays int) (quantity int64, known bool) {
	var n, total, squares float64
	there := g.left
	for _, q := range g.each {
		there += q
	}
	for i, q := range g.each {
		if len(g.each)-i <= 90 && there > 0 {
			n, total, squares = n+1, total+float64(q), squares+float64(q*q)
		}
		there -= q
	}
	if n < 30 || total == 0 {
		return 0, false
	}
	d := total / n
	safety := normal(level) * math.Sqrt(float64(g.lead)*(squares-n*d*d)/(n-1))
	point, target := int64(math.Ceil(d*float64(g.lead)+safety-1e-6)), int64(math.Ceil(d*float64(int(g.lead)+orderDays)+safety-1e-6))
	if g.most > 0 {
		target = min(target, g.most)
	}
	if g.left > point || g.left >= target {
		return 0, true
	}
	quantity = max(target-g.left, g.moq)
	for quantity%g.pack != 0 {
		quantity++
	}
	return quantity, true
}

// normal is Z by halving an interval of the distribution function.
func normal(level int) float64 {
	low, high := -10.0, 10.0
	for range 200 {
		if mid := (low + high) / 2; 0.5*(1+math.Erf(mid/math.Sqrt2)) < float64(level)/100 {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

func some(a money.Amount) money.Optional { return money.Some(&a) }

// BenchmarkReplenishment lists the first 200 of what to buy where one product in ten has to be bought, each with 90 days of sales.
func BenchmarkReplenishment(b *testing.B) {
	for _, variants := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(variants), func(b *testing.B) {
			s := open(b)
			s.Receive(s.variant(catalog.NewVariant{SKU: "MODEL"}), 1)
			file, err := sql.Open("sqlite", filepath.Join(s.Dir(), db.FileName)+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
			if err != nil {
				b.Fatal(err)
			}
			defer file.Close()
			for _, q := range []string{
				`INSERT INTO products (id, slug, name, name_key, description, tax_rate, published, options, version, created_at, updated_at) SELECT n, 's' || n, 'n', 'n', '', 0, 1, '[]', 1, 0, 0 FROM i`,
				`INSERT INTO variants (id, product_id, sku, sku_key, title, name, name_key, words, options, option_key, price, cost, reorder_point, tracked, policy, position, created_at, updated_at)
					SELECT n, n, 'V' || n, 'v' || n, '', 'V' || n, printf('v%06d', n), '', '{}', '', 1, 600, 10, 1, 'deny', 0, 0, 0 FROM i`,
				`INSERT INTO supplier_items (supplier_id, variant_id, code, code_key, moq, pack_size, lead_days, preferred, version, created_at, updated_at) SELECT 1, n, '', '', 1, 1, 5, 1, 1, 0, 0 FROM i`,
				`INSERT INTO levels (variant_id, location_id, on_hand) SELECT n, 1, iif(n % 10 = 0, 3, 500) FROM i`,
				`INSERT INTO stock_days (variant_id, location_id, date, carried, closing, sold) SELECT i.n, 1, date('2026-11-20', (1 - d.n) || ' days'), 0, 3, d.n % 4 FROM i CROSS JOIN (SELECT n FROM i WHERE n <= 91) d`,
			} {
				if _, err := file.Exec("WITH RECURSIVE i (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM i WHERE n < ?1) "+q, variants); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if got := s.advice(purchasing.AdviceFilter{List: db.List{Limit: 200}}); len(got) < 90 {
					b.Fatal(len(got))
				}
			}
		})
	}
}
