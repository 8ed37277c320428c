package doctor_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// houses are the model and the shop that it is a model of.
type houses struct {
	*house
	s        *dbtest.Shop
	goods    [variants]int64
	stores   []int64
	supplier int64
	done     *atomic.Int64 // steps
}

// both does something to the model and to the shop, and says whether it was done; what either refuses, the other one has to refuse for
// the same reason.
func (w *houses) both(rt *rapid.T, inHouse func(h *house) string, inShop func() error) bool {
	w.done.Add(1)
	next := w.clone()
	code := inHouse(next)
	err := inShop()
	if db.CodeOf(err) != code || err != nil && code == "" {
		rt.Fatalf("the shop answered %v, the model %q", err, code)
	}
	if code != "" {
		return false
	}
	w.house = next
	return true
}

// ctx carries a key that nobody else uses.
func (w *houses) ctx() context.Context {
	return db.WithKey(context.WithoutCancel(w.s.Ctx), "houses", fmt.Sprint(w.done.Load(), "/", w.goods[0]))
}

// steps is how many the model goes through the shop with, all rounds together; ONHAND_STEPS asks for others.
var steps int64 = 4_000

func TestTheStoresDoWhatTheModelDoes(t *testing.T) {
	t.Parallel()
	if n := os.Getenv("ONHAND_STEPS"); n != "" {
		var err error
		if steps, err = strconv.ParseInt(n, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	var done, rounds atomic.Int64
	var wg sync.WaitGroup
	for range 2 { // side by side they share the waiting for the disk
		wg.Go(func() {
			for done.Load() < steps && !t.Failed() {
				t.Run(fmt.Sprint("shop ", rounds.Add(1)), func(t *testing.T) { goThrough(t, &done) })
			}
		})
	}
	wg.Wait()
	t.Logf("%d steps in %d shops", done.Load(), rounds.Load())
}

// goThrough goes through a new shop with many models, one after the other, and counts the steps.
func goThrough(t *testing.T, done *atomic.Int64) {
	s := dbtest.Open(t)
	stores := []int64{s.Location}
	for _, name := range []string{"Harbour", "Market"} {
		l, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		stores = append(stores, l.ID)
	}
	acme, err := catalog.CreateSupplier(s.Ctx, s.DB, catalog.NewSupplier{Name: "Acme"})
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		w := &houses{house: &house{bays: map[spot]*bay{}, today: day(rt, s)}, s: s, stores: stores, supplier: acme.ID, done: done}
		for i := range w.goods {
			v := catalog.NewVariant{SKU: fmt.Sprintf("V%d-%d", runs, i), Price: 500, Cost: ptr(money.Amount(ownCost)), TracksLots: ptr(tracksLots(i))}
			if mayWait(i) {
				v.Policy = catalog.Backorder
			}
			p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: v.SKU, Variants: []catalog.NewVariant{v}})
			if err != nil {
				rt.Fatal(err)
			}
			w.goods[i] = p.Variants[0].ID
		}
		for i := range w.goods {
			first := adjustment{spot: spot{i, 0}, delta: 6, lot: -1, from: -1}
			if w.adjustTo(rt, first); tracksLots(i) {
				first.name, first.expires = "A", string(db.Date(w.today).AddDays(3))
			}
			w.adjustTo(rt, first)
			w.adjustTo(rt, adjustment{spot: spot{i, 1}, delta: 5, lot: -1, from: -1})
		}
		rt.Repeat(w.acts())
	})
	s.Doctor(t)
}

// day is the shop's date.
func day(rt *rapid.T, s *dbtest.Shop) string {
	now, err := settings.Current(s.Ctx, s.DB)
	if err != nil {
		rt.Fatal(err)
	}
	return string(now.Today(db.TimeOf(s.Clock.Now())))
}

