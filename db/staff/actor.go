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
