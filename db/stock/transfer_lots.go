package stock

import (
	"encoding/json"
	"fmt"

	"onhand/db"
)

// TransferShipment sends a draft, and may say which lots of it go.
type TransferShipment struct {
	TransferMove
	Lots []SentLot `json:"lots,omitempty" maxItems:"1000" doc:"all that goes of the lines they are of; of other lines what expires first goes first"`
}

// SentLot is how much of a lot goes with a line.
type SentLot struct {
	LineID   int64 `json:"lineId" minimum:"1"`
	LotID    int64 `json:"lotId" minimum:"1"`
	Quantity int64 `json:"quantity" minimum:"1" maximum:"1000000"`
}

// TransferLot is a lot that a line left with.
type TransferLot struct {
	Lot       string   `json:"lot" doc:"its name; empty where nobody gave one"`
	ExpiresOn *db.Date `json:"expiresOn" format:"date" doc:"null for never"`
	Quantity  int64    `json:"quantity"`
	OnWay     int64    `json:"onWay" doc:"neither received nor given up"`

	LineID int64 `json:"-"`
}

// FreeLot is a lot from which a line could leave.
type FreeLot struct {
	LotID     int64    `json:"lotId"`
	Lot       string   `json:"lot" doc:"its name; empty where nobody gave one"`
	ExpiresOn *db.Date `json:"expiresOn" format:"date" doc:"null for never"`
	Available int64    `json:"available" doc:"how many of it could leave"`
	Proposed  int64    `json:"proposed" bun:"-" doc:"how many go where nobody chooses: first expired, first out"`

	LineID int64 `json:"-"`
}

// freeLots is how many lots of a line are offered.
const freeLots = 50

// readLots reads what its lines carry, or what they could.
func (t *Transfer) readLots(tx *db.Tx) error {
	byID := make(map[int64]*TransferLine, len(t.Lines))
	for i := range t.Lines {
		byID[t.Lines[i].ID] = &t.Lines[i]
	}
	if t.leaves(tx) {
		return t.readFreeLots(tx, byID)
	}
	var carried []TransferLot
	err := tx.Select(&carried, `SELECT o.line_id, o.lot, nullif(o.expires_on, 'never') AS expires_on, o.quantity, o.on_way
		FROM transfer_lines l CROSS JOIN transfer_lots o ON o.line_id = l.id WHERE l.transfer_id = ?1 ORDER BY o.line_id, o.expires_on, o.id`, t.ID)
	if err != nil {
		return fmt.Errorf("read the lots of a transfer: %w", err)
	}
	for _, c := range carried {
		byID[c.LineID].Lots = append(byID[c.LineID].Lots, c)
	}
	return nil
}

func (t *Transfer) readFreeLots(tx *db.Tx, byID map[int64]*TransferLine) error {
	today, err := today(tx)
	if err != nil {
		return err
	}
	var free []FreeLot
	err = tx.Select(&free, `SELECT line_id, lot_id, lot, nullif(expires_on, 'never') AS expires_on, available FROM (
			SELECT l.id AS line_id, lt.id AS lot_id, lt.lot, lt.expires_on, lt.quantity - lt.unavailable AS available,
				row_number() OVER (PARTITION BY l.id ORDER BY lt.expires_on, lt.id) AS place
			FROM transfer_lines l CROSS JOIN variants v ON v.id = l.variant_id CROSS JOIN lots lt ON lt.variant_id = l.variant_id AND lt.location_id = ?2
			WHERE l.transfer_id = ?1 AND v.tracks_lots AND lt.quantity > lt.unavailable AND lt.expired_at IS NULL AND lt.expires_on > ?3)
		WHERE place <= ?4 ORDER BY line_id, place`, t.ID, t.FromLocationID, today, freeLots)
	if err != nil {
		return fmt.Errorf("read the lots that could leave: %w", err)
	}
	left := make(map[int64]int64, len(t.Lines))
	for _, l := range t.Lines {
		left[l.ID] = l.Quantity
	}
	for _, f := range free {
		f.Proposed = min(left[f.LineID], f.Available)
		left[f.LineID] -= f.Proposed
		byID[f.LineID].FreeLots = append(byID[f.LineID].FreeLots, f)
	}
	return nil
}

// chosen are the lots that somebody wants to go, by line, as what leaves them.
func (t *Transfer) chosen(tx *db.Tx, said []SentLot) (map[int64][]share, error) {
	if len(said) == 0 {
		return nil, nil
	}
	free, err := t.freeOf(tx, said)
	if err != nil {
		return nil, err
	}
	byLine, named := map[int64][]share{}, map[int64]bool{}
	sums, first := map[int64]int64{}, map[int64]int{}
	for i, s := range said {
		l := t.line(s.LineID)
		if l == nil {
			return nil, db.Blame(db.NotFound("transfer line"), "lots[%d].lineId", i)
		}
		if named[s.LotID] {
			return nil, db.Refuse("twice_in_transfer", fmt.Sprintf("lots[%d].lotId", i), "This lot is named twice. Add its quantities up.")
		}
		named[s.LotID] = true
		if have := free[lotOf{s.LotID, l.VariantID}]; s.Quantity > have {
			return nil, lotShort(i, have)
		}
		if _, known := first[l.ID]; !known {
			first[l.ID] = i
		}
		sums[l.ID] += s.Quantity
		byLine[l.ID] = append(byLine[l.ID], share{LotID: s.LotID, Delta: -s.Quantity})
	}
	for _, l := range t.Lines {
		if sum, yes := sums[l.ID]; yes && sum != l.Quantity {
			return nil, db.Refuse("lots_differ", fmt.Sprintf("lots[%d].quantity", first[l.ID]), "The lots of %s add up to %d; %d are to go.", l.SKU, sum, l.Quantity).
				With("sum", sum).With("quantity", l.Quantity).With("name", l.Name)
		}
	}
	return byLine, nil
}

func lotShort(at int, have int64) error {
	why := fmt.Sprintf("Only %d of this lot can leave. Choose another one for the rest.", have)
	if have == 0 {
		why = "Nothing of this lot can leave. Choose another one."
	}
	return (&db.Error{Kind: db.Conflict, Code: "lot_short", Message: why, Field: fmt.Sprintf("lots[%d].quantity", at)}).With("left", have)
}

type lotOf struct{ LotID, VariantID int64 }

// freeOf is how much could leave of the lots that are named and lie where it leaves.
func (t *Transfer) freeOf(tx *db.Tx, said []SentLot) (map[lotOf]int64, error) {
	today, err := today(tx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(said))
	for i, s := range said {
		ids[i] = s.LotID
	}
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		LotID, VariantID, Free int64
	}
	err = tx.Select(&rows, `SELECT lt.id AS lot_id, lt.variant_id, lt.quantity - lt.unavailable AS free FROM lots lt JOIN variants v ON v.id = lt.variant_id
		WHERE lt.location_id = ?1 AND lt.expired_at IS NULL AND lt.expires_on > ?2 AND v.tracks_lots AND lt.id IN (SELECT value FROM json_each(?3))`,
		t.FromLocationID, today, string(asked))
	if err != nil {
		return nil, fmt.Errorf("read the lots that are named: %w", err)
	}
	free := make(map[lotOf]int64, len(rows))
	for _, r := range rows {
		free[lotOf{r.LotID, r.VariantID}] = r.Free
	}
	return free, nil
}

// line is one of its lines; nil where it has none of that id.
func (t *Transfer) line(id int64) *TransferLine {
	for i := range t.Lines {
		if t.Lines[i].ID == id {
			return &t.Lines[i]
		}
	}
	return nil
}
