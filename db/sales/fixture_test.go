package sales_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/settings"
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

// must passes an operation's result on, and fails the test when it was refused.
func must[T any](s *shop, v T, err error) T {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("refused: %v", err)
	}
	return v
}

// variant makes a product of one variant and answers the variant's id.
func (s *shop) variant(v catalog.NewVariant, rate money.Rate) int64 {
	s.t.Helper()
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Thing " + v.SKU, TaxRate: &rate, Variants: []catalog.NewVariant{v}})
	return must(s, p, err).Variants[0].ID
}

// untracked makes a variant that sells without stock.
func (s *shop) untracked(sku string, price money.Amount, rate money.Rate) int64 {
	s.t.Helper()
	return s.variant(catalog.NewVariant{SKU: sku, Price: price, Tracked: ptr(false)}, rate)
}

// onBackorder makes a variant that is owed when it is not there, and receives some.
func (s *shop) onBackorder(sku string, quantity int64) int64 {
	s.t.Helper()
	id := s.variant(catalog.NewVariant{SKU: sku, Price: 1250, Cost: ptr(money.Amount(600)), Policy: catalog.Backorder}, 19_000)
	if quantity > 0 {
		s.Receive(id, quantity)
	}
	return id
}

// counter is an order at the counter of the main store.
func (s *shop) counter(lines ...sales.NewLine) sales.NewOrder {
	return sales.NewOrder{Channel: sales.Counter, LocationID: s.Location, Lines: lines}
}

func line(variantID, quantity int64) sales.NewLine {
	return sales.NewLine{VariantID: variantID, Quantity: quantity}
}

func (s *shop) place(in sales.NewOrder) *sales.Order {
	s.t.Helper()
	o, err := sales.Place(s.Ctx, s.DB, in)
	return must(s, o, err)
}

func (s *shop) pay(id int64, amount money.Amount) *sales.Order {
	s.t.Helper()
	o, err := sales.Pay(s.Ctx, s.DB, id, sales.NewPayment{Method: "cash", Amount: amount})
	return must(s, o, err)
}

func (s *shop) fulfil(id int64, in sales.NewFulfilment) *sales.Order {
	s.t.Helper()
	o, err := sales.Fulfil(s.Ctx, s.DB, id, in)
	return must(s, o, err)
}

func (s *shop) move(parcelID int64, to sales.ParcelStatus) *sales.Order {
	s.t.Helper()
	o, err := sales.MoveParcel(s.Ctx, s.DB, parcelID, to, sales.Command{})
	return must(s, o, err)
}

func (s *shop) cancel(id int64) *sales.Order {
	s.t.Helper()
	o, err := sales.Cancel(s.Ctx, s.DB, id, sales.Cancellation{Reason: "changed their mind"})
	return must(s, o, err)
}

func (s *shop) order(id int64) *sales.Order {
	s.t.Helper()
	o, err := sales.OrderByID(s.Ctx, s.DB, id)
	return must(s, o, err)
}

func (s *shop) adjust(line stock.AdjustLine) *stock.Adjusted {
	s.t.Helper()
	a, err := stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: s.Location, Reason: stock.Correction, Lines: []stock.AdjustLine{line}})
	return must(s, a, err)
}

// openStore adds a second location.
func (s *shop) openStore(name string) int64 {
	s.t.Helper()
	l, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: name})
	return must(s, l, err).ID
}

// receiveAt is Receive at another location.
func (s *shop) receiveAt(location, variant, quantity int64) {
	s.t.Helper()
	_, err := stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: location, Reason: stock.Received,
		Lines: []stock.AdjustLine{{VariantID: variant, Delta: &quantity}}})
	if err != nil {
		s.t.Fatal(err)
	}
}

// keepBooks changes the shop's currency and tax mode before its first order.
func (s *shop) keepBooks(currency string, included bool) {
	s.t.Helper()
	_, err := settings.Save(s.Ctx, s.DB, settings.Change{Currency: &currency, PricesIncludeTax: &included})
	if err != nil {
		s.t.Fatal(err)
	}
}

// at sets the clock to a moment, RFC 3339.
func (s *shop) at(moment string) {
	s.t.Helper()
	t, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Clock.Set(t)
}

// employee is a context of somebody without cost.read, limited to some stores
// (none named: all).
func employee(locations ...int64) context.Context {
	return db.WithActor(context.Background(), db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva",
		Permissions: staff.Employee.Permissions(), Locations: locations})
}

// refusal fails the test unless err is a refusal of this code, and answers it.
func refusal(t testing.TB, err error, code string) *db.Error {
	t.Helper()
	var e *db.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want a refusal %s", err, code)
	}
	return e
}

// kept are the tables that a refused command must leave alone.
var kept = []string{"orders", "order_lines", "payments", "fulfilments", "fulfilment_lines", "sale_entries", "order_timeline",
	"reservations", "movements", "events", "replies", "audit", "customers"}

// books counts the rows of every table a sale writes, and the next number.
func (s *shop) books() map[string]int64 {
	s.t.Helper()
	counts := map[string]int64{}
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		for _, table := range kept {
			var n int64
			if err := tx.Row("SELECT count(*) FROM "+table, nil, &n); err != nil {
				return err
			}
			counts[table] = n
		}
		var next int64
		err := tx.Row("SELECT coalesce((SELECT next FROM counters WHERE name = 'orders'), 0)", nil, &next)
		counts["next number"] = next
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return counts
}

// leavesNothing fails the test when do leaves a trace in the books.
func (s *shop) leavesNothing(do func()) {
	s.t.Helper()
	before := s.books()
	do()
	if after := s.books(); !maps.Equal(before, after) {
		s.t.Errorf("a refusal left traces (-before +after):\n%s", cmp.Diff(before, after))
	}
}

// entry is a sale entry as the reports sum it.
type entry struct {
	BusinessDate string
	Kind         string
	Quantity     int64
	Gross        money.Amount
	Discount     money.Amount
	Tax          money.Amount
	Total        money.Amount
	Cost         money.Amount
}

func (s *shop) entries(orderID int64) (rows []entry) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Select(&rows, `SELECT business_date, kind, quantity, gross, discount, tax, total, cost FROM sale_entries WHERE order_id = ?1 ORDER BY id`, orderID)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return rows
}

// kinds are the kinds of an order's timeline, oldest first.
func (s *shop) kinds(orderID int64) (kinds []string) {
	s.t.Helper()
	page, err := sales.Timeline(s.Ctx, s.DB, orderID, db.List{Limit: 200})
	for _, item := range must(s, page, err).Items {
		kinds = append([]string{item.Kind}, kinds...)
	}
	return kinds
}

// wire is a value as it leaves.
func wire(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// states are an order's three statuses in one line.
func states(o *sales.Order) string {
	return string(o.Status) + ", " + string(o.PaymentStatus) + ", " + string(o.FulfilmentStatus)
}

func wantStates(t testing.TB, o *sales.Order, want string) {
	t.Helper()
	if got := states(o); got != want {
		t.Errorf("order %s is %s, want %s", o.Number, got, want)
	}
}
