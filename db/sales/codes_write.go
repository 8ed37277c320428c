package sales

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
)

// CreateDiscountCode makes a code. It fails with bad_discount_code, code_taken, amount_or_percent, bad_date, bad_period, not_found, out_of_range, below_uses.
func CreateDiscountCode(ctx context.Context, d *db.DB, in NewDiscountCode) (*DiscountCode, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*DiscountCode, error) { return CreateDiscountCodeIn(tx, in) })
}

// CreateDiscountCodeIn is CreateDiscountCode inside a transaction.
func CreateDiscountCodeIn(tx *db.Tx, in NewDiscountCode) (*DiscountCode, error) {
	c := &DiscountCode{Active: true, CategoryIDs: []int64{}}
	return c.change(tx, DiscountCodeChange{Code: &in.Code, Amount: in.Amount, Percent: in.Percent, StartsOn: &in.StartsOn, EndsOn: &in.EndsOn, MaxUses: &in.MaxUses,
		MaxPerCustomer: &in.MaxPerCustomer, Minimum: &in.Minimum, CategoryIDs: &in.CategoryIDs, Active: in.Active, Note: &in.Note})
}

// ChangeDiscountCode changes a code; what changes nothing leaves the version. It fails as CreateDiscountCode does, and with not_found, stale.
func ChangeDiscountCode(ctx context.Context, d *db.DB, id int64, in DiscountCodeChange) (*DiscountCode, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*DiscountCode, error) {
		c, err := codeIn(tx, "id = ?2", id)
		if err != nil {
			return nil, err
		}
		if in.Version != nil && *in.Version != c.Version {
			return nil, db.Stale(c)
		}
		return c.change(tx, in)
	})
}

// RemoveDiscountCode removes a code that no order names, be it a draft or one called off. It fails with not_found, code_in_use.
func RemoveDiscountCode(ctx context.Context, d *db.DB, id int64) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		c, err := codeIn(tx, "id = ?2", id)
		if err != nil {
			return err
		}
		var used bool
		if err := tx.Row("SELECT EXISTS (SELECT 1 FROM orders WHERE discount_code_id = ?1)", []any{id}, &used); err != nil {
			return fmt.Errorf("look for orders of a discount code: %w", err)
		}
		if used {
			return db.Errorf(db.Conflict, "code_in_use", "There are orders with the code %s. Switch it off instead.", c.Code).With("code", c.Code)
		}
		if _, err := tx.Exec("DELETE FROM discount_codes WHERE id = ?1", id); err != nil {
			return fmt.Errorf("remove a discount code: %w", err)
		}
		if err := tx.Audit("discount_code", id, c.audited(), nil); err != nil {
			return err
		}
		return tx.Emit("discounts", id, c.Version+1)
	})
}

// change lays a change over a code, checks all of it and writes it; one without an id is new.
func (c *DiscountCode) change(tx *db.Tx, in DiscountCodeChange) (*DiscountCode, error) {
	after := *c
	if err := after.apply(tx, in); err != nil {
		return nil, err
	}
	if reflect.DeepEqual(after, *c) {
		return c, nil
	}
	if err := after.save(tx); err != nil {
		return nil, err
	}
	saved, err := codeIn(tx, "id = ?2", after.ID)
	if err != nil {
		return nil, err
	}
	var before any
	if c.ID != 0 {
		before = c.audited()
	}
	if err := tx.Audit("discount_code", saved.ID, before, saved.audited()); err != nil {
		return nil, err
	}
	return saved, tx.Emit("discounts", saved.ID, saved.Version)
}

func (c *DiscountCode) save(tx *db.Tx) (err error) {
	args := []any{c.ID, c.Code, codeKey(c.Code), c.Amount, c.Percent, c.StartsOn, c.EndsOn, c.MaxUses, c.MaxPerCustomer, c.Minimum, c.Active, c.Note, tx.Now}
	if c.ID == 0 {
		c.ID, err = tx.Insert(`INSERT INTO discount_codes (code, code_key, amount, percent, starts_on, ends_on, max_uses, max_per_customer, minimum, active, note, created_at, updated_at)
			VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)`, args...)
	} else {
		_, err = tx.Exec(`UPDATE discount_codes SET code = ?2, code_key = ?3, amount = ?4, percent = ?5, starts_on = ?6, ends_on = ?7, max_uses = ?8,
			max_per_customer = ?9, minimum = ?10, active = ?11, note = ?12, updated_at = ?13, version = version + 1 WHERE id = ?1`, args...)
	}
	if db.IsUnique(err) {
		return db.Blame(db.Errorf(db.Conflict, "code_taken", "There is already a code %s.", strings.ToUpper(c.Code)).With("code", c.Code), "code")
	}
	if err != nil {
		return fmt.Errorf("write discount code %q: %w", c.Code, err)
	}
	if _, err := tx.Exec("DELETE FROM discount_code_categories WHERE code_id = ?1", c.ID); err != nil {
		return fmt.Errorf("write the categories of discount code %q: %w", c.Code, err)
	}
	rows := make([]any, 0, 2*len(c.CategoryIDs))
	for _, id := range c.CategoryIDs {
		category := &id
		if id == 0 {
			category = nil
		}
		rows = append(rows, c.ID, category)
	}
	if _, err := tx.InsertRows("INSERT INTO discount_code_categories (code_id, category_id)", 2, rows); err != nil {
		return fmt.Errorf("write the categories of discount code %q: %w", c.Code, err)
	}
	return nil
}

