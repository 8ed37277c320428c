package imports

import (
	"context"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/stock"
)

// atPlace stands before the name of a location in a field: "stock:Main store" is what is there.
const atPlace = fStock + ":"

// stockColumn is a column with what is at one location.
type stockColumn struct {
	field      string
	locationID int64 // 0 for where the stock of the file lies
}

// number is what a row has in such a column.
type number struct {
	column   *stockColumn
	quantity int64
}

// acquaintPlaces looks up the locations that columns may be of.
func (s *sheet) acquaintPlaces(ctx context.Context, d *db.DB) error {
	all, err := stock.Locations(ctx, d)
	s.places = all.Items
	return err
}

// placed is what is called here what a field names after atPlace; ok is false for what is not here.
func (s *sheet) placed(field string) (l stock.Location, ok bool) {
	i := slices.IndexFunc(s.places, func(l stock.Location) bool { return key(atPlace+l.Name) == field })
	if i < 0 {
		return l, false
	}
	return s.places[i], true
}

// shownAs is a field as a person reads it: with the name of a location as it is written here.
func (s *sheet) shownAs(field string) string {
	if l, ok := s.placed(field); ok {
		return atPlace + l.Name
	}
	return field
}

// stockColumns are the columns with stock. The only one is of the location of the file, where nobody here is called like it. It
// fails with unknown_place and duplicate_column.
func (s *sheet) stockColumns(locationID int64) (all []stockColumn, err error) {
	var fields []string
	for field := range s.at {
		if key(field) == fStock || strings.HasPrefix(field, atPlace) {
			fields = append(fields, field)
		}
	}
	slices.SortFunc(fields, func(a, b string) int { return s.at[a] - s.at[b] })
	of := map[int64]string{}
	for _, field := range fields {
		c := stockColumn{field: field}
		if l, ok := s.placed(field); ok && l.ID != locationID {
			c.locationID = l.ID
		} else if !ok && key(field) != fStock && len(fields) > 1 {
			name, column := strings.TrimPrefix(field, atPlace), s.spelled(field)
			return nil, db.Refuse("unknown_place", "mapping", "There is no location %s here. Say of which one the column %q is, or leave it out.", name, column).With("column", column)
		}
		if other, double := of[c.locationID]; double {
			return nil, db.Refuse("duplicate_column", "mapping", "The columns %q and %q are of one location. Leave one of them out.", other, s.spelled(field)).With("column", s.spelled(field))
		}
		of[c.locationID] = s.spelled(field)
		all = append(all, c)
	}
	return all, nil
}
