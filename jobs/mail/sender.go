// Package mail turns a mail into bytes and hands it to the owner's mail server.
package mail

import (
	"cmp"
	"context"
	"crypto/x509"
	"time"

	"gopkg.in/gomail.v2"
)

// Security says how a connection is protected.
type Security string

const (
	// STARTTLS turns a plain connection into a protected one, and fails with a server that does not offer it.
	STARTTLS Security = "starttls"
	// TLS protects the connection from its first byte.
	TLS Security = "tls"
	// None protects nothing: for a mail server on the same machine.
	None Security = "none"
)

// Server is where mail leaves.
type Server struct {
	Host               string // its certificate must be for this name
	Port               int
	Security           Security
	Username, Password string         // without a username nobody signs in
	Roots              *x509.CertPool // nil for the system's
	Timeouts           Timeouts
}

// Timeouts are how long the steps of a delivery may take, each from its beginning to its end, however busily the
// server talks; zero values are the usual ones: 10 s, 30 s, 2 min, 2 min.
type Timeouts struct {
	Dial time.Duration // finding and reaching the server
	Step time.Duration // one command and its answer
	Data time.Duration // sending the mail
	Dot  time.Duration // waiting for the server to take it
}

// Letter is one mail, rendered. What cannot stand in a header (line breaks, control characters) is left out of it.
type Letter struct {
	FromName, From string
	To             string
	Subject        string
	Text, HTML     string    // HTML may be empty
	MessageID      string    // the same at every attempt, so that a doubled mail can be told
	At             time.Time // zero for now
	Digest         string    // URL that ends a digest, "" for mail that is no digest
	ReplyTo        string    // left out when it is no ASCII address
	Logo           []byte    // PNG that the HTML shows as cid:logo, nil for none
	Attachments    []Attachment
}

// Attachment is a file that travels with a mail. Its name arrives in ASCII.
type Attachment struct {
	Name, Type string
	Data       []byte
}

// Send delivers one mail and answers the server's last words. It fails with a *Failure. The end of ctx ends the
// connection at once; a mail the server has taken counts as delivered whatever happens then.
func Send(ctx context.Context, s Server, l Letter) (reply string, err error) {
	p, err := compose(l)
	if err != nil {
		return "", err
	}
	s.Timeouts = s.Timeouts.orUsual()
	c := &courier{ctx: ctx, server: s, utf8: p.utf8}
	if err := c.Send(p.from, []string{p.to}, &p.bytes); err != nil {
		return "", err
	}
	return c.reply, nil
}

// gomail's own dialer never gives up on a silent server and falls back to an unprotected connection.
var _ gomail.Sender = (*courier)(nil)

func (t Timeouts) orUsual() Timeouts {
	return Timeouts{
		Dial: cmp.Or(t.Dial, 10*time.Second),
		Step: cmp.Or(t.Step, 30*time.Second),
		Data: cmp.Or(t.Data, 2*time.Minute),
		Dot:  cmp.Or(t.Dot, 2*time.Minute),
	}
}
