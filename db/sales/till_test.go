package sales_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/settings"
)

func (s *shop) openTill(name string, float money.Amount) *sales.Till {
	s.t.Helper()
	t, err := sales.OpenTill(s.Ctx, s.DB, sales.NewTill{Name: name, Float: float})
	return must(s, t, err)
}

func (s *shop) moveCash(till int64, kind sales.TillMovementKind, amount money.Amount) *sales.Till {
	s.t.Helper()
	t, err := sales.MoveCash(s.Ctx, s.DB, till, sales.NewTillMovement{Kind: kind, Amount: amount, Reason: "stamps"})
	return must(s, t, err)
}

func (s *shop) closeTill(till int64, in sales.TillClose) *sales.Till {
	s.t.Helper()
	t, err := sales.CloseTill(s.Ctx, s.DB, till, in)
	return must(s, t, err)
}

func (s *shop) till(id int64) *sales.TillReport {
	s.t.Helper()
	r, err := sales.TillByID(s.Ctx, s.DB, id)
	return must(s, r, err)
}

// tillLines are what went through a till, oldest first, in a line each.
func (s *shop) tillLines(ctx context.Context, id int64, f sales.TillLineFilter) (lines []string) {
	s.t.Helper()
	for {
		page, err := sales.TillLines(ctx, s.DB, id, f)
		for _, l := range must(s, page, err).Items {
			lines = append([]string{fmt.Sprintf("%s %s %d %s%s", l.Kind, l.Method, l.Amount, l.OrderNumber, l.Reason)}, lines...)
		}
		if f.After = page.Next; f.After == "" {
			return lines
		}
	}
}

// sold is an order of one mug for 12.50 that was paid in this way.
func (s *shop) sold(ctx context.Context, mug int64, p sales.NewPayment) (*sales.Order, error) {
	in := s.counter(line(mug, 1))
	p.Amount, in.Fulfil = 1250, true
	in.Payments = []sales.NewPayment{p}
	return sales.Place(ctx, s.DB, in)
}

func TestATillIsItsFloatAndTheCashThatWentThroughIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	till := s.openTill("Till 1", 100_00)
	eva := employee()
	o, err := s.sold(eva, mug, sales.NewPayment{Method: "cash", Tendered: ptr(money.Amount(2000))})
	must(s, o, err)
	o, err = s.sold(s.Ctx, mug, sales.NewPayment{Method: "card", TillID: &till.ID})
	must(s, o, err)
	s.refund(o.ID, sales.NewRefund{Amount: 500, Reason: "a scratch"})
	s.Clock.Forward(time.Second)
	s.moveCash(till.ID, sales.PaidIn, 20_00)
	s.moveCash(till.ID, sales.PaidOut, 7_00)
	r := s.till(till.ID)
	if want := money.Amount(100_00 + 1250 - 500 + 20_00 - 7_00); *r.Expected != want || r.Difference != nil {
		t.Errorf("%d should be in the till, want %d", *r.Expected, want)
	}
	sums := func(payments int64, paid money.Amount, refunds int64, refunded money.Amount) sales.TillSums {
		return sales.TillSums{Payments: payments, Paid: paid, Refunds: refunds, Refunded: refunded, Net: paid - refunded}
	}
	owner := db.ActorOf(s.Ctx)
	want := sales.TillReport{Till: r.Till, PaidIn: 20_00, PaidOut: 7_00,
		Methods: []sales.TillMethod{{Method: "card", TillSums: sums(1, 1250, 0, 0)}, {Method: "cash", TillSums: sums(1, 1250, 1, 500)}},
		People: []sales.TillPerson{{Key: owner.Key(), Name: owner.Name, TillSums: sums(1, 1250, 1, 500), Cash: -500},
			{Key: "user:9", Name: "Eva", TillSums: sums(1, 1250, 0, 0), Cash: 1250}}}
	if diff := cmp.Diff(want, *r); diff != "" {
		t.Errorf("the report (-want +got):\n%s", diff)
	}
	lines := []string{"payment cash 1250 1001", "payment card 1250 1002", "refund cash 500 1002a scratch", "paid_in cash 2000 stamps", "paid_out cash 700 stamps"}
	if got := s.tillLines(s.Ctx, till.ID, sales.TillLineFilter{List: db.List{Limit: 1}}); !cmp.Equal(got, lines) {
		t.Errorf("page by page %q", got)
	}
	for name, c := range map[string]struct {
		f    sales.TillLineFilter
		want []string
	}{
		"cash payments":  {sales.TillLineFilter{Kind: "payment", Method: "cash"}, lines[:1]},
		"what Eva took":  {sales.TillLineFilter{Person: "user:9"}, lines[:1]},
		"paid out":       {sales.TillLineFilter{Kind: "paid_out"}, lines[4:]},
		"cash":           {sales.TillLineFilter{Method: "cash"}, []string{lines[0], lines[2], lines[3], lines[4]}},
		"nobody's cards": {sales.TillLineFilter{Method: "card", Person: "user:9"}, nil},
	} {
		if got := s.tillLines(s.Ctx, till.ID, c.f); !cmp.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	s.leavesNothing(func() {
		_, err := sales.CloseTill(s.Ctx, s.DB, till.ID, sales.TillClose{Counted: 12_000})
		if e := refusal(t, err, "reason_needed"); e.Params["difference"] != money.Amount(-50) || e.Field != "reason" {
			t.Errorf("refused with %v at %s", e.Params, e.Field)
		}
	})
	closed := s.closeTill(till.ID, sales.TillClose{Counted: 12_000, Counts: sales.TillCounts{{Value: 5000, Count: 2}, {Value: 2000, Count: 1}, {Value: 1000, Count: 0}},
		Reason: "wrong change", Note: "a busy day"})
	if *closed.Difference != -50 || closed.Status != sales.TillClosed || closed.ClosedBy != owner.Name || len(closed.Counts) != 3 {
		t.Errorf("closed as %s", wire(t, closed))
	}
	s.Doctor(t)
}

