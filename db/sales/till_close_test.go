package sales_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/settings"
)

func (s *shop) closeTill(till int64, in sales.TillClose) *sales.Till {
	s.t.Helper()
	t, err := sales.CloseTill(s.Ctx, s.DB, till, in)
	return must(s, t, err)
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
