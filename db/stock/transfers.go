package stock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/money"
)

// TransferStatus is where a transfer is.
type TransferStatus string

// The statuses: draft -> shipped -> partially_received -> received, and draft -> cancelled.
const (
	TransferDraft     TransferStatus = "draft"
	TransferShipped   TransferStatus = "shipped"
	TransferPartly    TransferStatus = "partially_received"
	TransferReceived  TransferStatus = "received"
	TransferCancelled TransferStatus = "cancelled"
)

// Transfer moves goods from one location to another. What is on its way is in neither.
type Transfer struct {
	ID               int64          `json:"id"`
	Number           string         `json:"number" doc:"given when it leaves; empty until then"`
	Status           TransferStatus `json:"status" enum:"draft,shipped,partially_received,received,cancelled"`
	FromLocationID   int64          `json:"fromLocationId"`
	FromLocationName string         `json:"fromLocationName"`
	ToLocationID     int64          `json:"toLocationId"`
	ToLocationName   string         `json:"toLocationName"`
	Note             string         `json:"note"`
	Lines            []TransferLine `json:"lines" bun:"-"`
	Timeline         []TransferStep `json:"timeline" bun:"-" doc:"who did what, the oldest first"`
	Version          int64          `json:"version"`
	CreatedAt        db.Time        `json:"createdAt" format:"date-time"`
	ShippedAt        *db.Time       `json:"shippedAt" format:"date-time"`
	ReceivedAt       *db.Time       `json:"receivedAt" format:"date-time" doc:"when nothing of it was on its way any more"`
	UpdatedAt        db.Time        `json:"updatedAt" format:"date-time"`
}

// TransferLine is how much of a variant is moved, and where it is.
type TransferLine struct {
	ID        int64  `json:"id"`
	VariantID int64  `json:"variantId"`
	SKU       string `json:"sku" bun:"sku"`
	Name      string `json:"name"`
	Quantity  int64  `json:"quantity"`
	OnWay     int64  `json:"onWay" doc:"left, and neither received nor given up"`
	Received  int64  `json:"received"`
	Missing   int64  `json:"missing" doc:"given up; the timeline says why"`
	Available *int64 `json:"available,omitempty" doc:"of a draft, and for who sees where it leaves: how many could leave now"`
	// Lots and FreeLots are there where the variant tracks lots.
	Lots     []TransferLot `json:"lots,omitempty" bun:"-" doc:"what it left with; the first to expire first"`
	FreeLots []FreeLot     `json:"freeLots,omitempty" bun:"-" doc:"of a draft, and for who sees where it leaves: the lots that could leave, the first 50 to expire"`

	Cost    money.Amount `json:"-"` // what all of it was worth when it left
	Arrived money.Amount `json:"-"` // what of that is back on the books
}

// TransferStep is one thing that was done with a transfer.
type TransferStep struct {
	At       db.Time        `json:"at" format:"date-time"`
	Kind     string         `json:"kind" enum:"drafted,changed,shipped,received,cancelled"`
	Actor    string         `json:"actor"`
	Approver string         `json:"approver,omitempty" doc:"who vouched for what was given up"`
	Lines    []ArrivingLine `json:"lines,omitempty" bun:"-" doc:"what came, and what was given up"`
	Changes  []TransferEdit `json:"changes,omitempty" bun:"-" doc:"how the draft was changed"`

	Came    string `json:"-" bun:"lines"`
	Changed string `json:"-" bun:"changes"`
}

// TransferItem is a transfer in the list of all.
type TransferItem struct {
	ID               int64          `json:"id"`
	Number           string         `json:"number"`
	Status           TransferStatus `json:"status" enum:"draft,shipped,partially_received,received,cancelled"`
	FromLocationID   int64          `json:"fromLocationId"`
	FromLocationName string         `json:"fromLocationName"`
	ToLocationID     int64          `json:"toLocationId"`
	ToLocationName   string         `json:"toLocationName"`
	What             string         `json:"what" doc:"its first product"`
	LineCount        int64          `json:"lineCount"`
	Units            int64          `json:"units" doc:"of all lines"`
	OnWay            int64          `json:"onWay"`
	Received         int64          `json:"received"`
	Missing          int64          `json:"missing"`
	CreatedAt        db.Time        `json:"createdAt" format:"date-time"`
	ShippedAt        *db.Time       `json:"shippedAt" format:"date-time"`
	UpdatedAt        db.Time        `json:"updatedAt" format:"date-time"`
}

// TransferFilter says which transfers to list; its zero value is all that leave or reach a location the actor sees.
type TransferFilter struct {
	db.List
	// Open keeps to what somebody has to look at: drafts, and what is on its way.
	Open       bool
	Status     TransferStatus
	LocationID int64 // that they leave or reach
}

// openTransfersSQL is the condition of a partial index, word for word.
const openTransfersSQL = "t.status IN ('draft', 'shipped', 'partially_received')"

const transferTables = ` FROM transfers t CROSS JOIN locations f ON f.id = t.from_location_id CROSS JOIN locations l ON l.id = t.to_location_id `

const transferColumns = `t.id, coalesce(t.number, '') AS number, t.status, t.from_location_id, f.name AS from_location_name, t.to_location_id, l.name AS to_location_name,
	t.created_at, t.shipped_at, t.updated_at`

// transfersSeen is the condition that a transfer leaves or reaches a location the actor sees.
func transfersSeen(tx *db.Tx) string {
	scope := tx.Actor.Scope()
	return "(" + scope.Where("t.from_location_id") + " OR " + scope.Where("t.to_location_id") + ")"
}

// Transfers lists transfers, the newest first.
func Transfers(ctx context.Context, d *db.DB, f TransferFilter) (page db.Page[TransferItem], err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		where, args, err := f.where(tx)
		if err != nil {
			return err
		}
		rows := []TransferItem{}
		err = tx.Select(&rows, `SELECT t.*, count(*) AS line_count, sum(x.quantity) AS units, sum(x.on_way) AS on_way, sum(x.received) AS received, sum(x.missing) AS missing,
				(SELECT v.name FROM transfer_lines y JOIN variants v ON v.id = y.variant_id WHERE y.transfer_id = t.id ORDER BY y.id LIMIT 1) AS what
			FROM (SELECT `+transferColumns+transferTables+"WHERE "+where+` ORDER BY t.id DESC LIMIT ?) t CROSS JOIN transfer_lines x ON x.transfer_id = t.id
			GROUP BY t.id ORDER BY t.id DESC`, append(args, f.Size()+1)...)
		page = db.PageOf(rows, f.Size(), func(t TransferItem) string { return db.Cursor(t.ID) })
		return err
	})
	if err != nil {
		return page, fmt.Errorf("list transfers: %w", err)
	}
	return page, nil
}

func (f TransferFilter) where(tx *db.Tx) (string, []any, error) {
	where, args := []string{transfersSeen(tx)}, []any{}
	and := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if f.Open || slices.Contains([]TransferStatus{TransferDraft, TransferShipped, TransferPartly}, f.Status) {
		and(openTransfersSQL)
	}
	if f.Status != "" {
		and("+t.status = ?", f.Status)
	}
	if f.LocationID != 0 {
		and("(t.from_location_id = ? OR t.to_location_id = ?)", f.LocationID, f.LocationID)
	}
	if q := strings.TrimPrefix(strings.TrimSpace(f.Q), "#"); q != "" {
		and("t.number = ?", strings.ToUpper(q))
	}
	var last int64
	more, err := db.ReadCursor(f.After, &last)
	if more {
		and("t.id < ?", last)
	}
	return strings.Join(where, " AND "), args, err
}

// TransferByID returns a transfer with its lines and its timeline; not_found where the actor sees neither location.
func TransferByID(ctx context.Context, d *db.DB, id int64) (t *Transfer, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		t, err = transferShown(tx, id)
		return err
	})
	return t, err
}

// transferShown is a transfer as it is answered, with its lots.
func transferShown(tx *db.Tx, id int64) (*Transfer, error) {
	t, err := transferIn(tx, id)
	if err != nil {
		return nil, err
	}
	return t, t.readLots(tx)
}

func transferIn(tx *db.Tx, id int64) (*Transfer, error) {
	t := &Transfer{Lines: []TransferLine{}}
	err := tx.Get(t, "SELECT "+transferColumns+", t.note, t.version, t.received_at"+transferTables+"WHERE t.id = ?1 AND "+transfersSeen(tx), id)
	if err != nil {
		return nil, db.Found(err, "transfer")
	}
	err = tx.Select(&t.Lines, `SELECT l.id, l.variant_id, v.sku, v.name, l.quantity, l.on_way, l.received, l.missing, l.cost, l.arrived,
			iif(?2, coalesce((SELECT on_hand - committed - unavailable FROM levels WHERE variant_id = l.variant_id AND location_id = ?3), 0), NULL) AS available
		FROM transfer_lines l JOIN variants v ON v.id = l.variant_id WHERE l.transfer_id = ?1 ORDER BY l.id`, id, t.leaves(tx), t.FromLocationID)
	if err != nil {
		return nil, fmt.Errorf("read the lines of a transfer: %w", err)
	}
	return t, t.readTimeline(tx)
}

// leaves says whether it is a draft that the actor could send.
func (t *Transfer) leaves(tx *db.Tx) bool {
	return t.Status == TransferDraft && tx.Actor.Scope().Has(t.FromLocationID)
}

// maxSteps is how much of its timeline a transfer shows; nobody unpacks one in so many parts.
const maxSteps = 1000

func (t *Transfer) readTimeline(tx *db.Tx) error {
	t.Timeline = []TransferStep{}
	err := tx.Select(&t.Timeline, `SELECT at, kind, actor_name AS actor, coalesce(approver_name, '') AS approver, lines, changes
		FROM transfer_steps WHERE transfer_id = ?1 ORDER BY id LIMIT ?2`, t.ID, maxSteps)
	for i := range t.Timeline {
		s := &t.Timeline[i]
		if err == nil {
			err = errors.Join(json.Unmarshal([]byte(s.Came), &s.Lines), json.Unmarshal([]byte(s.Changed), &s.Changes))
		}
	}
	if err != nil {
		return fmt.Errorf("read the timeline of a transfer: %w", err)
	}
	return nil
}

// save writes where a transfer is now and who brought it there, and answers it as it stands.
func (t *Transfer) save(tx *db.Tx, done TransferStep) (*Transfer, error) {
	t.UpdatedAt = tx.Now
	t.Version++
	_, err := tx.Exec("UPDATE transfers SET number = nullif(?2, ''), status = ?3, version = ?4, shipped_at = ?5, received_at = ?6, updated_at = ?7 WHERE id = ?1",
		t.ID, t.Number, t.Status, t.Version, t.ShippedAt, t.ReceivedAt, t.UpdatedAt)
	if err != nil {
		return nil, fmt.Errorf("save a transfer: %w", err)
	}
	if err := t.step(tx, done); err != nil {
		return nil, err
	}
	return transferShown(tx, t.ID)
}

// step notes on the timeline what was done, and tells both locations.
func (t *Transfer) step(tx *db.Tx, done TransferStep) error {
	lines, err := json.Marshal(slices.Concat([]ArrivingLine{}, done.Lines))
	if err != nil {
		return err
	}
	changes, err := json.Marshal(slices.Concat([]TransferEdit{}, done.Changes))
	if err != nil {
		return err
	}
	var approverID *int64
	var approver *string
	if by := tx.ApprovedBy(); by != nil {
		approverID, approver = &by.ID, &by.Name
	}
	_, err = tx.Exec(`INSERT INTO transfer_steps (transfer_id, at, kind, lines, changes, actor_kind, actor_id, actor_name, approver_id, approver_name)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
		t.ID, tx.Now, done.Kind, string(lines), string(changes), string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name, approverID, approver)
	if err != nil {
		return fmt.Errorf("note what was done with a transfer: %w", err)
	}
	return t.tell(tx, t.FromLocationID, t.ToLocationID)
}

// tell lets locations hear of a transfer.
func (t *Transfer) tell(tx *db.Tx, locations ...int64) error {
	for _, location := range locations {
		if err := tx.Emit("transfers", t.ID, t.Version, location); err != nil {
			return err
		}
	}
	return nil
}
