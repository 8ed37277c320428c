package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// Hash is what is kept of a token: its SHA-256. A token is 256 random bits, so a fast hash is enough.
type Hash [sha256.Size]byte

// NewToken makes a secret of 256 random bits, in 43 characters that need no escaping anywhere.
func NewToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// HashToken is the form in which a token is stored and looked up.
func HashToken(token string) Hash { return sha256.Sum256([]byte(token)) }

// Is tells whether token has this hash, in the same time whatever the token.
func (h Hash) Is(token string) bool {
	got := HashToken(token)
	return subtle.ConstantTimeCompare(h[:], got[:]) == 1
}
