package imports

import (
	"slices"
	"strings"

	"onhand/db/catalog"
)

// anyValue stands where a variation takes every value of an attribute and another one names its own.
const anyValue = "Any"

// pairs are a few values by their names. There is a list for each row of a file, and a map would take several times its room.
type pairs []struct{ name, value string }

func (p pairs) get(name string) (value string, ok bool) {
	for _, one := range p {
		if one.name == name {
			return one.value, true
		}
	}
	return "", false
}

func (p *pairs) set(name, value string) {
	for i, one := range *p {
		if one.name == name {
			(*p)[i].value = value
			return
		}
	}
	*p = append(*p, struct{ name, value string }{name, value})
}

// value is what a variant has of an attribute, "" for nothing.
func (o *offer) value(attribute string) string {
	v, _ := o.values.get(folded(attribute))
	return v
}

// settle works out the options of a product once all its variations are known.
func (w *woo) settle(p *product) {
	switch {
	case !p.many:
		return
	case p.row.outcome == outcomeError:
		w.abandon(p)
		return
	case len(p.offers) == 0:
		w.skip(p.row, "no_variations", "The file has no variation of this product that can be sold.")
		return
	}
	named, given := p.named()
	for _, name := range named {
		if given[folded(name)] {
			p.options = append(p.options, name)
		} else {
			w.warn(p.row, w.nameOf(p.row, name), "any_value", "No variation says which %s it is, so it is left out.", name)
		}
	}
	for _, o := range p.offers {
		o.fill(p)
	}
}

// fill gives a variation a value for each option, and the name it will have.
func (o *offer) fill(p *product) {
	values := make([]string, len(p.options))
	for i, name := range p.options {
		if o.value(name) == "" {
			o.values.set(folded(name), anyValue)
		}
		values[i] = o.value(name)
	}
	o.row.name = catalog.FullName(p.name, strings.Join(values, " / "))
}

// named are the attributes its variations have, in the order of the product, and which of them any variation has a value for.
func (p *product) named() (names []string, given map[string]bool) {
	has, given := map[string]string{}, map[string]bool{}
	order := p.attributes
	for _, o := range p.offers {
		for _, name := range o.names {
			has[folded(name)] = name
			given[folded(name)] = given[folded(name)] || o.value(name) != ""
			order = append(order, name)
		}
	}
	for _, name := range order {
		if has[folded(name)] != "" && !slices.ContainsFunc(names, func(n string) bool { return folded(n) == folded(name) }) {
			names = append(names, name)
		}
	}
	return names, given
}

// nameOf is the column in which a row names an attribute.
func (w *woo) nameOf(r *row, name string) string {
	for _, a := range w.attributes {
		if folded(oneLine(cellAt(r.line, a.name))) == folded(name) {
			return w.layout.header[a.name]
		}
	}
	return ""
}
