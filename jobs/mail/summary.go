package mail

import (
	"strings"

	"onhand/db/money"
	"onhand/db/reports"
)

// methods are how money came in, in words.
var methods = map[string]string{"cash": "method_cash", "card": "method_card", "transfer": "method_transfer"}

// daySummary tells of a day of the shop.
func daySummary(v *voice, f *reports.DaySummary) (*page, error) {
	if f.Date == "" || f.Currency == "" {
		return nil, errBare
	}
	day := v.day("date_short", f.Date)
	p := &page{Subject: v.say("day_subject", "day", day, "fact", dayFact(v, f))}
	if f.SoFar {
		p.Subject = v.say("day_subject_so_far", "fact", dayFact(v, f))
	}
	p.button(v, "open_onhand", "/staff")
	p.stoppable(v, v.say("why_summary"), f.Stop)
	if f.Quiet() {
		p.Title = p.Subject
		if len(f.Stores) > 0 {
			p.Title = v.say("day_quiet_stores", "title", p.Title, "stores", v.list(f.Stores))
		}
		return p, nil
	}
	p.Title = v.day("date", f.Date)
	if f.SoFar {
		p.Title = v.say("day_title_so_far", "day", p.Title)
	}
	p.Preheader = compared(v, f)
	p.say(v.stores(f.Stores))
	p.add(block{Figure: &figure{Label: v.say("revenue"), Value: v.money(f.Today.Revenue, f.Currency), Note: p.Preheader}})
	addFigures(v, p, f)
	addSellers(v, p, f)
	if chart := chartOf(v, f.Days, f.Currency); chart != nil {
		p.add(block{Heading: v.say("chart_title"), Chart: chart, Table: fortnight(v, f.Days, f.Currency)})
	}
	p.add(block{Heading: v.say("day_stock"), Paras: []string{stockWords(v, f.Stock)}})
	if f.Waste != nil {
		p.add(block{Heading: v.say("day_waste"), Paras: wasteWords(v, f.Waste, f.Currency)})
	}
	p.add(block{Heading: v.say("day_waiting"), Paras: waitingWords(v, f.Waiting)})
	return p, nil
}

// dayFact is the day in half a sentence.
func dayFact(v *voice, f *reports.DaySummary) string {
	revenue := v.money(f.Today.Revenue, f.Currency)
	switch {
	case f.Quiet():
		return v.say("day_no_sales")
	case f.Today.Orders > 0:
		return v.say("day_sales", "revenue", revenue, "count", f.Today.Orders)
	case f.Today.Refunded != 0:
		return v.say("day_only_refunded", "refunded", v.money(f.Today.Refunded, f.Currency))
	case f.Today.Revenue != 0:
		return v.say("day_only_revenue", "revenue", revenue)
	}
	return v.say("day_no_orders")
}

// compared sets the revenue against that of the same weekday a week before. A day that is not over is set against a
// whole one, and it says so.
func compared(v *voice, f *reports.DaySummary) string {
	today, before := f.Today.Revenue, f.Before.Revenue
	with := []any{"weekday", v.weekday("weekdays", f.Date), "before", v.money(before, f.Currency)}
	say := func(key, soFar string, more ...any) string {
		if f.SoFar {
			key = soFar
		}
		return v.say(key, append(more, with...)...)
	}
	switch {
	case before == 0:
		return v.say("compared_nothing", with...)
	case before < 0 || today < 0: // a share of less than nothing says nothing
		return v.say("compared_plain", with...)
	case today == before:
		return say("compared_same", "compared_same_so_far")
	}
	share, err := (max(today, before) - min(today, before)).Part(100, int64(before))
	if err != nil {
		return v.say("compared_plain", with...)
	}
	switch {
	case share == 0:
		return say("compared_nearly", "compared_nearly_so_far")
	case today > before:
		return say("compared_more", "compared_more_so_far", "share", int64(share))
	}
	return say("compared_less", "compared_less_so_far", "share", int64(share))
}

