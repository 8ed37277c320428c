package mail_test

import (
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"onhand/jobs/mail"
)

func TestAMailArrivesThroughEveryKindOfServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		security mail.Security
		ways     []string
		signedIn string
	}{
		{"unprotected on this machine", mail.None, nil, ""},
		{"unprotected on this machine with a password", mail.None, []string{"PLAIN"}, "PLAIN shop"},
		{"STARTTLS", mail.STARTTLS, nil, ""},
		{"STARTTLS and PLAIN", mail.STARTTLS, []string{"LOGIN", "PLAIN"}, "PLAIN shop"},
		{"STARTTLS and LOGIN", mail.STARTTLS, []string{"CRAM-MD5", "LOGIN"}, "LOGIN shop"},
		{"TLS and CRAM-MD5", mail.TLS, []string{"SCRAM-SHA-256", "CRAM-MD5"}, "CRAM-MD5 shop"},
		{"TLS and LOGIN", mail.TLS, []string{"LOGIN"}, "LOGIN shop"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &postOffice{ways: c.ways}
			to := p.open(t, c.security == mail.TLS, good(), nil)
			to.Security = c.security
			if c.signedIn != "" {
				to.Username, to.Password = "shop", "sécret"
			}
			reply, err := send(t, to, letter)
			if err != nil || !strings.Contains(reply, "OK: queued") {
				t.Fatalf("Send answered %q, %v", reply, err)
			}
			if p.from != "shop@example.com" || p.to != "ada@example.org" || p.user != c.signedIn || p.protected != (c.security != mail.None) {
				t.Errorf("from %q to %q as %q, protected %v", p.from, p.to, p.user, p.protected)
			}
			if m := parse(t, p.bytes); m.header.Get("Subject") != "Your order" || m.body("text/plain") != "Thank you.\r\n" {
				t.Errorf("the mail arrived as\n%s", p.bytes)
			}
		})
	}
}

func TestLinesOfDotsArriveAsTheyWere(t *testing.T) {
	t.Parallel()
	p := &postOffice{}
	l := letter
	l.Text = "one\n.\n..two\n.\r\nQUIT\n" + strings.Repeat("long ", 400) + "\r.end"
	if _, err := send(t, p.open(t, false, good(), nil), l); err != nil {
		t.Fatal(err)
	}
	want := "one\r\n.\r\n..two\r\n.\r\nQUIT\r\n" + strings.Repeat("long ", 400) + "\r\n.end"
	if got := parse(t, p.bytes).body("text/plain"); got != want {
		t.Errorf("the text arrived as %q", got)
	}
}

func TestARefusalSaysWhoseFaultItIs(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"sender", "recipient", "data", "dot"} {
		for _, c := range []struct {
			code      int
			words     string
			permanent bool
			hints     map[string]string // by step
		}{
			{421, "4.3.0 going down", false, map[string]string{"sender": "busy", "recipient": "busy", "data": "busy", "dot": "busy"}},
			{450, "4.2.1 mailbox busy", false, nil},
			{450, "4.2.0 Greylisted, come back in 300 seconds", false, all("greylisted")},
			{451, "4.7.1 please try again later", false, all("greylisted")},
			{452, "4.3.1 disk full", false, nil},
			{530, "5.7.0 Authentication required", false, all("auth_needed")},
			{530, "5.7.0 Must issue a STARTTLS command first", false, all("starttls_needed")},
			{550, "5.1.1 refused", true, map[string]string{"sender": "sender_refused", "recipient": "recipient_refused"}},
			{552, "5.3.4 message too big", true, all("too_big")},
			{552, "5.0.0 storage exceeded", true, map[string]string{"sender": "too_big", "recipient": "recipient_refused", "data": "too_big", "dot": "too_big"}},
			{552, "5.2.2 mailbox full", true, map[string]string{"sender": "sender_refused", "recipient": "recipient_refused"}},
			{554, "5.7.1 Relay access denied", true, map[string]string{"sender": "sender_refused", "recipient": "auth_needed"}},
		} {
			t.Run(step+" "+strconv.Itoa(c.code)+" "+c.words, func(t *testing.T) {
				t.Parallel()
				enhanced, words, _ := strings.Cut(c.words, " ")
				var e smtp.EnhancedCode
				for i, digit := range strings.Split(enhanced, ".") {
					e[i] = must(strconv.Atoi(digit))
				}
				var to mail.Server
				p := &postOffice{refuse: map[string]*smtp.SMTPError{step: {Code: c.code, EnhancedCode: e, Message: words}}}
				if step != "data" {
					to = p.open(t, false, good(), nil)
				} else { // go-smtp lets nobody refuse before the mail
					to = (&script{on: map[string]act{"DATA": say(strconv.Itoa(c.code) + " " + c.words + "\r\n")}}).start(t)
					to.Username = ""
				}
				reply, err := send(t, to, letter)
				permanent := c.permanent && c.hints[step] != "auth_needed"
				check(t, err, want{step, c.code, permanent, c.hints[step], c.words})
				if reply != "" || p.bytes != nil {
					t.Errorf("a refused mail was taken: %q", reply)
				}
			})
		}
	}
}

