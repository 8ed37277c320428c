package sales_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/sales"
)

// numbers are the orders that a filter lists, in their order.
func (s *shop) numbers(f sales.OrderFilter) (numbers []string) {
	s.t.Helper()
	page, err := sales.Orders(s.Ctx, s.DB, f)
	for _, o := range must(s, page, err).Items {
		numbers = append(numbers, o.Number)
	}
	return numbers
}

func (s *shop) search(q string) []string {
	s.t.Helper()
	return s.numbers(sales.OrderFilter{List: db.List{Q: q}})
}

// history is a shop with an order in every state that filters tell apart:
// 1001 placed, 1002 confirmed and packed, 1003 completed at the second store, 1004 cancelled, 1005 partially paid, a draft.
func history(t *testing.T) (*shop, int64) {
	s := open(t)
	mug := s.Stocked("MUG-B", 50)
	second := s.openStore("Second store")
	s.receiveAt(second, mug, 5)
	in := s.counter(line(mug, 1))
	in.Customer = &customers.Contact{Name: "Grace Hopper", Email: "grace@example.com", Phone: "+49 (30) 123-4567"}
	in.Channel = sales.Phone
	s.place(in)
	s.at("2026-11-21T12:00:00Z")
	packed := s.place(s.counter(line(mug, 1)))
	s.fulfil(packed.ID, sales.NewFulfilment{})
	o, err := sales.Confirm(s.Ctx, s.DB, packed.ID, sales.Command{})
	must(s, o, err)
	done := s.counter(line(mug, 1))
	done.LocationID, done.Payments, done.Fulfil = second, []sales.NewPayment{{Method: "cash", Amount: 1250}}, true
	s.place(done)
	s.cancel(s.place(s.counter(line(mug, 1))).ID)
	s.at("2026-11-22T12:00:00Z")
	part := s.place(s.counter(line(mug, 2)))
	s.pay(part.ID, 100)
	s.fulfil(part.ID, sales.NewFulfilment{Lines: []sales.NewParcelLine{{OrderLineID: part.Lines[0].ID, Quantity: 1}}, Ship: true})
	draft := s.counter(line(mug, 1))
	draft.Draft = true
	s.place(draft)
	return s, second
}

