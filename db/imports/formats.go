package imports

import (
	"context"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/table"
)

// The systems whose files are known by their header.
const (
	formatOther = "other"
	formatWoo   = "woocommerce"
)

// field is what a column of a file may stand for.
type field struct {
	name     string
	label    string // what messages call it where the file has no such column; the name where empty
	required bool
	unless   []string // required where no column stands for one of these
	figure   table.Figure
}

// format is how one system writes files of a kind.
type format struct {
	name   string
	fields []field
	// known says by the fields a header names whether it is this system's; nil for what is mapped by hand.
	known func(has func(fields ...string) bool) bool
	// fieldOf is the field that a column means by its folded name, "" for none; nil where that is the field's own.
	fieldOf func(folded string) string
	// more are fields that a header brings along, such as numbered ones; nil for none.
	more func(folded string) bool
	// decimal is how figures are always written; empty where each file shows it.
	decimal string

	// placed says that columns may hold the stock of a location that they name.
	placed bool
	// settle gives up what several columns stand for by their names, where one may; nil for nothing.
	settle func(meanings []string)
	// beside says that a column is read without standing for a field; nil for none.
	beside func(header string) bool
	// partial says that a row may name a variant alone, and not the product.
	partial bool

	// products reads a file of products, and columns are the fields behind what the catalog refuses.
	products func(s *sheet) *goods
	columns  map[string]string
}

// kind is what a file is about: the formats it may come in, the last one for every other file, and how it is compared with the shop.
type kind struct {
	formats []*format
	draw    func(ctx context.Context, d *db.DB, s *sheet, locationID int64) (drawn, error)
}

// drawn is a file compared with the shop as it is.
type drawn interface {
	// sum writes what a preview says into an import.
	sum(m *Import) error
	// carryOut makes the shop what the file says, or leaves it as it was.
	carryOut(ctx context.Context, d *db.DB, m *Import) error
}

// kinds are what can be imported.
var kinds = map[string]kind{
	Products:  {formats: []*format{shopify, square, woocommerce, onhand, otherProducts}, draw: drawProducts},
	Customers: {formats: []*format{ownCustomers, otherCustomers}, draw: drawCustomers},
	Stock:     {formats: []*format{ownStock, otherStock}, draw: drawStock},
}

// kindOf is a kind by its name, or unknown_kind.
func kindOf(name string) (kind, error) {
	k, ok := kinds[name]
	if !ok {
		return k, db.Refuse("unknown_kind", "kind", "This cannot be imported.")
	}
	return k, nil
}

// field is one of a format's by its folded name or label.
func (f *format) field(folded string) (field, bool) {
	if folded == "" {
		return field{}, false
	}
	for _, one := range f.fields {
		if key(one.name) == folded || one.label != "" && key(one.label) == folded {
			return one, true
		}
	}
	if f.placed && strings.HasPrefix(folded, atPlace) {
		return field{name: folded, figure: table.Count}, true
	}
	if f.more != nil && f.more(folded) {
		return field{name: folded}, true
	}
	return field{}, false
}

// means is the field that a column stands for by its name, "" for none.
func (f *format) means(header string) string {
	folded := key(header)
	if f.fieldOf != nil {
		return f.fieldOf(folded)
	}
	if one, ok := f.field(folded); ok {
		return one.name
	}
	return ""
}

// recognises says whether the meanings of a header row are those of this system.
func (f *format) recognises(meanings []string) bool {
	return f.known != nil && f.known(func(fields ...string) bool {
		return !slices.ContainsFunc(fields, func(name string) bool { return !slices.Contains(meanings, name) })
	})
}

// formatOf is the system a header row is from, as it stands or as a person names its columns; of none, the last one.
func (k kind) formatOf(header []string, mapping map[string]string) *format {
	for _, named := range []map[string]string{nil, mapping} {
		for _, f := range k.formats {
			if meanings, err := f.meanings(header, named); err == nil && f.recognises(meanings) {
				return f
			}
		}
	}
	return k.formats[len(k.formats)-1]
}

// recognised says whether a header row is one of a system that is known.
func (k kind) recognised(header []string) bool { return k.formatOf(header, nil).known != nil }

func unknownFile(why string) *db.Error {
	return db.Refuse("unknown_file", "file", "This file is not understood. %s What is understood: a CSV file whose first row has the names of its columns.", why)
}

// key makes names of columns that differ only by case, spaces and a mark of a spreadsheet equal.
func key(s string) string { return folded(unescape(strings.TrimSpace(s))) }
