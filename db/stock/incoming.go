package stock

import (
	"fmt"

	"onhand/db"
	"onhand/db/money"
)

// Incoming is one document that will bring stock.
type Incoming struct {
	Document   Document `json:"document"`
	Quantity   int64    `json:"quantity"`
	ExpectedOn *db.Date `json:"expectedOn" format:"date" doc:"null where nobody says"`
}

// Expected is how much more, or negative less, of a variant a document will bring to a location.
type Expected struct {
	VariantID, LocationID int64
	Quantity              int64
	Document              Document
	On                    *db.Date // nil where nobody says
}

// Expect changes what is on its way. Less than nothing of a document cannot be.
func Expect(tx *db.Tx, e Expected) error {
	if e.Quantity == 0 {
		return nil
	}
	if err := ensureLevel(tx, e.VariantID, e.LocationID); err != nil {
		return err
	}
	if err := e.keep(tx); err != nil {
		return fmt.Errorf("expect %d of %s %s: %w", e.Quantity, e.Document.Type, e.Document.Number, err)
	}
	var version int64
	err := tx.Row("UPDATE levels SET incoming = incoming + ?3, version = version + 1 WHERE variant_id = ?1 AND location_id = ?2 RETURNING version",
		[]any{e.VariantID, e.LocationID, e.Quantity}, &version)
	if err != nil {
		return fmt.Errorf("expect %d: %w", e.Quantity, err)
	}
	return changed(tx, e.VariantID, e.LocationID, version)
}

// keep writes the row of the document; what is not on its way any more has none.
func (e Expected) keep(tx *db.Tx) error {
	key := []any{e.VariantID, e.LocationID, e.Document.Type, e.Document.ID}
	if e.Quantity > 0 {
		_, err := tx.Exec(`INSERT INTO incoming (variant_id, location_id, document_type, document_id, document_number, quantity, expected_on, since)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
			ON CONFLICT (variant_id, location_id, document_type, document_id) DO UPDATE SET quantity = quantity + ?6`,
			append(key, e.Document.Number, e.Quantity, e.On, tx.Now)...)
		return err
	}
	const row = " WHERE variant_id = ?1 AND location_id = ?2 AND document_type = ?3 AND document_id = ?4 AND "
	n, err := tx.Exec("DELETE FROM incoming"+row+"quantity = ?5", append(key, -e.Quantity)...)
	if err == nil && n == 0 {
		n, err = tx.Exec("UPDATE incoming SET quantity = quantity - ?5"+row+"quantity > ?5", append(key, -e.Quantity)...)
	}
	if err == nil && n != 1 {
		err = fmt.Errorf("less than that is on its way")
	}
	return err
}

// ExpectOn changes the day on which what a document brings is expected, nil for no day.
func ExpectOn(tx *db.Tx, d Document, on *db.Date) error {
	if _, err := tx.Exec("UPDATE incoming SET expected_on = ?3 WHERE document_type = ?1 AND document_id = ?2", d.Type, d.ID, on); err != nil {
		return fmt.Errorf("expect %s %s on another day: %w", d.Type, d.Number, err)
	}
	return nil
}

// incomingLines are the documents that will bring a variant to a location, the first to come first.
func incomingLines(tx *db.Tx, variantID, locationID int64) ([]Incoming, error) {
	var rows []struct {
		Type, Number string
		ID, Quantity int64
		ExpectedOn   *db.Date
	}
	err := tx.Select(&rows, `SELECT document_type AS type, document_id AS id, document_number AS number, quantity, expected_on FROM incoming
		WHERE variant_id = ?1 AND location_id = ?2 ORDER BY expected_on IS NULL, expected_on, since, document_id LIMIT 1000`, variantID, locationID)
	if err != nil {
		return nil, fmt.Errorf("read what is on its way: %w", err)
	}
	lines := make([]Incoming, len(rows))
	for i, r := range rows {
		lines[i] = Incoming{Document: Document{Type: r.Type, ID: r.ID, Number: r.Number}, Quantity: r.Quantity, ExpectedOn: r.ExpectedOn}
	}
	return lines, nil
}

// Arrival is what somebody bought that has come to a location.
type Arrival struct {
	VariantID, LocationID int64
	Quantity              int64
	Expected              int64        // how many of them were on their way: fewer where more came than was ordered
	Cost                  money.Amount // of all of them, with what it took to get them here
	Lot                   string
	ExpiresOn             db.Date // empty where they do not expire
	Document              Document
}

// Arrive puts what came on the shelf; orders that wait for it are covered, the oldest first. What tracks lots comes with the name of its
// lot or the day it expires. It fails with lot_needed, lots_not_tracked, not_tracked, too_long, bad_date and too_large.
func Arrive(tx *db.Tx, a Arrival) error {
	line := AdjustLine{VariantID: a.VariantID, Delta: &a.Quantity, Lot: a.Lot, ExpiresOn: a.ExpiresOn}
	if err := line.tidy(); err != nil {
		return err
	}
	lots, err := line.tracks(tx)
	if err != nil {
		return err
	}
	if lots && !line.choice().named() {
		return db.Refuse("lot_needed", "lot", "Lots of this product are tracked. Give the name of the lot or the day it expires.")
	}
	if err := Expect(tx, Expected{VariantID: a.VariantID, LocationID: a.LocationID, Quantity: -a.Expected, Document: a.Document}); err != nil {
		return err
	}
	m := move{VariantID: a.VariantID, LocationID: a.LocationID, Delta: a.Quantity, Reason: Received, Cost: &a.Cost, Document: &a.Document, Lots: line.choice()}
	if _, err := enter(tx, m); err != nil {
		return fmt.Errorf("put on the shelf: %w", err)
	}
	return coverShort(tx, a.VariantID, a.LocationID)
}
