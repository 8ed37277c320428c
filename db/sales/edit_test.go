package sales_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/staff"
)

func (s *shop) edit(id int64, in sales.OrderChange) *sales.Order {
	s.t.Helper()
	o, err := sales.Edit(s.Ctx, s.DB, id, in)
	return must(s, o, err)
}

// stays is a line of an order with another quantity.
func stays(l sales.OrderLine, quantity int64) sales.LineChange {
	return sales.LineChange{ID: l.ID, Quantity: quantity}
}

func added(variantID, quantity int64) sales.LineChange {
	return sales.LineChange{VariantID: variantID, Quantity: quantity}
}

// reprice changes what a variant costs from now on.
func (s *shop) reprice(variantID int64, price money.Amount) {
	s.t.Helper()
	err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
		v, err := catalog.ForSale(tx, variantID)
		if err != nil {
			return err
		}
		_, err = catalog.UpdateIn(tx, v.ProductID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: variantID, Price: &price}}})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestAnEditRecomputesStockBooksAndBalanceOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.at("2026-11-20T10:00:00Z")
	mug, cup, pot := s.Stocked("MUG", 5), s.Stocked("CUP", 5), s.Stocked("POT", 5)
	in := s.counter(line(mug, 2), line(cup, 1))
	in.Payments = []sales.NewPayment{{Method: "cash", Amount: 3750}}
	o := s.place(in)
	s.at("2026-11-21T10:00:00Z")
	s.reprice(mug, 1400)
	s.reprice(pot, 900)

	got := s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 3), added(pot, 1), added(mug, 1)},
		Shipping: &sales.NewShipping{Price: 500, TaxRate: ptr(money.Rate(19_000))}})
	wantStates(t, got, "placed, partially_paid, unfulfilled")
	if got.Version != o.Version+1 || got.Total != 3*1250+900+1400+500 || got.Due != got.Total-3750 || *got.BusinessDate != "2026-11-20" {
		t.Errorf("version %d, total %d, due %d, of %s", got.Version, got.Total, got.Due, *got.BusinessDate)
	}
	var lines []string
	for _, l := range got.Lines {
		lines = append(lines, fmt.Sprintf("%s %d at %d", l.SKU, l.Quantity, l.UnitPrice))
	}
	if want := []string{"MUG 3 at 1250", "POT 1 at 900", "MUG 1 at 1400"}; !cmp.Equal(lines, want) {
		t.Errorf("lines %v, want %v", lines, want)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 4})
	s.Level(t, cup, dbtest.Level{OnHand: 5})
	s.Level(t, pot, dbtest.Level{OnHand: 5, Committed: 1})
	want := []entry{
		{"2026-11-21", "edit", 1, 1250, 0, 200, 1250, 600},
		{"2026-11-21", "edit", -1, -1250, 0, -200, -1250, -600},
		{"2026-11-21", "edit", 1, 900, 0, 144, 900, 600},
		{"2026-11-21", "edit", 1, 1400, 0, 224, 1400, 600},
		{"2026-11-21", "edit", 0, 500, 0, 80, 500, 0},
	}
	if diff := cmp.Diff(want, s.entries(o.ID)[2:]); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if got := s.kinds(o.ID); !cmp.Equal(got, []string{"placed", "paid", "edited"}) {
		t.Errorf("the timeline says %v", got)
	}
	page, err := sales.Timeline(s.Ctx, s.DB, o.ID, db.List{Limit: 1})
	changed := wire(t, must(s, page, err).Items[0].Params["changes"])
	for _, c := range []string{`{"from":2,"name":"MUG","to":3,"what":"quantity"}`, `{"from":1,"name":"CUP","to":0,"what":"removed"}`,
		`{"from":0,"name":"POT","to":1,"what":"added"}`, `{"from":0,"to":500,"what":"shipping"}`, `{"from":3750,"to":6550,"what":"total"}`} {
		if !strings.Contains(changed, c) {
			t.Errorf("the timeline does not say %s: %s", c, changed)
		}
	}
	if found := s.search("POT"); !cmp.Equal(found, []string{"1001"}) {
		t.Errorf("what was added finds %v", found)
	}
	s.fulfil(o.ID, sales.NewFulfilment{Ship: true})
	wantStates(t, s.pay(o.ID, got.Due), "completed, paid, fulfilled")
	s.Doctor(t)
}

