package imports

import (
	"context"
	"time"

	"onhand/db"
	"onhand/db/settings"
)

// ReadRows is the header, the rows with something in them, and their separator.
func ReadRows(data []byte) (rows [][]string, widths []int, separator rune, err error) {
	t, err := readTable(data)
	if err != nil {
		return nil, nil, 0, err
	}
	rows, widths = append(rows, t.header), append(widths, len(t.header))
	for _, l := range t.lines {
		rows, widths = append(rows, l.cells), append(widths, l.width)
	}
	text, err := decode(data)
	return rows, widths, rune(separatorOf(text)), err
}

// Understand reads a file as far as that needs no shop, and answers how many rows it has and how many are wrong.
func Understand(data []byte) (rows, wrong int, err error) {
	t, err := readTable(data)
	if err != nil {
		return 0, 0, err
	}
	l, err := recognise(t.header, nil)
	if err != nil {
		return 0, 0, err
	}
	w := parse(t, l, &settings.Settings{Currency: "EUR"}, db.TimeOf(time.Unix(0, 0)).Date(time.UTC))
	for _, r := range w.rows {
		if (r.outcome == outcomeError) != (len(r.wrong) > 0) {
			panic("a row that is " + r.outcome + " is not what its errors say")
		}
		if len(r.wrong) > 0 {
			wrong++
		}
	}
	return len(w.rows), wrong, nil
}

// Compare reads a file against the shop, and answers how many of its products were found to change something until it was refused.
func Compare(ctx context.Context, d *db.DB, data []byte, locationID int64) (changes int, err error) {
	p, err := draw(ctx, d, data, nil, locationID)
	if p == nil {
		return 0, err
	}
	return len(p.changes), err
}

// How codes and packs stand in a cell.
var (
	JoinCodes, SplitCodes = joinCodes, splitCodes
	JoinPacks, SplitPacks = joinPacks, splitPacks
)