func (w *houses) acts() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":           w.check,
		"place":      w.placeOne,
		"place 2":    w.placeOne,
		"place 3":    w.placeOne,
		"ship":       w.shipOne,
		"ship 2":     w.shipOne,
		"ship 3":     w.shipOne,
		"drop":       w.dropOne,
		"cancel":     w.cancelOne,
		"return":     w.returnOne,
		"return 2":   w.returnOne,
		"transfer":   w.draftTransfer,
		"transfer 2": w.moveTransfer,
		"transfer 3": w.moveTransfer,
		"transfer 4": w.moveTransfer,
		"purchase":   w.draftPurchase,
		"purchase 2": w.movePurchase,
		"purchase 3": w.movePurchase,
		"purchase 4": w.movePurchase,
		"count":      w.startCount,
		"count 2":    w.countOne,
		"count 3":    w.countOne,
		"count 4":    w.countOne,
		"post":       w.endCount,
		"adjust":     w.adjustOne,
		"adjust 2":   w.adjustOne,
		"undo":       w.undoOne,
		"set aside":  w.setOneAside,
		"release":    w.setOneAside,
		"day":        w.nextDay,
	}
}

// nextDay lets a night pass, in which what has reached its day expires.
func (w *houses) nextDay(rt *rapid.T) {
	seldom(rt)
	w.s.Clock.Forward(24 * time.Hour)
	w.both(rt, func(h *house) string {
		h.dawn(day(rt, w.s))
		return ""
	}, func() error {
		_, err := stock.Expire(w.s.Ctx, w.s.DB)
		return err
	})
}

// shelf is what people see of a level, and how it comes about.
type shelf struct{ OnHand, Committed, Unavailable, Backordered, Incoming, Moves, Moved, Coming int64 }

// kept is what is in one lot, and why it is not for sale.
type kept struct{ Quantity, Unavailable, Broken, Held int64 }

// books are all that is compared after each step.
type books struct {
	Shelves  map[spot]shelf
	Lots     map[string]kept // by variant, store, name and day
	Worth    map[int]worth
	Moved    map[int]worth // the sum of all movements, and of what is between two stores
	Claims   map[int64]claim
	Papers   map[string]string // the state of each document
	Recounts map[string][2]int64
}

// books are what the model says they are.
func (h *house) books() books {
	b := books{map[spot]shelf{}, map[string]kept{}, map[int]worth{}, map[int]worth{}, map[int64]claim{}, map[string]string{}, map[string][2]int64{}}
	for k, bay := range h.bays {
		covered, short := bay.committed()
		seen := shelf{bay.onHand(), covered, h.unavailable(k), short, bay.incoming, bay.moves, bay.onHand(), bay.incoming}
		if seen != (shelf{}) {
			b.Shelves[k] = seen
		}
		for _, l := range bay.lots {
			if l.quantity > 0 && tracksLots(k.variant) {
				b.Lots[lotKey(k, l)] = kept{l.quantity, h.idle(l), l.aside[broken], l.aside[held]}
			}
			if !tracksLots(k.variant) && l.aside != [asides]int64{} {
				b.Lots[lotKey(k, l)] = kept{Broken: l.aside[broken], Held: l.aside[held]}
			}
		}
	}
	for v, w := range h.worths {
		b.Worth[v], b.Moved[v] = w, w
	}
	for i, o := range h.orders {
		c := *h.claim(i)
		c.order = 0
		b.Claims[o.id] = c
	}
	for _, t := range h.transfers {
		b.Papers[fmt.Sprint("transfer ", t.id)] = t.said()
	}
	for _, p := range h.purchases {
		b.Papers[fmt.Sprint("purchase ", p.id)] = p.said()
	}
	for _, c := range h.counts {
		for _, l := range c.lines {
			if !c.over {
				lot := "all"
				if l.lot >= 0 {
					lot = lotKey(spot{l.variant, c.store}, h.bay(spot{l.variant, c.store}).lots[l.lot])
				}
				b.Recounts[fmt.Sprint(c.id, "/", l.variant, "/", lot)] = [2]int64{l.counted, l.variance()}
			}
		}
	}
	return b
}

func lotKey(k spot, l houseLot) string {
	return fmt.Sprintf("%d/%d/%s/%s", k.variant, k.store, l.name, l.expires)
}

// check compares the books.
func (w *houses) check(rt *rapid.T) {
	if diff := cmp.Diff(w.books(), w.read(rt), cmp.AllowUnexported(spot{}, claim{}, worth{})); diff != "" {
		rt.Fatalf("the books differ (-model +shop):\n%s", diff)
	}
}
