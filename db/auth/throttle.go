package auth

import (
	"sync"
	"time"
)

// Throttle is a token bucket per key (an account, an address). Nobody is locked out for good: a bucket refills
// with time. It lives in memory, so a restart forgives; it holds at most mostKeys buckets.
type Throttle struct {
	burst  float64
	refill time.Duration // one try comes back
	now    func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

const mostKeys = 10_000

// NewThrottle allows burst tries per key at once and one more each refill.
func NewThrottle(burst int, refill time.Duration, now func() time.Time) *Throttle {
	return &Throttle{burst: float64(burst), refill: refill, now: now, buckets: map[string]bucket{}}
}

// Take spends one try of key. When none is left it returns how long until the next, else zero.
func (t *Throttle) Take(key string) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.level(key)
	if b.left < 1 {
		return max(time.Duration((1-b.left)*float64(t.refill)), time.Second)
	}
	b.left--
	t.keep(key, b)
	return 0
}

// Return gives one try back: it was no guess.
func (t *Throttle) Return(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.level(key)
	b.left = min(b.left+1, t.burst)
	if b.left == t.burst {
		delete(t.buckets, key)
		return
	}
	t.keep(key, b)
}

func (t *Throttle) level(key string) bucket {
	now := t.now()
	b, ok := t.buckets[key]
	if !ok {
		return bucket{left: t.burst, at: now}
	}
	if gone := now.Sub(b.at); gone > 0 {
		b.left = min(b.left+float64(gone)/float64(t.refill), t.burst)
	}
	b.at = now // a clock set back neither fills nor freezes the bucket
	return b
}

func (t *Throttle) keep(key string, b bucket) {
	if _, ok := t.buckets[key]; !ok && len(t.buckets) >= mostKeys {
		t.makeRoom()
	}
	t.buckets[key] = b
}

// makeRoom forgets who has recovered, and failing that whoever comes first, down to three quarters: memory stays
// bounded under a flood of keys, and the flood does not pay for a sweep each.
func (t *Throttle) makeRoom() {
	for key := range t.buckets {
		if t.level(key).left >= t.burst {
			delete(t.buckets, key)
		}
	}
	for key := range t.buckets {
		if len(t.buckets) <= mostKeys*3/4 {
			return
		}
		delete(t.buckets, key)
	}
}

// Len is how many keys are remembered.
func (t *Throttle) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.buckets)
}
