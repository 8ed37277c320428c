package stock_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/stock"
)

var update = flag.Bool("update", false, "write docs/cases-stock.md anew")

// publishedCase is a case about stock or its value that others published, of cases.json of the reference data.
type publishedCase struct {
	ID, Area string
	Given    struct {
		OnHand      int64 `json:"on_hand"`
		Allocated   int64
		Reserved    int64
		Threshold   int64
		Locations   json.RawMessage
		Source      int64
		Destination int64
		Backordered int64 `json:"backordered_units"`
		OnHandUnits int64 `json:"on_hand_units"`
		L1, L2, L3  struct {
			OnHand   int64 `json:"on_hand"`
			Reserved int64
		}
	}
	Then struct {
		OnHand    *int64 `json:"on_hand"`
		Allocated *int64
		Available *int64
		Reserved  *int64
		Movement  *struct {
			Type string
			Qty  int64
		}
		Movements *[]struct{ Qty int64 }
		After     json.RawMessage `json:"reserved_after"`
		Freed     []int64         `json:"allocated_after"`
		Packages  json.RawMessage
		Filled    int64
		Overall   int64
		With      struct {
			OnHand    int64 `json:"on_hand"`
			Allocated int64
		} `json:"with_allocate"`
		Without struct {
			OnHand    int64 `json:"on_hand"`
			Allocated int64
		}
		InValues   []money.Amount `json:"in_values"`
		FinalValue money.Amount   `json:"final_value"`
	}
}

func published(t *testing.T) map[string]publishedCase {
	t.Helper()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	b, err := os.ReadFile(filepath.Join(root, "cases", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var raw []json.RawMessage // the other areas have shapes of their own
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	cases := map[string]publishedCase{}
	for _, r := range raw {
		var c publishedCase
		var of struct{ ID, Area string }
		if err := json.Unmarshal(r, &of); err != nil {
			t.Fatal(err)
		}
		if of.Area != "STOCK" && of.Area != "VAL" {
			continue
		}
		if err := json.Unmarshal(r, &c); err != nil && trials[of.ID] != nil {
			t.Fatalf("%s: %v", of.ID, err)
		}
		cases[of.ID] = c
	}
	return cases
}

func TestStockAgreesWithPublishedCases(t *testing.T) {
	t.Parallel()
	cases := published(t)
	for id := range cases {
		if _, excused := excuses[id]; excused == (trials[id] != nil) {
			t.Errorf("%s is neither tried nor excused, or both", id)
		}
	}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(trials)), slices.Collect(maps.Keys(excuses))) {
		if _, there := cases[id]; !there {
			t.Errorf("%s is no published case", id)
		}
	}
	for id, try := range trials {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			try(s, cases[id])
			s.Doctor(t)
		})
	}
}

