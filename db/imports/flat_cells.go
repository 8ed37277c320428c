package imports

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/table"
)

// about reads what belongs to the product as a whole: each field from the first row that has it, and no other row may differ.
func (f *flat) about(p *product, rows []*row) {
	p.name = f.line(f.agreed(p, rows, fName))
	p.row.name = p.name
	p.slug = f.agreed(p, rows, fHandle)
	p.taxRate = money.Rate(f.settings.DefaultTaxRate)
	for _, t := range []struct {
		field string
		to    **string
	}{{fBrand, &p.brand}, {fCategory, &p.category}, {fNotes, &p.notes}} {
		if v := f.agreed(p, rows, t.field); v != "" {
			*t.to = &v
		}
	}
	if v := f.agreed(p, rows, fDescription); v != "" {
		p.description = f.described(p, v)
	}
	if tags := f.agreed(p, rows, fTags); tags != "" {
		for tag := range strings.SplitSeq(tags, ",") { // none has a comma, so a backslash before one is the tag's own
			if tag = strings.TrimSpace(tag); tag != "" {
				p.tags = append(p.tags, tag)
			}
		}
	}
	if v := f.agreed(p, rows, fPublished); v != "" {
		p.published = f.flag(p.row, fPublished, v)
	}
	if v := f.agreed(p, rows, fTaxRate); v != "" {
		f.rate(p, v)
	}
	for _, r := range rows { // those of rows that are wrong too: the product may come without them
		p.show(addresses(f.get(r, fPictures)))
	}
	p.show(f.pictures[keyOf("handle", p.slug)])
}

// described is a description as text.
func (f *flat) described(p *product, v string) *string {
	switch {
	case len(v) > maxMarkup:
		f.fail(p.row, fDescription, "too_long", "This is %d bytes long; at most %d are taken. Shorten it.", len(v), maxMarkup)
		return nil
	case f.plain:
		v = strings.ReplaceAll(v, "\r\n", "\n")
	default:
		v = plainText(v)
	}
	return &v
}

// show adds the addresses of pictures that are not there yet.
func (p *product) show(urls []string) {
	for _, url := range urls {
		if len(p.pictures) < maxPictures && len(url) <= maxAddress && !slices.Contains(p.pictures, url) {
			p.pictures = append(p.pictures, url)
		}
	}
}

// agreed is what the rows of a product say of it in a field.
func (f *flat) agreed(p *product, rows []*row, field string) (value string) {
	var first *row
	for _, r := range rows {
		switch v := f.get(r, field); {
		case v == "":
		case value == "":
			value, first = v, r
		case v != value && folded(v) != folded(value):
			f.fail(r, field, "differs", "The rows %d and %d are one product and say different things of it. Make them the same.", first.number, r.number).
				With("rows", []int{first.number, r.number})
		}
	}
	return value
}

// rate reads a percentage.
func (f *flat) rate(p *product, v string) {
	separator, _ := decimalRune(v, table.Rate, 0, f.Dialect.Decimal)
	if separator == ',' {
		v = strings.Replace(v, ",", ".", 1)
	}
	rate, err := money.ParseRate(v)
	if err != nil || rate < 0 || rate > money.Whole {
		f.fail(p.row, fTaxRate, "bad_rate", "%q is no rate between 0 and 100. Write the percentage, such as 19.", v).With("value", v)
		return
	}
	if p.taxRate = rate; f.ours {
		p.newRate = &rate
	}
}

// offer reads what a row says of its variant.
func (f *flat) offer(r *row, p *product, values []string) *offer {
	o := &offer{row: r, follows: f.ours}
	if p.here != 0 {
		o.here = ref(f.here[keyOf(f.means(r.line))])
	}
	if r.sku = f.text(r, fSKU, 64); r.sku != "" {
		f.once(f.keys, keyOf("sku", r.sku), r.sku, r, fSKU, "duplicate_key")
	}
	for i, field := range values {
		if v := f.line(f.get(r, field)); v != "" {
			o.values.set(folded(p.options[i]), v)
		}
	}
	o.link = p.variantKey(o)
	f.barcodes(r, o)
	o.price, o.compareAt, o.cost = f.amount(r, fPrice), f.amount(r, fCompareAt), f.amount(r, fCost)
	o.salePrice, o.saleStarts, o.saleEnds = f.amount(r, fSalePrice), f.moment(r, fSaleStarts), f.moment(r, fSaleEnds)
	o.reorderPoint, o.maxStock = f.count(r, fReorderPoint), f.count(r, fMaxStock)
	if name := f.text(r, fSupplier, 200); name != "" {
		o.supply = &catalog.Supply{Supplier: name, Code: f.text(r, fSupplierCode, 100), Cost: o.cost}
	}
	for i, c := range f.stocks {
		if n := f.count(r, c.field); n != nil {
			o.stock = append(o.stock, number{&f.stocks[i], *n})
		}
	}
	if v := f.get(r, fTracked); v != "" {
		o.tracked = f.flag(r, fTracked, v)
	}
	if o.tracked != nil && !*o.tracked {
		o.stock = nil
	}
	if o.tracked == nil && len(f.stocks) > 0 { // a number is for what is counted
		o.counts = ref(o.stock != nil)
	}
	switch v := strings.ToLower(f.get(r, fPolicy)); v {
	case "":
	case "deny":
		o.policy = ref(catalog.Deny)
	case "backorder", "continue":
		o.policy = ref(catalog.Backorder)
	default:
		f.fail(r, fPolicy, "bad_flag", "%q is none of deny and backorder. Correct it.", v).With("value", v)
	}
	r.price = o.price
	r.name = catalog.FullName(p.name, strings.Join(valuesOf(p, o), " / "))
	return o
}

