package staff

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image/png"
	"strconv"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/settings"
)

// recoveryCodes is how many codes stand in for a lost second factor.
const recoveryCodes = 10

// Confirmed is a command that a password confirms.
type Confirmed struct {
	Password string `json:"password"`
}

// NewFactor is a second factor that waits for its first code.
type NewFactor struct {
	Secret string `json:"secret" doc:"to type into the authenticator app"`
	URL    string `json:"url" doc:"the same as the app reads it"`
	QR     string `json:"qr" doc:"and as a picture of it: PNG in base64"`
}

// FactorCode proves that the app was set up.
type FactorCode struct {
	Code string `json:"code" maxLength:"20"`
}

// RecoveryCodes are shown once.
type RecoveryCodes struct {
	Codes []string `json:"codes"`
}

func factorOf(userID int64) string { return "totp " + strconv.FormatInt(userID, 10) }

// StartFactor makes a second factor for the actor. It counts once its first code was typed.
func (s *Sessions) StartFactor(ctx context.Context, in Confirmed) (*NewFactor, error) {
	u, err := s.confirm(ctx, "password", in.Password)
	if err != nil {
		return nil, err
	}
	shop, err := settings.Current(ctx, s.d)
	if err != nil {
		return nil, err
	}
	secret, address, err := auth.NewTOTP(shop.Name, u.Email)
	if err != nil {
		return nil, fmt.Errorf("make a second factor: %w", err)
	}
	sealed, err := s.secret.Seal(secret, factorOf(u.ID))
	if err != nil {
		return nil, fmt.Errorf("seal a second factor: %w", err)
	}
	picture, err := qrCode(address)
	if err != nil {
		return nil, fmt.Errorf("draw the QR code: %w", err)
	}
	err = db.Write(ctx, s.d, func(tx *db.Tx) error {
		_, err := tx.Exec("UPDATE users SET totp_new = ?2 WHERE id = ?1", u.ID, sealed)
		return err
	})
	return &NewFactor{secret, address, picture}, err
}

// qrSize is the side of the picture in pixels; pages show it at half of it.
const qrSize = 480

