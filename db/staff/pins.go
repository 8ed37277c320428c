package staff

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"onhand/db"
	"onhand/db/auth"
)

// mostPINTries is how many wrong PINs in a row need the password.
const mostPINTries = 5

var pinForm = regexp.MustCompile(`^[0-9]{4,6}$`)

// NewPIN is what somebody chooses to take over a shared tablet with.
type NewPIN struct {
	PIN string `json:"pin" doc:"four to six figures"`
}

// SetPIN sets the actor's own PIN.
func (s *Sessions) SetPIN(ctx context.Context, in NewPIN) error {
	if !pinForm.MatchString(in.PIN) {
		return db.Refuse("bad_pin_form", "pin", "A PIN has four to six figures.")
	}
	hash, err := auth.HashPassword(ctx, in.PIN)
	if err != nil {
		return err
	}
	return s.writePIN(ctx, hash, "pin_set")
}

// RemovePIN takes the actor's own PIN away.
func (s *Sessions) RemovePIN(ctx context.Context) error { return s.writePIN(ctx, "", "pin_removed") }

func (s *Sessions) writePIN(ctx context.Context, hash, action string) error {
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		if _, err := tx.Exec("UPDATE users SET pin_hash = ?2, pin_tries = 0 WHERE id = ?1", tx.Actor.ID, hash); err != nil {
			return fmt.Errorf("set the PIN: %w", err)
		}
		if err := tx.AuditAs(action, "user", tx.Actor.ID, nil, nil); err != nil {
			return err
		}
		return tx.Emit("users", tx.Actor.ID, 0)
	})
}

// checkPIN checks somebody's PIN and answers what they may do. It fails with bad_pin, and after five wrong ones in a row
// with pin_blocked until they sign in with their password. A try is counted before it is checked, so that many at once
// are no more than five.
func (s *Sessions) checkPIN(ctx context.Context, field string, userID int64, pin string) (access, error) {
	var hash string
	var a access
	err := db.Write(ctx, s.d, func(tx *db.Tx) error {
		var u User
		var tries int
		err := tx.Row("SELECT pin_hash, pin_tries, "+userColumns+" FROM users u WHERE u.id = ?1 AND u.status = 'active' AND u.pin_hash <> ''",
			[]any{userID}, append([]any{&hash, &tries}, u.columns()...)...)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find the PIN: %w", err)
		}
		if tries >= mostPINTries {
			return pinBlocked(field)
		}
		if _, err := tx.Exec("UPDATE users SET pin_tries = pin_tries + 1 WHERE id = ?1", userID); err != nil {
			return fmt.Errorf("count a PIN: %w", err)
		}
		a, err = accessOf(tx, u)
		return err
	})
	if err != nil {
		return a, err
	}
	ok, err := auth.CheckPassword(ctx, hash, pin)
	if err != nil {
		return a, fmt.Errorf("check the PIN: %w", err)
	}
	if ok {
		return a, db.Write(ctx, s.d, func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE users SET pin_tries = 0 WHERE id = ?1", userID)
			return err
		})
	}
	return a, s.wrongPIN(ctx, field, a.user)
}

func (s *Sessions) wrongPIN(ctx context.Context, field string, u User) error {
	left := 0
	err := db.Write(ctx, s.d, func(tx *db.Tx) error {
		var tries int
		err := tx.Row("SELECT coalesce((SELECT pin_tries FROM users WHERE id = ?1 AND pin_hash <> ''), 0)", []any{u.ID}, &tries)
		left = mostPINTries - tries
		if err != nil || u.ID == 0 {
			return err
		}
		return tx.AuditAs("pin_refused", "user", u.ID, nil, map[string]any{"name": u.Name, "triesLeft": left})
	})
	if err != nil {
		return err
	}
	if left == 0 {
		return pinBlocked(field)
	}
	e := db.Errorf(db.Forbidden, "bad_pin", "This PIN is wrong. %d more tries.", left).With("left", left)
	e.Field = field
	return e
}

func pinBlocked(field string) error {
	e := db.Errorf(db.Forbidden, "pin_blocked", "There were too many wrong PINs. Sign in with the password once.")
	e.Field = field
	return e
}

// PINSwitch is somebody taking over a tablet.
type PINSwitch struct {
	UserID int64  `json:"userId" minimum:"1"`
	PIN    string `json:"pin" maxLength:"20"`
}