func all(hint string) map[string]string {
	return map[string]string{"sender": hint, "recipient": hint, "data": hint, "dot": hint}
}

func TestARefusalBeforeTheLetterIsTheSettingsFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at, says string
		want     want
	}{
		{"greeting", "554-5.7.1 You are\r\n554 5.7.1 on a list\r\n", want{"greeting", 554, false, "", "5.7.1 You are 5.7.1 on a list"}},
		{"greeting", "421 4.3.2 too busy\r\n", want{"greeting", 421, false, "busy", "too busy"}},
		{"greeting", "421\r\n", want{"greeting", 421, false, "", ""}},
		{"EHLO", "421 not now\r\n", want{"hello", 421, false, "busy", "not now"}},
		{"STARTTLS", "454 4.7.0 no TLS today\r\n", want{"starttls", 454, false, "", "no TLS today"}},
		{"STARTTLS", "502 what?\r\n", want{"starttls", 502, false, "", "what?"}},
		{"AUTH", "535 5.7.8 wrong\r\n", want{"sign-in", 535, false, "wrong_password", "wrong"}},
		{"AUTH", "534-5.7.9 Application-specific\r\n534 5.7.9 password required\r\n", want{"sign-in", 534, false, "wrong_password", "password required"}},
		{"AUTH", "538 5.7.11 needs TLS\r\n", want{"sign-in", 538, false, "starttls_needed", "needs TLS"}},
		{"AUTH", "454 4.7.0 later\r\n", want{"sign-in", 454, false, "", "later"}},
		{"AUTH", "334 bW9yZQ==\r\n", want{"sign-in", 0, false, "", ""}},
		{"AUTH", "334 no base64!\r\n", want{"sign-in", 0, false, "", "base64"}},
		{"MAIL", "650 hm\r\n", want{"sender", 0, false, "", "does not speak SMTP"}},
		{"MAIL", "150 hm\r\n", want{"sender", 0, false, "", "does not speak SMTP"}},
		{"RCPT", "350 what now\r\n", want{"recipient", 350, false, "", "what now"}},
		{"DATA", "250 ok\r\n", want{"data", 250, false, "", "ok"}},
		{"dot", "354 go on\r\n", want{"dot", 354, false, "", "go on"}},
	} {
		t.Run(c.at+" "+c.says[:3], func(t *testing.T) {
			t.Parallel()
			s := &script{on: map[string]act{c.at: say(c.says)}}
			if c.want.reply == "" && c.want.code != 0 {
				to := s.start(t)
				_, err := send(t, to, letter)
				var f *mail.Failure
				if !errors.As(err, &f) || f.Step != c.want.step || f.Code != c.want.code || f.Permanent {
					t.Errorf("Send answered %v", err)
				}
				return
			}
			_, err := send(t, s.start(t), letter)
			check(t, err, c.want)
			if c.at == "AUTH" && strings.Contains(s.heard(), "MAIL") {
				t.Error("a mail was begun without having signed in")
			}
		})
	}
}

