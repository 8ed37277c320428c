package papers

import (
	"cmp"
	"io"

	"onhand/db/sales"
	"onhand/db/settings"
)

// PackingSlip writes what lies in a parcel, without a price: of a fulfilment, or without one of what is in none yet (see
// sales.Order.Contents).
func PackingSlip(w io.Writer, d Paper, shop *settings.Settings, o *sales.Order, parcel *sales.Fulfilment) error {
	f := d.newFlow(shop.PaperSize, "", o.Currency)
	f.slip(shop, o, parcel)
	return f.output(w)
}

// PackingSlips writes what lies in no parcel yet of some orders, each on sheets of its own and in the language of its customer.
func PackingSlips(w io.Writer, d Paper, shop *settings.Settings, orders []sales.Order) error {
	var f *flow
	for i := range orders {
		o, in := &orders[i], d
		in.Language = cmp.Or(o.Language, d.Language)
		if f == nil {
			f = in.newFlow(shop.PaperSize, "", o.Currency)
		} else {
			f.next(in.voice(o.Currency))
		}
		f.slip(shop, o, nil)
	}
	return f.output(w)
}

func (f *flow) slip(shop *settings.Settings, o *sales.Order, parcel *sales.Fulfilment) {
	f.title = printable(f.say("packing_slip") + " · " + f.say("order", "number", o.Number))
	f.letterhead(shop.Name, shop.Address)
	f.barcodeAtTop(o.Number)
	f.addressee(o.Recipient())
	f.write(f.say("packing_slip"), bold, 15)
	f.y += 1
	f.write(f.say("order", "number", o.Number), "", flowSize)
	if o.PlacedAt != nil {
		f.write(f.say("ordered_on", "date", f.date(*o.PlacedAt)), "", flowSize)
	}
	if parcel != nil && parcel.Carrier+parcel.TrackingNumber != "" {
		f.write(f.say("carrier")+" "+parcel.Carrier+" "+parcel.TrackingNumber, "", flowSize)
	}
	f.y += 4
	packed := o.Contents(parcel)
	if len(packed) == 0 {
		f.write(f.say("nothing_to_pack"), "", flowSize)
		return
	}
	f.table(column{title: f.say("quantity"), width: 18, right: true}, column{width: 4}, column{title: f.say("item")}, column{title: f.say("sku"), width: 48})
	for _, p := range packed {
		f.row("", []string{f.count(p.Quantity), "", named(p.Name, p.Options), p.SKU})
	}
	f.end()
}

// letterhead is the shop at the head of a paper that leaves the house.
func (f *flow) letterhead(name, address string) {
	width := f.inner() - 62
	f.writeIn(name, bold, 13, width)
	for _, s := range lines(address) {
		f.writeIn(s, "", flowSize, width)
	}
}

// barcodeAtTop is the order in the upper right corner, where whoever packs scans it.
func (f *flow) barcodeAtTop(number string) {
	y := f.y
	f.y = topMargin
	f.barcode(number, f.right()-60, 60, 13)
	f.y = max(y, topMargin+16)
}

// addressee stands where an envelope with a window shows it.
func (f *flow) addressee(lines []string) {
	f.y = max(f.y+6, 48)
	for _, s := range lines {
		f.writeIn(s, "", 10, 85)
	}
	f.y = max(f.y+6, 92)
}
