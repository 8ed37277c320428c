package sales

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/stock"
)

// ParcelStatus is where a parcel, or what waits for pickup, is.
type ParcelStatus string

// The statuses: packed -> shipped -> delivered for parcels, packed -> ready ->
// collected for pickups.
const (
	Packed        ParcelStatus = "packed"
	Shipped       ParcelStatus = "shipped"
	Delivered     ParcelStatus = "delivered"
	Ready         ParcelStatus = "ready"
	Collected     ParcelStatus = "collected"
	ParcelDropped ParcelStatus = "cancelled"
)

// Fulfilment is what of an order is handed over together.
type Fulfilment struct {
	ID             int64            `json:"id"`
	OrderID        int64            `json:"orderId"`
	LocationID     int64            `json:"locationId"`
	Status         ParcelStatus     `json:"status" enum:"packed,shipped,delivered,ready,collected,cancelled"`
	Pickup         bool             `json:"pickup"`
	Carrier        string           `json:"carrier"`
	TrackingNumber string           `json:"trackingNumber"`
	Lines          []FulfilmentLine `json:"lines" bun:"-"`
	CreatedAt      db.Time          `json:"createdAt" format:"date-time"`
	UpdatedAt      db.Time          `json:"updatedAt" format:"date-time"`
	Version        int64            `json:"version"`
}

// FulfilmentLine is how much of an order line is in a parcel.
type FulfilmentLine struct {
	OrderLineID int64 `json:"orderLineId" bun:"line_id"`
	Quantity    int64 `json:"quantity"`

	ID           int64        `json:"-"`
	FulfilmentID int64        `json:"-"`
	Cost         money.Amount `json:"-"` // what its stock cost when it left
}

// NewFulfilment packs some of an order, or all that is left without lines.
type NewFulfilment struct {
	LocationID     int64           `json:"locationId,omitempty" minimum:"1" doc:"the order's location when left out"`
	Lines          []NewParcelLine `json:"lines,omitempty" maxItems:"500" doc:"all that is left when left out"`
	Carrier        string          `json:"carrier,omitempty" maxLength:"100"`
	TrackingNumber string          `json:"trackingNumber,omitempty" maxLength:"100"`
	Ship           bool            `json:"ship,omitempty" doc:"it leaves at once (a pickup is collected at once)"`
	Pickup         bool            `json:"pickup,omitempty"`
	Version        *int64          `json:"version,omitempty" doc:"of the order"`
}

// NewParcelLine is how much of an order line goes into a parcel.
type NewParcelLine struct {
	OrderLineID int64 `json:"orderLineId" minimum:"1"`
	Quantity    int64 `json:"quantity" minimum:"1" maximum:"1000000"`
}

// Fulfil packs what of an order is left, or the part named, and ships it at
// once when asked to. It fails with nothing_left, too_many and not_covered.
func Fulfil(ctx context.Context, d *db.DB, orderID int64, in NewFulfilment) (*Order, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Order, error) { return FulfilIn(tx, orderID, in) })
}

// FulfilIn is Fulfil inside a transaction.
func FulfilIn(tx *db.Tx, orderID int64, in NewFulfilment) (*Order, error) {
	o, err := OrderIn(tx, orderID)
	if err != nil {
		return nil, err
	}
	if err := (Command{Version: in.Version}).fresh(o); err != nil {
		return nil, err
	}
	f, err := pack(tx, o, in)
	if err != nil {
		return nil, err
	}
	switch {
	case !in.Ship:
		err = note(tx, o.ID, "packed", map[string]any{"fulfilmentId": f.ID})
	case in.Pickup:
		err = leave(tx, o, f, Collected)
	default:
		err = leave(tx, o, f, Shipped)
	}
	if err != nil {
		return nil, err
	}
	return o, settleAndTell(tx, o)
}

// handOver gives everything to the customer at the counter.
func handOver(tx *db.Tx, o *Order) error {
	f, err := pack(tx, o, NewFulfilment{Pickup: true})
	if err != nil {
		return err
	}
	return leave(tx, o, f, Collected)
}