func TestCashFindsItsTill(t *testing.T) {
	t.Parallel()
	cash, card := sales.NewPayment{Method: "cash"}, sales.NewPayment{Method: "card"}
	named := func(p sales.NewPayment, id int64) sales.NewPayment { p.TillID = &id; return p }
	for _, c := range []struct {
		name     string
		tills    int // 1 and 2 are of the main store
		required bool
		pay      sales.NewPayment
		till     int64 // 0: none
		refused  string
		field    string
	}{
		{"without a till", 0, false, cash, 0, "", ""},
		{"into the only one", 1, false, cash, 1, "", ""},
		{"two are open and none is named", 2, false, cash, 0, "", ""},
		{"into the one that is named", 2, false, named(cash, 2), 2, "", ""},
		{"a card is not cash", 1, true, card, 0, "", ""},
		{"a card at a till", 1, false, named(card, 1), 1, "", ""},
		{"where cash needs one", 0, true, cash, 0, "till_needed", "payments[0].method"},
		{"where cash needs one of two", 2, true, cash, 0, "which_till", "payments[0].tillId"},
		{"where cash needs one and has it", 1, true, cash, 1, "", ""},
		{"one that never was", 1, false, named(cash, 7), 0, "not_found", "payments[0].tillId"},
		{"one that is closed", 3, false, named(card, 3), 0, "till_closed", "payments[0].tillId"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			mug := s.Stocked("MUG", 5)
			for i := range c.tills {
				s.openTill(fmt.Sprintf("Till %d", i+1), 0)
			}
			if c.tills == 3 {
				s.closeTill(3, sales.TillClose{})
			}
			_, err := settings.Save(s.Ctx, s.DB, settings.Change{TillRequired: &c.required})
			if err != nil {
				t.Fatal(err)
			}
			if c.refused != "" {
				s.leavesNothing(func() {
					_, err := s.sold(s.Ctx, mug, c.pay)
					if e := refusal(t, err, c.refused); e.Field != c.field {
						t.Errorf("refused at %q", e.Field)
					}
				})
				return
			}
			o, err := s.sold(s.Ctx, mug, c.pay)
			got := must(s, o, err).Payments[0].TillID
			if (got == nil) != (c.till == 0) || got != nil && *got != c.till {
				t.Errorf("it went into %v", got)
			}
			if again := s.order(o.ID).Payments[0].TillID; !cmp.Equal(again, got) {
				t.Errorf("read again it is in %v", again)
			}
			s.Doctor(t)
		})
	}
}

func TestATillIsOpenOnceAndClosedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	opened := dbtest.Together(20, func() error {
		_, err := sales.OpenTill(s.Ctx, s.DB, sales.NewTill{Float: 100})
		return err
	})
	if n := opened.Succeeded(); n != 1 {
		t.Errorf("%d tills of one name", n)
	}
	opened.AllOthers(t, "till_open")
	var counted atomic.Int64
	closed := dbtest.Together(20, func() error {
		_, err := sales.CloseTill(s.Ctx, s.DB, 1, sales.TillClose{Counted: money.Amount(100 + counted.Add(1)), Reason: "?"})
		return err
	})
	if n := closed.Succeeded(); n != 1 {
		t.Errorf("%d counts of one till", n)
	}
	closed.AllOthers(t, "till_closed")
	r := s.till(1)
	s.leavesNothing(func() {
		if again := s.closeTill(1, sales.TillClose{Counted: *r.Counted}); wire(t, again) != wire(t, &r.Till) {
			t.Errorf("closed again it is %s", wire(t, again))
		}
	})
	if next := s.openTill("Till 1", *r.Counted); next.ID == 1 || next.Status != sales.TillOpen {
		t.Errorf("opened anew it is %s", wire(t, next))
	}
	if page, err := sales.TillDrawers(s.Ctx, s.DB, 0); len(must(s, page, err).Items) != 1 || page.Items[0].Open.ID != 2 || *page.Items[0].LastCounted != *r.Counted {
		t.Errorf("the drawers are %s", wire(t, page))
	}
	s.Doctor(t)
}

func TestOneKeyMovesCashOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	till := s.openTill("Till 1", 100)
	var mu sync.Mutex
	replies := map[string]int{}
	ctx := db.WithKey(s.Ctx, "POST /tills/1/movements", "k-1")
	dbtest.Together(20, func() error {
		m, err := sales.MoveCash(ctx, s.DB, till.ID, sales.NewTillMovement{Kind: sales.PaidOut, Amount: 30, Reason: "milk"})
		mu.Lock()
		defer mu.Unlock()
		replies[wire(t, m)]++
		return err
	}).AllOthers(t, "none may fail")
	if r := s.till(till.ID); len(replies) != 1 || *r.Expected != 70 || r.PaidOut != 30 {
		t.Errorf("%d replies, %d should be there", len(replies), *r.Expected)
	}
	s.Doctor(t)
}

func TestAPaymentIsInTheSessionOrInNone(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	till := s.openTill("Till 1", 0)
	var n atomic.Int64
	closed := make(chan *sales.Till, 1)
	got := dbtest.Together(60, func() error {
		if n.Add(1) == 30 {
			c, err := sales.CloseTill(s.Ctx, s.DB, till.ID, sales.TillClose{Counted: 5, Reason: "in the middle of it"})
			closed <- c
			return err
		}
		_, err := s.sold(s.Ctx, mug, sales.NewPayment{Method: "cash", TillID: &till.ID})
		return err
	})
	got.AllOthers(t, "till_closed")
	c, sold := <-closed, got.Succeeded()-1
	if *c.Expected != money.Amount(sold)*1250 || *c.Difference != 5-*c.Expected {
		t.Errorf("%d were sold, %d should be there", sold, *c.Expected)
	}
	if r := s.till(till.ID); *r.Expected != *c.Expected || len(s.tillLines(s.Ctx, till.ID, sales.TillLineFilter{})) != sold {
		t.Errorf("after the close it is %s", wire(t, r))
	}
	s.Doctor(t)
}

