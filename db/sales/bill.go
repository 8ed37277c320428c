package sales

import (
	"cmp"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
)

// InvoiceFacts are what an invoice or a credit note says, as it was when it was issued. Amounts that it takes back are below zero.
type InvoiceFacts struct {
	Shop      string         `json:"shop"`
	Address   string         `json:"address"`
	TaxNumber string         `json:"taxNumber"`
	Recipient []string       `json:"recipient"` // a line each
	Order     string         `json:"order"`     // its number
	OrderedOn *db.Date       `json:"orderedOn"`
	Supplied  *[2]db.Date    `json:"supplied"` // from and to; nothing before something left
	Language  string         `json:"language"`
	Currency  string         `json:"currency"`
	TaxIn     bool           `json:"taxIn"` // prices include the tax
	Lines     []InvoiceLine  `json:"lines"`
	Taxes     []TaxSum       `json:"taxes"`
	Tax       money.Amount   `json:"tax"`
	Total     money.Amount   `json:"total"`
	Paid      money.Amount   `json:"paid"` // of the order, net of refunds
	Due       money.Amount   `json:"due"`
	Before    []InvoiceNamed `json:"before"` // what was issued for the order before
}

// InvoiceLine is one line of such a document, or its shipping.
type InvoiceLine struct {
	LineID    int64        `json:"lineId"` // 0 for shipping
	Name      string       `json:"name"`
	Options   string       `json:"options,omitempty"`
	SKU       string       `json:"sku,omitempty" bun:"sku"`
	Quantity  int64        `json:"quantity"` // 0 where only the price changed
	UnitPrice money.Amount `json:"unitPrice"`
	Gross     money.Amount `json:"gross"`
	Discount  money.Amount `json:"discount"` // of the line, its share of the order's and allowances
	TaxRate   money.Rate   `json:"taxRate"`
	Tax       money.Amount `json:"tax"`
	Total     money.Amount `json:"total"` // with tax
}

// InvoiceNamed is a document that another one refers to.
type InvoiceNamed struct {
	Kind   InvoiceKind `json:"kind"`
	Number string      `json:"number"`
	Date   db.Date     `json:"date"`
}

// bill is what the documents of an order do not say yet: by how much its sale entries are more or less than they.
type bill struct {
	order     *Order
	issued    []Invoice
	lastEntry int64 // that is counted in
	facts     InvoiceFacts
}

// billedAt is a line at a rate: the rate of shipping may change.
type billedAt struct {
	line int64
	rate money.Rate
}

func billOf(tx *db.Tx, o *Order) (*bill, error) {
	issued, err := issuedOf(tx, o.ID)
	if err != nil {
		return nil, err
	}
	b := &bill{order: o, issued: issued}
	var worth []InvoiceLine
	err = tx.Select(&worth, `SELECT coalesce(e.line_id, 0) AS line_id, coalesce(l.name, '') AS name, coalesce(l.options, '') AS options, coalesce(l.sku, '') AS sku,
			coalesce(l.unit_price, 0) AS unit_price, coalesce(l.tax_rate, ?2) AS tax_rate,
			sum(e.quantity) AS quantity, sum(e.gross) AS gross, sum(e.discount) AS discount, sum(e.tax) AS tax, sum(e.total) AS total
		FROM sale_entries e LEFT JOIN order_lines l ON l.id = e.line_id WHERE e.order_id = ?1 GROUP BY e.line_id ORDER BY e.line_id IS NULL, e.line_id`, o.ID, o.ShippingTaxRate)
	if err == nil {
		err = tx.Row("SELECT coalesce(max(id), 0) FROM sale_entries WHERE order_id = ?1", []any{o.ID}, &b.lastEntry)
	}
	if err != nil {
		return nil, fmt.Errorf("read what the order is worth: %w", err)
	}
	b.reckon(worth)
	return b, nil
}

// reckon takes what was billed from what the lines are worth.
func (b *bill) reckon(worth []InvoiceLine) {
	billed := map[billedAt]InvoiceLine{}
	var order []billedAt
	for _, inv := range b.issued {
		for _, l := range inv.Facts.Lines {
			at := billedAt{l.LineID, l.TaxRate}
			before, ok := billed[at]
			if !ok {
				order = append(order, at)
			}
			billed[at] = l.plus(before, 1)
		}
	}
	for _, l := range worth {
		at := billedAt{l.LineID, l.TaxRate}
		b.add(l.plus(billed[at], -1))
		delete(billed, at)
	}
	for _, at := range order {
		if l, ok := billed[at]; ok {
			b.add(InvoiceLine{LineID: l.LineID, Name: l.Name, Options: l.Options, SKU: l.SKU, UnitPrice: l.UnitPrice, TaxRate: l.TaxRate}.plus(l, -1))
		}
	}
	var sums taxSums
	for _, l := range b.facts.Lines {
		sums.add(l.TaxRate, l.Total-l.Tax, l.Tax)
	}
	b.facts.Taxes = sums.sorted()
}

// plus adds the figures of another line, or takes them away. Both are within an order's, which were checked.
func (l InvoiceLine) plus(other InvoiceLine, sign int64) InvoiceLine {
	by := money.Amount(sign)
	l.Quantity += sign * other.Quantity
	l.Gross += by * other.Gross
	l.Discount += by * other.Discount
	l.Tax += by * other.Tax
	l.Total += by * other.Total
	return l
}

func (b *bill) add(l InvoiceLine) {
	if l.Quantity == 0 && l.Gross == 0 && l.Discount == 0 && l.Tax == 0 && l.Total == 0 {
		return
	}
	b.facts.Lines = append(b.facts.Lines, l)
	b.facts.Tax += l.Tax
	b.facts.Total += l.Total
}

// kind is what the bill would be: the first document of an order is an invoice, whatever it comes to, later ones are credit notes
// unless they ask for more. Empty when there is nothing to issue.
func (b *bill) kind() InvoiceKind {
	switch {
	case len(b.facts.Lines) == 0 || b.order.Number == "":
		return ""
	case len(b.issued) == 0 || b.facts.Total > 0:
		return PlainInvoice
	}
	return CreditNote
}

// head puts what stands around the lines into the facts.
func (b *bill) head(tx *db.Tx, s *settings.Settings) error {
	o, f := b.order, &b.facts
	f.Shop, f.Address, f.TaxNumber = s.Name, s.Address, s.TaxNumber
	f.Recipient, f.Order, f.OrderedOn = o.Recipient(), o.Number, o.BusinessDate
	f.Language, f.Currency, f.TaxIn = cmp.Or(o.Language, s.Language), o.Currency, o.PricesIncludeTax
	f.Paid, f.Due = o.Paid-o.Refunded, o.Due
	nameTaxes(f.Taxes, s)
	for _, inv := range b.issued {
		f.Before = append(f.Before, InvoiceNamed{inv.Kind, inv.Number, inv.BusinessDate})
	}
	var from, to *db.Time
	err := tx.Row(`SELECT min(t.at), max(t.at) FROM fulfilments f JOIN order_timeline t ON t.order_id = f.order_id AND t.kind IN ('shipped', 'collected') AND t.params ->> 'fulfilmentId' = f.id
		WHERE f.order_id = ?1 AND f.status IN ('shipped', 'delivered', 'collected')`, []any{o.ID}, &from, &to)
	if err != nil {
		return fmt.Errorf("read when it was supplied: %w", err)
	}
	if from != nil && to != nil {
		f.Supplied = &[2]db.Date{s.Today(*from), s.Today(*to)}
	}
	return nil
}
