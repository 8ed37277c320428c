package stock

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
)

// TransferReceipt is what of a transfer arrived, and what never will.
type TransferReceipt struct {
	TransferMove
	db.Approvable
	Lines []ArrivingLine `json:"lines" minItems:"1" maxItems:"100"`
}

// ArrivingLine is how much of a line arrived, and how much of it is given up and why.
type ArrivingLine struct {
	LineID   int64  `json:"lineId" minimum:"1"`
	Quantity int64  `json:"quantity" minimum:"0" maximum:"1000000" doc:"what is here"`
	Missing  int64  `json:"missing,omitempty" minimum:"0" maximum:"1000000" doc:"what will not come any more, and is written off"`
	Reason   Reason `json:"reason,omitempty" enum:",lost,damage,miscounted" doc:"why it is missing"`
}

// differences are the reasons for which something of a transfer is given up.
var differences = []Reason{Lost, Damage, Miscounted}

// arrival is a receipt's line with the line that it is of.
type arrival struct {
	ArrivingLine
	line *TransferLine
}

// ReceiveTransfer puts what arrived on the shelf, with the lots and the cost it left with; what waits for it is covered, the oldest
// first. What is missing comes onto the books and leaves again with its reason, so that the ledger shows both. It is for who sees
// where it arrives, and fails with not_your_store, not_on_its_way (more than is), missing_reason, nothing_arrived, stale, approval_required and
// illegal_move; a transfer of which nothing is on its way stays as it is.
func ReceiveTransfer(ctx context.Context, d *db.DB, id int64, in TransferReceipt) (*Transfer, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Transfer, error) { return ReceiveTransferIn(tx, id, in) })
}

// ReceiveTransferIn is ReceiveTransfer inside a transaction.
func ReceiveTransferIn(tx *db.Tx, id int64, in TransferReceipt) (*Transfer, error) {
	t, err := transferIn(tx, id)
	if err != nil {
		return nil, err
	}
	if t.Status == TransferReceived {
		return t, t.readLots(tx)
	}
	if err := in.fresh(t); err != nil {
		return nil, err
	}
	if t.ShippedAt == nil {
		return nil, db.Illegal("transfer", t.Status, TransferReceived)
	}
	if !tx.Actor.Scope().Has(t.ToLocationID) {
		return nil, notYourStore("This goes to %s. Somebody who works there has to receive it.", t.ToLocationName)
	}
	arrivals, err := t.arrivals(in.Lines)
	if err != nil {
		return nil, err
	}
	if err := t.receive(tx, arrivals); err != nil {
		return nil, err
	}
	t.Status = TransferPartly
	if !slices.ContainsFunc(t.Lines, func(l TransferLine) bool { return l.OnWay > 0 }) {
		t.Status, t.ReceivedAt = TransferReceived, &tx.Now
	}
	return t.save(tx, TransferStep{Kind: "received", Lines: in.Lines})
}

// arrivals checks what is said to have arrived against what is on its way.
func (t *Transfer) arrivals(said []ArrivingLine) (arrivals []arrival, err error) {
	units := int64(0)
	for i, a := range said {
		at := slices.IndexFunc(t.Lines, func(l TransferLine) bool { return l.ID == a.LineID })
		switch {
		case at < 0:
			return nil, db.Blame(db.NotFound("transfer line"), "lines[%d].lineId", i)
		case slices.ContainsFunc(said[:i], func(b ArrivingLine) bool { return b.LineID == a.LineID }):
			return nil, db.Refuse("twice_in_transfer", fmt.Sprintf("lines[%d].lineId", i), "This product is in the receipt twice. Add its quantities up.")
		case a.Quantity < 0 || a.Missing < 0:
			return nil, db.Refuse("out_of_range", fmt.Sprintf("lines[%d]", i), "A quantity below zero cannot arrive.").With("min", 0).With("max", t.Lines[at].OnWay)
		case a.Quantity+a.Missing > t.Lines[at].OnWay:
			return nil, db.Blame(notOnItsWay(t.Lines[at].OnWay), "lines[%d].quantity", i)
		case a.Missing > 0 && !slices.Contains(differences, a.Reason):
			return nil, db.Refuse("missing_reason", fmt.Sprintf("lines[%d].reason", i), "Say why it is missing: lost, damage or miscounted.")
		}
		units += a.Quantity + a.Missing
		arrivals = append(arrivals, arrival{a, &t.Lines[at]})
	}
	if units == 0 {
		return nil, db.Refuse("nothing_arrived", "lines", "Say of at least one line how much arrived.")
	}
	return arrivals, nil
}

