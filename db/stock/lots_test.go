package stock_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/stock"
)

// perishable makes a variant that tracks lots and costs 2.00.
func (s *shop) perishable(sku string) int64 {
	s.t.Helper()
	return s.variant(sku, catalog.NewVariant{SKU: sku, Price: 500, Cost: ptr(money.Amount(200)), TracksLots: ptr(true)})
}

// lot is a line that changes a lot by its name and day.
func lot(variant, delta int64, name string, on db.Date) stock.AdjustLine {
	return stock.AdjustLine{VariantID: variant, Delta: &delta, Lot: name, ExpiresOn: on}
}

// shelf is the lots of a variant in one line: "A 2026-12-01: 3, B never: 2 of 5 set aside".
func (s *shop) shelf(variant int64) string {
	s.t.Helper()
	page, err := stock.Lots(s.Ctx, s.DB, stock.LotFilter{List: db.List{Limit: 200}, VariantID: variant, LocationID: s.Location})
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, l := range page.Items {
		on := "never"
		if l.ExpiresOn != nil {
			on = string(*l.ExpiresOn)
		}
		text := fmt.Sprintf("%s %s: %d", l.Lot, on, l.Quantity)
		if l.Unavailable > 0 {
			text = fmt.Sprintf("%s %s: %d of %d set aside", l.Lot, on, l.Unavailable, l.Quantity)
		}
		all = append(all, strings.TrimSpace(text))
	}
	return strings.Join(all, ", ")
}

func (s *shop) lies(t testing.TB, variant int64, want string) {
	t.Helper()
	if got := s.shelf(variant); got != want {
		t.Errorf("the lots are %q, want %q", got, want)
	}
}

// today moves the clock to noon of a day.
func (s *shop) today(day db.Date) {
	s.t.Helper()
	at, err := time.Parse(time.DateTime, string(day)+" 12:00:00")
	if err != nil {
		s.t.Fatal(err)
	}
	s.Clock.Set(at)
}

// ship sends an order and answers its first parcel.
func (s *shop) ship(order int64) int64 {
	s.t.Helper()
	o, err := s.Ship(order)
	if err != nil {
		s.t.Fatalf("ship: %v", err)
	}
	return o.Fulfilments[0].ID
}

func (s *shop) cancelParcel(id int64) {
	s.t.Helper()
	if err := s.CancelParcel(id); err != nil {
		s.t.Fatalf("cancel the parcel: %v", err)
	}
}

func (s *shop) expire() int {
	s.t.Helper()
	n, err := stock.Expire(s.Ctx, s.DB)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// threeLots receives 5 that expire late, 3 that expire early, 4 that never do and 2 of which nobody knows anything.
func (s *shop) threeLots() int64 {
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 5, "B", "2026-12-20"), lot(milk, 3, "A", "2026-12-01"), lot(milk, 4, "C", ""), by(milk, 2))
	return milk
}

func TestWhatIsReceivedLiesInItsLot(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.threeLots()
	s.adjust(stock.Received, lot(milk, 1, "a", "2026-12-01"), lot(milk, 1, "A", "2026-12-02"))
	s.lies(t, milk, "A 2026-12-01: 4, A 2026-12-02: 1, B 2026-12-20: 5, C never: 4, never: 2")
	s.Level(t, milk, dbtest.Level{OnHand: 16})
	m := s.movements(stock.MovementFilter{VariantID: milk})[1]
	want := []stock.MovedLot{{LotID: m.Lots[0].LotID, Lot: "A", ExpiresOn: ptr(db.Date("2026-12-01")), Delta: 1, MovementID: m.ID}}
	if diff := cmp.Diff(want, m.Lots); diff != "" {
		t.Errorf("the movement's lots (-want +got):\n%s", diff)
	}
	s.Doctor(t)
}

