package reports_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/reports"
	"onhand/db/sales"
	"onhand/db/staff"
	"onhand/db/stock"
)

func ptr[T any](v T) *T { return &v }

func dashboard(t testing.TB, s *dbtest.Shop) *reports.Dashboard {
	t.Helper()
	b, err := reports.DashboardOf(s.Ctx, s.DB)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sell(t testing.TB, s *dbtest.Shop, variant, quantity int64) *sales.Order {
	t.Helper()
	o, err := s.Sell(variant, quantity)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestTheDaySumsItsEntries(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	if dashboard(t, s).Begun {
		t.Error("an empty shop has begun")
	}
	mug := s.Stocked("MUG", 100)
	if !dashboard(t, s).Begun {
		t.Error("a shop with a product has not begun")
	}
	at := func(moment string) {
		when, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		s.Clock.Set(when)
	}
	if b := dashboard(t, s); b.Today != (reports.SalesOfDay{Date: "2026-11-20"}) || b.SameWeekday.Date != "2026-11-13" || b.Currency != "EUR" || b.TimeZone != "Europe/Berlin" {
		t.Errorf("a new shop: %+v", b)
	}
	at("2026-11-20T22:59:59Z")
	last := sell(t, s, mug, 4)
	at("2026-11-20T23:00:00Z") // the next day in Berlin
	early := sell(t, s, mug, 1)
	if b := dashboard(t, s); b.Today.Date != "2026-11-21" || b.Today.Orders != 1 {
		t.Errorf("after midnight in Berlin: %+v", b.Today)
	}
	if _, err := sales.Cancel(s.Ctx, s.DB, last.ID, sales.Cancellation{}); err != nil {
		t.Fatal(err)
	}
	at("2026-11-27T11:00:00Z")
	in := sales.NewOrder{Channel: sales.Counter, Lines: []sales.NewLine{{VariantID: mug, Quantity: 2}},
		Shipping: &sales.NewShipping{Price: 500}, Discount: &sales.NewDiscount{Amount: ptr(money.Amount(300))}}
	if _, err := sales.Place(s.Ctx, s.DB, in); err != nil {
		t.Fatal(err)
	}
	in.Draft = true
	if _, err := sales.Place(s.Ctx, s.DB, in); err != nil {
		t.Fatal(err)
	}
	gone := sell(t, s, mug, 1)
	if _, err := sales.Cancel(s.Ctx, s.DB, gone.ID, sales.Cancellation{}); err != nil {
		t.Fatal(err)
	}
	b := dashboard(t, s)
	if want := (reports.SalesOfDay{Date: "2026-11-27", Orders: 1, Units: 2, Revenue: 2700}); b.Today != want {
		t.Errorf("today %+v, want %+v", b.Today, want)
	}
	if want := (reports.SalesOfDay{Date: "2026-11-20", Orders: 1, Units: 4, Revenue: 5000}); b.SameWeekday != want {
		t.Errorf("a week ago %+v, want %+v: a closed day never changes", b.SameWeekday, want)
	}
	at("2026-11-21T12:00:00Z")
	if b := dashboard(t, s); b.Today != (reports.SalesOfDay{Date: "2026-11-21", Orders: 1, Units: -3, Revenue: early.Total - last.Total}) {
		t.Errorf("the day it was cancelled: %+v", b.Today)
	}
	var sums [2]int64
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT sum(total), (SELECT sum(total) FROM orders WHERE status NOT IN ('draft', 'cancelled')) FROM sale_entries", nil, &sums[0], &sums[1])
	})
	if err != nil || sums[0] != sums[1] {
		t.Errorf("the days sum to %d, the orders to %d (%v)", sums[0], sums[1], err)
	}
}

func TestWhatWaitsIsListedOldestFirst(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	mug := s.Stocked("MUG", 100)
	var want []string
	for i := range 8 {
		o := sell(t, s, mug, 1)
		want = append(want, o.Number)
		if i == 3 {
			done := sales.NewOrder{Channel: sales.Counter, Lines: []sales.NewLine{{VariantID: mug, Quantity: 1}}, Fulfil: true, Payments: []sales.NewPayment{{Method: "cash", Amount: 1250}}}
			if _, err := sales.Place(s.Ctx, s.DB, done); err != nil {
				t.Fatal(err)
			}
		}
	}
	waiting := func() (numbers []string, more bool) {
		b := dashboard(t, s)
		for _, o := range b.Waiting.Items {
			numbers = append(numbers, o.Number)
		}
		return numbers, b.Waiting.More
	}
	if got, more := waiting(); !cmp.Equal(got, want) || more {
		t.Errorf("waiting: %v, more %t; want %v", got, more, want)
	}
	sell(t, s, mug, 1)
	if got, more := waiting(); !cmp.Equal(got, want) || !more {
		t.Errorf("with one more: %v, more %t; want %v", got, more, want)
	}
	if _, err := sales.Cancel(s.Ctx, s.DB, 1, sales.Cancellation{}); err != nil {
		t.Fatal(err)
	}
	if got, more := waiting(); got[0] != want[1] || len(got) != 8 || more {
		t.Errorf("after the oldest went: %v, more %t", got, more)
	}
}

func TestWhatIsLowOrOutIsListed(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	s.Stocked("FULL", 11)
	out := s.Stocked("GONE", 1)
	s.Stocked("LOW", 10) // its reorder point
	sell(t, s, out, 1)
	low := func() string {
		b := dashboard(t, s)
		var rows []string
		for _, l := range b.Low.Items {
			rows = append(rows, fmt.Sprint(l.SKU, " ", l.State))
		}
		return fmt.Sprint(strings.Join(rows, ", "), " ", b.Low.More)
	}
	if got := low(); got != "GONE out, LOW low false" {
		t.Errorf("low: %s", got)
	}
	for i := range 7 {
		s.Stocked(fmt.Sprint("MORE", i), 1)
	}
	if got := low(); !strings.HasSuffix(got, " true") {
		t.Errorf("low: %s", got)
	}
}

func TestAStoreSeesItsOwnDay(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	mug := s.Stocked("MUG", 100)
	second, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: "Second store"})
	if err != nil {
		t.Fatal(err)
	}
	sell(t, s, mug, 1)
	_, err = stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: second.ID, Reason: stock.Received, Lines: []stock.AdjustLine{{VariantID: mug, Delta: ptr(int64(5))}}})
	if err != nil {
		t.Fatal(err)
	}
	there, err := sales.Place(s.Ctx, s.DB, sales.NewOrder{Channel: sales.Counter, LocationID: second.ID, Lines: []sales.NewLine{{VariantID: mug, Quantity: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	eva := *s
	eva.Ctx = db.WithActor(s.Ctx, db.Actor{Kind: db.UserActor, ID: 9, Name: "Eva", Permissions: staff.Employee.Permissions(), Locations: []int64{second.ID}})
	b := dashboard(t, &eva)
	if b.Today.Orders != 1 || b.Today.Revenue != 2500 || len(b.Waiting.Items) != 1 || b.Waiting.Items[0].Number != there.Number ||
		len(b.Low.Items) != 1 || b.Low.Items[0].LocationID != second.ID {
		t.Errorf("they see %+v", b)
	}
}
