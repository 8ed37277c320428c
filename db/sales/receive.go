package sales

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// ReturnReceipt is what of a return came, and what becomes of it.
type ReturnReceipt struct {
	ReturnMove
	LocationID int64          `json:"locationId,omitempty" minimum:"1" doc:"where it came; the order's location when left out"`
	Lines      []ReceivedLine `json:"lines" minItems:"1" maxItems:"500" doc:"of a line that is left out, nothing came"`

	exchanged bool // others go in their place
}

// ReceivedLine is how much of an order line came, by what becomes of it.
type ReceivedLine struct {
	OrderLineID int64 `json:"orderLineId" minimum:"1"`
	Sellable    int64 `json:"sellable,omitempty" minimum:"0" maximum:"1000000" doc:"back onto the shelf"`
	Quarantine  int64 `json:"quarantine,omitempty" minimum:"0" maximum:"1000000" doc:"there, but set aside"`
	Waste       int64 `json:"waste,omitempty" minimum:"0" maximum:"1000000" doc:"thrown away"`
}

// ReceiveReturn takes the goods of an approved return: they are back in stock,
// at the cost they left with, and what they are worth is not owed any more. Less
// than was asked for may come, and even nothing. It fails with too_many_came.
func ReceiveReturn(ctx context.Context, d *db.DB, id int64, in ReturnReceipt) (*Return, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Return, error) { return ReceiveReturnIn(tx, id, in) })
}

// ReceiveReturnIn is ReceiveReturn inside a transaction.
func ReceiveReturnIn(tx *db.Tx, id int64, in ReturnReceipt) (*Return, error) {
	return moveReturn(tx, id, ReturnReceived, in.ReturnMove, func(o *Order, r *Return) (map[string]any, error) {
		if err := r.came(in.Lines); err != nil {
			return nil, err
		}
		if err := receive(tx, o, r, in.LocationID); err != nil {
			return nil, err
		}
		if !in.exchanged { // else what is left of the order is known when the others are there
			if err := reclaim(tx, o, *r.BusinessDate); err != nil {
				return nil, err
			}
		}
		var units, waste int64
		for _, l := range r.Lines {
			units, waste = units+l.received(), waste+l.Waste
		}
		return map[string]any{"units": units, "waste": waste, "total": r.Total}, nil
	})
}

func (l *ReturnLine) received() int64 { return l.Sellable + l.Quarantine + l.Waste }

// came notes on the lines what came of them.
func (r *Return) came(lines []ReceivedLine) error {
	seen := map[int64]bool{}
	for i, in := range lines {
		at := slices.IndexFunc(r.Lines, func(l ReturnLine) bool { return l.OrderLineID == in.OrderLineID })
		switch {
		case at < 0:
			return db.Blame(db.NotFound("order line"), "lines[%d].orderLineId", i)
		case seen[in.OrderLineID]:
			return db.Refuse("duplicate_line", fmt.Sprintf("lines[%d].orderLineId", i), "This line is in the return twice. Add its quantities up.")
		case min(in.Sellable, in.Quarantine, in.Waste) < 0:
			return db.Refuse("out_of_range", fmt.Sprintf("lines[%d]", i), "A quantity below zero cannot come back.").With("min", 0).With("max", r.Lines[at].Quantity)
		}
		seen[in.OrderLineID] = true
		l := &r.Lines[at]
		if l.Sellable, l.Quarantine, l.Waste = in.Sellable, in.Quarantine, in.Waste; l.received() > l.Quantity {
			return db.Blame(db.Errorf(db.Conflict, "too_many_came", "Only %d of this line were to come back.", l.Quantity).With("max", l.Quantity), "lines[%d]", i)
		}
	}
	return nil
}

// receive puts what came back into stock and into the books.
func receive(tx *db.Tx, o *Order, r *Return, locationID int64) error {
	if locationID == 0 {
		locationID = o.LocationID
	}
	if _, err := stock.LocationIn(tx, locationID); err != nil {
		return db.Blame(err, "locationId")
	}
	s, err := settings.In(tx)
	if err != nil {
		return err
	}
	today := s.Today(tx.Now)
	r.LocationID, r.ReceivedAt, r.BusinessDate = &locationID, &tx.Now, &today
	var entries []saleEntry
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.received() == 0 {
			continue
		}
		e, err := receiveLine(tx, o, l, locationID)
		if err != nil {
			return err
		}
		entries = append(entries, e.negative())
		r.Total += l.Total
	}
	o.ReturnedTotal += r.Total
	return appendEntries(tx, o, cameBack, today, &r.ID, entries)
}

