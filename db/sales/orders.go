// Package sales is orders and what follows from them: sale entries, payments
// and fulfilments.
package sales

import (
	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/money"
	"onhand/db/staff"
	"onhand/db/stock"
)

// Channel is where an order came from.
type Channel string

// The channels.
const (
	Counter Channel = "counter"
	Phone   Channel = "phone"
	Web     Channel = "web"
	API     Channel = "api"
	// Imported is of an order from before.
	Imported Channel = "import"
)

// Status is where an order is in its life. Payment and fulfilment are separate,
// and derived.
type Status string

// The statuses: draft -> placed -> confirmed -> completed, and
// draft|placed|confirmed -> cancelled while nothing has left; placed -> expired
// when its hold ends.
const (
	Draft     Status = "draft"
	Placed    Status = "placed"
	Confirmed Status = "confirmed"
	Completed Status = "completed"
	Cancelled Status = "cancelled"
	Expired   Status = "expired"
)

// PaymentStatus says how net payments stand to what is owed.
type PaymentStatus string

// The payment statuses.
const (
	Pending           PaymentStatus = "pending"
	PartiallyPaid     PaymentStatus = "partially_paid"
	Paid              PaymentStatus = "paid"
	PartiallyRefunded PaymentStatus = "partially_refunded"
	Refunded          PaymentStatus = "refunded"
	Overpaid          PaymentStatus = "overpaid"
)

// FulfilmentStatus says how much of an order has left.
type FulfilmentStatus string

// The fulfilment statuses.
const (
	Unfulfilled        FulfilmentStatus = "unfulfilled"
	PartiallyFulfilled FulfilmentStatus = "partially_fulfilled"
	Fulfilled          FulfilmentStatus = "fulfilled"
)

