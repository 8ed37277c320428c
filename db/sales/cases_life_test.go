package sales_test

import (
	"encoding/json"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

func addedToDelivered(s *shop, c publishedCase) {
	want := then[struct {
		Amount   money.Amount `json:"new_line_amount"`
		Increase money.Amount `json:"total_increase"`
		Reserved int64        `json:"new_item_reserved"`
	}](s, c)
	l := c.Given.Lines[0]
	mug, cup := s.Stocked("MUG", l.Qty), s.Stocked("CUP", 10)
	s.reprice(cup, 200)
	before := s.handed(mug, l.Qty)
	if before.Lines[0].Fulfilled != l.Delivered {
		s.t.Errorf("%d were delivered", before.Lines[0].Fulfilled)
	}
	o := s.edit(before.ID, sales.OrderChange{Lines: []sales.LineChange{stays(before.Lines[0], l.Qty), added(cup, 7)}})
	if o.Lines[1].Total != want.Amount || o.Total-before.Total != want.Increase {
		s.t.Errorf("a line of %d raises the total by %d", o.Lines[1].Total, o.Total-before.Total)
	}
	s.Level(s.t, cup, dbtest.Level{OnHand: 10, Committed: want.Reserved})
	wantStates(s.t, o, "confirmed, partially_paid, partially_fulfilled") // to deliver and to pay
}

func removed(s *shop, c publishedCase) {
	type sums struct {
		Lines    int
		Reserved int64 `json:"B_reserved"`
	}
	want := then[struct {
		Added   sums   `json:"after_add"`
		RemoveA string `json:"remove_A"`
		Removed sums   `json:"after_remove_B"`
	}](s, c)
	l := c.Given.Lines[0]
	a, b := s.Stocked("A", l.Qty), s.Stocked("B", 5)
	o := s.place(s.counter(line(a, l.Qty)))
	o = s.fulfil(o.ID, sales.NewFulfilment{Ship: true, Lines: []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: l.Delivered}}})
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], l.Qty), added(b, 2)}})
	s.holds(o, b, want.Added.Lines, want.Added.Reserved)
	s.leavesNothing(func() {
		_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[1], 2)}})
		if refusal(s.t, err, "line_gone"); want.RemoveA != "refused" {
			s.t.Errorf("the source says %s", want.RemoveA)
		}
	})
	o = s.edit(o.ID, sales.OrderChange{Lines: []sales.LineChange{stays(o.Lines[0], l.Qty)}})
	s.holds(o, b, want.Removed.Lines, want.Removed.Reserved)
}

// holds wants so many lines of an order, and so much of a variant reserved of 5.
func (s *shop) holds(o *sales.Order, variant int64, lines int, reserved int64) {
	s.t.Helper()
	if len(o.Lines) != lines {
		s.t.Errorf("%d lines, want %d", len(o.Lines), lines)
	}
	s.Level(s.t, variant, dbtest.Level{OnHand: 5, Committed: reserved})
}

// counted says that a count of what is there posts nothing, and that one of less leaves so many at what they cost.
func counted(s *shop, _ publishedCase) {
	mug := s.Stocked("MUG", 10)
	for _, n := range []int64{10, 4, 0} {
		before := s.books()["movements"]
		s.adjust(stock.AdjustLine{VariantID: mug, Counted: &n})
		if posted := s.books()["movements"] - before; (posted == 0) != (n == 10) {
			s.t.Errorf("a count of %d posts %d movements", n, posted)
		}
		var value money.Amount
		err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
			return tx.Row("SELECT value FROM costs WHERE variant_id = ?1", []any{mug}, &value)
		})
		if must(s, value, err) != 600*money.Amount(n) {
			s.t.Errorf("%d are worth %d", n, value)
		}
	}
}

func credited(s *shop, c publishedCase) {
	want := then[struct {
		Delivered int64
		CreditQty int64 `json:"credit_qty"`
	}](s, c)
	o := s.returned(s.handed(s.Stocked("MUG", c.Given.Qty), c.Given.Qty), want.CreditQty)
	if l := o.Lines[0]; l.Fulfilled-l.Returned != want.Delivered || o.DueBack != money.Amount(want.CreditQty)*l.UnitPrice {
		s.t.Errorf("%d stay with the customer, %d are due back", l.Fulfilled-l.Returned, o.DueBack)
	}
	if o = s.refund(o.ID, sales.NewRefund{Amount: o.DueBack}); o.Due != 0 || o.DueBack != 0 {
		s.t.Errorf("after the credit %d are due, %d due back", o.Due, o.DueBack)
	}
}

