package imports

import (
	"cmp"
	"slices"
	"strings"
)

// quirks are how files of one system differ from others that have a row for each variant.
type quirks struct {
	// ours says that tax rates and tracking are meant for here, so that they change what is here already.
	ours bool
	// plain says that texts are as they are, without HTML.
	plain bool
	// bySKU says that a product is known by its SKUs and needs no other key.
	bySKU bool
	// prepare looks at a row before anything else: it may skip it, or give cells another meaning.
	prepare func(f *flat, r *row)
	// grouped looks at the rows of a product once they are together.
	grouped func(f *flat, rows []*row)
}

// flat reads files that have one row for each variant; those of one product share a handle, or else a name.
type flat struct {
	*goods
	quirks
	byKey map[string]*product
	// pictures are addresses from rows that have nothing else, by the key of their product.
	pictures map[string][]string
}

func flatProducts(s *sheet, q quirks) *goods {
	f := &flat{goods: newGoods(s), quirks: q, byKey: map[string]*product{}, pictures: map[string][]string{}}
	for _, r := range f.rows {
		r.name = f.line(f.cell(r.line, fName))
		f.shape(r)
		if q.prepare != nil && r.outcome == "" {
			q.prepare(f, r)
		}
		if r.outcome == "" {
			f.group(r)
		}
	}
	for _, p := range f.products {
		f.product(p)
	}
	return f.goods
}

// put gives a row another value of a field than its cell has.
func (f *flat) put(r *row, field, value string) { r.instead.set(field, value) }

// get is what a row has in a field.
func (f *flat) get(r *row, field string) string {
	if v, ok := r.instead.get(field); ok {
		return v
	}
	return f.cell(r.line, field)
}

// group puts a row to its product: the one of its handle, or of its name where rows have options. Any other row is a product.
func (f *flat) group(r *row) {
	if f.format.partial && f.nameless(r.line) {
		if p := f.part(r); p != nil {
			p.rows = append(p.rows, r)
		}
		return
	}
	shared := keyOf("handle", f.get(r, fHandle))
	optioned := slices.ContainsFunc(optionFields, func(o struct{ name, value string }) bool { return f.get(r, o.value) != "" })
	if shared == "" && optioned {
		shared = keyOf("name", f.get(r, fName))
	}
	p := f.byKey[shared]
	if p == nil {
		p = &product{row: &row{number: r.number}, first: r}
		f.products = append(f.products, p)
		if shared != "" {
			f.byKey[shared] = p
		}
		if p.link = cmp.Or(shared, keyOf("name", f.get(r, fName))); f.bySKU {
			p.link = ""
		}
	}
	p.rows = append(p.rows, r)
}

// product reads what the rows of one product say.
func (f *flat) product(p *product) {
	rows := p.rows
	if f.grouped != nil {
		f.grouped(f, rows)
	}
	f.about(p, rows)
	defer f.read(p)
	names := f.options(p, rows)
	for _, r := range rows {
		if r.name == "" {
			r.name = p.name
		}
		o := f.offer(r, p, names)
		switch {
		case r.outcome != "":
			continue
		case len(p.options) == 0 && len(p.offers) > 0 && p.here == 0:
			f.fail(r, fHandle, "option_needed", "The rows %d and %d are one product, and nothing says how they differ. Give them options.", p.offers[0].row.number, r.number).
				With("rows", []int{p.offers[0].row.number, r.number})
		default:
			p.offers = append(p.offers, o)
		}
	}
}

// read is done with the rows of a product: their cells, which are most of what a file holds, go before those of the next are read.
func (f *flat) read(p *product) {
	f.share(p)
	for _, r := range p.rows {
		r.letGo()
	}
}

// options are the names of what tells the variants of a product apart, with the fields of their values.
func (f *flat) options(p *product, rows []*row) (values []string) {
	for _, o := range optionFields {
		name, valued := "", false
		for _, r := range rows {
			name = cmp.Or(name, f.line(f.get(r, o.name)))
			valued = valued || f.get(r, o.value) != ""
		}
		if !valued {
			continue
		}
		if name == "" {
			name = f.spelled(o.value)
		}
		p.options, values = append(p.options, name), append(values, o.value)
	}
	p.many = len(p.options) > 0
	return values
}

// variantKey is what a variant without a SKU is found by: its product and its values.
func (p *product) variantKey(o *offer) string {
	if o.row.sku != "" || p.link == "" {
		return ""
	}
	parts := []string{"variant", p.link}
	for _, name := range p.options {
		parts = append(parts, folded(o.value(name)))
	}
	return strings.Join(parts, "|")
}
