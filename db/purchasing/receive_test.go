package purchasing_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/purchasing"
)

func TestFreightAndDutyAreSharedByValue(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup, bag := s.Stocked("MUG", 0), s.Stocked("CUP", 0), s.Stocked("BAG", 0)
	p := s.ordered(mug, 3, 100, cup, 3, 100, bag, 1, 100)
	in := came(p, 3, 3, 1)
	in.Lines[2].UnitCost = ptr(money.Amount(101)) // the bill says so
	in.Freight, in.Duty = 90, 10
	got := s.receive(p, in)
	// 100 over 300, 300 and 101: 42.796, 42.796 and 14.408.
	for variant, want := range map[int64]string{mug: "+3 343", cup: "+3 343", bag: "+1 115"} {
		if moved := s.ledger(variant); moved != want {
			t.Errorf("variant %d moved %s, want %s", variant, moved, want)
		}
	}
	if got.Costs.Ordered != 700 || got.Costs.Received != 701 || got.Costs.Freight != 90 || got.Costs.Duty != 10 || got.Timeline[2].FreightCost != 90 {
		t.Errorf("it came to %+v, %+v", got.Costs, got.Timeline[2])
	}
	// What was free bears its part by number.
	free := s.ordered(mug, 1, 0, cup, 3, 0)
	in = came(free, 1, 3)
	in.Freight = 4
	s.receive(free, in)
	if got := s.ledger(cup); got != "+3 343, +3 3" {
		t.Errorf("the free ones moved %s", got)
	}
	s.Doctor(t)
}

func TestWhatTracksLotsComesInLots(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.variant(catalog.NewVariant{SKU: "MILK", TracksLots: ptr(true)})
	p := s.ordered(milk, 10, 80)
	line := p.Lines[0].ID
	if !p.Lines[0].TracksLots {
		t.Error("it does not say that it comes in lots")
	}
	s.refused(t, "lot_needed", "lines[0].lot", func() error { return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, came(p, 1))) })
	s.refused(t, "bad_date", "lines[0].expiresOn", func() error {
		in := purchasing.PurchaseReceipt{Lines: []purchasing.PurchaseArrival{{LineID: line, Quantity: 1, ExpiresOn: "2226-12-01"}}}
		return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, in))
	})
	got := s.receive(p, purchasing.PurchaseReceipt{Lines: []purchasing.PurchaseArrival{
		{LineID: line, Quantity: 4, Lot: "A", ExpiresOn: "2026-12-01"}, {LineID: line, Quantity: 5, Lot: "B"}, {LineID: line, Quantity: 1, Lot: "A", ExpiresOn: "2026-11-20"}}})
	if where(got) != "received 0/10/0" || len(got.Timeline[2].Lines) != 3 {
		t.Errorf("received as %s, %+v", where(got), got.Timeline[2])
	}
	s.Level(t, milk, dbtest.Level{OnHand: 10, Unavailable: 1}) // one had expired
	s.Doctor(t)
}

func TestMoreThanWasOrderedIsAskedFor(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 0), s.Stocked("CUP", 0)
	p := s.ordered(mug, 10, 600, cup, 5, 300)
	s.receive(p, came(p, 4))
	in := came(p, 4, 6)
	in.Lines = append(in.Lines, purchasing.PurchaseArrival{LineID: p.Lines[0].ID, Quantity: 5})
	e := s.refused(t, "over_received", "lines[1].quantity", func() error { return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, in)) })
	if e.Params["over"] != int64(1) || e.Params["max"] != int64(5) || len(e.Also) != 1 || e.Also[0].Field != "lines[2].quantity" || e.Also[0].Params["over"] != int64(3) || e.Also[0].Params["name"] != "MUG" {
		t.Errorf("it says %+v and %+v", e, e.Also)
	}
	in.AllowOver = true
	got := s.receive(p, in)
	if where(got) != "received 0/13/0 0/6/0" {
		t.Errorf("received as %s", where(got))
	}
	s.Level(t, mug, dbtest.Level{OnHand: 13})
	s.Doctor(t)

	// While the rest is still to come, more of a line that is here already may come.
	open := s.ordered(mug, 1, 600, cup, 1, 300)
	s.receive(open, came(open, 1))
	in = came(open, 2)
	s.refused(t, "over_received", "lines[0].quantity", func() error { return failure(purchasing.Receive(s.Ctx, s.DB, open.ID, in)) })
	in.AllowOver = true
	if got := s.receive(open, in); where(got) != "partially_received 0/3/0 1/0/0" {
		t.Errorf("received as %s", where(got))
	}
	s.Doctor(t)
}