// The page lists what is excused to the letter, so that nobody has to read this file for it.
func TestThePageOfCasesSaysWhatIsExcused(t *testing.T) {
	t.Parallel()
	const path = "../../docs/cases-stock.md"
	var text strings.Builder
	fmt.Fprintf(&text, casesPage, len(trials)+len(excuses), len(trials), len(excuses))
	for _, id := range slices.Sorted(maps.Keys(excuses)) {
		fmt.Fprintf(&text, "| %s | %s |\n", id, excuses[id])
	}
	if *update {
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != text.String() {
		t.Errorf("docs/cases-stock.md is not what the tests excuse (%v): run go test ./db/stock -run PageOfCases -update", err)
	}
}

const casesPage = `# Published cases of stock

How other systems' published examples of stock and its value come out here: of %d cases %d are tried and come to the published
figures through the functions that the shop uses itself. The other %d are excused, each for a reason. The test that tries them is
` + "`db/stock/cases_test.go`" + `, which writes this page; it fails when a case is neither tried nor excused. What others count as
allocated is here what is committed and what waits for stock; orders and their money are in ` + "`cases.md`" + `.

| case | why it is excused |
|---|---|
`

const (
	neverNegative = "What is on hand is never below 0: what customers wait for is counted by itself."
	noDepth       = "A product may be sold before it is there or may not: how many may wait has no limit of its own."
	noPlanning    = "An order is of one store: nobody plans its parcels over several by itself. Goods of another store come by a transfer, or in a parcel that is packed there."
	notFIFO       = "Stock is valued by moving average: layers that are used up in the order in which they came, or the other way round, are out of scope."
)

// excuses are the cases that are not tried, each with why.
var excuses = map[string]string{
	"STOCK-019": neverNegative, "STOCK-040": neverNegative, "STOCK-058": neverNegative, "STOCK-062": neverNegative,
	"STOCK-020": noDepth,
	"STOCK-034": "What is committed follows from orders: no request has a field for it, so there is nothing to be ignored.",
	"STOCK-037": noPlanning, "STOCK-055": noPlanning, "STOCK-056": noPlanning, "STOCK-067": noPlanning, "STOCK-068": noPlanning,
	"VAL-001": notFIFO, "VAL-002": notFIFO, "VAL-004": notFIFO, "VAL-005": notFIFO, "VAL-007": notFIFO, "VAL-008": notFIFO,
	"VAL-010": notFIFO, "VAL-011": notFIFO, "VAL-013": notFIFO, "VAL-014": notFIFO,
	"VAL-017": "Stock is never negative, and what came at a cost stays: a receipt is taken back by a reversing entry and entered anew, never edited.",
	"VAL-022": "Stock is valued at what it cost: a standard cost that is set by hand and revalues what is there is out of scope.",
}

// trials try a case in a shop of its own.
var trials = map[string]func(*shop, publishedCase){
	"STOCK-001": countedAs(0), "STOCK-002": countedAs(5, 3),
	"STOCK-004": ordered(3), "STOCK-005": untracked, "STOCK-035": ordered(50),
	"STOCK-007": shipped(2), "STOCK-008": takenBack, "STOCK-044": shipped(80), "STOCK-016": shipped(8), "STOCK-017": shipped(3), "STOCK-046": shipped(50),
	"STOCK-010": refusedAt(1), "STOCK-011": refusedAt(5), "STOCK-013": keptAside,
	"STOCK-014": ordered(8), "STOCK-022": twiceInOne, "STOCK-023": goneMeanwhile, "STOCK-025": firstWins,
	"STOCK-026": summedUp, "STOCK-032": sumOfTwo, "STOCK-028": refusedThenShort, "STOCK-029": changed, "STOCK-031": cancelledOne,
	"STOCK-038": allOrNothing, "STOCK-041": receivedFor, "STOCK-043": givenBack,
	"STOCK-047": fromOneStore, "STOCK-049": fromOneStore, "STOCK-050": fromOneStore, "STOCK-052": fromOneStore, "STOCK-053": fromOneStore,
	"STOCK-059": twoParcels, "STOCK-061": filled, "STOCK-064": notTransferred, "STOCK-065": noSuchQuantities,
	"VAL-016": average, "VAL-019": atOnce, "VAL-020": receivedMore,
}

// ends asserts what a case says of a variant in the end.
func (s *shop) ends(c publishedCase, v int64) {
	s.t.Helper()
	l := s.level(v)
	is := func(what string, got int64, want *int64) {
		s.t.Helper()
		if want != nil && got != *want {
			s.t.Errorf("%s is %d, not %d: %+v", what, got, *want, l)
		}
	}
	is("on hand", l.OnHand, c.Then.OnHand)
	is("allocated", l.Committed+l.Backordered, c.Then.Allocated)
	is("reserved", l.Committed+l.Backordered, c.Then.Reserved)
	is("available", l.Available, c.Then.Available)
}

// held is a variant of which so many are there, and so many are of open orders: one order, whose id it answers.
func (s *shop) held(onHand, allocated int64, policy catalog.Policy) (variant, order int64) {
	s.t.Helper()
	variant = s.variant("Goods", catalog.NewVariant{SKU: "GOODS", Policy: policy})
	if onHand > 0 {
		s.Receive(variant, onHand)
	}
	if allocated > 0 {
		order = s.sell(variant, allocated)
	}
	return variant, order
}

func (s *shop) refuses(code string, err error) *db.Error {
	s.t.Helper()
	if db.CodeOf(err) != code {
		s.t.Fatalf("got %v, want %s", err, code)
	}
	var e *db.Error
	errors.As(err, &e)
	return e
}

func countedAs(quantities ...int64) func(*shop, publishedCase) {
	return func(s *shop, c publishedCase) {
		v, _ := s.held(c.Given.OnHand, 0, catalog.Deny)
		for _, q := range quantities {
			s.adjust(stock.Correction, counted(v, q))
		}
		moved := s.movements(stock.MovementFilter{VariantID: v})
		slices.Reverse(moved)
		if len(moved) != len(*c.Then.Movements) {
			s.t.Fatalf("moved are %+v", moved)
		}
		for i, want := range *c.Then.Movements {
			if moved[i].Delta != want.Qty {
				s.t.Errorf("movement %d is of %d, not %d", i, moved[i].Delta, want.Qty)
			}
		}
		s.ends(c, v)
	}
}

func ordered(quantity int64) func(*shop, publishedCase) {
	return func(s *shop, c publishedCase) {
		policy := catalog.Deny
		if c.Given.Threshold < 0 {
			policy = catalog.Backorder
		}
		v, _ := s.held(c.Given.OnHand, c.Given.Allocated, policy)
		s.sell(v, quantity)
		s.ends(c, v)
	}
}

func untracked(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.OnHand, 0, catalog.Deny)
	off := false
	if _, err := catalog.Update(s.Ctx, s.DB, s.level(v).ProductID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: v, Tracked: &off}}}); err != nil {
		s.t.Fatal(err)
	}
	s.sell(v, 2)
	s.ends(c, v)
}