// Order is an order as it stands.
type Order struct {
	ID               int64              `json:"id"`
	Number           string             `json:"number" doc:"empty for a draft"`
	Status           Status             `json:"status" enum:"draft,placed,confirmed,completed,cancelled,expired"`
	PaymentStatus    PaymentStatus      `json:"paymentStatus" enum:"pending,partially_paid,paid,partially_refunded,refunded,overpaid"`
	FulfilmentStatus FulfilmentStatus   `json:"fulfilmentStatus" enum:"unfulfilled,partially_fulfilled,fulfilled"`
	Channel          Channel            `json:"channel" enum:"counter,phone,web,api,import"`
	LocationID       int64              `json:"locationId"`
	LocationName     string             `json:"locationName"`
	Currency         string             `json:"currency"`
	PricesIncludeTax bool               `json:"pricesIncludeTax"`
	Subtotal         money.Amount       `json:"subtotal" doc:"before discounts, as prices are entered"`
	Discount         money.Amount       `json:"discount" doc:"all line and order discounts"`
	DiscountReason   string             `json:"discountReason"`
	DiscountCode     string             `json:"discountCode" doc:"the code that gave the order its discount; empty for none"`
	Shipping         money.Amount       `json:"shipping" doc:"as prices are entered"`
	ShippingTaxRate  money.Rate         `json:"shippingTaxRate" doc:"thousandths of a percent"`
	ShippingTax      money.Amount       `json:"shippingTax"`
	Tax              money.Amount       `json:"tax" doc:"with shippingTax"`
	Taxes            []TaxSum           `json:"taxes" bun:"-" doc:"what was sold by tax rate, shipping's among it, the highest rate first; they add up to tax and total"`
	TaxesLeft        []TaxSum           `json:"taxesLeft,omitempty" bun:"-" doc:"what returns and allowances left of taxes; absent where there were none"`
	Total            money.Amount       `json:"total"`
	Paid             money.Amount       `json:"paid"`
	Refunded         money.Amount       `json:"refunded"`
	ReturnedTotal    money.Amount       `json:"returnedTotal" doc:"what received returns were worth; it is not owed any more"`
	Allowances       money.Amount       `json:"allowances" doc:"given for goodwill; it is not owed any more"`
	Due              money.Amount       `json:"due"`
	DueBack          money.Amount       `json:"dueBack" bun:"-" doc:"what was paid above what is owed"`
	BusinessDate     *db.Date           `json:"businessDate"`
	PlacedAt         *db.Time           `json:"placedAt" format:"date-time"`
	CreatedAt        db.Time            `json:"createdAt" format:"date-time"`
	UpdatedAt        db.Time            `json:"updatedAt" format:"date-time"`
	Token            string             `json:"token" doc:"unguessable; opens the order's tracking page"`
	Customer         *OrderCustomer     `json:"customer" bun:"-"`
	Address          *customers.Address `json:"address" doc:"where it goes; null for none"`
	Note             string             `json:"note" doc:"the customer's; what the staff write for each other is on the timeline"`
	Tags             []string           `json:"tags" bun:"-" doc:"words that the shop sorts its orders by"`
	AssignedTo       *staff.Assignee    `json:"assignedTo" bun:"-" doc:"who looks after it; null for nobody"`
	Unacknowledged   bool               `json:"unacknowledged" doc:"a new web order that nobody has seen: it rings"`
	AcknowledgedAt   *db.Time           `json:"acknowledgedAt" format:"date-time"`
	AcknowledgedBy   string             `json:"acknowledgedBy"`
	Language         string             `json:"language" doc:"that the customer reads; empty for the shop's"`
	CancelReason     string             `json:"cancelReason"`
	PaymentMethod    Method             `json:"paymentMethod" enum:",cash,card,transfer,other" doc:"how the customer means to pay; empty where nobody said"`
	HoldUntil        *db.Time           `json:"holdUntil" format:"date-time" doc:"when the order expires unless it is paid, packed or confirmed before; of an expired one, when it did; null for never"`
	PromisedOn       *db.Date           `json:"promisedOn" doc:"the day by which it is promised; null where nobody promised"`
	Actor            string             `json:"actor" bun:"actor_name" doc:"who took the order"`
	Lines            []OrderLine        `json:"lines" bun:"-"`
	Fulfilments      []Fulfilment       `json:"fulfilments" bun:"-"`
	Payments         []Payment          `json:"payments" bun:"-"`
	Returns          []Return           `json:"returns" bun:"-"`
	Version          int64              `json:"version"`
	DiscountCodeID   *int64             `json:"-"`
	SealedBefore     money.Amount       `json:"-"`         // what of its discounts went back with goods before it had this one
	NewBuyer         bool               `json:"-" bun:"-"` // made from a name alone: nobody can say whether they were here before
	CustomerID       *int64             `json:"-"`
	AssignedID       *int64             `json:"-"`
	AssignedName     string             `json:"-"`
	CustomerName     string             `json:"-"`
	CustomerEmail    string             `json:"-"`
	CustomerPhone    string             `json:"-"`
	DiscountAmount   *money.Amount      `json:"discountAmount,omitempty" doc:"off the whole order, where it was asked for as an amount"`
	DiscountPercent  *money.Rate        `json:"discountPercent,omitempty" doc:"off the whole order, where it was asked for as a percentage, in thousandths of a percent"`
}

