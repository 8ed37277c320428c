package settings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/money"
)

const maxTaxRates = 20

// TaxRate is a rate by the name that the shop knows it by. Products and orders keep the rate itself: another name, or none any more,
// changes none of them.
type TaxRate struct {
	ID   int64      `json:"id,omitempty" minimum:"0" doc:"left out for a new one"`
	Name string     `json:"name" maxLength:"50"`
	Rate money.Rate `json:"rate" minimum:"0" maximum:"100000" doc:"thousandths of a percent"`
}

// TaxRates are the named rates, in the order in which they are offered.
type TaxRates []TaxRate

// Scan reads them from a JSON list.
func (t *TaxRates) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("tax rates of type %T", v)
	}
	return json.Unmarshal([]byte(s), t)
}

func (t TaxRates) text() string {
	b, err := json.Marshal(t)
	if err != nil || t == nil {
		return "[]"
	}
	return string(b)
}

// NameOf is what a rate is called; empty where no name, or more than one, is of it.
func (t TaxRates) NameOf(rate money.Rate) (name string) {
	for _, one := range t {
		if one.Rate != rate {
			continue
		}
		if name != "" {
			return ""
		}
		name = one.Name
	}
	return name
}

// check refuses names that are none or there twice, and gives new rates their ids.
func (t TaxRates) check() (err error) {
	if len(t) > maxTaxRates {
		return db.Refuse("too_many", "taxRates", "There can be %d at most.", maxTaxRates).With("max", maxTaxRates)
	}
	last := int64(0)
	for _, one := range t {
		last = max(last, one.ID)
	}
	for i := range t {
		one, at := &t[i], fmt.Sprintf("taxRates[%d].", i)
		if one.Name, err = db.Required(at+"name", one.Name, 50); err != nil {
			return err
		}
		if one.Rate < 0 || one.Rate > money.Whole {
			return db.Refuse("bad_rate", at+"rate", "A tax rate lies between 0 and 100%%.")
		}
		if one.ID == 0 {
			last++
			one.ID = last
		}
		if slices.ContainsFunc(t[:i], func(o TaxRate) bool { return o.ID == one.ID || strings.EqualFold(o.Name, one.Name) }) {
			return db.Refuse("name_taken", at+"name", "There is already one called %s.", one.Name).With("name", one.Name)
		}
	}
	return nil
}

// ShippingRate is what shipping is taxed at in an order whose goods have this rate at most.
func (s *Settings) ShippingRate(goods money.Rate) money.Rate {
	if s.ShippingTaxRate != nil {
		return *s.ShippingTaxRate
	}
	return goods
}
