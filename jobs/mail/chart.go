package mail

import (
	htmltemplate "html/template"

	"onhand/db/money"
	"onhand/db/reports"
)

const (
	tallestBar = 72 // pixels
	mostBars   = 14
	// labelBars is how many bars the label of the highest is as wide as, so that an amount fits in one line.
	labelBars = 7
)

// chart is a row of bars made of table cells: the one drawing that every mail program shows.
type chart struct {
	Bars []bar
	// Label names the highest bar. It stands above it in a row of three cells that span all bars.
	Label               string
	Before, Span, After int
	Align               string // left, center or right
}

// Height is the bars' room in pixels; where nothing was sold there is nothing to leave room for.
func (c *chart) Height() int {
	for _, b := range c.Bars {
		if b.Pixels > 0 {
			return tallestBar + 2
		}
	}
	return 8
}

// bar is one day.
type bar struct {
	Pixels int // 0 for nothing
	Letter string
	Now    bool // the day that the mail is about
}

// Drawn is how tall the bar is drawn: one for nothing is a line, so that its day is seen.
func (b bar) Drawn() int { return max(1, b.Pixels) }

// Colour is the bar's in light, where no stylesheet is read.
func (b bar) Colour() htmltemplate.CSS {
	switch {
	case b.Pixels == 0:
		return "#d3cfcb"
	case b.Now:
		return "#0f766e"
	}
	return "#8a837c"
}

// chartOf draws the revenue of days up to the one that the mail is about; nil of none. Days that took more back than in
// are as low as those without sales.
func chartOf(v *voice, days []reports.DayFigures, currency string) *chart {
	if len(days) > mostBars {
		days = days[len(days)-mostBars:]
	}
	if len(days) == 0 {
		return nil
	}
	c := &chart{Span: len(days), Align: "left", Label: v.say("chart_nothing")}
	best := 0
	for i, d := range days {
		if d.Revenue > days[best].Revenue {
			best = i
		}
	}
	for i, d := range days {
		b := bar{Letter: v.weekday("weekday_letters", d.Date), Now: i == len(days)-1}
		if d.Revenue > 0 {
			b.Pixels = heightOf(d.Revenue, days[best].Revenue)
		}
		c.Bars = append(c.Bars, b)
	}
	if days[best].Revenue > 0 {
		c.Label = v.money(days[best].Revenue, currency)
		c.place(best)
	}
	return c
}

// heightOf is at least two pixels: little is not nothing.
func heightOf(revenue, most money.Amount) int {
	pixels, err := revenue.Part(tallestBar, int64(most))
	if err != nil {
		return tallestBar
	}
	return max(2, int(pixels))
}

// place puts the label above a bar: in the middle of it, or at its outer edge where the chart ends.
func (c *chart) place(best int) {
	all, side := len(c.Bars), labelBars/2
	switch {
	case best-side < 0:
		c.Before, c.Span, c.After, c.Align = best, all-best, 0, "left"
	case best+side >= all:
		c.Before, c.Span, c.After, c.Align = 0, best+1, all-best-1, "right"
	default:
		c.Before, c.Span, c.After, c.Align = best-side, labelBars, all-best-side-1, "center"
	}
}

// fortnight is the same as figures: two weeks side by side, or as many days as there are.
func fortnight(v *voice, days []reports.DayFigures, currency string) *table {
	if len(days) > mostBars {
		days = days[len(days)-mostBars:]
	}
	t := &table{Dense: true}
	if !twoWeeks(days) {
		t.Heads = []string{v.say("chart_day"), v.say("revenue")}
		for _, d := range days {
			t.Rows = append(t.Rows, row{Label: v.day("date_short", d.Date), Values: []string{v.money(d.Revenue, currency)}})
		}
		return t
	}
	week := func(days []reports.DayFigures) string {
		return v.say("date_range", "from", v.day("date_bare", days[0].Date), "to", v.day("date_bare", days[6].Date))
	}
	t.Heads = []string{v.say("chart_day"), week(days[:7]), week(days[7:])}
	for i := range 7 {
		values := []string{v.money(days[i].Revenue, currency), v.money(days[i+7].Revenue, currency)}
		t.Rows = append(t.Rows, row{Label: v.weekday("weekdays", days[i].Date), Values: values})
	}
	return t
}

// twoWeeks says whether days are fourteen in a row.
func twoWeeks(days []reports.DayFigures) bool {
	for i := range days {
		if i > 0 && days[i].Date != days[i-1].Date.AddDays(1) {
			return false
		}
	}
	return len(days) == 14
}