func valuesOf(p *product, o *offer) (values []string) {
	for _, name := range p.options {
		values = append(values, o.value(name))
	}
	return values
}

// line is a text of one line, without HTML where the system writes that.
func (f *flat) line(s string) string {
	if f.plain {
		return s
	}
	return oneLine(s)
}

func (f *flat) text(r *row, field string, limit int) string {
	s, err := db.Text("", f.get(r, field), limit)
	f.blame(r, field, err)
	return s
}

func (f *flat) amount(r *row, field string) *money.Amount {
	v := f.get(r, field)
	if v == "" {
		return nil
	}
	a, err := amount(v, f.settings.Currency, f.Dialect.Decimal)
	if err != nil {
		f.blame(r, field, err)
		return nil
	}
	return &a
}

func (f *flat) count(r *row, field string) *int64 {
	v := f.get(r, field)
	if v == "" {
		return nil
	}
	n, err := quantity(v, f.Dialect.Decimal)
	if err != nil {
		f.blame(r, field, err)
		return nil
	}
	return &n
}

// flags are how people and systems write yes and no.
var flags = map[string]bool{"1": true, "true": true, "yes": true, "y": true, "x": true, "ja": true, "j": true, "oui": true, "sí": true, "si": true, "active": true,
	"0": false, "-1": false, "false": false, "no": false, "n": false, "nein": false, "non": false, "draft": false, "archived": false}

func (f *flat) flag(r *row, field, v string) *bool {
	is, known := flags[strings.ToLower(v)]
	if !known {
		f.fail(r, field, "bad_flag", "%q is neither yes nor no. Correct it.", v).With("value", v)
		return nil
	}
	return &is
}

// barcodes reads codes and packs as our own export writes them.
func (f *flat) barcodes(r *row, o *offer) {
	for _, code := range codesOf(f.get(r, fBarcodes)) {
		if f.code(r, fBarcodes, code) {
			o.barcodes = append(o.barcodes, code)
		}
	}
	packs, err := splitPacks(f.get(r, fPacks))
	if err != nil {
		f.fail(r, fPacks, "bad_pack", "A pack is written as its code and how many are in it, such as 4006381333948 x6. Correct this one.").With("value", f.get(r, fPacks))
		return
	}
	for _, pack := range packs {
		if f.code(r, fPacks, pack.Code) {
			o.packs = append(o.packs, pack)
		}
	}
}

// moments are the ways of writing one that can mean one thing only.
var moments = []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "02.01.2006 15:04:05", "02.01.2006 15:04"}

// days are moments without an hour.
var days = []string{time.DateOnly, "02.01.2006"}

// moment reads when a sale starts or ends.
func (f *flat) moment(r *row, field string) *db.Time {
	v := f.get(r, field)
	if v == "" {
		return nil
	}
	at, ok := f.momentOf(v, field == fSaleEnds)
	if !ok {
		f.fail(r, field, "bad_date", "%q is no date such as 2026-11-20. Correct it.", v).With("value", v)
		return nil
	}
	return &at
}

// momentOf is a point in time in the shop's zone; a day alone is its beginning, or as an end all of it.
func (s *sheet) momentOf(text string, end bool) (at db.Time, ok bool) {
	for i, form := range slices.Concat(moments, days) {
		at, err := time.ParseInLocation(form, text, cmp.Or(s.settings.Zone(), time.UTC))
		if err != nil {
			continue
		}
		if end && i >= len(moments) {
			at = at.AddDate(0, 0, 1)
		}
		return db.TimeOf(at), true
	}
	return 0, false
}

// addresses are those of pictures in a cell, one after the other.
func addresses(cell string) (urls []string) {
	for url := range strings.FieldsSeq(strings.ReplaceAll(cell, ",http", " http")) {
		url = strings.TrimRight(url, ",")
		if lower := strings.ToLower(url); strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
			urls = append(urls, url)
		}
	}
	return urls
}
