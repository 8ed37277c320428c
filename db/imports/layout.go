package imports

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"onhand/db"
	"onhand/db/table"
)

// layout says where the fields of a file are, whatever their order.
type layout struct {
	header []string
	format *format
	at     map[string]int // by the name of the field
	aside  []string       // what ignored has found, once that is known
}

// meanings are the fields the columns of a header row stand for, "" for none. Mapping says it where a person did: by the name of a
// column, or by its place ("#3") where that is empty or there twice. It fails with bad_mapping.
func (f *format) meanings(header []string, mapping map[string]string) ([]string, error) {
	meanings := make([]string, len(header))
	for i, h := range header {
		meanings[i] = f.means(h)
	}
	if f.settle != nil {
		f.settle(meanings)
	}
	for _, from := range slices.Sorted(maps.Keys(mapping)) {
		at := columnOf(header, from)
		if at < 0 {
			return nil, db.Refuse("bad_mapping", "mapping", "The file has no column %q. Take it out of the mapping.", from).With("column", from)
		}
		to, ok := f.field(key(mapping[from]))
		if !ok && mapping[from] != "" {
			return nil, db.Refuse("bad_mapping", "mapping", "There is no %q that the column %q could stand for.", mapping[from], from).With("column", from)
		}
		meanings[at] = to.name
	}
	return meanings, nil
}

// columnOf is the place of a column by its name, or by "#3" for the third; -1 where there is none.
func columnOf(header []string, name string) int {
	if at := slices.IndexFunc(header, func(h string) bool { return key(h) == key(name) }); at >= 0 {
		return at
	}
	if place, is := strings.CutPrefix(strings.TrimSpace(name), "#"); is {
		if n, err := strconv.Atoi(place); err == nil && n >= 1 && n <= len(header) {
			return n - 1
		}
	}
	return -1
}

// layoutOf finds the fields in a header row. It fails with bad_mapping, and with duplicate_column beside a layout that has the first.
func layoutOf(f *format, header []string, mapping map[string]string) (*layout, error) {
	l := &layout{header: header, format: f, at: map[string]int{}}
	meanings, err := f.meanings(header, mapping)
	if err != nil {
		return nil, err
	}
	var double error
	for i, m := range meanings {
		switch other, known := l.at[m]; {
		case m == "":
		case !known:
			l.at[m] = i
		case double == nil && namedTwice(mapping, m):
			double = db.Refuse("bad_mapping", "mapping", "The mapping names %q twice. Leave it out for one of the columns.", m).With("field", m)
		case double == nil:
			double = db.Refuse("duplicate_column", "file", "The columns %d and %d are both %q. Remove one of them.", other+1, i+1, header[i]).With("column", header[i])
		}
	}
	return l, double
}

func namedTwice(mapping map[string]string, field string) bool {
	n := 0
	for _, to := range mapping {
		if key(to) == key(field) {
			n++
		}
	}
	return n > 1
}

// missing are the fields that have to be there and that no column stands for.
func (l *layout) missing() (names []string) {
	for _, f := range l.format.fields {
		if f.required && !l.has(f.name) && !slices.ContainsFunc(f.unless, l.has) {
			names = append(names, f.name)
		}
	}
	return names
}

func (l *layout) has(field string) bool {
	_, ok := l.at[field]
	return ok
}

// spelled is a field's column as the file spells it, or what the field is called when the file has none.
func (l *layout) spelled(name string) string {
	if at, ok := l.at[name]; ok {
		if h := strings.TrimSpace(l.header[at]); h != "" {
			return h
		}
		return "#" + strconv.Itoa(at+1)
	}
	if f, ok := l.format.field(key(name)); ok && f.label != "" {
		return f.label
	}
	return name
}

// cell is what a row has in a field, "" when the file has no such column.
func (l *layout) cell(n table.Line, field string) string {
	at, ok := l.at[field]
	if !ok {
		return ""
	}
	return cellAt(n, at)
}

func cellAt(n table.Line, at int) string {
	if at >= len(n.Cells) {
		return ""
	}
	return unescape(strings.TrimSpace(n.Cells[at]))
}

// ignored are the columns that hold something and are left aside.
func (l *layout) ignored(lines []table.Line) []string {
	if l.aside != nil {
		return l.aside
	}
	names := []string{}
	used := map[int]bool{}
	for _, at := range l.at {
		used[at] = true
	}
	for i, h := range l.header {
		if used[i] || strings.TrimSpace(h) == "" || i == len(l.header)-1 && key(h) == key(reasonColumn) || l.format.beside != nil && l.format.beside(h) {
			continue
		}
		if slices.ContainsFunc(lines, func(n table.Line) bool { return cellAt(n, i) != "" }) {
			names = append(names, strings.TrimSpace(h))
		}
	}
	return names
}

// folded makes names that differ only by case and spaces equal.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
