package sales

import (
	"context"
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
)

// TillClose is what was in a till at last.
type TillClose struct {
	Counted money.Amount `json:"counted" minimum:"0" maximum:"9007199254740991" doc:"in minor units"`
	Counts  TillCounts   `json:"counts,omitempty" maxItems:"50" doc:"how it was counted; they add up to counted"`
	Reason  string       `json:"reason,omitempty" maxLength:"200" doc:"of the difference; needed above the settings' tolerance, but not from who counts blind"`
	Note    string       `json:"note,omitempty" maxLength:"500"`
	Version *int64       `json:"version,omitempty" doc:"of the till as it was counted; refused as stale when cash moved since"`
}

// TillReason explains the difference of a till that was counted blind.
type TillReason struct {
	Reason string `json:"reason" maxLength:"200"`
}

// CloseTill ends a drawer's session with what was counted; the same again answers the same. It fails with reason_needed, with
// stale when cash moved since it was counted, and with till_closed when somebody else closed it.
func CloseTill(ctx context.Context, d *db.DB, id int64, in TillClose) (*Till, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Till, error) { return CloseTillIn(tx, id, in) })
}

// CloseTillIn is CloseTill inside a transaction.
func CloseTillIn(tx *db.Tx, id int64, in TillClose) (*Till, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	t, err := TillIn(tx, id)
	if err != nil {
		return nil, err
	}
	if t.Status == TillClosed {
		if *t.Counted != in.Counted || !t.seenBy(tx) {
			return nil, t.closed()
		}
		return t.shownTo(tx.Actor, s), nil
	}
	if in.Version != nil && *in.Version != t.Version {
		return nil, db.Stale(t.shownTo(tx.Actor, s))
	}
	if err := in.check(t, s, t.hiddenFrom(tx.Actor, s)); err != nil {
		return nil, err
	}
	counts, err := json.Marshal(in.Counts)
	if err != nil {
		return nil, fmt.Errorf("close a till: %w", err)
	}
	// Never before what went through it, even when the clock was set back.
	n, err := tx.Exec(`UPDATE tills SET status = 'closed', counted = ?2, counts = ?3, reason = ?4, note = ?5, closed_at = max(?6, opened_at,
			coalesce((SELECT max(at) FROM payments WHERE till_id = ?1), 0), coalesce((SELECT max(at) FROM till_movements WHERE till_id = ?1), 0)),
		closed_kind = ?7, closed_id = ?8, closed_name = ?9, version = version + 1 WHERE id = ?1 AND status = 'open' AND version = ?10`, t.ID, in.Counted, string(counts), in.Reason, in.Note, tx.Now,
		string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name, t.Version)
	if err != nil {
		return nil, fmt.Errorf("close a till: %w", err)
	}
	if n != 1 {
		return nil, fmt.Errorf("close till %d: it has another version", t.ID)
	}
	return changedTill(tx, s, t.ID, "closed", nil)
}

// check cleans what was typed. Who counts blind cannot know that there is a difference: it is explained afterwards.
func (in *TillClose) check(t *Till, s *settings.Settings, blind bool) (err error) {
	if in.Reason, err = db.Text("reason", in.Reason, maxTillReason); err != nil {
		return err
	}
	if in.Note, err = db.Note("note", in.Note, 500); err != nil {
		return err
	}
	if in.Counted < 0 {
		return badAmount("counted", "Type what is in the till: nothing or more.")
	}
	if err := in.Counts.addUpTo(in.Counted); err != nil {
		return err
	}
	difference, err := in.Counted.Add(-*t.Expected)
	if err != nil {
		return db.Refuse("too_large", "counted", "This is more than the books can hold.")
	}
	if in.Reason == "" && !blind && max(difference, -difference) > s.TillTolerance {
		return db.Refuse("reason_needed", "reason", "What was counted is not what should be there. Say why, as far as you know.").With("difference", difference)
	}
	return nil
}

// addUpTo refuses coins and notes that are not the amount; none are any amount.
func (c *TillCounts) addUpTo(counted money.Amount) error {
	if len(*c) == 0 {
		*c = TillCounts{}
		return nil
	}
	var sum money.Amount
	for i, one := range *c {
		if one.Value <= 0 || one.Count < 0 {
			return db.Refuse("out_of_range", fmt.Sprintf("counts[%d]", i), "Count coins and notes of a value, and none or more of them.")
		}
		part, err := one.Value.Mul(one.Count)
		if err == nil {
			sum, err = sum.Add(part)
		}
		if err != nil {
			return db.Refuse("too_large", fmt.Sprintf("counts[%d]", i), "This is more than the books can hold.")
		}
	}
	if sum != counted {
		return db.Refuse("counts_differ", "counts", "The coins and notes do not add up to what was counted.").With("sum", sum).With("counted", counted)
	}
	return nil
}

// ExplainTill gives the difference of a closed till the reason that it lacks, once. It fails with already_explained.
func ExplainTill(ctx context.Context, d *db.DB, id int64, in TillReason) (*Till, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Till, error) {
		s, err := settings.In(tx)
		if err != nil {
			return nil, err
		}
		t, err := TillIn(tx, id)
		if err != nil {
			return nil, err
		}
		if in.Reason, err = db.Required("reason", in.Reason, maxTillReason); err != nil {
			return nil, err
		}
		switch {
		case !t.seenBy(tx):
			return nil, db.NotFound("till")
		case t.Status == TillOpen:
			return nil, db.Errorf(db.Conflict, "till_not_closed", "%s is still open. Close it, with the reason.", t.Name).With("name", t.Name)
		case t.Reason == in.Reason:
			return t.shownTo(tx.Actor, s), nil
		case t.Reason != "":
			return nil, db.Blame(db.Errorf(db.Conflict, "already_explained", "A reason was given for this till already, and it stays."), "reason")
		}
		if _, err := tx.Exec("UPDATE tills SET reason = ?2, version = version + 1 WHERE id = ?1", t.ID, in.Reason); err != nil {
			return nil, fmt.Errorf("explain a till: %w", err)
		}
		return changedTill(tx, s, t.ID, "explained", in)
	})
}