func qrCode(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	if code, err = barcode.Scale(code, qrSize, qrSize); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, code); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// ConfirmFactor makes the second factor count, with its first code. The actor's other sessions end.
func (s *Sessions) ConfirmFactor(ctx context.Context, in FactorCode) (*RecoveryCodes, error) {
	actor := db.ActorOf(ctx)
	if err := take(s.guard.byCode, "new\n"+actor.Key()); err != nil {
		return nil, err
	}
	var sealed string
	err := db.Read(ctx, s.d, func(tx *db.Tx) error {
		return tx.Row("SELECT totp_new FROM users WHERE id = ?1", []any{actor.ID}, &sealed)
	})
	if err != nil {
		return nil, err
	}
	if sealed == "" {
		return nil, db.Errorf(db.Conflict, "no_factor_started", "Start again: there is no second factor waiting for a code.")
	}
	secret, err := s.secret.Open(sealed, factorOf(actor.ID))
	if err != nil {
		return nil, fmt.Errorf("read the second factor: %w", err)
	}
	step := auth.CheckTOTP(secret, in.Code, s.d.Now())
	if step == 0 {
		return nil, db.Refuse("bad_code", "code", "This code is not right. Type the one that your app shows now.")
	}
	codes, hashes := newRecoveryCodes()
	err = db.Write(ctx, s.d, func(tx *db.Tx) error {
		n, err := tx.Exec("UPDATE users SET totp_secret = totp_new, totp_new = '', totp_step = ?3, version = version + 1 WHERE id = ?1 AND totp_new = ?2",
			actor.ID, sealed, step)
		if err != nil {
			return fmt.Errorf("keep a second factor: %w", err)
		}
		if n == 0 {
			return db.Errorf(db.Conflict, "no_factor_started", "Start again: there is no second factor waiting for a code.")
		}
		if err := keepRecoveryCodes(tx, actor.ID, hashes); err != nil {
			return err
		}
		return s.factorChanged(tx, actor.ID, "second_factor_set")
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// RemoveFactor takes the actor's second factor away, where their role does without one.
func (s *Sessions) RemoveFactor(ctx context.Context, in Confirmed) error {
	u, err := s.confirm(ctx, "password", in.Password)
	if err != nil {
		return err
	}
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		rules, err := rulesOf(tx, u.Role)
		if err != nil {
			return err
		}
		if rules.SecondFactor {
			return db.Errorf(db.Conflict, "second_factor_needed", "Your role needs a second factor, so it cannot be taken away.")
		}
		return s.dropFactor(tx, u.ID)
	})
}

// RemoveMemberFactor takes away the second factor of somebody who lost it, and signs them out. The admin who does it
// knows them in person.
func (s *Sessions) RemoveMemberFactor(ctx context.Context, id int64, in MemberCommand) (*Member, error) {
	return db.Do(ctx, s.d, in, func(tx *db.Tx) (*Member, error) {
		before, err := member(tx, id)
		if err != nil {
			return nil, err
		}
		if err := beyond(tx, *before); err != nil {
			return nil, err
		}
		if id == tx.Actor.ID {
			return nil, db.Errorf(db.Forbidden, "own_account", "Take your own second factor away on the page of your account.")
		}
		if err := s.dropFactor(tx, id); err != nil {
			return nil, err
		}
		if err := s.end(tx, "user_id = ?1 AND id <> ?2", id, tx.Actor.SessionID); err != nil {
			return nil, err
		}
		return member(tx, id)
	})
}

func (s *Sessions) dropFactor(tx *db.Tx, id int64) error {
	n, err := tx.Exec("UPDATE users SET totp_secret = '', totp_new = '', version = version + 1 WHERE id = ?1 AND totp_secret <> ''", id)
	if err != nil {
		return fmt.Errorf("take a second factor away: %w", err)
	}
	if n == 0 {
		return nil
	}
	if err := keepRecoveryCodes(tx, id, nil); err != nil {
		return err
	}
	return s.factorChanged(tx, id, "second_factor_removed")
}

// factorChanged ends the other sessions of whose second factor changed, and lets this one read again what it may do.
func (s *Sessions) factorChanged(tx *db.Tx, id int64, action string) error {
	if err := s.end(tx, "user_id = ?1 AND id <> ?2", id, tx.Actor.SessionID); err != nil {
		return err
	}
	if err := s.reloadUser(tx, id); err != nil {
		return err
	}
	if err := tx.AuditAs(action, "user", id, nil, nil); err != nil {
		return err
	}
	return tx.Emit("users", id, 0)
}

// RenewRecoveryCodes makes new codes; the old ones do not work any more.
func (s *Sessions) RenewRecoveryCodes(ctx context.Context, in Confirmed) (*RecoveryCodes, error) {
	u, err := s.confirm(ctx, "password", in.Password)
	if err != nil {
		return nil, err
	}
	codes, hashes := newRecoveryCodes()
	err = db.Write(ctx, s.d, func(tx *db.Tx) error {
		var has bool
		if err := tx.Row("SELECT totp_secret <> '' FROM users WHERE id = ?1", []any{u.ID}, &has); err != nil {
			return err
		}
		if !has {
			return db.Errorf(db.Conflict, "no_factor", "There is no second factor that these codes could stand in for. Set one up first.")
		}
		if err := keepRecoveryCodes(tx, u.ID, hashes); err != nil {
			return err
		}
		return tx.AuditAs("recovery_codes_renewed", "user", u.ID, nil, nil)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

func newRecoveryCodes() (*RecoveryCodes, []auth.Hash) {
	out := &RecoveryCodes{}
	hashes := make([]auth.Hash, recoveryCodes)
	for i := range hashes {
		code := auth.NewRecoveryCode()
		out.Codes, hashes[i] = append(out.Codes, code), auth.HashRecoveryCode(code)
	}
	return out, hashes
}

func keepRecoveryCodes(tx *db.Tx, userID int64, hashes []auth.Hash) error {
	if _, err := tx.Exec("DELETE FROM recovery_codes WHERE user_id = ?1", userID); err != nil {
		return fmt.Errorf("forget recovery codes: %w", err)
	}
	for _, h := range hashes {
		if _, err := tx.Exec("INSERT INTO recovery_codes (user_id, hash) VALUES (?1, ?2)", userID, h[:]); err != nil {
			return fmt.Errorf("keep recovery codes: %w", err)
		}
	}
	return nil
}