func shipped(quantity int64) func(*shop, publishedCase) {
	return func(s *shop, c publishedCase) {
		policy := catalog.Deny
		if c.Given.Allocated > c.Given.OnHand {
			policy = catalog.Backorder
		}
		v, order := s.held(c.Given.OnHand, c.Given.Allocated, policy)
		_, err := s.Ship(order, quantity)
		if quantity > c.Given.OnHand {
			s.refuses("not_covered", err)
		} else if err != nil {
			s.t.Fatal(err)
		}
		s.ends(c, v)
		s.last(c, v, stock.Sale)
	}
}

// last asserts the newest movement, where a case names one.
func (s *shop) last(c publishedCase, v int64, reason stock.Reason) {
	s.t.Helper()
	if c.Then.Movement == nil {
		return
	}
	if m := s.movements(stock.MovementFilter{VariantID: v})[0]; m.Delta != c.Then.Movement.Qty || m.Reason != reason {
		s.t.Errorf("the movement is %+v", m)
	}
}

func takenBack(s *shop, c publishedCase) {
	v, order := s.held(c.Given.OnHand+2, 2, catalog.Deny)
	o, err := s.Ship(order)
	if err == nil {
		err = s.CancelParcel(o.Fulfilments[0].ID)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	// The goods are the order's again: it is cancelled, too.
	if err := s.CancelOrder(order); err != nil {
		s.t.Fatal(err)
	}
	s.ends(c, v)
	s.last(c, v, stock.Reversal)
}

func refusedAt(quantity int64) func(*shop, publishedCase) {
	return func(s *shop, c publishedCase) {
		v, _ := s.held(c.Given.OnHand, 0, catalog.Deny)
		_, err := s.Sell(v, quantity)
		if left := s.refuses("out_of_stock", err).Params["left"]; left != *c.Then.Available {
			s.t.Errorf("left are %v", left)
		}
		if c.Given.OnHand > 0 {
			c.Then.Available = &c.Given.OnHand
			s.ends(c, v)
		}
	}
}

func keptAside(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.OnHand, 0, catalog.Deny)
	if _, err := stock.SetAside(s.Ctx, s.DB, stock.AsideChange{LocationID: s.Location, Reason: stock.Safety, Lines: []stock.AsideLine{{VariantID: v, Quantity: c.Given.Threshold}}}); err != nil {
		s.t.Fatal(err)
	}
	_, err := s.Sell(v, 2)
	s.refuses("out_of_stock", err)
	s.ends(c, v)
	s.sell(v, *c.Then.Available)
}

