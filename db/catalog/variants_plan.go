package catalog

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/money"
)

// applyVariants works out the variants the product will have, in their order.
func (p *plan) applyVariants(tx *db.Tx, in ProductChange, wrong *refusals) {
	if in.Variants == nil && p.before != nil {
		p.after.Variants = slices.Clone(p.after.Variants)
		return
	}
	if len(in.Variants) > maxVariants {
		wrong.add(db.Refuse("too_many", "variants", "A product has at most %d variants.", maxVariants).With("max", maxVariants))
		return
	}
	variants := make([]Variant, 0, len(in.Variants))
	used, named := map[int64]bool{}, map[int64]bool{}
	for _, c := range in.Variants {
		named[c.ID] = true
	}
	for i, c := range in.Variants {
		field := fmt.Sprintf("variants[%d]", i)
		v, err := p.target(field, c, named)
		if err == nil && v.ID != 0 && used[v.ID] {
			err = db.Refuse("duplicate_variant", field+".id", "This variant is in the list twice. Remove one of them.")
		}
		wrong.add(err)
		used[v.ID], named[v.ID] = true, true
		v.overlay(field, c, in.AnyCost || tx.Actor.Can("cost.read"), wrong)
		variants = append(variants, v)
	}
	if in.KeepVariants && p.before != nil {
		for _, v := range p.before.Variants {
			if !used[v.ID] {
				variants = append(variants, v)
			}
		}
	}
	if len(variants) == 0 {
		wrong.add(db.Refuse("required", "variants", "A product needs at least one variant with a price."))
	}
	p.after.Variants = variants
}

// keepOrder puts variants that a change named before the others back to where they stand; those that come in are last.
func (p *plan) keepOrder() {
	if p.before == nil {
		return
	}
	stood := map[int64]int{}
	for i, v := range p.before.Variants {
		stood[v.ID] = i - len(p.before.Variants) // before the 0 of those that come in
	}
	places := make([]int, len(p.after.Variants))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Compare(stood[p.after.Variants[a].ID], stood[p.after.Variants[b].ID])
	})
	variants, codes := make([]Variant, len(places)), make(map[int][]string, len(places))
	for i, from := range places {
		variants[i], codes[i] = p.after.Variants[from], p.codes[from]
		variants[i].Position = int64(i)
	}
	p.after.Variants, p.codes = variants, codes
}

// target is the stored variant a change means, by its id or, where no change names that id, by its SKU; or a new one.
// One that was left out before returns so.
func (p *plan) target(field string, c VariantChange, named map[int64]bool) (Variant, error) {
	if c.ID != 0 {
		v, ok := p.stored[c.ID]
		if !ok {
			e := db.NotFound("variant of this product")
			e.Field = field + ".id"
			return v, e
		}
		return v, nil
	}
	if c.SKU != nil && *c.SKU != "" {
		for _, id := range slices.Sorted(maps.Keys(p.stored)) {
			if v := p.stored[id]; !named[id] && fold(v.SKU) == fold(strings.TrimSpace(*c.SKU)) {
				return v, nil
			}
		}
	}
	v := Variant{ReorderPoint: defaultReorder, Tracked: true, Policy: Deny, Barcodes: []string{}, Packs: []Pack{}, Options: map[string]string{}}
	if c.Price == nil {
		return v, db.Refuse("required", field+".price", "A new variant needs a price.")
	}
	return v, nil
}