var codeLetters = regexp.MustCompile(`^[A-Za-z0-9_-]{3,40}$`)

// apply lays a change over a code and refuses what does not fit.
func (c *DiscountCode) apply(tx *db.Tx, in DiscountCodeChange) (err error) {
	if in.Code != nil {
		if c.Code = strings.TrimSpace(*in.Code); !codeLetters.MatchString(c.Code) {
			return db.Refuse("bad_discount_code", "code", "A code has 3 to 40 letters, digits, - and _.")
		}
	}
	if in.Amount != nil && in.Percent != nil || c.ID == 0 && in.Amount == nil && in.Percent == nil {
		return db.Refuse("amount_or_percent", "amount", "Give the discount as an amount or as a percentage.")
	}
	if in.Amount != nil || in.Percent != nil {
		c.Amount, c.Percent = in.Amount, in.Percent
	}
	if c.Amount != nil && (*c.Amount < 1 || !c.Amount.In()) {
		return outOfRange("amount", 1, int64(money.Max), "A code takes off at least one minor unit.")
	}
	if c.Percent != nil && (*c.Percent < 1 || *c.Percent > 100_000) {
		return outOfRange("percent", 1, 100_000, "A code takes off more than nothing and at most 100%.")
	}
	if err := c.applyPeriod(in.StartsOn, in.EndsOn); err != nil {
		return err
	}
	if in.MaxUses != nil {
		if c.MaxUses = *in.MaxUses; c.MaxUses < 0 {
			return outOfRange("maxUses", 0, 1_000_000_000, "Say how often it can be used, or 0 for any number.")
		}
		if c.MaxUses > 0 && c.MaxUses < c.Uses {
			return db.Refuse("below_uses", "maxUses", "It was used %d times already. Allow as many or more, or 0 for any number.", c.Uses).With("uses", c.Uses)
		}
	}
	if in.MaxPerCustomer != nil {
		if c.MaxPerCustomer = *in.MaxPerCustomer; c.MaxPerCustomer < 0 {
			return outOfRange("maxPerCustomer", 0, 1_000_000, "Say how often each customer may use it, or 0 for any number.")
		}
	}
	if in.Minimum != nil {
		if c.Minimum = *in.Minimum; c.Minimum < 0 || !c.Minimum.In() {
			return outOfRange("minimum", 0, int64(money.Max), "Say what goods have to be worth, or 0 for no minimum.")
		}
	}
	if in.Active != nil {
		c.Active = *in.Active
	}
	if in.Note != nil {
		if c.Note, err = db.Note("note", *in.Note, 500); err != nil {
			return err
		}
	}
	if in.CategoryIDs != nil {
		return c.applyCategories(tx, *in.CategoryIDs)
	}
	return nil
}

func (c *DiscountCode) applyPeriod(starts, ends *db.Date) error {
	for _, day := range []struct {
		field string
		in    *db.Date
		of    *db.Date
	}{{"startsOn", starts, &c.StartsOn}, {"endsOn", ends, &c.EndsOn}} {
		if day.in == nil {
			continue
		}
		if _, err := db.ParseDate(string(*day.in)); err != nil && *day.in != "" {
			return db.Refuse("bad_date", day.field, "This is no day. Write it like 2026-11-20.")
		}
		*day.of = *day.in
	}
	if c.StartsOn != "" && c.EndsOn != "" && c.EndsOn < c.StartsOn {
		return db.Refuse("bad_period", "endsOn", "The last day lies before the first. Choose a later one.")
	}
	return nil
}

// applyCategories keeps the mark of one that was removed where it is sent back.
func (c *DiscountCode) applyCategories(tx *db.Tx, ids []int64) error {
	for i, id := range ids {
		if id == 0 && !slices.Contains(c.CategoryIDs, 0) {
			return db.Blame(db.NotFound("category"), "categoryIds[%d]", i)
		}
	}
	if err := catalog.KnowCategories(tx, ids); err != nil {
		return db.Blame(err, "categoryIds")
	}
	ids = append([]int64{}, ids...)
	slices.Sort(ids)
	c.CategoryIDs = slices.Compact(ids)
	return nil
}

// auditedCode is what the audit keeps of a code: what somebody decided, not how often it was used.
type auditedCode struct {
	Name           string        `json:"name"`
	Amount         *money.Amount `json:"amount,omitempty"`
	Percent        *money.Rate   `json:"percent,omitempty"`
	StartsOn       db.Date       `json:"startsOn,omitempty"`
	EndsOn         db.Date       `json:"endsOn,omitempty"`
	MaxUses        int64         `json:"maxUses,omitempty"`
	MaxPerCustomer int64         `json:"maxPerCustomer,omitempty"`
	Minimum        money.Amount  `json:"minimum,omitempty"`
	CategoryIDs    []int64       `json:"categoryIds,omitempty"`
	Active         bool          `json:"active"`
	Note           string        `json:"note,omitempty"`
}

func (c *DiscountCode) audited() auditedCode {
	return auditedCode{c.Code, c.Amount, c.Percent, c.StartsOn, c.EndsOn, c.MaxUses, c.MaxPerCustomer, c.Minimum, c.CategoryIDs, c.Active, c.Note}
}

func outOfRange(field string, least, most int64, sentence string) error {
	return (&db.Error{Kind: db.Invalid, Code: "out_of_range", Field: field, Message: sentence}).With("min", least).With("max", most)
}
