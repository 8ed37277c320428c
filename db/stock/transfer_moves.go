package stock

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"onhand/db"
)

// NewTransfer is what shall go from one location to another. It is a draft, and moves nothing yet.
type NewTransfer struct {
	FromLocationID int64             `json:"fromLocationId" minimum:"1"`
	ToLocationID   int64             `json:"toLocationId" minimum:"1"`
	Note           string            `json:"note,omitempty" maxLength:"500"`
	Lines          []NewTransferLine `json:"lines" minItems:"1" maxItems:"100"`
}

// NewTransferLine is how much of a variant shall go.
type NewTransferLine struct {
	VariantID int64 `json:"variantId" minimum:"1"`
	Quantity  int64 `json:"quantity" minimum:"1" maximum:"1000000"`
}

// TransferMove is a move of a transfer without further input.
type TransferMove struct {
	Version *int64 `json:"version,omitempty" doc:"of the transfer as it was seen; refused as stale when it changed"`
}

func (m TransferMove) fresh(t *Transfer) error {
	if m.Version != nil && *m.Version != t.Version {
		return db.Stale(t)
	}
	return nil
}

// transferDocument is what transfers are called among the documents of the ledger.
const transferDocument = "transfer"

// firstTransfer is the first number: T-1001.
const firstTransfer = 1001

// CreateTransfer drafts a transfer, for who sees one of its locations. It fails with same_location, not_found, not_tracked and
// twice_in_transfer.
func CreateTransfer(ctx context.Context, d *db.DB, in NewTransfer) (*Transfer, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Transfer, error) { return CreateTransferIn(tx, in) })
}

// CreateTransferIn is CreateTransfer inside a transaction.
func CreateTransferIn(tx *db.Tx, in NewTransfer) (*Transfer, error) {
	note, err := db.Note("note", in.Note, 500)
	if err != nil {
		return nil, err
	}
	if err := in.checkLocations(tx); err != nil {
		return nil, err
	}
	if err := in.checkLines(tx); err != nil {
		return nil, err
	}
	id, err := tx.Insert("INSERT INTO transfers (status, from_location_id, to_location_id, note, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
		TransferDraft, in.FromLocationID, in.ToLocationID, note, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("draft a transfer: %w", err)
	}
	if err := addLines(tx, id, in.Lines); err != nil {
		return nil, err
	}
	t, err := transferIn(tx, id)
	if err != nil {
		return nil, err
	}
	if err := t.step(tx, TransferStep{Kind: "drafted"}); err != nil {
		return nil, err
	}
	return transferShown(tx, id)
}

func addLines(tx *db.Tx, id int64, lines []NewTransferLine) error {
	rows := make([]any, 0, 3*len(lines))
	for _, l := range lines {
		rows = append(rows, id, l.VariantID, l.Quantity)
	}
	if _, err := tx.InsertRows("INSERT INTO transfer_lines (transfer_id, variant_id, quantity)", 3, rows); err != nil {
		return fmt.Errorf("write the lines of a transfer: %w", err)
	}
	return nil
}

// checkLocations refuses what leaves and reaches one location, and what is of none that the actor sees.
func (in NewTransfer) checkLocations(tx *db.Tx) error {
	if in.FromLocationID == in.ToLocationID {
		return db.Refuse("same_location", "toLocationId", "It would stay where it is. Choose another location to send it to.")
	}
	var from, to bool
	err := tx.Row("SELECT EXISTS (SELECT 1 FROM locations WHERE id = ?1), EXISTS (SELECT 1 FROM locations WHERE id = ?2)", []any{in.FromLocationID, in.ToLocationID}, &from, &to)
	scope := tx.Actor.Scope()
	switch seen := scope.Has(in.FromLocationID) || scope.Has(in.ToLocationID); {
	case err != nil:
		return fmt.Errorf("look for the locations: %w", err)
	case !from || !seen:
		return db.Blame(db.NotFound("location"), "fromLocationId")
	case !to:
		return db.Blame(db.NotFound("location"), "toLocationId")
	}
	return nil
}

func (in NewTransfer) checkLines(tx *db.Tx) error {
	ids := make([]int64, len(in.Lines))
	for i, l := range in.Lines {
		if slices.Contains(ids[:i], l.VariantID) {
			return db.Refuse("twice_in_transfer", fmt.Sprintf("lines[%d].variantId", i), "This product is in the transfer twice. Add its quantities up.")
		}
		ids[i] = l.VariantID
	}
	return knownAndTracked(tx, ids, "lines[%d].variantId")
}

// ShipTransfer sends a draft on its way: all of its lines, or none of them and out_of_stock, naming every line that is short. What
// orders have reserved stays. What tracks lots leaves first expired, first out, unless somebody says which lots do; what has expired or
// is set aside does not leave. It is for who sees where it leaves, and fails with not_your_store, stale, illegal_move, lot_short,
// lots_differ and twice_in_transfer; what has left already stays as it is.
func ShipTransfer(ctx context.Context, d *db.DB, id int64, in TransferShipment) (*Transfer, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Transfer, error) { return ShipTransferIn(tx, id, in) })
}

