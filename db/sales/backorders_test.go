package sales_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/sales"
)

// bought says from whom a variant comes, and for how many days one waits for it.
func (s *shop) bought(variantID int64, supplier string, days int64) {
	s.t.Helper()
	sup, err := catalog.CreateSupplier(s.Ctx, s.DB, catalog.NewSupplier{Name: supplier, LeadTimeDays: days})
	must(s, sup, err)
	_, err = catalog.AddSupplierItem(s.Ctx, s.DB, sup.ID, catalog.NewSupplierItem{VariantID: variantID})
	must(s, 0, err)
}

func (s *shop) tellCovered(want int) {
	s.t.Helper()
	due, err := sales.CoveredDue(s.Ctx, s.DB)
	if told, err := sales.TellCovered(s.Ctx, s.DB); err != nil || told != want || told > 0 && !due {
		s.t.Errorf("%d orders were told of (due: %t), %v; want %d", told, due, err, want)
	}
	if err != nil {
		s.t.Error(err)
	}
}

func TestWhoWaitsIsToldOnceWhenEverythingIsThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, bag := s.onBackorder("MUG", 1), s.onBackorder("BAG", 0)
	first := s.place(s.web("cash", line(mug, 2), line(bag, 1)))
	second := s.place(s.web("cash", line(mug, 1)))
	whole := s.place(s.web("cash", line(s.onBackorder("CUP", 5), 1)))
	s.tellCovered(0)
	s.Receive(bag, 3)
	s.tellCovered(0) // the first still waits for a mug
	s.Receive(mug, 1)
	s.tellCovered(1)
	s.leavesNothing(func() { s.tellCovered(0) })
	if got := s.mails(first.ID); !cmp.Equal(got, []string{"order-confirmed", "order-covered"}) {
		t.Errorf("the first was mailed %v", got)
	}
	if got := s.kinds(first.ID); !cmp.Equal(got, []string{"placed", "covered"}) {
		t.Errorf("the first's timeline says %v", got)
	}
	for _, o := range []*sales.Order{second, whole} {
		if got := s.mails(o.ID); !cmp.Equal(got, []string{"order-confirmed"}) {
			t.Errorf("order %s was mailed %v", o.Number, got)
		}
	}
	s.Receive(mug, 1)
	s.tellCovered(1)
	// It waits again, for something added since, and is told again.
	_, err := sales.Edit(s.Ctx, s.DB, second.ID, sales.OrderChange{Lines: []sales.LineChange{{ID: second.Lines[0].ID, Quantity: 3}}})
	must(s, 0, err)
	s.tellCovered(0)
	s.Receive(mug, 2)
	s.tellCovered(1)
	if got := s.mails(second.ID); !cmp.Equal(got, []string{"order-confirmed", "order-covered", "order-covered"}) {
		t.Errorf("the second was mailed %v", got)
	}
	s.Doctor(t)
}

func TestNobodyIsToldOfWhatDoesNotWaitAnyMore(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*shop, *sales.Order){
		"an order that was cancelled": func(s *shop, o *sales.Order) {
			_, err := sales.Cancel(s.Ctx, s.DB, o.ID, sales.Cancellation{})
			must(s, 0, err)
		},
		"an order whose hold ended": func(s *shop, o *sales.Order) {
			s.Clock.Forward(400 * 24 * time.Hour)
			s.releaseHolds(1)
		},
		"a line that was taken off": func(s *shop, o *sales.Order) {
			_, err := sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{Lines: []sales.LineChange{{ID: o.Lines[0].ID, Quantity: 1}}})
			must(s, 0, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			mug := s.onBackorder("MUG", 1)
			o := s.place(s.web("cash", line(mug, 1), line(mug, 2)))
			end(s, o)
			s.Receive(mug, 5)
			s.tellCovered(0)
			for _, kind := range s.mails(o.ID) {
				if kind == sales.OrderCoveredMail {
					t.Error("the customer was told that it is there")
				}
			}
			s.leavesNothing(func() { s.tellCovered(0) })
		})
	}
}

func TestAnOrderThatCannotBeToldOfKeepsNoOther(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.onBackorder("MUG", 0)
	var orders []*sales.Order
	for _, name := range []string{"mia", "nobody", "noah"} {
		in := s.web("cash", line(mug, 1))
		in.Customer.Email = name + "@example.com"
		orders = append(orders, s.place(in))
	}
	s.raw("CREATE TRIGGER full BEFORE INSERT ON outbox WHEN new.recipient = 'nobody@example.com' BEGIN SELECT RAISE(ABORT, 'no room'); END")
	s.Receive(mug, 3)
	for _, want := range []int{2, 0} {
		told, err := sales.TellCovered(s.Ctx, s.DB)
		if told != want || err == nil || !strings.Contains(err.Error(), fmt.Sprintf("order %d", orders[1].ID)) {
			t.Errorf("told %d, %v; want %d, and which order failed", told, err, want)
		}
	}
	for i, want := range [][]string{{"placed", "covered"}, {"placed"}, {"placed", "covered"}} {
		if got := s.kinds(orders[i].ID); !cmp.Equal(got, want) {
			t.Errorf("the timeline of order %d says %v, want %v", i, got, want)
		}
	}
	s.raw("DROP TRIGGER full")
	s.tellCovered(1)
	s.Doctor(t)
}

func TestTwoRunsTellOfAnOrderOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.onBackorder("MUG", 0)
	var orders []*sales.Order
	for range 120 { // more than one write takes
		orders = append(orders, s.place(s.web("cash", line(mug, 1))))
	}
	s.Receive(mug, 120)
	var all [4]int
	var runs sync.WaitGroup
	for i := range all {
		runs.Go(func() {
			var err error
			if all[i], err = sales.TellCovered(s.Ctx, s.DB); err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	if sum := all[0] + all[1] + all[2] + all[3]; sum != len(orders) {
		t.Errorf("%d were told of in %v, want %d", sum, all, len(orders))
	}
	for _, o := range orders {
		if got := s.mails(o.ID); len(got) != 2 {
			t.Fatalf("order %s was mailed %v", o.Number, got)
		}
	}
}

func TestWhatWaitsIsPromisedForWhenItsSuppliersDeliver(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, bag, cup := s.onBackorder("MUG", 1), s.onBackorder("BAG", 0), s.onBackorder("CUP", 0)
	s.bought(mug, "Potter", 4)
	s.bought(bag, "Tanner", 9)
	today := *s.place(s.counter(line(mug, 1))).BusinessDate
	for _, c := range []struct {
		name  string
		lines []sales.NewLine
		asked *db.Date
		want  db.Date
	}{
		{"by its supplier", []sales.NewLine{line(mug, 1)}, nil, today.AddDays(4)},
		{"by the slowest", []sales.NewLine{line(mug, 1), line(bag, 1)}, nil, today.AddDays(9)},
		{"as somebody says", []sales.NewLine{line(mug, 1)}, ptr(today.AddDays(2)), today.AddDays(2)},
		{"of what nobody knows a supplier", []sales.NewLine{line(mug, 1), line(cup, 1)}, nil, ""},
		{"of what is there, as somebody says", []sales.NewLine{line(s.onBackorder("TOP", 1), 1)}, ptr(today), today},
		{"of what is there", []sales.NewLine{line(s.onBackorder("HAT", 1), 1)}, nil, ""},
	} {
		in := s.web("cash", c.lines...)
		in.PromisedOn = c.asked
		o := s.place(in)
		for at, got := range map[string]*db.Date{"placed": o.PromisedOn, "read": s.order(o.ID).PromisedOn} {
			if c.want == "" && got != nil || c.want != "" && (got == nil || *got != c.want) {
				t.Errorf("%s, %s: promised for %v, want %q", c.name, at, got, c.want)
			}
		}
	}
	s.Doctor(t)
}

func TestAPromiseIsADayOfTheComingYear(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.onBackorder("MUG", 9)
	o := s.place(s.web("cash", line(mug, 1)))
	today := *o.BusinessDate
	promise := func(on db.Date) (*sales.Order, error) {
		return sales.Edit(s.Ctx, s.DB, o.ID, sales.OrderChange{PromisedOn: &on})
	}
	for _, on := range []db.Date{today, today.AddDays(365)} {
		if got, err := promise(on); err != nil || *got.PromisedOn != on {
			t.Errorf("promised for %s: %v", on, err)
		}
	}
	s.leavesNothing(func() {
		for _, on := range []db.Date{today.AddDays(-1), today.AddDays(366), "soon", today.AddDays(90)[:8] + "32"} {
			_, err := promise(on)
			refusal(t, err, "bad_promise")
			in := s.web("cash", line(mug, 1))
			in.PromisedOn = &on
			_, err = sales.Place(s.Ctx, s.DB, in)
			refusal(t, err, "bad_promise")
		}
		if _, err := promise(today.AddDays(365)); err != nil { // as it is
			t.Error(err)
		}
	})
	if got, err := promise(""); err != nil || got.PromisedOn != nil {
		t.Errorf("taken back: %v", err)
	}
	if got := strings.Join(s.kinds(o.ID), " "); got != "placed edited edited edited" {
		t.Errorf("the timeline says %s", got)
	}
	s.fulfil(o.ID, sales.NewFulfilment{Ship: true})
	_, err := promise(today)
	refusal(t, err, "all_left")
}

func TestOrdersThatWaitAreFound(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.onBackorder("MUG", 1)
	s.place(s.web("cash", line(mug, 1)))
	waits := s.place(s.web("cash", line(mug, 1)))
	page, err := sales.Orders(s.Ctx, s.DB, sales.OrderFilter{Waiting: true})
	if page = must(s, page, err); len(page.Items) != 1 || page.Items[0].ID != waits.ID {
		t.Errorf("%d wait", len(page.Items))
	}
	s.Receive(mug, 1)
	if page, err = sales.Orders(s.Ctx, s.DB, sales.OrderFilter{Waiting: true}); err != nil || len(page.Items) != 0 {
		t.Errorf("%d wait, %v", len(page.Items), err)
	}
}
