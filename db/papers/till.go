package papers

import (
	"fmt"
	"io"
	"time"

	"onhand/db/money"
	"onhand/db/sales"
)

// A roll of 80 mm prints 72 of them.
const (
	slipWidth  = 80.0
	slipMargin = 4.0
	slipInner  = slipWidth - 2*slipMargin
	slipLine   = 4.6 // from line to line of 9 points
)

// tillWords are those of a till's report, by language.
var tillWords = map[string]map[string]string{
	"en": {"title": "Till report", "so far": "Till report so far", "opened": "Opened", "closed": "Closed", "printed": "Printed", "float": "Float", "taken": "Cash taken", "back": "Cash given back",
		"in": "Paid in", "out": "Paid out", "expected": "Should be there", "counted": "Counted", "exact": "Exact", "short": "Short", "over": "Over", "reason": "Reason", "note": "Note",
		"methods": "By method", "people": "By person", "cash": "Cash", "card": "Card", "transfer": "Bank transfer", "other": "Other", "payments": "taken", "refunds": "given back",
		"of it cash": "of it cash", "hidden": "What was taken is shown once the till is closed.", "counts": "Coins and notes"},
	"de": {"title": "Kassenbericht", "so far": "Kassenbericht bis jetzt", "opened": "Geöffnet", "closed": "Abgerechnet", "printed": "Gedruckt", "float": "Anfangsbestand", "taken": "Bar eingenommen", "back": "Bar zurückgegeben",
		"in": "Einlagen", "out": "Entnahmen", "expected": "Soll", "counted": "Gezählt", "exact": "Stimmt genau", "short": "Es fehlen", "over": "Zu viel", "reason": "Grund", "note": "Notiz",
		"methods": "Nach Zahlungsart", "people": "Nach Person", "cash": "Bar", "card": "Karte", "transfer": "Überweisung", "other": "Sonstiges", "payments": "eingenommen", "refunds": "zurückgegeben",
		"of it cash": "davon bar", "hidden": "Was eingenommen wurde, steht hier, wenn die Kasse abgerechnet ist.", "counts": "Münzen und Scheine"},
}

// TillShop is whose till it is: its name, its currency, and the zone of its clocks.
type TillShop struct {
	Name, Currency string
	Zone           *time.Location
}

// slip is a paper from a roll in the making: it grows downwards and is cut after its last line.
type slip struct {
	page
	y     float64
	words map[string]string
	price func(money.Amount) string
}

// TillReport prints the report of a till on a roll of 80 mm: what should be in it, what was counted, and what went through it by
// method and by person.
func TillReport(w io.Writer, d Paper, shop TillShop, r *sales.TillReport) error {
	words := tillWords[d.Language]
	if words == nil {
		words = tillWords["en"]
	}
	write := func(height float64) slip {
		p := slip{page: d.open(slipWidth, height), y: slipMargin, words: words,
			price: func(a money.Amount) string { return Price(a, shop.Currency, d.Language) }}
		p.AddPage()
		p.till(d, shop, r)
		return p
	}
	long := write(10_000) // to measure it
	p := write(long.y + slipMargin)
	if err := p.Output(w); err != nil {
		return fmt.Errorf("print a till: %w", err)
	}
	return nil
}

func (p *slip) till(d Paper, shop TillShop, r *sales.TillReport) {
	clock := func(t time.Time) string {
		return t.In(shop.Zone).Format(map[bool]string{true: "02.01.2006 15:04", false: "2 Jan 2006 15:04"}[d.Language == "de"])
	}
	title := "title"
	if r.Status == sales.TillOpen {
		title = "so far"
	}
	p.centred(shop.Name, 12)
	p.centred(p.words[title], 11)
	p.centred(r.Name+" · "+r.LocationName, 9)
	p.rule()
	p.row("opened", clock(r.OpenedAt.Time())+", "+r.OpenedBy)
	if r.ClosedAt != nil {
		p.row("closed", clock(r.ClosedAt.Time())+", "+r.ClosedBy)
	}
	p.row("printed", clock(d.At))
	p.rule()
	p.row("float", p.price(r.Float))
	if r.Hidden {
		p.row("in", p.price(r.PaidIn))
		p.row("out", p.price(-r.PaidOut))
		p.text(p.words["hidden"])
		return
	}
	p.drawer(r)
	p.through(r)
}

