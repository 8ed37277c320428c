package mail

import (
	"strings"

	"onhand/db/alerts"
)

// mailWorksAgain tells the owner, once mail works again, that it did not.
func mailWorksAgain(v *voice, f *alerts.MailBrokenFacts) (*page, error) {
	if f.Since == 0 || f.Until == 0 {
		return nil, errBare
	}
	p := &page{}
	var facts []string
	if f.Waiting > 0 {
		facts = append(facts, v.say("broken_late", "count", f.Waiting))
	}
	if f.Dead > 0 {
		facts = append(facts, v.say("broken_dead", "count", f.Dead))
	}
	p.Subject = v.say("broken_title")
	if len(facts) > 0 {
		p.Subject = v.say("broken_subject", "facts", strings.Join(facts, ", "))
	}
	p.Title, p.Preheader = p.Subject, v.say("broken_text", "since", v.when(f.Since), "until", v.when(f.Until))
	p.say(p.Preheader)
	if f.Waiting > 0 {
		p.say(v.say("broken_late_text", "count", f.Waiting))
	}
	if f.Dead > 0 {
		p.say(v.say("broken_dead_text", "count", f.Dead))
	}
	p.quote(v.say("broken_reply"), f.Reply)
	p.button(v, "open_outbox", "/staff/outbox")
	return p, nil
}

// rooms are the parts of the books that the self-check names, in words.
var rooms = map[string]string{"file": "room_file", "staff": "room_staff", "catalog": "room_catalog", "customers": "room_customers",
	"stock": "room_stock", "purchasing": "room_purchasing", "sales": "room_sales", "imports": "room_imports"}

// selfCheck tells the owner what is wrong with the books.
func selfCheck(v *voice, f *alerts.SelfCheckFacts) (*page, error) {
	if len(f.Findings) == 0 {
		return nil, errBare
	}
	count := int64(len(f.Findings)) + int64(max(0, f.More))
	p := &page{Title: v.say("check_title", "count", count), Preheader: f.Findings[0].Message}
	p.Subject = p.Title
	p.say(v.say("check_text"))
	t := &table{More: int64(max(0, f.More))}
	for _, found := range f.Findings {
		r := row{Label: line(found.Message)}
		where, ok := rooms[found.Room]
		if !ok {
			where = "room_other"
		}
		r.Notes = []string{v.say("check_where", "room", v.say(where), "row", found.Row), v.say("check_rule", "rule", found.Rule)}
		t.Rows = append(t.Rows, r)
	}
	p.add(block{Heading: v.say("check_findings"), Table: t})
	p.say(v.say("check_next"))
	p.button(v, "open_jobs", "/staff/jobs")
	return p, nil
}

// mailWorks shows whoever set mail up that it arrives.
func mailWorks(v *voice, _ *struct{}) (*page, error) {
	p := &page{Title: v.say("test_title"), Preheader: v.say("test_text", "shop", v.shop.Name)}
	p.Subject = p.Title
	p.say(p.Preheader)
	p.say(v.say("test_next"))
	p.button(v, "open_settings", "/staff/settings")
	return p, nil
}
