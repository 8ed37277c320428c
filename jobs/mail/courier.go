package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// mostSaid bounds what a server may say in one step, in bytes on the wire; a TLS handshake fits many times.
const mostSaid = 64 << 10

// longestGoodbye bounds the end of a conversation whose outcome is known.
const longestGoodbye = time.Second

var errTooMuchSaid = errors.New("the server said more than a mail server has to say")

// courier carries one mail over one connection.
type courier struct {
	ctx    context.Context
	server Server
	utf8   bool // the addresses need SMTPUTF8

	wire   *wire
	text   *textproto.Conn
	offers map[string]string // what the server's EHLO offers, in upper case
	reply  string
}

// wire is the raw connection, below TLS.
type wire struct {
	net.Conn
	left int // bytes the server may still say in this step
}

func (w *wire) Read(p []byte) (int, error) {
	if w.left <= 0 {
		return 0, errTooMuchSaid
	}
	n, err := w.Conn.Read(p)
	w.left -= n
	return n, err
}

// Send speaks SMTP with the server, from the connection to its goodbye.
func (c *courier) Send(from string, to []string, msg io.WriterTo) error {
	if err := c.open(); err != nil {
		return err
	}
	defer c.wire.Close()
	defer context.AfterFunc(c.ctx, func() { c.wire.Close() })()

	err := c.talk(from, to, msg)
	// Who only refuses is told that we leave; who is silent or speaks nonsense is not.
	if f, ok := errors.AsType[*Failure](err); err == nil || ok && f.cause == nil {
		c.within(min(c.server.Timeouts.Step, longestGoodbye))
		_, _ = c.exchange(221, "QUIT")
	}
	return err
}

func (c *courier) talk(from string, to []string, msg io.WriterTo) error {
	if err := c.greet(); err != nil {
		return err
	}
	if err := c.signIn(); err != nil {
		return err
	}
	if err := c.envelope(from, to); err != nil {
		return err
	}
	return c.hand(msg)
}

// open connects. What the settings forbid fails before anything leaves.
func (c *courier) open() error {
	s := c.server
	switch {
	case s.Security != STARTTLS && s.Security != TLS && s.Security != None:
		return &Failure{Step: stepConnect, Reply: "the security " + strconv.Quote(string(s.Security)) + " is unknown"}
	case s.Username != "" && s.Security == None && !loopback(s.Host):
		return &Failure{Step: stepSignIn, Reply: "no password is sent over an unprotected connection", hint: "password_in_clear"}
	}
	dialer := net.Dialer{Timeout: s.Timeouts.Dial}
	conn, err := dialer.DialContext(c.ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return c.failed(stepConnect, err)
	}
	c.wire = &wire{Conn: conn}
	return nil
}

func loopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// within begins a step. Its deadline stands, so that a server that sends a byte a second cannot stretch it.
func (c *courier) within(d time.Duration) {
	c.wire.left = mostSaid
	_ = c.wire.SetDeadline(time.Now().Add(d)) // fails on a closed connection, as what follows does
}

// greet takes the connection to where the server listens, protected as the settings want.
func (c *courier) greet() error {
	c.within(c.server.Timeouts.Step)
	c.text = textproto.NewConn(c.wire)
	if c.server.Security == TLS {
		if err := c.protect(stepConnect); err != nil {
			return err
		}
		c.within(c.server.Timeouts.Step)
	}
	if _, err := c.answer(220); err != nil {
		return c.failed(stepGreeting, err)
	}
	if err := c.hello(); err != nil || c.server.Security != STARTTLS {
		return err
	}
	if _, ok := c.offers["STARTTLS"]; !ok {
		return &Failure{Step: stepStartTLS, Reply: "the server offers no STARTTLS", hint: "no_starttls"}
	}
	if _, err := c.ask(stepStartTLS, 220, "STARTTLS"); err != nil {
		return err
	}
	c.within(c.server.Timeouts.Step)
	if err := c.protect(stepStartTLS); err != nil {
		return err
	}
	return c.hello() // what was offered in the clear may be anybody's
}

