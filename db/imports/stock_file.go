package imports

import (
	"strings"

	"onhand/db/money"
	"onhand/db/table"
)

// The fields of a row of stock, besides those it shares with products.
const (
	fBarcode  = "barcode"
	fCounted  = "counted"
	fChange   = "change"
	fLocation = "location"
	fLot      = "lot"
	fExpires  = "expires"
)

var stockFields = []field{
	{name: fSKU, label: "SKU", required: true, unless: []string{fBarcode, fName}}, {name: fBarcode, label: "Barcode"}, {name: fName, label: "Name"},
	{name: fLocation, label: "Location"}, {name: fCounted, label: "On hand", figure: table.Count, required: true, unless: []string{fChange}}, {name: fChange, label: "Change", figure: table.Count},
	{name: fCost, label: "Unit cost", figure: table.Money}, {name: fLot, label: "Lot"}, {name: fExpires, label: "Expires"},
}

// stockColumns are the fields behind what the stock room refuses.
var stockColumns = map[string]string{"variantId": fSKU, "counted": fCounted, "delta": fChange, "unitCost": fCost, "lot": fLot, "expiresOn": fExpires, "locationId": fLocation}

// ownStock is our own export of levels: what is on hand counts, the rest follows from it.
var ownStock = &format{
	name:   "onhand",
	fields: stockFields,
	known:  func(has func(...string) bool) bool { return has(fSKU, fLocation, fCounted, "committed", "available") },
	fieldOf: func(folded string) string {
		if folded == "committed" || folded == "available" {
			return folded
		}
		return guessedStock(folded)
	},
	more:    func(folded string) bool { return folded == "committed" || folded == "available" },
	decimal: table.DecimalPoint,
	columns: stockColumns,
}

// otherStock is any file with what is there, or by how much it changes, in a row for each variant.
var otherStock = &format{name: formatOther, fields: stockFields, fieldOf: guessedStock, columns: stockColumns}

var stockGuesses = guessesOf(map[string]string{
	fCounted:  "on hand, counted, count, stock, quantity, qty, quantity on hand, in stock, stock level, inventory, bestand, lagerbestand, menge, anzahl, auf lager, gezählt, quantité, cantidad, existencias, giacenza",
	fChange:   "change, delta, adjustment, received, receipt, difference, änderung, zugang, differenz, wareneingang, ajustement",
	fLocation: "location, store, warehouse, branch, lagerort, standort, filiale, lager, magasin, tienda, magazzino",
	fCost:     "unit cost, cost, cost price, purchase price, einkaufspreis, ek, ek-preis, einstandspreis, coût, coste, costo",
	fLot:      "lot, batch, lot number, batch number, charge, charge nr., chargennummer, los, lote, lotto",
	fExpires:  "expires, expires on, expiry, expiry date, best before, use by, mhd, mindesthaltbarkeit, haltbar bis, verfallsdatum, ablaufdatum",
	fBarcode:  "barcode, barcodes, ean, ean13, ean-13, gtin, upc, isbn, strichcode",
})

// guessedStock is what a column is most likely to be by its folded name.
func guessedStock(folded string) string {
	for _, f := range stockFields {
		if key(f.name) == folded || key(f.label) == folded {
			return f.name
		}
	}
	if name, ok := stockGuesses[folded]; ok {
		return name
	}
	if name := guesses[folded]; name == fSKU || name == fName {
		return name
	}
	return ""
}

// guessesOf are the fields by each of the words that stand for them.
func guessesOf(words map[string]string) map[string]string {
	all := map[string]string{}
	for name, list := range words {
		for word := range strings.SplitSeq(list, ", ") {
			all[word] = name
		}
	}
	return all
}

// signed reads a whole number that may be below zero.
func signed(s, decimal string) (int64, error) {
	digits, minus := strings.CutPrefix(strings.TrimPrefix(s, "+"), "-")
	n, err := quantity(digits, decimal)
	if err != nil {
		return 0, err
	}
	if minus {
		n = -n
	}
	return n, nil
}

// unitCost reads what one unit cost.
func (p *stockPlan) unitCost(r *row) *money.Amount {
	v := p.cell(r.line, fCost)
	if v == "" {
		return nil
	}
	a, err := amount(v, p.settings.Currency, p.Dialect.Decimal)
	if err != nil {
		p.blame(r, fCost, err)
		return nil
	}
	return &a
}
