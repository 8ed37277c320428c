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
	"strconv"
	"strings"
	"syscall"
)

// The steps of a delivery, in their order.
const (
	stepConnect     = "connect" // with implicit TLS also the handshake
	stepGreeting    = "greeting"
	stepHello       = "hello"
	stepStartTLS    = "starttls" // the command and the handshake
	stepCertificate = "certificate"
	stepSignIn      = "sign-in"
	stepSender      = "sender"
	stepRecipient   = "recipient"
	stepData        = "data"
	stepDot         = "dot"
)

// Failure is a delivery that did not happen, or of which it is not known (step dot, no code).
type Failure struct {
	Step      string // connect, greeting, hello, starttls, certificate, sign-in, sender, recipient, data, dot
	Code      int    // SMTP code, 0 without one
	Reply     string // the server's own words, or what went wrong, in one line
	Permanent bool   // another attempt is of no use: it is the letter, not the settings or the moment

	cause error  // what the network did; nil when the server answered, and when the fault is ours
	hint  string // the advice, when the rest does not tell it
}

func (f *Failure) Error() string {
	if f.Code == 0 {
		return fmt.Sprintf("%s: %s", f.Step, f.Reply)
	}
	return fmt.Sprintf("%s: %d %s", f.Step, f.Code, f.Reply)
}

// Unwrap is the error of the network or of the context, if it was one.
func (f *Failure) Unwrap() error { return f.cause }

// failed tells what an error means at a step.
func (c *courier) failed(step string, err error) *Failure {
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		return c.refused(step, said)
	}
	if ended := c.ctx.Err(); ended != nil {
		err = ended
	}
	f := &Failure{Step: step, Reply: networkWords(err), cause: err}
	_, spokePlain := errors.AsType[tls.RecordHeaderError](err)
	spokePlain = spokePlain && step == stepConnect
	// Where TLS is spoken from the first byte, both sides wait for the other to begin.
	bothWait := step == stepGreeting && c.server.Security != TLS && c.server.Port == 465
	if c.ctx.Err() == nil && (spokePlain || bothWait) {
		f.hint = "tls_port"
	}
	return f
}

// refused tells what the server's answer means. A 5yz is final only where it speaks about the letter: until we are
// signed in, and when it wants us to be (RFC 4954, 6) or wants TLS (RFC 3207, 4), the settings are at fault and the
// mail waits for them.
func (c *courier) refused(step string, said *textproto.Error) *Failure {
	f := &Failure{Step: step, Code: said.Code, Reply: oneLine(said.Msg)}
	aboutLetter := step == stepSender || step == stepRecipient || step == stepData || step == stepDot
	if c.server.Username == "" && step == stepRecipient && f.final() && strings.Contains(strings.ToLower(f.Reply), "relay") {
		f.hint = "auth_needed"
	}
	f.Permanent = aboutLetter && f.final() && f.Code != 530 && f.hint == ""
	return f
}

func (f *Failure) final() bool { return f.Code/100 == 5 }

// noUTF8 is the answer to a server that cannot carry an address beyond ASCII.
func noUTF8(from string) *Failure {
	f := &Failure{Step: stepRecipient, Permanent: true, hint: "ascii_only",
		Reply: "the mail server accepts only addresses in plain ASCII (it offers no SMTPUTF8)"}
	if !ascii(from) {
		f.Step = stepSender
	}
	return f
}

// networkWords is an error in one line, without the ports of our end that differ at each attempt.
func networkWords(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "stopped before it was done"
	case isTimeout(err):
		return "no answer in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the server closed the connection"
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	return oneLine(err.Error())
}

func isTimeout(err error) bool {
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout() || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

// oneLine is what a stranger said, fit to be shown and kept.
func oneLine(s string) string { return clipped(tidy(s), 500) }

func quoted(s string) string { return strconv.Quote(clipped(tidy(s), 100)) }
