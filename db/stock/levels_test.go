package stock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/stock"
)

// list are the rows of a list as "SKU@location state available".
func (s *shop) list(ctx context.Context, f stock.LevelFilter) (rows []string) {
	s.t.Helper()
	page, err := stock.Levels(ctx, s.DB, f)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range page.Items {
		rows = append(rows, fmt.Sprintf("%s@%d %s %d", l.SKU, l.LocationID, l.State, l.Available))
	}
	return rows
}

// shelves is a shop with levels in every state, at two locations.
func shelves(t *testing.T) (s *shop, second int64) {
	s = open(t)
	second = s.openStore("Second store")
	ten := s.variant("Äpfel", catalog.NewVariant{SKU: "TEN", Price: 1, ReorderPoint: ptr(int64(10))})
	s.adjust(stock.Received, by(ten, 11))
	s.at(second).adjust(stock.Received, by(ten, 10))
	out := s.variant("Birne", catalog.NewVariant{SKU: "OUT", Price: 1, ReorderPoint: ptr(int64(0)), Policy: catalog.Backorder})
	s.adjust(stock.Received, by(out, 2))
	s.sell(out, 3)
	zero := s.variant("Citrone", catalog.NewVariant{SKU: "ZERO_%", Price: 1, ReorderPoint: ptr(int64(0))})
	s.adjust(stock.Received, by(zero, 1))
	s.variant("Dattel", catalog.NewVariant{SKU: "NEVER", Price: 1})
	bag := s.variant("Ebag", catalog.NewVariant{SKU: "BAG", Price: 1})
	s.adjust(stock.Received, by(bag, 1))
	s.change(bag, catalog.VariantChange{Tracked: ptr(false)})
	for _, sku := range []string{"GONE", "KEPT"} {
		id := s.variant("Feige", catalog.NewVariant{SKU: sku, Price: 1, ReorderPoint: ptr(int64(0))})
		s.adjust(stock.Received, by(id, 1))
		if sku == "GONE" {
			s.adjust(stock.Waste, by(id, -1))
		}
		if _, err := catalog.Archive(s.Ctx, s.DB, s.product(id)); err != nil {
			t.Fatal(err)
		}
	}
	return s, second
}

func (s *shop) product(variant int64) (id int64) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT product_id FROM variants WHERE id = ?1", []any{variant}, &id)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *shop) change(variant int64, v catalog.VariantChange) {
	s.t.Helper()
	v.ID = variant
	if _, err := catalog.Update(s.Ctx, s.DB, s.product(variant), catalog.ProductChange{Variants: []catalog.VariantChange{v}}); err != nil {
		s.t.Fatal(err)
	}
}

func TestTheStockListShowsWhatIsWhere(t *testing.T) {
	t.Parallel()
	s, second := shelves(t)
	for _, c := range []struct {
		name string
		f    stock.LevelFilter
		want []string
	}{
		{"all", stock.LevelFilter{}, []string{"TEN@1 ok 11", "TEN@2 low 10", "OUT@1 out 0", "ZERO_%@1 ok 1", "KEPT@1 ok 1"}},
		{"of a store", stock.LevelFilter{LocationID: second}, []string{"TEN@2 low 10"}},
		{"low", stock.LevelFilter{States: []stock.State{stock.Low}}, []string{"TEN@2 low 10"}},
		{"low or out", stock.LevelFilter{States: []stock.State{stock.Low, stock.Out}}, []string{"TEN@2 low 10", "OUT@1 out 0"}},
		{"ok", stock.LevelFilter{States: []stock.State{stock.OK}, LocationID: 1}, []string{"TEN@1 ok 11", "ZERO_%@1 ok 1", "KEPT@1 ok 1"}},
		{"of a variant", stock.LevelFilter{VariantID: 1}, []string{"TEN@1 ok 11", "TEN@2 low 10"}},
		{"of a product", stock.LevelFilter{ProductID: 2}, []string{"OUT@1 out 0"}},
		{"by a word", stock.LevelFilter{List: db.List{Q: "citr"}}, []string{"ZERO_%@1 ok 1"}},
		{"by a word in other letters", stock.LevelFilter{List: db.List{Q: "aPFEL"}}, []string{"TEN@1 ok 11", "TEN@2 low 10"}},
		{"by SKU", stock.LevelFilter{List: db.List{Q: "out"}}, []string{"OUT@1 out 0"}},
		{"by two letters of a name", stock.LevelFilter{List: db.List{Q: "bi"}}, []string{"OUT@1 out 0"}},
		{"by two letters of a SKU", stock.LevelFilter{List: db.List{Q: "te"}}, []string{"TEN@1 ok 11", "TEN@2 low 10"}},
		{"by a letter with an accent", stock.LevelFilter{List: db.List{Q: "ä"}}, []string{"TEN@1 ok 11", "TEN@2 low 10"}},
		{"by the same without it", stock.LevelFilter{List: db.List{Q: "Ap"}}, []string{"TEN@1 ok 11", "TEN@2 low 10"}},
		{"by a wildcard", stock.LevelFilter{List: db.List{Q: "%"}}, nil},
		{"by what nobody sells", stock.LevelFilter{List: db.List{Q: "xyz"}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, s.list(s.Ctx, c.f)); diff != "" {
				t.Errorf("the list (-want +got):\n%s", diff)
			}
		})
	}
	s.Doctor(t)
}