func TestACountIsOfTheTillAsItWas(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	till := s.openTill("Till 1", 100)
	o, err := s.sold(s.Ctx, mug, sales.NewPayment{Method: "card", TillID: &till.ID})
	must(s, o, err)
	if v := s.till(till.ID).Version; v != till.Version {
		t.Errorf("a card makes it version %d", v)
	}
	o, err = s.sold(s.Ctx, mug, sales.NewPayment{Method: "cash"})
	must(s, o, err)
	s.leavesNothing(func() {
		_, err := sales.CloseTill(s.Ctx, s.DB, till.ID, sales.TillClose{Counted: 100, Version: &till.Version})
		if e := refusal(t, err, "stale"); *e.Params["current"].(*sales.Till).Expected != 1350 {
			t.Errorf("the current one is %s", wire(t, e.Params))
		}
		_, err = sales.MoveCash(s.Ctx, s.DB, till.ID, sales.NewTillMovement{Kind: sales.PaidOut, Amount: 1, Reason: "milk", Version: &till.Version})
		refusal(t, err, "stale")
	})
	s.closeTill(till.ID, sales.TillClose{Counted: 1350, Version: ptr(till.Version + 1)})
	s.Doctor(t)
}

func TestWhoCountsBlindIsToldAfterwards(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := settings.Save(s.Ctx, s.DB, settings.Change{TillBlind: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	mug := s.Stocked("MUG", 5)
	till := s.openTill("Till 1", 100)
	o, err := s.sold(s.Ctx, mug, sales.NewPayment{Method: "cash"})
	must(s, o, err)
	s.moveCash(till.ID, sales.PaidIn, 50)
	eva := employee(s.Location)
	r, err := sales.TillByID(eva, s.DB, till.ID)
	if must(s, r, err); r.Expected != nil || !r.Hidden || len(r.Methods)+len(r.People) != 0 || r.PaidIn != 50 {
		t.Errorf("Eva sees %s", wire(t, r))
	}
	if got := s.tillLines(eva, till.ID, sales.TillLineFilter{}); !cmp.Equal(got, []string{"paid_in cash 50 stamps"}) {
		t.Errorf("Eva sees the lines %q", got)
	}
	page, err := sales.Tills(eva, s.DB, sales.TillFilter{})
	if must(s, page, err).Items[0].Expected != nil {
		t.Error("the list shows what should be there")
	}
	drawers, err := sales.TillDrawers(eva, s.DB, 0)
	if must(s, drawers, err).Items[0].Open.Expected != nil {
		t.Error("the drawers show what should be there")
	}
	_, err = sales.CloseTill(eva, s.DB, till.ID, sales.TillClose{Counted: 1, Version: ptr(int64(1))})
	if refusal(t, err, "stale").Params["current"].(*sales.Till).Expected != nil {
		t.Error("stale shows what should be there")
	}
	if r := s.till(till.ID); *r.Expected != 1400 || r.Hidden {
		t.Errorf("the owner sees %s", wire(t, r))
	}
	closed, err := sales.CloseTill(eva, s.DB, till.ID, sales.TillClose{Counted: 1390})
	if must(s, closed, err); *closed.Difference != -10 || closed.Reason != "" {
		t.Errorf("closed as %s", wire(t, closed))
	}
	why := sales.TillReason{Reason: "wrong change"}
	for range 2 {
		if closed, err = sales.ExplainTill(eva, s.DB, till.ID, why); must(s, closed, err).Reason != "wrong change" {
			t.Errorf("explained as %s", wire(t, closed))
		}
	}
	s.leavesNothing(func() {
		_, err = sales.ExplainTill(s.Ctx, s.DB, till.ID, sales.TillReason{Reason: "another"})
		refusal(t, err, "already_explained")
	})
	s.Doctor(t)
}

func TestATillIsOfItsStoreAndOfWhoWorkedAtIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	second := s.openStore("Second store")
	till := s.openTill("Till 1", 100)
	elsewhere := employee(second)
	for name, do := range map[string]func() error{
		"read":    func() error { _, err := sales.TillByID(elsewhere, s.DB, till.ID); return err },
		"lines":   func() error { _, err := sales.TillLines(elsewhere, s.DB, till.ID, sales.TillLineFilter{}); return err },
		"drawers": func() error { _, err := sales.TillDrawers(elsewhere, s.DB, s.Location); return err },
		"open":    func() error { _, err := sales.OpenTill(elsewhere, s.DB, sales.NewTill{Name: "Till 9"}); return err },
		"close":   func() error { _, err := sales.CloseTill(elsewhere, s.DB, till.ID, sales.TillClose{}); return err },
		"explain": func() error {
			_, err := sales.ExplainTill(elsewhere, s.DB, till.ID, sales.TillReason{Reason: "?"})
			return err
		},
		"pay out": func() error {
			_, err := sales.MoveCash(elsewhere, s.DB, till.ID, sales.NewTillMovement{Kind: sales.PaidOut, Amount: 1, Reason: "?"})
			return err
		},
		"pay into": func() error {
			in := s.counter(line(mug, 1))
			in.LocationID = second
			s.receiveAt(second, mug, 1)
			in.Payments = []sales.NewPayment{{Method: "cash", Amount: 1, TillID: &till.ID}}
			_, err := sales.Place(elsewhere, s.DB, in)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { refusal(t, do(), "not_found") })
	}
	eva := employee(s.Location)
	count := func(ctx context.Context, want int, f sales.TillFilter) {
		t.Helper()
		page, err := sales.Tills(ctx, s.DB, f)
		if got := len(must(s, page, err).Items); got != want {
			t.Errorf("%d tills are listed, want %d", got, want)
		}
	}
	count(eva, 1, sales.TillFilter{})
	count(elsewhere, 0, sales.TillFilter{})
	s.closeTill(till.ID, sales.TillClose{Counted: 100})
	count(eva, 0, sales.TillFilter{})
	count(s.Ctx, 1, sales.TillFilter{})
	_, err := sales.TillByID(eva, s.DB, till.ID)
	refusal(t, err, "not_found")
	mine, err := sales.OpenTill(eva, s.DB, sales.NewTill{Float: 100})
	must(s, mine, err)
	s.closeTill(mine.ID, sales.TillClose{Counted: 100})
	r, err := sales.TillByID(eva, s.DB, mine.ID)
	if must(s, r, err).ClosedBy == "Eva" {
		t.Error("Eva closed it")
	}
	today := mine.BusinessDate
	count(s.Ctx, 2, sales.TillFilter{Status: sales.TillClosed, LocationID: s.Location, From: today, To: today})
	count(s.Ctx, 0, sales.TillFilter{From: today.AddDays(1)})
	count(s.Ctx, 0, sales.TillFilter{Status: sales.TillOpen})
	s.openTill("Till 1", 0)
	count(elsewhere, 0, sales.TillFilter{Status: sales.TillOpen})
	count(eva, 1, sales.TillFilter{Status: sales.TillOpen, LocationID: s.Location})
	s.Doctor(t)
}

func TestTheOrderOfAnotherStoreIsNotNamedAtATill(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	second := s.openStore("Second store")
	s.receiveAt(second, mug, 1)
	till := s.openTill("Till 1", 0)
	in := s.counter(line(mug, 1))
	in.LocationID, in.Payments = second, []sales.NewPayment{{Method: "cash", Amount: 1250, TillID: &till.ID}}
	s.place(in)
	if got := s.tillLines(employee(s.Location), till.ID, sales.TillLineFilter{}); !cmp.Equal(got, []string{"payment cash 1250 "}) {
		t.Errorf("the lines are %q", got)
	}
	s.Doctor(t)
}

func TestAmountsOfATillStayWithinTheBooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	till := s.openTill("Till 1", money.Max)
	for code, do := range map[string]func() error{
		"too_large": func() error { _, err := s.sold(s.Ctx, mug, sales.NewPayment{Method: "cash"}); return err },
		"bad_amount": func() error {
			_, err := sales.MoveCash(s.Ctx, s.DB, till.ID, sales.NewTillMovement{Kind: sales.PaidOut, Amount: -1, Reason: "?"})
			return err
		},
		"required": func() error {
			_, err := sales.MoveCash(s.Ctx, s.DB, till.ID, sales.NewTillMovement{Kind: sales.PaidOut, Amount: 1, Reason: " "})
			return err
		},
		"counts_differ": func() error {
			_, err := sales.CloseTill(s.Ctx, s.DB, till.ID, sales.TillClose{Counted: money.Max, Counts: sales.TillCounts{{Value: 5, Count: 1}}})
			return err
		},
		"out_of_range": func() error {
			_, err := sales.CloseTill(s.Ctx, s.DB, till.ID, sales.TillClose{Counted: 5, Counts: sales.TillCounts{{Value: -5, Count: -1}}})
			return err
		},
		"till_not_closed": func() error {
			_, err := sales.ExplainTill(s.Ctx, s.DB, till.ID, sales.TillReason{Reason: "?"})
			return err
		},
	} {
		t.Run(code, func(t *testing.T) { s.leavesNothing(func() { refusal(t, do(), code) }) })
	}
	_, err := sales.CloseTill(s.Ctx, s.DB, till.ID, sales.TillClose{Counted: 0, Counts: sales.TillCounts{{Value: money.Max, Count: 2}}})
	refusal(t, err, "too_large")
	// What was forgotten to be put in makes it less than nothing, down to the same bound.
	other := s.openTill("Till 2", 0)
	if got := s.moveCash(other.ID, sales.PaidOut, money.Max); *got.Expected != -money.Max {
		t.Errorf("%d should be there", *got.Expected)
	}
	_, err = sales.MoveCash(s.Ctx, s.DB, other.ID, sales.NewTillMovement{Kind: sales.PaidOut, Amount: 1, Reason: "?"})
	refusal(t, err, "too_large")
	_, err = sales.CloseTill(s.Ctx, s.DB, other.ID, sales.TillClose{Counted: 1, Reason: "?"})
	refusal(t, err, "too_large")
	s.closeTill(other.ID, sales.TillClose{Reason: "?"})
	s.Doctor(t)
}

