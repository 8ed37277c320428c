package alerts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
)

// AlertWish is when somebody is told of a kind.
type AlertWish struct {
	Kind  AlertKind   `json:"kind" enum:"out,low,over,web_order,summary,mail_broken,self_check"`
	Mode  AlertMode   `json:"mode" enum:"instant,hourly,daily,off"`
	Modes []AlertMode `json:"modes" enum:"instant,hourly,daily,off" doc:"what may be chosen"`
	// Usual is what it is without a word of theirs.
	Usual AlertMode `json:"usual" enum:"instant,hourly,daily,off"`
}

// WishList is what the actor may be told, and where it is sent.
type WishList struct {
	Email string      `json:"email"`
	Owner bool        `json:"owner" doc:"whether the owner's mails come to this address"`
	Items []AlertWish `json:"items"`
}

// WishChange chooses modes; a kind that is left out stays.
type WishChange struct {
	Items []NewWish `json:"items" minItems:"1" maxItems:"20"`
}

// NewWish is when somebody wants to be told of a kind.
type NewWish struct {
	Kind AlertKind `json:"kind" enum:"out,low,over,web_order,summary,mail_broken,self_check"`
	Mode AlertMode `json:"mode" enum:"instant,hourly,daily,off"`
}

// Wishes are the actor's own.
func Wishes(ctx context.Context, d *db.DB) (list *WishList, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) (err error) { list, err = wishList(tx); return err })
	return list, err
}

func wishList(tx *db.Tx) (*WishList, error) {
	owner, r, err := ownReader(tx)
	if err != nil {
		return nil, err
	}
	list := &WishList{Email: r.To, Owner: owner, Items: []AlertWish{}}
	for _, row := range table {
		if !r.Actor.Can(row.permission) {
			continue
		}
		usual := Off
		if owner {
			usual = row.owner
		}
		list.Items = append(list.Items, AlertWish{Kind: row.kind, Mode: r.modes[row.kind], Modes: row.modes, Usual: usual})
	}
	return list, nil
}

// ownReader is the actor as they are told, and whether as the owner.
func ownReader(tx *db.Tx) (owner bool, r *Reader, err error) {
	r, err = userReader(tx, tx.Actor.ID, false)
	if err != nil || r == nil {
		return false, nil, errors.Join(err, db.Found(db.ErrNoRow, "user"))
	}
	owners, err := owners(tx)
	if err != nil {
		return false, nil, err
	}
	if owner = slices.ContainsFunc(owners, func(to string) bool { return strings.EqualFold(to, r.To) }); owner {
		r, err = userReader(tx, tx.Actor.ID, true)
	}
	return owner, r, err
}

// Choose changes when the actor is told of what. It fails with bad_mode for what cannot be chosen.
func Choose(ctx context.Context, d *db.DB, in WishChange) (*WishList, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*WishList, error) {
		before, err := wishList(tx)
		if err != nil {
			return nil, err
		}
		for i, w := range in.Items {
			at := slices.IndexFunc(table, func(row kindRow) bool { return row.kind == w.Kind })
			if at < 0 || !slices.Contains(table[at].modes, w.Mode) {
				return nil, db.Refuse("bad_mode", fmt.Sprintf("items[%d].mode", i), "This cannot be chosen here.")
			}
			if err := catchUp(tx, before, w); err != nil {
				return nil, err
			}
			_, err := tx.Exec("INSERT INTO alert_wishes (user_id, kind, mode) VALUES (?1, ?2, ?3) ON CONFLICT (user_id, kind) DO UPDATE SET mode = ?3",
				tx.Actor.ID, string(w.Kind), string(w.Mode))
			if err != nil {
				return nil, fmt.Errorf("keep a wish: %w", err)
			}
		}
		// Whoever chooses wants to hear again, whatever link they once followed.
		list, err := wishList(tx)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Exec("UPDATE alert_addresses SET stopped = 0 WHERE address = ?1", strings.ToLower(list.Email)); err != nil {
			return nil, fmt.Errorf("let mails come again: %w", err)
		}
		return wishList(tx)
	})
}

// catchUp lets what happened while somebody wanted to hear nothing of a kind be past.
func catchUp(tx *db.Tx, before *WishList, w NewWish) error {
	at := slices.IndexFunc(before.Items, func(old AlertWish) bool { return old.Kind == w.Kind })
	if at < 0 || before.Items[at].Mode != Off || w.Mode == Off || isStock(w.Kind) {
		return nil
	}
	return past(tx, strings.ToLower(before.Email), w.Kind)
}

// past lets an address know of everything of a kind that has happened.
func past(tx *db.Tx, address string, kind AlertKind) error {
	_, err := tx.Exec("UPDATE alert_readers SET told = (SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0)) WHERE address = ?1 AND kind = ?2", address, string(kind))
	if err != nil {
		return fmt.Errorf("let alerts be past: %w", err)
	}
	return nil
}

// Stop ends the digests and summaries of whoever holds the token of their mails, or takes that back. It fails with
// bad_link.
func Stop(ctx context.Context, d *db.DB, token string, stop bool) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		var address string
		err := tx.Row("UPDATE alert_addresses SET stopped = ?2 WHERE token = ?1 RETURNING address", []any{token, stop}, &address)
		if errors.Is(err, db.ErrNoRow) {
			return db.Errorf(db.Invalid, "bad_link", "This link does not work any more.")
		}
		if err != nil {
			return fmt.Errorf("stop mails: %w", err)
		}
		if !stop {
			if err := past(tx, address, WebOrder); err != nil {
				return err
			}
		}
		return tx.AuditAs(map[bool]string{true: "stopped", false: "resumed"}[stop], "digest", 0, nil, map[string]any{"email": address})
	})
}
