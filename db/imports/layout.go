package imports

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"onhand/db"
)

// The columns of WooCommerce that are understood, besides "Attribute N name" and "Attribute N value(s)".
const (
	colID          = "ID"
	colType        = "Type"
	colSKU         = "SKU"
	colBarcode     = "GTIN, UPC, EAN, or ISBN"
	colName        = "Name"
	colPublished   = "Published"
	colShort       = "Short description"
	colDescription = "Description"
	colSaleStarts  = "Date sale price starts"
	colSaleEnds    = "Date sale price ends"
	colTaxStatus   = "Tax status"
	colTaxClass    = "Tax class"
	colInStock     = "In stock?"
	colStock       = "Stock"
	colBackorders  = "Backorders allowed?"
	colSale        = "Sale price"
	colRegular     = "Regular price"
	colCategories  = "Categories"
	colBrands      = "Brands"
	colParent      = "Parent"
)

var wooColumns = []string{colID, colType, colSKU, colBarcode, colName, colPublished, colShort, colDescription, colSaleStarts, colSaleEnds,
	colTaxStatus, colTaxClass, colInStock, colStock, colBackorders, colSale, colRegular, colCategories, colBrands, colParent}

var (
	attributeName   = regexp.MustCompile(`^attribute (\d{1,3}) name$`)
	attributeValues = regexp.MustCompile(`^attribute (\d{1,3}) value\(s\)$`)
)

// layout says where the columns of a file are, whatever their order.
type layout struct {
	header     []string
	at         map[string]int // by the folded name of the column
	attributes []attributeColumns
}

// attributeColumns are the places of one attribute's name and values.
type attributeColumns struct{ number, name, values int }

// recognise finds the columns in a header row, some of which a person may have named by hand: mapping says which of ours a
// column of the file stands for, "" for none. It fails with unknown_file, duplicate_column, bad_mapping.
func recognise(header []string, mapping map[string]string) (*layout, error) {
	l := &layout{header: header, at: map[string]int{}}
	meaning := make([]string, len(header))
	for i, h := range header {
		meaning[i] = folded(h)
	}
	if err := l.rename(meaning, mapping); err != nil {
		return nil, err
	}
	for i, m := range meaning {
		if !understood(m) {
			continue
		}
		if other, double := l.at[m]; double {
			return nil, db.Refuse("duplicate_column", "file", "The columns %d and %d are both %q. Remove one of them.", other+1, i+1, header[i]).With("column", header[i])
		}
		l.at[m] = i
	}
	l.pairAttributes()
	return l, l.complete()
}

func (l *layout) rename(meaning []string, mapping map[string]string) error {
	for _, from := range slices.Sorted(maps.Keys(mapping)) {
		at := slices.IndexFunc(l.header, func(h string) bool { return folded(h) == folded(from) })
		if at < 0 {
			return db.Refuse("bad_mapping", "mapping", "The file has no column %q. Take it out of the mapping.", from).With("column", from)
		}
		to := folded(mapping[from])
		if to != "" && !understood(to) {
			return db.Refuse("bad_mapping", "mapping", "There is no %q that the column %q could stand for.", mapping[from], from).With("column", from)
		}
		meaning[at] = to
	}
	return nil
}

// complete refuses a file that is something else.
func (l *layout) complete() error {
	var missing []string
	for _, c := range []string{colType, colName, colRegular} {
		if !l.has(c) {
			missing = append(missing, c)
		}
	}
	if !l.has(colSKU) && !l.has(colID) {
		missing = append(missing, colSKU)
	}
	if len(missing) == 0 {
		return nil
	}
	return unknownFile("It has no column "+strings.Join(missing, ", ")+".").With("missing", missing)
}

func unknownFile(why string) *db.Error {
	return db.Refuse("unknown_file", "file", "This file is not understood. %s What is understood: the product export of WooCommerce, a CSV file whose first row has the names of its columns.", why)
}

func (l *layout) pairAttributes() {
	numbers := map[int]attributeColumns{}
	for m, at := range l.at {
		if found := attributeName.FindStringSubmatch(m); found != nil {
			n, _ := strconv.Atoi(found[1])
			if values, ok := l.at["attribute "+found[1]+" value(s)"]; ok {
				numbers[n] = attributeColumns{n, at, values}
			}
		}
	}
	l.attributes = slices.SortedFunc(maps.Values(numbers), func(a, b attributeColumns) int { return cmp.Compare(a.number, b.number) })
}

func (l *layout) has(column string) bool {
	_, ok := l.at[folded(column)]
	return ok
}

// spelled is a column as the file spells it, or as WooCommerce does when the file has none.
func (l *layout) spelled(column string) string {
	if at, ok := l.at[folded(column)]; ok {
		return strings.TrimSpace(l.header[at])
	}
	return column
}

// cell is what a row has in a column, "" when the file has no such column.
func (l *layout) cell(n line, column string) string {
	at, ok := l.at[folded(column)]
	if !ok {
		return ""
	}
	return cellAt(n, at)
}

func cellAt(n line, at int) string {
	if at >= len(n.cells) {
		return ""
	}
	return unescape(strings.TrimSpace(n.cells[at]))
}

// ignored are the columns that hold something and are left aside.
func (l *layout) ignored(lines []line) []string {
	names := []string{}
	used := map[int]bool{}
	for _, at := range l.at {
		used[at] = true
	}
	for i, h := range l.header {
		if used[i] || strings.TrimSpace(h) == "" {
			continue
		}
		if slices.ContainsFunc(lines, func(n line) bool { return cellAt(n, i) != "" }) {
			names = append(names, strings.TrimSpace(h))
		}
	}
	return names
}

func understood(meaning string) bool {
	return attributeName.MatchString(meaning) || attributeValues.MatchString(meaning) ||
		slices.ContainsFunc(wooColumns, func(c string) bool { return folded(c) == meaning })
}

// folded makes names that differ only by case and spaces equal.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
