package jobs_test

import (
	"testing"
	"time"

	"onhand/db/customers"
	"onhand/db/sales"
)

func TestAnOrderThatNobodyPaidForExpires(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	order, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: sales.Web, PaymentMethod: "card", Customer: &customers.Contact{Name: "Mia", Email: "mia@example.com"},
		Lines: []sales.NewLine{{VariantID: p.Stocked("MUG", 1), Quantity: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.run(t, "release-holds"); got != "Orders expired: 0." {
		t.Errorf("too early: %s", got)
	}
	p.Clock.Forward(time.Hour)
	if due, err := sales.HoldsDue(p.Ctx, p.DB); err != nil || !due {
		t.Errorf("a hold that has ended is due: %v, %v", due, err)
	}
	for _, want := range []string{"Orders expired: 1.", "Orders expired: 0."} {
		if got := p.run(t, "release-holds"); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
	if due, err := sales.HoldsDue(p.Ctx, p.DB); err != nil || due {
		t.Errorf("nothing is left, and it is due: %v, %v", due, err)
	}
	mails := told[sales.OrderFacts](t, p, sales.OrderExpiredMail, "mia@example.com")
	if len(mails) != 1 || mails[0].Number != order.Number || *mails[0].Held != *order.HoldUntil {
		t.Errorf("the customer was told %+v", mails)
	}
	p.Doctor(t)
}
