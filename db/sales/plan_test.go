package sales_test

import (
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/sales"
)

// TestNoListReadsAllOfHistory looks at SQLite's plans: a list that sorts, or scans orders where an index leads to
// them, slows down as the shop grows.
func TestNoListReadsAllOfHistory(t *testing.T) {
	t.Parallel()
	s := open(t)
	one := db.Actor{Kind: db.UserActor, ID: 9, Locations: []int64{s.Location}}
	two := db.Actor{Kind: db.UserActor, ID: 9, Locations: []int64{s.Location, 2}}
	all := sales.OrderFilter{Open: true, Statuses: []sales.Status{sales.Placed}, PaymentStatuses: []sales.PaymentStatus{sales.Pending}, FulfilmentStatuses: []sales.FulfilmentStatus{sales.Unfulfilled},
		Channel: sales.Web, LocationID: 1, CustomerID: 1, From: "2026-01-01", To: "2026-01-07"}
	for _, c := range []struct {
		name string
		f    sales.OrderFilter
		want string
	}{
		{"all", sales.OrderFilter{}, "SCAN o"}, // newest first, until the page is full
		{"open", sales.OrderFilter{Open: true}, "orders_open"},
		{"placed", sales.OrderFilter{Statuses: []sales.Status{sales.Placed}}, "orders_open"},
		{"cancelled", sales.OrderFilter{Statuses: []sales.Status{sales.Cancelled}}, "orders_dropped"},
		{"to pay", sales.OrderFilter{PaymentStatuses: []sales.PaymentStatus{sales.Pending}}, "orders_to_pay"},
		{"to fulfil", sales.OrderFilter{FulfilmentStatuses: []sales.FulfilmentStatus{sales.Unfulfilled}}, "orders_to_fulfil"},
		{"of a customer", sales.OrderFilter{CustomerID: 1}, "orders_of_customer"},
		{"waiting", sales.OrderFilter{Waiting: true}, "reservations_short"},
		{"of a channel", sales.OrderFilter{Channel: sales.Web}, "orders_of_channel"},
		{"of a store", sales.OrderFilter{LocationID: 1}, "orders_of_location"},
		{"of a week", sales.OrderFilter{From: "2026-01-01", To: "2026-01-07"}, "orders_of_day"},
		{"of a tag", sales.OrderFilter{Tag: "Urgent"}, "orders_of_tag"},
		{"open of a tag", sales.OrderFilter{Tag: "Urgent", Open: true}, "orders_of_tag"},
		{"of a tag, by words", sales.OrderFilter{Tag: "Urgent", List: db.List{Q: "lovelace"}}, "VIRTUAL TABLE INDEX"},
		{"of somebody", sales.OrderFilter{AssignedTo: 9}, "orders_of_assigned"},
		{"open of somebody", sales.OrderFilter{AssignedTo: 9, Open: true}, "orders_of_assigned"},
		{"open of nobody", sales.OrderFilter{Unassigned: true, Open: true}, "orders_open"},
		{"that ring", sales.OrderFilter{Unacknowledged: true}, "orders_unacknowledged"},
		{"ready for pickup", sales.OrderFilter{ParcelStatus: sales.Ready}, "fulfilments_waiting"},
		{"held", sales.OrderFilter{Held: true}, "orders_on_hold"},
		{"to pay, all of it or some", sales.OrderFilter{PaymentStatuses: []sales.PaymentStatus{sales.Pending, sales.PartiallyPaid}}, "orders_to_pay"},
		{"to ship", sales.OrderFilter{Open: true, FulfilmentStatuses: []sales.FulfilmentStatus{sales.Unfulfilled, sales.PartiallyFulfilled}}, "orders_open"},
		{"exactly these", sales.OrderFilter{IDs: []int64{3, 1}}, "SEARCH o USING INTEGER PRIMARY KEY"},
		{"open of a store", sales.OrderFilter{Open: true, LocationID: 1, Channel: sales.Web}, "orders_open"},
		{"of a customer, with everything", all, "orders_of_customer"},
		{"by number", sales.OrderFilter{List: db.List{Q: "1001"}}, "SEARCH o USING INTEGER PRIMARY KEY"},
		{"by words", sales.OrderFilter{List: db.List{Q: "lovelace"}}, "VIRTUAL TABLE INDEX"},
		{"by a phone number", sales.OrderFilter{List: db.List{Q: "+49170123"}}, "VIRTUAL TABLE INDEX"},
		{"by words, open", sales.OrderFilter{Open: true, List: db.List{Q: "lovelace"}}, "VIRTUAL TABLE INDEX"},
		{"by two letters", sales.OrderFilter{List: db.List{Q: "lo"}}, "orders_by_name"},
	} {
		for who, actor := range map[string]db.Actor{"the owner": db.ActorOf(s.Ctx), "somebody of one store": one, "somebody of two": two} {
			for _, f := range []sales.OrderFilter{c.f, with(c.f, db.Cursor(5), false), with(c.f, "", true), with(c.f, db.Cursor(5), true)} {
				t.Run(fmt.Sprintf("%s for %s, after %q, oldest first %t", c.name, who, f.After, f.OldestFirst), func(t *testing.T) {
					plan := s.plan(t, actor, f)
					want := c.want
					if c.name == "all" && (who == "somebody of one store" || f.After != "") {
						want = "" // their store's index, or from the place in the list on
					}
					if strings.Contains(plan, "TEMP B-TREE FOR ORDER") || !strings.Contains(plan, want) {
						t.Errorf("wanted %q without sorting:\n%s", want, plan)
					}
				})
			}
		}
	}
}

func with(f sales.OrderFilter, after string, oldest bool) sales.OrderFilter {
	f.After, f.OldestFirst = after, oldest
	return f
}

func TestNoListOfReturnsReadsAllOfHistory(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, f := range []sales.ReturnFilter{{}, {Open: true}, {Status: sales.ReturnApproved}, {Open: true, LocationID: 1, List: db.List{After: db.Cursor(9)}}} {
		for _, actor := range []db.Actor{db.ActorOf(s.Ctx), {Kind: db.UserActor, ID: 9, Locations: []int64{s.Location}}} {
			plan, want := s.plan(t, actor, f), "SCAN r"
			if f.Open || f.Status != "" {
				want = "returns_open"
			}
			if strings.Contains(plan, "TEMP B-TREE") || !strings.Contains(plan, want) {
				t.Errorf("%+v: wanted %q without sorting:\n%s", f, want, plan)
			}
		}
	}
}

// list is a question that asks for a plan.
type list interface {
	Query(*db.Tx) (string, []any, error)
}

func (s *shop) plan(t testing.TB, as db.Actor, f list) string {
	t.Helper()
	var plan []string
	err := db.Read(db.WithActor(s.Ctx, as), s.DB, func(tx *db.Tx) error {
		query, args, err := f.Query(tx)
		if err != nil {
			return err
		}
		var steps []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		if err := tx.Select(&steps, "EXPLAIN QUERY PLAN "+query, args...); err != nil {
			return err
		}
		for _, step := range steps {
			plan = append(plan, step.Detail)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "\n")
}
