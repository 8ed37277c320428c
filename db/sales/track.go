package sales

import (
	"context"

	"onhand/db"
	"onhand/db/money"
)

// TrackedOrder is what whoever holds the link of an order may see of it.
type TrackedOrder struct {
	Number           string           `json:"number"`
	Shop             string           `json:"shop"`
	Store            string           `json:"store"`
	Address          string           `json:"address" doc:"the shop's"`
	Status           Status           `json:"status" enum:"placed,confirmed,completed,cancelled,expired"`
	PaymentStatus    PaymentStatus    `json:"paymentStatus" enum:"pending,partially_paid,paid,partially_refunded,refunded,overpaid"`
	FulfilmentStatus FulfilmentStatus `json:"fulfilmentStatus" enum:"unfulfilled,partially_fulfilled,fulfilled"`
	PlacedAt         db.Time          `json:"placedAt" format:"date-time"`
	Currency         string           `json:"currency"`
	CurrencyDigits   int              `json:"currencyDigits"`
	TimeZone         string           `json:"timeZone"`
	PricesIncludeTax bool             `json:"pricesIncludeTax"`
	Subtotal         money.Amount     `json:"subtotal" doc:"before discounts, as prices are entered"`
	Discount         money.Amount     `json:"discount"`
	LineDiscount     money.Amount     `json:"lineDiscount" doc:"what of it is off single lines"`
	DiscountCode     string           `json:"discountCode" doc:"the code that gave the rest; empty for none"`
	Shipping         money.Amount     `json:"shipping"`
	Tax              money.Amount     `json:"tax"`
	Taxes            []TaxSum         `json:"taxes" doc:"what was sold by tax rate, shipping's among it; they add up to tax and total"`
	Total            money.Amount     `json:"total"`
	Paid             money.Amount     `json:"paid" doc:"net of refunds"`
	Due              money.Amount     `json:"due"`
	Invoice          string           `json:"invoice" doc:"the number of its last invoice, which can be read as PDF; empty while there is none"`
	HoldUntil        *db.Time         `json:"holdUntil" format:"date-time" doc:"when it expires unless it is paid before; of an expired one, when it did; null for never"`
	PromisedOn       *db.Date         `json:"promisedOn" doc:"the day by which it is promised; null where nobody promised"`
	Lines            []TrackedLine    `json:"lines"`
	Parcels          []TrackedParcel  `json:"parcels"`
	Returns          []TrackedReturn  `json:"returns"`
	Allowances       money.Amount     `json:"allowances" doc:"goodwill: lowers what is owed"`
	DueBack          money.Amount     `json:"dueBack" doc:"what the shop owes the customer"`
}

// TrackedReturn is what of it came back, or is to.
type TrackedReturn struct {
	Status    ReturnStatus `json:"status" enum:"requested,approved,rejected,received,closed"`
	Units     int64        `json:"units" doc:"that came, or are to"`
	Total     money.Amount `json:"total" doc:"what came is worth, with tax"`
	Reason    string       `json:"reason" doc:"why it was rejected"`
	UpdatedAt db.Time      `json:"updatedAt" format:"date-time"`
}

// TrackedLine is one line of it.
type TrackedLine struct {
	Name      string       `json:"name"`
	Options   string       `json:"options"`
	Quantity  int64        `json:"quantity"`
	Total     money.Amount `json:"total" doc:"with tax"`
	Fulfilled int64        `json:"fulfilled"`
	Waits     int64        `json:"waits" doc:"units that wait for stock"`
}

// TrackedParcel is what of it left, or waits for its customer.
type TrackedParcel struct {
	Status         ParcelStatus `json:"status" enum:"packed,shipped,delivered,ready,collected"`
	Pickup         bool         `json:"pickup"`
	Carrier        string       `json:"carrier"`
	TrackingNumber string       `json:"trackingNumber"`
	Units          int64        `json:"units"`
	UpdatedAt      db.Time      `json:"updatedAt" format:"date-time"`
}

// Track is the order whose link somebody holds; not_found for a made-up one, and for a draft.
func Track(ctx context.Context, d *db.DB, token string) (t *TrackedOrder, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		rows := make([]Order, 1)
		err := tx.Get(&rows[0], "SELECT "+orderColumns+orderTables+"WHERE o.token = ?1 AND o.number IS NOT NULL", token)
		if err != nil {
			return db.Found(err, "order")
		}
		if err := fill(tx, rows); err != nil {
			return err
		}
		t = rows[0].tracked()
		if inv, err := issuedInvoice(tx, rows[0].ID, PlainInvoice, 0); err == nil {
			t.Invoice = inv.Number
		} else if db.CodeOf(err) != "not_found" {
			return err
		}
		return nil
	})
	return t, err
}

func (o *Order) tracked() *TrackedOrder {
	t := &TrackedOrder{Number: o.Number, Store: o.LocationName, Status: o.Status, PaymentStatus: o.PaymentStatus, FulfilmentStatus: o.FulfilmentStatus,
		PlacedAt: o.CreatedAt, Currency: o.Currency, PricesIncludeTax: o.PricesIncludeTax, Subtotal: o.Subtotal, Discount: o.Discount, LineDiscount: o.Discount - o.wholeDiscount(),
		DiscountCode: o.DiscountCode, Shipping: o.Shipping, Tax: o.Tax, Taxes: o.Taxes, Total: o.Total, Paid: o.Paid - o.Refunded, Due: o.Due,
		HoldUntil: o.HoldUntil, PromisedOn: o.PromisedOn, Lines: []TrackedLine{}, Parcels: []TrackedParcel{}, Returns: []TrackedReturn{}, Allowances: o.Allowances, DueBack: o.DueBack}
	if o.PlacedAt != nil {
		t.PlacedAt = *o.PlacedAt
	}
	t.CurrencyDigits, _ = money.Decimals(o.Currency)
	for _, l := range o.Lines {
		t.Lines = append(t.Lines, TrackedLine{Name: l.Name, Options: l.Options, Quantity: l.Quantity, Total: l.Total, Fulfilled: l.Fulfilled, Waits: l.Backordered})
	}
	for _, f := range o.Fulfilments {
		if f.Status == ParcelDropped {
			continue
		}
		p := TrackedParcel{Status: f.Status, Pickup: f.Pickup, Carrier: f.Carrier, TrackingNumber: f.TrackingNumber, UpdatedAt: f.UpdatedAt}
		for _, l := range f.Lines {
			p.Units += l.Quantity
		}
		t.Parcels = append(t.Parcels, p)
	}
	for i := range o.Returns {
		r := &o.Returns[i]
		back := TrackedReturn{Status: r.Status, Units: r.asked(), Total: r.Total, Reason: r.RejectReason, UpdatedAt: r.UpdatedAt}
		if !r.open() && r.Status != ReturnRejected {
			back.Units = 0
			for _, l := range r.Lines {
				back.Units += l.received()
			}
		}
		t.Returns = append(t.Returns, back)
	}
	return t
}
