package sales_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
)

func TestTheLastUseOfACodeIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 200)
	in := percentCode("SEVEN", 10_000)
	in.MaxUses = 7
	c := s.code(in)
	got := dbtest.Together(100, func() error {
		_, err := sales.Place(s.Ctx, s.DB, coded(s.counter(line(mug, 1)), "seven"))
		return err
	})
	if n := got.Succeeded(); n != 7 || s.uses(c.ID) != 7 {
		t.Errorf("%d orders with 7 uses, %d counted", n, s.uses(c.ID))
	}
	got.AllOthers(t, "code_used_up")
	_, err := sales.ChangeDiscountCode(s.Ctx, s.DB, c.ID, sales.DiscountCodeChange{MaxUses: ptr(int64(6))})
	if e := refusal(t, err, "below_uses"); e.Field != "maxUses" || e.Params["uses"] != int64(7) {
		t.Errorf("blamed %q with %v", e.Field, e.Params)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 200, Committed: 7})
	s.Doctor(t)
}

// Who has used a code as often as one may does not get it by being put on somebody else's order.
func TestACodeIsOfTheCustomerThatAnEditNames(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 20)
	in := percentCode("ONCE", 10_000)
	in.MaxUses, in.MaxPerCustomer = 2, 1
	c := s.code(in)
	of := func(email string, draft bool) *sales.Order {
		in := coded(s.counter(line(mug, 1)), "ONCE")
		in.Customer, in.Draft = &customers.Contact{Email: email}, draft
		return s.place(in)
	}
	ida, draft := of("ida@example.com", false), of("eva@example.com", true)
	max := of("max@example.com", false)
	for _, o := range []*sales.Order{max, draft} {
		s.leavesNothing(func() {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{CustomerID: ida.CustomerID})
			if e := refusal(t, err, "code_used_by_customer"); e.Field != "discountCode" {
				t.Errorf("blamed %q", e.Field)
			}
			_, err = sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Customer: &customers.Contact{Name: "Somebody"}})
			refusal(t, err, "code_needs_customer")
		})
	}
	if max = s.edit(max.ID, sales.OrderChange{Customer: &customers.Contact{Email: "eva@example.com"}}); max.DiscountCode != "ONCE" || s.uses(c.ID) != 2 {
		t.Errorf("%q after %d uses", max.DiscountCode, s.uses(c.ID))
	}
	if max = s.edit(max.ID, sales.OrderChange{CustomerID: ida.CustomerID, DiscountCode: ptr("")}); max.DiscountCode != "" || s.uses(c.ID) != 1 {
		t.Errorf("without it %q after %d uses", max.DiscountCode, s.uses(c.ID))
	}
	s.Doctor(t)
}

func TestACustomerUsesACodeAsOftenAsOneMay(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 200)
	in := percentCode("TWICE", 10_000)
	in.MaxPerCustomer = 2
	c := s.code(in)
	got := dbtest.Together(20, func() error {
		_, err := sales.Place(s.Ctx, s.DB, coded(s.web("cash", line(mug, 1)), "TWICE"))
		return err
	})
	if n := got.Succeeded(); n != 2 {
		t.Errorf("one customer used it %d times", n)
	}
	got.AllOthers(t, "code_used_by_customer")
	other := coded(s.web("cash", line(mug, 1)), "TWICE")
	other.Customer = &customers.Contact{Email: "ida@example.com"}
	ida := s.place(other)
	byID := coded(s.counter(line(mug, 1)), "TWICE")
	byID.CustomerID = ida.CustomerID
	s.place(byID)
	_, err := sales.Place(s.Ctx, s.DB, byID)
	refusal(t, err, "code_used_by_customer")
	s.cancel(ida.ID)
	s.place(byID)
	if n := s.uses(c.ID); n != 4 {
		t.Errorf("used %d times", n)
	}
	s.Doctor(t)
}

func TestTheUseOfACodeComesBackWithTheOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 50)
	in := percentCode("ONCE", 10_000)
	in.MaxUses, in.MaxPerCustomer = 1, 1
	c := s.code(in)
	web := coded(s.web("card", line(mug, 1)), "ONCE")

	o := s.place(web)
	s.cancel(o.ID)
	s.cancel(o.ID) // once more gives nothing back
	if got := s.order(o.ID); s.uses(c.ID) != 0 || got.DiscountCode != "ONCE" {
		t.Errorf("cancelled: used %d times, the order says %q", s.uses(c.ID), got.DiscountCode)
	}
	s.place(web)
	s.Clock.Forward(time.Hour)
	s.releaseHolds(1)
	if s.uses(c.ID) != 0 {
		t.Error("an expired order holds its code")
	}
	o = s.place(web)
	anew := web
	anew.Replaces = o.Token
	o = s.place(anew) // their own hold does not keep it from them
	if s.uses(c.ID) != 1 {
		t.Errorf("used %d times", s.uses(c.ID))
	}
	o = s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("")})
	if o.DiscountCode != "" || o.Discount != 0 || o.Total != 1250 || s.uses(c.ID) != 0 {
		t.Errorf("taken off: %q, a discount of %d, used %d times", o.DiscountCode, o.Discount, s.uses(c.ID))
	}
	if again := s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("")}); again.Version != o.Version {
		t.Error("nothing taken off is a change")
	}
	o = s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("once")})
	if again := s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("ONCE")}); again.Version != o.Version || s.uses(c.ID) != 1 || o.Discount != 125 {
		t.Errorf("put on twice: version %d, then %d, used %d times", o.Version, again.Version, s.uses(c.ID))
	}
	s.Doctor(t)
}

func TestADraftUsesItsCodeWhenItIsPlaced(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.at("2026-11-20T10:00:00Z")
	mug := s.Stocked("MUG", 50)
	in := percentCode("TODAY", 10_000)
	in.EndsOn, in.MaxUses = "2026-11-20", 1
	c := s.code(in)
	draft := coded(s.counter(line(mug, 2)), "TODAY")
	draft.Draft = true
	first, second := s.place(draft), s.place(draft)
	if s.uses(c.ID) != 0 || first.Discount != 250 {
		t.Errorf("drafts use it %d times, for %d", s.uses(c.ID), first.Discount)
	}
	place := func(o *sales.Order) (*sales.Order, error) {
		return sales.PlaceDraft(s.Ctx, s.DB, o.ID, sales.Command{})
	}
	s.recode(c.ID, sales.DiscountCodeChange{Percent: ptr(money.Rate(20_000))})
	o, err := place(first)
	if o := must(s, o, err); s.uses(c.ID) != 1 || o.Discount != 250 {
		t.Errorf("placed, it is used %d times, for %d", s.uses(c.ID), o.Discount)
	}
	for _, bad := range []struct {
		code   string
		change sales.DiscountCodeChange
	}{
		{"code_used_up", sales.DiscountCodeChange{}},
		{"code_minimum", sales.DiscountCodeChange{MaxUses: ptr(int64(0)), Minimum: ptr(money.Amount(2501))}},
		{"code_inactive", sales.DiscountCodeChange{Active: ptr(false)}},
		{"code_ended", sales.DiscountCodeChange{Active: ptr(true), EndsOn: ptr(db.Date("2026-11-19"))}},
	} {
		s.recode(c.ID, bad.change)
		s.leavesNothing(func() {
			_, err := place(second)
			if e := refusal(t, err, bad.code); e.Field != "discountCode" {
				t.Errorf("blamed %q", e.Field)
			}
		})
	}
	s.cancel(second.ID)
	if s.uses(c.ID) != 1 {
		t.Error("a draft gave back what it did not use")
	}
	s.Doctor(t)
}

