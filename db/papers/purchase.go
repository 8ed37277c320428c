package papers

import (
	"io"

	"onhand/db/purchasing"
)

// PurchaseOrder writes an order for a supplier as it was sent, or a draft of one: in its own language, whatever the paper's is, and of
// nothing but its facts. Its barcode opens it where the goods are unpacked.
func PurchaseOrder(w io.Writer, d Paper, facts *purchasing.PurchaseFacts) error {
	d.Language = facts.Language
	f := d.newFlow(facts.PaperSize, "", facts.Currency)
	title := f.say("purchase_draft")
	if facts.Number != "" {
		title = f.say("purchase_order", "number", facts.Number)
	}
	f.title = printable(facts.Shop + " · " + title)
	f.letterhead(facts.Shop, facts.Address)
	if facts.Number != "" {
		f.barcodeAtTop(facts.Number)
	}
	f.addressee(append([]string{facts.Supplier, facts.Contact}, lines(facts.SupplierAddress)...))
	f.purchaseMeta(facts)
	f.write(title, bold, 15)
	f.y += 1
	for _, s := range lines(facts.Note) {
		f.write(s, "", flowSize)
	}
	f.y += 3
	f.table(column{title: f.say("your_code"), width: 34}, column{title: f.say("item")}, column{title: f.say("quantity"), width: 16, right: true},
		column{title: f.say("unit_price"), width: 26, right: true}, column{title: f.say("amount"), width: 28, right: true})
	for _, l := range facts.Lines {
		f.row("", []string{l.Code, l.Name, f.count(l.Quantity), f.sum(l.UnitCost), f.sum(l.Cost)}, f.say("our_code", "sku", l.SKU))
	}
	f.end()
	total := printable(f.money(facts.Total))
	f.need(flowLine + 2)
	f.SetFont(family, bold, 11)
	f.at(f.right()-max(34, f.wide(total)+6), f.say("total"), bold, 11, true)
	f.at(f.right(), total, bold, 11, true)
	return f.output(w)
}

// purchaseMeta is what an order has to say beside its lines, at the right of its addressee.
func (f *flow) purchaseMeta(facts *purchasing.PurchaseFacts) {
	var rows [][2]string
	if facts.SentOn != nil {
		rows = append(rows, [2]string{f.say("invoice_date"), f.day(*facts.SentOn)})
	}
	if facts.ExpectedOn != nil {
		rows = append(rows, [2]string{f.say("expected_on"), f.day(*facts.ExpectedOn)})
	}
	f.meta(append(rows, [2]string{f.say("deliver_to"), facts.DeliverTo}))
}