func pack(tx *db.Tx, o *Order, in NewFulfilment) (*Fulfilment, error) {
	if !o.open() {
		return nil, db.Errorf(db.Conflict, "not_open", "This order is %s; nothing of it can be handed over.", o.Status).With("status", o.Status)
	}
	f := &Fulfilment{OrderID: o.ID, LocationID: o.LocationID, Status: Packed, Pickup: in.Pickup, CreatedAt: tx.Now, UpdatedAt: tx.Now, Version: 1}
	var err error
	if f.Carrier, err = db.Text("carrier", in.Carrier, 100); err != nil {
		return nil, err
	}
	if f.TrackingNumber, err = db.Text("trackingNumber", in.TrackingNumber, 100); err != nil {
		return nil, err
	}
	if in.LocationID != 0 && in.LocationID != o.LocationID {
		if _, err := stock.LocationIn(tx, in.LocationID); err != nil {
			return nil, db.Blame(err, "locationId")
		}
		f.LocationID = in.LocationID
	}
	if f.Lines, err = o.parcelLines(in.Lines); err != nil {
		return nil, err
	}
	if err := insertParcel(tx, f); err != nil {
		return nil, err
	}
	o.Fulfilments = append(o.Fulfilments, *f)
	return &o.Fulfilments[len(o.Fulfilments)-1], nil
}

func insertParcel(tx *db.Tx, f *Fulfilment) (err error) {
	f.ID, err = tx.Insert(`INSERT INTO fulfilments (order_id, location_id, status, pickup, carrier, tracking_number, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, f.OrderID, f.LocationID, f.Status, f.Pickup, f.Carrier, f.TrackingNumber, f.CreatedAt, f.UpdatedAt)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	for i := range f.Lines {
		l := &f.Lines[i]
		l.ID, err = tx.Insert("INSERT INTO fulfilment_lines (fulfilment_id, line_id, quantity) VALUES (?, ?, ?)", f.ID, l.OrderLineID, l.Quantity)
		if err != nil {
			return fmt.Errorf("pack: %w", err)
		}
	}
	return nil
}

// parcelLines checks what is asked for against what is neither packed nor gone.
func (o *Order) parcelLines(asked []NewParcelLine) ([]FulfilmentLine, error) {
	left := o.unpacked()
	var lines []FulfilmentLine
	if len(asked) == 0 {
		for _, l := range o.Lines {
			if left[l.ID] > 0 {
				lines = append(lines, FulfilmentLine{OrderLineID: l.ID, Quantity: left[l.ID]})
			}
		}
		if lines == nil {
			return nil, db.Errorf(db.Conflict, "nothing_left", "All of this order is packed or gone already.")
		}
		return lines, nil
	}
	for i, a := range asked {
		n, ok := left[a.OrderLineID]
		if !ok {
			return nil, db.Blame(db.NotFound("order line"), "lines[%d].orderLineId", i)
		}
		if a.Quantity > n {
			return nil, db.Blame(db.Errorf(db.Conflict, "too_many", "Only %d of this line are left to hand over.", n).With("max", n), "lines[%d].quantity", i)
		}
		left[a.OrderLineID] -= a.Quantity
		lines = append(lines, FulfilmentLine{OrderLineID: a.OrderLineID, Quantity: a.Quantity})
	}
	return lines, nil
}

// unpacked is how much of each line is in no parcel.
func (o *Order) unpacked() map[int64]int64 {
	left := make(map[int64]int64, len(o.Lines))
	for _, l := range o.Lines {
		left[l.ID] = l.Quantity - l.Fulfilled
	}
	for _, f := range o.Fulfilments {
		if f.Status == Packed || f.Status == Ready {
			for _, l := range f.Lines {
				left[l.OrderLineID] -= l.Quantity
			}
		}
	}
	return left
}

// line is the order's line of this id, nil for one that was taken off it.
func (o *Order) line(id int64) *OrderLine {
	i := slices.IndexFunc(o.Lines, func(l OrderLine) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return &o.Lines[i]
}
