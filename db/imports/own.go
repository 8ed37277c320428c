package imports

import (
	"strings"

	"onhand/db/table"
)

// onhand is our own export of products, one row a variant: what it says is what is here, so nothing of it needs a guess.
var onhand = &format{
	name:   "onhand",
	fields: withRequired(productFields, fName, fPrice),
	known: func(has func(...string) bool) bool {
		return has(fHandle, fName, fSKU, fPrice, fCompareAt, fTracked, fPolicy, fOption1Name, fOption1Value)
	},
	decimal: table.DecimalPoint,
	products: func(s *sheet) *goods {
		return flatProducts(s, quirks{ours: true, plain: true, bySKU: true})
	},
	columns: refusedFields,
}

// otherProducts is any file with a row for each variant. Its columns mean what they are called or what a person says.
var otherProducts = &format{
	name:     formatOther,
	fields:   unless([]string{fSKU, fBarcodes}, withRequired(productFields, fName, fPrice)),
	fieldOf:  guessed,
	placed:   true,
	partial:  true,
	products: func(s *sheet) *goods { return flatProducts(s, quirks{ours: true}) },
	columns:  refusedFields,
}

// guesses are what shops call their columns. A preview shows what came of them before anything is done.
var guesses = map[string]string{}

func init() {
	for name, words := range map[string]string{
		fHandle:       "handle, slug, url key",
		fName:         "name, title, product, product name, product title, item, item name, bezeichnung, artikelbezeichnung, artikel, artikelname, produkt, produktname, titel, nom, produit, désignation, nombre, producto, nome",
		fDescription:  "description, product description, long description, text, beschreibung, produktbeschreibung, langtext, descripción, descrizione",
		fBrand:        "brand, vendor, manufacturer, author, publisher, marke, hersteller, autor, verlag, marque, fabricant, auteur, marca, fabricante",
		fCategory:     "category, categories, product category, type, product type, group, department, kategorie, warengruppe, artikelgruppe, catégorie, rayon, categoría, categoria",
		fTags:         "tags, keywords, labels, schlagwörter, stichwörter, mots-clés, etiquetas",
		fNotes:        "notes, note, comment, internal note, notizen, notiz, bemerkung, kommentar, interne notiz",
		fPublished:    "published, visible, active, online, veröffentlicht, sichtbar, aktiv",
		fTaxRate:      "tax rate, tax, vat, vat rate, tax %, vat %, steuersatz, mwst, mwst., ust, mehrwertsteuer, tva, taux de tva, iva",
		fSKU:          "sku, item number, item no, item no., article number, article no., product code, code, part number, artikelnummer, artikel-nr., artikel-nr, art.-nr., artnr, référence, reference, ref, réf., referencia, codice",
		fBarcodes:     "barcode, barcodes, ean, ean13, ean-13, ean code, gtin, upc, isbn, strichcode, code-barres, código de barras, codice a barre",
		fPrice:        "price, retail price, sale price incl. tax, selling price, unit price, sales price, regular price, rrp, preis, verkaufspreis, vk, vk-preis, bruttopreis, einzelpreis, prix, prix de vente, prix ttc, precio, pvp, prezzo",
		fCompareAt:    "compare-at price, compare at price, list price, uvp, msrp, streichpreis, prix barré",
		fSalePrice:    "sale price, special price, offer price, angebotspreis, aktionspreis, prix promo",
		fCost:         "cost, cost price, unit cost, purchase price, buying price, wholesale price, einkaufspreis, ek, ek-preis, einstandspreis, prix d'achat, coût, coste, costo",
		fReorderPoint: "reorder point, reorder level, minimum stock, min stock, min. stock, mindestbestand, meldebestand, stock minimum, stock mínimo",
		fMaxStock:     "max stock, maximum stock, max. stock, höchstbestand, maximalbestand",
		fStock:        "stock, quantity, qty, on hand, quantity on hand, in stock, stock level, inventory, bestand, lagerbestand, menge, anzahl, auf lager, quantité, cantidad, existencias, giacenza",
		fPictures:     "picture, pictures, image, images, image url, image urls, image src, photo, photos, bild, bilder, bild-url, foto, fotos, imagen",
	} {
		for word := range strings.SplitSeq(words, ", ") {
			guesses[word] = name
		}
	}
}

// guessed is what a column is most likely to be by its folded name: a field's own name or one that shops use.
func guessed(folded string) string {
	for _, f := range productFields {
		if key(f.name) == folded || key(f.label) == folded {
			return f.name
		}
	}
	return guesses[folded]
}