func TestOrdersThatWaitAreCoveredWhenItComes(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.variant(catalog.NewVariant{SKU: "MUG", Price: 1250, Policy: catalog.Backorder})
	first, err := s.Sell(mug, 3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sell(mug, 3); err != nil {
		t.Fatal(err)
	}
	p := s.ordered(mug, 4, 600)
	s.receive(p, came(p, 4))
	s.Level(t, mug, dbtest.Level{OnHand: 4, Committed: 4, Backordered: 2})
	if _, err := s.Ship(first.ID); err != nil {
		t.Errorf("the oldest is not covered: %v", err)
	}
	events, err := db.Events(s.Ctx, s.DB, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, e := range events {
		if e.Topic == "orders" && e.Version == 0 {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d orders were told that they are covered, want 2", told)
	}
	s.Doctor(t)
}

func TestWhoDoesNotKnowCostsReceivesWithoutThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	p := s.ordered(mug, 10, 600)
	for _, in := range []purchasing.PurchaseReceipt{
		{Freight: 1, Lines: came(p, 1).Lines}, {Duty: 1, Lines: came(p, 1).Lines},
		{Lines: []purchasing.PurchaseArrival{{LineID: p.Lines[0].ID, Quantity: 1, UnitCost: ptr(money.Amount(1))}}},
	} {
		if err := failure(purchasing.Receive(employee(), s.DB, p.ID, in)); db.CodeOf(err) != "forbidden" {
			t.Errorf("%+v: %v", in, err)
		}
	}
	got, err := purchasing.Receive(employee(), s.DB, p.ID, came(p, 10))
	if err != nil || got.Costs != nil || got.Lines[0].UnitCost != nil || got.Lines[0].Cost != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if moved := s.ledger(mug); moved != "+10 6000" {
		t.Errorf("it moved %s", moved)
	}
	s.Doctor(t)
}

func TestNoUnitIsReceivedTwice(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	// Two tablets, or one that asks again: all of it, whoever is first.
	p := s.ordered(mug, 10, 600)
	if n := dbtest.Together(20, func() error { return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, came(p, 10))) }).Succeeded(); n != 20 {
		t.Errorf("%d of 20 were told that it is there", n)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 10})
	// In parts, with the version that was seen.
	p = s.ordered(mug, 10, 600)
	in := came(p, 3)
	in.Version = &p.Version
	got := dbtest.Together(20, func() error { return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, in)) })
	if n := got.Succeeded(); n != 1 {
		t.Errorf("%d received the same part", n)
	}
	got.AllOthers(t, "stale")
	// In parts, without: never more than was ordered.
	got = dbtest.Together(20, func() error { return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, came(p, 2))) })
	got.AllOthers(t, "over_received")
	s.Level(t, mug, dbtest.Level{OnHand: 19, Incoming: 1})
	// Under one key, a part is received once.
	again := s.ordered(mug, 10, 600)
	ctx := db.WithKey(s.Ctx, "POST /purchase-orders/3/receive", "k")
	for range 3 {
		if _, err := purchasing.Receive(ctx, s.DB, again.ID, came(again, 3)); err != nil {
			t.Fatal(err)
		}
	}
	s.Level(t, mug, dbtest.Level{OnHand: 22, Incoming: 8})
	s.Doctor(t)
}

func TestAnOrderIsSentOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	draft := s.draft(s.wants(mug, 10, 600))
	if n := dbtest.Together(20, func() error {
		return failure(purchasing.Send(s.Ctx, s.DB, draft.ID, purchasing.PurchaseSending{Mail: ptr(true)}))
	}).Succeeded(); n != 20 {
		t.Errorf("%d of 20 were told that it is sent", n)
	}
	if got := s.mails(); len(got) != 1 {
		t.Errorf("mailed to %v", got)
	}
	s.Level(t, mug, dbtest.Level{Incoming: 10})
	s.Doctor(t)
}

func TestWhatIsCalledOffDoesNotCome(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 0)
	for range 5 {
		p := s.ordered(mug, 10, 600)
		next := make(chan bool, 10)
		for i := range 10 {
			next <- i == 5
		}
		got := dbtest.Together(10, func() error {
			if <-next {
				return s.cancel(p.ID)
			}
			return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, came(p, 1)))
		})
		got.AllOthers(t, "illegal_move")
		now, err := purchasing.OrderByID(s.Ctx, s.DB, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if l := now.Lines[0]; l.OnWay != 0 || l.Received != int64(got.Succeeded()-1) || l.Received+l.Cancelled != 10 || now.Status != purchasing.PurchaseCancelled {
			t.Errorf("%d succeeded, and it is %s", got.Succeeded(), where(now))
		}
	}
	s.Doctor(t)
}

func TestADeliveryThatIsCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 0), s.Stocked("CUP", 0)
	p := s.ordered(mug, 10, 600, cup, 10, 600)
	if _, err := catalog.Update(s.Ctx, s.DB, 2, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: cup, Tracked: ptr(false)}}}); err != nil {
		t.Fatal(err)
	}
	s.refused(t, "not_tracked", "lines[1].variantId", func() error { return failure(purchasing.Receive(s.Ctx, s.DB, p.ID, came(p, 5, 5))) })
	ctx, cancel := context.WithCancel(s.Ctx)
	cancel()
	before := s.books()
	if err := failure(purchasing.Receive(ctx, s.DB, p.ID, came(p, 5))); err == nil || s.books() != before {
		t.Errorf("a caller that is gone: %v", err)
	}
}

func TestLeadTimesAreLearned(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 0), s.Stocked("CUP", 0)
	leads := func() purchasing.Leads {
		t.Helper()
		var l purchasing.Leads
		err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) (err error) { l, err = purchasing.LeadTimes(tx, []int64{mug, cup}); return err })
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if got := leads().Of(s.acme, mug, 7); got != (purchasing.LeadTime{Days: 7}) {
		t.Errorf("before any order: %+v", got)
	}
	for _, days := range []int{2, 4} {
		p := s.ordered(mug, 1, 600)
		s.Clock.Forward(time.Duration(days) * 24 * time.Hour)
		s.receive(p, came(p, 1))
	}
	if got := leads().Of(s.acme, mug, 7); got.Days != 7 || got.Orders != 0 {
		t.Errorf("two orders tell more than the supplier: %+v", got)
	}
	if got := leads().Of(s.acme, mug, 0); got.Days != 3 || got.Orders != 2 {
		t.Errorf("where nobody says, two orders tell: %+v", got)
	}
	// In parts: half of ten after two days and half after four, and the cups two days later: a line takes what its units take on average.
	p := s.ordered(mug, 10, 600, cup, 10, 600)
	s.Clock.Forward(2 * 24 * time.Hour)
	s.receive(p, came(p, 5))
	s.Clock.Forward(2 * 24 * time.Hour)
	s.receive(p, came(p, 5))
	if got := leads().Of(s.acme, mug, 7); got.Days != 3 || got.Deviation != 1 || got.Orders != 3 {
		t.Errorf("of the mugs: %+v", got)
	}
	if _, known := leads().Learned(s.acme); !known {
		t.Error("nothing is known of the supplier")
	}
	s.Clock.Forward(2 * 24 * time.Hour)
	s.receive(p, came(p, 0, 3))
	if err := s.cancel(p.ID); err != nil {
		t.Fatal(err)
	}
	// All of it: (5*2 + 5*4 + 3*6) / 13 = 3.7.
	if got, _ := leads().Learned(s.acme); got.Days != 10.0/3 || got.Orders != 3 {
		t.Errorf("of the supplier: %+v", got)
	}
	if got := leads().Of(s.acme, cup, 7); got.Days != 10.0/3 {
		t.Errorf("of the cups, of which one order tells: %+v", got)
	}
	got, err := purchasing.LeadTimeOf(s.Ctx, s.DB, s.acme)
	if err != nil || got.Orders != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	next, err := purchasing.Send(s.Ctx, s.DB, s.draft(s.wants(mug, 1, 600, cup, 1, 600)).ID, byPhone)
	if err != nil || *next.ExpectedOn != "2026-12-06" { // 30 November (2 + 4 + 4 + 2 days from the 20th is the 2nd of December) and four days
		t.Errorf("expected on %v, %v", *next.ExpectedOn, err)
	}
	// The ten newest count, each alike.
	for range 10 {
		p := s.ordered(mug, 1, 600)
		s.Clock.Forward(24 * time.Hour)
		s.receive(p, came(p, 1))
	}
	if got := leads().Of(s.acme, mug, 7); got != (purchasing.LeadTime{Days: 1, Orders: 10}) {
		t.Errorf("after ten orders of a day: %+v", got)
	}
	s.Doctor(t)
}

