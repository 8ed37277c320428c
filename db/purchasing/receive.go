package purchasing

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/stock"
)

// PurchaseReceipt is what of an order arrived, and what it took to get it here.
type PurchaseReceipt struct {
	PurchaseMove
	Lines     []PurchaseArrival `json:"lines" minItems:"1" maxItems:"100"`
	Freight   money.Amount      `json:"freight,omitempty" minimum:"0" maximum:"9007199254740991" doc:"in minor units; shared over what arrived by its value"`
	Duty      money.Amount      `json:"duty,omitempty" minimum:"0" maximum:"9007199254740991" doc:"in minor units; shared as freight is"`
	AllowOver bool              `json:"allowOver,omitempty" doc:"take more than was ordered"`
}

// PurchaseArrival is how much of a line arrived, of one lot: a line of several lots has several.
type PurchaseArrival struct {
	LineID    int64         `json:"lineId" minimum:"1"`
	Quantity  int64         `json:"quantity" minimum:"0" maximum:"1000000"`
	Lot       string        `json:"lot,omitempty" maxLength:"64" doc:"of a variant that tracks lots: the name of the lot, or expiresOn"`
	ExpiresOn db.Date       `json:"expiresOn,omitempty" maxLength:"10" doc:"the day it expires, as 2026-12-31"`
	UnitCost  *money.Amount `json:"unitCost,omitempty" minimum:"0" maximum:"9007199254740991" doc:"what one cost after all, in minor units; as ordered when left out"`
}

// Receive puts what arrived on the shelf, each unit at its cost with its share of freight and duty; orders that wait for it are covered,
// the oldest first. It fails with over_received (more than is on its way, unless that is allowed), nothing_arrived, lot_needed,
// lots_not_tracked, stale, too_large and illegal_move; an order that is received stays as it is.
func Receive(ctx context.Context, d *db.DB, id int64, in PurchaseReceipt) (*PurchaseOrder, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*PurchaseOrder, error) { return ReceiveIn(tx, id, in) })
}

// ReceiveIn is Receive inside a transaction.
func ReceiveIn(tx *db.Tx, id int64, in PurchaseReceipt) (*PurchaseOrder, error) {
	p, err := orderIn(tx, id)
	if err != nil {
		return nil, err
	}
	if p.Status == PurchaseReceived {
		return p.seenBy(tx.Actor), nil
	}
	if err := in.fresh(tx, p); err != nil {
		return nil, err
	}
	if p.Status != PurchaseSent && p.Status != PurchasePartly {
		return nil, db.Illegal("purchase order", p.Status, PurchaseReceived)
	}
	arrivals, err := p.arrivals(tx, in)
	if err != nil {
		return nil, err
	}
	if err := p.bring(tx, arrivals); err != nil {
		return nil, err
	}
	p.Freight, p.Duty = p.Freight+in.Freight, p.Duty+in.Duty
	if !p.Freight.In() || !p.Duty.In() {
		return nil, db.Refuse("too_large", "freight", "That is more than the books can hold.")
	}
	p.Status = PurchasePartly
	if !p.comes() {
		p.Status, p.ClosedAt = PurchaseReceived, &tx.Now
	}
	return p.save(tx, PurchaseStep{Kind: "received", Lines: in.Lines, FreightCost: in.Freight, DutyCost: in.Duty})
}

// arrival is a row of a receipt with the line that it is of.
type arrival struct {
	PurchaseArrival
	line  *PurchaseLine
	at    int          // its place in the receipt
	goods money.Amount // what all of it cost
	extra money.Amount // its share of freight and duty
}