// addFigures shows what the day comes to, with the week before beside it, and how it was paid.
func addFigures(v *voice, p *page, f *reports.DaySummary) {
	cash := func(a money.Amount) string { return v.money(a, f.Currency) }
	t := &table{Heads: []string{v.say("day_figures"), v.day("date_short", f.Date), v.day("date_short", f.Date.AddDays(-7))}}
	if f.SoFar {
		t.Heads[1] = v.say("day_so_far")
	}
	t.Rows = []row{
		{Label: v.say("day_orders"), Values: []string{v.number(f.Today.Orders), v.number(f.Before.Orders)}},
		{Label: v.say("day_units"), Values: []string{v.number(f.Today.Units), v.number(f.Before.Units)}},
		{Label: v.say("day_average"), Values: []string{cash(f.Today.Average()), cash(f.Before.Average())}},
	}
	if f.Today.Refunds > 0 || f.Today.Refunded != 0 {
		r := row{Label: v.say("day_refunds"), Values: []string{cash(f.Today.Refunded), cash(f.Before.Refunded)}}
		if f.Today.Refunds > 0 {
			r.Notes = []string{v.say("day_refunds_count", "count", f.Today.Refunds)}
		}
		t.Rows = append(t.Rows, r)
	}
	p.add(block{Table: t})
	if len(f.Payments) > 0 {
		t := &table{}
		for _, pay := range f.Payments {
			t.Rows = append(t.Rows, row{Label: v.say(methodWords(pay.Method)), Values: []string{cash(pay.Amount)}})
		}
		p.add(block{Heading: v.say("day_payments"), Table: t})
	}
	if f.Margin != nil {
		r := row{Label: v.say("day_margin_label"), Values: []string{cash(*f.Margin)}}
		p.add(block{Heading: v.say("day_margin"), Table: &table{Rows: []row{r}}})
	}
}

func methodWords(method string) string {
	if key, ok := methods[method]; ok {
		return key
	}
	return "method_other"
}

// addSellers shows what sold best, and what does not.
func addSellers(v *voice, p *page, f *reports.DaySummary) {
	if len(f.Top) > 0 {
		t := &table{Heads: []string{v.say("product"), v.say("units"), v.say("revenue")}}
		for _, s := range f.Top {
			t.Rows = append(t.Rows, row{Label: s.Name, Values: []string{v.number(s.Units), v.money(s.Revenue, f.Currency)}})
		}
		p.add(block{Heading: v.say("day_top"), Table: t})
	}
	if len(f.Flop) == 0 {
		return
	}
	t := &table{}
	for _, s := range f.Flop {
		r := row{Label: s.Name, Values: []string{v.say("there", "count", s.OnHand)}, Notes: []string{v.say("never_sold")}}
		if s.Days != nil {
			r.Notes = []string{v.say("last_sold", "count", *s.Days)}
		}
		t.Rows = append(t.Rows, r)
	}
	p.add(block{Heading: v.say("day_flop"), Table: t})
}

func stockWords(v *voice, s reports.DayStock) string {
	var words []string
	for _, c := range []struct {
		n   int64
		key string
	}{{s.Out, "count_out"}, {s.Low, "count_low"}, {s.Over, "count_over"}} {
		if c.n > 0 {
			words = append(words, v.say(c.key, "count", c.n))
		}
	}
	if len(words) == 0 {
		return v.say("count_fine")
	}
	return v.say("sentence", "words", strings.Join(words, ", "))
}

// wasteWords say what left without being sold; what was taken back by more than there was says nothing.
func wasteWords(v *voice, w *reports.DayWaste, currency string) []string {
	var words, said []string
	for _, c := range []struct {
		n   int64
		key string
	}{{w.Units, "waste_units"}, {w.Shrinkage, "waste_shrinkage"}, {w.Donated, "waste_donated"}} {
		if c.n <= 0 {
			continue
		}
		word := v.say(c.key, "count", c.n)
		if c.key == "waste_units" && w.Cost != nil && *w.Cost > 0 {
			word = v.say("waste_worth", "units", word, "cost", v.money(*w.Cost, currency))
		}
		words = append(words, word)
	}
	if len(words) > 0 {
		said = append(said, v.say("sentence", "words", strings.Join(words, ", ")))
	}
	if w.Rate != nil && *w.Rate >= 500 { // less is nothing in whole percents
		said = append(said, v.say("waste_rate", "rate", v.number((*w.Rate+500)/1000)))
	}
	return said
}

func waitingWords(v *voice, w reports.DayWaiting) []string {
	if w.Orders <= 0 {
		return []string{v.say("waiting_none")}
	}
	words := []string{v.say("waiting", "count", w.Orders)}
	if w.Oldest != "" && w.Since != nil {
		words = append(words, v.say("waiting_oldest", "number", w.Oldest, "since", v.when(*w.Since)))
	}
	if w.Late > 0 {
		words = append(words, v.say("waiting_late", "count", w.Late))
	}
	return words
}