func TestEachFilterKeepsItsOrders(t *testing.T) {
	t.Parallel()
	s, second := history(t)
	grace := s.order(1).Customer.ID
	for _, c := range []struct {
		name string
		f    sales.OrderFilter
		want string
	}{
		{"none", sales.OrderFilter{}, "draft 1005 1004 1003 1002 1001"},
		{"oldest first", sales.OrderFilter{OldestFirst: true}, "1001 1002 1003 1004 1005 draft"},
		{"open", sales.OrderFilter{Open: true}, "draft 1005 1002 1001"},
		{"placed", sales.OrderFilter{Statuses: []sales.Status{sales.Placed}}, "1001"},
		{"confirmed or completed", sales.OrderFilter{Statuses: []sales.Status{sales.Confirmed, sales.Completed}}, "1005 1003 1002"},
		{"cancelled", sales.OrderFilter{Statuses: []sales.Status{sales.Cancelled, sales.Expired}}, "1004"},
		{"draft", sales.OrderFilter{Statuses: []sales.Status{sales.Draft}}, "draft"},
		{"open and completed", sales.OrderFilter{Open: true, Statuses: []sales.Status{sales.Completed}}, ""},
		{"paid", sales.OrderFilter{PaymentStatuses: []sales.PaymentStatus{sales.Paid}}, "1004 1003"},
		{"to pay", sales.OrderFilter{PaymentStatuses: []sales.PaymentStatus{sales.Pending}}, "draft 1002 1001"},
		{"partly paid", sales.OrderFilter{PaymentStatuses: []sales.PaymentStatus{sales.PartiallyPaid}}, "1005"},
		{"unfulfilled", sales.OrderFilter{FulfilmentStatuses: []sales.FulfilmentStatus{sales.Unfulfilled}}, "draft 1004 1002 1001"},
		{"partly fulfilled", sales.OrderFilter{FulfilmentStatuses: []sales.FulfilmentStatus{sales.PartiallyFulfilled}}, "1005"},
		{"fulfilled", sales.OrderFilter{FulfilmentStatuses: []sales.FulfilmentStatus{sales.Fulfilled}}, "1003"},
		{"by phone", sales.OrderFilter{Channel: sales.Phone}, "1001"},
		{"at the counter", sales.OrderFilter{Channel: sales.Counter}, "draft 1005 1004 1003 1002"},
		{"of a store", sales.OrderFilter{LocationID: second}, "1003"},
		{"of a customer", sales.OrderFilter{CustomerID: *grace}, "1001"},
		{"from a day on", sales.OrderFilter{From: "2026-11-21"}, "1005 1004 1003 1002"},
		{"to a day", sales.OrderFilter{To: "2026-11-20"}, "1001"},
		{"of a day, oldest first", sales.OrderFilter{From: "2026-11-21", To: "2026-11-21", OldestFirst: true}, "1002 1003 1004"},
		{"all at once", sales.OrderFilter{Open: true, Statuses: []sales.Status{sales.Placed}, PaymentStatuses: []sales.PaymentStatus{sales.Pending}, FulfilmentStatuses: []sales.FulfilmentStatus{sales.Unfulfilled}, Channel: sales.Phone,
			LocationID: s.Location, CustomerID: *grace, From: "2026-11-20", To: "2026-11-20", List: db.List{Q: "grace"}}, "1001"},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := s.numbers(c.f)
			if got := strings.Join(draftsNamed(all), " "); got != c.want {
				t.Errorf("lists %q, want %q", got, c.want)
			}
			var paged []string
			for f := c.f; len(paged) <= len(all); {
				f.Limit = 1
				page, err := sales.Orders(s.Ctx, s.DB, f)
				for _, o := range must(s, page, err).Items {
					paged = append(paged, o.Number)
				}
				if f.After = page.Next; f.After == "" {
					break
				}
			}
			if diff := cmp.Diff(all, paged); diff != "" {
				t.Errorf("page by page it lists something else (-whole +paged):\n%s", diff)
			}
		})
	}
}

func draftsNamed(numbers []string) []string {
	named := slices.Clone(numbers)
	for i, n := range named {
		if n == "" {
			named[i] = "draft"
		}
	}
	return named
}

func TestAnOrderIsFoundByWhatAPersonRemembers(t *testing.T) {
	t.Parallel()
	s, _ := history(t)
	for q, want := range map[string]string{
		"1001":              "1001",
		"#1001":             "1001",
		" 1003 ":            "1003",
		"100":               "1005 1004 1003 1002 1001",
		"10":                "1005 1004 1003 1002 1001",
		"#1":                "1005 1004 1003 1002 1001",
		"grace":             "1001",
		"HOPPER gra":        "1001",
		"gr":                "1001",
		"Grace@example.com": "1001",
		"@example.com":      "1001",
		"ada@example.com":   "",
		"1234567":           "1001",
		"+49 (30) 123":      "1001",
		"+49301234567":      "1001",
		"0049 30 123":       "1001",
		"0301234":           "1001",
		"0301235":           "",
		"mug-b":             "draft 1005 1004 1003 1002 1001",
		"nobody":            "",
		"%":                 "",
		`"`:                 "",
		`"""""`:             "",
		"  ":                "draft 1005 1004 1003 1002 1001",
	} {
		if got := strings.Join(draftsNamed(s.search(q)), " "); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
}

func TestAPlaceInTheListThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, after := range []string{"x", db.Cursor("a"), db.Cursor(1, 2)} {
		_, err := sales.Orders(s.Ctx, s.DB, sales.OrderFilter{List: db.List{After: after}})
		if e := refusal(t, err, "bad_cursor"); e.Field != "query.after" {
			t.Errorf("blamed %q", e.Field)
		}
	}
}

func TestTheTimelineIsPagedNewestFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 9)
	o := s.place(s.counter(line(mug, 9)))
	for range 4 {
		s.Clock.Forward(1e9)
		s.pay(o.ID, 10)
	}
	var kinds []string
	var last db.Time
	for l := (db.List{Limit: 2}); ; {
		page, err := sales.Timeline(s.Ctx, s.DB, o.ID, l)
		for _, item := range must(s, page, err).Items {
			if last != 0 && item.At >= last {
				t.Errorf("%s at %v comes after %v", item.Kind, item.At, last)
			}
			last = item.At
			kinds = append(kinds, fmt.Sprint(item.Kind, " by ", item.Actor, " ", item.Params["amount"]))
		}
		if l.After = page.Next; l.After == "" {
			break
		}
	}
	want := []string{"paid by Ada 10", "paid by Ada 10", "paid by Ada 10", "paid by Ada 10", "placed by Ada <nil>"}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("the timeline (-want +got):\n%s", diff)
	}
}

// A draft has no number to be found by; placed in the same commit that saved it, it has.
func TestAnOrderThatItsOwnCommitChangesIsFoundByWhatItIsNow(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 5)
	in := s.counter(line(mug, 1))
	in.Draft = true
	held, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := db.Write(s.Ctx, s.DB, func(*db.Tx) error { close(held); <-release; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	for i, call := range []func() (*sales.Order, error){
		func() (*sales.Order, error) { return sales.Place(s.Ctx, s.DB, in) },
		func() (*sales.Order, error) { return sales.PlaceDraft(s.Ctx, s.DB, 1, sales.Command{}) },
		func() (*sales.Order, error) { return s.Sell(mug, 1) },
	} {
		all.Go(func() {
			if _, err := call(); err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		})
		for s.DB.Queued() <= i {
			runtime.Gosched()
		}
	}
	commits, _ := s.DB.Batches()
	close(release)
	all.Wait()
	if after, _ := s.DB.Batches(); after != commits+2 {
		t.Fatalf("%d commits, want the holding one and one for the three", after-commits)
	}
	if got := strings.Join(s.search("1001"), " "); got != "1001" {
		t.Errorf("found %q", got)
	}
	if got := strings.Join(s.search("MUG"), " "); got != "1002 1001" {
		t.Errorf("found %q", got)
	}
	s.Doctor(t)
}

// Money to be given back is something to do, also of what is completed or cancelled, until it is given.
func TestWhatIsOverpaidIsOpen(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.untracked("MUG", 1000, 19_000)
	lists := func(want string) {
		t.Helper()
		page, err := sales.Orders(s.Ctx, s.DB, sales.OrderFilter{Open: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range page.Items {
			got = append(got, o.Number)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("open are %v, want %s", got, want)
		}
	}
	o := s.handed(mug, 1)
	lists("")
	s.edit(o.ID, sales.OrderChange{Discount: amount(300)})
	lists(o.Number)
	tracked, err := sales.Track(s.Ctx, s.DB, s.order(o.ID).Token)
	if err != nil || tracked.DueBack != 300 {
		t.Errorf("%v: %+v", err, tracked)
	}
	s.refund(o.ID, sales.NewRefund{Method: "cash", Amount: 300})
	lists("")
	s.refund(o.ID, sales.NewRefund{Method: "cash", Amount: 200, Allowance: true})
	tracked, err = sales.Track(s.Ctx, s.DB, s.order(o.ID).Token)
	if err != nil || tracked.Total-tracked.Allowances != tracked.Paid+tracked.Due-tracked.DueBack || tracked.Allowances != 200 {
		t.Errorf("%v: %+v", err, tracked)
	}
}