func TestAServerWithoutEHLOIsGreetedTheOldWay(t *testing.T) {
	t.Parallel()
	s := &script{on: map[string]act{"EHLO": say("502 5.5.1 what?\r\n")}}
	to := s.start(t)
	_, err := send(t, to, letter)
	check(t, err, want{step: "starttls", hint: "no_starttls", reply: "no STARTTLS"})
	to.Security, to.Username = mail.None, ""
	if _, err := send(t, to, letter); err != nil || s.mails() != 1 {
		t.Errorf("%d mails arrived: %v", s.mails(), err)
	}
}

func TestNothingSecretLeavesUnprotected(t *testing.T) {
	t.Parallel()
	t.Run("when the server offers no STARTTLS", func(t *testing.T) {
		t.Parallel()
		s := &script{offers: "250-AUTH PLAIN\r\n"}
		_, err := send(t, s.start(t), letter)
		check(t, err, want{step: "starttls", hint: "no_starttls", reply: "no STARTTLS"})
		if heard := s.heard(); strings.Contains(heard, "AUTH") || strings.Contains(heard, "MAIL") || !strings.HasSuffix(heard, "\nQUIT") {
			t.Errorf("the server heard\n%s", heard)
		}
	})
	t.Run("to another machine", func(t *testing.T) {
		t.Parallel()
		for _, host := range []string{"mail.example.com", "192.0.2.1", "2001:db8::1", "localhost.example.com", ""} {
			_, err := send(t, mail.Server{Host: host, Port: 25, Security: mail.None, Username: "shop", Password: "secret"}, letter)
			check(t, err, want{step: "sign-in", hint: "password_in_clear", reply: "no password"})
		}
	})
	t.Run("when nobody offers to sign in", func(t *testing.T) {
		t.Parallel()
		for _, offers := range []string{"250-STARTTLS\r\n", "250-STARTTLS\r\n250-AUTH GSSAPI XOAUTH2\r\n", "250-STARTTLS\r\n250-AUTH\r\n"} {
			s := &script{offers: offers}
			_, err := send(t, s.start(t), letter)
			check(t, err, want{step: "sign-in", hint: "no_auth_offered"})
			if strings.Contains(s.heard(), "MAIL") {
				t.Error("a mail was begun without having signed in")
			}
		}
	})
	t.Run("what is offered before TLS counts for nothing after it", func(t *testing.T) {
		t.Parallel()
		s := &script{on: map[string]act{"EHLO": func(c net.Conn) bool {
			if _, protected := c.(*tls.Conn); protected {
				return say("250-test\r\n250 AUTH LOGIN\r\n")(c)
			}
			return say("250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n")(c)
		}}}
		if _, err := send(t, s.start(t), letter); err != nil || !strings.Contains(s.heard(), "AUTH LOGIN") {
			t.Errorf("Send answered %v after\n%s", err, s.heard())
		}
	})
	t.Run("what is said before TLS counts for nothing after it", func(t *testing.T) {
		t.Parallel()
		s := &script{on: map[string]act{"STARTTLS": say("220 go on\r\n250 fine\r\n235 welcome\r\n")}}
		if _, err := send(t, s.start(t), letter); err != nil || s.mails() != 1 {
			t.Errorf("%d mails arrived: %v", s.mails(), err)
		}
	})
}

func TestOffersAreReadHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	s := &script{offers: "250-starttls\r\n250-\r\n250-Auth=plain\r\n250-AUTH GSSAPI\r\n"}
	if _, err := send(t, s.start(t), letter); err != nil || !strings.Contains(s.heard(), "AUTH PLAIN AHNob3AAc2VjcmV0") {
		t.Errorf("Send answered %v after\n%s", err, s.heard())
	}
}