func TestAnEditKeepsTheCodeAndPricesItAnew(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.at("2026-11-20T10:00:00Z")
	mug, mugs := s.of("Mugs", "MUG", 1000)
	sock, _ := s.of("Socks", "SOCK", 1000)
	in := percentCode("MUGS", 10_000)
	in.CategoryIDs, in.Minimum, in.EndsOn, in.MaxUses = []int64{mugs}, 2000, "2026-11-20", 1
	c := s.code(in)
	o := s.place(coded(s.counter(line(mug, 1), line(sock, 1)), "MUGS"))
	s.at("2026-11-22T10:00:00Z") // over and used up, which is not looked at again

	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 2), stays(o.Lines[1], 1), added(mug, 1), added(sock, 1)}})
	if o.Discount != 300 || o.Lines[0].OrderDiscount != 200 || o.Lines[2].OrderDiscount != 100 || o.Lines[3].InDiscount || s.uses(c.ID) != 1 {
		t.Errorf("a discount of %d: %+v", o.Discount, o.Lines)
	}
	for _, bad := range []struct {
		code  string
		lines []sales.LineChange
	}{
		{"code_minimum", []sales.LineChange{stays(o.Lines[0], 1)}},
		{"code_other_goods", []sales.LineChange{stays(o.Lines[1], 2)}},
	} {
		s.leavesNothing(func() {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: bad.lines})
			if e := refusal(t, err, bad.code); e.Field != "discountCode" {
				t.Errorf("blamed %q", e.Field)
			}
		})
	}
	exactly := []sales.LineChange{stays(o.Lines[0], 1), stays(o.Lines[1], 1)}
	if o = s.edit(o.ID, sales.OrderChange{Lines: exactly}); o.Discount != 100 {
		t.Errorf("exactly the minimum takes %d", o.Discount)
	}
	s.recode(c.ID, sales.DiscountCodeChange{Minimum: ptr(money.Amount(9000)), Percent: ptr(money.Rate(50_000))})
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 2), stays(o.Lines[1], 1)}, Shipping: &sales.NewShipping{Price: 500}})
	if o.Discount != 200 {
		t.Errorf("what was promised became %d", o.Discount)
	}

	held, err := sales.TryEdit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], 1), added(sock, 1), added(mug, 2)}})
	if held := must(s, held, err); held.Discount != 300 || held.Lines[1].InDiscount || !held.Lines[2].InDiscount {
		t.Errorf("what it holds would take %d off %+v", held.Discount, held.Lines)
	}
	_, err = sales.TryCode(s.Ctx, s.DB, sales.CodeTrial{Code: "mugs", Lines: []sales.NewLine{line(mug, 9)}})
	refusal(t, err, "code_ended")

	o = s.edit(o.ID, sales.OrderChange{Discount: amount(0)})
	if !o.Lines[0].InDiscount || !o.Lines[1].InDiscount || o.DiscountCode != "" || s.uses(c.ID) != 0 {
		t.Errorf("without its code the discount leaves out %+v", o.Lines)
	}
	o = s.edit(o.ID, sales.OrderChange{Discount: percent(5_000)})
	if o.DiscountCode != "" || o.Discount != 150 || s.uses(c.ID) != 0 {
		t.Errorf("by hand it is %d with the code %q", o.Discount, o.DiscountCode)
	}
	_, err = sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{DiscountCode: ptr("MUGS")})
	refusal(t, err, "code_ended")
	_, err = sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{DiscountCode: ptr("MUGS"), Discount: percent(1)})
	refusal(t, err, "code_and_discount")
	s.code(amountCode("TEN", 1000))
	o = s.edit(o.ID, sales.OrderChange{DiscountCode: ptr("ten")})
	page, err := sales.Timeline(s.Ctx, s.DB, o.ID, db.List{Limit: 1})
	changed := wire(t, must(s, page, err).Items[0].Params["changes"])
	if !strings.Contains(changed, `{"from":"","to":"TEN","what":"discount_code"}`) || !strings.Contains(changed, `{"from":150,"to":1000,"what":"discount"}`) {
		t.Errorf("the timeline says %s", changed)
	}
	s.Doctor(t)
}