func TestWhatLeavesFirstExpiresFirst(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line   stock.AdjustLine
		reason stock.Reason
		left   string
	}{
		"waste without a name":      {stock.AdjustLine{Delta: ptr(int64(-4))}, stock.Waste, "B 2026-12-20: 4, C never: 4, never: 2"},
		"more than what expires":    {stock.AdjustLine{Delta: ptr(int64(-10))}, stock.Waste, "C never: 2, never: 2"},
		"waste of a lot":            {stock.AdjustLine{Delta: ptr(int64(-4)), Lot: "b"}, stock.Waste, "A 2026-12-01: 3, B 2026-12-20: 1, C never: 4, never: 2"},
		"waste of a day":            {stock.AdjustLine{Delta: ptr(int64(-3)), ExpiresOn: "2026-12-01"}, stock.Waste, "B 2026-12-20: 5, C never: 4, never: 2"},
		"a count of all":            {stock.AdjustLine{Counted: ptr(int64(13))}, stock.Correction, "A 2026-12-01: 2, B 2026-12-20: 5, C never: 4, never: 2"},
		"a count of a lot":          {stock.AdjustLine{Counted: ptr(int64(1)), Lot: "C"}, stock.Correction, "A 2026-12-01: 3, B 2026-12-20: 5, C never: 1, never: 2"},
		"a count that finds more":   {stock.AdjustLine{Counted: ptr(int64(15))}, stock.Correction, "A 2026-12-01: 3, B 2026-12-20: 5, C never: 4, never: 3"},
		"a count of a lot it finds": {stock.AdjustLine{Counted: ptr(int64(2)), Lot: "D", ExpiresOn: "2026-12-03"}, stock.Correction, "A 2026-12-01: 3, D 2026-12-03: 2, B 2026-12-20: 5, C never: 4, never: 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			c.line.VariantID = s.threeLots()
			s.adjust(c.reason, c.line)
			s.lies(t, c.line.VariantID, c.left)
			s.Doctor(t)
		})
	}
}

func TestALineThatNamesNoLotOfTheVariantIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk, mug := s.threeLots(), s.Stocked("MUG", 5)
	s.sell(milk, 12)
	for name, c := range map[string]struct {
		line        stock.AdjustLine
		code, field string
	}{
		"more than is in the lot":   {lot(milk, -4, "A", ""), "lot_below_zero", "lines[0].delta"},
		"a lot there is none of":    {lot(milk, -1, "Z", ""), "lot_below_zero", "lines[0].delta"},
		"an id there is none of":    {stock.AdjustLine{VariantID: milk, Delta: ptr(int64(1)), LotID: 404}, "not_found", "lines[0].lotId"},
		"an id and a name":          {stock.AdjustLine{VariantID: milk, Delta: ptr(int64(1)), LotID: 1, Lot: "A"}, "lot_or_id", "lines[0].lotId"},
		"what orders have reserved": {lot(milk, -3, "B", ""), "would_short", "lines[0].delta"},
		"a day that never was":      {lot(milk, 1, "", "2026-02-30"), "bad_date", "lines[0].expiresOn"},
		"a year with a slip":        {lot(milk, 1, "", "0206-12-01"), "bad_date", "lines[0].expiresOn"},
		"a name with a line break":  {lot(milk, 1, "a\nb", ""), "bad_text", "lines[0].lot"},
		"a name that is too long":   {lot(milk, 1, strings.Repeat("l", 65), ""), "too_long", "lines[0].lot"},
		"a variant without lots":    {lot(mug, 1, "A", ""), "lots_not_tracked", "lines[0].lot"},
		"its day":                   {lot(mug, 1, "", "2026-12-01"), "lots_not_tracked", "lines[0].expiresOn"},
		"another variant's lot":     {stock.AdjustLine{VariantID: mug, Delta: ptr(int64(1)), LotID: 1}, "lots_not_tracked", "lines[0].lotId"},
	} {
		t.Run(name, func(t *testing.T) {
			s.refused(t, c.code, c.field, func() error { _, err := s.try(stock.Correction, c.line); return err })
		})
	}
	s.lies(t, milk, "A 2026-12-01: 3, B 2026-12-20: 5, C never: 4, never: 2")
	s.Doctor(t)
}

