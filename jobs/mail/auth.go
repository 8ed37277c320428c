package mail

import (
	"encoding/base64"
	"errors"
	"net/smtp"
	"slices"
	"strings"
)

// signIn proves who we are, as one step: a server that asks without end is not listened to for longer.
func (c *courier) signIn() error {
	if c.server.Username == "" {
		return nil
	}
	auth := c.mechanism()
	if auth == nil {
		return &Failure{Step: stepSignIn, Reply: "the server offers no way to sign in that we know", hint: "no_auth_offered"}
	}
	c.within(c.server.Timeouts.Step)
	// That the connection is protected, or does not leave this machine, was seen to before it was opened.
	name, first, err := auth.Start(&smtp.ServerInfo{Name: c.server.Host, TLS: true})
	if err != nil {
		return c.failed(stepSignIn, err)
	}
	line := "AUTH " + name
	if first != nil {
		line += " " + base64.StdEncoding.EncodeToString(first)
	}
	for {
		said, err := c.exchange(0, "%s", line)
		if err == nil && said.Code == 235 {
			return nil
		}
		if err == nil && said.Code != 334 {
			err = &said
		}
		if err != nil {
			return c.failed(stepSignIn, err)
		}
		challenge, err := base64.StdEncoding.DecodeString(said.Msg)
		if err != nil {
			return c.failed(stepSignIn, err)
		}
		answer, err := auth.Next(challenge, true)
		if err != nil {
			return c.failed(stepSignIn, err)
		}
		line = base64.StdEncoding.EncodeToString(answer)
	}
}

// mechanism is the first of ours that the server offers. CRAM-MD5 stands last: many servers offer it that keep
// passwords in a form it cannot work with.
func (c *courier) mechanism() smtp.Auth {
	s, offered := c.server, strings.Fields(c.offers["AUTH"])
	switch {
	case slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", s.Username, s.Password, s.Host)
	case slices.Contains(offered, "LOGIN"):
		return &login{answers: []string{s.Username, s.Password}}
	case slices.Contains(offered, "CRAM-MD5"):
		return smtp.CRAMMD5Auth(s.Username, s.Password)
	}
	return nil
}

// login is AUTH LOGIN, which net/smtp lacks. Servers word its two questions differently, but ask in this order.
type login struct{ answers []string }

func (l *login) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

func (l *login) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if len(l.answers) == 0 {
		return nil, errors.New("the server asks more than a name and a password")
	}
	answer := l.answers[0]
	l.answers = l.answers[1:]
	return []byte(answer), nil
}
