package sales_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
)

// code makes a discount code.
func (s *shop) code(in sales.NewDiscountCode) *sales.DiscountCode {
	s.t.Helper()
	c, err := sales.CreateDiscountCode(s.Ctx, s.DB, in)
	return must(s, c, err)
}

func (s *shop) recode(id int64, in sales.DiscountCodeChange) *sales.DiscountCode {
	s.t.Helper()
	c, err := sales.ChangeDiscountCode(s.Ctx, s.DB, id, in)
	return must(s, c, err)
}

// uses is how often a code says that it was used.
func (s *shop) uses(id int64) int64 {
	s.t.Helper()
	c, err := sales.DiscountCodeByID(s.Ctx, s.DB, id)
	return must(s, c, err).Uses
}

// percentCode is a code of so many thousandths of a percent.
func percentCode(code string, r money.Rate) sales.NewDiscountCode {
	return sales.NewDiscountCode{Code: code, Percent: &r}
}

// amountCode is a code of an amount.
func amountCode(code string, a money.Amount) sales.NewDiscountCode {
	return sales.NewDiscountCode{Code: code, Amount: &a}
}

// of makes an untracked variant of a category, "Kitchen > Mugs", and answers the variant's and the category's id.
func (s *shop) of(category, sku string, price money.Amount) (variant, categoryID int64) {
	s.t.Helper()
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: sku, Category: category, TaxRate: ptr(money.Rate(19_000)),
		Variants: []catalog.NewVariant{{SKU: sku, Price: price, Tracked: ptr(false)}}})
	p = must(s, p, err)
	return p.Variants[0].ID, *p.CategoryID
}

// coded puts a code on an order.
func coded(in sales.NewOrder, code string) sales.NewOrder {
	in.DiscountCode = code
	return in
}

func TestACodeIsTheDiscountOfTheOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, kitchen := s.of("Kitchen > Mugs", "MUG", 1000)
	pan, _ := s.of("Kitchen > Pans", "PAN", 333)
	sock, _ := s.of("Clothes", "SOCK", 500)
	top := s.category("Kitchen")
	if top == kitchen {
		t.Fatal("the mugs stand at the top")
	}
	for _, c := range []struct {
		name  string
		code  sales.NewDiscountCode
		lines []sales.NewLine
		want  []money.Amount // the share of each line
	}{
		{"a percentage of all goods", percentCode("ALL", 10_000), []sales.NewLine{line(mug, 1), line(sock, 2)}, []money.Amount{100, 100}},
		{"a percentage after the discounts of lines", percentCode("AFTER", 50_000), []sales.NewLine{{VariantID: mug, Quantity: 1, Discount: amount(400)}}, []money.Amount{300}},
		{"an amount, shared", amountCode("SHARED", 100), []sales.NewLine{line(mug, 1), line(mug, 1), line(mug, 1)}, []money.Amount{34, 33, 33}},
		{"an amount above what the goods are worth", amountCode("MUCH", 5000), []sales.NewLine{line(sock, 1)}, []money.Amount{500}},
		{"of some goods, by largest remainder over those alone", sales.NewDiscountCode{Code: "SOME", Amount: ptr(money.Amount(100)), CategoryIDs: []int64{top}},
			[]sales.NewLine{line(sock, 9), line(mug, 1), line(pan, 1)}, []money.Amount{0, 75, 25}},
		{"of one category and not of the one beside it", sales.NewDiscountCode{Code: "MUGS", Percent: ptr(money.Rate(100_000)), CategoryIDs: []int64{kitchen}},
			[]sales.NewLine{line(pan, 1), line(mug, 1), line(sock, 1)}, []money.Amount{0, 1000, 0}},
		{"an amount above what its goods are worth", sales.NewDiscountCode{Code: "PANS", Amount: ptr(money.Amount(1000)), CategoryIDs: []int64{top}},
			[]sales.NewLine{line(sock, 1), line(pan, 1)}, []money.Amount{0, 333}},
	} {
		t.Run(c.name, func(t *testing.T) {
			made := s.code(c.code)
			o := s.order(s.place(coded(s.counter(c.lines...), " "+lower(c.code.Code)+" ")).ID)
			var got []money.Amount
			for i, l := range o.Lines {
				got = append(got, l.OrderDiscount)
				if l.InDiscount != (c.want[i] > 0) {
					t.Errorf("line %d in the discount: %v", i, l.InDiscount)
				}
			}
			if !cmp.Equal(got, c.want) || o.DiscountCode != c.code.Code || s.uses(made.ID) != 1 {
				t.Errorf("shares %v of %s, used %d times; want %v", got, o.DiscountCode, s.uses(made.ID), c.want)
			}
			offer, err := sales.TryCode(s.Ctx, s.DB, sales.CodeTrial{Code: c.code.Code, Lines: c.lines})
			if offer := must(s, offer, err); offer.Takes != sum(c.want) || len(offer.Lines) != len(c.lines) || s.uses(made.ID) != 1 {
				t.Errorf("tried, it takes %d off %v", offer.Takes, offer.Lines)
			}
		})
	}
	s.Doctor(t)
}

