package stock_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/stock"
)

// startCount starts a count at the shop's location.
func (s *shop) startCount(in stock.NewCount) *stock.Count {
	s.t.Helper()
	in.LocationID = s.Location
	c, err := stock.StartCount(s.Ctx, s.DB, in)
	if err != nil {
		s.t.Fatalf("start a count: %v", err)
	}
	return c
}

func found(variant, counted int64) stock.CountedLine {
	return stock.CountedLine{VariantID: variant, Counted: &counted}
}

func more(variant, add int64) stock.CountedLine {
	return stock.CountedLine{VariantID: variant, Add: &add}
}

// keys makes each scan of a test a command of its own.
var keys atomic.Int64

func (s *shop) tryCount(id int64, lines ...stock.CountedLine) (*stock.Count, error) {
	ctx := db.WithKey(s.Ctx, fmt.Sprintf("POST /stock/counts/%d/lines", id), fmt.Sprint("key ", keys.Add(1)))
	return stock.CountGoods(ctx, s.DB, id, stock.CountedGoods{Lines: lines})
}

func (s *shop) count(id int64, lines ...stock.CountedLine) *stock.Count {
	s.t.Helper()
	c, err := s.tryCount(id, lines...)
	if err != nil {
		s.t.Fatalf("count: %v", err)
	}
	return c
}

func (s *shop) review(id int64) *stock.Count {
	s.t.Helper()
	c, err := stock.ReviewCount(s.Ctx, s.DB, id, stock.CountMove{})
	if err != nil {
		s.t.Fatalf("review: %v", err)
	}
	return c
}

func (s *shop) postCount(id int64) *stock.Count {
	s.t.Helper()
	c, err := stock.PostCount(s.Ctx, s.DB, id, stock.CountPost{})
	if err != nil {
		s.t.Fatalf("post: %v", err)
	}
	return c
}

// countLines are all lines of a state, page by page.
func (s *shop) countLines(ctx context.Context, id int64, state stock.CountLineState) (all []stock.CountLine) {
	s.t.Helper()
	f := stock.CountLineFilter{List: db.List{Limit: 2}, State: state}
	for {
		page, err := stock.CountLines(ctx, s.DB, id, f)
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, page.Items...)
		if f.After = page.Next; page.Next == "" {
			return all
		}
	}
}

// told are lines in a few words: "MUG 4 of 5".
func told(lines []stock.CountLine) string {
	var words []string
	for _, l := range lines {
		w := l.SKU
		if l.Lot != "" {
			w += "/" + l.Lot
		}
		if l.Counted != nil {
			w += fmt.Sprint(" ", *l.Counted)
		}
		if l.Expected != nil {
			w += fmt.Sprint(" of ", *l.Expected)
		}
		if l.Moved {
			w += " moved"
		}
		if l.Corrected {
			w += " corrected"
		}
		words = append(words, w)
	}
	return strings.Join(words, ", ")
}

// hand places an order and hands it over.
func (s *shop) hand(variant, quantity int64) {
	s.t.Helper()
	if _, err := s.Ship(s.sell(variant, quantity)); err != nil {
		s.t.Fatalf("hand over: %v", err)
	}
}

