package papers

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/sales"
)

//go:embed words
var wordFiles embed.FS

// languages are the words of each language, read with the first paper.
var languages = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	names, err := fs.Glob(wordFiles, "words/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		var words map[string]string
		b, err := wordFiles.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(b, &words)
		}
		if err != nil {
			panic(fmt.Sprintf("%s: %v", name, err)) // it is part of the program
		}
		all[strings.TrimSuffix(path.Base(name), ".json")] = words
	}
	return all
})

// voice speaks a language, of amounts in one currency and of moments in one zone.
type voice struct {
	language string
	words    map[string]string
	currency string
	zone     *time.Location
}

func (d Paper) voice(currency string) voice {
	v := voice{currency: currency, zone: d.Zone}
	v.language, _, _ = strings.Cut(strings.ToLower(d.Language), "-")
	if languages()[v.language] == nil {
		v.language = "en"
	}
	v.words = languages()[v.language]
	if v.zone == nil {
		v.zone = time.UTC
	}
	return v
}

// say is a phrase with names and values in turn put in.
func (v voice) say(key string, with ...string) string {
	phrase, ok := v.words[key]
	if !ok {
		panic("papers: " + v.language + " has no words for " + key) // a test says each of them
	}
	for i := 0; i+1 < len(with); i += 2 {
		with[i] = "{" + with[i] + "}"
	}
	return strings.NewReplacer(with...).Replace(phrase)
}

// money is an amount with its currency: "€1,250.00" or "1.250,00 €".
func (v voice) money(a money.Amount) string { return Price(a, v.currency, v.language) }

// sum is an amount without its currency, for columns.
func (v voice) sum(a money.Amount) string { return figure(a, v.currency, v.language) }

// count is a whole number.
func (v voice) count(n int64) string {
	group, _ := separators(v.language)
	if n < 0 {
		return minus + grouped(strconv.FormatInt(-n, 10), group)
	}
	return grouped(strconv.FormatInt(n, 10), group)
}

// percent is a rate: "8.875%" or "8,875 %".
func (v voice) percent(r money.Rate) string {
	_, decimal := separators(v.language)
	s := strings.Replace(percent(r), ".", decimal, 1)
	if english(v.language) {
		return s + "%"
	}
	return s + noBreak + "%"
}

// rate is a rate by the name that the shop has for it: "Reduced 7%".
func (v voice) rate(t sales.TaxSum) string {
	if t.Name == "" {
		return v.percent(t.Rate)
	}
	return v.say("rate_named", "rate", v.percent(t.Rate), "name", t.Name)
}

// taxed is the tax at a rate, where it comes on top: "Tax 7% (Reduced)".
func (v voice) taxed(t sales.TaxSum) string {
	said := v.say("tax_rate", "rate", v.percent(t.Rate))
	if t.Name == "" {
		return said
	}
	return v.say("tax_named", "tax", said, "name", t.Name)
}

// day is a calendar day: "20 November 2026" or "20. November 2026".
func (v voice) day(d db.Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return v.calendar(t)
}

func (v voice) calendar(t time.Time) string {
	months := strings.Split(v.say("months"), " ")
	return v.say("date", "day", strconv.Itoa(t.Day()), "month", months[t.Month()-1], "year", strconv.Itoa(t.Year()))
}

// date is the day of a moment.
func (v voice) date(t db.Time) string { return v.calendar(t.Time().In(v.zone)) }

// moment is a day with the time of day.
func (v voice) moment(t db.Time) string {
	at := t.Time().In(v.zone)
	return v.say("date_time", "date", v.calendar(at), "time", at.Format("15:04"))
}

// discounted is what a discount is called.
func (v voice) discounted(o *sales.Order) string {
	switch {
	case o.DiscountCode != "":
		return v.say("discount_code", "code", o.DiscountCode)
	case o.DiscountReason != "":
		return v.say("discount_for", "reason", o.DiscountReason)
	}
	return v.say("discount")
}

// named is what a thing is called with its options.
func named(name, options string) string {
	if options == "" {
		return name
	}
	return name + " (" + options + ")"
}

// lines are those of a text that have something on them.
func lines(s string) (all []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