func TestATillCountsTheMinorUnitsOfItsCurrency(t *testing.T) {
	t.Parallel()
	for currency, c := range map[string]struct {
		counts  sales.TillCounts
		counted money.Amount
	}{
		"JPY": {sales.TillCounts{{Value: 10_000, Count: 3}, {Value: 1, Count: 4}}, 30_004},
		"KWD": {sales.TillCounts{{Value: 20_000, Count: 1}, {Value: 250, Count: 3}, {Value: 5, Count: 1}}, 20_755}, // 20.755
	} {
		s := open(t)
		s.keepBooks(currency, true)
		till := s.openTill("Till 1", c.counted)
		if got := s.closeTill(till.ID, sales.TillClose{Counted: c.counted, Counts: c.counts}); *got.Difference != 0 {
			t.Errorf("%s: %s", currency, wire(t, got))
		}
		s.Doctor(t)
	}
}

func TestASmallDifferenceNeedsNoReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := settings.Save(s.Ctx, s.DB, settings.Change{TillTolerance: ptr(money.Amount(10))}); err != nil {
		t.Fatal(err)
	}
	for _, counted := range []money.Amount{90, 100, 110} {
		s.closeTill(s.openTill("Till 1", 100).ID, sales.TillClose{Counted: counted})
	}
	for _, counted := range []money.Amount{89, 111} {
		_, err := sales.CloseTill(s.Ctx, s.DB, s.openTill(fmt.Sprint("Till ", counted), 100).ID, sales.TillClose{Counted: counted})
		refusal(t, err, "reason_needed")
	}
	s.Doctor(t)
}

