package auth

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// period is how long a code of an authenticator app is shown, in seconds (RFC 6238).
const period = 30

// NewTOTP makes the secret of a second factor, and the address that an authenticator app reads as a QR code.
func NewTOTP(issuer, account string) (secret, address string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Period: period, SecretSize: 20, Rand: rand.Reader})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// CheckTOTP tells the time step whose code this is, 0 when it is none of now, the step before or the next one: clocks
// differ. Whoever accepts a code remembers its step and refuses that and earlier ones, so that no code works twice.
func CheckTOTP(secret, code string, now time.Time) (step int64) {
	code = strings.ReplaceAll(code, " ", "")
	for _, drift := range []time.Duration{0, -period * time.Second, period * time.Second} {
		at := now.Add(drift)
		ok, err := totp.ValidateCustom(code, secret, at, totp.ValidateOpts{Period: period, Digits: otp.DigitsSix})
		if err == nil && ok {
			return at.Unix() / period
		}
	}
	return 0
}

// recoveryGroups of four characters make 120 random bits: a fast hash of them is enough.
const recoveryGroups = 6

var recoveryLetters = base32.NewEncoding("ABCDEFGHJKMNPQRSTVWXYZ0123456789").WithPadding(base32.NoPadding)

// NewRecoveryCode makes a code that stands in for a lost second factor, once.
func NewRecoveryCode() string {
	b := make([]byte, recoveryGroups*4*5/8)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	s := recoveryLetters.EncodeToString(b)
	groups := make([]string, 0, recoveryGroups)
	for len(s) > 0 {
		groups, s = append(groups, s[:4]), s[4:]
	}
	return strings.Join(groups, "-")
}

// HashRecoveryCode is the form in which a recovery code is kept, however it was typed.
func HashRecoveryCode(code string) Hash {
	return HashToken(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(code)))
}