// drawer is the cash: what adds up to what should be there, and what was.
func (p *slip) drawer(r *sales.TillReport) {
	var cash sales.TillSums
	for _, m := range r.Methods {
		if m.Method == "cash" {
			cash = m.TillSums
		}
	}
	p.row("taken", p.price(cash.Paid))
	p.row("back", p.price(-cash.Refunded))
	p.row("in", p.price(r.PaidIn))
	p.row("out", p.price(-r.PaidOut))
	p.strong("expected", p.price(*r.Expected))
	if r.Counted == nil {
		return
	}
	p.strong("counted", p.price(*r.Counted))
	switch difference := *r.Difference; {
	case difference < 0:
		p.strong("short", p.price(-difference))
	case difference > 0:
		p.strong("over", p.price(difference))
	default:
		p.strong("exact", p.price(0))
	}
	for _, said := range []struct{ label, text string }{{"reason", r.Reason}, {"note", r.Note}} {
		if said.text != "" {
			p.text(p.words[said.label] + ": " + said.text)
		}
	}
}

// through is what went through the till, and how it was counted.
func (p *slip) through(r *sales.TillReport) {
	if len(r.Methods) > 0 {
		p.heading("methods")
	}
	for _, m := range r.Methods {
		p.sums(p.words[string(m.Method)], m.TillSums)
	}
	if len(r.People) > 0 {
		p.heading("people")
	}
	for _, person := range r.People {
		p.sums(person.Name, person.TillSums)
		p.pair("   "+p.words["of it cash"], p.price(person.Cash), "")
	}
	if len(r.Counts) > 0 {
		p.heading("counts")
	}
	for _, c := range r.Counts {
		sum, err := c.Value.Mul(c.Count)
		if err != nil {
			continue // the domain added it up already
		}
		p.pair(fmt.Sprintf("%d × %s", c.Count, p.price(c.Value)), p.price(sum), "")
	}
}

func (p *slip) sums(name string, s sales.TillSums) {
	p.pair(name, p.price(s.Net), bold)
	p.pair(fmt.Sprintf("   %d %s", s.Payments, p.words["payments"]), p.price(s.Paid), "")
	if s.Refunds > 0 {
		p.pair(fmt.Sprintf("   %d %s", s.Refunds, p.words["refunds"]), p.price(-s.Refunded), "")
	}
}

func (p *slip) row(label, value string) { p.pair(p.words[label], value, "") }

func (p *slip) strong(label, value string) { p.pair(p.words[label], value, bold) }

// pair stands at the two ends of a line; a value too long for it begins another.
func (p *slip) pair(label, value, style string) {
	p.SetFont(family, style, 9)
	indent := len(label) - len(trimLeft(label))
	label, value = p.cut(printable(label), slipInner), printable(value)
	left := slipMargin + float64(indent)
	p.Text(left, p.y+3.2, label)
	if p.wide(label)+p.wide(value)+float64(indent)+2 > slipInner {
		p.y += slipLine
		value = p.cut(value, slipInner)
	}
	p.Text(slipWidth-slipMargin-p.wide(value), p.y+3.2, value)
	p.y += slipLine
}

func trimLeft(s string) string {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	return s
}

func (p *slip) centred(s string, size float64) {
	p.SetFont(family, bold, size)
	for _, line := range p.wrap(printable(s), slipInner, 3) {
		p.Text((slipWidth-p.wide(line))/2, p.y+size*point, line)
		p.y += size*point + 2
	}
}

func (p *slip) heading(label string) {
	p.rule()
	p.SetFont(family, bold, 9)
	p.Text(slipMargin, p.y+3.2, p.words[label])
	p.y += slipLine
}

func (p *slip) text(s string) {
	p.SetFont(family, "", 9)
	for _, line := range p.wrap(printable(s), slipInner, 20) {
		p.Text(slipMargin, p.y+3.2, line)
		p.y += slipLine
	}
}

func (p *slip) rule() {
	p.y += 1.2
	p.SetLineWidth(0.2)
	p.Line(slipMargin, p.y, slipWidth-slipMargin, p.y)
	p.y += 1.6
}
