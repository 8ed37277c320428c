package imports

import (
	"onhand/db/settings"
	"onhand/db/table"
)

// Understand reads a file as far as that needs no shop, and answers how many rows it has and how many are wrong.
func Understand(data []byte) (rows, wrong int, err error) {
	k := kinds[Products]
	t, err := readTable(data, table.Dialect{}, k.recognised)
	if err != nil {
		return 0, 0, err
	}
	s := &sheet{File: t, settings: &settings.Settings{Currency: "EUR"}}
	if err := s.lay(k); err != nil {
		return 0, 0, err
	}
	if s.stocks, err = s.stockColumns(0); err != nil {
		return 0, 0, err
	}
	w := s.format.products(s)
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
