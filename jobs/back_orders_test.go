package jobs_test

import (
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/sales"
	"onhand/db/tasks"
)

// onBackorder is a mug that sells without stock, and orders of it that wait, one for each address.
func (p *posted) onBackorder(t *testing.T, to ...string) (mug int64, orders []*sales.Order) {
	t.Helper()
	made, err := catalog.Create(p.Ctx, p.DB, catalog.NewProduct{Name: "Blue mug", Variants: []catalog.NewVariant{{SKU: "MUG", Price: 1250, Policy: catalog.Backorder}}})
	if err != nil {
		t.Fatal(err)
	}
	mug = made.Variants[0].ID
	for _, email := range to {
		o, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: sales.Phone, Customer: &customers.Contact{Name: "Mia", Email: email},
			Lines: []sales.NewLine{{VariantID: mug, Quantity: 2}}})
		if err != nil {
			t.Fatal(err)
		}
		orders = append(orders, o)
	}
	return mug, orders
}

func TestWhoWaitsIsMailedWhenGoodsCome(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug, orders := p.onBackorder(t, "mia@example.com")
	for _, want := range []int{0, 1, 1} {
		p.run(t, "stock-alerts")
		mails := told[sales.OrderFacts](t, p, sales.OrderCoveredMail, "mia@example.com")
		if len(mails) != want || want > 0 && mails[0].Number != orders[0].Number {
			t.Fatalf("the customer was told %+v, want %d mails", mails, want)
		}
		if want == 0 {
			p.Receive(mug, 2)
		}
	}
	p.Doctor(t)
}

func TestAMailThatCannotBeQueuedKeepsNoAlertBack(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	cup := p.Stocked("CUP", 12)
	mug, _ := p.onBackorder(t, "nobody@example.com", "mia@example.com")
	err := db.Write(p.Ctx, p.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER full BEFORE INSERT ON outbox WHEN new.recipient = 'nobody@example.com' BEGIN SELECT RAISE(ABORT, 'no room'); END")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Receive(mug, 4)
	p.lose(t, cup, 12)
	run, err := p.jobs.Run(t.Context(), "stock-alerts")
	if err != nil || run.Outcome != tasks.Failed {
		t.Errorf("the run %+v, %v", run, err)
	}
	if n := len(told[sales.OrderFacts](t, p, sales.OrderCoveredMail, "mia@example.com")); n != 1 {
		t.Errorf("the next one who waits was told %d times", n)
	}
	if got := digests(t, p, ada); len(got) != 1 || !strings.Contains(names(got[0]), "CUP") {
		t.Errorf("the owner was told %+v", got)
	}
}
