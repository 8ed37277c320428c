package stock_test

import (
	"context"
	"errors"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/staff"
	"onhand/db/stock"
)

// shop is a test shop with the moves of this room; each fails its test when refused.
type shop struct {
	*dbtest.Shop
	t testing.TB
}

func open(t testing.TB) *shop {
	t.Helper()
	return &shop{dbtest.Open(t), t}
}

func ptr[T any](v T) *T { return &v }

func (s *shop) variant(name string, v catalog.NewVariant) int64 {
	s.t.Helper()
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: name, Variants: []catalog.NewVariant{v}})
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Variants[0].ID
}

// at is the shop seen from another location.
func (s *shop) at(location int64) *shop {
	other := *s.Shop
	other.Location = location
	return &shop{&other, s.t}
}

func (s *shop) openStore(name string) int64 {
	s.t.Helper()
	l, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: name})
	if err != nil {
		s.t.Fatal(err)
	}
	return l.ID
}

// try adjusts by hand at the shop's location.
func (s *shop) try(reason stock.Reason, lines ...stock.AdjustLine) (*stock.Adjusted, error) {
	return stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: s.Location, Reason: reason, Lines: lines})
}

func (s *shop) adjust(reason stock.Reason, lines ...stock.AdjustLine) *stock.Adjusted {
	s.t.Helper()
	a, err := s.try(reason, lines...)
	if err != nil {
		s.t.Fatalf("adjust: %v", err)
	}
	return a
}

func by(variant, delta int64) stock.AdjustLine {
	return stock.AdjustLine{VariantID: variant, Delta: &delta}
}

func at(variant, delta int64, unitCost money.Amount) stock.AdjustLine {
	return stock.AdjustLine{VariantID: variant, Delta: &delta, UnitCost: &unitCost}
}

func counted(variant, quantity int64) stock.AdjustLine {
	return stock.AdjustLine{VariantID: variant, Counted: &quantity}
}

func (s *shop) level(variant int64) stock.Level {
	s.t.Helper()
	var l *stock.Level
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) (err error) {
		l, err = stock.LevelIn(tx, variant, s.Location)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return *l
}

func (s *shop) movements(f stock.MovementFilter) []stock.Movement {
	s.t.Helper()
	page, err := stock.Movements(s.Ctx, s.DB, f)
	if err != nil {
		s.t.Fatal(err)
	}
	return page.Items
}

func (s *shop) explain(variant int64) *stock.Explanation {
	s.t.Helper()
	e, err := stock.Explain(s.Ctx, s.DB, variant, s.Location)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// sell places an order and answers its id.
func (s *shop) sell(variant, quantity int64) int64 {
	s.t.Helper()
	o, err := s.Sell(variant, quantity)
	if err != nil {
		s.t.Fatalf("sell: %v", err)
	}
	return o.ID
}

// books counts the rows that a change of stock writes.
func (s *shop) books() (counts [4]int64) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row(`SELECT (SELECT count(*) FROM movements), (SELECT count(*) FROM levels), (SELECT coalesce(sum(version), 0) FROM levels), (SELECT count(*) FROM events)`,
			nil, &counts[0], &counts[1], &counts[2], &counts[3])
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return counts
}

// refused fails the test unless do is refused with a code and leaves nothing.
func (s *shop) refused(t testing.TB, code, field string, do func() error) *db.Error {
	t.Helper()
	before := s.books()
	err := do()
	var e *db.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field {
		t.Fatalf("got %v at %q, want %s at %q", err, fieldOf(err), code, field)
	}
	if after := s.books(); before != after {
		t.Errorf("a refusal left traces: %v became %v", before, after)
	}
	return e
}

func fieldOf(err error) string {
	var e *db.Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}

// employee is a context of somebody without cost.read, limited to some stores (none named: all).
func employee(locations ...int64) context.Context {
	return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva",
		Permissions: staff.Employee.Permissions(), Locations: locations})
}
