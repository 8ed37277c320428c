package papers

import (
	"cmp"
	"io"
	"strings"

	"onhand/db/sales"
	"onhand/db/settings"
)

// PickList writes what is to be taken from the shelves for some orders, shelf by shelf, with a box to tick. It stays in the house and
// speaks its language.
func PickList(w io.Writer, d Paper, shop *settings.Settings, list *sales.PickList) error {
	f := d.newFlow(shop.PaperSize, "", shop.Currency)
	f.title = f.say("pick_list")
	single := len(list.Orders) == 1
	if single {
		f.title += " · " + f.say("order", "number", list.Orders[0].Number)
		f.barcode(list.Orders[0].Number, f.right()-60, 60, 13)
	}
	f.title = printable(f.title)
	f.write(f.say("pick_list"), bold, 15)
	f.y += 1
	if single {
		o := list.Orders[0]
		f.write(strings.Join(append([]string{f.say("order", "number", o.Number)}, o.Recipient()[:min(1, len(o.Recipient()))]...), " · "), "", flowSize)
	}
	f.write(f.say("printed_at", "date", f.date(list.At)), "", flowSize)
	f.y = max(f.y+4, topMargin+18)
	if len(list.Picks) == 0 {
		f.write(f.say("nothing_to_pick"), "", flowSize)
	} else {
		f.picks(list, single)
	}
	if !single {
		f.orders(list.Orders)
	}
	return f.output(w)
}

func (f *flow) picks(list *sales.PickList, single bool) {
	f.table(column{width: 8}, column{title: f.say("quantity"), width: 16, right: true}, column{width: 4}, column{title: f.say("item")}, column{title: f.say("sku"), width: 48})
	shelf := ""
	for i, p := range list.Picks {
		if at := p.LocationName + " · " + cmp.Or(p.Category, f.say("no_category")); i == 0 || at != shelf {
			shelf = at
			f.need(4 * flowLine) // a shelf's name does not stand at the foot alone
			f.y += 1.5
			f.row(bold, []string{"", "", "", shelf, ""})
		}
		details := ""
		if !single {
			details = f.shared(p)
		}
		top := f.row("", []string{"", f.count(p.Quantity), "", named(p.Name, p.Options), p.SKU}, details)
		f.Rect(f.left()+0.5, top+0.5, 3.4, 3.4, "D")
	}
	f.end()
}

// shared says how much of a pick is for which order.
func (f *flow) shared(p sales.Pick) string {
	each := make([]string, len(p.Orders))
	for i, o := range p.Orders {
		each[i] = o.Number + ": " + f.count(o.Quantity)
	}
	return strings.Join(each, " · ")
}

// orders are the orders of a list with their barcodes, to be opened one after the other.
func (f *flow) orders(orders []sales.Order) {
	const columns, height = 3, 24
	f.need(height + 2*flowLine)
	f.y += 4
	f.write(f.say("orders"), bold, 11)
	each := f.inner() / columns
	for i, o := range orders {
		if i%columns == 0 {
			f.need(height)
		}
		x := f.left() + each*float64(i%columns)
		f.SetFont(family, "", detailSize)
		f.at(x+2, f.cut(printable(cmp.Or(o.CustomerName, f.say("walk_in"))), each-4), "", detailSize, false)
		f.y += 5
		f.barcode(o.Number, x, each-4, 12)
		f.y -= 5
		if i%columns == columns-1 || i == len(orders)-1 {
			f.y += height
		}
	}
}