func TestASaleTakesWhatExpiresFirstAndACancelledParcelReturnsThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.threeLots()
	order := s.sell(milk, 6)
	s.lies(t, milk, "A 2026-12-01: 3, B 2026-12-20: 5, C never: 4, never: 2")
	o := s.ship(order)
	s.lies(t, milk, "B 2026-12-20: 2, C never: 4, never: 2")
	s.Level(t, milk, dbtest.Level{OnHand: 8})
	m := s.movements(stock.MovementFilter{VariantID: milk})[0]
	if len(m.Lots) != 2 || m.Lots[0].Delta != -3 || m.Lots[1].Delta != -3 || m.Delta != -6 {
		t.Errorf("the sale's lots are %+v", m.Lots)
	}
	s.cancelParcel(o)
	s.lies(t, milk, "A 2026-12-01: 3, B 2026-12-20: 5, C never: 4, never: 2")
	s.Level(t, milk, dbtest.Level{OnHand: 14, Committed: 6})
	s.ship(order)
	s.lies(t, milk, "B 2026-12-20: 2, C never: 4, never: 2")
	s.Doctor(t)
}

func TestEachParcelOfALineReturnsToItsOwnLots(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 2, "A", "2026-12-01"), lot(milk, 2, "B", "2026-12-02"))
	order := s.sell(milk, 4)
	var parcels []int64
	for range 2 {
		o, err := s.Ship(order, 2)
		if err != nil {
			t.Fatal(err)
		}
		parcels = append(parcels, o.Fulfilments[len(o.Fulfilments)-1].ID)
	}
	s.cancelParcel(parcels[1])
	s.lies(t, milk, "B 2026-12-02: 2")
	s.cancelParcel(parcels[0])
	s.lies(t, milk, "A 2026-12-01: 2, B 2026-12-02: 2")
	s.Doctor(t)
}

func TestALotExpiresOnItsDayOnceAndForGood(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.threeLots()
	s.today("2026-11-30")
	if n := s.expire(); n != 0 {
		t.Errorf("%d levels expired the day before", n)
	}
	s.Level(t, milk, dbtest.Level{OnHand: 14})
	s.today("2026-12-01")
	if n := s.expire(); n != 1 {
		t.Errorf("%d levels expired", n)
	}
	s.Level(t, milk, dbtest.Level{OnHand: 14, Unavailable: 3})
	before := s.books()
	if n := s.expire(); n != 0 || s.books() != before {
		t.Errorf("again: %d levels, books %v became %v", n, before, s.books())
	}
	s.today("2026-11-25") // a clock that was wrong, or a zone further west
	s.expire()
	s.lies(t, milk, "A 2026-12-01: 3 of 3 set aside, B 2026-12-20: 5, C never: 4, never: 2")
	s.Level(t, milk, dbtest.Level{OnHand: 14, Unavailable: 3})
	s.Doctor(t)
}

func TestWhatHasExpiredIsNotSoldEvenBeforeTheJobLooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 3, "A", "2026-12-01"), lot(milk, 2, "B", "2026-12-20"))
	s.today("2026-12-01")
	e := s.refused(t, "out_of_stock", "lines[0].quantity", func() error { _, err := s.Sell(milk, 3); return err })
	if e.Params["left"] != int64(2) {
		t.Errorf("left are %v", e.Params["left"])
	}
	s.ship(s.sell(milk, 2))
	s.lies(t, milk, "A 2026-12-01: 3 of 3 set aside")
	s.Level(t, milk, dbtest.Level{OnHand: 3, Unavailable: 3})
	s.adjust(stock.Waste, by(milk, -1))
	s.adjust(stock.Waste, lot(milk, -2, "A", "2026-12-01"))
	s.Level(t, milk, dbtest.Level{})
	s.Doctor(t)
}

func TestTheNewestOrdersWaitWhenWhatTheyReservedExpires(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 3, "A", "2026-12-01"), lot(milk, 2, "B", "2026-12-20"))
	oldest, newest := s.sell(milk, 2), s.sell(milk, 2)
	s.today("2026-12-01")
	s.expire()
	s.Level(t, milk, dbtest.Level{OnHand: 5, Committed: 2, Unavailable: 3, Backordered: 2})
	if _, err := s.Ship(newest); db.CodeOf(err) != "not_covered" {
		t.Errorf("the newest order: %v", err)
	}
	s.ship(oldest)
	s.lies(t, milk, "A 2026-12-01: 3 of 3 set aside")
	s.adjust(stock.Received, lot(milk, 2, "D", "2026-12-31"))
	s.ship(newest)
	s.Level(t, milk, dbtest.Level{OnHand: 3, Unavailable: 3})
	s.Doctor(t)
}

