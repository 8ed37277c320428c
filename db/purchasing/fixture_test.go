package purchasing_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/purchasing"
	"onhand/db/staff"
	"onhand/db/stock"
)

// shop is a test shop with the moves of this room; each fails its test when refused.
type shop struct {
	*dbtest.Shop
	t    testing.TB
	acme int64 // a supplier
}

func open(t testing.TB) *shop {
	t.Helper()
	s := &shop{Shop: dbtest.Open(t), t: t}
	s.acme = s.supplier(catalog.NewSupplier{Name: "Acme", Email: "orders@acme.example", Contact: "Ines", LeadTimeDays: 7})
	return s
}

func ptr[T any](v T) *T { return &v }

func (s *shop) supplier(in catalog.NewSupplier) int64 {
	s.t.Helper()
	made, err := catalog.CreateSupplier(s.Ctx, s.DB, in)
	if err != nil {
		s.t.Fatal(err)
	}
	return made.ID
}

func (s *shop) variant(v catalog.NewVariant) int64 {
	s.t.Helper()
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: cmp.Or(v.SKU, "Goods"), Variants: []catalog.NewVariant{v}})
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Variants[0].ID
}

// sells notes that the supplier sells a variant.
func (s *shop) sells(variant int64, in catalog.SupplierItemChange) {
	s.t.Helper()
	if _, err := catalog.SetSupplierItem(s.Ctx, s.DB, s.acme, variant, in); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) openStore(name string) int64 {
	s.t.Helper()
	l, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: name})
	if err != nil {
		s.t.Fatal(err)
	}
	return l.ID
}

// wants is an order of the shop's location at the supplier; quantities and unit costs follow their variants.
func (s *shop) wants(goods ...int64) purchasing.NewPurchase {
	in := purchasing.NewPurchase{SupplierID: s.acme, LocationID: s.Location}
	for i := 0; i < len(goods); i += 3 {
		cost := money.Amount(goods[i+2])
		in.Lines = append(in.Lines, purchasing.NewPurchaseLine{VariantID: goods[i], Quantity: goods[i+1], UnitCost: &cost})
	}
	return in
}

func (s *shop) draft(in purchasing.NewPurchase) *purchasing.PurchaseOrder {
	s.t.Helper()
	p, err := purchasing.Create(s.Ctx, s.DB, in)
	if err != nil {
		s.t.Fatalf("draft an order: %v", err)
	}
	return p
}

// ordered drafts an order and sends it by telephone.
func (s *shop) ordered(goods ...int64) *purchasing.PurchaseOrder {
	s.t.Helper()
	p, err := purchasing.Send(s.Ctx, s.DB, s.draft(s.wants(goods...)).ID, byPhone)
	if err != nil {
		s.t.Fatalf("send an order: %v", err)
	}
	return p
}

var byPhone = purchasing.PurchaseSending{Mail: ptr(false)}

// came is a receipt; quantities follow the lines.
func came(p *purchasing.PurchaseOrder, quantities ...int64) (in purchasing.PurchaseReceipt) {
	for i, q := range quantities {
		in.Lines = append(in.Lines, purchasing.PurchaseArrival{LineID: p.Lines[i].ID, Quantity: q})
	}
	return in
}

func (s *shop) receive(p *purchasing.PurchaseOrder, in purchasing.PurchaseReceipt) *purchasing.PurchaseOrder {
	s.t.Helper()
	got, err := purchasing.Receive(s.Ctx, s.DB, p.ID, in)
	if err != nil {
		s.t.Fatalf("receive an order: %v", err)
	}
	return got
}

func (s *shop) cancel(id int64) error {
	_, err := purchasing.Cancel(s.Ctx, s.DB, id, purchasing.PurchaseMove{})
	return err
}

// where says of each line how many are on their way, here and called off: "4/6/0".
func where(p *purchasing.PurchaseOrder) string {
	var lines []string
	for _, l := range p.Lines {
		lines = append(lines, fmt.Sprintf("%d/%d/%d", l.OnWay, l.Received, l.Cancelled))
	}
	return string(p.Status) + " " + strings.Join(lines, " ")
}

// steps are the kinds of its timeline.
func steps(p *purchasing.PurchaseOrder) string {
	var kinds []string
	for _, s := range p.Timeline {
		kinds = append(kinds, s.Kind)
	}
	return strings.Join(kinds, " ")
}

// ledger is what moved of a variant, the oldest first, each with what it cost: "+6 3600".
func (s *shop) ledger(variant int64) string {
	s.t.Helper()
	var rows []struct{ Delta, Cost int64 }
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT delta, cost FROM movements WHERE variant_id = ?1 ORDER BY id", variant)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	var moved []string
	for _, r := range rows {
		moved = append(moved, fmt.Sprintf("%+d %d", r.Delta, r.Cost))
	}
	return strings.Join(moved, ", ")
}

// books counts the rows that orders and deliveries write.
func (s *shop) books() (counts [6]int64) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row(`SELECT (SELECT count(*) FROM movements), (SELECT coalesce(sum(version), 0) FROM levels), (SELECT count(*) FROM events), (SELECT count(*) FROM purchase_steps),
			(SELECT count(*) FROM outbox), (SELECT coalesce(sum(quantity), 0) FROM incoming)`, nil, &counts[0], &counts[1], &counts[2], &counts[3], &counts[4], &counts[5])
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
		t.Fatalf("got %v (%+v), want %s at %q", err, e, code, field)
	}
	if after := s.books(); before != after {
		t.Errorf("a refusal left traces: %v became %v", before, after)
	}
	return e
}

// same fails the test when doing something again changes anything.
func (s *shop) same(t testing.TB, what string, again func() error) {
	t.Helper()
	before := s.books()
	if err := again(); err != nil {
		t.Errorf("%s again: %v", what, err)
	}
	if after := s.books(); before != after {
		t.Errorf("%s again: %v became %v", what, before, after)
	}
}

// illegal fails the test unless a move is refused and names both statuses.
func (s *shop) illegal(t testing.TB, from, to purchasing.PurchaseStatus, move func() error) {
	t.Helper()
	if e := s.refused(t, "illegal_move", "", move); e.Params["from"] != from || e.Params["to"] != to {
		t.Errorf("it names %v, want %s and %s", e.Params, from, to)
	}
}

func failure[T any](_ T, err error) error { return err }

// employee is a context of somebody without cost.read, limited to some stores (none named: all).
func employee(locations ...int64) context.Context {
	return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva",
		Permissions: staff.Employee.Permissions(), Locations: locations})
}

// mails are whom mails of orders were queued for, the oldest first.
func (s *shop) mails() (to []string) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&to, "SELECT recipient FROM outbox WHERE kind = ?1 ORDER BY id", purchasing.PurchaseMail)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return slices.Clip(to)
}