func TestACertificateIsForTheNameInTheSettings(t *testing.T) {
	t.Parallel()
	hour := time.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		config *tls.Config
		reply  string
	}{
		"another name":    {trusted().serve("other.example", hour), "doesn't contain any IP SANs"},
		"unknown signer":  {newAuthority().serve("localhost", hour), "unknown authority"},
		"out of its time": {trusted().serve("localhost", time.Now().Add(-time.Hour)), "expired"},
	} {
		for _, implied := range []bool{false, true} {
			t.Run(name+" "+strconv.FormatBool(implied), func(t *testing.T) {
				t.Parallel()
				p := &postOffice{ways: []string{"PLAIN"}}
				to := p.open(t, implied, c.config, nil)
				to.Username, to.Password = "shop", "sécret"
				_, err := send(t, to, letter)
				check(t, err, want{step: "certificate", hint: "bad_certificate", reply: c.reply})
				if p.user != "" || p.from != "" {
					t.Error("a stranger was trusted")
				}
			})
		}
	}
}

func TestTheSystemsRootsAreTheUsualOnes(t *testing.T) {
	t.Parallel()
	to := (&script{}).start(t)
	to.Roots = nil
	_, err := send(t, to, letter)
	check(t, err, want{step: "certificate", hint: "bad_certificate", reply: "unknown authority"})
}

func TestTheWrongPortIsNamed(t *testing.T) {
	t.Parallel()
	s := &script{}
	to := s.start(t)
	to.Security, to.Timeouts = mail.TLS, hasty
	_, err := send(t, to, letter)
	check(t, err, want{step: "connect", hint: "tls_port"})

	// The other way round both wait; only the number of the port tells.
	to = (&script{implied: true}).start(t)
	to.Timeouts = hasty
	_, err = send(t, to, letter)
	check(t, err, want{step: "greeting", hint: "timeout", reply: "no answer"})

	l, err := net.Listen("tcp", "127.0.0.1:465")
	if err != nil {
		t.Skip("port 465 is not ours to take")
	}
	defer l.Close()
	to.Port = 465
	_, err = send(t, to, letter)
	check(t, err, want{step: "greeting", hint: "tls_port", reply: "no answer"})
}

func TestAddressesBeyondASCIINeedAServerThatKnowsThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, step, hint string }{
		{"shop@example.com", "zoë@example.org", "recipient", "ascii_only"},
		{"büro@example.org", "ada@example.org", "sender", "ascii_only"},
	} {
		t.Run(c.step, func(t *testing.T) {
			t.Parallel()
			l := letter
			l.From, l.To = c.from, c.to
			p := &postOffice{}
			_, err := send(t, p.open(t, false, good(), nil), l)
			check(t, err, want{step: c.step, permanent: true, hint: c.hint, reply: "ASCII"})
			if p.from != "" {
				t.Errorf("the mail was begun as from %q", p.from)
			}
			to := p.open(t, false, good(), func(s *smtp.Server) { s.EnableSMTPUTF8 = true })
			if _, err := send(t, to, l); err != nil || p.from != c.from || p.to != c.to || !p.utf8 {
				t.Errorf("from %q to %q, UTF-8 %v: %v", p.from, p.to, p.utf8, err)
			}
		})
	}
	s := &script{offers: "250-STARTTLS\r\n250-AUTH PLAIN\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n"}
	if _, err := send(t, s.start(t), letter); err != nil || strings.Contains(s.heard(), "UTF8") {
		t.Errorf("plain addresses ask for what not every server on the way has: %v\n%s", err, s.heard())
	}
}

func TestADomainBeyondASCIIIsWrittenInItsASCIIForm(t *testing.T) {
	t.Parallel()
	l := letter
	l.From, l.To = "shop@bücher.example", "mia@exämple.com"
	p := &postOffice{}
	if _, err := send(t, p.open(t, false, good(), nil), l); err != nil || p.from != "shop@xn--bcher-kva.example" || p.to != "mia@xn--exmple-cua.com" || p.utf8 {
		t.Errorf("from %q to %q, UTF-8 %v: %v", p.from, p.to, p.utf8, err)
	}
	l.To = "mia@\u200b\u0301.com"
	if _, err := send(t, p.open(t, false, good(), nil), l); err == nil {
		t.Error("a domain that cannot be was taken")
	}
}