// Switch lets somebody take over the device of a session with their PIN, locked or not: a new session under the one
// that signed the device in. The session before it ends.
func (s *Sessions) Switch(ctx context.Context, in PINSwitch, from Origin) (*Started, error) {
	session := db.ActorOf(ctx).SessionID
	a, err := s.checkPIN(ctx, "pin", in.UserID, in.PIN)
	if err != nil {
		return nil, err
	}
	var started *Started
	err = db.Write(ctx, s.d, func(tx *db.Tx) error {
		u, err := ByID(tx, a.user.ID)
		if err != nil {
			return err
		}
		var device int64
		err = tx.Row("SELECT coalesce(device_id, id) FROM sessions WHERE id = ?1", []any{session}, &device)
		if errors.Is(err, db.ErrNoRow) || err == nil && u.Status != Active {
			return signedOut()
		}
		if err != nil {
			return fmt.Errorf("find the device: %w", err)
		}
		if err := s.handOver(tx, device); err != nil {
			return err
		}
		started, err = s.beginOn(tx, *u, from, &device)
		return err
	})
	return started, err
}

// handOver ends whoever stands before a device. The session that signed it in stays, but its token opens nothing more.
func (s *Sessions) handOver(tx *db.Tx, device int64) error {
	ids := []int64{}
	if err := tx.Select(&ids, "DELETE FROM sessions WHERE device_id = ?1 RETURNING id", device); err != nil {
		return fmt.Errorf("end the session before: %w", err)
	}
	dead := auth.HashToken(auth.NewToken())
	if _, err := tx.Exec("UPDATE sessions SET token_hash = ?2, locked = 0 WHERE id = ?1", device, dead[:]); err != nil {
		return fmt.Errorf("hand the device over: %w", err)
	}
	tx.After(func() { // other pages of the tablet read who stands there now
		for _, id := range append(ids, device) {
			s.drop(id, AccessChanged)
		}
	})
	return nil
}

// Lock hides what the actor's session sees, until a PIN or a password.
func (s *Sessions) Lock(ctx context.Context) error {
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		id := tx.Actor.SessionID
		n, err := tx.Exec("UPDATE sessions SET locked = 1 WHERE id = ?1 AND locked = 0", id)
		if err != nil || n == 0 {
			return err
		}
		tx.After(func() { s.drop(id, Locked) })
		return nil
	})
}

// Colleague is somebody who can take over a tablet.
type Colleague struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// Blocked says that their PIN was wrong too often.
	Blocked bool `json:"blocked"`
}

// Colleagues are those with a PIN, by name, at most 200 of them; q finds others. With a limit they are those who may approve what is above the actor's: whose
// own is higher.
func (s *Sessions) Colleagues(ctx context.Context, q string, above db.Limit) (db.Page[Colleague], error) {
	rows := []Colleague{}
	err := db.Read(ctx, s.d, func(tx *db.Tx) error {
		in, args := "1", []any{mostPINTries}
		if above != "" {
			higher, err := rolesAbove(tx, above)
			if err != nil {
				return err
			}
			in, args = "role IN (SELECT value FROM json_each(?2)) AND id <> ?3", append(args, higher, tx.Actor.ID)
		}
		if q = strings.TrimSpace(q); q != "" {
			in, args = in+fmt.Sprintf(` AND (sort_key LIKE ?%[1]d ESCAPE '\' OR sort_key LIKE '%% ' || ?%[1]d ESCAPE '\')`, len(args)+1), append(args, db.Prefix(db.SortKey(q)))
		}
		return tx.Select(&rows, `SELECT id, name, pin_tries >= ?1 AS blocked FROM users
			WHERE status = 'active' AND pin_hash <> '' AND `+in+` ORDER BY sort_key, id LIMIT 200`, args...)
	})
	return db.Page[Colleague]{Items: rows}, err
}

// Approve checks the PIN of who vouches for a command, and puts them into its context.
func (s *Sessions) Approve(ctx context.Context, in db.Approval) (context.Context, error) {
	actor := db.ActorOf(ctx)
	if actor.Kind != db.UserActor || actor.SessionID == 0 {
		return ctx, db.Errorf(db.Forbidden, "no_approval_here", "Only somebody at a signed-in tablet can have something approved.")
	}
	a, err := s.checkPIN(ctx, "approval.pin", in.UserID, in.PIN)
	if err != nil {
		return ctx, err
	}
	if a.actor(true).Needs == codeNeedsFactor { // they may do nothing themselves
		return ctx, db.Blame(db.Errorf(db.Forbidden, codeNeedsFactor, "Their role needs a second factor. They have to set it up first."), "approval.userId")
	}
	actor.Approver = &db.Approver{ID: a.user.ID, Name: a.user.Name, Limits: a.rules.limits(), Locations: a.locations}
	return db.WithActor(ctx, actor), nil
}
