package imports

import (
	"context"

	"onhand/db"
	"onhand/db/sales"
)

// soldLine is a line of an order: one row of the orders' file. Sums and what else belongs to the order as a whole stand on its
// first line alone, so that a column can be added up.
type soldLine struct {
	*sales.Order
	line  sales.OrderLine
	first bool
}

// whole is a cell that only the first line has.
func whole(title string, cell func(*sales.Order) any) column[soldLine] {
	return column[soldLine]{title, 12, false, func(s soldLine) any {
		if !s.first {
			return nil
		}
		return cell(s.Order)
	}}
}

var orderColumns = []column[soldLine]{
	{"Order", 10, false, func(s soldLine) any { return s.Number }},
	{"Date", 11, false, func(s soldLine) any { return s.BusinessDate }},
	{"Placed at", 17, false, func(s soldLine) any { return s.PlacedAt }},
	{"Status", 12, false, func(s soldLine) any { return string(s.Status) }},
	{"Payment", 12, false, func(s soldLine) any { return string(s.PaymentStatus) }},
	{"Fulfilment", 12, false, func(s soldLine) any { return string(s.FulfilmentStatus) }},
	{"Channel", 10, false, func(s soldLine) any { return string(s.Channel) }},
	{"Location", 18, false, func(s soldLine) any { return s.LocationName }},
	{"Taken by", 16, false, func(s soldLine) any { return s.Actor }},
	{"Customer name", 24, false, func(s soldLine) any { return s.CustomerName }},
	{"Customer email", 24, false, func(s soldLine) any { return s.CustomerEmail }},
	{"Customer phone", 18, false, func(s soldLine) any { return s.CustomerPhone }},
	{"SKU", 18, false, func(s soldLine) any { return s.line.SKU }},
	{"Name", 32, false, func(s soldLine) any { return s.line.Name }},
	{"Options", 16, false, func(s soldLine) any { return s.line.Options }},
	{"Quantity", 0, false, func(s soldLine) any { return s.line.Quantity }},
	{"Unit price", 12, false, func(s soldLine) any { return s.line.UnitPrice }},
	{"Discount", 12, false, func(s soldLine) any { return s.line.Discount + s.line.OrderDiscount }},
	{"Tax rate", 0, false, func(s soldLine) any { return s.line.TaxRate }},
	{"Tax", 12, false, func(s soldLine) any { return s.line.Tax }},
	{"Line total", 12, false, func(s soldLine) any { return s.line.Total }},
	{"Unit cost", 12, true, func(s soldLine) any { return s.line.UnitCost }},
	{"Fulfilled", 0, false, func(s soldLine) any { return s.line.Fulfilled }},
	{"Returned", 0, false, func(s soldLine) any { return s.line.Returned }},
	whole("Shipping", func(o *sales.Order) any { return o.Shipping }),
	whole("Shipping tax", func(o *sales.Order) any { return o.ShippingTax }),
	whole("Order total", func(o *sales.Order) any { return o.Total }),
	whole("Paid", func(o *sales.Order) any { return o.Paid }),
	whole("Refunded", func(o *sales.Order) any { return o.Refunded }),
	whole("Due", func(o *sales.Order) any { return o.Due }),
	whole("Note", func(o *sales.Order) any { return o.Note }),
}

// ExportOrders prepares a list of orders: a row for each line.
func ExportOrders(ctx context.Context, d *db.DB, f sales.OrderFilter) (*Export, error) {
	q := f.Q
	return export(ctx, d, "orders", orderColumns, func(ctx context.Context, l db.List) (db.Page[sales.Order], error) {
		f.List, f.Q = l, q
		return sales.Orders(ctx, d, f)
	}, func(o sales.Order) []soldLine {
		rows := make([]soldLine, len(o.Lines))
		for i, l := range o.Lines {
			rows[i] = soldLine{&o, l, i == 0}
		}
		return rows
	})
}