func TestWhatReturnsToALotThatExpiredMeanwhileIsNotSold(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 2, "A", "2026-12-01"), lot(milk, 2, "B", "2026-12-20"))
	order := s.sell(milk, 3)
	o := s.ship(order)
	s.today("2026-12-02")
	s.cancelParcel(o)
	s.lies(t, milk, "A 2026-12-01: 2 of 2 set aside, B 2026-12-20: 2")
	s.Level(t, milk, dbtest.Level{OnHand: 4, Committed: 2, Unavailable: 2, Backordered: 1})
	s.Doctor(t)
}

func TestWhatIsReceivedTooLateIsSetAsideAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 3, "", "2026-11-20"), lot(milk, 2, "", "2026-11-21"))
	s.Level(t, milk, dbtest.Level{OnHand: 5, Unavailable: 3})
	s.adjust(stock.FoundStock, lot(milk, 1, "", "2026-11-20"))
	s.Level(t, milk, dbtest.Level{OnHand: 6, Unavailable: 4})
	s.adjust(stock.Waste, by(milk, -4))
	s.adjust(stock.FoundStock, lot(milk, 1, "", "2026-11-20"))
	s.Level(t, milk, dbtest.Level{OnHand: 3, Unavailable: 1})
	s.Doctor(t)
}

func TestALotThatIsUsedUpDoesNotTakeItsDayAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 2, "A", "2026-12-01"))
	o := s.ship(s.sell(milk, 2))
	s.today("2026-12-03")
	s.cancelParcel(o)
	s.lies(t, milk, "A 2026-12-01: 2 of 2 set aside")
	s.Level(t, milk, dbtest.Level{OnHand: 2, Unavailable: 2, Backordered: 2})
	s.Doctor(t)
}

// trackLots switches the tracking of lots of a one-variant product.
func (s *shop) trackLots(variant int64, on bool) error {
	l := s.level(variant)
	_, err := catalog.Update(s.Ctx, s.DB, l.ProductID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: variant, TracksLots: &on}}})
	return err
}

func TestLotsBeginWithWhatIsThereAndEndWhenNoneIsLeft(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.Stocked("MILK", 5)
	s.sell(milk, 2)
	for range 2 {
		if err := s.trackLots(milk, true); err != nil {
			t.Fatal(err)
		}
	}
	s.lies(t, milk, "never: 5")
	s.adjust(stock.Received, lot(milk, 3, "A", "2026-12-01"))
	s.Doctor(t)
	s.refused(t, "lots_are_there", "variants[0].tracksLots", func() error { return s.trackLots(milk, false) })
	s.adjust(stock.Waste, lot(milk, -3, "A", ""))
	if err := s.trackLots(milk, false); err != nil {
		t.Fatal(err)
	}
	s.lies(t, milk, "")
	s.Doctor(t)
	s.adjust(stock.Received, by(milk, 2))
	if err := s.trackLots(milk, true); err != nil {
		t.Fatal(err)
	}
	s.lies(t, milk, "never: 7")
	s.Level(t, milk, dbtest.Level{OnHand: 7, Committed: 2})
	s.Doctor(t)
}

func TestWhatLeftBeforeLotsBeganReturnsWithoutALot(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.Stocked("MILK", 5)
	o := s.ship(s.sell(milk, 2))
	if err := s.trackLots(milk, true); err != nil {
		t.Fatal(err)
	}
	s.cancelParcel(o)
	s.lies(t, milk, "never: 5")
	s.Doctor(t)
}

func TestOnlyWhatIsTrackedHasLots(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: "Bag", Variants: []catalog.NewVariant{{Price: 1, Tracked: ptr(false), TracksLots: ptr(true)}}})
	if db.CodeOf(err) != "lots_need_stock" || fieldOf(err) != "variants[0].tracksLots" {
		t.Errorf("a new one: %v", err)
	}
	milk := s.threeLots()
	_, err = catalog.Update(s.Ctx, s.DB, s.level(milk).ProductID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: milk, Tracked: ptr(false)}}})
	if db.CodeOf(err) != "lots_need_stock" {
		t.Errorf("one that is tracked no longer: %v", err)
	}
}

