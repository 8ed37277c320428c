package mail

import "onhand/db/staff"

// received tells somebody that their request is in. Anybody can type anybody's address, so it says so.
func received(v *voice, f *staff.RegistrationFacts) (*page, error) {
	return personPage(v, f, "received_title", "received_text", "received_next", "not_you")
}

// pending asks those who decide about a request.
func pending(v *voice, f *staff.RegistrationFacts) (*page, error) {
	if f.Name == "" || f.Email == "" {
		return nil, errBare
	}
	title := v.say("pending_title", "name", brief(f.Name), "shop", v.shop.Name)
	p := &page{Subject: title, Title: title, Preheader: f.Email}
	p.say(v.say("pending_text", "name", f.Name, "email", f.Email))
	p.quote(v.say("pending_note", "name", brief(f.Name)), f.Note)
	p.say(v.say("pending_warning"))
	p.button(v, "open_requests", "/staff/people/requests")
	return p, nil
}

// roles are what somebody is trusted with, in words.
var roles = map[staff.Role]string{staff.Admin: "approved_admin", staff.Manager: "approved_manager", staff.Employee: "approved_employee"}

// approved lets somebody in.
func approved(v *voice, f *staff.RegistrationFacts) (*page, error) {
	p, err := personPage(v, f, "approved_title", "approved_text")
	if err != nil {
		return nil, err
	}
	if role, ok := roles[f.Role]; ok {
		p.say(v.say(role))
	}
	p.button(v, "open_signin", "/staff/signin")
	return p, nil
}

// rejected turns somebody down.
func rejected(v *voice, f *staff.RegistrationFacts) (*page, error) {
	p, err := personPage(v, f, "rejected_title", "rejected_text")
	if err != nil {
		return nil, err
	}
	p.quote(v.say("reason"), f.Reason)
	return p, nil
}

// personPage is what the mails to somebody who asked have in common: a title and paragraphs.
func personPage(v *voice, f *staff.RegistrationFacts, title string, paras ...string) (*page, error) {
	if f.Email == "" {
		return nil, errBare
	}
	p := &page{Title: v.say(title, "shop", v.shop.Name)}
	p.Subject = p.Title
	p.say(v.greeting(f.Name))
	for i, para := range paras {
		s := v.say(para, "shop", v.shop.Name, "email", f.Email)
		p.say(s)
		if i == 0 {
			p.Preheader = s
		}
	}
	return p, nil
}

// reset carries the link to a new password; the token is put in when it leaves.
func reset(v *voice, f *staff.ResetFacts) (*page, error) {
	if f.Email == "" || f.ExpiresAt == 0 {
		return nil, errBare
	}
	p := &page{Title: v.say("reset_title", "shop", v.shop.Name)}
	p.Subject, p.Preheader = p.Title, v.say("reset_until", "until", v.when(f.ExpiresAt))
	p.say(v.greeting(f.Name))
	p.say(v.say("reset_text", "shop", v.shop.Name, "email", f.Email))
	p.say(p.Preheader)
	p.say(v.say("reset_not_you"))
	p.button(v, "open_reset", "/staff/reset#token="+SecretMark)
	return p, nil
}