func TestAClosedTillStays(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	till := s.openTill("Till 1", 100)
	s.moveCash(till.ID, sales.PaidIn, 50)
	o, err := s.sold(s.Ctx, mug, sales.NewPayment{Method: "cash"})
	must(s, o, err)
	s.closeTill(till.ID, sales.TillClose{Counted: 1400})
	_, err = sales.MoveCash(s.Ctx, s.DB, till.ID, sales.NewTillMovement{Kind: sales.PaidIn, Amount: 1, Reason: "late"})
	refusal(t, err, "till_closed")
	for _, q := range []string{"UPDATE tills SET counted = 1", "UPDATE tills SET status = 'open', counted = NULL, closed_at = NULL, closed_name = NULL", "UPDATE tills SET reason = ''",
		"UPDATE tills SET reason = 'x', note = 'y'", "DELETE FROM tills", "INSERT OR REPLACE INTO tills SELECT * FROM tills",
		"UPDATE till_movements SET amount = 1", "DELETE FROM till_movements", "INSERT OR REPLACE INTO till_movements SELECT * FROM till_movements",
		`INSERT INTO till_movements (till_id, kind, amount, reason, at, business_date, actor_kind, actor_id, actor_name) SELECT till_id, kind, amount, reason, at, business_date, actor_kind, actor_id, actor_name FROM till_movements`,
		`INSERT INTO payments (order_id, kind, method, amount, reference, at, business_date, actor_kind, actor_id, actor_name, till_id)
			SELECT order_id, kind, method, amount, reference, at, business_date, actor_kind, actor_id, actor_name, till_id FROM payments`} {
		if err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error { _, err := tx.Exec(q); return err }); err == nil {
			t.Errorf("%s went through", q)
		}
	}
	s.Doctor(t)
}

