package sales

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/money"
)

// takeCode gives an order the discount of a code, in place of what it had: off the lines that are of the code's categories. What the
// goods must be worth is looked at once they are priced, how often it was used when the order counts.
func (o *Order) takeCode(tx *db.Tx, code string) (*DiscountCode, error) {
	c, err := codeIn(tx, "code_key = ?2", codeKey(code))
	if db.CodeOf(err) == "not_found" {
		return nil, refuseCode("code_unknown", code, "There is no discount code %s. Look at how it is spelled.", code)
	}
	if err != nil {
		return nil, err
	}
	if err := c.runs(tx); err != nil {
		return nil, err
	}
	o.DiscountAmount, o.DiscountPercent, o.DiscountReason = c.Amount, c.Percent, ""
	o.DiscountCode, o.DiscountCodeID = c.Code, &c.ID
	return c, c.mark(tx, o.Lines)
}

// runs refuses a code that is switched off, or whose days are not now.
func (c *DiscountCode) runs(tx *db.Tx) error {
	today, err := today(tx)
	switch {
	case err != nil:
		return err
	case !c.Active:
		return refuseCode("code_inactive", c.Code, "The code %s is switched off.", c.Code)
	case c.StartsOn > today:
		return refuseCode("code_not_started", c.Code, "The code %s begins on %s.", c.Code, c.StartsOn.InWords()).With("from", c.StartsOn)
	case c.EndsOn != "" && c.EndsOn < today:
		return refuseCode("code_ended", c.Code, "The code %s ended on %s.", c.Code, c.EndsOn.InWords()).With("until", c.EndsOn)
	}
	return nil
}

// mark says which lines a code takes something off.
func (c *DiscountCode) mark(tx *db.Tx, lines []OrderLine) error {
	if len(c.CategoryIDs) == 0 {
		for i := range lines {
			lines[i].InDiscount = true
		}
		return nil
	}
	variants := make([]int64, len(lines))
	for i, l := range lines {
		variants[i] = l.VariantID
	}
	within, err := catalog.Within(tx, variants, c.CategoryIDs)
	for i := range lines {
		lines[i].InDiscount = within[lines[i].VariantID]
	}
	return err
}

// suits refuses a code for an order that is priced: nothing in it is of its categories, or its goods are worth less than they must be.
func (c *DiscountCode) suits(o *Order) error {
	if err := o.codeCounts(); err != nil {
		return err
	}
	return c.enough(o.goods())
}

// suitsRest refuses a code, as suits does, for what of an order has not come back.
func (c *DiscountCode) suitsRest(o *Order) error {
	rest := Order{DiscountCode: o.DiscountCode}
	var goods money.Amount // of lines that are priced, whose sum was checked
	for _, l := range o.Lines {
		if l.Quantity > l.Sealed.Quantity {
			rest.Lines = append(rest.Lines, l)
			goods += l.unsealed()
		}
	}
	if err := rest.codeCounts(); err != nil {
		return err
	}
	return c.enough(goods)
}

// enough refuses a code for goods that are worth less than they must be.
func (c *DiscountCode) enough(goods money.Amount) error {
	if goods < c.Minimum {
		return refuseCode("code_minimum", c.Code, "The code %s is for orders from a certain amount on. Add goods or leave it out.", c.Code).
			With("minimum", c.Minimum).With("missing", c.Minimum-goods)
	}
	return nil
}

// codeCounts refuses a code that takes nothing off, since it is for other goods.
func (o *Order) codeCounts() error {
	for _, l := range o.Lines {
		if l.InDiscount {
			return nil
		}
	}
	return refuseCode("code_other_goods", o.DiscountCode, "The code %s is for other goods than those of this order. Leave it out.", o.DiscountCode)
}

// goods is what the goods of a priced order are worth before its own discount, as prices are entered.
func (o *Order) goods() money.Amount {
	goods := o.Subtotal
	for _, l := range o.Lines {
		goods -= l.Discount
	}
	return goods
}

// left refuses a code that was used as often as it can be, by everybody or by the customer of an order.
func (c *DiscountCode) left(tx *db.Tx, o *Order) error {
	if c.MaxUses > 0 && c.Uses >= c.MaxUses {
		return c.usedUp()
	}
	return c.leftFor(tx, o)
}

// leftFor refuses a code that the customer of an order used as often as one may.
func (c *DiscountCode) leftFor(tx *db.Tx, o *Order) error {
	if c.MaxPerCustomer == 0 {
		return nil
	}
	if o.CustomerID == nil || o.NewBuyer {
		return refuseCode("code_needs_customer", c.Code, "The code %s counts how often a customer uses it. Choose the customer, or give an email address.", c.Code)
	}
	var used int64
	err := tx.Row(`SELECT count(*) FROM (SELECT 1 FROM orders WHERE discount_code_id = ?1 AND customer_id = ?2 AND id <> ?3
		AND status NOT IN ('draft', 'cancelled', 'expired') LIMIT ?4)`, []any{c.ID, *o.CustomerID, o.ID, c.MaxPerCustomer}, &used)
	if err != nil {
		return fmt.Errorf("count the uses of a discount code: %w", err)
	}
	if used >= c.MaxPerCustomer {
		return refuseCode("code_used_by_customer", c.Code, "This customer has used the code %s as often as one may.", c.Code).With("count", c.MaxPerCustomer)
	}
	return nil
}

