package staff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn/frequency"
	"golang.org/x/text/unicode/norm"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/outbox"
	"onhand/db/settings"
)

// The bounds of a password, in characters. The lower one is NIST's for a password that is throttled.
const (
	shortestPassword = 8
	longestPassword  = 200
)

// ResetAge is how long the link of a forgotten password works.
const ResetAge = 30 * time.Minute

// contextWords are what a password here must not be, alone or with figures and signs around it.
var contextWords = []string{"onhand", "password", "passwort", "admin", "manager", "employee", "owner", "inhaber", "staff", "shop", "store", "laden", "stock", "order", "counter"}

// newPassword checks a password that somebody chooses (OWASP ASVS 5.0, 6.2): its length, and that it is neither among
// the 47,000 that people choose most and that were breached, nor one of the words of this place, the shop's name among them, with
// something around it. It answers the password in composed form, so that it is the same typed on any keyboard.
func newPassword(field, s string, own ...string) (string, error) {
	s = norm.NFC.String(s)
	switch n := utf8.RuneCountInString(s); {
	case n < shortestPassword:
		return "", db.Refuse("password_too_short", field, "This password is too short. Use at least %d characters.", shortestPassword).With("min", shortestPassword)
	case n > longestPassword:
		return "", db.Refuse("too_long", field, "This password is too long. Use at most %d characters.", longestPassword).With("max", longestPassword)
	}
	lower := strings.ToLower(s)
	if slices.Contains(frequency.FrequencyLists["passwords"], lower) {
		return "", db.Refuse("password_common", field, "Too many people use this password, so it is the first that is tried. Choose another, for example four words.")
	}
	core := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, word := range append(ownWords(own), contextWords...) {
		if core == word || core == word+word || monotonous(s) {
			return "", db.Refuse("password_obvious", field, "This password is easy to guess for somebody who knows you or the shop. Choose another, for example four words.")
		}
	}
	return s, nil
}

// monotonous says whether a password is a character again and again, or characters in a row, whatever its length.
func monotonous(s string) bool {
	r := []rune(s)
	for _, step := range []rune{0, 1, -1} {
		in := true
		for i := 1; i < len(r) && in; i++ {
			in = r[i]-r[i-1] == step
		}
		if in {
			return true
		}
	}
	return false
}

// shopWords are the shop's name, which is no password there; none before there is a shop.
func (s *Sessions) shopWords(ctx context.Context) string {
	shop, err := settings.Current(ctx, s.d)
	if err != nil {
		return ""
	}
	return shop.Name
}

// ownWords are the parts of a person's name and address.
func ownWords(own []string) (words []string) {
	for _, s := range own {
		s = strings.ToLower(norm.NFC.String(s))
		words = append(words, s)
		words = append(words, strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })...)
	}
	return slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < 3 })
}

// PasswordChange is what somebody changes their own password with.
type PasswordChange struct {
	Current  string `json:"current"`
	Password string `json:"password"`
}

// ChangePassword changes the actor's own password and ends their other sessions. It fails with wrong_password.
func (s *Sessions) ChangePassword(ctx context.Context, in PasswordChange) error {
	u, err := s.confirm(ctx, "current", in.Current)
	if err != nil {
		return err
	}
	password, err := newPassword("password", in.Password, u.Name, u.Email, s.shopWords(ctx))
	if err != nil {
		return err
	}
	hash, err := auth.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		return s.setPassword(tx, *u, hash, "id <> ?2 AND user_id = ?1", u.ID, tx.Actor.SessionID)
	})
}

// setPassword changes a password and ends the sessions that a condition names.
func (s *Sessions) setPassword(tx *db.Tx, u User, hash, condition string, args ...any) error {
	if _, err := tx.Exec("UPDATE users SET password_hash = ?2, pin_tries = 0, version = version + 1 WHERE id = ?1", u.ID, hash); err != nil {
		return fmt.Errorf("change a password: %w", err)
	}
	if _, err := tx.Exec("DELETE FROM password_resets WHERE user_id = ?1", u.ID); err != nil {
		return fmt.Errorf("void the links: %w", err)
	}
	if err := s.end(tx, condition, args...); err != nil {
		return err
	}
	if err := tx.AuditAs("password_changed", "user", u.ID, nil, nil); err != nil {
		return err
	}
	return tx.Emit("users", u.ID, u.Version+1)
}