// overlay sets what a change carries, checking each value by itself.
func (v *Variant) overlay(field string, c VariantChange, cost bool, wrong *refusals) {
	v.Dropped = false
	if c.SKU != nil {
		if sku := wrong.text(db.Text(field+".sku", *c.SKU, maxSKU)); sku != "" {
			v.SKU = sku
		}
	}
	if c.Barcodes != nil {
		v.Barcodes = append([]string{}, *c.Barcodes...)
	}
	if c.Packs != nil {
		v.Packs = append([]Pack{}, *c.Packs...)
	}
	if c.Options != nil {
		v.Options = c.Options
	}
	if c.Price != nil {
		v.Price = *c.Price
	}
	wrong.price(field+".price", &v.Price)
	if c.CompareAtPrice.Sent {
		v.CompareAtPrice = c.CompareAtPrice.Amount
		wrong.price(field+".compareAtPrice", v.CompareAtPrice)
	}
	v.sell(field, c, wrong)
	if c.Cost.Sent {
		v.Cost = c.Cost.Amount
		wrong.price(field+".cost", v.Cost)
		if !cost {
			e := db.Denied("cost.read")
			e.Field = field + ".cost"
			wrong.add(e)
		}
	}
	if c.ReorderPoint != nil {
		v.ReorderPoint = *c.ReorderPoint
		wrong.between(field+".reorderPoint", v.ReorderPoint, 0, maxReorder)
	}
	if c.MaxStock != nil {
		v.MaxStock = *c.MaxStock
		wrong.between(field+".maxStock", v.MaxStock, 0, maxReorder)
	}
	if c.Tracked != nil {
		v.Tracked = *c.Tracked
	}
	if c.TracksLots != nil {
		v.TracksLots = *c.TracksLots
	}
	if v.TracksLots && !v.Tracked {
		wrong.add(db.Refuse("lots_need_stock", field+".tracksLots", "Lots are kept only of what is tracked in stock. Track its stock, or do not track lots."))
	}
	if c.Policy != nil {
		v.Policy = *c.Policy
		if v.Policy != Deny && v.Policy != Backorder {
			wrong.add(db.Refuse("bad_policy", field+".policy", "The policy is deny or backorder."))
		}
	}
}

func (r *refusals) price(field string, a *money.Amount) {
	if a != nil {
		r.between(field, int64(*a), 0, int64(money.Max))
	}
}

// fitOptions checks the product's options and that each variant has one value for each, unlike every other variant.
func (p *plan) fitOptions(wrong *refusals) {
	names := p.optionNames(wrong)
	if len(names) == 0 && len(p.after.Variants) > 1 {
		wrong.add(db.Refuse("options_missing", "options", "Several variants need an option that tells them apart, such as size."))
		return
	}
	seen := map[string]int{}
	for i := range p.after.Variants {
		v := &p.after.Variants[i]
		field := fmt.Sprintf("variants[%d].options", i)
		if !v.fit(field, names, wrong) {
			continue
		}
		if first, double := seen[v.OptionKey]; double {
			wrong.add(db.Refuse("duplicate_options", field, "%q is in the list twice. Each variant needs its own values.", v.Title).
				With("name", v.Title).With("first", first))
		}
		seen[v.OptionKey] = i
	}
}

func (p *plan) optionNames(wrong *refusals) []string {
	names := make([]string, 0, len(p.after.Options))
	if len(p.after.Options) > maxOptions {
		wrong.add(db.Refuse("too_many", "options", "A product has at most %d options.", maxOptions).With("max", maxOptions))
		return names
	}
	seen := map[string]bool{}
	for i, name := range p.after.Options {
		field := fmt.Sprintf("options[%d]", i)
		name = wrong.text(db.Required(field, name, maxOptionName))
		if name != "" && seen[fold(name)] {
			wrong.add(db.Refuse("duplicate_option", field, "The option %s is there twice. Remove one of them.", name).With("name", name))
		}
		seen[fold(name)] = true
		names = append(names, name)
	}
	p.after.Options = names
	return names
}

// fit writes a variant's values under the product's options, whatever their case, and what follows from them.
func (v *Variant) fit(field string, names []string, wrong *refusals) bool {
	given := make(map[string]string, len(v.Options))
	for _, name := range slices.Sorted(maps.Keys(v.Options)) {
		known := slices.ContainsFunc(names, func(n string) bool { return fold(n) == fold(strings.TrimSpace(name)) })
		if !known {
			wrong.add(db.Refuse("option_unknown", field, "The product has no option %q. Add it to the product's options or remove it here.", name).With("name", name))
			return false
		}
		given[fold(strings.TrimSpace(name))] = v.Options[name]
	}
	values := make([]string, len(names))
	options := make(map[string]string, len(names))
	for i, name := range names {
		value, err := db.Text(field+"."+name, given[fold(name)], maxLabel)
		if err == nil && value == "" {
			err = db.Refuse("option_missing", field+"."+name, "This variant needs a value for %s.", name).With("name", name)
		}
		if err != nil {
			wrong.add(err)
			return false
		}
		values[i], options[name] = value, value
	}
	v.Options, v.Title = options, strings.Join(values, " / ")
	folded := make([]string, len(values))
	for i, value := range values {
		folded[i] = fold(value)
	}
	v.OptionKey = list(folded)
	return true
}
