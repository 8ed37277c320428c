package auth

import "sync"

// Known remembers keys, mostKeys at the most; then it forgets any other. It lives in memory.
type Known struct {
	mu   sync.Mutex
	keys map[string]struct{}
}

// NewKnown remembers nothing yet.
func NewKnown() *Known { return &Known{keys: map[string]struct{}{}} }

// Add remembers a key.
func (k *Known) Add(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for other := range k.keys {
		if len(k.keys) < mostKeys {
			break
		}
		delete(k.keys, other)
	}
	k.keys[key] = struct{}{}
}

// Has says whether a key is remembered.
func (k *Known) Has(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.keys[key]
	return ok
}