func lower(code string) string { return fmt.Sprintf("%c%s", code[0]|0x20, code[1:]) }

func sum(all []money.Amount) (sum money.Amount) {
	for _, a := range all {
		sum += a
	}
	return sum
}

// category is the id of one by its path.
func (s *shop) category(path string) (id int64) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT id FROM categories WHERE path = ?1", []any{path}, &id)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func TestACodeIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.at("2026-11-20T10:00:00Z")
	mug, mugs := s.of("Mugs", "MUG", 1000)
	sock, _ := s.of("Socks", "SOCK", 1000)
	later, past, off, dear, some := percentCode("LATER", 10_000), percentCode("PAST", 10_000), percentCode("OFF", 10_000), percentCode("DEAR", 10_000), percentCode("SOME", 10_000)
	later.StartsOn, past.EndsOn, off.Active, dear.Minimum, some.CategoryIDs = "2026-11-21", "2026-11-19", ptr(false), 2000, []int64{mugs}
	each, once := percentCode("EACH", 10_000), percentCode("ONCE", 10_000)
	each.MaxPerCustomer, once.MaxUses = 1, 1
	for _, c := range []sales.NewDiscountCode{later, past, off, dear, some, each, once, percentCode("FREE", 10_000)} {
		s.code(c)
	}
	s.place(coded(s.counter(line(mug, 1)), "ONCE"))
	s.place(coded(s.web("cash", line(mug, 1)), "EACH"))
	byHand := coded(s.counter(line(mug, 1)), "FREE")
	byHand.Discount = percent(1)
	named := coded(s.counter(line(mug, 1)), "EACH")
	named.Customer = s.web("cash").Customer
	named.Customer.Email = ""
	again := coded(s.web("cash", line(mug, 1)), "each")
	again.Customer.Email = "MIA@Example.com "
	for _, c := range []struct {
		name, code string
		in         sales.NewOrder
		params     map[string]any
	}{
		{"one that nobody made", "code_unknown", coded(s.counter(line(mug, 1)), "NOBODY"), map[string]any{"code": "NOBODY"}},
		{"one that is none", "code_unknown", coded(s.counter(line(mug, 1)), "%' --"), map[string]any{"code": "%' --"}},
		{"the day before its first", "code_not_started", coded(s.counter(line(mug, 1)), "LATER"), map[string]any{"code": "LATER", "from": db.Date("2026-11-21")}},
		{"the day after its last", "code_ended", coded(s.counter(line(mug, 1)), "PAST"), map[string]any{"code": "PAST", "until": db.Date("2026-11-19")}},
		{"switched off", "code_inactive", coded(s.counter(line(mug, 1)), "OFF"), map[string]any{"code": "OFF"}},
		{"a cent below its minimum", "code_minimum", coded(s.counter(sales.NewLine{VariantID: mug, Quantity: 2, Discount: amount(1)}), "DEAR"),
			map[string]any{"code": "DEAR", "minimum": money.Amount(2000), "missing": money.Amount(1)}},
		{"of other goods", "code_other_goods", coded(s.counter(line(sock, 1)), "SOME"), map[string]any{"code": "SOME"}},
		{"used up", "code_used_up", coded(s.counter(line(mug, 1)), "ONCE"), map[string]any{"code": "ONCE"}},
		{"used by the customer", "code_used_by_customer", again, map[string]any{"code": "EACH", "count": int64(1)}},
		{"once a customer, of nobody", "code_needs_customer", coded(s.counter(line(mug, 1)), "EACH"), map[string]any{"code": "EACH"}},
		{"once a customer, of a name", "code_needs_customer", named, map[string]any{"code": "EACH"}},
		{"beside a discount by hand", "code_and_discount", byHand, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, draft := range []bool{false, true} {
				c.in.Draft = draft
				s.leavesNothing(func() {
					_, err := sales.Place(s.Ctx, s.DB, c.in)
					e := refusal(t, err, c.code)
					if diff := cmp.Diff(c.params, e.Params); e.Field != "discountCode" || diff != "" {
						t.Errorf("blamed %q (-want +got):\n%s", e.Field, diff)
					}
				})
			}
			if c.in.Discount != nil {
				return
			}
			trial := sales.CodeTrial{Code: c.in.DiscountCode, Lines: c.in.Lines}
			if c.in.Customer != nil {
				trial.Email = c.in.Customer.Email
			}
			_, err := sales.TryCode(s.Ctx, s.DB, trial)
			refusal(t, err, c.code)
		})
	}
	exactly := s.place(coded(s.counter(line(mug, 2)), "DEAR"))
	if exactly.Total != 1800 {
		t.Errorf("exactly the minimum costs %d", exactly.Total)
	}
	s.Doctor(t)
}

