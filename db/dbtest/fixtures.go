package dbtest

import (
	"context"
	"sync"
	"testing"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
)

// Stocked makes a product of one variant, 12.50 with 19% tax in it, bought for
// 6.00, and receives a quantity of it. It answers the variant's id.
func (s *Shop) Stocked(sku string, quantity int64) (variantID int64) {
	s.t.Helper()
	cost, rate := money.Amount(600), money.Rate(19_000)
	p, err := catalog.Create(s.Ctx, s.DB, catalog.NewProduct{
		Name: sku, TaxRate: &rate,
		Variants: []catalog.NewVariant{{SKU: sku, Price: 1250, Cost: &cost}},
	})
	if err != nil {
		s.t.Fatalf("make %s: %v", sku, err)
	}
	variantID = p.Variants[0].ID
	if quantity > 0 {
		s.Receive(variantID, quantity)
	}
	return variantID
}

// Receive adds a quantity to what is there.
func (s *Shop) Receive(variantID, quantity int64) {
	s.t.Helper()
	_, err := stock.Adjust(s.Ctx, s.DB, stock.Adjustment{
		LocationID: s.Location, Reason: stock.Received, Lines: []stock.AdjustLine{{VariantID: variantID, Delta: &quantity}},
	})
	if err != nil {
		s.t.Fatalf("receive %d: %v", quantity, err)
	}
}

// Sell places an order of one line at the counter, neither paid nor handed over.
func (s *Shop) Sell(variantID, quantity int64) (*sales.Order, error) {
	return s.SellAs(s.Ctx, variantID, quantity)
}

// SellAs is Sell with the actor and key of a context.
func (s *Shop) SellAs(ctx context.Context, variantID, quantity int64) (*sales.Order, error) {
	return sales.Place(ctx, s.DB, sales.NewOrder{
		Channel: sales.Counter, LocationID: s.Location, Lines: []sales.NewLine{{VariantID: variantID, Quantity: quantity}},
	})
}

// SellLines places an order of several lines, a variant and its quantity in turn; gone ones leave at once, drafts wait.
func (s *Shop) SellLines(draft, gone bool, goods ...int64) (*sales.Order, error) {
	in := sales.NewOrder{Channel: sales.Counter, LocationID: s.Location, Draft: draft, Fulfil: gone}
	for i := 0; i < len(goods); i += 2 {
		in.Lines = append(in.Lines, sales.NewLine{VariantID: goods[i], Quantity: goods[i+1]})
	}
	return sales.Place(s.Ctx, s.DB, in)
}

// PlaceDraft places a draft.
func (s *Shop) PlaceDraft(orderID int64) error {
	_, err := sales.PlaceDraft(s.Ctx, s.DB, orderID, sales.Command{})
	return err
}

// Reorder changes the quantity of an order of one line.
func (s *Shop) Reorder(orderID, quantity int64) error {
	o, err := sales.OrderByID(s.Ctx, s.DB, orderID)
	if err == nil {
		_, err = sales.Edit(s.Ctx, s.DB, orderID, sales.OrderChange{Lines: []sales.LineChange{{ID: o.Lines[0].ID, Quantity: quantity}}})
	}
	return err
}

// CancelOrder cancels an order.
func (s *Shop) CancelOrder(orderID int64) error {
	_, err := sales.Cancel(s.Ctx, s.DB, orderID, sales.Cancellation{})
	return err
}

// Ship sends a quantity of an order of one line, or all that is left of it.
func (s *Shop) Ship(orderID int64, quantity ...int64) (*sales.Order, error) {
	in := sales.NewFulfilment{Ship: true}
	if len(quantity) == 1 {
		o, err := sales.OrderByID(s.Ctx, s.DB, orderID)
		if err != nil {
			return nil, err
		}
		in.Lines = []sales.NewParcelLine{{OrderLineID: o.Lines[0].ID, Quantity: quantity[0]}}
	}
	return sales.Fulfil(s.Ctx, s.DB, orderID, in)
}

// CancelParcel takes back a parcel that was sent.
func (s *Shop) CancelParcel(parcelID int64) error {
	_, err := sales.MoveParcel(s.Ctx, s.DB, parcelID, sales.ParcelDropped, sales.Command{})
	return err
}

// Level is what should be there of a variant.
type Level struct{ OnHand, Committed, Unavailable, Backordered, Incoming int64 }

// Level fails the test when the location has something else of a variant.
func (s *Shop) Level(t testing.TB, variantID int64, want Level) {
	t.Helper()
	err := db.Read(s.Ctx, s.DB, func(tx *db.Tx) error {
		l, err := stock.LevelIn(tx, variantID, s.Location)
		if err != nil {
			return err
		}
		if got := (Level{l.OnHand, l.Committed, l.Unavailable, l.Backordered, l.Incoming}); got != want {
			t.Errorf("variant %d has %+v, want %+v", variantID, got, want)
		}
		if sum := l.OnHand - l.Committed - l.Unavailable; l.Available != sum {
			t.Errorf("variant %d says %d are available, but on hand - committed - unavailable is %d", variantID, l.Available, sum)
		}
		return nil
	})
	if err != nil {
		t.Errorf("the level of variant %d: %v", variantID, err)
	}
}

// Outcomes are what calls made at the same time came to.
type Outcomes []error

// Together calls fn n times at once and waits for all of them.
func Together(n int, fn func() error) Outcomes {
	out := make(Outcomes, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() {
			<-start
			out[i] = fn()
		})
	}
	close(start)
	wg.Wait()
	return out
}

// Succeeded is how many calls came to a good end.
func (o Outcomes) Succeeded() (n int) {
	for _, err := range o {
		if err == nil {
			n++
		}
	}
	return n
}

// AllOthers fails the test when a call failed with another code than this.
func (o Outcomes) AllOthers(t testing.TB, code string) {
	t.Helper()
	for i, err := range o {
		if err != nil && db.CodeOf(err) != code {
			t.Errorf("call %d failed with %v, want %s", i, err, code)
		}
	}
}
