package sales

import (
	"context"
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
)

// TillStatus says whether money still goes through a till.
type TillStatus string

// The statuses: open -> closed, and never back.
const (
	TillOpen   TillStatus = "open"
	TillClosed TillStatus = "closed"
)

// Till is a drawer of money from its opening to its close.
type Till struct {
	ID           int64        `json:"id"`
	LocationID   int64        `json:"locationId"`
	LocationName string       `json:"locationName"`
	Name         string       `json:"name"`
	Status       TillStatus   `json:"status" enum:"open,closed"`
	BusinessDate db.Date      `json:"businessDate" doc:"of its opening"`
	Float        money.Amount `json:"float" doc:"what was in it at first"`
	OpenedAt     db.Time      `json:"openedAt" format:"date-time"`
	OpenedBy     string       `json:"openedBy" bun:"opened_name"`
	// Expected is hidden from who counts blind until the till is closed.
	Expected   *money.Amount `json:"expected" doc:"float + cash taken - cash given back + paid in - paid out; null while it is hidden"`
	Counted    *money.Amount `json:"counted" doc:"what was in it at last"`
	Difference *money.Amount `json:"difference" bun:"-" doc:"counted - expected; null until it is closed"`
	Counts     TillCounts    `json:"counts" doc:"how it was counted, where it was by coins and notes"`
	Reason     string        `json:"reason" doc:"of the difference"`
	Note       string        `json:"note"`
	ClosedAt   *db.Time      `json:"closedAt" format:"date-time"`
	ClosedBy   string        `json:"closedBy" bun:"closed_name"`
	Version    int64         `json:"version" doc:"moves with what should be in it"`

	OpenedKey string `json:"-"` // Actor.Key of who did
	ClosedKey string `json:"-"`
}

// TillCount is how many of one coin or note.
type TillCount struct {
	Value money.Amount `json:"value" minimum:"1" maximum:"9007199254740991" doc:"of one, in minor units"`
	Count int64        `json:"count" minimum:"0" maximum:"1000000"`
}

// TillCounts are the coins and notes of a till: a JSON list in the file.
type TillCounts []TillCount

// Scan reads them from the file.
func (c *TillCounts) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("counts of type %T", v)
	}
	return json.Unmarshal([]byte(s), c)
}

// NewTill opens a till.
type NewTill struct {
	LocationID int64        `json:"locationId,omitempty" minimum:"1" doc:"the default location when left out"`
	Name       string       `json:"name,omitempty" maxLength:"50" doc:"the store's first till when left out"`
	Float      money.Amount `json:"float" minimum:"0" maximum:"9007199254740991" doc:"what is in it, in minor units"`
}

// TillMovementKind says which way money went that was no sale.
type TillMovementKind string

// The kinds of movement.
const (
	PaidIn  TillMovementKind = "paid_in"
	PaidOut TillMovementKind = "paid_out"
)

// NewTillMovement is money put into a till or taken out of it that is no sale.
type NewTillMovement struct {
	Kind    TillMovementKind `json:"kind" enum:"paid_in,paid_out"`
	Amount  money.Amount     `json:"amount" minimum:"1" maximum:"9007199254740991"`
	Reason  string           `json:"reason" maxLength:"200"`
	Version *int64           `json:"version,omitempty" doc:"of the till as it was seen; refused as stale when it changed"`
}

// firstTill is what a store's first till is called, by the shop's language.
var firstTill = map[string]string{"en": "Till 1", "de": "Kasse 1"}

const (
	maxTillName   = 50
	maxTillReason = 200
)

// OpenTill begins a drawer's session with what is in it. It fails with till_open when that till is open already.
func OpenTill(ctx context.Context, d *db.DB, in NewTill) (*Till, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Till, error) { return OpenTillIn(tx, in) })
}

// OpenTillIn is OpenTill inside a transaction.
func OpenTillIn(tx *db.Tx, in NewTill) (*Till, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	if in.LocationID == 0 {
		in.LocationID = s.DefaultLocationID
	}
	if _, err := stock.LocationIn(tx, in.LocationID); err != nil {
		return nil, db.Blame(err, "locationId")
	}
	if in.Name == "" {
		in.Name = firstTill[s.Language]
	}
	if in.Name, err = db.Required("name", in.Name, maxTillName); err != nil {
		return nil, err
	}
	if in.Float < 0 || !in.Float.In() {
		return nil, badAmount("float", "Type what is in the till: nothing or more.")
	}
	id, err := tx.Insert(`INSERT INTO tills (location_id, name, status, business_date, float, expected, opened_at, opened_kind, opened_id, opened_name)
		VALUES (?1, ?2, 'open', ?3, ?4, ?4, ?5, ?6, ?7, ?8)`, in.LocationID, in.Name, s.Today(tx.Now), in.Float, tx.Now,
		string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name)
	if db.IsUnique(err) {
		return nil, db.Blame(db.Errorf(db.Conflict, "till_open", "%s is open already. Use it, or open one of another name.", in.Name).With("name", in.Name), "name")
	}
	if err != nil {
		return nil, fmt.Errorf("open a till: %w", err)
	}
	return changedTill(tx, s, id, "opened", nil)
}