// The shop's days are those of Berlin: an hour ahead of the moments here.
func TestTheDaysOfACodeAreTheShops(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 1000, 0)
	in := percentCode("DAYS", 10_000)
	in.StartsOn, in.EndsOn = "2026-11-20", "2026-11-21"
	c := s.code(in)
	for _, at := range []struct {
		moment, code, says string
		state              sales.CodeState
	}{
		{"2026-11-19T22:59:59Z", "code_not_started", "The code DAYS begins on 20 November 2026.", sales.CodeScheduled},
		{"2026-11-19T23:00:00Z", "", "", sales.CodeActive},
		{"2026-11-21T22:59:59Z", "", "", sales.CodeActive},
		{"2026-11-21T23:00:00Z", "code_ended", "The code DAYS ended on 21 November 2026.", sales.CodeEnded},
	} {
		s.at(at.moment)
		_, err := sales.Place(s.Ctx, s.DB, coded(s.counter(line(mug, 1)), "DAYS"))
		if got := db.CodeOf(err); got != at.code || err != nil && err.Error() != at.says {
			t.Errorf("at %s: %v, want %s %q", at.moment, err, at.code, at.says)
		}
		now, err := sales.DiscountCodeByID(s.Ctx, s.DB, c.ID)
		if got := must(s, now, err).State; got != at.state {
			t.Errorf("at %s it is %s, want %s", at.moment, got, at.state)
		}
	}
}

func TestCodesAreKeptInOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.at("2026-11-20T10:00:00Z")
	_, mugs := s.of("Mugs", "MUG", 1000)
	in := percentCode("Spring-10", 10_000)
	in.CategoryIDs, in.Note, in.MaxUses = []int64{mugs, mugs}, "for the flyer", 5
	c := s.code(in)
	want := sales.DiscountCode{ID: c.ID, Code: "Spring-10", Percent: in.Percent, MaxUses: 5, CategoryIDs: []int64{mugs}, Active: true, Note: "for the flyer",
		State: sales.CodeActive, Version: 1, CreatedAt: c.CreatedAt, UpdatedAt: c.CreatedAt, CodeKey: "SPRING-10"}
	if diff := cmp.Diff(want, *c); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	if got := s.recode(c.ID, sales.DiscountCodeChange{Code: ptr("Spring-10"), Percent: in.Percent}); got.Version != 1 {
		t.Errorf("no change made version %d", got.Version)
	}
	got := s.recode(c.ID, sales.DiscountCodeChange{Version: ptr(int64(1)), Amount: ptr(money.Amount(500)), EndsOn: ptr(db.Date("2026-12-24")), CategoryIDs: &[]int64{}})
	if got.Percent != nil || *got.Amount != 500 || got.EndsOn != "2026-12-24" || len(got.CategoryIDs) != 0 || got.Version != 2 {
		t.Errorf("changed to %+v", got)
	}
	for _, bad := range []struct {
		name, code, field string
		in                sales.DiscountCodeChange
	}{
		{"two letters", "bad_discount_code", "code", sales.DiscountCodeChange{Code: ptr("AB")}},
		{"a space inside", "bad_discount_code", "code", sales.DiscountCodeChange{Code: ptr("SPRING 10")}},
		{"an umlaut", "bad_discount_code", "code", sales.DiscountCodeChange{Code: ptr("FRÜHLING")}},
		{"both an amount and a percentage", "amount_or_percent", "amount", sales.DiscountCodeChange{Amount: ptr(money.Amount(1)), Percent: ptr(money.Rate(1))}},
		{"nothing off", "out_of_range", "amount", sales.DiscountCodeChange{Amount: ptr(money.Amount(0))}},
		{"more than all", "out_of_range", "percent", sales.DiscountCodeChange{Percent: ptr(money.Rate(100_001))}},
		{"no day", "bad_date", "startsOn", sales.DiscountCodeChange{StartsOn: ptr(db.Date("2026-02-30"))}},
		{"a first day after the last", "bad_period", "endsOn", sales.DiscountCodeChange{StartsOn: ptr(db.Date("2026-12-25"))}},
		{"a category that is not there", "not_found", "categoryIds[1]", sales.DiscountCodeChange{CategoryIDs: &[]int64{mugs, 404}}},
		{"a category that was never removed", "not_found", "categoryIds[0]", sales.DiscountCodeChange{CategoryIDs: &[]int64{0}}},
		{"another version", "stale", "", sales.DiscountCodeChange{Version: ptr(int64(1)), Note: ptr("x")}},
	} {
		t.Run(bad.name, func(t *testing.T) {
			s.leavesNothing(func() {
				_, err := sales.ChangeDiscountCode(s.Ctx, s.DB, c.ID, bad.in)
				if e := refusal(t, err, bad.code); e.Field != bad.field {
					t.Errorf("blamed %q, want %q", e.Field, bad.field)
				}
			})
		})
	}
	_, err := sales.CreateDiscountCode(s.Ctx, s.DB, percentCode("sPRING-10", 1))
	if e := refusal(t, err, "code_taken"); e.Field != "code" {
		t.Errorf("blamed %q", e.Field)
	}
	_, err = sales.CreateDiscountCode(s.Ctx, s.DB, sales.NewDiscountCode{Code: "NONE"})
	refusal(t, err, "amount_or_percent")
}

func TestTheAuditSaysWhatWasDecidedOfACode(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 1000, 0)
	c := s.code(percentCode("TENTH", 10_000))
	s.place(coded(s.counter(line(mug, 1)), "TENTH"))
	s.recode(c.ID, sales.DiscountCodeChange{Amount: ptr(money.Amount(500))})
	log, err := db.AuditLog(s.Ctx, s.DB, db.AuditFilter{Entity: "discount_code"})
	entries := must(s, log, err).Items
	if len(entries) != 2 || string(entries[0].Before) != `{"name":"TENTH","percent":10000,"active":true}` || string(entries[0].After) != `{"name":"TENTH","amount":500,"active":true}` {
		t.Errorf("the audit says %s", wire(t, entries))
	}
}

