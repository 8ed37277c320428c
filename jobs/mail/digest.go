package mail

import (
	"fmt"
	"strings"

	"onhand/db/alerts"
)

// sectionWords are the keys of a kind of alert.
type sectionWords struct {
	heading, fresh, still, short string
	item                         string // of an item in a subject
}

var sections = map[alerts.AlertKind]sectionWords{
	alerts.Out:  {"stock_out", "stock_out_new", "stock_out_still", "stock_out_short", "stock_out_item"},
	alerts.Low:  {"stock_low", "stock_low_new", "stock_low_still", "stock_low_short", "stock_low_item"},
	alerts.Over: {"stock_over", "stock_over_new", "stock_over_still", "stock_over_short", "stock_over_item"},
}

// whyStock is why somebody gets the digest, by how often they want it.
var whyStock = map[alerts.AlertMode]string{alerts.Instant: "why_stock_instant", alerts.Hourly: "why_stock_hourly", alerts.Daily: "why_stock_daily"}

// stockDigest tells what ran out, runs low or lies about, what is new first.
func stockDigest(v *voice, f *alerts.StockFacts) (*page, error) {
	items := itemsOf(f)
	if len(items) == 0 {
		return nil, errBare
	}
	for _, s := range f.Sections {
		if _, ok := sections[s.Kind]; !ok {
			return nil, fmt.Errorf("%.20q is no kind of a section", string(s.Kind))
		}
	}
	p := &page{Subject: headline(v, f)}
	p.Title = p.Subject
	var names []string
	for _, item := range items[:min(len(items), 5)] {
		names = append(names, brief(item.Name))
	}
	p.Preheader = strings.Join(names, ", ")
	p.say(v.stores(f.Stores))
	named := f.Several || len(f.Stores) > 0 || severalStores(items)
	for _, s := range f.Sections {
		addSection(v, p, s, named)
	}
	switch {
	case f.Buys && !onlyOver(f):
		p.button(v, "open_buy", whatToBuy(f))
	case len(items) == 1 && hidden(f) == 0:
		p.button(v, "open_product", fmt.Sprintf("/staff/products/%d", items[0].ProductID))
	case onlyOver(f):
		p.button(v, "open_stock", "/staff/stock/alerts?kind=over")
	default:
		p.button(v, "open_stock", "/staff/stock/alerts?kind=out,low")
	}
	why, ok := whyStock[f.Mode]
	if !ok {
		why = "why_stock"
	}
	p.stoppable(v, v.say(why), f.Stop)
	return p, nil
}

// whatToBuy is the page of what to buy, at the one thing that is new where it is only one.
func whatToBuy(f *alerts.StockFacts) string {
	var fresh []alerts.StockItem
	more := 0
	for _, s := range f.Sections {
		if s.Kind != alerts.Over {
			fresh, more = append(fresh, s.New...), more+s.MoreNew
		}
	}
	if len(fresh) != 1 || more > 0 {
		return "/staff/replenishment"
	}
	return fmt.Sprintf("/staff/replenishment?at=%d-%d", fresh[0].VariantID, fresh[0].LocationID)
}

// news are the parts of a section, the most urgent first.
var news = []struct {
	items func(alerts.StockSection) ([]alerts.StockItem, int)
	words func(sectionWords) (subject, item string)
}{
	{
		func(s alerts.StockSection) ([]alerts.StockItem, int) { return s.New, s.MoreNew },
		func(w sectionWords) (string, string) { return w.fresh, w.item },
	},
	{
		func(s alerts.StockSection) ([]alerts.StockItem, int) { return s.Still, s.MoreStill },
		func(w sectionWords) (string, string) { return w.still, w.item },
	},
	{
		func(s alerts.StockSection) ([]alerts.StockItem, int) { return s.Recovered, s.MoreRecovered },
		func(sectionWords) (string, string) { return "stock_recovered_new", "stock_recovered_item" },
	},
}