func (s *shop) drafted(variant, quantity int64) int64 {
	s.t.Helper()
	o, err := s.SellLines(true, false, variant, quantity)
	if err != nil {
		s.t.Fatal(err)
	}
	return o.ID
}

func twiceInOne(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.OnHand, 0, catalog.Deny)
	_, err := s.SellLines(false, false, v, 3, v, 1)
	if e := s.refuses("out_of_stock", err); e.Field != "lines[1].quantity" || e.Params["left"] != int64(0) {
		s.t.Errorf("refused at %s with %v left", e.Field, e.Params["left"])
	}
	if _, err := s.SellLines(false, false, v, 2, v, 1); err != nil {
		s.t.Error(err)
	}
}

func goneMeanwhile(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.OnHand, 0, catalog.Deny)
	draft := s.drafted(v, 1)
	s.adjust(stock.Correction, counted(v, 0))
	s.refuses("out_of_stock", s.PlaceDraft(draft))
}

func firstWins(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.OnHand, 0, catalog.Deny)
	a, b := s.drafted(v, 1), s.drafted(v, 1)
	if err := s.PlaceDraft(a); err != nil {
		s.t.Error(err)
	}
	s.refuses("out_of_stock", s.PlaceDraft(b))
}

// available adds up what some stores have of a variant.
func (s *shop) available(variant int64, locations ...int64) (sum int64) {
	s.t.Helper()
	page, err := stock.Levels(s.Ctx, s.DB, stock.LevelFilter{VariantID: variant})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range page.Items {
		if slices.Contains(locations, l.LocationID) {
			sum += l.Available
		}
	}
	return sum
}

func summedUp(s *shop, c publishedCase) {
	var in map[string]int64
	s.read(c.Given.Locations, &in)
	v, _ := s.held(in["L1"], 0, catalog.Deny)
	second := s.at(s.openStore("Second"))
	second.Receive(v, in["L2"])
	if l1, l2, all := s.available(v, s.Location), s.available(v, second.Location), s.available(v, s.Location, second.Location); l1 != in["L1"] || l2 != in["L2"] || all != c.Then.Overall {
		s.t.Errorf("%d and %d make %d", l1, l2, all)
	}
}

func (s *shop) read(raw json.RawMessage, into any) {
	s.t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		s.t.Fatal(err)
	}
}

func sumOfTwo(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.L1.OnHand, 0, catalog.Deny)
	second, third := s.at(s.openStore("Second")), s.at(s.openStore("Third"))
	second.Receive(v, c.Given.L2.OnHand)
	second.sell(v, c.Given.L2.Reserved)
	third.Receive(v, c.Given.L3.OnHand)
	if got := s.available(v, s.Location, second.Location); got != *c.Then.Available {
		s.t.Errorf("available are %d", got)
	}
}

func refusedThenShort(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.OnHand, 0, catalog.Deny)
	_, err := s.Sell(v, 3)
	s.refuses("out_of_stock", err)
	if l := s.level(v); l.Committed != 0 {
		s.t.Errorf("%d are committed", l.Committed)
	}
	w := s.variant("Goods", catalog.NewVariant{SKU: "GOODS-2", Policy: catalog.Backorder})
	s.Receive(w, c.Given.OnHand)
	s.sell(w, 3)
	if l := s.level(w); l.Committed+l.Backordered != 3 {
		s.t.Errorf("reserved are %+v", l)
	}
}