func TestADocumentIsTakenBackFromItsOwnLots(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.threeLots()
	doc := &stock.Document{Type: "import", ID: 7, Number: "7"}
	move := func(delta int64) {
		t.Helper()
		err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
			_, err := stock.AdjustIn(tx, stock.Adjustment{LocationID: s.Location, Reason: stock.Correction, Lines: []stock.AdjustLine{by(milk, delta)}}, doc)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	back := func(delta int64) (missing int64) {
		t.Helper()
		err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) (err error) {
			missing, err = stock.TakeBackIn(tx, milk, s.Location, delta, doc)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return missing
	}
	move(6)
	s.lies(t, milk, "A 2026-12-01: 3, B 2026-12-20: 5, C never: 4, never: 8")
	back(6)
	s.lies(t, milk, "A 2026-12-01: 3, B 2026-12-20: 5, C never: 4, never: 2")
	move(-4)
	s.lies(t, milk, "B 2026-12-20: 4, C never: 4, never: 2")
	back(-4)
	s.lies(t, milk, "A 2026-12-01: 3, B 2026-12-20: 5, C never: 4, never: 2")
	move(6)
	s.today("2026-12-05") // 3 have expired
	s.sell(milk, 14)
	if missing := back(6); missing != 3 {
		t.Errorf("%d are missing", missing)
	}
	s.Level(t, milk, dbtest.Level{OnHand: 17, Committed: 14, Unavailable: 3})
	s.Doctor(t)
}

func TestManyAtOnceSellNothingExpiredAndWriteOffALotOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 40, "A", "2026-12-01"), lot(milk, 10, "B", "2026-12-20"))
	s.today("2026-12-01")
	var calls []func() error
	for range 30 {
		calls = append(calls,
			func() error { _, err := s.Sell(milk, 1); return err },
			func() error { _, err := s.try(stock.Waste, lot(milk, -2, "A", "")); return err },
			func() error { _, err := stock.Expire(s.Ctx, s.DB); return err })
	}
	next := make(chan func() error, len(calls))
	for _, c := range calls {
		next <- c
	}
	codes := map[string]int{}
	for _, err := range dbtest.Together(len(calls), func() error { return (<-next)() }) {
		codes[db.CodeOf(err)]++
	}
	if want := map[string]int{"": 10 + 20 + 30, "out_of_stock": 20, "lot_below_zero": 10}; !cmp.Equal(codes, want) {
		t.Errorf("outcomes %v, want %v", codes, want)
	}
	s.Level(t, milk, dbtest.Level{OnHand: 10, Committed: 10})
	s.lies(t, milk, "B 2026-12-20: 10")
	s.Doctor(t)
}

func TestADayBeginsInTheShopsZone(t *testing.T) {
	t.Parallel()
	s := open(t) // in Berlin
	milk := s.perishable("MILK")
	s.adjust(stock.Received, lot(milk, 3, "A", "2027-03-28")) // a night of 23 hours
	s.Clock.Set(time.Date(2027, 3, 27, 22, 59, 0, 0, time.UTC))
	if n := s.expire(); n != 0 {
		t.Error("it expired before midnight in Berlin")
	}
	s.Clock.Set(time.Date(2027, 3, 27, 23, 0, 0, 0, time.UTC))
	if n := s.expire(); n != 1 {
		t.Error("it did not expire at midnight in Berlin")
	}
}

func TestExplainShowsTheLots(t *testing.T) {
	t.Parallel()
	s := open(t)
	milk := s.threeLots()
	s.today("2026-12-02")
	s.expire()
	e := s.explain(milk)
	sum := int64(0)
	for _, l := range e.Lots {
		sum += l.Quantity
	}
	if sum != e.OnHand || e.Unavailable != 3 || e.Lots[0].State != stock.LotExpired || e.Lots[0].Unavailable != 3 || !slices.IsSortedFunc(e.Lots, func(a, b stock.Lot) int { return strings.Compare(string(a.Expires), string(b.Expires)) }) {
		t.Errorf("explained by %+v", e.Lots)
	}
}
