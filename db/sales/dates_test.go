package sales_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/sales"
	"onhand/db/settings"
)

// dates are the business dates of an order: of itself, its first entry, its payment and its movement.
func (s *shop) dates(o *sales.Order) (dates [4]string) {
	s.t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row(`SELECT o.business_date, (SELECT min(business_date) FROM sale_entries WHERE order_id = o.id),
			(SELECT business_date FROM payments WHERE order_id = o.id), (SELECT business_date FROM movements WHERE document_type = 'order' AND document_id = o.id)
			FROM orders o WHERE id = ?1`, []any{o.ID}, &dates[0], &dates[1], &dates[2], &dates[3])
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return dates
}

func TestABusinessDayEndsAtTheShopsMidnight(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	in := s.counter(line(mug, 1))
	in.Payments, in.Fulfil = []sales.NewPayment{{Method: "cash", Amount: 1250}}, true
	for moment, want := range map[string]string{
		"2026-11-20T22:59:59.999Z": "2026-11-20", // Berlin is an hour ahead of UTC
		"2026-11-20T23:00:00Z":     "2026-11-21",
		"2026-03-28T22:59:59Z":     "2026-03-28", // the eve of summer time
		"2026-03-28T23:00:00Z":     "2026-03-29",
		"2026-03-29T00:59:59Z":     "2026-03-29", // the hour that is left out
		"2026-03-29T01:00:00Z":     "2026-03-29",
		"2026-03-29T21:59:59Z":     "2026-03-29", // a day of 23 hours
		"2026-03-29T22:00:00Z":     "2026-03-30",
		"2026-10-24T21:59:59Z":     "2026-10-24", // the eve of winter time
		"2026-10-24T22:00:00Z":     "2026-10-25",
		"2026-10-25T22:59:59Z":     "2026-10-25", // a day of 25 hours
		"2026-10-25T23:00:00Z":     "2026-10-26",
		"2027-12-31T22:59:59Z":     "2027-12-31",
		"2027-12-31T23:00:00Z":     "2028-01-01",
	} {
		s.at(moment)
		o := s.place(in)
		if got := s.dates(o); got != [4]string{want, want, want, want} {
			t.Errorf("at %s it is %v, want %s", moment, got, want)
		}
	}
	s.Doctor(t)
}

func TestClosedDaysStayWhenTheShopMoves(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 100)
	in := s.counter(line(mug, 1))
	in.Payments = []sales.NewPayment{{Method: "cash", Amount: 1250}}
	s.at("2026-11-20T22:30:00Z")
	o := s.place(in)
	if _, err := settings.Save(s.Ctx, s.DB, settings.Change{TimeZone: ptr("Pacific/Apia")}); err != nil {
		t.Fatal(err)
	}
	gone := s.cancel(o.ID)
	if *gone.BusinessDate != "2026-11-20" || gone.Payments[0].BusinessDate != "2026-11-20" {
		t.Errorf("the order is of %s, its payment of %s", *gone.BusinessDate, gone.Payments[0].BusinessDate)
	}
	var days []string
	for _, e := range s.entries(o.ID) {
		days = append(days, e.Kind+" "+e.BusinessDate)
	}
	if want := []string{"sale 2026-11-20", "cancel 2026-11-21"}; !cmp.Equal(days, want) {
		t.Errorf("entered as %v, want %v", days, want)
	}
	s.Doctor(t)
}

func TestBooksAreAppendOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := s.counter(line(s.Stocked("MUG", 1), 1))
	in.Payments = []sales.NewPayment{{Method: "cash", Amount: 1250}}
	s.place(in)
	for _, q := range []string{"UPDATE sale_entries SET total = 0", "DELETE FROM sale_entries", "UPDATE payments SET amount = 1", "DELETE FROM payments",
		"INSERT OR REPLACE INTO payments SELECT * FROM payments", "INSERT OR REPLACE INTO sale_entries SELECT * FROM sale_entries"} {
		if err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error { _, err := tx.Exec(q); return err }); err == nil {
			t.Errorf("%s went through", q)
		}
	}
	s.Doctor(t)
}