// Whatever comes, in whatever parts, at whatever cost, with whatever freight: what the ledger says that it cost is what was paid, and what is
// on its way is what was ordered and has neither come nor been called off.
func TestWhatWasPaidIsOnTheBooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		var goods []int64
		for range rapid.IntRange(1, 4).Draw(rt, "lines") {
			goods = append(goods, s.variant(catalog.NewVariant{TracksLots: ptr(rapid.Bool().Draw(rt, "lots"))}))
		}
		in := purchasing.NewPurchase{SupplierID: s.acme, LocationID: s.Location}
		for _, v := range goods {
			cost := money.Amount(rapid.Int64Range(0, 999).Draw(rt, "cost"))
			in.Lines = append(in.Lines, purchasing.NewPurchaseLine{VariantID: v, Quantity: rapid.Int64Range(1, 20).Draw(rt, "q"), UnitCost: &cost})
		}
		p, err := purchasing.Send(s.Ctx, s.DB, s.draft(in).ID, byPhone)
		if err != nil {
			rt.Fatal(err)
		}
		var paid int64
		for range rapid.IntRange(0, 5).Draw(rt, "receipts") {
			if !slices.Contains([]purchasing.PurchaseStatus{purchasing.PurchaseSent, purchasing.PurchasePartly}, p.Status) {
				break
			}
			r := purchasing.PurchaseReceipt{AllowOver: true, Freight: money.Amount(rapid.Int64Range(0, 99).Draw(rt, "freight")), Duty: money.Amount(rapid.Int64Range(0, 9).Draw(rt, "duty"))}
			worth := int64(r.Freight + r.Duty)
			for range rapid.IntRange(1, 5).Draw(rt, "rows") {
				l := p.Lines[rapid.IntRange(0, len(p.Lines)-1).Draw(rt, "line")]
				a := purchasing.PurchaseArrival{LineID: l.ID, Quantity: rapid.Int64Range(1, 8).Draw(rt, "came")}
				unit := *l.UnitCost
				if rapid.Bool().Draw(rt, "other cost") {
					unit = money.Amount(rapid.Int64Range(0, 999).Draw(rt, "unit"))
					a.UnitCost = &unit
				}
				if l.TracksLots {
					a.Lot = rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "lot")
				}
				worth += int64(unit) * a.Quantity
				r.Lines = append(r.Lines, a)
			}
			if p, err = purchasing.Receive(s.Ctx, s.DB, p.ID, r); err != nil {
				rt.Fatal(err)
			}
			paid += worth
		}
		if rapid.Bool().Draw(rt, "call off") && p.ClosedAt == nil {
			if p, err = purchasing.Cancel(s.Ctx, s.DB, p.ID, purchasing.PurchaseMove{}); err != nil {
				rt.Fatal(err)
			}
		}
		var cost, incoming int64
		err = db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
			return tx.Row(`SELECT coalesce((SELECT sum(cost) FROM movements WHERE document_type = 'purchase' AND document_id = ?1), 0),
				coalesce((SELECT sum(quantity) FROM incoming WHERE document_type = 'purchase' AND document_id = ?1), 0)`, []any{p.ID}, &cost, &incoming)
		})
		if err != nil || cost != paid {
			rt.Fatalf("the ledger says %d, %d was paid, %v", cost, paid, err)
		}
		for _, l := range p.Lines {
			if rest := max(0, l.Quantity-l.Received-l.Cancelled); l.OnWay != rest {
				rt.Fatalf("%d are on their way of %+v", l.OnWay, l)
			}
			incoming -= l.OnWay
		}
		if incoming != 0 {
			rt.Fatalf("%d more are expected than are on their way", incoming)
		}
	})
	s.Doctor(t)
}

// BenchmarkReceive receives orders of a hundred lines, the most there can be, half of which track lots and half of which somebody waits for,
// and says how long anybody waited for the writer meanwhile: at most 50 ms.
func BenchmarkReceive(b *testing.B) {
	s := open(b)
	var goods []int64
	for i := range purchasing.MaxLines {
		goods = append(goods, s.variant(catalog.NewVariant{SKU: fmt.Sprint("V", i), TracksLots: ptr(i%2 == 0), Policy: catalog.Backorder}), 10, 500)
	}
	var longest, sending time.Duration
	for b.Loop() {
		b.StopTimer()
		for i := 0; i < len(goods); i += 6 {
			if _, err := s.Sell(goods[i], 1); err != nil {
				b.Fatal(err)
			}
		}
		draft := s.draft(s.wants(goods...))
		began := time.Now()
		p, err := purchasing.Send(s.Ctx, s.DB, draft.ID, purchasing.PurchaseSending{})
		sending = max(sending, time.Since(began))
		if err != nil {
			b.Fatal(err)
		}
		in := purchasing.PurchaseReceipt{Freight: 1234}
		for i, l := range p.Lines {
			a := purchasing.PurchaseArrival{LineID: l.ID, Quantity: 10}
			if i%2 == 0 {
				a.Lot, a.ExpiresOn = "L", "2027-01-01"
			}
			in.Lines = append(in.Lines, a)
		}
		b.StartTimer()
		began = time.Now()
		s.receive(p, in)
		longest = max(longest, time.Since(began))
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "ms-longest-receive")
	b.ReportMetric(float64(sending.Microseconds())/1000, "ms-longest-send")
}
