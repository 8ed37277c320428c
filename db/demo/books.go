// Package demo is a shop to look around in: invented, with a year of books, written through the rooms as people would have. It
// moves into a shop that is still empty, and out again in one go.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"onhand/db"
	"onhand/db/barcode"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/tasks"
)

// seed makes every demo the same shop.
const seed = 20260101

// slice is how long one write may work on the year, so that nobody waits longer for it than for an order.
const slice = 20 * time.Millisecond

// workKind is what it is called among long work.
const workKind = "demo"

// manager is who orders, counts and throws away, among the crew.
const manager = 0

// books are the shop while it is written.
type books struct {
	d        *db.DB
	settings *settings.Settings
	language string
	until    db.Time // where the past ends
	begin    db.Time // and where it begins
	rand     *rand.Rand
	crew     []db.Actor
	stores   [stores]int64
	wares    []*ware
	products []int64
	partners []int64         // the suppliers
	drinks   int64           // the hall
	paces    [stores]float64 // of all wares that a store has, together
	left     int             // days until the end, while the year is thought out
	steps    []step
	returns  []comeback
	whole    *crate          // boxes between the stores: unpacked,
	broken   *crate          // and unpacked in part
	bought   map[int]*bought // orders at suppliers, by their place in purchases
	kept     []*sales.Order  // what arrived of late and did not come back
	given    map[string]bool // who used the code that everybody has once
	said     int             // the last percent that was told
}

// write makes the shop's people, goods and year.
func (b *books) write(ctx context.Context) error {
	for _, part := range []func(context.Context) error{b.hire, b.meetSuppliers, b.fillShelves, b.hangPictures, b.hangSigns} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	b.think()
	return b.live(ctx)
}

// past is a context in which the owner works at a moment.
func (b *books) past(ctx context.Context, at db.Time) context.Context {
	return db.WithActor(db.Past(ctx, at), b.owner())
}

// owner is who everything was allowed by.
func (b *books) owner() db.Actor {
	a := staff.Owner(staff.User{Role: staff.Admin})
	a.Kind, a.Name = author.Kind, author.Name
	return a
}

// hire lets everybody in who works there. Nobody knows a password of theirs.
func (b *books) hire(ctx context.Context) error {
	pin, err := staff.PINHash(ctx, PIN)
	if err != nil {
		return err
	}
	return db.Write(b.past(ctx, b.begin), b.d, func(tx *db.Tx) error {
		for _, c := range crew {
			in := staff.NewMember{Name: c.name, Email: c.address + domain, Role: c.role}
			if c.store > 0 {
				in.LocationIDs = []int64{b.stores[c.store-1]}
			}
			u, err := staff.Hire(tx, in, pin)
			if err != nil {
				return err
			}
			_, actor, err := staff.ActorOf(tx, u.ID)
			if err != nil {
				return err
			}
			b.crew = append(b.crew, actor)
		}
		return nil
	})
}

// goodsAtOnce is how many products one write makes.
const goodsAtOnce = 4

// fillShelves makes the products.
func (b *books) fillShelves(ctx context.Context) error {
	for from := 0; from < len(articles); from += goodsAtOnce {
		err := db.Write(b.past(ctx, b.begin), b.d, func(tx *db.Tx) error {
			for i := from; i < min(from+goodsAtOnce, len(articles)); i++ {
				if err := b.putOnShelf(tx, i); err != nil {
					return fmt.Errorf("make %s: %w", articles[i].name.en, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := b.tell(ctx, 8*from/len(articles)); err != nil {
			return err
		}
	}
	return nil
}

func (b *books) putOnShelf(tx *db.Tx, i int) error {
	a := &articles[i]
	rate, lots := money.Rate(a.aisle.tax), a.keeps > 0
	in := catalog.NewProduct{Name: a.name.in(b.language), Brand: a.brand, Category: a.aisle.path(b.language), TaxRate: &rate,
		Tags: a.tags(b.language), Notes: notes[a.name.en].in(b.language)}
	if len(a.sizes) > 1 || a.sizes[0].name.en != "" {
		in.Options = []string{option.in(b.language)}
	}
	first := len(b.wares)
	for n, s := range a.sizes {
		w := &ware{article: a, size: s, pace: float64(a.pace) / float64(1+n)}
		w.fate = fates[w.key()]
		b.wares = append(b.wares, w)
		for at := range stores {
			if w.kept(at) {
				b.paces[at] += w.pace
			}
		}
		w.reorder = int64(math.Ceil(w.pace / 2))
		if a.winter { // it is ordered as it sells
			w.reorder = 1
		}
		cost := b.amount(s.cost)
		v := catalog.NewVariant{SKU: fmt.Sprintf("%s-%03d-%d", strings.ToUpper(lower(a.brand)[:3]), i+1, n+1), Barcodes: []string{codeOf(i, n)},
			Price: b.amount(s.price), Cost: &cost, ReorderPoint: &w.reorder, TracksLots: &lots}
		if box, ok := boxes[w.key()]; ok {
			v.Packs = []catalog.Pack{{Code: boxCode(v.Barcodes[0]), Quantity: box}}
		}
		if w.fate.is == owed {
			v.Policy = catalog.Backorder
		}
		if len(in.Options) > 0 {
			v.Options = map[string]string{in.Options[0]: s.name.in(b.language)}
		}
		in.Variants = append(in.Variants, v)
	}
	p, err := catalog.CreateIn(tx, in)
	if err != nil {
		return err
	}
	for n, v := range p.Variants {
		w := b.wares[first+n]
		w.id = v.ID
		if err := b.buy(tx, w, i, n); err != nil {
			return err
		}
	}
	b.products = append(b.products, p.ID)
	return nil
}

// codeOf is a code from the range that shops number by themselves.
func codeOf(article, size int) string {
	code := fmt.Sprintf("20%08d%02d", 47110+article, size)
	digit, _ := barcode.CheckDigit(code + "0")
	return code + string(digit)
}

// boxCode is the code of a box of what has a code.
func boxCode(code string) string {
	box := "1" + code[:len(code)-1]
	digit, _ := barcode.CheckDigit(box + "0")
	return box + string(digit)
}

// lower is a name as it stands in addresses and codes.
func lower(name string) string {
	return strings.NewReplacer(" ", "", "&", "", "ü", "u", "ö", "o", "ä", "a").Replace(strings.ToLower(name))
}

// live writes the year down, as much at a time as a write may.
func (b *books) live(ctx context.Context) error {
	all := len(b.steps)
	for len(b.steps) > 0 {
		done := 0
		err := db.Write(b.past(ctx, b.begin), b.d, func(tx *db.Tx) error {
			for began := time.Now(); done < len(b.steps) && (done == 0 || time.Since(began) < slice); done++ {
				s := b.steps[done]
				tx.At(s.at, b.crew[s.by])
				if err := s.do(tx); err != nil {
					return fmt.Errorf("what happened on %s: %w", s.at, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		b.steps = b.steps[done:]
		if err := b.tell(ctx, 30+69*(all-len(b.steps))/all); err != nil {
			return err
		}
	}
	return nil
}

// tell notes how far it is. It fails with cancelled once somebody asked for its end, and when ctx has ended.
func (b *books) tell(ctx context.Context, percent int) error {
	if err := ctx.Err(); err != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	if percent <= b.said {
		return nil
	}
	b.said = percent
	return db.Write(ctx, b.d, func(tx *db.Tx) error { return tasks.AdvanceWork(tx, workKind, 1, percent) })
}