// TestTillsAddUpWhateverHappens lets several people at once open, sell, give back, pay in and out and close, and holds each till
// to the sum of what was answered.
func TestTillsAddUpWhateverHappens(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 1250, 0)
	rapid.Check(t, func(rt *rapid.T) {
		var mu sync.Mutex
		sums := map[int64]money.Amount{} // what each till should hold
		moved := func(till *int64, amount money.Amount) {
			mu.Lock()
			defer mu.Unlock()
			if till != nil {
				sums[*till] += amount
			}
		}
		var wg sync.WaitGroup
		for range rapid.IntRange(1, 4).Draw(rt, "people") {
			steps := rapid.SliceOfN(rapid.IntRange(0, 59), 1, 25).Draw(rt, "steps")
			wg.Go(func() {
				var till int64
				for _, step := range steps {
					amount := money.Amount(step + 1)
					name := sales.NewPayment{Method: "cash"}
					if step%2 == 0 && till != 0 {
						name.TillID = &till
					}
					switch step % 6 {
					case 0:
						if o, err := sales.OpenTill(s.Ctx, s.DB, sales.NewTill{Name: fmt.Sprint("Till ", step%3), Float: amount}); err == nil {
							till = o.ID
							moved(&o.ID, amount)
						}
					case 1, 2:
						if o, err := s.sold(s.Ctx, mug, name); err == nil {
							moved(o.Payments[0].TillID, 1250)
							if step > 30 {
								if o, err := sales.Refund(s.Ctx, s.DB, o.ID, sales.NewRefund{Method: "cash", Amount: amount}); err == nil {
									moved(o.Payments[1].TillID, -amount)
								}
							}
						}
					case 3:
						if m, err := sales.MoveCash(s.Ctx, s.DB, till, sales.NewTillMovement{Kind: sales.PaidIn, Amount: amount, Reason: "in"}); err == nil {
							moved(&m.ID, amount)
						}
					case 4:
						if m, err := sales.MoveCash(s.Ctx, s.DB, till, sales.NewTillMovement{Kind: sales.PaidOut, Amount: amount, Reason: "out"}); err == nil {
							moved(&m.ID, -amount)
						}
					default:
						sales.CloseTill(s.Ctx, s.DB, till, sales.TillClose{Counted: amount, Reason: "closed"}) //nolint:errcheck // refused where it is closed already
					}
				}
			})
		}
		wg.Wait()
		for id, want := range sums {
			r, err := sales.TillByID(s.Ctx, s.DB, id)
			if err != nil {
				rt.Fatal(err)
			}
			cash := r.Float + r.PaidIn - r.PaidOut
			for _, m := range r.Methods {
				cash += m.Net
			}
			if *r.Expected != want || cash != want {
				rt.Fatalf("till %d says %d, its report %d; what was answered adds up to %d", id, *r.Expected, cash, want)
			}
			if r.Status == sales.TillOpen { // the next round opens its own
				s.closeTill(id, sales.TillClose{Reason: "end"})
			}
		}
	})
	s.Doctor(t)
}
