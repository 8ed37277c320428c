package sales

import (
	"fmt"
	"strconv"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/outbox"
)

// The mails that a customer gets about an order.
const (
	OrderConfirmedMail = "order-confirmed"
	OrderShippedMail   = "order-shipped"
	OrderReadyMail     = "order-ready"
	OrderCancelledMail = "order-cancelled"
	OrderCoveredMail   = "order-covered"
	OrderExpiredMail   = "order-expired"
	OrderRefundedMail  = "order-refunded"
)

// OrderFacts are what a mail about an order tells, as they were when it was queued.
type OrderFacts struct {
	ID           int64        `json:"id"`
	Number       string       `json:"number"`
	Token        string       `json:"token"` // opens the tracking page
	Name         string       `json:"name"`  // the customer's, may be empty
	Store        string       `json:"store"`
	Currency     string       `json:"currency"`
	PlacedAt     db.Time      `json:"placedAt"`
	Lines        []LineFacts  `json:"lines"`
	Subtotal     money.Amount `json:"subtotal"` // before discounts
	Discount     money.Amount `json:"discount"`
	LineDiscount money.Amount `json:"lineDiscount,omitempty"` // what of it is off single lines
	DiscountCode string       `json:"discountCode,omitempty"` // that gave the rest
	Shipping     money.Amount `json:"shipping"`
	Tax          money.Amount `json:"tax"`
	TaxIn        bool         `json:"taxIn"` // prices include the tax
	Total        money.Amount `json:"total"`
	Paid         money.Amount `json:"paid"` // net of refunds
	Due          money.Amount `json:"due"`
	Reason       string       `json:"reason,omitempty"` // of a cancellation
	Held         *db.Time     `json:"held,omitempty"`   // until when it is held unpaid, or was
	Promised     *db.Date     `json:"promised,omitempty"`
	Goes         bool         `json:"goes,omitempty"`   // to an address; else they come for it
	Parcel       *ParcelFacts `json:"parcel,omitempty"` // what left, or is ready
	Refund       *RefundFacts `json:"refund,omitempty"`
}

// LineFacts are one line of such a mail.
type LineFacts struct {
	Name     string       `json:"name"`
	Options  string       `json:"options,omitempty"` // L / Blue
	Quantity int64        `json:"quantity"`
	Total    money.Amount `json:"total"`           // with tax, after its discounts
	Waits    int64        `json:"waits,omitempty"` // units that wait for stock
}

// ParcelFacts are what of an order left, or waits for pickup.
type ParcelFacts struct {
	Carrier        string      `json:"carrier,omitempty"`
	TrackingNumber string      `json:"trackingNumber,omitempty"`
	Lines          []LineFacts `json:"lines"`
	Rest           bool        `json:"rest,omitempty"` // more follows later
}

// RefundFacts are what was paid back.
type RefundFacts struct {
	Amount money.Amount `json:"amount"`
	Method Method       `json:"method"`
	Reason string       `json:"reason,omitempty"`
}

// confirm mails the customer what they ordered. At the counter they hold it in their hands, and what was imported is past.
func confirm(tx *db.Tx, o *Order) error {
	if o.Channel == Counter || o.Channel == Imported {
		return nil
	}
	return tell(tx, o, OrderConfirmedMail, o.ID, o.facts())
}

// announceParcel mails the customer that something left, or waits for them.
func announceParcel(tx *db.Tx, o *Order, f *Fulfilment, to ParcelStatus) error {
	kind, ok := map[ParcelStatus]string{Shipped: OrderShippedMail, Ready: OrderReadyMail}[to]
	if !ok {
		return nil
	}
	facts := o.facts()
	facts.Parcel = &ParcelFacts{Carrier: f.Carrier, TrackingNumber: f.TrackingNumber, Lines: []LineFacts{}}
	for _, p := range f.Lines {
		l := o.line(p.OrderLineID)
		part, err := l.Total.Part(p.Quantity, l.Quantity)
		if err != nil {
			return fmt.Errorf("tell of a parcel: %w", err)
		}
		facts.Parcel.Lines = append(facts.Parcel.Lines, LineFacts{Name: l.Name, Options: l.Options, Quantity: p.Quantity, Total: part})
	}
	for _, l := range o.Lines {
		facts.Parcel.Rest = facts.Parcel.Rest || l.Fulfilled < l.Quantity && to == Shipped
	}
	return tell(tx, o, kind, f.ID, facts)
}

// announceCovered mails the customer that what they wait for is there; wait is which of the order's waits is over.
func announceCovered(tx *db.Tx, o *Order, wait int64) error {
	return tell(tx, o, OrderCoveredMail, wait, o.facts())
}

// regret mails the customer that an order they know of will not come.
func regret(tx *db.Tx, o *Order) error {
	if o.Channel == Counter || o.Channel == Imported {
		return nil
	}
	facts, kind := o.facts(), OrderCancelledMail
	facts.Reason = o.CancelReason
	if o.Status == Expired {
		kind = OrderExpiredMail
	}
	return tell(tx, o, kind, o.ID, facts)
}

// tellOfRefund mails the customer that money is on its way back.
func tellOfRefund(tx *db.Tx, o *Order, p Payment) error {
	if o.Channel == Counter || o.Channel == Imported {
		return nil
	}
	facts := o.facts()
	facts.Refund = &RefundFacts{Amount: p.Amount, Method: p.Method, Reason: p.Reference}
	return tell(tx, o, OrderRefundedMail, p.ID, facts)
}

// tell queues a mail to the customer, where there is an address. The number makes it one of its kind.
func tell(tx *db.Tx, o *Order, kind string, number int64, facts OrderFacts) error {
	if o.CustomerEmail == "" {
		return nil
	}
	return outbox.Queue(tx, outbox.Mail{Kind: kind, To: o.CustomerEmail, Key: kind + "/" + strconv.FormatInt(number, 10), Facts: facts,
		Language: o.Language, OrderID: o.ID, LocationID: o.LocationID})
}

func (o *Order) facts() OrderFacts {
	f := OrderFacts{ID: o.ID, Number: o.Number, Token: o.Token, Name: o.CustomerName, Store: o.LocationName, Currency: o.Currency,
		Lines: make([]LineFacts, len(o.Lines)), Subtotal: o.Subtotal, Discount: o.Discount, LineDiscount: o.Discount - o.wholeDiscount(), DiscountCode: o.DiscountCode, Shipping: o.Shipping, Tax: o.Tax, TaxIn: o.PricesIncludeTax,
		Total: o.Total, Paid: o.Paid - o.Refunded, Due: o.Due, Held: o.HoldUntil, Promised: o.PromisedOn, Goes: o.Address != nil}
	if o.PlacedAt != nil {
		f.PlacedAt = *o.PlacedAt
	}
	for i, l := range o.Lines {
		f.Lines[i] = LineFacts{Name: l.Name, Options: l.Options, Quantity: l.Quantity, Total: l.Total, Waits: l.Backordered}
	}
	return f
}
