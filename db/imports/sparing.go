package imports

import (
	"runtime/debug"
	"sync"
)

// leanGC is the growth of the heap, in percent, after which it is collected while a whole file is held. By Go's own 100 a plan of
// 50,000 rows takes twice its room, which an old computer may not have; collecting sooner costs a tenth more processor time.
const leanGC = 25

var leaner struct {
	sync.Mutex
	users, before int
}

// sparing collects the heap sooner until the answer is called.
func sparing() (done func()) {
	leaner.Lock()
	defer leaner.Unlock()
	if leaner.users++; leaner.users == 1 {
		leaner.before = debug.SetGCPercent(leanGC)
		if leaner.before >= 0 && leaner.before < leanGC {
			debug.SetGCPercent(leaner.before) // somebody wants it still leaner
		}
	}
	return func() {
		leaner.Lock()
		defer leaner.Unlock()
		if leaner.users--; leaner.users == 0 {
			debug.SetGCPercent(leaner.before)
		}
	}
}
