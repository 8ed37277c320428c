package doctor_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/dbtest"
	"onhand/db/purchasing"
	"onhand/db/sales"
	"onhand/db/stock"
)

// rush is a shop with two stores in which everybody does something at once.
type rush struct {
	*dbtest.Shop
	stores   []int64
	goods    []int64
	supplier int64
	done     [moves]atomic.Int64 // how many moves of a kind came to a good end
}

// The kinds of moves.
const (
	sold = iota
	transferred
	counted
	received
	adjusted
	moves
)

func newRush(t *testing.T) *rush {
	t.Helper()
	s := dbtest.Open(t)
	second, err := stock.OpenLocation(s.Ctx, s.DB, stock.NewLocation{Name: "Harbour"})
	if err != nil {
		t.Fatal(err)
	}
	acme, err := catalog.CreateSupplier(s.Ctx, s.DB, catalog.NewSupplier{Name: "Acme"})
	if err != nil {
		t.Fatal(err)
	}
	r := &rush{Shop: s, stores: []int64{s.Location, second.ID}, supplier: acme.ID}
	for i := range 20 {
		v := catalog.NewVariant{SKU: fmt.Sprint("V-", i), Price: 500, TracksLots: ptr(i%5 == 0)}
		if i%4 == 0 {
			v.Policy = catalog.Backorder
		}
		p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{Name: v.SKU, Variants: []catalog.NewVariant{v}})
		if err != nil {
			t.Fatal(err)
		}
		r.goods = append(r.goods, p.Variants[0].ID)
	}
	for _, store := range r.stores {
		lines := make([]stock.AdjustLine, len(r.goods))
		for i, v := range r.goods {
			lines[i] = stock.AdjustLine{VariantID: v, Delta: ptr(int64(15))}
		}
		if _, err := stock.Adjust(s.Ctx, s.DB, stock.Adjustment{LocationID: store, Reason: stock.Received, Lines: lines}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// ctx carries a key that nobody else uses.
func (r *rush) ctx(random *rand.Rand) context.Context {
	return db.WithKey(context.WithoutCancel(r.Ctx), "rush", fmt.Sprint(random.Uint64(), random.Uint64()))
}

// sell places an order, sends a part of it and brings a parcel back or cancels the order now and then.
func (r *rush) sell(random *rand.Rand, store, variant int64) error {
	o, err := sales.Place(r.ctx(random), r.DB, sales.NewOrder{Channel: sales.Counter, LocationID: store, Lines: []sales.NewLine{{VariantID: variant, Quantity: 1 + random.Int64N(4)}}})
	if err != nil {
		return err
	}
	switch random.IntN(4) {
	case 0:
		_, err = sales.Cancel(r.ctx(random), r.DB, o.ID, sales.Cancellation{})
		return err
	default:
		shipped, err := sales.Fulfil(r.ctx(random), r.DB, o.ID, sales.NewFulfilment{Ship: true})
		if err == nil && random.IntN(5) == 0 {
			_, err = sales.MoveParcel(r.ctx(random), r.DB, shipped.Fulfilments[0].ID, sales.ParcelDropped, sales.Command{})
		}
		return err
	}
}

// transfer sends something to the other store, where a part of it arrives, and the rest is given up or comes later.
func (r *rush) transfer(random *rand.Rand, store, variant int64) error {
	to := r.stores[0]
	if to == store {
		to = r.stores[1]
	}
	t, err := stock.CreateTransfer(r.ctx(random), r.DB, stock.NewTransfer{FromLocationID: store, ToLocationID: to, Lines: []stock.NewTransferLine{{VariantID: variant, Quantity: 1 + random.Int64N(5)}}})
	if err == nil {
		t, err = stock.ShipTransfer(r.ctx(random), r.DB, t.ID, stock.TransferShipment{})
	}
	if err != nil {
		return err
	}
	l := t.Lines[0]
	in := stock.ArrivingLine{LineID: l.ID, Quantity: random.Int64N(l.Quantity + 1)}
	if in.Quantity == 0 || random.IntN(2) == 0 && in.Quantity < l.Quantity {
		in.Missing, in.Reason = l.Quantity-in.Quantity, stock.Lost
	}
	_, err = stock.ReceiveTransfer(r.ctx(random), r.DB, t.ID, stock.TransferReceipt{Lines: []stock.ArrivingLine{in}})
	return err
}

// count counts a variant at some figure near the books, and posts it.
func (r *rush) count(random *rand.Rand, store, variant int64) error {
	c, err := stock.StartCount(r.ctx(random), r.DB, stock.NewCount{LocationID: store, VariantIDs: []int64{variant}})
	if err != nil {
		return err
	}
	_, err = stock.CountGoods(r.ctx(random), r.DB, c.ID, stock.CountedGoods{Lines: []stock.CountedLine{{VariantID: variant, Counted: ptr(random.Int64N(20))}}})
	if err == nil {
		_, err = stock.PostCount(r.ctx(random), r.DB, c.ID, stock.CountPost{})
	}
	return err
}

// receive orders something, which comes in parts, too much of it or with a rest that is called off.
func (r *rush) receive(random *rand.Rand, store, variant int64) error {
	p, err := purchasing.Create(r.ctx(random), r.DB, purchasing.NewPurchase{SupplierID: r.supplier, LocationID: store, Lines: []purchasing.NewPurchaseLine{{VariantID: variant, Quantity: 2 + random.Int64N(8)}}})
	if err == nil {
		p, err = purchasing.Send(r.ctx(random), r.DB, p.ID, purchasing.PurchaseSending{Mail: ptr(false)})
	}
	for err == nil && p.Lines[0].OnWay > 0 {
		if random.IntN(6) == 0 {
			p, err = purchasing.Cancel(r.ctx(random), r.DB, p.ID, purchasing.PurchaseMove{})
			continue
		}
		arrival := purchasing.PurchaseArrival{LineID: p.Lines[0].ID, Quantity: 1 + random.Int64N(p.Lines[0].OnWay+1)}
		if p.Lines[0].TracksLots {
			arrival.Lot = fmt.Sprint("L", random.IntN(3))
		}
		p, err = purchasing.Receive(r.ctx(random), r.DB, p.ID, purchasing.PurchaseReceipt{AllowOver: true, Lines: []purchasing.PurchaseArrival{arrival}})
	}
	return err
}

func (r *rush) adjust(random *rand.Rand, store, variant int64) error {
	_, err := stock.Adjust(r.ctx(random), r.DB, stock.Adjustment{LocationID: store, Reason: stock.Damage, Lines: []stock.AdjustLine{{VariantID: variant, Delta: ptr(-1 - random.Int64N(2)), AllowShort: random.IntN(2) == 0}}})
	return err
}

// TestEverybodyAtOnceLeavesSoundBooks lets 200 people sell, transfer, count, receive and write off 20 variants at once: a move is refused
// with a reason or done, nothing is ever negative, and the doctor finds nothing.
func TestEverybodyAtOnceLeavesSoundBooks(t *testing.T) {
	t.Parallel()
	r := newRush(t)
	kinds := [moves]func(*rand.Rand, int64, int64) error{sold: r.sell, transferred: r.transfer, counted: r.count, received: r.receive, adjusted: r.adjust}
	var person atomic.Uint64
	outcomes := dbtest.Together(200, func() error {
		random := rand.New(rand.NewPCG(person.Add(1), 11))
		for range 3 {
			kind, store, variant := random.IntN(moves), r.stores[random.IntN(2)], r.goods[random.IntN(len(r.goods))]
			err := kinds[kind](random, store, variant)
			var refused *db.Error
			switch {
			case err == nil:
				r.done[kind].Add(1)
			case !errors.As(err, &refused):
				return fmt.Errorf("move of kind %d: %w", kind, err)
			}
		}
		return nil
	})
	for _, err := range outcomes {
		if err != nil {
			t.Error(err)
		}
	}
	for kind := range r.done {
		if r.done[kind].Load() < 20 {
			t.Errorf("only %d moves of kind %d came to a good end", r.done[kind].Load(), kind)
		}
	}
	r.Doctor(t)
}