// protect speaks TLS from here on. What was read in the clear and not used yet is forgotten.
func (c *courier) protect(step string) error {
	conn := tls.Client(c.wire, &tls.Config{ServerName: c.server.Host, RootCAs: c.server.Roots})
	if err := conn.Handshake(); err != nil {
		if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
			step = stepCertificate
		}
		return c.failed(step, err)
	}
	c.text = textproto.NewConn(conn)
	return nil
}

// hello introduces us and learns what the server offers. One that does not know EHLO offers nothing.
func (c *courier) hello() error {
	c.offers = make(map[string]string)
	text, err := c.ask(stepHello, 250, "EHLO %s", ourName())
	if f, ok := errors.AsType[*Failure](err); ok && f.Code/100 == 5 {
		_, err = c.ask(stepHello, 250, "HELO %s", ourName())
		return err
	}
	for i, line := range strings.Split(strings.ToUpper(text), "\n") {
		// Some old servers write AUTH=LOGIN.
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '=' })
		if i > 0 && len(words) > 0 {
			c.offers[words[0]] += " " + strings.Join(words[1:], " ")
		}
	}
	return err
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)

func ourName() string {
	if name, err := os.Hostname(); err == nil && len(name) <= 253 && hostName.MatchString(name) {
		return name
	}
	return "localhost"
}

// envelope names who writes to whom.
func (c *courier) envelope(from string, to []string) error {
	extra := ""
	if c.utf8 {
		if _, ok := c.offers["SMTPUTF8"]; !ok {
			return noUTF8(from)
		}
		extra = " SMTPUTF8"
	}
	if _, err := c.ask(stepSender, 250, "MAIL FROM:<%s>%s", from, extra); err != nil {
		return err
	}
	for _, address := range to {
		if _, err := c.ask(stepRecipient, 25, "RCPT TO:<%s>", address); err != nil {
			return err
		}
	}
	return nil
}

// hand gives the mail over. Until the server has answered the dot nothing is known: RFC 5321, 3.8, treats a
// connection that breaks as a temporary failure; its 5yz answer is final (4.2.5).
func (c *courier) hand(msg io.WriterTo) error {
	if _, err := c.ask(stepData, 354, "DATA"); err != nil {
		return err
	}
	c.within(c.server.Timeouts.Data)
	w := c.text.DotWriter()
	_, err := msg.WriteTo(w)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		// A server that stops listening may have said why.
		if said, unread := c.answer(0); unread == nil && said.Code >= 400 {
			err = &said
		}
		return c.failed(stepData, err)
	}
	c.within(c.server.Timeouts.Dot)
	said, err := c.answer(250)
	if err != nil {
		return c.failed(stepDot, err)
	}
	c.reply = oneLine(said.Msg)
	return nil
}

// ask says one command and reads the answer, as one step. Expect is a code or its beginning.
func (c *courier) ask(step string, expect int, format string, args ...any) (string, error) {
	c.within(c.server.Timeouts.Step)
	said, err := c.exchange(expect, format, args...)
	if err != nil {
		return "", c.failed(step, err)
	}
	return said.Msg, nil
}

func (c *courier) exchange(expect int, format string, args ...any) (said textproto.Error, err error) {
	if err := c.text.PrintfLine(format, args...); err != nil {
		return said, err
	}
	return c.answer(expect)
}

// answer reads one answer of the server; one that is not expected is an error. Textproto's own reader takes a line
// that breaks off for a whole one: half of a 250 would be a delivery.
func (c *courier) answer(expect int) (said textproto.Error, err error) {
	var lines []string
	for {
		line, err := c.text.R.ReadString('\n')
		if err != nil {
			return said, err
		}
		line = strings.TrimRight(line, "\r\n")
		code, err := strconv.Atoi(line[:min(3, len(line))])
		more := len(line) > 3 && line[3] == '-'
		if err != nil || code < 200 || code > 599 || len(line) > 3 && line[3] != ' ' && !more || said.Code != 0 && code != said.Code {
			return said, fmt.Errorf("the server does not speak SMTP: %q", line[:min(100, len(line))])
		}
		said.Code = code
		lines = append(lines, line[min(4, len(line)):])
		if !more {
			break
		}
	}
	said.Msg = strings.Join(lines, "\n")
	if expect != 0 && said.Code != expect && said.Code/10 != expect {
		return said, &said
	}
	return said, nil
}