// ShipTransferIn is ShipTransfer inside a transaction.
func ShipTransferIn(tx *db.Tx, id int64, in TransferShipment) (*Transfer, error) {
	t, err := transferIn(tx, id)
	if err != nil {
		return nil, err
	}
	if t.ShippedAt != nil {
		return t, t.readLots(tx)
	}
	if err := in.fresh(t); err != nil {
		return nil, err
	}
	if t.Status != TransferDraft {
		return nil, db.Illegal("transfer", t.Status, TransferShipped)
	}
	if !tx.Actor.Scope().Has(t.FromLocationID) {
		return nil, notYourStore("This leaves from %s. Somebody who works there has to send it.", t.FromLocationName)
	}
	chosen, err := t.chosen(tx, in.Lots)
	if err != nil {
		return nil, err
	}
	n, err := tx.Next("transfers", firstTransfer)
	if err != nil {
		return nil, err
	}
	t.Status, t.Number, t.ShippedAt = TransferShipped, fmt.Sprintf("T-%d", n), &tx.Now
	if err := t.send(tx, chosen); err != nil {
		return nil, err
	}
	return t.save(tx, TransferStep{Kind: "shipped"})
}

// send takes the lines off the shelf where they are, and lets them be on their way to the other one.
func (t *Transfer) send(tx *db.Tx, chosen map[int64][]share) error {
	var refused []*db.Error
	for i := range t.Lines {
		err := t.sendLine(tx, &t.Lines[i], chosen[t.Lines[i].ID])
		var e *db.Error
		if errors.Is(err, errTooLittle) {
			err = outOfStock(tx, Need{VariantID: t.Lines[i].VariantID, LocationID: t.FromLocationID, At: fmt.Sprintf("lines[%d]", i)})
		}
		if errors.As(err, &e) && e.Code == "out_of_stock" {
			refused = append(refused, e)
		} else if err != nil {
			return db.Blame(err, "lines[%d]", i)
		}
	}
	return db.Together(refused)
}

func (t *Transfer) sendLine(tx *db.Tx, l *TransferLine, chosen []share) error {
	m := move{VariantID: l.VariantID, LocationID: t.FromLocationID, Delta: -l.Quantity, Reason: Moved, Document: t.document(), Lots: lotChoice{Exactly: chosen}}
	if err := m.split(tx); err != nil {
		return err
	}
	cost, err := enter(tx, m)
	if err != nil {
		return err
	}
	l.OnWay, l.Cost = l.Quantity, -cost
	if err := l.save(tx); err != nil {
		return err
	}
	for _, s := range m.Shares {
		_, err := tx.Exec("INSERT INTO transfer_lots (line_id, lot, expires_on, quantity, on_way) SELECT ?1, lot, expires_on, ?3, ?3 FROM lots WHERE id = ?2", l.ID, s.LotID, -s.Delta)
		if err != nil {
			return fmt.Errorf("note a lot on its way: %w", err)
		}
	}
	return t.expect(tx, l, l.Quantity)
}

// document is what the movements of a transfer belong to.
func (t *Transfer) document() *Document {
	return &Document{Type: transferDocument, ID: t.ID, Number: t.Number}
}

// expect changes how much of a line is on its way.
func (t *Transfer) expect(tx *db.Tx, l *TransferLine, q int64) error {
	return Expect(tx, Expected{VariantID: l.VariantID, LocationID: t.ToLocationID, Quantity: q, Document: *t.document()})
}

func (l *TransferLine) save(tx *db.Tx) error {
	_, err := tx.Exec("UPDATE transfer_lines SET on_way = ?2, received = ?3, missing = ?4, cost = ?5, arrived = ?6 WHERE id = ?1", l.ID, l.OnWay, l.Received, l.Missing, l.Cost, l.Arrived)
	if err != nil {
		return fmt.Errorf("save the line of a transfer: %w", err)
	}
	return nil
}

// CancelTransfer calls a draft off; one that is called off stays so. It fails with stale and, where it has left, illegal_move.
func CancelTransfer(ctx context.Context, d *db.DB, id int64, in TransferMove) (*Transfer, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Transfer, error) {
		t, err := transferIn(tx, id)
		if err != nil || t.Status == TransferCancelled {
			return t, err
		}
		if err := in.fresh(t); err != nil {
			return nil, err
		}
		if t.Status != TransferDraft {
			return nil, db.Illegal("transfer", t.Status, TransferCancelled)
		}
		t.Status = TransferCancelled
		return t.save(tx, TransferStep{Kind: "cancelled"})
	})
}

func notYourStore(message, location string) error {
	return db.Errorf(db.Forbidden, "not_your_store", message, location).With("location", location)
}
