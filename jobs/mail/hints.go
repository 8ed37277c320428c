package mail

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// Hint is the code of an advice for people, "" when there is none: refused_connection, unknown_host, timeout,
// tls_port, no_starttls, starttls_needed, bad_certificate, no_auth_offered, password_in_clear, wrong_password,
// auth_needed, sender_refused, recipient_refused, ascii_only, greylisted, too_big, busy, hung_up, too_late, given_up.
// The last two are the outbox's, for mails that were never taken.
func (f *Failure) Hint() string {
	switch {
	case f.hint != "":
		return f.hint
	case f.cause != nil:
		return networkHint(f.cause)
	}
	return f.spokenHint()
}

func networkHint(err error) string {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "bad_certificate"
	}
	_, lookup := errors.AsType[*net.DNSError](err)
	switch {
	case isTimeout(err):
		return "timeout"
	case lookup:
		return "unknown_host"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused_connection"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "hung_up"
	}
	return ""
}

// spokenHint reads the codes of RFC 5321 and RFC 4954 and the enhanced ones of RFC 3463, where servers mean
// different things by one code.
func (f *Failure) spokenHint() string {
	words := strings.ToLower(f.Reply)
	enhanced, _, _ := strings.Cut(words, " ")
	switch {
	case f.Code == 421:
		return "busy"
	case (f.Code == 530 || f.Code == 538) && strings.Contains(words, "tls"):
		return "starttls_needed"
	case f.Step == stepSignIn && (f.Code == 535 || f.Code == 534):
		return "wrong_password"
	case f.Code == 530:
		return "auth_needed"
	case enhanced == "5.3.4", enhanced == "5.2.3", f.Code == 552 && f.Step != stepRecipient && enhanced != "5.2.2":
		return "too_big"
	case (f.Code == 450 || f.Code == 451) && (strings.Contains(words, "greylist") || strings.Contains(words, "graylist") || enhanced == "4.7.1"):
		return "greylisted"
	case f.Step == stepSender && (f.final() || f.Code == 0):
		return "sender_refused"
	case f.Step == stepRecipient && (f.final() || f.Code == 0):
		return "recipient_refused"
	}
	return ""
}
