package papers

import (
	"io"
	"strings"

	"onhand/db/settings"
	"onhand/db/stock"
)

// PackingList writes what lies in the box of a transfer, without a price and with a box to tick: whoever unpacks it checks it line by
// line, and its barcode opens it. It stays in the house and speaks its language.
func PackingList(w io.Writer, d Paper, shop *settings.Settings, t *stock.Transfer) error {
	f := d.newFlow(shop.PaperSize, "", shop.Currency)
	name := f.say("draft")
	if t.Number != "" {
		name = f.say("stock_transfer", "number", t.Number)
		f.barcode(t.Number, f.right()-60, 60, 13)
	}
	f.title = printable(f.say("packing_list") + " · " + name)
	f.writeIn(f.say("packing_list"), bold, 15, f.inner()-62)
	f.y += 1
	f.writeIn(name, "", flowSize, f.inner()-62)
	f.y = max(f.y+2, topMargin+16)
	f.write(f.say("from_to", "from", t.FromLocationName, "to", t.ToLocationName), bold, 11)
	if t.ShippedAt != nil {
		f.write(f.say("sent_on", "date", f.moment(*t.ShippedAt)), "", flowSize)
	}
	for _, s := range lines(t.Note) {
		f.write(s, "", flowSize)
	}
	f.y += 4
	f.table(column{width: 8}, column{title: f.say("quantity"), width: 16, right: true}, column{width: 4}, column{title: f.say("item")}, column{title: f.say("sku"), width: 48})
	units := int64(0)
	for _, l := range t.Lines {
		top := f.row("", []string{"", f.count(l.Quantity), "", l.Name, l.SKU}, f.lots(l.Lots))
		f.Rect(f.left()+0.5, top+0.5, 3.4, 3.4, "D")
		units += l.Quantity
	}
	f.row(bold, []string{"", f.count(units), "", f.say("units"), ""})
	f.end()
	return f.output(w)
}

// lots says how much of a line is of which lot.
func (f *flow) lots(lots []stock.TransferLot) string {
	said := make([]string, len(lots))
	for i, l := range lots {
		said[i] = f.count(l.Quantity) + " × " + l.Lot
		if l.ExpiresOn != nil {
			said[i] = strings.TrimSpace(said[i] + " " + f.say("best_before", "date", f.day(*l.ExpiresOn)))
		}
	}
	return strings.Join(said, " · ")
}
