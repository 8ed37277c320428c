package sales

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
)

// ReturnStatus is where a return is.
type ReturnStatus string

// The statuses: requested -> approved|rejected, approved -> received -> closed.
const (
	ReturnRequested ReturnStatus = "requested"
	ReturnApproved  ReturnStatus = "approved"
	ReturnRejected  ReturnStatus = "rejected"
	ReturnReceived  ReturnStatus = "received"
	ReturnClosed    ReturnStatus = "closed"
)

// Return is what a customer brings or sends back of an order.
type Return struct {
	ID           int64        `json:"id"`
	OrderID      int64        `json:"orderId"`
	Status       ReturnStatus `json:"status" enum:"requested,approved,rejected,received,closed"`
	RejectReason string       `json:"rejectReason"`
	Lines        []ReturnLine `json:"lines" bun:"-"`
	Total        money.Amount `json:"total" doc:"what was received is worth, with tax"`
	LocationID   *int64       `json:"locationId" doc:"where it was received"`
	BusinessDate *db.Date     `json:"businessDate" doc:"on which it was received"`
	ReceivedAt   *db.Time     `json:"receivedAt" format:"date-time"`
	CreatedAt    db.Time      `json:"createdAt" format:"date-time"`
	UpdatedAt    db.Time      `json:"updatedAt" format:"date-time"`
	Actor        string       `json:"actor" bun:"actor_name" doc:"who took it up"`
	Version      int64        `json:"version"`
}

// ReturnLine is how much of an order line comes back, and what became of it.
type ReturnLine struct {
	OrderLineID int64        `json:"orderLineId" bun:"line_id"`
	Quantity    int64        `json:"quantity" doc:"asked for"`
	Reason      string       `json:"reason"`
	Sellable    int64        `json:"sellable"`
	Quarantine  int64        `json:"quarantine" doc:"there, but set aside"`
	Waste       int64        `json:"waste"`
	Total       money.Amount `json:"total" doc:"what was received is worth, with tax"`
	Tax         money.Amount `json:"tax"`

	ID       int64        `json:"-"`
	ReturnID int64        `json:"-"`
	Cost     money.Amount `json:"-"` // that went back into the stock's value
}

// NewReturn asks to take goods back.
type NewReturn struct {
	Command
	Lines   []NewReturnLine `json:"lines" minItems:"1" maxItems:"500"`
	Approve bool            `json:"approve,omitempty" doc:"approved at once, as when the goods are on the counter"`
}

// NewReturnLine is how much of an order line is to come back.
type NewReturnLine struct {
	OrderLineID int64  `json:"orderLineId" minimum:"1"`
	Quantity    int64  `json:"quantity" minimum:"1" maximum:"1000000"`
	Reason      string `json:"reason,omitempty" maxLength:"200"`
}

// ReturnMove is a move of a return without further input.
type ReturnMove struct {
	Version *int64 `json:"version,omitempty" doc:"of the return as it was seen; refused as stale when it changed"`
}

// ReturnRejection is a move to rejected, with the reason a person gives.
type ReturnRejection struct {
	ReturnMove
	Reason string `json:"reason,omitempty" maxLength:"500"`
}

func (m ReturnMove) fresh(r *Return) error {
	if m.Version != nil && *m.Version != r.Version {
		return db.Stale(r)
	}
	return nil
}

// open says whether its goods may still come.
func (r *Return) open() bool { return r.Status == ReturnRequested || r.Status == ReturnApproved }

// RequestReturn asks to take back what has left. It fails with not_left: more of
// a line than has left and neither came back nor is to come back already.
func RequestReturn(ctx context.Context, d *db.DB, orderID int64, in NewReturn) (*Return, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Return, error) { return RequestReturnIn(tx, orderID, in) })
}

// RequestReturnIn is RequestReturn inside a transaction.
func RequestReturnIn(tx *db.Tx, orderID int64, in NewReturn) (*Return, error) {
	o, err := OrderIn(tx, orderID)
	if err != nil {
		return nil, err
	}
	if err := in.fresh(o); err != nil {
		return nil, err
	}
	r := &Return{OrderID: o.ID, Status: ReturnRequested, CreatedAt: tx.Now, UpdatedAt: tx.Now, Actor: tx.Actor.Name, Version: 1}
	if r.Lines, err = o.returnLines(in.Lines); err != nil {
		return nil, err
	}
	if in.Approve {
		r.Status = ReturnApproved
	}
	if err := insertReturn(tx, r); err != nil {
		return nil, err
	}
	if err := note(tx, o.ID, "return_requested", map[string]any{"returnId": r.ID, "units": r.asked()}); err != nil {
		return nil, err
	}
	if in.Approve {
		if err := note(tx, o.ID, "return_approved", map[string]any{"returnId": r.ID}); err != nil {
			return nil, err
		}
	}
	return r, settleAndTell(tx, o)
}

