package staff

import (
	"fmt"
	"maps"

	"onhand/db"
)

// access is what decides what a user may do, however they came in.
type access struct {
	user      User
	locations []int64 // nil for all
	rules     RoleRules
	hasFactor bool
}

// accessOf reads it.
func accessOf(tx *db.Tx, u User) (access, error) {
	a := access{user: u}
	var err error
	if a.rules, err = rulesOf(tx, u.Role); err != nil {
		return a, err
	}
	if a.locations, err = locationsOf(tx, u.ID); err != nil {
		return a, err
	}
	if err = tx.Row("SELECT totp_secret <> '' FROM users WHERE id = ?1", []any{u.ID}, &a.hasFactor); err != nil {
		return a, fmt.Errorf("read the second factor: %w", err)
	}
	return a, nil
}

// locationsOf are the stores a user is limited to; nil for all.
func locationsOf(tx *db.Tx, userID int64) ([]int64, error) {
	var all bool
	if err := tx.Row("SELECT all_locations FROM users WHERE id = ?1", []any{userID}, &all); err != nil {
		return nil, fmt.Errorf("read the stores of a user: %w", err)
	}
	if all {
		return nil, nil
	}
	ids := []int64{}
	if err := tx.Select(&ids, "SELECT location_id FROM user_locations WHERE user_id = ?1 ORDER BY location_id", userID); err != nil {
		return nil, fmt.Errorf("read the stores of a user: %w", err)
	}
	return ids, nil
}

// The codes of what is withheld until somebody comes in another way.
const (
	codeNeedsPassword = "password_needed"
	codeNeedsFactor   = "second_factor_needed"
	codeLocked        = "locked"
)

// actor is the user as the one who acts: with everything the role has after a password, with what a PIN is enough for
// after that, and with nothing while a second factor that the role needs is missing.
func (a access) actor(byPIN bool) db.Actor {
	actor := db.Actor{Kind: db.UserActor, ID: a.user.ID, Name: a.user.Name, Permissions: granted[a.user.Role],
		Locations: a.locations, Limits: a.rules.limits()}
	if a.locations != nil { // the audit tells of every store
		actor.Permissions = without(actor.Permissions, "audit.read")
	}
	switch {
	case a.rules.SecondFactor && !a.hasFactor:
		actor.Withheld, actor.Permissions, actor.Needs = actor.Permissions, db.Permissions{}, codeNeedsFactor
	case byPIN:
		actor.Permissions, actor.Withheld, actor.Needs = permittedByPIN[a.user.Role], without(actor.Permissions, permittedByPIN[a.user.Role].Names()...), codeNeedsPassword
	}
	return actor
}

// Owner is the user who sets the shop up, as the one who acts.
func Owner(u User) db.Actor { return access{user: u}.actor(false) }

// without is a set of permissions less some of them.
func without(p db.Permissions, names ...string) db.Permissions {
	rest := maps.Clone(p)
	for _, n := range names {
		delete(rest, n)
	}
	return rest
}

// ActorOf is a user as the one who reads what is mailed to them, with all their role may do; not_found for who does not
// work here any more.
func ActorOf(tx *db.Tx, userID int64) (User, db.Actor, error) {
	u, err := ByID(tx, userID)
	if err != nil {
		return User{}, db.Actor{}, err
	}
	if u.Status != Active {
		return User{}, db.Actor{}, db.NotFound("user")
	}
	a, err := accessOf(tx, *u)
	if err != nil {
		return User{}, db.Actor{}, err
	}
	a.hasFactor = true // a mail needs no sign-in, and what it tells is the role's to know
	return *u, a.actor(false), nil
}

// ByEmail is whose address it is, whatever became of them; not_found for a stranger's.
func ByEmail(tx *db.Tx, email string) (*User, error) {
	var u User
	if err := tx.Row("SELECT "+userColumns+" FROM users u WHERE u.email_normal = ?1", []any{normalEmail(email)}, u.columns()...); err != nil {
		return nil, db.Found(err, "user")
	}
	return &u, nil
}

// AdminEmails are the addresses of those who run the shop.
func AdminEmails(tx *db.Tx) (emails []string, err error) {
	err = tx.Select(&emails, "SELECT email FROM users WHERE role = 'admin' AND status = 'active' ORDER BY id LIMIT 50")
	return emails, err
}