func TestTooMuchIsAStateOfItsOwn(t *testing.T) {
	t.Parallel()
	s := open(t)
	sku := func(sku string, most, has int64) {
		id := s.variant(sku, catalog.NewVariant{SKU: sku, Price: 1, ReorderPoint: ptr(int64(0)), MaxStock: ptr(most)})
		s.adjust(stock.Received, by(id, has))
	}
	sku("A-FULL", 10, 10)
	sku("B-OVER", 10, 11)
	sku("C-OPEN", 0, 1000)
	sku("D-OVER", 1, 2)
	over := stock.LevelFilter{List: db.List{Limit: 1}, States: []stock.State{stock.Over}}
	if diff := cmp.Diff([]string{"B-OVER@1 over 11"}, s.list(s.Ctx, over)); diff != "" {
		t.Errorf("the first page of too much (-want +got):\n%s", diff)
	}
	over.After = db.Cursor("b-over", 2, 1)
	if diff := cmp.Diff([]string{"D-OVER@1 over 2"}, s.list(s.Ctx, over)); diff != "" {
		t.Errorf("the second (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"A-FULL@1 ok 10", "C-OPEN@1 ok 1000"}, s.list(s.Ctx, stock.LevelFilter{States: []stock.State{stock.OK}})); diff != "" {
		t.Errorf("what is well (-want +got):\n%s", diff)
	}
	s.Clock.Forward(89 * 24 * time.Hour)
	if got := s.list(s.Ctx, over); len(got) != 1 {
		t.Errorf("after 89 days without a sale too much is %q", got)
	}
	s.Clock.Forward(24 * time.Hour)
	over = stock.LevelFilter{States: []stock.State{stock.Over}}
	if diff := cmp.Diff([]string{"A-FULL@1 over 10", "B-OVER@1 over 11", "C-OPEN@1 over 1000", "D-OVER@1 over 2"}, s.list(s.Ctx, over)); diff != "" {
		t.Errorf("after 90 days without a sale (-want +got):\n%s", diff)
	}
}

func TestPagesGoOnThroughEqualNames(t *testing.T) {
	t.Parallel()
	s := open(t)
	second := s.openStore("Second store")
	for i := range 7 {
		id := s.variant("Same name", catalog.NewVariant{SKU: fmt.Sprint("S", i), Price: 1})
		s.adjust(stock.Received, by(id, int64(i+1)))
		s.at(second).adjust(stock.Received, by(id, int64(i+1)))
	}
	whole := s.list(s.Ctx, stock.LevelFilter{})
	if len(whole) != 14 {
		t.Fatalf("%d rows", len(whole))
	}
	for size := 1; size <= 14; size++ {
		var paged []string
		for f := (stock.LevelFilter{List: db.List{Limit: size}}); len(paged) <= len(whole); {
			page, err := stock.Levels(s.Ctx, s.DB, f)
			if err != nil {
				t.Fatal(err)
			}
			paged = append(paged, s.list(s.Ctx, f)...)
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		if diff := cmp.Diff(whole, paged); diff != "" {
			t.Errorf("in pages of %d (-whole +paged):\n%s", size, diff)
		}
	}
	if _, err := stock.Levels(s.Ctx, s.DB, stock.LevelFilter{List: db.List{After: "nowhere"}}); db.CodeOf(err) != "bad_cursor" {
		t.Errorf("a place that is none: %v", err)
	}
	if _, err := stock.Movements(s.Ctx, s.DB, stock.MovementFilter{List: db.List{After: db.Cursor("a")}}); db.CodeOf(err) != "bad_cursor" {
		t.Errorf("a place that is none: %v", err)
	}
}

func TestMovementsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	second := s.at(s.openStore("Second store"))
	mug, cup := s.Stocked("MUG", 0), s.Stocked("CUP", 0)
	for i := range 4 {
		s.adjust(stock.Received, by(mug, int64(10+i)))
		second.adjust(stock.FoundStock, by(mug, int64(20+i)))
		s.adjust(stock.Received, by(cup, int64(30+i)))
	}
	for name, c := range map[string]struct {
		f    stock.MovementFilter
		want []int64
	}{
		"all":                         {stock.MovementFilter{}, []int64{33, 23, 13, 32, 22, 12, 31, 21, 11, 30, 20, 10}},
		"of a variant":                {stock.MovementFilter{VariantID: mug}, []int64{23, 13, 22, 12, 21, 11, 20, 10}},
		"of a store":                  {stock.MovementFilter{LocationID: s.Location}, []int64{33, 13, 32, 12, 31, 11, 30, 10}},
		"of a variant at a store":     {stock.MovementFilter{VariantID: mug, LocationID: second.Location}, []int64{23, 22, 21, 20}},
		"of what is not there at all": {stock.MovementFilter{VariantID: 404}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []int64
			for f := c.f; len(got) <= len(c.want); {
				f.Limit = 3
				page, err := stock.Movements(s.Ctx, s.DB, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range page.Items {
					got = append(got, m.Delta)
				}
				if f.After = page.Next; f.After == "" {
					break
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("the movements (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryQuantityExplainsItself(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.variant("Mug", catalog.NewVariant{SKU: "MUG", Price: 1, Policy: catalog.Backorder})
	for i := range 120 {
		s.adjust(stock.Received, by(mug, int64(i%3+1)))
		if i%20 == 0 {
			s.sell(mug, 15)
		}
		if i%2 == 0 {
			e := s.explain(mug)
			addsUp(t, e)
			if want := min(i+1, 100); len(e.Movements) != want {
				t.Fatalf("after %d movements %d are shown", i+1, len(e.Movements))
			}
		}
	}
	s.sell(mug, 300)
	e := s.explain(mug)
	addsUp(t, e)
	if e.Opening == 0 || e.Backordered == 0 || e.SKU != "MUG" || e.Name != "Mug" || e.LocationName != "Main store" || len(e.IncomingLine) != 0 {
		t.Errorf("explained as %+v", e)
	}
	if !slices.IsSortedFunc(e.Reservations, func(a, b stock.Reservation) int { return int(a.OrderID - b.OrderID) }) {
		t.Errorf("reservations are not listed oldest first: %+v", e.Reservations)
	}
	never := s.explain(s.Stocked("NEVER", 0))
	addsUp(t, never)
	if never.OnHand != 0 || len(never.Movements) != 0 {
		t.Errorf("nothing is explained as %+v", never)
	}
	for name, err := range map[string]error{
		"variant":  failure(stock.Explain(s.Ctx, s.DB, 404, s.Location)),
		"location": failure(stock.Explain(s.Ctx, s.DB, mug, 404)),
	} {
		if db.CodeOf(err) != "not_found" || !strings.Contains(err.Error(), name) {
			t.Errorf("an unknown %s: %v", name, err)
		}
	}
	s.Doctor(t)
}

func addsUp(t testing.TB, e *stock.Explanation) {
	t.Helper()
	onHand, committed, short := e.Opening, int64(0), int64(0)
	for _, m := range slices.Backward(e.Movements) {
		if onHand += m.Delta; m.Balance != onHand {
			t.Fatalf("movement %d leaves %d, its balance says %d", m.ID, onHand, m.Balance)
		}
	}
	for _, r := range e.Reservations {
		committed += r.Covered
		short += r.Short
		if r.Covered+r.Short != r.Quantity {
			t.Fatalf("reservation %+v", r)
		}
	}
	if onHand != e.OnHand || committed != e.Committed || short != e.Backordered || e.Available != e.OnHand-e.Committed-e.Unavailable {
		t.Fatalf("%d, %d and %d explain on hand %d, committed %d, backordered %d (available %d)", onHand, committed, short, e.OnHand, e.Committed, e.Backordered, e.Available)
	}
}

func TestAStoreSeesAndChangesItsStockOnly(t *testing.T) {
	t.Parallel()
	s, second := shelves(t)
	eva := employee(second)
	if got := s.list(eva, stock.LevelFilter{}); !cmp.Equal(got, []string{"TEN@2 low 10"}) {
		t.Errorf("the second store lists %v", got)
	}
	if got := s.list(eva, stock.LevelFilter{LocationID: s.Location}); got != nil {
		t.Errorf("of the main store it lists %v", got)
	}
	page, err := stock.Movements(eva, s.DB, stock.MovementFilter{})
	if err != nil || len(page.Items) != 1 || page.Items[0].LocationID != second {
		t.Errorf("its movements: %+v, %v", page.Items, err)
	}
	places, err := stock.Locations(eva, s.DB)
	if err != nil || len(places.Items) != 1 || places.Items[0].Name != "Second store" || places.Items[0].IsDefault {
		t.Errorf("its locations: %+v, %v", places.Items, err)
	}
	s.refused(t, "not_found", "locationId", func() error {
		_, err := stock.Adjust(eva, s.DB, stock.Adjustment{LocationID: s.Location, Reason: stock.Theft, Lines: []stock.AdjustLine{by(1, -1)}})
		return err
	})
	s.refused(t, "not_found", "", func() error { return failure(stock.Explain(eva, s.DB, 1, s.Location)) })
	s.refused(t, "not_found", "", func() error {
		return failure(stock.ChangeLocation(eva, s.DB, s.Location, stock.LocationChange{Name: ptr("Mine")}))
	})
	if _, err := stock.Adjust(eva, s.DB, stock.Adjustment{LocationID: second, Reason: stock.Theft, Lines: []stock.AdjustLine{by(1, -1)}}); err != nil {
		t.Errorf("at their own store: %v", err)
	}
	events, err := db.Events(eva, s.DB, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.LocationID != nil && *e.LocationID != second {
			t.Errorf("they hear of %+v", e)
		}
	}
}

func TestMovementsShowCostsToThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	s.adjust(stock.Received, at(mug, 1, 101), at(mug, 1, 100))
	s.adjust(stock.Waste, by(mug, -2))
	if m := s.movements(stock.MovementFilter{})[0]; m.UnitCost == nil || *m.UnitCost != money.Amount(101) { // 201 for two
		t.Errorf("the owner sees %v", m.UnitCost)
	}
	page, err := stock.Movements(employee(), s.DB, stock.MovementFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := json.Marshal(page); strings.Contains(strings.ToLower(string(b)), "cost") {
		t.Errorf("an employee sees %s", b)
	}
}

func TestALocationIsOpenedAndRenamed(t *testing.T) {
	t.Parallel()
	s := open(t)
	l, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: "  Store\u0020two "})
	if err != nil || l.Name != "Store two" || l.IsDefault || l.Version != 1 {
		t.Fatalf("opened %+v, %v", l, err)
	}
	for name, code := range map[string]string{"STORE TWO": "name_taken", "": "required", "a\nb": "bad_text", strings.Repeat("a", 101): "too_long"} {
		if err := failure(stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: name})); db.CodeOf(err) != code {
			t.Errorf("%q: %v", name, err)
		}
		if err := failure(stock.ChangeLocation(s.Ctx, s.DB, s.Location, stock.LocationChange{Name: &name})); db.CodeOf(err) != code {
			t.Errorf("renamed to %q: %v", name, err)
		}
	}
	if err := failure(stock.ChangeLocation(s.Ctx, s.DB, l.ID, stock.LocationChange{Version: ptr(int64(7)), Name: ptr("x")})); db.CodeOf(err) != "stale" {
		t.Errorf("a stale version: %v", err)
	}
	same, err := stock.ChangeLocation(s.Ctx, s.DB, l.ID, stock.LocationChange{Name: &l.Name})
	if err != nil || same.Version != 1 {
		t.Errorf("its own name: %+v, %v", same, err)
	}
	renamed, err := stock.ChangeLocation(s.Ctx, s.DB, l.ID, stock.LocationChange{Version: &l.Version, Name: ptr("store TWO")})
	if err != nil || renamed.Name != "store TWO" || renamed.Version != 2 {
		t.Errorf("renamed: %+v, %v", renamed, err)
	}
	places, err := stock.Locations(s.Ctx, s.DB)
	if err != nil || len(places.Items) != 2 || places.Items[0].Name != "Main store" || !places.Items[0].IsDefault {
		t.Errorf("the locations: %+v, %v", places.Items, err)
	}
}

func TestNoStockListSortsItsRows(t *testing.T) {
	t.Parallel()
	s := open(t)
	after, moved := db.Cursor("name", 1, 1), db.Cursor(9)
	for name, c := range map[string]struct {
		query interface {
			Query(*db.Tx) (string, []any, error)
		}
		want string
	}{
		"levels":                           {stock.LevelFilter{}, "variants_by_name"},
		"levels of a store":                {stock.LevelFilter{LocationID: 1}, "variants_by_name"},
		"levels, low":                      {stock.LevelFilter{States: []stock.State{stock.Low}}, "variants_by_name"},
		"levels, too much":                 {stock.LevelFilter{States: []stock.State{stock.Over}}, "variants_by_name"},
		"levels, next page":                {stock.LevelFilter{List: db.List{After: after}}, "SEARCH v USING INDEX variants_by_name"},
		"movements":                        {stock.MovementFilter{}, ""},
		"movements of a variant":           {stock.MovementFilter{VariantID: 1}, "movements_of_variant"},
		"movements of a store":             {stock.MovementFilter{LocationID: 1}, "movements_of_location"},
		"movements of a level":             {stock.MovementFilter{VariantID: 1, LocationID: 1}, "movements_of_level"},
		"movements of a level, next page":  {stock.MovementFilter{VariantID: 1, LocationID: 1, List: db.List{After: moved}}, "movements_of_level"},
		"movements of a variant, from one": {stock.MovementFilter{VariantID: 1, List: db.List{After: moved}}, "movements_of_variant"},
	} {
		for who, locations := range map[string][]int64{"the owner": nil, "one store": {1}, "two stores": {1, 2}} {
			t.Run(name+" for "+who, func(t *testing.T) {
				var plan []string
				err := db.Read(employee(locations...), s.DB, func(tx *db.Tx) error {
					query, args, err := c.query.Query(tx)
					if err != nil {
						return err
					}
					var steps []struct {
						ID, Parent, Notused int64
						Detail              string
					}
					err = tx.Select(&steps, "EXPLAIN QUERY PLAN "+query, args...)
					for _, step := range steps {
						plan = append(plan, step.Detail)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				want := c.want
				if who == "one store" && want == "movements_of_variant" {
					want = "movements_of_level"
				}
				if got := strings.Join(plan, "\n"); strings.Contains(got, "TEMP B-TREE") || !strings.Contains(got, want) {
					t.Errorf("wanted %q without sorting:\n%s", want, got)
				}
			})
		}
	}
}

// failure keeps the error of an operation.
func failure[T any](_ T, err error) error { return err }