// OrderCustomer is the customer as the order names them.
type OrderCustomer struct {
	ID    *int64 `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// OrderLine is one line as sold: a later change of the product does not move it.
type OrderLine struct {
	ID        int64         `json:"id"`
	VariantID int64         `json:"variantId"`
	SKU       string        `json:"sku" bun:"sku"`
	Name      string        `json:"name"`
	Options   string        `json:"options" doc:"the option values, as L / Blue"`
	Quantity  int64         `json:"quantity"`
	UnitPrice money.Amount  `json:"unitPrice"`
	UnitCost  *money.Amount `json:"unitCost,omitempty" bun:"-" doc:"absent for those who may not see costs"`
	Discount  money.Amount  `json:"discount" doc:"of this line alone"`
	// DiscountPercent makes the discount follow the quantity.
	DiscountPercent *money.Rate  `json:"discountPercent,omitempty" doc:"where the line's discount was asked for as a percentage, in thousandths of a percent"`
	FromOrder       money.Amount `json:"-"` // what of the discount of what is still there an exchange passed on of the order's amount, by hand or of a code
	OrderDiscount   money.Amount `json:"orderDiscount" doc:"its share of the order's discount"`
	InDiscount      bool         `json:"inDiscount" doc:"whether the order's discount is shared with it: a code for some goods takes nothing off the others"`
	TaxRate         money.Rate   `json:"taxRate" doc:"thousandths of a percent"`
	Tax             money.Amount `json:"tax"`
	Total           money.Amount `json:"total" doc:"with tax"`
	Fulfilled       int64        `json:"fulfilled"`
	Returned        int64        `json:"returned"`
	Sealed          Sealed       `json:"sealed,omitzero" bun:"embed:sealed_" doc:"what had come back when the line was last priced anew: that part keeps the price at which it came back"`
	Backordered     int64        `json:"backordered" doc:"the part that waits for stock"`
	// Image is how the variant looks now. The reply that places an order does without.
	Image *catalog.Picture `json:"image,omitempty" bun:"-" doc:"how the variant looks now; not in the reply that places the order"`

	OrderID   int64         `json:"-"`
	Tracked   bool          `json:"-"`
	Backorder bool          `json:"-"`
	At        string        `json:"-" bun:"-"`         // its place in the input, for a refusal: "lines[2]"
	Cost      *money.Amount `json:"-" bun:"unit_cost"` // for the books; UnitCost shows it to those who may see it
}

// title names a line with its options.
func (l *OrderLine) title() string {
	if l.Options == "" {
		return l.Name
	}
	return l.Name + " · " + l.Options
}

// NewOrder is what it takes to place an order. Prices are ours to set, not the
// caller's.
type NewOrder struct {
	db.Approvable
	Channel    Channel            `json:"channel" enum:"counter,phone,web,api"`
	LocationID int64              `json:"locationId,omitempty" minimum:"1" doc:"the default location when left out"`
	CustomerID *int64             `json:"customerId,omitempty" minimum:"1"`
	Customer   *customers.Contact `json:"customer,omitempty"`
	Address    *customers.Address `json:"address,omitempty" doc:"where it goes"`
	Note       string             `json:"note,omitempty" maxLength:"2000"`
	Language   string             `json:"language,omitempty" enum:"en,de" doc:"that the customer reads, for the mails about the order; the shop's when left out"`
	Draft      bool               `json:"draft,omitempty" doc:"save it without taking stock or a number; place it later"`
	Lines      []NewLine          `json:"lines" minItems:"1" maxItems:"500"`
	Discount   *NewDiscount       `json:"discount,omitempty"`
	// DiscountCode is in place of a discount by hand: a code is the order's discount.
	DiscountCode string       `json:"discountCode,omitempty" maxLength:"40" doc:"a code that the customer has, in place of a discount"`
	Shipping     *NewShipping `json:"shipping,omitempty"`
	Payments     []NewPayment `json:"payments,omitempty" maxItems:"20"`
	Fulfil       bool         `json:"fulfil,omitempty" doc:"hand everything over at once, as at the counter"`
	// PaymentMethod decides for how long a web order holds its stock unpaid.
	PaymentMethod Method   `json:"paymentMethod,omitempty" enum:"cash,card,transfer,other" doc:"how the customer means to pay"`
	PromisedOn    *db.Date `json:"promisedOn,omitempty" doc:"the day by which it is promised, at most a year from now; where something waits for stock and this is left out, when its suppliers deliver, if all of them say"`
	Replaces      string   `json:"replaces,omitempty" maxLength:"100" doc:"the token of the same customer's web order, which is called off first if it is held unpaid: nobody is kept waiting by their own hold"`
}

// NewLine is one line of a new order.
type NewLine struct {
	VariantID int64        `json:"variantId" minimum:"1"`
	Quantity  int64        `json:"quantity" minimum:"1" maximum:"1000000"`
	Discount  *NewDiscount `json:"discount,omitempty"`
}

// NewDiscount is an amount or a percentage off, never both.
type NewDiscount struct {
	Amount  *money.Amount `json:"amount,omitempty" minimum:"0" maximum:"9007199254740991" doc:"in minor units, as prices are entered"`
	Percent *money.Rate   `json:"percent,omitempty" minimum:"0" maximum:"100000" doc:"thousandths of a percent"`
	Reason  string        `json:"reason,omitempty" maxLength:"200"`
}

// NewShipping is what shipping costs.
type NewShipping struct {
	Price   money.Amount `json:"price,omitempty" minimum:"0" maximum:"9007199254740991" doc:"as prices are entered"`
	TaxRate *money.Rate  `json:"taxRate,omitempty" minimum:"0" maximum:"100000" doc:"thousandths of a percent; left out, the one it has in an order that is changed, else the settings' shippingTaxRate"`
}

func (o *Order) ref() stock.Ref { return stock.Ref{ID: o.ID, Number: o.Number} }

// open says whether the order still waits for something.
func (o *Order) open() bool { return o.Status == Placed || o.Status == Confirmed }