// receiveLine takes one line back, and answers what it was worth.
func receiveLine(tx *db.Tx, o *Order, r *ReturnLine, locationID int64) (e saleEntry, err error) {
	l, k := o.line(r.OrderLineID), r.received()
	if l.Tracked {
		if r.Cost, err = o.costBack(l, k); err != nil {
			return e, err
		}
	}
	if err := o.takeBack(r); err != nil {
		return e, err
	}
	if l.Tracked {
		err = stock.PutBack(tx, stock.Returned{LineID: l.ID, VariantID: l.VariantID, LocationID: locationID,
			Sellable: r.Sellable, Quarantine: r.Quarantine, Waste: r.Waste, Cost: r.Cost, Note: r.Reason,
			Document: stock.Document{Type: "order", ID: o.ID, Number: o.Number}})
		if err != nil {
			return e, err
		}
	}
	if _, err := tx.Exec("UPDATE order_lines SET returned = returned + ?2 WHERE id = ?1", l.ID, k); err != nil {
		return e, fmt.Errorf("take a line back: %w", err)
	}
	_, err = tx.Exec("UPDATE return_lines SET sellable = ?2, quarantine = ?3, waste = ?4, total = ?5, tax = ?6, cost = ?7 WHERE id = ?1",
		r.ID, r.Sellable, r.Quarantine, r.Waste, r.Total, r.Tax, r.Cost)
	if err != nil {
		return e, fmt.Errorf("take a line back: %w", err)
	}
	cost, err := l.cost(k)
	net := r.Total
	if !o.PricesIncludeTax {
		net -= r.Tax
	}
	gross := l.UnitPrice * money.Amount(k) // of a line whose gross was checked
	return saleEntry{Line: l, Quantity: k, Gross: gross, Discount: gross - net, Tax: r.Tax, Total: r.Total, Cost: cost}, err
}

// back sums what of a line was received before.
func (o *Order) back(l *OrderLine) (sum ReturnLine) {
	for _, r := range o.Returns {
		for _, b := range r.Lines {
			if b.OrderLineID == l.ID {
				sum.Total, sum.Tax, sum.Cost = sum.Total+b.Total, sum.Tax+b.Tax, sum.Cost+b.Cost
			}
		}
	}
	return sum
}

// takeBack notes on the line of an order what came back of it, and what that is worth.
func (o *Order) takeBack(r *ReturnLine) (err error) {
	l := o.line(r.OrderLineID)
	r.Total, r.Tax, err = o.worth(l, r.received())
	l.Returned += r.received()
	return err
}

// worth is what k more of a line are worth that come back (DESIGN.md 4: of n, round(total*k/n) less what was returned before), of
// what is not sealed.
func (o *Order) worth(l *OrderLine, k int64) (total, tax money.Amount, err error) {
	before, s := o.back(l), l.Sealed
	k, n := l.Returned-s.Quantity+k, l.Quantity-s.Quantity
	if total, err = (l.Total - s.Total).Part(k, n); err != nil {
		return 0, 0, fmt.Errorf("value a return: %w", err)
	}
	if tax, err = (l.Tax - s.Tax).Part(k, n); err != nil {
		return 0, 0, fmt.Errorf("value a return: %w", err)
	}
	return s.Total + total - before.Total, s.Tax + tax - before.Tax, nil
}

// costBack is what k more of a line had cost when they left: of what its parcels carried and did not come back, their part.
func (o *Order) costBack(l *OrderLine, k int64) (cost money.Amount, err error) {
	cost = -o.back(l).Cost
	for _, f := range o.Fulfilments {
		if f.Status == Shipped || f.Status == Delivered || f.Status == Collected {
			for _, p := range f.Lines {
				if p.OrderLineID == l.ID {
					cost += p.Cost
				}
			}
		}
	}
	// A parcel that was cancelled since may have taken more of the cost along than its part.
	if cost, err = max(0, cost).Part(k, l.Fulfilled-l.Returned); err != nil {
		return 0, fmt.Errorf("find what a return cost: %w", err)
	}
	return cost, nil
}