// returnLines checks what is asked for against what has left.
func (o *Order) returnLines(asked []NewReturnLine) ([]ReturnLine, error) {
	left := o.returnable()
	lines := make([]ReturnLine, 0, len(asked))
	for i, a := range asked {
		n, ok := left[a.OrderLineID]
		switch {
		case !ok:
			return nil, db.Blame(db.NotFound("order line"), "lines[%d].orderLineId", i)
		case slices.ContainsFunc(lines, func(l ReturnLine) bool { return l.OrderLineID == a.OrderLineID }):
			return nil, db.Refuse("duplicate_line", fmt.Sprintf("lines[%d].orderLineId", i), "This line is in the return twice. Add its quantities up.")
		case a.Quantity < 1:
			return nil, db.Refuse("out_of_range", fmt.Sprintf("lines[%d].quantity", i), "Take back at least one.").With("min", 1).With("max", n)
		case a.Quantity > n:
			return nil, db.Blame(o.notLeft(n), "lines[%d].quantity", i)
		}
		reason, err := db.Text("reason", a.Reason, 200)
		if err != nil {
			return nil, db.Blame(err, "lines[%d]", i)
		}
		lines = append(lines, ReturnLine{OrderLineID: a.OrderLineID, Quantity: a.Quantity, Reason: reason})
	}
	return lines, nil
}

// notLeft refuses to take back more of a line than so much of it.
func (o *Order) notLeft(n int64) *db.Error {
	why := fmt.Sprintf("Only %d of this line can come back.", n)
	switch {
	case o.FulfilmentStatus == Unfulfilled:
		why = "Nothing of this order has left. Edit or cancel it instead."
	case n == 0:
		why = "Nothing of this line can come back any more."
	}
	return db.Errorf(db.Conflict, "not_left", "%s", why).With("max", n)
}

// returnable is how much of each line has left and neither came back nor is on its way back.
func (o *Order) returnable() map[int64]int64 {
	left := make(map[int64]int64, len(o.Lines))
	for _, l := range o.Lines {
		left[l.ID] = l.Fulfilled - l.Returned
	}
	for i := range o.Returns {
		if r := &o.Returns[i]; r.open() {
			for _, l := range r.Lines {
				left[l.OrderLineID] -= l.Quantity
			}
		}
	}
	return left
}

func (r *Return) asked() (units int64) {
	for _, l := range r.Lines {
		units += l.Quantity
	}
	return units
}

