package sales

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
)

// CodeState says whether a discount code can be used today.
type CodeState string

// The states of a code; where several fit, the first of them.
const (
	CodeInactive  CodeState = "inactive"
	CodeEnded     CodeState = "ended"
	CodeUsedUp    CodeState = "used_up"
	CodeScheduled CodeState = "scheduled"
	CodeActive    CodeState = "active"
)

// DiscountCode is a word that customers are given, and what it takes off an order.
type DiscountCode struct {
	ID             int64         `json:"id"`
	Code           string        `json:"code" doc:"as it is spelled; it is known in any case"`
	Amount         *money.Amount `json:"amount,omitempty" doc:"what it takes off, in minor units as prices are entered, or all of goods that are worth less"`
	Percent        *money.Rate   `json:"percent,omitempty" doc:"what it takes off, in thousandths of a percent"`
	StartsOn       db.Date       `json:"startsOn" doc:"its first day in the shop's zone; empty for at once"`
	EndsOn         db.Date       `json:"endsOn" doc:"its last day; empty for no end"`
	MaxUses        int64         `json:"maxUses" doc:"in how many orders it can be used; 0 for any number"`
	MaxPerCustomer int64         `json:"maxPerCustomer" doc:"in how many orders of one customer; 0 for any number"`
	Minimum        money.Amount  `json:"minimum" doc:"what all goods of an order are worth at least, after the discounts of lines and as prices are entered"`
	CategoryIDs    []int64       `json:"categoryIds" bun:"-" doc:"the categories, with all below them, whose goods it is for; none for all goods. 0 is a category that was removed: nothing is of it"`
	Active         bool          `json:"active"`
	Note           string        `json:"note" doc:"for the shop alone"`
	Uses           int64         `json:"uses" doc:"how many orders hold it"`
	State          CodeState     `json:"state" enum:"inactive,ended,used_up,scheduled,active"`
	Version        int64         `json:"version"`
	CreatedAt      db.Time       `json:"createdAt" format:"date-time"`
	UpdatedAt      db.Time       `json:"updatedAt" format:"date-time"`
	CodeKey        string        `json:"-"`
}

// NewDiscountCode is a new code.
type NewDiscountCode struct {
	Code           string        `json:"code" maxLength:"40" doc:"3 to 40 letters, digits, - and _"`
	Amount         *money.Amount `json:"amount,omitempty" minimum:"1" maximum:"9007199254740991" doc:"in minor units; or percent"`
	Percent        *money.Rate   `json:"percent,omitempty" minimum:"1" maximum:"100000" doc:"thousandths of a percent"`
	StartsOn       db.Date       `json:"startsOn,omitempty" maxLength:"10" doc:"first day; at once when left out"`
	EndsOn         db.Date       `json:"endsOn,omitempty" maxLength:"10" doc:"last day; no end when left out"`
	MaxUses        int64         `json:"maxUses,omitempty" minimum:"0" maximum:"1000000000"`
	MaxPerCustomer int64         `json:"maxPerCustomer,omitempty" minimum:"0" maximum:"1000000"`
	Minimum        money.Amount  `json:"minimum,omitempty" minimum:"0" maximum:"9007199254740991"`
	CategoryIDs    []int64       `json:"categoryIds,omitempty" maxItems:"100" doc:"all goods when left out"`
	Active         *bool         `json:"active,omitempty" doc:"true when left out"`
	Note           string        `json:"note,omitempty" maxLength:"500"`
}

// DiscountCodeChange changes what it carries of a code. Orders that hold the code keep the discount they were given.
type DiscountCodeChange struct {
	Version        *int64        `json:"version,omitempty"`
	Code           *string       `json:"code,omitempty" maxLength:"40"`
	Amount         *money.Amount `json:"amount,omitempty" minimum:"1" maximum:"9007199254740991" doc:"in place of the amount or percentage it has"`
	Percent        *money.Rate   `json:"percent,omitempty" minimum:"1" maximum:"100000" doc:"in place of the amount or percentage it has"`
	StartsOn       *db.Date      `json:"startsOn,omitempty" maxLength:"10" doc:"empty for at once"`
	EndsOn         *db.Date      `json:"endsOn,omitempty" maxLength:"10" doc:"empty for no end"`
	MaxUses        *int64        `json:"maxUses,omitempty" minimum:"0" maximum:"1000000000" doc:"not below its uses; 0 for any number"`
	MaxPerCustomer *int64        `json:"maxPerCustomer,omitempty" minimum:"0" maximum:"1000000" doc:"0 for any number"`
	Minimum        *money.Amount `json:"minimum,omitempty" minimum:"0" maximum:"9007199254740991"`
	CategoryIDs    *[]int64      `json:"categoryIds,omitempty" maxItems:"100" doc:"in place of those it has; none for all goods"`
	Active         *bool         `json:"active,omitempty"`
	Note           *string       `json:"note,omitempty" maxLength:"500"`
}

