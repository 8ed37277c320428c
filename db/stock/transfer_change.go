package stock

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"onhand/db"
)

// TransferChange changes what it carries of a draft and leaves the rest.
type TransferChange struct {
	TransferMove
	FromLocationID *int64            `json:"fromLocationId,omitempty" minimum:"1"`
	ToLocationID   *int64            `json:"toLocationId,omitempty" minimum:"1"`
	Note           *string           `json:"note,omitempty" maxLength:"500"`
	Lines          []NewTransferLine `json:"lines,omitempty" minItems:"1" maxItems:"100" doc:"all lines as they shall be"`
}

// TransferEdit is one thing that was changed about a draft.
type TransferEdit struct {
	What   string `json:"what" enum:"from,to,note,line"`
	Name   string `json:"name,omitempty" doc:"of a line: its product"`
	Before string `json:"before" doc:"of a line: its quantity, 0 where it is new"`
	After  string `json:"after" doc:"of a line: its quantity, 0 where it was taken out"`
}

// ChangeTransfer changes a draft, also to more than there is: what can leave is looked at when it is sent. It fails with stale,
// draft_left, and as CreateTransfer does; what changes nothing leaves its version as it is.
func ChangeTransfer(ctx context.Context, d *db.DB, id int64, in TransferChange) (*Transfer, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Transfer, error) {
		was, err := transferIn(tx, id)
		if err != nil {
			return nil, err
		}
		if err := in.fresh(was); err != nil {
			return nil, err
		}
		if was.Status != TransferDraft {
			return nil, db.Errorf(db.Conflict, "draft_left", "This transfer is %s; it cannot be changed any more.", was.Status).With("status", was.Status)
		}
		now, err := was.changed(tx, in)
		if err != nil {
			return nil, err
		}
		changes := was.edits(now)
		if len(changes) == 0 {
			return was, was.readLots(tx)
		}
		if now, err = now.save(tx, TransferStep{Kind: "changed", Changes: changes}); err != nil {
			return nil, err
		}
		return now, now.tellWhomItLeft(tx, was)
	})
}

// tellWhomItLeft lets a location hear that a draft is none of its own any more.
func (t *Transfer) tellWhomItLeft(tx *db.Tx, was *Transfer) error {
	for _, id := range []int64{was.FromLocationID, was.ToLocationID} {
		if id == t.FromLocationID || id == t.ToLocationID {
			continue
		}
		if err := t.tell(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// changed is a draft as it shall be, its lines written.
func (t *Transfer) changed(tx *db.Tx, in TransferChange) (*Transfer, error) {
	to := NewTransfer{FromLocationID: t.FromLocationID, ToLocationID: t.ToLocationID, Lines: in.Lines}
	note := t.Note
	if in.Note != nil {
		var err error
		if note, err = db.Note("note", *in.Note, 500); err != nil {
			return nil, err
		}
	}
	if in.FromLocationID != nil {
		to.FromLocationID = *in.FromLocationID
	}
	if in.ToLocationID != nil {
		to.ToLocationID = *in.ToLocationID
	}
	if err := to.checkLocations(tx); err != nil {
		return nil, err
	}
	if in.Lines != nil {
		if err := to.checkLines(tx); err != nil {
			return nil, err
		}
		if err := t.replaceLines(tx, in.Lines); err != nil {
			return nil, err
		}
	}
	if _, err := tx.Exec("UPDATE transfers SET from_location_id = ?2, to_location_id = ?3, note = ?4 WHERE id = ?1", t.ID, to.FromLocationID, to.ToLocationID, note); err != nil {
		return nil, fmt.Errorf("change a transfer: %w", err)
	}
	return transferIn(tx, t.ID)
}

// replaceLines writes a draft's lines anew, where they are others than it has.
func (t *Transfer) replaceLines(tx *db.Tx, lines []NewTransferLine) error {
	other := func(l NewTransferLine) bool { return t.quantityOf(l.VariantID) != l.Quantity }
	if len(lines) == len(t.Lines) && !slices.ContainsFunc(lines, other) {
		return nil
	}
	if _, err := tx.Exec("DELETE FROM transfer_lines WHERE transfer_id = ?1", t.ID); err != nil {
		return fmt.Errorf("take out the lines of a transfer: %w", err)
	}
	return addLines(tx, t.ID, lines)
}

// edits is what is different about a draft after a change.
func (t *Transfer) edits(now *Transfer) (changes []TransferEdit) {
	if t.FromLocationID != now.FromLocationID {
		changes = append(changes, TransferEdit{What: "from", Before: t.FromLocationName, After: now.FromLocationName})
	}
	if t.ToLocationID != now.ToLocationID {
		changes = append(changes, TransferEdit{What: "to", Before: t.ToLocationName, After: now.ToLocationName})
	}
	if t.Note != now.Note {
		changes = append(changes, TransferEdit{What: "note", Before: t.Note, After: now.Note})
	}
	for _, l := range now.Lines {
		if had := t.quantityOf(l.VariantID); had != l.Quantity {
			changes = append(changes, lineEdit(l, had, l.Quantity))
		}
	}
	for _, l := range t.Lines {
		if now.quantityOf(l.VariantID) == 0 {
			changes = append(changes, lineEdit(l, l.Quantity, 0))
		}
	}
	return changes
}

func lineEdit(l TransferLine, before, after int64) TransferEdit {
	return TransferEdit{What: "line", Name: cmp.Or(l.Name, l.SKU), Before: strconv.FormatInt(before, 10), After: strconv.FormatInt(after, 10)}
}

// quantityOf is how much of a variant a transfer has; 0 for none.
func (t *Transfer) quantityOf(variantID int64) int64 {
	for _, l := range t.Lines {
		if l.VariantID == variantID {
			return l.Quantity
		}
	}
	return 0
}