func notOnItsWay(n int64) error {
	why := fmt.Sprintf("Only %d of this line are on their way.", n)
	if n == 0 {
		why = "Nothing of this line is on its way any more."
	}
	return db.Errorf(db.Conflict, "not_on_its_way", "%s", why).With("max", n)
}

// receive brings each line in, and asks for approval where what is given up is worth more than the actor may write off alone.
func (t *Transfer) receive(tx *db.Tx, arrivals []arrival) error {
	lost := money.Amount(0)
	for i, a := range arrivals {
		cost, err := t.bring(tx, a)
		if err != nil {
			return db.Blame(err, "lines[%d]", i)
		}
		lost += cost // each is checked, and there are few: no sum of 100 overflows
	}
	if lost == 0 {
		return nil
	}
	return tx.Allow(db.WriteOffLimit, int64(lost), t.ToLocationID)
}

// bring enters what is said of one line, and answers what was given up was worth.
func (t *Transfer) bring(tx *db.Tx, a arrival) (lost money.Amount, err error) {
	l, n := a.line, a.Quantity+a.Missing
	if n == 0 {
		return 0, nil
	}
	// What has arrived is worth its part of the whole, so that the last unit takes what rounding left.
	worth, err := l.Cost.Part(l.Received+l.Missing+n, l.Quantity)
	if err != nil {
		return 0, worthTooMuch()
	}
	cost := worth - l.Arrived
	if lost, err = cost.Part(a.Missing, n); err != nil {
		return 0, worthTooMuch()
	}
	if err := t.expect(tx, l, -n); err != nil {
		return 0, err
	}
	in := move{VariantID: l.VariantID, LocationID: t.ToLocationID, Delta: n, Reason: Moved, Cost: &cost, Document: t.document()}
	if in.Lots.Exactly, err = l.unload(tx, t.ToLocationID, n); err != nil {
		return 0, err
	}
	if err := in.split(tx); err != nil {
		return 0, err
	}
	if _, err := enter(tx, in); err != nil {
		return 0, fmt.Errorf("put on the shelf: %w", err)
	}
	if err := t.giveUp(tx, a, in.Shares, -lost); err != nil {
		return 0, err
	}
	l.OnWay, l.Received, l.Missing, l.Arrived = l.OnWay-n, l.Received+a.Quantity, l.Missing+a.Missing, worth
	if err := l.save(tx); err != nil {
		return 0, err
	}
	return lost, coverShort(tx, l.VariantID, t.ToLocationID)
}

// giveUp lets what is missing leave again, of the lots it was in: those that expire last, since the others are here to be sold.
func (t *Transfer) giveUp(tx *db.Tx, a arrival, from []share, cost money.Amount) error {
	if a.Missing == 0 {
		return nil
	}
	m := move{VariantID: a.line.VariantID, LocationID: t.ToLocationID, Delta: -a.Missing, Reason: a.Reason, Cost: &cost, Document: t.document(),
		Lots: lotChoice{SetAside: true}}
	for _, s := range slices.Backward(from) {
		m.Lots.Exactly = append(m.Lots.Exactly, share{LotID: s.LotID, Delta: -s.Delta})
	}
	if _, err := enter(tx, m); err != nil {
		return fmt.Errorf("give up what is missing: %w", err)
	}
	return nil
}

// unload answers the lots at a location that q of a line go into, of the names and days it carries; the first to expire first.
func (l *TransferLine) unload(tx *db.Tx, locationID, q int64) (into []share, err error) {
	yes, err := tracksLots(tx, l.VariantID)
	if err != nil {
		return nil, err
	}
	var carried []struct {
		ID, OnWay int64
		Lot       string
		ExpiresOn db.Date
	}
	if err := tx.Select(&carried, "SELECT id, on_way, lot, expires_on FROM transfer_lots WHERE line_id = ?1 AND on_way > 0 ORDER BY expires_on, id", l.ID); err != nil {
		return nil, fmt.Errorf("read the lots on their way: %w", err)
	}
	for _, c := range carried {
		n := min(q, c.OnWay)
		if n == 0 {
			break
		}
		if _, err := tx.Exec("UPDATE transfer_lots SET on_way = on_way - ?2 WHERE id = ?1", c.ID, n); err != nil {
			return nil, fmt.Errorf("unload a lot: %w", err)
		}
		q -= n
		if !yes { // it ceased to track lots meanwhile
			continue
		}
		id, err := lotChoice{Lot: c.Lot, ExpiresOn: c.ExpiresOn}.one(tx, l.VariantID, locationID)
		if err != nil {
			return nil, err
		}
		into = append(into, share{LotID: id, Delta: n})
	}
	return into, nil
}
