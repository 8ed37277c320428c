package sales_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
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