// everyMove tries each move from each status: ours are fewer than the source's, and what it holds for sure holds here.
func everyMove(s *shop, c publishedCase) {
	if out := then[struct{ Allowed map[string][]string }](s, c).Allowed["Cancelled"]; len(out) > 0 {
		s.t.Errorf("the source leaves cancelled for %v", out)
	}
	mug := s.Stocked("MUG", 1000)
	moves := map[sales.Status]func(id int64) (*sales.Order, error){
		sales.Placed:    func(id int64) (*sales.Order, error) { return sales.PlaceDraft(s.Ctx, s.DB, id, sales.Command{}) },
		sales.Confirmed: func(id int64) (*sales.Order, error) { return sales.Confirm(s.Ctx, s.DB, id, sales.Command{}) },
		sales.Cancelled: func(id int64) (*sales.Order, error) { return sales.Cancel(s.Ctx, s.DB, id, sales.Cancellation{}) },
	}
	confirmed := func() *sales.Order {
		o, err := moves[sales.Confirmed](s.place(s.counter(line(mug, 1))).ID)
		return must(s, o, err)
	}
	for name, from := range map[string]struct {
		is   func() *sales.Order
		into []sales.Status
	}{
		"draft":     {func() *sales.Order { in := s.counter(line(mug, 1)); in.Draft = true; return s.place(in) }, []sales.Status{sales.Placed, sales.Cancelled}},
		"placed":    {func() *sales.Order { return s.place(s.counter(line(mug, 1))) }, []sales.Status{sales.Confirmed, sales.Cancelled}},
		"confirmed": {confirmed, []sales.Status{sales.Cancelled}},
		"shipped":   {func() *sales.Order { return s.fulfil(confirmed().ID, sales.NewFulfilment{Ship: true}) }, nil},
		"completed": {func() *sales.Order { return s.handed(mug, 1) }, nil},
		"cancelled": {func() *sales.Order { return s.cancel(confirmed().ID) }, nil},
	} {
		for to, move := range moves {
			o := from.is()
			_, err := move(o.ID)
			want := o.Status
			for _, status := range from.into {
				if status == to {
					want = to
				}
			}
			now := s.order(o.ID)
			if now.Status != want || want == to && err != nil || now.Paid != o.Paid || now.FulfilmentStatus != o.FulfilmentStatus {
				s.t.Errorf("%s to %s: it is %s, %v", name, to, states(now), err)
			}
		}
	}
}

// The sources' words for how payments stand to what is owed.
var paymentWords = map[string]sales.PaymentStatus{"credit_owed": sales.Overpaid, "balance_due": sales.PartiallyPaid}

func wantPayment(s *shop, c publishedCase, o *sales.Order) {
	s.t.Helper()
	word := then[struct {
		Status string `json:"payment_status"`
	}](s, c).Status
	if o.PaymentStatus != paymentWords[word] {
		s.t.Errorf("it is %s, the source says %s", o.PaymentStatus, word)
	}
	if net := c.Given.Paid.Amount; o.DueBack != max(0, net-owedOf(o)) || o.Due != max(0, owedOf(o)-net) {
		s.t.Errorf("%d due, %d due back", o.Due, o.DueBack)
	}
}

func owedOf(o *sales.Order) money.Amount {
	if o.Status == sales.Cancelled {
		return 0
	}
	return o.Total
}

func paidSoFar(s *shop, c publishedCase) {
	in := s.items(true, item{price: c.Given.Total.Amount, quantity: 1})
	wantPayment(s, c, s.pay(s.place(in).ID, c.Given.Paid.Amount))
}

func paidThenCancelled(s *shop, c publishedCase) {
	in := s.items(true, item{price: c.Given.Total.Amount, quantity: 1})
	wantPayment(s, c, s.cancel(s.pay(s.place(in).ID, c.Given.Paid.Amount).ID))
}

// waitsForStock is of an order of two, one of which is there: it says so on its line.
func waitsForStock(s *shop, c publishedCase) {
	there := int64(0)
	for _, u := range c.Given.Units {
		if u == "on_hand" {
			there++
		}
	}
	o := s.place(s.counter(line(s.onBackorder("OWED", there), int64(len(c.Given.Units)))))
	if l := o.Lines[0]; l.Backordered != l.Quantity-there || o.FulfilmentStatus != sales.Unfulfilled {
		s.t.Errorf("%d of %d wait, %s", l.Backordered, l.Quantity, o.FulfilmentStatus)
	}
}

func nothingSent(s *shop, _ publishedCase) {
	o := s.place(s.counter(line(s.Stocked("MUG", 1), 1)))
	if len(o.Fulfilments) > 0 || o.FulfilmentStatus != sales.Unfulfilled {
		s.t.Errorf("%d parcels, %s", len(o.Fulfilments), o.FulfilmentStatus)
	}
}

func refundedPart(s *shop, c publishedCase) {
	o := s.place(s.items(true, item{price: cents(c.Given.Payment), quantity: 1}))
	o = s.refund(s.pay(o.ID, cents(c.Given.Payment)).ID, sales.NewRefund{Amount: cents(c.Given.Refund)})
	if want := then[struct {
		Paid json.Number `json:"paid_total"`
	}](s, c).Paid; o.Paid-o.Refunded != cents(want) {
		s.t.Errorf("%d are paid, want %s", o.Paid-o.Refunded, want)
	}
}

// refundedUnit takes one of a line back; what was taken off the shipping is not part of it.
func refundedUnit(s *shop, c publishedCase) {
	in := s.items(true, item{price: cents(c.Given.Line.Price), quantity: c.Given.Line.Qty})
	in.Shipping = &sales.NewShipping{Price: 10_000}
	o := s.place(in)
	o = s.edit(o.ID, sales.OrderChange{Shipping: &sales.NewShipping{Price: o.Shipping - cents(c.Given.ShippingOff)}})
	s.fulfil(o.ID, sales.NewFulfilment{Ship: true})
	want := cents(then[struct{ Refund json.Number }](s, c).Refund)
	if o = s.returned(s.pay(o.ID, o.Total), 1); o.DueBack != want {
		s.t.Errorf("%d are due back, want %d", o.DueBack, want)
	}
	if o = s.refund(o.ID, sales.NewRefund{Amount: want}); o.Due != 0 || o.DueBack != 0 {
		s.t.Errorf("then %d are due, %d due back", o.Due, o.DueBack)
	}
}
