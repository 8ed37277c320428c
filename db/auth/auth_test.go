package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"onhand/db/auth"
)

func TestAPasswordIsKnownAgainAndAnotherIsNot(t *testing.T) {
	t.Parallel()
	hash, err := auth.HashPassword(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash = %s", hash)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct horsf": false, "": false} {
		if got, err := auth.CheckPassword(t.Context(), hash, password); err != nil || got != want {
			t.Errorf("CheckPassword(%q) = %v, %v; want %v", password, got, err, want)
		}
	}
}

func TestAnAccountThatDoesNotExistIsNeverOpened(t *testing.T) {
	t.Parallel()
	for _, password := range []string{"", "secret"} {
		if ok, err := auth.CheckPassword(t.Context(), "", password); ok || err != nil {
			t.Errorf("CheckPassword(nobody, %q) = %v, %v", password, ok, err)
		}
	}
}

func TestADamagedHashIsAnErrorAndNotAnOpenDoor(t *testing.T) {
	t.Parallel()
	for _, hash := range []string{
		"x", "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
		"$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA", "$argon2id$v=19$m=0,t=0,p=0$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
	} {
		if ok, err := auth.CheckPassword(t.Context(), hash, "secret"); ok || err == nil {
			t.Errorf("CheckPassword(%q) = %v, %v", hash, ok, err)
		}
	}
}

func TestWhoGaveUpDoesNotHash(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := auth.HashPassword(ctx, "secret"); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestTokensAreDifferentAndKnownByTheirHash(t *testing.T) {
	t.Parallel()
	a, b := auth.NewToken(), auth.NewToken()
	if a == b || len(a) != 43 {
		t.Errorf("tokens %q and %q", a, b)
	}
	if h := auth.HashToken(a); !h.Is(a) || h.Is(b) || h.Is("") {
		t.Error("a token's hash does not tell it apart")
	}
}

func TestAThrottleRunsDryAndRefills(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	th := auth.NewThrottle(3, 10*time.Second, func() time.Time { return now })
	for i := range 3 {
		if wait := th.Take("anna"); wait != 0 {
			t.Fatalf("try %d waits %s", i, wait)
		}
	}
	if wait := th.Take("anna"); wait != 10*time.Second {
		t.Errorf("the fourth try waits %s, want 10s", wait)
	}
	if wait := th.Take("ben"); wait != 0 {
		t.Errorf("another key waits %s", wait)
	}
	now = now.Add(10 * time.Second)
	if wait := th.Take("anna"); wait != 0 {
		t.Errorf("after the refill it waits %s", wait)
	}
	th.Return("anna")
	if wait := th.Take("anna"); wait != 0 {
		t.Errorf("after a return it waits %s", wait)
	}
	now = now.Add(-time.Hour)
	if wait := th.Take("anna"); wait > 11*time.Second {
		t.Errorf("a clock set back makes it wait %s", wait)
	}
}

func TestAFloodOfKeysStaysBounded(t *testing.T) {
	t.Parallel()
	th := auth.NewThrottle(1, time.Hour, time.Now)
	for i := range 25_000 {
		if wait := th.Take(fmt.Sprint(i)); wait != 0 {
			t.Fatalf("key %d waits %s", i, wait)
		}
	}
	if n := th.Len(); n > 10_000 {
		t.Errorf("%d keys are kept", n)
	}
}

func TestWhatIsKnownStaysBounded(t *testing.T) {
	t.Parallel()
	k := auth.NewKnown()
	for i := range 25_000 {
		k.Add(fmt.Sprint(i))
	}
	known := 0
	for i := range 25_000 {
		if k.Has(fmt.Sprint(i)) {
			known++
		}
	}
	if known != 10_000 || !k.Has("24999") || k.Has("anna") {
		t.Errorf("%d keys are known", known)
	}
}