func TestTheLimitOfARoleDoesNotHoldForCodes(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 1000, 0)
	s.code(percentCode("HALF", 50_000))
	eva := db.WithActor(s.Ctx, db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: db.Allow("orders.create", "orders.edit"),
		Limits: db.Limits{db.DiscountLimit: 10_000}})
	o, err := sales.Place(eva, s.DB, coded(s.counter(line(mug, 1)), "HALF"))
	o = must(s, o, err)
	o, err = sales.Edit(eva, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{{ID: o.Lines[0].ID, Quantity: 2, Discount: percent(10_000)}}})
	if o := must(s, o, err); o.Discount != 200+900 {
		t.Errorf("a discount of %d", o.Discount)
	}
	for name, in := range map[string]sales.OrderChange{
		"a line's":          {Lines: []sales.LineChange{{ID: o.Lines[0].ID, Quantity: 2, Discount: percent(11_000)}}},
		"one like the code": {Discount: percent(50_000)},
	} {
		if _, err := sales.Edit(eva, s.DB, o.ID, in); db.CodeOf(err) != "approval_required" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnEditRemembersHowADiscountWasAskedFor(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 1000, 0)
	in := s.counter(sales.NewLine{VariantID: mug, Quantity: 1, Discount: percent(10_000)})
	in.Discount = percent(10_000)
	o := s.place(in)
	entries := len(s.entries(o.ID))
	got := s.edit(o.ID, sales.OrderChange{Discount: amount(90), Lines: []sales.LineChange{{ID: o.Lines[0].ID, Quantity: 1, Discount: amount(100)}}})
	if got.Version != o.Version+1 || got.DiscountPercent != nil || *got.DiscountAmount != 90 || got.Lines[0].DiscountPercent != nil || got.Total != o.Total {
		t.Errorf("not remembered: %+v", got)
	}
	if n := len(s.entries(o.ID)); n != entries {
		t.Errorf("%d entries of no amount", n-entries)
	}
	page, err := sales.Timeline(s.Ctx, s.DB, o.ID, db.List{Limit: 1})
	changed := wire(t, must(s, page, err).Items[0].Params["changes"])
	want := `[{"from":{"percent":10000},"name":"Thing MUG","to":{"amount":100},"what":"line_discount_kind"},{"from":{"percent":10000},"to":{"amount":90},"what":"discount_kind"}]`
	if changed != want {
		t.Errorf("the timeline says %s", changed)
	}
	got = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(got.Lines[0], 2)}})
	if got.Lines[0].Discount != 100 || got.Discount != 190 {
		t.Errorf("two of them have discounts of %d and %d", got.Lines[0].Discount, got.Discount)
	}
	s.Doctor(t)
}