func (c *DiscountCode) usedUp() error {
	return refuseCode("code_used_up", c.Code, "The code %s was used as often as it can be.", c.Code)
}

// useCode counts a use of an order's code, which is there once for each that may be.
func (o *Order) useCode(tx *db.Tx) error {
	if o.DiscountCodeID == nil {
		return nil
	}
	c, err := codeIn(tx, "id = ?2", *o.DiscountCodeID)
	if err != nil {
		return err
	}
	if err := c.left(tx, o); err != nil {
		return err
	}
	n, err := tx.Exec("UPDATE discount_codes SET uses = uses + 1 WHERE id = ?1 AND (max_uses = 0 OR uses < max_uses)", c.ID)
	if err != nil {
		return fmt.Errorf("use a discount code: %w", err)
	}
	if n != 1 {
		return c.usedUp()
	}
	return tx.Emit("discounts", c.ID, c.Version)
}

// giveCodeBack takes back the use of the code that an order held.
func (o *Order) giveCodeBack(tx *db.Tx) error {
	if o.DiscountCodeID == nil {
		return nil
	}
	var version int64
	err := tx.Row("UPDATE discount_codes SET uses = uses - 1 WHERE id = ?1 RETURNING version", []any{*o.DiscountCodeID}, &version)
	if err != nil {
		return fmt.Errorf("give a discount code back: %w", err)
	}
	return tx.Emit("discounts", *o.DiscountCodeID, version)
}

// codeLeft is for a draft, which uses no code before it is placed: whoever saves it hears at once what will be wrong then.
func (o *Order) codeLeft(tx *db.Tx) error {
	if o.DiscountCodeID == nil {
		return nil
	}
	c, err := codeIn(tx, "id = ?2", *o.DiscountCodeID)
	if err != nil {
		return err
	}
	return c.left(tx, o)
}

// codeToday holds a draft's code to the rules of the day on which it is placed. What it takes off stays as it was saved.
func (o *Order) codeToday(tx *db.Tx) error {
	if o.DiscountCodeID == nil {
		return nil
	}
	c, err := codeIn(tx, "id = ?2", *o.DiscountCodeID)
	if err != nil {
		return err
	}
	if err := c.runs(tx); err != nil {
		return err
	}
	return c.suits(o)
}

// CodeTrial is an order that is about to be placed with a code.
type CodeTrial struct {
	Code       string    `json:"code" maxLength:"40"`
	Lines      []NewLine `json:"lines" minItems:"1" maxItems:"500"`
	CustomerID *int64    `json:"customerId,omitempty" minimum:"1"`
	Email      string    `json:"email,omitempty" maxLength:"254" doc:"of a customer who was not chosen but typed"`
}

// CodeOffer is what a code would take off an order now.
type CodeOffer struct {
	Code    string        `json:"code" doc:"as it is spelled"`
	Amount  *money.Amount `json:"amount,omitempty" doc:"what it takes off, in minor units as prices are entered, or all of goods that are worth less"`
	Percent *money.Rate   `json:"percent,omitempty" doc:"what it takes off, in thousandths of a percent"`
	Lines   []bool        `json:"lines" doc:"for each line, whether it takes something off it"`
	Takes   money.Amount  `json:"takes" doc:"what it takes off in all, in minor units as prices are entered"`
}

// TryCode says what a code would take off an order, without using it. It fails as Place does with that code.
func TryCode(ctx context.Context, d *db.DB, in CodeTrial) (offer *CodeOffer, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		o := &Order{CustomerID: in.CustomerID, Lines: make([]OrderLine, len(in.Lines))}
		if err := o.what(tx, in.Lines); err != nil {
			return err
		}
		c, err := o.tryCode(tx, in)
		if err != nil {
			return err
		}
		offer = &CodeOffer{Code: c.Code, Amount: c.Amount, Percent: c.Percent, Lines: make([]bool, len(o.Lines)), Takes: o.wholeDiscount()}
		for i, l := range o.Lines {
			offer.Lines[i] = l.InDiscount
		}
		return nil
	})
	return offer, err
}

// tryCode prices what is tried with its code.
func (o *Order) tryCode(tx *db.Tx, in CodeTrial) (*DiscountCode, error) {
	c, err := o.takeCode(tx, in.Code)
	if err != nil {
		return nil, err
	}
	if err := o.price(); err != nil {
		return nil, err
	}
	if err := c.suits(o); err != nil {
		return nil, err
	}
	if o.CustomerID == nil && in.Email != "" {
		if o.CustomerID, err = customers.OfEmail(tx, in.Email); err != nil {
			return nil, err
		}
		if o.CustomerID == nil { // who is new has used nothing
			c.MaxPerCustomer = 0
		}
	}
	return c, c.left(tx, o)
}

// refuseCode is a refusal of an order's code, each with a code of its own.
func refuseCode(reason, code, message string, args ...any) *db.Error {
	e := db.Errorf(db.Conflict, reason, message, args...).With("code", code)
	e.Field = "discountCode"
	return e
}

func codeAndDiscount() error {
	return db.Refuse("code_and_discount", "discountCode", "An order has a code or a discount by hand, not both. Leave one of them out.")
}