// MoveCash puts money into an open till or takes it out, for a reason.
func MoveCash(ctx context.Context, d *db.DB, tillID int64, in NewTillMovement) (*Till, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Till, error) { return MoveCashIn(tx, tillID, in) })
}

// MoveCashIn is MoveCash inside a transaction.
func MoveCashIn(tx *db.Tx, tillID int64, in NewTillMovement) (*Till, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	t, err := openTillIn(tx, tillID)
	if err != nil {
		return nil, err
	}
	if in.Version != nil && *in.Version != t.Version {
		return nil, db.Stale(t.shownTo(tx.Actor, s))
	}
	if in.Reason, err = db.Required("reason", in.Reason, maxTillReason); err != nil {
		return nil, err
	}
	if in.Amount <= 0 {
		return nil, badAmount("amount", "Type an amount above zero.")
	}
	amount := in.Amount
	if in.Kind == PaidOut {
		amount = -amount
	}
	if err := t.move(tx, amount); err != nil {
		return nil, err
	}
	_, err = tx.Insert(`INSERT INTO till_movements (till_id, kind, amount, reason, at, business_date, actor_kind, actor_id, actor_name)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`, t.ID, in.Kind, in.Amount, in.Reason, tx.Now, s.Today(tx.Now),
		string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name)
	if err != nil {
		return nil, fmt.Errorf("move cash: %w", err)
	}
	in.Version = nil
	return changedTill(tx, s, t.ID, string(in.Kind), in)
}

// changedTill enters a change of a till into the audit, tells of it and answers the till as the actor may see it. What of it
// is the audit's after; nil for the till itself.
func changedTill(tx *db.Tx, s *settings.Settings, id int64, action string, what any) (*Till, error) {
	t, err := TillIn(tx, id)
	if err != nil {
		return nil, err
	}
	if what == nil {
		what = t
	}
	if err := tx.AuditAs(action, "till", id, nil, what); err != nil {
		return nil, err
	}
	return t.shownTo(tx.Actor, s), tx.Emit("tills", t.ID, t.Version, t.LocationID)
}

// throughTill leads money of an order through a till: the one that is named or, for cash, the store's only open one. Cash
// changes what should be in it. It fails with till_closed and, where cash needs a till, with till_needed or which_till.
func throughTill(tx *db.Tx, o *Order, s *settings.Settings, p *Payment) error {
	if p.TillID == nil && p.Method == "cash" && o.Channel != Imported {
		var open []int64
		err := tx.Select(&open, "SELECT id FROM tills WHERE location_id = ?1 AND status = 'open' LIMIT 2", o.LocationID)
		switch {
		case err != nil:
			return fmt.Errorf("look for the till: %w", err)
		case len(open) == 1:
			p.TillID = &open[0]
		case s.TillRequired && len(open) == 0:
			return db.Blame(db.Errorf(db.Conflict, "till_needed", "Cash needs an open till. Open one first."), "method")
		case s.TillRequired:
			return db.Blame(db.Errorf(db.Conflict, "which_till", "Several tills are open. Say which one the cash goes through."), "tillId")
		}
	}
	if p.TillID == nil {
		return nil
	}
	t, err := openTillIn(tx, *p.TillID)
	if err != nil {
		return db.Blame(err, "tillId")
	}
	if p.Method == "cash" {
		amount := p.Amount
		if p.Kind == "refund" {
			amount = -amount
		}
		if err := t.move(tx, amount); err != nil {
			return err
		}
	}
	return tx.Emit("tills", t.ID, t.Version, t.LocationID)
}

// move changes what should be in an open till, which may be less than nothing: somebody forgot what was put in.
func (t *Till) move(tx *db.Tx, amount money.Amount) error {
	expected, err := t.Expected.Add(amount)
	if err != nil {
		return db.Refuse("too_large", "amount", "This is more than the books can hold.")
	}
	n, err := tx.Exec("UPDATE tills SET expected = ?2, version = version + 1 WHERE id = ?1 AND status = 'open' AND version = ?3", t.ID, expected, t.Version)
	if err != nil {
		return fmt.Errorf("move cash: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("move cash of till %d: it has another version", t.ID)
	}
	t.Expected = &expected
	t.Version++
	return nil
}

// openTillIn is a till of the actor's stores that takes money; not_found or till_closed otherwise.
func openTillIn(tx *db.Tx, id int64) (*Till, error) {
	t, err := TillIn(tx, id)
	if err == nil && t.Status != TillOpen {
		err = t.closed()
	}
	return t, err
}

func (t *Till) closed() *db.Error {
	return db.Errorf(db.Conflict, "till_closed", "%s was closed by %s. Open it anew.", t.Name, t.ClosedBy).
		With("name", t.Name).With("by", t.ClosedBy)
}

func badAmount(field, message string) error { return db.Refuse("bad_amount", field, "%s", message) }
