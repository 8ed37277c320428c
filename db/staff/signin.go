package staff

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/text/unicode/norm"

	"onhand/db"
	"onhand/db/auth"
)

// Credentials are what somebody signs in with.
type Credentials struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Code     string `json:"code,omitempty" doc:"of the second factor, or a recovery code, for those who have one"`
}

// account is what a sign-in has to know of somebody.
type account struct {
	access
	passwordHash string
	factor       string // the sealed secret of the second factor
	signedIn     bool   // there is a session from this address
}

// SignIn begins a session. It fails with bad_credentials, after the same work whether or not the account exists; with
// code_required or bad_code where a second factor follows the password; and with throttled after too many wrong
// passwords from one address, for one account from one address, or for one account from all the addresses it never
// signed in from.
func (s *Sessions) SignIn(ctx context.Context, in Credentials, from Origin) (*Started, error) {
	email := normalEmail(in.Email)
	try, err := s.guard.begin(email, from.IP)
	if err != nil {
		return nil, err
	}
	a, err := s.account(ctx, email, from.IP)
	if err != nil {
		return nil, err
	}
	if err := try.from(a.signedIn); err != nil {
		return nil, err
	}
	ok, err := auth.CheckPassword(ctx, a.passwordHash, norm.NFC.String(in.Password))
	if err != nil {
		return nil, fmt.Errorf("check the password: %w", err)
	}
	if !ok || a.user.Status != Active {
		s.noteRefusal(ctx, a.user, email, "bad_credentials")
		return nil, db.Errorf(db.Unauthenticated, "bad_credentials", "This email and password do not fit together. Check both.")
	}
	try.right()
	var prove func(*db.Tx) error
	if a.hasFactor {
		if prove, err = s.secondFactor(ctx, a, in.Code); err != nil {
			return nil, err
		}
	}
	started, err := s.begin(ctx, a.access, from, prove)
	if db.CodeOf(err) == "bad_code" {
		s.noteRefusal(ctx, a.user, email, "bad_code")
	}
	return started, err
}

// account reads an account by its normal address; an empty one when there is none.
func (s *Sessions) account(ctx context.Context, email, ip string) (a account, err error) {
	err = db.Read(ctx, s.d, func(tx *db.Tx) error {
		var u User
		err := tx.Row(`SELECT password_hash, totp_secret, EXISTS (SELECT 1 FROM sessions WHERE user_id = u.id AND ip = ?2), `+userColumns+`
			FROM users u WHERE email_normal = ?1`, []any{email, ip}, append([]any{&a.passwordHash, &a.factor, &a.signedIn}, u.columns()...)...)
		if err != nil {
			return err
		}
		a.access, err = accessOf(tx, u)
		return err
	})
	if errors.Is(err, db.ErrNoRow) {
		return account{}, nil
	}
	return a, err
}

// begin starts a session, once what else it takes is proved in the same transaction.
func (s *Sessions) begin(ctx context.Context, a access, from Origin, prove func(*db.Tx) error) (*Started, error) {
	var started *Started
	err := db.Write(ctx, s.d, func(tx *db.Tx) (err error) {
		// They may have been disabled since their password was checked.
		u, err := ByID(tx, a.user.ID)
		if err != nil {
			return err
		}
		if u.Status != Active {
			return signedOut()
		}
		if prove != nil {
			if err := prove(tx); err != nil {
				return err
			}
		}
		if _, err := tx.Exec("UPDATE users SET pin_tries = 0 WHERE id = ?1 AND pin_tries > 0", u.ID); err != nil {
			return fmt.Errorf("forgive wrong PINs: %w", err)
		}
		started, err = s.Begin(tx, *u, from)
		return err
	})
	var refused *db.Error
	if errors.As(err, &refused) && refused.Kind == db.Full && prove == nil {
		return s.beginUnsaved(a, from), nil
	}
	return started, err
}

// secondFactor checks a code, and answers what makes it used up.
func (s *Sessions) secondFactor(ctx context.Context, a account, code string) (func(*db.Tx) error, error) {
	if code == "" {
		return nil, db.Errorf(db.Unauthenticated, "code_required", "Type the code that your authenticator app shows.")
	}
	account := s.guard.codesOf(normalEmail(a.user.Email), db.ActorOf(ctx).IP)
	if err := take(s.guard.byCode, account); err != nil {
		return nil, err
	}
	secret, err := s.secret.Open(a.factor, factorOf(a.user.ID))
	if err != nil {
		return nil, fmt.Errorf("read the second factor: %w", err)
	}
	step := auth.CheckTOTP(secret, code, s.d.Now())
	hash := auth.HashRecoveryCode(code)
	return func(tx *db.Tx) error {
		n, err := tx.Exec("UPDATE users SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2", a.user.ID, step)
		if err == nil && n == 0 {
			n, err = tx.Exec("DELETE FROM recovery_codes WHERE user_id = ?1 AND hash = ?2", a.user.ID, hash[:])
		}
		if err != nil {
			return fmt.Errorf("use a code: %w", err)
		}
		if n == 0 {
			return db.Errorf(db.Unauthenticated, "bad_code", "This code is not right, or was used before. Wait for the next one.")
		}
		tx.After(func() { s.guard.byCode.Return(account) })
		return nil
	}, nil
}

// noteRefusal writes down that somebody was not let in. A flood of refusals is cut short.
func (s *Sessions) noteRefusal(ctx context.Context, u User, email, code string) {
	from := db.ActorOf(ctx).IP
	if len(email) > 254 || !s.guard.worthNoting(email+"\n"+from) {
		return
	}
	err := db.Write(context.WithoutCancel(ctx), s.d, func(tx *db.Tx) error {
		return tx.AuditAs("sign_in_refused", "user", u.ID, nil, map[string]any{"email": email, "code": code})
	})
	if err != nil {
		s.d.Log.Warn("a refused sign-in was not written down", "error", err)
	}
}

// NoteDenial writes down that somebody who is signed in was refused a route.
func (s *Sessions) NoteDenial(ctx context.Context, route string, refused error) {
	actor := db.ActorOf(ctx)
	if actor.Kind == db.GuestActor || !s.guard.worthNoting(actor.Key()+"\n"+route) {
		return
	}
	err := db.Write(context.WithoutCancel(ctx), s.d, func(tx *db.Tx) error {
		return tx.AuditAs("denied", "route", 0, nil, map[string]any{"route": route, "code": db.CodeOf(refused)})
	})
	if err != nil {
		s.d.Log.Warn("a denial was not written down", "error", err)
	}
}
