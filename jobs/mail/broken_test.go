package mail_test

import (
	"context"
	"errors"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"onhand/jobs/mail"
)

// want is what a failure must look like.
type want struct {
	step      string
	code      int
	permanent bool
	hint      string
	reply     string // a part of it
}

func check(t *testing.T, err error, w want) {
	t.Helper()
	var f *mail.Failure
	if !errors.As(err, &f) {
		t.Fatalf("Send answered %v, no Failure", err)
	}
	if got := (want{f.Step, f.Code, f.Permanent, f.Hint(), w.reply}); got != w {
		t.Errorf("got  %+v (%v)\nwant %+v", got, f, w)
	}
	if !strings.Contains(f.Reply, w.reply) || f.Reply == "" || strings.ContainsAny(f.Reply, "\r\n") || len(f.Reply) > 2000 {
		t.Errorf("the reply is %q, want one line with %q", f.Reply, w.reply)
	}
	if !strings.Contains(err.Error(), f.Step) || !strings.Contains(err.Error(), f.Reply) {
		t.Errorf("the error %q hides something", err)
	}
}

// points are all where a server can misbehave, with the step that is blamed.
var points = []struct{ at, step string }{
	{"greeting", "greeting"}, {"EHLO", "hello"}, {"STARTTLS", "starttls"}, {"handshake", "starttls"}, {"AUTH", "sign-in"},
	{"MAIL", "sender"}, {"RCPT", "recipient"}, {"DATA", "data"}, {"dot", "dot"},
}

func TestAServerThatMisbehavesAnywhereIsLeftInTimeAndTheMailWaits(t *testing.T) {
	t.Parallel()
	for _, how := range []struct {
		name        string
		act         act
		hint, reply string
	}{
		{"falls silent", fallSilent, "timeout", "no answer in time"},
		{"sends a byte now and then", drip, "timeout", "no answer in time"},
		{"hangs up", hangUp, "hung_up", "the server closed"},
		{"says one endless line", rant, "", "said more than"},
		{"talks nonsense", say("hello there\r\n"), "", "does not speak SMTP"},
		{"answers only half", func(c net.Conn) bool { say("250 ok")(c); return false }, "hung_up", "the server closed"},
		{"contradicts itself", say("250-ok\r\n550 no\r\n"), "", "does not speak SMTP"},
		{"does not come to an end", func(c net.Conn) bool {
			return say("250-one\r\n250-two\r\n250-")(c) && fallSilent(c)
		}, "timeout", "no answer in time"},
	} {
		t.Run(how.name, func(t *testing.T) {
			t.Parallel()
			// All at once: they mostly wait.
			errs := make([]error, len(points))
			var talks sync.WaitGroup
			for i, p := range points {
				to := (&script{on: map[string]act{p.at: how.act}}).start(t)
				to.Timeouts = hasty
				talks.Go(func() { _, errs[i] = send(t, to, letter) })
			}
			talks.Wait()
			for i, p := range points {
				t.Run("at "+p.at, func(t *testing.T) {
					w := want{step: p.step, hint: how.hint, reply: how.reply}
					if p.at == "handshake" && how.reply != "the server closed" && how.hint == "" {
						w.reply = "" // TLS has its own words for nonsense
						if f, ok := errors.AsType[*mail.Failure](errs[i]); ok && f.Hint() == "hung_up" {
							w.hint = "hung_up" // whoever reads nonsense first hangs up
						}
					}
					check(t, errs[i], w)
				})
			}
		})
	}
}

func TestASlowServerHasItsTimeForEachStep(t *testing.T) {
	t.Parallel()
	slow := make(map[string]act)
	for at, answer := range map[string]string{
		"greeting": "220 test\r\n", "EHLO": "250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", "STARTTLS": "220 go on\r\n", "AUTH": "235 welcome\r\n",
		"MAIL": "250 ok\r\n", "RCPT": "250 ok\r\n", "dot": "250 ok\r\n",
	} {
		slow[at] = func(c net.Conn) bool { time.Sleep(150 * time.Millisecond); return say(answer)(c) }
	}
	s := &script{on: slow}
	to := s.start(t)
	to.Timeouts = mail.Timeouts{Step: 400 * time.Millisecond, Dot: 400 * time.Millisecond}
	if _, err := send(t, to, letter); err != nil || s.mails() != 1 {
		t.Errorf("%d mails arrived: %v", s.mails(), err)
	}
}

func TestAMailTheServerTookIsDeliveredWhateverFollows(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]act{
		"silence": fallSilent, "dripping": drip, "a closed connection": hangUp, "an endless line": rant, "nonsense": say("what?\r\n"), "a refusal": say("421 no\r\n"),
	} {
		t.Run(name+" at QUIT", func(t *testing.T) {
			t.Parallel()
			s := &script{on: map[string]act{"QUIT": end}}
			to := s.start(t)
			to.Timeouts = hasty
			reply, err := send(t, to, letter)
			if err != nil || reply != "2.0.0 queued as 42" || s.mails() != 1 {
				t.Errorf("%d mails arrived; Send answered %q, %v", s.mails(), reply, err)
			}
		})
	}
}

func TestASilentGoodbyeIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	s := &script{on: map[string]act{"QUIT": fallSilent}}
	to := s.start(t)
	to.Timeouts = mail.Timeouts{Step: 10 * time.Second}
	if _, err := send(t, to, letter); err != nil {
		t.Error(err)
	}
}

func TestTheEndOfTheContextEndsTheConnectionAtOnce(t *testing.T) {
	t.Parallel()
	for _, p := range points {
		t.Run(p.at, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			s := &script{on: map[string]act{p.at: func(c net.Conn) bool { cancel(); return fallSilent(c) }}}
			to := s.start(t)
			to.Timeouts = mail.Timeouts{Step: 10 * time.Second}
			began := time.Now()
			_, err := mail.Send(ctx, to, letter)
			step := p.step
			if f, ok := errors.AsType[*mail.Failure](err); ok && p.at == "greeting" && f.Step == "connect" {
				step = f.Step // the server is called before we know that it answered
			}
			check(t, err, want{step: step, reply: "stopped"})
			if !errors.Is(err, context.Canceled) || time.Since(began) > patience {
				t.Errorf("Send answered %v after %v", err, time.Since(began))
			}
		})
	}
	t.Run("before it began", func(t *testing.T) {
		t.Parallel()
		s := &script{}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := mail.Send(ctx, s.start(t), letter)
		check(t, err, want{step: "connect", reply: "stopped"})
	})
	t.Run("by its deadline", func(t *testing.T) {
		t.Parallel()
		s := &script{on: map[string]act{"RCPT": fallSilent}}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		_, err := mail.Send(ctx, s.start(t), letter)
		check(t, err, want{step: "recipient", hint: "timeout", reply: "no answer in time"})
	})
}

func TestAServerThatStopsReadingIsLeftInTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act  act
		want want
	}{
		"silently":          {nil, want{step: "data", hint: "timeout"}},
		"and hangs up":      {hangUp, want{step: "data", hint: "hung_up"}},
		"and says why":      {say("552 5.3.4 too big for us\r\n"), want{"data", 552, true, "too_big", "too big for us"}},
		"and says it later": {say("421 4.3.2 going down\r\n"), want{step: "data", code: 421, hint: "busy", reply: "going down"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := make(chan struct{})
			s := &script{offers: "250-AUTH PLAIN\r\n", on: map[string]act{"DATA": func(conn net.Conn) bool {
				_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
				say("354 go on\r\n")(conn)
				if c.act == nil {
					<-sent
					return false
				}
				_, _ = conn.Read(make([]byte, 1)) // the mail is on its way
				c.act(conn)
				return false
			}}}
			to := s.start(t)
			to.Security = mail.None
			if c.act == nil { // only who hears nothing has to wait
				to.Timeouts = hasty
			}
			big := letter
			big.Attachments = []mail.Attachment{{Name: "big.bin", Data: make([]byte, 4<<20)}}
			_, err := send(t, to, big)
			close(sent)
			check(t, err, c.want)
		})
	}
}

func TestWhoCannotBeReachedIsNamed(t *testing.T) {
	t.Parallel()
	closed := must(net.Listen("tcp", "127.0.0.1:0"))
	port := closed.Addr().(*net.TCPAddr).Port
	closed.Close()
	_, err := send(t, mail.Server{Host: "127.0.0.1", Port: port, Security: mail.TLS}, letter)
	check(t, err, want{step: "connect", hint: "refused_connection", reply: "refused"})

	_, err = send(t, mail.Server{Host: "mail..example", Port: 25, Security: mail.TLS}, letter)
	check(t, err, want{step: "connect", hint: "unknown_host", reply: "no such host"})

	_, err = send(t, mail.Server{Host: "127.0.0.1", Port: port, Security: mail.TLS, Timeouts: mail.Timeouts{Dial: time.Nanosecond}}, letter)
	check(t, err, want{step: "connect", hint: "timeout"})

	_, err = send(t, mail.Server{Host: "127.0.0.1", Port: port}, letter)
	check(t, err, want{step: "connect", reply: `"" is unknown`})
}

func TestASendLeavesNothingRunning(t *testing.T) { // alone, because it counts
	before := runtime.NumGoroutine()
	t.Run("sends", func(t *testing.T) {
		for _, misbehave := range []act{fallSilent, hangUp, drip, say("550 no\r\n"), say("220 yes\r\n")} {
			for _, p := range points {
				s := &script{on: map[string]act{p.at: misbehave}}
				to := s.start(t)
				to.Timeouts = mail.Timeouts{Step: 20 * time.Millisecond, Data: 20 * time.Millisecond, Dot: 20 * time.Millisecond}
				_, _ = send(t, to, letter)
			}
		}
	})
	for until := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
	}
}

func TestAFailureIsItsFields(t *testing.T) {
	t.Parallel()
	f := &mail.Failure{Step: "recipient", Code: 550, Reply: "5.1.1 nobody here"}
	if f.Hint() != "recipient_refused" || f.Error() != "recipient: 550 5.1.1 nobody here" || errors.Unwrap(f) != nil {
		t.Errorf("a Failure made by hand is %q with the hint %q", f, f.Hint())
	}
}
