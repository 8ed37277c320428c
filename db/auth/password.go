// Package auth holds what proving an identity takes and no domain knows: password hashing, random tokens, throttles.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
)

// The cost of one hash: OWASP's second argon2id profile, 19 MiB and two passes.
const (
	memoryKiB   = 19 * 1024
	passes      = 2
	lanes       = 1
	saltBytes   = 16
	keyBytes    = 32
	maxParallel = 4
)

// Bounds of a foreign hash we are ready to compute: a row that was tampered with must not take the machine down.
const (
	mostMemoryKiB = 256 * 1024
	mostPasses    = 16
)

// slots keeps memory bounded: however many people sign in at once, four hashes run.
var slots = make(chan struct{}, maxParallel)

// A hash leaves its 19 MiB behind as garbage. In a quiet shop the next collection is minutes away, so once
// nobody hashes any more the memory is handed back.
var tidying = time.AfterFunc(math.MaxInt64, debug.FreeOSMemory)

const tidyAfter = 2 * time.Second

var errBadHash = errors.New("the stored password hash is not an argon2id hash")

var encoding = base64.RawStdEncoding

// HashPassword turns a password into a PHC string ($argon2id$v=19$m=...). It waits for a free slot until ctx ends.
func HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: crypto/rand ends the program instead
	key, err := derive(ctx, password, salt, params{memoryKiB, passes, lanes, keyBytes})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes,
		encoding.EncodeToString(salt), encoding.EncodeToString(key)), nil
}

// CheckPassword tells whether password made the PHC string hash. It waits for a free slot until ctx ends.
// An empty hash stands for an account that does not exist: the same work is done and the answer is no.
func CheckPassword(ctx context.Context, hash, password string) (bool, error) {
	nobody := hash == ""
	if nobody {
		hash = nobodysHash
	}
	p, salt, want, err := parse(hash)
	if err != nil {
		return false, err
	}
	got, err := derive(ctx, password, salt, p)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && !nobody, nil
}

// nobodysHash is what a password for an unknown account is compared with; no password is known to make it.
var nobodysHash = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes,
	encoding.EncodeToString(make([]byte, saltBytes)), encoding.EncodeToString(make([]byte, keyBytes)))

type params struct {
	memory, passes uint32
	lanes          uint8
	key            uint32
}

var hashes atomic.Int64

// Hashes counts the hashes computed since the start: that two answers take the same work shows here, not on a clock.
func Hashes() int64 { return hashes.Load() }

func derive(ctx context.Context, password string, salt []byte, p params) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-slots; tidying.Reset(tidyAfter) }()
	hashes.Add(1)
	return argon2.IDKey([]byte(password), salt, p.passes, p.memory, p.lanes, p.key), nil
}

func parse(hash string) (p params, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errBadHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return p, nil, nil, errBadHash
	}
	if p.memory == 0 || p.memory > mostMemoryKiB || p.passes == 0 || p.passes > mostPasses || p.lanes == 0 {
		return p, nil, nil, errBadHash
	}
	if salt, err = encoding.DecodeString(parts[4]); err != nil || len(salt) < 8 {
		return p, nil, nil, errBadHash
	}
	if key, err = encoding.DecodeString(parts[5]); err != nil || len(key) < 16 {
		return p, nil, nil, errBadHash
	}
	p.key = uint32(len(key))
	return p, salt, key, nil
}