func changed(s *shop, c publishedCase) {
	var after []int64
	s.read(c.Then.After, &after)
	for i, want := range after {
		v := s.variant("Goods", catalog.NewVariant{SKU: fmt.Sprint("GOODS-", i)})
		s.Receive(v, c.Given.OnHand)
		o, err := s.Sell(v, c.Given.Reserved)
		if err == nil {
			err = s.Reorder(o.ID, want)
		}
		if l := s.level(v); err != nil || l.Committed != want {
			s.t.Errorf("%d became %d: %v", c.Given.Reserved, l.Committed, err)
		}
	}
}

func cancelledOne(s *shop, c publishedCase) {
	v, _ := s.held(6, 2, catalog.Deny)
	o, err := s.SellLines(false, false, v, 2, v, 2)
	if err == nil {
		err = s.CancelOrder(o.ID)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.ends(c, v)
}

func allOrNothing(s *shop, c publishedCase) {
	var in map[string]int64
	s.read(c.Given.Locations, &in)
	v, _ := s.held(in["L1"], 0, catalog.Deny)
	second := s.at(s.openStore("Second"))
	second.Receive(v, in["L2"])
	_, err := s.Sell(v, 10)
	s.refuses("out_of_stock", err)
	if s.level(v).Committed+second.level(v).Committed != 0 {
		s.t.Error("something is committed")
	}
}

func receivedFor(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.OnHand, c.Given.Allocated, catalog.Deny)
	s.Receive(v, 50)
	if l := s.level(v); l.OnHand != c.Then.Without.OnHand || l.Committed != c.Then.Without.Allocated {
		s.t.Errorf("without an order: %+v", l)
	}
	s.sell(v, 50)
	if l := s.level(v); l.OnHand != c.Then.With.OnHand || l.Committed != c.Then.With.Allocated {
		s.t.Errorf("with one: %+v", l)
	}
}

func givenBack(s *shop, c publishedCase) {
	v, order := s.held(c.Given.OnHand, 50, catalog.Deny)
	rest := s.sell(v, c.Given.Allocated-50)
	for i, id := range []int64{order, rest} {
		for range 2 { // once more changes nothing
			if err := s.CancelOrder(id); err != nil {
				s.t.Fatal(err)
			}
			if l := s.level(v); l.Committed != c.Then.Freed[i] {
				s.t.Errorf("committed are %d, not %d", l.Committed, c.Then.Freed[i])
			}
		}
	}
}

// fromOneStore orders five at the store that has most, and sends them in one parcel, or is refused.
func fromOneStore(s *shop, c publishedCase) {
	var in []int64
	s.read(c.Given.Locations, &in)
	v := s.variant("Goods", catalog.NewVariant{SKU: "GOODS"})
	best, most := s, int64(0)
	for i, q := range in {
		there := s
		if i > 0 {
			there = s.at(s.openStore(fmt.Sprint("Store ", i)))
		}
		if q > 0 {
			there.Receive(v, q)
		}
		if q > most {
			best, most = there, q
		}
	}
	o, err := best.Sell(v, 5)
	if string(c.Then.Packages) == "null" {
		s.refuses("out_of_stock", err)
		return
	}
	if err == nil {
		o, err = best.Ship(o.ID)
	}
	if err != nil || fmt.Sprint(len(o.Fulfilments)) != string(c.Then.Packages) {
		s.t.Errorf("sent in %d parcels: %v", len(o.Fulfilments), err)
	}
}

func twoParcels(s *shop, c publishedCase) {
	v, order := s.held(c.Given.OnHandUnits, c.Given.OnHandUnits+c.Given.Backordered, catalog.Backorder)
	if _, err := s.Ship(order, c.Given.OnHandUnits); err != nil {
		s.t.Fatal(err)
	}
	s.Receive(v, c.Given.Backordered)
	o, err := s.Ship(order)
	if err != nil {
		s.t.Fatal(err)
	}
	var want, got []int64
	s.read(c.Then.Packages, &want)
	for _, p := range o.Fulfilments {
		got = append(got, p.Lines[0].Quantity)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		s.t.Errorf("the parcels are %v", got)
	}
}

