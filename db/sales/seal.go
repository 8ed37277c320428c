package sales

import (
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Sealed is the part of a line that had come back when the line was last priced anew: it keeps the price at which it came back,
// whatever becomes of the rest. Amounts are in minor units and part of the line's.
type Sealed struct {
	Quantity      int64        `json:"quantity"`
	Discount      money.Amount `json:"discount"`
	OrderDiscount money.Amount `json:"orderDiscount"`
	Tax           money.Amount `json:"tax"`
	Total         money.Amount `json:"total"`
}

// gross is what it cost before discounts; a line's was checked.
func (s Sealed) gross(l *OrderLine) money.Amount { return l.UnitPrice * money.Amount(s.Quantity) }

// unsealed is what the rest of a line costs after its own discount.
func (l *OrderLine) unsealed() money.Amount {
	return l.UnitPrice*money.Amount(l.Quantity-l.Sealed.Quantity) - (l.Discount - l.Sealed.Discount)
}

// seal sets apart what came back of each line since it was priced.
func (o *Order) seal() error {
	for i := range o.Lines {
		l := &o.Lines[i]
		if l.Returned == l.Sealed.Quantity {
			continue
		}
		sealed, err := o.sealed(l)
		if err != nil {
			return fmt.Errorf("seal what came back: %w", err)
		}
		if own := l.Discount - l.Sealed.Discount; own > 0 {
			gone, err := l.FromOrder.Part(int64(sealed.Discount-l.Sealed.Discount), int64(own))
			if err != nil {
				return fmt.Errorf("seal what came back: %w", err)
			}
			l.FromOrder -= gone
		}
		l.Sealed = sealed
	}
	return nil
}

// sealed is all that came back of a line. Its returns say what it was worth; what is missing from its price is its discounts, and
// its part of the order's is as large as its part of the line.
func (o *Order) sealed(l *OrderLine) (Sealed, error) {
	was, back := l.Sealed, o.back(l)
	all := Sealed{Quantity: l.Returned, Tax: back.Tax, Total: back.Total}
	net := back.Total
	if !o.PricesIncludeTax {
		net -= back.Tax
	}
	off := all.gross(l) - net - was.Discount - was.OrderDiscount
	own := l.Discount - was.Discount
	share, err := (l.OrderDiscount - was.OrderDiscount).Part(l.Returned-was.Quantity, l.Quantity-was.Quantity)
	own = min(own, max(0, off-share)) // the price was rounded: what is left of the discounts is no less than nothing
	all.Discount, all.OrderDiscount = was.Discount+own, was.OrderDiscount+off-own
	return all, err
}

// sealedDiscount is what of the order's discount belongs to goods that came back.
func (o *Order) sealedDiscount() (sum money.Amount) {
	for _, l := range o.Lines {
		sum += l.Sealed.OrderDiscount
	}
	return sum
}

// notLess refuses a discount that is asked for in all, and less than what of it belongs to goods that came back: that part was settled
// with them. None at all is none for the goods that are still there.
func notLess(asked *NewDiscount, sealed money.Amount) error {
	if asked == nil || asked.Amount == nil || *asked.Amount == 0 || *asked.Amount >= sealed {
		return nil
	}
	return db.Errorf(db.Conflict, "discount_returned", "A part of this discount belongs to goods that came back, and stays with them. Give at least that, or none for the rest.").With("min", sealed)
}
