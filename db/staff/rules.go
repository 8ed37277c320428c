package staff

import (
	"context"
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
)

// RoleRules are what a role may do without anybody's approval, and whether it has to sign in with a second factor.
type RoleRules struct {
	Role         Role          `json:"role" enum:"admin,manager,employee"`
	Discount     *money.Rate   `json:"discount" doc:"the largest discount on an order, in thousandths of a percent; null for no limit"`
	Refund       *money.Amount `json:"refund" doc:"the largest refund in minor units; null for no limit"`
	WriteOff     *money.Amount `json:"writeOff" doc:"the most that stock taken off the books at once may have cost, in minor units; null for no limit"`
	SecondFactor bool          `json:"secondFactor" doc:"whether a code has to follow the password"`
}

// RoleTable is what roles may do.
type RoleTable struct {
	Roles []RoleRules     `json:"roles"`
	Items []PermissionRow `json:"items"`
}

// RoleChange is what an admin decides for a role: all of it.
type RoleChange struct {
	Discount     *money.Rate   `json:"discount" minimum:"0" maximum:"100000"`
	Refund       *money.Amount `json:"refund" minimum:"0" maximum:"9007199254740991"`
	WriteOff     *money.Amount `json:"writeOff" minimum:"0" maximum:"9007199254740991"`
	SecondFactor bool          `json:"secondFactor"`
}

// usualDiscount is an employee's limit until the owner decides: a tenth. What an employee may give back or write off
// without asking is usualAmount, in the currency's major unit.
const (
	usualDiscount = money.Rate(10_000)
	usualAmount   = 50
)

// PermissionTable is who may do what.
func PermissionTable(ctx context.Context, d *db.DB) (*RoleTable, error) {
	out := &RoleTable{Items: permissionRows(), Roles: []RoleRules{}}
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		for _, r := range roles {
			rules, err := rulesOf(tx, r)
			if err != nil {
				return err
			}
			out.Roles = append(out.Roles, rules)
		}
		return nil
	})
	return out, err
}

// rulesOf are the rules of a role: the owner's, or the usual ones.
func rulesOf(tx *db.Tx, r Role) (RoleRules, error) {
	rules := RoleRules{Role: r}
	err := tx.Row("SELECT discount, refund, write_off, second_factor FROM role_rules WHERE role = ?1", []any{string(r)},
		&rules.Discount, &rules.Refund, &rules.WriteOff, &rules.SecondFactor)
	switch {
	case err == nil:
		return rules, nil
	case err != db.ErrNoRow:
		return rules, fmt.Errorf("read the rules of a role: %w", err)
	case r != Employee:
		return rules, nil
	}
	shop, err := settings.In(tx)
	if err != nil {
		return rules, err
	}
	amount := money.Amount(usualAmount)
	for range shop.CurrencyDigits {
		amount *= 10
	}
	discount := usualDiscount
	rules.Discount, rules.Refund, rules.WriteOff = &discount, &amount, &amount
	return rules, nil
}

// rolesAbove are the roles, as a JSON list, whose limit is higher than the actor's.
func rolesAbove(tx *db.Tx, limit db.Limit) (string, error) {
	own, limited := tx.Actor.Limits[limit]
	higher := []Role{}
	for _, r := range roles {
		rules, err := rulesOf(tx, r)
		if err != nil {
			return "", err
		}
		if theirs, bound := rules.limits()[limit]; limited && (!bound || theirs > own) {
			higher = append(higher, r)
		}
	}
	list, err := json.Marshal(higher)
	return string(list), err
}

// limits are the rules as an actor carries them.
func (r RoleRules) limits() db.Limits {
	l := db.Limits{}
	if r.Discount != nil {
		l[db.DiscountLimit] = int64(*r.Discount)
	}
	if r.Refund != nil {
		l[db.RefundLimit] = int64(*r.Refund)
	}
	if r.WriteOff != nil {
		l[db.WriteOffLimit] = int64(*r.WriteOff)
	}
	return l
}

// ChangeRole decides the rules of a role, for everybody who has it and at once.
func (s *Sessions) ChangeRole(ctx context.Context, r Role, in RoleChange) (*RoleTable, error) {
	err := db.Write(ctx, s.d, func(tx *db.Tx) error {
		if _, ok := granted[r]; !ok {
			return db.NotFound("role")
		}
		before, err := rulesOf(tx, r)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO role_rules (role, discount, refund, write_off, second_factor) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT (role) DO UPDATE SET discount = ?2, refund = ?3, write_off = ?4, second_factor = ?5`,
			string(r), in.Discount, in.Refund, in.WriteOff, in.SecondFactor)
		if err != nil {
			return fmt.Errorf("change a role: %w", err)
		}
		after := RoleRules{r, in.Discount, in.Refund, in.WriteOff, in.SecondFactor}
		tx.After(s.reload)
		if err := tx.Audit("role", 0, before, after); err != nil {
			return err
		}
		return tx.Emit("users", 0, 0)
	})
	if err != nil {
		return nil, err
	}
	return PermissionTable(ctx, s.d)
}