// arrivals checks what is said to have arrived against what is on its way, and works out what it costs.
func (p *PurchaseOrder) arrivals(tx *db.Tx, in PurchaseReceipt) (arrivals []arrival, err error) {
	costs := tx.Actor.Can("cost.read")
	switch {
	case in.Freight != 0 && !costs:
		return nil, db.Blame(db.Denied("cost.read"), "freight")
	case in.Duty != 0 && !costs:
		return nil, db.Blame(db.Denied("cost.read"), "duty")
	}
	for i, a := range in.Lines {
		l := p.line(a.LineID)
		switch {
		case l == nil:
			return nil, db.Blame(db.NotFound("purchase line"), "lines[%d].lineId", i)
		case a.UnitCost != nil && !costs:
			return nil, db.Blame(db.Denied("cost.read"), "lines[%d].unitCost", i)
		case a.Quantity == 0:
			continue
		}
		unit := l.UnitCost
		if a.UnitCost != nil {
			unit = a.UnitCost
		}
		goods, err := unit.Mul(a.Quantity)
		if err != nil {
			return nil, tooLarge(i)
		}
		arrivals = append(arrivals, arrival{PurchaseArrival: a, line: l, at: i, goods: goods})
	}
	if len(arrivals) == 0 {
		return nil, db.Refuse("nothing_arrived", "lines", "Say of at least one line how much arrived.")
	}
	if !in.AllowOver {
		if err := over(arrivals); err != nil {
			return nil, err
		}
	}
	return arrivals, share(arrivals, in.Freight, in.Duty)
}

// over refuses what is more than is on its way, each line where it becomes too much.
func over(arrivals []arrival) error {
	came := map[int64]int64{}
	at := map[int64]int{}
	for _, a := range arrivals {
		came[a.LineID] += a.Quantity
		at[a.LineID] = a.at
	}
	var refused []*db.Error
	for _, a := range arrivals {
		l := a.line
		if more := came[l.ID] - l.OnWay; more > 0 && at[l.ID] == a.at {
			e := db.Errorf(db.Conflict, "over_received", "%d more of %s came than are on their way. Allow it, or receive fewer.", more, l.named()).
				With("over", more).With("max", l.OnWay).With("name", l.named())
			e.Field = fmt.Sprintf("lines[%d].quantity", a.at)
			refused = append(refused, e)
		}
	}
	return db.Together(refused)
}

// share lays freight and duty over what arrived by its value, or by its number where all of it was free.
func share(arrivals []arrival, freight, duty money.Amount) error {
	extra, err := freight.Add(duty)
	if err != nil {
		return db.Refuse("too_large", "freight", "That is more than the books can hold.")
	}
	values, units := make([]money.Amount, len(arrivals)), make([]money.Amount, len(arrivals))
	free := true
	for i, a := range arrivals {
		values[i], units[i] = a.goods, money.Amount(a.Quantity)
		free = free && a.goods == 0
	}
	if free {
		values = units
	}
	shares, err := money.Prorate(extra, values)
	if err != nil {
		return tooLarge(arrivals[0].at)
	}
	for i, s := range shares {
		arrivals[i].extra = s
	}
	return nil
}

// bring enters each row, and saves the lines that anything came of.
func (p *PurchaseOrder) bring(tx *db.Tx, arrivals []arrival) error {
	day, err := today(tx)
	if err != nil {
		return err
	}
	sent, err := sentOn(tx, p)
	if err != nil {
		return err
	}
	took := max(0, sent.DaysTo(day))
	for _, a := range arrivals {
		if err := p.bringOne(tx, a, took); err != nil {
			return db.Blame(err, "lines[%d]", a.at)
		}
	}
	saved := map[int64]bool{}
	for _, a := range arrivals {
		if saved[a.LineID] {
			continue
		}
		saved[a.LineID] = true
		if err := a.line.save(tx); err != nil {
			return err
		}
	}
	return nil
}

func (p *PurchaseOrder) bringOne(tx *db.Tx, a arrival, took int64) error {
	cost, err := a.goods.Add(a.extra)
	l := a.line
	if err == nil {
		l.Goods, err = l.Goods.Add(a.goods)
	}
	if err == nil {
		l.Extra, err = l.Extra.Add(a.extra)
	}
	if err != nil {
		return db.Refuse("too_large", "unitCost", "The value of this order would be larger than the books can hold.")
	}
	expected := min(a.Quantity, l.OnWay)
	err = stock.Arrive(tx, stock.Arrival{VariantID: l.VariantID, LocationID: p.LocationID, Quantity: a.Quantity, Expected: expected, Cost: cost,
		Lot: a.Lot, ExpiresOn: a.ExpiresOn, Document: p.document()})
	if err != nil {
		return err
	}
	l.OnWay -= expected
	l.Received += a.Quantity
	l.Waited += a.Quantity * took
	return nil
}