func TestACodeIsRemovedOnlyWhereNoOrderNamesIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 1000, 0)
	c, other := s.code(percentCode("USED", 10_000)), s.code(percentCode("NEVER", 10_000))
	s.cancel(s.place(coded(s.counter(line(mug, 1)), "USED")).ID)
	s.leavesNothing(func() {
		refusal(t, sales.RemoveDiscountCode(s.Ctx, s.DB, c.ID), "code_in_use")
	})
	if err := sales.RemoveDiscountCode(s.Ctx, s.DB, other.ID); err != nil {
		t.Fatal(err)
	}
	refusal(t, sales.RemoveDiscountCode(s.Ctx, s.DB, other.ID), "not_found")
	log, err := db.AuditLog(s.Ctx, s.DB, db.AuditFilter{Entity: "discount_code", Action: db.Removed})
	if gone := must(s, log, err).Items; len(gone) != 1 || gone[0].EntityID != other.ID || !strings.Contains(string(gone[0].Before), `"NEVER"`) {
		t.Errorf("the audit says %s", wire(t, gone))
	}
	if again := s.code(percentCode("NEVER", 10_000)); again.ID == other.ID {
		t.Error("what the audit says of one code is said of another one")
	}
	s.Doctor(t)
}

func TestACodeForARemovedCategoryIsForNothingElse(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, mugs := s.of("Mugs", "MUG", 1000)
	in := percentCode("MUGS", 10_000)
	in.CategoryIDs = []int64{mugs}
	c := s.code(in)
	if err := catalog.RemoveCategory(s.Ctx, s.DB, mugs, ptr(int64(0))); err != nil {
		t.Fatal(err)
	}
	s.of("Socks", "SOCK", 500) // may take the number of the one that went
	_, err := sales.Place(s.Ctx, s.DB, coded(s.counter(line(mug, 1)), "MUGS"))
	refusal(t, err, "code_other_goods")
	got := s.recode(c.ID, sales.DiscountCodeChange{Note: ptr("old"), CategoryIDs: &[]int64{0}})
	if !cmp.Equal(got.CategoryIDs, []int64{0}) {
		t.Errorf("of %v", got.CategoryIDs)
	}
	s.recode(c.ID, sales.DiscountCodeChange{CategoryIDs: &[]int64{}})
	if o := s.place(coded(s.counter(line(mug, 1)), "MUGS")); o.Total != 900 {
		t.Errorf("for all goods it costs %d", o.Total)
	}
	s.Doctor(t)
}

func TestCodesAreFoundByTheirBeginningAndState(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.at("2026-11-20T10:00:00Z")
	mug := s.untracked("MUG", 1000, 0)
	for i := range 5 {
		s.code(percentCode(fmt.Sprint("flyer", i), 10_000))
	}
	off, ended, later, used := percentCode("OFF", 1), percentCode("ENDED", 1), percentCode("LATER", 1), percentCode("USED", 1)
	off.Active, ended.EndsOn, later.StartsOn, used.MaxUses = ptr(false), "2026-11-19", "2026-11-21", 1
	for _, in := range []sales.NewDiscountCode{off, ended, later, used} {
		s.code(in)
	}
	s.place(coded(s.counter(line(mug, 1)), "used"))
	for _, c := range []struct {
		f    sales.CodeFilter
		want []string
	}{
		{sales.CodeFilter{}, []string{"ENDED", "flyer0", "flyer1", "flyer2", "flyer3", "flyer4", "LATER", "OFF", "USED"}},
		{sales.CodeFilter{List: db.List{Q: "fLy"}}, []string{"flyer0", "flyer1", "flyer2", "flyer3", "flyer4"}},
		{sales.CodeFilter{List: db.List{Q: "lyer"}}, nil},
		{sales.CodeFilter{State: sales.CodeInactive}, []string{"OFF"}},
		{sales.CodeFilter{State: sales.CodeEnded}, []string{"ENDED"}},
		{sales.CodeFilter{State: sales.CodeScheduled}, []string{"LATER"}},
		{sales.CodeFilter{State: sales.CodeUsedUp}, []string{"USED"}},
		{sales.CodeFilter{List: db.List{Q: "F"}, State: sales.CodeActive}, []string{"flyer0", "flyer1", "flyer2", "flyer3", "flyer4"}},
	} {
		var got []string
		c.f.Limit = 2
		for {
			page, err := sales.DiscountCodes(s.Ctx, s.DB, c.f)
			for _, one := range must(s, page, err).Items {
				got = append(got, one.Code)
			}
			if c.f.After = page.Next; page.Next == "" {
				break
			}
		}
		if !cmp.Equal(got, c.want) {
			t.Errorf("%+v finds %v, want %v", c.f, got, c.want)
		}
	}
}
