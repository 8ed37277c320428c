package imports

import (
	"onhand/db"
	"onhand/db/barcode"
	"onhand/db/catalog"
	"onhand/db/money"
)

// product is a product as the file has it. What the file does not say is nil.
type product struct {
	row         *row   // that the product is told of in; where variants share it, one that stands for it
	first       *row   // the first of those it stands for, nil where the product has a row of its own
	here        int64  // the product here that its rows are of, where they have no name; else 0
	rows        []*row // of its variants where those have their own, the wrong ones too
	many        bool   // of several variants
	link        string // under which a product of several variants is found again
	name        string
	description *string
	brand       *string
	category    *string
	published   *bool
	taxRate     money.Rate  // of a new one
	newRate     *money.Rate // also of one that is here
	slug        string      // as far as nobody has it
	tags        []string
	notes       *string
	pictures    []string // addresses
	attributes  []string // in the order of the file
	options     []string // the attributes that tell the variants apart
	offers      []*offer
}

// offer is what is sold: a simple product or a variation.
type offer struct {
	row       *row                // which has its SKU
	here      *catalog.VariantRef // what it is here, where its row has no name
	link      string              // under which it is found again where it has no SKU
	barcodes  []string
	packs     []catalog.Pack
	price     *money.Amount
	compareAt *money.Amount
	cost      *money.Amount
	stock     []number
	tracked   *bool // as the file says, nil where it does not
	counts    *bool // whether it has a number, in a file that may have one
	policy    *catalog.Policy

	salePrice            *money.Amount
	saleStarts, saleEnds *db.Time // of salePrice; nil for open
	reorderPoint         *int64
	maxStock             *int64
	supply               *catalog.Supply
	values               pairs    // by folded attribute name
	names                []string // of the attributes, in the order of the file

	at        int  // its place among the variants of the product here, -1 for a new one
	follows   bool // tracked is meant for what is here, too
	knowsSale bool // the file says what the sale price is, none too

	changed bool // it differs from what is here
	fresh   bool // the file has a new number of it
	moves   bool // that number changes the stock

	supplies bool // whom it is bought from, or how, differs from what is here
}

// goods are the products that a file tells of, whatever its format, and what becomes of its rows.
type goods struct {
	*report
	products []*product
	keys     map[string]*row // SKUs and other keys seen
	codes    map[string]*row // barcodes seen
}

// newGoods is a file of which no row has been looked at.
func newGoods(s *sheet) *goods {
	g := &goods{report: &report{sheet: s}, keys: map[string]*row{}, codes: map[string]*row{}}
	s.aside = s.ignored(s.Lines)
	for _, n := range s.Lines {
		g.rows = append(g.rows, &row{number: n.Number, line: n})
	}
	s.Lines = nil // from here on each row has its own, and gives it up once it is understood
	return g
}

// shape checks that a row has the form of the header.
func (p *report) shape(r *row) {
	switch expected := len(p.layout.header); {
	case r.line.Quote == "open_quote":
		p.fail(r, "", "open_quote", "A quotation mark opens in this row and never closes. Close it.")
	case r.line.Quote != "":
		p.fail(r, "", "bad_quote", "A quotation mark within a cell has to be written twice. Correct this row.")
	case r.line.Width != expected:
		p.fail(r, "", "ragged", "This row has %d cells where the header has %d. Correct it.", r.line.Width, expected).
			With("cells", r.line.Width).With("expected", expected)
	}
}

// once blames both rows when a second one has the same SKU, ID or barcode. Shown is what the cell has.
func (g *goods) once(seen map[string]*row, key, shown string, r *row, column, code string) {
	other := seen[key]
	if other == nil {
		seen[key] = r
		return
	}
	for _, x := range []*row{other, r} {
		if !x.blamed(code, column) {
			g.fail(x, column, code, "%s %s is in the rows %d and %d. It has to belong to one.", g.spelled(column), shown, other.number, r.number).
				With("value", shown).With("rows", []int{other.number, r.number})
		}
	}
}

// code says whether a barcode can be one, and belongs to no other row.
func (g *goods) code(r *row, field, code string) bool {
	if shortened.MatchString(code) {
		g.fail(r, field, "bad_barcode", "A spreadsheet has shortened this barcode to %s. Write out all its digits.", code).With("value", code)
		return false
	}
	g.once(g.codes, barcode.Lookup(code), code, r, field, "barcode_taken")
	return true
}

// share lays what is said of a product on the first of its rows, where it has none of its own.
func (g *goods) share(p *product) {
	if p.first == nil {
		return
	}
	p.first.notes = append(p.first.notes, p.row.notes...)
	p.row.notes = nil
	if p.row.outcome == outcomeError {
		p.first.wrong, p.first.outcome, p.first.reason = append(p.first.wrong, p.row.wrong...), outcomeError, nil
		p.row.wrong = nil
		g.abandon(p)
	}
}

// abandon leaves out what belongs to a product that is wrong.
func (g *goods) abandon(p *product) {
	for _, r := range p.rows {
		if r.outcome != outcomeSkip {
			g.productFailed(r, p.row)
		}
	}
}

func (g *goods) productFailed(r, owner *row) {
	g.skip(r, "product_error", "Its product in row %d has an error.", owner.number)
}

// keyOf is a SKU or ID as a link is stored, "" for none.
func keyOf(kind, value string) string {
	if value == "" {
		return ""
	}
	return kind + ":" + folded(value)
}

func ref[T any](v T) *T { return &v }