func TestACountComparesWithTheBooksOfTheMoment(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup, bag := s.Stocked("MUG", 10), s.Stocked("CUP", 5), s.Stocked("BAG", 3)
	c := s.startCount(stock.NewCount{Note: "before Christmas"})
	if c.Number != "C-1001" || c.Status != stock.CountOpen || c.Kind != stock.CountFull || c.Goods != 3 || c.LineCount != 0 || *c.Matching != 0 {
		t.Fatalf("started as %+v", c)
	}
	if got := told(s.countLines(s.Ctx, c.ID, stock.UncountedLines)); got != "BAG of 3, CUP of 5, MUG of 10" {
		t.Errorf("to count: %s", got)
	}
	s.hand(mug, 2)
	s.count(c.ID, found(mug, 7)) // of 8: one is missing
	s.hand(mug, 3)
	got := s.count(c.ID, found(cup, 6))
	if told(got.Lines) != "CUP 6 of 5" || got.LineCount != 2 || got.Units != 13 || *got.Matching != 0 || *got.Over != 1 || *got.Short != 1 || *got.CostOver != 600 || *got.CostShort != 600 {
		t.Errorf("counted: %+v", got)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 5}) // nothing is posted yet
	r := s.review(c.ID)
	if r.Status != stock.CountReview || told(r.Lines) != "CUP 6 of 5, MUG 7 of 8" {
		t.Errorf("in review: %s: %s", r.Status, told(r.Lines))
	}
	if got := told(s.countLines(s.Ctx, c.ID, stock.UncountedLines)); got != "BAG of 3" {
		t.Errorf("left: %s", got)
	}
	s.Doctor(t)
	done := s.postCount(c.ID)
	if done.Status != stock.CountPosted || done.PostedAt == nil || *done.Lines[0].Applied != 1 || *done.Lines[1].Applied != -1 || len(done.ShortOrders) != 0 {
		t.Errorf("posted as %+v", done)
	}
	s.Level(t, mug, dbtest.Level{OnHand: 4})
	s.Level(t, cup, dbtest.Level{OnHand: 6})
	s.Level(t, bag, dbtest.Level{OnHand: 3})
	m := s.movements(stock.MovementFilter{VariantID: mug})[0]
	want := stock.Document{Type: "count", ID: c.ID, Number: "C-1001"}
	if m.Delta != -1 || m.Reason != stock.Counted || m.Document == nil || *m.Document != want {
		t.Errorf("moved by %+v", m)
	}
	var steps []string
	for _, one := range done.Timeline {
		steps = append(steps, one.Actor+" "+one.Kind)
	}
	if want := []string{"Ada started", "Ada reviewed", "Ada posting", "Ada posted"}; !cmp.Equal(steps, want) {
		t.Errorf("the timeline says %q", steps)
	}
	s.Doctor(t)
}

func TestABlindCountTellsNobodyWhatTheBooksSay(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug, cup := s.Stocked("MUG", 10), s.Stocked("CUP", 0)
	if err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO levels (variant_id, location_id) VALUES (?1, ?2)", cup, s.Location)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	c := s.startCount(stock.NewCount{Blind: true})
	got := s.count(c.ID, found(mug, 9))
	if got.Matching != nil || got.Over != nil || got.Short != nil || got.CostShort != nil || got.Lines[0].Expected != nil || got.Lines[0].Variance != nil || got.Lines[0].CostDifference != nil {
		t.Errorf("it tells %+v, %+v", got.CountItem, got.Lines[0])
	}
	if left := told(s.countLines(s.Ctx, c.ID, stock.UncountedLines)); left != "CUP" {
		t.Errorf("to count: %s", left) // though the books have none: otherwise the list would tell
	}
	if n := len(s.countLines(s.Ctx, c.ID, stock.DifferingLines)); n != 0 {
		t.Errorf("%d lines differ", n)
	}
	page, err := stock.Counts(s.Ctx, s.DB, stock.CountFilter{})
	if err != nil || page.Items[0].Short != nil || page.Items[0].CostShort != nil || page.Items[0].Units != 9 {
		t.Errorf("listed as %+v, %v", page.Items, err)
	}
	got = s.review(c.ID)
	if *got.Short != 1 || told(got.Lines) != "MUG 9 of 10" || *got.Lines[0].CostDifference != -600 {
		t.Errorf("in review: %+v", got)
	}
	if again := s.count(c.ID, more(mug, 1)); again.Short != nil || again.Lines[0].Expected != nil {
		t.Errorf("opened again it tells %+v", again)
	}
	s.Doctor(t)
}

func TestLinesAreListedByWhatTheDifferenceIsWorth(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.startCount(stock.NewCount{})
	for i, of := range []struct{ cost, there, counted int64 }{{100, 10, 4}, {5000, 3, 2}, {0, 9, 18}, {700, 5, 5}, {100, 10, 4}} {
		v := s.variant(fmt.Sprint("V", i), catalog.NewVariant{SKU: fmt.Sprint("V", i)})
		s.adjust(stock.Received, at(v, of.there, money.Amount(of.cost)))
		s.count(c.ID, found(v, of.counted))
	}
	if got := told(s.countLines(s.Ctx, c.ID, stock.DifferingLines)); got != "V1 2 of 3, V4 4 of 10, V0 4 of 10, V2 18 of 9" {
		t.Errorf("by value: %s", got)
	}
	lines := s.countLines(employee(), c.ID, stock.DifferingLines)
	if got := told(lines); got != "V2 18 of 9, V4 4 of 10, V0 4 of 10, V1 2 of 3" {
		t.Errorf("by units: %s", got)
	}
	if lines[0].CostDifference != nil {
		t.Error("an employee sees what things cost")
	}
	if got, err := stock.CountByID(employee(), s.DB, c.ID); err != nil || got.CostShort != nil || *got.Short != 13 {
		t.Errorf("an employee sees %+v, %v", got, err)
	}
	if got := told(s.countLines(s.Ctx, c.ID, stock.AllLines)); got != "V4 4 of 10, V3 5 of 5, V2 18 of 9, V1 2 of 3, V0 4 of 10" {
		t.Errorf("the newest first: %s", got)
	}
	s.Doctor(t)
}

func TestACountMovesOnceAndNeverBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	mug := s.Stocked("MUG", 10)
	review := func(id int64) error { return failure(stock.ReviewCount(s.Ctx, s.DB, id, stock.CountMove{})) }
	abandon := func(id int64) error { return failure(stock.AbandonCount(s.Ctx, s.DB, id, stock.CountMove{})) }
	post := func(id int64) error { return failure(stock.PostCount(s.Ctx, s.DB, id, stock.CountPost{})) }
	zero := func(id int64) error { return failure(stock.ZeroUncounted(s.Ctx, s.DB, id)) }
	lines := func(id int64) error { return failure(s.tryCount(id, found(mug, 9))) }
	same := func(name string, again func(int64) error, id int64) {
		t.Helper()
		before := s.books()
		if err := again(id); err != nil {
			t.Errorf("%s again: %v", name, err)
		}
		if after := s.books(); before != after {
			t.Errorf("%s again: %v became %v", name, before, after)
		}
	}
	illegal := func(from, to stock.CountStatus, move func(int64) error, id int64) {
		t.Helper()
		if e := s.refused(t, "illegal_move", "", func() error { return move(id) }); e.Params["from"] != from || e.Params["to"] != to {
			t.Errorf("it names %v", e.Params)
		}
	}
	off := s.startCount(stock.NewCount{}).ID
	s.refused(t, "nothing_counted", "", func() error { return post(off) })
	if err := abandon(off); err != nil {
		t.Fatal(err)
	}
	same("abandoned", abandon, off)
	illegal(stock.CountAbandoned, stock.CountReview, review, off)
	illegal(stock.CountAbandoned, stock.CountPosted, post, off)
	illegal(stock.CountAbandoned, stock.CountOpen, lines, off)
	illegal(stock.CountAbandoned, stock.CountOpen, zero, off)
	on := s.startCount(stock.NewCount{}).ID
	if err := errors.Join(lines(on), review(on)); err != nil {
		t.Fatal(err)
	}
	same("in review", review, on)
	s.refused(t, "stale", "", func() error {
		return failure(stock.PostCount(s.Ctx, s.DB, on, stock.CountPost{CountMove: stock.CountMove{Version: ptr(int64(1))}}))
	})
	s.refused(t, "stale", "", func() error {
		return failure(stock.AbandonCount(s.Ctx, s.DB, on, stock.CountMove{Version: ptr(int64(1))}))
	})
	if err := post(on); err != nil {
		t.Fatal(err)
	}
	same("posted", post, on)
	illegal(stock.CountPosted, stock.CountReview, review, on)
	illegal(stock.CountPosted, stock.CountAbandoned, abandon, on)
	illegal(stock.CountPosted, stock.CountOpen, lines, on)
	s.Level(t, mug, dbtest.Level{OnHand: 9})
	s.Doctor(t)
}

func TestACountIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.openStore("Harbour")
	mug := s.Stocked("MUG", 10)
	tea := s.variant("Tea", catalog.NewVariant{SKU: "TEA", Tracked: ptr(false)})
	for _, c := range []struct {
		code, field string
		in          stock.NewCount
	}{
		{"not_found", "locationId", stock.NewCount{LocationID: 404}},
		{"not_found", "categoryId", stock.NewCount{LocationID: 1, CategoryID: 404}},
		{"not_found", "variantIds[1]", stock.NewCount{LocationID: 1, VariantIDs: []int64{mug, 404}}},
		{"not_tracked", "variantIds[0]", stock.NewCount{LocationID: 1, VariantIDs: []int64{tea}}},
		{"one_scope", "categoryId", stock.NewCount{LocationID: 1, VariantIDs: []int64{mug}, Daily: true}},
		{"nothing_to_count", "", stock.NewCount{LocationID: harbour, Daily: true}},
		{"bad_text", "note", stock.NewCount{LocationID: 1, Note: "a\x00"}},
	} {
		s.refused(t, c.code, c.field, func() error { return failure(stock.StartCount(s.Ctx, s.DB, c.in)) })
	}
	c := s.startCount(stock.NewCount{})
	s.count(c.ID, more(mug, 3))
	both := found(mug, 1)
	both.Add = ptr(int64(1))
	ofLot := found(mug, 1)
	ofLot.Lot = "A"
	for _, l := range []struct {
		code, field string
		line        stock.CountedLine
	}{
		{"counted_or_add", "lines[0].counted", stock.CountedLine{VariantID: mug}},
		{"counted_or_add", "lines[0].counted", both},
		{"counted_below_zero", "lines[0].add", more(mug, -4)},
		{"not_found", "lines[0].variantId", found(404, 1)},
		{"not_tracked", "lines[0].variantId", found(tea, 1)},
		{"lots_not_tracked", "lines[0].lot", ofLot},
	} {
		s.refused(t, l.code, l.field, func() error { return failure(s.tryCount(c.ID, l.line)) })
	}
	s.refused(t, "key_required", "", func() error {
		return failure(stock.CountGoods(s.Ctx, s.DB, c.ID, stock.CountedGoods{Lines: []stock.CountedLine{more(mug, 1)}}))
	})
	beside := s.startCount(stock.NewCount{})
	e := s.refused(t, "in_another_count", "lines[0].variantId", func() error { return failure(s.tryCount(beside.ID, found(mug, 3))) })
	if e.Params["number"] != "C-1001" {
		t.Errorf("it names %v", e.Params)
	}
	elsewhere := employee(harbour)
	s.refused(t, "not_found", "", func() error { return failure(stock.CountByID(elsewhere, s.DB, c.ID)) })
	s.refused(t, "not_found", "", func() error {
		return failure(stock.CountGoods(elsewhere, s.DB, c.ID, stock.CountedGoods{Lines: []stock.CountedLine{found(mug, 1)}}))
	})
	s.refused(t, "not_found", "", func() error { return failure(stock.PostCount(elsewhere, s.DB, c.ID, stock.CountPost{})) })
	s.refused(t, "not_found", "", func() error { return failure(stock.ZeroUncounted(elsewhere, s.DB, c.ID)) })
	s.refused(t, "not_found", "locationId", func() error { return failure(stock.StartCount(elsewhere, s.DB, stock.NewCount{LocationID: 1})) })
	if page, err := stock.Counts(elsewhere, s.DB, stock.CountFilter{}); err != nil || len(page.Items) != 0 {
		t.Errorf("another store's people see %+v, %v", page.Items, err)
	}
	s.Doctor(t)
}

func TestCountsAreListedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour := s.at(s.openStore("Harbour"))
	mug, cup := s.Stocked("MUG", 5), s.Stocked("CUP", 5)
	posted := s.startCount(stock.NewCount{})
	s.count(posted.ID, found(mug, 4), found(cup, 5))
	s.postCount(posted.ID)
	s.startCount(stock.NewCount{})
	s.review(s.startCount(stock.NewCount{VariantIDs: []int64{mug}}).ID)
	harbour.startCount(stock.NewCount{})
	if _, err := stock.AbandonCount(s.Ctx, s.DB, harbour.startCount(stock.NewCount{}).ID, stock.CountMove{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		f    stock.CountFilter
		want string
	}{
		{stock.CountFilter{}, "5 4 3 2 1"},
		{stock.CountFilter{Open: true}, "4 3 2"},
		{stock.CountFilter{Status: stock.CountReview}, "3"},
		{stock.CountFilter{Status: stock.CountPosted}, "1"},
		{stock.CountFilter{Status: stock.CountAbandoned}, "5"},
		{stock.CountFilter{LocationID: harbour.Location}, "5 4"},
		{stock.CountFilter{LocationID: s.Location, Open: true}, "3 2"},
		{stock.CountFilter{List: db.List{Q: "#c-1002"}}, "2"},
		{stock.CountFilter{List: db.List{Q: "nothing"}}, ""},
	} {
		var got []string
		c.f.Limit = 2
		for {
			page, err := stock.Counts(s.Ctx, s.DB, c.f)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range page.Items {
				got = append(got, fmt.Sprint(one.ID))
			}
			if c.f.After = page.Next; page.Next == "" {
				break
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v finds %v, want %s", c.f, got, c.want)
		}
	}
	page, err := stock.Counts(s.Ctx, s.DB, stock.CountFilter{Status: stock.CountPosted})
	if err != nil {
		t.Fatal(err)
	}
	if one := page.Items[0]; one.LineCount != 2 || *one.Matching != 1 || *one.Short != 1 || *one.CostShort != 600 || one.PostedAt == nil { // how exact it was
		t.Errorf("listed as %+v", one)
	}
}