// Whatever a code is and whatever becomes of its order: the sums hold, and the code is used by the orders that hold it.
func TestWithAnyCodeAnOrderAddsUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	var variants, categories []int64
	for _, path := range []string{"A", "A > B", "A > B > C", "D"} {
		v, c := s.of(path, strings.ReplaceAll(path, " > ", ""), 999)
		variants, categories = append(variants, v), append(categories, c)
	}
	variants = append(variants, s.untracked("NONE", 1250, 7_000))
	var n atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		in := sales.NewDiscountCode{Code: fmt.Sprintf("C%06d", n.Add(1))}
		if rapid.Bool().Draw(t, "percent") {
			in.Percent = ptr(money.Rate(rapid.IntRange(1, 100_000).Draw(t, "rate")))
		} else {
			in.Amount = ptr(money.Amount(rapid.IntRange(1, 9000).Draw(t, "amount")))
		}
		in.CategoryIDs = rapid.SliceOfNDistinct(rapid.SampledFrom(categories), 0, 2, rapid.ID[int64]).Draw(t, "categories")
		in.Minimum = money.Amount(rapid.IntRange(0, 3000).Draw(t, "minimum"))
		c := s.code(in)
		lines := func(label string) (all []sales.NewLine) {
			for range rapid.IntRange(1, 5).Draw(t, label) {
				l := line(rapid.SampledFrom(variants).Draw(t, "variant"), int64(rapid.IntRange(1, 4).Draw(t, "quantity")))
				if rapid.Bool().Draw(t, "own discount") {
					l.Discount = percent(money.Rate(rapid.IntRange(0, 100_000).Draw(t, "own rate")))
				}
				all = append(all, l)
			}
			return all
		}
		order := coded(s.counter(lines("lines")...), in.Code)
		order.Shipping = &sales.NewShipping{Price: 490, TaxRate: ptr(money.Rate(19_000))}
		o, err := sales.Place(s.Ctx, s.DB, order)
		if err != nil {
			var e *db.Error
			if !errors.As(err, &e) || e.Code != "code_minimum" && e.Code != "code_other_goods" {
				t.Fatalf("refused: %v", err)
			}
			if s.uses(c.ID) != 0 {
				t.Fatal("a refused order used the code")
			}
			return
		}
		codeAddsUp(t, o)
		var change []sales.LineChange
		for _, l := range o.Lines {
			if rapid.Bool().Draw(t, "stays") {
				change = append(change, stays(l, int64(rapid.IntRange(1, 4).Draw(t, "now"))))
			}
		}
		for _, l := range lines("more") {
			change = append(change, sales.LineChange{VariantID: l.VariantID, Quantity: l.Quantity, Discount: l.Discount})
		}
		if got, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: change}); err == nil {
			o = got
			codeAddsUp(t, o)
		} else if code := db.CodeOf(err); code != "code_minimum" && code != "code_other_goods" {
			t.Fatalf("refused: %v", err)
		}
		want := int64(1)
		if rapid.Bool().Draw(t, "cancel") {
			s.cancel(o.ID)
			want = 0
		}
		if got := s.uses(c.ID); got != want {
			t.Fatalf("used %d times, want %d", got, want)
		}
	})
	s.Doctor(t)
}

// codeAddsUp holds the amounts of an order with a code against its rules.
func codeAddsUp(t *rapid.T, o *sales.Order) {
	var shared, within, total money.Amount
	for _, l := range o.Lines {
		own := l.UnitPrice*money.Amount(l.Quantity) - l.Discount
		if l.OrderDiscount > own || !l.InDiscount && l.OrderDiscount != 0 || l.Total != own-l.OrderDiscount {
			t.Fatalf("a line %+v", l)
		}
		shared, total = shared+l.OrderDiscount, total+l.Total
		if l.InDiscount {
			within += own
		}
	}
	want := money.Amount(0)
	if o.DiscountPercent != nil {
		want, _ = o.DiscountPercent.Of(within)
	} else {
		want = min(*o.DiscountAmount, within)
	}
	if shared != want || total+o.Shipping != o.Total {
		t.Fatalf("the code takes %d, want %d of %d; a total of %d for %d", shared, want, within, o.Total, total)
	}
	if diff := cmp.Diff(o.Total, o.Due+o.Paid); diff != "" {
		t.Fatal(diff)
	}
}

// A code is named for what it took, and not for what came off single lines.
func TestCustomersAreToldWhatACodeTook(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 20)
	s.code(percentCode("MAY", 10_000))
	in := coded(s.counter(line(mug, 2)), "MAY")
	in.Channel, in.Customer = sales.Phone, &customers.Contact{Email: "ida@example.com"}
	in.Lines[0].Discount = &sales.NewDiscount{Amount: ptr(money.Amount(200))}
	o := s.place(in)
	tracked, err := sales.Track(s.Ctx, s.DB, o.Token)
	if err != nil || tracked.LineDiscount != 200 || tracked.Discount != 200+o.Lines[0].OrderDiscount {
		t.Errorf("tracked %d of %d, %v", tracked.LineDiscount, tracked.Discount, err)
	}
	var told money.Amount
	err = db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT facts->>'lineDiscount' FROM outbox WHERE order_id = ?1", []any{o.ID}, &told)
	})
	if err != nil || told != 200 {
		t.Errorf("the mail says %d, %v", told, err)
	}
}