func TestAPercentageFollowsTheQuantityAndAnAmountStays(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 50)
	in := s.counter(sales.NewLine{VariantID: mug, Quantity: 2, Discount: percent(10_000)}, sales.NewLine{VariantID: mug, Quantity: 2, Discount: amount(300)})
	in.Discount = percent(50_000)
	o := s.place(in)
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 4), stays(o.Lines[1], 1)}})
	if a, b := o.Lines[0], o.Lines[1]; a.Discount != 500 || b.Discount != 300 || a.OrderDiscount != 2250 || b.OrderDiscount != 475 {
		t.Errorf("discounts %d and %d, of the order %d and %d", a.Discount, b.Discount, a.OrderDiscount, b.OrderDiscount)
	}
	o = s.edit(o.ID, sales.OrderChange{Discount: amount(0), Lines: []sales.LineChange{stays(o.Lines[0], 4), {ID: o.Lines[1].ID, Quantity: 1, Discount: amount(0)}}})
	if o.Discount != 500 || o.Total != 5*1250-500 {
		t.Errorf("a discount of %d, a total of %d", o.Discount, o.Total)
	}
	s.leavesNothing(func() {
		_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 4), {ID: o.Lines[1].ID, Quantity: 1, Discount: amount(1251)}}})
		if e := refusal(t, err, "discount_too_large"); e.Field != "lines[1].discount.amount" {
			t.Errorf("blamed %s", e.Field)
		}
	})
	s.Doctor(t)
}

func TestWhatIsPackedOrGoneStaysOnItsLine(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	o := s.place(s.counter(line(mug, 4), line(mug, 1)))
	first := o.Lines[0].ID
	o = s.fulfil(o.ID, sales.NewFulfilment{Ship: true, Lines: []sales.NewParcelLine{{OrderLineID: first, Quantity: 1}}})
	o = s.fulfil(o.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: first, Quantity: 2}}})
	for name, lines := range map[string][]sales.LineChange{
		"fewer":     {stays(o.Lines[0], 2)},
		"none":      {stays(o.Lines[0], 0), stays(o.Lines[1], 1)},
		"left out":  {stays(o.Lines[1], 1)},
		"all anew":  {added(mug, 5)},
		"one of it": {stays(o.Lines[1], 1), stays(o.Lines[0], 1)},
	} {
		s.leavesNothing(func() {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: lines})
			if e := refusal(t, err, "line_gone"); e.Params["min"] != int64(3) {
				t.Errorf("%s: at least %v", name, e.Params["min"])
			}
		})
	}
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 3)}})
	s.Level(t, mug, dbtest.Level{OnHand: 9, Committed: 2})
	o = s.move(o.Fulfilments[1].ID, sales.Shipped)
	wantStates(t, o, "confirmed, pending, fulfilled")
	s.Doctor(t)
}

func TestOneLineMayTakeWhatAnotherGivesBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, owed := s.Stocked("MUG", 5), s.onBackorder("OWED", 5)
	o := s.place(s.counter(line(mug, 5), line(owed, 5)))
	waits := s.place(s.counter(line(owed, 2)))
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 2), added(mug, 3), added(owed, 5)}})
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 5})
	if o.Lines[2].Backordered != 0 || s.order(waits.ID).Lines[0].Backordered != 2 {
		t.Errorf("%d of what was taken over wait", o.Lines[2].Backordered)
	}
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1), stays(o.Lines[2], 4)}})
	s.Level(t, mug, dbtest.Level{OnHand: 5, Committed: 1})
	if got := s.order(waits.ID).Lines[0].Backordered; got != 1 {
		t.Errorf("%d wait for what was given back", got)
	}
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1), stays(o.Lines[1], 6)}})
	if o.Lines[1].Backordered != 2 {
		t.Errorf("%d wait of 6", o.Lines[1].Backordered)
	}
	s.leavesNothing(func() {
		_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[1], 6), stays(o.Lines[0], 3), added(mug, 3)}})
		if e := refusal(t, err, "out_of_stock"); e.Field != "lines[2].quantity" || e.Params["left"] != int64(2) {
			t.Errorf("blamed %s with %v left", e.Field, e.Params["left"])
		}
	})
	s.Doctor(t)
}