// filled receives three where two wait: what others call on hand, less what waits, is here available.
func filled(s *shop, c publishedCase) {
	v, _ := s.held(0, c.Given.Backordered, catalog.Backorder)
	s.Receive(v, 3)
	if l := s.level(v); l.Available != *c.Then.OnHand || l.Committed != c.Then.Filled || l.Backordered != 0 {
		s.t.Errorf("it is %+v", l)
	}
}

func notTransferred(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.Source, 0, catalog.Deny)
	second := s.openStore("Second")
	t := s.draft(second, v, 5)
	if _, err := stock.ShipTransfer(s.Ctx, s.DB, t.ID, stock.TransferShipment{}); err == nil {
		s.t.Error("five of one were sent")
	}
	if s.level(v).OnHand != c.Given.Source || s.available(v, second) != c.Given.Destination {
		s.t.Error("something moved")
	}
}

func noSuchQuantities(s *shop, c publishedCase) {
	v, _ := s.held(c.Given.Source, 0, catalog.Deny)
	second := s.openStore("Second")
	for _, q := range []int64{-5, 0} {
		_, err := stock.CreateTransfer(s.Ctx, s.DB, stock.NewTransfer{FromLocationID: s.Location, ToLocationID: second, Lines: []stock.NewTransferLine{{VariantID: v, Quantity: q}}})
		if err == nil {
			s.t.Errorf("a transfer of %d was made", q)
		}
	}
	if s.level(v).OnHand != c.Given.Source || s.available(v, second) != c.Given.Destination {
		s.t.Error("something moved")
	}
}

// average is AVCO: 60 at 15.00, 140 at 15.50, 190 go, 70 at 16.00, 30 and 50 go. The unit cost is not rounded in between, as the case
// allows: 30 of it are 477.56 and the last 50 take the rest.
func average(s *shop, c publishedCase) {
	v, _ := s.held(0, 0, catalog.Deny)
	var before money.Amount
	step := func(line stock.AdjustLine, want money.Amount) {
		s.t.Helper()
		reason := stock.Received
		if *line.Delta < 0 {
			reason = stock.Waste
		}
		s.adjust(reason, line)
		_, now := s.worth(v)
		if got := now - before; got != want {
			s.t.Errorf("%d are worth %d, not %d", *line.Delta, got, want)
		}
		before = now
	}
	step(at(v, 60, 1500), 100*c.Then.InValues[0])
	step(at(v, 140, 1550), 100*c.Then.InValues[1])
	step(by(v, -190), -291_650) // 2,916.50
	step(at(v, 70, 1600), 100*c.Then.InValues[2])
	step(by(v, -30), -47_756)
	step(by(v, -50), -79_594)
	if quantity, value := s.worth(v); quantity != 0 || value != c.Then.FinalValue {
		s.t.Errorf("%d are left, worth %d", quantity, value)
	}
}

func atOnce(s *shop, _ publishedCase) {
	v := s.perishable("GOODS")
	first, second := lot(v, 1, "A", ""), lot(v, 1, "B", "")
	first.UnitCost, second.UnitCost = ptr(money.Amount(1000)), ptr(money.Amount(500))
	s.adjust(stock.Received, first, second)
	if quantity, value := s.worth(v); quantity != 2 || value != 1500 {
		s.t.Errorf("%d are there, worth %d", quantity, value)
	}
}

// receivedMore finds out that fifteen came where five were entered: the ten are entered at what they cost.
func receivedMore(s *shop, _ publishedCase) {
	v, _ := s.held(0, 0, catalog.Deny)
	for _, step := range []struct {
		line     stock.AdjustLine
		quantity int64
		value    money.Amount
	}{{at(v, 5, 1000), 5, 5000}, {at(v, 10, 2000), 15, 25_000}, {at(v, 10, 1000), 25, 35_000}} {
		s.adjust(stock.Received, step.line)
		if quantity, value := s.worth(v); quantity != step.quantity || value != step.value {
			s.t.Errorf("%d are there, worth %d", quantity, value)
		}
	}
}