func insertReturn(tx *db.Tx, r *Return) (err error) {
	r.ID, err = tx.Insert(`INSERT INTO returns (order_id, status, created_at, updated_at, actor_kind, actor_id, actor_name) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		r.OrderID, r.Status, r.CreatedAt, r.UpdatedAt, string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name)
	if err != nil {
		return fmt.Errorf("take up a return: %w", err)
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		l.ReturnID = r.ID
		l.ID, err = tx.Insert("INSERT INTO return_lines (return_id, line_id, quantity, reason) VALUES (?, ?, ?, ?)", r.ID, l.OrderLineID, l.Quantity, l.Reason)
		if err != nil {
			return fmt.Errorf("take up a return: %w", err)
		}
	}
	return nil
}

// MoveReturn approves a requested return or closes a received one. The same move
// repeated answers the return unchanged; an illegal one names both states.
func MoveReturn(ctx context.Context, d *db.DB, id int64, to ReturnStatus, in ReturnMove) (*Return, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Return, error) { return MoveReturnIn(tx, id, to, in) })
}

// MoveReturnIn is MoveReturn inside a transaction.
func MoveReturnIn(tx *db.Tx, id int64, to ReturnStatus, in ReturnMove) (*Return, error) {
	return moveReturn(tx, id, to, in, func(*Order, *Return) (map[string]any, error) { return nil, nil })
}

// RejectReturn says that a requested return will not be taken.
func RejectReturn(ctx context.Context, d *db.DB, id int64, in ReturnRejection) (*Return, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Return, error) {
		return moveReturn(tx, id, ReturnRejected, in.ReturnMove, func(_ *Order, r *Return) (_ map[string]any, err error) {
			r.RejectReason, err = db.Text("reason", in.Reason, 500)
			return map[string]any{"reason": r.RejectReason}, err
		})
	})
}

// returnMoves is from where a return comes to a status.
var returnMoves = map[ReturnStatus]ReturnStatus{
	ReturnApproved: ReturnRequested,
	ReturnRejected: ReturnRequested,
	ReturnReceived: ReturnApproved,
	ReturnClosed:   ReturnReceived,
}

// moveReturn moves a return; do changes it on the way, and answers figures for the timeline.
func moveReturn(tx *db.Tx, id int64, to ReturnStatus, in ReturnMove, do func(*Order, *Return) (map[string]any, error)) (*Return, error) {
	o, r, err := returnIn(tx, id)
	if err != nil || r.Status == to {
		return r, err
	}
	if err := in.fresh(r); err != nil {
		return nil, err
	}
	if r.Status != returnMoves[to] {
		return nil, db.Illegal("return", r.Status, to)
	}
	params, err := do(o, r)
	if err != nil {
		return nil, err
	}
	return r, setReturn(tx, o, r, to, params)
}

// setReturn saves a return as it stands, in its new status, and its order.
func setReturn(tx *db.Tx, o *Order, r *Return, to ReturnStatus, params map[string]any) error {
	if err := saveReturn(tx, o, r, to, params); err != nil {
		return err
	}
	return settleAndTell(tx, o)
}

// closeReturns closes what came back of an order that owes nothing for it any more: whoever gave the money back is done with it.
func closeReturns(tx *db.Tx, o *Order) error {
	if o.DueBack > 0 {
		return nil
	}
	for i := range o.Returns {
		if r := &o.Returns[i]; r.Status == ReturnReceived {
			if err := saveReturn(tx, o, r, ReturnClosed, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func saveReturn(tx *db.Tx, o *Order, r *Return, to ReturnStatus, params map[string]any) error {
	r.Status, r.UpdatedAt = to, tx.Now
	r.Version++
	_, err := tx.Exec(`UPDATE returns SET status = ?2, reject_reason = ?3, location_id = ?4, total = ?5, business_date = ?6, received_at = ?7, updated_at = ?8, version = ?9
		WHERE id = ?1`, r.ID, r.Status, r.RejectReason, r.LocationID, r.Total, r.BusinessDate, r.ReceivedAt, r.UpdatedAt, r.Version)
	if err != nil {
		return fmt.Errorf("move the return: %w", err)
	}
	if params == nil {
		params = map[string]any{}
	}
	params["returnId"] = r.ID
	return note(tx, o.ID, "return_"+string(to), params)
}

func returnIn(tx *db.Tx, id int64) (*Order, *Return, error) {
	var orderID int64
	if err := tx.Row("SELECT order_id FROM returns WHERE id = ?1", []any{id}, &orderID); err != nil {
		return nil, nil, db.Found(err, "return")
	}
	o, err := OrderIn(tx, orderID)
	if db.CodeOf(err) == "not_found" {
		return nil, nil, db.NotFound("return")
	} else if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(o.Returns, func(r Return) bool { return r.ID == id })
	return o, &o.Returns[i], nil
}

func fillReturns(tx *db.Tx, in string, at map[int64]*Order) error {
	var returns []Return
	err := tx.Select(&returns, `SELECT id, order_id, status, reject_reason, location_id, total, business_date, received_at, created_at, updated_at, actor_name, version
		FROM returns WHERE order_id IN (SELECT value FROM json_each(?1)) ORDER BY order_id, id`, in)
	if err != nil || len(returns) == 0 {
		return err
	}
	var lines []ReturnLine
	err = tx.Select(&lines, `SELECT l.id, l.return_id, l.line_id, l.quantity, l.reason, l.sellable, l.quarantine, l.waste, l.total, l.tax, l.cost
		FROM returns r JOIN return_lines l ON l.return_id = r.id WHERE r.order_id IN (SELECT value FROM json_each(?1)) ORDER BY l.id`, in)
	of := make(map[int64][]ReturnLine, len(returns))
	for _, l := range lines {
		of[l.ReturnID] = append(of[l.ReturnID], l)
	}
	for _, r := range returns {
		r.Lines = of[r.ID]
		at[r.OrderID].Returns = append(at[r.OrderID].Returns, r)
	}
	return err
}