// confirm asks the actor for their password again before something that a stolen session must not do. Its guesses are
// counted like those of a sign-in.
func (s *Sessions) confirm(ctx context.Context, field, password string) (*User, error) {
	actor := db.ActorOf(ctx)
	var u *User
	var hash string
	err := db.Read(ctx, s.d, func(tx *db.Tx) (err error) {
		if u, err = ByID(tx, actor.ID); err != nil {
			return err
		}
		return tx.Row("SELECT password_hash FROM users WHERE id = ?1", []any{u.ID}, &hash)
	})
	if err != nil {
		return nil, err
	}
	try, err := s.guard.begin(normalEmail(u.Email), actor.IP)
	if err != nil {
		return nil, err
	}
	ok, err := auth.CheckPassword(ctx, hash, norm.NFC.String(password))
	if err != nil {
		return nil, fmt.Errorf("check the password: %w", err)
	}
	if !ok {
		s.noteRefusal(ctx, *u, u.Email, "wrong_password")
		return nil, db.Refuse("wrong_password", field, "This is not your password. Type it again.")
	}
	try.right()
	return u, nil
}

// ForgottenPassword asks for a link to choose a new password.
type ForgottenPassword struct {
	Email string `json:"email" maxLength:"254"`
}

// Forgot queues the mail with the link, where an account of that address is active. Whether there is one shows neither
// in the answer nor in the time it takes.
func (s *Sessions) Forgot(ctx context.Context, in ForgottenPassword) error {
	email := normalEmail(in.Email)
	if err := take(s.guard.byRequest, network(db.ActorOf(ctx).IP)); err != nil {
		return err
	}
	quiet := s.guard.byMail.Take(email) > 0 // who floods a mailbox hears nothing of it
	token := auth.NewToken()
	sealed, err := s.secret.Seal(token, resetOf(email))
	if err != nil {
		return fmt.Errorf("seal the link: %w", err)
	}
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		var u User
		err := tx.Row("SELECT "+userColumns+" FROM users u WHERE u.email_normal = ?1 AND u.status = 'active'", []any{email}, u.columns()...)
		if errors.Is(err, db.ErrNoRow) || err == nil && quiet {
			return tx.AuditAs("password_forgotten", "user", 0, nil, nil) // a commit takes as long for nobody
		}
		if err != nil {
			return fmt.Errorf("find the account: %w", err)
		}
		hash := auth.HashToken(token)
		id, err := tx.Insert("INSERT INTO password_resets (user_id, token_hash, expires_at) VALUES (?1, ?2, ?3)", u.ID, hash[:], tx.Now.Add(ResetAge))
		if err != nil {
			return fmt.Errorf("make the link: %w", err)
		}
		if err := tx.AuditAs("password_forgotten", "user", u.ID, nil, nil); err != nil {
			return err
		}
		return outbox.Queue(tx, outbox.Mail{Kind: ResetMail, To: u.Email, Key: fmt.Sprintf("password-reset/%d", id),
			Facts: ResetFacts{Name: u.Name, Email: email, Token: sealed, ExpiresAt: tx.Now.Add(ResetAge)}, Until: tx.Now.Add(ResetAge)})
	})
}

// ResetMail is the kind of the mail with the link of a forgotten password.
const ResetMail = "password-reset"

// ResetFacts are what the mail with a link tells. The token lies sealed: a copy of the database opens no account.
type ResetFacts struct {
	Name      string  `json:"name"`
	Email     string  `json:"email"`
	Token     string  `json:"token"`
	ExpiresAt db.Time `json:"expiresAt"`
}

// Secret is the token of the link, from the key of the data folder.
func (f ResetFacts) Secret(secret *auth.Secret) (string, error) {
	return secret.Open(f.Token, resetOf(f.Email))
}

func resetOf(email string) string { return "password-reset " + email }

// PasswordReset is a new password with the token of a link.
type PasswordReset struct {
	Token    string `json:"token" maxLength:"200"`
	Password string `json:"password"`
}

// Reset sets the password of whom a link was sent to, once, and ends all their sessions. The second factor stays. It
// fails with bad_link.
func (s *Sessions) Reset(ctx context.Context, in PasswordReset) error {
	if err := take(s.guard.byRequest, network(db.ActorOf(ctx).IP)); err != nil {
		return err
	}
	token := auth.HashToken(in.Token)
	var u User
	find := func(tx *db.Tx) error {
		err := tx.Row("SELECT "+userColumns+` FROM password_resets r JOIN users u ON u.id = r.user_id
			WHERE r.token_hash = ?1 AND r.expires_at > ?2 AND u.status = 'active'`, []any{token[:], tx.Now}, u.columns()...)
		if errors.Is(err, db.ErrNoRow) {
			return db.Errorf(db.Invalid, "bad_link", "This link does not work any more. Ask for a new one.")
		}
		return err
	}
	if err := db.Read(ctx, s.d, find); err != nil {
		return err
	}
	password, err := newPassword("password", in.Password, u.Name, u.Email, s.shopWords(ctx))
	if err != nil {
		return err
	}
	hash, err := auth.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		if err := find(tx); err != nil { // another may have used it while we hashed
			return err
		}
		return s.setPassword(tx, u, hash, "user_id = ?1", u.ID)
	})
}
