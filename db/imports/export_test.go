package imports

import (
	"time"

	"onhand/db"
	"onhand/db/settings"
)

// ReadRows is the header, the rows with something in them, and their separator.
func ReadRows(data []byte, in Dialect) (rows [][]string, widths []int, separator rune, err error) {
	t, err := readTable(data, in, kinds[Products].recognised)
	if err != nil {
		return nil, nil, 0, err
	}
	rows, widths = append(rows, t.header), append(widths, len(t.header))
	for _, l := range t.lines {
		rows, widths = append(rows, l.cells), append(widths, l.width)
	}
	return rows, widths, rune(separators[t.dialect.Separator]), err
}

// Understand reads a file as far as that needs no shop, and answers how many rows it has and how many are wrong.
func Understand(data []byte) (rows, wrong int, err error) {
	k := kinds[Products]
	t, err := readTable(data, Dialect{}, k.recognised)
	if err != nil {
		return 0, 0, err
	}
	s := &sheet{table: t, settings: &settings.Settings{Currency: "EUR"}}
	if err := s.lay(k); err != nil {
		return 0, 0, err
	}
	w := s.format.products(s, db.TimeOf(time.Unix(0, 0)).Date(time.UTC))
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

// How codes and packs stand in a cell.
var (
	JoinCodes, SplitCodes = joinCodes, splitCodes
	JoinPacks, SplitPacks = joinPacks, splitPacks
)