// CodeFilter narrows the list of codes; q finds those that begin with it.
type CodeFilter struct {
	db.List
	State CodeState
}

// codeColumns takes the business date of today as ?1.
const codeColumns = `SELECT id, code, amount, percent, starts_on, ends_on, max_uses, max_per_customer, minimum, active, note, uses, version, created_at, updated_at, code_key,
	CASE WHEN NOT active THEN 'inactive' WHEN ends_on <> '' AND ends_on < ?1 THEN 'ended' WHEN max_uses > 0 AND uses >= max_uses THEN 'used_up'
		WHEN starts_on > ?1 THEN 'scheduled' ELSE 'active' END AS state FROM discount_codes`

// DiscountCodes lists codes by the alphabet.
func DiscountCodes(ctx context.Context, d *db.DB, f CodeFilter) (page db.Page[DiscountCode], err error) {
	prefix := codeKey(f.Q)
	var last string
	if _, err := db.ReadCursor(f.After, &last); err != nil {
		return page, err
	}
	var rows []DiscountCode
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		today, err := today(tx)
		if err != nil {
			return err
		}
		err = tx.Select(&rows, "SELECT * FROM ("+codeColumns+") WHERE code_key >= ?2 AND code_key < ?3 AND code_key > ?4 AND (?5 = '' OR state = ?5) ORDER BY code_key LIMIT ?6",
			today, prefix, db.PrefixEnd(prefix), last, f.State, f.Size()+1)
		if err != nil {
			return err
		}
		page = db.PageOf(rows, f.Size(), func(c DiscountCode) string { return db.Cursor(c.CodeKey) })
		return fillCategories(tx, page.Items)
	})
	if err != nil {
		return page, fmt.Errorf("list discount codes: %w", err)
	}
	return page, nil
}

// DiscountCodeByID returns a code, or not_found.
func DiscountCodeByID(ctx context.Context, d *db.DB, id int64) (c *DiscountCode, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		c, err = codeIn(tx, "id = ?2", id)
		return err
	})
	return c, err
}

// codeIn is one code, found by a condition on ?2.
func codeIn(tx *db.Tx, where string, by any) (*DiscountCode, error) {
	today, err := today(tx)
	if err != nil {
		return nil, err
	}
	rows := make([]DiscountCode, 1)
	if err := tx.Get(&rows[0], codeColumns+" WHERE "+where, today, by); err != nil {
		return nil, db.Found(err, "discount code")
	}
	return &rows[0], fillCategories(tx, rows)
}

// fillCategories reads the categories of some codes, whose places in the alphabet do not matter.
func fillCategories(tx *db.Tx, codes []DiscountCode) error {
	at := make(map[int64]*DiscountCode, len(codes))
	ids := make([]int64, len(codes))
	for i := range codes {
		codes[i].CategoryIDs = []int64{}
		at[codes[i].ID], ids[i] = &codes[i], codes[i].ID
	}
	in, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var rows []struct{ CodeID, CategoryID int64 }
	err = tx.Select(&rows, `SELECT DISTINCT code_id, coalesce(category_id, 0) AS category_id FROM discount_code_categories
		WHERE code_id IN (SELECT value FROM json_each(?1)) ORDER BY 1, 2`, string(in))
	if err != nil {
		return fmt.Errorf("read the categories of discount codes: %w", err)
	}
	for _, r := range rows {
		at[r.CodeID].CategoryIDs = append(at[r.CodeID].CategoryIDs, r.CategoryID)
	}
	return nil
}

func today(tx *db.Tx) (db.Date, error) {
	s, err := settings.In(tx)
	if err != nil {
		return "", err
	}
	return s.Today(tx.Now), nil
}

// codeKey is what a code is known by.
func codeKey(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }
