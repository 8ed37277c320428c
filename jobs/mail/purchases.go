package mail

import (
	"strings"

	"onhand/db/purchasing"
)

// ordered brings an order to a supplier. The paper that is attached to it says what it costs.
func ordered(v *voice, f *purchasing.PurchaseFacts) (*page, error) {
	if f.Number == "" || len(f.Lines) == 0 {
		return nil, errBare
	}
	p := &page{Subject: v.say("purchase_title", "number", f.Number, "shop", f.Shop), Title: v.say("purchase_heading", "number", f.Number)}
	p.say(v.greeting(f.Contact))
	p.say(v.say("purchase_text"))
	if f.Message != "" {
		p.add(block{Quote: splitLines(f.Message)})
	}
	if f.ExpectedOn != nil {
		p.say(v.say("purchase_expected", "day", v.day("date", *f.ExpectedOn)))
	}
	p.say(v.say("purchase_deliver", "place", f.DeliverTo))
	t := &table{Heads: []string{v.say("line_item"), v.say("line_quantity")}}
	var names []string
	for _, l := range f.Lines {
		r := row{Label: l.Name, Values: []string{v.number(l.Quantity)}}
		if l.Code != "" {
			r.Notes = append(r.Notes, v.say("purchase_code", "code", l.Code))
		}
		t.Rows = append(t.Rows, r)
		names = append(names, v.say("line_preview", "quantity", l.Quantity, "name", brief(l.Name)))
	}
	p.Preheader = strings.Join(names[:min(len(names), 5)], ", ")
	p.add(block{Heading: v.say("purchase_lines"), Table: t})
	p.quote(v.say("purchase_note"), f.Note)
	return p, nil
}