// headline is the most urgent news, then how many there are of the same kind in the other sections.
func headline(v *voice, f *alerts.StockFacts) string {
	for _, n := range news {
		head, rest := "", []string(nil)
		for _, s := range f.Sections {
			items, more := n.items(s)
			if len(items) == 0 {
				continue
			}
			count := int64(len(items)) + int64(max(0, more))
			if head != "" {
				rest = append(rest, v.say(sections[s.Kind].short, "count", count))
				continue
			}
			subject, item := n.words(sections[s.Kind])
			named := v.say(item, "name", brief(items[0].Name), "count", max(0, items[0].Available))
			head = v.say(subject, "count", count, "item", named, "more", count-1)
		}
		if len(rest) > 0 {
			return v.say("stock_and", "head", head, "rest", strings.Join(rest, ", "))
		}
		if head != "" {
			return head
		}
	}
	return ""
}

// addSection shows a kind: what is new, what was told before, what is over.
func addSection(v *voice, p *page, s alerts.StockSection, named bool) {
	heading := v.say(sections[s.Kind].heading)
	onlyNew := len(s.Still) == 0 && len(s.Recovered) == 0
	for _, g := range []struct {
		heading   string
		items     []alerts.StockItem
		more      int
		recovered bool
	}{
		{"stock_new", s.New, s.MoreNew, false},
		{"stock_still", s.Still, s.MoreStill, false},
		{"stock_recovered", s.Recovered, s.MoreRecovered, true},
	} {
		if len(g.items) == 0 {
			continue
		}
		b := block{Heading: heading, Table: &table{More: int64(max(0, g.more))}}
		if !onlyNew {
			b.Group = v.say(g.heading)
		}
		for _, item := range g.items {
			b.Table.Rows = append(b.Table.Rows, itemRow(v, s.Kind, item, g.recovered, named))
		}
		p.add(b)
		heading = ""
	}
}

func itemRow(v *voice, kind alerts.AlertKind, item alerts.StockItem, recovered, named bool) row {
	r := row{Label: item.Name, Values: []string{v.say("left", "count", item.Available)}, Tone: "amber"}
	var where, about []string
	if item.SKU != "" {
		where = append(where, item.SKU)
	}
	if named && item.Store != "" {
		where = append(where, item.Store)
	}
	switch {
	case kind == alerts.Over:
		r.Values, r.Tone = []string{v.say("there", "count", item.Available)}, ""
		about = overWords(v, item, recovered)
	case item.Available <= 0:
		r.Values, r.Tone = []string{v.say("none_left")}, "red"
	}
	if recovered {
		r.Tone = "green"
	}
	if kind != alerts.Over {
		about = append(about, v.say("reorder_at", "count", item.ReorderPoint))
		if item.Incoming > 0 {
			if item.ExpectedOn != nil {
				about = append(about, v.say("incoming_on", "count", item.Incoming, "day", v.day("date_bare", *item.ExpectedOn)))
			} else {
				about = append(about, v.say("incoming", "count", item.Incoming))
			}
		}
	}
	for _, words := range [][]string{where, about} {
		if len(words) > 0 {
			r.Notes = append(r.Notes, strings.Join(words, ", "))
		}
	}
	return r
}

// overWords say by what there is too much of something.
func overWords(v *voice, item alerts.StockItem, recovered bool) (words []string) {
	if item.Cover != nil {
		words = append(words, v.say("lasts", "count", *item.Cover))
	} else if !recovered {
		words = append(words, v.say("not_sold"))
	}
	if item.MaxStock != nil {
		words = append(words, v.say("at_most", "count", *item.MaxStock))
	}
	return words
}

func itemsOf(f *alerts.StockFacts) (items []alerts.StockItem) {
	for _, s := range f.Sections {
		items = append(items, s.New...)
	}
	for _, s := range f.Sections {
		items = append(append(items, s.Still...), s.Recovered...)
	}
	return items
}

// hidden is how many items are counted and not listed.
func hidden(f *alerts.StockFacts) (n int) {
	for _, s := range f.Sections {
		n += s.MoreNew + s.MoreStill + s.MoreRecovered
	}
	return n
}

func onlyOver(f *alerts.StockFacts) bool {
	for _, s := range f.Sections {
		if s.Kind != alerts.Over {
			return false
		}
	}
	return true
}

func severalStores(items []alerts.StockItem) bool {
	for _, item := range items {
		if item.Store != items[0].Store {
			return true
		}
	}
	return false
}
