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

// handed is an order of this many of a variant that was paid and handed over.
func (s *shop) handed(variantID, quantity int64) *sales.Order {
	s.t.Helper()
	in := s.counter(line(variantID, quantity))
	in.Fulfil = true
	o := s.place(in)
	if o.Due == 0 {
		return o
	}
	return s.pay(o.ID, o.Due)
}

// comesBack is what asks to return so many of an order's lines, in their order.
func comesBack(o *sales.Order, quantities ...int64) (in sales.NewReturn) {
	for i, q := range quantities {
		if q > 0 {
			in.Lines = append(in.Lines, sales.NewReturnLine{OrderLineID: o.Lines[i].ID, Quantity: q, Reason: "too small"})
		}
	}
	return in
}

func (s *shop) request(o *sales.Order, quantities ...int64) *sales.Return {
	s.t.Helper()
	r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, comesBack(o, quantities...))
	return must(s, r, err)
}

func (s *shop) moveReturn(id int64, to sales.ReturnStatus) *sales.Return {
	s.t.Helper()
	r, err := sales.MoveReturn(s.Ctx, s.DB, id, to, sales.ReturnMove{})
	return must(s, r, err)
}

// receive takes in what came of the first line of a return.
func (s *shop) receive(r *sales.Return, sellable, quarantine, waste int64) *sales.Return {
	s.t.Helper()
	r, err := sales.ReceiveReturn(s.Ctx, s.DB, r.ID, came(r, sellable, quarantine, waste))
	return must(s, r, err)
}

func came(r *sales.Return, sellable, quarantine, waste int64) sales.ReturnReceipt {
	return sales.ReturnReceipt{Lines: []sales.ReceivedLine{{OrderLineID: r.Lines[0].OrderLineID, Sellable: sellable, Quarantine: quarantine, Waste: waste}}}
}

// returned takes back some of an order's first line, all of it sellable, and answers the order.
func (s *shop) returned(o *sales.Order, quantity int64) *sales.Order {
	s.t.Helper()
	in := comesBack(o, quantity)
	in.Approve = true
	r, err := sales.RequestReturn(s.Ctx, s.DB, o.ID, in)
	s.receive(must(s, r, err), quantity, 0, 0)
	return s.order(o.ID)
}

func (s *shop) refund(id int64, in sales.NewRefund) *sales.Order {
	s.t.Helper()
	in.Method = "cash"
	o, err := sales.Refund(s.Ctx, s.DB, id, in)
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
	"reservations", "movements", "events", "replies", "audit", "customers", "returns", "return_lines", "outbox", "lots", "lot_movements"}

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

// lots are the lots of a variant that are not empty, in one line.
func (s *shop) lots(variantID int64) (text string) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row(`SELECT coalesce(group_concat(lot || ' ' || quantity || ' (' || unavailable || ' aside) at ' || location_id, ', ' ORDER BY location_id, lot), '')
			FROM lots WHERE variant_id = ?1 AND quantity > 0`, []any{variantID}, &text)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}
