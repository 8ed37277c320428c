package sales_test

import (
	"fmt"
	"testing"

	"onhand/db"
	"onhand/db/sales"
)

func TestAStoreSeesItsOrdersOnly(t *testing.T) {
	t.Parallel()
	s, second := history(t)
	eva := employee(second)
	page, err := sales.Orders(eva, s.DB, sales.OrderFilter{})
	if page = must(s, page, err); len(page.Items) != 1 || page.Items[0].Number != "1003" {
		t.Fatalf("the second store lists %d orders", len(page.Items))
	}
	nobody := db.WithActor(s.Ctx, db.Actor{Kind: db.UserActor, ID: 8, Locations: []int64{}})
	if page, err := sales.Orders(nobody, s.DB, sales.OrderFilter{}); len(must(s, page, err).Items) != 0 {
		t.Error("somebody without stores sees orders")
	}
	theirs := s.order(2) // of the main store, with a packed parcel
	mug := theirs.Lines[0].VariantID
	for name, do := range map[string]func() error{
		"read":     func() error { _, err := sales.OrderByID(eva, s.DB, theirs.ID); return err },
		"timeline": func() error { _, err := sales.Timeline(eva, s.DB, theirs.ID, db.List{}); return err },
		"confirm":  func() error { _, err := sales.Confirm(eva, s.DB, theirs.ID, sales.Command{}); return err },
		"cancel":   func() error { _, err := sales.Cancel(eva, s.DB, theirs.ID, sales.Cancellation{}); return err },
		"pay": func() error {
			_, err := sales.Pay(eva, s.DB, theirs.ID, sales.NewPayment{Method: "cash", Amount: 1})
			return err
		},
		"fulfil": func() error {
			_, err := sales.Fulfil(eva, s.DB, theirs.ID, sales.NewFulfilment{Ship: true})
			return err
		},
		"ship": func() error {
			_, err := sales.MoveParcel(eva, s.DB, theirs.Fulfilments[0].ID, sales.Shipped, sales.Command{})
			return err
		},
		"place there": func() error { _, err := sales.Place(eva, s.DB, s.counter(line(mug, 1))); return err },
		"from there": func() error {
			in := s.counter(line(mug, 1))
			in.LocationID = second
			o, err := sales.Place(eva, s.DB, in)
			if err != nil {
				return fmt.Errorf("at their own store: %w", err)
			}
			_, err = sales.Fulfil(eva, s.DB, o.ID, sales.NewFulfilment{LocationID: s.Location, Ship: true})
			return err
		},
		"a parcel from there": func() error {
			in := s.counter(line(mug, 1))
			in.LocationID = second
			o := s.fulfil(s.place(in).ID, sales.NewFulfilment{LocationID: s.Location})
			_, err := sales.MoveParcel(eva, s.DB, o.Fulfilments[0].ID, sales.Shipped, sales.Command{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			if e := refusal(t, do(), "not_found"); e.Kind != db.Missing {
				t.Errorf("refused as %d", e.Kind)
			}
		})
	}
	if got := wire(t, s.order(2)); got != wire(t, theirs) {
		t.Errorf("the order changed: %s", got)
	}
	s.Doctor(t)
}