func TestWhatIsAddedToALineIsHeldToTheCatalogueOfToday(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.onBackorder("MUG", 2)
	o := s.place(s.counter(line(mug, 2)))
	p := s.productOf(mug)
	if _, err := catalog.Update(s.Ctx, s.DB, p, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: mug, Policy: ptr(catalog.Deny)}}}); err != nil {
		t.Fatal(err)
	}
	more := sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 3)}}
	_, err := sales.Edit(s.Ctx, s.DB, o.ID, more)
	refusal(t, err, "out_of_stock")
	if _, err := catalog.Archive(s.Ctx, s.DB, p); err != nil {
		t.Fatal(err)
	}
	_, err = sales.Edit(s.Ctx, s.DB, o.ID, more)
	if e := refusal(t, err, "archived"); e.Field != "lines[0].variantId" {
		t.Errorf("blamed %s", e.Field)
	}
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1)}, Discount: percent(10_000)})
	if o.Total != 1125 {
		t.Errorf("less of what is archived comes to %d", o.Total)
	}
	s.Doctor(t)
}

func (s *shop) productOf(variantID int64) (id int64) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT product_id FROM variants WHERE id = ?1", []any{variantID}, &id)
	})
	return must(s, id, err)
}

func TestAnAllowanceIsNeverMoreThanWhatAnEditLeaves(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	o := s.returned(s.handed(mug, 4), 3)
	o = s.refund(o.ID, sales.NewRefund{Amount: 500, Allowance: true})
	o = s.edit(o.ID, sales.OrderChange{Discount: amount(1000)})
	if o.Allowances != 250 || o.Due != 0 || o.DueBack != 5000-500 {
		t.Errorf("allowances %d, due %d, to give back %d", o.Allowances, o.Due, o.DueBack)
	}
	s.Doctor(t)
}

func TestAnEditMovesACompletedOrderAndWhatIsDue(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	o := s.handed(mug, 2)
	wantStates(t, o, "completed, paid, fulfilled")
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 3)}})
	wantStates(t, o, "confirmed, partially_paid, partially_fulfilled")
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 2)}, Discount: amount(500)})
	wantStates(t, o, "completed, overpaid, fulfilled")
	if o.DueBack != 500 {
		t.Errorf("to give back: %d", o.DueBack)
	}
	s.Doctor(t)
}

func TestAnEditSaysWhoItIsForAndWhere(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	in := s.counter(line(mug, 1))
	in.Customer = &customers.Contact{Name: "Ada", Email: "ada@example.com"}
	o := s.place(in)
	ada := *o.Customer.ID
	o = s.edit(o.ID, sales.OrderChange{Customer: &customers.Contact{Name: "Grace", Email: "grace@example.com"}, Note: ptr("Ring twice."), Language: ptr("de"),
		Address: &customers.Address{Line1: " Hauptstr. 1 ", PostalCode: "10115", City: "Berlin", Country: "de"}})
	if o.Customer.Name != "Grace" || o.Note != "Ring twice." || o.Language != "de" || *o.Address != (customers.Address{Line1: "Hauptstr. 1", PostalCode: "10115", City: "Berlin", Country: "DE"}) {
		t.Errorf("%+v, %q, %q, %+v", o.Customer, o.Note, o.Language, o.Address)
	}
	sold := map[int64]money.Amount{}
	var rows []struct {
		CustomerID int64
		Total      money.Amount
	}
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT customer_id, sum(total) AS total FROM sale_entries GROUP BY 1")
	})
	for _, r := range must(s, rows, err) {
		sold[r.CustomerID] = r.Total
	}
	if want := map[int64]money.Amount{ada: 0, *o.Customer.ID: 1250}; !cmp.Equal(sold, want) {
		t.Errorf("sold to %v, want %v", sold, want)
	}
	if found := s.search("grace@example.com"); !cmp.Equal(found, []string{"1001"}) {
		t.Errorf("the new customer finds %v", found)
	}
	for field, a := range map[string]customers.Address{"address.line1": {City: "Berlin"}, "address.city": {Line1: "Hauptstr. 1"}, "address.country": {Line1: "1", City: "B", Country: "D1"}} {
		_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Address: &a})
		var e *db.Error
		if e = refusalOf(err); e == nil || e.Field != field {
			t.Errorf("%+v: %v", a, err)
		}
	}
	if o = s.edit(o.ID, sales.OrderChange{Address: &customers.Address{}}); o.Address != nil {
		t.Errorf("an empty address leaves %+v", o.Address)
	}
	s.Doctor(t)
}

func TestAnEditThatChangesNothingLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	o := s.place(s.counter(line(mug, 2)))
	s.leavesNothing(func() {
		again := s.edit(o.ID, sales.OrderChange{Note: ptr(""), Lines: []sales.LineChange{stays(o.Lines[0], 2)}, Discount: amount(0), Shipping: &sales.NewShipping{}})
		if again.Version != o.Version {
			t.Errorf("version %d became %d", o.Version, again.Version)
		}
	})
}

func TestADraftIsEditedWithoutStockOrBooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 1), s.Stocked("CUP", 1)
	in := s.counter(line(mug, 5))
	in.Draft = true
	o := s.place(in)
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1), added(cup, 1)}})
	wantStates(t, o, "draft, pending, unfulfilled")
	s.Level(t, mug, dbtest.Level{OnHand: 1})
	if s.entries(o.ID) != nil || o.Total != 2500 {
		t.Errorf("a draft of %d with entries %v", o.Total, s.entries(o.ID))
	}
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[1], 1)}})
	placed, err := sales.PlaceDraft(s.Ctx, s.DB, o.ID, sales.Command{})
	must(s, placed, err)
	s.Level(t, mug, dbtest.Level{OnHand: 1})
	s.Level(t, cup, dbtest.Level{OnHand: 1, Committed: 1})
	s.Doctor(t)
}

func TestAnEditIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 10), s.Stocked("CUP", 10)
	o, off := s.place(s.counter(line(mug, 2))), s.place(s.counter(line(mug, 1)))
	s.cancel(off.ID)
	l := o.Lines[0]
	many := make([]sales.LineChange, 0, 3)
	for _, c := range []struct {
		code, field string
		in          sales.OrderChange
	}{
		{"not_found", "lines[0].id", sales.OrderChange{Lines: []sales.LineChange{{ID: off.Lines[0].ID, Quantity: 1}}}},
		{"line_twice", "lines[1].id", sales.OrderChange{Lines: []sales.LineChange{stays(l, 1), stays(l, 1)}}},
		{"other_variant", "lines[0].variantId", sales.OrderChange{Lines: []sales.LineChange{{ID: l.ID, VariantID: cup, Quantity: 1}}}},
		{"no_lines", "lines", sales.OrderChange{Lines: []sales.LineChange{stays(l, 0)}}},
		{"no_lines", "lines", sales.OrderChange{Lines: many}},
		{"required", "lines[0].variantId", sales.OrderChange{Lines: []sales.LineChange{{Quantity: 1}}}},
		{"out_of_range", "lines[0].quantity", sales.OrderChange{Lines: []sales.LineChange{added(cup, 0)}}},
		{"not_found", "lines[1].variantId", sales.OrderChange{Lines: []sales.LineChange{stays(l, 1), added(999, 1)}}},
		{"stale", "", sales.OrderChange{Command: sales.Command{Version: ptr(o.Version - 1)}}},
		{"amount_or_percent", "discount", sales.OrderChange{Discount: &sales.NewDiscount{}}},
		{"discount_too_large", "discount.amount", sales.OrderChange{Discount: amount(2501)}},
		{"unknown_language", "language", sales.OrderChange{Language: ptr("tlh")}},
		{"not_found", "customerId", sales.OrderChange{CustomerID: ptr(int64(999))}},
		{"too_large", "shipping.price", sales.OrderChange{Shipping: &sales.NewShipping{Price: money.Max}}},
	} {
		s.leavesNothing(func() {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, c.in)
			if e := refusal(t, err, c.code); e.Field != c.field {
				t.Errorf("%s: blamed %q, want %q", c.code, e.Field, c.field)
			}
		})
	}
	second := s.openStore("Second store")
	s.leavesNothing(func() {
		_, err := sales.Edit(s.Ctx, s.DB, off.ID, sales.OrderChange{Note: ptr("hello")})
		refusal(t, err, "not_editable")
		_, err = sales.Edit(employee(second), s.DB, o.ID, sales.OrderChange{Note: ptr("hello")})
		refusal(t, err, "not_found")
	})
}

func TestADiscountAboveTheLimitIsApprovedInAnEditToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	in := s.counter(line(mug, 2), line(mug, 1))
	in.Discount = percent(30_000)
	o := s.place(in)
	limited := db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: staff.Employee.Permissions(),
		Limits: map[db.Limit]int64{db.DiscountLimit: 10_000}})
	if _, err := sales.Edit(limited, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1)}}); err != nil {
		t.Errorf("what somebody else gave is asked for again: %v", err)
	}
	s.leavesNothing(func() {
		_, err := sales.Edit(limited, s.DB, o.ID, sales.OrderChange{Discount: percent(31_000)})
		if e := refusal(t, err, "approval_required"); e.Field != "discount" || e.Params["limit"] != int64(10_000) {
			t.Errorf("blamed %q, limit %v", e.Field, e.Params["limit"])
		}
	})
}

func TestEditsRaceWithWhatElseHappensToAnOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 1000)
	for range 20 {
		o := s.place(s.counter(line(mug, 5)))
		seen := sales.Command{Version: &o.Version}
		if got := dbtest.Together(4, func() error {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Command: seen, Lines: []sales.LineChange{stays(o.Lines[0], 5), added(mug, 1)}})
			return err
		}); got.Succeeded() != 1 {
			t.Errorf("%d edits of one version", got.Succeeded())
		}
		s.race(
			func() error { _, err := sales.Cancel(s.Ctx, s.DB, o.ID, sales.Cancellation{}); return err },
			func() error {
				_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 3)}})
				return err
			}).AllOthers(t, "not_editable")
		p := s.place(s.counter(line(mug, 5)))
		s.race(
			func() error {
				_, err := sales.Fulfil(s.Ctx, s.DB, p.ID, sales.NewFulfilment{Ship: true})
				return err
			},
			func() error {
				_, err := sales.Edit(s.Ctx, s.DB, p.ID, sales.OrderChange{Lines: []sales.LineChange{stays(p.Lines[0], 3)}})
				return err
			}).AllOthers(t, "line_gone")
	}
	s.Doctor(t)
}

// race does several things at once.
func (s *shop) race(things ...func() error) dbtest.Outcomes {
	var next atomic.Int64
	return dbtest.Together(len(things), func() error { return things[next.Add(1)-1]() })
}

// An order that was edited into another one is worth what that one would be.
func TestEditedIntoAnotherOrderItIsWorthWhatThatOneIs(t *testing.T) {
	t.Parallel()
	s := open(t)
	var variants []int64
	for i, rate := range []money.Rate{0, 7_000, 19_000, 8_875} {
		variants = append(variants, s.untracked(fmt.Sprint("V", i), money.Amount(1+i*333), rate))
	}
	discounts := func(rt *rapid.T, most int64) *sales.NewDiscount {
		if rapid.Bool().Draw(rt, "percent") {
			return percent(money.Rate(rapid.Int64Range(0, 100_000).Draw(rt, "rate")))
		}
		return amount(money.Amount(rapid.Int64Range(0, most).Draw(rt, "amount")))
	}
	draw := func(rt *rapid.T) sales.NewOrder {
		in := s.counter()
		for i, v := range variants {
			if i > 0 && rapid.Bool().Draw(rt, "leave out") {
				continue
			}
			l := line(v, rapid.Int64Range(1, 9).Draw(rt, "quantity"))
			l.Discount = discounts(rt, 1)
			in.Lines = append(in.Lines, l)
		}
		in.Discount = discounts(rt, 0)
		in.Shipping = &sales.NewShipping{Price: money.Amount(rapid.Int64Range(0, 999).Draw(rt, "shipping")), TaxRate: ptr(money.Rate(19_000))}
		return in
	}
	rapid.Check(t, func(rt *rapid.T) {
		from, to := s.place(draw(rt)), draw(rt)
		in := sales.OrderChange{Discount: to.Discount, Shipping: to.Shipping}
		want := s.place(to)
		for _, l := range to.Lines {
			at := slices.IndexFunc(from.Lines, func(f sales.OrderLine) bool { return f.VariantID == l.VariantID })
			c := sales.LineChange{VariantID: l.VariantID, Quantity: l.Quantity, Discount: l.Discount}
			if at >= 0 {
				c.ID = from.Lines[at].ID
			}
			in.Lines = append(in.Lines, c)
		}
		got := s.edit(from.ID, in)
		a, b := []any{got.Subtotal, got.Discount, got.Tax, got.ShippingTax, got.Total}, []any{want.Subtotal, want.Discount, want.Tax, want.ShippingTax, want.Total}
		same := len(got.Lines) == len(want.Lines)
		if !same || fmt.Sprint(a) != fmt.Sprint(b) && linesInOrder(got, want) {
			rt.Fatalf("edited into %v, placed as %v", a, b)
		}
	})
	s.Doctor(t)
}

// linesInOrder says whether two orders have their lines in the same order: shares of a discount go to the earlier line first.
func linesInOrder(a, b *sales.Order) bool {
	return slices.EqualFunc(a.Lines, b.Lines, func(x, y sales.OrderLine) bool { return x.VariantID == y.VariantID })
}

func refusalOf(err error) *db.Error {
	e, _ := err.(*db.Error)
	return e
}
